"""What somebody chose, in words: for letters and for the pages on which it is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from notifier.content.language import Language
from notifier.content.views import Words
from notifier.content.wording import view_event, words
from notifier.domain.events import Catalog, CollectionId, Event
from notifier.domain.leads import OwnLeads
from notifier.domain.outlooks import MONTHLY, NO_DIGEST, WEEKDAYS, WEEKLY
from notifier.domain.preferences import Preference
from notifier.domain.selections import Selection

_COLLECTION = "collection:"

# A Monday.
_ANY_MONDAY = date(2024, 1, 1)


class Chosen(NamedTuple):
    """One part of a preference: what it is called, and what was chosen."""

    name: str
    said: str


RefusedFor = Callable[[Event], Collection[str]]
"""Which languages an event's texts must not be shown in."""


def none_refused(_: Event) -> Collection[str]:
    """Show every text in the reader's language, as pages do."""
    return ()


def described(
    preference: Preference, catalog: Catalog, language: Language, refused_for: RefusedFor = none_refused
) -> list[Chosen]:
    """Say a whole preference, a line for each part."""
    say = language.say
    lines = [
        Chosen(say("Days"), said_selection(preference.selection, catalog, language, refused_for)),
        Chosen(say("Notices"), said_leads(preference.leads, catalog, language)),
    ]
    lines += [
        Chosen(event_name(id_, catalog, language, refused_for), said_days(days, language))
        for id_, days in preference.leads.by_event
    ]
    if preference.leads.milestones:
        lines.append(Chosen(say("Round anniversaries"), say("also announced long before")))
    if preference.digest != NO_DIGEST:
        lines.append(Chosen(say("Overview"), said_digest(preference.digest, language)))
    hour, zone = said_hour(preference.hour, language), preference.zone.replace("_", " ")
    lines.append(Chosen(say("Hour"), say("from {hour}, time zone {zone}", hour=hour, zone=zone)))
    return lines


def said_hour(hour: int, language: Language) -> str:
    """Return an hour of the day as clocks show it."""
    return language.time(datetime.combine(_ANY_MONDAY, time(hour)))


def said_leads(leads: OwnLeads, catalog: Catalog, language: Language) -> str:
    """Say when notices come."""
    if leads.days is None:
        usual = said_days(catalog.calendar.leads, language)
        return language.say("as the calendar recommends for each day (mostly {leads})", leads=usual)
    if not leads.days:
        return language.say("none")
    return said_days(leads.days, language)


def said_days(days: Iterable[int], language: Language) -> str:
    """Say leads in a sentence: 7 days before and on the day itself."""
    said = [said_lead(lead, language) for lead in sorted(days, reverse=True)]
    return language.join(said) if said else language.say("none")


def said_lead(lead: int, language: Language) -> str:
    """Say one lead as a part of a sentence."""
    return (
        language.say("on the day itself") if lead == 0 else language.say_many("{n} day before", "{n} days before", lead)
    )


def said_digest(digest: str, language: Language) -> str:
    """Say how often a digest comes."""
    if digest == NO_DIGEST:
        return language.say("none")
    if digest == MONTHLY:
        return language.say("on the first of each month")
    weekday = weekday_name(digest.removeprefix(WEEKLY), language)
    return language.say("every week, on {weekday}", weekday=weekday)


def weekday_name(day: str, language: Language) -> str:
    """Return a weekday's name, as it stands in a sentence, for `mon` to `sun`."""
    return language.weekday(_ANY_MONDAY + timedelta(days=WEEKDAYS.index(day)))


def said_selection(
    selection: Selection, catalog: Catalog, language: Language, refused_for: RefusedFor = none_refused
) -> str:
    """Say which days are selected: all days of this calendar, without Khojaly."""
    taken = language.join([term_name(term, catalog, language, refused_for) for term in selection.taken])
    if not selection.left_out:
        return taken
    without = language.join([term_name(term, catalog, language, refused_for) for term in selection.left_out])
    return language.say("{days}, without {others}", days=taken, others=without)


def term_name(term: str, catalog: Catalog, language: Language, refused_for: RefusedFor = none_refused) -> str:
    """Return what one term of a selection is called."""
    if term == "all":
        return language.say("all days of this calendar")
    if term.startswith(_COLLECTION):
        return language.say("the collection {name}", name=collection_name(term[len(_COLLECTION) :], catalog, language))
    return event_name(term, catalog, language, refused_for)


def collection_name(id_: str, catalog: Catalog, language: Language) -> Words:
    """Return a collection's name, its id where it has none."""
    name = catalog.calendar.collections.get(CollectionId(id_))
    return Words(id_, language.tag, "ltr", None) if name is None else words(name, catalog, language)


def collection_ids(catalog: Catalog) -> Sequence[str]:
    """Return the ids of all collections, in the calendar's order and then by name."""
    named = list(catalog.calendar.collections)
    return [*named, *sorted(set(catalog.collection_ids()) - set(named))]


def event_name(id_: str, catalog: Catalog, language: Language, refused_for: RefusedFor = none_refused) -> str:
    """Return what an event is called, with a label where that is in another language; its id where it is gone."""
    event = catalog.event(id_)
    return id_ if event is None else str(view_event(event, catalog, language, refused_for(event)).heading)
