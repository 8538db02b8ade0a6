"""Every clause has teeth: the mock with a defect that breaks it fails, and is told so.

All defects, each against the whole suite: what `python -m tests.suite.matrix` prints, in half the
time.
"""

from collections.abc import Mapping

import pytest

from contracts import clauses
from endpoint.mock.defects import DEFECTS
from tests.suite.matrix import RIGHT, Row, hurried


@pytest.fixture(scope="module")
def told() -> Mapping[str, Row]:
    """The verdict on each defect."""
    return {row.defect.name: row for row in hurried(list(DEFECTS.values()))}


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_caught(told: Mapping[str, Row], defect: str) -> None:
    """A server that breaks one clause fails."""
    assert told[defect].is_caught, told[defect].verdict.output


def test_defects_are_told_by_the_clause_that_they_break(told: Mapping[str, Row]) -> None:
    """Nineteen of twenty are told first by their own clause; the others by one that is near."""
    wrong = [str(row) for row in told.values() if not row.is_right]

    assert len(wrong) <= (1 - RIGHT) * len(told), "\n".join(wrong)


def test_every_clause_that_can_be_broken_has_a_defect() -> None:
    """A clause that no defect can break would be a check that cannot fail."""
    checked = {one.id for one in clauses.load().values() if one.status != "open"}

    assert checked - {defect.clause for defect in DEFECTS.values()} == set()
