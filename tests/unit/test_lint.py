"""What the linter of calendar files sees in texts, in each language."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from notifier.catalog.lint.allowed import without_allowed
from notifier.catalog.lint.catalog_linter import CatalogLinter
from notifier.catalog.lint.numbers import differing, numbers_in
from notifier.catalog.lint.voice import contested_in
from notifier.catalog.load import load_catalog
from notifier.catalog.problems import Code, Place, Problem, Severity, counted, visible
from tests.unit.test_catalog import LANGUAGES, SMALL

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "The Tragedy and the massacres", ("tragedy", "massacres")),
        ("en", "The Genocide Convention was adopted", ()),
        ("en", "Alley of Martyrs; a state visit; the liberation", ()),
        ("en-GB", "the OCCUPATION", ("occupation",)),
        ("de", "Völkermord, nicht die Völkermordkonvention", ("völkermord",)),
        ("de", "eine ethnische Säuberung", ("ethnische säuberung",)),
        ("az", "SOYQIRIM, İŞĞAL və Qətliamı", ("soyqırım", "işğal", "qətliamı")),
        ("tr", "KATLİAM, Soykırımın, İşgali", ("katliam", "soykırımın", "işgali")),
        ("ru", "Геноцид, бойня, трагедии, этнические чистки", ("геноцид", "бойня", "трагедии", "этнические чистки")),
        ("fr", "Le Génocide et l’occupation; la convention sur le génocide", ("génocide", "occupation")),
        ("fa", "قتل‌عام، نسل‌كشي و اشغال", ("قتل عام", "نسل کشی", "اشغال")),
        ("hy", "Ցեղասպանությունը և ջարդերը", ("ցեղասպանությունը", "ջարդերը")),
        ("en", "ethnic-cleansing, mass killings", ("ethnic-cleansing", "mass killings")),
        ("de", "VOELKERMORD in besetzten Gebieten, Massenmord", ("voelkermord", "besetzten", "massenmord")),
        ("az", "genosid", ("genosid",)),
        ("ru", "массовое убийство, массовых убийств", ("массовое убийство", "массовых убийств")),
        ("fr", "GENOCIDE, territoires occupés; on s’occupe", ("genocide", "occupés")),
        ("ka", "massacre", ()),
        ("en", "mascara, strategy, territory", ()),
    ],
)
def test_contested_words_are_found_in_every_language(language: str, text: str, words: tuple[str, ...]) -> None:
    assert contested_in(language, text) == words


def test_letters_and_their_marks_may_be_written_apart() -> None:
    assert contested_in("de", "Vo\u0308lkermord") == ("völkermord",)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 20 January, 1,275 people"),
        ("de", "Am 20. Januar 1.275 Menschen"),
        ("az", "Yanvarın 20-də 1275 nəfər"),
        ("tr", "20 Ocak’ta 1 275 kişi"),
        ("ru", "20 января 1 275 человек"),
        ("fr", "Le 20 janvier, 1\u202f275 personnes"),
        ("fa", "۲۰ ژانویه ۱٬۲۷۵ نفر"),
        ("hy", "Հունվարի 20-ին 1275 մարդ"),
        ("en", "20.01., 1275"),
    ],
)
def test_numbers_and_months_are_the_same_in_every_script(language: str, text: str) -> None:
    assert numbers_in(language, text) == {1, 20, 1275}


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "They may march in 2019", {2019}),
        ("en", "in March and May", {3, 5}),
        ("de", "Maßnahmen im Mai, im Maien", {5}),
        ("ru", "в XIX веке маяк", {19}),
        ("fr", "au XXe siècle, une maison en mai", {20, 5}),
        ("tr", "Mayıs ayında 5,7 büyüklüğünde", {5, 7}),
        ("hy", "մարտիկ", set()),
    ],
)
def test_other_words_are_no_months(language: str, text: str, numbers: set[int]) -> None:
    assert numbers_in(language, text) == numbers


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ({1, 20}, {1, 20}, ([], [])),
        ({4, 1990}, {1990}, ([], [])),  # "four" in the other
        ({8, 1990}, {9, 1990}, ([8], [9])),
        ({26}, set(), ([26], [])),
        ({1918}, {1981, 2}, ([1918], [2, 1981])),
    ],
)
def test_a_small_number_that_one_wording_lacks_may_be_a_word(
    one: set[int], other: set[int], difference: tuple[list[int], list[int]]
) -> None:
    assert differing(one, other) == difference


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\u202eb\x1b[31m\n", "a\\u{202e}b\\u{1b}[31m\\u{a}"),
        ("نسل\u200cکشی", "نسل\u200cکشی"),
        ("\ud800\ue000", "\\u{d800}\\u{e000}"),
        ("x" * 2_000, "x" * 300 + "…" + "x" * 300),
    ],
)
def test_nothing_in_a_finding_is_hidden_or_endless(text: str, seen: str) -> None:
    assert visible(text) == seen


def found(folder: Path, text: str, *accepted: str) -> list[str]:
    path = folder / "events.yaml"
    path.write_text(text, "utf-8")
    loaded = load_catalog([path], LANGUAGES, lambda notes: CatalogLinter(notes, TODAY, accepted))
    problems = without_allowed(loaded.problems, dict(zip(loaded.names, loaded.contents, strict=True)))
    return [problem.line.removeprefix(f"{path}:") for problem in problems]


CONTESTED = SMALL.replace("heading: {en: A day}", "heading: {en: A massacre}")


def test_a_warning_can_be_allowed_on_its_line(tmp_path: Path) -> None:
    (line,) = found(tmp_path, CONTESTED)
    assert line.endswith("[W601]")

    assert found(tmp_path, CONTESTED.replace("{en: A massacre}", "{en: A massacre} # check: allow W601")) == []
    assert found(tmp_path, CONTESTED.replace("{en: A massacre}", "{en: A massacre} # check: allow W602, W601")) == []
    assert found(tmp_path, CONTESTED.replace("    heading:", "    # check: allow W601\n    heading:")) == []


def test_one_of_another_sort_is_not_allowed_along(tmp_path: Path) -> None:
    assert found(tmp_path, CONTESTED.replace("{en: A massacre}", "{en: A massacre} # check: allow W602"))
    assert found(tmp_path, CONTESTED.replace("  - id: a-day", "  - id: a-day # check: allow W601"))


def test_an_error_cannot_be_allowed() -> None:
    error = Problem(Place("e.yaml", 1, 1), Severity.ERROR, "no", Code.VALUE)

    assert without_allowed([error], {"e.yaml": b"a # check: allow W203 E203\n"}) == [error]


def test_claims_of_one_party_in_one_source_that_notes_tell_apart_do_not_contradict(tmp_path: Path) -> None:
    """More than 140 in a caption and more than 100 in the text are two claims of one source, and both stand."""
    claims = "    figures:\n      killed:\n" + "".join(
        f"        - {{value: {value}, by: paper, source: page, note: {{en: {note}}}}}\n"
        for value, note in ((140, "in a caption"), (100, "in the text"))
    )
    text = SMALL.replace("parties: {}", "parties: {paper: {name: {en: The Paper}}}").replace(
        "sources: {}", "sources: {page: {title: A page}}"
    )

    assert found(tmp_path, text + claims) == []
    (line,) = found(tmp_path, text + claims.replace("in the text", "in a caption"))
    assert '"killed": paper says exactly 100 here and exactly 140 on line 15, both in page' in line


def test_an_eve_is_the_day_of_a_rule_that_begins_on_it(tmp_path: Path) -> None:
    night = SMALL.replace("rule: 1 March", "rule: 1 March\n    origin: 1990-02-28")

    assert [line[-6:] for line in found(tmp_path, night)] == ["[W305]"]
    assert found(tmp_path, night + "    begins: eve\n") == []
    assert found(tmp_path, night.replace("1990-02-28", "1990-02")) == []


def test_a_day_within_a_span_is_a_day_of_the_rule(tmp_path: Path) -> None:
    span = SMALL.replace("rule: 1 March", "rule: 1 March to 3 March\n    origin: 1990-03-03")

    assert found(tmp_path, span) == []


def test_what_nobody_has_read_over_is_told_once_a_language(tmp_path: Path) -> None:
    text = SMALL.replace("languages: [en]", "languages: [en, de]").replace("{en: Days}", "{en: Days, de: Tage}")
    text = text.replace("{en: A day}", "{en: A day, de: Ein Tag}")
    states = "    kind: mourning\n    translations: {en: reviewed by the museum, de: machine}\n"
    other = (
        "  - id: b-day\n    heading: {en: B, de: B}\n    rule: 2 March\n    translations: {en: reviewed, de: machine}\n"
    )

    (note,) = found(tmp_path, text + states + other)
    assert note == (
        "14:19: note: nobody has read over the texts of 2 events in de (machine); on 1 day of mourning they are not "
        "mailed, unless NOTIFIER_ACCEPT_UNREVIEWED names de [N504]"
    )
    assert found(tmp_path, text + states, "de") == [
        "14:19: note: nobody has read over the texts of 1 event in de (machine) [N504]"
    ]
    (line,) = found(tmp_path, text + states.replace(", de: machine", ""))
    assert line == "14:19: warning: translations: says nothing of de; write machine, or reviewed by NAME [W503]"


def test_what_was_confirmed_long_ago_can_go(tmp_path: Path) -> None:
    text = SMALL.replace("rule: 1 March", "rule: 10 Muharram\n    confirmed: [1440, 1448]")

    assert [line.partition(": warning: ")[2] for line in found(tmp_path, text)] == [
        "confirmed: 1440 is past and shown nowhere any more; take it away [W308]"
    ]


def test_where_a_calendars_table_ends_there_is_a_warning_ten_years_ahead(tmp_path: Path) -> None:
    (tmp_path / "events.yaml").write_text(SMALL.replace("rule: 1 March", "rule: 10 Muharram"), encoding="utf-8")

    def told(today: date) -> list[str]:
        loaded = load_catalog([tmp_path / "events.yaml"], LANGUAGES, lambda findings: CatalogLinter(findings, today))
        return [problem.line.partition(": warning: ")[2] for problem in loaded.problems]

    assert told(date(2067, 1, 1)) == []
    [line] = told(date(2068, 1, 1))
    assert line.startswith('the days of "10 Muharram" are known up to 2077-11-16, where')
    assert line.endswith("[W310]")


def test_of_very_many_warnings_the_rest_is_counted(tmp_path: Path) -> None:
    head, _, event = CONTESTED.partition("  - id")
    events = "".join(f"  - id{event}".replace("a-day", f"day-{number}") for number in range(1_100))

    lines = found(tmp_path, head + events)

    assert len(lines) == 1_001
    assert "100 more of this sort from here on are not listed" in lines[-1]


def test_errors_and_warnings_are_counted_apart() -> None:
    place = Place("e.yaml", 1, 1)
    problems = [Problem(place, severity, "said") for severity in (Severity.ERROR, Severity.NOTE, Severity.ERROR)]

    assert counted(problems) == "2 errors, 0 warnings"
    assert counted([Problem(place, Severity.WARNING, "said")]) == "0 errors, 1 warning"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (
            "origin: 1990-01-20\n    until: 1990",
            "until: 1990 lies before the first anniversary, so the day is never kept; correct the year [W311]",
        ),
        (
            "rule: 1 January to Easter",
            (
                'from 2027-01-01 on "Easter" does not come within 60 days, so only the first day of "1 January to '
                'Easter" is kept; correct the rule [W312]'
            ),
        ),
    ],
)
def test_days_that_are_not_kept_as_they_are_written(tmp_path: Path, keys: str, line: str) -> None:
    calendar = SMALL.replace("rule: 1 March", keys)

    assert [one.partition(": warning: ")[2] for one in found(tmp_path, calendar)] == [line]


@pytest.mark.parametrize("keys", ["origin: 1990-01-20\n    until: 1991", "rule: Easter to Orthodox Easter"])
def test_those_that_are(tmp_path: Path, keys: str) -> None:
    assert found(tmp_path, SMALL.replace("rule: 1 March", keys)) == []
