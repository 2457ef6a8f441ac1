"""Notices as feed readers show them, in one language: each announced ahead, on its own date."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from notifier.content.abridging import brief, cut
from notifier.content.contentlines import one_line, plain
from notifier.content.language import Language
from notifier.content.templates import Templates
from notifier.content.vevent import collection_names, described
from notifier.content.views import OccurrenceView
from notifier.content.wording import view_occurrence
from notifier.domain import addresses
from notifier.domain.events import Calendar, Catalog
from notifier.domain.hours import instant_of
from notifier.domain.notices import Notice
from notifier.domain.windows import FeedYears

LONGEST_TITLE = 3_000
LONGEST_TEXT = 50_000
"""Characters, about: some 25 pages. What is longer is cut, and leads to the page."""

# What XML 1.0 (§2.2) cannot hold, of what `plain` leaves.
_NOT_IN_XML = re.compile("[\ufffe\uffff]")

RevisedOf = Callable[[Notice], datetime]
"""When the announced anniversary's entry was last revised in the feed's language."""


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One notice, finished but for the markup around it. Instants are UTC, whole seconds.

    `id` is a tag URI (RFC 4151); `tags` are the ids and the names of the event's collections. Texts hold no character
    that XML or JSON could not.
    """

    id: str
    url: str
    title: str
    summary: str
    html: str
    text: str
    published: datetime
    updated: datetime
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NoticeWording:
    """What all notices of one language are worded with; `base_url` has no slash at its end."""

    catalog: Catalog
    language: Language
    templates: Templates
    base_url: str
    years: FeedYears

    def entry(self, notice: Notice, revised: datetime) -> NoticeEntry:
        """Word one notice, with the days that were left when it was announced.

        It is dated midnight of its announcement in the calendar's zone: readers' hours differ, a feed has one date.
        An entry that is `revised` after it was announced says so, and keeps its id.
        """
        occurrence, language, calendar = notice.occurrence, self.language, self.catalog.calendar
        event, view = occurrence.event, view_occurrence(occurrence, self.catalog, language)
        url, whole = self._page(notice), shown(f"{view.day}\n\n{described(view, language)}")
        shorter = None if len(whole) <= LONGEST_TEXT else brief(whole, LONGEST_TEXT, view.estimate or "")
        published = announced_at(notice, calendar)
        when = language.days_left(notice.days)
        return NoticeEntry(
            id=tag_uri(calendar, f"{event.permanent_id}.{occurrence.year}.ahead-{notice.days}"),
            url=url,
            title=shown_line(language.say("{title}, {when}", title=cut(view.title, LONGEST_TITLE), when=when)),
            summary=shown_line(view.day),
            html=self._html(view, shorter, url),
            text=whole if shorter is None else f"{shorter}\n\n{url}",
            published=published,
            updated=max(published, revised),
            tags=tuple(zip(event.collections, collection_names(event, self.catalog, language), strict=True)),
        )

    def _page(self, notice: Notice) -> str:
        """Return the anniversary's page, or the event's where that year has none."""
        occurrence, tag = notice.occurrence, self.language.tag
        if occurrence.first in self.years:
            return self.base_url + addresses.occurrence(tag, occurrence.event.id, occurrence.year)
        return self.base_url + addresses.event(tag, occurrence.event.id)

    def _html(self, view: OccurrenceView, shorter: str | None, url: str) -> str:
        if shorter is not None:
            return shown(self.templates.render("feed/shortened.html", self.language, text=shorter, url=url))
        differ = any(len({claim.value for claim in figure.claims}) > 1 for figure in view.event.figures)
        return shown(self.templates.render("feed/notice.html", self.language, o=view, differ=differ))


def tag_uri(calendar: Calendar, what: str) -> str:
    """Return a permanent identity (RFC 4151) in the calendar's name, from the day it was first published on."""
    return f"tag:{calendar.id},{calendar.published}:{what}"


def announced_at(notice: Notice, calendar: Calendar) -> datetime:
    """Return the UTC instant from which a notice stands in the feeds: midnight in the calendar's zone."""
    return instant_of(notice.on, 0, calendar.zone)


def instant(moment: datetime) -> str:
    """Return an RFC 3339 date and time in UTC: 2027-01-12T20:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(text: str) -> str:
    """Return the text without the characters that nobody sees and XML 1.0 cannot hold (§2.2)."""
    return plain(_NOT_IN_XML.sub("", text))


def shown_line(text: str) -> str:
    """Return the text as `shown`, on one line."""
    return one_line(_NOT_IN_XML.sub("", text))
