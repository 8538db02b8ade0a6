"""What a defect is, and the kind that most families have: what is right is refused."""

from collections.abc import Callable
from dataclasses import dataclass

from endpoint.mock.behaviour import Seams
from endpoint.mock.model import Call, Request, Settings
from endpoint.mock.reading import refuse


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


def refusing(wanted: Callable[[Call, Request], bool], debug: str) -> Seams:
    """Such requests are refused; `debug` is what error_debug then says."""

    def refused(call: Call, request: Request, _: Settings) -> Request:
        if wanted(call, request):
            refuse(debug)
        return request

    return Seams(request=refused)
