"""`notifier bounces …`: messages that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import say_json, stop, tell

if TYPE_CHECKING:
    from notifier.storage.bounces import Bounce

commands = typer.Typer(no_args_is_help=True, help="Messages that came back.")


@commands.command()
def process(as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False) -> None:
    """Read the bounce mailbox once, and say what was in it."""
    from notifier.services import open_services

    with open_services() as services:
        done = services.bounces.process()
    counts = done.counts()
    if as_json:
        say_json(counts)
    else:
        tell(", ".join(f"{count} {name}" for name, count in counts.items()))
    if done.problems:
        stop("\n".join(done.problems), code=1)


@commands.command("list")
def list_(
    unreadable: Annotated[bool, typer.Option("--unreadable", help="only what a person has to look at")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for machines")] = False,
) -> None:
    """List what came back in the last 30 days, newest first."""
    from notifier.domain.bounces import BounceKind
    from notifier.services import open_services

    with open_services() as services:
        rows = map(bounce_fields, services.bounces.all(BounceKind.UNREADABLE if unreadable else None))
        if as_json:
            say_json({"bounces": list(rows)})
            return
        for row in rows:
            tell(f"{row['at']}  {row['kind']}  {row['email'] or '-'}  {row['detail']}")


def bounce_fields(bounce: Bounce) -> dict[str, object]:
    """Return what is kept of one message that came back."""
    return {
        "at": bounce.at.isoformat(timespec="seconds"),
        "kind": bounce.kind.value,
        "email": bounce.email,
        "delivery": bounce.delivery_id,
        "detail": bounce.detail,
    }
