"""A zone that is no zone any more, after an update of the zone data: everybody else is written to, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from notifier.domain.deliveries import SubscriberStatus
from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.storage.engine import reading, writing
from notifier.storage.tables import preferences, subscribers
from tests.integration.people import at

NINE = at("2027-01-13T09:00+01:00")


@pytest.fixture
def services(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A service with one reader in Berlin, and one in a zone that has vanished since."""
    monkeypatch.chdir(tmp_path)
    settings = Settings.model_validate({"database_url": database_url, "mail_url": f"maildir:{tmp_path}/outbox"})
    with open_services(settings, lambda: NINE) as services:
        services.start(NINE)
        for name, zone in (("here", "Europe/Berlin"), ("gone", "Europe/Vienna")):
            wanted = services.people.preference("en", zone, 9, "7,0", "none", "black-january")
            services.people.add(f"{name}@example.org", wanted, "I agree", at("2027-01-10T12:00+01:00"))
        vanish(services)
        yield services


def vanish(services: Services) -> None:
    with writing(services.engine) as db:
        theirs = preferences.c.zone == "Europe/Vienna"
        db.execute(update(preferences).where(theirs).values(zone="Europe/Atlantis"))


def told(tmp_path: Path) -> int:
    folder = tmp_path / "outbox/new"
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_everybody_else_is_written_to_and_readiness_says_who_is_not(services: Services, tmp_path: Path) -> None:
    for _ in range(2):
        services.tick(NINE)

    assert told(tmp_path) == 1
    [problem] = services.readiness().problems
    assert ' of 1 people cannot be read and nobody who has it is written to: "Europe/Atlantis" is not a' in problem
    assert "example.org" not in problem


def test_it_stays_as_it_is_and_is_planned_once_its_zone_is_back(services: Services, tmp_path: Path) -> None:
    services.tick(NINE)
    with writing(services.engine) as db:
        theirs = preferences.c.zone == "Europe/Atlantis"
        assert db.execute(update(preferences).where(theirs).values(zone="Europe/Vienna")).rowcount == 1

    services.tick(NINE)

    assert told(tmp_path) == 2
    assert services.readiness().status == "ok"


def test_it_is_said_whatever_is_held_paused_or_foretold(services: Services) -> None:
    with writing(services.engine) as db:
        gone = subscribers.c.email == "gone@example.org"
        paused = {"status": SubscriberStatus.PAUSED, "paused_until": date(2027, 1, 12)}
        db.execute(update(subscribers).where(gone).values(paused))

    services.tick(NINE)
    assert len(services.foretelling.simulate(date(2027, 1, 13), date(2027, 1, 20)).editions) == 1

    with reading(services.engine) as db:
        assert db.scalar(select(subscribers.c.status).where(gone)) is SubscriberStatus.ACTIVE
    assert len(services.readiness().problems) == 1


def test_a_correction_goes_to_everybody_else(services: Services, tmp_path: Path) -> None:
    with writing(services.engine) as db:
        db.execute(update(preferences).where(preferences.c.zone == "Europe/Atlantis").values(zone="Europe/Vienna"))
    services.tick(NINE)
    vanish(services)
    key = next((tmp_path / "outbox/new").iterdir()).read_text("utf-8").partition("Message-ID: <")[2].partition(".")[0]

    assert services.operating.correct(key, "It begins at 11:00.", NINE).people == 1
    services.tick(NINE)

    assert told(tmp_path) == 3
