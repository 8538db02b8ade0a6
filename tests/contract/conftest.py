"""The fixtures of the contract tests: the target, asked; its known profiles; sized bodies."""

import pytest

from tests.asking.ask import Ask
from tests.asking.cases import parametrize
from tests.asking.known import Known
from tests.asking.sized import Sized
from tests.reporting.plugin import PAST, RUN


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise the cases that come from the target file's profiles, and from earlier runs."""
    parametrize(metafunc, metafunc.config.stash[RUN].target)
    if "past" in metafunc.fixturenames:
        metafunc.parametrize(
            "past",
            [
                pytest.param(past, id=past.folder.name, marks=pytest.mark.clause(*past.clauses))
                for past in metafunc.config.stash[PAST]
            ],
        )


@pytest.fixture(scope="session")
def ask(request: pytest.FixtureRequest) -> Ask:
    """The target, asked."""
    return request.config.stash[RUN].ask


@pytest.fixture(scope="session")
def known(ask: Ask) -> Known:
    """Items made of the target's known profiles."""
    return ask.known


@pytest.fixture(scope="session")
def sized(ask: Ask) -> Sized:
    """Bodies of an exact number of items or bytes."""
    return Sized(ask)
