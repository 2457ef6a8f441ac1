"""For those who watch the service: alive, and ready."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from notifier.web.deps import SiteView

_NOT_KEPT = {"Cache-Control": "no-store"}


class Health:
    """Answers to probes."""

    def __init__(self, view: SiteView) -> None:
        self._view = view

    async def alive(self, request: Request) -> Response:  # noqa: ARG002  # Starlette hands it to every handler
        """Say that the process answers; nothing else is asked.

        Not in a thread as the others: those may all be waiting for a database that hangs.
        """
        return PlainTextResponse("ok", headers=_NOT_KEPT)

    def ready(self, request: Request) -> Response:  # noqa: ARG002  # likewise
        """Say whether requests should come here: 200, with problems where there are any, or 503."""
        readiness = self._view.readiness()
        said: dict[str, object] = {"status": readiness.status}
        if readiness.problems:
            said["problems"] = list(readiness.problems)
        return JSONResponse(said, 503 if readiness.status == "unready" else 200, _NOT_KEPT)
