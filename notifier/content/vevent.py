"""One anniversary as the content lines of a VEVENT (RFC 5545 §3.6.1), in one language.

What depends on the revision (DTSTAMP, SEQUENCE) or on the host (URL) is not here; `feeds` adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from notifier.content.contentlines import escaped, folded, one_line, plain
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
    view_occurrences,
    words,
)
from notifier.domain.events import Catalog, Event
from notifier.domain.occurrences import Occurrence

if TYPE_CHECKING:
    import icalendar


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
    shared = b""
    for view in view_occurrences(event, occurrences, catalog, language):
        shared = shared or _shared_lines(view.event, collection_names(event, catalog, language))
        yield _own_lines(view, language) + shared


def _own_lines(view: OccurrenceView, language: Language) -> bytes:
    """Return the lines that differ from year to year."""
    import icalendar

    lines = icalendar.Event()
    lines.add("dtstart", view.first)
    lines.add("dtend", view.last + timedelta(days=1))  # exclusive
    lines["SUMMARY"] = _Text(one_line(view.title))
    if description := plain(_description(view, language)):
        lines["DESCRIPTION"] = _Text(description)
    return _written(lines)


def _shared_lines(view: EventView, collections: tuple[str, ...]) -> bytes:
    """Return the lines that are the same every year."""
    import icalendar

    lines = icalendar.Event()
    if view.place is not None:
        lines["LOCATION"] = _Text(one_line(view.place.text))
    if view.at is not None:
        lines.add("geo", view.at)
    if collections:
        lines["CATEGORIES"] = _Text(*collections)
    lines.add("status", "CONFIRMED")
    lines.add("transp", "TRANSPARENT")
    lines.add("class", "PUBLIC")
    lines.add("x-microsoft-cdo-busystatus", "FREE")
    lines.add("x-microsoft-cdo-alldayevent", "TRUE")
    return _written(lines)


def _written(component: icalendar.Event) -> bytes:
    """Return the component's properties in the order they were added, without BEGIN, END and the empty line behind."""
    return b"".join(folded(line) for line in component.content_lines(sorted=False)[1:-2])


def collection_names(event: Event, catalog: Catalog, language: Language) -> tuple[str, ...]:
    """Return the names of an event's collections; one without a name is called by its id."""
    names = catalog.calendar.collections
    return tuple(
        one_line(words(names[collection], catalog, language).text) if collection in names else collection
        for collection in event.collections
    )


class _Text:
    """TEXT values with commas between, written as they are: icalendar's own turns a backslash and N into a line end."""

    def __init__(self, *texts: str) -> None:
        self._texts = texts

    def to_ical(self) -> bytes:
        """Return the value, escaped; icalendar asks for it under this name."""
        return ",".join(map(escaped, self._texts)).encode()


def _description(view: OccurrenceView, language: Language) -> str:
    """Return what is said of the day, in paragraphs with an empty line between."""
    event, say = view.event, language.say
    paragraphs = [
        "\n".join(_in_other_languages(event, language)),
        "\n".join(_statement(statement, language) for statement in event.summary),
        "\n".join(sentence for sentence in (view.eve, view.counted, view.moved, view.estimate) if sentence),
        _section(say("This year"), _this_year(view)),
        _section(say("Figures"), _figures(event.figures, language)),
        _section(say("Names"), _names(event, language)),
        _section(say("How it is remembered"), (f"- {_statement(s, language)}" for s in event.remembered)),
        _section(say("Updates"), _updates(event, language)),
        say("This translation has not been reviewed.") if event.unreviewed else "",
        _section(say("Sources"), _sources(event.sources, language)),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _section(heading: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines)
    return f"{heading}\n{body}" if body else ""


def _in_other_languages(event: EventView, language: Language) -> Iterator[str]:
    """Yield the heading and the place where they are not in the reader's language: SUMMARY and LOCATION cannot say."""
    if event.heading.label:
        yield str(event.heading)
    if event.place is not None and event.place.label:
        yield f"{language.say('Where')}: {event.place}"


def _cited(text: str, sources: Iterable[SourceView]) -> str:
    """Return the text with its documents' numbers behind it: … [1] [3]."""
    return " ".join([text, *(f"[{source.number}]" for source in sources)])


def _said_by(party: Words, language: Language) -> str:
    return language.say("according to {party}", party=party)


def _statement(statement: StatementView, language: Language) -> str:
    said = str(statement.text)
    if statement.by is not None:
        said = f"{said} ({_said_by(statement.by, language)})"
    return _cited(said, statement.sources)


def _this_year(view: OccurrenceView) -> Iterator[str]:
    if view.note is not None:
        yield str(view.note)
    for item in view.programme:
        yield f"- {_programme_item(item)}"


def _programme_item(item: ProgrammeView) -> str:
    where = item.when if item.place is None else f"{item.when}, {item.place}"
    said = f"{where}: {item.text}"
    return f"{said} {item.url}" if item.url else said


def _figures(figures: Iterable[FigureView], language: Language) -> Iterator[str]:
    figures = tuple(figures)
    if any(len({claim.value for claim in figure.claims}) > 1 for figure in figures):
        yield language.say("Sources differ; each figure stands beside who says it.")
    for figure in figures:
        yield f"{language.capital(str(figure.what))}:"
        for claim in figure.claims:
            noted = claim.value if claim.note is None else f"{claim.value} ({claim.note})"
            yield f"- {_cited(f'{noted}, {_said_by(claim.by, language)}', claim.sources)}"


def _names(event: EventView, language: Language) -> Iterator[str]:
    official = event.official_name
    if official is not None:
        said = language.say("official name, {party}: {name}", party=official.by, name=official.term)
        yield f"- {_cited(said, official.sources)}"
    for name in event.called:
        yield f"- {_name(name, language)}"


def _name(name: NameView, language: Language) -> str:
    return _cited(language.say("{party} calls it: {term}", party=name.by, term=name.term), name.sources)


def _updates(event: EventView, language: Language) -> Iterator[str]:
    for update in event.updates:
        said = str(update.text)
        if update.by is not None:
            said = f"{said} ({_said_by(update.by, language)})"
        yield f"- {update.day}: {_cited(said, update.sources)}"


def _sources(sources: Iterable[SourceView], language: Language) -> Iterator[str]:
    for source in sources:
        line = f"[{source.number}] {source.line}"
        yield f"{line}, {source.url}" if source.url else line
        if source.note is not None:
            yield language.say("note of the source: {note}", note=source.note)
