"""Single values written into a calendar file, and the places where values stand."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifier.catalog.importers.yaml_text import Edit, UneditableError, edited, read_values, scalar

TEXTS = st.text(max_size=40)


@settings(max_examples=60)
@example("a: b")
@example("a #b")
@example("- a")
@example("'a'")
@example('"q" \\ x')
@example("{a}, [b]")
@example("~")
@example("null")
@example("")
@example("!tag x")
@example("*alias")
@example("&anchor x")
@example("| x")
@example("a\nb\r\nc\u2028d\x85e")
@example("---")
@example("? a")
@example("\ufeffa")
@given(TEXTS)
def test_every_text_reads_back_as_it_was_written(text: str) -> None:
    in_lines = read_values(f"k: {scalar(text)}\nz: end\n")
    in_braces = read_values(f"k: {{a: {scalar(text, in_flow=True)}, b: c}}\nz: end\n")

    one, other = in_lines.get("k"), in_braces.get("k")
    assert one is not None
    assert other is not None
    assert one.text == text
    assert [value.text for _, value in other.pairs] == [text, "c"]
    assert [key.text for key, _ in in_lines.pairs] == [key.text for key, _ in in_braces.pairs] == ["k", "z"]


@pytest.mark.parametrize(("text", "plain"), [("Qara Yanvar", True), ("no", True), ("11:00", True), ("a: b", False)])
def test_what_can_stand_plain_does(text: str, plain: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert (scalar(text) == text) is plain


def test_places_count_characters_after_a_mark_of_byte_order_too() -> None:
    text = "\ufeffä: ö\nk: {en: Wörter, de: 'x'}\n"

    value = read_values(text).get("k")

    assert value is not None
    assert [text[one.start : one.end] for _, one in value.pairs] == ["Wörter", "'x'"]


def test_two_edits_of_one_place_are_refused() -> None:
    with pytest.raises(UneditableError):
        edited("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")])


def test_edits_leave_all_else() -> None:
    assert edited("abcd", [Edit(3, 4, ""), Edit(1, 2, "xyz"), Edit(0, 0, ">")]) == ">axyzc"
