"""An answer that could be read: what it says of the profiles that were sent to."""

from dataclasses import dataclass

from contracts.model import Format
from endpoint.answer import Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is well-formed and of the documented shape.

    Attributes:
        answer: the raw answer, which holds the request.
        format: the format that the answer is in.
        error: 0 for success.
        error_text: the error's text.
        error_debug: the detail of the error example, where present.
        ids: the profiles in `result`, in its order and with its repetitions.
        shape: how `result` came: an array, null, or not at all.
    """

    answer: Answer
    format: Format
    error: int
    error_text: str
    error_debug: str | None
    ids: tuple[str, ...]
    shape: str

    @property
    def succeeded(self) -> bool:
        """Whether the operation was done."""
        return self.error == 0

    def __str__(self) -> str:
        """Say in one line what came."""
        if not self.succeeded:
            return f"error {self.error} {self.error_text!r}"
        return f"error 0 and {len(self.ids)} ids: {shortened(self.ids)}"


def shortened(ids: tuple[str, ...] | frozenset[str], most: int = 6) -> str:
    """A list of ids that fits in a line."""
    shown = list(ids)[:most] if isinstance(ids, tuple) else sorted(ids)[:most]
    return "[" + ", ".join(shown) + (", ...]" if len(ids) > most else "]")
