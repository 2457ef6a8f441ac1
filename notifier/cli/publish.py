"""`notifier publish`: the whole public site and all feeds as static files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.output import tell, warn
from notifier.cli.progress import progress

if TYPE_CHECKING:
    from notifier.content.published import Published
    from notifier.services import Services


def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="the folder that a web server shows")],
    base_url: Annotated[str, typer.Option(help="the address people open; without it, that of the service")] = "",
    force: Annotated[bool, typer.Option("--force", help="write among files that were not published before")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="leave out forms and links that need the running service")
    ] = False,
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
        if history is not None and services.published.lacks_history():
            services.published.adopt_history(history, str(folder / HISTORY))
        for problem in services.start(now):
            warn(str(problem))
        # Only now is it known which files the calendar includes.
        refuse_private(folder, services.published.files)
        for warning in (*services.published.errors, *services.published.address_warnings()):
            warn(warning)
        answers = _answers(services, live=not alone)
        site = StaticSite(answers, urlsplit(services.base_url).path, services.published.history())
        files = site.files()
        with progress("Files", len(files)) as step:
            done = target.replace_all(files, now, lambda _: step())
        report = services.published.ping_of_files(done.changed)
    if report.problem:
        warn(f"the hub was not told of all changed feeds; readers learn at their next poll: {report.problem}")
    tell(f"{done.written} written, {done.unchanged} unchanged, {done.removed} removed: {folder}")


def _answers(services: Services, *, live: bool) -> list[Published]:
    """Ask the service for everything public."""
    import asyncio

    from notifier.web.app import build_app
    from notifier.web.feeds import feeds_first
    from notifier.web.public import public_paths, published

    paths = list(public_paths(services, services.site))
    app = feeds_first(lambda: services.site, build_app(services, live=live), services.base_url)

    async def ask() -> list[Published]:
        found = []
        with progress("Addresses", len(paths)) as step:
            async for one in published(app, services.base_url, iter(paths)):
                found.append(one)
                step()
        return found

    return asyncio.run(ask())
