"""What commands print: answers alone on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import NoReturn

import typer

from notifier.domain.errors import NotifierError


class InstantError(NotifierError):
    """An instant without an offset, or none at all."""

    wrong_use = True
    sentence = '"{text}" is not an instant; write it as 2027-01-13T09:00:00+01:00, with the offset from UTC'


class FileError(NotifierError):
    """A file that was named and cannot be read."""

    wrong_use = True
    sentence = "{path} cannot be read: {cause}"


def tell(line: str) -> None:
    """Print one line of the answer."""
    typer.echo(line)


def say_json(value: object) -> None:
    """Print the answer for machines; dates in ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def tell_beside(line: str) -> None:
    """Print one line beside the answer, as it is."""
    typer.echo(line, err=True)


def warn(line: str) -> None:
    """Print one line beside the answer."""
    typer.echo(f"warning: {line}", err=True)


def stop(error: object, code: int) -> NoReturn:
    """End with a sentence on stderr."""
    for line in str(error).splitlines():
        print(line if ": error: " in line else f"error: {line}", file=sys.stderr)  # noqa: T201 -- stderr, always
    raise SystemExit(code)


def parse_instant(text: str) -> datetime:
    """Read ISO 8601 with an offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise InstantError(text=text) from error
    # The first and the last year of all leave no room for zones and retries.
    if instant.tzinfo is None or not 1 < instant.year < 9999:
        raise InstantError(text=text)
    return instant
