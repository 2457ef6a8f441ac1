"""Finished pages kept in memory, each rendered once for as long as it is kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from concurrent.futures import Future
from threading import Lock

from notifier.content.resources import Resource


class Shelf:
    """Pages by name, at most so many bytes of them; the one read longest ago goes first.

    `beside` is counted for each beside its body, where small ones with long names could otherwise fill the memory.
    Readers who ask for the same page at the same moment wait for one rendering.
    """

    def __init__(self, most_bytes: int, beside: int = 0) -> None:
        self._most_bytes = most_bytes
        self._beside = beside
        self._bytes = 0
        self._pages: OrderedDict[str, Future[Resource]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: str, render: Callable[[], Resource]) -> Resource:
        """Return the page, rendered now if it is not there. A rendering that fails fails for all who wait for it."""
        mine: Future[Resource] = Future()
        with self._lock:
            page = self._pages.setdefault(name, mine)
            self._pages.move_to_end(name)
        return self._rendered(name, mine, render) if page is mine else page.result()

    def peek(self, name: str) -> Resource | None:
        """Return the page where it is there already."""
        with self._lock:
            page = self._pages.get(name)
            if page is None or not page.done() or page.exception() is not None:
                return None
            self._pages.move_to_end(name)
            return page.result()

    def handed_on(self, names: Collection[str]) -> Shelf:
        """Return a new shelf that has those of these pages that are there."""
        new = Shelf(self._most_bytes, self._beside)
        with self._lock:
            finished = [(name, page) for name, page in self._pages.items() if name in names and page.done()]
        for name, page in finished:
            new._pages[name] = page
            new._bytes += len(page.result().body) + self._beside
        return new

    def _rendered(self, name: str, page: Future[Resource], render: Callable[[], Resource]) -> Resource:
        try:
            resource = render()
        except BaseException as error:
            with self._lock:
                del self._pages[name]
            page.set_exception(error)
            raise
        with self._lock:
            page.set_result(resource)
            self._bytes += len(resource.body) + self._beside
            self._make_room()
        return resource

    def _make_room(self) -> None:
        """Drop what was read longest ago; what is still being rendered has no size yet, and stays."""
        for name, page in list(self._pages.items()):
            if self._bytes <= self._most_bytes:
                return
            if page.done():
                del self._pages[name]
                self._bytes -= len(page.result().body) + self._beside
