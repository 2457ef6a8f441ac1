"""An anniversary's day in the words of its own calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifier.content.own_dates import own_date
from notifier.domain.events import Event
from notifier.domain.occurrences import Occurrence, next_occurrence, occurrences_between
from notifier.domain.rules import Rule
from notifier.domain.rules.chinese import ChineseDay
from notifier.domain.rules.gregorian import FixedDay
from notifier.domain.rules.hebrew import MONTHS, HebrewDay
from notifier.domain.rules.hijri import HijriDay
from notifier.domain.rules.julian import JulianDay
from notifier.domain.rules.persian import PersianDay
from tests.factories import make_event
from tests.web_site import LANGUAGES

IN_2026 = date(2026, 1, 1)


def kept_on(rule: Rule) -> Event:
    return replace(make_event(), rule=rule, origin=None, counts=None)


def next_of(rule: Rule, on: date = IN_2026) -> Occurrence:
    occurrence = next_occurrence(kept_on(rule), on)
    assert occurrence is not None
    return occurrence


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (HijriDay(1, 10), "By the Hijri calendar: 10 Muharram 1448"),
        (HebrewDay("Nisan", 27), "By the Hebrew calendar: 27 Nisan 5786"),
        (PersianDay(1, 1), "By the Persian calendar: 1 Farvardin 1405"),
        (JulianDay(12, 25), "By the Julian calendar: 25 December 2025"),
        (ChineseDay(7, 15), "By the Chinese calendar: day 15 of month 7"),
        (FixedDay(1, 20), None),
    ],
    ids=str,
)
def test_the_day_is_said_in_the_calendar_of_its_rule(rule: Rule, said: str | None) -> None:
    assert own_date(next_of(rule), LANGUAGES["en"]) == said


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("de", "Nach dem islamischen Kalender: 10. Muharram 1448"),
        ("az", "Hicri təqvimlə: 10 məhərrəm 1448"),
        ("tr", "Hicrî takvime göre: 10 Muharrem 1448"),
        ("ru", "По календарю хиджры: 10 мухаррама 1448"),
        ("fr", "Selon le calendrier de l’hégire\u00a0: 10 mouharram 1448"),
        ("fa", "به تقویم هجری قمری: ۱۰ محرم ۱۴۴۸"),
        ("hy", "Ըստ հիջրայի օրացույցի՝ 1448 թ. մուհարամի 10"),
    ],
)
def test_and_in_every_language(tag: str, said: str) -> None:
    assert own_date(next_of(HijriDay(1, 10)), LANGUAGES[tag]) == said


@pytest.mark.parametrize("tag", LANGUAGES.tags)
def test_every_month_has_a_name_of_its_own(tag: str) -> None:
    rules: list[Rule] = [
        *(HijriDay(month, 5) for month in range(1, 13)),
        *(PersianDay(month, 5) for month in range(1, 13)),
        *(HebrewDay(month, 5) for month in MONTHS if not month.startswith("Adar")),
    ]
    said = {own_date(next_of(rule), LANGUAGES[tag]) for rule in rules}

    assert None not in said
    assert len(said) == len(rules)


def test_nothing_is_said_of_a_day_that_is_kept_on_another_one() -> None:
    """A 30th of a month that had 29 days that year is kept on the 29th, which is not what the rule says."""
    event = kept_on(HijriDay(2, 30))
    kept = occurrences_between([event], date(2020, 1, 1), date(2040, 1, 1))
    said = [own_date(occurrence, LANGUAGES["en"]) for occurrence in kept]

    assert None in said
    assert all(one is None or one.startswith("By the Hijri calendar: 30 Safar ") for one in said)
