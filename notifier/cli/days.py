"""`notifier upcoming`: what is remembered next."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from notifier.cli.output import say_json, tell
from notifier.domain.days import parse_day


def upcoming(
    on: Annotated[str, typer.Option(help="the first day, such as 2027-01-13; without it, today")] = "",
    days: Annotated[int, typer.Option(min=0, max=3660, help="how many days after it")] = 90,
    lang: Annotated[str, typer.Option(help="the language; without it, the calendar's first")] = "",
    select: Annotated[str, typer.Option(help="all, collection:X, ids; with a leading - left out")] = "all",
    clashes: Annotated[
        bool, typer.Option("--clashes", help="say what else falls on these days; JSON has it too")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Say what falls on a day and in the days after it; with HOLIDAY_COUNTRIES also which holiday or weekend."""
    from notifier.domain.selections import parse_selection
    from notifier.services import Services
    from notifier.settings import read_settings
    from notifier.usecases.upcoming import PageAddresses, occurrence_fields
    from notifier.usecases.upcoming import upcoming as find

    services = Services(read_settings())
    catalog, language = services.catalog, services.language(lang)
    first = parse_day(on) if on else services.today()
    found = find(catalog, parse_selection(select), first, days)
    beside = services.foretelling.clashes() if clashes or services.settings.holiday_countries else None
    if as_json:
        pages = PageAddresses(services.base_url, services.years(services.now()))
        rows = [asdict(occurrence_fields(one, first, catalog, language, pages)) for one in found]
        if clashes and beside is not None:
            rows = [row | {"clashes": beside.fields(one, language)} for row, one in zip(rows, found, strict=True)]
        say_json({"occurrences": rows})
        return
    for occurrence in found:
        phrases = [] if beside is None else beside.phrases(occurrence, language)
        tell("; ".join([services.line_of(occurrence, first, language), *phrases]))
