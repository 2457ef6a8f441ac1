"""The parameters of the JSON API, as its OpenAPI document describes them. What they say is read by the use case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from notifier.usecases.api import LONGEST_PERIOD, LONGEST_SELECTION, USUAL_PERIOD, QuestionError

_Text = str | SkipJsonSchema[None]
"""A parameter that can be left out, and then is not there: there is no null in a query."""


def _day(description: str, example: str, alias: str | None = None) -> object:
    return Field(alias=alias, description=description, examples=[example], json_schema_extra={"format": "date"})


class RepeatedParameterError(QuestionError):
    """A parameter that is there more than once: whichever of them was taken, the others were meant to count too."""

    sentence = 'the parameter "{name}" is there {times} times; give each once'


def refuse_repeated(parameters: Iterable[tuple[str, str]]) -> None:
    """Raise RepeatedParameterError for the first parameter that is there more than once, equal or not."""
    names = [name for name, _ in parameters]
    for name in names:
        if names.count(name) > 1:
            raise RepeatedParameterError(name=name, times=names.count(name))


class Question(BaseModel):
    """What every question takes. A parameter that is not known is refused: it was meant to change the answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: Annotated[_Text, Field(description="The language of texts; without it, the calendar's first.")] = None
    select: Annotated[
        _Text,
        Field(
            description="Which events: `all`, `collection:X` or ids, each left out again with a leading `-`, "
            f"separated by `,` or `;`; without it, all. At most {LONGEST_SELECTION} characters.",
            examples=["all,-collection:azerbaijan", "black-january,khojaly"],
        ),
    ] = None


class EventsQuestion(Question):
    """Which events."""

    after: Annotated[_Text, Field(description="The id of the last event that is known already; `next` names it.")] = (
        None
    )


class OccurrencesQuestion(Question):
    """Which anniversaries."""

    first: Annotated[_Text, _day("The first day; without it, today.", "2027-01-13", "from")] = None
    last: Annotated[
        _Text,
        _day(
            f"The last day, inclusive, at most {LONGEST_PERIOD} days after the first; without it, "
            f"{USUAL_PERIOD} days after.",
            "2027-02-28",
            "to",
        ),
    ] = None


class NoticesQuestion(Question):
    """What is announced when."""

    on: Annotated[_Text, _day("The day of the announcement; without it, today.", "2027-01-13")] = None
