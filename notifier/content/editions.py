"""Editions: one message for everybody who reads one language and is told of the same days on the same date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from notifier.content.language import Language
from notifier.content.mail_text import mail_line, wrapped
from notifier.content.templates import Templates
from notifier.content.views import OccurrenceView
from notifier.content.wording import view_occurrence, words
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event, Kind
from notifier.domain.notices import Notice
from notifier.domain.occurrences import Occurrence, occurrences_between
from notifier.tokens import TOKEN_LENGTH

if TYPE_CHECKING:
    from css_inline import CSSInliner

TOKEN_PLACE = "the-unsubscribe-token-of-one-reader-".ljust(TOKEN_LENGTH, "x")
"""Stands in an edition where each reader's own token goes; as long as one, and made of the same characters."""

_SOLEMN = frozenset({Kind.MOURNING, Kind.MEMORIAL})


@dataclass(frozen=True, slots=True)
class EditionText:
    """A message as it is released, without personal parts: TOKEN_PLACE stands for the reader's token."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class Section:
    """One anniversary in a message.

    `when` is the days left in words. `covered` is the language all texts fell back to, of which `notice` speaks once,
    so that not every line is labelled. `differ` says whether sources state different figures for one thing.
    """

    view: OccurrenceView
    title: str
    day: str
    when: str
    remembered_heading: str
    kept_heading: str
    about_the_day: tuple[str, ...]
    covered: str | None
    notice: str | None
    unreviewed: bool
    differ: bool
    web_url: str
    feed_url: str


class _Wording(NamedTuple):
    """How the days of one message are worded."""

    catalog: Catalog
    language: Language
    base_url: str
    refused_for: Callable[[Event], Collection[str]]


def render_edition(  # noqa: PLR0913  # everything a message is made of, and nothing is read from anywhere else
    notices: Sequence[Notice],
    on: date,
    *,
    catalog: Catalog,
    language: Language,
    templates: Templates,
    base_url: str,
    sender: str,
    postal_address: str | None,
    refused_for: Callable[[Event], Collection[str]],
) -> EditionText:
    """Render the message that announces these notices on the date `on`, soonest first.

    The days left are counted from `on`, whatever lead a notice was planned with; a day that has passed raises
    ValueError, and so does a message about nothing. `refused_for` tells which languages an event's texts must not be
    shown in; `base_url` has no slash at its end.
    """
    if not notices:
        raise ValueError(notices)
    soonest_first = sorted(notices, key=lambda notice: (notice.occurrence.first, notice.occurrence.event.id))
    wording = _Wording(catalog, language, base_url, refused_for)
    sections = [_section(notice.occurrence, on, wording) for notice in soonest_first]
    subject = _subject(sections, language)
    values = {
        "subject": subject,
        "sections": sections,
        "kind": soonest_first[0].occurrence.event.kind,
        "calendar_name": words(catalog.calendar.name, catalog, language),
        "sender": sender,
        "postal_lines": [line.strip() for line in (postal_address or "").splitlines() if line.strip()],
        "unsubscribe_url": base_url + addresses.unsubscribe(TOKEN_PLACE),
        "subscribe_url": base_url + addresses.subscribing(language.tag),
    }
    return EditionText(
        subject=subject,
        text=wrapped(templates.render("email/notice.txt", language, **values)),
        html=_inliner().inline(templates.render("email/notice.html", language, **values)),
        language=language.tag,
    )


def _subject(sections: Sequence[Section], language: Language) -> str:
    first = language.say("{title}, {when}", title=sections[0].title, when=sections[0].when)
    more = len(sections) - 1
    if more == 0:
        return first
    return language.say_many("{first} and {n} more", "{first} and {n} more", more, first=first)


def _section(occurrence: Occurrence, on: date, wording: _Wording) -> Section:
    language, base_url = wording.language, wording.base_url
    refused = wording.refused_for(occurrence.event)
    view = view_occurrence(occurrence, wording.catalog, language, refused, since=_since(occurrence))
    event, say = view.event, language.say
    fallen_back = event.heading.label is not None and language.tag in refused
    solemn = occurrence.event.kind in _SOLEMN
    return Section(
        view=view,
        title=mail_line(view.title),
        day=view.day,
        when=language.days_left((occurrence.first - on).days),
        remembered_heading=say("What is remembered") if solemn else say("What this day marks"),
        kept_heading=say("How it is remembered") if solemn else say("How this day is kept"),
        about_the_day=tuple(line for line in (view.eve, view.moved, view.estimate) if line is not None),
        covered=event.heading.language if fallen_back else None,
        notice=say(
            "There is no reviewed translation of the texts about this day; they are shown {in_language}.",
            in_language=event.heading.label,
        )
        if fallen_back
        else None,
        unreviewed=event.unreviewed and not fallen_back,
        differ=any(figure.differ for figure in event.figures),
        web_url=base_url + addresses.occurrence(language.tag, event.id, occurrence.year),
        feed_url=base_url + addresses.event_feed(language.tag, event.id),
    )


def _since(occurrence: Occurrence) -> date:
    """Return the anniversary before this one, or a year before where there was none within the year."""
    # 385 days: the longest year of any calendar here, the Hebrew and the Chinese leap year.
    year = timedelta(days=385)
    earlier = occurrences_between((occurrence.event,), occurrence.first - year, occurrence.first)
    return earlier[-1].first if earlier else occurrence.first - timedelta(days=366)


@lru_cache(maxsize=1)
def _inliner() -> CSSInliner:
    from css_inline import CSSInliner

    return CSSInliner(load_remote_stylesheets=False, minify_css=True)
