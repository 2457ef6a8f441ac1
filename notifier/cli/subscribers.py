"""`notifier subscribers …`: who is written to, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import parse_instant, say_json, tell

if TYPE_CHECKING:
    from notifier.storage.subscribers import Subscriber

commands = typer.Typer(no_args_is_help=True, help="Who is written to, and how.")


@commands.command()
def add(
    email: Annotated[str, typer.Argument(help="the address")],
    lang: Annotated[str, typer.Option(help="language; without it, the calendar's first")] = "",
    zone: Annotated[str, typer.Option(help="time zone, such as Europe/Berlin; without it, the calendar's")] = "",
    hour: Annotated[int | None, typer.Option(help="hour of the day, 0 to 23")] = None,
    leads: Annotated[str, typer.Option(help="days ahead, such as 7,1,0; without it, the calendar's")] = "",
    digest: Annotated[str, typer.Option(help="none")] = "none",
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


def subscriber_fields(person: Subscriber) -> dict[str, object]:
    """Return what is known of somebody, under the names that the command line and CSV use."""
    wanted = person.preference
    return {
        "email": person.email,
        "status": person.status.value,
        "lang": wanted.language,
        "zone": wanted.zone,
        "hour": wanted.hour,
        "leads": str(wanted.leads) or None,
        "digest": wanted.digest,
        "select": str(wanted.selection),
        "consent": person.consent.wording,
        "consent_at": person.consent.at.isoformat(),
        "consent_source": person.consent.source,
        "covered_through": person.covered_through.isoformat(),
    }
