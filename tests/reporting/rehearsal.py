"""A dry run: what a run would send to a target, counted on the embedded mock in its place."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from endpoint.target import Target
from tests.reporting.ledger import Outcome
from tests.reporting.run import Run

HEAD: Final = f"{'':<18}{'cases':>9}{'requests':>11}"


def stand_in(target: Target) -> Target:
    """The embedded mock with the target's profiles, settings and bounds."""
    return replace(target, is_mock=True)


def lines(run: Run, target: Target) -> Iterator[str]:
    """What was counted, by family and in total.

    Args:
        run: against the stand-in.
        target: that nothing was sent to.
    """
    cases: Counter[str] = Counter()
    requests: Counter[str] = Counter()
    for case in run.ledger.cases:
        family = case.clauses[0].partition(".")[0]
        cases[family] += case.outcome is Outcome.HELD
        requests[family] += case.requests
    yield f"nothing was sent to {target.name} ({target.base_url}); a target that keeps the"
    yield "documentation would be asked:"
    yield HEAD
    for family, count in cases.items():
        yield f"{family:<18}{count:>9,}{requests[family]:>11,}"
    yield f"{'in total':<18}{cases.total():>9,}{run.ledger.requests:>11,}"
    yield f"{run.ledger.sent_bytes:,} bytes of bodies"
    yield from _sends(run, target)


def _sends(run: Run, target: Target) -> Iterator[str]:
    """Who would get messages, and what does not fit."""
    if not target.safety.live:
        yield f"at most {run.ask.guard.sent:,} sends, none of which reaches anybody: it is not live"
        return
    left_out = sum(case.outcome is Outcome.NOT_RUN for case in run.ledger.cases)
    yield f"at most {run.ask.guard.sent:,} messages to the known profiles (max_sends)"
    if left_out:
        yield f"{left_out:,} cases do not fit into max_sends = {target.safety.max_sends:,}"
