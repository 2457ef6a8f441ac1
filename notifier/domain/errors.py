"""The errors people can be told about, each with its one sentence."""

from __future__ import annotations

from typing import ClassVar


class NotifierError(Exception):
    """Something a person can act on.

    `sentence` is written once, on the class, in English with `{fields}`, for whoever runs the service; readers
    get pages in their own language instead. The cause, where there is one, is chained for the log.
    """

    sentence: ClassVar[str] = "Something went wrong."
    wrong_use: ClassVar[bool] = False
    """Whether it lies in how something was asked for: a command then ends with 2, else with 1."""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.sentence.format(**fields))


class RuleError(NotifierError):
    """A rule that cannot be read or can never happen."""


class UnknownRuleError(RuleError):
    """A rule that is not of any form. `at` is where in its text it stops making sense, counted from 0."""

    sentence = 'the rule "{rule}" cannot be read {where}; expected {expected}{hint}'

    @property
    def at(self) -> int:
        """How many characters of the text make sense."""
        at = self.fields.get("at", 0)
        return at if isinstance(at, int) else 0


class ImpossibleDayError(RuleError):
    """A day that no year has."""

    sentence = 'the rule "{rule}" can never fall: {month} has {days} days'


class ImpossibleWeekdayError(RuleError):
    """A sixth Sunday of a month."""

    sentence = 'the rule "{rule}" can never fall: a month has five of a weekday at most'


class LongSpanError(RuleError):
    """A span that lasts longer than any observance, most likely written backwards."""

    sentence = 'the rule "{rule}" would last {days} days; {most} are the most, and the first day is written first'


class OriginError(NotifierError):
    """An origin that is not a date in a known form."""

    sentence = '"{origin}" is not a date this version can read; write it as 1990-01-20, 1990-01 or 1990'


class UnreadableOriginError(OriginError):
    """When an event happened is written in none of the known forms."""

    sentence = (
        '"{origin}" does not say when it happened in a form that can be read; write it as 1990-01-20, 1990-01, 1990, '
        "1932/1933 (from and to), 1932? (uncertain), 193X (a decade), -0043 (44 BC) or 61 AH{hint}"
    )


class ImpossibleOriginError(OriginError):
    """An origin in a known form, on a day that its calendar does not have."""

    sentence = '"{origin}" is a day that there is not; correct the day or the month, or write the month or year alone'


class OriginBeforeDatesError(OriginError):
    """An origin that the rule's calendar cannot count from."""

    sentence = (
        '"{origin}" lies before year 1, and the years of the rule are those of the {system} calendar; write the origin '
        "in that calendar"
    )


class RelativeCycleError(RuleError):
    """Days that are each told by another one, so that none is told at all."""

    sentence = "the rule goes round in a circle: {chain}; give one of these days a rule of its own"


class LongChainError(RuleError):
    """A day told by another, which is told by another, and so on too far."""

    sentence = "the rule is told by more than {most} other events, each by the next; tell it by a nearer day"


class SelectionError(NotifierError):
    """A selection that does not say which events."""

    wrong_use = True


class SelectionTermError(SelectionError):
    """One term of a selection is not of its form."""

    sentence = (
        '"{term}" is not a selection; use all, collection:NAME or an event\'s id, each with - before it to leave it out'
    )


class EmptySelectionError(SelectionError):
    """A selection that takes nothing in."""

    sentence = 'the selection "{selection}" takes no event in; begin with all, collection:NAME or an event\'s id'


class LongSelectionError(SelectionError):
    """A selection of more single days than a form could show again."""

    sentence = "Too many single days are chosen one by one; please choose fewer, or a collection."


class UnknownSelectionTermError(SelectionError):
    """A selection names something the calendar does not have."""

    sentence = 'the calendar has no {what} "{name}"{hint}'


class UnknownLanguageError(NotifierError):
    """A language the calendar does not have."""

    wrong_use = True
    sentence = '"{language}" is not a language of this calendar; it has {known}'


class PreferenceError(NotifierError):
    """A preference outside what can be kept."""

    wrong_use = True


class LeadsError(PreferenceError):
    """Leads that are not whole days from 0 to 366."""

    sentence = '"{leads}" are not leads; write whole days from 0 to 366 with commas between, such as 7,1,0'


class OwnLeadsError(PreferenceError):
    """A part of somebody's leads that cannot be read, or that is there twice."""

    sentence = (
        '"{part}" cannot stand among leads; write days such as 7,1,0 or none, milestones, and EVENT:30,0 for single '
        "events, each once, with ; between them"
    )


class HourError(PreferenceError):
    """An hour that no day has."""

    sentence = "{hour} is not an hour of the day; use 0 to 23"


class ZoneError(PreferenceError):
    """A zone the zone data does not have."""

    sentence = '"{zone}" is not a time zone; use a name such as Europe/Berlin{hint}'


class DigestError(PreferenceError):
    """A digest of a form that does not exist."""

    sentence = '"{digest}" is not a digest; use none, weekly:mon (to sun) or monthly'


class DayError(NotifierError):
    """A date that is none."""

    wrong_use = True
    sentence = '"{text}" is not a date; write it as 2027-01-20'


class AddressError(NotifierError):
    """Something that is not an e-mail address."""

    wrong_use = True
    sentence = '"{address}" is not an e-mail address'
