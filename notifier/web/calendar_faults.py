"""What is wrong with a form that builds a calendar, field by field, in the words of whoever reads the page it is on."""

from __future__ import annotations

from typing import Final

from notifier.content.language import Language
from notifier.domain.built import MOST_LEADS, TooManyLeadsError, UnknownTermError, build
from notifier.domain.errors import (
    HourError,
    LongSelectionError,
    NotifierError,
    PreferenceError,
    SelectionError,
    UnknownLanguageError,
)
from notifier.domain.events import Catalog
from notifier.web.forms import Form, only

CHOICES: Final = (SelectionError, PreferenceError, UnknownLanguageError)
"""What is raised for a choice that there is not; anything else is wrong with the form as such."""

_LONGEST_NAME = 80


def faults(form: Form, catalog: Catalog, language: Language) -> dict[str, str]:
    """Return a sentence for each field that says a choice there is not, by the field's name."""
    found = {}
    for name, said in {
        "select": language.say("Please choose at least one day or collection."),
        "lang": language.say("Please choose one of the languages."),
        "alarms": language.say("Please choose whole days from 0 to 366."),
        "ahead": language.say("Please choose whole days from 0 to 366."),
        "hour": language.say("Please choose an hour from 0 to 23."),
    }.items():
        try:
            _try(name, form, catalog)
        except UnknownTermError as error:
            term = str(error.fields["name"])
            shown = term if len(term) <= _LONGEST_NAME else f"{term[:_LONGEST_NAME]}…"
            found[name] = language.say("This calendar has neither a day nor a collection “{name}”.", name=shown)
        except LongSelectionError as error:
            found[name] = language.say(error.sentence)
        except TooManyLeadsError:
            found[name] = language.say("Please choose at most {most} of them.", most=language.number(MOST_LEADS))
        except NotifierError:
            found[name] = said
    return found


def joined(form: Form, name: str) -> str:
    """Return the numbers of a field, whether they were sent as one text or as several."""
    return ",".join(value for value in form.get(name, []) if value.strip())


def hour_of(text: str) -> int:
    """Return the hour of reminders, 9 where none is said. Raises HourError."""
    if not text:
        return 9
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise HourError(hour=text)
    return int(text)


def _try(name: str, form: Form, catalog: Catalog) -> None:
    """Build a calendar of one field alone."""
    match name:
        case "select":
            build(catalog, "", ",".join(form.get("select", [])))
        case "lang":
            build(catalog, only(form, "lang"), "all")
        case "alarms":
            build(catalog, "", "all", alarms=joined(form, "alarms"))
        case "ahead":
            build(catalog, "", "all", ahead=joined(form, "ahead"))
        case _:
            build(catalog, "", "all", hour=hour_of(only(form, "hour")))
