"""Holds one answer against every clause that speaks of answers in general."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from contracts import validation, wire
from contracts.model import FORMATS, SUCCESS_TEXT, Format, JsonValue
from endpoint.answer import Answer, Ending
from tests.asking import secrecy
from tests.asking.reply import Reply, shortened
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Breach, Broken, Symptom, Unreachable

BLANK: Final = b"\xef\xbb\xbf \t\r\n"
"""What may stand before the first character of an answer: a byte order mark, white space."""

GATEWAY: Final = frozenset({502, 503, 504})
"""HTTP statuses of proxies whose upstream did not answer."""

MOST_GATEWAY: Final = 10
"""Such answers in a row after which nothing more is asked."""

REQUEST_IDS: Final = frozenset({"Request-ID", "X-Request-ID"})
"""The headers that tell a request from a repeat, in either generation of the pages."""

DUPLICATE: Final = ("Duplicate-Request", "X-Duplicate-Request")
"""The headers that mark the answer to a repeat, in either generation of the pages."""

HTML: Final = rb"\s*<(!doctype html|html)\b"

_CLAUSE_OF_FIELD: Final = {
    "error": "answer.error",
    "error_text": "answer.error-text",
    "error_debug": "answer.error-debug",
    "result": "answer.result",
}


@dataclass(frozen=True, slots=True)
class Judge:
    """Reads answers, and raises the breach of the first clause that one breaks.

    Attributes:
        ledger: where it notes which clauses an answer was held against.
        token: the secret that no answer may contain.
        near_tokens: wrong tokens made of it, which an error may repeat to who sent them.
    """

    ledger: Ledger
    token: str
    near_tokens: AbstractSet[str] = frozenset()

    def reply(self, answer: Answer, asked: Format | None, *, either: bool = False) -> Reply:
        """Read one answer.

        Args:
            answer: the raw answer.
            asked: the `format` of the request; None where it was left out.
            either: whether the server cannot know the format (a body that it could not read).

        Raises:
            Breach: the answer breaks a clause about answers in general.
            Broken: a gateway answered, or the target is out of reach.
        """
        self.arrived(answer)
        self.keeps_secrets(answer)
        self._from_the_endpoint(answer)
        fmt, value = self._decoded(answer, asked, either=either)
        fields = self._shaped(answer, fmt, value)
        self._executed(answer)
        result = fields.get("result")
        reply = Reply(
            answer,
            fmt,
            cast("int", fields["error"]),
            cast("str", fields["error_text"]),
            cast("str | None", fields.get("error_debug")),
            tuple(_ids(result)),
            "array" if isinstance(result, list) else "null" if "result" in fields else "no key",
        )
        self._consistent(reply)
        return reply

    def arrived(self, answer: Answer) -> None:
        """Demand one complete HTTP answer."""
        if answer.ending is Ending.UNREACHABLE:
            raise Unreachable(f"the target went out of reach: {answer.detail}")
        self.ledger.examined["transport.answered"] += 1
        if not answer.answered:
            raise Breach(
                "transport.answered",
                answer,
                came=f"{answer.ending} ({answer.detail})",
                expected="one complete HTTP answer",
                symptom=Symptom.SHAPE,
            )

    def keeps_secrets(self, answer: Answer) -> None:
        """Demand that neither head nor body holds the token or a stack trace."""
        self.ledger.examined.update(("confidentiality.token", "confidentiality.internals"))
        if secrecy.shows_token(answer, self.token, self.near_tokens):
            self._breach(
                answer,
                "confidentiality.token",
                "an answer that contains the API token",
                "no token in any answer",
            )
        if trace := secrecy.stack_trace(answer):
            self._breach(
                answer,
                "confidentiality.internals",
                f"what looks like a stack trace ({trace})",
                "no stack trace in any answer",
            )

    def _from_the_endpoint(self, answer: Answer) -> None:
        """Accuse nobody of what a gateway in front of the target says."""
        if answer.status not in GATEWAY or _is_documented(answer.body):
            self.ledger.gateway = 0
            return
        self.ledger.gateway += 1
        page = re.match(HTML, answer.body, re.IGNORECASE)
        what = "an HTML page" if page else f"{len(answer.body)} bytes that are no answer"
        said = f"HTTP {answer.status} with {what}, as gateways in front give it"
        if self.ledger.gateway >= MOST_GATEWAY:
            raise Unreachable(f"{said}, {MOST_GATEWAY} times in a row: asked no more")
        raise Broken(said)

    def _decoded(
        self, answer: Answer, asked: Format | None, *, either: bool
    ) -> tuple[Format, JsonValue]:
        body = answer.body
        looks: Format = "xml" if body.lstrip(BLANK)[:1] == b"<" else "json"
        wanted: Format = looks if either else (asked or "json")
        self.ledger.examined["format.well-formed"] += 1
        try:
            value = wire.decode_answer(body, wanted)
        except wire.Misshapen as problem:
            self._wrong_format(answer, asked, wanted, looks)
            self._breach(answer, "answer.xml-shape", str(problem), _SHAPE[wanted])
        except wire.NotWellFormed as problem:
            self._wrong_format(answer, asked, wanted, looks)
            self._breach(
                answer,
                "format.well-formed",
                f"a body that is not {wanted.upper()}: {problem.reason} at byte {problem.offset}"
                f"{_looks_like(answer)}",
                f"well-formed {wanted.upper()}",
            )
        if not either:
            self.ledger.examined[_format_clause(asked, value)] += 1
        return wanted, value

    def _wrong_format(
        self, answer: Answer, asked: Format | None, wanted: Format, looks: Format
    ) -> None:
        if looks == wanted:
            return
        try:
            value = wire.decode_answer(answer.body, looks)
        except ValueError:
            return
        self._breach(
            answer,
            _format_clause(asked, value),
            f"an answer in {looks.upper()}",
            f"an answer in {wanted.upper()}" + ("" if asked else ", the default"),
        )

    def _shaped(self, answer: Answer, fmt: Format, value: JsonValue) -> Mapping[str, JsonValue]:
        if not isinstance(value, dict):
            self._breach(answer, "answer.error", "a bare value", "an object with error")
        self.ledger.examined.update(_CLAUSE_OF_FIELD.values())
        if fmt == "xml":
            self.ledger.examined["answer.xml-shape"] += 1
        schema: validation.SchemaName = (
            "success-answer" if value.get("error") == 0 else "error-answer"
        )
        if not validation.is_valid_fast(value, schema):
            first = validation.errors(value, schema)[0]
            missing = next((name for name in ("error", "error_text") if name not in value), "")
            name = missing or re.split(r"\W", first.path, maxsplit=1)[0]
            clause = _CLAUSE_OF_FIELD.get(name, "answer.error")
            if clause == "answer.result" and fmt == "xml":
                clause = "answer.xml-shape"
            self._breach(answer, clause, f"{first.path}: {first.message}", _SHAPE[fmt])
        return value

    def _executed(self, answer: Answer) -> None:
        """Demand that a request with an id of its own is not answered as a repeat."""
        call = answer.call
        if call.request_id is not None or answer.resent or call.headers.keys() & REQUEST_IDS:
            return
        self.ledger.examined["dedup.fresh-id"] += 1
        marked = [name for name in DUPLICATE if answer.headers.get(name).lower() == "true"]
        if marked:
            self._breach(
                answer,
                "dedup.fresh-id",
                f"{marked[0]}: true, the answer of an earlier request",
                "an answer of its own: the request id is fresh",
            )

    def _consistent(self, reply: Reply) -> None:
        status = reply.answer.status or 0
        if reply.succeeded:
            self.ledger.examined.update(("answer.http-status", "answer.success-text"))
            if status != 200:
                self._breach(reply.answer, "answer.http-status", f"HTTP {status}", "HTTP 200")
            if reply.error_text != SUCCESS_TEXT:
                self._breach(
                    reply.answer,
                    "answer.success-text",
                    f"error_text {reply.error_text!r}",
                    f"error_text {SUCCESS_TEXT!r}",
                )
            return
        self.ledger.examined.update(("answer.error-status", "answer.error-names-nobody"))
        if not (status == 200 or 400 <= status < 500 or status == reply.error):
            self._breach(
                reply.answer,
                "answer.error-status",
                f"HTTP {status} with {reply}",
                "HTTP 200, 4xx or the error's number",
            )
        if reply.error_text == SUCCESS_TEXT:
            # With ids it is a success that calls itself an error, without them the reverse.
            clause = "answer.success" if reply.ids else "answer.success-text"
            self._breach(reply.answer, clause, f"{reply}", "error 0 with that text")
        if reply.ids:
            self._breach(
                reply.answer,
                "answer.error-names-nobody",
                f"{reply} and result {shortened(reply.ids)}",
                "no ids in an error",
            )

    @staticmethod
    def _breach(answer: Answer, clause: str, came: str, expected: str) -> NoReturn:
        raise Breach(clause, answer, came=came, expected=expected, symptom=Symptom.SHAPE)


_SHAPE: Final[Mapping[Format, str]] = {
    "json": "error (int), error_text (string), result (array of {profile_id: string})",
    "xml": "<xml> with <error>, <error_text> and a <result><profile_id> for each profile",
}


def _format_clause(asked: Format | None, value: JsonValue) -> str:
    failed = isinstance(value, dict) and value.get("error") != 0
    if failed:
        return "format.errors"
    return f"format.{asked}-answer" if asked else "format.default"


def _is_documented(body: bytes) -> bool:
    """Whether a body can be read in either format: then it is the endpoint's own."""
    for fmt in FORMATS:
        try:
            wire.decode_answer(body, fmt)
        except ValueError:
            continue
        return True
    return False


def _looks_like(answer: Answer) -> str:
    if re.match(HTML, answer.body, re.IGNORECASE):
        return f" (an HTML page with HTTP {answer.status}: from a proxy in front?)"
    return f" (HTTP {answer.status}, {len(answer.body)} bytes)"


def _ids(result: JsonValue) -> Iterator[str]:
    # An error's result is nowhere described: what is no profile there names none.
    for entry in result if isinstance(result, list) else ():
        if isinstance(entry, dict) and isinstance(profile_id := entry.get("profile_id"), str):
            yield profile_id
