"""The ways between the parts of a list that is too long for one page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notifier.content.language import Language
from notifier.content.site import SiteDay

PartPath = Callable[[int], str]
"""The path of a part, by its number, in the page's language."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """Where one part stands. `relation` is `prev` or `next` where it stands beside the present one, and else empty."""

    called: str
    path: str
    present: bool
    relation: str


def part_links(site: SiteDay, language: Language, path_of: PartPath, number: int, count: int) -> Sequence[PartLink]:
    """Return the links to all parts, seen from one of them; none where there is only one."""
    beside = {number - 1: "prev", number + 1: "next"}
    return [
        PartLink(language.number(part), site.local(path_of(part)), part == number, beside.get(part, ""))
        for part in range(1, count + 1)
        if count > 1
    ]


def in_part(title: str, language: Language, number: int) -> str:
    """Return the title of a part; the first has the list's own."""
    return title if number == 1 else language.say("{title}, part {n}", title=title, n=language.number(number))
