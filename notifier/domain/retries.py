"""When what did not go out is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

_FIRST_AGAIN = timedelta(minutes=1)
_LONGEST_AGAIN = timedelta(minutes=30)
_FIRST_RETRY = timedelta(minutes=30)
_LONGEST_RETRY = timedelta(hours=6)
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=15)

SHORTLY = timedelta(hours=1)
"""After this a message that may have arrived is sent once more."""


def again_at(now: datetime, attempts: int) -> datetime:
    """Return when a message is due again that broke off on its way: a minute after the first, doubling to 30.

    `attempts` counts those made so far and is at least 1.
    """
    return now + _doubling(_FIRST_AGAIN, _LONGEST_AGAIN, attempts)


def retry_at(now: datetime, attempts: int) -> datetime:
    """Return when a message is tried again that a server put off: 30 minutes after the first attempt, doubling to 6 h.

    `attempts` counts those made so far and is at least 1.
    """
    return now + _doubling(_FIRST_RETRY, _LONGEST_RETRY, attempts)


def pause_after(stops: int) -> timedelta:
    """Return how long sending rests after so many stops in a row, at least 1: a minute, doubling to 15."""
    return _doubling(_FIRST_PAUSE, _LONGEST_PAUSE, stops)


def _doubling(first: timedelta, longest: timedelta, times: int) -> timedelta:
    doubled: int = 2 ** min(times - 1, 10)
    return min(first * doubled, longest)
