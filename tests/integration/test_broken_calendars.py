"""Broken calendars, each with every line `notifier check` prints of it, in that order: place, sentence and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from notifier.catalog.problems import Problem, Severity
from notifier.content.language import Languages
from notifier.usecases.check import check_calendar
from tests.factories import LOCALES, ROOT

BROKEN = ROOT / "tests/golden/broken"
NAMES = sorted(path.stem for path in BROKEN.iterdir() if path.suffix != ".txt")
LANGUAGES = Languages(LOCALES).tags
TODAY = date(2026, 11, 22)


def findings(name: str) -> list[Problem]:
    """Check one of them; files are named from its folder, so that places read the same on every machine."""
    folder = BROKEN / name
    file = folder / "events.yaml" if folder.is_dir() else BROKEN / f"{name}.yaml"
    return check_calendar([file], LANGUAGES, TODAY)[1]


def lines(name: str) -> Iterator[str]:
    found = findings(name)
    for severity in Severity:
        for problem in found:
            if problem.severity is severity:
                yield problem.line.replace(f"{BROKEN}/", "")


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_calendar_gives_exactly_these_lines(name: str) -> None:
    expected = (BROKEN / f"{name}.txt").read_text("utf-8").splitlines()

    assert list(lines(name)) == expected
    assert expected


def test_there_are_at_least_sixty() -> None:
    assert len(NAMES) >= 60
    assert {path.stem for path in BROKEN.glob("*.txt")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_line_is_one_sentence_of_a_length_to_be_read(name: str) -> None:
    for line in lines(name):
        assert len(line) < 750
        assert line.isprintable() or "\u200c" in line
