"""Ids made from names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.catalog.importers.ids import free_id, slug


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("New Year's Day", "new-years-day"),
        ("Ümumxalq hüzn günü", "umumxalq-huzn-gunu"),
        ("Novruz bayramı", "novruz-bayrami"),
        ("Şəhidlər xiyabanı", "sehidler-xiyabani"),
        ("İstanbul’un günü", "istanbulun-gunu"),
        ("Straße der Ähren", "strasse-der-ahren"),
        ("День памяти и скорби", "den-pamiati-i-skorbi"),
        ("Հիշատակի օր", "hishataki-or"),
        ("Ημέρα μνήμης", "imera-mnimis"),
        ("יום העצמאות", "20-january"),
        (" -- ", "20-january"),
    ],
)
def test_an_id_is_readable_in_ascii(name: str, id_: str) -> None:
    assert slug(name, "20 January") == id_


@given(st.text(max_size=300))
def test_every_id_is_of_the_form_that_a_calendar_has(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made := slug(name))
    assert len(made) <= 60


def test_an_id_that_is_taken_gets_a_number() -> None:
    assert free_id("day", ()) == "day"
    assert free_id("day", {"day", "day-2"}) == "day-3"
