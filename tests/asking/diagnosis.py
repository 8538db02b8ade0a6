"""Which clause a breach is really about: simpler requests are asked until one shows it too.

A profile that is not found in a chunked batch may be missed because of the chunks, because of the
batch, because of XML, or because its mode does not find it at all. The simplest request that
shows the same breach names the clause; nobody is to look for a fault in the chunks when a single
item in plain JSON fails as well.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, cast

from contracts.matching import DEFAULT_MODE, MODES
from contracts.model import Format, Item, Params
from tests.reporting.verdicts import Breach

ABOUT_FINDING: Final = ("matching.", "batch.", "format.agree")
"""Clauses whose tests send plain requests because plain requests are what they are about."""

POSITION: Final = "batch.position"

if TYPE_CHECKING:
    from tests.asking.ask import Ask
    from tests.asking.sending import How


def cause(ask: "Ask", breach: Breach, params: Params, fmt: Format, how: "How") -> str:
    """The clause of the simplest request that shows a breach like this one."""
    if ask.target.safety.live or breach.answer is None:
        return breach.clause
    for suspect, simpler, its_format in _simpler(ask, params, fmt, how):
        if (simpler, its_format, how) == (params, fmt, {}):
            if _holds(ask, params, fmt):
                # Asked again it is served: not the request, but what came before it.
                return breach.clause
            clause = _itself(ask, breach, params, fmt) or suspect
        elif _holds(ask, simpler, its_format):
            continue
        else:
            clause = suspect
        return _of_batch(ask, simpler, its_format) if clause == "batch.complete" else clause
    return breach.clause


def _of_batch(ask: "Ask", params: Params, fmt: Format) -> str:
    """Whether a plain batch loses somebody, or somebody else backwards: then places matter."""
    backwards = {**params, "data": list(reversed(cast("Sequence[Item]", params["data"])))}
    return "batch.complete" if _lacks(ask, params, fmt) == _lacks(ask, backwards, fmt) else POSITION


def _lacks(ask: "Ask", params: Params, fmt: Format) -> frozenset[str]:
    mode, items = str(params["matching"]), cast("list[Item]", params["data"])
    try:
        reply = ask.send(params, fmt)
    except Breach:
        return frozenset()
    return ask.known.oracle.expected(mode, items, fmt).must - set(reply.ids)


def _itself(ask: "Ask", breach: Breach, params: Params, fmt: Format) -> str:
    """What a plain request's own test knows best of it; empty where it is about something else."""
    if not (breach.lost and breach.clause.startswith(ABOUT_FINDING)):
        return ""
    mode = str(params.get("matching", DEFAULT_MODE.name))
    items = cast("Sequence[Item]", params["data"])
    finding = [item for item in items if ask.known.oracle.expected(mode, [item], fmt).must]
    if 0 < len(finding) < len(items) and breach.clause.startswith("matching."):
        answer = cast("Format | None", params.get("format"))
        if _holds(ask, ask.batch(mode, finding, answer), fmt):
            return "batch.unmatched-neighbours"
    return breach.clause


def _simpler(
    ask: "Ask", params: Params, fmt: Format, how: "How"
) -> Iterator[tuple[str, Params, Format]]:
    """Simpler requests, the simplest first, each with the clause that it would break."""
    mode = str(params.get("matching", DEFAULT_MODE.name))
    if mode not in MODES:
        return
    items = cast("Sequence[Item]", params["data"])
    answer = cast("Format | None", params.get("format"))
    single = _lost(ask, mode, items, fmt)
    yield f"matching.{mode}", ask.batch(mode, single, "json"), "json"
    if fmt == "xml":
        yield "format.xml-request", ask.batch(mode, single, "json"), "xml"
        yield "format.xml-request", ask.batch(mode, single, "xml"), "xml"
    if answer == "xml":
        yield "format.xml-answer", ask.batch(mode, single, "xml"), "json"
    if "body" not in how:
        yield "batch.complete", ask.batch(mode, items, answer), fmt


def _lost(ask: "Ask", mode: str, items: Sequence[Item], fmt: Format) -> Sequence[Item]:
    """One item that finds a profile: the first that, asked alone, does not."""
    finding = [item for item in items if ask.known.oracle.expected(mode, [item], fmt).must]
    for item in finding[:12]:
        if not _holds(ask, ask.batch(mode, [item], "json"), "json"):
            return [item]
    return finding[:1] or items[:1]


def _holds(ask: "Ask", params: Params, fmt: Format) -> bool:
    try:
        # On a connection of its own: what came before must not speak for the request.
        ask.plainly_finds(params, fmt, fresh_connection=True)
    except Breach:
        return False
    return True
