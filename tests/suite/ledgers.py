"""What the ledger's tests share: cases of each outcome, and runs of them."""

from tests.reporting.ledger import Case, Ledger, Outcome
from tests.reporting.told import Told

POST = "endpoint.post"
OPEN = "batch.order"


def breach(clause: str = POST, refused_with: int | None = None) -> Told:
    """A breach of a clause; of a valid request that was refused, where there is a number."""
    return Told(clause, "lost", "error 0", "error 500", refused_with=refused_with)


def case(outcome: Outcome, *about: str, of: Told | None = None) -> Case:
    """A finished case about some clauses."""
    return Case("test", about or (POST,), outcome, breach=of)


def refusal(code: int) -> Case:
    """A case in which a valid request was refused with an error number."""
    return case(Outcome.BROKEN, of=breach(refused_with=code))


HELD = case(Outcome.HELD)
BROKEN = case(Outcome.BROKEN, of=breach())
UNSUPPORTED = case(Outcome.UNSUPPORTED)
NOT_RUN = case(Outcome.NOT_RUN)
NO_VERDICT = case(Outcome.NO_VERDICT)


def ledger(*cases: Case, valid: int = 0, refused: int = 0, code: int = 401) -> Ledger:
    """A run of these cases, with so many valid requests, of which so many were refused."""
    run = Ledger(list(cases), valid=valid)
    run.refusals[code] = refused
    return run
