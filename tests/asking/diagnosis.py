"""Which clause a breach is really about: simpler requests are asked until one shows it too.

A profile that is not found in a chunked batch may be missed because of the chunks, because of the
batch, because of XML, or because its mode does not find it at all. The simplest request that
shows the same breach names the clause; nobody is to look for a fault in the chunks when a single
item in plain JSON fails as well.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

from contracts.matching import DEFAULT_MODE, MODES
from contracts.model import Format, Item, Params
from tests.reporting.verdicts import Breach

if TYPE_CHECKING:
    from tests.asking.ask import Ask
    from tests.asking.sending import How


def cause(ask: "Ask", breach: Breach, params: Params, fmt: Format, how: "How") -> str:
    """The clause of the simplest request that shows a breach like this one."""
    if ask.target.safety.live or breach.answer is None:
        return breach.clause
    for clause, simpler, its_format in _simpler(ask, params, fmt, how):
        if (simpler, its_format, how) == (params, fmt, {}):
            # Nothing is simpler: the mode itself, unless even that is refused.
            return clause if breach.refused_with is None else breach.clause
        if not _holds(ask, simpler, its_format):
            return clause
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
        ask.plainly_finds(params, fmt)
    except Breach:
        return False
    return True
