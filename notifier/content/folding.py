"""Words as they are looked for: without case, marks, and what keyboards of other languages lack.

Both the text and the question are folded, so a rule may fold more than a language itself would; it then finds more.
"""

from __future__ import annotations

import re
import unicodedata

# What no decomposition takes apart. The dotless i and the dotted capital are one letter here: whoever has no Turkish
# keyboard writes i. Arabic and Persian write kaf and ye with different letters that look the same.
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ə": "e",
        "ø": "o",
        "đ": "d",
        "ł": "l",
        "æ": "ae",
        "œ": "oe",
        "ي": "ی",
        "ى": "ی",
        "ې": "ی",
        "ك": "ک",
        "ة": "ه",
        "ە": "ه",
        "ـ": "",
        "\u200c": "",
        "\u200d": "",
        "\u2019": "",
        "\u02bc": "",
        "'": "",
    }
)
_WORD = re.compile(r"\w+")
# French: what is elided before a vowel is no part of the word. Elsewhere (Bakü'ye) an apostrophe divides nothing.
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['\u2019\u02bc](?=\w)")
# German: whoever lacks ü writes ue. Both become u.
_GERMAN = re.compile("([aou])e")
# Armenian: the old spelling, the present one and the ligature of "and".
_ARMENIAN = re.compile("եւ|և")


def folded_words(text: str, language: str) -> list[str]:
    """Return the words of a text or a question in a language (a tag), folded; what is no letter or digit divides."""
    small = text.replace("İ", "i").casefold()
    if language == "fr":
        small = _ELIDED.sub("", small)
    bare = "".join(
        _digit(character)
        for character in unicodedata.normalize("NFKD", small.translate(_LETTERS))
        if not unicodedata.combining(character)
    ).translate(_LETTERS)
    bare = _ARMENIAN.sub("եվ", bare)
    if language == "de":
        bare = _GERMAN.sub(r"\1", bare)
    return _WORD.findall(bare)


def folded(text: str, language: str) -> str:
    """Return the folded words with a space before each, so that a word's beginning can be looked for."""
    return "".join(f" {word}" for word in folded_words(text, language))


def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character
