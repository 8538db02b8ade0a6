"""Names for what was seen: the alternatives of open clauses."""

from collections.abc import Sequence

from contracts import wire
from contracts.model import BINARY_LIMIT, DECIMAL_LIMIT, Item
from endpoint.answer import Answer
from tests.asking.judge import Reply
from tests.asking.oracle import Oracle


def code(reply: Reply) -> str:
    """An error's number, or `other`."""
    return str(reply.error) if reply.error in {400, 401, 403} else "other"


def http_status(reply: Reply) -> str:
    """How the HTTP status of an error relates to its number."""
    status = reply.answer.status
    return "200" if status == 200 else "the error's number" if status == reply.error else "other"


def media_type(reply: Reply) -> str:
    """The kind of Content-Type that an answer bears."""
    bare = reply.answer.headers.get("Content-Type").partition(";")[0].strip().lower()
    if not bare:
        return "none"
    kind, _, subtype = bare.partition("/")
    if subtype != reply.format:
        return "other"
    return {
        "application": "application/json and application/xml",
        "text": "text/json or text/xml",
    }.get(kind, "other")


def is_json(answer: Answer) -> bool:
    """Whether an answer is well-formed JSON."""
    try:
        wire.decode_answer(answer.body, "json")
    except wire.NotWellFormed:
        return False
    return True


def duplicate_header(reply: Reply) -> str:
    """Which generation of headers marks a repeated request."""
    for name in ("Duplicate-Request", "X-Duplicate-Request"):
        if name in reply.answer.headers:
            return name
    return "no headers"


def limit(size: int) -> str:
    """The reading of "10 MB" that a limit in bytes is."""
    if size in {DECIMAL_LIMIT, BINARY_LIMIT}:
        return str(size)
    if size < DECIMAL_LIMIT:
        return "lower"
    return "between" if size < BINARY_LIMIT else "higher"


def order(reply: Reply, oracle: Oracle, mode: str, items: Sequence[Item]) -> str:
    """How the order of `result` follows from the order of `data`."""
    in_data = [pid for item in items for pid in oracle.expected(mode, [item], "json").must]
    named = list(dict.fromkeys(reply.ids))
    return "as in data" if named == in_data else "reversed" if named == in_data[::-1] else "other"


def nobody(reply: Reply) -> str:
    """How an answer says that nobody was found."""
    return f"success, {reply.shape}" if reply.succeeded else "refused"


def found(reply: Reply) -> str:
    """Whether a request found anybody."""
    return ("found" if reply.ids else "not found") if reply.succeeded else "refused"


def accepted(reply: Reply) -> str:
    """Whether a request was served."""
    return "accepted" if reply.succeeded else "refused"


def sent_to_nobody(reply: Reply) -> str:
    """Whether a request that finds nobody was served."""
    return "success with nobody" if reply.succeeded else "refused"


def heeded(reply: Reply) -> str:
    """Whether a format in the URL decided about the answer's."""
    if not reply.succeeded:
        return "refused"
    return "heeded" if reply.format == "xml" else "ignored"


def taken(reply: Reply) -> str:
    """Whether something undocumented was understood, passed over or refused."""
    return ("accepted" if reply.ids else "not found") if reply.succeeded else "refused"
