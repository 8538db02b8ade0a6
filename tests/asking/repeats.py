"""How an answer says that it is a repeat's: answered from memory, not executed (DEDUP)."""

from tests.asking.reply import Reply


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
