"""What is kept of a breach shows it again, and is answered rightly where the bug is not.

A sample of all defects, each met and repeated by commands: what `python -m tests.suite.repeats`
prints for all of them.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from endpoint.mock.defects import DEFECTS
from tests.suite.repeats import Row, rows

EVERY: Final = 6
"""Of the defects each n-th: more than forty, of every family."""

SAMPLE: Final = tuple(DEFECTS)[::EVERY]


@pytest.fixture(scope="module")
def repeated() -> Mapping[str, Row]:
    """What became of each defect's breach."""
    return {row.defect.name: row for row in rows(DEFECTS[name] for name in SAMPLE)}


def test_the_sample_is_of_every_family() -> None:
    """No family of clauses is left out that has a defect."""
    families = {defect.clause.partition(".")[0] for defect in DEFECTS.values()}

    assert {DEFECTS[name].clause.partition(".")[0] for name in SAMPLE} == families
    assert len(SAMPLE) >= 40


@pytest.mark.parametrize("defect", SAMPLE)
def test_a_kept_breach_is_still_broken_there_and_fixed_elsewhere(
    repeated: Mapping[str, Row], defect: str
) -> None:
    """Exit code 1 against the mock with the bug, 0 against the mock as it is; 6 if by chance."""
    assert repeated[defect].is_right, str(repeated[defect])
