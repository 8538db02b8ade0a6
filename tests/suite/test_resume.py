"""A run that was broken off goes on where it stopped: nothing is lost, nothing asked twice."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from endpoint import target as targets
from endpoint.mock import Running, running
from tests.suite.runs import output, started
from tests.suite.whole_runs import FEW, Ended, options, run, target_file

SHORT = "0.02"
"""Minutes: some cases of MATCHING, and far from all of them where an answer takes 20 ms."""

MATCHING = ("tests/contract/test_matching.py", "tests/contract/test_answers.py")


def report_of(ended: Ended) -> dict[str, Any]:
    """The report of a run."""
    path = ended.folder / "reports" / "contract.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def cases_of(ended: Ended) -> list[str]:
    """The cases that a run reports, and whether each was asked."""
    return sorted(f"{one['test']} {one['outcome']}" for one in report_of(ended)["cases"])


def mock_of(folder: Path) -> targets.Target:
    """The mock that a target file's profile is known to."""
    return targets.load(target_file(folder, "mock"))


def cut_off(folder: Path, mock: Running, *options: str, defect: str | None = None) -> Ended:
    """A run of MATCHING that its time breaks off: the mock's answers are slow for so long."""
    mock.admin.set(variants=["slow"], defect=defect)
    file = target_file(folder, mock.base_url)
    ended = run(folder, file, "-q", "--minutes", SHORT, *options, *MATCHING)
    mock.admin.set(defect=defect)
    return ended


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two processes"])
def test_a_resumed_run_reports_what_a_whole_run_does(
    tmp_path: Path, processes: tuple[str, ...]
) -> None:
    """Cut off by its time, then resumed: the same cases with the same outcomes as in one go."""
    parts, whole = tmp_path / "parts", tmp_path / "whole"
    parts.mkdir()
    whole.mkdir()
    with running(mock_of(tmp_path)) as mock:
        first = cut_off(parts, mock, *processes)
        missing = " ".join(cases_of(first)).count(" not run")
        second = run(parts, parts / "staging.toml", "-q", "--resume", *processes, *MATCHING)
        once = run(whole, parts / "staging.toml", "-q", *MATCHING)

    assert "to go on where it stopped: the same command with --resume" in first.output
    assert missing > 0
    assert (second.code, once.code) == (0, 0)
    assert cases_of(second) == cases_of(once)
    assert report_of(second)["counts"]["requests"] >= report_of(once)["counts"]["requests"]
    assert not (parts / "reports" / "unfinished.json").exists()


def test_a_breach_that_was_seen_before_fails_the_resumed_run(tmp_path: Path) -> None:
    """What the first part has seen stands in the report of the second, and in its exit code."""
    with running(mock_of(tmp_path)) as mock:
        first = cut_off(tmp_path, mock, defect="error-text-lacks")
        before = report_of(first)["counts"]["broken"]
        after = run(tmp_path, tmp_path / "staging.toml", "-q", "--resume", *MATCHING)

    assert before > 0
    assert after.code == 1
    assert report_of(after)["counts"]["broken"] >= before


def live(folder: Path, mock: Running, *options: str) -> Ended:
    """One run against a live target of twelve sends."""
    safety = "[safety]\nlive = true\nmax_sends = 12"
    file = target_file(folder, mock.base_url, more=safety)
    return run(folder, file, "-q", *options, *MATCHING)


def test_sends_are_counted_across_the_parts(tmp_path: Path) -> None:
    """The resumed run has what is left of the budget, and no more."""
    with running(mock_of(tmp_path)) as mock:
        first = live(tmp_path, mock, "--minutes", "0.0005")
        sent_before = report_of(first)["target"]["sent"]
        second = live(tmp_path, mock, "--resume")
        journal = int(str(mock.admin.journal()["sends"]))

    assert 0 < sent_before <= 12
    assert sent_before <= report_of(second)["target"]["sent"] <= 12
    assert journal <= 12


def test_a_target_that_hung_and_is_well_again_is_asked_on(tmp_path: Path) -> None:
    """What made the first part give up is no reason for the second to give up sooner."""
    with running(mock_of(tmp_path)) as mock:
        file = target_file(tmp_path, mock.base_url)
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("timeout_seconds = 5", "timeout_seconds = 1"), "utf-8")
        process = started(tmp_path, *options(file), "-q", *MATCHING)
        while not mock.admin.journal()["requests"]:
            time.sleep(0.01)
        os.kill(mock.pid, signal.SIGSTOP)
        try:
            output(process)
        finally:
            os.kill(mock.pid, signal.SIGCONT)
        second = run(tmp_path, file, "-q", "--resume", *MATCHING)

    assert process.returncode == 1  # each timeout is a breach, until there were too many
    assert second.code == 1
    assert " not run" not in " ".join(cases_of(second))


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (("--effort", "ci"), "another target, effort, options or contract"),
        (("--clause", "access"), "another target, effort, options or contract"),
    ],
)
def test_another_run_is_not_resumed(tmp_path: Path, others: tuple[str, ...], said: str) -> None:
    """What was asked before would be another thing than what is asked now."""
    with running(mock_of(tmp_path)) as mock:
        cut_off(tmp_path, mock)
        ended = run(tmp_path, tmp_path / "staging.toml", "-q", "--resume", *others, *MATCHING)

    assert ended.code == 4
    assert said in ended.output


def test_without_a_broken_off_run_there_is_nothing_to_resume(tmp_path: Path) -> None:
    """The message says so, and what to do."""
    ended = run(tmp_path, Path("mock"), "-q", "--resume", *FEW)

    assert ended.code == 4
    assert "no run was broken off" in ended.output


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    """Half a file, as a full disk leaves it."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "unfinished.json").write_text('{"format": "start_ba', encoding="utf-8")

    ended = run(tmp_path, Path("mock"), "-q", "--resume", *FEW)

    assert ended.code == 4
    assert "cannot be read" in ended.output
