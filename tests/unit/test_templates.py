"""Templates: strict, escaped where it is markup, and checked before they are needed."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from notifier.content.language import Languages
from notifier.content.templates import Templates
from tests.factories import LOCALES

GERMAN = Languages(LOCALES)["de"]


def test_a_broken_template_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>\n{% if %}\n")

    [problem] = Templates(tmp_path).problems()

    assert (problem.path, problem.line) == (tmp_path / "page.html", 2)
    assert problem.message


def test_a_template_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"Z\xe4hlung")

    [problem] = Templates(tmp_path).problems()

    assert "UTF-8" in problem.message


def test_templates_speak_the_language_they_are_rendered_in(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text('{{ say("When") }}: {{ say_many("in {n} day", "in {n} days", n) }}')

    assert Templates(tmp_path).render("page.txt", GERMAN, n=7) == "Wann: in 7 Tagen"


def test_what_an_event_says_is_never_read_as_a_template(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>{{ text }}</p>")

    rendered = Templates(tmp_path).render("page.html", GERMAN, text="{{ 7 * 7 }} <b>{% raise %}")

    assert rendered == "<p>{{ 7 * 7 }} &lt;b&gt;{% raise %}</p>"


def test_a_name_nobody_gave_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("{{ forgotten }}")

    with pytest.raises(UndefinedError):
        Templates(tmp_path).render("page.txt", GERMAN)
