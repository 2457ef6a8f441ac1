"""`notifier subscribers …`: who is written to, and how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import FileError, parse_instant, say_json, tell, warn
from notifier.cli.progress import progress

if TYPE_CHECKING:
    from notifier.storage.subscribers import Subscriber

_EVERY = 10_000

commands = typer.Typer(no_args_is_help=True, help="Who is written to, and how.")


@commands.command()
def add(
    email: Annotated[str, typer.Argument(help="the address")],
    lang: Annotated[str, typer.Option(help="language; without it, the calendar's first")] = "",
    zone: Annotated[str, typer.Option(help="time zone, such as Europe/Berlin; without it, the calendar's")] = "",
    hour: Annotated[int | None, typer.Option(help="hour of the day, 0 to 23")] = None,
    leads: Annotated[str, typer.Option(help="days ahead, such as 7,1,0; without it, the calendar's")] = "",
    digest: Annotated[str, typer.Option(help="none, weekly:mon (to sun) or monthly")] = "none",
    select: Annotated[str, typer.Option(help="all, collection:X, ids; with a leading - left out")] = "all",
    consent: Annotated[str, typer.Option(help="how this person agreed")] = "",
    at: Annotated[str, typer.Option(help="when, ISO 8601 with an offset; without it, now")] = "",
) -> None:
    """Add somebody who has agreed to be written to."""
    from notifier.services import open_services

    with open_services() as services:
        preference = services.people.preference(lang, zone, hour, leads, digest, select)
        moment = parse_instant(at) if at else services.now()
        person = services.people.add(email, preference, consent, moment)
        tell(f"{person.email} is {person.status} and hears from the service at {preference.hour}:00, {preference.zone}")


@commands.command("list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False) -> None:
    """List everybody."""
    from notifier.services import open_services

    with open_services() as services:
        rows = [subscriber_fields(person) for person in services.people.all()]
    if as_json:
        say_json({"subscribers": rows})
        return
    for row in rows:
        tell(f"{row['email']}  {row['status']}  {row['lang']}  {row['zone']}  {row['hour']}:00  {row['select']}")


@commands.command()
def show(
    email: Annotated[str, typer.Argument(help="the address")],
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """Show what is known of somebody."""
    from notifier.services import open_services

    with open_services() as services:
        fields = subscriber_fields(services.people.of(email))
    if as_json:
        say_json(fields)
        return
    for name, value in fields.items():
        tell(f"{name}: {value}")


@commands.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, its first line naming the columns")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="take nothing; show what 30 days would bring")] = False,
) -> None:
    """Bring people in from a file: those who left first; lines that cannot be taken are shown, the rest is taken."""
    from notifier.services import open_services

    with open_services() as services:
        with progress("Lines", services.importing.rows_in(file), _EVERY) as step:
            if dry_run:
                report, foretold = services.importing.rehearse(file, step)
            else:
                report, foretold = services.importing.take(file, step), None
        for bad in sorted(report.bad, key=lambda row: row.line):
            warn(f"{file}:{bad.line}: {bad.reason}")
        for one in () if foretold is None else foretold.editions:
            subject = services.foretelling.subject(one.of)
            tell(f"{one.of.day}  {one.of.language}  {one.people} people: {subject}")
    tell(
        f"{report.added} added, {report.left} left, {report.there} as they were, {len(report.bad)} not taken"
        f"{' (rehearsed; nothing was kept)' if dry_run else ''}"
    )
    if report.unproven:
        warn(f"{report.unproven} of them have no word in the column consent on how they agreed")
    if report.paused:
        warn(
            f"{report.paused} of them are paused; a file says no date, so they stay so until they end it on their page"
        )
    if report.bad:
        raise typer.Exit(1)


@commands.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="a new file; without it, to stdout")] = None,
) -> None:
    """Write everybody as CSV, in the form that import takes."""
    import os

    from notifier.services import open_services

    with open_services() as services:
        lines = services.importing.exported()
        if file is None:
            for line in lines:
                typer.echo(line, nl=False)
            return
        try:
            # Addresses are nobody else's business.
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
                out.writelines(lines)
        except OSError as error:
            raise FileError(path=file, cause=error.strerror) from error


@commands.command()
def erase(email: Annotated[str, typer.Argument(help="the address")]) -> None:
    """Forget somebody; a keyed hash stays, so that no import brings the address back."""
    from notifier.services import open_services

    with open_services() as services:
        services.people.erase(email)
    tell(f"{email} is erased")


@commands.command()
def suppress(email: Annotated[str, typer.Argument(help="the address")]) -> None:
    """Never write to an address again, whatever is imported or restored."""
    from notifier.services import open_services

    with open_services() as services:
        services.people.suppress(email)
    tell(f"{email} is never written to again")


def subscriber_fields(person: Subscriber) -> dict[str, object]:
    """Return what is known of somebody, under the names that the command line and CSV use."""
    wanted = person.preference
    return {
        "email": person.email,
        "status": person.status.value,
        "lang": wanted.language,
        "zone": person.zone,
        "hour": wanted.hour,
        "leads": str(wanted.leads) or None,
        "digest": wanted.digest,
        "select": str(wanted.selection),
        "consent": person.consent.wording,
        "consent_at": person.consent.at.isoformat(),
        "consent_source": person.consent.source,
        "confirmed_at": None if person.confirmed_at is None else person.confirmed_at.isoformat(),
        "covered_through": person.covered_through.isoformat(),
        "paused_until": None if person.paused_until is None else person.paused_until.isoformat(),
        "tags": " ".join(person.tags),
        "reason": person.reason or None,
        "bounces": person.bounces,
        "bounced_on": None if person.bounced_on is None else person.bounced_on.isoformat(),
    }
