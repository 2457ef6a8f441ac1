"""What falls on an anniversary besides it, in words."""

from __future__ import annotations

from babel import Locale

from notifier.content.language import Language


def region_name(region: str, language: Language) -> str:
    """Return what a language calls a country, with the part of it that is written after a colon: Germany (BE)."""
    country, _, part = region.partition(":")
    name = Locale.parse(language.tag, sep="-").territories.get(country, country)
    return f"{name}, {part}" if part else name


def holiday_phrase(region: str, name: str, language: Language, *, substitute: bool, estimated: bool) -> str:
    """Say that a day is a public holiday, or free in place of one."""
    place = region_name(region, language)
    if substitute:
        return language.say("day off in place of another ({place}): {name}", place=place, name=name)
    if estimated:
        return language.say("public holiday, date estimated ({place}): {name}", place=place, name=name)
    return language.say("public holiday ({place}): {name}", place=place, name=name)


def weekend_phrase(regions: tuple[str, ...], language: Language) -> str:
    """Say that a day is part of the weekend."""
    return language.say("weekend ({place})", place=language.join([region_name(one, language) for one in regions]))


def beside_phrase(title: str, language: Language) -> str:
    """Say what else is remembered on a day."""
    return language.say("on the same day: {title}", title=title)
