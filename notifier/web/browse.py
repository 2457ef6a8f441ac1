"""Ways to find a day: a year at a glance, collections, search, round anniversaries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from notifier.content.language import Language
from notifier.content.resources import Resource
from notifier.content.search import asked
from notifier.content.site import SiteDay
from notifier.domain import addresses
from notifier.web.answers import answer
from notifier.web.indexes import Indexes
from notifier.web.pages import Pages
from notifier.web.shelf import Shelf
from notifier.web.standing import BESIDE

Part = TypeVar("Part", bound=tuple[Any, ...])
"""A page of a long list, as `LongLists` has it: what the list is of, and the part's number."""


class Browsing:
    """Answers where somebody looks for a day."""

    def __init__(self, site: Pages, indexes: Indexes, shelf_bytes: int) -> None:
        """Answer with the pages of a site; so many bytes of what was found are kept."""
        self._site = site
        self._indexes = indexes
        self._shelf_bytes = shelf_bytes
        self._found: tuple[SiteDay | None, Shelf] = (None, Shelf(shelf_bytes, BESIDE))

    def year(self, request: Request) -> Response:
        """Answer with a published year."""
        from notifier.content.year_page import year_named, year_page

        text = request.path_params["year"]

        def render(site: SiteDay, language: Language) -> Resource:
            year = year_named(site, text)
            if year is None:
                raise HTTPException(404)
            return year_page(site, language, year)

        return self._site.kept(request, lambda tag: addresses.calendar(tag, text), render, through_days=True)

    def month(self, request: Request) -> Response:
        """Answer with a month of a year in which very much is remembered, or a part of it."""
        from notifier.content.year_page import month_page

        year, month, number = (request.path_params.get(name, "") for name in ("year", "month", "part"))

        def render(site: SiteDay, language: Language) -> Resource:
            return month_page(site, language, *_named(site.long_lists.months, (year, month, number)))

        return self._site.kept(
            request, lambda tag: addresses.month(tag, year, month, number or 1), render, through_days=True
        )

    def collection(self, request: Request) -> Response:
        """Answer with a collection that has events."""
        from notifier.content.collection_page import collection_page

        text, number = request.path_params["collection"], request.path_params.get("part", "")

        def render(site: SiteDay, language: Language) -> Resource:
            id_ = next((one for one in site.catalog.collection_ids() if one == text), None)
            if id_ is None:
                raise HTTPException(404)
            if not number:
                return collection_page(site, language, id_)
            _, part = _named(site.long_lists.collections, (id_, number))
            return collection_page(site, language, id_, part)

        return self._site.kept(request, lambda tag: addresses.collection(tag, text, number or 1), render)

    def search(self, request: Request) -> Response:
        """Answer with what was found, or with the form where nothing was asked."""
        from notifier.content.search_page import search_page

        query = asked(request.query_params.get("q", ""))
        if not query:
            return self._site.kept(
                request, addresses.search, partial(search_page, query="", events=()), through_days=True
            )
        site, language = self._site.site_for(request)
        standing, shelf = self._found
        if standing is not site:
            _, shelf = self._found = (site, Shelf(self._shelf_bytes, BESIDE))

        def render() -> Resource:
            index = self._indexes.of(site.catalog, language)
            return search_page(site, language, query, index.find(query))

        return answer(request, shelf.get(f"{language.tag} {query}", render))

    def outlook(self, request: Request) -> Response:
        """Answer with the round anniversaries of the coming years."""
        from notifier.content.outlook_page import outlook_page

        return self._site.kept(request, addresses.outlook, outlook_page, through_days=True)

    def outlook_year(self, request: Request) -> Response:
        """Answer with one year of them, where there are very many, or a part of it."""
        from notifier.content.outlook_page import outlook_year_page

        year, number = request.path_params["year"], request.path_params.get("part", "")

        def render(site: SiteDay, language: Language) -> Resource:
            return outlook_year_page(site, language, *_named(site.long_lists.outlook, (year, number)))

        return self._site.kept(
            request, lambda tag: addresses.outlook_year(tag, year, number or 1), render, through_days=True
        )

    def outlook_csv(self, request: Request) -> Response:
        """Answer with them as CSV."""
        from notifier.content.outlook_page import outlook_csv

        return self._site.kept(request, lambda tag: addresses.outlook(tag, "csv"), outlook_csv, through_days=True)

    def outlook_xlsx(self, request: Request) -> Response:
        """Answer with them as a workbook."""
        from notifier.content.outlook_page import outlook_xlsx

        return self._site.kept(request, lambda tag: addresses.outlook(tag, "xlsx"), outlook_xlsx, through_days=True)


def _named(there: Iterable[Part], asked: tuple[str, ...]) -> Part:
    """Return the page that an address names: the first part by nothing, any other by its number. Raises 404."""
    named = {(*map(str, one[:-1]), "" if one[-1] == 1 else str(one[-1])): one for one in there}
    found = named.get(asked)
    if found is None:
        raise HTTPException(404)
    return found
