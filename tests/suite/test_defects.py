"""Every clause has teeth: the mock with a defect that breaks it fails.

One defect for each clause, each against the whole suite; all defects are `make matrix`.
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
    asked = [options(defect, effort="ci", family_only=False) for defect in FIRST.values()]
    return dict(zip(FIRST, run_each(asked), strict=True))


@pytest.mark.parametrize("clause", FIRST)
def test_a_defect_fails(verdicts: Mapping[str, Verdict], clause: str) -> None:
    """A server that breaks one clause is told so."""
    verdict = verdicts[clause]

    assert verdict.exit_code == 1, verdict.output


def test_most_defects_are_first_told_of_by_their_own_clause(
    verdicts: Mapping[str, Verdict],
) -> None:
    """Seven defects of ten, and more, are first told of by the clause that they break.

    The others break a plainer clause as well, which is met earlier.
    """
    right = [clause for clause, verdict in verdicts.items() if verdict.broken[:1] == (clause,)]

    assert len(right) >= 0.7 * len(verdicts), sorted(set(verdicts) - set(right))


def test_every_clause_that_can_be_broken_has_a_defect() -> None:
    """A clause that no defect can break would be a check that cannot fail."""
    checked = {one.id for one in clauses.load().values() if one.status != "open"}

    assert checked - {defect.clause for defect in DEFECTS.values()} == set()
