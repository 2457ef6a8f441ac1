"""The addresses that published files hold, each in its own way: pages, feeds, lists, stylesheets, servers' rules."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

# The addresses of pictures and of pages are told to machines in `content`.
_ATTRIBUTES = ("href", "src", "action", "formaction", "poster", "data")
_ELSEWHERE = re.compile(r"(?!https?:|webcal:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WHOLE = re.compile(r"(?:https?|webcal)://[^\s\"'<>\\]+")
_FOLDED = re.compile(rb"\r\n[ \t]")


@dataclass
class PublishedPage(HTMLParser):
    """A page as a reader of links sees it."""

    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    forms: list[str] = field(default_factory=list)
    _data: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def of(cls, content: bytes) -> PublishedPage:
        page = cls()
        page.feed(content.decode())
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._data = given.get("type") == "application/ld+json"
        self.ids.add(given.get("id", ""))
        self.links += [given[name] for name in _ATTRIBUTES if name in given]
        self.links += [one.split()[0] for one in given.get("srcset", "").split(",") if one.strip()]
        self.links += _WHOLE.findall(given.get("content", ""))
        if tag == "form":
            self.forms.append(given.get("action", ""))
        if "src" in given:
            self.fetched.append(given["src"])
        if tag == "link" and given.get("rel") not in {"alternate", "canonical", "prev", "next"}:
            self.fetched.append(given.get("href", ""))

    def handle_data(self, data: str) -> None:
        # An address to copy stands in the text.
        self.links += said_in(json.loads(data)) if self._data else _WHOLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        self._data = False


def said_in(value: Any) -> list[str]:
    """Return every address in the texts of a JSON value, its names left out."""
    if isinstance(value, dict):
        return [found for one in value.values() for found in said_in(one)]
    if isinstance(value, list):
        return [found for one in value for found in said_in(one)]
    return _WHOLE.findall(value) if isinstance(value, str) else []


def _in_xml(content: bytes) -> Iterator[str]:
    for one in ET.fromstring(content).iter():  # noqa: S314  # what was just published
        for text in (one.text or "", *one.attrib.values()):
            yield from _WHOLE.findall(text)
        if "href" in one.attrib:
            yield one.attrib["href"]


def _in_ics(content: bytes) -> Iterator[str]:
    text = _FOLDED.sub(b"", content).decode().replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
    yield from _WHOLE.findall(text)


def _in_json(content: bytes) -> Iterator[str]:
    yield from said_in(json.loads(content))


def _in_csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(StringIO(content.decode("utf-8-sig"), newline="")):
        for cell in row:
            yield from _WHOLE.findall(cell)


def _in_manifest(content: bytes) -> Iterator[str]:
    told = json.loads(content)
    yield from (told["id"], told["start_url"], told["scope"])
    yield from (icon["src"] for icon in told["icons"])


def _in_css(content: bytes) -> Iterator[str]:
    yield from re.findall(r"url\(\s*[\"']?([^\"')]+)", content.decode())


def _in_text(content: bytes) -> Iterator[str]:
    yield from _WHOLE.findall(content.decode())


def _in_redirects(content: bytes) -> Iterator[str]:
    yield from (line.split()[1] for line in content.decode().splitlines())


def _in_headers(content: bytes) -> Iterator[str]:
    """Yield the addresses that have headers of their own, and those named in headers."""
    for line in content.decode().splitlines():
        if line.startswith("/") and "*" not in line:
            yield line
        yield from re.findall(r"^  Link: <([^>:*]+)>", line)


def _in_nginx(content: bytes) -> Iterator[str]:
    """Yield the addresses with rules of their own, where they lead, and the files they are served from."""
    text = content.decode()
    yield from re.findall(r"^location = (\S+)", text, re.MULTILINE)
    yield from (to for to in re.findall(r"return 30\d ([^\s$;]+)", text) if to != "/")
    yield from (file.removesuffix(".html") for file in re.findall(r"try_files (/[^\s$]+\.html) ", text))


_BY_NAME: dict[str, Callable[[bytes], Iterator[str]]] = {
    "_headers": _in_headers, "_redirects": _in_redirects, "nginx.conf": _in_nginx,
}  # fmt: skip
_BY_END: dict[str, Callable[[bytes], Iterator[str]]] = {
    "html": lambda content: iter(PublishedPage.of(content).links),
    "xml": _in_xml,
    "atom": _in_xml,
    "opml": _in_xml,
    "svg": _in_xml,
    "ics": _in_ics,
    "json": _in_json,
    "csv": _in_csv,
    "webmanifest": _in_manifest,
    "css": _in_css,
    "txt": _in_text,
}
WITHOUT = frozenset({"gz", "png", "ico", "xlsx", "js"})
"""What holds none: pictures, the script; a table for spreadsheets, whose links are those of the CSV; packed forms."""


def links_in(name: str, content: bytes) -> Iterator[str]:
    """Yield every address in a file, as it stands there, and those that links to other sites hand over."""
    end = name.rpartition(".")[2]
    if end in WITHOUT and name not in _BY_NAME:
        return
    for link in (_BY_NAME.get(name) or _BY_END[end])(content):
        if not _ELSEWHERE.match(link):
            yield link
        for _, value in parse_qsl(urlsplit(link).query):
            yield from _WHOLE.findall(value)
