"""Every link, form and picture of the published folder leads somewhere: to a file in it, or to the running service."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import html5lib
import pytest

from notifier.content.nginx import live_pattern
from tests.acceptance.conftest import Place
from tests.acceptance.test_static_site import address_of, files

URL = "https://days.example.org"
LIVE = re.compile(live_pattern(""))
XHTML = "{http://www.w3.org/1999/xhtml}"
# The addresses of pictures and of pages are told to machines in `content`.
ADDRESSES = ("href", "src", "action", "formaction", "content", "poster", "data", "srcset")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder in which two languages are published: once beside a service, once alone."""
    place = Place(tmp_path_factory.mktemp("links"), settings={"NOTIFIER_LANGUAGES": "en,az"})
    for folder, options in (("beside", ()), ("alone", ("--alone",))):
        done = place.run("publish", folder, "--base-url", URL, *options)
        assert done.returncode == 0, done.stderr
    return place


def pages(published: Mapping[str, bytes]) -> Iterator[tuple[str, ET.Element]]:
    for name, content in published.items():
        if name.endswith(".html"):
            document = html5lib.HTMLParser(strict=True).parse(content.decode())
            assert isinstance(document, ET.Element)
            yield name, document


def links(document: ET.Element, name: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the fragment of each link to this site; a relative one counts from the page's own address."""
    own = address_of(name)
    for element in document.iter():
        for attribute in ADDRESSES:
            value = element.get(attribute, "")
            if attribute == "content" and not value.startswith(URL):
                continue
            if value.startswith("#"):
                yield own, value[1:]
            elif value.startswith(("/", URL)):
                path = urlsplit(value.removeprefix(URL))
                yield path.path, path.fragment


@pytest.mark.parametrize("folder", ["beside", "alone"])
def test_every_link_leads_somewhere(place: Place, folder: str) -> None:
    published = files(place.folder / folder)
    there = {address_of(name) for name in published} | {"/"}
    found = dict(pages(published))
    ids = {address_of(name): {element.get("id", "") for element in document.iter()} for name, document in found.items()}

    for name, document in found.items():
        for path, fragment in links(document, name):
            if folder == "beside" and LIVE.match(path):
                continue
            assert path in there, f"{name} leads to {path}"
            assert not fragment or fragment in ids[path], f"{name} leads to {path}#{fragment}"


def test_without_a_service_there_are_no_forms_and_with_one_they_lead_to_it(place: Place) -> None:
    for name, document in pages(files(place.folder / "alone")):
        assert not list(document.iter(f"{XHTML}form")), name
    forms = [form for _, document in pages(files(place.folder / "beside")) for form in document.iter(f"{XHTML}form")]
    assert forms
    assert all(LIVE.match(form.get("action", "")) for form in forms)


def test_nothing_is_fetched_from_another_host(place: Place) -> None:
    for name, document in pages(files(place.folder / "beside")):
        for element in document.iter():
            fetched = [element.get("src", "")]
            if element.tag == f"{XHTML}link" and element.get("rel") not in {"alternate", "canonical"}:
                fetched.append(element.get("href", ""))
            assert all(not url or url.startswith("/") for url in fetched), name
