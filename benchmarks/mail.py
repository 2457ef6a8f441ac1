"""How fast notices leave, planned, rendered, personal, accepted by a mail server and recorded, against Postfix's own.

Both send as many messages of the same size to the same sink, in turn. `smtp-source` makes no message, asks nobody
whether it may leave, and keeps no record of it.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import psutil
from sqlalchemy import Engine, delete, update

from benchmarks.databases import opened, populate, postgresql, sqlite, stand_together
from notifier.content.language import Languages
from notifier.content.message_head import MessageHead
from notifier.content.places import PLACES, Purpose
from notifier.content.templates import Templates
from notifier.content.wording import words
from notifier.delivery.senders import open_sender
from notifier.delivery.target import MailTarget
from notifier.domain.events import Catalog, Statement
from notifier.domain.leads import OwnLeads
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING
from notifier.domain.texts import LanguageTag
from notifier.domain.translations import refused_languages
from notifier.storage.engine import writing
from notifier.storage.tables import deliveries, preferences
from notifier.tokens import Tokens
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.press import Press, SenderIn
from notifier.usecases.sending.report import Terms
from notifier.usecases.tick import tick
from tests.acceptance.conftest import NOTIFIER, environment, free_port
from tests.factories import EURONEWS_PAGE, LOCALES, TEMPLATES, black_january, make_catalog, text

MESSAGES, RUNS, CONNECTIONS = 20_000, 3, 50
LARGE = 100_000
SIZE = 20_000
"""Bytes of a message, about."""

NINE = datetime.fromisoformat("2027-01-13T09:00+01:00")
YESTERDAY = NINE - timedelta(days=1)
_SBIN = f"{os.environ.get('PATH', '')}:/usr/sbin"


def report() -> None:
    """Print the rates and their ratio on both databases, and what is held in memory meanwhile."""
    sink, source = (shutil.which(name, path=_SBIN) for name in ("smtp-sink", "smtp-source"))
    if sink is None or source is None:
        print("mail: no smtp-sink here (on Debian and Ubuntu: apt-get install --no-install-recommends postfix)")
        return
    for name, database, goal in (("SQLite", sqlite, 0.5), ("PostgreSQL", postgresql, 0.4)):
        with database() as address, listening(sink) as port, opened(address) as engine:
            print(f"mail on {name}, {MESSAGES:,} messages of {SIZE // 1000} kB, {CONNECTIONS} connections")
            _compare(engine, source, port, goal)
    with listening(sink) as port:
        held = memory_while_sending(port)
        print(f"  memory while sending {LARGE:,}, SQLite: {held:.0f} MB resident (goal 130)")


def _compare(engine: Engine, source: str, port: int, goal: float) -> None:
    post = post_to(port)
    populate(engine, [preference(tag) for tag in ("en", "de")], MESSAGES, YESTERDAY.date(), YESTERDAY)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(MESSAGES / send_all(engine, post))
        theirs.append(MESSAGES / seconds_of_source(source, port))
        start_over(engine)
    mine, postfix = statistics.median(ours), statistics.median(theirs)
    print(f"  {mine:,.0f} a second, smtp-source {postfix:,.0f}: ratio {mine / postfix:.2f} (goal {goal})")


def memory_while_sending(port: int) -> float:
    """Return the most megabytes that `notifier tick` holds while it plans and sends."""
    with tempfile.TemporaryDirectory(prefix="notifier-bench-") as folder:
        address = f"sqlite:///{folder}/notifier.db"
        settings = {
            "NOTIFIER_DATABASE_URL": address,
            "NOTIFIER_MAIL_URL": f"smtp://127.0.0.1:{port}",
            "NOTIFIER_MAIL_CONNECTIONS": str(CONNECTIONS),
            "NOTIFIER_SECRET": "a secret of the benchmarks of 32 characters",
        }
        with opened(address) as engine:
            tags = ("en", "de", "az", "tr", "ru")
            populate(engine, [preference(tag) for tag in tags], LARGE, YESTERDAY.date(), YESTERDAY)
        command = [str(NOTIFIER), "tick", "--at", NINE.isoformat(), "--json"]
        with subprocess.Popen(
            command, cwd=folder, env=environment(**settings), stdout=subprocess.PIPE, text=True
        ) as tick:
            most = 0
            while tick.poll() is None:
                most = max(most, psutil.Process(tick.pid).memory_info().rss)
                time.sleep(0.05)
            assert tick.stdout is not None
            said = tick.stdout.read()
        assert f'"sent": {LARGE}' in said, said
    return most / 1e6


def send_all(engine: Engine, post: Post) -> float:
    """Plan and send; return the seconds it took."""
    began = time.perf_counter()
    report, _ = tick(engine, post, NINE, lambda: NINE, send_until=20, stopping=lambda: False)
    took = time.perf_counter() - began
    assert report.planned == report.sent == MESSAGES, report
    return took


def seconds_of_source(source: str, port: int) -> float:
    """Return how long Postfix's own client takes over as many messages of as many bytes on 50 sessions."""
    began = time.perf_counter()
    command = [source, "-d", "-s", "50", "-l", str(SIZE), "-m", str(MESSAGES), "-f", "a@example.org"]
    subprocess.run([*command, "-t", "b@example.org", f"127.0.0.1:{port}"], check=True)
    return time.perf_counter() - began


def start_over(engine: Engine) -> None:
    """Let everybody be told anew."""
    with writing(engine) as db:
        db.execute(delete(deliveries))
        db.execute(update(preferences).values(next_at=YESTERDAY))
    stand_together(engine, YESTERDAY.date())


def preference(tag: str, **changes: object) -> Preference:
    """Return what a reader in Berlin wants."""
    leads, selection = OwnLeads((7, 0)), EVERYTHING
    plain = Preference(LanguageTag(tag), "Europe/Berlin", 9, leads, "none", selection)
    return replace(plain, **changes)  # type: ignore[arg-type]  # a field of a preference each


def calendar() -> Catalog:
    """Return one event whose notice takes about SIZE bytes, in both parts and encoded."""
    sentence = "Units of the Soviet army entered the city, and the state of emergency was announced the day after. "
    said = Statement(text(en=sentence, de=sentence), None, (EURONEWS_PAGE,))
    return make_catalog(replace(black_january(), summary=(said,) * 29))


def post_to(port: int, connections: int = CONNECTIONS) -> Post:
    """Return what sends to a sink on this machine."""
    catalog, languages = calendar(), Languages(LOCALES)
    tokens = Tokens(["a secret of the benchmarks of 32 characters"])
    press = Press(
        catalog=catalog,
        languages=languages.__getitem__,
        templates=Templates(TEMPLATES),
        head=MessageHead("", "days@example.org", None, catalog.calendar.id, "https://notices.example.org"),
        sender_in=lambda language: SenderIn(words(catalog.calendar.name, catalog, language).text),
        refused_for=lambda event: refused_languages(event, ()),
        own_tokens=lambda delivery, _: {PLACES[Purpose.UNSUBSCRIBE]: tokens.unsubscribe(delivery.subscriber_key)},
        places=tuple(PLACES.values()),
    )
    target = MailTarget.parse(f"smtp://127.0.0.1:{port}")
    return Post(lambda: open_sender(target, "notices.example.org"), press, Terms(connections=connections))


@contextmanager
def listening(sink: str) -> Iterator[int]:
    """Start a sink that takes everything; give its port."""
    port = free_port()
    who = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen([sink, *who, f"127.0.0.1:{port}", "1000"]) as process:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()
