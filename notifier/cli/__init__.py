"""The command line. Each command imports what it needs when it runs, so that none pays for another."""

from __future__ import annotations

import typer

from notifier.cli import (
    backup,
    bounces,
    checking,
    days,
    events,
    explain,
    preview,
    publish,
    release,
    service,
    simulate,
    subscribers,
)
from notifier.cli.output import stop
from notifier.domain.errors import NotifierError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Remembers dates, and tells people ahead of time.",
)
app.command()(service.run)
app.command()(service.tick)
app.command()(service.reload)
app.command()(checking.check)
app.command()(days.upcoming)
app.command()(preview.preview)
app.command()(simulate.simulate)
app.command()(explain.explain)
app.command()(publish.publish)
app.command()(release.hold)
app.command()(release.release)
app.command()(release.cancel)
app.command()(release.correct)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(service.version)
app.add_typer(subscribers.commands, name="subscribers")
app.add_typer(bounces.commands, name="bounces")
app.add_typer(events.commands, name="events")
app.add_typer(service.database, name="db")


def main() -> None:
    """Run the command line; what a person can mend is one sentence on stderr."""
    try:
        app()
    except NotifierError as error:
        stop(error, code=2 if error.wrong_use else 1)
