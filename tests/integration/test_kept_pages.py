"""A page that is kept is sent before everything else, and just as the application would send it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from starlette.testclient import TestClient

from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.web.app import build_app
from tests.factories import TEMPLATES
from tests.web_site import SmallSite


class CountingTemplates(Templates):
    """Notes what is rendered."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)
        self.rendered: list[str] = []

    def render(self, name: str, language: Language, /, **values: object) -> str:
        self.rendered.append(name)
        return super().render(name, language, **values)


@pytest.fixture
def templates() -> CountingTemplates:
    return CountingTemplates()


@pytest.fixture
def browser(templates: CountingTemplates) -> TestClient:
    return TestClient(build_app(SmallSite(templates=templates)), follow_redirects=False)


def said(answer: object) -> tuple[int, Mapping[str, str], bytes]:
    return answer.status_code, dict(answer.headers), answer.content  # type: ignore[attr-defined]


PAGES = ["/en/", "/de/events/black-january", "/en/events/khojaly/2027", "/en/subscribe", "/en/calendar/2027"]


@pytest.mark.parametrize("path", PAGES)
def test_it_is_the_same_answer_as_the_first_and_rendered_once(
    browser: TestClient, templates: CountingTemplates, path: str
) -> None:
    first = browser.get(path)
    templates.rendered.clear()

    again = browser.get(path)

    assert said(again) == said(first)
    assert templates.rendered == []


def test_words_that_change_nothing_do_not_have_a_page_rendered_again(
    browser: TestClient, templates: CountingTemplates
) -> None:
    """Of so few days each has a box, and nobody is asked what they look for."""
    for query in ("select=all", "select="):
        first = browser.get(f"/en/subscribe?{query}&find=baku")
        templates.rendered.clear()
        again = browser.get(f"/en/subscribe?{query}&find=khojaly")

        assert (first.status_code, again.content) == (200, first.content)
        assert templates.rendered == []


@pytest.mark.parametrize("conditions", [{}, {"If-None-Match": "*"}, {"If-None-Match": '"other"'}])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_and_conditions_are_answered_alike(method: str, conditions: dict[str, str]) -> None:
    fresh, kept = (TestClient(build_app(SmallSite())) for _ in range(2))
    kept.get("/en/")

    assert said(kept.request(method, "/en/", headers=conditions)) == said(
        fresh.request(method, "/en/", headers=conditions)
    )


def test_who_has_the_page_is_told_so(browser: TestClient) -> None:
    etag = browser.get("/en/").headers["etag"]

    again = browser.get("/en/", headers={"If-None-Match": f'"other", W/{etag}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path", ["/en/search?q=baku", "/en/subscribe?select=khojaly", "/en/nowhere", "/en/events/nowhere"]
)
def test_what_was_asked_for_before_is_not_rendered_again(
    browser: TestClient, templates: CountingTemplates, path: str
) -> None:
    first = browser.get(path)
    templates.rendered.clear()

    assert browser.get(path).content == first.content
    assert templates.rendered == []


def test_another_method_goes_to_the_application(browser: TestClient) -> None:
    browser.get("/en/")

    assert browser.post("/en/").status_code == 405
