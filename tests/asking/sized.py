"""Requests of an exact number of items or bytes, and what the limit makes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NoReturn, Unpack, cast

from contracts import sizes
from contracts.model import BINARY_LIMIT, DECIMAL_LIMIT, OVER_LIMIT, Format, Item, JsonValue
from contracts.sizes import Recipe
from endpoint.answer import Answer, Ending
from endpoint.client import Options
from tests.asking.ask import Ask
from tests.asking.cells import Formats
from tests.asking.judge import GATEWAY
from tests.asking.purposes import Purpose
from tests.asking.question import Among, OfSize, Question, Written
from tests.asking.reply import Reply
from tests.reporting.verdicts import Breach

MULTI_BYTE: Final = frozenset({Recipe.TWO_BYTE, Recipe.THREE_BYTE, Recipe.FOUR_BYTE})

TRIES: Final = 3
"""A server that answers early and closes races its answer against its reset: the answer counts
as readable if one client in three can read it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Sizes in bytes: the largest body that has to pass, the smallest that may not."""

    accepted: int
    refused: int


@dataclass(frozen=True)
class Sized:
    """Asks for bodies of exact sizes."""

    ask: Ask

    @cached_property
    def limit(self) -> Limit:
        """The target's limit to the byte where its file gives it, else the page's 10 MB."""
        exact = self.ask.target.body_limit_bytes
        if exact is None:
            return Limit(DECIMAL_LIMIT, BINARY_LIMIT + 1)
        return Limit(exact, exact + 1)

    def finds_among(
        self, mode: str, positions: Sequence[int], count: int, formats: Formats
    ) -> None:
        """Demand that known items at these indices are found in a batch of `count` items.

        Each index is tried with a profile of its own, in as many requests as that takes.
        """
        items = self.ask.known.one_each(mode)
        places = sorted(set(positions))
        for start in range(0, len(places), len(items)):
            at = dict(zip(places[start : start + len(items)], items, strict=False))
            params = self.ask.batch(mode, list(at.values()), formats.answer)
            self.ask.finds(params, formats.request, growth=Among(count, tuple(at)))

    def finds_at_size(
        self, mode: str, size: int, recipe: Recipe, formats: Formats, **how: Unpack[Options]
    ) -> Reply:
        """Demand that a body of exactly `size` bytes is served; small sizes are rounded up."""
        weight = self._weight(formats.request)
        params = self.ask.batch(mode, self._recipients(mode), formats.answer, **weight)
        if recipe in MULTI_BYTE:
            self.ask.about("limit.bytes")
        return self.ask.finds(params, formats.request, growth=OfSize(size, recipe), **how)

    def refuses_as_too_large(
        self,
        mode: str,
        size: int,
        recipe: Recipe,
        fmt: Format,
        *,
        answer_format: Format | Literal["same"] | None = "same",
        content_last: bool = False,
        **options: Unpack[Options],
    ) -> Reply:
        """Demand the documented answer to a body of `size` bytes, which is over the limit.

        Where `content` comes last, all else of the request stands below the limit.
        """
        asked = fmt if answer_format == "same" else answer_format
        params = self.ask.batch(mode, self.ask.known.some(mode), asked, **self._weight(fmt))
        if content_last:
            content = params.get("content", {"H1": "x"})
            params = {name: params[name] for name in params if name != "content"}
            params["content"] = content
        if recipe in MULTI_BYTE:
            self.ask.about("limit.bytes")
        # Unless the test says so, on a connection of its own: the server may close it.
        options.setdefault("fresh_connection", True)
        question = Question(
            params, fmt, {"growth": OfSize(size, recipe)}, self._refused_as_too_large
        )
        return self.ask.demanded(question.sent(**options))

    def measured(self, mode: str) -> int:
        """The largest body that is served, in bytes: asked for where the file is silent."""
        if self.ask.target.body_limit_bytes is not None:
            return self.ask.target.body_limit_bytes
        low, high = self.limit.accepted, self.limit.refused
        for guess in (DECIMAL_LIMIT + 1, BINARY_LIMIT):
            # The two readings first: most targets have one of them, and two requests tell.
            if low < guess < high:
                low, high = (guess, high) if self._served(mode, guess) else (low, guess)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._served(mode, middle) else (low, middle)
        return low

    def with_file_over_limit(self, mode: str) -> bool:
        """Whether a body that a file takes over the limit is served."""
        content = "QUFB" * (self.limit.refused // 4 + 1)
        file = {"name": "big.bin", "data": f"data:application/octet-stream;base64,{content}"}
        params = self.ask.batch(mode, self.ask.known.some(mode), "json", attach=[file])
        return self.ask.is_success(self.ask.raw(params, "json", fresh_connection=True))

    def _refused_as_too_large(self, question: Question) -> Reply:
        answer = self._readable(question)
        if self.ask.is_success(answer):
            size = len(answer.call.body or b"")
            self.ask.fail(
                answer,
                f"a success for a body of {size:,} bytes",
                f"error 400: the limit is {self._limit_in_words()}",
                "limit.bytes" if _is_multi_byte(question) else "limit.refuses",
            )
        # What a server knows of a body that it did not read to the end is its media type and
        # its beginning; where these disagree, either format is right. Who answers before the
        # body has come may not even look at the media type, and answer in JSON, the default.
        asked = cast("Format | None", question.params.get("format"))
        agreed = (asked or "json") == question.fmt
        unread = answer.ending is Ending.ANSWERED_EARLY and question.fmt == "xml"
        try:
            reply = self.ask.judge.reply(answer, asked, either=not agreed or unread)
        except Breach as breach:
            if breach.clause.startswith(("format.", "answer.")):
                clause = (
                    "limit.answer-format" if breach.clause == "format.errors" else "limit.answer"
                )
                self.ask.fail(answer, breach.came, breach.expected, clause)
            raise
        self.ask.ledger.examined.update(("limit.answer", "limit.answer-format", "limit.readable"))
        came = {
            "error": reply.error,
            "error_debug": reply.error_debug,
            "error_text": reply.error_text,
        }
        if came != OVER_LIMIT:
            self.ask.fail(answer, str(came), str(dict(OVER_LIMIT)), "limit.answer")
        return reply

    def _limit_in_words(self) -> str:
        if self.ask.target.body_limit_bytes is not None:
            return f"{self.limit.accepted:,} bytes"
        return "10 MB by default; another one has to stand in the target file, body_limit_bytes"

    def _weight(self, fmt: Format) -> Mapping[str, JsonValue]:
        """The `content` that is made large: in XML, as the target takes objects there."""
        return {} if fmt == "json" else {"content": self.ask.object_for(fmt, {"H1": "x"})}

    def _recipients(self, mode: str) -> list[Item]:
        live = self.ask.target.safety.live
        return self.ask.known.some(mode) if live else self.ask.known.several(mode)

    def _served(self, mode: str, size: int) -> bool:
        params = self.ask.batch(mode, self.ask.known.some(mode), "json")
        body = sizes.exact(self.ask.placement.placed(params), "json", size, Recipe.CONTENT)
        with self.ask.asking_for(Purpose.PROBE):
            answer = self.ask.raw(params, "json", body=body, fresh_connection=True)
        return self.ask.is_success(answer)

    def _readable(self, question: Question) -> Answer:
        for _ in range(TRIES):
            how = cast("Written", question.how)
            answer = self.ask.raw(question.params, question.fmt, **how)
            if answer.answered and answer.status not in GATEWAY:
                break
        if not answer.answered:
            self._unreadable(answer)
        return answer

    def _unreadable(self, answer: Answer) -> NoReturn:
        if answer.ending is Ending.UNREACHABLE:
            self.ask.judge.arrived(answer)
        came = f"{answer.ending} ({answer.detail}), {TRIES} times of {TRIES}"
        self.ask.fail(answer, came, "an answer that can be read", "limit.readable")


def _is_multi_byte(question: Question) -> bool:
    growth = question.how.get("growth")
    return isinstance(growth, OfSize) and growth.recipe in MULTI_BYTE
