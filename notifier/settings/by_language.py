"""What is set once for everybody, and otherwise for readers of single languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ByLanguage:
    """One value for everybody, and others in its place by language tag, in lower case."""

    everybody: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is a value for everybody."""
        return bool(self.everybody)

    def __str__(self) -> str:
        """Return the value for everybody."""
        return self.everybody

    def __iter__(self) -> Iterator[str]:
        """Go through every value there is."""
        return iter((*filter(None, [self.everybody]), *self.others.values()))

    def of(self, language: str) -> str:
        """Return what is set for readers of a language; empty for nothing."""
        return self.others.get(language, self.everybody)

    def checked(self, check: Callable[[str], object]) -> ByLanguage:
        """Return it as it is, once every value has passed a check that raises."""
        for value in self:
            check(value)
        return self


def by_language(value: object) -> object:
    """Read a value that is one for everybody."""
    return ByLanguage(value) if isinstance(value, str) else value
