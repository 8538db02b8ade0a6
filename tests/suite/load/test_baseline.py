"""A load run beside an earlier one: what got worse fails it, what cannot be compared is told."""

from pathlib import Path

import pytest

from tests.suite.load.loads import Loaded, load

ASKED = ("--scenario", "throughput", "--tags", "single", "--run-time", "18")
"""One item a request: what a slower mock shows at once."""


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run file of the mock as it is."""
    folder = tmp_path_factory.mktemp("earlier")
    run = load(folder, *ASKED)
    assert run.code == 0, run.output
    return folder / "out" / "throughput.json"


def test_a_regression_fails_the_run(earlier: Path, tmp_path: Path) -> None:
    """Exit code 1, and a line for each figure that is worse, with between what it surely lies."""
    # Every answer takes 20 ms longer: many times what it took.
    run = load(tmp_path, *ASKED, "--baseline", str(earlier), "--mock-variant", "slow")

    assert run.code == 1, run.output
    # Which percentile is sure depends on how steady the machine was during the earlier run.
    worse = _lines(run, "worse")
    for name in ("json mixed x1", "xml mixed x1"):
        assert any(f"{name}: profiles/s worse: -" in line for line in worse), run.output
    assert all(", surely " in line for line in worse), run.output
    assert run.run("throughput").verdict == "fail"


def test_a_wide_margin_lets_it_pass(earlier: Path, tmp_path: Path) -> None:
    """What is faster than before is no regression, and the margin is the user's to choose."""
    options = ("--baseline", str(earlier), "--baseline-margin", "1")

    run = load(tmp_path, *ASKED, *options)

    assert run.code == 0, run.output
    assert not _lines(run, "worse")


def test_too_short_a_run_is_inconclusive(tmp_path: Path) -> None:
    """Where nothing can be said beside the earlier run, the run is not called passed."""
    short = (*ASKED[:-1], "2")
    first = load(tmp_path, *short)
    own = tmp_path / "out" / "throughput.json"

    run = load(tmp_path, *short, "--baseline", str(own))

    assert first.code == 0, first.output
    assert run.code == 6, run.output
    assert "too short to be compared" in run.output


def test_a_run_of_something_else_is_told_before_the_run(earlier: Path, tmp_path: Path) -> None:
    """Another scenario or another length: a message at once, exit code 2, nothing is sent."""
    for asked in (("--scenario", "rate", "--run-time", "18"), (*ASKED[:-1], "60")):
        run = load(tmp_path, *asked, "--baseline", str(earlier))

        assert run.code == 2, run.output
        assert "is throughput" in run.output or "the setting seconds is 18" in run.output
        assert "Traceback" not in run.output
        assert not (tmp_path / "out" / f"{asked[1]}.json").exists()


def _lines(run: Loaded, word: str) -> list[str]:
    return [line for line in run.output.splitlines() if line.startswith(f"  {word} ")]
