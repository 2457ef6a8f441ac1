"""Editions: one message for everybody who reads one language and is told of the same days on the same date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from notifier.content.inlining import inlined
from notifier.content.language import Language
from notifier.content.mail_text import wrapped
from notifier.content.sections import Section, SectionWords
from notifier.content.templates import Templates
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.events import Catalog, Event, Kind
from notifier.domain.notices import Notice
from notifier.tokens import TOKEN_LENGTH

TOKEN_PLACE = "the-unsubscribe-token-of-one-reader-".ljust(TOKEN_LENGTH, "x")
"""Stands in an edition where each reader's own token goes; as long as one, and made of the same characters."""


@dataclass(frozen=True, slots=True)
class EditionText:
    """A message as it is released, without personal parts: TOKEN_PLACE stands for the reader's token."""

    subject: str
    text: str
    html: str
    language: str


def render_edition(  # noqa: PLR0913  # everything a message is made of, and nothing is read from anywhere else
    notices: Sequence[Notice],
    on: date,
    *,
    outlook: Sequence[Notice] = (),
    catalog: Catalog,
    language: Language,
    templates: Templates,
    base_url: str,
    sender: str,
    postal_address: str | None,
    refused_for: Callable[[Event], Collection[str]],
) -> EditionText:
    """Render the message that announces these notices on the date `on`, soonest first, and a digest's `outlook`.

    The days left are counted from `on`, whatever lead a notice was planned with; a day that has passed raises
    ValueError, and so does a message about nothing. `refused_for` tells which languages an event's texts must not be
    shown in; `base_url` has no slash at its end.
    """
    if not notices and not outlook:
        raise ValueError(notices)
    wording = SectionWords(catalog, language, base_url, refused_for)
    told, ahead = _soonest_first(notices), _soonest_first(outlook)
    sections = [wording.section(notice, on) for notice in told]
    subject = _subject(sections, len(ahead), language)
    values = {
        "subject": subject,
        "sections": sections,
        "outlook": [wording.line(notice, on) for notice in ahead],
        "kind": told[0].occurrence.event.kind if told else Kind.NEUTRAL,
        "calendar_name": words(catalog.calendar.name, catalog, language),
        "sender": sender,
        "postal_lines": [line.strip() for line in (postal_address or "").splitlines() if line.strip()],
        "unsubscribe_url": base_url + addresses.unsubscribe(TOKEN_PLACE),
        "manage_url": base_url + addresses.MANAGE,
        "subscribe_url": base_url + addresses.subscribe(language.tag),
    }
    return EditionText(
        subject=subject,
        text=wrapped(templates.render("email/notice.txt", language, **values)),
        html=inlined(templates.render("email/notice.html", language, **values)),
        language=language.tag,
    )


def _soonest_first(notices: Iterable[Notice]) -> list[Notice]:
    return sorted(notices, key=lambda notice: (notice.occurrence.first, notice.occurrence.event.id))


def _subject(sections: Sequence[Section], ahead: int, language: Language) -> str:
    if not sections:
        return language.say("Days of remembrance in the next five weeks: {n}", n=language.number(ahead))
    first = language.say("{title}, {when}", title=sections[0].title, when=sections[0].when)
    more = len(sections) - 1
    if more == 0:
        return first
    return language.say_many("{first} and {n} more", "{first} and {n} more", more, first=first)
