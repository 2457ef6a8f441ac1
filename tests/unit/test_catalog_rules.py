"""Rules in calendar files: where a mistake is told, and days that are told by other events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from notifier.catalog.load import Loaded, load_catalog
from notifier.domain.events import Begins, Catalog
from notifier.domain.occurrences import occurrences_between

HEAD = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days}
  published: 2026-12-01
  languages: [en]
parties: {}
sources: {}
events:
"""
VIGIL = "  - {id: vigil, was: [eve], heading: {en: Vigil}, rule: 7 days before event:day}\n"
DAY = "  - {id: day, heading: {en: Day}, rule: 20 January}\n"


def load(folder: Path, events: str) -> Loaded:
    (folder / "events.yaml").write_text(HEAD + events, encoding="utf-8")
    return load_catalog([folder / "events.yaml"], ["en"])


def lines_of(folder: Path, events: str) -> list[str]:
    return [str(problem).removeprefix(f"{folder}/events.yaml:") for problem in load(folder, events).problems]


def catalog_of(loaded: Loaded) -> Catalog:
    assert loaded.catalog is not None, loaded.problems
    return loaded.catalog


def days(folder: Path, events: str, id_: str = "vigil", year: int = 2027) -> list[str]:
    event = catalog_of(load(folder, events)).event(id_)
    assert event is not None
    return [str(one.first) for one in occurrences_between([event], date(year, 1, 1), date(year + 1, 1, 1))]


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("rule: 20 Janury", "12:14"),
        ('rule: "20 Janury"', "12:15"),
        ("rule: '20 Janury'", "12:15"),
        ("rule:   20 Janury", "12:16"),
        ("rule: 20\n      Janury", "12:11"),  # in two lines: where it begins
        ("rule: >-\n      20 Janury", "12:11"),
        ('rule: "20 \\x4aanury"', "12:11"),  # with escapes: likewise
    ],
)
def test_a_mistake_in_a_rule_is_told_at_its_character(tmp_path: Path, rule: str, place: str) -> None:
    [line] = lines_of(tmp_path, f"  - id: day\n    heading: {{en: Day}}\n    {rule}\n")

    expected = 'cannot be read from "Janury" on; expected a month; did you mean "January"?'
    assert line == f'{place}: error: the rule "20 Janury" {expected}'


# --- told by other events ----------------------------------------------------------------------------------------


def test_a_day_is_told_by_an_event_that_comes_later_in_the_file(tmp_path: Path) -> None:
    """Asked for in hebcal/hebcal#211."""
    assert days(tmp_path, VIGIL + DAY) == ["2027-01-13"]


def test_it_is_told_by_a_former_id_and_from_an_included_file(tmp_path: Path) -> None:
    more = "version: 1\nevents:\n  - {id: anniversary, was: [day], heading: {en: Day}, rule: 20 January}\n"
    (tmp_path / "more.yaml").write_text(more)
    head = HEAD.replace("parties: {}", "include: [more.yaml]")
    (tmp_path / "events.yaml").write_text(head + VIGIL)
    loaded = load_catalog([tmp_path / "events.yaml"], ["en"])

    [vigil, _] = catalog_of(loaded).events

    [occurrence] = occurrences_between([vigil], date(2027, 1, 1), date(2028, 1, 1))
    assert occurrence.first == date(2027, 1, 13)


def test_it_follows_the_other_events_moved_years_and_not_its_hour(tmp_path: Path) -> None:
    moved = (
        "  - id: day\n    heading: {en: Day}\n    rule: 20 January at 08:15\n"
        "    place: {name: {en: Tokyo}, zone: Asia/Tokyo}\n"
        "    exceptions: {2027: {date: 2027-01-22, reason: {en: an election}}}\n"
    )

    assert days(tmp_path, VIGIL + moved) == ["2027-01-15"]
    assert days(tmp_path, VIGIL + moved, year=2028) == ["2028-01-13"]


def test_a_day_is_certain_when_the_day_that_tells_it_is(tmp_path: Path) -> None:
    lunar = "  - {id: day, heading: {en: Day}, rule: 10 Muharram, confirmed: [1448]}\n"
    [vigil, _] = catalog_of(load(tmp_path, VIGIL + lunar)).events

    found = occurrences_between([vigil], date(2026, 1, 1), date(2028, 1, 1))

    assert [(one.year, one.estimated) for one in found] == [(1448, False), (1449, True)]


def test_several_can_be_told_by_one_another_in_a_row(tmp_path: Path) -> None:
    wake = "  - {id: wake, heading: {en: Wake}, rule: Sunday before event:vigil}\n"

    assert days(tmp_path, wake + VIGIL + DAY, "wake") == ["2027-01-10"]


def test_an_event_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, VIGIL.replace("event:day", "event:days") + DAY)

    assert lines == ['10:71: error: there is no event "days" under events:; did you mean "day"?']


def test_an_event_that_cannot_be_read_is_there_all_the_same(tmp_path: Path) -> None:
    [line] = lines_of(tmp_path, VIGIL + DAY.replace("20 January", "20 Janury"))

    assert "cannot be read" in line


@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_of_very_many_days_is_refused(tmp_path: Path, backwards: bool) -> None:  # noqa: FBT001 -- a column
    def chain(length: int) -> str:
        lines = [
            f"  - {{id: day-{n}, heading: {{en: A}}, rule: 2 days before event:day-{n + 1}}}\n" for n in range(length)
        ]
        lines.append(f"  - {{id: day-{length}, heading: {{en: A}}, rule: 20 January}}\n")
        return "".join(reversed(lines) if backwards else lines)

    catalog = catalog_of(load(tmp_path, chain(20)))
    [first] = occurrences_between([e for e in catalog.events if e.id == "day-0"], date(2027, 1, 1), date(2028, 1, 1))
    refused = lines_of(tmp_path, chain(400))

    assert first.first == date(2027, 12, 11)
    assert 10 < len(refused) < 40
    assert all("error: the rule is told by more than 20 other events, each by the next" in line for line in refused)


def test_days_told_in_a_circle_are_refused_with_the_whole_way_round(tmp_path: Path) -> None:
    circle = VIGIL + (
        "  - {id: day, heading: {en: Day}, rule: 3 days after event:wake}\n"
        "  - {id: wake, heading: {en: Wake}, rule: event:vigil}\n"
    )

    [line] = lines_of(tmp_path, circle)
    assert line.startswith("10:71: error: the rule goes round in a circle: vigil → day → wake → vigil; give one of")


def test_a_day_cannot_be_told_by_itself(tmp_path: Path) -> None:
    [line] = lines_of(tmp_path, "  - {id: day, was: [old], heading: {en: Day}, rule: 1 day after event:old}\n")

    assert "in a circle: day → day" in line


def test_a_programme_of_a_day_told_by_another_is_looked_at_when_its_days_are_known(tmp_path: Path) -> None:
    far = VIGIL.removesuffix("}\n") + ', years: {2027: {programme: [{at: "2027-06-01T12:00", text: {en: A}}]}}}\n'
    near = far.replace("2027-06-01", "2027-01-13")

    assert "lies within 40 days" in lines_of(tmp_path, far + DAY)[0]
    assert lines_of(tmp_path, near + DAY) == []


# --- what goes with a rule ---------------------------------------------------------------------------------------


def test_a_time_needs_a_zone(tmp_path: Path) -> None:
    [line] = lines_of(tmp_path, DAY.replace("20 January", "20 January at 08:15"))

    assert line == (
        '10:41: error: the rule "20 January at 08:15" has a time of day, of which zone? write place: {name: …, zone: …}'
    )


@pytest.mark.parametrize(
    ("field", "year"),
    [
        ("confirmed: [2026]", 2026),
        ("exceptions: {2026: {date: 2026-06-26, reason: {en: seen}}}", 2026),
        ("years: {2026: {note: {en: A note}}}", 2026),
        ("until: 2050", 2050),
    ],
)
def test_a_year_of_the_wrong_calendar_is_told(tmp_path: Path, field: str, year: int) -> None:
    [line] = lines_of(tmp_path, f"  - {{id: ashura, heading: {{en: Ashura}}, rule: 10 Muharram, {field}}}\n")

    key = field.partition(":")[0]
    assert f"error: {key}: {year} is a year of the hijri calendar, in which this event's years are counted" in line


def test_years_of_its_own_calendar_are_read(tmp_path: Path) -> None:
    event = (
        "  - {id: ashura, heading: {en: Ashura}, origin: 61 AH, rule: 10 Muharram, confirmed: [1448], until: 1500}\n"
    )

    assert catalog_of(load(tmp_path, event)).events[0].confirmed == (1448,)


def test_the_origins_day_is_the_rule_in_its_own_calendar_too(tmp_path: Path) -> None:
    event = "  - {id: karbala, heading: {en: Karbala}, origin: 10 Muharram 61 AH}\n"

    assert str(catalog_of(load(tmp_path, event)).events[0].rule) == "10 Muharram"


@pytest.mark.parametrize("origin", ["1990-01-20?", "1990-01", "61 AH", "Muharram 61 AH", "1990-01-20/1990-01-21"])
def test_an_origin_whose_day_is_not_certain_needs_a_rule(tmp_path: Path, origin: str) -> None:
    [line] = lines_of(tmp_path, f'  - {{id: day, heading: {{en: Day}}, origin: "{origin}"}}\n')

    assert line.endswith('error: event "day" lacks rule')


def test_an_origin_its_calendar_cannot_count_from_is_told_there(tmp_path: Path) -> None:
    [line] = lines_of(tmp_path, "  - {id: day, heading: {en: Day}, origin: -0043, rule: 10 Muharram}\n")

    assert line.startswith('10:43: error: "-0043" lies before year 1')


def test_an_observance_may_begin_at_sunset(tmp_path: Path) -> None:
    loaded = load(tmp_path, DAY.replace("rule:", "begins: sunset, rule:"))

    assert catalog_of(loaded).events[0].begins is Begins.SUNSET
