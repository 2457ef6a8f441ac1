"""Nothing is lost when the sending process is killed, and hardly anything comes twice."""

from __future__ import annotations

from pathlib import Path

from benchmarks.databases import postgresql
from tests.kills import CONNECTIONS, kill_again_and_again

MESSAGES, KILLS = 2_000, 5


def test_five_kills_of_a_run_lose_nothing(tmp_path: Path) -> None:
    repeats = kill_again_and_again(tmp_path, f"sqlite:///{tmp_path}/notifier.db", MESSAGES, KILLS)

    assert repeats <= KILLS * CONNECTIONS


def test_nor_do_they_on_postgresql(tmp_path: Path) -> None:
    with postgresql() as database:
        repeats = kill_again_and_again(tmp_path, database, MESSAGES, KILLS)

    assert repeats <= KILLS * CONNECTIONS
