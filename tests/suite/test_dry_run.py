"""--dry-run: what a run would send, and nothing of it sent."""

import re
import socket
from pathlib import Path

import pytest

from endpoint import target as targets
from endpoint.mock import running
from tests.suite.whole_runs import FEW, run, target_file

LIVE = "[safety]\nlive = true\nmax_sends = 5"


def number(output: str, before: str) -> int:
    """The last number in the line that begins so."""
    line = next(line for line in output.splitlines() if line.startswith(before))
    return int(line.split()[-1].replace(",", ""))


def test_nothing_reaches_the_target(tmp_path: Path) -> None:
    """Not even a connection; no report is written, since nothing was asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        ended = run(tmp_path, target_file(tmp_path, url), "-q", "--dry-run", *FEW)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()

    assert ended.code == 0, ended.output
    assert f"nothing was sent to staging ({url})" in ended.output
    assert not (tmp_path / "reports" / "contract.html").exists()


def test_it_counts_what_a_run_then_sends(tmp_path: Path) -> None:
    """Against a target that keeps the documentation, the run sends just as many requests."""
    mock = targets.load(target_file(tmp_path, "mock"))
    with running(mock) as server:
        file = target_file(tmp_path, server.base_url)
        counted = run(tmp_path, file, "-q", "--dry-run", *FEW)
        before = server.admin.journal()["sends"]
        sent = run(tmp_path, file, "-q", *FEW)

    requests = re.search(r"^(\d+) requests,", sent.output, re.MULTILINE)
    assert before == 0
    assert requests is not None
    assert number(counted.output, "in total") == int(requests[1])


def test_what_a_live_target_is_spared_is_said(tmp_path: Path) -> None:
    """Before anybody gets a message: how far max_sends reaches."""
    file = target_file(tmp_path, "http://127.0.0.1:9", more=LIVE)

    ended = run(tmp_path, file, "-q", "--dry-run", *FEW)

    assert "at most 5 messages to the known profiles" in ended.output
    assert "cases do not fit into max_sends = 5" in ended.output


@pytest.mark.parametrize("beside", [("--pin",), ("-n", "2")])
def test_it_goes_with_nothing_that_needs_answers(tmp_path: Path, beside: tuple[str, ...]) -> None:
    """A dry run has nothing to pin, and counts in one process."""
    file = target_file(tmp_path, "http://127.0.0.1:9")

    ended = run(tmp_path, file, "-q", "--dry-run", *beside, *FEW)

    assert ended.code == 4
    assert "--dry-run" in ended.output
