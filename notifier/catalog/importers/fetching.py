"""Getting a calendar from the web: https alone, public addresses alone, bounded in size and time.

A name is resolved once and the connection goes to that very address, so that no second answer of the name server can
lead elsewhere. Every redirect is looked at in the same way.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from threading import Timer
from time import monotonic
from urllib.parse import urljoin, urlsplit

from notifier.catalog.importers.content_lines import LARGEST
from notifier.catalog.importers.imported import ImportSourceError

STEP = 10.0
"""Seconds for each step of an answer."""

WHOLE = 30.0
"""Seconds for everything."""

_MOST_REDIRECTS = 3
_PIECE = 65_536
_MOVED = frozenset({301, 302, 303, 307, 308})


class Pinned(HTTPSConnection):
    """A connection to an address that was looked at; the certificate has to be the name's."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=STEP, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Connect to the address, and speak TLS with the name."""
        plain = socket.create_connection((self._address, self.port), STEP)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)

    def give_up(self) -> None:
        """End the connection, whoever waits for it."""
        if (there := self.sock) is not None:
            with suppress(OSError):
                there.shutdown(socket.SHUT_RDWR)


def fetch(url: str, connect: Callable[[str, str], Pinned] | None = None) -> bytes:
    """Return what stands at an https address. Raises ImportSourceError.

    `connect` makes the connection for the address that was asked for and, after redirects, the one it has come to.
    """
    connect = connect or pinned_connection
    end, at = monotonic() + WHOLE, url
    for _ in range(_MOST_REDIRECTS + 1):
        connection = connect(url, at)
        # A server that sends a little now and then would keep each step short, and never end.
        watch = Timer(max(end - monotonic(), 0.0), connection.give_up)
        watch.daemon = True
        watch.start()
        try:
            answer = _answer(connection, at)
            if answer.status in _MOVED and (target := answer.getheader("Location")):
                at = urljoin(at, target)
                continue
            if answer.status != 200:
                raise ImportSourceError(source=url, cause=f"the server answers {answer.status}")
            return _body(url, answer, end)
        except (OSError, HTTPException, ValueError) as error:
            raise ImportSourceError(
                source=url, cause=f"it cannot be fetched ({str(error) or type(error).__name__})"
            ) from error
        finally:
            watch.cancel()
            connection.close()
    raise ImportSourceError(source=url, cause=f"it was redirected more than {_MOST_REDIRECTS} times")


def pinned_connection(url: str, at: str) -> Pinned:
    """Return a connection to a public https address, not open yet. Raises ImportSourceError."""
    try:
        parts = urlsplit(at)
        host, port = parts.hostname, parts.port or 443
    except ValueError as error:
        raise ImportSourceError(source=url, cause="it is not an address") from error
    if parts.scheme != "https" or not host or parts.username is not None:
        raise ImportSourceError(source=url, cause="only https addresses without a password are fetched")
    return Pinned(host, port, public_address(url, host, port))


def public_address(url: str, host: str, port: int) -> str:
    """Return an address of a host, all of whose addresses are public. Raises ImportSourceError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ImportSourceError(source=url, cause=f"{host} has no address") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        if not is_public(address):
            raise ImportSourceError(source=url, cause=f"{host} is not on the public network ({address})")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether anybody could reach an address; one that stands for an IPv4 address is as public as that."""
    ip = ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def _answer(connection: HTTPSConnection, at: str) -> HTTPResponse:
    parts = urlsplit(at)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "User-Agent": "remembrance-notifier",
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "identity",
    }
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def _body(url: str, answer: HTTPResponse, end: float) -> bytes:
    parts, size = list[bytes](), 0
    while piece := answer.read1(_PIECE):
        parts.append(piece)
        size += len(piece)
        if size > LARGEST:
            raise ImportSourceError(source=url, cause=f"it is larger than {LARGEST // 1_000_000} MB")
    if monotonic() > end:
        raise ImportSourceError(source=url, cause=f"it took longer than {WHOLE:.0f} seconds")
    if answer.length:
        raise ImportSourceError(source=url, cause="the connection ended before the file did")
    return b"".join(parts)
