"""`notifier explain`: why somebody did or did not get a message."""

from __future__ import annotations

from typing import Annotated

import typer

from notifier.cli.output import tell
from notifier.domain.days import parse_told_day


def explain(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="whose messages")],
    on: Annotated[str, typer.Option(help="a date where they are, such as 2027-01-13; without it, today")] = "",
) -> None:
    """Say why this person did or did not get a message."""
    from notifier.services import open_services

    with open_services() as services:
        for sentence in services.foretelling.explain(email, parse_told_day(on) if on else None):
            tell(sentence)
