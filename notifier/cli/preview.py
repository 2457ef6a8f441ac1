"""`notifier preview`: a message as it would go out."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from notifier.domain.days import parse_told_day


def preview(
    event: Annotated[str, typer.Argument(metavar="EVENT", help="an event's id")],
    on: Annotated[str, typer.Option(help="the date it would go out, such as 2027-01-13; without it, today")] = "",
    lang: Annotated[str, typer.Option(help="the language; without it, the calendar's first")] = "",
    form: Annotated[Literal["text", "html", "eml", "ics"], typer.Option("--format", help="of what")] = "text",
) -> None:
    """Print exactly what would go out on that day, for the next occurrence on or after it."""
    from notifier.services import open_services

    with open_services() as services:
        day = parse_told_day(on) if on else services.today()
        # Line ends and all: what is printed can be sent, or taken into a calendar.
        sys.stdout.buffer.write(services.foretelling.preview(event, day, lang, form))
        sys.stdout.buffer.flush()
