"""`notifier simulate`: every edition and feed change of a period, before it comes."""

from __future__ import annotations

from typing import Annotated

import typer

from notifier.cli.output import say_json, tell
from notifier.domain.days import parse_told_day


def simulate(
    from_: Annotated[str, typer.Option("--from", help="the first date, such as 2027-01-01")],
    to: Annotated[str, typer.Option("--to", help="the last date, inclusive; at most 400 days in all")],
    clashes: Annotated[
        bool, typer.Option("--clashes", help="say what else falls on these days; JSON has it too")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Say what a period brings, and how many people get it; nothing is sent."""
    from notifier.services import open_services

    with open_services() as services:
        foretold = services.foretelling.simulate(parse_told_day(from_), parse_told_day(to))
        if as_json:
            say_json(services.foretelling.fields(foretold, clashes=clashes))
            return
        lines = [(day, f"{day}  feeds: the years shown turn") for day in foretold.turns]
        for announced in foretold.announcements:
            notice = announced.notice
            what = f"{notice.occurrence.event.id} of {notice.occurrence.year}, {notice.days} days ahead"
            lines.append((notice.on, f"{notice.on}  feeds: {what}, in {', '.join(announced.feeds)}"))
        beside = services.foretelling.clashes() if clashes or services.settings.holiday_countries else None
        for one in foretold.editions:
            people = "1 person" if one.people == 1 else f"{one.people} people"
            state = f"{one.state} {one.key}" if one.key else str(one.state)
            subject = services.foretelling.subject(one.of)
            lines.append((one.of.day, f"{one.of.day}  {one.of.language}  {people}  {state}: {subject}"))
            if beside is not None:
                told = services.foretelling.clash_lines(one.of, beside)
                lines += [(one.of.day, f"{one.of.day}  {one.of.language}    {line}") for line in told]
        for _, line in sorted(lines, key=lambda pair: pair[0]):
            tell(line)
