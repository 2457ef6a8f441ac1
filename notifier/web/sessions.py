"""The cookie of the settings: whose they are, for half an hour."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from notifier.domain import addresses
from notifier.domain.errors import NotifierError
from notifier.tokens import SESSION_FOR
from notifier.usecases.manage import GoneError
from notifier.web.deps import SiteView
from notifier.web.pages import Pages

COOKIE: Final = "manage"


class Sessions:
    """Sets, reads and takes away the cookie. It goes below `/manage` alone, and to no request of another site."""

    def __init__(self, view: SiteView, site: Pages) -> None:
        self._view = view
        self._site = site

    def key(self, request: Request) -> str:
        """Return whose settings the cookie opens. Raises GoneError for none, and for one whose time is over."""
        try:
            return self._view.tokens.read_session(request.cookies.get(COOKIE, ""), self._view.now())
        except NotifierError as error:
            raise GoneError from error

    def open(self, response: Response, key: str) -> None:
        """Let a response give its reader the cookie."""
        self._set(response, self._view.tokens.session(key, self._view.now()), int(SESSION_FOR.total_seconds()))

    def close(self, response: Response) -> None:
        """Let a response take the cookie away."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, seconds: int) -> None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=seconds,
            path=self._site.local(addresses.MANAGE),
            secure=self._view.base_url.startswith("https://"),
            httponly=True,
            samesite="strict",
        )
