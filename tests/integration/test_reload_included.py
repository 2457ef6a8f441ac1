"""Included files are watched, read again and kept like the file that names them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifier.usecases.reload import CalendarError
from tests.integration.test_reload import HEAD, LATER, NOW, Place, ids

DAY = "  - {{id: {id}, heading: {{en: The {id}}}, origin: 1990-01-01, kind: memorial}}\n"


@pytest.fixture
def place(tmp_path: Path, engine: Engine) -> Place:
    place = Place(tmp_path / "events.yaml", engine)
    days = "".join(DAY.format(id=f"own-{n}") for n in range(9))
    place.file.write_text(f"{HEAD}include: [calendars/world.yaml]\nevents:\n{days}", "utf-8")
    (tmp_path / "calendars").mkdir()
    included(place, "world-day")
    return place


def included(place: Place, id_: str) -> None:
    file = place.file.parent / "calendars/world.yaml"
    file.write_text(f"version: 1\nevents:\n{DAY.format(id=id_)}", "utf-8")


def test_a_change_of_an_included_file_is_seen_and_read(place: Place) -> None:
    calendar = place.open()
    calendar.start(NOW)
    assert ids(calendar)[-1] == "world-day"
    assert {file.name for file in calendar.files} == {"events.yaml", "world.yaml"}
    assert not calendar.changed()

    included(place, "another-day")
    assert calendar.changed()
    calendar.reload(LATER)

    assert ids(calendar)[-1] == "another-day"
    assert not calendar.changed()


def test_a_broken_or_missing_included_file_leaves_the_last_good_calendar(place: Place) -> None:
    calendar = place.open()
    calendar.start(NOW)
    before = calendar.in_use

    world = place.file.parent / "calendars/world.yaml"
    for there in (True, False):
        if there:
            world.write_text("version: 1\nevents: [\n", "utf-8")
        else:
            world.unlink()
        assert calendar.changed()
        with pytest.raises(CalendarError):
            calendar.reload(LATER)
        assert calendar.in_use is before

    included(place, "world-day")
    calendar.reload(LATER)
    assert ids(calendar)[-1] == "world-day"


def test_one_that_was_missing_is_waited_for(place: Place) -> None:
    calendar = place.open()
    calendar.start(NOW)
    world = place.file.parent / "calendars/world.yaml"
    world.unlink()
    with pytest.raises(CalendarError):
        calendar.reload(LATER)

    included(place, "back-again")

    assert calendar.changed()


def test_a_held_calendar_is_served_from_what_was_kept_of_all_its_files(place: Place) -> None:
    place.open().start(NOW)
    place.file.write_text(f"{HEAD}events:\n{DAY.format(id='own-0')}", "utf-8")

    calendar = place.open()
    calendar.start(LATER)

    assert len(ids(calendar)) == 10
    assert "world-day" in ids(calendar)
    assert calendar.errors
