"""What stands around each page's content: its title, its versions in other languages, its feeds, where else to go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notifier.content.language import Language
from notifier.content.site import FeedLinks, SiteDay
from notifier.content.views import Words
from notifier.content.wording import words
from notifier.domain import addresses

PathOf = Callable[[str], str]
"""The path of a page in the language with this tag."""


@dataclass(frozen=True, slots=True)
class Version:
    """The same page in one language, which is named in itself."""

    language: str
    direction: str
    name: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page's content.

    Without a `canonical` address the page is not to be indexed. `building` and `search` are None where no service runs.
    """

    language: str
    direction: str
    site: Words
    title: str
    description: str | None
    canonical: str | None
    default: str | None
    versions: tuple[Version, ...]
    feeds: tuple[FeedLinks, ...]
    home: str
    subscribing: str
    building: str | None
    style: str
    script: str
    icon: str
    touch_icon: str
    manifest: str
    search: str | None
    outlook: str
    calendar: str
    year: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown of a page where somebody shares it: its whole address, and what it says in words."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a page says of itself; `path_of` is None for one without a lasting address.

    One that is not `indexed` has an address in every language all the same, and search engines leave it alone.
    """

    title: str
    path_of: PathOf | None = None
    description: str | None = None
    feeds: tuple[FeedLinks, ...] = ()
    picture: Picture | None = None
    indexed: bool = True


def frame(site: SiteDay, language: Language, head: Head) -> Frame:
    """Return what stands around a page."""
    name, path_of = words(site.catalog.calendar.name, site.catalog, language), head.path_of
    return Frame(
        language=language.tag,
        direction=language.direction,
        site=name,
        title=f"{head.title} – {name.text}",
        description=head.description,
        canonical=None if path_of is None or not head.indexed else site.absolute(path_of(language.tag)),
        default=None if path_of is None else site.absolute(_default(site, path_of)),
        versions=() if path_of is None else tuple(_version(site, other, path_of) for other in site.languages),
        feeds=head.feeds,
        home=site.local(addresses.home(language.tag)),
        subscribing=site.local(addresses.subscribing(language.tag)),
        building=site.local(addresses.subscribe(language.tag)) if site.live else None,
        style=site.local(site.style),
        script=site.local(site.script),
        icon=site.local(site.icon),
        touch_icon=site.local(addresses.TOUCH_ICON),
        manifest=site.local(addresses.manifest(language.tag)),
        search=site.local(addresses.search(language.tag)) if site.live else None,
        outlook=site.local(addresses.outlook(language.tag)),
        calendar=site.local(addresses.calendar(language.tag, site.years.seen_from)),
        year=language.digits(site.years.seen_from),
        picture=head.picture,
    )


def _default(site: SiteDay, path_of: PathOf) -> str:
    """Return the path for readers of any other language: only the start page can ask a browser which it reads."""
    return addresses.ROOT if path_of is addresses.home else path_of(site.languages[0].tag)


def _version(site: SiteDay, language: Language, path_of: PathOf) -> Version:
    path = path_of(language.tag)
    name = language.language_name(language.tag)
    return Version(language.tag, language.direction, name, site.local(path), site.absolute(path))
