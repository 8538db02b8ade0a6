"""Repeats: what they are known by, and how their answers say that they are (DEDUP)."""

from collections.abc import Mapping
from typing import Final

from tests.asking.ask import fresh_id
from tests.asking.reply import Reply

WITHOUT_ID: Final[Mapping[str, str | None]] = {"Request-ID": None, "X-Request-ID": None}
"""Headers of a request that bears no id of either generation."""

MANY: Final = 3_000
"""Items: more than 64 KiB in either format."""


def long_id() -> str:
    """A request id of 155 characters that no earlier request had."""
    return "-".join(("a", fresh_id(), "0" * 80, fresh_id()))


def marks(reply: Reply) -> tuple[str, str] | None:
    """Key and word of a repeat's headers, of whichever generation; None where it has neither."""
    for prefix in ("", "X-"):
        names = [f"{prefix}Duplicate-Key", f"{prefix}Duplicate-Request"]
        if any(name in reply.answer.headers for name in names):
            key, word = map(reply.answer.headers.get, names)
            return key, word
    return None


def is_marked(reply: Reply) -> bool:
    """Whether an answer says that it is an earlier request's."""
    found = marks(reply)
    return found is not None and found[1].lower() == "true"
