"""`notifier backup` and `restore`: everything the database holds, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from notifier.cli.output import tell, warn
from notifier.cli.progress import progress

_EVERY = 100_000

File = Annotated[Path, typer.Argument(metavar="FILE", help="the backup, JSON lines packed with gzip")]


def backup(file: File) -> None:
    """Write everything the database holds into FILE, while the service runs or not."""
    from notifier.services import open_services
    from notifier.usecases.backup import rows_to_write, write_backup

    with open_services() as services:
        total = rows_to_write(services.engine)
        with progress("Rows", total, _EVERY) as step:
            write_backup(services.engine, file, services.catalog.calendar.id, services.now(), step)
    tell(f"{file}: {total} rows")
    warn("secrets are not in it; keep var/secret and var/suppression-secret, or the settings, elsewhere")


def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="lose what the database holds")] = False,
    told: Annotated[
        str, typer.Option("--told-through", metavar="DATE", help="everybody was told of everything through this date")
    ] = "",
) -> None:
    """Read FILE into the database; nothing leaves until `notifier release all`."""
    from notifier.domain.days import parse_day
    from notifier.services import open_services
    from notifier.usecases.backup import restore_backup

    day = parse_day(told) if told else None
    with open_services() as services:
        own = services.catalog.calendar.id
        with progress("Rows", 0, _EVERY) as step:
            done = restore_backup(services.engine, file, services.now(), replace=replace, told=day, step=step)
        services.people.apply_journal()
        gone = services.people.let_go_since(done.at)
        if done.calendar not in {None, own}:
            warn(f"the backup is of the calendar {done.calendar}, and this one is {own}")
    tell(f"restored what there was on {done.at:%Y-%m-%d %H:%M} UTC; everything is held until: notifier release all")
    if gone:
        tell(f"{gone} had unsubscribed since, and are unsubscribed")
    if done.open:
        warn(
            f"{done.open} messages had not left when the backup was made; if the service went on after it, they have, "
            "and so have later ones: restore with --told-through and the last date on which it sent"
        )
