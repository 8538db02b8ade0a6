"""What the suite's tests of itself share, and how its property tests draw: alike everywhere."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.suite.browsing import CHROMIUM, QUIET
from tests.suite.scenarios import SCENARIOS
from tests.suite.whole_runs import Ended, Runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """One Chromium for all tests of a file; without one they are skipped."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=str)
def page(request: pytest.FixtureRequest, browser: "Browser") -> Iterator["Page"]:
    """A page as wide as a desk's screen or a telephone's, in the light or in the dark."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


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
