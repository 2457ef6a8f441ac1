"""What nobody but the service may open never comes to lie where a web server shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from notifier.cli import app
from notifier.services import private_paths
from notifier.settings import Settings
from notifier.storage.published_folder import PrivateFolderError, refuse_private
from tests.factories import ROOT


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def private(**settings: object) -> list[Path]:
    return private_paths(Settings.model_validate(settings))


@pytest.mark.parametrize("folder", [".", "var", "../"])
def test_a_folder_around_the_services_own_files_is_refused(folder: str) -> None:
    with pytest.raises(PrivateFolderError, match="and a web server would show it; name a folder of its own"):
        refuse_private(Path(folder), private())


def test_so_is_one_with_the_database_or_the_mail(tmp_path: Path) -> None:
    elsewhere = private(database_url=f"sqlite:///{tmp_path}/data/people.db", mail_url=f"maildir:{tmp_path}/mail/out")

    for folder in ("data", "mail"):
        with pytest.raises(PrivateFolderError):
            refuse_private(tmp_path / folder, elsewhere)


def test_a_link_to_such_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").symlink_to(tmp_path)

    with pytest.raises(PrivateFolderError):
        refuse_private(Path("site"), private())


def test_a_folder_beside_them_is_taken() -> None:
    refuse_private(Path("site"), private())
    refuse_private(Path("var/site"), private())


def test_nor_is_a_folder_with_files_that_the_calendar_includes(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    for name in ("events.yaml", "calendars/world.yaml"):
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8"), "utf-8")
    with (tmp_path / "events.yaml").open("a", encoding="utf-8") as calendar:
        calendar.write("include: [calendars/world.yaml]\n")

    done = CliRunner().invoke(app, ["publish", "calendars", "--force"])

    assert isinstance(done.exception, PrivateFolderError)
    assert "calendars/world.yaml of this service" in str(done.exception)
    assert not (tmp_path / "calendars/index.html").exists()
