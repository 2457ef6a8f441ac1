"""Every path of the service. The web registers its routes from these functions; mail, feeds and pages link with them.

Called with `{name}` placeholders they return route patterns.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit

from notifier.domain.hosts import is_this_machine

HEALTH = "/healthz"
READY = "/readyz"
ROOT = "/"
STATIC = "/static"
FEEDS = "/feeds/"
SELECTIONS = "/selections"
SELECTED = "/s/"
API = "/api/"
API_EVENTS = f"{API}v1/events"
API_OCCURRENCES = f"{API}v1/occurrences"
API_NOTICES = f"{API}v1/notices"
OPENAPI = f"{API}openapi.json"

EVERYTHING = "all"
"""The feed of all events; no collection may have this name."""

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


def static(name: str) -> str:
    """Return a file that pages are shown with: the stylesheet, the icon."""
    return f"{STATIC}/{name}"


def unsubscribe(token: str) -> str:
    """Return the page that unsubscribes, and only that."""
    return f"/unsubscribe/{token}"


def webcal(url: str) -> str:
    """Return a feed's address for desktop calendars: `webcal://`, or `webcals://` never: clients do not know it."""
    return "webcal://" + url.partition("://")[2]


def google_subscribe(url: str) -> str:
    """Return the link that opens Google Calendar with the feed's address filled in."""
    return f"https://calendar.google.com/calendar/u/0/r?{urlencode({'cid': url})}"


def outlook_subscribe(url: str, name: str, host: str = "outlook.live.com") -> str:
    """Return the link that opens Outlook with the feed's address and name filled in."""
    return f"https://{host}/calendar/0/addfromweb/?{urlencode({'url': url, 'name': name}, quote_via=quote)}"


def is_loopback(base_url: str) -> bool:
    """Whether an address can only be reached from its own machine."""
    return is_this_machine(urlsplit(base_url).hostname or "")
