"""The files of docs/pipeline: their commands have options that there are; reports are kept."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from _pytest.mark import ParameterSet

from tests.suite.runs import ROOT

FOLDER = ROOT / "docs" / "pipeline"

PROGRAMS = {"pytest": ("pytest", "--help"), "locust": ("loadtests",)}
"""Module that a command runs -> what prints its manual."""


@cache
def manual(module: str) -> str:
    """What a module says of its options; of Locust's own, too."""
    manuals = [PROGRAMS[module], *([("locust", "--help")] if module == "locust" else [])]
    return "".join(
        subprocess.run(
            [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for words in manuals
    )


def scripts(value: object) -> Iterator[str]:
    """Every shell script in a pipeline file."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key in {"run", "script"}:
                yield from inside if isinstance(inside, list) else [inside]
            else:
                yield from scripts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from scripts(inside)


def commands() -> Iterator[ParameterSet]:
    """Each command that runs Python, as words, by the file that it stands in."""
    for file in sorted(FOLDER.glob("*.yml")):
        for script in scripts(yaml.safe_load(file.read_text(encoding="utf-8"))):
            if ".venv/bin/python -m" in script:
                words = shlex.split(script.replace("\\\n", " "))
                yield pytest.param(words, id=f"{file.stem}-{words[2]}")


def test_both_hold_contract_and_load() -> None:
    """Neither file is without one of the two."""
    assert sorted(str(one.id) for one in commands()) == [
        "github-locust",
        "github-pytest",
        "gitlab-locust",
        "gitlab-pytest",
    ]


@pytest.mark.parametrize("words", list(commands()))
def test_commands_have_options_that_there_are(words: list[str]) -> None:
    """Every option stands in the manual of what is run, and every file of ours is there."""
    options = [word for word in words if word.startswith("--")]
    files = [word for word in words if re.match(r"(tests|loadtests)/", word)]

    assert options
    assert [option for option in options if option not in manual(words[2])] == []
    assert all((ROOT / file).exists() for file in files)


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_the_token_is_no_part_of_a_command(name: str) -> None:
    """It comes as a variable that is masked, and no script names it."""
    text = (FOLDER / name).read_text(encoding="utf-8")

    assert "ALTCRAFT_TOKEN" in text
    assert not any("TOKEN" in script for script in scripts(yaml.safe_load(text)))


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yml")), ids=lambda file: Path(file).name)
def test_reports_are_kept_also_when_the_run_fails(file: Path) -> None:
    """A failed run is when somebody wants to look at them."""
    text = file.read_text(encoding="utf-8")

    assert len(re.findall(r"when: always|if: always\(\)", text)) >= 2
    assert "suite/reports" in text
