"""Endings that a written number takes from its last spoken word.

Azerbaijani 40-cı is "qırxıncı", Turkish 140’tan is "yüz kırktan".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

# The number words with back vowels are the same ones in Azerbaijani and Turkish.
_BACK_VOWEL_WORDS = frozenset({0, 6, 9, 10, 30, 40, 60, 90, 10**6, 10**9, 10**12})
# üç, dört, beş, kırk, altmış, yetmiş
_TURKISH_VOICELESS_WORDS = frozenset({3, 4, 5, 40, 60, 70})


def ordinal_category(locale: Locale, n: int) -> str:
    """Return the CLDR ordinal category of `n`: zero, one, two, few, many or other.

    For Azerbaijani, CLDR gives round thousands the ending of ten, and milliards that of million;
    the words are "mininci" and "milyardıncı". For Persian it has one category; the first has a word of its own.
    """
    if locale.language == "fa":
        return "one" if n == 1 else "other"
    if locale.language == "az":
        match last_spoken_word(n):
            case 1_000:
                return "one"
            case 1_000_000_000:
                return "many"
    return locale.ordinal_form(n)


def with_ablative(locale: Locale, n: int, written: str) -> str:
    """Return the written number with the ending that "more than" asks for, where the language has one."""
    word = last_spoken_word(n)
    vowel_is_back = word in _BACK_VOWEL_WORDS
    if locale.language == "az":
        return f"{written}-{'dan' if vowel_is_back else 'dən'}"
    if locale.language == "tr":
        consonant = "t" if word in _TURKISH_VOICELESS_WORDS else "d"
        return f"{written}’{consonant}{'an' if vowel_is_back else 'en'}"
    return written


def last_spoken_word(n: int) -> int:
    """Return the value of the last word in which `n` is spoken: 37 → 7, 140 → 40, 12,000 → 1,000."""
    if n < 0:
        raise ValueError(f"{n=}")
    if n == 0:
        return 0
    scale = 1
    while n % 1000 == 0:
        n //= 1000
        scale *= 1000
    if scale > 1:
        return scale
    for base in (10, 100):
        if n % base:
            return n % base
    return 100
