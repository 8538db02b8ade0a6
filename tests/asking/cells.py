"""The finite axes of the contract: matching mode, request format, answer format; rows of tables."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import pytest

from contracts.matching import MODES
from contracts.model import FORMATS, Format


class Formats(NamedTuple):
    """The format of a request, and the one it asks its answer to be in."""

    request: Format
    answer: Format

    def __str__(self) -> str:
        """Name the pair as it stands in a test's id."""
        return f"{self.request}-in-{self.answer}-out"


REQUIRED: Final = {
    "token": "access.token-required",
    "trigger_id": "parameters.trigger-id-required",
    "data": "parameters.data-required",
}
"""Required parameter -> the clause that a server breaks which does without it."""

PAIRS: Final = tuple(Formats(request, answer) for request in FORMATS for answer in FORMATS)

each_mode = pytest.mark.parametrize("mode", list(MODES))
each_mode_and_its_clause = pytest.mark.parametrize(
    "mode", [pytest.param(mode, marks=pytest.mark.clause(f"matching.{mode}")) for mode in MODES]
)
each_pair = pytest.mark.parametrize("formats", PAIRS, ids=str)
each_format = pytest.mark.parametrize("fmt", FORMATS)
each_required = pytest.mark.parametrize(
    "required",
    [pytest.param(name, marks=pytest.mark.clause(clause)) for name, clause in REQUIRED.items()],
)


def each_row(clauses: Iterable[str]) -> pytest.MarkDecorator:
    """A case for each row of a table, about the clause that it is named by."""
    rows = [pytest.param(clause, marks=pytest.mark.clause(clause)) for clause in clauses]
    return pytest.mark.parametrize("clause", rows)
