"""The templates as they are, with a note of each expression in them: whether it was ever rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from notifier.content.templates import Templates
from tests.factories import TEMPLATES

_IN_MARKUP = re.compile(r"[^:]+\.(html|xml):")


class _Noting(Extension):
    """Has every expression that is put out go through the function `noted`, with where it stands."""

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.expressions: dict[str, str] = {}

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        place, written = "", list[str]()
        for token in stream:
            if token.type == "variable_end":
                self.expressions[place] = " ".join(written)
                yield Token(token.lineno, "rparen", ")")
                place = ""
            elif place:
                written.append(repr(token.value) if token.type == "string" else str(token.value))
            yield token
            if token.type == "variable_begin":
                place, written = f"{stream.name}:{token.lineno}, {len(self.expressions) + 1}", []
                for kind, value in (("name", "noted"), ("lparen", "("), ("string", place), ("comma", ",")):
                    yield Token(token.lineno, kind, value)


class NotedTemplates(Templates):
    """Notes each expression that is put out."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)
        self._environment.add_extension(_Noting)
        self._environment.globals["noted"] = self._noted
        self._put_out: set[str] = set()

    def _noted(self, place: str, value: object) -> object:
        self._put_out.add(place)
        return value

    def _expressions(self) -> dict[str, str]:
        assert self.problems() == []  # all are compiled now
        noting = self._environment.extensions[_Noting.identifier]
        assert isinstance(noting, _Noting)
        return {at: said for at, said in noting.expressions.items() if _IN_MARKUP.match(at)}

    def never_put_out(self) -> list[str]:
        """Return the expressions in markup that were never rendered, with the template and the line they stand in."""
        return [f"{at} {said}" for at, said in self._expressions().items() if at not in self._put_out]
