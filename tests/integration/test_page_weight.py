"""Every page of the shipped calendar, in every language: light enough for a telephone, and valid."""

from __future__ import annotations

import html5lib
import pytest
from starlette.testclient import TestClient

from notifier.catalog.load import load_catalog
from notifier.domain import addresses
from notifier.web.app import build_app
from tests.factories import ROOT
from tests.further_languages import SPOKEN, in_every_language
from tests.web_site import LANGUAGES, SmallSite

MOST = 100_000
"""Bytes of a page, without pictures."""


@pytest.fixture(scope="module")
def site() -> SmallSite:
    catalog = load_catalog([ROOT / "events.yaml", ROOT / "calendars/world.yaml"], LANGUAGES.tags).catalog
    assert catalog is not None
    return SmallSite(in_every_language(catalog), allowed_origins=("https://partner.example",))


@pytest.fixture(scope="module")
def browser(site: SmallSite) -> TestClient:
    return TestClient(build_app(site, settled=0.0))


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_page_weighs_little_and_is_valid(site: SmallSite, browser: TestClient, tag: str) -> None:
    chosen = "?select=all&ahead=365&ahead=30&ahead=7&alarms=7&timed=on"
    paths = [
        addresses.home(tag),
        addresses.calendar(tag, 2027),
        addresses.outlook(tag),
        f"{addresses.search(tag)}?q=1",
        addresses.subscribe(tag),
        addresses.subscribe(tag) + chosen,
        *(addresses.collection(tag, id_) for id_ in site.catalog.collection_ids()),
        *(addresses.event(tag, event.id) for event in site.catalog.events),
    ]
    for path in paths:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert len(answer.content) <= MOST, path
        html5lib.HTMLParser(strict=True).parse(answer.text)
