"""What a log and those who watch the service may read of what servers and databases say: no address, no token.

Mail servers repeat addresses in their replies, and PostgreSQL repeats rows in its errors.
"""

from __future__ import annotations

import re

HIDDEN = "***"
"""What stands where something was taken out."""

# What stands before an @, in quotes or not; addresses in a row are one, and %40 is an @ in a link.
_ADDRESS = re.compile(r'(?P<scheme>\b[a-z]+://)?(?:"[^"\n]*"|[^\s<>"])+(?:@|%40)')
_SIGNED = re.compile(r"[^\s<>]*\+[0-9]+\.[a-z2-7]{16}\b", re.IGNORECASE)
# PostgreSQL's own words on which values were at fault, which may run over several lines.
_VALUES = re.compile(r"^(?P<what>DETAIL|CONTEXT):.*?(?=^\[SQL:|^\s*$|\Z)", re.MULTILINE | re.DOTALL)


def without_addresses(text: str, *known: str) -> str:
    """Return a text in which addresses are left with their domains alone.

    What stands before the @ of a `known` address is taken out also where it stands by itself.
    """
    shown = text
    for address in known:
        local = address.rpartition("@")[0]
        if local:
            shown = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", HIDDEN, shown, flags=re.IGNORECASE)
    if "@" in shown or "%40" in shown:
        shown = _ADDRESS.sub(lambda found: f"{found['scheme'] or ''}{HIDDEN}@", shown)
    return _SIGNED.sub(HIDDEN, shown) if "+" in shown else shown


def without_values(text: str) -> str:
    """Return what a log says of an error, without addresses and without the values that a database was given."""
    if "DETAIL:" in text or "CONTEXT:" in text:
        text = _VALUES.sub(rf"\g<what>: {HIDDEN}\n", text)
    return without_addresses(text)
