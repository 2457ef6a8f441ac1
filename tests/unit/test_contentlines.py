"""Folding and escaping: 75 octets, no character and no escape cut, and nothing lost on the way."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifier.content.contentlines import escaped, folded, one_line, plain, text_line

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
# What lengthens, turns around, joins and ends lines stands thick in these.
awkward = st.text(
    st.sampled_from(list('\\,;:nN"a^ \t\r\n\x00\x0b\x0c\x85\u2028\u2029\u200f\u202e\u2067\u2069\ufeffəДא'))
    | st.sampled_from("🕯👨‍👩‍👧"),
    max_size=400,
)
ESCAPE = re.compile(r"\\[\\;,n]")


def pieces(line: bytes) -> list[bytes]:
    assert line.endswith(b"\r\n")
    return line.removesuffix(b"\r\n").split(b"\r\n")


def unfolded(line: bytes) -> str:
    return line.removesuffix(b"\r\n").replace(b"\r\n ", b"").decode()


@given(texts | awkward)
@example("\\" * 200)
@example("a" * 68 + "\\" * 3 + "n")
@example("ə" * 200)
def test_a_folded_line_unfolds_to_itself(text: str) -> None:
    line = f"SUMMARY:{escaped(plain(text))}"

    assert unfolded(folded(line)) == line


@given(texts | awkward)
@example("\\" * 200)
@example("🕯" * 100)
def test_each_piece_has_at_most_75_octets_and_is_whole(text: str) -> None:
    for number, piece in enumerate(pieces(text_line("DESCRIPTION", plain(text)))):
        assert len(piece) <= 75
        assert (number == 0) or piece.startswith(b" ")
        rest = ESCAPE.sub("", piece.decode())
        assert "\\" not in rest
        assert not set(",;") & set(rest)


def test_a_line_of_75_octets_stays_whole_and_one_of_76_does_not() -> None:
    assert pieces(folded("X" * 75)) == [b"X" * 75]
    assert pieces(folded("X" * 76)) == [b"X" * 75, b" X"]


def test_a_folded_line_counts_the_space_it_begins_with() -> None:
    assert [len(piece) for piece in pieces(folded("X" * 200))] == [75, 75, 52]


@given(texts | awkward)
def test_no_control_character_is_left_but_the_line_end(text: str) -> None:
    assert not {c for c in plain(text) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} - {"\n"}


@given(texts | awkward)
def test_one_line_is_one_line_to_every_reader(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    assert plain(f"Baku{end}1990") == "Baku\n1990"


def test_half_a_surrogate_pair_is_left_out() -> None:
    assert folded(plain("Baku\ud83d")) == b"Baku\r\n"


def test_colons_are_not_escaped() -> None:
    assert text_line("SUMMARY", r"a:b;c,d\e") == b"SUMMARY:a:b\\;c\\,d\\\\e\r\n"
