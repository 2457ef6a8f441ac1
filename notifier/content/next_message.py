"""The message that somebody would get next, as it would leave if it were sent today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from notifier.content.choices import RefusedFor, said_hour
from notifier.content.edition_page import Piece, impersonal
from notifier.content.editions import render_edition
from notifier.content.language import Language
from notifier.content.letters import said_a_year
from notifier.content.site import SiteDay
from notifier.content.wording import words
from notifier.domain.mailings import Mailing, mailings
from notifier.domain.occurrences import occurrences_between
from notifier.domain.outlooks import OUTLOOK_DAYS, outlook
from notifier.domain.preferences import Preference

_ONE_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class NextMessage:
    """When it leaves, its subject and text without what is personal; and about how many a year there are of them.

    All but `a_year` is None or empty where no message is due within a year.
    """

    a_year: str
    language: str
    direction: str
    when: str | None = None
    subject: str | None = None
    body: Sequence[Piece] = ()


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
    return NextMessage(
        a_year,
        language.tag,
        language.direction,
        when=reader.say("{date}, from {hour}", date=reader.date(first.on), hour=hour),
        subject=edition.subject,
        body=impersonal(edition.text, language),
    )


def _looked_ahead(site: SiteDay, preference: Preference, mailing: Mailing) -> Sequence[object]:
    """Return what the digest looks ahead to, where one is part of the message; what is announced stands there once."""
    if not mailing.digest:
        return ()
    picked = preference.selection.pick(site.catalog.events)
    coming = occurrences_between(picked, mailing.on, mailing.on + timedelta(days=OUTLOOK_DAYS) + _ONE_DAY)
    told = {notice.occurrence.key for notice in mailing.notices}
    return [notice for notice in outlook(coming, mailing.on) if notice.occurrence.key not in told]
