"""The list of all feeds of one language (OPML 2.0), to be taken over whole by a feed reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from notifier.content.notice_entries import shown_line

OPML_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Listed:
    """One feed: its name, its page, and its whole addresses as Atom and as a calendar."""

    name: str
    page: str
    atom: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What the list and its two parts are called."""

    title: str
    notices: str
    calendars: str


def opml(headings: Headings, language: str, listed: Iterable[Listed]) -> bytes:
    """Return the list: first the feeds of notices, which readers take over, then the calendars, as links."""
    listed = tuple(listed)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        f"<head><title>{escape(shown_line(headings.title))}</title></head>",
        "<body>",
        f"<outline text={_attribute(headings.notices)}>",
        *(
            f'<outline type="rss" text={_attribute(one.name)} title={_attribute(one.name)} '
            f"xmlUrl={quoteattr(one.atom)} htmlUrl={quoteattr(one.page)} language={quoteattr(language)}/>"
            for one in listed
        ),
        "</outline>",
        f"<outline text={_attribute(headings.calendars)}>",
        *(f'<outline type="link" text={_attribute(one.name)} url={quoteattr(one.calendar)}/>' for one in listed),
        "</outline>",
        "</body>",
        "</opml>",
    ]
    return "\n".join([*lines, ""]).encode()


def _attribute(text: str) -> str:
    return quoteattr(shown_line(text))
