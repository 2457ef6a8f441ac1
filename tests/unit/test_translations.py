"""Which translations may be mailed."""

from __future__ import annotations

import pytest

from notifier.domain.events import Kind
from notifier.domain.translations import refused_languages
from tests.factories import make_event

STATES = {"en": "reviewed by the project", "az": "machine", "ru": "machine"}


def test_on_a_day_of_mourning_translations_nobody_read_are_not_mailed() -> None:
    assert refused_languages(make_event(translations=STATES)) == ("az", "ru")


def test_an_operator_may_accept_a_language() -> None:
    assert refused_languages(make_event(translations=STATES), accepted={"ru"}) == ("az",)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MOURNING])
def test_on_other_days_they_are_mailed(kind: Kind) -> None:
    assert refused_languages(make_event(kind=kind, translations=STATES)) == ()


def test_a_language_of_which_nothing_is_said_is_not_refused() -> None:
    assert refused_languages(make_event(translations={})) == ()
