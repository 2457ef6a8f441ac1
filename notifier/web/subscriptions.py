"""Leaving: the page behind every message's unsubscribe link, and the one-click request of mail programmes (RFC 8058).

GET only ever shows a form, since mail scanners open links. POST acts, whoever sends it and whatever its body says: the
token is the authority, and it opens nothing else.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from notifier.content import pages
from notifier.domain.errors import NotifierError
from notifier.web.deps import SiteView
from notifier.web.pages import Pages


class Subscriptions:
    """Answers at addresses that hold a token."""

    def __init__(self, view: SiteView, site: Pages) -> None:
        self._view = view
        self._site = site

    def unsubscribe(self, request: Request) -> Response:
        """Show the form, or take the reader off: as often as asked, without cookies, never with a redirect."""
        try:
            key = self._view.tokens.read_unsubscribe(request.path_params["token"])
        except NotifierError:
            return self._site.passing(request, pages.invalid_link_page, 404)
        if request.method != "POST":
            return self._site.passing(request, pages.unsubscribe_page)
        # Nobody who has been erased is written to either: the answer is true in both cases, and tells nobody which.
        self._view.people.unsubscribe(key)
        return self._site.passing(request, pages.unsubscribed_page)
