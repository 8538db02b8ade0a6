"""Whole load runs: what a user gets, and what the exit code tells a CI job."""

import signal
from collections import Counter
from pathlib import Path

import pytest

from endpoint import target as targets
from endpoint.mock import running
from tests.suite.load.loads import (
    Loaded,
    ended,
    live_target,
    load,
    stalling,
    started,
    until_it_runs,
)
from tests.suite.whole_runs import free_port, target_file

HALF_A_SECOND = 500_000
"""Microseconds."""


@pytest.fixture(scope="module")
def passed(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """A short run of what `--tags` leaves of a scenario, against the mock as it is."""
    return load(
        tmp_path_factory.mktemp("passed"),
        *("--scenario", "throughput", "--run-time", "3"),
        *("--tags", "xml", "--exclude-tags", "large"),
    )


def test_a_run_against_the_mock_passes(passed: Loaded) -> None:
    """Exit code 0, one line with the verdict, and all four files."""
    assert passed.code == 0, passed.output
    assert passed.complaint[0].startswith("load verdict: PASS - throughput on mock")
    assert sorted(file.suffix for file in passed.folder.iterdir()) == [
        ".html", ".json", ".md", ".xml",
    ]  # fmt: skip


def test_what_was_answered_stands_in_the_journal(passed: Loaded) -> None:
    """Profile by profile, what the answers named is what the mock has sent."""
    found = passed.run("throughput").conservation

    assert found.checked
    assert found.said == found.journal > 0
    assert found.unexplained == ()


def test_tags_choose_requests(passed: Loaded) -> None:
    """--tags and --exclude-tags choose by format, mode and kind of size."""
    assert sorted(passed.run("throughput").names) == [
        "xml email x1000", "xml mixed x1", "xml mixed x10", "xml mixed x100",
    ]  # fmt: skip


def test_a_run_lasts_as_long_as_it_was_told(passed: Loaded) -> None:
    """What is prepared before the clock starts takes nothing from the run's time."""
    assert len(passed.run("throughput").windows) >= 3


def test_a_broken_objective_is_named(tmp_path: Path) -> None:
    """Exit code 1, and one line for the objective: its name, what was wanted, what came."""
    slo = tmp_path / "slo.toml"
    slo.write_text('[smoke."json*"]\np50 = 0.001\n', encoding="utf-8")

    run = load(tmp_path, "--scenario", "smoke", "--run-time", "2", "--slo", str(slo))

    assert run.code == 1, run.output
    broken = [line for line in run.output.splitlines() if line.startswith("  broken")]
    assert broken
    assert "p50" in broken[0]
    assert "0.001" in broken[0]


def test_a_wrong_answer_is_a_failure_under_its_own_name(tmp_path: Path) -> None:
    """A fast wrong answer fails the run, and Locust's statistics say what was wrong with it."""
    run = load(
        tmp_path,
        *("--scenario", "throughput", "--run-time", "3", "--tags", "json"),
        *("--exclude-tags", "large", "--mock-defect", "ten-results"),
    )

    assert run.code == 1, run.output
    assert "WrongAnswer('90 profiles missing')" in run.output
    failures = run.run("throughput").whole.failures
    assert failures["wrong answer: 90 profiles missing"] > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--scenario", "stampede"), "no scenario 'stampede'"),
        (("--target", "nowhere.toml"), "nowhere.toml"),
        (("--tags", "yaml"), "no request of this scenario has these tags"),
        (("--pool", "nowhere.csv"), "pool file nowhere.csv"),
        (("--slo", "nowhere.toml"), "nowhere.toml"),
        (("--mock-defect", "nosuch"), "nosuch"),
        (("--baseline", "nowhere.json"), "nowhere.json"),
        (("--out", "/proc/nowhere"), "--out /proc/nowhere"),
        (("--requests-per-second", "0"), "invalid rate above 0 value: '0'"),
        (("--stop-error-share", "7"), "invalid share from 0 to 1 value: '7'"),
    ],
)
def test_what_cannot_be_used_is_told(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """One clear message, and an exit code that is not 0; no traceback."""
    run = load(tmp_path, "--run-time", "1", *options)

    assert run.code != 0, run.output
    assert said in run.output
    assert "Traceback" not in run.output


def test_an_objective_for_no_request_is_told(tmp_path: Path) -> None:
    """An objective for requests that the scenario does not send is a mistake, not a pass."""
    slo = tmp_path / "slo.toml"
    slo.write_text('[smoke."yaml*"]\np50 = 1\n', encoding="utf-8")

    run = load(tmp_path, "--scenario", "smoke", "--run-time", "1", "--slo", str(slo))

    assert run.code == 2
    assert "yaml*" in run.output


def test_a_target_out_of_reach_is_no_verdict(tmp_path: Path) -> None:
    """Where nothing was answered, exit code 7."""
    file = target_file(tmp_path, f"http://127.0.0.1:{free_port()}")

    run = load(tmp_path, "--target", str(file), "--scenario", "rate", "--run-time", "2")

    assert run.code == 7, run.output
    assert "BROKEN" in run.complaint[0]


def test_failures_in_a_row_end_a_run(tmp_path: Path) -> None:
    """A run whose requests fail, second after second, ends by itself and says why."""
    file = target_file(tmp_path, f"http://127.0.0.1:{free_port()}")

    run = load(
        tmp_path,
        *("--target", str(file), "--scenario", "rate", "--run-time", "60", "--stop-after", "2"),
    )

    assert run.code == 7, run.output
    assert "stopped by itself: for 2 s, more than 50% of the requests failed" in run.output


def test_slow_answers_end_a_run(tmp_path: Path) -> None:
    """A run whose answers are too late, second after second, ends by itself and says why."""
    run = load(
        tmp_path,
        *("--scenario", "throughput", "--tags", "single", "--run-time", "60"),
        *("--stop-after", "2", "--stop-latency", "0.001"),
    )

    assert run.code == 6, run.output
    assert "half of the answers took more than 0 ms" in run.output


def test_ctrl_c_still_gives_a_report(tmp_path: Path) -> None:
    """Interrupted, a run is inconclusive; what was measured until then is reported."""
    process = started(tmp_path, "--scenario", "rate", "--run-time", "60")
    printed = until_it_runs(process)
    process.send_signal(signal.SIGINT)

    run = ended(process, tmp_path)

    assert run.code == 6, printed + run.output
    assert "interrupted after" in run.output
    assert run.run("rate").whole.requests > 0


def test_latency_counts_from_when_a_request_was_due(tmp_path: Path) -> None:
    """A server that stalls for a second: of 50 requests due meanwhile half come 500 ms late.

    Only four connections can be stalled at once: by the service time alone hardly any was slow.
    A busy machine may stall the server once more.
    """
    with stalling(after=2.0, seconds=1.0) as base_url:
        file = target_file(tmp_path, base_url)
        run = load(
            tmp_path,
            *("--target", str(file), "--scenario", "rate", "--tags", "json"),
            *("--users", "4", "--requests-per-second", "50", "--run-time", "5"),
        )

    whole = run.run("rate").whole
    assert run.code == 0, run.output
    assert 20 <= _slower(whole.latency) <= 75
    assert _slower(whole.service) <= _slower(whole.latency) / 3


def _slower(latencies: Counter[int]) -> int:
    return sum(count for latency, count in latencies.items() if latency > HALF_A_SECOND)


# ------------------------------------------------------------------ live targets


def test_a_live_target_is_refused_without_permission(tmp_path: Path) -> None:
    """Each profile found gets a real message: load needs allow_load = true, and says so."""
    file = live_target(tmp_path, "http://127.0.0.1:9", ["live = true", "max_sends = 100"])

    run = load(tmp_path, "--target", str(file), "--run-time", "1")

    assert run.code == 2
    assert "allow_load = true" in run.output


def test_no_more_is_sent_than_allowed_over_all_workers(tmp_path: Path) -> None:
    """Two workers share max_sends; the journal of the mock in the target's place counts them."""
    with running(targets.load("mock")) as mock:
        file = live_target(
            tmp_path, mock.base_url, ["live = true", "allow_load = true", "max_sends = 31"]
        )
        run = load(
            tmp_path,
            *("--target", str(file), "--scenario", "rate", "--tags", "json", "--run-time", "4"),
            *("--processes", "2"),
        )
        sends = mock.admin.journal()["sends"]

    assert sends == 31, run.output
    assert "max_sends" in run.output
