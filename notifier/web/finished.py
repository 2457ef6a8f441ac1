"""Finished answers kept in memory, bounded in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Finished(Generic[T]):
    """At most so many bytes of answers; the one asked for longest ago goes first.

    One that is larger than all there may be is not kept. For one thread.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self.bytes = 0
        """What is kept at present."""

    def get(self, key: Hashable) -> T | None:
        """Return what is kept under this key."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def keep(self, key: Hashable, answer: T, size: int) -> None:
        """Keep an answer of so many bytes in place of what the key had, and drop what there is no room for."""
        _, before = self._kept.pop(key, (None, 0))
        self._kept[key] = (answer, size)
        self.bytes += size - before
        while self.bytes > self._most_bytes:
            _, (_, dropped) = self._kept.popitem(last=False)
            self.bytes -= dropped
