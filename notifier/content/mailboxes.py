"""Mail addresses as they go over the wire."""

from __future__ import annotations

import re
from email.utils import quote
from typing import ClassVar

from notifier.domain.errors import AddressError
from notifier.domain.preferences import a_labels

# RFC 5322 §3.2.3, and RFC 6531 §3.3 for what lies outside ASCII
_DOT_ATOM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+)*"
)
_NEVER_IN_A_LOCAL_PART = re.compile(r"[\x00-\x1f\x7f]")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9_-]+(?<!-)(?:\.(?!-)[A-Za-z0-9_-]+(?<!-))*|\[[0-9A-Fa-f.:IPv]+\]")


class LocalPartError(AddressError):
    """An address that cannot be used where no server is known to take it (RFC 6531)."""

    sentence: ClassVar[str] = '"{address}" cannot be used: letters outside ASCII stand before the @'


def ascii_address(address: str) -> str:
    """Return the address as envelope and header carry it, all of it ASCII.

    Raises LocalPartError where letters outside ASCII stand before the @, and AddressError for what is no address.
    """
    on_the_wire = wire_address(address)
    if not on_the_wire.isascii():
        raise LocalPartError(address=address)
    return on_the_wire


def wire_address(address: str) -> str:
    """Return the address as envelope and header carry it, its domain as A-labels (RFC 5891 §4.4).

    A local part that is no dot-atom is quoted; one outside ASCII stays as it is, and only a server with SMTPUTF8 takes
    it (RFC 6531 §3.3). Raises AddressError for what is no address at all, line ends among it.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at) or _NEVER_IN_A_LOCAL_PART.search(local):
        raise AddressError(address=address)
    if not local.isascii() and not local.isprintable():
        raise AddressError(address=address)
    domain = domain if domain.isascii() else a_labels(domain, address)
    if not _DOMAIN.fullmatch(domain):
        raise AddressError(address=address)
    if not _DOT_ATOM.fullmatch(local) and not _is_quoted(local):
        local = f'"{quote(local)}"'
    return f"{local}@{domain}"


def _is_quoted(local: str) -> bool:
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"', local) is not None
