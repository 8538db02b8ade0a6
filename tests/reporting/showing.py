"""Requests and answers as they are shown: without the token, large bodies cut."""

from collections.abc import Callable, Iterator
from typing import Final

from contracts.model import PATH
from endpoint.answer import WHOLE, Answer, Call
from tests.reporting.told import Message

HEAD: Final = 900
TAIL: Final = 400
"""Characters of a body that a page shows from its beginning and from its end."""

MOST_HEADERS: Final = 30
"""Header lines of an answer that are shown."""

LONGEST: Final = 300
"""Characters of a header line."""

GAP: Final = "\n[...]\n"

Hide = Callable[[str], str]
"""Takes out of a text what is not to be shown."""


def request(call: Call, hide: Hide) -> Message:
    """The request: its path, the headers that matter, its body."""
    body = call.body or b""
    head = f"{call.method} {call.url(PATH)}"
    shown, left_out = excerpt(body, hide)
    return Message(hide(head), tuple(map(hide, _headers(call))), shown, len(body), left_out)


def answer(came: Answer, hide: Hide) -> Message:
    """The answer: its status, its headers, its body; or how it failed to come."""
    status = f"HTTP {came.status}" if came.status else str(came.ending)
    ended = "" if came.answered else f" ({came.ending}: {came.detail})"
    lines = tuple(
        hide(f"{name}: {value}")[:LONGEST] for name, value in (*came.headers,)[:MOST_HEADERS]
    )
    shown, left_out = excerpt(came.body, hide)
    return Message(
        hide(f"{status}{ended}, {came.seconds:.3f} s"), lines, shown, len(came.body), left_out
    )


def excerpt(
    body: bytes, hide: Hide, head: int = HEAD, tail: int = TAIL, gap: str = GAP
) -> tuple[str, bool]:
    """A body's beginning and end, and whether something between them is left out.

    What is not to be shown is taken out before anything is cut, with room for the longest of its
    spellings: half a token is no longer recognised.
    """
    if len(body) > 32 * (head + tail):
        begin, end = body[: 16 * head], body[-16 * tail :]
        return gap.join((hide(_text(begin))[:head], hide(_text(end))[-tail:])), True
    text = hide(_text(body))
    if len(text) <= head + tail:
        return text, False
    return f"{text[:head]}{gap}{text[-tail:]}", True


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def _headers(call: Call) -> Iterator[str]:
    own = {"Content-Type": call.media_type, "Accept-Encoding": call.accept_encoding}
    given = {name.lower() for name in call.headers}
    for name, value in {**own, **call.headers}.items():
        if name not in own or name.lower() not in given:
            if value is not None:
                yield f"{name}: {value}"
            elif name in call.headers:
                yield f"{name}: (left out)"
    yield f"(body sent as {call.upload}{_cuts(call)})"
    if call.expect:
        yield "Expect: 100-continue"
    if call.fresh_connection:
        yield "(on a connection of its own)"


def _cuts(call: Call) -> str:
    sizes = ", ".join(f"{size:,}" for size in call.sizes[:5] if size < WHOLE)
    pause = f", {call.pause_seconds:g} s apart" if call.pause_seconds else ""
    return f" of {sizes} bytes{pause}" if sizes else ""
