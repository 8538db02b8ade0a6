"""Objectives: read from a file, held against a run, told in one line."""

from collections import Counter
from pathlib import Path

import pytest

from loadtests import slo
from loadtests.measured import Cell, Window
from loadtests.record import Judged
from loadtests.slo import Objectives, ObjectivesError

SMALL, LARGE = "json email x1", "xml mixed 9.9 MB"


def objectives(text: str, tmp_path: Path) -> Objectives:
    """The objectives of a file with this text."""
    path = tmp_path / "slo.toml"
    path.write_text(text)
    return slo.load(path)


def window(second: int, users: int = 10, memory: int = 0, **cells: Cell) -> Window:
    """A second of a run; `small` and `large` are its requests."""
    names = {"small": SMALL, "large": LARGE}
    by_name = {names[key]: cell for key, cell in cells.items()}
    return Window(float(second), 1.0, users, by_name, memory)


def answered(milliseconds: int, requests: int = 100, failed: int = 0) -> Cell:
    """Requests that all took so long."""
    return Cell(
        requests=requests,
        failures=Counter({"timed out": failed} if failed else {}),
        profiles=10 * (requests - failed),
        sent=1_000_000,
        latency=Counter({1000 * milliseconds: requests}),
    )


def results(text: str, windows: list[Window], tmp_path: Path) -> dict[tuple[str, str], Judged]:
    """What judging a soak run gives, by name and objective."""
    found = slo.judged(objectives(text, tmp_path), "soak", [SMALL, LARGE], windows)
    return {(one.name, one.objective): one for one in found}


STEADY = [window(second, small=answered(20), large=answered(200, 2)) for second in range(10)]


@pytest.mark.parametrize(
    ("text", "name", "measured", "kept"),
    [
        ("[soak]\np50 = 21", "all requests", 20, True),
        (f'[soak."{LARGE}"]\np99 = 200.2', LARGE, 200, True),
        (f'[soak."{LARGE}"]\np99 = 199', LARGE, 200, False),
        (f'[soak."{SMALL}"]\n"p99.9" = 19', SMALL, 20, False),
        ("[soak]\nerror_share = 0", "all requests", 0, True),
        ("[soak]\nprofiles_per_second = 1020", "all requests", 1020, True),
        ("[soak]\nprofiles_per_second = 1021", "all requests", 1020, False),
        ('[soak."xml *"]\nmb_per_second = 1', LARGE, 1, True),
        ("[soak]\nlatency_drift = 0.1", "all requests", 0, True),
    ],
)
def test_an_objective_is_held_against_the_run(
    text: str, name: str, measured: float, *, kept: bool, tmp_path: Path
) -> None:
    """Each measure has the value that its definition gives."""
    [result] = results(text, STEADY, tmp_path).values()

    assert result.name == name
    assert result.measured == pytest.approx(measured, rel=0.001)
    assert result.kept == kept


def test_a_pattern_is_for_each_name_that_it_fits(tmp_path: Path) -> None:
    """The star stands for any text."""
    found = results('[soak."*"]\np95 = 100', STEADY, tmp_path)

    assert {key: one.kept for key, one in found.items()} == {
        (SMALL, "p95"): True,
        (LARGE, "p95"): False,
    }


def test_a_later_line_refines_an_earlier_one(tmp_path: Path) -> None:
    """Of two objectives about the same, the last one counts."""
    text = '[soak."*"]\np95 = 100\np50 = 1000\n[soak."* 9.9 MB"]\np95 = 300'
    found = results(text, STEADY, tmp_path)

    assert {key: one.wanted for key, one in found.items()} == {
        (SMALL, "p95"): 100,
        (SMALL, "p50"): 1000,
        (LARGE, "p95"): 300,
        (LARGE, "p50"): 1000,
    }


def test_what_was_never_sent_is_not_kept(tmp_path: Path) -> None:
    """A name of the scenario without a request is no pass."""
    only_small = [window(second, small=answered(20)) for second in range(10)]
    found = results('[soak."*"]\np95 = 100', only_small, tmp_path)

    assert found[LARGE, "p95"].measured is None
    assert not found[LARGE, "p95"].kept


def test_a_breach_is_one_line() -> None:
    """Objective, wanted, measured."""
    assert slo.told(Judged(SMALL, "p99", 500, 812.4, kept=False)) == (
        "json email x1: p99: wanted at most 500 ms, measured 812 ms"
    )
    assert slo.told(Judged("all requests", "error_share", 0.01, None, kept=False)) == (
        "all requests: error_share: wanted at most 1 %, measured nothing"
    )


def spiked(*, calm_from: int) -> list[Window]:
    """Ten users, then a hundred from the 10th to the 15th second, slow until it is calm again."""
    return [
        window(
            second,
            users=100 if 10 <= second < 15 else 10,
            small=answered(200 if 10 <= second < calm_from else 20),
        )
        for second in range(30)
    ]


@pytest.mark.parametrize(("calm_from", "seconds"), [(15, 0), (19, 4), (40, None)])
def test_recovery_is_counted_from_the_end_of_the_spike(
    calm_from: int, seconds: float | None, tmp_path: Path
) -> None:
    """Until three windows are as before; nothing where they never are."""
    text = "[soak]\nrecovery_seconds = 10"
    [result] = results(text, spiked(calm_from=calm_from), tmp_path).values()

    assert result.measured == seconds
    assert result.kept == (seconds is not None)


def test_drift_is_growth_from_the_first_quarter_to_the_last(tmp_path: Path) -> None:
    """Of latency and of memory, each by itself."""
    windows = [
        window(second, memory=100 + (second >= 50) * 30, small=answered(20 + (second >= 50) * 20))
        for second in range(100)
    ]
    found = results("[soak]\nlatency_drift = 0.5\nmemory_drift = 0.5", windows, tmp_path)

    assert found["all requests", "latency_drift"].measured == pytest.approx(1, rel=0.01)
    assert found["all requests", "memory_drift"].measured == pytest.approx(0.3)
    assert [one.kept for one in found.values()] == [False, True]


MISTAKES = {
    "[sook]\np99 = 1": "[sook]: there is no such scenario; is 'soak' meant?",
    "soak = 1": "soak: expected a table, not 1",
    "[soak]\np90 = 1": "[soak] p90: there is no such objective; is 'p99' meant?",
    '[soak]\np99 = "fast"': "[soak] p99: expected a number from 0 (ms), not 'fast'",
    "[soak]\np99 = true": "[soak] p99: expected a number from 0 (ms), not True",
    "[soak]\np99 = -1": "[soak] p99: expected a number from 0 (ms), not -1",
    "[soak]\nerror_share = 5": "[soak] error_share: expected a number from 0 to 1, not 5",
    "[soak]\np99.9 = 5": "[soak] p99: expected a number from 0 (ms), not {'9': 5}; is \"p99.9\" in",
    '[soak."*"]\nmemory_drift = 1': '[soak."*"] memory_drift: it is measured for a scenario only',
    "[soak": "it is not TOML",
}


@pytest.mark.parametrize("text", list(MISTAKES))
def test_a_mistake_in_the_file_is_one_clear_message(text: str, tmp_path: Path) -> None:
    """It names the place, what was expected, and what stands there."""
    with pytest.raises(ObjectivesError) as refused:
        objectives(text, tmp_path)

    [mistake] = refused.value.mistakes
    assert mistake.startswith(MISTAKES[text])


def test_a_missing_file_is_told() -> None:
    """A path without a file is told with the system's reason."""
    with pytest.raises(ObjectivesError, match="No such file"):
        slo.load(Path("nowhere.toml"))


def test_an_objective_for_a_name_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """It names the nearest of the names that there are."""
    wrong = objectives('[soak."json emial x1"]\np99 = 1', tmp_path)

    with pytest.raises(ObjectivesError) as refused:
        wrong.of("soak", [SMALL, LARGE])

    [mistake] = refused.value.mistakes
    assert mistake.startswith('[soak."json emial x1"] p99: the scenario sends no requests of that')
    assert mistake.endswith("is 'json email x1' meant?")


def test_the_objectives_of_other_scenarios_do_not_matter(tmp_path: Path) -> None:
    """A name that only another scenario sends is no mistake."""
    others = objectives('[limit."json over limit"]\np99 = 1', tmp_path)

    assert others.of("soak", [SMALL]) == ()


def test_the_default_file_can_be_used() -> None:
    """It holds objectives for each scenario."""
    found = slo.load()

    assert {one.scenario for one in found.objectives} == {*slo.SCENARIOS}
