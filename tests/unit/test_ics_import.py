"""Events from iCalendar files: what is taken, and what is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.catalog.importers.ics import events_of
from notifier.catalog.importers.imported import ImportedEvent, ImportSourceError, Refusal
from notifier.domain.events import Kind


def calendar(*entries: str, name: str = "") -> bytes:
    head = f"X-WR-CALNAME:{name}\r\n" if name else ""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(entries)}END:VCALENDAR\r\n".encode()


def entry(*lines: str, uid: str = "1@town") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT", ""])


YEARLY = ("DTSTART;VALUE=DATE:19900120", "RRULE:FREQ=YEARLY", "SUMMARY:A day")


def taken(*entries: str) -> list[ImportedEvent]:
    events, refused, _ = events_of(calendar(*entries), "town.ics", "en")
    assert refused == []
    return events


def refused(*entries: str) -> list[Refusal]:
    events, refusals, _ = events_of(calendar(*entries), "town.ics", "en")
    assert events == []
    return refusals


def test_a_yearly_entry_is_an_event_of_no_kind_in_particular() -> None:
    (event,) = taken(entry(*YEARLY))

    assert (event.mark, event.names, event.rule, event.kind) == ("1@town", {"en": "A day"}, "20 January", Kind.NEUTRAL)


def test_an_end_is_the_first_day_that_is_no_longer_part() -> None:
    """RFC 5545, §3.6.1: DTEND is not included."""
    lines = ("DTSTART;VALUE=DATE:20200508", "DTEND;VALUE=DATE:20200510", "RRULE:FREQ=YEARLY", "SUMMARY:End of the war")

    assert taken(entry(*lines))[0].rule == "8 May to 9 May"


def test_a_duration_in_days_is_a_span() -> None:
    lines = ("DTSTART;VALUE=DATE:20200508", "DURATION:P2D", "RRULE:FREQ=YEARLY", "SUMMARY:End of the war")

    assert taken(entry(*lines))[0].rule == "8 May to 9 May"


def test_folded_and_escaped_texts_are_read_whole() -> None:
    lines = (
        "DTSTART;VALUE=DATE:19900120", "RRULE:FREQ=YEARLY", "SUMMARY;LANGUAGE=de-DE:Tag\\, an dem",
        "  vieles geschah", "DESCRIPTION:eins\\nzwei\\; drei\\\\",
    )  # fmt: skip

    (event,) = taken(entry(*lines))

    assert event.names == {"de": "Tag, an dem vieles geschah"}
    assert event.description == {"de": "eins\nzwei; drei\\"}


def test_an_hour_in_a_zone_at_a_place_is_kept() -> None:
    lines = (
        "DTSTART;TZID=Asia/Tokyo:19500806T081500", "DTEND;TZID=Asia/Tokyo:19500806T083000", "RRULE:FREQ=YEARLY",
        "SUMMARY:A minute of silence", "LOCATION:Hiroshima", "GEO:34.3955;132.4536",
    )  # fmt: skip

    (event,) = taken(entry(*lines))

    assert event.rule == "6 August at 08:15"
    assert event.place is not None
    assert (event.place.name, event.place.zone, event.place.at) == ("Hiroshima", "Asia/Tokyo", (34.3955, 132.4536))


def test_an_hour_without_a_place_is_said_in_the_comment() -> None:
    (event,) = taken(entry("DTSTART:19500806T081500", "RRULE:FREQ=YEARLY", "SUMMARY:A minute"))

    assert (event.rule, event.comment) == ("6 August", "begins at 08:15; the day alone is taken")


def test_a_leap_day_is_kept_in_leap_years_only() -> None:
    """RFC 5545, §3.3.10: dates that a year does not have are passed over."""
    (event,) = taken(entry("DTSTART;VALUE=DATE:19600229", "RRULE:FREQ=YEARLY", "SUMMARY:Agadir"))

    assert event.leap_years_only


def test_single_entries_of_many_years_make_a_rule() -> None:
    """As authorities publish their holidays: one entry a year, none of them recurring."""
    mondays = ("20220829", "20230828", "20240826", "20250825", "20260831")
    entries = [entry(f"DTSTART;VALUE=DATE:{day}", "SUMMARY:Summer", uid=f"{day}@gov") for day in mondays]

    (event,) = taken(*entries)

    assert event.rule == "last Monday of August"


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        (("DTSTART;VALUE=DATE:19900120", "SUMMARY:A day"), 3, "it has no RRULE"),
        (("DTSTART;VALUE=DATE:19900120", "RRULE:FREQ=DAILY", "SUMMARY:A day"), 6, "RRULE:FREQ=DAILY"),
        ((*YEARLY, "EXDATE;VALUE=DATE:20000120"), 8, "left out in single years"),
        ((*YEARLY, "RDATE;VALUE=DATE:20000121"), 8, "dates beside its rule"),
        ((*YEARLY, "RECURRENCE-ID;VALUE=DATE:20000120"), 8, "moves a single year"),
        ((*YEARLY, "RRULE:FREQ=YEARLY"), 8, "two RRULEs"),
        ((*YEARLY, "STATUS:CANCELLED"), 8, "it is cancelled"),
        ((*YEARLY, "CLASS:PRIVATE"), 8, "it is marked PRIVATE"),
        (("DTSTART:19900120T220000Z", *YEARLY[1:]), 5, "DTSTART is in UTC"),
        (("DTSTART:soon", *YEARLY[1:]), 5, "DTSTART:soon is not a date"),
        (("DTSTART;VALUE=DATE:19900231", *YEARLY[1:]), 5, "is not a date"),
        ((*YEARLY, "DTEND;VALUE=DATE:19890120"), 8, "it ends before it begins"),
        ((*YEARLY, "DTEND;VALUE=DATE:19910120"), 8, "longer than 60 days"),
        ((*YEARLY[:2], "SUMMARY: \\, "), 3, "it has no SUMMARY"),
        (YEARLY[1:], 3, "it has no DTSTART"),
    ],
)
def test_what_cannot_be_taken_says_where_and_why(lines: tuple[str, ...], line: int, reason: str) -> None:
    (refusal,) = refused(entry(*lines))

    assert refusal.place == f"town.ics:{line} (UID 1@town)"
    assert reason in refusal.reason


def test_what_can_be_taken_is_taken_beside_it() -> None:
    data = calendar(entry(*YEARLY, "CLASS:PRIVATE"), entry(*YEARLY, uid="2@town"), "BEGIN:VTODO\r\nEND:VTODO\r\n")

    events, refusals, _ = events_of(data, "town.ics", "en")

    assert [event.mark for event in events] == ["2@town"]
    assert [str(one).split(":")[1].split()[0] for one in refusals] == ["8", "16"]


def test_a_uid_that_stands_twice_is_taken_once() -> None:
    events, refusals, _ = events_of(calendar(entry(*YEARLY), entry(*YEARLY)), "town.ics", "en")

    assert len(events) == 1
    assert "its UID stands on another entry" in refusals[0].reason


def test_the_calendar_says_what_it_is_called() -> None:
    assert events_of(calendar(entry(*YEARLY), name="Days of\\, the town"), "t.ics", "en")[2] == "Days of, the town"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it holds no VCALENDAR"),
        (b"\xff\xfe\x00", "line 1 is not UTF-8; save it as UTF-8"),
        (b"BEGIN:VCALENDAR\r\nSUMMARY:\xe4\r\n", "line 2 is not UTF-8; save it as UTF-8"),
        (b"<html>", "line 1: this is not a line of a calendar file"),
        (b"BEGIN:VCALENDAR\r\nSUMMARY\r\n", "line 2: SUMMARY has no value; a colon is missing"),
        (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "line 2: END:VEVENT does not end what was begun"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "it ends before VEVENT, begun on line 2, does"),
        (b"UID:1\r\n", "line 1: a calendar begins with BEGIN:VCALENDAR"),
        (b"BEGIN:A\r\n" * 100, "line 9: it has too many components, or they are nested too deeply"),
        (b"BEGIN:VCALENDAR\r\nX:" + b"a" * 10_000_000, "it is larger than 10 MB"),
    ],
)
def test_what_is_no_calendar_ends_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(ImportSourceError) as error:
        events_of(data, "town.ics", "en")

    assert str(error.value) == f"town.ics cannot be imported: {sentence}"


@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=60))
def test_whatever_stands_in_an_entry_is_taken_or_refused(lines: list[str], uid: str) -> None:
    data = calendar(entry(*YEARLY, *(f"X-{number}:{line}" for number, line in enumerate(lines)), uid=uid))
    told = ""
    try:
        events, refusals, _ = events_of(data, "town.ics", "en")
    except ImportSourceError as error:
        events, refusals, told = [], [], str(error)

    assert events or refusals or told
    assert "\n" not in told
