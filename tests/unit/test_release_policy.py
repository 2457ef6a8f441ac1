"""How the calendar file says that messages wait for an operator."""

from __future__ import annotations

from pathlib import Path

import pytest

from notifier.domain.events import Release
from tests.unit.test_catalog import SMALL, catalog_of, lines_of, load

BY_HAND = SMALL.replace("languages: [en]\n", "languages: [en]\n  release: {mourning: by hand}\n")


@pytest.mark.parametrize(
    ("kind", "own", "release"),
    [
        ("mourning", "", Release.BY_HAND),
        ("national", "", Release.AT_ONCE),
        ("mourning", "at once", Release.AT_ONCE),
        ("national", "by hand", Release.BY_HAND),
    ],
)
def test_an_event_is_released_as_it_says_itself_else_as_its_kind_is(
    tmp_path: Path, kind: str, own: str, release: Release
) -> None:
    event = f"    rule: 1 March\n    kind: {kind}\n" + (f"    release: {own}\n" if own else "")
    catalog = catalog_of(load(tmp_path, BY_HAND.replace("    rule: 1 March\n", event)))

    assert catalog.calendar.release_of(catalog.events[0]) is release


def test_without_a_word_everything_is_released_at_once(tmp_path: Path) -> None:
    catalog = catalog_of(load(tmp_path, SMALL))

    assert catalog.calendar.release_of(catalog.events[0]) is Release.AT_ONCE


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            BY_HAND.replace("by hand", "byhand"),
            'events.yaml:7:23: error: release is one of at once, by hand, not "byhand"; did you mean "by hand"?',
        ),
        (
            BY_HAND.replace("mourning", "morning"),
            (
                "events.yaml:7:13: error: a kind is one of mourning, memorial, religious, national, neutral, "
                'not "morning"; did you mean "mourning"?'
            ),
        ),
        (
            SMALL + "    release: never\n",
            'events.yaml:13:14: error: release is one of at once, by hand, not "never"',
        ),
        (SMALL + "    release: [by hand]\n", "events.yaml:13:14: error: release is a text, not a list"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, text: str, line: str) -> None:
    assert lines_of(load(tmp_path, text), tmp_path) == [line]
