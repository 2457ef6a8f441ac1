"""`notifier events import`: events into YAML, and into files that stay as they are otherwise."""

from __future__ import annotations

import socket
from datetime import date
from difflib import ndiff
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from time import monotonic

import pytest
from typer.testing import CliRunner

from notifier.catalog.importers.calendars import CalendarFiles
from notifier.catalog.importers.fetching import _body, fetch, is_public
from notifier.catalog.importers.imported import ImportSourceError
from notifier.catalog.load import load_catalog
from notifier.cli import app
from notifier.content.language import Languages
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.domain.occurrences import occurrences_between
from notifier.usecases.importing_events import Around, Brought, bring_in
from tests.factories import LOCALES

LANGUAGES = Languages(LOCALES)
TODAY = date(2026, 11, 22)

CALENDAR = """\
# Days that a town remembers.
version: 1

calendar:
  id: town.example.org
  name: {en: The town, de: Die Stadt}
  published: 2026-01-01
  zone: Europe/Berlin
  languages: [en, de]

events:
  # The flood.
  - id: flood-1962   # by hand
    heading: {en: The flood of 1962, de: "Die Flut von 1962"}
    rule: 17 February

# The end.
"""

TOWN = """\
BEGIN:VCALENDAR
VERSION:2.0
X-WR-CALNAME:Town days
BEGIN:VEVENT
UID:fire@town
DTSTART;VALUE=DATE:18420505
DTEND;VALUE=DATE:18420509
RRULE:FREQ=YEARLY
SUMMARY:The great fire: "of 1842" #1
DESCRIPTION:- it burned\\n  for four days
LOCATION:Hamburg
END:VEVENT
BEGIN:VEVENT
UID:flood\x07@town {weird: [uid
DTSTART;VALUE=DATE:20260217
RRULE:FREQ=YEARLY
SUMMARY:Flood 1962
END:VEVENT
BEGIN:VEVENT
UID:market@town
DTSTART;VALUE=DATE:20260101
RRULE:FREQ=WEEKLY
SUMMARY:Market
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    (tmp_path / "town.ics").write_text(TOWN, "utf-8")
    (tmp_path / "events.yaml").write_text(CALENDAR, "utf-8")
    return tmp_path


def imported(folder: Path, source: str, into: Path | None = None) -> Brought:
    files = CalendarFiles.read([folder / "events.yaml"], LANGUAGES.tags)
    return bring_in(source, into, Around(files, LANGUAGES, TODAY))


def read(*paths: Path) -> Catalog:
    loaded = load_catalog(paths, LANGUAGES.tags)
    assert loaded.catalog is not None, [str(problem) for problem in loaded.problems]
    return loaded.catalog


def test_a_calendar_is_taken_into_a_file_that_stays_as_it_is_otherwise(town: Path) -> None:
    file = town / "events.yaml"

    brought = imported(town, str(town / "town.ics"), file)

    assert brought.new == ("the-great-fire-of-1842-1", "flood-1962-2")
    assert [str(one) for one in brought.refused] == [
        "town.ics:22 (UID market@town): RRULE:FREQ=WEEKLY: FREQ=WEEKLY does not come once a year; only YEARLY is taken"
    ]
    changes = list(ndiff(CALENDAR.splitlines(), file.read_text("utf-8").splitlines()))
    assert [line for line in changes if line.startswith(("-", "?"))] == []
    assert read(file).event("flood-1962-2") is not None


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("  - id: flood-1962", "- id: flood-1962")])
def test_a_file_keeps_its_own_way_of_writing(town: Path, change: tuple[str, str]) -> None:
    """Line ends, and lists that stand as far left as their key."""
    file = town / "events.yaml"
    text = CALENDAR.replace(*change) if change[0] == "\n" else CALENDAR.replace("\n    ", "\n  ").replace(*change)
    file.write_bytes(text.encode())

    brought = imported(town, str(town / "town.ics"), file)

    assert [event.id for event in read(file).events] == ["flood-1962", *brought.new]
    written = file.read_bytes()
    assert written.count(b"\r\n") == (written.count(b"\n") if change[1] == "\r\n" else 0)


def test_an_hour_at_a_place_is_a_timed_rule_in_its_zone(town: Path) -> None:
    hour = TOWN.replace(
        "DTSTART;VALUE=DATE:18420505\nDTEND;VALUE=DATE:18420509", "DTSTART;TZID=Asia/Tokyo:18420505T081500"
    )
    (town / "town.ics").write_text(hour, "utf-8")

    imported(town, str(town / "town.ics"), town / "events.yaml")

    event = read(town / "events.yaml").event("the-great-fire-of-1842-1")
    assert event is not None
    assert event.place is not None
    assert (str(event.rule), event.place.zone) == ("5 May at 08:15", "Asia/Tokyo")


def test_every_imported_event_names_its_origin(town: Path) -> None:
    imported(town, str(town / "town.ics"), town / "events.yaml")

    catalog = read(town / "events.yaml")
    fire = catalog.event("the-great-fire-of-1842-1")
    assert fire is not None
    (claim,) = fire.called
    source = catalog.sources[claim.sources[0]]
    assert (source.title, source.accessed) == ("Town days (town.ics)", TODAY)
    assert catalog.parties[claim.by].name.get("en") == "Town days"
    assert claim.term.get("en") == 'The great fire: "of 1842" #1'
    assert str(fire.rule) == "5 May to 8 May"
    assert "# imported: fire@town" in (town / "events.yaml").read_text("utf-8")
    # Nobody has read any of it over, least of all the German heading, which stands in English words.
    assert fire.translations == {"en": "machine", "de": "machine"}


def test_importing_again_changes_nothing(town: Path) -> None:
    file = town / "events.yaml"
    imported(town, str(town / "town.ics"), file)
    first = file.read_bytes()

    again = imported(town, str(town / "town.ics"), file)

    assert (again.new, again.there) == ((), 2)
    assert file.read_bytes() == first


def test_what_is_printed_stands_alone_and_can_be_included(town: Path) -> None:
    brought = imported(town, str(town / "town.ics"))
    (town / "calendars").mkdir()
    own = town / "calendars" / "fires.yaml"
    own.write_text(brought.text, "utf-8")

    assert [event.id for event in read(own).events] == list(brought.new)
    (town / "events.yaml").write_text(CALENDAR.replace("version: 1\n", "version: 1\ninclude: [calendars/fires.yaml]\n"))
    assert [event.id for event in read(town / "events.yaml").events] == ["flood-1962", *brought.new]
    assert imported(town, str(town / "town.ics")).new == ()


def test_holidays_are_named_in_the_languages_there_are(town: Path) -> None:
    brought = imported(town, "holidays:DE:SN", town / "events.yaml")

    catalog = read(town / "events.yaml")
    day = catalog.event("de-sn-repentance-and-prayer-day")
    assert day is not None
    assert (str(day.rule), day.heading.get("de")) == ("Wednesday before 23 November", "Buß- und Bettag")
    assert catalog.event("de-sn-good-friday") is not None
    assert brought.borrowed == ()
    assert imported(town, "holidays:DE:SN", town / "events.yaml").new == ()


def test_holidays_fall_where_the_package_has_them(town: Path) -> None:
    """Every rule that was taken gives the package's dates for ten years, and no others."""
    from holidays import country_holidays

    imported(town, "holidays:US", town / "events.yaml")

    events = [event for event in read(town / "events.yaml").events if event.id.startswith("us-")]
    found = {one.first for one in occurrences_between(events, date(2027, 1, 1), date(2037, 1, 1))}
    assert found == set(country_holidays("US", years=range(2027, 2037), observed=False))


def test_where_months_begin_a_day_later_no_wrong_day_is_taken(town: Path) -> None:
    """Iran's months begin a day after the Umm al-Qura table's: Ashura would be found on 11 Muharram."""
    brought = imported(town, "holidays:IR")

    assert "Muharram" not in brought.text
    assert any("a day off the Umm al-Qura table" in one.reason for one in brought.refused)
    assert "rule: 1 Farvardin" in brought.text


def test_a_day_that_the_law_moves_is_not_taken(town: Path) -> None:
    reasons = [one.reason for one in imported(town, "holidays:IL").refused]

    assert any(reason.startswith("5 Iyar is moved in some years") for reason in reasons)


def test_a_name_with_a_contested_word_is_no_heading(town: Path) -> None:
    ics = (town / "town.ics").read_text("utf-8").replace("SUMMARY:Flood 1962", "SUMMARY:Day of the massacre")
    (town / "town.ics").write_text(ics, "utf-8")

    brought = imported(town, str(town / "town.ics"))

    assert "massacre" not in brought.text
    assert str(brought.refused[-1]) == (
        'Town days (town.ics) "Day of the massacre": "massacre" is contested; write the event by hand with a plain '
        "heading, and this name under called:"
    )


@pytest.mark.parametrize("source", ["holidays:XX", "holidays:DE:ZZ", "holidays:", "holidays:../etc"])
def test_an_unknown_country_is_one_sentence(town: Path, source: str) -> None:
    with pytest.raises(NotifierError, match="is not known to the package holidays"):
        imported(town, source)


def test_a_file_written_within_braces_is_refused(town: Path) -> None:
    file = town / "events.yaml"
    file.write_text(
        CALENDAR.replace("events:\n", "parties: {town: {name: {en: Town, de: Stadt}}}\n\nevents:\n"), "utf-8"
    )
    before = file.read_bytes()

    with pytest.raises(ImportSourceError, match="parties: is written within braces"):
        imported(town, str(town / "town.ics"), file)

    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("127.0.0.1", False), ("10.0.0.1", False),
        ("169.254.169.254", False), ("0.0.0.0", False), ("100.64.0.1", False), ("::1", False), ("fe80::1", False),
        ("fd00::1", False), ("::ffff:127.0.0.1", False), ("224.0.0.1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_only_public_addresses_are_fetched(address: str, public: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://example.org/a.ics", "only https addresses without a password are fetched"),
        ("file:///etc/passwd", "only https addresses without a password are fetched"),
        ("https://user:word@example.org/a.ics", "only https addresses without a password are fetched"),
        ("https://127.0.0.1/a.ics", r"127.0.0.1 is not on the public network \(127.0.0.1\)"),
        ("https://[::ffff:10.0.0.1]/a.ics", "is not on the public network"),
        ("https://localhost:1/a.ics", "localhost is not on the public network"),
        ("https://example.org:port/a.ics", "it is not an address"),
    ],
)
def test_other_addresses_are_refused_before_anything_is_sent(url: str, sentence: str) -> None:
    with pytest.raises(ImportSourceError, match=sentence):
        fetch(url)


def test_no_connection_is_made_to_a_private_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        with pytest.raises(ImportSourceError):
            fetch(f"https://127.0.0.1:{server.getsockname()[1]}/a.ics")
        with pytest.raises(TimeoutError):
            server.accept()


def answer_of(octets: bytes) -> HTTPResponse:
    """Return what a server's octets are read as."""
    here, there = socket.socketpair()
    there.sendall(octets)
    there.close()
    answer = HTTPResponse(here)
    answer.begin()
    here.close()
    return answer


def test_a_body_is_read_to_its_end() -> None:
    answer = answer_of(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nBEGIN")

    assert _body("https://example.org/a.ics", answer, monotonic() + 10) == b"BEGIN"


def test_a_body_that_is_cut_off_is_no_calendar() -> None:
    answer = answer_of(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nBEGIN")

    with pytest.raises((ImportSourceError, HTTPException)):
        _body("https://example.org/a.ics", answer, monotonic() + 10)


def test_a_body_that_comes_too_late_is_refused() -> None:
    answer = answer_of(b"HTTP/1.1 200 OK\r\n\r\nBEGIN")

    with pytest.raises(ImportSourceError, match="it took longer than 30 seconds"):
        _body("https://example.org/a.ics", answer, monotonic() - 1)


def test_the_command_prints_yaml_alone(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town)

    done = CliRunner().invoke(app, ["events", "import", "town.ics"])

    assert done.exit_code == 0, done.output
    (town / "out.yaml").write_text(done.stdout, "utf-8")
    assert len(read(town / "out.yaml").events) == 2
    assert "2 events new, 0 as they were, 1 not taken" in done.stderr
    assert "warning: not taken: town.ics:22 (UID market@town)" in done.stderr


def test_nothing_taken_is_a_no(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town)
    (town / "empty.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "utf-8")

    assert CliRunner().invoke(app, ["events", "import", "empty.ics"]).exit_code == 1
