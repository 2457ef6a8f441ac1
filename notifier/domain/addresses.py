"""Every path of the service. The web registers its routes from these functions; mail, feeds and pages link with them.

Called with `{name}` placeholders they return route patterns.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode, urlsplit

from notifier.domain.hosts import is_this_machine

HEALTH = "/healthz"
READY = "/readyz"
ROOT = "/"
STATIC = "/static"
FEEDS = "/feeds/"
SELECTIONS = "/selections"
SELECTED = "/s/"
SUBSCRIPTIONS = "/subscriptions"
MANAGE = "/manage"
API = "/api/"
API_EVENTS = f"{API}v1/events"
API_OCCURRENCES = f"{API}v1/occurrences"
API_NOTICES = f"{API}v1/notices"
OPENAPI = f"{API}openapi.json"
EVENTS_SCHEMA = f"{API}events.schema.json"

EVERYTHING = "all"
"""The feed of all events; no collection may have this name."""

ROBOTS = "/robots.txt"
SITEMAP = "/sitemap.xml"
FAVICON = "/favicon.ico"
TOUCH_ICON = f"{STATIC}/touch-icon.png"

FEED_LIST = "feeds"
"""The list of all feeds; no collection may have this name either."""


def home(language: str) -> str:
    """Return the page of what comes next."""
    return f"/{language}/"


def subscribing(language: str) -> str:
    """Return the place where a page says how to subscribe."""
    return f"{home(language)}#subscribe"


def event(language: str, event_id: str) -> str:
    """Return an event's page."""
    return f"/{language}/events/{event_id}"


def occurrence(language: str, event_id: str, year: int | str) -> str:
    """Return the page of one anniversary."""
    return f"/{language}/events/{event_id}/{year}"


def occurrence_feed(language: str, event_id: str, year: int | str) -> str:
    """Return one anniversary as a file, to be taken into any calendar; it stands beside its page."""
    return f"{occurrence(language, event_id, year)}.ics"


def occurrence_picture(language: str, event_id: str, year: int | str) -> str:
    """Return the picture that is shown where somebody shares an anniversary's page; it stands beside the page."""
    return f"{occurrence(language, event_id, year)}.png"


def calendar(language: str, year: int | str) -> str:
    """Return the page of a year at a glance."""
    return f"/{language}/calendar/{year}"


def month(language: str, year: int | str, number: int | str, part: int | str = 1) -> str:
    """Return the page of one month of a year in which very much is remembered, or a further part of it."""
    return _part(f"{calendar(language, year)}/{number}", part)


def collection(language: str, collection_id: str, part: int | str = 1) -> str:
    """Return the page of a collection, or a further part of a long one."""
    return _part(f"/{language}/collections/{collection_id}", part)


def search(language: str) -> str:
    """Return the page on which events are looked for; the words stand in the query, as `q`."""
    return f"/{language}/search"


def outlook(language: str, shape: str = "") -> str:
    """Return the page of the round anniversaries of the coming years, or that table as a file (`csv`, `xlsx`)."""
    return f"/{language}/outlook.{shape}" if shape else f"/{language}/outlook"


def outlook_year(language: str, year: int | str, part: int | str = 1) -> str:
    """Return the page of one year of round anniversaries, where there are very many, or a further part of it."""
    return _part(f"{outlook(language)}/{year}", part)


def sitemap(language: str, part: int | str) -> str:
    """Return a part of the list of all pages in a language; parts are counted from 1."""
    return f"/{language}/sitemap-{part}.xml"


def manifest(language: str) -> str:
    """Return what a browser needs to put the site on a telephone's start screen."""
    return f"/{language}/site.webmanifest"


def feed(language: str, collection: str, shape: str = "ics") -> str:
    """Return the feed of a collection, or of `all`."""
    return f"{FEEDS}{language}/{collection}.{shape}"


def event_feed(language: str, event_id: str, shape: str = "ics") -> str:
    """Return the feed of one event."""
    return f"{FEEDS}{language}/events/{event_id}.{shape}"


def feed_list(language: str) -> str:
    """Return the list of all feeds in a language (OPML); no collection may be called "feeds"."""
    return feed(language, FEED_LIST, "opml")


def year_feed(language: str, year: int | str) -> str:
    """Return one whole year, to be handed to people whose calendar cannot subscribe."""
    return f"{FEEDS}{language}/years/{year}.ics"


def selection(token: str, shape: str = "ics") -> str:
    """Return the feed of a built selection."""
    return f"{SELECTED}{token}.{shape}"


def subscribe(language: str) -> str:
    """Return the page on which a feed is built."""
    return f"/{language}/subscribe"


def edition(key: str) -> str:
    """Return the page of one message as it was released; nothing links to it but a correction of that message."""
    return f"/editions/{key}"


def static(name: str) -> str:
    """Return a file that pages are shown with: the stylesheet, the icon."""
    return f"{STATIC}/{name}"


def unsubscribe(token: str) -> str:
    """Return the page that unsubscribes, and only that."""
    return f"/unsubscribe/{token}"


def undo(token: str) -> str:
    """Return where leaving is taken back; only the page that says somebody has left leads there."""
    return f"/undo/{token}"


def confirm(token: str) -> str:
    """Return the page that confirms a subscription."""
    return f"/confirm/{token}"


def never(token: str) -> str:
    """Return the page that has an address never written to again."""
    return f"/never/{token}"


def manage(token: str) -> str:
    """Return the page at which a link to somebody's settings is exchanged for a cookie."""
    return f"{MANAGE}/{token}"


def settings(doing: str) -> str:
    """Return where somebody's settings are changed: `preferences`, `pause`, … None is as long as a token."""
    return f"{MANAGE}/{doing}"


def local(base_url: str, path: str) -> str:
    """Return a path as links and redirects on the same host need it: below the path that the base address may have.

    Requests come without it: whoever stands before the service takes it away.
    """
    return f"{urlsplit(base_url).path}{path}"


def webcal(url: str) -> str:
    """Return a feed's address for desktop calendars: `webcal://`, or `webcals://` never: clients do not know it."""
    return "webcal://" + url.partition("://")[2]


def google_subscribe(url: str) -> str:
    """Return the link that opens Google Calendar with the feed's address filled in."""
    return f"https://calendar.google.com/calendar/u/0/r?{urlencode({'cid': url})}"


def google_event(title: str, first: date, last_exclusive: date, details: str) -> str:
    """Return the link that opens Google Calendar with one whole-day entry, [first, last_exclusive), filled in."""
    dates = f"{first:%Y%m%d}/{last_exclusive:%Y%m%d}"
    fields = {"action": "TEMPLATE", "text": title, "dates": dates, "details": details}
    return f"https://calendar.google.com/calendar/render?{urlencode(fields, safe='/')}"


def outlook_event(title: str, first: date, last_exclusive: date, details: str, host: str = "outlook.live.com") -> str:
    """Return the link that opens Outlook with one whole-day entry, [first, last_exclusive), filled in."""
    fields = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": first.isoformat(),
        "enddt": last_exclusive.isoformat(),
        "allday": "true",
        "body": details,
    }
    return f"https://{host}/calendar/0/deeplink/compose?{urlencode(fields, quote_via=quote, safe='/')}"


def outlook_subscribe(url: str, name: str, host: str = "outlook.live.com") -> str:
    """Return the link that opens Outlook with the feed's address and name filled in."""
    return f"https://{host}/calendar/0/addfromweb/?{urlencode({'url': url, 'name': name}, quote_via=quote)}"


def _part(path: str, part: int | str) -> str:
    """Return the address of a part of a list; the first has the list's own, so that every part has one address."""
    return path if part == 1 else f"{path}/{part}"


def is_loopback(base_url: str) -> bool:
    """Whether an address can only be reached from its own machine."""
    return is_this_machine(urlsplit(base_url).hostname or "")
