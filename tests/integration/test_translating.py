"""Texts out to translators and back: nothing lost, nothing changed beside, what no longer fits refused line by line."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import ndiff
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po, write_po
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from notifier.catalog.importers.calendars import CalendarFiles
from notifier.catalog.importers.imported import ImportSourceError
from notifier.catalog.load import load_catalog
from notifier.cli import app
from notifier.content.language import Languages
from notifier.domain.errors import UnknownLanguageError
from notifier.usecases.translating import Form, ReviewerError, TakenBack, give_out, take_back
from tests.factories import LOCALES, ROOT

LANGUAGES = Languages(LOCALES)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FORMS: tuple[Form, ...] = ("po", "xlsx")

CALENDAR = """\
# Days that a town remembers.
version: 1
calendar:
  id: town.example.org
  name: {en: The town, de: Die Stadt}   # its name
  published: 2026-01-01
  languages: [en, de, az]

parties:
  town: {name: {en: the town}}

events:
  # The flood.
  - id: flood-1962
    heading: {en: The flood, de: "Die Flut", az: Daşqın}
    rule: 17 February   # a Saturday
    summary:
      - text:
          en: >-
            Water came
            at night.
          de: 'Das Wasser kam nachts.'
          # not in Azerbaijani yet
      - text: {en: "Many died: 315 in the town of Hamburg", de: "315 Menschen starben in der Stadt Hamburg"}
    translations: {de: reviewed by A. Reader, az: machine}
  - id: fire-1842
    heading:
      en: The fire
      de: Das Feuer
      az: Yanğın
    rule: 5 May
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.yaml"
    path.write_text(CALENDAR, "utf-8")
    return path


def files_of(path: Path) -> CalendarFiles:
    return CalendarFiles.read([path], LANGUAGES.tags)


def sent(path: Path, language: str, form: Form) -> Path:
    out = path.with_name(f"{language}.{form}")
    out.write_bytes(give_out(files_of(path), language, form, None, NOW))
    return out


def edit(path: Path, wordings: dict[str, str]) -> None:
    """Write translations, each by the end of the place its text stands at."""
    if path.suffix == ".po":
        catalog = read_po(BytesIO(path.read_bytes()))
        for message in catalog:
            place = str(message.context or "").rpartition("|")[0]
            for part, wording in wordings.items():
                if place.endswith(part):
                    message.string = wording
        with path.open("wb") as out:
            write_po(out, catalog, width=0)
        return
    book = load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=2):
        place = str(row[0].value).rpartition("|")[0]
        for part, wording in wordings.items():
            if place.endswith(part):
                row[4].value = wording
    book.save(path)


def back(path: Path, returned: Path, language: str, reviewed_by: str = "") -> TakenBack:
    return take_back(returned, files_of(path), language, reviewed_by)


def changes(path: Path, before: str = CALENDAR) -> list[str]:
    lines = ndiff(before.splitlines(), path.read_text("utf-8").splitlines())
    return [line for line in lines if line.startswith(("+", "-"))]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["de", "az", "tr", "ru"])
def test_the_shipped_calendar_comes_back_as_the_same_bytes(tmp_path: Path, language: str, form: Form) -> None:
    path = tmp_path / "events.yaml"
    shutil.copy(ROOT / "events.yaml", path)
    for folder in ("calendars",):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, tmp_path / folder)
    before = {one: one.read_bytes() for one in tmp_path.rglob("*.yaml")}

    report = back(path, sent(path, language, form), language)

    assert report.same > 50
    assert (report.changed, report.refused) == (0, [])
    assert {one: one.read_bytes() for one in tmp_path.rglob("*.yaml")} == before


@pytest.mark.parametrize("form", FORMS)
def test_a_new_wording_changes_its_own_words_alone(file: Path, form: Form) -> None:
    returned = sent(file, "de", form)
    edit(returned, {"fire-1842|heading": "Der Brand: 1842"})

    report = back(file, returned, "de")

    assert (report.changed, report.refused) == (1, [])
    assert changes(file) == [
        "-       de: Das Feuer",
        '+       de: "Der Brand: 1842"',
        "+     translations: {de: machine}",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_missing_language_is_put_behind_the_others(file: Path, form: Form) -> None:
    returned = sent(file, "az", form)
    edit(returned, {"summary.0.text": "Su gecə gəldi.", "calendar|name": "Şəhər"})

    report = back(file, returned, "az")

    assert report.changed == 2
    assert changes(file) == [
        "-   name: {en: The town, de: Die Stadt}   # its name",
        "+   name: {en: The town, de: Die Stadt, az: Şəhər}   # its name",
        "+           az: Su gecə gəldi.",
    ]


def test_a_line_that_grows_too_long_becomes_several(file: Path) -> None:
    returned = sent(file, "az", "po")
    edit(returned, {"summary.1.text": "Hamburq şəhərində və onun ətrafında 315 nəfər həlak olmuşdur"})

    assert back(file, returned, "az").changed == 1
    assert changes(file)[1:] == [
        "+       - text:",
        '+           en: "Many died: 315 in the town of Hamburg"',
        "+           de: 315 Menschen starben in der Stadt Hamburg",
        "+           az: Hamburq şəhərində və onun ətrafında 315 nəfər həlak olmuşdur",
    ]


def test_a_block_of_lines_is_replaced_whole(file: Path) -> None:
    text = CALENDAR.replace("de: 'Das Wasser kam nachts.'", "de: |-\n            Das Wasser\n            kam nachts.")
    file.write_text(text, "utf-8")
    returned = sent(file, "de", "po")
    edit(returned, {"summary.0.text": "Nachts kam das Wasser."})

    assert back(file, returned, "de").changed == 1
    assert "          de: Nachts kam das Wasser.\n          # not in Azerbaijani yet\n" in file.read_text("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_a_source_text_that_changed_meanwhile_is_refused_with_its_place(file: Path, form: Form) -> None:
    returned = sent(file, "de", form)
    edit(returned, {"fire-1842|heading": "Der Brand", "flood-1962|heading": "Die Sturmflut"})
    file.write_text(CALENDAR.replace("en: The fire", "en: The great fire"), "utf-8")

    report = back(file, returned, "de")

    assert report.changed == 1
    (refusal,) = report.refused
    assert refusal.place.startswith(f"{returned.name}:")
    assert refusal.reason == "the source text has changed since (events.yaml:28); export it anew"
    assert "Die Sturmflut" in file.read_text("utf-8")
    assert "Der Brand" not in file.read_text("utf-8")


@pytest.mark.parametrize("form", FORMS)
def test_a_translation_that_was_changed_meanwhile_is_not_overwritten(file: Path, form: Form) -> None:
    returned = sent(file, "de", form)
    edit(returned, {"fire-1842|heading": "Der Brand"})
    file.write_text(CALENDAR.replace("de: Das Feuer", "de: Die Feuersbrunst"), "utf-8")

    (refusal,) = back(file, returned, "de").refused

    assert "the translation was changed in the calendar meanwhile (events.yaml:29)" in refusal.reason
    assert "Die Feuersbrunst" in file.read_text("utf-8")


def test_an_event_that_was_taken_out_is_refused_and_the_rest_taken(file: Path) -> None:
    returned = sent(file, "de", "po")
    edit(returned, {"flood-1962|heading": "Die Sturmflut"})
    file.write_text(CALENDAR.partition("  - id: fire-1842")[0], "utf-8")

    report = back(file, returned, "de")

    assert report.changed == 1
    assert ["it was moved or taken out" in one.reason for one in report.refused] == [True]


def test_who_reviewed_all_texts_of_an_event_is_named(file: Path) -> None:
    returned = sent(file, "de", "po")
    edit(returned, {"fire-1842|heading": "Der Brand"})

    back(file, returned, "de", "B. Leserin")

    catalog = load_catalog([file], LANGUAGES.tags).catalog
    assert catalog is not None
    assert [dict(event.translations)["de"] for event in catalog.events] == ["reviewed by B. Leserin"] * 2


def test_who_has_not_seen_all_texts_has_not_reviewed_the_event(file: Path) -> None:
    returned = sent(file, "az", "po")

    report = back(file, returned, "az", "C. Oxucu")

    assert report.remarks == ["flood-1962: 1 of its 3 texts came back, so it is not marked as reviewed by C. Oxucu"]
    assert "az: machine" in file.read_text("utf-8")


def test_a_changed_wording_is_no_longer_reviewed(file: Path) -> None:
    returned = sent(file, "de", "po")
    edit(returned, {"flood-1962|heading": "Die Sturmflut"})

    back(file, returned, "de")

    assert "translations: {de: machine, az: machine}" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["A\nB", "x" * 101, "\u202eA\x00"])
def test_a_reviewer_has_a_name(file: Path, name: str) -> None:
    with pytest.raises(ReviewerError):
        back(file, sent(file, "de", "po"), "de", name)


@pytest.mark.parametrize(
    ("wording", "reason"),
    [
        ("zwei\nZeilen", "several lines"),
        ("\u200b", "nothing that is seen"),
        ("a\x07b", "control characters"),
        ("x" * 2_001, "more than 2,000 characters"),
    ],
)
def test_what_no_heading_can_be_is_refused(file: Path, wording: str, reason: str) -> None:
    returned = sent(file, "de", "po")
    edit(returned, {"fire-1842|heading": wording})

    (refusal,) = back(file, returned, "de").refused

    assert reason in refusal.reason
    assert file.read_text("utf-8") == CALENDAR


def test_texts_that_spreadsheets_would_calculate_stay_texts(file: Path) -> None:
    file.write_text(CALENDAR.replace("de: Das Feuer", 'de: "=1+1"'), "utf-8")

    returned = sent(file, "de", "xlsx")

    sheet = load_workbook(returned).worksheets[0]
    (cell,) = [row[4] for row in sheet.iter_rows(min_row=2) if row[4].value == "=1+1"]
    assert (cell.data_type, cell.quotePrefix, cell.number_format) == ("s", True, "@")
    assert sheet.protection.sheet
    assert [sheet.cell(2, column).protection.locked for column in range(1, 6)] == [True, True, True, True, False]
    assert back(file, returned, "de").changed == 0


@pytest.mark.parametrize("form", FORMS)
def test_spaces_of_every_width_and_joiners_go_out_and_back(file: Path, form: Form) -> None:
    """A narrow space before a French colon, the joiner within a Persian word."""
    file.write_text(CALENDAR.replace("de: Das Feuer", "de: Das\u00a0Feuer\u202f1842 می\u200cخواهم"), "utf-8")
    before = file.read_bytes()

    returned = sent(file, "de", form)
    assert back(file, returned, "de").changed == 0
    assert file.read_bytes() == before

    edit(returned, {"fire-1842|heading": "Der\u00a0Brand\u202f1842 می\u200cخواهم"})
    assert back(file, returned, "de").changed == 1
    assert "      de: Der\u00a0Brand\u202f1842 می\u200cخواهم\n" in file.read_text("utf-8")


def sheet_with(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        book = load_workbook(path)
        change(book.worksheets[0])
        book.save(path)

    return write


def formula(sheet: Any) -> None:
    sheet.cell(2, 5).value = "=HYPERLINK(1)"


def no_key(sheet: Any) -> None:
    sheet.cell(2, 1).value = None


def a_date(sheet: Any) -> None:
    sheet.cell(2, 5).value = NOW.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (formula, "the translation is a formula, a date or an error, not a text"),
        (a_date, "the translation is a formula, a date or an error, not a text"),
        (no_key, "its key or source text was taken away"),
    ],
)
def test_a_row_that_is_no_text_is_refused_with_its_number(
    file: Path, change: Callable[[Any], None], reason: str
) -> None:
    returned = sent(file, "de", "xlsx")
    sheet_with(change)(returned)

    (refusal,) = back(file, returned, "de").refused

    assert str(refusal) == f"de.xlsx: row 2: {reason}"


def header(sheet: Any) -> None:
    sheet.cell(1, 5).value = "Übersetzung"


def test_a_sheet_with_another_header_is_refused(file: Path) -> None:
    returned = sent(file, "de", "xlsx")
    sheet_with(header)(returned)

    with pytest.raises(ImportSourceError, match=r"row 1 is not key, where, state, source, translation; export it anew"):
        back(file, returned, "de")


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 150_000_000)
    return out.getvalue()


def entities() -> bytes:
    book, out = BytesIO(), BytesIO()
    Workbook().save(book)
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + data
            new.writestr(name, data)
    return out.getvalue()


def empty_zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", b"no sheet")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (bomb, "it unpacks to more than a sheet of texts would"),
        (entities, "has declarations, which no sheet needs"),
        (empty_zip, "xlsx"),
        (lambda: b"", "it is damaged, or is no .xlsx file"),
        (lambda: b"PK\x03\x04" + b"\0" * 100, "it is damaged, or is no .xlsx file"),
        (lambda: b"key,where,state\n", "it is damaged, or is no .xlsx file"),
        (lambda: b"x" * 20_000_001, "it is larger than 20 MB"),
    ],
)
def test_a_hostile_workbook_ends_in_one_sentence(file: Path, make: Callable[[], bytes], sentence: str) -> None:
    returned = file.with_name("de.xlsx")
    returned.write_bytes(make())

    with pytest.raises(ImportSourceError) as error:
        back(file, returned, "de")

    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'msgid "a"\nmsgstr "\xe4"\n', "line 2 is not UTF-8; save it as UTF-8"),
        (b"\0\0\0", "it is no text"),
        (b"msgid a\nnonsense\n", "is not as PO files are"),
        (b'msgid ""\nmsgstr "Language: tr\\n"\n\nmsgid "a"\nmsgstr "b"\n', "its head says that it is in tr, not in de"),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=x; plural=__import__;\\n"\n', "is not as PO files are"),
        (b"x" * 20_000_001, "it is larger than 20 MB"),
    ],
)
def test_a_hostile_po_file_ends_in_one_sentence(file: Path, data: bytes, sentence: str) -> None:
    returned = file.with_name("de.po")
    returned.write_bytes(data)

    with pytest.raises(ImportSourceError) as error:
        back(file, returned, "de")

    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('msgid "The fire"\nmsgstr "Der Brand"\n', "it has no msgctxt, so nothing says which text it is"),
        (
            'msgctxt "x"\nmsgid "The fire"\nmsgstr "Der Brand"\n',
            'the calendar has no text "x"; it was moved or taken out',
        ),
        ('#, fuzzy\nmsgctxt "x"\nmsgid "a"\nmsgstr "b"\n', "it is marked fuzzy; take the mark away when it is right"),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', "it has plural forms, which no text of a calendar has"),
    ],
)
def test_an_entry_that_is_none_of_ours_is_refused_with_its_line(file: Path, entry: str, reason: str) -> None:
    returned = file.with_name("de.po")
    returned.write_text(f'msgid ""\nmsgstr "Language: de\\n"\n\n{entry}', "utf-8")

    (refusal,) = back(file, returned, "de").refused

    assert refusal.reason == reason
    assert refusal.place.startswith("de.po:")


def test_a_language_the_calendar_lacks_is_one_sentence(file: Path) -> None:
    with pytest.raises(UnknownLanguageError):
        give_out(files_of(file), "tr", "po", None, NOW)


def test_texts_of_included_files_come_back_into_them(file: Path) -> None:
    own = file.parent / "calendars" / "more.yaml"
    own.parent.mkdir()
    own.write_text(
        "version: 1\nevents:\n  - id: a-day\n    heading: {en: A day, de: Ein Tag, az: Bir gün}\n    rule: 1 May\n"
    )
    file.write_text(CALENDAR.replace("version: 1\n", "version: 1\ninclude: [calendars/more.yaml]\n"), "utf-8")
    returned = sent(file, "de", "po")
    edit(returned, {"a-day|heading": "Der Tag"})

    assert back(file, returned, "de").changed == 1
    assert "de: Der Tag" in own.read_text("utf-8")


def test_the_commands_go_out_and_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    run = CliRunner().invoke

    out = run(app, ["events", "export", "--lang", "de", "--format", "po", "--out", "de.po"])
    assert out.exit_code == 0, out.output
    edit(Path("de.po"), {"fire-1842|heading": "Der Brand"})
    done = run(app, ["events", "import", "de.po", "--lang", "de"])

    assert done.exit_code == 0, done.output
    assert "1 texts changed, 4 as they were, 1 not translated, 0 not taken" in done.stdout
    assert "msgctxt" in run(app, ["events", "export", "--lang", "az"]).stdout
