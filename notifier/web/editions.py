"""The page of a released message, at an address that only its readers know."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.edition_page import edition_page
from notifier.web.deps import SiteView
from notifier.web.pages import Pages

_KEY = re.compile(r"[a-z2-7]{26}", re.ASCII)


class Editions:
    """Answers with messages as they were released."""

    def __init__(self, view: SiteView, site: Pages) -> None:
        self._view = view
        self._site = site

    def page(self, request: Request) -> Response:
        """Answer with the message in its own language; 404 for what was never released, and for personal ones."""
        key = request.path_params["key"]
        found = self._view.released_edition(key) if _KEY.fullmatch(key) else None
        if found is None:
            raise HTTPException(404)
        language = self._view.languages[found.language]
        # It has no ETag: nobody stores it, so nobody could ask whether what is stored still holds.
        return self._site.kept_alike(request, found, lambda site, _: edition_page(site, language, found))
