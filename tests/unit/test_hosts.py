"""Which hosts are this machine."""

from __future__ import annotations

import pytest

from notifier.domain.addresses import is_loopback
from notifier.domain.hosts import is_this_machine


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("LOCALHOST", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("127.0.0.1.example.org", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_only_loopback_is_this_machine(host: str, *, local: bool) -> None:
    assert is_this_machine(host) is local


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://[::1]:8000", True),
        ("http://localhost.example.org", False),
        ("not an address", False),
    ],
)
def test_an_address_is_judged_by_its_host(address: str, *, local: bool) -> None:
    assert is_loopback(address) is local
