"""The smallest batch and the smallest body that show a breach, as long as it is the same breach."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from contracts import sizes
from tests.asking.question import Among, Growth, OfSize
from tests.diagnosis.experiment import Experiment

Thing = TypeVar("Thing")

MOST_TRIES: Final = 60
"""Requests spent on fewer items: enough for some ten items out of thousands."""

MOST_ALONE: Final = 12
"""Items that are tried alone before halves are left out."""


def smallest(things: Sequence[Thing], shows: Callable[[Sequence[Thing]], bool]) -> Sequence[Thing]:
    """Leave out halves, quarters, ... and at last single things that the breach does not need.

    Args:
        things: what the request that showed the breach held; all of them show it.
        shows: whether some of them show it, too.

    Returns:
        The fewest that were found to show it, in their order.
    """
    kept, tries, size = list(things), 0, len(things) // 2
    while size >= 1 and tries < MOST_TRIES:
        start = 0
        while start < len(kept) > size and tries < MOST_TRIES:
            fewer = kept[:start] + kept[start + size :]
            tries += 1
            if shows(fewer):
                kept = fewer
            else:
                start += size
        size //= 2
    return kept


def fewer_items(experiment: Experiment) -> None:
    """Leave out the items that the breach does not need."""
    question = experiment.question
    growth = question.how.get("growth")
    places = growth.places if isinstance(growth, Among) else tuple(range(len(question.items)))
    placed = list(zip(places, question.items, strict=True))

    def shows(some: Sequence[tuple[int, object]]) -> bool:
        kept = dict(some)
        items = [item for place, item in placed if place in kept]
        fewer = question.with_items(items)
        if isinstance(growth, Among):
            fewer = fewer.sent(growth=Among(growth.count, tuple(kept)))
        return experiment.try_simpler(fewer)

    if len(placed) < 2 or any(shows([one]) for one in placed[:MOST_ALONE]):
        return
    smallest(placed, shows)


def smaller_body(experiment: Experiment) -> None:
    """Find the least number of items, or of bytes, at which the breach shows."""
    growth = experiment.question.how.get("growth")
    match growth:
        case Among(places=(place,)):
            _least_count(experiment, growth.count, place)
        case OfSize(recipe=recipe):
            question = experiment.question
            placed = experiment.ask.placement.placed(question.params)
            least = sizes.smallest(placed, question.fmt, recipe)
            _least(experiment, lambda size: OfSize(size, recipe), least, growth.size)


def _least_count(experiment: Experiment, count: int, place: int) -> None:
    for at, most in _relations(count, place):
        if experiment.try_simpler(experiment.question.sent(growth=at(most))):
            _least(experiment, at, 0, most)
            return


def _relations(count: int, place: int) -> Iterator[tuple[Callable[[int], Among], int]]:
    """What may matter of an item's place: each with the largest number for which it is asked.

    How far in it stands, with nothing behind it or with one item; where among the others; how
    far from the end; and at last only how many items there are.
    """
    yield lambda index: Among(index + 1, (index,)), place
    yield lambda index: Among(index + 2, (index,)), place
    yield lambda size: Among(size + 1, (place * (size + 1) // count,)), count * 3 // 4
    yield lambda size: Among(size + count - place, (size,)), place * 3 // 4
    yield lambda more: Among(place + more, (place,)), count - place


def _least(
    experiment: Experiment, grown: Callable[[int], Growth], too_few: int, enough: int
) -> None:
    """Halve the distance between what does not show the breach and what does."""
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if experiment.try_simpler(experiment.question.sent(growth=grown(middle))):
            enough = middle
        else:
            too_few = middle
