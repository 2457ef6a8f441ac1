"""What somebody wants: language, zone, hour, leads, digest and selection. Equal preferences are one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.domain.errors import AddressError, DigestError, HourError
from notifier.domain.hours import Window, local_date, window_on, zone
from notifier.domain.leads import OwnLeads, parse_own_leads
from notifier.domain.outlooks import DIGESTS
from notifier.domain.selections import Selection, parse_selection
from notifier.domain.texts import LanguageTag

_UNCHOSEN = "default"

_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f<>,;:\"()\[\]\\]{1,64}@[^@\s\x00-\x1f\x7f<>,;:\"()\[\]\\]{1,255}")


@dataclass(frozen=True, slots=True)
class Preference:
    """One way of being told. A digest comes beside the notices that the leads ask for."""

    language: LanguageTag
    zone: str
    hour: int
    leads: OwnLeads
    digest: str
    selection: Selection

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        zone(self.zone)
        if not 0 <= self.hour <= 23:
            raise HourError(hour=self.hour)
        if self.digest not in DIGESTS:
            raise DigestError(digest=self.digest)

    @property
    def key(self) -> str:
        """The canonical form; equal preferences have equal keys."""
        leads = str(self.leads) or _UNCHOSEN
        return f"{self.language} {self.zone} {self.hour} {leads} {self.digest} {self.selection}"

    def window(self, now: datetime, until: int, days: int = 0) -> Window:
        """Return the window of the local date of `now`, or of so many days after it."""
        day = local_date(now, self.zone) + timedelta(days=days)
        return window_on(day, self.hour, until, self.zone)


def parse_preference(key: str) -> Preference:
    """Read a preference's canonical form. Raises ValueError for another text, PreferenceError for impossible parts."""
    parts = key.split(" ")
    if len(parts) != 6 or not parts[2].isdecimal():
        raise ValueError(key)
    language, zone_name, hour, leads, digest, selection = parts
    own = parse_own_leads("" if leads == _UNCHOSEN else leads)
    return Preference(LanguageTag(language), zone_name, int(hour), own, digest, parse_selection(selection))


def parse_address(text: str) -> str:
    """Return the e-mail address in its one form, or raise AddressError.

    The local part is in NFC, the domain in A-labels of small letters: however a mailbox's domain is written, it is one
    address. What a mail server would take as something else (spaces, line ends, brackets, several addresses) is
    refused.
    """
    address = text.strip()
    if not _ADDRESS.fullmatch(address):
        raise AddressError(address=text)
    local, _, domain = address.rpartition("@")
    domain = a_labels(domain, text)
    address = f"{unicodedata.normalize('NFC', local)}@{domain}"
    labels = domain.split(".")
    # Once more, since the domain may have become another one: of U+3002 dots are made.
    if not _ADDRESS.fullmatch(address) or len(labels) < 2 or not all(labels):
        raise AddressError(address=text)
    return address


def address_key(text: str) -> str:
    """Return what an address is told from others by: equal for all ways of writing it, whatever their case.

    What is no address is its own key, in small letters.
    """
    try:
        address = parse_address(text)
    except AddressError:
        address = text.strip()
    return unicodedata.normalize("NFC", address.lower())


def a_labels(domain: str, address: str) -> str:
    """Return a domain as DNS knows it, in small letters (UTS 46, RFC 5891 §4.4).

    Raises AddressError, for the address it is part of, where that is not possible.
    """
    if domain.isascii():
        return domain.lower()
    import idna

    try:
        return idna.encode(domain, uts46=True, transitional=False).decode("ascii").lower()
    except UnicodeError as error:
        raise AddressError(address=address) from error


def parse_mailbox(text: str) -> tuple[str, str]:
    """Return name and address of `Days of remembrance <days@example.org>`; the name may be missing.

    Raises AddressError.
    """
    match = re.fullmatch(r"(?P<name>[^<>\x00-\x1f\x7f]*)<(?P<address>[^<>]+)>", text.strip())
    if match is None:
        return "", parse_address(text)
    return match["name"].strip().strip('"').strip(), parse_address(match["address"])
