"""The service's own words, dates and numbers in each language; a language is a folder under `locales/`.

Message ids are the English sentences. A message the catalog lacks is said in English.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

from notifier.content.cldr import cldr
from notifier.content.day_words import full_date, long_date, month
from notifier.content.directions import Direction, direction_of
from notifier.content.numerals import list_style, native_digits, ordinal_stem
from notifier.content.ordinals import ordinal_category, with_ablative
from notifier.domain.events import Qualifier

_CATALOG = Path("LC_MESSAGES", "notifier.po")

# Plain "en" is American in CLDR: "January 20, 2027".
_REGIONS = {"en": "en-GB"}


class Languages(Mapping[str, "Language"]):
    """The languages found in a folder, by tag; each is read when it is first asked for, and kept.

    Two threads that ask at the same moment may both read it; the results are equal, and one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, bytes] = {}
        self._read: dict[str, Language] = {}

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """The tags of all languages, sorted."""
        return tuple(sorted(path.parents[1].name for path in self._folder.glob(f"*/{_CATALOG.as_posix()}")))

    def __getitem__(self, tag: str) -> Language:
        """Return the language, or raise KeyError when the folder does not have it."""
        if tag not in self.tags:
            raise KeyError(tag)
        if tag not in self._read:
            self._read[tag] = read_language(tag, self._source(tag))
        return self._read[tag]

    def digest(self, tag: str) -> str:
        """Return SHA-256 of the language's file, in hexadecimal: what `self[tag]` is read from, or has been."""
        return hashlib.sha256(self._source(tag)).hexdigest()

    def _source(self, tag: str) -> bytes:
        if tag not in self._sources:
            self._sources[tag] = (self._folder / tag / _CATALOG).read_bytes()
        return self._sources[tag]

    def __contains__(self, tag: object) -> bool:
        """Whether the folder has the language; nothing is read for the answer."""
        return tag in self.tags

    def __iter__(self) -> Iterator[str]:
        return iter(self.tags)

    def __len__(self) -> int:
        return len(self.tags)


def read_language(tag: str, source: bytes) -> Language:
    """Read one language from the octets of its .po file.

    Fuzzy and empty translations are left out; a broken file raises babel's PoFileError.
    The .po is compiled in memory, so that no compiled file can be older than its text.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), abort_invalid=True))
    compiled.seek(0)
    return Language(tag, GNUTranslations(compiled))


@dataclass(frozen=True, eq=False)
class Language:
    """One language: how the service speaks, writes days and counts in it.

    CLDR's data are read when the first date or number is written: who only says words does without.
    """

    tag: str
    _catalog: GNUTranslations

    @cached_property
    def _locale(self) -> Locale:
        return cldr(_REGIONS.get(self.tag, self.tag))

    @property
    def locale(self) -> Locale:
        """CLDR's data about it: weeks, months, the order of letters."""
        return self._locale

    @cached_property
    def direction(self) -> Direction:
        """Which way it is written, as HTML's `dir` wants it."""
        return direction_of(self.tag)

    @cached_property
    def list_style(self) -> str:
        """How lists are numbered, as CSS's `list-style-type` wants it: decimal, persian."""
        return list_style(self._locale)

    def say(self, message: str, /, **fields: object) -> str:
        """Return the message in this language with its `{fields}` filled in."""
        return self._catalog.gettext(message).format(**fields)

    def say_context(self, context: str, message: str, /, **fields: object) -> str:
        """Say a message whose English words mean several things; the context tells which."""
        return self._catalog.pgettext(context, message).format(**fields)

    def say_many(self, one: str, many: str, n: int, /, **fields: object) -> str:
        """Say the form that goes with `n`; `{n}` is filled with the number as the language writes it."""
        return self._catalog.ngettext(one, many, n).format(n=self.number(n), **fields)

    def date(self, day: dt.date) -> str:
        """Return the day in full: Wednesday, 20 January 2027."""
        return full_date(self._locale, day)

    def weekday(self, day: dt.date) -> str:
        """Return the day's weekday as it stands in a sentence: Wednesday, çərşənbə."""
        return format_date(day, "EEEE", locale=self._locale)

    def plain_date(self, day: dt.date) -> str:
        """Return the day without its weekday: 20 January 2027."""
        return long_date(self._locale, day)

    def edtf(self, text: str) -> str:
        """Return an EDTF day, month or year in words; any other text stands as written.

        Raises ValueError for a month or day that does not exist.
        """
        match [len(part) for part in text.split("-") if part.isdecimal()]:
            case [4, 2, 2]:
                return self.plain_date(dt.date.fromisoformat(text))
            case [4, 2]:
                return month(self._locale, dt.date.fromisoformat(f"{text}-01"))
            case [4]:
                return self.digits(text)
        return text

    def time(self, at: dt.datetime) -> str:
        """Return the wall time that `at` itself shows, whatever its zone: 08:15."""
        return self.digits(format_time(at.time(), "short", locale=self._locale))

    def number(self, n: int) -> str:
        """Return the number with its digits grouped."""
        return self.digits(format_decimal(n, locale=self._locale, numbering_system="default"))

    def digits(self, text: object) -> str:
        """Return the text, or a number that is never grouped such as a year, with the language's own digits."""
        return native_digits(self._locale, str(text))

    def days_left(self, days: int) -> str:
        """Return "today", "tomorrow" or "in 7 days"; a day that has passed raises ValueError."""
        if days < 0:
            raise ValueError(f"{days=}")
        match days:
            case 0:
                return self.say("today")
            case 1:
                return self.say("tomorrow")
        return self.say_many("in {n} day", "in {n} days", days)

    def ordinal(self, n: int) -> str:
        """Return the ordinal as it stands before "anniversary", never grouped: 37th, 37., 37-ci, 37-я."""
        stem = ordinal_stem(self._locale, n)
        match ordinal_category(self._locale, n):
            case "one":
                return self.say_context("ordinal, one", "{n}st", n=stem)
            case "two":
                return self.say_context("ordinal, two", "{n}nd", n=stem)
            case "few":
                return self.say_context("ordinal, few", "{n}rd", n=stem)
            case "many":
                return self.say_context("ordinal, many", "{n}th", n=stem)
        return self.say_context("ordinal, other", "{n}th", n=stem)

    def anniversary(self, n: int) -> str:
        """Return "37th anniversary"."""
        return self.say("{ordinal} anniversary", ordinal=self.ordinal(n))

    @cached_property
    def colon(self) -> str:
        """What stands behind a label, without the space after it: `:`, in French with a no-break space before it."""
        return self.say_context("mark", ":")

    @cached_property
    def comma(self) -> str:
        """What stands between two parts of a line, without the space after it."""
        return self.say_context("mark", ",")

    @cached_property
    def semicolon(self) -> str:
        """What stands between parts that have commas themselves, without the space after it."""
        return self.say_context("mark", ";")

    def title(self, heading: str, ordinal: int | None) -> str:
        """Return the heading with its anniversary, or alone where nothing is counted."""
        if ordinal is None:
            return heading
        return self.say("{heading}: {anniversary}", heading=heading, anniversary=self.anniversary(ordinal))

    def join(self, items: Sequence[str]) -> str:
        """Return the items as a list in a sentence: a, b and c."""
        return format_list(items, locale=self._locale)

    def one_of(self, items: Sequence[str]) -> str:
        """Return the items as a choice in a sentence: a, b or c."""
        return format_list(items, style="or", locale=self._locale)

    def capital(self, text: str) -> str:
        """Return the text as it begins a line; in Turkish and Azerbaijani i becomes İ."""
        if text.startswith("i") and self._locale.language in {"az", "tr"}:
            return "İ" + text[1:]
        return text[:1].upper() + text[1:]

    def language_name(self, tag: str) -> str:
        """Return what this language calls another, or itself."""
        return Locale.parse(tag, sep="-").get_display_name(self._locale) or tag

    def qualified(self, value: int, qualifier: Qualifier) -> str:
        """Return a figure as whoever states it means it: 147, at least 140, more than 140, about 150."""
        number = self.number(value)
        match qualifier:
            case Qualifier.EXACTLY:
                return number
            case Qualifier.AT_LEAST:
                return self.say("at least {n}", n=number)
            case Qualifier.MORE_THAN:
                return self.say("more than {n}", n=with_ablative(self._locale, value, number))
            case Qualifier.ABOUT:
                return self.say("about {n}", n=number)
