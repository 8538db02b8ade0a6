"""What a variant is."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variant:
    """One conforming way to behave that is not the mock's default.

    Attributes:
        name: what it is switched on by.
        sentence: what it does.
        changes: policy field -> value.
    """

    name: str
    sentence: str
    changes: Mapping[str, object]


def variant(name: str, sentence: str, **changes: object) -> Variant:
    """A variant that sets these policy fields."""
    return Variant(name, sentence, changes)
