"""How the suite's own property tests draw: alike on every machine, whatever --effort says."""

from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.suite.scenarios import SCENARIOS
from tests.suite.whole_runs import Ended, Runs

settings.register_profile(
    "suite",
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=False,
    # Like the deadline, it would make a slow machine a failing test.
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.fixture(scope="session")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A scenario's run; each is run once, whatever number of tests look at it."""
    done: dict[str, Ended] = {}

    def of(name: str) -> Ended:
        if name not in done:
            done[name] = SCENARIOS[name](tmp_path_factory.mktemp(name))
        return done[name]

    return of


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Import the files below this folder under that profile.

    `@given` takes its settings when it is imported; --effort is for the contract tests, which
    the same session may hold.
    """
    others = settings.get_current_profile_name()
    settings.load_profile("suite")
    try:
        return (yield)
    finally:
        settings.load_profile(others)
