"""What is digested of the program, so that kept bytes are made anew after an upgrade, is all that makes them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import notifier
from notifier.content.fingerprints import CODE
from notifier.usecases.shape_states import WRITERS

PACKAGE = Path(notifier.__file__).parent


def imported(file: Path) -> Iterator[Path]:
    """Yield the modules of the package that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names = [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            path = PACKAGE.parent.joinpath(*name.split("."))
            yield from (found for found in (path.with_suffix(".py"), path / "__init__.py") if found.exists())


def needed(*names: str) -> set[str]:
    """Return these modules and all that they need, by their paths in the package; those that hold anything."""
    found: set[Path] = set()
    waiting: list[Path] = [PACKAGE / name for name in names]
    while waiting:
        file = waiting.pop()
        if file.is_relative_to(PACKAGE) and file not in found and holds_anything(file):
            found.add(file)
            waiting += imported(file)
    return in_package(found)


def holds_anything(file: Path) -> bool:
    return any(not isinstance(node, ast.Expr) for node in ast.parse(file.read_text(encoding="utf-8")).body)


def in_package(files: Iterable[Path]) -> set[str]:
    return {file.relative_to(PACKAGE).as_posix() for file in files}


def test_all_that_renders_an_entry_is_in_its_fingerprint() -> None:
    digested = in_package(Path(str(module.__file__)) for module in CODE)

    assert digested == needed("content/vevent.py", "content/programme.py")


def test_all_that_writes_the_other_shapes_is_in_their_state() -> None:
    writers = ("content/notice_entries.py", "content/notices_feed.py", "content/csv_feed.py", "content/opml.py")

    assert set(WRITERS) == {*needed(*writers), "usecases/shapes.py"}


def test_what_makes_the_other_shapes_writes_them_with_these() -> None:
    """`usecases/shapes.py` imports its writers where it needs them; one that is added has to be named above."""
    tree = ast.parse((PACKAGE / "usecases" / "shapes.py").read_text(encoding="utf-8"))
    inner = {
        str(node.module)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
    }

    assert inner == {f"notifier.content.{name}" for name in ("notice_entries", "notices_feed", "csv_feed", "opml")}
