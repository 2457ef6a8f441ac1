"""Ordinals from 1 to 1,000 in each language by written rules, none of which the program itself goes by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from tests.web_site import LANGUAGES

TO_A_THOUSAND = range(1, 1001)

ENGLISH = {"1": "st", "2": "nd", "3": "rd"}
AZERBAIJANI = {  # the ending of each last word: bir, iki, … on, iyirmi, … yüz, min
    1: "ci",
    2: "ci",
    3: "cü",
    4: "cü",
    5: "ci",
    6: "cı",
    7: "ci",
    8: "ci",
    9: "cu",
    10: "cu",
    20: "ci",
    30: "cu",
    40: "cı",
    50: "ci",
    60: "cı",
    70: "ci",
    80: "ci",
    90: "cı",
    100: "cü",
    1000: "ci",
}
PERSIAN = {
    "نخست": 1,
    "یک": 1,
    "دو": 2,
    "سو": 3,
    "سه": 3,
    "چهار": 4,
    "پنج": 5,
    "شش": 6,
    "هفت": 7,
    "هشت": 8,
    "نه": 9,
    "ده": 10,
    "یازده": 11,
    "دوازده": 12,
    "سیزده": 13,
    "چهارده": 14,
    "پانزده": 15,
    "شانزده": 16,
    "هفده": 17,
    "هجده": 18,
    "نوزده": 19,
    "بیست": 20,
    "سی": 30,
    "سی‌ا": 30,
    "چهل": 40,
    "پنجاه": 50,
    "شصت": 60,
    "هفتاد": 70,
    "هشتاد": 80,
    "نود": 90,
    "صد": 100,
    "دویست": 200,
    "سیصد": 300,
    "چهارصد": 400,
    "پانصد": 500,
    "ششصد": 600,
    "هفتصد": 700,
    "هشتصد": 800,
    "نهصد": 900,
    "هزار": 1000,
}
_PERSIAN_WORD = "|".join(sorted(PERSIAN, key=len, reverse=True))
PERSIAN_ORDINAL = re.compile(f"(?P<words>(?:{_PERSIAN_WORD})(?:\u200c?و(?:{_PERSIAN_WORD}))*)(?:مین|ین)")


def english(n: int) -> str:
    tens, last = divmod(n % 100, 10)
    return f"{n}{'th' if tens == 1 else ENGLISH.get(str(last), 'th')}"


def azerbaijani(n: int) -> str:
    last = next(n % base for base in (10, 100, 1000, 10_000) if n % base)
    return f"{n}-{AZERBAIJANI[100 if last % 100 == 0 and last < 1000 else last]}"


BY_RULE: Mapping[str, Callable[[int], str]] = {
    "en": english,
    "de": "{}.".format,
    "az": azerbaijani,
    "tr": "{}.".format,
    "ru": "{}-я".format,  # of a feminine noun, годовщина
    "fr": lambda n: "1er" if n == 1 else f"{n}e",
    "hy": lambda n: "1-ին" if n == 1 else f"{n}-րդ",
}


@pytest.mark.parametrize("tag", BY_RULE)
def test_every_ordinal_follows_the_rule_of_its_language(tag: str) -> None:
    language = LANGUAGES[tag]

    assert [language.ordinal(n) for n in TO_A_THOUSAND] == [BY_RULE[tag](n) for n in TO_A_THOUSAND]


def test_a_persian_ordinal_is_made_of_words_that_count_what_it_says() -> None:
    for n in TO_A_THOUSAND:
        said = LANGUAGES["fa"].ordinal(n)
        found = PERSIAN_ORDINAL.fullmatch(said)
        assert found is not None, said
        assert counted(found["words"]) == n, said


def counted(words: str) -> int:
    """Add up number words joined by "and"; دو, two, itself ends in that letter, and is read whole."""
    rest, total, smallest = words, 0, 10_000
    while rest:
        word = next(word for word in sorted(PERSIAN, key=len, reverse=True) if rest.startswith(word))
        total += PERSIAN[word]
        # Hundreds, then tens, then units.
        assert PERSIAN[word] < smallest
        smallest = PERSIAN[word]
        rest = re.sub("^\u200c?و", "", rest.removeprefix(word))
    return total


def test_no_two_persian_ordinals_are_the_same() -> None:
    assert len({LANGUAGES["fa"].ordinal(n) for n in TO_A_THOUSAND}) == len(TO_A_THOUSAND)


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "نخستین"), (3, "سومین"), (23, "بیست‌وسومین"), (30, "سی‌امین"), (37, "سی‌وهفتمین"), (105, "صدوپنجمین")],
)
def test_known_persian_ordinals(n: int, said: str) -> None:
    assert LANGUAGES["fa"].ordinal(n) == said


@pytest.mark.parametrize("tag", LANGUAGES.tags)
@pytest.mark.parametrize("n", [0, 1001, 1447, 5787, 10_000, 1_000_000])
def test_what_is_counted_from_long_ago_or_not_at_all_has_an_ordinal_too(tag: str, n: int) -> None:
    said = LANGUAGES[tag].ordinal(n)

    assert said.startswith(LANGUAGES[tag].digits(n))
    assert len(said) > len(str(n))
    assert said in LANGUAGES[tag].anniversary(n)


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_an_anniversary_never_loses_its_number(tag: str) -> None:
    language = LANGUAGES[tag]

    assert len({language.anniversary(n) for n in range(2000)}) == 2000
