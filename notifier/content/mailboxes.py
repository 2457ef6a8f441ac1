"""Mail addresses as they go over the wire."""

from __future__ import annotations

import re
from email.utils import quote
from typing import ClassVar

from notifier.domain.errors import AddressError

# RFC 5322 §3.2.3
_DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NEVER_IN_A_LOCAL_PART = re.compile(r"[\x00-\x1f\x7f]")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9_-]+(?<!-)(?:\.(?!-)[A-Za-z0-9_-]+(?<!-))*|\[[0-9A-Fa-f.:IPv]+\]")


class LocalPartError(AddressError):
    """An address no server without SMTPUTF8 (RFC 6531) can take, and this service does not use that."""

    sentence: ClassVar[str] = '"{address}" cannot be written to: letters outside ASCII stand before the @'


def ascii_address(address: str) -> str:
    """Return the address as envelope and header carry it, its domain as A-labels (RFC 5891 §4.4).

    A local part that is no dot-atom is quoted. Raises LocalPartError for one outside ASCII, and AddressError for what
    is no address at all, line ends among it.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at) or _NEVER_IN_A_LOCAL_PART.search(local):
        raise AddressError(address=address)
    if not local.isascii():
        raise LocalPartError(address=address)
    domain = domain if domain.isascii() else _a_labels(domain, address)
    if not _DOMAIN.fullmatch(domain):
        raise AddressError(address=address)
    if not _DOT_ATOM.fullmatch(local) and not _is_quoted(local):
        local = f'"{quote(local)}"'
    return f"{local}@{domain}"


def _is_quoted(local: str) -> bool:
    return re.fullmatch(r'"(?:[^"\\]|\\.)*"', local) is not None


def _a_labels(domain: str, address: str) -> str:
    import idna

    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError as error:
        raise AddressError(address=address) from error
