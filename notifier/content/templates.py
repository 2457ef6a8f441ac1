"""The templates of messages and pages: one Jinja2 environment, strict about names it does not know.

What an event says reaches a template as data and is never read as a template.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from notifier.content.language import Language
from notifier.content.mail_text import mail_line

if TYPE_CHECKING:
    from jinja2 import Environment

_SHAPES = frozenset({".html", ".txt", ".xml", ".css"})
_MARKUP = ("html", "xml")


class TemplateProblem(NamedTuple):
    """A template that cannot be compiled: where, and what is wrong."""

    path: Path
    line: int
    message: str


class Templates:
    """The templates of a folder, by their path in it; each is compiled when first rendered, and kept.

    A template changed on disk is read at the next start, so that one message never mixes two versions.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the templates lie, and the files that are served beside them."""
        return self._folder

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

        environment = Environment(
            loader=FileSystemLoader(self._folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=_MARKUP),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters["oneline"] = mail_line
        return environment

    def render(self, name: str, language: Language, /, **values: object) -> str:
        """Fill in a template; it also has `language`, and its `say`, `say_many` and `say_context`.

        An imported file of macros has them when it is imported `with context`. Raises jinja2's UndefinedError for a
        name that stands in the template and is not given.
        """
        return self._environment.get_template(name).render(
            values,
            language=language,
            say=language.say,
            say_many=language.say_many,
            say_context=language.say_context,
        )

    def names(self) -> tuple[str, ...]:
        """Return the paths of all templates in the folder, sorted."""
        files = (path for path in self._folder.rglob("*") if path.suffix in _SHAPES and path.is_file())
        return tuple(sorted(path.relative_to(self._folder).as_posix() for path in files))

    def problems(self) -> list[TemplateProblem]:
        """Compile every template and return what is wrong with them."""
        from jinja2 import TemplateSyntaxError

        found = []
        for name in self.names():
            try:
                self._environment.get_template(name)
            except TemplateSyntaxError as error:
                found.append(TemplateProblem(self._folder / name, error.lineno, error.message or "cannot be read"))
            except UnicodeDecodeError as error:
                found.append(TemplateProblem(self._folder / name, 1, f"is not UTF-8: {error.reason}"))
        return found
