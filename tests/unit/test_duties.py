"""What is done at intervals."""

from __future__ import annotations

import threading
import time

import pytest

from notifier.duties import _repeat


class Stopping(threading.Event):
    """Says after so many rounds that it is time to stop; waits for nothing, and keeps what it was to wait."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._rounds = rounds
        self.waited: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout or 0.0)
        if len(self.waited) == self._rounds:
            self.set()
        return self.is_set()


def test_a_duty_is_done_at_once_and_again_so_long_after_it_began() -> None:
    done, stopping = [], Stopping(3)

    _repeat(lambda: done.append(1), 20, stopping)

    assert len(done) == 3
    assert stopping.waited == pytest.approx([20, 20, 20], abs=0.5)


def test_what_takes_longer_than_its_interval_is_done_again_at_once() -> None:
    stopping = Stopping(1)

    _repeat(lambda: time.sleep(0.02), 0.01, stopping)

    assert stopping.waited == [0]


def test_nothing_is_begun_once_it_is_time_to_stop() -> None:
    stopping = Stopping(1)
    stopping.set()

    _repeat(lambda: pytest.fail("begun"), 20, stopping)
