"""The catalogs: complete, in agreement with the English, and holding every message the program says and no other."""

from __future__ import annotations

import ast
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
LOCALES = {path.parents[1].name: path for path in sorted(ROOT.glob("locales/*/LC_MESSAGES/notifier.po"))}
TRANSLATED = [tag for tag in LOCALES if tag != "en"]

TEMPLATES = {".html", ".txt", ".xml", ".jinja", ".j2"}

# How many leading arguments of each call are messages, and whether a context comes before them.
SAYING = {"say": 1, "_": 1, "say_many": 2, "say_context": 1}


class Message(NamedTuple):
    """One message of a catalog."""

    context: str | None
    ids: tuple[str, ...]
    wordings: tuple[str, ...]
    fuzzy: bool

    def __str__(self) -> str:
        """Return the entry as it would stand in a catalog, without its translation."""
        lines = [f"msgctxt {quoted(self.context)}"] if self.context else []
        lines += [f"msgid {quoted(self.ids[0])}"]
        lines += [f"msgid_plural {quoted(many)}" for many in self.ids[1:]]
        return "\n".join(lines)

    @property
    def key(self) -> tuple[str | None, tuple[str, ...]]:
        return self.context, self.ids


class Said(NamedTuple):
    """A message the program says, and where."""

    message: Message
    place: str


def quoted(text: str | None) -> str:
    escaped = (text or "").replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def as_tuple(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def read(tag: str) -> Catalog:
    with LOCALES[tag].open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(tag: str) -> list[Message]:
    return [
        Message(entry.context, as_tuple(entry.id), as_tuple(entry.string or ""), entry.fuzzy)
        for entry in read(tag)
        if entry.id
    ]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def report(title: str, findings: list[str]) -> str:
    return "\n\n".join([title, *findings])


# What the program says


def said_by(function: str, literals: list[str | None], place: str) -> Iterator[Said]:
    """Yield the message of one call; arguments that are not literal text cannot be looked up."""
    context = None
    if function == "say_context" and literals:
        context, *literals = literals
    ids = literals[: SAYING[function]]
    texts = tuple(text for text in ids if text is not None)
    if len(texts) == SAYING[function]:
        yield Said(Message(context, texts, (), fuzzy=False), place)


def said_in_python(path: Path) -> Iterator[Said]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            literals = [
                argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
                for argument in node.args
            ]
            if function in SAYING:
                yield from said_by(function, literals, f"{path}:{node.lineno}")


def said_in_template(path: Path) -> Iterator[Said]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        function = getattr(call.node, "attr", None) or getattr(call.node, "name", None)
        literals = [
            argument.value if isinstance(argument, nodes.Const) and isinstance(argument.value, str) else None
            for argument in call.args
        ]
        if function in SAYING:
            yield from said_by(function, literals, f"{path}:{call.lineno}")


def sentences_of_errors(path: Path) -> set[str]:
    """Return the sentences that stand on error classes; readers are told some of them in their own language."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(name, ast.Name) and name.id == "sentence" for name in names):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                found.add(node.value.value)
    return found


@cache
def everything_said() -> list[Said]:
    python = [said for path in sorted(ROOT.glob("notifier/**/*.py")) for said in said_in_python(path)]
    templates = [path for path in sorted(ROOT.glob("templates/**/*")) if path.suffix in TEMPLATES]
    return [*python, *(said for path in templates for said in said_in_template(path))]


@pytest.mark.parametrize("tag", LOCALES)
def test_every_message_the_program_says_is_in_the_catalog(tag: str) -> None:
    known = {message.key for message in messages(tag)}
    missing: dict[Message, list[str]] = {}
    for said in everything_said():
        if said.message.key not in known:
            missing.setdefault(said.message, []).append(said.place.removeprefix(f"{ROOT}/"))

    findings = [f"#: {' '.join(places)}\n{message}" for message, places in missing.items()]
    assert not findings, report(f"{LOCALES[tag].relative_to(ROOT)} lacks {len(findings)} messages:", findings)


def test_no_message_is_unused() -> None:
    said = {one.message.key for one in everything_said()}
    sentences = set().union(*(sentences_of_errors(path) for path in ROOT.glob("notifier/**/*.py")))
    unused = [message for message in messages("en") if message.key not in said]
    findings = [str(message) for message in unused if message.ids[0] not in sentences]

    assert not findings, report("nothing says these messages:", findings)


def test_calls_are_found_in_python_and_in_templates(tmp_path: Path) -> None:
    python = tmp_path / "page.py"
    python.write_text('language.say("One")\nlanguage.say_many("{n} a", "{n} b", 2)\nlanguage.say_context("c", "D")\n')
    template = tmp_path / "page.html"
    template.write_text("{{ _('Three') }}{% if say(\"Four\") %}{{ language.say_many('{n} a', '{n} b', n) }}{% endif %}")

    assert [said.message.key for said in said_in_python(python)] == [
        (None, ("One",)),
        (None, ("{n} a", "{n} b")),
        ("c", ("D",)),
    ]
    assert [said.message.key for said in said_in_template(template)] == [
        (None, ("Three",)),
        (None, ("Four",)),
        (None, ("{n} a", "{n} b")),
    ]


# The catalogs


@pytest.mark.parametrize("tag", LOCALES)
def test_a_catalog_says_which_language_it_is(tag: str) -> None:
    catalog = read(tag)

    assert str(catalog.locale) == tag.replace("-", "_")
    assert catalog.charset == "utf-8"


@pytest.mark.parametrize("tag", LOCALES)
def test_every_catalog_has_the_same_messages_in_the_same_order(tag: str) -> None:
    assert [message.key for message in messages(tag)] == [message.key for message in messages("en")]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_message_is_translated(tag: str) -> None:
    plural_forms = read(tag).num_plurals
    findings = [
        str(message)
        for message in messages(tag)
        if message.fuzzy
        or not all(wording.strip() for wording in message.wordings)
        or len(message.wordings) != (1 if len(message.ids) == 1 else plural_forms)
    ]

    assert not findings, report(f"{LOCALES[tag].relative_to(ROOT)} leaves untranslated:", findings)


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_translation_has_the_fields_of_its_message(tag: str) -> None:
    findings = [
        f"{message}\n{quoted(wording)}"
        for message in messages(tag)
        for wording in message.wordings
        if fields(wording) != fields(message.ids[-1])
    ]

    assert not findings, report(f"{LOCALES[tag].relative_to(ROOT)}: fields differ:", findings)


@pytest.mark.parametrize("tag", LOCALES)
def test_the_tone_is_solemn(tag: str) -> None:
    findings = [
        quoted(text)
        for message in messages(tag)
        for text in (*message.ids, *message.wordings)
        if "!" in text or any(unicodedata.category(character) == "So" for character in text)
    ]

    assert not findings, report(f"{LOCALES[tag].relative_to(ROOT)}: exclamation marks or emoji:", findings)


@pytest.mark.parametrize("tag", LOCALES)
def test_no_message_begins_or_ends_with_a_space(tag: str) -> None:
    texts = [text for message in messages(tag) for text in (*message.ids, *message.wordings)]

    # A no-break space may begin a message: in French it stands before a colon.
    assert [text for text in texts if text != text.strip(" \t\n")] == []
