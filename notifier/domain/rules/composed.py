"""Rules that hold other rules: looking into them, and putting others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, cast

from notifier.domain.rules import Rule
from notifier.domain.rules.relative import EventDay, Following
from notifier.domain.rules.spans import Span


def parts(rule: Rule) -> Iterator[Rule]:
    """Yield a rule and every rule it is written with; not those of another event."""
    yield rule
    if isinstance(rule, Following):
        yield from parts(rule.base)
    if isinstance(rule, Span):
        yield from parts(rule.until)


def rewritten(rule: Rule, change: Callable[[Rule], Rule]) -> Rule:
    """Return the rule with `change` made to every simple rule that it is written with."""
    if not isinstance(rule, Following):
        return change(rule)
    # Every rule that follows others is a dataclass.
    whole = cast("Any", rule)
    names = {field.name for field in fields(whole)} & {"base", "until"}
    return cast("Rule", replace(whole, **{name: rewritten(getattr(rule, name), change) for name in names}))


def events_named(rule: Rule) -> Iterator[str]:
    """Yield the ids of the events that a rule is told by."""
    for part in parts(rule):
        if isinstance(part, EventDay):
            yield part.event
