"""Claims beside each other: what one party says twice in one source, and differently."""

from __future__ import annotations

from typing import NamedTuple

from notifier.catalog.findings import Findings
from notifier.catalog.lint.texts import child, items_of, pairs_of
from notifier.catalog.nodes import Items, Node
from notifier.catalog.problems import Code, Place
from notifier.domain.events import Event, FigureClaim
from notifier.domain.texts import Text


class _Placed(NamedTuple):
    claim: FigureClaim
    place: Place


def look_at_claims(findings: Findings, event: Event, node: Node) -> None:
    """Note claims that contradict each other inside one source, and those that stand twice.

    Sources may disagree with each other, and one source may quote several parties; but of one party in one source one
    figure is right, unless notes say what each is about.
    """
    for figure, (_, written) in zip(event.figures, pairs_of(child(node, "figures")), strict=True):
        claims = items_of(written if isinstance(written, Items) else child(written, "claims"))
        seen: dict[tuple[str, str, Text | None], _Placed] = {}
        for claim, its_node in zip(figure.claims, claims, strict=True):
            placed = _Placed(claim, its_node.place)
            for source in claim.sources:
                first = seen.setdefault((claim.by, source, claim.note), placed)
                if first is not placed:
                    _compare(findings, figure.what, source, first, placed)


def _compare(findings: Findings, what: str, source: str, first: _Placed, again: _Placed) -> None:
    where, claim = first.place.seen_from(again.place.file), again.claim
    if (first.claim.value, first.claim.qualifier) == (claim.value, claim.qualifier):
        message = f'"{what}" has the same claim of {claim.by} in {source} on {where} already; take one of them away'
        findings.warning(again.place, message, Code.REPEATED_CLAIM)
    else:
        message = (
            f'"{what}": {claim.by} says {_said(claim)} here and {_said(first.claim)} on {where}, both in {source}; '
            "correct one, name who else says it (by:), or say in a note: of each what it is about"
        )
        findings.warning(again.place, message, Code.CONTRADICTION)


def _said(claim: FigureClaim) -> str:
    return f"{claim.qualifier} {claim.value}"
