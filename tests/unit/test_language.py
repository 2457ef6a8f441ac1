"""How days, numbers, ordinals and figures are worded in each language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from notifier.content.language import Language, Languages
from notifier.domain.events import Qualifier

LOCALES = Path(__file__).parents[2] / "locales"

# A Wednesday.
BLACK_JANUARY = date(2027, 1, 20)

# CLDR writes the first before a Russian "г." and the second inside grouped numbers.
NARROW_SPACE = "\u202f"
HARD_SPACE = "\u00a0"


@pytest.fixture(scope="module")
def languages() -> Languages:
    return Languages(LOCALES)


@pytest.fixture
def azerbaijani(languages: Languages) -> Language:
    return languages["az"]


def in_each(**wordings: str) -> pytest.MarkDecorator:
    """Ask once per language what it says."""
    return pytest.mark.parametrize(("tag", "wording"), wordings.items(), ids=wordings.keys())


def catalog_in(folder: Path, tag: str, entries: str) -> Languages:
    """Write a folder with one small catalog."""
    header = (
        'msgid ""\n'
        'msgstr ""\n'
        f'"Language: {tag}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    path = folder / tag / "LC_MESSAGES" / "notifier.po"
    path.parent.mkdir(parents=True)
    path.write_text(header + entries, encoding="utf-8")
    return Languages(folder)


# The folder


def test_languages_are_the_folders_that_hold_a_catalog(tmp_path: Path) -> None:
    languages = catalog_in(tmp_path, "fr", 'msgid "Year"\nmsgstr "Année"\n')
    (tmp_path / "empty").mkdir()

    assert languages.tags == ("fr",)
    assert languages["fr"].say("Year") == "Année"


@pytest.mark.parametrize("tag", ["xx", "", "..", "../locales/de", "DE"])
def test_a_language_that_is_not_there_is_a_key_error(languages: Languages, tag: str) -> None:
    with pytest.raises(KeyError):
        languages[tag]
    assert tag not in languages


def test_a_language_is_read_once(languages: Languages) -> None:
    assert languages["de"] is languages["de"]


def test_asking_which_languages_there_are_reads_none(tmp_path: Path) -> None:
    languages = catalog_in(tmp_path, "fr", "this is no catalog")

    assert list(languages) == ["fr"]
    assert "fr" in languages
    with pytest.raises(PoFileError, match="Unknown or misformatted keyword"):
        languages["fr"]


def test_a_fuzzy_translation_is_not_used(tmp_path: Path) -> None:
    languages = catalog_in(tmp_path, "fr", '#, fuzzy\nmsgid "Year"\nmsgstr "Date"\n')

    assert languages["fr"].say("Year") == "Year"


def test_a_language_without_ordinals_of_its_own_needs_no_code(tmp_path: Path) -> None:
    languages = catalog_in(
        tmp_path,
        "fr",
        'msgctxt "ordinal, one"\nmsgid "{n}st"\nmsgstr "{n}er"\n\n'
        'msgctxt "ordinal, other"\nmsgid "{n}th"\nmsgstr "{n}e"\n\n'
        'msgid "{ordinal} anniversary"\nmsgstr "{ordinal} anniversaire"\n',
    )

    assert languages["fr"].anniversary(1) == "1er anniversaire"
    assert languages["fr"].anniversary(37) == "37e anniversaire"


def test_a_language_says_which_way_it_is_written(tmp_path: Path, languages: Languages) -> None:
    assert languages["az"].direction == "ltr"
    assert catalog_in(tmp_path, "fa", "")["fa"].direction == "rtl"


# Messages


def test_a_message_that_no_catalog_has_is_said_in_english(languages: Languages) -> None:
    assert languages["ru"].say("{n} of {total}", n=1, total=2) == "1 of 2"
    assert languages["ru"].say_context("nowhere", "plain") == "plain"
    assert languages["ru"].say_many("{n} word", "{n} words", 21) == "21 words"


@in_each(
    en="This selection is empty",
    de="Diese Auswahl ist leer",
    az="Bu seçim boşdur",
    tr="Bu seçim boş",
    ru="Этот выбор пуст",
    fr="Cette sélection est vide",
    fa="این گزینش خالی است",
    hy="Այս ընտրանին դատարկ է",
)
def test_a_message_is_said_in_the_readers_language(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].say("This selection is empty") == wording


def test_braces_in_a_field_stay_as_they_are(languages: Languages) -> None:
    assert languages["en"].say("Sent by {name}", name="{name}") == "Sent by {name}"


def test_the_number_of_a_plural_is_written_as_the_language_writes_it(languages: Languages) -> None:
    many = [languages[tag].say_many("in {n} day", "in {n} days", 1500) for tag in ("en", "de", "ru")]

    assert many == ["in 1,500 days", "in 1.500 Tagen", f"через 1{HARD_SPACE}500 дней"]


@pytest.mark.parametrize(("n", "wording"), [(1, "1 год"), (2, "2 года"), (5, "5 лет"), (11, "11 лет"), (21, "21 год")])
def test_russian_has_three_plural_forms(languages: Languages, n: int, wording: str) -> None:
    counted = languages["ru"].say_many(
        "Counted from: {what}, {n} year", "Counted from: {what}, {n} years", n, what="1990"
    )
    assert counted == f"Начало отсчёта: 1990, {wording}"


# Dates and times


@in_each(
    en="Wednesday, 20 January 2027",
    de="Mittwoch, 20. Januar 2027",
    az="20 yanvar 2027, çərşənbə",
    tr="20 Ocak 2027 Çarşamba",
    ru=f"среда, 20 января 2027{NARROW_SPACE}г.",
    fr="mercredi 20 janvier 2027",
    fa="چهارشنبه ۲۰ ژانویهٔ ۲۰۲۷",
    hy="2027 թ. հունվարի 20, չորեքշաբթի",
)
def test_a_date_carries_its_weekday(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].date(BLACK_JANUARY) == wording


@in_each(
    en="20 January 2027",
    de="20. Januar 2027",
    az="20 yanvar 2027",
    tr="20 Ocak 2027",
    ru=f"20 января 2027{NARROW_SPACE}г.",
    fr="20 janvier 2027",
    fa="۲۰ ژانویهٔ ۲۰۲۷",
    hy="2027 թ. հունվարի 20",
)
def test_a_plain_date_has_no_weekday(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].plain_date(BLACK_JANUARY) == wording


@in_each(
    en="January 2019",
    de="Januar 2019",
    az="yanvar 2019",
    tr="Ocak 2019",
    ru=f"январь 2019{NARROW_SPACE}г.",
    fr="janvier 2019",
    fa="ژانویهٔ ۲۰۱۹",
    hy="2019 թ. հունվար",
)
def test_a_month_is_worded(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].edtf("2019-01") == wording


def test_a_date_is_as_precise_as_it_is_known(languages: Languages) -> None:
    assert languages["en"].edtf("2019-01-20") == "20 January 2019"
    assert languages["en"].edtf("2019") == "2019"


@pytest.mark.parametrize("text", ["61 AH", "1915~", "1990-01-19/1990-01-20", "about 1500", ""])
def test_what_is_no_day_month_or_year_stands_as_written(languages: Languages, text: str) -> None:
    assert languages["de"].edtf(text) == text


def test_a_month_that_does_not_exist_is_an_error(languages: Languages) -> None:
    with pytest.raises(ValueError, match="month"):
        languages["en"].edtf("2019-13")


def test_a_time_is_the_wall_time_of_its_own_zone(languages: Languages) -> None:
    tokyo = timezone(timedelta(hours=9))

    assert languages["en"].time(datetime(2027, 8, 6, 8, 15, tzinfo=tokyo)) == "08:15"
    assert languages["de"].time(datetime(2027, 8, 5, 23, 15, tzinfo=UTC)) == "23:15"


def test_the_first_of_a_month_is_an_ordinal_in_french_and_no_other_day_is(languages: Languages) -> None:
    assert languages["fr"].date(date(2027, 2, 1)) == "lundi 1er février 2027"
    assert languages["fr"].plain_date(date(2027, 1, 1)) == "1er janvier 2027"
    assert languages["fr"].plain_date(date(2027, 1, 21)) == "21 janvier 2027"
    assert languages["fr"].plain_date(date(2027, 1, 11)) == "11 janvier 2027"


def test_persian_digits_stand_in_dates_hours_numbers_and_days_left_alike(languages: Languages) -> None:
    persian = languages["fa"]

    said = [
        persian.date(BLACK_JANUARY),
        persian.plain_date(BLACK_JANUARY),
        persian.edtf("2019-01"),
        persian.edtf("2019"),
        persian.time(datetime(2027, 8, 6, 8, 15, tzinfo=UTC)),
        persian.number(12_345),
        persian.digits(2027),
        persian.days_left(7),
        persian.ordinal(1447),
        persian.qualified(147, Qualifier.AT_LEAST),
    ]
    assert [text for text in said if any(digit in text for digit in "0123456789")] == []
    assert persian.number(12_345) == "۱۲٬۳۴۵"
    assert persian.list_style == "persian"
    assert languages["fr"].list_style == "decimal"


@in_each(en="today", de="heute", az="bu gün", tr="bugün", ru="сегодня", fr="aujourd’hui", fa="امروز", hy="այսօր")
def test_the_day_itself_is_today(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].days_left(0) == wording


@in_each(en="tomorrow", de="morgen", az="sabah", tr="yarın", ru="завтра", fr="demain", fa="فردا", hy="վաղը")
def test_the_day_before_says_tomorrow(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].days_left(1) == wording


@in_each(
    en="in 7 days",
    de="in 7 Tagen",
    az="7 gün sonra",
    tr="7 gün sonra",
    ru="через 7 дней",
    fr="dans 7 jours",
    fa="۷ روز دیگر",
    hy="7 օրից",
)
def test_a_week_before_says_in_seven_days(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].days_left(7) == wording


@pytest.mark.parametrize(
    ("days", "wording"),
    [
        (2, "через 2 дня"),
        (5, "через 5 дней"),
        (11, "через 11 дней"),
        (21, "через 21 день"),
        (365, "через 365 дней"),
    ],
)
def test_russian_days_agree_with_their_number(languages: Languages, days: int, wording: str) -> None:
    assert languages["ru"].days_left(days) == wording


def test_a_day_that_has_passed_is_never_announced(languages: Languages) -> None:
    with pytest.raises(ValueError, match="days=-1"):
        languages["en"].days_left(-1)


# Ordinals


@pytest.mark.parametrize(
    ("tag", "ordinals"),
    [
        (
            "en",
            [
                "1st",
                "2nd",
                "3rd",
                "4th",
                "11th",
                "12th",
                "13th",
                "21st",
                "22nd",
                "23rd",
                "37th",
                "101st",
                "111th",
            ],
        ),
        ("de", ["1.", "2.", "3.", "4.", "11.", "12.", "13.", "21.", "22.", "23.", "37.", "101.", "111."]),
        ("tr", ["1.", "2.", "3.", "4.", "11.", "12.", "13.", "21.", "22.", "23.", "37.", "101.", "111."]),
        (
            "ru",
            [
                "1-я",
                "2-я",
                "3-я",
                "4-я",
                "11-я",
                "12-я",
                "13-я",
                "21-я",
                "22-я",
                "23-я",
                "37-я",
                "101-я",
                "111-я",
            ],
        ),
    ],
)
def test_ordinals(languages: Languages, tag: str, ordinals: list[str]) -> None:
    numbers = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 37, 101, 111]

    assert [languages[tag].ordinal(n) for n in numbers] == ordinals


def test_an_ordinal_is_never_grouped(languages: Languages) -> None:
    assert languages["en"].ordinal(1500) == "1500th"


@pytest.mark.parametrize(
    "written",
    [
        *(
            "1-ci",
            "2-ci",
            "3-cü",
            "4-cü",
            "5-ci",
            "6-cı",
            "7-ci",
            "8-ci",
            "9-cu",
            "10-cu",
            "11-ci",
            "16-cı",
            "20-ci",
        ),
        *("30-cu", "34-cü", "35-ci", "36-cı", "37-ci", "40-cı", "50-ci", "60-cı", "70-ci", "80-ci", "90-cı"),
        *("100-cü", "109-cu", "110-cu", "500-cü", "1000-ci", "1001-ci", "1100-cü", "2000-ci", "2026-cı"),
        *("1000000-cu", "1000000000-cı"),
    ],
)
def test_known_azerbaijani_ordinals(azerbaijani: Language, written: str) -> None:
    assert azerbaijani.ordinal(int(written.partition("-")[0])) == written


AZERBAIJANI_UNITS = ("", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz")
AZERBAIJANI_TENS = ("", "on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan")


def spoken_in_azerbaijani(n: int) -> str:
    """Spell a number below a million."""
    thousands, rest = divmod(n, 1000)
    hundreds, below = divmod(rest, 100)
    words = [
        "" if thousands < 2 else spoken_in_azerbaijani(thousands),
        "min" if thousands else "",
        "" if hundreds < 2 else AZERBAIJANI_UNITS[hundreds],
        "yüz" if hundreds else "",
        AZERBAIJANI_TENS[below // 10],
        AZERBAIJANI_UNITS[below % 10],
    ]
    return " ".join(word for word in words if word)


def last_vowel(word: str) -> str:
    return [letter for letter in word if letter in "aıouəeiöü"][-1]


HARMONY = dict(zip("aıoueəiöü", "ııuuiiiüü", strict=True))


def test_azerbaijani_ordinals_follow_the_vowels_of_the_spoken_number(azerbaijani: Language) -> None:
    for n in [*range(1, 3001), 10_000, 37_000, 100_000, 999_000]:
        ending = f"c{HARMONY[last_vowel(spoken_in_azerbaijani(n))]}"

        assert azerbaijani.ordinal(n) == f"{n}-{ending}", spoken_in_azerbaijani(n)


@in_each(
    en="37th anniversary",
    de="37. Jahrestag",
    az="37-ci ildönümü",
    tr="37. yıl dönümü",
    ru="37-я годовщина",
    fr="37e anniversaire",
    fa="سی\u200cوهفتمین سالگرد",
    hy="37-րդ տարելից",
)
def test_an_anniversary_says_which_one_it_is(languages: Languages, tag: str, wording: str) -> None:
    assert languages[tag].anniversary(37) == wording


@in_each(
    en="Black January: 37th anniversary",
    de="Schwarzer Januar: 37. Jahrestag",
    az="Qara Yanvar: 37-ci ildönümü",
)
def test_a_title_says_the_heading_and_the_anniversary(languages: Languages, tag: str, wording: str) -> None:
    heading = wording.partition(":")[0]

    assert languages[tag].title(heading, 37) == wording
    assert languages[tag].title(heading, None) == heading


# Numbers, lists and names


def test_a_list_reads_as_a_sentence_does(languages: Languages) -> None:
    lists = [languages[tag].join(["a", "b", "c"]) for tag in ("en", "de", "az", "tr", "ru", "fr", "hy")]

    assert lists == ["a, b and c", "a, b und c", "a, b və c", "a, b ve c", "a, b и c", "a, b et c", "a, b և c"]
    assert languages["en"].join(["a"]) == "a"
    assert languages["en"].join([]) == ""


def test_languages_are_named_in_each_other_and_in_themselves(languages: Languages) -> None:
    assert languages["en"].language_name("de") == "German"
    assert languages["ru"].language_name("en") == "английский"
    assert languages["az"].language_name("az") == "azərbaycan"
    assert languages["de"].language_name("hy") == "Armenisch"


@pytest.mark.parametrize(
    ("tag", "wordings"),
    [
        ("en", ["147", "at least 147", "more than 147", "about 147"]),
        ("de", ["147", "mindestens 147", "mehr als 147", "etwa 147"]),
        ("az", ["147", "ən azı 147", "147-dən çox", "təxminən 147"]),
        ("tr", ["147", "en az 147", "147’den fazla", "yaklaşık 147"]),
        ("ru", ["147", "не менее 147", "более 147", "около 147"]),
        ("fr", ["147", "au moins 147", "plus de 147", "environ 147"]),
        ("fa", ["۱۴۷", "دست\u200cکم ۱۴۷", "بیش از ۱۴۷", "حدود ۱۴۷"]),
        ("hy", ["147", "առնվազն 147", "ավելի քան 147", "մոտ 147"]),
    ],
)
def test_a_figure_is_said_as_it_was_meant(languages: Languages, tag: str, wordings: list[str]) -> None:
    assert [languages[tag].qualified(147, qualifier) for qualifier in Qualifier] == wordings


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("az", ["100-dən", "140-dan", "700-dən", "6-dan", "30-dan", "38-dən", "1.000-dən", "1.000.000-dan"]),
        ("tr", ["100’den", "140’tan", "700’den", "6’dan", "30’dan", "38’den", "1.000’den", "1.000.000’dan"]),
        ("tr", ["3’ten", "4’ten", "5’ten", "9’dan", "10’dan", "60’tan", "70’ten", "613’ten"]),
    ],
)
def test_more_than_asks_for_an_ending_of_the_spoken_number(languages: Languages, tag: str, written: list[str]) -> None:
    for number in written:
        value = int("".join(digit for digit in number if digit.isdecimal()))

        assert languages[tag].qualified(value, Qualifier.MORE_THAN).startswith(f"{number} ")
