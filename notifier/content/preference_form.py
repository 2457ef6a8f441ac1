"""The form in which somebody says what they want to hear of, and how: all there is to choose, and what is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from notifier.content.choices import said_days, said_digest
from notifier.content.language import Language
from notifier.content.offered import choice, collection_choices, lead_choices, left_out
from notifier.content.picking import NOT_LOOKED, Choice, Looked, Picking, picking
from notifier.content.site import SiteDay
from notifier.content.views import Words
from notifier.content.zones import Zones, zones_to_choose
from notifier.domain.defaults import first_selection
from notifier.domain.leads import MOST_LEADS, OwnLeads
from notifier.domain.mailings import mails_a_year
from notifier.domain.outlooks import DIGESTS, NO_DIGEST
from notifier.domain.preferences import Preference
from notifier.domain.selections import EVERYTHING, Selection
from notifier.domain.texts import LanguageTag

LEADS: Final = (365, 30, 7, 3, 1, 0)
"""The days ahead that the form offers."""

HOUR: Final = 9
NO_LEADS: Final = "none"

NOTHING: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form, as it would be sent: each field's value, or the values that are ticked."""

    lang: str
    zone: str
    hour: str
    leads: frozenset[str] = frozenset()
    milestones: bool = False
    digest: str = NO_DIGEST
    select: frozenset[str] = frozenset()
    email: str = ""

    @classmethod
    def at_first(cls, site: SiteDay, language: Language) -> Filled:
        """Return what stands there before anybody has chosen: it can be sent so, and selects no `all`."""
        calendar = site.catalog.calendar
        taken = first_selection(site.catalog).taken
        return cls(lang=language.tag, zone=calendar.zone, hour=str(HOUR), select=frozenset(taken))

    @classmethod
    def of(cls, preference: Preference) -> Filled:
        """Return the form as somebody filled it who has this preference."""
        days, selection = preference.leads.days, preference.selection
        return cls(
            lang=preference.language,
            zone=preference.zone,
            hour=str(preference.hour),
            leads=frozenset() if days is None else frozenset(map(str, days)) or frozenset({NO_LEADS}),
            milestones=preference.leads.milestones,
            digest=preference.digest,
            select=frozenset([*selection.taken, *(f"-{term}" for term in selection.left_out)]),
        )


@dataclass(frozen=True, slots=True)
class PreferenceForm:
    """The form with everything there is to choose. `errors` are sentences, by the name of the field they speak of."""

    filled: Filled
    languages: Sequence[Choice]
    zones: Sequence[Zones]
    hours: Sequence[Choice]
    leads: Sequence[Choice]
    recommended: str
    no_leads: bool
    milestones: str | None
    digests: Sequence[Choice]
    everything: Choice
    collections: Sequence[Choice]
    picking: Picking
    left_out: Sequence[Choice]
    errors: Mapping[str, str] = field(default_factory=dict)


def preference_form(
    site: SiteDay,
    language: Language,
    filled: Filled,
    errors: Mapping[str, str] = NOTHING,
    looked: Looked = NOT_LOOKED,
) -> PreferenceForm:
    """Return the form as it is filled, with the single days that were looked for."""
    catalog, milestones = site.catalog, site.catalog.calendar.milestones
    return PreferenceForm(
        filled=filled,
        languages=[choice(one.tag, one.language_name(one.tag), one, {filled.lang}) for one in site.languages],
        zones=zones_to_choose(language, filled.zone),
        hours=[choice(str(hour), language.digits(f"{hour:02d}:00"), language, {filled.hour}) for hour in range(24)],
        leads=lead_choices(language, filled.leads, LEADS, MOST_LEADS),
        recommended=said_days(catalog.calendar.leads, language),
        no_leads=NO_LEADS in filled.leads,
        milestones=None if milestones is None else said_days(milestones.leads, language),
        digests=[choice(one, said_digest(one, language), language, {filled.digest}) for one in DIGESTS],
        everything=_everything(site, language, filled),
        collections=collection_choices(
            site, language, filled.select, lambda term: _a_year(site, language, Selection((term,)))
        ),
        picking=picking(site, language, filled.select, looked, lambda event: event.permanent_id),
        left_out=left_out(site, language, filled.select),
        errors=errors,
    )


def mails_of(site: SiteDay, preference: Preference) -> int:
    """Return about how many messages a year a preference means."""
    return mails_a_year(site.catalog, preference, site.day)


def preference_at_first(site: SiteDay, language: Language) -> Preference:
    """Return what the form means before anybody has chosen."""
    return _usual(site, language, first_selection(site.catalog))


def _usual(site: SiteDay, language: Language, selection: Selection) -> Preference:
    zone = site.catalog.calendar.zone
    return Preference(LanguageTag(language.tag), zone, HOUR, OwnLeads(), NO_DIGEST, selection)


def _a_year(site: SiteDay, language: Language, selection: Selection) -> str:
    mails = mails_of(site, _usual(site, language, selection))
    return language.say_many("about {n} message a year", "about {n} messages a year", mails)


def _everything(site: SiteDay, language: Language, filled: Filled) -> Choice:
    said = Words(language.say("All days of this calendar"), language.tag, language.direction, None)
    return Choice("all", said, "all" in filled.select, _a_year(site, language, EVERYTHING))
