"""A calendar mended between planning and sending: what has not begun is rendered anew, what has keeps its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from notifier.domain.deliveries import DeliveryState
from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.storage.deliveries import deliveries_of
from notifier.storage.engine import reading
from notifier.usecases.plan import plan
from tests.factories import ROOT
from tests.integration.people import SEND_UNTIL, at

BERLIN = "2027-01-13T09:00+01:00"
NEW_YORK = "2027-01-13T09:00-05:00"
A_MINUTE_LATER = "2027-01-13T09:01-05:00"

WRONG = {"en": "Units of the Soviet army entered Baku", "de": "Einheiten der sowjetischen Armee rückten"}
MENDED = {"en": "Units of the Soviet Army came into Baku", "de": "Einheiten der Sowjetarmee rückten"}


@dataclass
class Place:
    """A service whose calendar stands in a file of its own."""

    services: Services
    calendar: Path
    outbox: Path

    def join(self, email: str, language: str, zone: str) -> None:
        wanted = self.services.people.preference(language, zone, 9, "7,0", "none", "black-january")
        self.services.people.add(email, wanted, "I agree", at("2027-01-10T12:00+01:00"))

    def rewrite(self, words: dict[str, str]) -> None:
        text = self.calendar.read_text("utf-8")
        for before, after in words.items():
            assert before in text
            text = text.replace(before, after)
        self.calendar.write_text(text, "utf-8")
        self.services.published.reload(at(NEW_YORK))

    def texts(self) -> dict[str, str]:
        """Return what everybody has got, on one line each."""
        messages = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in (self.outbox / "new").iterdir()]
        return {str(one["To"]): " ".join(words_of(one).split()) for one in messages}


def words_of(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


@pytest.fixture
def place(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.chdir(tmp_path)
    calendar = tmp_path / "calendar.yaml"
    calendar.write_text((ROOT / "events.yaml").read_text("utf-8"), "utf-8")
    settings = Settings.model_validate(
        {"events": (str(calendar),), "database_url": database_url, "mail_url": f"maildir:{tmp_path}/outbox"}
    )
    now = datetime.fromisoformat(NEW_YORK)
    with open_services(settings, lambda: now) as services:
        services.start(at(BERLIN))
        yield Place(services, calendar, tmp_path / "outbox")


def test_what_was_planned_and_not_begun_leaves_with_the_mended_text(place: Place) -> None:
    place.join("begun@example.org", "en", "Europe/Berlin")
    place.join("later@example.org", "en", "America/New_York")
    place.join("german@example.org", "de", "America/New_York")
    assert place.services.tick(at(BERLIN)).sent == 1
    assert plan(place.services.engine, place.services.catalog, at(NEW_YORK), SEND_UNTIL).planned == 2

    place.rewrite({WRONG[tag]: MENDED[tag] for tag in WRONG})
    assert place.services.tick(at(A_MINUTE_LATER)).sent == 2

    texts = place.texts()
    assert WRONG["en"] in texts["begun@example.org"]
    # All who get one edition read the same.
    assert WRONG["en"] in texts["later@example.org"]
    assert MENDED["de"] in texts["german@example.org"]
    assert WRONG["de"] not in texts["german@example.org"]


def test_what_waits_to_be_tried_again_has_begun_and_keeps_its_text(place: Place) -> None:
    """The first attempt may have arrived at some server: a second text under the same Message-ID would be another."""
    place.join("reader@example.org", "en", "America/New_York")
    plan(place.services.engine, place.services.catalog, at(NEW_YORK), SEND_UNTIL)
    (place.outbox.parent / "outbox").write_text("in the way of the folder", "utf-8")
    assert place.services.tick(at(NEW_YORK)).sent == 0
    (place.outbox.parent / "outbox").unlink()

    place.rewrite({WRONG["en"]: MENDED["en"]})
    assert place.services.tick(at("2027-01-13T09:35-05:00")).sent == 1

    assert WRONG["en"] in place.texts()["reader@example.org"]


def test_what_was_planned_of_an_event_that_is_gone_does_not_leave(place: Place) -> None:
    place.join("reader@example.org", "en", "America/New_York")
    plan(place.services.engine, place.services.catalog, at(NEW_YORK), SEND_UNTIL)

    place.rewrite({"  - id: black-january\n": "  - id: black-january\n    until: 2026\n"})
    report = place.services.tick(at(A_MINUTE_LATER))

    assert (report.sent, report.expired) == (0, 1)
    [delivery] = deliveries_of_reader(place)
    assert delivery is DeliveryState.EXPIRED
    assert not (place.outbox / "new").exists() or place.texts() == {}


def deliveries_of_reader(place: Place) -> list[DeliveryState]:
    with reading(place.services.engine) as db:
        return [one.state for one in deliveries_of(db, place.services.people.of("reader@example.org").id)]
