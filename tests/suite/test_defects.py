"""Every clause has teeth: the mock with a defect that breaks it fails, at that clause.

One defect for each clause, with the tests of that clause; all defects against the whole suite are
`make matrix`.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from contracts import clauses
from endpoint.mock.defects import DEFECTS, Defect
from tests.suite.matrix import options
from tests.suite.runs import Verdict, run_each

FIRST: Final[Mapping[str, Defect]] = {
    defect.clause: defect for defect in reversed(list(DEFECTS.values()))
}
"""Clause -> the first defect that breaks it."""


@pytest.fixture(scope="module")
def verdicts() -> Mapping[str, Verdict]:
    """The verdict on each of these defects."""
    asked = [options(defect, effort="ci", only_its_clause=True) for defect in FIRST.values()]
    return dict(zip(FIRST, run_each(asked), strict=True))


@pytest.mark.parametrize("clause", FIRST)
def test_a_defect_fails_at_the_clause_that_it_breaks(
    verdicts: Mapping[str, Verdict], clause: str
) -> None:
    """The run fails, and the clause that it names is the one that the defect breaks."""
    verdict = verdicts[clause]

    assert (verdict.exit_code, verdict.broken) == (1, (clause,)), verdict.output


def test_every_clause_that_can_be_broken_has_a_defect() -> None:
    """A clause that no defect can break would be a check that cannot fail."""
    checked = {one.id for one in clauses.load().values() if one.status != "open"}

    assert checked - {defect.clause for defect in DEFECTS.values()} == set()
