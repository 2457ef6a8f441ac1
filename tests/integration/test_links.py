"""Every link of every kind of message, opened as mail scanners open them: nothing changes, and nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from notifier.delivery.outcomes import Stop
from notifier.delivery.senders import open_sender
from notifier.services import Services
from notifier.settings import Settings
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.telling import tell_of_stop
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first
from notifier.web.selection_feeds import selections_first
from tests.factories import ROOT
from tests.integration.visiting import everything

SITE = "https://days.example.org"
READER = "reader@example.org"
OPERATOR = "operator@example.org"
A_WEEK_BEFORE = datetime(2027, 1, 13, 8, tzinfo=UTC)

BY_HAND = ("\ncalendar:\n", "\ncalendar:\n  release: {mourning: by hand}\n")


@dataclass
class Running:
    """A running service at an instant of its own, without sockets; its mail goes into a folder."""

    services: Services
    folder: Path
    now: datetime

    def browser(self) -> TestClient:
        memory = self.services.memory
        site = build_app(self.services, memory, settled=0.0)
        pages = selections_first(self.services, site, memory.selections)
        app = feeds_first(lambda: self.services.site, pages, self.services.base_url, memory.feeds)
        return TestClient(app, base_url=SITE, follow_redirects=False)

    def reader(self, leads: str = "7", digest: str = "none") -> None:
        people = self.services.people
        wanted = people.preference("en", "Europe/Berlin", 9, leads, digest, "all")
        people.add(READER, wanted, "I agree", self.now)

    def passes(self, at: datetime) -> int:
        """Let the clock show `at`, make a pass, and return how many messages left."""
        self.now = at
        return self.services.tick(at).sent

    def messages(self) -> list[Any]:
        """Return what has left, oldest first."""
        files = sorted((self.folder / "outbox/new").iterdir(), key=lambda file: (file.stat().st_mtime_ns, file.name))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    def link(self, what: str) -> str:
        return next(link for link in links(self.messages()[-1]) if f"/{what}/" in link)

    def state(self) -> tuple[object, ...]:
        """Return everything that is kept: the whole database, what has left, and the journal of suppressions."""
        outside = [file for file in sorted(self.folder.rglob("*")) if file.is_file() and "notifier.db" not in file.name]
        return everything(self.services.engine), [(str(file), file.read_bytes()) for file in outside]


def links(message: Any) -> set[str]:
    """Return every web address in a message: in its headers, its text, and its page."""
    parts = [f"{name}: {value}" for name, value in message.items()]
    parts += [unescape(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    return {found for part in parts for found in re.findall(r"https?://[^\s<>\"']+", part)}


def notice(running: Running) -> None:
    running.reader()
    running.passes(A_WEEK_BEFORE)


def digest(running: Running) -> None:
    running.reader(leads="none", digest="weekly:wed")
    running.passes(A_WEEK_BEFORE)


def correction(running: Running) -> None:
    notice(running)
    key, _, _ = running.messages()[-1]["Message-ID"].strip("<").partition(".")
    running.services.operating.correct(key, "The ceremony begins at 11:00.", running.now)
    assert running.passes(running.now + timedelta(minutes=1)) == 1


def confirm(running: Running) -> None:
    running.browser().post("/subscriptions", data={"email": READER})
    running.passes(running.now)


def welcome(running: Running) -> None:
    confirm(running)
    assert running.browser().post(running.link("confirm")).status_code == 200
    running.passes(running.now + timedelta(minutes=1))


def manage(running: Running) -> None:
    running.reader()
    running.browser().post("/manage", data={"email": READER})
    running.passes(running.now)


def subscribed_already(running: Running) -> None:
    running.reader()
    confirm(running)


def to_be_released(running: Running) -> None:
    running.reader()
    running.passes(running.now)


def stopped(running: Running) -> None:
    mail = running.services.mail
    post = Post(partial(open_sender, mail.target, mail.helo), mail.press())
    assert tell_of_stop(
        running.services.engine, post, OPERATOR, Stop.POLICY, f"see {SITE}/readyz", since=running.now, now=running.now
    )


KINDS: Mapping[str, tuple[Callable[[Running], None], str, set[str]]] = {
    "notice": (notice, READER, {"unsubscribe", "manage", "en"}),
    "digest": (digest, READER, {"unsubscribe", "manage", "en"}),
    "correction": (correction, READER, {"unsubscribe", "manage", "editions", "en"}),
    "confirm": (confirm, READER, {"confirm", "never", "unsubscribe", "en"}),
    "welcome": (welcome, READER, {"manage", "unsubscribe", "en"}),
    "manage": (manage, READER, {"manage", "unsubscribe", "en"}),
    "subscribed already": (subscribed_already, READER, {"manage", "unsubscribe", "en"}),
    "draft, to the operator": (to_be_released, OPERATOR, {"unsubscribe", "manage", "en"}),
    "stop, to the operator": (stopped, OPERATOR, {"readyz"}),
}
"""Each kind of message: what has one sent, to whom, and which of the service's addresses it has at least."""


@pytest.fixture
def running(
    engine: Engine, database_url: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "events.yaml").read_text("utf-8")
    drafts = "draft" in request.node.callspec.params["kind"]
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text(text.replace(*BY_HAND) if drafts else text, "utf-8")
    settings = Settings.model_validate(
        {
            "events": (str(calendar),),
            "database_url": database_url,
            "mail_url": f"maildir:{tmp_path}/outbox",
            "base_url": SITE,
            "secret": ("a-secret-of-the-tests-of-32-characters",),
            "suppression_secret": "another-secret-of-the-tests-of-32-characters",
            "mail_from": "days@example.org",
            "operator": OPERATOR,
            "postal_address": "1 Example Street",
        }
    )
    place = Running(Services(settings, lambda: place.now), tmp_path, datetime(2027, 1, 11, 12, tzinfo=UTC))
    place.services.start(place.now)
    yield place
    place.services.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_get_of_any_link_of_any_message_changes_nothing(running: Running, kind: str) -> None:
    """emailflare#190, PasswordPusher#2180: mail scanners open links."""
    send, to, at_least = KINDS[kind]
    send(running)
    message = running.messages()[-1]
    assert message["To"] == to
    found = {link for link in links(message) if link.startswith(SITE)}
    assert {link.removeprefix(SITE).split("/")[1] for link in found} >= at_least
    browser, before = running.browser(), running.state()

    for link in sorted(found):
        for method in ("GET", "HEAD"):
            answer = browser.request(method, link)
            # A draft is shown with places where its readers' own links will be.
            assert answer.status_code == (404 if "the-unsubscribe-token" in link else 200), (method, link)
            assert "set-cookie" not in answer.headers

    assert running.state() == before
    assert running.passes(running.now) == 0
    assert running.state()[1] == before[1]
