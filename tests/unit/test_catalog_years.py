"""What a calendar file says of single years: programmes, the ids of their items, and when these are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.test_catalog import SMALL, catalog_of, lines_of, load

PROGRAMME = SMALL + "    years:\n      2027:\n        programme:\n"


def programme(*items: str) -> str:
    return PROGRAMME + "".join(f"          - {{{item}, text: {{en: A reading}}}}\n" for item in items)


def test_items_have_the_ids_that_they_are_given(tmp_path: Path) -> None:
    loaded = load(tmp_path, programme("id: silence, at: 2027-03-01T12:00", "at: 2027-03-01T18:00"))

    assert [item.id for item in catalog_of(loaded).events[0].years[2027].programme] == ["silence", None]
    assert loaded.problems == ()


def test_several_without_one_are_warned_about_once_a_year(tmp_path: Path) -> None:
    loaded = load(tmp_path, programme("at: 2027-03-01T12:00", "at: 2027-03-01T18:00", "at: 2027-03-01T19:00"))

    assert catalog_of(loaded).events
    (line,) = lines_of(loaded, tmp_path)
    assert line == (
        "events.yaml:16:11: warning: 3 items of this programme have no id; give each an id, so that its calendar entry "
        "stays the same when others change"
    )


@pytest.mark.parametrize(
    ("id_", "line"),
    [
        (
            "A Reading",
            'the id of a programme item "A Reading" is not an id; use small letters a to z, digits and single hyphens',
        ),
        ("a" * 41, "the id of a programme item has at most 40 characters, not 41"),
        ("1200", 'the id "1200" of a programme item reads like an hour; begin it with a letter'),
        ("1200-a", 'the id "1200-a" of a programme item reads like an hour; begin it with a letter'),
    ],
)
def test_what_is_no_id_gives_one_line(tmp_path: Path, id_: str, line: str) -> None:
    loaded = load(tmp_path, programme(f"id: {id_}, at: 2027-03-01T12:00"))

    assert lines_of(loaded, tmp_path) == [f"events.yaml:16:18: error: {line}"]


def test_an_id_stands_once_in_a_year(tmp_path: Path) -> None:
    twice = load(tmp_path, programme("id: silence, at: 2027-03-01T12:00", "id: silence, at: 2027-03-01T18:00"))

    assert lines_of(twice, tmp_path) == ['events.yaml:17:13: error: the id "silence" stands twice in this programme']


@pytest.mark.parametrize("id_", ["a" * 40, "7-minutes", "19900", "reading-2"])
def test_other_words_are_ids(tmp_path: Path, id_: str) -> None:
    assert catalog_of(load(tmp_path, programme(f"id: {id_}, at: 2027-03-01T12:00"))).events


def test_another_year_may_have_the_same_one(tmp_path: Path) -> None:
    first = programme("id: silence, at: 2027-03-01T12:00")
    second = (
        programme("id: silence, at: 2028-03-01T12:00").removeprefix(SMALL + "    years:\n").replace("2027:", "2028:")
    )

    assert load(tmp_path, first + second).problems == ()


def moment(at: str, event: str = "", year: int = 2027) -> str:
    """Return a calendar whose day, 1 March, has one item in its programme, read in Berlin unless the event says."""
    item = programme(f'at: "{at}"').replace("2027:\n", f"{year}:\n")
    return item.replace("  languages: [en]", "  languages: [en]\n  zone: Europe/Berlin") + event


@pytest.mark.parametrize("at", ["2027-01-20T12:00", "2027-04-10T23:59:59", "2027-03-01T12:00+14:00"])
def test_an_item_is_as_near_to_its_day_as_forty_days(tmp_path: Path, at: str) -> None:
    assert load(tmp_path, moment(at)).problems == ()


@pytest.mark.parametrize("at", ["2027-01-19T12:00", "2027-04-11T00:00", "2026-03-01T12:00", "2031-03-01T12:00-10:00"])
def test_one_that_is_farther_away_is_refused(tmp_path: Path, at: str) -> None:
    (line,) = lines_of(load(tmp_path, moment(at)), tmp_path)

    day = at[:10]
    there = " (2027-03-01)" if day < "2028" else ""
    assert line == (
        "events.yaml:17:18: error: what is on the programme of 2027 lies within 40 days of the day itself"
        f"{there}, not on {day}; correct it, or write the item under the year it belongs to"
    )


def test_a_moved_day_takes_its_programme_along(tmp_path: Path) -> None:
    moved = "    exceptions:\n      2027: {date: 2027-09-01, reason: {en: A flood}}\n"

    assert load(tmp_path, moment("2027-09-01T12:00", moved)).problems == ()
    (line,) = lines_of(load(tmp_path, moment("2027-03-01T12:00", moved)), tmp_path)
    assert "of the day itself (2027-09-01), not on 2027-03-01" in line


def test_a_year_in_which_nothing_is_remembered_has_no_programme(tmp_path: Path) -> None:
    (line,) = lines_of(load(tmp_path, moment("2027-03-01T12:00", "    until: 2026\n")), tmp_path)

    assert "of the day itself, not on 2027-03-01" in line


@pytest.mark.parametrize("at", ["0001-01-01T00:00+14:00", "0999-03-01T12:00", "9999-12-31T23:59-10:00"])
@pytest.mark.parametrize("year", [1, 2027, 9999])
def test_moments_at_the_ends_of_time_are_refused(tmp_path: Path, at: str, year: int) -> None:
    (line,) = lines_of(load(tmp_path, moment(at, year=year)), tmp_path)

    assert line == f'events.yaml:17:18: error: at is a moment of the years 1000 to 9000, not "{at}"'


@pytest.mark.parametrize(
    ("at", "place", "line"),
    [
        ("2027-03-28T02:30", "", "Europe/Berlin show 2027-03-28 02:30, since they are put forward; write 03:00"),
        ("2027-03-28T02:00", "", "Europe/Berlin show 2027-03-28 02:00, since they are put forward; write 03:00"),
        (
            "2027-03-14T02:59:59",
            "    place: {name: {en: A town}, zone: America/New_York}\n",
            "America/New_York show 2027-03-14 02:59:59, since they are put forward; write 03:00",
        ),
    ],
)
def test_a_time_that_no_clock_shows_is_refused(tmp_path: Path, at: str, place: str, line: str) -> None:
    assert lines_of(load(tmp_path, moment(at, place)), tmp_path) == [
        f"events.yaml:17:18: error: no clocks in {line}, or another time"
    ]


@pytest.mark.parametrize("at", ["2027-03-28T01:59", "2027-03-28T03:00", "2027-03-28T02:30+01:00"])
def test_times_beside_it_are_read(tmp_path: Path, at: str) -> None:
    assert load(tmp_path, moment(at)).problems == ()


def test_an_items_own_place_says_which_clocks_are_meant(tmp_path: Path) -> None:
    own = moment("2027-03-28T02:30").replace(", text:", ", place: {name: {en: A town}, zone: Asia/Baku}, text:")

    assert load(tmp_path, own).problems == ()


def test_a_broken_event_leaves_nothing_to_the_next_one(tmp_path: Path) -> None:
    broken = moment("2031-03-01T12:00").replace("rule: 1 March", "rule: 1 Marsh")
    lines = lines_of(load(tmp_path, broken + "  - {id: b-day, heading: {en: B}, rule: 2 March}\n"), tmp_path)

    assert [line.partition(": error: ")[2][:10] for line in lines] == ['the rule "']
