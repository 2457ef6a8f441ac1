"""A long run that is killed fifty times; `make soak` runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.databases import postgresql, sqlite
from tests.kills import CONNECTIONS, kill_again_and_again

MESSAGES, KILLS = 20_000, 50


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_fifty_kills_of_a_run_lose_nothing(tmp_path: Path, kind: str) -> None:
    with {"sqlite": sqlite, "postgresql": postgresql}[kind]() as database:
        repeats = kill_again_and_again(tmp_path, database, MESSAGES, KILLS)

    assert repeats <= KILLS * CONNECTIONS
    print(f"{kind}: {repeats} of {MESSAGES} messages came twice after {KILLS} kills")  # noqa: T201  # the trial's figure
