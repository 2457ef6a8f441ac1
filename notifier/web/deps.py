"""What the web needs from whoever wires it; nothing here knows how it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, Protocol

from notifier.content.edition_page import ReleasedEdition
from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.domain.built import Built
from notifier.domain.events import Catalog, Event
from notifier.domain.preferences import Preference
from notifier.domain.windows import FeedYears
from notifier.storage.subscribers import Consent, Subscriber
from notifier.tokens import Tokens
from notifier.usecases.sign_up import Confirmed


class Readiness(Protocol):
    """Whether requests should come here. `problems` are sentences for operators."""

    @property
    def status(self) -> Literal["ok", "degraded", "unready"]:
        """`degraded` still answers, from the last good calendar; `unready` does not yet."""

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong; empty when nothing is."""


class ServesVisitors(Protocol):
    """What people do for themselves, through forms and links; `key` stands for somebody, from a token of theirs."""

    @property
    def keeps_ip(self) -> bool:
        """Whether the client's address is part of what is kept of a consent."""

    @property
    def hour(self) -> int:
        """The hour at which people are written to who chose none."""

    def sign_up(self, email: str, preference: Preference, consent: Consent) -> None:
        """Ask an address to confirm, whether or not it is known."""

    def open_question(self, key: str, nonce: str) -> None:
        """Raise a NotifierError where a link confirms nothing (any more)."""

    def confirm(self, key: str, nonce: str) -> Confirmed:
        """Confirm what was asked for, or raise a NotifierError."""

    def never(self, key: str, address_hash: str) -> None:
        """Never write to an address again."""

    def unsubscribe(self, key: str, now: datetime) -> bool:
        """Take somebody off everything, again or for the first time; return whether it can be taken back."""

    def take_back(self, key: str, left_at: datetime, *, day_alone: bool) -> bool:
        """Take back that somebody left in this second; return whether it could be."""

    def ask_for_link(self, email: str) -> None:
        """Send a link to their settings to whoever has the address, if anybody."""

    def person(self, key: str) -> Subscriber:
        """Return whose settings they are. Like all below, raises GoneError where somebody is no longer there."""

    def first_day(self, preference: Preference) -> date:
        """Return the first local date on which a message can still come."""

    def change(self, key: str, preference: Preference) -> None:
        """Give somebody another preference."""

    def lead_event(self, key: str, event: str, days: tuple[int, ...] | None) -> None:
        """Set how far ahead somebody is told of one event. Raises SelectionError for none."""

    def leave_event(self, key: str, event: str) -> None:
        """Write to somebody no more about one event. Raises SelectionError for none."""

    def pause(self, key: str, until: date) -> bool:
        """Write to somebody no more until a local date; False where that does not lie ahead."""

    def resume(self, key: str) -> None:
        """Write again to whoever paused or was suspended."""

    def rejoin(self, key: str, consent: Consent) -> None:
        """Write again to whoever left and agrees anew."""

    def export(self, key: str) -> bytes:
        """Return everything that is kept about somebody, as JSON."""

    def erase(self, key: str) -> None:
        """Forget somebody."""


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
    def tokens(self) -> Tokens:
        """What makes and reads links."""

    def now(self) -> datetime:
        """Return the present instant, aware."""

    def years(self, now: datetime) -> FeedYears:
        """Return the years that are published at an instant."""

    @property
    def pictures(self) -> bool:
        """Whether each published anniversary has a picture."""

    def revised(self, language: str) -> Mapping[str, datetime]:
        """Return when what pages in a language say was last revised (UTC), by path, where that is known."""

    @property
    def visitors(self) -> ServesVisitors:
        """What people do for themselves."""

    @property
    def allowed_origins(self) -> Sequence[str]:
        """Other sites whose pages may send forms, in lower case."""

    def refused_for(self, event: Event) -> Collection[str]:
        """Return the languages in which messages do not show an event's texts."""

    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]:
        """Whose word on a client's address is taken."""

    @property
    def selections(self) -> BuildsSelections:
        """What builds selections."""

    def released_edition(self, key: str) -> ReleasedEdition | None:
        """Return a message as it was released, or None. It asks the database."""

    def readiness(self) -> Readiness:
        """Return whether requests should come here. It may ask the database."""
