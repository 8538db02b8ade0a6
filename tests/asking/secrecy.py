"""What no answer may reveal: the token in any spelling, the inside of the server."""

import re
from collections.abc import Set as AbstractSet
from typing import Final

from endpoint.answer import Answer
from endpoint.secret import holds, redact

MOST_SEARCHED: Final = 1 << 20
"""Bytes of an answer in which every spelling of the token is looked for; in what is larger, at
both ends. The token as it is written in a request is looked for everywhere."""

LEAST_SECRET: Final = 8
"""Characters: a shorter token ("token", "test") stands in answers that reveal nothing."""

# Each begins with what it is looked for by: a search for a plain text is ten times as fast.
STACK_TRACES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rb"Traceback \(most recent call last\)",
        rb'File "[^"\n]+", line \d+',
        rb"goroutine \d+ \[",
        rb"\.go:\d+ \+0x",
        rb"at [\w.$]+\([\w$]+\.(?:java|kt|scala):\d+\)",
        rb"Exception in thread \"",
        rb"#\d+ /[^\s:]+\.php\(\d+\)",
        rb"at [^\n]{1,500}\.(?:js|ts):\d+:\d+",
        rb"in /[\w./-]+\.(?:php|rb|py) on line \d+",
        rb"thread '[^']+' panicked at",
    )
)


def shows_token(answer: Answer, token: str, near_tokens: AbstractSet[str]) -> bool:
    """Whether head or body of an answer holds the token, in whatever spelling.

    Args:
        answer: the answer.
        token: the secret; one that is too short to tell from a word is not looked for.
        near_tokens: wrong tokens made of it, which an error may repeat to who sent them.
    """
    if len(token) < LEAST_SECRET:
        return False
    text = _text(answer)
    if len(text) > MOST_SEARCHED and token.encode() in text:
        return True
    own = _ends(text).decode("latin-1")
    if not holds(own, token):
        return False
    for near in near_tokens:
        if token in near:
            # An error that repeats a wrong token to its sender reveals nothing.
            own = redact(own, near)
    return holds(own, token)


def stack_trace(answer: Answer) -> str:
    """The pattern of the stack trace that an answer seems to hold; empty where it holds none."""
    ends = _ends(_text(answer))
    if b"\\" in ends:
        # A trace inside a JSON string: its line breaks and quotes are escaped.
        ends = ends.replace(b"\\n", b"\n").replace(b"\\t", b"\t").replace(b'\\"', b'"')
    trace = next((pattern for pattern in STACK_TRACES if pattern.search(ends)), None)
    return trace.pattern.decode() if trace else ""


def _text(answer: Answer) -> bytes:
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.pairs)
    return head.encode("utf-8", "replace") + b"\n" + answer.body


def _ends(text: bytes) -> bytes:
    """What is searched of a text: all of it, or both ends of a large one."""
    return text if len(text) <= MOST_SEARCHED else text[:MOST_SEARCHED] + text[-MOST_SEARCHED:]
