"""The files of docs/deploy: what they start exists, and understands the options that they give."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.suite.runs import ROOT

FOLDER = ROOT / "docs" / "deploy"


@pytest.fixture(scope="module")
def usage() -> str:
    """What Locust says of its own options, and the load suite of those beside them."""
    manuals = (("locust", "--help"), ("loadtests",))
    return "".join(
        subprocess.run(
            [sys.executable, "-m", *manual], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for manual in manuals
    )


def commands() -> Iterator[list[str]]:
    """Each command of Compose and Kubernetes, as words."""
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    for service in compose["services"].values():
        yield service["command"].split()
    for document in yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")):
        if document["kind"] == "Job":
            yield document["spec"]["template"]["spec"]["containers"][0]["args"]


@pytest.mark.parametrize("command", list(commands()), ids=lambda words: words[-1])
def test_commands_have_options_that_there_are(command: list[str], usage: str) -> None:
    """Every option of a command stands in Locust's own help, and the locustfile is there."""
    options = [word for word in command if word.startswith("--")]

    assert command[0] == "locust"
    assert (ROOT / command[command.index("-f") + 1]).is_file()
    assert [option for option in options if option not in usage] == []


def test_as_many_workers_as_the_master_waits_for() -> None:
    """On Kubernetes the master expects just the workers that run side by side."""
    text = (FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")
    jobs = [one for one in yaml.safe_load_all(text) if one["kind"] == "Job"]
    master, workers = jobs
    args = master["spec"]["template"]["spec"]["containers"][0]["args"]

    assert int(args[args.index("--expect-workers") + 1]) == workers["spec"]["parallelism"]


def test_the_image_has_what_it_copies() -> None:
    """What the Dockerfile copies is there, and it installs from the lock file, with hashes."""
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY")]

    assert all(Path(ROOT / name).exists() for name in copied)
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
