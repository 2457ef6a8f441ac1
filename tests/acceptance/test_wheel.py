"""The built wheel, alone in an empty environment and an empty folder."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import Daemon, Place
from tests.factories import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and, by way of a path, the libraries of this one: not this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env/bin/python"
    packages = next((folder / "env/lib").glob("python*/site-packages"))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    # Libraries alone: a .pth file in a folder named by another .pth file is not read, so the checkout stays away.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "env/bin/notifier"


def test_the_wheel_brings_calendar_templates_and_languages(
    installed: Path, tmp_path: Path, start: Callable[..., Daemon]
) -> None:
    place = Place(tmp_path, program=installed)

    checked = place.run("check")
    daemon = start(place)

    assert (checked.returncode, checked.stdout) == (0, "")
    assert checked.stderr.endswith("0 errors, 0 warnings\n")
    assert "Schwarzer Januar: 37. Jahrestag" in daemon.get("/feeds/de/all.ics").body.decode()
    assert daemon.get("/de/").status == 200
    assert str(ROOT) not in place.run("check", "--format", "json").stdout


def test_it_brings_the_calendar_of_the_world_too(installed: Path, tmp_path: Path) -> None:
    [there] = (installed.parent.parent / "lib").glob("python*/site-packages/notifier/data/calendars/world.yaml")
    place = Place(tmp_path, program=installed)

    checked = place.run("check", "--strict", str(there))

    assert there.read_bytes() == (ROOT / "calendars/world.yaml").read_bytes()
    assert checked.returncode == 0
    assert checked.stderr.endswith("0 errors, 0 warnings\n")
