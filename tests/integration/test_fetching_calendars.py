"""Calendars from the web: redirects are followed a little way and looked at like any address; sizes have a bound."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from notifier.catalog.importers.content_lines import LARGEST
from notifier.catalog.importers.fetching import Pinned, fetch, pinned_connection
from notifier.catalog.importers.imported import ImportSourceError

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
REDIRECTS = {
    "/moved": (301, "/days.ics"),
    "/elsewhere": (308, "https://example.org/moved"),
    "/in-a-circle": (302, "/in-a-circle"),
    "/to-plain-http": (302, "http://example.org/days.ics"),
    "/to-a-file": (303, "file:///etc/passwd"),
    "/inwards": (307, "https://127.0.0.1/days.ics"),
    "/with-a-password": (302, "https://user:word@example.org/days.ics"),
}


class Site(BaseHTTPRequestHandler):
    """A site with a calendar, redirects, and a file without end."""

    asked: list[str]

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.asked.append(self.path)
        status, target = REDIRECTS.get(self.path, (200, ""))
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.end_headers()
        if self.path == "/endless.ics":
            while True:
                self.wfile.write(b" " * 1_000_000)
        elif status == 200:
            self.wfile.write(CALENDAR)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Plain(Pinned):
    """A connection without TLS, to the site of these tests."""

    def connect(self) -> None:
        """Connect to the site."""
        self.sock = socket.create_connection((self._address, self.port), 5)


@pytest.fixture
def asked() -> list[str]:
    """The paths the site was asked for."""
    return []


@pytest.fixture
def connect(asked: list[str]) -> Iterator[Callable[[str, str], Pinned]]:
    """What connects to the site in place of example.org; every other address is looked at as always."""
    with ThreadingHTTPServer(("127.0.0.1", 0), type("ThisSite", (Site,), {"asked": asked})) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign] # whoever has had enough hangs up
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def connection(url: str, at: str) -> Pinned:
            if at.startswith("https://example.org/"):
                return Plain("127.0.0.1", server.server_port, "127.0.0.1")
            return pinned_connection(url, at)

        yield connection
        server.shutdown()


@pytest.mark.parametrize("path", ["/days.ics", "/moved", "/elsewhere"])
def test_a_redirect_is_followed(connect: Callable[[str, str], Pinned], path: str) -> None:
    assert fetch(f"https://example.org{path}", connect) == CALENDAR


def test_not_for_ever(connect: Callable[[str, str], Pinned], asked: list[str]) -> None:
    with pytest.raises(ImportSourceError, match="it was redirected more than 3 times"):
        fetch("https://example.org/in-a-circle", connect)

    assert asked == ["/in-a-circle"] * 4


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/to-plain-http", "only https addresses without a password are fetched"),
        ("/to-a-file", "only https addresses without a password are fetched"),
        ("/with-a-password", "only https addresses without a password are fetched"),
        ("/inwards", "127.0.0.1 is not on the public network"),
    ],
)
def test_nor_to_where_no_import_may_go(
    connect: Callable[[str, str], Pinned], asked: list[str], path: str, sentence: str
) -> None:
    with pytest.raises(ImportSourceError, match=sentence):
        fetch(f"https://example.org{path}", connect)

    assert asked == [path]


def test_what_has_no_end_is_given_up_at_the_limit(connect: Callable[[str, str], Pinned]) -> None:
    with pytest.raises(ImportSourceError, match=f"it is larger than {LARGEST // 1_000_000} MB"):
        fetch("https://example.org/endless.ics", connect)
