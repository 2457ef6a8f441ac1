"""Looking at everything that can be wrong before anybody reads it: calendar, templates, database, mail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from notifier.catalog.lint.allowed import without_allowed
from notifier.catalog.lint.catalog_linter import CatalogLinter
from notifier.catalog.lint.voice import contested_in
from notifier.catalog.lint.words import CONTESTED
from notifier.catalog.load import load_catalog
from notifier.catalog.problems import Code, Place, Problem, Severity, listed
from notifier.content.templates import Templates
from notifier.delivery.mailbox_target import MailboxTarget
from notifier.delivery.mailboxes import mailbox_at
from notifier.delivery.senders import open_sender
from notifier.delivery.target import MailTarget
from notifier.domain.errors import NotifierError
from notifier.domain.events import Catalog
from notifier.storage.engine import open_engine, schema_is_current
from notifier.usecases.adjustments import LanguageNotInCalendarError
from notifier.usecases.drafts import unread_by_hand
from notifier.usecases.long_addresses import too_long
from notifier.usecases.publish import Kept, Publication, make_site


def check_calendar(
    paths: Sequence[Path], known_languages: Collection[str], today: date, accepted: Collection[str] = ()
) -> tuple[Catalog | None, list[Problem]]:
    """Return the calendar that these files make up, None where it cannot be used, and all there is to say of it.

    `accepted` are the languages in which texts are mailed that nobody has read over.
    """
    loaded = load_catalog(paths, known_languages, lambda notes: CatalogLinter(notes, today, accepted))
    contents = dict(zip(loaded.names, loaded.contents, strict=True))
    return loaded.catalog, without_allowed(loaded.problems, contents)


def check_adjustments(read: Callable[[], Catalog]) -> list[Problem]:
    """Return why settings do not fit the calendar; the calendar's own errors are told elsewhere."""
    try:
        read()
    except LanguageNotInCalendarError as error:
        return [Problem(Place("NOTIFIER_LANGUAGES", 1, 1), Severity.ERROR, str(error), Code.LANGUAGE_SETTING)]
    except NotifierError:
        pass
    return []


def check_operator(read: Callable[[], Catalog], operator: str) -> list[Problem]:
    """Return that nobody would be told of what is released by hand; a calendar's own errors are told elsewhere."""
    try:
        unread = unread_by_hand(read(), operator)
    except NotifierError:
        return []
    place = Place("NOTIFIER_OPERATOR", 1, 1)
    return [] if unread is None else [Problem(place, Severity.WARNING, unread, Code.OPERATOR)]


def check_holiday_countries(countries: Iterable[str]) -> list[Problem]:
    """Return the countries and parts of them whose public holidays are not known; without any, nothing is loaded."""
    problems = []
    for country in dict.fromkeys(countries):
        from notifier.catalog.importers.public_days import parse_region

        try:
            parse_region(country)
        except NotifierError as error:
            place = Place("NOTIFIER_HOLIDAY_COUNTRIES", 1, 1)
            problems.append(Problem(place, Severity.ERROR, str(error), Code.HOLIDAYS))
    return problems


def check_feeds(catalog: Catalog, publication: Publication, now: datetime, file: str) -> list[Problem]:
    """Return which feeds many clients would not take at `now`: those that are too long, or whose address is.

    `file` is the calendar's first.
    """
    limits = publication.limits
    told = (
        "{path} is too long for many calendar programmes (more than {entries:,} entries or {octets:,} octets), so far "
        "years are left out or texts shortened, and an entry says so; make collections smaller, texts shorter, or set "
        "NOTIFIER_FEED_YEARS_BACK and NOTIFIER_FEED_YEARS_AHEAD lower"
    )
    site = make_site(catalog, publication, Kept(), now).site
    problems = [
        Problem(
            Place(file, 1, 1),
            Severity.WARNING,
            told.format(path=path, entries=limits.entries, octets=limits.octets),
            Code.LONG_FEED,
        )
        for path in site.shortened
    ]
    long = too_long(site, publication.base_url)
    if long is not None:
        problems.append(Problem(Place("NOTIFIER_BASE_URL", 1, 1), Severity.WARNING, long, Code.LONG_ADDRESS))
    return problems


def check_templates(templates: Templates, needed: Iterable[str]) -> list[Problem]:
    """Return the templates that cannot be compiled, and those of `needed` that are not there."""
    problems = [
        Problem(Place(str(path), line, 1), Severity.ERROR, message, Code.TEMPLATE)
        for path, line, message in templates.problems()
    ]
    there = set(templates.names())
    for name in needed:
        if name not in there:
            place = Place(str(templates.folder / name), 1, 1)
            missing = "the template is missing; copy it from the packaged ones"
            problems.append(Problem(place, Severity.ERROR, missing, Code.TEMPLATE))
    return problems


def check_template_wording(templates: Templates) -> list[Problem]:
    """Return where a template says a contested word: everything in it is the service's own voice, in any language."""
    problems = []
    for name in templates.names():
        path = templates.folder / name
        if path.suffix == ".css":
            continue
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            words = {word for language in CONTESTED for word in contested_in(language, line)}
            if words:
                quoted = listed(f'"{word}"' for word in sorted(words))
                message = f"the template says {quoted} in the service's own voice; use a plain word"
                problems.append(Problem(Place(str(path), number, 1), Severity.WARNING, message, Code.CONTESTED))
    return problems


def check_database(url: str) -> list[Problem]:
    """Return why the database cannot be used, or that its schema is behind; a missing SQLite file is made at start."""
    place = Place("NOTIFIER_DATABASE_URL", 1, 1)
    try:
        engine = open_engine(url)
        if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
            return []
        current = schema_is_current(engine)
    except NotifierError as error:
        return [Problem(place, Severity.ERROR, str(error), Code.DATABASE)]
    behind = "the schema is not of this version yet; the next start brings it up to date, or: notifier db upgrade"
    return [] if current else [Problem(place, Severity.WARNING, behind, Code.SCHEMA_BEHIND)]


def check_mail(target: MailTarget, helo: str) -> list[Problem]:
    """Return why no mail can be handed over; nothing is sent."""
    try:
        with open_sender(target, helo) as sender:
            sender.check()
    except NotifierError as error:
        return [Problem(Place("NOTIFIER_MAIL_URL", 1, 1), Severity.ERROR, str(error), Code.MAIL)]
    return []


def check_mailbox(target: MailboxTarget | None) -> list[Problem]:
    """Return why what comes back cannot be read; nothing is read. Without a mailbox there is nothing to say."""
    if target is None:
        return []
    try:
        with mailbox_at(target) as mailbox:
            mailbox.ids(1)
    except NotifierError as error:
        return [Problem(Place("NOTIFIER_BOUNCE_MAILBOX", 1, 1), Severity.ERROR, str(error), Code.MAILBOX)]
    return []
