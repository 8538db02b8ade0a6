"""What the two formats hold alike about the values that they write."""

from collections.abc import Sequence
from typing import TypeGuard

from contracts.model import JsonValue


def is_list(value: JsonValue) -> TypeGuard[Sequence[JsonValue]]:
    """Whether a value is an array: a sequence, but neither text nor bytes."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
