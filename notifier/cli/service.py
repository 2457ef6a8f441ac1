"""`notifier run`, `tick` and `db upgrade`: the service itself."""

from __future__ import annotations

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from notifier.cli.output import FileError, parse_instant, say_json, stop, tell

database = typer.Typer(no_args_is_help=True, help="The database.")


def run() -> None:
    """Run the service until it is told to stop."""
    # What is made at the start stays; looking through it for garbage would be a fifth of the start.
    gc.disable()
    from notifier.daemon import run_daemon

    run_daemon()


def tick(
    at: Annotated[str, typer.Option(help="the instant to act at, ISO 8601 with an offset; without it, now")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
    force: Annotated[bool, typer.Option("--force", help="send to real servers for a far instant too")] = False,
) -> None:
    """Make one pass: plan what is due, send it, say what was done."""
    from notifier.services import open_services

    with open_services() as services:
        moment = parse_instant(at) if at else services.now()
        report = services.tick(moment, force=force)
        stopped = services.mail.stopped
    counts = asdict(report)
    if as_json:
        say_json(counts)
    else:
        tell(", ".join(f"{count} {name}" for name, count in counts.items()))
    if stopped is not None:
        stop(stopped, code=1)


def reload(
    accept: Annotated[bool, typer.Option("--accept", help="take the calendar that is held, and no other")] = False,
) -> None:
    """Have the running service read its calendar again."""
    from notifier.services import open_services

    with open_services() as services:
        if accept:
            held = services.published.accept_held()
            gone = f"without {held.gone} of the {held.total} events there were"
            tell(f"accepted: a calendar {f'whose id is {held.other_id}' if held.other_id else gone}")
        else:
            services.published.ask_to_reload()
            tell("a running service reads the calendar again within 3 seconds")


@database.command()
def upgrade() -> None:
    """Bring the schema up to date."""
    from notifier.services import open_services

    with open_services():
        tell("the schema is up to date")


@database.command()
def adopt(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a revisions.json that publish has written")],
) -> None:
    """Take over a published history, into a database that has published nothing yet.

    Entries and feeds then keep their revisions and times, so that no calendar sees a change that is none.
    """
    from notifier.services import open_services

    try:
        history = file.read_bytes()
    except OSError as error:
        raise FileError(path=file, cause=error.strerror) from error
    with open_services() as services:
        services.published.adopt_history(history, str(file))
        tell(f"{file} was adopted")


def version() -> None:
    """Say which version this is."""
    from importlib.metadata import version as installed

    tell(installed("remembrance-notifier"))
