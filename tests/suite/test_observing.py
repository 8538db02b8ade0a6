"""--observe: only what a target does where the documentation leaves a choice."""

from tests.suite.runs import Verdict, run


def observed(verdict: Verdict) -> set[str]:
    """The open clauses of which something was seen."""
    return {clause for clause, standing in verdict.standings.items() if standing == "observed"}


def test_only_observing_sees_what_a_whole_run_sees() -> None:
    """Every open clause that a run of everything observes, by a part of its requests."""
    whole, only = run("--effort", "smoke"), run("--observe")

    assert only.exit_code == 0, only.output
    assert observed(only) == observed(whole) != set()
    assert only.requests * 2 < whole.requests
