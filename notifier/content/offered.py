"""What the forms offer alike: a choice, the days ahead, the collections, and the days that are left out.

Whatever somebody sends, they are shown again no more than may be chosen at once: a page stays as long as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from notifier.content.choices import collection_ids, collection_name, said_lead, term_name
from notifier.content.language import Language
from notifier.content.picking import MOST_BOXES, Choice, by_every_id, together
from notifier.content.site import SiteDay
from notifier.content.views import Words
from notifier.domain.leads import LONGEST_LEAD

_COLLECTION = "collection:"


def choice(value: str, said: str, language: Language, chosen: Collection[str]) -> Choice:
    """Return a choice that is called so in this language."""
    return Choice(value, Words(said, language.tag, language.direction, None), value in chosen)


def lead_choices(language: Language, chosen: Collection[str], offered: Sequence[int], most: int) -> list[Choice]:
    """Return the days ahead that are offered, and those chosen beside them: so many at most are chosen, nearest first.

    `chosen` are values as they were sent; what is no lead is not shown again.
    """
    read = {int(lead) for lead in chosen if lead.isascii() and lead.isdigit() and len(lead) < 4}
    kept = sorted(lead for lead in read if lead <= LONGEST_LEAD)[:most]
    ticked = {str(lead) for lead in kept}
    return [
        choice(str(lead), language.capital(said_lead(lead, language)), language, ticked)
        for lead in sorted({*offered, *kept}, reverse=True)
    ]


def collection_choices(
    site: SiteDay, language: Language, select: Collection[str], beside: Callable[[str], str] = lambda _: ""
) -> list[Choice]:
    """Return a box for each collection; `beside` says something of its term."""
    terms = [(f"{_COLLECTION}{id_}", id_) for id_ in collection_ids(site.catalog)]
    return [
        Choice(term, collection_name(id_, site.catalog, language), term in select, beside(term)) for term, id_ in terms
    ]


def left_out(site: SiteDay, language: Language, select: Collection[str]) -> list[Choice]:
    """Return a ticked box for what is left out and in the calendar; of very many one box has the rest."""
    catalog = site.catalog
    known = {*by_every_id(catalog), *(f"{_COLLECTION}{id_}" for id_ in collection_ids(catalog))}
    names = sorted(term[1:] for term in select if term.startswith("-") and term[1:] in known)
    out = sorted(names, key=lambda name: not name.startswith(_COLLECTION))
    said = [choice(f"-{name}", term_name(name, catalog, language), language, select) for name in out[:MOST_BOXES]]
    rest = together([f"-{name}" for name in out[MOST_BOXES:]], language)
    return [*said, *([rest] if rest else [])]
