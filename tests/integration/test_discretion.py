"""Whatever servers and databases repeat: neither the log nor `/readyz` shows an address, nor a token."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from notifier.delivery.outcomes import Stop
from notifier.logs import Form, Log
from notifier.services import Services
from notifier.settings import Settings
from notifier.storage.engine import reading, writing
from notifier.storage.tables import subscribers, suppressions
from tests.integration.people import join
from tests.integration.test_send import CATALOG, NINE, Clock, readers
from tests.integration.test_smtp import Script, ScriptedServer

OURS = "bounces+1.abcdefghijklmnop"
CHANGED = {"key": "anotherkeyofsome", "nonce": "nonceofsomebody"}
HALF = {"hash": "hashofsomebody", "reason": None, "at": NINE}
ECHO = f"<reader0@example0.org> from <{OURS}@example.org>, {OURS}"


@contextmanager
def logging_as(form: Form) -> Iterator[Log]:
    """Give the service's log, and take it away from the libraries again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield Log(form)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


both_forms = pytest.mark.parametrize("form", ["console", "json"])


@both_forms
@pytest.mark.parametrize(
    ("script", "stop"),
    [
        ({"greeting": f"554 5.7.1 no {ECHO}"}, Stop.GREETING),
        ({"EHLO": f"550 5.7.1 no {ECHO}", "HELO": f"550 5.7.1 no {ECHO}"}, Stop.GREETING),
        ({"MAIL": f"550 5.7.1 no {ECHO}"}, Stop.SENDER),
        ({"MAIL": f"451 4.3.0 no {ECHO}"}, Stop.UNREACHABLE),
        ({"RCPT": f"421 4.3.0 no {ECHO}"}, Stop.UNREACHABLE),
        ({"RCPT": f"550 5.7.1 no {ECHO}"}, Stop.POLICY),
    ],
    ids=str,
)
def test_why_sending_has_stopped_is_told_without_addresses(  # noqa: PLR0917  # two parameters, and fixtures
    script: Script, stop: Stop, form: Form, database_url: str, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    readers(engine, *[f"reader{number}@example{number}.org" for number in range(5)])
    connections = 5 if "421" in str(script) else 1
    with ScriptedServer(*[{"DATA": "354 go on", **script}] * connections) as server, ExitStack() as stack:
        settings = Settings.model_validate({
            "database_url": database_url,
            "mail_url": f"smtp://127.0.0.1:{server.port}",
            "mail_from": "days@example.org",
            "mail_connections": 1,
            "bounce_address": "bounces@example.org",
            "secret": ("a-secret-of-the-tests-of-32-characters",),
        })  # fmt: skip
        services = stack.enter_context(closing(Services(settings, Clock())))
        services.start(NINE)
        services.tick(NINE)
        assert services.mail.stopped is not None
        with logging_as(form) as log:
            log.lines.error(services.mail.stopped)
        shown = capsys.readouterr().err + str(services.readiness().problems) + services.mail.stopped

    assert "no" in shown, stop
    assert "reader" not in shown
    assert "bounces" not in shown
    assert "abcdefghijklmnop" not in shown


@both_forms
def test_an_unexpected_error_of_the_database_is_logged_without_values(
    form: Form, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    person = join(engine, CATALOG, "reader@example.org")
    with reading(engine) as db:
        row = db.execute(subscribers.select()).one()._asdict()
    del row["id"]
    with logging_as(form) as log:
        try:
            with writing(engine) as db:
                db.execute(insert(subscribers).values(row | CHANGED))
        except IntegrityError:
            log.lines.exception("the pass was not finished")
        try:
            with writing(engine) as db:
                db.execute(insert(suppressions).values(HALF))
        except IntegrityError:
            logging.getLogger("a.library").exception("likewise")

    said = capsys.readouterr().err

    assert said.count("IntegrityError") >= 2
    for secret in (person.email, "reader@", person.key, "anotherkeyofsome", "nonceofsomebody", "hashofsomebody"):
        assert secret not in said
