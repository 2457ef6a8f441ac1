"""Feeds of notices, for feed readers: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from notifier.content.notice_entries import NoticeEntry, instant, shown_line

ATOM_TYPE = "application/atom+xml; charset=utf-8"
JSON_FEED_TYPE = "application/feed+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class NoticesHead:
    """What a feed of notices says of itself; addresses are whole.

    `id` is a tag URI that no address changes; `author` is the calendar's name; `hub` is a WebSub hub, where one is
    told of changes.
    """

    id: str
    title: str
    description: str
    author: str
    language: str
    page: str
    url: str
    hub: str | None = None


def atom(head: NoticesHead, entries: Sequence[NoticeEntry], updated: datetime) -> bytes:
    """Return the Atom feed of these notices, in the order given."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(head.language)}>',
        f"<id>{escape(head.id)}</id>",
        f"<title>{escape(shown_line(head.title))}</title>",
        f"<subtitle>{escape(shown_line(head.description))}</subtitle>",
        f"<updated>{instant(updated)}</updated>",
        f"<author><name>{escape(shown_line(head.author))}</name></author>",
        "<generator>Remembrance notifier</generator>",
        _link("self", head.url, "application/atom+xml"),
        _link("alternate", head.page, "text/html"),
        *([f'<link rel="hub" href={quoteattr(head.hub)}/>'] if head.hub else []),
        *(line for entry in entries for line in _entry(entry)),
        "</feed>",
    ]
    return "\n".join([*lines, ""]).encode()


def _entry(entry: NoticeEntry) -> Iterator[str]:
    yield "<entry>"
    yield f"<id>{escape(entry.id)}</id>"
    yield f"<title>{escape(entry.title)}</title>"
    yield f"<published>{instant(entry.published)}</published>"
    yield f"<updated>{instant(entry.updated)}</updated>"
    yield _link("alternate", entry.url, "text/html")
    for term, label in entry.tags:
        yield f"<category term={quoteattr(term)} label={quoteattr(shown_line(label))}/>"
    yield f"<summary>{escape(entry.summary)}</summary>"
    yield f'<content type="html">{escape(entry.html)}</content>'
    yield "</entry>"


def _link(relation: str, url: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={quoteattr(url)}/>'


def json_feed(head: NoticesHead, entries: Iterable[NoticeEntry]) -> bytes:
    """Return the JSON Feed of these notices, in the order given."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": shown_line(head.title),
        "home_page_url": head.page,
        "feed_url": head.url,
        "description": shown_line(head.description),
        "language": head.language,
        "authors": [{"name": shown_line(head.author)}],
        **({"hubs": [{"type": "WebSub", "url": head.hub}]} if head.hub else {}),
        "items": [_item(entry, head.language) for entry in entries],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: NoticeEntry, language: str) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": instant(entry.published),
        "date_modified": instant(entry.updated),
        "language": language,
        **({"tags": [shown_line(label) for _, label in entry.tags]} if entry.tags else {}),
    }
