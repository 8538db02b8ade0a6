"""The mutations by name: those that break a clause, and those that keep the documentation."""

from collections.abc import Mapping
from typing import Final

from tests.suite.mutation import breaking, broken_bytes, conforming
from tests.suite.mutation.message import Mutation

MUTATIONS: Final[Mapping[str, Mutation]] = {
    row.name: row for row in (*breaking.ROWS, *broken_bytes.ROWS, *conforming.ROWS)
}
"""Name -> mutation, breaking ones first."""
