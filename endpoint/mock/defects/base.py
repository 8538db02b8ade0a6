"""What a defect is."""

from dataclasses import dataclass

from endpoint.mock.behaviour import Seams


@dataclass(frozen=True, slots=True)
class Defect:
    """One bug, as small as real ones are.

    Attributes:
        name: what it is switched on by.
        clause: the id of the clause that it breaks (contracts/clauses.toml).
        sentence: what the mock then does.
        seams: where it hooks in.
        needs_limit: it shows only where the target gives `body_limit_bytes`.
    """

    name: str
    clause: str
    sentence: str
    seams: Seams
    needs_limit: bool = False
