"""The pages of the site, finished: bytes, a type and headers, the same for the web and for published files.

A page depends on the calendar, the language, the date in the calendar's zone and the base address alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifier.content.choices import collection_name
from notifier.content.day_links import day_links
from notifier.content.figures import plots
from notifier.content.frame import Head, Picture, frame
from notifier.content.language import Language
from notifier.content.pictures import picture
from notifier.content.qr import qr_code
from notifier.content.resources import Headers, Resource, with_etag
from notifier.content.site import FeedLinks, Row, SiteDay, event_feed, feeds, main_feeds, row, whole_years
from notifier.content.structured import Shared, structured
from notifier.content.views import EventView
from notifier.content.wording import view_event
from notifier.domain import addresses
from notifier.domain.events import Event
from notifier.domain.occurrences import Occurrence, next_occurrence, occurrences_between

if TYPE_CHECKING:
    from markupsafe import Markup

HTML: Final = "text/html; charset=utf-8"
_LONGEST_DESCRIPTION = 200

# Kept by browsers and proxies, and asked about each time: at midnight the days left change.
LASTING: Final = ("Cache-Control", "public, no-cache")
UNLISTED: Final = ("X-Robots-Tag", "noindex")
PASSING: Final[Headers] = (("Cache-Control", "no-store"), UNLISTED)
# With `no-referrer` a page's own form would post `Origin: null`.
_PRIVATE: Final[Headers] = (
    ("Cache-Control", "private, no-store"),
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "same-origin"),
)


def home_page(site: SiteDay, language: Language) -> Resource:
    """Return what comes next, at least ten days where there are as many, and how to subscribe."""
    coming = [row(site, language, occurrence) for occurrence in site.coming]
    there, ids = main_feeds(site, language), site.catalog.collection_ids()
    head = Head(
        language.say("Next days of remembrance"),
        addresses.home,
        description=f"{language.semicolon} ".join(_named(one, language) for one in coming[:3]) or None,
        feeds=there,
    )
    values = {
        "coming": coming,
        "qr": qr_code(there[0].webcal),
        "feed_list": site.local(addresses.feed_list(language.tag)),
        "years": whole_years(site, language),
        "collections": [site.local(addresses.collection(language.tag, id_)) for id_ in ids],
        "names": [collection_name(id_, site.catalog, language) for id_ in ids],
    }
    return lasting_page(site, language, "web/home.html", head, **values)


def event_page(site: SiteDay, language: Language, event: Event) -> Resource:
    """Return everything about one event, and when it comes next."""
    coming = next(iter(site.to_come([event], site.years.end)), None) or next_occurrence(event, site.day)
    shown = None if coming is None else row(site, language, coming)
    view = view_event(event, site.catalog, language) if shown is None else shown.view.event
    head = Head(
        view.heading.text,
        lambda tag: addresses.event(tag, event.id),
        description=_described(view, shown, language),
        feeds=_event_feeds(site, language, event),
        picture=_picture(site, language, coming, shown),
    )
    values = _event_values(site, language, event, view)
    single = told = None
    if coming is not None and shown is not None and shown.published:
        single, told = day_links(site, language, coming, shown.view), _structured(site, language, coming, shown, head)
    values |= {"shown": shown, "one": None, "single": single, "structured": told}
    return lasting_page(site, language, "web/event.html", head, **values)


def occurrence_page(site: SiteDay, language: Language, occurrence: Occurrence) -> Resource:
    """Return one anniversary: the event, with that year's note and programme."""
    event, shown = occurrence.event, row(site, language, occurrence)
    head = Head(
        f"{shown.view.title}{language.comma} {shown.view.called}",
        lambda tag: addresses.occurrence(tag, event.id, occurrence.year),
        description=_named(shown, language),
        feeds=_event_feeds(site, language, event),
        picture=_picture(site, language, occurrence, shown),
    )
    values = _event_values(site, language, event, shown.view.event)
    one = day_links(site, language, occurrence, shown.view)
    told = _structured(site, language, occurrence, shown, head)
    values |= {"shown": shown, "one": one, "single": one, "structured": told}
    return lasting_page(site, language, "web/event.html", head, **values)


def published_occurrence(site: SiteDay, event: Event, year: str) -> Occurrence | None:
    """Return the anniversary that a published address names, or None; `2027` is one, `02027` is not."""
    within = occurrences_between([event], site.years.start, site.years.end)
    return next((occurrence for occurrence in within if str(occurrence.year) == year), None)


def unsubscribe_page(site: SiteDay, language: Language) -> Resource:
    """Return the form that unsubscribes whoever has the link. It changes nothing."""
    head = Head(language.say("Unsubscribe from notices"))
    manage = site.local(addresses.MANAGE)
    return page_of(site, language, "web/unsubscribe.html", head, _PRIVATE, manage=manage)


def invalid_link_page(site: SiteDay, language: Language) -> Resource:
    """Return the page of a link that was changed on its way, or never was one."""
    sentence = language.say("This link is not valid.")
    return message_page(site, language, language.say("Page not found"), (sentence,), _PRIVATE)


def not_found_page(site: SiteDay, language: Language) -> Resource:
    """Return the page of an address that does not exist."""
    sentence = language.say("There is no page at this address.")
    return _ways_on_page(site, language, language.say("Page not found"), sentence)


def refused_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a request that an address does not take."""
    heading = language.say("This address does not take such a request.")
    return message_page(site, language, heading, (), PASSING)


def too_long_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a request with more than any form sends."""
    sentence = language.say("The request is longer than any form of this site, and was not read.")
    return message_page(site, language, language.say("The form was not accepted."), (sentence,), PASSING)


def foreign_page(site: SiteDay, language: Language, heading: str, form: str) -> Resource:
    """Return the page for a form that another site's page sent, with a link to the one at the path `form` here."""
    sentence = language.say("The form was sent from another site; please use the one here.")
    values = {"heading": heading, "sentences": (sentence,), "lost": False, "form": site.local(form)}
    return page_of(site, language, "web/message.html", Head(heading), PASSING, **values)


def error_page(site: SiteDay, language: Language) -> Resource:
    """Return the page for a fault of the service. What happened is for the log."""
    sentence = language.say("Please try again later.")
    return _ways_on_page(site, language, language.say("Something went wrong."), sentence)


def _event_values(site: SiteDay, language: Language, event: Event, view: EventView) -> dict[str, object]:
    return {
        "event": view,
        "coming": [row(site, language, occurrence) for occurrence in site.to_come([event], site.years.end)],
        "plots": plots(event.figures, view.figures, language),
        "differing": any(figure.differ for figure in view.figures),
        "web_link": _is_web_link,
    }


def message_page(
    site: SiteDay, language: Language, heading: str, sentences: tuple[str, ...], headers: Headers
) -> Resource:
    """Return a page that says something in a few sentences."""
    values = {"heading": heading, "sentences": sentences, "lost": False}
    return page_of(site, language, "web/message.html", Head(heading), headers, **values)


def _ways_on_page(site: SiteDay, language: Language, heading: str, sentence: str) -> Resource:
    """Return a page that says why there is nothing, and where else to go."""
    values = {"heading": heading, "sentences": (sentence,), "lost": True}
    return page_of(site, language, "web/message.html", Head(heading), PASSING, **values)


def lasting_page(site: SiteDay, language: Language, template: str, head: Head, **values: object) -> Resource:
    """Return a page that may be kept, and is asked about each time."""
    return with_etag(page_of(site, language, template, head, (LASTING,), **values))


def page_of(
    site: SiteDay, language: Language, template: str, head: Head, headers: Headers, /, **values: object
) -> Resource:
    """Return a page with these headers."""
    page = frame(site, language, head)
    body = site.templates.render(template, language, page=page, **values).encode()
    return Resource(body, HTML, (*headers, ("Content-Language", language.tag)))


def _picture(site: SiteDay, language: Language, occurrence: Occurrence | None, shown: Row | None) -> Picture | None:
    """Return the picture of an anniversary that has a page."""
    if occurrence is None or shown is None or not (shown.published and site.pictures):
        return None
    return picture(site, language, occurrence, shown.view.title, shown.view.day)


def _event_feeds(site: SiteDay, language: Language, event: Event) -> tuple[FeedLinks, ...]:
    return (event_feed(site, language, event), feeds(site, language)[0])


def _named(one: Row, language: Language) -> str:
    return f"{one.view.title}{language.comma} {one.view.day}"


def _described(view: EventView, coming: Row | None, language: Language) -> str | None:
    """Return what a search engine shows of an event: the account's beginning, up to a whole word."""
    if not view.summary:
        return None if coming is None else _named(coming, language)
    account = " ".join(view.summary[0].text.text.split())
    if len(account) <= _LONGEST_DESCRIPTION:
        return account
    return f"{account[:_LONGEST_DESCRIPTION].rpartition(' ')[0]}…"


def _structured(site: SiteDay, language: Language, occurrence: Occurrence, shown: Row, head: Head) -> Markup:
    """Return what machines are told of a published anniversary."""
    image = None if head.picture is None else head.picture.url
    shared = Shared(_described(shown.view.event, shown, language), image)
    return structured(site, language, occurrence, shown.view, shared)


def _is_web_link(url: str | None) -> bool:
    """Whether an address may be followed from a page: http or https alone, never `javascript:`."""
    return url is not None and url.lower().startswith(("http://", "https://"))
