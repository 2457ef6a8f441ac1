"""The service for a trial of a year: a real database, messages kept in memory."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, event

from notifier.content.editions import TOKEN_PLACE
from notifier.content.language import Languages
from notifier.content.message_head import MessageHead
from notifier.content.templates import Templates
from notifier.delivery.errands import Errand, at_once
from notifier.delivery.outcomes import Outcome
from notifier.domain.deliveries import DeliveryState
from notifier.domain.events import Catalog
from notifier.storage.engine import migrate, open_engine
from notifier.tokens import Tokens
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.press import Press, SenderIn
from notifier.usecases.sending.report import Terms
from notifier.usecases.tick import TickReport, tick
from tests.factories import LOCALES
from tests.year import BY_ID, SEND_UNTIL, Said

# What a message says, and nothing around it: it is read back, thousands of times.
_TEXT = """\
{% for s in sections %}
F {{ s.view.event.id }} {{ s.view.year }} {{ s.view.first }}
{% endfor %}
{% for line in outlook %}
A {{ line.web_url }}
{% endfor %}
{{ unsubscribe_url }}
"""
_HTML = "<!DOCTYPE html><html><head><title>{{ subject }}</title></head><body><p>{{ unsubscribe_url }}</p></body></html>"
_FULL = re.compile(rb"^F (\S+) (\d{4}) (\S+)\r?$", re.MULTILINE)
_AHEAD = re.compile(rb"^A \S+/events/([a-z-]+)/(\d{4})\r?$", re.MULTILINE)


class CrashError(Exception):
    """The process dies here."""


@dataclass
class Sink:
    """Takes messages, and remembers who got what when; `dies_after` so many of them it takes no more."""

    now: datetime = datetime(2027, 1, 1, tzinfo=UTC)
    dies_after: int | None = None
    taken: list[tuple[str, str, datetime, bytes]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def deliver(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Errand:
        return at_once(lambda: self.send(envelope_from, to, message_id, message))

    def send(self, envelope_from: str, to: str, message_id: str, message: bytes) -> Outcome:
        with self._lock:
            if self.dies_after == 0:
                raise CrashError
            if self.dies_after is not None:
                self.dies_after -= 1
            self.taken.append((to, message_id, self.now, message))
        return Outcome(DeliveryState.SENT, "250")

    def check(self) -> None:
        """It takes everything."""

    def close(self, *, politely: bool = True) -> None:
        """Nothing is kept open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Nothing is kept open."""


def read(message: bytes, sent: datetime, zone: str) -> Said:
    """Return what a message says, on the date that the reader's clock shows when it comes."""
    body = quopri.decodestring(message.partition(b"Content-Type: text/plain")[2].partition(b"\r\n--=_")[0])
    on = sent.astimezone(ZoneInfo(zone)).date()
    full = {(id_.decode(), BY_ID[id_.decode()].on(int(year))) for id_, year, _ in _FULL.findall(body)}
    ahead = {(id_.decode(), BY_ID[id_.decode()].on(int(year))) for id_, year in _AHEAD.findall(body)}
    return Said(
        on,
        frozenset((id_, (day - on).days) for id_, day in full),
        frozenset((id_, (day - on).days) for id_, day in ahead),
    )


class YearService:
    """A service on a database, which can be left and taken up again as after a restart."""

    def __init__(self, database_url: str, catalog: Catalog, folder: Path) -> None:
        (folder / "email").mkdir()
        (folder / "email/notice.txt").write_text(_TEXT)
        (folder / "email/notice.html").write_text(_HTML)
        self.catalog = catalog
        self.sink = Sink()
        self._database_url = database_url
        self._press = _press(catalog, Templates(folder))
        self.engine = self._open()

    def restart(self) -> None:
        """Begin anew, as a new process would, with the same database."""
        self.engine.dispose()
        self.engine = self._open()

    def close(self) -> None:
        """Give the database back."""
        self.engine.dispose()

    def tick(self, now: datetime) -> TickReport:
        """Make one whole pass."""
        self.sink.now = now
        post = Post(lambda: self.sink, self._press, Terms(connections=8))
        return tick(self.engine, post, now, lambda: now, send_until=SEND_UNTIL, stopping=lambda: False)[0]

    def _open(self) -> Engine:
        engine = open_engine(self._database_url)
        if engine.dialect.name == "sqlite":
            # Nothing here outlives the test, so nothing waits for the disk.
            event.listen(engine, "connect", lambda db, _record: db.execute("PRAGMA synchronous = OFF"))
        migrate(engine)
        return engine


def _press(catalog: Catalog, templates: Templates) -> Press:
    languages = Languages(LOCALES)
    tokens = Tokens(("a-secret-of-the-tests-alone-12345",))
    own: Callable[[str], str] = tokens.unsubscribe
    return Press(
        catalog=catalog,
        languages=languages.__getitem__,
        templates=templates,
        head=MessageHead("Days", "days@example.org", None, catalog.calendar.id, "https://notices.example.org"),
        sender_in=lambda _: SenderIn("Days"),
        refused_for=lambda _: (),
        own_tokens=lambda delivery, _: {TOKEN_PLACE: own(delivery.subscriber_key)},
    )
