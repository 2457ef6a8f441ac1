"""A small site for the tests of pages: what the web asks for, made of plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal

from notifier.content.edition_page import ReleasedEdition
from notifier.content.language import Language, Languages
from notifier.content.templates import Templates
from notifier.domain.built import Built, NoSelectionError
from notifier.domain.events import Catalog, Event
from notifier.domain.preferences import Preference
from notifier.domain.translations import refused_languages
from notifier.domain.windows import FeedYears, feed_years
from notifier.storage.subscribers import Consent, Subscriber
from notifier.tokens import Tokens
from notifier.usecases.manage import GoneError
from notifier.usecases.sign_up import Confirmed, NothingToConfirmError
from tests.factories import LOCALES, TEMPLATES, make_catalog

LANGUAGES = Languages(LOCALES)
TEMPLATES_READ = Templates(TEMPLATES)

# 16:00 in Baku on 13 January 2027.
A_WEEK_BEFORE = datetime(2027, 1, 13, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Ready:
    status: Literal["ok", "degraded", "unready"] = "ok"
    problems: tuple[str, ...] = ()


@dataclass
class BuiltHere:
    """Keeps what is built in a dictionary."""

    built: dict[str, Built] = field(default_factory=dict)

    def build(self, built: Built, now: datetime) -> str:
        assert now.tzinfo is not None
        self.built[built.token] = built
        return built.token

    def find(self, token: str) -> Built:
        if token not in self.built:
            raise NoSelectionError
        return self.built[token]


@dataclass
class VisitorsHere:
    """Notes what people do; one of them is there, under the key "reader"."""

    gone: list[str] = field(default_factory=list)
    signed_up: list[tuple[str, Preference, Consent]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    never_again: list[tuple[str, str]] = field(default_factory=list)
    keeps_ip: bool = False
    hour: int = 9

    def sign_up(self, email: str, preference: Preference, consent: Consent) -> None:
        self.signed_up.append((email, preference, consent))

    def open_question(self, key: str, nonce: str) -> None:
        raise NothingToConfirmError

    def confirm(self, key: str, nonce: str) -> Confirmed:
        raise NothingToConfirmError

    def never(self, key: str, address_hash: str) -> None:
        self.never_again.append((key, address_hash))

    def unsubscribe(self, key: str, now: datetime) -> bool:
        self.gone.append(key)
        return key == "reader" and len(self.gone) == 1

    def take_back(self, key: str, left_at: datetime, *, day_alone: bool) -> bool:
        return False

    def ask_for_link(self, email: str) -> None:
        self.asked.append(email)

    def person(self, key: str) -> Subscriber:
        raise GoneError

    def first_day(self, preference: Preference) -> date:
        return A_WEEK_BEFORE.date()

    def change(self, key: str, preference: Preference) -> None:
        raise GoneError

    def lead_event(self, key: str, event: str, days: tuple[int, ...] | None) -> None:
        raise GoneError

    def leave_event(self, key: str, event: str) -> None:
        raise GoneError

    def pause(self, key: str, until: date) -> bool:
        raise GoneError

    def resume(self, key: str) -> None:
        raise GoneError

    def rejoin(self, key: str, consent: Consent) -> None:
        raise GoneError

    def export(self, key: str) -> bytes:
        raise GoneError

    def erase(self, key: str) -> None:
        raise GoneError


@dataclass
class SmallSite:
    """Satisfies `notifier.web.deps.SiteView`; what a test changes, the next request sees."""

    catalog: Catalog = field(default_factory=make_catalog)
    base_url: str = "http://testserver"
    instant: datetime = A_WEEK_BEFORE
    ready: Ready = Ready()
    languages: Mapping[str, Language] = field(default_factory=lambda: LANGUAGES)
    templates: Templates = field(default_factory=lambda: TEMPLATES_READ)
    tokens: Tokens = field(default_factory=lambda: Tokens(["a secret for tests, long enough for anyone"]))
    editions: dict[str, ReleasedEdition] = field(default_factory=dict)
    visitors: VisitorsHere = field(default_factory=VisitorsHere)
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    selections: BuiltHere = field(default_factory=BuiltHere)
    pictures: bool = True
    revisions: dict[str, dict[str, datetime]] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.instant

    def years(self, now: datetime) -> FeedYears:
        return feed_years(now, self.catalog.calendar.zone, back=1, ahead=3)

    def revised(self, language: str) -> Mapping[str, datetime]:
        return self.revisions.get(language, {})

    def refused_for(self, event: Event) -> Collection[str]:
        return refused_languages(event)

    def released_edition(self, key: str) -> ReleasedEdition | None:
        return self.editions.get(key)

    def readiness(self) -> Ready:
        return self.ready
