"""`notifier check`: everything that can be looked at before it goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from notifier.cli.findings import Form, fails, print_findings

if TYPE_CHECKING:
    from notifier.catalog.problems import Problem
    from notifier.settings import Settings


def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="calendar files; without any, all that is set up")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings count as errors")] = False,
    form: Annotated[Form, typer.Option("--format", help="how findings are printed")] = "text",
) -> None:
    """Check calendar files, or all that is set up; each finding has its place."""
    problems = _check_files(paths) if paths else _check_all()
    print_findings(problems, form)
    if fails(problems, strict=strict):
        raise typer.Exit(1)


def _check_files(paths: Sequence[Path]) -> list[Problem]:
    """Check calendar files alone; of their feeds, those that a service without settings would publish."""
    from notifier.settings import Settings

    return _check_calendar(paths, Settings.model_validate({}))


def _check_calendar(paths: Sequence[Path], settings: Settings) -> list[Problem]:
    from notifier import clock
    from notifier.content.language import Languages
    from notifier.packaged import packaged
    from notifier.usecases.check import check_calendar, check_feeds
    from notifier.usecases.publish import Publication

    languages = Languages(packaged("locales"))
    accepted = settings.accept_unreviewed
    catalog, problems = check_calendar(paths, languages.tags, clock.now().date(), accepted)
    if catalog is None:
        return problems
    served = settings.languages or catalog.calendar.languages
    years = settings.feed_years_back, settings.feed_years_ahead
    publication = Publication(languages, tuple(tag for tag in served if tag in languages), settings.address, *years)
    return [*problems, *check_feeds(catalog, publication, clock.now(), str(paths[0]))]


def _check_all() -> list[Problem]:
    """Check everything that is set up. Raises SettingsError."""
    from notifier.content.templates import Templates
    from notifier.packaged import packaged
    from notifier.services import Services, calendar_paths
    from notifier.settings import read_settings
    from notifier.usecases.check import (
        check_adjustments,
        check_database,
        check_holiday_countries,
        check_mail,
        check_mailbox,
        check_operator,
        check_template_wording,
        check_templates,
    )

    settings = read_settings()
    services = Services(settings)
    return [
        *_check_calendar(calendar_paths(settings), settings),
        *check_adjustments(lambda: services.catalog),
        *check_holiday_countries(settings.holiday_countries),
        *check_operator(lambda: services.catalog, settings.operator),
        *check_templates(services.templates, Templates(packaged("templates")).names()),
        *check_template_wording(services.templates),
        *check_database(settings.database_url),
        *check_mail(services.mail.target, services.mail.helo),
        *check_mailbox(services.bounces.target),
    ]
