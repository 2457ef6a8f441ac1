"""New blocks of a calendar file, written by ruamel.yaml: in order, with comments, and no line broken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from notifier.catalog.importers.yaml_text import WIDTH

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

_NO_LIMIT = 1_000_000


def mapping(**pairs: object) -> CommentedMap:
    """Return a mapping, in the order given."""
    from ruamel.yaml.comments import CommentedMap

    return CommentedMap(pairs)


def flow(value: Mapping[str, object] | Sequence[object]) -> CommentedMap | CommentedSeq:
    """Return a mapping or a list that is written within braces or brackets."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    made = CommentedMap(value) if isinstance(value, Mapping) else CommentedSeq(value)
    made.fa.set_flow_style()
    return made


def texts_of(texts: Mapping[str, str], before: int) -> CommentedMap:
    """Return a text by language: on one line where that has room, with `before` columns used, else on one each."""
    length = sum(len(tag) + len(text) + 8 for tag, text in texts.items())
    one_line = before + length <= WIDTH and not any("\n" in text for text in texts.values())
    made = mapping(**texts)
    if one_line:
        made.fa.set_flow_style()
    return made


def dumped(value: object, indent: int) -> str:
    """Return a value's lines, `indent` columns in."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width, yaml.allow_unicode = _NO_LIMIT, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(value, out)
    lines = out.getvalue().split("\n")
    # A list on its own is written two columns in already.
    shift = indent - 2 if isinstance(value, list) else indent
    return "\n".join(_shifted(line, shift) for line in lines)


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return ""
    return " " * by + line if by >= 0 else line.removeprefix(" " * -by)
