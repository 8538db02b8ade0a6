"""Names for what was seen: the alternatives of open clauses."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from contracts import wire
from contracts.model import BINARY_LIMIT, DECIMAL_LIMIT, Item
from endpoint.answer import Answer
from tests.asking.oracle import Oracle
from tests.asking.reply import Reply

TEXTS: Final[Mapping[int, str]] = {400: "Invalid request", 401: "API token required"}
"""error_text by error number, as far as the general table is known (facts.md, section 5)."""


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


def unknown_format(answer: Answer, *, served: bool) -> str:
    """How a format that nobody knows was answered."""
    if not is_json(answer):
        return "other"
    return "as json" if served else "refused in json"


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


def finds(reply: Reply, profile_id: str) -> str:
    """Whether one profile was found, among others."""
    return "found" if profile_id in reply.ids else "not found" if reply.succeeded else "refused"


def takes(reply: Reply, profile_id: str) -> str:
    """Whether something undocumented in one profile's item was understood or passed over."""
    return "accepted" if profile_id in reply.ids else "not found" if reply.succeeded else "refused"


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


def number(reply: Reply) -> str:
    """An error's number, `no error`, or `other`."""
    if reply.succeeded:
        return "no error"
    return str(reply.error) if reply.error in {400, 403, 404, 440} else "other"


def text(reply: Reply) -> str:
    """Whether an error's text is the one of the general table."""
    if reply.error not in TEXTS:
        return "a number without a known text"
    return "the table's" if reply.error_text == TEXTS[reply.error] else "other words"


def over_limit_status(reply: Reply) -> str:
    """The HTTP status of the over-limit answer."""
    status = reply.answer.status
    return str(status) if status in {200, 400, 413} else "other"


def reached(reply: Reply, wanted: Collection[str]) -> str:
    """How many of several profiles one item found."""
    if not reply.succeeded:
        return "refused"
    reached = set(wanted) & set(reply.ids)
    return "nobody" if not reached else "all" if reached == set(wanted) else "some"


def winner(reply: Reply, profiles: Mapping[str, str]) -> str:
    """Which of two, each with a profile of its own, found it: one, both, nobody."""
    if not reply.succeeded:
        return "refused"
    won = [name for name, profile_id in profiles.items() if profile_id in reply.ids]
    return won[0] if len(won) == 1 else "both" if won else "nobody"


def counts(first: Reply, second: Reply, places: tuple[str, str]) -> str:
    """Which place counts: `first` was right in the first place only, `second` in the second."""
    if first.succeeded == second.succeeded:
        return "either" if first.succeeded else "neither alone"
    return places[0] if first.succeeded else places[1]


def format_of(reply: Reply, other: str) -> str:
    """Whose format an answer is in: the body's, which was JSON, or the other's, XML."""
    if not reply.succeeded:
        return "refused"
    return "body" if reply.format == "json" else other


def forms(elements: Reply, text: Reply) -> str:
    """In which forms an object was taken."""
    if elements.succeeded and text.succeeded:
        return "both"
    return "elements" if elements.succeeded else "JSON text" if text.succeeded else "neither"


def passed_over(reply: Reply) -> str:
    """Whether an odd item was passed over."""
    return "passed over" if reply.succeeded else "refused"


def marked(reply: Reply) -> str:
    """Whether an answer says that it is a repeat's."""
    return "not marked" if duplicate_header(reply) == "no headers" else "marked"


def id_header(request_id: Reply, x_request_id: Reply) -> str:
    """By which header alone a repeat was known."""
    known = [marked(reply) == "marked" for reply in (request_id, x_request_id)]
    if known[0] == known[1]:
        return "either" if known[0] else "neither"
    return "Request-ID" if known[0] else "X-Request-ID"
