"""The other shapes of feeds read strictly: Atom, JSON Feed, tables and lists of feeds."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from io import StringIO
from typing import Any, NamedTuple

import feedparser
import jsonschema

from notifier.content.csv_feed import COLUMNS
from tests.factories import ROOT
from tests.integration.reading_lines import UNSEEN

SCHEMA = json.loads((ROOT / "tests/golden/jsonfeed-1.1.schema.json").read_text("utf-8"))
_JSON_FEED = jsonschema.Draft202012Validator(SCHEMA)

_ATOM = "{http://www.w3.org/2005/Atom}"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_ADDRESS = re.compile(r"https?://\S+")


class Item(NamedTuple):
    """One notice as a feed reader has it. `text` is None where only markup is sent."""

    id: str
    title: str
    summary: str
    html: str
    text: str | None
    url: str
    published: str
    updated: str
    tags: tuple[str, ...]


class Notices(NamedTuple):
    """A feed of notices, newest first."""

    title: str
    description: str
    url: str
    items: tuple[Item, ...]


def read_atom(content: bytes) -> Notices:
    """Read an Atom feed (RFC 4287) as XML, and with feedparser, which may find nothing wrong with it."""
    _check_text(content)
    feed = ET.fromstring(content)  # noqa: S314  # our own
    assert feed.tag == f"{_ATOM}feed"
    assert _said(feed, "id").startswith("tag:")
    items = tuple(_atom_item(entry) for entry in feed.iter(f"{_ATOM}entry"))
    _one(feed, "author")
    notices = Notices(_said(feed, "title"), _said(feed, "subtitle"), _link(feed, "self"), items)
    newest = _said(feed, "updated")
    assert _INSTANT.fullmatch(newest), newest
    assert newest >= max((item.updated for item in items), default=""), newest
    _check(notices)
    read = feedparser.parse(
        content, response_headers={"content-type": "application/atom+xml; charset=utf-8", "content-location": "/"}
    )
    assert not read.bozo, read.get("bozo_exception")
    assert (read.version, read.encoding) == ("atom10", "utf-8"), (read.version, read.encoding)
    assert [(one.id, one.link, one.published, one.updated) for one in read.entries] == [
        (item.id, item.url, item.published, item.updated) for item in items
    ]
    return notices


def _atom_item(entry: ET.Element) -> Item:
    return Item(
        id=_said(entry, "id"),
        title=_said(entry, "title"),
        summary=_said(entry, "summary"),
        html=_said(entry, "content"),
        text=None,
        url=_link(entry, "alternate"),
        published=_said(entry, "published"),
        updated=_said(entry, "updated"),
        tags=tuple(category.attrib["label"] for category in entry.findall(f"{_ATOM}category")),
    )


def _one(parent: ET.Element, name: str) -> ET.Element:
    (found,) = parent.findall(f"{_ATOM}{name}")
    return found


def _said(parent: ET.Element, name: str) -> str:
    """Return what stands in the one child of a name; it says something."""
    element = _one(parent, name)
    said = element.text or ""
    assert said.strip(), name
    assert not list(element), name
    return said


def _link(parent: ET.Element, relation: str) -> str:
    (found,) = [one.attrib["href"] for one in parent.findall(f"{_ATOM}link") if one.get("rel") == relation]
    return found


def read_json(content: bytes) -> Notices:
    """Read a JSON Feed as its schema has it."""
    _check_text(content)
    feed = json.loads(content.decode(), object_pairs_hook=_without_repeats)
    _JSON_FEED.validate(feed)
    items = tuple(
        Item(
            id=item["id"],
            title=item["title"],
            summary=item["summary"],
            html=item["content_html"],
            text=item["content_text"],
            url=item["url"],
            published=item["date_published"],
            updated=item["date_modified"],
            tags=tuple(item.get("tags", ())),
        )
        for item in feed["items"]
    )
    notices = Notices(feed["title"], feed["description"], feed["feed_url"], items)
    _check(notices)
    assert not [said for said in _texts(feed) if _unprintable(said)]
    return notices


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs), pairs
    return dict(pairs)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [said for one in value for said in _texts(one)]


def _check(notices: Notices) -> None:
    """Assert what holds for notices in both shapes."""
    ids = Counter(item.id for item in notices.items)
    assert not [id_ for id_, times in ids.items() if times > 1], ids
    assert all(id_.startswith("tag:") for id_ in ids), ids
    for item in notices.items:
        assert item.title.strip(), item
        assert item.html.strip(), item
        assert _ADDRESS.fullmatch(item.url), item.url
        assert len(item.url) < 256, item.url
        assert all(map(_INSTANT.fullmatch, (item.published, item.updated))), item
        assert item.updated >= item.published, item
    published = [item.published for item in notices.items]
    assert published == sorted(published, reverse=True), published


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Read a table (RFC 4180): a head, rows of the same length, CRLF, nothing that a spreadsheet would calculate."""
    said = content.decode()
    assert not said.startswith("\ufeff")
    assert said.endswith("\r\n")
    head, *rows = list(csv.reader(StringIO(said, newline=""), strict=True))
    assert tuple(head) == COLUMNS
    for row in rows:
        assert len(row) == len(head), row
        assert not [cell for cell in row if _unprintable(cell) or cell.startswith(tuple("=+-@＝＋－＠"))], row
    assert said.count("\r\n") == said.count("\n") == said.count("\r") == len(rows) + 1
    return [dict(zip(head, row, strict=True)) for row in rows]


class Listed(NamedTuple):
    """What a list of feeds names: the feeds of notices, and the calendars, each with its address."""

    notices: tuple[tuple[str, str], ...]
    calendars: tuple[tuple[str, str], ...]


def read_opml(content: bytes) -> Listed:
    """Read a list of feeds (OPML 2.0)."""
    _check_text(content)
    root = ET.fromstring(content)  # noqa: S314  # our own
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [child.tag for child in root] == ["head", "body"]
    assert (root.findtext("head/title") or "").strip()
    outlines = list(root.iter("outline"))
    assert all(outline.get("text", "").strip() for outline in outlines)
    read = Listed(
        tuple((one.attrib["text"], one.attrib["xmlUrl"]) for one in outlines if one.get("type") == "rss"),
        tuple((one.attrib["text"], one.attrib["url"]) for one in outlines if one.get("type") == "link"),
    )
    assert all(_ADDRESS.fullmatch(address) for _, address in read.notices + read.calendars)
    assert 0 < len(read.notices) == len(read.calendars) == (len(outlines) - 2) / 2
    return read


def _check_text(content: bytes) -> None:
    """Assert that these are lines of UTF-8 without a byte order mark and without control characters."""
    said = content.decode()
    assert said.endswith("\n")
    assert not _unprintable(said)


def _unprintable(said: str) -> list[str]:
    """Return the characters that nobody sees and some programme stumbles over; a line end is none in a text."""
    return UNSEEN.findall(said.replace("\n", ""))
