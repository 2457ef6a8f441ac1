"""Two whole services on one database, one of them with an older calendar, as while a new version is rolled out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifier.services import Services, open_services
from notifier.settings import Settings
from notifier.storage.engine import reading
from notifier.storage.revisions import stored_entries
from tests.factories import ROOT

NOW = datetime(2027, 1, 2, 12, tzinfo=UTC)
GERMAN = "/feeds/de/events/black-january.ics"
SECRET = "a secret for tests, long enough for anyone"


@pytest.fixture
def calendars(tmp_path: Path) -> tuple[Path, Path]:
    """The shipped calendar, and an edition of it with another German account."""
    older, newer = tmp_path / "older.yaml", tmp_path / "newer.yaml"
    text = (ROOT / "events.yaml").read_text("utf-8")
    edited = text.replace("Euronews beschreibt die Ereignisse", "Euronews nennt die Ereignisse")
    assert edited != text
    older.write_text(text, "utf-8")
    newer.write_text(edited, "utf-8")
    return older, newer


def settings(calendar: Path, database_url: str) -> Settings:
    return Settings.model_validate(
        {"events": (str(calendar),), "database_url": database_url, "languages": ("de",), "secret": (SECRET,)}
    )


def sequences(services: Services) -> set[int]:
    with reading(services.engine) as db:
        return {entry.revision.sequence for entry in stored_entries(db).values() if entry.event_id == "black-january"}


def test_announcements_do_not_revise_entries_back_and_forth(calendars: tuple[Path, Path], database_url: str) -> None:
    """DESIGN, Identity: SEQUENCE rises when the content changes, and only then."""
    older, newer = calendars
    with (
        open_services(settings(older, database_url), lambda: NOW) as one,
        open_services(settings(newer, database_url), lambda: NOW) as other,
    ):
        one.start(NOW)
        other.start(NOW)
        assert sequences(one) == {1}
        told = other.site.feeds[GERMAN].identity

        for _ in range(3):
            for service in (one, other):
                assert service.published.turn(service.site.valid_until)

        assert sequences(one) == {1}
        assert other.site.feeds[GERMAN].identity == told
