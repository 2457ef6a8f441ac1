"""Long trials of a whole year; `make soak` runs them."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.integration.test_year import live_through_a_year
from tests.integration.test_year_of_trouble import Trial, run
from tests.year import ZONES

A_YEAR = 366


@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize(
    ("database_url", "people", "kinds"),
    [("sqlite", 10_000, 2_000), ("postgresql", 500, 3 * len(ZONES))],
    indirect=["database_url"],
)
def test_in_a_year_readers_get_exactly_what_they_were_promised(
    tmp_path: Path, database_url: str, people: int, kinds: int
) -> None:
    began = time.monotonic()
    messages = live_through_a_year(tmp_path, database_url, people, kinds)

    assert messages > 20 * people
    _tell(f"{people} readers, a year: {messages} messages", began)


@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize(
    ("database_url", "seed"),
    [("sqlite", 0), ("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgresql", 4)],
    indirect=["database_url"],
)
def test_whatever_goes_wrong_in_a_year_what_is_useful_comes_once(tmp_path: Path, database_url: str, seed: int) -> None:
    began = time.monotonic()
    trial = Trial(tmp_path, database_url, random.Random(seed), people=500)  # noqa: S311  # the same troubles each time
    messages = run(trial, A_YEAR)

    assert messages > 20 * A_YEAR
    _tell(f"500 readers, a year of trouble, seed {seed}: {messages} messages", began)


def _tell(figures: str, began: float) -> None:
    """Say the figures of a trial; `began` is of the monotonic clock."""
    print(f"{figures} in {time.monotonic() - began:.0f} s")  # noqa: T201
