"""What can be told of the image without building it."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

Instruction = tuple[str, str]


@pytest.fixture(name="stages")
def build_stages() -> list[list[Instruction]]:
    """Each stage's instructions, in order, as (keyword, rest)."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    instructions = [(line.split()[0], line.partition(" ")[2]) for line in joined.splitlines() if line.strip()]
    starts = [i for i, (keyword, _) in enumerate(instructions) if keyword == "FROM"]
    return [instructions[i:j] for i, j in zip(starts, [*starts[1:], None], strict=True)]


def values(stage: list[Instruction], keyword: str) -> list[str]:
    return [rest for word, rest in stage if word == keyword]


def copied_from_the_checkout(stages: list[list[Instruction]]) -> list[str]:
    copies = [rest.split() for stage in stages for rest in values(stage, "COPY")]
    return [source for words in copies if not words[0].startswith("--from=") for source in words[:-1]]


def test_everything_it_copies_is_there(stages: list[list[Instruction]]) -> None:
    sources = copied_from_the_checkout(stages)

    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_everything_it_copies_is_let_through_by_dockerignore(stages: list[list[Instruction]]) -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert "*" in ignore
    assert [source for source in copied_from_the_checkout(stages) if f"!{source}" not in ignore] == []


def test_packages_are_installed_by_hash_and_nothing_else_is_fetched(stages: list[list[Instruction]]) -> None:
    installs = [run for stage in stages for run in values(stage, "RUN") if "pip install" in run]

    assert installs
    assert all("--no-deps" in run for run in installs)
    assert all("--require-hashes" in run or "--no-build-isolation" in run for run in installs)


def test_it_does_not_run_as_root(stages: list[list[Instruction]]) -> None:
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", values(stages[-1], "USER")[-1])


def test_it_says_whether_it_is_well(stages: list[list[Instruction]]) -> None:
    (check,) = values(stages[-1], "HEALTHCHECK")
    python, flag, program = json.loads(check.partition(" CMD ")[2])

    compile(program, "HEALTHCHECK", "exec")
    assert (python, flag) == ("python", "-c")
    assert "/healthz" in program


def test_it_starts_the_daemon_without_a_shell_between_it_and_its_signals(
    stages: list[list[Instruction]],
) -> None:
    assert json.loads(values(stages[-1], "CMD")[-1]) == ["notifier", "run"]
    assert values(stages[-1], "STOPSIGNAL") == ["SIGTERM"]


def test_its_data_outlives_it(stages: list[list[Instruction]]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    (volume,) = values(stages[-1], "VOLUME")

    assert volume == f"{values(stages[-1], 'WORKDIR')[-1]}/var"
    assert f"var:{volume}" in compose["services"]["notifier"]["volumes"]
