"""When nothing can be sent: the daemon rests, `/readyz` says why, and the operator is written to once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from notifier.delivery.outcomes import Stop
from notifier.services import Services
from notifier.settings import Settings
from notifier.usecases.sending.post import Post
from notifier.usecases.sending.telling import tell_of_stop
from tests.integration.mail_server import MailServer, mail_server
from tests.integration.people import at
from tests.integration.test_send import NINE, PRESS, Clock, readers

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Place:
    """A service whose mail goes to a server in the process, and its clock."""

    services: Services
    server: MailServer
    clock: Clock

    def tick(self, *, patient: bool = True) -> int:
        """Make a pass as the daemon does, or as the command; return how many messages left."""
        return self.services.tick(self.clock(), patient=patient).sent


@pytest.fixture
def place(database_url: str, engine: Engine) -> Iterator[Place]:
    clock = Clock()
    with mail_server() as server:
        settings = Settings.model_validate(
            {
                "database_url": database_url,
                "mail_url": f"smtp://127.0.0.1:{server.port}",
                "mail_from": "Days <days@example.org>",
                "operator": "Operator <operator@example.org>",
                "secret": "a-secret-of-the-tests-of-32-characters",
                "suppression_secret": "a-secret-of-the-tests-of-32-characters",
            }
        )
        services = Services(settings, clock)
        services.start(NINE)
        preference = services.people.preference("de", "Europe/Berlin", 9, "7,1,0", "none", "all")
        services.people.add("reader@example.org", preference, "I agree", NINE - 24 * HOUR)
        yield Place(services, server, clock)
        services.close()


def test_after_a_stop_the_daemon_rests_and_the_command_does_not(place: Place) -> None:
    place.server.faults["MAIL"] = "553 5.1.8 unknown sender"

    assert place.tick() == 0
    tried = place.server.connections
    assert place.services.mail.resting
    assert place.tick() == 0
    assert place.server.connections == tried
    place.server.faults.clear()

    assert place.tick(patient=False) == 1
    assert not place.services.mail.resting


def test_people_are_planned_for_while_sending_rests(place: Place) -> None:
    place.server.faults["MAIL"] = "553 5.1.8 unknown sender"
    place.tick()
    preference = place.services.people.preference("en", "Europe/Berlin", 9, "7,1,0", "none", "all")
    place.services.people.add("later@example.org", preference, "I agree", NINE - 24 * HOUR)

    assert place.services.tick(NINE, patient=True).planned == 1


def test_readiness_says_why_nothing_leaves_until_it_does(place: Place) -> None:
    place.server.faults["MAIL"] = "553 5.1.8 unknown sender"
    place.tick()

    [problem] = place.services.readiness().problems

    assert problem.startswith("Sending has stopped: the server refuses the sender ***@example.org: 553 5.1.8")
    assert place.services.readiness().status == "degraded"
    place.server.faults.clear()
    place.tick(patient=False)
    assert place.services.readiness().status == "ok"


def test_the_operator_is_written_to_once_a_day_for_each_reason(place: Place) -> None:
    place.server.faults["MAIL"] = "553 5.1.8 unknown sender"
    place.tick(patient=False)
    # A stop that stands in the way of every message stands in the way of this one too.
    assert place.server.to == []
    del place.server.faults["MAIL"]
    place.server.faults["RCPT reader@example.org"] = "550 5.7.1 not from you"
    engine = place.services.engine
    post = Post(place.server.sender, PRESS)

    def tell(hours: float, stop: Stop = Stop.POLICY) -> bool:
        now = NINE + hours * HOUR
        return tell_of_stop(engine, post, "operator@example.org", stop, "Sending has stopped: 5", since=NINE, now=now)

    assert [tell(0), tell(1), tell(23.9), tell(1, Stop.SENDER), tell(24)] == [True, False, False, True, True]
    assert place.server.to == ["operator@example.org"] * 3
    message = place.server.messages[0]
    assert message["Subject"] == "remembrance.example.org: sending has stopped"
    assert message["Auto-Submitted"] == "auto-generated"
    said = message.get_content()
    for words in ("Sending has stopped: 5", "Since: 2027-01-13 08:00+00:00", "Messages that wait: 1"):
        assert words in said


def test_a_stop_of_others_is_told_to_the_operator_at_once(place: Place, engine: Engine) -> None:
    readers(engine, *(f"reader@domain-{number}.org" for number in range(5)))
    for number in range(5):
        place.server.faults[f"RCPT reader@domain-{number}.org"] = "550 5.7.1 not from you"
    place.server.faults["RCPT reader@example.org"] = "550 5.7.1 not from you"

    place.tick()

    assert place.server.to == ["operator@example.org"]


def test_what_somebody_waits_for_rests_too(place: Place) -> None:
    place.server.faults["MAIL"] = "553 5.1.8 unknown sender"
    place.tick()
    tried = place.server.connections

    assert place.services.mail.letters(lambda: False).sent == 0
    assert place.server.connections == tried


def test_a_mail_folder_that_cannot_be_written_is_said_and_told_to_nobody(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings = Settings.model_validate(
        {"database_url": database_url, "mail_url": f"maildir:{tmp_path}/file/mail", "operator": "operator@example.org"}
        | {"secret": "a-secret-of-the-tests-of-32-characters"}
    )
    services = Services(settings, Clock(at("2027-01-13T09:00+01:00")))
    services.start(NINE)
    readers(engine, "reader@example.org")

    services.tick(NINE)

    assert services.mail.stopped is not None
    assert "mail cannot be written to" in services.mail.stopped
    services.close()
