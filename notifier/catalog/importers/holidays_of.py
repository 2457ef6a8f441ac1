"""Public holidays of a country as events: those whose rule can be found, and proved over many years."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from notifier.catalog.importers.finding import Found, find_but_for_some, find_rule, is_by_observation
from notifier.catalog.importers.imported import Exceptional, ImportedEvent, Refusal
from notifier.catalog.importers.public_days import Region, is_moved, languages, named_dates, names_on, version
from notifier.catalog.importers.spans import lasting
from notifier.domain.events import Kind

FIRST, LAST = 1990, 2040
"""The years whose dates are compared."""

_ONE_DAY = timedelta(days=1)
_A_YEAR = range(325, 406)
"""Days from one keeping to the next: from a lunar year's 354 and Easter's early and late years."""

_EASTER_FEASTS = frozenset({-3, -2, -1, 0, 1, 39, 49, 50, 60})
"""Days from Easter Sunday that are feasts of the church, and not carnival."""

_FEASTS = {
    "Eid al-Fitr": "1 Shawwal",
    "Eid al-Adha": "10 Dhu al-Hijja",
    "Ashura": "10 Muharram",
    "Islamic New Year": "1 Muharram",
}
"""Feasts whose day of the Hijri calendar is the same everywhere."""

_NATIONAL = ("independence", "republic day", "national day", "constitution day", "flag day", "unity day", "liberation")


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Days in a row that a holiday is kept on; `estimated` where any is."""

    first: date
    days: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class _Holiday:
    """A holiday by its own name and its English one (empty for none), its rule, and when it was kept by it."""

    name: str
    english: str
    found: Found
    kept: tuple[_Keeping, ...]


def events_of_region(region: Region, wanted: Collection[str], today: date) -> tuple[list[ImportedEvent], list[Refusal]]:
    """Return a region's holidays as events, named in those of the `wanted` languages that there are, and the rest.

    What is no longer kept, or not yet, is not taken; nor is what no rule gives.
    """
    holidays, refused = [], []
    for name, dates in named_dates(region, FIRST, LAST).items():
        taken = _taken(region, name, _keepings(dates), today)
        if isinstance(taken, str):
            refused.append(_refusal(region, name, taken))
        else:
            holidays.append(taken)
    reckons_alike = _reckons_alike(holidays)
    events = []
    for holiday in holidays:
        exact = not holiday.found.differ
        if is_by_observation(holiday.found.rule) and not (exact if reckons_alike is None else reckons_alike):
            told = "the country's months begin a day off the Umm al-Qura table; write the rule by hand, as 10 Muharram"
            refused.append(_refusal(region, holiday.name, told))
        else:
            events.append(_event(region, holiday, wanted, today))
    return events, refused


def _refusal(region: Region, name: str, reason: str) -> Refusal:
    return Refusal(f'holidays:{region} "{name}"', reason)


def _reckons_alike(holidays: Sequence[_Holiday]) -> bool | None:
    """Whether a country's Hijri days are those of the Umm al-Qura table, by known feasts; None: no telling.

    Where its months begin a day later, Ashura would be found on 11 Muharram, which no one would call it.
    """
    known = [_FEASTS[one.english] == one.found.rule for one in holidays if one.english in _FEASTS]
    return all(known) if known else None


def _keepings(dates: Sequence[tuple[date, bool]]) -> list[_Keeping]:
    found: list[_Keeping] = []
    for on, estimated in dates:
        before = found[-1] if found else None
        if before is not None and on <= before.first + before.days * _ONE_DAY:
            days = (on - before.first).days + 1
            found[-1] = _Keeping(before.first, days, before.estimated or estimated)
        else:
            found.append(_Keeping(on, 1, estimated))
    return found


def _taken(region: Region, name: str, keepings: Sequence[_Keeping], today: date) -> _Holiday | str:
    """Return a holiday with the rule of how it is kept now; or why there is none."""
    last = keepings[-1]
    if last.first < date(LAST - 1, 6, 1):
        return f"it is not kept every year; the package has it last on {last.first}"
    kept = [last]
    for keeping in reversed(keepings[:-1]):
        if keeping.days != last.days or (kept[0].first - keeping.first).days not in _A_YEAR:
            break
        kept.insert(0, keeping)
    since = kept[0].first
    if since >= today:
        return f"as it is from {since} on, it is not kept yet or not once a year; write it by hand"
    days, end = [one.first for one in kept], date(LAST, 12, 31)
    found = find_rule(days, since, end) or find_but_for_some(days, date(today.year, 1, 1), end)
    if found is None or lasting(found.rule, last.days) is None:
        return f"no rule gives exactly its {len(kept)} keepings from {since} to {LAST}; write it by hand"
    if (moved := is_moved(region, name, (day for day in days if day.year >= today.year))) is not None:
        return f"{found.rule} is moved in some years, as off {moved}; write the rule by hand, with its shifts"
    english = names_on(region, days, "en") or (name if next(iter(languages(region))) == "en" else "")
    return _Holiday(name, english, found, tuple(kept))


def _event(region: Region, holiday: _Holiday, wanted: Collection[str], today: date) -> ImportedEvent:
    name, english, found, kept = holiday.name, holiday.english, holiday.found, holiday.kept
    own = next(iter(languages(region)))
    days = [one.first for one in kept]
    names = {tag: given for tag in wanted if (given := name if tag == own else names_on(region, days, tag))}
    estimated = {one.first for one in kept if one.estimated}
    differ = [Exceptional(*one) for one in found.differ if one[1].year >= today.year and one[1] not in estimated]
    prefix = str(region).replace(":", " ")
    return ImportedEvent(
        mark=f"holidays {region}: {name}",
        slug=f"{prefix} {english or name}",
        names=names or {own: name} | ({"en": english} if english else {}),
        rule=lasting(found.rule, kept[-1].days) or found.rule,
        kind=_kind(found.rule, english),
        exceptions=tuple(differ),
        leap_years_only=found.rule == "29 February",
        comment=f"holidays {version()}; so from {kept[0].first.year} at the latest{_past(found, today)}",
    )


def _past(found: Found, today: date) -> str:
    """Return on which past days it was not kept by the rule: nothing is announced of them any more."""
    days = [str(day) for _, day in found.differ if day.year < today.year]
    return f"; then also {', '.join(days[-5:])}" if days else ""


def _kind(rule: str, english: str) -> Kind:
    """Return what sort of day it is where that is known beyond doubt, else neutral."""
    if any(word in english.lower() for word in _NATIONAL):
        return Kind.NATIONAL
    base, _, rest = rule.removeprefix("Orthodox ").partition(" ")
    if base == "Easter":
        sign, _, number = rest.partition(" ")
        days = int(number.partition(" ")[0]) if number else 0
        return Kind.RELIGIOUS if (days if sign != "-" else -days) in _EASTER_FEASTS else Kind.NEUTRAL
    return Kind.RELIGIOUS if english.startswith(("Eid al-", "Ashura", "Christmas", "Epiphany")) else Kind.NEUTRAL
