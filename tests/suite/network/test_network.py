"""What the network does is not blamed on the target, and makes nobody get a message twice."""

from pathlib import Path

from tests.suite.network.through import run
from tests.suite.whole_runs import FEW

ALL = "tests/contract"
MATCHING = "tests/contract/test_matching.py"


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


def test_a_live_target_is_never_asked_twice_for_a_send(tmp_path: Path) -> None:
    """A send that may have happened is not repeated; what the mock sent was counted before."""
    options = ("--network", "lossy", "--effort", "smoke")
    ended = run(tmp_path, *options, ALL, share=0.1, seed=3, max_sends=200)

    assert ended.summary["broken"] == []
    assert ended.reserved is not None
    assert ended.sends <= ended.reserved <= 200
    assert "it must not be repeated" in (tmp_path / "reports" / "contract.json").read_text()
