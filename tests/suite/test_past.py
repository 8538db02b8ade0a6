"""Breaches of earlier runs, asked first on the next one."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from endpoint import target as targets
from tests.repeat import past
from tests.reporting import saved
from tests.suite.runs import output, started

DEFECT = ("--mock-defect", "content-refused")

FILE = "tests/contract/test_payload.py"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run has kept one breach of the mock."""
    folder = tmp_path_factory.mktemp("earlier")
    output(started(folder, "-q", "-x", FILE, *DEFECT))
    return folder


def run(folder: Path, *options: str) -> tuple[int, str]:
    """A later run there: its exit code, and what it printed."""
    process = started(folder, "-v", "tests/contract", *options)
    printed = output(process)
    return process.returncode, printed


def test_a_kept_breach_is_asked_before_all_others(folder: Path) -> None:
    """With --past-first the first case of all is the request that broke, and -x ends with it."""
    code, printed = run(folder, "--past-first", "-x", *DEFECT)

    assert code == 1
    assert ", 1 cases, 1 with a breach" in printed
    assert "test_past.py::test_a_past_breach_does_not_show[payload.content-" in printed


def test_asking_a_past_breach_again_keeps_it_once(folder: Path) -> None:
    """A breach that is still there is kept under its old name, with the test that met it first."""
    run(folder, "--past-first", "-x", *DEFECT)
    recipes = list((folder / "reports" / "breaches").glob(f"*/{saved.RECIPE}"))

    assert len(recipes) == 1
    assert saved.read(recipes[0].parent).test.startswith(FILE)


def test_a_past_breach_that_is_fixed_holds(folder: Path) -> None:
    """Against the mock as it is, the request and the test that met it hold, in that order."""
    code, printed = run(folder, "--past-first", "--clause", "payload.content")
    files = [line for line in printed.splitlines() if "test_past.py" in line or FILE in line]

    assert code == 0
    assert "test_past.py" in files[0]


def test_without_the_option_the_past_is_left_alone(folder: Path) -> None:
    """A run that was not asked to does not look at what earlier ones kept."""
    _, printed = run(folder, "--clause", "payload.content")

    assert "test_past.py" not in printed


def test_nothing_kept_is_nothing_to_ask(tmp_path: Path) -> None:
    """On the first run of all --past-first changes nothing: no case, no skip."""
    code, printed = run(tmp_path, "--past-first", "--clause", "payload.content")

    assert code == 0
    assert "test_past.py" not in printed
    assert "skipped" not in printed


def test_the_past_of_another_target_is_passed_over(folder: Path) -> None:
    """What broke on one environment says nothing of another."""
    mock = targets.load("mock")
    reports = folder / "reports"

    assert len(list(past.of(reports, mock))) == 1
    assert list(past.of(reports, replace(mock, name="staging"))) == []


def test_what_cannot_be_read_is_passed_over(folder: Path, tmp_path: Path) -> None:
    """A broken folder, or one of clauses that there are no more, keeps no run from its work."""
    (kept,) = past.of(folder / "reports", targets.load("mock"))
    for name, content in (
        ("broken", b"no JSON"),
        ("gone", msgspec.json.encode(replace(kept.kept, clause="gone.clause", about=()))),
    ):
        (tmp_path / "breaches" / name).mkdir(parents=True)
        (tmp_path / "breaches" / name / saved.RECIPE).write_bytes(content)

    assert list(past.of(tmp_path, targets.load("mock"))) == []
