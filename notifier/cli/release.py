"""`notifier hold`, `release`, `cancel` and `correct`: an operator's word on messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import FileError, stop, tell, warn

if TYPE_CHECKING:
    from notifier.usecases.release import Ruling

What = Annotated[str, typer.Argument(metavar="EVENT-OR-EDITION", help="an event's id, an edition's key, or all")]


def hold(what: What) -> None:
    """Let nothing more leave of an edition, of an event, or at all; what has left is listed."""
    from notifier.services import open_services

    with open_services() as services:
        _say("held", services.operating.hold(what))


def release(what: What) -> None:
    """Let go on what was held, a draft, or everything after a restore."""
    from notifier.services import open_services

    with open_services() as services:
        _say("released", services.operating.release(what))


def cancel(what: What) -> None:
    """Drop what is not out yet of an edition, or of an event's coming anniversary."""
    from notifier.services import open_services

    with open_services() as services:
        _say("cancelled", services.operating.cancel(what))


def correct(
    edition: Annotated[str, typer.Argument(metavar="EDITION", help="the key of the edition that is corrected")],
    text: Annotated[Path, typer.Option("--text", help="a file with the correction, in the edition's language")],
) -> None:
    """Send a correction to exactly those who got an edition, and hold it back from everybody else."""
    from notifier.services import open_services

    try:
        words = text.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise FileError(path=text, cause=error) from error
    with open_services() as services:
        done = services.operating.correct(edition, words, services.now())
    tell(f"the correction {done.key} goes to {done.people}")
    if done.instead:
        tell(
            f"nothing more leaves of {edition}; who has not got it waits for {done.instead}, which is made of the "
            f"calendar: mend that, then notifier release {done.instead}, or notifier cancel {done.instead}"
        )
    if done.under_way:
        warn(f"{done.under_way} were leaving at this moment; give the same command again, so that they get it as well")


def _say(done: str, ruling: Ruling) -> None:
    for one in ruling.editions:
        tell(
            f"{one.key}  {one.day}  {one.language}  {one.kind}  {one.state}: {one.left} left, {one.waiting} waiting"
            f"  ({', '.join(sorted(one.events))})"
        )
    if not ruling.changed:
        stop(f"nothing was there to be {done}", code=1)
    tell(done)
