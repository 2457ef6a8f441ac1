"""Limits on how often something may be asked for, kept in this process's memory."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta

AN_HOUR = timedelta(hours=1)


class Quota:
    """At most so many times in any `span` for each key; of at most so many keys, the one heard of longest ago goes."""

    def __init__(self, most: int, span: timedelta = AN_HOUR, most_keys: int = 10_000) -> None:
        self._most = most
        self._span = span
        self._most_keys = most_keys
        self._taken: OrderedDict[str, deque[datetime]] = OrderedDict()

    def wait(self, key: str, now: datetime) -> timedelta | None:
        """Return how long it is until the key may again; None where it may now. Nothing is taken."""
        taken = self._taken.get(key)
        if taken is None:
            return None
        while taken and taken[0] <= now - self._span:
            taken.popleft()
        if len(taken) < self._most:
            return None
        return taken[0] + self._span - now

    def take(self, key: str, now: datetime) -> None:
        """Count one."""
        taken = self._taken.setdefault(key, deque(maxlen=self._most))
        taken.append(now)
        self._taken.move_to_end(key)
        if len(self._taken) > self._most_keys:
            self._taken.popitem(last=False)


class Quotas:
    """A limit for each client, and one for all of them together. For one thread: the server's own."""

    def __init__(self, each: Quota, together: Quota) -> None:
        self._each = each
        self._together = together

    def wait(self, client: str, now: datetime) -> timedelta | None:
        """Return how long this client has to wait; None where it has not to. Nothing is counted."""
        waits = [wait for quota, key in self._of(client) if (wait := quota.wait(key, now)) is not None]
        return max(waits, default=None)

    def take(self, client: str, now: datetime) -> timedelta | None:
        """Count one, and return None; or count nothing, and return how long this client has to wait."""
        wait = self.wait(client, now)
        if wait is None:
            for quota, key in self._of(client):
                quota.take(key, now)
        return wait

    def _of(self, client: str) -> tuple[tuple[Quota, str], tuple[Quota, str]]:
        return (self._each, client), (self._together, "")
