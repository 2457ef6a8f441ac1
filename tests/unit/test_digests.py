"""Digests that are kept in databases: they never change."""

from __future__ import annotations

from notifier.domain.digests import digest_of, digest_of_texts


def test_they_stay_as_they_were() -> None:
    assert digest_of([b"days\n", b""]) == "ffe8c1678ef059121dd5e151460781d84787c7092cc255b5c1975fa563b6b392"
    assert digest_of_texts("Gedächtnis", "\ud800") == "997b46abfff1a776bed769cac2c2b3b201f6e5549840967c9680dd7228404cf2"


def test_no_part_runs_into_the_next() -> None:
    assert digest_of([b"ab", b"c"]) != digest_of([b"a", b"bc"]) != digest_of([b"abc"])
    assert digest_of([b"1:a"]) != digest_of([b"a"])
