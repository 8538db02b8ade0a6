"""Holds the answers of a load run against the contract: each one cheaply, a few in full.

An answer that is the same, byte for byte, as one that was found right is right. Any other is
looked at for its error and the number of profiles that it names; what then looks wrong is read
in full before it counts as wrong. The few that are kept are held against the schema, and their
ids against those that the request had to find, when the load is over.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from contracts import validation, wire
from contracts.model import OVER_LIMIT, Format, JsonValue
from loadtests.bodies import Body

SUCCESS: Final[dict[Format, re.Pattern[bytes]]] = {
    "json": re.compile(rb'"error"\s*:\s*0\s*[,}]'),
    "xml": re.compile(rb"<error>\s*0\s*</error>"),
}

ID: Final[dict[Format, bytes]] = {"json": b'"profile_id"', "xml": b"<profile_id>"}

MOST_REMEMBERED: Final = 1 << 16
"""Bytes of an answer that is kept to be compared with the next."""

KEPT: Final = 8
"""Answers of one body that are kept for the full check."""

KEPT_LARGE: Final = 2
"""The same of answers that are too large to be remembered: each takes a second to check."""

EDGE: Final = 256
"""Bytes at either end of an answer in which `error` stands, whatever the order of its keys."""

OK: Final = int(HTTPStatus.OK)
"""As a number: to compare one with a member of an enumeration takes twenty times as long."""

REFUSALS: Final = range(400, 500)
"""The statuses that a refusal may have besides 200 (contracts/clauses.toml)."""

WRONG: Final = "wrong answer: "
"""How the kind of a failure begins where an answer came and was not the right one."""


@dataclass
class Checked:
    """Checks the answers to one body.

    Attributes:
        body: the request.
        kept: answers for the full check.
        named: how many profiles a right answer names.
    """

    body: Body
    named: int = field(init=False)
    kept: list[bytes] = field(default_factory=list)
    _right: bytes | None = None
    _seen: int = 0

    def __post_init__(self) -> None:
        """Know what a right answer is like."""
        self.named = 0 if self.body.over_limit else len(self.body.expected)

    def failure(self, status: int, answer: bytes) -> str:
        """What is wrong with an answer; empty where nothing is."""
        if status != OK and not (self.body.over_limit and status in REFUSALS):
            return f"HTTP {status}"
        if answer == self._right:
            return ""
        if self._looks_right(answer) or not (wrong := self._read(answer)):
            self._remember(answer)
            return ""
        return wrong

    def _looks_right(self, answer: bytes) -> bool:
        body = self.body
        if body.over_limit or answer.count(ID[body.format]) != len(body.expected):
            return False
        success = SUCCESS[body.format]
        return bool(success.search(answer, 0, EDGE) or success.search(answer[-EDGE:]))

    def _read(self, answer: bytes) -> str:
        """Read an answer in full; what is wrong with it."""
        try:
            value = wire.decode_answer(answer, self.body.format)
        except ValueError as problem:
            return f"not {self.body.format.upper()}: {type(problem).__name__}"
        if not isinstance(value, dict):
            return "not an object"
        if self.body.over_limit:
            return "" if OVER_LIMIT.items() <= value.items() else "not refused for its size"
        error = value.get("error")
        if not isinstance(error, int) or isinstance(error, bool):
            # Whatever else stands there is not repeated: it may be anything, the token too.
            return "no error number"
        return f"error {error}" if error else _difference(value, self.body)

    def _remember(self, answer: bytes) -> None:
        if len(answer) <= MOST_REMEMBERED:
            self._right = answer
        self._seen += 1
        if self._seen.bit_count() == 1:
            # The 1st, 2nd, 4th, 8th, ...: from the whole run, few.
            most = KEPT if len(answer) <= MOST_REMEMBERED else KEPT_LARGE
            self.kept[most - 1 :] = [answer]


def _difference(value: dict[str, JsonValue], body: Body) -> str:
    result = value.get("result")
    named = result if isinstance(result, list) else ()
    ids = {
        one["profile_id"]
        for one in named
        if isinstance(one, dict) and isinstance(one.get("profile_id"), str)
    }
    missing = len(set(body.expected) - ids)
    # One that is named twice is one too many, too.
    others = len(named) - (len(body.expected) - missing)
    if missing or others:
        return f"{missing} profiles missing" if missing else f"{others} profiles too many"
    return ""


def in_full(checked: Checked) -> Counter[str]:
    """Hold the kept answers against the schema and the right ids; what is wrong, and how often."""
    wrong: Counter[str] = Counter()
    for answer in checked.kept:
        if said := _in_full(checked.body, answer):
            wrong[WRONG + said] += 1
    return wrong


def _in_full(body: Body, answer: bytes) -> str:
    try:
        value = wire.decode_answer(answer, body.format)
    except ValueError as problem:
        return f"not {body.format.upper()}: {type(problem).__name__}"
    schema: validation.SchemaName = "error-answer" if body.over_limit else "success-answer"
    if not isinstance(value, dict) or not validation.is_valid_fast(value, schema):
        return f"not of the schema {schema}"
    return "" if body.over_limit else _difference(value, body)
