"""Built selections as values: one canonical form and one token each, and nothing in them that is free text."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vDuration

from notifier.content.ahead import alarm, trigger
from notifier.content.language import Languages
from notifier.domain.built import MOST_LEADS, TOKEN, Built, build, parse_built
from notifier.domain.errors import NotifierError
from notifier.domain.events import EventId
from notifier.domain.leads import LONGEST_LEAD
from notifier.usecases.quotas import Quota, Quotas
from tests.factories import LOCALES, black_january, khojaly, make_catalog, make_event

CATALOG = make_catalog(black_january(), khojaly(), make_event("xocali", was=(EventId("old"), EventId("older"))))

TERMS = st.sampled_from(["all", "collection:azerbaijan", "black-january", "khojaly", "xocali", "old", "older"])
LEADS = st.lists(st.integers(0, LONGEST_LEAD), max_size=MOST_LEADS)


@st.composite
def choices(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a form may send: terms and leads in any order, with repetitions, spaces and both separators."""
    taken, out = draw(st.lists(TERMS, min_size=1)), draw(st.lists(TERMS.filter(lambda term: term != "all")))
    terms = draw(st.permutations([*taken, *(f"-{term}" for term in out)]))
    return {
        "language": draw(st.sampled_from(["", "en", "de"])),
        "select": draw(st.sampled_from([",", ";", " , "])).join(terms),
        "alarms": ",".join(map(str, draw(LEADS))),
        "hour": draw(st.integers(0, 23)),
        "ahead": ",".join(map(str, draw(LEADS))),
        "round_only": draw(st.booleans()),
        "timed": draw(st.booleans()),
    }


@given(choices())
def test_the_canonical_form_can_be_read_again(chosen: dict[str, Any]) -> None:
    built = build(CATALOG, **chosen)

    assert parse_built(str(built)) == built
    assert TOKEN.fullmatch(built.token)


@given(choices(), choices())
def test_equal_selections_have_equal_tokens_and_others_have_others(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = build(CATALOG, **one), build(CATALOG, **other)

    assert (first == second) == (str(first) == str(second)) == (first.token == second.token)


@given(choices(), st.randoms())
def test_order_repetition_and_former_names_make_no_difference(chosen: dict[str, Any], chance: Any) -> None:
    terms = re.split("[,;]", chosen["select"].replace("xocali", "older"))
    leads = [lead for lead in chosen["alarms"].split(",") if lead] * 2
    chance.shuffle(terms)
    chance.shuffle(leads)
    again = chosen | {"select": ";".join(terms * 2), "alarms": ",".join(leads)}

    assert build(CATALOG, **again).token == build(CATALOG, **chosen).token


def test_the_canonical_form_is_short_and_plain() -> None:
    built = build(
        CATALOG, "de", "khojaly;all,-xocali", alarms="0,7", hour=8, ahead="7,0,30", round_only=True, timed=True
    )

    assert str(built) == "de all,-old alarms=7,0@8 ahead=30,7 round timed"
    digest = hashlib.sha256(str(built).encode()).digest()
    assert built.token == "1" + b32encode(digest).decode().lower()[:15]
    assert str(build(CATALOG, "", "all", hour=5)) == "en all"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"select": ""}, 'the selection "" takes no event in'),
        ({"select": "-all"}, "takes no event in"),
        ({"select": "hello world"}, '"hello world" is not a selection'),
        ({"select": "<script>"}, '"<script>" is not a selection'),
        ({"select": "nothing"}, 'the calendar has neither a day nor a collection "nothing"'),
        ({"select": "all,-collection:mars"}, 'the calendar has neither a day nor a collection "mars"'),
        ({"language": "tr"}, '"tr" is not a language of this calendar; it has en, de'),
        ({"alarms": "367"}, '"367" are not leads'),
        ({"alarms": "-1"}, '"-1" are not leads'),
        ({"alarms": "9" * 5000}, "are not leads"),
        ({"ahead": "a week"}, '"a week" are not leads'),
        ({"ahead": ",".join(map(str, range(11)))}, "a calendar has at most 10 reminders and 10 entries ahead"),
        ({"hour": 24}, "24 is not an hour of the day"),
    ],
)
def test_what_is_not_there_to_choose_is_refused_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotifierError, match=re.escape(sentence)):
        build(CATALOG, **({"language": "en", "select": "all"} | changes))


@pytest.mark.parametrize("text", ["en", "en all ahead=", "en all timed round", "en all alarms=7", "en all x"])
def test_what_is_not_canonical_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_built(text)


@given(st.integers(0, LONGEST_LEAD), st.integers(0, 23))
def test_an_alarm_rings_on_its_date_and_at_its_hour(lead: int, hour: int) -> None:
    written = trigger(lead, hour)
    midnight = datetime(2028, 2, 26, tzinfo=UTC)
    before: timedelta = vDuration.from_ical(written)  # type: ignore[no-untyped-call]

    assert midnight + before == midnight - timedelta(days=lead) + timedelta(hours=hour)
    assert written.endswith("H")  # never whole days


def test_an_alarm_says_what_it_is_for() -> None:
    assert alarm("Black January, 1990", 7, 9, Languages(LOCALES)["en"]) == (
        b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:In 7 days: Black January\\, 1990\r\n"
        b"TRIGGER:-P6DT15H\r\nEND:VALARM\r\n"
    )


class TestQuotas:
    NOON = datetime(2027, 1, 13, 12, tzinfo=UTC)

    def test_a_client_may_so_many_times_an_hour_and_is_told_how_long_to_wait(self) -> None:
        quotas = Quotas(Quota(2), Quota(100))

        waits = [quotas.take("a", self.NOON + timedelta(minutes=minutes)) for minutes in (0, 10, 20, 59, 60, 61)]

        assert waits == [None, None, timedelta(minutes=40), timedelta(minutes=1), None, timedelta(minutes=9)]
        assert quotas.take("b", self.NOON + timedelta(minutes=61)) is None

    def test_there_is_a_limit_for_all_together(self) -> None:
        quotas = Quotas(Quota(2), Quota(3))

        assert [quotas.take(client, self.NOON) is None for client in "abcd"] == [True, True, True, False]

    def test_what_is_refused_counts_for_nothing(self) -> None:
        quotas = Quotas(Quota(1), Quota(3))
        for _ in range(10):
            quotas.take("a", self.NOON)

        assert quotas.take("b", self.NOON) is None

    def test_it_remembers_only_so_many_clients(self) -> None:
        quota = Quota(1, most_keys=100)
        for number in range(1000):
            quota.take(str(number), self.NOON)

        assert len(quota._taken) == 100
        assert quota.wait("0", self.NOON) is None
        assert quota.wait("999", self.NOON) == timedelta(hours=1)


def test_a_built_selection_is_a_value() -> None:
    assert build(CATALOG, "en", "all") == Built(CATALOG.calendar.languages[0], build(CATALOG, "en", "all").selection)
