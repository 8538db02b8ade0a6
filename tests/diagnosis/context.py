"""A breach that does not show when its request is asked again: what came before, or chance."""

from dataclasses import replace
from typing import Final

from endpoint.answer import Call
from tests.asking.ask import ABOUT_ERRORS, Ask, fresh_id
from tests.asking.repeats import WITHOUT_ID
from tests.asking.sized import Sized
from tests.diagnosis.experiment import Experiment
from tests.diagnosis.features import features_of
from tests.reporting.verdicts import Breach, Symptom

REPEATS: Final = 20
"""Times that a request is asked again, each on a connection of its own."""

IN_TURN: Final = 12
"""Times that a request is asked again behind the one that it had followed."""

OFTEN: Final = 2
"""Times that it has to show then: once may be chance."""

CONCURRENCY: Final = "transport.concurrency"

NEXT_REQUEST: Final = "limit.next-request"

UNLIKE: Final = 5
"""Times that a request that looks like no other has to be answered rightly."""

STALE: Final = "dedup.fresh-id"
STALE_WITHOUT_ID: Final = "dedup.other-body"

ODD_ID: Final = "zz{}~fresh"
"""A request id that looks like no other."""


def tell(experiment: Experiment) -> None:
    """Say of the breach as it was met when it shows, and name its clause."""
    breach = experiment.breach
    again = sum(experiment.shows(experiment.question) is not None for _ in range(REPEATS))
    if not again and CONCURRENCY in experiment.ask.current:
        breach.clause, breach.shows = CONCURRENCY, "only when several requests are asked at once"
    elif again and (stale := stale_clause(experiment)):
        breach.clause = stale
    elif not again and (previous := _previous(experiment)) and _follows(experiment, previous):
        large = _is_large(previous, experiment.ask)
        breach.clause = NEXT_REQUEST if large else "transport.keep-alive"
        breach.shows = "only behind the request before it"
    else:
        breach.shows = f"sometimes: in {again} of {REPEATS} repeats"
        breach.clause = by_chance(breach)


def stale_clause(experiment: Experiment) -> str:
    """The clause that is broken where an earlier request's answer comes back; else none."""
    if not _is_stale(experiment):
        return ""
    headers = experiment.question.how.get("headers") or {}
    return STALE_WITHOUT_ID if WITHOUT_ID.items() <= headers.items() else STALE


def _is_stale(experiment: Experiment) -> bool:
    """Whether an earlier request's answer comes back, until the request looks like no other.

    A fresh request id, and white space around the body, change nothing about its meaning.
    """
    ask, question, answer = experiment.ask, experiment.question, experiment.smallest.answer
    if answer is None or not _was_told_before(experiment) or set(question.how) & _SPELLED:
        return False
    body = b"\n\n " + ask.encode(question.params, question.fmt) + b" \n \n\n"
    unlike = question.sent(body=body, request_id=ODD_ID.format(fresh_id()))
    return all(experiment.holds(unlike) for _ in range(UNLIKE))


def is_spoiled(experiment: Experiment) -> bool:
    """Whether what was served before is refused since a body at or over the limit."""
    if experiment.breach.symptom is not Symptom.LOST:
        # Whoever had to find somebody asked in a mode that there is; others need not.
        return False
    previous, asked = _previous(experiment), experiment.question
    wanted = experiment.ask.known.oracle.expected(asked.mode, asked.items, asked.fmt).must
    served = any(wanted <= set(ids) for ids in experiment.ask.told)
    behind_large = previous is not None and _is_large(previous, experiment.ask)
    return behind_large and served and not features_of(asked)


def _is_large(call: Call, ask: Ask) -> bool:
    return len(call.body or b"") >= Sized(ask).limit.accepted


def _was_told_before(experiment: Experiment) -> bool:
    """Whether some earlier request was rightly answered with just these profiles."""
    breach = experiment.smallest
    body = breach.answer.body if breach.answer else b""
    named = [ids for ids in experiment.ask.told if ids and ids[0].encode() in body]
    return any(all(one.encode() in body for one in ids) for ids in named)


_SPELLED: Final = frozenset({"body", "growth", "spelling", "request_id"})
"""Options that say what the body or the request id looks like."""


def _previous(experiment: Experiment) -> Call | None:
    """The request before the one that showed the breach, where that was the last one."""
    answer, recent = experiment.breach.answer, experiment.before
    if answer is None or len(recent) < 2 or recent[-1] is not answer.call:
        return None
    return recent[-2]


def _follows(experiment: Experiment, previous: Call) -> bool:
    """Whether the breach shows behind that request, on the connections on which both went."""
    shown = 0
    for _ in range(IN_TURN):
        experiment.ask.client.call(replace(previous, request_id=None))
        shown += experiment.shows_where_it_was(experiment.question) is not None
        if shown == OFTEN:
            return True
    return False


def by_chance(breach: Breach) -> str:
    """What a breach is about that comes and goes, whatever its test is about."""
    if breach.refused_with is not None or breach.clause in ABOUT_ERRORS:
        return "endpoint.post"
    return "batch.complete" if breach.symptom is Symptom.LOST else breach.clause
