"""The life of the whole process: start, serve, watch, tick, drain, stop."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from notifier import clock
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.domain.occurrences import occurrences_between
from notifier.duties import doing
from notifier.logs import Log
from notifier.services import Services, open_services
from notifier.settings import read_settings, unknown_variables
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first
from notifier.web.selection_feeds import selections_first

SWITCH = 0.001
"""Seconds that one thread keeps others waiting, at most."""

DRAIN = 5
"""Seconds that answers under way have to end."""

LAST_MESSAGE = 9
"""Seconds, from the signal on, that the message under way has to reach its end; the whole stop takes at most 10."""


class PortError(NotifierError):
    """Nothing can be served where settings say."""

    sentence = "nothing can be served at {host}, port {port}: {cause}; set NOTIFIER_PORT or NOTIFIER_HOST"


def run_daemon() -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises NotifierError when the start cannot be made."""
    settings = read_settings()
    log = Log(settings.log_format)
    # Whoever makes a feed in a thread lets answers through sooner than after Python's own 5 ms.
    sys.setswitchinterval(SWITCH)
    with _listening(settings.host, settings.port) as listener, open_services(settings) as services:
        warnings = [*unknown_variables(), *map(str, services.start(clock.now())), *services.mail.warnings()]
        warnings += [*services.published.errors, *services.published.address_warnings(), *services.sending_warnings()]
        for warning in warnings:
            log.lines.warning(warning)
        _serve(services, listener, log)


def _serve(services: Services, listener: socket.socket, log: Log) -> None:
    stopping = threading.Event()
    duties = threading.Thread(target=_do_duties, args=(services, stopping, log), name="duties", daemon=True)
    server = _Server(services, stopping, duties.start)
    # uvicorn raises the signal that ended it once more; by then it has been heeded.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    server.run(sockets=[listener])
    stopping.set()
    if server.started:
        duties.join(timeout=max(0.0, LAST_MESSAGE - server.seconds_stopping()))
    if duties.is_alive():
        log.lines.warning(
            "stopped before the last pass was finished; what was under way is done again at the next start"
        )
        os._exit(0)
    log.lines.info("stopped")


class _Server(uvicorn.Server):
    """uvicorn, with what to do once it serves, and once it is told to stop."""

    def __init__(self, services: Services, stopping: threading.Event, on_started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                _application(services),
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=DRAIN,
            )
        )
        self._stopping = stopping
        self._on_started = on_started
        self._told_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the door; everything else begins after that."""
        await super().startup(sockets)
        if self._stopping.is_set():
            # The signal came before uvicorn listened for it.
            self.should_exit = True
        elif self.started:
            self._on_started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Tell the duties at once: they drain while answers do."""
        self._told_at = self._told_at or time.monotonic()
        self._stopping.set()
        super().handle_exit(sig, frame)

    def seconds_stopping(self) -> float:
        """Return how long ago the signal came."""
        return 0.0 if self._told_at is None else time.monotonic() - self._told_at


def _application(services: Services) -> ASGIApp:
    """Return everything that is served: feeds from memory before all else, then selections, then pages."""
    memory = services.memory
    pages = selections_first(services, build_app(services, memory), memory.selections)
    return feeds_first(lambda: services.site, pages, services.base_url, memory.feeds)


def _do_duties(services: Services, stopping: threading.Event, log: Log) -> None:
    """Do everything that is not answering, until it is time to stop."""
    with suppress(OSError, UnicodeError):  # nobody may be listening, or not in these letters
        announce(services)
    # The start left its garbage lying; what is still there now stays for good and is not looked through again.
    gc.collect()
    gc.freeze()
    gc.enable()
    with doing(services, stopping, log):
        _watch(services, stopping, log)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port first: what cannot be had is said before anything is made."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PortError(host=host, port=port, cause=error.strerror or error) from error
        yield listener


def _watch(services: Services, stopping: threading.Event, log: Log) -> None:
    while not stopping.is_set():
        try:
            _wait_for_change(services, stopping)
        except OSError as error:  # the system's limit of watches, a folder that vanished just now
            log.lines.warning("the calendar is looked at every second, not watched", reason=str(error))
            stopping.wait(1)
        if services.published.changed() or services.published.asked_to_reload():
            _reload(services, log)


def _wait_for_change(services: Services, stopping: threading.Event) -> None:
    """Return when a file of the calendar may have changed.

    Woken by the system at once, and every second in any case: some file systems do not tell of changes, and a folder
    that is not there cannot be watched.
    """
    from watchfiles import watch

    folders = {path.parent for path in services.published.files}
    there = {folder for folder in folders if folder.is_dir()}
    if there != folders:
        stopping.wait(1)
        return
    for _ in watch(
        *folders, stop_event=stopping, debounce=200, rust_timeout=1000, yield_on_timeout=True, recursive=False,
        raise_interrupt=False,
    ):  # fmt: skip
        if services.published.changed() or services.published.asked_to_reload():
            return


def _reload(services: Services, log: Log) -> None:
    try:
        warnings = services.published.reload(clock.now())
    except NotifierError as error:
        for line in str(error).splitlines():
            log.lines.error(line)
        log.lines.error("the last good calendar stays in use")
    except Exception:  # noqa: BLE001 -- whatever is wrong with a new calendar, the last good one is served
        log.lines.exception("the last good calendar stays in use; publishing is tried again")
    else:
        for warning in warnings:
            log.lines.warning(str(warning))
        log.lines.info("the calendar was read again", events=len(services.catalog.events))


def announce(services: Services) -> None:
    """Print what comes next and where everything is, alone on stdout."""
    catalog, language, base_url = services.catalog, services.language(""), services.settings.address
    today = services.today()
    coming = occurrences_between(catalog.events, today, today + timedelta(days=366))[:5]
    lines = [
        *(f"  {services.line_of(occurrence, today, language)}" for occurrence in coming),
        "Calendar feeds:",
        *(f"  {base_url}{addresses.feed(tag, addresses.EVERYTHING)}" for tag in catalog.calendar.languages),
        *(f"  {base_url}{addresses.feed(language.tag, name)}" for name in catalog.collection_ids()),
        f"Page: {base_url}{addresses.home(language.tag)}",
    ]
    print("Coming up:", *lines, sep="\n", file=sys.stdout, flush=True)  # noqa: T201 -- what the command answers
