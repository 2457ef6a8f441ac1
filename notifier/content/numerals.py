"""How a language writes numbers: its digits, and where it writes an ordinal as a word.

A Persian ordinal is written out up to a thousand: سی‌وهفتمین, not ۳۷مین.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

# The digits of CLDR's numbering systems, as far as a language that may be added here has one by default.
_DIGITS = {
    "arab": "٠١٢٣٤٥٦٧٨٩",
    "arabext": "۰۱۲۳۴۵۶۷۸۹",
    "beng": "০১২৩৪৫৬৭৮৯",
    "deva": "०१२३४५६७८९",
    "mymr": "၀၁၂၃၄၅၆၇၈၉",
}
# CSS Counter Styles, §6.1: how a browser numbers a list.
_LIST_STYLES = {
    "arab": "arabic-indic",
    "arabext": "persian",
    "beng": "bengali",
    "deva": "devanagari",
    "mymr": "myanmar",
}

_PERSIAN_WORDS_END = 1000
_PERSIAN_BELOW_TWENTY = (
    "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه", "ده", "یازده", "دوازده", "سیزده", "چهارده",
    "پانزده", "شانزده", "هفده", "هجده", "نوزده",
)  # fmt: skip
_PERSIAN_TENS = ("بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود")
_PERSIAN_HUNDREDS = ("صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد")
# Before the ending: three loses its silent letter, after thirty stands an alef.
_PERSIAN_STEMS = {"سه": "سو", "سی": "سی‌ا"}
# Letters that are not joined to the next one, so that nothing has to keep them apart.
_PERSIAN_UNJOINED = frozenset("ادذرزژو")
_ZERO_WIDTH_NON_JOINER = "\u200c"


def native_digits(locale: Locale, text: str) -> str:
    """Return the text with its digits as the language writes them by default: 2027, ۲۰۲۷."""
    digits = _DIGITS.get(locale.default_numbering_system)
    return text.translate({ord("0") + n: digit for n, digit in enumerate(digits)}) if digits else text


def list_style(locale: Locale) -> str:
    """Return the CSS counter style with the language's digits: decimal, persian."""
    return _LIST_STYLES.get(locale.default_numbering_system, "decimal")


def ordinal_stem(locale: Locale, n: int) -> str:
    """Return what an ordinal's ending is written behind: the digits, never grouped, or in Persian mostly words."""
    if locale.language != "fa" or not 0 < n <= _PERSIAN_WORDS_END:
        return native_digits(locale, str(n))
    if n == 1:
        return "نخست"  # نخستین, the first, rather than یکمین
    words = _persian_words(n)
    return _joined([*words[:-1], _PERSIAN_STEMS.get(words[-1], words[-1])])


def _persian_words(n: int) -> list[str]:
    if n == _PERSIAN_WORDS_END:
        return ["هزار"]
    hundreds, below = divmod(n, 100)
    words = [_PERSIAN_HUNDREDS[hundreds - 1]] if hundreds else []
    if 0 < below < 20:
        return [*words, _PERSIAN_BELOW_TWENTY[below - 1]]
    tens, units = divmod(below, 10)
    words += [_PERSIAN_TENS[tens - 2]] if tens else []
    return [*words, _PERSIAN_BELOW_TWENTY[units - 1]] if units else words


def _joined(words: list[str]) -> str:
    """Join with "and", as one word: سی‌وهفت."""
    said = words[0]
    for word in words[1:]:
        said += ("" if said[-1] in _PERSIAN_UNJOINED else _ZERO_WIDTH_NON_JOINER) + "و" + word
    return said
