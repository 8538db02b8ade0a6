"""The smallest batch that shows a breach."""

from collections.abc import Callable, Sequence

import pytest

from contracts.model import Item
from tests.asking.minimal import MOST_TRIES, smallest
from tests.reporting.verdicts import Breach

THOUSAND = [{"email": f"{number}@example.com"} for number in range(1000)]


class Server:
    """Breaks a clause for every batch that holds all of the bad items."""

    def __init__(self, *bad: int) -> None:
        self.bad = [THOUSAND[number] for number in bad]
        self.asked: list[int] = []

    def __call__(self, items: Sequence[Item]) -> Breach | None:
        """The breach that a batch shows; it says which items the batch had."""
        self.asked.append(len(items))
        came = ",".join(str(item["email"]).partition("@")[0] for item in items)
        shown = all(item in items for item in self.bad)
        return Breach("batch.complete", None, came=came, expected="") if shown else None


def shrunk(server: Callable[[Sequence[Item]], Breach | None], items: Sequence[Item]) -> str:
    """The numbers of the items that are left."""
    whole = server(items)
    assert whole is not None
    return smallest(items, whole, server).came


@pytest.mark.parametrize("bad", [0, 1, 499, 500, 733, 999])
def test_one_bad_item_among_a_thousand_is_found(bad: int) -> None:
    """Wherever it stands, the one item that shows the breach is left alone."""
    assert shrunk(Server(bad), THOUSAND) == str(bad)


@pytest.mark.parametrize("bad", [(0, 1), (499, 500), (733, 734), (998, 999)])
def test_two_neighbours_that_show_it_together_are_found(bad: tuple[int, int]) -> None:
    """A breach that takes two items side by side is told with these two, and no third."""
    assert shrunk(Server(*bad), THOUSAND) == ",".join(map(str, bad))


def test_two_far_apart_are_found() -> None:
    """A breach that takes the first and the last of a thousand is told with these two."""
    assert shrunk(Server(0, 999), THOUSAND) == "0,999"


@pytest.mark.parametrize("bad", [(3,), (0, 999), tuple(range(0, 1000, 100))])
def test_the_tries_are_bounded(bad: tuple[int, ...]) -> None:
    """However stubborn the breach, it costs no more than `MOST_TRIES` further requests."""
    server = Server(*bad)
    shrunk(server, THOUSAND)

    assert len(server.asked) <= MOST_TRIES + 1


def test_no_empty_batch_is_asked() -> None:
    """A batch of nothing shows nothing, and is not sent."""
    server = Server()
    shrunk(server, THOUSAND[:5])

    assert min(server.asked) == 1


def test_a_batch_of_one_is_as_small_as_it_gets() -> None:
    """Nothing is asked to shrink a single item."""
    server = Server(0)
    shrunk(server, THOUSAND[:1])

    assert server.asked == [1]


def test_a_breach_that_does_not_come_again_is_told_as_it_was() -> None:
    """Where no smaller batch shows it, the first breach is the one that is told."""
    first = Breach("batch.complete", None, came="all", expected="")

    assert smallest(THOUSAND, first, lambda _: None) is first


def test_the_order_of_what_is_left_is_kept() -> None:
    """Items are left out, never moved."""
    items = THOUSAND[9::-1]

    assert shrunk(Server(2, 7), items) == "7,2"
