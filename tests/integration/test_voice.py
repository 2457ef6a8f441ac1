"""What the service says itself has no contested word, in any language: its catalogs of messages and its templates."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from notifier.catalog.lint.voice import contested_in
from notifier.catalog.lint.words import CONTESTED, NAMES
from notifier.catalog.problems import Severity
from notifier.content.language import Languages
from notifier.content.templates import Templates
from notifier.usecases.check import check_calendar, check_template_wording
from tests.factories import LOCALES, ROOT

LANGUAGES = Languages(LOCALES).tags


def test_every_language_of_the_service_has_a_list() -> None:
    assert set(LANGUAGES) <= set(CONTESTED)
    assert set(CONTESTED) == set(NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_has_a_contested_word(language: str) -> None:
    catalog = read_po(BytesIO((LOCALES / language / "LC_MESSAGES/notifier.po").read_bytes()))
    said = [text for message in catalog if message.id for text in _texts(message.string)]

    assert len(said) > 100
    assert [(text, words) for text in said if (words := contested_in(language, text))] == []


def _texts(string: object) -> list[str]:
    return [string] if isinstance(string, str) else [str(text) for text in string] if isinstance(string, tuple) else []


@pytest.mark.parametrize(
    "file", [ROOT / "events.yaml", *sorted((ROOT / "calendars").glob("*.yaml"))], ids=lambda file: file.name
)
def test_the_calendars_that_ship_pass_strictly(file: Path) -> None:
    catalog, problems = check_calendar([file], LANGUAGES, date(2026, 11, 22))

    assert catalog is not None
    assert [problem.line for problem in problems if problem.severity is not Severity.NOTE] == []


def test_no_template_has_one() -> None:
    assert check_template_wording(Templates(ROOT / "templates")) == []


def test_a_template_of_an_operators_own_that_has_one_is_warned_about(tmp_path: Path) -> None:
    (tmp_path / "email").mkdir()
    (tmp_path / "email/notice.txt").write_text("Guten Tag,\nwir gedenken des Massakers.\n", "utf-8")

    (warning,) = check_template_wording(Templates(tmp_path))

    assert warning.severity is Severity.WARNING
    assert warning.line == (
        f'{tmp_path}/email/notice.txt:2:1: warning: the template says "massakers" in the service\'s own voice; '
        "use a plain word [W601]"
    )
