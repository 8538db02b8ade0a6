"""Puts a breach into words: what was sent, what came, and a line that sends it again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from contracts.matching import MODES
from contracts.model import FORMATS
from contracts.wire import PLAIN
from endpoint.answer import Answer, Call
from endpoint.curl import MOST_INLINE, curl
from endpoint.secret import holds
from tests.asking.ask import Ask
from tests.asking.most_items import items_of
from tests.asking.purposes import purpose_of
from tests.asking.question import Question
from tests.diagnosis import described
from tests.reporting import showing
from tests.reporting.keeping import Keeping
from tests.reporting.personal import Personal
from tests.reporting.saved import BODY
from tests.reporting.told import Place, Told
from tests.reporting.traffic import Meant, kinds_of
from tests.reporting.verdicts import Breach

HEAD: Final = 500
TAIL: Final = 160
"""Characters of a body that are shown from its beginning and from its end, on a terminal."""


MOST_ITEMS: Final = 200
"""Items that are looked through for what finds a profile."""

MOST_MARKS: Final = 20
"""Items that are marked."""


@dataclass(frozen=True)
class Telling:
    """Tells the breaches of one run.

    Attributes:
        ask: the target.
        keeping: keeps what it takes to show them again.
        personal: what is shortened.
    """

    ask: Ask
    keeping: Keeping
    personal: Personal

    def told(self, breach: Breach, test: str) -> Told:
        """Put a breach into words, and keep it.

        Args:
            breach: the breach, as it is reported.
            test: the test that met it, as pytest names it.
        """
        answer = breach.answer
        body = (answer.call.body or b"") if answer else b""
        size = len(body)
        is_smallest = self.ask.ledger.is_smallest(breach.clause, size)
        folder = self.keeping.keep(breach, test, is_smallest=is_smallest)
        return Told(
            breach.clause,
            str(breach.symptom),
            self.hide(breach.expected),
            self.hide(breach.came),
            self.hide(breach.shows),
            described.in_a_line(breach),
            tuple(self._exchange(answer)) if answer else (),
            self.ask.hide(self._repeat(answer.call, folder)) if answer else "",
            items_of(breach.question, body) if breach.question else None,
            described.features(breach),
            size,
            breach.refused_with,
            showing.request(answer.call, self.hide) if answer else None,
            showing.answer(answer, self.hide) if answer else None,
            _place(breach),
            tuple(sorted(breach.profiles)),
            tuple(map(self.hide, self._marks(breach))),
            str(folder or ""),
        )

    def hide(self, text: str) -> str:
        """A text without the token, and with what profiles are found by shortened."""
        return self.personal.shortened(self.ask.hide(text))

    def _marks(self, breach: Breach) -> Iterator[str]:
        """What finds the profiles that were lost or named for nothing, unless everything does."""
        question, expected = breach.question, self.ask.known.oracle.expected
        if question is None or question.mode not in MODES or not breach.profiles:
            return
        items = question.items[:MOST_ITEMS]
        about = [
            one
            for one in items
            if breach.profiles & expected(question.mode, [one], question.fmt).may
        ]
        if len(about) < len(items) or len(items) == 1:
            for item in about[:MOST_MARKS]:
                yield from map(str, item.values())

    def _exchange(self, answer: Answer) -> Iterator[str]:
        call = answer.call
        body = call.body or b""
        status = f"HTTP {answer.status}" if answer.status else str(answer.ending)
        media_type = self.hide(answer.headers.get("Content-Type", "of no type"))
        size = f"{len(answer.body):,} bytes, {answer.seconds:.3f} s"
        what = f"{call.method} {call.media_type}, {call.upload}, {len(body):,} bytes"
        yield f"  request   {self.hide(what)}"
        yield f"            {self._line(body)}"
        yield f"  answer    {status} {media_type}, {size}"
        yield f"            {self._line(answer.body)}"

    def _line(self, body: bytes) -> str:
        text, _ = showing.excerpt(body, self.hide, HEAD, TAIL, " [...] ")
        return text.replace("\n", "\\n").replace("\r", "\\r")

    def _repeat(self, call: Call, folder: Path | None) -> str:
        """A command line that repeats the request, the token taken from the environment.

        A body that is too large for the line, or that tells of a profile what a report does not,
        is taken from the breach's folder; empty where there is none.
        """
        target, body = self.ask.target, call.body or b""
        in_line = len(body) <= MOST_INLINE and not self.personal.stands_in(body.decode("latin-1"))
        if in_line:
            return curl(target, self._without_near_tokens(call))
        return curl(target, self._without_near_tokens(call), folder / BODY) if folder else ""

    def _without_near_tokens(self, call: Call) -> Call:
        """The request without a wrong token that was made of the right one: half of it, say.

        Before the shell's quotes are put in, which would hide it from whoever looks for it.
        """
        text = (call.body or b"").decode("latin-1")
        if holds(text, self.ask.target.token.reveal()):
            return call  # the right one becomes a variable
        hidden = self.ask.hide_near(text)
        return call if hidden == text else replace(call, body=hidden.encode("latin-1", "replace"))


def meaning(question: Question, body: bytes) -> Meant:
    """What a question's request means, as far as it is counted, and the body that it became."""
    asked = str(question.params.get("format", "json"))
    how = question.how
    return Meant(
        question.mode,
        question.fmt,
        next((fmt for fmt in FORMATS if fmt == asked), None),
        items_of(question, body),
        purpose_of(question.demand),
        how.get("body") is not None or how.get("spelling", PLAIN) is not PLAIN,
    )


def _place(breach: Breach) -> Place | None:
    question, answer = breach.question, breach.answer
    if question is None or answer is None or not question.params:
        return None
    meant = meaning(question, answer.call.body or b"")
    if meant.mode not in MODES or meant.answer is None:
        return None
    kinds = tuple(map(str, kinds_of(meant, answer)))
    return Place(meant.mode, meant.request, meant.answer, kinds)
