"""The numbers and dates in a text, so that its wordings in several languages can be compared.

Digits of any script count, with whatever separates thousands in between, and the names of months as their numbers.
Numbers that are written as words do not: so a small number that only one wording has may be a word in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

_MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "de": (
        "Januar|Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
        "November",
        "Dezember",
    ),
    "az": (
        "yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr",
    ),
    "tr": (
        "ocak|ocağ", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım",
        "aralık|aralığ",
    ),
    "ru": (
        "январ", "феврал", "март", "апрел", r"ма[йяею]\b", "июн", "июл", "август", "сентябр", "октябр", "ноябр",
        "декабр",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "fa": (
        "ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه|جولای", "اوت|آگوست", "سپتامبر", "اکتبر", "نوامبر",
        "دسامبر",
    ),
    "hy": (
        "հունվար", "փետրվար", "մարտի(?!կ)", "ապրիլ", "մայիս", "հունիս", "հուլիս", "օգոստոս", "սեպտեմբեր",
        "հոկտեմբեր", "նոյեմբեր", "դեկտեմբեր",
    ),
}  # fmt: skip
"""What the names begin with; endings follow. Where they have a capital, march and may are other words."""

_WHOLE_WORDS = frozenset({"de", "fr", "fa", "en"})
"""Where names of months have no endings but a genitive's, and other words begin like them: Maison, Maßnahme."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:([.,'’٬\u00a0\u2009\u202f ])\d{3}(?:\1\d{3})*)(?!\d)")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"\b([IVX]+)(?:e|-?й|-?м|-?го|-?րդ)?\s+(?:век|siècle|əsr|yüzyıl|դար|century|Jahrhundert)")
_SMALL = 12
"""Up to here numbers are often written as words."""


def numbers_in(language: str, text: str) -> frozenset[int]:
    """Return every number of a text, and that of every month it names."""
    text = unicodedata.normalize("NFC", text)
    whole = _THOUSANDS.sub(lambda found: "".join(filter(str.isdigit, found[0])), text)
    numbers = {int(digits[:18]) for digits in _DIGITS.findall(whole)}
    numbers.update(_roman(found) for found in _ROMAN.findall(text))
    months = _months(language.partition("-")[0])
    if months is not None:
        numbers.update(int(str(found.lastgroup)[1:]) for found in months.finditer(text))
    return frozenset(numbers)


def differing(one: Iterable[int], other: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return which numbers only one has, and which only the other has, sorted; nothing where words may explain it."""
    here, there = set(one), set(other)
    only_here, only_there = here - there, there - here
    if not (only_here and only_there):
        # A small number on one side alone: the other may have it as a word.
        only_here = {number for number in only_here if number > _SMALL}
        only_there = {number for number in only_there if number > _SMALL}
    return sorted(only_here), sorted(only_there)


@cache
def _months(language: str) -> re.Pattern[str] | None:
    names = _MONTHS.get(language)
    if names is None:
        return None
    ending = r"(?:s|es)?(?!\w)" if language in _WHOLE_WORDS else r"\w*"
    parts = (f"(?P<m{number}>{_either(name)}){ending}" for number, name in enumerate(names, start=1))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})")


def _either(name: str) -> str:
    """Return a pattern for names that begin with a small or a capital letter; those given with a capital have it."""
    if name[0].isupper():
        return name
    ways = {way for one in name.split("|") for way in (one, one[0].upper() + one[1:])}
    # Turkish and Azerbaijani write i as İ.
    ways |= {f"İ{way[1:]}" for way in ways if way[0] == "i"}
    return "|".join(sorted(ways))


def _roman(text: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in text]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
