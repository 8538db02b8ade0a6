"""Which contract tests run, and in which order."""

from collections import Counter
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Final

import pytest

from contracts import clauses

FAMILIES: Final = (
    "endpoint", "access", "parameters", "malformed", "formats", "matching", "answers", "batches",
    "payload", "spelling", "transport", "concurrency", "dedup", "confidentiality", "limit",
)  # fmt: skip
"""The order in which the files of tests/contract run."""

BEHIND_BATCHES: Final = FAMILIES.index("batches") + 1

OF_PAST: Final = "test_past.py"
"""The file whose tests are what earlier runs have kept."""

SMOKE_CELLS: Final = 12
"""Cases of one test at `smoke` effort: enough to meet each value of each axis."""

SMOKE_SLOW: Final = 2
"""The same where each case takes tenths of a second: one in each format."""


def asks(item: pytest.Item) -> bool:
    """Whether a test asks the target."""
    return "ask" in getattr(item, "fixturenames", ())


def clauses_of(item: pytest.Item) -> tuple[str, ...]:
    """The clauses that a test is about, the first most of all."""
    found = (clause for mark in item.iter_markers("clause") for clause in mark.args)
    return tuple(dict.fromkeys(found))


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that --clause names, or that see what --observe looks for."""
    if config.getoption("observe"):
        others = {item for item in items if asks(item) and not _observes(item)}
        config.hook.pytest_deselected(items=list(others))
        items[:] = [item for item in items if item not in others]
    chosen = set(config.getoption("clause"))
    names = {part for one in clauses.load() for part in (one, one.partition(".")[0])}
    for unknown in sorted(chosen - names):
        near = get_close_matches(unknown, names, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise pytest.UsageError(
            f"--clause {unknown}: no such clause or family; {hint}docs/clauses.md lists them"
        )
    if chosen:
        kept = [
            item
            for item in items
            if any({one, one.partition(".")[0]} & chosen for one in clauses_of(item))
        ]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def thin(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a few cases of each contract test, evenly among all its cells."""
    cells: dict[str, list[pytest.Item]] = {}
    for item in filter(asks, items):
        cells.setdefault(item.nodeid.partition("[")[0], []).append(item)
    left_out = set()
    for found in cells.values():
        most = SMOKE_SLOW if found[0].get_closest_marker("slow") else SMOKE_CELLS
        kept = {found[place * len(found) // most] for place in range(most)}
        left_out |= {item for item in found if item not in kept}
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def arrange(items: list[pytest.Item], *, live: bool) -> None:
    """Ask the plainest things first, so that a breach is met where it is plainest.

    On a live target the clauses take turns, so that a small budget reaches them all; in each
    turn what is promised comes before what is open.
    """
    items.sort(key=_family)
    if live:
        take_turns(items)


def put_first(items: list[pytest.Item], tests: AbstractSet[str]) -> None:
    """Put what broke in earlier runs first: the requests that were kept, then these tests."""
    items.sort(key=lambda item: (item.path.name != OF_PAST, item.nodeid not in tests))


def take_turns(items: list[pytest.Item]) -> None:
    """Put the first case of each clause before any second, and what is promised before the open."""
    turns = _turns(items)
    items.sort(key=lambda item: (turns[item], _is_open(item)))


def _is_open(item: pytest.Item) -> bool:
    """Whether a test is about open clauses alone, which can break no run."""
    known = clauses.load()
    return all(known[clause].status == "open" for clause in clauses_of(item))


def _observes(item: pytest.Item) -> bool:
    """Whether a test looks what the target does about an open clause, whatever else it checks."""
    known = clauses.load()
    return any(known[clause].status == "open" for clause in clauses_of(item))


def _family(item: pytest.Item) -> int:
    """The place of a test's file among the families; other tests keep theirs.

    A slow case of an earlier family, most often a large body, comes behind batches: what it
    breaks is most often theirs.
    """
    name = item.path.stem.removeprefix("test_")
    if not asks(item) or name not in FAMILIES:
        return len(FAMILIES)
    is_slow = item.get_closest_marker("slow") is not None
    return max(FAMILIES.index(name), BEHIND_BATCHES if is_slow else 0)


def _turns(items: list[pytest.Item]) -> dict[pytest.Item, int]:
    """Each case's place among those of its clauses: the first of all come before any second."""
    seen: Counter[tuple[str, ...]] = Counter()
    turns = {}
    for item in items:
        turns[item] = seen[clauses_of(item)]
        seen[clauses_of(item)] += 1
    return turns
