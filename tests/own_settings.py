"""Somebody who is subscribed, for tests of the pages on which their settings are shown; nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from starlette.testclient import TestClient

from notifier.domain.deliveries import SubscriberStatus
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING, Selection
from notifier.domain.texts import LanguageTag
from notifier.storage.subscribers import Consent, Subscriber
from notifier.web.sessions import COOKIE
from tests.web_site import SmallSite, VisitorsHere


@dataclass
class SubscribedHere(VisitorsHere):
    """Knows one person, under every key; notes what they change."""

    language: str = "en"
    selection: Selection = EVERYTHING
    changed: list[Preference] = field(default_factory=list)

    def person(self, key: str) -> Subscriber:
        then = datetime(2026, 12, 1, 8, tzinfo=UTC)
        leads = OwnLeads((30, 7, 0), milestones=True)
        preference = Preference(LanguageTag(self.language), "Asia/Baku", 9, leads, "weekly:mon", self.selection)
        consent = Consent("I agree.", then, "https://days.example.org/en/subscribe")
        status, told = SubscriberStatus.ACTIVE, date(2027, 1, 10)
        return Subscriber(1, key, "reader@example.org", preference, status, told, consent, (), then, then)

    def change(self, key: str, preference: Preference) -> None:
        self.changed.append(preference)


def open_settings(site: SmallSite, browser: TestClient) -> None:
    """Give the browser the cookie that a link from a message is exchanged for."""
    browser.cookies.set(COOKIE, site.tokens.session("reader", site.now()), path="/manage")
