"""A site whose visitors are real: forms and links on a real database, and what is written to people in answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, update
from starlette.testclient import TestClient

from notifier.content.language import Language
from notifier.content.places import PLACES, Purpose
from notifier.domain.deliveries import DeliveryKind, DeliveryState
from notifier.services.visitors import Visitors
from notifier.settings import Settings
from notifier.storage.editions import edition
from notifier.storage.engine import reading, writing
from notifier.storage.subscribers import Subscriber, subscriber_by_email
from notifier.storage.suppressions import Journal
from notifier.storage.tables import deliveries, metadata, subscribers
from notifier.tokens import AddressHash
from notifier.usecases.letters import Letters, personal_tokens, render_letter
from notifier.usecases.suppress import Suppressions
from notifier.web.app import build_app
from tests.web_site import SmallSite

FORM = "application/x-www-form-urlencoded"
EMAIL = "reader@example.org"


@dataclass(frozen=True)
class Letter:
    """A service message as its reader gets it."""

    to: str
    kind: str
    subject: str
    text: str
    html: str
    closes_at: datetime

    def link(self, what: str) -> str:
        """Return the path of the link that leads to `what`: confirm, never, manage, unsubscribe."""
        found = re.search(rf"https?://[^/\s]+(/{what}/\S+)", self.text)
        assert found is not None, f"no link to {what} in\n{self.text}"
        return found[1]


@dataclass
class RealSite(SmallSite):
    """Has what the wiring has, over a database."""

    engine: Engine = field(kw_only=True)
    journal: Path = Path()
    settings: Settings = field(default_factory=lambda: Settings.model_validate({}))
    woken: int = 0

    def __post_init__(self) -> None:
        self.address_hash = AddressHash("a secret of suppressions, long enough for anyone")
        self.suppressions = Suppressions(lambda: self.engine, lambda: self.address_hash, lambda: Journal(self.journal))
        self.visitors: Any = Visitors(self, self.suppressions, self._wake)

    def language(self, tag: str) -> Language:
        return self.languages[tag]

    def later(self, **time: float) -> None:
        self.instant += timedelta(**time)

    def person(self, email: str = EMAIL) -> Subscriber:
        with reading(self.engine) as db:
            found = subscriber_by_email(db, email)
        assert found is not None, f"{email} is not there"
        return found

    def browser(self) -> TestClient:
        return TestClient(build_app(self, settled=0.0), follow_redirects=False)

    def letters(self) -> list[Letter]:
        """Return the service messages that wait to be sent, oldest first."""
        query = (
            select(deliveries.c.edition_id, deliveries.c.closes_at, subscribers.c.email)
            .join_from(deliveries, subscribers)
            .where(deliveries.c.kind == DeliveryKind.SERVICE, deliveries.c.state == DeliveryState.DUE)
            .order_by(deliveries.c.id)
        )
        with reading(self.engine) as db:
            rows = list(db.execute(query))
        return [self._letter(*row) for row in rows]

    def sent(self) -> None:
        """Let every service message that waits have been sent."""
        of_kind = deliveries.c.kind == DeliveryKind.SERVICE, deliveries.c.state == DeliveryState.DUE
        with writing(self.engine) as db:
            db.execute(update(deliveries).where(*of_kind).values(state=DeliveryState.SENT, next_at=None))

    def _letter(self, edition_id: int, closes_at: datetime, email: str) -> Letter:
        with reading(self.engine) as db:
            of = edition(db, edition_id).of
        parts = Letters(
            self.catalog,
            self.languages.__getitem__,
            self.templates,
            self.base_url,
            lambda _: "Days",
            None,
            lambda _: (),
        )
        text, person = render_letter(of, parts), self.person(email)
        tokens = personal_tokens(self.tokens, self.address_hash, person.key, email, person.nonce, self.instant)

        def own(text: str) -> str:
            for purpose in Purpose:
                text = text.replace(PLACES[purpose], tokens.get(purpose, "none"))
            return text

        return Letter(email, of.kind.value, text.subject, own(text.text), own(text.html), closes_at)

    def _wake(self) -> None:
        self.woken += 1


def everything(engine: Engine) -> list[list[tuple[object, ...]]]:
    """Return every row of every table."""
    with reading(engine) as db:
        return [[tuple(row) for row in db.execute(select(table))] for table in metadata.sorted_tables]


def visiting(engine: Engine, folder: Path, **changes: Any) -> RealSite:
    return RealSite(engine=engine, journal=folder / "suppressions", **changes)
