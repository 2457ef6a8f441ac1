"""Zones come from the locked data, whatever the system has beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest

LOOKED_UP = """
from datetime import datetime
from notifier.content.vtimezone import vtimezone
from notifier.domain.hours import zone
print(datetime(2027, 1, 20, tzinfo=zone("Asia/Baku")).utcoffset())
print(b"TZOFFSETTO:+0400" in vtimezone("Asia/Baku", 2027, 2027))
zone("right/UTC")
"""


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A folder of zone data as a system has it: Baku by the clocks of Tokyo, and zones that nobody else knows."""
    with as_file(files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo")) as tokyo:
        for name in ("Asia/Baku", "right/UTC", "localtime"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            shutil.copy(tokyo, tmp_path / name)
    return tmp_path


def test_what_the_system_has_is_not_read(system: Path) -> None:
    environment = os.environ | {"PYTHONTZPATH": str(system)}
    done = subprocess.run(
        [sys.executable, "-c", LOOKED_UP], env=environment, capture_output=True, text=True, check=False
    )

    assert done.stdout == "4:00:00\nTrue\n"
    assert 'ZoneError: "right/UTC" is not a time zone' in done.stderr


def test_the_programme_reads_its_settings_by_the_same_data(system: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONTZPATH": str(system), "NOTIFIER_ZONE": "localtime"}
    done = subprocess.run(
        [Path(sys.executable).with_name("notifier"), "upcoming"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "localtime" in done.stderr
