"""How far long work is: a bar on a terminal, else a line now and then, always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

_EVERY = 500
"""Steps between two lines where there is no terminal."""


@contextmanager
def progress(what: str, total: int, every: int = _EVERY) -> Iterator[Callable[[], None]]:
    """Give a function to call after each of `total` steps; 0 where nobody knows how many there are."""
    if not sys.stderr.isatty():
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            if done % every == 0 or done == total:
                typer.echo(f"{what}: {done} of {total}" if total else f"{what}: {done}", err=True)

        yield count
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total or None)
        yield lambda: bar.advance(task)
