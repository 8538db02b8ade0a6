"""The words of the contract: a request's parameters, formats, JSON values."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, TypeAlias, TypeGuard, get_args

JsonValue: TypeAlias = (
    "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
)

Format = Literal["json", "xml"]
"""How a request is written, and, as the parameter `format`, how its answer is."""

FORMATS: Final[tuple[Format, ...]] = get_args(Format)

Item: TypeAlias = Mapping[str, JsonValue]
"""One element of `data`: the keys and values by which one profile is searched."""

Params: TypeAlias = Mapping[str, JsonValue]
"""A request: parameter name -> value, in the order in which they are written.

A plain mapping rather than a class, so that a request that breaks the contract
(a parameter missing, of another type, twice over) is written the same way as one
that keeps it.
"""

PATH: Final = "/api/v1.1/campaigns/triggers/start_batch"

REQUEST_MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "xml": "application/xml",
}

SUCCESS_TEXT: Final = "Successful operation"

OVER_LIMIT: Final[Mapping[str, int | str]] = {
    "error": 400,
    "error_debug": "http: request body too large",
    "error_text": "Invalid request",
}
"""The documented answer to a body over the limit (SEED, last example)."""

DECIMAL_LIMIT: Final = 10_000_000
BINARY_LIMIT: Final = 10_485_760
"""The two readings of "10 MB", in bytes (facts.md, section 7: which one is unknown)."""

ATTACH_LIMIT: Final = 100_000_000
"""The least reading of "files: 100 MB", in bytes; what it applies to is unknown."""


def is_list(value: object) -> TypeGuard[Sequence[JsonValue]]:
    """Whether a value is an array: a sequence, but neither text nor bytes."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)
