"""The clauses: every promise of the endpoint, read from clauses.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

Status = Literal["documented", "elsewhere", "inferred", "open"]
"""What a clause rests on; design.md, "Clauses", says what a breach of each does."""

FILE: Final = Path(__file__).with_name("clauses.toml")


class ClausesError(ValueError):
    """clauses.toml says something that a clause cannot be."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise.

    Attributes:
        id: `family.name`.
        sentence: the promise in our words.
        status: what it rests on.
        source: where it stands in `spec/`.
        reasoning: for an inferred clause, why no other reading is possible.
        alternatives: for an open clause, what a target may do, by name.
    """

    id: str
    sentence: str
    status: Status
    source: str
    reasoning: str = ""
    alternatives: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """The part of the id before the first dot; a test file bears its name."""
        return self.id.partition(".")[0]

    def __post_init__(self) -> None:
        """Refuse an entry that lacks what its status demands."""
        if self.status not in get_args(Status):
            raise ClausesError(f"{self.id}: status {self.status!r} is none of {get_args(Status)}")
        if (self.status == "inferred") != bool(self.reasoning):
            raise ClausesError(f"{self.id}: an inferred clause, and no other, gives its reasoning")
        if (self.status == "open") != bool(self.alternatives):
            raise ClausesError(f"{self.id}: an open clause, and no other, names its alternatives")


@dataclass(frozen=True, slots=True)
class Beyond:
    """What pages promise, or leave open, and no answer of the endpoint can show.

    Attributes:
        sentence: the promise in our words.
        source: where it stands.
        why: why no request shows it.
    """

    sentence: str
    source: str
    why: str


def beyond() -> tuple[Beyond, ...]:
    """What is no clause, for no check could fail, in the order of the file."""
    return tuple(Beyond(**entry) for entry in _read()["beyond"])


@cache
def load() -> Mapping[str, Clause]:
    """All clauses by id, in the order of the file.

    Raises:
        ClausesError: an id stands twice, or an entry lacks what its status demands.
    """
    clauses: dict[str, Clause] = {}
    for entry in _read()["clause"]:
        fields = cast("dict[str, str]", entry)
        clause = Clause(**{**fields, "alternatives": tuple(entry.get("alternatives", ()))})  # type: ignore[arg-type]
        if clause.id in clauses:
            raise ClausesError(f"{clause.id} stands twice in {FILE.name}")
        clauses[clause.id] = clause
    return clauses


def _read() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
