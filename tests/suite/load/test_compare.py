"""Two runs of which it is known whether the later one is worse."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from loadtests import compare
from loadtests.changes import Comparison, compared
from loadtests.measured import Cell, Window
from loadtests.record import Run
from loadtests.runfile import write
from tests.suite.load.simulated import NAMES, run_of, simulated

SOME = NAMES[:3]


def against(*runs: Run, margin: float = 0.05) -> Comparison:
    """The last run against those before it."""
    labels = [f"{at}.json" for at in range(len(runs))]
    return compared(runs[:-1], runs[-1], labels=labels, margin=margin)


@pytest.mark.parametrize("seed", range(5))
def test_a_server_that_is_a_tenth_slower_is_worse(seed: int) -> None:
    """A planted regression of 10 % is reported for each name."""
    found = against(simulated(seed, names=SOME), simulated(100 + seed, names=SOME, scale=1.1))

    assert found.named("worse") == SOME


def test_a_server_that_is_a_tenth_faster_is_better() -> None:
    """The same the other way round."""
    found = against(simulated(1, names=SOME, scale=1.1), simulated(2, names=SOME))

    assert found.named("better") == SOME


def test_twenty_pairs_of_the_same_build_give_at_most_one_false_alarm() -> None:
    """Twelve names, machines whose speed differs by 2 % from run to run."""
    rng = random.Random(2026)
    speeds = [rng.lognormvariate(0, 0.02) for _ in range(40)]
    runs = [simulated(at, scale=speed, requests=60) for at, speed in enumerate(speeds)]
    alarms = [
        against(before, after).named("worse")
        for before, after in zip(runs[::2], runs[1::2], strict=True)
    ]

    assert sum(map(bool, alarms)) <= 1


def test_several_earlier_runs_tell_how_much_runs_differ() -> None:
    """What differs by a tenth from one of five unlike runs is no regression."""
    unlike = [
        simulated(at, names=SOME, scale=scale) for at, scale in enumerate([1, 0.92, 1.08, 0.95])
    ]
    slow = simulated(9, names=SOME, scale=1.1)

    assert against(unlike[0], slow).named("worse") == SOME
    assert against(*unlike, slow).named("worse") == ()


def test_several_alike_earlier_runs_do_not_hide_a_regression() -> None:
    """Three earlier runs that agree let a tenth more be seen."""
    earlier = [simulated(at, names=SOME) for at in range(3)]

    assert against(*earlier, simulated(9, names=SOME, scale=1.12)).named("worse") == SOME


def failing(share: float, seed: int) -> Run:
    """A run in which this share of the requests fails, as fast as the others."""
    rng = random.Random(seed)
    run = simulated(seed, names=SOME[:1])
    for window in run.windows:
        [cell] = window.cells.values()
        failed = sum(rng.random() < share for _ in range(cell.requests))
        cell.failures = Counter({"wrong ids": failed})
    return run


@pytest.mark.parametrize(("share", "word"), [(0.005, "same"), (0.05, "worse")])
def test_more_failures_than_a_hundredth_are_a_regression(share: float, word: str) -> None:
    """Fast wrong answers are no good ones."""
    [found] = against(failing(0, 1), failing(share, 2)).names

    assert found.word == word


def test_too_few_requests_are_unclear() -> None:
    """A request every other second says nothing in twenty seconds."""
    few = [
        Window(float(at), 1.0, 10, {"x": Cell(1, latency=Counter({20_000 + at: 1}))})
        for at in range(0, 20, 2)
    ]
    [found] = against(run_of(few), run_of(few)).names

    assert found.word == "unclear"


def test_the_warm_up_is_left_out() -> None:
    """A first second that takes ten times as long changes nothing."""
    cold = simulated(2, names=SOME)
    for name in SOME:
        cold.windows[0].cells[name].latency = Counter({500_000: 10_000})

    assert against(simulated(1, names=SOME), cold).named("same") == SOME


# ---------------------------------------------------------------- the command


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., list[str]]:
    """Writes runs to files and gives their paths."""

    def files(*runs: Run) -> list[str]:
        paths = [tmp_path / f"{at}.json" for at in range(len(runs))]
        for run, path in zip(runs, paths, strict=True):
            write(run, path)
        return list(map(str, paths))

    return files


def test_a_regression_ends_the_command_with_1(
    written: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """It names the request name, the figure and its interval."""
    paths = written(simulated(1, names=SOME), simulated(2, names=SOME, scale=1.15))

    assert compare.main(paths) == compare.WORSE
    assert "3 request names: 3 worse" in capsys.readouterr().out


def test_the_same_build_ends_the_command_with_0(written: Callable[..., list[str]]) -> None:
    """A margin may be given."""
    paths = written(simulated(1, names=SOME), simulated(2, names=SOME, scale=1.15))

    assert compare.main([*paths, "--margin", "0.3"]) == compare.SAME


def test_reports_are_written(written: Callable[..., list[str]], tmp_path: Path) -> None:
    """HTML and Markdown of the later run hold the comparison."""
    html, markdown = tmp_path / "c.html", tmp_path / "c.md"
    paths = written(simulated(1, names=SOME), simulated(2, names=SOME))
    compare.main([*paths, "--html", str(html), "--markdown", str(markdown)])

    assert "3 request names: 3 same" in html.read_text()
    assert "3 request names: 3 same" in markdown.read_text()


ONE = simulated(1, names=SOME, seconds=20)
UNLIKE = {
    "the scenario of": replace(ONE, scenario="soak"),
    "the setting users is 10 in": replace(ONE, settings={**ONE.settings, "users": 20}),
    "the setting mode is not set in": replace(ONE, settings={**ONE.settings, "mode": "email"}),
    "the requests 'json email x10' were sent in": simulated(1, names=SOME[:1], seconds=20),
}


@pytest.mark.parametrize("said", list(UNLIKE))
def test_unlike_runs_are_refused(
    said: str, written: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Another scenario, other settings, other names: one line, exit code 2."""
    assert compare.main(written(ONE, UNLIKE[said])) == compare.UNUSABLE
    assert capsys.readouterr().err.startswith(f"compare: {said}")


def test_one_file_is_too_few(
    written: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """There is nothing to compare a run with."""
    assert compare.main(written(ONE)) == compare.UNUSABLE
    assert "two run files are needed" in capsys.readouterr().err


def test_a_file_of_another_schema_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which schema it has."""
    other = tmp_path / "other.json"
    other.write_text('{"schema": "elsewhere"}')

    assert compare.main([str(other), str(other)]) == compare.UNUSABLE
    assert "its schema is 'elsewhere'" in capsys.readouterr().err


def test_runs_that_are_too_short_are_no_pass(written: Callable[..., list[str]]) -> None:
    """Where nothing can be said about any name, the exit code is not 0."""
    short = simulated(1, names=SOME, seconds=5)

    assert compare.main(written(short, short)) == compare.UNUSABLE
