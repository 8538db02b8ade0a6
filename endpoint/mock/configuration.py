"""Settings, variants and a defect together: what a mock is set to, by names."""

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

from endpoint.mock.behaviour import Behaviour
from endpoint.mock.defects import DEFECTS
from endpoint.mock.engine import Engine
from endpoint.mock.model import Settings
from endpoint.mock.variants import VARIANTS


class UnknownNameError(ValueError):
    """There is no variant or defect of that name."""


def require(kind: str, name: str, known: Collection[str]) -> None:
    """Demand that the mock has a variant or a defect of that name.

    Raises:
        UnknownNameError: it has none; the message has names like it, and where all stand.
    """
    if name not in known:
        near = " or ".join(get_close_matches(name, known))
        meant = f"; did you mean {near}?" if near else ""
        every = f"`python -m endpoint.mock --list-{kind}s` names all"
        raise UnknownNameError(f"the mock has no {kind} {name!r}{meant} {every}")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a mock is set to; small, comparable, and able to travel between processes."""

    settings: Settings
    variants: tuple[str, ...] = ()
    defect: str | None = None

    def __post_init__(self) -> None:
        """Refuse names that nobody knows.

        Raises:
            UnknownNameError: a variant or the defect is not in its registry.
        """
        for name in self.variants:
            require("variant", name, VARIANTS)
        if self.defect is not None:
            require("defect", self.defect, DEFECTS)

    def behaviour(self) -> Behaviour:
        """The faithful behaviour with the variants and then the defect applied."""
        changes: dict[str, object] = {}
        for name in self.variants:
            changes |= VARIANTS[name].changes
        if self.defect is not None:
            changes["seams"] = DEFECTS[self.defect].seams
        return Behaviour(**changes)  # type: ignore[arg-type]

    def engine(self) -> Engine:
        """The endpoint that behaves so."""
        return Engine(self.settings, self.behaviour())
