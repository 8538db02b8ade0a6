"""Settings, variants and a defect together: what a mock is set to, by names."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from endpoint.mock.behaviour import Behaviour
from endpoint.mock.defects import DEFECTS
from endpoint.mock.engine import Engine
from endpoint.mock.model import Settings
from endpoint.mock.variants import VARIANTS


class UnknownNameError(ValueError):
    """There is no variant or defect of that name."""


def _meant(name: str, known: Iterable[str]) -> str:
    """Names that look like the one that is unknown, and where all of them stand."""
    near = " or ".join(get_close_matches(name, known))
    return f"{'; did you mean ' if near else ''}{near} (the mock's --list-... names all)"


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
            if name not in VARIANTS:
                raise UnknownNameError(f"no variant {name!r}{_meant(name, VARIANTS)}")
        if self.defect is not None and self.defect not in DEFECTS:
            raise UnknownNameError(f"no defect {self.defect!r}{_meant(self.defect, DEFECTS)}")

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
