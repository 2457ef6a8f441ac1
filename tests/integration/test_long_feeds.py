"""FEEDS, Bytes: at most 900 events and 900 KB a feed; what a longer one keeps is of use on every day of the year."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest

from notifier.content.additions import Additions
from notifier.content.language import Languages
from notifier.content.limits import MOST_ENTRIES, MOST_OCTETS
from notifier.content.selections import Shelf, choose, dated
from notifier.domain.built import build
from notifier.domain.events import Catalog, Event, Statement
from notifier.domain.rules.gregorian import FixedDay
from notifier.usecases.publish import Kept, Publication, Site, make_site
from tests.factories import EURONEWS_PAGE, LOCALES, make_catalog, make_event, text

HOST = "https://days.example.net"
LANGUAGES = Languages(LOCALES)
IN_JANUARY, IN_NOVEMBER, ON_THE_LAST_DAY = (
    datetime(2027, month, day, 12, tzinfo=UTC) for month, day in ((1, 5), (11, 21), (12, 31))
)


def many(number: int, octets: int = 0) -> Catalog:
    """Return so many events, spread over all days of the year, with an account of about so many octets each."""

    def event(place: int) -> Event:
        account = Statement(text(en="Units of the army entered. " * (octets // 27)), None, (EURONEWS_PAGE,))
        rule = FixedDay(place % 12 + 1, place // 12 % 28 + 1)
        return make_event(f"day-{place:04}", rule=rule, summary=(account,) if octets else ())

    return make_catalog(*map(event, range(number)))


def published(catalog: Catalog, now: datetime = IN_NOVEMBER) -> Site:
    return make_site(catalog, Publication(LANGUAGES, ("en",), HOST, years_back=1, years_ahead=3), Kept(), now).site


def selected(catalog: Catalog, now: datetime = IN_NOVEMBER, **choices: Any) -> bytes:
    site = published(catalog, now)
    by_event: dict[str, list[Any]] = {}
    for written in site.entries["en"]:
        by_event.setdefault(written.entry.event_id, []).append(written)
    shelf = Shelf(catalog, site.years, LANGUAGES["en"], by_event, HOST)
    chosen = choose(build(catalog, "en", "all", **choices), shelf, Additions(site.years, HOST))
    return dated(chosen, HOST, now).identity


def read(content: bytes) -> tuple[list[Any], Any]:
    """Return the entries of a feed within the limits, and the one that tells what is not shown."""
    assert len(content) <= MOST_OCTETS
    events = icalendar.Calendar.from_ical(content).events
    assert len(events) <= MOST_ENTRIES
    (note,) = [vevent for vevent in events if str(vevent["UID"]).startswith("limit.")]
    return [vevent for vevent in events if vevent is not note], note


def own(vevents: list[Any], year: int) -> list[Any]:
    return [one for one in vevents if one.start.year == year and ".ahead-" not in one["UID"]]


def test_the_limits_are_what_programmes_take() -> None:
    assert (MOST_ENTRIES, MOST_OCTETS) == (900, 900_000)


def test_of_long_texts_both_years_of_every_event_stay() -> None:
    site = published(many(400, 1_900))
    entries, note = read(site.feeds["/feeds/en/all.ics"].identity)

    assert (len(own(entries, 2027)), len(own(entries, 2028)), len(entries)) == (400, 400, 800)
    for one in entries:
        said, _, page = str(one["DESCRIPTION"]).rpartition("\n\n")
        assert said.startswith("Units of the army entered. Units")
        assert page == one["URL"]
    assert "Days shown: 1 January 2027 – 31 December 2028." in note["DESCRIPTION"]
    assert "Long texts are shortened" in note["DESCRIPTION"]
    assert len(site.shortened) == 2
    assert b"shortened" not in site.feeds["/feeds/en/events/day-0007.ics"].identity


def test_what_is_shown_is_the_same_on_every_day_of_the_year() -> None:
    for catalog in (many(400, 1_900), many(1_200)):
        feeds = [
            published(catalog, day).feeds["/feeds/en/all.ics"].identity
            for day in (IN_JANUARY, IN_NOVEMBER, ON_THE_LAST_DAY)
        ]
        assert feeds[0] == feeds[1] == feeds[2]


def test_on_the_last_day_of_a_year_something_is_still_to_come() -> None:
    entries, note = read(published(many(700), ON_THE_LAST_DAY).feeds["/feeds/en/all.ics"].identity)

    assert len(own(entries, 2027)) == 700
    coming = Counter(one.start for one in own(entries, 2028))
    assert date(2028, 1, 1) in coming
    assert len(coming) > 90
    everything = Counter(one.entry.first for one in published(many(700)).entries["en"])
    assert all(everything[day] == number for day, number in coming.items())  # whole days
    assert note.start > max(coming)


def test_of_more_than_a_years_entries_every_day_keeps_some() -> None:
    catalog = many(1_200)
    entries, note = read(published(catalog).feeds["/feeds/en/all.ics"].identity)

    kept = Counter(one.start for one in entries)
    whole = Counter(one.entry.first for one in published(catalog).entries["en"] if one.entry.first.year == 2027)
    assert sum(kept.values()) == MOST_ENTRIES - 1
    assert kept.keys() == whole.keys()
    assert max(kept.values()) - min(kept.values()) <= 1
    assert "only some of them are shown" in note["DESCRIPTION"]
    assert note.start >= date(2027, 12, 28)


def test_leads_never_push_an_own_entry_of_this_year_or_the_next_out() -> None:
    content = selected(many(95), ahead="366,180,90,60,30,21,14,7,2,1", alarms="7")
    entries, note = read(content)

    assert (len(own(entries, 2027)), len(own(entries, 2028))) == (95, 95)
    beside = Counter(str(one["UID"]).partition(".ahead-")[2].partition("@")[0] for one in entries)
    assert set(beside) == {"", "1", "2", "7"}  # the shortest leads stay
    assert str(note["DESCRIPTION"]).endswith(
        "Entries ahead that are left out: 14 days before, 21 days before, 30 days before, 60 days before, "
        "90 days before, 180 days before and 366 days before."
    )
    assert content == selected(many(95), IN_JANUARY, ahead="366,180,90,60,30,21,14,7,2,1", alarms="7").replace(
        b"LAST-MODIFIED:20270105T120000Z", b"LAST-MODIFIED:20271121T120000Z"
    )


@pytest.mark.parametrize("choices", [{}, {"alarms": "7,0"}])
def test_a_single_entry_that_is_too_long_is_shortened_too(choices: dict[str, Any]) -> None:
    catalog = many(1, 1_390_000)
    site = published(catalog)

    for content in (
        site.feeds["/feeds/en/events/day-0000.ics"].identity,
        site.feeds["/feeds/en/all.ics"].identity,
        selected(catalog, **choices),
    ):
        entries, note = read(content)
        assert [one.start.year for one in entries] == [2026, 2027, 2028, 2029, 2030]
        assert len(content) < 70_000
        assert note.start == date(2027, 12, 31)


def test_a_whole_year_as_a_file_is_shortened_within_that_year() -> None:
    site = published(many(400, 3_000))
    file = site.feed("/feeds/en/years/2029.ics")
    assert file is not None
    entries, note = read(file.identity)

    assert len(own(entries, 2029)) == len(entries) == 400
    assert note.start == date(2029, 12, 31)
    assert "Days shown: 1 January 2029 – 31 December 2029." in note["DESCRIPTION"]
