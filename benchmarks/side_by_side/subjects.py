"""What both are run against: the mock as it is, in its variants, with its defects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from contracts.model import BINARY_LIMIT
from endpoint.mock.defects import DEFECTS
from endpoint.mock.variants import VARIANTS
from endpoint.target import Target, load
from tests.suite import matrix

T = TypeVar("T")

Kind = Literal["mock", "variant", "defect"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One way in which the mock behaves: conforming, unless it is a defect.

    Attributes:
        name: of the variant or the defect; `mock` where it is neither.
    """

    kind: Kind
    name: str

    @property
    def family(self) -> str:
        """What a defect breaks: the family of its clause."""
        return DEFECTS[self.name].clause.partition(".")[0] if self.kind == "defect" else self.kind

    @property
    def target(self) -> Target:
        """Whom the mock plays."""
        mock = load("mock")
        needs_limit = self.kind == "defect" and DEFECTS[self.name].needs_limit
        return replace(mock, body_limit_bytes=BINARY_LIMIT) if needs_limit else mock

    def options(self, effort: str) -> list[str]:
        """The options of this suite's run against it."""
        if self.kind == "defect":
            return matrix.options(DEFECTS[self.name], effort=effort, family_only=False)
        chosen = [] if self.kind == "mock" else ["--mock-variant", self.name]
        return [*chosen, "--effort", effort, "-x"]


MOCK = Subject("mock", "mock")


def every() -> tuple[Subject, ...]:
    """The mock as it is, then all variants, then all defects."""
    return (
        MOCK,
        *(Subject("variant", name) for name in VARIANTS),
        *(Subject("defect", name) for name in DEFECTS),
    )


def spread(things: Sequence[T], most: int | None) -> list[T]:
    """At most so many of them, at equal distances: a sample that is the same each time.

    Variants and defects are listed family by family, so that each family keeps its share.
    """
    if most is None or most >= len(things):
        return list(things)
    return [things[position * len(things) // most] for position in range(most)]
