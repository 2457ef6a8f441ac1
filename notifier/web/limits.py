"""Limits on forms that have messages sent, and answers that take as long whatever became of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from notifier.content.subscription_pages import too_many_requests_page
from notifier.usecases.quotas import Quota, Quotas
from notifier.web.pages import Pages

SETTLED: Final = 0.25
"""Seconds after which a form that names an address is answered: longer than any of what it may set going takes."""

_REFUSED = 5
"""How many forms that cannot be read count as one that can."""


class Settled:
    """Ends a block no sooner than so many seconds after it began, so that its length says nothing of what was done."""

    def __init__(self, seconds: float = SETTLED) -> None:
        self._seconds = seconds

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[None]:
        """Wait at the end of the block; not where it ends with an error."""
        ends = asyncio.get_running_loop().time() + self._seconds
        yield
        await asyncio.sleep(max(0.0, ends - asyncio.get_running_loop().time()))


class Limits:
    """How often something may be asked for, by each client and by all together. For one thread: the server's own."""

    def __init__(self, each: int, together: int) -> None:
        self._quotas = Quotas(Quota(each), Quota(together))
        # None for all together: with that, whoever sends nonsense from many addresses would stop everybody.
        self._refused = Quota(_REFUSED * each)

    def wait(self, client: str, now: datetime) -> timedelta | None:
        """Return how long this client has to wait; None where it has not to."""
        return self._quotas.wait(client, now) or self._refused.wait(client, now)

    def take(self, client: str, now: datetime) -> None:
        """Count something that was asked for."""
        self._quotas.take(client, now)

    def refuse(self, client: str, now: datetime) -> None:
        """Count something that could not be read."""
        self._refused.take(client, now)

    @staticmethod
    def answer(site: Pages, request: Request, wait: timedelta) -> Response:
        """Answer whoever has to wait, from memory but for the first time: nobody else's threads are taken."""
        response = site.passing(request, too_many_requests_page, 429)
        response.headers["Retry-After"] = str(max(1, round(wait.total_seconds())))
        return response
