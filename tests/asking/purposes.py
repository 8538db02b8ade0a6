"""What a request is for, by the demand that its answer is held against: a table."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a request is sent for."""

    FOUND = "found"
    """Somebody has to be found."""
    NOBODY = "nobody"
    """Nobody may be found."""
    WRONG = "wrong"
    """It has to be refused."""
    TOO_LARGE = "too large"
    """It has to be refused for its size."""
    PROBE = "probe"
    """It is valid; whether it is too large is what is asked."""
    OPEN = "open"
    """It may be served or refused, or is asked beside another one."""


DEMANDS: Final[Mapping[str, Purpose]] = {
    "_finds": Purpose.FOUND,
    "_finds_at_most": Purpose.OPEN,
    "_finds_or_is_refused": Purpose.OPEN,
    "_finds_at_most_or_is_refused": Purpose.OPEN,
    "_finds_nobody": Purpose.NOBODY,
    "_refuses": Purpose.WRONG,
    "_refuses_body": Purpose.WRONG,
    "_refused_as_too_large": Purpose.TOO_LARGE,
}


def purpose_of(demand: Callable[..., object]) -> Purpose:
    """What a demand's request is for."""
    return DEMANDS.get(demand.__name__, Purpose.OPEN)
