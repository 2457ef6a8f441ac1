"""A small site for the tests of pages: what the web asks for, made of plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from typing import Literal

from notifier.content.language import Language, Languages
from notifier.content.templates import Templates
from notifier.domain.built import Built, NoSelectionError
from notifier.domain.events import Catalog
from notifier.domain.windows import FeedYears, feed_years
from notifier.tokens import Tokens
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
class PeopleHere:
    """Notes who leaves."""

    gone: list[str] = field(default_factory=list)

    def unsubscribe(self, subscriber_key: str) -> bool:
        self.gone.append(subscriber_key)
        return subscriber_key == "reader"


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
    people: PeopleHere = field(default_factory=PeopleHere)
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    selections: BuiltHere = field(default_factory=BuiltHere)

    def now(self) -> datetime:
        return self.instant

    def years(self, now: datetime) -> FeedYears:
        return feed_years(now, self.catalog.calendar.zone, back=1, ahead=3)

    def readiness(self) -> Ready:
        return self.ready
