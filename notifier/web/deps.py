"""What the web needs from whoever wires it; nothing here knows how it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, Protocol

from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.domain.built import Built
from notifier.domain.events import Catalog
from notifier.domain.windows import FeedYears


class Readiness(Protocol):
    """Whether requests should come here. `problems` are sentences for operators."""

    @property
    def status(self) -> Literal["ok", "degraded", "unready"]:
        """`degraded` still answers, from the last good calendar; `unready` does not yet."""

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong; empty when nothing is."""


class UnsubscribeTokens(Protocol):
    """Reads the tokens of unsubscribe links."""

    def read_unsubscribe(self, token: str) -> str:
        """Return the subscriber's key, or raise a NotifierError."""


class LetsPeopleGo(Protocol):
    """Who is written to, as the page for leaving sees them."""

    def unsubscribe(self, subscriber_key: str) -> bool:
        """Take somebody off everything, again or for the first time. False when nobody has the key any more."""


class BuildsSelections(Protocol):
    """Keeps what readers put together."""

    def build(self, built: Built, now: datetime) -> str:
        """Keep a selection, and return its token."""

    def find(self, token: str) -> Built:
        """Return what was built. Raises NoSelectionError and RetiredSelectionError."""


class SiteView(Protocol):
    """The service as its web pages see it. Every member may be asked from several threads at once."""

    @property
    def catalog(self) -> Catalog:
        """The calendar in force: the same object until it is swapped as a whole."""

    @property
    def languages(self) -> Mapping[str, Language]:
        """The languages that may be served; those the calendar names are, in its order."""

    @property
    def templates(self) -> Templates:
        """The templates, and the files served beside them."""

    @property
    def base_url(self) -> str:
        """The address people open, without a slash at its end."""

    @property
    def tokens(self) -> UnsubscribeTokens:
        """What reads links."""

    def now(self) -> datetime:
        """Return the present instant, aware."""

    def years(self, now: datetime) -> FeedYears:
        """Return the years that are published at an instant."""

    @property
    def people(self) -> LetsPeopleGo:
        """Who is written to."""

    @property
    def allowed_origins(self) -> Sequence[str]:
        """Other sites whose pages may send forms, in lower case."""

    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]:
        """Whose word on a client's address is taken."""

    @property
    def selections(self) -> BuildsSelections:
        """What builds selections."""

    def readiness(self) -> Readiness:
        """Return whether requests should come here. It may ask the database."""
