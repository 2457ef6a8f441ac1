"""How many messages a preference means, and which come next."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from notifier.domain.defaults import first_selection
from notifier.domain.events import Catalog, CollectionId, Milestones, ProgrammeItem, YearNotes
from notifier.domain.leads import OwnLeads
from notifier.domain.mailings import Mailing, mailings, mails_a_year
from notifier.domain.preferences import Preference, parse_preference
from notifier.domain.selections import EVERYTHING, parse_selection
from notifier.domain.texts import LanguageTag
from tests.factories import khojaly, make_catalog, make_event, text

NEW_YEAR = date(2027, 1, 1)
CATALOG = make_catalog(make_event(), khojaly())


def wanting(leads: OwnLeads | None = None, **changes: Any) -> Preference:
    berlin: dict[str, Any] = {"language": LanguageTag("en"), "zone": "Europe/Berlin", "hour": 9, "digest": "none"}
    return Preference(**(berlin | {"selection": EVERYTHING, "leads": leads or OwnLeads((7, 0))} | changes))


def said(found: list[Mailing]) -> list[tuple[str, list[int], bool]]:
    return [(one.on.isoformat(), [notice.days for notice in one.notices], one.digest) for one in found]


def test_each_date_on_which_something_is_announced_is_one_message() -> None:
    found = mailings(CATALOG, wanting(), NEW_YEAR, date(2027, 3, 1))

    assert said(found) == [
        ("2027-01-13", [7], False),
        ("2027-01-20", [0], False),
        ("2027-02-19", [7], False),
        ("2027-02-26", [0], False),
    ]
    assert mails_a_year(CATALOG, wanting(), NEW_YEAR) == 4


def test_a_digest_and_notices_of_one_day_are_one_message() -> None:
    catalog = make_catalog(make_event())

    found = mailings(catalog, wanting(digest="weekly:wed"), NEW_YEAR, date(2027, 2, 1))

    assert said(found) == [
        ("2027-01-06", [], True),
        ("2027-01-13", [7], True),
        ("2027-01-20", [0], True),
    ]


def test_a_digest_with_nothing_ahead_is_no_message() -> None:
    assert mails_a_year(make_catalog(make_event()), wanting(OwnLeads(()), digest="monthly"), NEW_YEAR) == 1


def test_what_begins_before_the_readers_hour_is_told_the_day_before_as_well() -> None:
    item = ProgrammeItem(datetime(2027, 1, 20, 0, 30), None, text(en="A minute of silence"), None)  # noqa: DTZ001  # wall time
    catalog = make_catalog(make_event(years={2027: YearNotes(None, (item,))}))

    found = mailings(catalog, wanting(OwnLeads((0,))), NEW_YEAR, date(2027, 3, 1))

    assert said(found) == [("2027-01-19", [1], False), ("2027-01-20", [0], False)]


def test_milestones_count_for_those_who_ask_for_them() -> None:
    catalog = make_catalog(make_event(), milestones=Milestones((37,), (30,)))

    with_them = mailings(catalog, wanting(OwnLeads((0,), milestones=True)), date(2026, 12, 1), date(2027, 2, 1))
    without = mailings(catalog, wanting(OwnLeads((0,))), date(2026, 12, 1), date(2027, 2, 1))

    assert said(with_them) == [("2026-12-21", [30], False), ("2027-01-20", [0], False)]
    assert said(without) == [("2027-01-20", [0], False)]


def test_what_can_no_longer_come_today_comes_with_the_first_message_that_can() -> None:
    """In the evening of the 13th, whose message was to say "in 7 days"."""
    day = date(2027, 1, 13)

    found = mailings(CATALOG, wanting(), day, day + timedelta(days=10), first=day + timedelta(days=1))

    assert said(found) == [("2027-01-14", [6], False), ("2027-01-20", [0], False)]


def test_a_day_that_is_over_then_does_not_come_any_more() -> None:
    day = date(2027, 1, 20)

    assert mailings(CATALOG, wanting(), day, day + timedelta(days=10), first=day + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "preference",
    [
        wanting(),
        wanting(OwnLeads()),
        wanting(OwnLeads((), (("black-january", ()), ("khojaly", (30, 0))), milestones=True), digest="weekly:sun"),
        wanting(selection=parse_selection("collection:azerbaijan,-khojaly"), hour=0, zone="UTC"),
    ],
)
def test_a_preference_is_read_back_from_its_key(preference: Preference) -> None:
    assert parse_preference(preference.key) == preference


@pytest.mark.parametrize("key", ["", "de", "de Europe/Berlin nine default none all", "a b c d e f g"])
def test_what_is_no_key_of_a_preference_is_a_mistake(key: str) -> None:
    with pytest.raises(ValueError, match=re.escape(key) or "^$"):
        parse_preference(key)


def catalog_with(*collections: str, named: tuple[str, ...] = ()) -> Catalog:
    events = [make_event(f"day-{n}", collections=(CollectionId(one),)) for n, one in enumerate(collections)]
    names = {CollectionId(one): make_catalog().calendar.name for one in named}
    return make_catalog(*events, collections=names)


@pytest.mark.parametrize(
    ("catalog", "selected"),
    [
        (catalog_with("world", "azerbaijan", named=("world", "azerbaijan")), "collection:world"),
        (catalog_with("world", named=("empty", "world")), "collection:world"),
        (catalog_with("world", "azerbaijan"), "collection:azerbaijan"),
        (make_catalog(make_event(collections=()), make_event("khojaly", collections=())), "black-january,khojaly"),
    ],
)
def test_before_anybody_has_chosen_the_first_collection_is_selected_and_never_all(
    catalog: Catalog, selected: str
) -> None:
    assert str(first_selection(catalog)) == selected
