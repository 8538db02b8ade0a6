"""Large batches repeat few items: what is worked out of an item is worked out once."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

_T = TypeVar("_T")


def counted(items: Iterable[_T]) -> list[tuple[_T, int]]:
    """The items, each with how often it stands there.

    A batch of 30,000 that repeats one dict object 10,000 times is looked at three times; equal
    items that are objects of their own are not brought together.
    """
    batch = list(items)
    times = Counter(map(id, batch))
    return [(item, times[key]) for key, item in {id(item): item for item in batch}.items()]
