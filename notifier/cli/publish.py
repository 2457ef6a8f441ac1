"""`notifier publish`: the whole public site and all feeds as static files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import tell, warn

if TYPE_CHECKING:
    from notifier.content.published import Published
    from notifier.services import Services

_EVERY = 500
"""Files between two lines where there is no terminal."""


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="the folder that a web server shows")],
    base_url: Annotated[str, typer.Option(help="the address people open; without it, that of the service")] = "",
    force: Annotated[bool, typer.Option("--force", help="write among files that were not published before")] = False,
) -> None:
    """Write all public pages and feeds into DIR, for a web server or a CDN to show.

    They are the bytes the service answers with today; days left are counted from today, so publish every day.
    """
    from urllib.parse import urlsplit

    from notifier import clock
    from notifier.services import open_services, private_paths
    from notifier.settings import at_address, read_settings
    from notifier.storage.published_folder import opened, refuse_private
    from notifier.usecases.static_site import HISTORY, StaticSite

    settings = read_settings()
    refuse_private(folder, private_paths(settings))
    if base_url:
        settings = at_address(settings, base_url, "--base-url")
    now = clock.now()
    # The folder is held from before its history is read: two publishes never mix.
    with opened(folder, force=force) as target, open_services(settings, lambda: now) as services:
        history = target.read(HISTORY)
        if history is not None and services.lacks_history():
            services.adopt_history(history, str(folder / HISTORY))
        for problem in services.start(now):
            warn(str(problem))
        for error in services.calendar_errors:
            warn(error)
        site = StaticSite(_answers(services), urlsplit(services.base_url).path, services.history())
        files = site.files()
        with _progress("Files", len(files)) as step:
            done = target.replace_all(files, now, lambda _: step())
    tell(f"{done.written} written, {done.unchanged} unchanged, {done.removed} removed: {folder}")


def _answers(services: Services) -> list[Published]:
    """Ask the service for everything public."""
    import asyncio

    from notifier.web.app import build_app
    from notifier.web.feeds import feeds_first
    from notifier.web.public import public_paths, published

    paths = list(public_paths(services, services.site))
    app = feeds_first(lambda: services.site, build_app(services))

    async def ask() -> list[Published]:
        found = []
        with _progress("Addresses", len(paths)) as step:
            async for one in published(app, services.base_url, iter(paths)):
                found.append(one)
                step()
        return found

    return asyncio.run(ask())


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Give a function to call after each of `total`; a bar on a terminal, else a line now and then, on stderr."""
    if not sys.stderr.isatty():
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            if done % _EVERY == 0 or done == total:
                typer.echo(f"{what}: {done} of {total}", err=True)

        yield count
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
