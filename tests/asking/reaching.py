"""Requests that no page describes: some reading of them finds certain profiles, and no other."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from contracts.model import Item, JsonValue
from tests.asking.ask import Ask
from tests.asking.reply import Reply, shortened


def reaches_at_most(
    ask: Ask, mode: str, items: Sequence[Item], also: AbstractSet[str], **changes: JsonValue
) -> Reply:
    """Demand an error, or success with none but these profiles and those that the items find.

    All of them count as sends.
    """
    may = ask.known.oracle.expected(mode, items, "json").may | also
    params = ask.batch(mode, items, "json", **changes)
    answer = ask.post(ask.encode(params, "json"), "json", sends=len(may))
    reply = ask.judge.reply(answer, "json")
    if extra := frozenset(reply.ids) - may:
        ask.fail(
            answer,
            f"{reply}, and so {shortened(extra)}, whom no reading of the request finds",
            f"nobody but {shortened(may)}",
            "batch.nobody-else",
        )
    return reply
