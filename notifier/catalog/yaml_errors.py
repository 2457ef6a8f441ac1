"""What the YAML parser complains of, as a sentence with the remedy."""

from __future__ import annotations

from collections.abc import Mapping

_QUOTE = "put a text that holds such a character into quotation marks"

_REMEDIES: Mapping[str, str] = {
    "mapping values are not allowed in this context": "put a text with a colon in it into quotation marks",
    "did not find expected ',' or ']'": "separate the items by commas, and close [ with ]",
    "did not find expected ',' or '}'": "separate the pairs by commas, and close { with }",
    "did not find expected '-' indicator": "indent the line as its neighbours are",
    "did not find expected key": "indent the line as its neighbours are",
    "did not find expected node content": _QUOTE,
    "could not find expected ':'": "write a colon and a space after a key",
    "found unknown escape character": r"write \\ for a backslash, or use single quotation marks",
    "did not find expected hexdecimal number": r"write \\ for a backslash, or use single quotation marks",
    "found character that cannot start any token": _QUOTE,
    "did not find expected alphabetic or numeric character": _QUOTE,
    "found incompatible YAML document": "take the line with %YAML away",
    "block sequence entries are not allowed in this context": "begin the list on a line of its own",
    "found unexpected document indicator": "take the line of dashes or dots away, or indent it",
}


def yaml_sentence(problem: str, line: str, column: int, *, is_last: bool) -> str:
    """Return what is wrong in a line, of which `column` counts from 1; what cuts a file off shows in its last one."""
    if "\t" in line[: len(line) - len(line.lstrip())] or line[column - 1 : column] == "\t":
        return "a tab cannot indent a line; use spaces"
    if is_last:
        return f"the file ends too early, it may have been cut off: {problem}"
    remedy = _REMEDIES.get(problem)
    return f"this is not YAML: {problem}{f'; {remedy}' if remedy else ''}"
