"""What the network does is not blamed on the target, and makes nobody get a message twice."""

import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from endpoint import target as targets
from endpoint.mock import running
from tests.suite.network.line import bad_line
from tests.suite.network.through import run, target_of
from tests.suite.runs import output, started
from tests.suite.whole_runs import FEW

ALL = "tests/contract"
MATCHING = "tests/contract/test_matching.py"

MIDDLE = 100
"""Requests that a target has answered when it goes down."""


def test_what_the_network_loses_is_asked_again(tmp_path: Path) -> None:
    """Whole runs through a bad line accuse nobody, and say what was lost."""
    ended = run(tmp_path, "--network", "lossy", "--effort", "smoke", ALL, share=0.01, seed=1)

    assert sum(ended.line.faults.values()) > 5
    assert ended.summary["broken"] == []
    assert ended.code in {0, 6}
    assert "requests lost their connection on the way" in ended.output


def test_a_line_that_loses_much_is_no_verdict(tmp_path: Path) -> None:
    """A target that breaks off answers looks the same: neither green nor accused."""
    ended = run(tmp_path, "--network", "lossy", "--effort", "smoke", MATCHING, share=0.1, seed=2)

    assert (ended.code, ended.summary["broken"]) == (6, [])
    assert "too many to tell the network from the target" in ended.output


def test_on_this_machine_there_is_no_network_to_blame(tmp_path: Path) -> None:
    """Unless told otherwise, a loopback target's lost connections are its own."""
    ended = run(tmp_path, "--effort", "smoke", *FEW, share=0.3, seed=2)

    assert (ended.code, ended.summary["broken"]) == (1, ["transport.answered"])


@pytest.mark.parametrize(("seconds", "code"), [(1.0, 0), (None, 7)])
def test_a_target_that_goes_down_in_the_middle(
    tmp_path: Path, seconds: float | None, code: int
) -> None:
    """One that restarts is asked again; one that stays away is no verdict, and can be resumed."""
    options = ("--network", "lossy", "--effort", "smoke", "-q")
    with (
        running(targets.load("mock")) as mock,
        bad_line(urlsplit(mock.base_url).port or 0, 0, seed=1) as line,
    ):
        command = ("--target", str(target_of(tmp_path, line.port)), *options, MATCHING)
        process = started(tmp_path, *command)
        while int(str(mock.admin.journal()["requests"])) < MIDDLE:
            time.sleep(0.01)
        line.down = True
        if seconds is not None:
            time.sleep(seconds)
            line.down = False
        printed = output(process)
        line.down = False
        resumed = output(started(tmp_path, *command, "--resume"))

    assert process.returncode == code
    assert " with a breach of 0 clauses" in printed
    assert ("requests lost their connection on the way" in printed) == (code == 0)
    assert ("the same command with --resume" in printed) == (code == 7)
    assert ("exit code 0" in resumed) == (code == 7)


def test_a_live_target_is_never_asked_twice_for_a_send(tmp_path: Path) -> None:
    """A send that may have happened is not repeated; what the mock sent was counted before."""
    options = ("--network", "lossy", "--effort", "smoke")
    ended = run(tmp_path, *options, ALL, share=0.1, seed=3, max_sends=200)

    assert ended.summary["broken"] == []
    assert ended.reserved is not None
    assert ended.sends <= ended.reserved <= 200
    assert "it must not be repeated" in (tmp_path / "reports" / "contract.json").read_text()
