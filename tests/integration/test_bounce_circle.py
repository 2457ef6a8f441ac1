"""The whole way: a message leaves, comes back to the address it left from, and its reader is no longer written to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifier.delivery.mailboxes import MailboxError
from notifier.domain.bounces import BounceKind
from notifier.domain.deliveries import SubscriberStatus
from notifier.services import Services, open_services
from notifier.settings import Settings, SettingsError
from notifier.usecases.bounces import BouncePass
from tests.dovecot import DOVECOT, Dovecot, running_dovecot
from tests.factories import ROOT
from tests.integration.people import at

SAMPLES = ROOT / "tests/golden/bounces"
OURS = b"bounces+1.abcdefghijklmnop@example.org"
A_DAY = timedelta(days=1)
WEDNESDAY = at("2027-01-13T09:00+01:00")
READER = "reader@example.net"


@dataclass
class Clock:
    """Shows what it was set to."""

    shows: datetime = WEDNESDAY

    def __call__(self) -> datetime:
        return self.shows


@dataclass
class Circle:
    """The service with an outbox and a mailbox, and the mail server between them, which is this test."""

    services: Services
    clock: Clock
    folder: Path

    def send(self, day: int) -> Message:
        """Let the service send what is due, so many days after the first, and return the reader's message."""
        self.clock.shows = WEDNESDAY + day * A_DAY
        assert self.services.tick(self.clock.shows).sent == 1
        newest = max((self.folder / "outbox/new").iterdir(), key=lambda path: path.stat().st_mtime_ns)
        return message_from_bytes(newest.read_bytes())

    def come_back(self, name: str, message: Message) -> bytes:
        """Return a report to the address that a message left from."""
        left_from = str(message["Return-Path"]).strip("<>").encode()
        return (SAMPLES / f"{name}.eml").read_bytes().replace(OURS, left_from)

    def deliver(self, raw: bytes) -> None:
        (self.folder / "bounces/new" / f"{time.time_ns()}.test").write_bytes(raw)

    @property
    def status(self) -> SubscriberStatus:
        return self.services.people.of(READER).status


@pytest.fixture
def circle(database_url: str, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Circle]:
    monkeypatch.chdir(tmp_path)  # `var/` is there: the journal of a PostgreSQL database's suppressions
    for part in ("tmp", "new", "cur"):
        (tmp_path / "bounces" / part).mkdir(parents=True)
    yield from _circle(database_url, tmp_path, f"maildir:{tmp_path}/bounces")


def _circle(database_url: str, folder: Path, mailbox: str) -> Iterator[Circle]:
    settings = Settings.model_validate({
        "events": (str(ROOT / "tests/golden/calendar.yaml"),),
        "database_url": database_url,
        "mail_url": f"maildir:{folder}/outbox",
        "mail_from": "days@example.org",
        "bounce_address": "bounces@example.org",
        "bounce_mailbox": mailbox,
        "secret": ("a-secret-of-the-tests-of-32-characters",),
        "suppression_secret": "another-secret-of-the-tests-of-32-characters",
    })  # fmt: skip
    clock = Clock()
    with open_services(settings, clock) as services:
        services.start(WEDNESDAY)
        daily = ",".join(map(str, range(20, -1, -1)))
        wanted = services.people.preference("de", "Europe/Berlin", 9, daily, "none", "black-january")
        services.people.add(READER, wanted, "I agree", WEDNESDAY - A_DAY)
        yield Circle(services, clock, folder)


def test_five_dates_in_a_row_and_nothing_more_leaves(circle: Circle) -> None:
    for day in range(5):
        circle.deliver(circle.come_back("postfix-failed", circle.send(day)))
        assert circle.services.bounces.process() == BouncePass(failed=1, suspended=int(day == 4))

    assert circle.status is SubscriberStatus.SUSPENDED
    circle.clock.shows = WEDNESDAY + 5 * A_DAY
    assert circle.services.tick(circle.clock.shows).planned == 0
    assert list((circle.folder / "bounces/new").iterdir()) == []
    assert [row.email for row in circle.services.bounces.all(BounceKind.FAILED)] == [READER] * 5


# listmonk#2770: forget old bounces
def test_three_that_went_well_and_it_begins_at_one_again(circle: Circle) -> None:
    for day in range(6):
        message = circle.send(day)
        if day not in {1, 2, 3}:
            circle.deliver(circle.come_back("gmail-failed", message))
            circle.services.bounces.process()

    assert circle.services.people.of(READER).bounces == 2
    assert circle.status is SubscriberStatus.ACTIVE


def test_a_complaint_about_a_message_suppresses_and_the_address_cannot_join_again(circle: Circle) -> None:
    circle.deliver(circle.come_back("complaint", circle.send(0)))

    assert circle.services.bounces.process() == BouncePass(complaints=1)

    assert circle.status is SubscriberStatus.SUPPRESSED


def test_a_mail_to_the_address_in_list_unsubscribe_is_enough_to_leave(circle: Circle) -> None:
    header = str(circle.send(0)["List-Unsubscribe"])
    mailbox, _, token = header.partition("<mailto:")[2].rstrip(">").partition("?subject=")
    circle.deliver(f"From: {READER}\nTo: {mailbox}\nSubject: {token}\n\n".encode())

    assert circle.services.bounces.process() == BouncePass(unsubscribed=1)

    assert circle.status is SubscriberStatus.UNSUBSCRIBED


def test_readiness_says_why_the_mailbox_cannot_be_read_until_it_can(circle: Circle) -> None:
    (circle.folder / "bounces").rename(circle.folder / "elsewhere")
    with pytest.raises(MailboxError):
        circle.services.bounces.process()

    [problem] = [p for p in circle.services.readiness().problems if "mailbox" in p]
    assert problem == f"the mailbox {circle.folder}/bounces cannot be read: it is no Maildir: it has no folder new"
    assert circle.services.readiness().status == "degraded"

    (circle.folder / "elsewhere").rename(circle.folder / "bounces")
    circle.services.bounces.process()
    assert not [p for p in circle.services.readiness().problems if "mailbox" in p]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bounce_address": ""}, "NOTIFIER_BOUNCE_ADDRESS: set it, since only what comes back to a signed address"),
        ({"bounce_address": "a+b@example.org"}, "NOTIFIER_BOUNCE_ADDRESS: "),
        ({"bounce_mailbox": "imaps://u:hunter2@"}, "NOTIFIER_BOUNCE_MAILBOX: the mailbox's address cannot be read"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(changes: dict[str, str], sentence: str) -> None:
    given = {"bounce_address": "bounces@example.org", "bounce_mailbox": "maildir:bounces"} | changes

    with pytest.raises(SettingsError) as raised:
        Services(Settings.model_validate(given))

    assert str(raised.value).startswith(sentence)
    assert "hunter2" not in str(raised.value)


def test_without_a_mailbox_the_command_says_which_setting_is_missing() -> None:
    services = Services(Settings.model_validate({"bounce_address": "bounces@example.org"}))

    assert not services.bounces.configured
    with pytest.raises(SettingsError, match="NOTIFIER_BOUNCE_MAILBOX: set it"):
        services.bounces.process()


# --- the same from an IMAP server -----------------------------------------------------------------------------------


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    if DOVECOT is None:
        pytest.skip("Dovecot is not installed")
    with running_dovecot() as server:
        yield server


def test_what_comes_back_to_an_imap_server_is_read_and_removed(tmp_path: Path, dovecot: Dovecot) -> None:
    for circle in _circle(f"sqlite:///{tmp_path}/notifier.db", tmp_path, dovecot.url()):
        dovecot.deliver("1.test", circle.come_back("exchange-online-failed", circle.send(0)))
        dovecot.deliver("2.test", (SAMPLES / "personal.eml").read_bytes())

        assert circle.services.bounces.process() == BouncePass(failed=1, unreadable=1)
        assert circle.services.bounces.process() == BouncePass()

        assert circle.services.people.of(READER).bounces == 1
        kept = [path for path in (dovecot.maildir / ".unreadable").rglob("*") if path.parent.name in {"new", "cur"}]
        assert [path.read_bytes() for path in kept] == [(SAMPLES / "personal.eml").read_bytes()]
