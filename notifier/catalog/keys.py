"""The keys of the format, part by part: what its reader takes, and its JSON Schema offers."""

from __future__ import annotations

TOP = ("version", "calendar", "include", "collections", "parties", "sources", "events")
CALENDAR = ("id", "name", "published", "zone", "languages", "leads", "milestones", "release")
MILESTONES = ("every", "leads")
COLLECTION = ("name",)
PARTY = ("name",)
SOURCE = ("publisher", "title", "by", "language", "published", "url", "accessed", "note")
EVENT = (
    "id", "was", "heading", "official_name", "origin", "counts", "rule", "begins", "kind", "collections", "place",
    "summary", "called", "figures", "remembered", "updates", "years", "translations", "leads", "leap_day",
    "exceptions", "until", "confirmed", "release",
)  # fmt: skip
OFFICIAL_NAME = ("text", "by", "source")
CALLED = ("term", "by", "source")
STATEMENT = ("text", "by", "source")
UPDATE = ("date", "text", "by", "source")
FIGURE = ("label", "claims")
CLAIM = ("value", "qualifier", "by", "source", "note")
PLACE = ("name", "zone", "at")
YEAR = ("note", "programme")
PROGRAMME_ITEM = ("id", "at", "place", "text", "url")
EXCEPTION = ("date", "reason")
