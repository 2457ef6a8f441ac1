"""The message that somebody would get next, as it would leave if it were sent today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

from notifier.content.choices import RefusedFor, said_hour
from notifier.content.edition_page import Part, parts_of
from notifier.content.editions import render_edition
from notifier.content.language import Language
from notifier.content.letters import said_a_year
from notifier.content.site import SiteDay
from notifier.content.wording import words
from notifier.domain.mailings import Mailing, mailings
from notifier.domain.notices import Notice
from notifier.domain.occurrences import occurrences_between
from notifier.domain.outlooks import OUTLOOK_DAYS, outlook
from notifier.domain.preferences import Preference

_ONE_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=365)

MOST_SHOWN = 12_000
"""Characters after which a message is not shown any further: on some days hundreds may fall together."""


@dataclass(frozen=True, slots=True)
class NextMessage:
    """When it leaves, its subject and text without what is personal; and about how many a year there are of them.

    All but `a_year` is None or empty where no message is due within a year; `goes_on` where it is not shown whole.
    """

    a_year: str
    language: str
    direction: str
    when: str | None = None
    subject: str | None = None
    parts: Sequence[Part] = ()
    goes_on: bool = False


def next_message(
    site: SiteDay, reader: Language, preference: Preference, language: Language, refused_for: RefusedFor
) -> NextMessage:
    """Return the next message of a preference, which is in `language`, for a page that `reader` reads."""
    year = mailings(site.catalog, preference, site.day, site.day + _A_YEAR)
    a_year = said_a_year(len(year), reader)
    if not year:
        return NextMessage(a_year, language.tag, language.direction)
    first = year[0]
    edition = render_edition(
        first.notices,
        first.on,
        outlook=_looked_ahead(site, preference, first),
        catalog=site.catalog,
        language=language,
        templates=site.templates,
        base_url=site.base_url,
        sender=words(site.catalog.calendar.name, site.catalog, language).text,
        postal_address=None,
        refused_for=refused_for,
    )
    hour = said_hour(preference.hour, reader)
    parts = list(parts_of(edition.text, language))
    shown = _beginning(parts)
    return NextMessage(
        a_year,
        language.tag,
        language.direction,
        when=reader.say("{date}, from {hour}", date=reader.date(first.on), hour=hour),
        subject=edition.subject,
        parts=shown,
        goes_on=len(shown) < len(parts),
    )


def _beginning(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts with which a message begins, as far as it is shown; always the first."""
    shown = accumulate(part.length for part in parts)
    return parts[: 1 + sum(1 for before in shown if before < MOST_SHOWN)]


def _looked_ahead(site: SiteDay, preference: Preference, mailing: Mailing) -> Sequence[Notice]:
    """Return what the digest looks ahead to, where one is part of the message; what is announced stands there once."""
    if not mailing.digest:
        return ()
    picked = preference.selection.pick(site.catalog.events)
    coming = occurrences_between(picked, mailing.on, mailing.on + timedelta(days=OUTLOOK_DAYS) + _ONE_DAY)
    told = {_which(notice) for notice in mailing.notices}
    return [notice for notice in outlook(coming, mailing.on) if _which(notice) not in told]


def _which(notice: Notice) -> tuple[str, int]:
    return notice.occurrence.event.permanent_id, notice.occurrence.year
