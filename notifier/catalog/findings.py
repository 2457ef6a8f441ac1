"""The problems found so far, each noted where it is seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from notifier.catalog.nodes import BrokenFileError
from notifier.catalog.problems import Code, Place, Problem, Severity
from notifier.domain.errors import NotifierError, OriginError, RuleError

MOST_WARNINGS = 1_000
"""Of one sort."""

MOST_ERRORS = 1_000
"""In one calendar; where there are more, it is none."""


class UnreadError(Exception):
    """A value could not be read; the problem is noted already."""


class Findings:
    """The problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._errors = 0
        self._warned: Counter[Code] = Counter()
        self._unlisted: dict[Code, Place] = {}

    def error(self, place: Place, message: str, code: Code = Code.VALUE) -> UnreadError:
        """Note an error; the answer is for raising where nothing can be read.

        Raises BrokenFileError where there are so many that the file is none of a calendar.
        """
        self.problems.append(Problem(place, Severity.ERROR, message, code))
        self._errors += 1
        if self._errors >= MOST_ERRORS:
            self._errors = 0
            much = f"{MOST_ERRORS:,} errors up to here; the rest of the file was not looked at"
            raise BrokenFileError(place, much, Code.TOO_LARGE)
        return UnreadError()

    def broken(self, error: BrokenFileError) -> None:
        """Note why a file could not be read any further."""
        self.problems.append(Problem(error.place, Severity.ERROR, error.message, error.code))

    def warning(self, place: Place, message: str, code: Code = Code.REMARK) -> None:
        """Note a warning; of very many of one sort, how many more there are."""
        self._warned[code] += 1
        if self._warned[code] <= MOST_WARNINGS:
            self.problems.append(Problem(place, Severity.WARNING, message, code))
        else:
            self._unlisted.setdefault(code, place)

    def note(self, place: Place, message: str, code: Code) -> None:
        """Note what is only told, and counts nowhere."""
        self.problems.append(Problem(place, Severity.NOTE, message, code))

    def forget_from(self, place: Place) -> None:
        """Drop what was noted in a file from a place on: it was cut off there, the rest follows from that."""
        self.problems = [p for p in self.problems if p.place.file != place.file or p.place.line < place.line]

    def in_order(self, files: Sequence[str]) -> tuple[Problem, ...]:
        """Return everything noted, by file, line and column; at one place in the order in which it was noted."""
        order = {name: number for number, name in enumerate(files)}

        def position(problem: Problem) -> tuple[int, int, int]:
            place = problem.place
            return order.get(place.file, len(order)), place.line, place.column

        unlisted = [
            Problem(place, Severity.WARNING, _more(self._warned[code] - MOST_WARNINGS), code)
            for code, place in self._unlisted.items()
        ]
        return tuple(sorted([*self.problems, *unlisted], key=position))

    @property
    def has_errors(self) -> bool:
        """Whether anything keeps the calendar from being used."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    @contextmanager
    def placed(self, place: Place) -> Iterator[None]:
        """Turn an error of the domain into a problem at a place."""
        try:
            yield
        except NotifierError as error:
            raise self.error(place, str(error), _code_of(error)) from error


def _more(number: int) -> str:
    return f"{number:,} more of this sort from here on are not listed; correct those above first"


def _code_of(error: NotifierError) -> Code:
    match error:
        case RuleError():
            return Code.RULE
        case OriginError():
            return Code.ORIGIN
    return Code.VALUE
