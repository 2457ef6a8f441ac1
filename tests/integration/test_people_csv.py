"""People from files and into them (RFC 4180): leavers first, each bad line with its reason, nothing twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.domain.deliveries import SubscriberStatus
from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.usecases.people_csv import (
    COLUMNS,
    BadRow,
    DoubleColumnsError,
    NoAddressColumnError,
    PersonRow,
    UnknownColumnsError,
    _guarded,
    _plain,
    read_rows,
)
from tests.integration.people import at

NOW = at("2027-01-12T12:00Z")


def nothing() -> None:
    """Step without showing it."""


@pytest.fixture
def services(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    monkeypatch.chdir(tmp_path)
    settings = Settings.model_validate({"database_url": database_url, "mail_url": f"maildir:{tmp_path}/outbox"})
    with open_services(settings, lambda: NOW) as services:
        yield services


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def status(services: Services, email: str) -> SubscriberStatus:
    return services.people.of(email).status


def test_only_the_address_is_needed(services: Services, tmp_path: Path) -> None:
    report = services.importing.take(write(tmp_path, "email", "a@example.org", "b@example.org"), nothing)

    assert (report.added, report.unproven, report.bad) == (2, 2, [])
    person = services.people.of("a@example.org")
    assert person.status is SubscriberStatus.ACTIVE
    assert person.preference.language == services.catalog.calendar.languages[0]
    assert person.consent.source == "import of people.csv"


def test_everything_that_is_exported_comes_back(services: Services, tmp_path: Path) -> None:
    line = (
        '+tag@example.org,de,Europe/Berlin,7,"7,0;milestones;khojaly:30",weekly:mon,"all;-khojaly",active,'
        '"=agreed, by letter",2026-11-01T10:00:00+00:00,a letter,press family'
    )
    services.importing.take(write(tmp_path, ",".join(COLUMNS), line), nothing)
    exported = "".join(services.importing.exported())

    (row,) = csv.DictReader(io.StringIO(exported))
    assert row["email"] == "'+tag@example.org"
    assert row["consent"] == "'=agreed, by letter"
    assert row["tags"] == "press family"

    services.people.erase("+tag@example.org")
    again = tmp_path / "again.csv"
    again.write_text(exported, encoding="utf-8")
    assert services.importing.take(again, nothing).bad[0].reason.endswith("was not added")


def test_an_export_goes_into_another_database_and_out_again_the_same(services: Services, tmp_path: Path) -> None:
    lines = [
        "email,lang,zone,hour,leads,digest,select,status,consent,consent_at",
        "a@example.org,de,Asia/Baku,7,none,monthly,all,active,yes,2026-11-01T10:00:00+04:00",
        "gone@example.org,,,,,,,unsubscribed,,",
    ]
    services.importing.take(write(tmp_path, *lines), nothing)
    exported = "".join(services.importing.exported())
    (tmp_path / "exported.csv").write_text(exported, encoding="utf-8")

    other = Settings.model_validate({"database_url": f"sqlite:///{tmp_path}/other.db"})
    with open_services(other, lambda: NOW) as second:
        second.importing.take(tmp_path / "exported.csv", nothing)
        assert sorted("".join(second.importing.exported()).splitlines()) == sorted(exported.splitlines())


WRITTEN = ["victim@ｂücher.example", "victim@bu\u0308cher.example", "victim@xn--bcher-kva。example"]


def test_an_address_is_one_person_however_the_lines_write_it(services: Services, tmp_path: Path) -> None:
    report = services.importing.take(write(tmp_path, "email", "victim@bücher.example", *WRITTEN[1:]), nothing)

    assert (report.added, [bad.line for bad in report.bad]) == (1, [3, 4])
    assert services.people.of("victim@BÜCHER.example").email == "victim@xn--bcher-kva.example"
    again = services.importing.take(write(tmp_path, "email", WRITTEN[2]), nothing)
    assert (again.added, again.there) == (0, 1)


def test_an_address_that_is_suppressed_is_not_brought_in_written_otherwise(services: Services, tmp_path: Path) -> None:
    services.people.suppress("victim@bücher.example")

    for line in WRITTEN:
        report = services.importing.take(write(tmp_path, "email", line), nothing)
        assert (report.added, len(report.bad)) == (0, 1)


def test_whoever_left_is_taken_first_wherever_the_line_stands(services: Services, tmp_path: Path) -> None:
    services.importing.take(write(tmp_path, "email", "stays@example.org", "leaves@example.org"), nothing)
    path = write(
        tmp_path,
        "email,status",
        "new@example.org,active",
        "leaves@example.org,unsubscribed",
        "never@example.org,suppressed",
        "NEVER@example.org,active",
    )

    report = services.importing.take(path, nothing)

    assert (report.added, report.left) == (1, 2)
    assert status(services, "leaves@example.org") is SubscriberStatus.UNSUBSCRIBED
    assert [(bad.line, bad.reason) for bad in report.bad] == [
        (5, "line 4 speaks of never@example.org as well, and was taken instead")
    ]
    later = services.importing.take(write(tmp_path, "email", "never@example.org"), nothing)
    assert [bad.reason for bad in later.bad] == ["never@example.org is never to be written to again, and was not added"]


def test_of_two_lines_on_one_address_the_one_that_leaves_counts(services: Services, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "email,status",
        "A@example.org,active",
        "b@example.org,unsubscribed",
        "a@example.org,unsubscribed",
        "b@example.org,suppressed",
    )

    report = services.importing.take(path, nothing)

    assert (report.added, report.left) == (0, 2)
    assert status(services, "a@example.org") is SubscriberStatus.UNSUBSCRIBED
    assert sorted((bad.line, bad.reason) for bad in report.bad) == [
        (2, "line 4 speaks of a@example.org as well, and was taken instead"),
        (3, "line 5 speaks of b@example.org as well, and was taken instead"),
    ]
    assert services.importing.take(write(tmp_path, "email", "b@example.org"), nothing).added == 0


@pytest.mark.parametrize("cells", ["xx,,,", ",Europe/Berln,,", ",,25,", ",,,yesterday", f",,,{'x' * 3000}", "\a,,,"])
def test_whoever_left_needs_nothing_but_an_address(services: Services, tmp_path: Path, cells: str) -> None:
    lines = [f"left@example.org,unsubscribed,{cells}", f"never@example.org,suppressed,{cells}"]
    report = services.importing.take(write(tmp_path, "email,status,lang,zone,hour,consent_at", *lines), nothing)

    assert (report.left, report.bad) == (2, [])
    assert status(services, "left@example.org") is SubscriberStatus.UNSUBSCRIBED


def test_whoever_was_forgotten_is_not_kept_as_having_left(services: Services, tmp_path: Path) -> None:
    services.importing.take(write(tmp_path, "email", "a@example.org"), nothing)
    services.people.erase("a@example.org")

    assert services.importing.take(write(tmp_path, "email,status", "a@example.org,unsubscribed"), nothing).there == 1
    assert list(services.people.all()) == []


def test_a_pause_without_a_date_is_taken_and_said(services: Services, tmp_path: Path) -> None:
    report = services.importing.take(write(tmp_path, "email,status", "a@example.org,paused"), nothing)

    assert (report.added, report.paused) == (1, 1)
    assert status(services, "a@example.org") is SubscriberStatus.PAUSED


def test_a_file_never_brings_back_whoever_left_here(services: Services, tmp_path: Path) -> None:
    path = write(tmp_path, "email", "a@example.org")
    services.importing.take(path, nothing)
    services.people.unsubscribe(services.people.of("a@example.org").key)

    assert services.importing.take(path, nothing).there == 1
    assert status(services, "a@example.org") is SubscriberStatus.UNSUBSCRIBED


def test_doing_it_again_changes_nothing(services: Services, tmp_path: Path) -> None:
    path = write(tmp_path, "email,status", "a@example.org,", "b@example.org,unsubscribed", "c@example.org,suppressed")
    services.importing.take(path, nothing)
    before = "".join(services.importing.exported())

    again = services.importing.take(path, nothing)

    assert (again.added, again.left, again.there) == (0, 0, 3)
    assert "".join(services.importing.exported()) == before


def test_each_bad_line_has_its_number_and_reason_and_the_rest_is_taken(services: Services, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "email;zone;hour;status;consent_at",
        "good@example.org;Europe/Berlin;9;;",
        "no address;;;;",
        "zone@example.org;Europe/Berln;;;",
        "hour@example.org;;25;;",
        "status@example.org;;;gone;",
        "short@example.org",
        "",
        "when@example.org;;;;yesterday",
        "also-good@example.org;;;;",
    )

    report = services.importing.take(path, nothing)

    assert report.added == 2
    assert {bad.line: bad.reason for bad in report.bad} == {
        3: '"no address" is not an e-mail address',
        4: '"Europe/Berln" is not a time zone; use a name such as Europe/Berlin; did you mean Europe/Berlin?',
        5: "25 is not an hour of the day; use 0 to 23",
        6: '"gone" is not a status; use one of pending, active, paused, unsubscribed, suspended, suppressed',
        7: "it has 1 cells, and the first line 5",
        9: '"yesterday" in consent_at is not an instant; write it as 2027-01-13T09:00:00+01:00',
    }


def test_nobody_is_told_of_what_came_before(services: Services, tmp_path: Path) -> None:
    services.importing.take(write(tmp_path, "email,zone,leads", 'a@example.org,Europe/Berlin,"30,7,0"'), nothing)

    assert services.people.of("a@example.org").covered_through == at("2027-01-11T00:00Z").date()


def test_a_rehearsal_shows_thirty_days_and_keeps_nothing(services: Services, tmp_path: Path) -> None:
    path = write(
        tmp_path, "email,zone,leads,status", 'a@example.org,Europe/Berlin,"7,0",', "b@example.org,,,suppressed"
    )

    report, foretold = services.importing.rehearse(path, nothing)

    assert (report.added, report.left) == (1, 1)
    assert [(one.of.day.isoformat(), one.people) for one in foretold.editions] == [("2027-01-13", 1), ("2027-01-20", 1)]
    assert list(services.people.all()) == []
    assert services.importing.take(path, nothing).left == 1


@pytest.mark.parametrize(
    ("first", "error"),
    [
        ("name,surname", NoAddressColumnError),
        ("", NoAddressColumnError),
        ("email,telephone", UnknownColumnsError),
        ("email,lang,Lang", DoubleColumnsError),
    ],
)
def test_columns_that_are_not_known_are_refused_by_name(first: str, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"people\.csv has"):
        list(read_rows([f"{first}\n", "a@example.org,x\n"], "people.csv"))


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_no_cell_begins_a_formula_and_each_reads_back(cell: str) -> None:
    kept = cell.strip()
    written = _guarded(kept)

    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert _plain(written) == kept


@given(st.text(max_size=200))
def test_whatever_stands_in_a_file_is_read_or_refused_by_line(content: str) -> None:
    rows = list(read_rows(["email,consent\n", *content.splitlines(keepends=True)], "people.csv"))

    assert all(isinstance(row, (PersonRow, BadRow)) for row in rows)


OPEN = "a quotation mark in it is not closed"


@pytest.mark.parametrize(
    ("lines", "taken", "bad"),
    [
        # Nothing closes it.
        (['"a@example.org,yes', "b@example.org,yes", "c@example.org,yes"], ["b", "c"], {2: OPEN}),
        (['a@example.org,"yes', "b@example.org,yes", 'c@example.org,"yes"'], ["b", "c"], {2: OPEN}),
        # What opens the next one closes it.
        (['"a@example.org,yes', '"b@example.org",yes', "c@example.org,yes"], ["b", "c"], {2: OPEN}),
        # So does a mark far below, and what lies between would make one long cell.
        (
            ['a@example.org,"yes', "b@example.org,yes", 'c@example.org,"', "d@example.org,yes"],
            ["b", "d"],
            {2: OPEN, 4: OPEN},
        ),
        # The last line of all.
        (["b@example.org,yes", 'a@example.org,"yes'], ["b"], {3: OPEN}),
        (['a@example.org,"yes"no', "b@example.org,yes"], ["b"], {2: "it is no line of CSV: ',' expected after '\"'"}),
        # A cell that does go over lines is one, and is refused as such.
        (
            ['a@example.org,"yes,', 'indeed"', "b@example.org,yes"],
            ["b"],
            {2: "consent is longer than 2000 characters or holds what cannot be printed"},
        ),
    ],
)
def test_a_mark_that_is_not_closed_takes_no_other_line_along(
    lines: list[str], taken: list[str], bad: dict[int, str]
) -> None:
    rows = list(read_rows([f"{line}\r\n" for line in ("email,consent", *lines)], "people.csv"))

    assert [row.cell("email")[0] for row in rows if isinstance(row, PersonRow)] == taken
    assert {row.line: row.reason for row in rows if isinstance(row, BadRow)} == bad


def test_who_left_is_taken_though_what_they_agreed_to_goes_over_lines() -> None:
    lines = ["email,status,consent\n", 'a@example.org,unsubscribed,"yes,\n', 'indeed"\n', "b@example.org,,\n"]

    rows = [row for row in read_rows(lines, "people.csv") if isinstance(row, PersonRow)]

    assert [(row.line, row.cell("email"), row.status) for row in rows] == [
        (2, "a@example.org", SubscriberStatus.UNSUBSCRIBED),
        (4, "b@example.org", SubscriberStatus.ACTIVE),
    ]


def test_many_marks_that_are_not_closed_are_read_in_a_moment() -> None:
    lines = ["email,consent\n", *(f'{number}@example.org,"yes\n' for number in range(5_001))]

    rows = list(read_rows(lines, "people.csv"))

    assert len(rows) == 5_001
    assert {type(row) for row in rows} == {BadRow}
