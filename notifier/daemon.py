"""The life of the whole process: start, serve, watch, tick, drain, stop."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import structlog
import uvicorn

from notifier import clock
from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.domain.occurrences import occurrences_between
from notifier.logs import set_up_logs
from notifier.services import Services, open_services
from notifier.settings import read_settings, unknown_variables
from notifier.web.app import build_app
from notifier.web.feeds import feeds_first

TICK = 20
"""Seconds between two looks at what is due."""

DRAIN = 8
"""Seconds that answers under way have to end; the whole stop takes at most 10."""

log = structlog.get_logger("notifier")


class PortError(NotifierError):
    """Nothing can be served where settings say."""

    sentence = "nothing can be served at {host}, port {port}: {cause}; set NOTIFIER_PORT or NOTIFIER_HOST"


def run_daemon() -> None:
    """Serve until SIGTERM or SIGINT, then drain. Raises NotifierError when the start cannot be made."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    for sentence in unknown_variables():
        log.warning(sentence)
    with _listening(settings.host, settings.port) as listener, open_services(settings) as services:
        for warning in services.start(clock.now()):
            log.warning(str(warning))
        for sentence in services.warnings():
            log.warning(sentence)
        _serve(services, listener)
    log.info("stopped")


def _serve(services: Services, listener: socket.socket) -> None:
    stopping = threading.Event()
    server = _Server(_uvicorn_config(services), lambda: announce(services))
    # uvicorn raises the signal that ended it once more; by then it has been heeded.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with _watching(services, stopping), _ticking(services, stopping):
        server.run(sockets=[listener])
        log.info("stopping")
        stopping.set()


class _Server(uvicorn.Server):
    """uvicorn, and what to do once it serves."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the door, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_started()


def _uvicorn_config(services: Services) -> uvicorn.Config:
    return uvicorn.Config(
        feeds_first(lambda: services.site, build_app(services)),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=DRAIN,
    )


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


@contextmanager
def _ticking(services: Services, stopping: threading.Event) -> Iterator[None]:
    """Tick at intervals of UTC; the tick itself asks the data what is due."""
    from apscheduler.schedulers.background import BackgroundScheduler

    def tick() -> None:
        try:
            services.turn(clock.now())
            report = services.tick(clock.now(), stopping=stopping.is_set)
        except NotifierError as error:
            log.error("the tick was not finished", reason=str(error))
        except Exception:
            # Whatever one pass stumbles over, the next one is made.
            log.exception("the tick failed")
        else:
            if report.did_something:
                log.info("ticked", **report.counts())

    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=TICK, coalesce=True, misfire_grace_time=None, next_run_time=clock.now())
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


@contextmanager
def _watching(services: Services, stopping: threading.Event) -> Iterator[None]:
    """Read the calendar again when one of its files changes."""
    watcher = threading.Thread(target=_watch, args=(services, stopping), name="calendar", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopping.set()
        watcher.join(timeout=2)


def _watch(services: Services, stopping: threading.Event) -> None:
    from watchfiles import watch

    seen = signature(services.calendar_files)
    while not stopping.is_set():
        folders = {path.parent for path in services.calendar_files}
        # Woken by the system at once, and every second in any case: some file systems do not tell of changes.
        for _ in watch(
            *folders, stop_event=stopping, debounce=200, rust_timeout=1000, yield_on_timeout=True, recursive=False,
            raise_interrupt=False,
        ):  # fmt: skip
            if signature(services.calendar_files) == seen:
                continue
            _reload(services)
            seen = signature(services.calendar_files)
            break


def signature(files: tuple[Path, ...]) -> tuple[tuple[str, int, int, int], ...]:
    """Return what changes when a file is written or replaced."""
    found = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            found.append((str(path), 0, 0, 0))
        else:
            found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)


def _reload(services: Services) -> None:
    try:
        warnings = services.reload(clock.now())
    except NotifierError as error:
        for line in str(error).splitlines():
            log.error(line)
        log.error("the calendar has errors; the last good one stays in use")
    except Exception:
        log.exception("the calendar could not be read again; the last good one stays in use")
    else:
        for warning in warnings:
            log.warning(str(warning))
        log.info("the calendar was read again", events=len(services.catalog.events))


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
