"""Several processes, one run: what holds when workers come, go, and are killed."""

import os
import signal
from pathlib import Path

import pytest

from tests.suite.load.loads import ended, load, started, until_it_runs
from tests.suite.whole_runs import free_port


def test_two_processes_give_one_report(tmp_path: Path) -> None:
    """With --processes 2 all that both measured stands in one run, and in the mock's journal."""
    run = load(tmp_path, "--scenario", "rate", "--run-time", "4", "--processes", "2")

    found = run.run("rate")
    assert run.code == 0, run.output
    assert found.complete
    assert found.conservation.said == found.conservation.journal > 0
    assert found.whole.requests == pytest.approx(200 * found.seconds, rel=0.5)


def test_a_worker_that_is_killed_is_missed(tmp_path: Path) -> None:
    """The report names the loss, keeps what was told, and the run is inconclusive."""
    process = started(tmp_path, "--scenario", "rate", "--run-time", "8", "--processes", "2")
    printed = until_it_runs(process)
    os.kill(_children(process.pid)[0], signal.SIGKILL)

    run = ended(process, tmp_path)

    assert run.code == 6, printed + run.output
    assert "a worker was lost" in run.output
    assert run.run("rate").whole.requests > 0


def test_a_worker_that_comes_late_takes_part(tmp_path: Path) -> None:
    """It is told what the others were told, and keeps its part of the schedule; all is counted."""
    port = str(free_port())
    shared = ("--scenario", "rate", "--run-time", "9", "--tags", "single")
    master = started(tmp_path, *shared, "--master", "--master-bind-port", port)
    first = started(tmp_path, "--worker", "--master-port", port)
    printed = until_it_runs(master)
    late = started(tmp_path, "--worker", "--master-port", port)

    run = ended(master, tmp_path)

    assert [ended(one, tmp_path).code for one in (first, late)] == [0, 0]
    assert run.code == 0, printed + run.output
    assert "a worker came" in run.output
    found = run.run("rate")
    assert found.complete
    assert found.conservation.said == found.conservation.journal > 0
    assert found.whole.requests == pytest.approx(200 * found.seconds, rel=0.5)


def _children(pid: int) -> list[int]:
    """The workers of a master: its forks, not the mock that it has started."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == pid and b"locust" in command:
            found.append(int(folder.name))
    return found
