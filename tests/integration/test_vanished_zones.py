"""A zone that is no zone any more, after an update of the zone data: everybody else is written to, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from notifier.cli.subscribers import subscriber_fields
from notifier.domain.deliveries import SubscriberStatus
from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.storage.engine import reading, writing
from notifier.storage.tables import preferences, subscribers
from tests.integration.people import at, join
from tests.integration.visiting import EMAIL, visiting

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


def test_operators_still_see_everybody(services: Services) -> None:
    zones = {person.email: subscriber_fields(person)["zone"] for person in services.people.all()}
    assert zones == {"here@example.org": "Europe/Berlin", "gone@example.org": "Europe/Atlantis"}
    assert "gone@example.org,en,Europe/Atlantis,9," in "".join(services.importing.exported())
    [said] = [one for one in services.foretelling.explain("gone@example.org", None) if "no time zone" in one]
    assert said.startswith("Europe/Atlantis is no time zone any more")


def test_its_people_choose_another_one_themselves(engine: Engine, tmp_path: Path) -> None:
    site = visiting(engine, tmp_path)
    join(engine, site.catalog, EMAIL, language="en")
    with writing(engine) as db:
        db.execute(update(preferences).values(zone="Europe/Atlantis"))
    browser = site.browser()
    browser.post("/manage", data={"email": EMAIL})
    browser.post(site.letters()[-1].link("manage"))

    assert "Please choose a time zone from the list." in browser.get("/manage").text
    assert '"Europe/Atlantis"' in browser.get("/manage/export").text
    chosen = {"lang": "en", "zone": "UTC", "hour": "9", "leads": ["7", "1", "0"], "select": "all"}
    assert browser.post("/manage/preferences", data=chosen).status_code == 303

    assert (site.person().zone, site.person().lost_zone) == ("UTC", "")
    assert "Please choose" not in browser.get("/manage").text


def test_they_can_leave_and_be_forgotten(engine: Engine, tmp_path: Path) -> None:
    site = visiting(engine, tmp_path)
    person = join(engine, site.catalog, EMAIL, language="en")
    with writing(engine) as db:
        db.execute(update(preferences).values(zone="Europe/Atlantis"))

    path = f"/unsubscribe/{site.tokens.unsubscribe(person.key)}"
    assert site.browser().post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert site.person().status is SubscriberStatus.UNSUBSCRIBED
    assert site.suppressions.erase(person.key, site.now())
