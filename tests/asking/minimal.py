"""The smallest batch that shows a breach: fewer items, as long as it is the same breach."""

from collections.abc import Callable, Sequence
from typing import Final

from contracts.model import Item
from tests.reporting.verdicts import Breach

MOST_TRIES: Final = 60
"""Requests spent on one breach: enough for some ten items out of thousands."""


def smallest(
    items: Sequence[Item], breach: Breach, breach_of: Callable[[Sequence[Item]], Breach | None]
) -> Breach:
    """Leave out halves, quarters, ... and at last single items that the breach does not need.

    Args:
        items: the items of the request that showed the breach.
        breach: that breach.
        breach_of: sends fewer items; the same breach again, or None.

    Returns:
        The breach of the smallest batch found, or the one given.
    """
    kept, tries, size = list(items), 0, len(items) // 2
    while size >= 1 and tries < MOST_TRIES:
        start = 0
        while start < len(kept) > size and tries < MOST_TRIES:
            fewer = kept[:start] + kept[start + size :]
            tries += 1
            again = breach_of(fewer)
            if again is None:
                start += size
            else:
                kept, breach = fewer, again
        size //= 2
    return breach
