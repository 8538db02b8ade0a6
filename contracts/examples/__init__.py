"""The endpoint's page's own examples, each as on the page but for indentation.

Source: SEED, the two request examples, the success answer and the error answer, each in JSON
and in XML (`spec/start_batch.v72.ru.txt`). The two formats of one example differ in values:
another campaign, other profiles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from contracts.model import FORMATS, Format

Kind = Literal["request", "success-answer", "error-answer"]
"""What an example shows: the name of the schema that it keeps."""

FOLDER: Final = Path(__file__).parent

_KINDS: Final[Mapping[str, Kind]] = {
    "request-email": "request",
    "request-custom": "request",
    "answer-success": "success-answer",
    "answer-error": "error-answer",
}


@dataclass(frozen=True, slots=True)
class Example:
    """One example of the page.

    Attributes:
        name: which of the four it is; each is given in two formats.
        kind: the name of its schema.
        format: how it is written.
        body: its bytes, UTF-8.
    """

    name: str
    kind: Kind
    format: Format
    body: bytes


@cache
def load() -> tuple[Example, ...]:
    """All eight, in the order of the page."""
    return tuple(
        Example(name, kind, fmt, (FOLDER / f"{name}.{fmt}").read_bytes())
        for name, kind in _KINDS.items()
        for fmt in FORMATS
    )
