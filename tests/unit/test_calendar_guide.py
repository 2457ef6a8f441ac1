"""What the guide to the calendar's file shows can be written so."""

from __future__ import annotations

import re
from datetime import date

import pytest

from notifier.domain.origin_forms import parse_origin
from notifier.domain.origins import counting
from notifier.domain.rules import CalendarSystem
from notifier.domain.rules.grammar import parse_rule
from tests.factories import ROOT

GUIDE = (ROOT / "docs" / "calendar.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def rows(section: str) -> list[list[str]]:
    """Return the rows of a section's tables, without their heads."""
    body = GUIDE.split(f"\n## {section}\n")[1].split("\n#")[0]
    lines = [line for line in body.splitlines() if line.startswith("| ")]
    return [
        line.strip("| ").split(" | ") for line in lines if not line.startswith(("| days |", "| form |", "| written |"))
    ]


RULES = [example for row in rows("Rules") for example in CODE.findall(row[1])]
ORIGINS = [(example, row[2]) for row in rows("Origins") for example in CODE.findall(row[0])]


@pytest.mark.parametrize("example", RULES)
def test_every_rule_it_shows_is_read(example: str) -> None:
    assert parse_rule(example).system in CalendarSystem


def test_it_shows_many() -> None:
    assert len(RULES) >= 30
    assert len(ORIGINS) > 15


@pytest.mark.parametrize(("example", "counted_from"), ORIGINS)
def test_every_origin_it_shows_counts_as_it_says(example: str, counted_from: str) -> None:
    origin = parse_origin(example)

    counted = counting(origin, origin.system).ordinal_from is not None
    assert counted is ("no ordinal" not in counted_from)


def test_the_examples_in_its_text_are_true() -> None:
    ashura = parse_rule("10 Muharram")

    assert "10 Muharram of 1448\nfalls on 25 June 2026, and twice in 2042, in 1464 and in 1465." in GUIDE
    assert [day.year for day in ashura.between(date(2042, 1, 1), date(2043, 1, 1))] == [1464, 1465]
    assert (1448, date(2026, 6, 25), date(2026, 6, 25)) in list(ashura.between(date(2026, 1, 1), date(2027, 1, 1)))
    assert counting(parse_origin("1990-01-20"), CalendarSystem.HIJRI).ordinal_from == 1410
