"""Puts a breach into words: what was sent, what came, and a line that sends it again."""

from dataclasses import replace
from hashlib import sha256
from typing import Final

from endpoint.answer import Answer, Call
from endpoint.curl import MOST_INLINE, curl, kept_body
from endpoint.secret import Secret, redact, spellings
from tests.asking.ask import Ask
from tests.diagnosis import described
from tests.reporting import bodies
from tests.reporting.told import Told
from tests.reporting.verdicts import Breach

HEAD: Final = 500
TAIL: Final = 160
"""Characters of a body that are shown from its beginning and from its end."""


def told(breach: Breach, ask: Ask, *, repeatable: bool) -> Told:
    """Put a breach into words.

    Args:
        breach: the breach.
        ask: the target.
        repeatable: whether with a command line: a large body is then kept in a file.
    """
    answer = breach.answer
    return Told(
        breach.clause,
        str(breach.symptom),
        ask.hide(breach.expected),
        ask.hide(breach.came),
        ask.hide(breach.shows),
        described.in_a_line(breach),
        tuple(map(ask.hide, _exchange(answer, ask.target.token))) if answer else (),
        ask.hide(_repeat(answer, ask)) if answer and repeatable else "",
        described.items_of(breach.question) if breach.question else None,
        described.features(breach),
        len(answer.call.body or b"") if answer else 0,
        breach.refused_with,
    )


def _exchange(answer: Answer, token: Secret) -> list[str]:
    call = answer.call
    body = call.body or b""
    status = f"HTTP {answer.status}" if answer.status else str(answer.ending)
    media_type = answer.headers.get("Content-Type", "of no type")
    size = f"{len(answer.body):,} bytes, {answer.seconds:.3f} s"
    return [
        f"  request   {call.method} {call.media_type}, {call.upload}, {len(body):,} bytes",
        f"            {excerpt(body, token)}",
        f"  answer    {status} {media_type}, {size}",
        f"            {excerpt(answer.body, token)}",
    ]


def excerpt(body: bytes, token: Secret) -> str:
    """A body's beginning and end, without the token and in one line."""
    if len(body) > 8 * (HEAD + TAIL):
        # Redact before cutting, with room for a token in the longest of its spellings.
        head, tail = body[: 4 * HEAD], body[-4 * TAIL :]
        shown = redact(_text(head), token)[:HEAD], redact(_text(tail), token)[-TAIL:]
        return " [...] ".join(shown)
    text = redact(_text(body), token)
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} [...] {text[-TAIL:]}"


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    return text.replace("\n", "\\n").replace("\r", "\\r")


def _repeat(answer: Answer, ask: Ask) -> str:
    """A command line that repeats the request, the token taken from the environment.

    A body that is too large for the line is kept in a file below `reports/`, with the
    variable's name where the token was.
    """
    call, target = _without_near_tokens(answer.call, ask), ask.target
    body = call.body or b""
    if len(body) <= MOST_INLINE:
        return curl(target, call)
    bodies.FOLDER.mkdir(parents=True, exist_ok=True)
    file = bodies.FOLDER / f"{sha256(body).hexdigest()[:12]}.body"
    file.write_bytes(kept_body(target, call))
    return curl(target, call, file)


def _without_near_tokens(call: Call, ask: Ask) -> Call:
    """The request without a wrong token that was made of the right one: half of it, say.

    Before the shell's quotes are put in, which would hide it from whoever looks for it.
    """
    text = (call.body or b"").decode("latin-1")
    if spellings(ask.target.token.reveal()).search(text):
        return call  # the right one becomes a variable
    hidden = ask.hide_near(text)
    return call if hidden == text else replace(call, body=hidden.encode("latin-1", "replace"))
