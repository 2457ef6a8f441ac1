"""Warnings that an author has looked at and allows, in a comment: `# check: allow W601`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from notifier.catalog.problems import Problem, Severity

_ALLOW = re.compile(rb"#\s*check:\s*allow\s+([WN]\d{3}(?:[\s,]+[WN]\d{3})*)")


def without_allowed(problems: Iterable[Problem], contents: Mapping[str, bytes]) -> list[Problem]:
    """Return what is not allowed at its place: at the end of the line it is on, or on a line of its own above.

    `contents` are the files' octets by the names they have in findings. Errors cannot be allowed.
    """
    problems = list(problems)
    if not any(_ALLOW.search(data) for data in contents.values()):
        return problems
    lines = {name: data.split(b"\n") for name, data in contents.items()}
    return [one for one in problems if not _is_allowed(one, lines.get(one.place.file, ()))]


def _is_allowed(problem: Problem, lines: Sequence[bytes]) -> bool:
    if problem.severity is Severity.ERROR:
        return False
    number = problem.place.line - 1
    here = lines[number] if number < len(lines) else b""
    above = lines[number - 1] if 0 < number <= len(lines) else b""
    found = [here, above] if above.lstrip().startswith(b"#") else [here]
    return any(problem.code.encode() in match[1] for line in found for match in _ALLOW.finditer(line))
