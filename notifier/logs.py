"""Logs: one line an event on stderr, for people or for machines. Never a token, never a person's address.

structlog brings rich with it, 80 ms and several megabytes; both are imported with the first line there is to write.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from notifier.domain.discretion import without_values

if TYPE_CHECKING:
    import structlog

Form = Literal["console", "json"]


class Log:
    """The service's own log; set up once, at the start."""

    def __init__(self, form: Form) -> None:
        self._form = form
        handler = _Handler(self)
        logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
        for quiet in ("watchfiles", "alembic", "uvicorn"):
            logging.getLogger(quiet).setLevel(logging.WARNING)

    @cached_property
    def lines(self) -> structlog.stdlib.BoundLogger:
        """What writes lines."""
        import structlog

        render: structlog.types.Processor
        if self._form == "json":
            render = structlog.processors.JSONRenderer()
        else:
            plain = structlog.dev.plain_traceback
            render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)
        processors: list[structlog.types.Processor] = [
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _discreet,
            render,
        ]
        logger = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr), processors=processors, wrapper_class=structlog.stdlib.BoundLogger
        )
        bound: structlog.stdlib.BoundLogger = logger.bind()
        return bound


def _discreet(_logger: object, _level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of a line what errors and servers repeat: addresses, and values that a database was given."""
    return {name: without_values(value) if isinstance(value, str) else value for name, value in line.items()}


class _Handler(logging.Handler):
    """Takes what libraries log, in the same form."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        self._log.lines.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
