"""Calendars of thousands of events."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.catalog.load import load_catalog
from notifier.domain.errors import UnknownSelectionTermError
from notifier.domain.selections import check_selection, names_beside, parse_selection
from tests.factories import khojaly, make_catalog, make_event

HEAD = """\
version: 1
calendar:
  id: days.example.org
  name: {en: Days}
  published: 2026-11-21
  languages: [en]
parties: {}
sources: {}
events:
"""
EVENT = """\
  - id: a-day
    heading: {en: A day}
    rule: 1 March
"""


def test_two_thousand_events_are_read_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "events.yaml"
    path.write_text(HEAD + "".join(EVENT.replace("a-day", f"day-{number}") for number in range(2_000)))

    loaded = load_catalog([path], ("en",))

    assert loaded.catalog is not None, loaded.problems
    assert len(loaded.catalog.events) == 2_000


def test_an_unknown_term_is_compared_with_few_names_however_many_there_are() -> None:
    # Each comparison takes some hundredths of a millisecond, and whoever sends nonsense decides how often.
    many = {f"day-{number:04}" for number in range(3_000)}

    beside = names_beside("day-00005", many)
    assert "day-0000" in beside
    assert len(beside) <= 40
    assert names_beside("x" * 2_000, many) == []
    with pytest.raises(UnknownSelectionTermError, match=r"did you mean khojaly\?"):
        check_selection(parse_selection("khojali"), make_catalog(*map(make_event, many), khojaly()))
