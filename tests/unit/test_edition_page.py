"""The page of a message as it was released."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.testclient import TestClient

from notifier.content.edition_page import ReleasedEdition, impersonal
from notifier.tokens import TOKEN_LENGTH
from notifier.web.app import build_app
from tests.web_site import LANGUAGES, SmallSite

KEY = "abcdefghijklmnopqrstuvwxyz"
TEXT = """Schwarzer Januar: 37. Jahrestag
===============================

Im Netz lesen: https://days.example.org/de/events/black-january/2027
<script>alert(1)</script>

Zu dieser Nachricht
--------------------

Abmelden: https://days.example.org/unsubscribe/the-token-of-one-reader
"""


@pytest.fixture
def site() -> SmallSite:
    corrections = ("Berichtigung\n============\n\nDie Zahl war falsch.\n\n\nZu dieser Nachricht\n---\n\nAbmelden",)
    edition = ReleasedEdition("de", date(2027, 1, 13), "Schwarzer Januar: 37. Jahrestag", TEXT, corrections)
    return SmallSite(editions={KEY: edition})


@pytest.fixture
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site))


def test_it_shows_the_message_and_nothing_personal(browser: TestClient) -> None:
    answer = browser.get(f"/editions/{KEY}", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert answer.headers["content-language"] == "de"
    assert "Diese Nachricht wurde für den 13. Januar 2027 gesendet." in answer.text
    assert '<a href="https://days.example.org/de/events/black-january/2027"' in answer.text
    assert "unsubscribe" not in answer.text
    assert "<script>" not in answer.text


def test_its_headings_are_headings_and_its_paragraphs_as_wide_as_the_window(site: SmallSite) -> None:
    text = "What is said\n============\n\n- One line that was\n  wrapped, in the middle.\n- Another.\n"
    site.editions[KEY] = ReleasedEdition("en", date(2027, 1, 13), "Black January", text, ())
    page = TestClient(build_app(site)).get(f"/editions/{KEY}").text

    assert "<h2>What is said</h2>" in page
    assert "<li>One line that was wrapped, in the middle.</li><li>Another.</li>" in page


def test_its_lists_are_lists_and_what_stands_between_them_is_not(site: SmallSite) -> None:
    text = (
        "When\n====\n\nKilled:\n- 147 – official data [1]\n- 150 [2]\n\nSources differ.\n\n"
        "- Next: https://days.example.org/en/\n\n[1] A source\n    https://archive.example.org/1\n"
    )
    site.editions[KEY] = ReleasedEdition("en", date(2027, 1, 13), "Black January", text, ())
    page = TestClient(build_app(site)).get(f"/editions/{KEY}").text

    for block in (
        '<div class="letter">Killed:</div>',
        '<ul class="letter"><li>147 – official data [1]</li><li>150 [2]</li></ul>',
        '<div class="letter">Sources differ.</div>',
        '<li>Next: <a href="https://days.example.org/en/" rel="nofollow">',
        '<div class="letter">[1] A source <a href="https://archive.example.org/1"',
    ):
        assert block in page


def test_a_correction_stands_above_it(browser: TestClient) -> None:
    page = browser.get(f"/editions/{KEY}").text

    assert page.index("Die Zahl war falsch.") < page.index("Im Netz lesen")


def test_nobody_keeps_it_and_nobody_lists_it(browser: TestClient) -> None:
    answer = browser.get(f"/editions/{KEY}")

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("key", ["b" * 26, "x", "A" * 26, "a" * 200, "%00" * 26])
def test_another_key_is_not_found(browser: TestClient, key: str) -> None:
    assert browser.get(f"/editions/{key}").status_code == 404


def test_an_address_with_a_token_is_taken_out_wherever_it_stands() -> None:
    pieces = impersonal(f"before https://x.example/unsubscribe/{'a' * TOKEN_LENGTH} after", LANGUAGES["en"])

    assert [(piece.text, piece.is_link) for piece in pieces] == [("before ", False), ("…", False), (" after", False)]
