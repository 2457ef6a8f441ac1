"""docker-compose.yml against the Compose Specification, and against the image it runs."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"


@pytest.fixture(name="compose")
def compose_file() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


def test_it_follows_the_compose_specification() -> None:
    check = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        str(COMPOSE),
    ]

    result = subprocess.run(check, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout + result.stderr


def test_no_port_is_open_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_volume_and_secret_that_is_mounted_is_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(compose["volumes"])
        assert set(service.get("secrets", [])) <= set(compose["secrets"])


def test_the_secret_is_read_where_it_is_mounted(compose: dict[str, Any]) -> None:
    notifier = compose["services"]["notifier"]

    assert notifier["environment"]["NOTIFIER_SECRET_FILE"] == f"/run/secrets/{notifier['secrets'][0]}"


def test_a_plain_start_needs_no_postgresql(compose: dict[str, Any]) -> None:
    notifier = compose["services"]["notifier"]

    assert compose["services"]["postgres"]["profiles"] == ["postgres"]
    assert notifier["depends_on"]["postgres"]["required"] is False
    assert notifier["environment"]["NOTIFIER_DATABASE_URL"].endswith(":-sqlite:///var/notifier.db}")
