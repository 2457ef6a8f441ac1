"""`notifier events …`: events from elsewhere into the calendar, and its texts to translators and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from notifier.cli.output import tell, warn

if TYPE_CHECKING:
    from notifier.catalog.importers.calendars import CalendarFiles
    from notifier.content.language import Languages

commands = typer.Typer(no_args_is_help=True, help="Events from elsewhere, and texts to translators and back.")

Form = Literal["po", "xlsx"]

_TRANSLATED = (".po", ".xlsx")


@commands.command("import")
def import_(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="an .ics file or its https address, holidays:AZ or holidays:DE:BE, or a .po or .xlsx"
        ),
    ],
    into: Annotated[
        Path | None, typer.Option(help="the calendar file to write into; without it, events go to stdout")
    ] = None,
    lang: Annotated[str, typer.Option(help="the language of the file's texts; a translation needs it")] = "",
    reviewed_by: Annotated[str, typer.Option("--reviewed-by", help="who has read the translations over")] = "",
) -> None:
    """Take events from a calendar file or a country's public holidays into YAML, or translations back into theirs."""
    if Path(source).suffix.lower() in _TRANSLATED and "://" not in source:
        _import_texts(Path(source), into, lang, reviewed_by)
        return
    from notifier.clock import now
    from notifier.domain.errors import UnknownLanguageError
    from notifier.domain.hours import local_date
    from notifier.usecases.importing_events import Around, bring_in

    files, languages = _calendar()
    tags = files.catalog.calendar.languages
    if lang and lang not in tags:
        raise UnknownLanguageError(language=lang, known=", ".join(tags))
    around = Around(files, languages, local_date(now(), files.catalog.calendar.zone))
    brought = bring_in(source, into, around, lang)
    for refusal in brought.refused:
        warn(f"not taken: {refusal}")
    if brought.borrowed:
        warn(
            f"headings in {', '.join(brought.borrowed)} stand in another language's words, marked machine; "
            "notifier events export --lang gives them to a translator"
        )
    if brought.to_include:
        warn(f"name {into} under include: of the calendar, so that it is read")
    if into is None:
        typer.echo(brought.text, nl=False)
    done = f"{len(brought.new)} events new, {brought.there} as they were, {len(brought.refused)} not taken"
    typer.echo(done, err=into is None)
    if not brought.new and not brought.there:
        raise typer.Exit(1)


@commands.command()
def export(
    lang: Annotated[str, typer.Option(help="the language to translate into")],
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="one file of the calendar; without it, all")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="po for translation programmes, xlsx for spreadsheets")] = "po",
    out: Annotated[Path | None, typer.Option(help="where to write; without it, stdout")] = None,
) -> None:
    """Write the calendar's texts for a translator: the source text of each, its translation, and its state."""
    import sys

    from notifier.catalog.importers.files import write_whole
    from notifier.clock import now
    from notifier.usecases.translating import give_out

    files, _ = _calendar(file)
    written = give_out(files, lang, form, file, now())
    if out is not None:
        write_whole(out, written)
    else:
        sys.stdout.buffer.write(written)


def _import_texts(file: Path, into: Path | None, lang: str, reviewed_by: str) -> None:
    from notifier.usecases.translating import take_back

    files, _ = _calendar(into)
    report = take_back(file, files, lang, reviewed_by)
    for refusal in report.refused:
        warn(f"not taken: {refusal}")
    for line in report.remarks:
        warn(line)
    tell(
        f"{report.changed} texts changed, {report.same} as they were, {report.empty} not translated, "
        f"{len(report.refused)} not taken"
    )
    if report.refused and not report.changed and not report.same:
        raise typer.Exit(1)


def _calendar(own: Path | None = None) -> tuple[CalendarFiles, Languages]:
    """Return the calendar that is set up, or the one that a file makes up on its own."""
    from notifier.catalog.importers.calendars import CalendarFiles
    from notifier.content.language import Languages
    from notifier.packaged import packaged
    from notifier.services import calendar_paths
    from notifier.settings import read_settings

    languages = Languages(packaged("locales"))
    files = CalendarFiles.read(calendar_paths(read_settings()), languages.tags)
    return files.for_file(own), languages
