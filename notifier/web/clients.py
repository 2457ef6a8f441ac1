"""Who sends a request, as far as limits need to know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SUBNET = 64
"""Bits of an IPv6 address that belong to one household; the rest it may choose anew for every request."""

_MOST_HOPS = 20


def client_of(scope: Scope, trusted: Iterable[Network]) -> str:
    """Return the client's address, for IPv6 its /64 network; "" where there is none, as on a socket in a folder.

    X-Forwarded-For is believed from the right, as far as the addresses in it are `trusted` proxies.
    """
    trusted = tuple(trusted)
    client: Address | None = None
    for hop in _hops(scope):
        client = hop
        if not any(hop in network for network in trusted):
            break
    if isinstance(client, IPv6Address):
        return str(ip_network((client, _SUBNET), strict=False))
    return "" if client is None else str(client)


def _hops(scope: Scope) -> Iterator[Address]:
    """Yield the addresses a request came by, the nearest first; none after one that cannot be read."""
    peer = scope.get("client")
    named = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    forwarded = [one for one in named.split(",") if one.strip()][-_MOST_HOPS:]
    for text in [*([peer[0]] if peer else []), *reversed(forwarded)]:
        address = _read(text)
        if address is None:
            return
        yield address


def _read(text: str) -> Address | None:
    """Read an address, with or without a port as some proxies write it."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
