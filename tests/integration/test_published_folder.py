"""A folder that is read while it is published into."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.storage.files_below import FolderError, FolderUnusableError, FolderWayError, OutsideFolderError
from notifier.storage.published_folder import (
    LIST,
    FolderBusyError,
    FolderNotOursError,
    ListUnreadableError,
    StaticFile,
    Written,
    opened,
)

NOW = datetime(2027, 1, 13, 12, tzinfo=UTC)
THEN = datetime(2027, 1, 1, tzinfo=UTC)


def publish(folder: Path, *files: StaticFile, now: datetime = NOW, force: bool = False) -> Written:
    with opened(folder, force=force) as target:
        return target.replace_all(files, now)


def page(content: bytes = b"a page", name: str = "en/index.html") -> StaticFile:
    return StaticFile(name, content)


def feed(content: bytes = b"a feed", modified: datetime = THEN, name: str = "feeds/en/all.ics") -> StaticFile:
    return StaticFile(name, content, modified)


def held(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Something that is nobody's business here."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "all.ics").write_bytes(b"not ours")
    return elsewhere


def test_it_holds_what_was_published(folder: Path) -> None:
    assert publish(folder, page(), feed()) == Written(2, 0, 0)

    assert (folder / "en/index.html").read_bytes() == b"a page"
    assert held(folder) == {"en/index.html", "feeds/en/all.ics"}


def test_what_is_unchanged_is_not_written_again(folder: Path) -> None:
    publish(folder, page(), feed())
    before = [(folder / name).stat() for name in ("en/index.html", "feeds/en/all.ics")]

    assert publish(folder, page(), feed(), now=NOW + timedelta(days=1)) == Written(0, 2, 0)

    after = [(folder / name).stat() for name in ("en/index.html", "feeds/en/all.ics")]
    assert [(s.st_ino, s.st_mtime_ns) for s in after] == [(s.st_ino, s.st_mtime_ns) for s in before]


def test_what_is_no_longer_public_is_removed_with_the_folders_it_leaves_empty(folder: Path) -> None:
    publish(folder, page(), feed())

    assert publish(folder, page()) == Written(0, 1, 1)

    assert held(folder) == {"en/index.html"}
    assert not (folder / "feeds").exists()


def test_only_own_files_are_removed(folder: Path) -> None:
    publish(folder, page(), feed())
    (folder / "feeds/note.txt").write_text("somebody's own", "utf-8")

    publish(folder, page())

    assert held(folder) == {"en/index.html", "feeds/note.txt"}


def test_a_feed_carries_its_last_modified_as_its_time(folder: Path) -> None:
    publish(folder, feed())
    assert (folder / "feeds/en/all.ics").stat().st_mtime == THEN.timestamp()

    publish(folder, feed(b"revised", THEN + timedelta(days=3)))
    assert (folder / "feeds/en/all.ics").stat().st_mtime == (THEN + timedelta(days=3)).timestamp()


def test_other_bytes_never_have_the_same_time(folder: Path) -> None:
    """A server makes its validators of time and size."""
    times = []
    for content in (b"one", b"two", b"six"):
        publish(folder, page(content), feed(content))
        times.append([(folder / name).stat().st_mtime for name in ("en/index.html", "feeds/en/all.ics")])

    pages, feeds = zip(*times, strict=True)
    assert pages == tuple(NOW.timestamp() + seconds for seconds in range(3))
    assert feeds == tuple(THEN.timestamp() + seconds for seconds in range(3))


def test_a_time_that_was_lost_on_the_way_is_given_back(folder: Path) -> None:
    publish(folder, feed())
    os.utime(folder / "feeds/en/all.ics", (NOW.timestamp(), NOW.timestamp()))

    assert publish(folder, feed()) == Written(0, 1, 0)

    assert (folder / "feeds/en/all.ics").stat().st_mtime == THEN.timestamp()


def test_a_folder_with_other_files_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", "utf-8")

    with pytest.raises(FolderNotOursError, match=r"holds files that were not published.*--force"):
        publish(folder, page())
    assert held(folder) == {"thesis.txt"}

    assert publish(folder, page(), force=True) == Written(1, 0, 0)
    assert held(folder) == {"thesis.txt", "en/index.html"}
    publish(folder, page(name="de/index.html"))
    assert held(folder) == {"thesis.txt", "de/index.html"}


def test_an_empty_folder_is_taken(folder: Path) -> None:
    folder.mkdir()

    assert publish(folder, page()) == Written(1, 0, 0)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.html",
        "en/../../outside.html",
        "/etc/passwd",
        "en//index.html",
        "./index.html",
        "en/.",
        "",
        "en/a\0b",
        "en\\..\\x",
        "en/line\nbreak",
        LIST,
    ],
)
def test_a_name_cannot_leave_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(OutsideFolderError, match="is not the name of a file below"):
        publish(folder, page(), page(name=name))

    assert held(folder) == set()


def test_a_folder_that_is_a_link_is_not_followed(folder: Path, outside: Path) -> None:
    (folder / "feeds").mkdir(parents=True)
    (folder / "feeds/en").symlink_to(outside)

    with pytest.raises(FolderWayError, match="feeds/en is a link or not a folder"):
        publish(folder, feed(), force=True)

    assert (outside / "all.ics").read_bytes() == b"not ours"
    assert [path.name for path in outside.iterdir()] == ["all.ics"]


def test_a_file_that_is_a_link_is_replaced_and_not_written_through(folder: Path, outside: Path) -> None:
    publish(folder, feed())
    (folder / "feeds/en/all.ics").unlink()
    (folder / "feeds/en/all.ics").symlink_to(outside / "all.ics")

    assert publish(folder, feed()) == Written(1, 0, 0)

    assert (folder / "feeds/en/all.ics").read_bytes() == b"a feed"
    assert not (folder / "feeds/en/all.ics").is_symlink()
    assert (outside / "all.ics").read_bytes() == b"not ours"


def test_nothing_is_removed_through_a_link(folder: Path, outside: Path) -> None:
    publish(folder, page(), feed())
    (folder / "feeds/en/all.ics").unlink()
    (folder / "feeds/en").rmdir()
    (folder / "feeds/en").symlink_to(outside)

    assert publish(folder, page()) == Written(0, 1, 0)

    assert (outside / "all.ics").read_bytes() == b"not ours"


def test_a_list_that_was_tampered_with_removes_nothing_elsewhere(folder: Path, outside: Path) -> None:
    publish(folder, page())
    (folder / LIST).write_text('{"files": {"../elsewhere/all.ics": 0}, "format": 1}', "utf-8")

    with pytest.raises(OutsideFolderError):
        publish(folder, page())

    assert (outside / "all.ics").exists()


@pytest.mark.parametrize("content", ["", "[]", '{"files": 3}', '{"files": {"a": "b"}}'])
def test_a_list_that_cannot_be_read_is_one_sentence(folder: Path, content: str) -> None:
    publish(folder, page())
    (folder / LIST).write_text(content, "utf-8")

    with pytest.raises(ListUnreadableError, match=r"published.json cannot be read; remove it, and add --force"):
        publish(folder, page())


def test_what_a_publish_that_was_cut_off_has_left_is_taken_away(folder: Path) -> None:
    publish(folder, page())
    with opened(folder) as target, pytest.raises(KeyboardInterrupt):
        target.replace_all([page(b"revised"), feed()], NOW, _interrupt_at("feeds/en/all.ics"))
    assert (folder / "en/index.html").read_bytes() == b"a page"
    assert (folder / "feeds/en/.all.ics.part").exists()

    publish(folder, page())

    assert held(folder) == {"en/index.html"}
    assert not (folder / "feeds").exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(folder: Path) -> None:
    folder.write_text("a file", "utf-8")

    with pytest.raises(FolderUnusableError, match="cannot be written: File exists"):
        publish(folder, page())


def test_a_folder_where_a_file_has_to_be_is_one_sentence(folder: Path) -> None:
    (folder / "en/index.html").mkdir(parents=True)

    with pytest.raises(FolderUnusableError, match=r"index\.html cannot be written: Is a directory"):
        publish(folder, page(), force=True)


@pytest.mark.parametrize("name", [f"feeds/en/{'a' * 300}.ics", f"{'a' * 300}/all.ics"])
def test_a_name_that_is_too_long_is_one_sentence_and_leaves_nothing_behind(folder: Path, name: str) -> None:
    publish(folder, page(), feed())

    with pytest.raises(FolderError, match="File name too long"):
        publish(folder, page(b"revised"), feed(name="feeds/de/all.ics"), feed(name=name))

    assert held(folder) == {"en/index.html", "feeds/en/all.ics"}
    assert (folder / "en/index.html").read_bytes() == b"a page"
    assert not list(folder.rglob(".*.part"))


def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(folder: Path) -> None:
    publish(folder, page())
    before, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    try:
        with pytest.raises(FolderUnusableError, match=r"all\.ics cannot be written: File too large"):
            publish(folder, page(b"revised"), feed(b"x" * 2_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, resource.RLIM_INFINITY))
        signal.signal(signal.SIGXFSZ, handler)

    assert not list(folder.rglob(".*.part"))
    assert (folder / "en/index.html").read_bytes() == b"a page"


def test_a_folder_that_a_file_stands_in_the_way_of_is_one_sentence(folder: Path) -> None:
    publish(folder, page())
    (folder / "feeds").write_text("a file", "utf-8")

    with pytest.raises(FolderWayError, match="feeds is a link or not a folder"):
        publish(folder, page(), feed())


def test_two_do_not_publish_at_once(folder: Path) -> None:
    with opened(folder), multiprocessing.get_context("spawn").Pool(1) as other:
        said = other.apply(_said_on_opening, (folder,))

    assert said == f"{folder} is being published into by another process; try again when that has ended"
    assert _said_on_opening(folder) == ""


def test_a_reader_never_sees_half_a_file(folder: Path) -> None:
    whole = [letter * 400_000 for letter in (b"a", b"b")]
    publish(folder, page(whole[0]), feed(whole[0]))
    seen: Counter[bytes] = Counter()
    with _reading(folder / "en/index.html", seen), _reading(folder / "feeds/en/all.ics", seen):
        for number in range(60):
            content = whole[(number + 1) % 2]
            publish(folder, page(content), feed(content, THEN + timedelta(seconds=number)))

    assert seen.total() > 1
    assert set(seen) <= set(whole)


def _interrupt_at(last: str) -> Callable[[str], None]:
    def interrupt(name: str) -> None:
        if name == last:
            raise KeyboardInterrupt

    return interrupt


def _said_on_opening(folder: Path) -> str:
    try:
        with opened(folder):
            return ""
    except FolderBusyError as error:
        return str(error)


@contextmanager
def _reading(path: Path, seen: Counter[bytes]) -> Iterator[None]:
    """Read a file over and over in a thread."""
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen[path.read_bytes()] += 1

    reader = threading.Thread(target=read)
    reader.start()
    yield
    done.set()
    reader.join()
