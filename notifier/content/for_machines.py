"""What is read by search engines and browsers rather than by people: lists of pages, and the site in brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from notifier.content.language import Language
from notifier.content.resources import Resource, with_etag
from notifier.content.site import SiteDay
from notifier.content.site_paths import page_paths
from notifier.content.wording import words
from notifier.domain import addresses
from notifier.domain.long_lists import part_count, part_of
from notifier.domain.occurrences import occurrences_between

MOST_LISTED = 20_000
"""Pages in one list; search engines take 50,000 and 50 MB."""

XML, TEXT, MANIFEST = "application/xml", "text/plain; charset=utf-8", "application/manifest+json"
_KEPT = ("Cache-Control", "public, no-cache")
ICON_SIZES = (192, 512)


def robots(site: SiteDay) -> Resource:
    """Return what crawlers may look at: everything; what is not to be listed says so itself (RFC 9309)."""
    body = f"User-agent: *\nAllow: /\n\nSitemap: {site.absolute(addresses.SITEMAP)}\n"
    return _kept(body, TEXT)


def sitemaps(site: SiteDay) -> Resource:
    """Return the list of the lists of pages, of all languages."""
    found = [
        site.absolute(addresses.sitemap(language.tag, part + 1))
        for language in site.languages
        for part in range(parts(site))
    ]
    return _kept(site.templates.render("web/sitemaps.xml", site.languages[0], lists=found), XML)


def parts(site: SiteDay) -> int:
    """Return into how many lists the pages of one language are divided."""
    return list_count(len(_paths(site, site.languages[0])))


def list_count(pages: int) -> int:
    """Return into how many lists so many pages are divided."""
    return part_count(pages, MOST_LISTED)


def sitemap(site: SiteDay, language: Language, part: int, revised: Mapping[str, datetime]) -> Resource:
    """Return one list of pages. `revised` is when what pages say was last revised, by path, where that is known."""
    listed = part_of(_paths(site, language), part, MOST_LISTED)
    pages = [(site.absolute(path), _instant(revised.get(path))) for path in listed]
    return _kept(site.templates.render("web/sitemap.xml", language, pages=pages), XML)


def manifest(site: SiteDay, language: Language) -> Resource:
    """Return the site in brief, for a telephone's start screen (W3C Web Application Manifest)."""
    name = words(site.catalog.calendar.name, site.catalog, language).text
    home = site.local(addresses.home(language.tag))
    icons = [{"src": site.local(site.icon), "sizes": "any", "type": "image/svg+xml"}] + [
        {"src": site.local(addresses.static(f"icon-{size}.png")), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICON_SIZES
    ]
    told = {
        "id": home,
        "name": name,
        "short_name": name if len(name) <= 30 else name[:29].rstrip() + "…",
        "lang": language.tag,
        "dir": language.direction,
        "start_url": home,
        "scope": site.local("/"),
        "display": "browser",
        "background_color": "#fbfaf7",
        "theme_color": "#fbfaf7",
        "icons": icons,
    }
    return _kept(json.dumps(told, ensure_ascii=False, indent=1) + "\n", MANIFEST)


def _paths(site: SiteDay, language: Language) -> list[str]:
    published = occurrences_between(site.catalog.events, site.years.start, site.years.end)
    paths = page_paths(site.catalog, site.years, published, site.long_lists, language.tag)
    # The forms are there only where a service runs.
    return [*paths, *([addresses.subscribe(language.tag)] if site.live else [])]


def _instant(revised: datetime | None) -> str | None:
    return None if revised is None else revised.isoformat().replace("+00:00", "Z")


def _kept(body: str, media_type: str) -> Resource:
    return with_etag(Resource(body.encode(), media_type, (_KEPT,)))
