"""One anniversary as the content lines of a VEVENT (RFC 5545 §3.6.1), in one language.

What depends on the revision (DTSTAMP, SEQUENCE) or on the host (URL) is not here; `feeds` adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from notifier.content.contentlines import escaped, folded, one_line, plain, plain_name
from notifier.content.language import Language
from notifier.content.views import (
    EventView,
    FigureView,
    NameView,
    OccurrenceView,
    ProgrammeView,
    SourceView,
    StatementView,
    Words,
)
from notifier.content.wording import view_occurrences, words
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence

_PARAGRAPH = r"\n\n"
"""An empty line between two paragraphs, escaped."""


def render_vevent(occurrence: Occurrence, catalog: Catalog, language: Language) -> bytes:
    """Return the content lines, folded, without BEGIN and END, UID, DTSTAMP, CREATED, LAST-MODIFIED, SEQUENCE and URL.

    Equal arguments make equal bytes. No property but the dates has a parameter: node-ical makes objects of such texts.
    """
    (content,) = render_vevents(occurrence.event, (occurrence,), catalog, language)
    return content


def render_vevents(
    event: Event, occurrences: Iterable[Occurrence], catalog: Catalog, language: Language
) -> Iterator[bytes]:
    """Yield what render_vevent returns for each of these anniversaries of one event; what they share is built once."""
    shared: _Shared | None = None
    for view in view_occurrences(event, occurrences, catalog, language):
        if shared is None:
            shared = _shared(view.event, collection_names(event, catalog, language), language)
        yield _own_lines(view, shared, language) + shared.lines


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is the same every year: the description's paragraphs, escaped, and the lines behind it."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    lines: bytes


def _own_lines(view: OccurrenceView, shared: _Shared, language: Language) -> bytes:
    """Return the lines that differ from year to year."""
    description = _PARAGRAPH.join([*shared.before, *_escaped(_own(view, language)), *shared.after])
    lines = [
        f"DTSTART;VALUE=DATE:{view.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{view.last + timedelta(days=1):%Y%m%d}",  # exclusive (RFC 5545 §3.6.1)
        f"SUMMARY:{escaped(one_line(view.title))}",
        *([f"DESCRIPTION:{description}"] if description else []),
    ]
    return b"".join(map(folded, lines))


def _own(view: OccurrenceView, language: Language) -> Iterator[str]:
    """Yield what is said of the year alone, a paragraph each."""
    said = (view.own, view.eve, view.hour, view.counted, view.moved, view.estimate)
    yield "\n".join(sentence for sentence in said if sentence)
    yield _section(language.say("This year"), _this_year(view, language))


def described(view: OccurrenceView, language: Language) -> str:
    """Return all that DESCRIPTION says, as plain text with an empty line between two paragraphs."""
    paragraphs = (*_before(view.event, language), *_own(view, language), *_after(view.event, language))
    return "\n\n".join(said for paragraph in paragraphs if (said := plain(paragraph)))


def _shared(view: EventView, collections: tuple[str, ...], language: Language) -> _Shared:
    lines = []
    if view.place is not None:
        lines.append(f"LOCATION:{escaped(one_line(view.place.text))}")
    if view.at is not None:
        lines.append(geo(view.at))
    if collections:
        lines.append(f"CATEGORIES:{','.join(map(plain_name, collections))}")
    lines += [
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "CLASS:PUBLIC",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
    ]
    return _Shared(
        before=_escaped(_before(view, language)),
        after=_escaped(_after(view, language)),
        lines=b"".join(map(folded, lines)),
    )


def geo(at: tuple[float, float]) -> str:
    """Return GEO: latitude and longitude in degrees, as plain decimals (RFC 5545 §3.3.7, §3.8.1.6)."""
    return f"GEO:{';'.join(map(_decimal, at))}"


def _decimal(degrees: float) -> str:
    """Return degrees to a millionth, about 11 cm, with one decimal at least."""
    whole, _, part = f"{degrees:.6f}".partition(".")
    said = f"{whole}.{part.rstrip('0') or '0'}"
    return "0.0" if said == "-0.0" else said


def _escaped(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return the paragraphs that say something, as parts of one TEXT value."""
    return tuple(escaped(said) for paragraph in paragraphs if (said := plain(paragraph)))


def collection_names(event: Event, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """Return the names of an event's collections; one without a name is called by its id."""
    names = catalog.calendar.collections
    return tuple(
        one_line(words(names[collection], catalog, language).text) if collection in names else collection
        for collection in event.collections
    )


def _before(event: EventView, language: Language) -> Iterator[str]:
    """Yield what is said of the event ahead of the year's own sentences, a paragraph each."""
    yield "\n".join(_in_other_languages(event, language))
    yield "\n".join(_statement(statement, language) for statement in event.summary)


def _after(event: EventView, language: Language) -> Iterator[str]:
    """Yield what is said of the event behind them."""
    say = language.say
    yield _section(say("Figures"), _figures(event.figures, language))
    yield _section(say("Names"), _names(event, language))
    yield _section(event.kept_heading, (f"- {_statement(s, language)}" for s in event.remembered))
    yield _section(say("Updates"), _updates(event, language))
    if event.unreviewed:
        yield say("This translation has not been reviewed.")
    yield _section(say("Sources"), _sources(event.sources, language))


def _section(heading: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"{heading}\n{body}" if body else ""


def _in_other_languages(event: EventView, language: Language) -> Iterator[str]:
    """Yield the heading and the place where they are not in the reader's language: SUMMARY and LOCATION cannot say."""
    if event.heading.label:
        yield str(event.heading)
    if event.place is not None and event.place.label:
        yield f"{language.say('Where')}{language.colon} {event.place}"


def _cited(text: str, sources: Iterable[SourceView], language: Language) -> str:
    """Return the text with its documents' numbers behind it: … [1] [3]."""
    return " ".join([text, *(f"[{language.digits(source.number)}]" for source in sources)])


def _said_by(party: Words, language: Language) -> str:
    return language.say("according to {party}", party=party)


def _statement(statement: StatementView, language: Language) -> str:
    said = str(statement.text)
    if statement.by is not None:
        said = f"{said} ({_said_by(statement.by, language)})"
    return _cited(said, statement.sources, language)


def _this_year(view: OccurrenceView, language: Language) -> Iterator[str]:
    if view.note is not None:
        yield str(view.note)
    for item in view.programme:
        yield f"- {_programme_item(item, language)}"


def _programme_item(item: ProgrammeView, language: Language) -> str:
    where = item.when if item.place is None else f"{item.when}{language.comma} {item.place}"
    said = f"{where}{language.colon} {item.text}"
    return f"{said} {item.url}" if item.url else said


def _figures(figures: Iterable[FigureView], language: Language) -> Iterator[str]:
    figures = tuple(figures)
    if any(len({claim.value for claim in figure.claims}) > 1 for figure in figures):
        yield language.say("Sources differ; each figure stands beside who says it.")
    for figure in figures:
        yield f"{language.capital(str(figure.what))}{language.colon}"
        for claim in figure.claims:
            noted = claim.value if claim.note is None else f"{claim.value} ({claim.note})"
            said = f"{noted}{language.comma} {_said_by(claim.by, language)}"
            yield f"- {_cited(said, claim.sources, language)}"


def _names(event: EventView, language: Language) -> Iterator[str]:
    official = event.official_name
    if official is not None:
        said = language.say("official name, {party}: {name}", party=official.by, name=official.term)
        yield f"- {_cited(said, official.sources, language)}"
    for name in event.called:
        yield f"- {_name(name, language)}"


def _name(name: NameView, language: Language) -> str:
    said = language.say("{party} calls it: {term}", party=name.by, term=name.term)
    return _cited(said, name.sources, language)


def _updates(event: EventView, language: Language) -> Iterator[str]:
    for update in event.updates:
        said = str(update.text)
        if update.by is not None:
            said = f"{said} ({_said_by(update.by, language)})"
        yield f"- {update.day}{language.colon} {_cited(said, update.sources, language)}"


def _sources(sources: Iterable[SourceView], language: Language) -> Iterator[str]:
    for source in sources:
        line = f"[{language.digits(source.number)}] {source.line}"
        yield f"{line}{language.comma} {source.url}" if source.url else line
        if source.note is not None:
            yield language.say("note of the source: {note}", note=source.note)
