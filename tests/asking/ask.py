"""What a contract test says to the target: build, send, one relation.

A demand (`finds`, `refuses`, ...) sends one request, has the answer judged, and raises a `Breach`
of the clause that the running test is about, unless the answer breaks a clause of its own. The
breach bears the question, so that tests/diagnosis can ask it again, and simpler ones.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NoReturn, Unpack

from hypothesis.vendor.pretty import RepresentationPrinter

from contracts import clauses, wire
from contracts.model import Format, Item, Params
from endpoint.answer import Answer
from endpoint.client import Options
from tests.asking.oracle import Expected
from tests.asking.purposes import Purpose, purpose_of
from tests.asking.question import How, Question
from tests.asking.reply import Reply, shortened
from tests.asking.sending import Sending
from tests.reporting.verdicts import Breach, Symptom, Unsupported

PINNED_JOINT: Final = " | "
"""What joins several alternatives that are pinned at once."""

DRIFT: Final = "pinned as {pinned!r} in [observed] of the target file"

SERVERS_OWN: Final = range(500, 600)
"""Errors that say that the server failed, and not the request."""

ABOUT_ERRORS: Final = frozenset({"format.errors", "answer.error-status"})
"""Clauses about errors in general: where a valid request was to be served, it was refused."""


def fresh_id() -> str:
    """A request id that no earlier request had."""
    return str(uuid.uuid4())


@dataclass(repr=False)
class Ask(Sending):
    """One target, asked by the tests of one run.

    Attributes:
        current: the clauses of the running test; the first is the one that it is about.
        told: what right answers named, ids in their order.
    """

    current: tuple[str, ...] = field(init=False, default=())
    told: set[tuple[str, ...]] = field(init=False, default_factory=set)

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints the arguments of a failing example."""
        return f"<Ask: {self.target.name}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
        printer.text(repr(self))

    def finds(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand success, and exactly the profiles that the items find."""
        return self.demanded(Question(params, fmt, how, self._finds))

    def finds_or_is_refused(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand what `finds` demands, or an error."""
        return self.demanded(Question(params, fmt, how, self._finds_or_is_refused))

    def finds_at_most(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand success with none but the profiles that the items find.

        Nobody may be among them: then the answer is what this target says for nobody, which
        may be an error.
        """
        return self.demanded(Question(params, fmt, how, self._finds_at_most))

    def finds_at_most_or_is_refused(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error, or success with none but the profiles that the items find."""
        return self.demanded(Question(params, fmt, how, self._finds_at_most_or_is_refused))

    def finds_nobody(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error, or success that names nobody."""
        return self.demanded(Question(params, fmt, how, self._finds_nobody))

    def refuses(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error."""
        return self.demanded(Question(params, fmt, how, self._refuses))

    def refuses_body(self, body: bytes, fmt: Format) -> Reply:
        """Demand that a body which is not well-formed is answered with an error, in any format."""
        # At most the basic request's one profile can be read out of a body that is cut short.
        return self.demanded(Question({}, fmt, How(body=body), self._refuses_body))

    def demanded(self, question: Question) -> Reply:
        """Ask a question; a breach bears it."""
        try:
            with self.asking_for(purpose_of(question.demand)):
                return question.ask()
        except Breach as breach:
            breach.question = question
            raise

    def launches_nothing(self, params: Params, fmt: Format, **how: Unpack[Options]) -> Answer:
        """Demand that no answer, of whatever shape, says that somebody was sent to."""
        with self.asking_for(Purpose.WRONG):
            answer = self.raw(params, fmt, **how)
        self.judge.keeps_secrets(answer)
        if self.is_success(answer):
            self.fail(answer, "a success", "anything but a success")
        return answer

    def answers_cleanly(self, params: Params, fmt: Format, sends: int = 0) -> Reply:
        """Demand an answer of the documented shape, whatever it says."""
        answer = self.post(wire.encode(params, fmt), fmt, sends=sends)
        return self.judge.reply(answer, None, either=True)

    def reveals_nothing(self, body: bytes, forbidden: Iterable[str]) -> None:
        """Demand that an answer to an XML body holds none of these texts."""
        answer = self.post(body, "xml", sends=0)
        self.judge.arrived(answer)
        self.judge.keeps_secrets(answer)
        found = [text for text in forbidden if text.encode() in answer.body]
        if found:
            self.fail(answer, f"an answer that contains {found[0]!r}", "no file in any answer")

    def about(self, clause: str) -> None:
        """Say which clause the running test is about, where its parameters decide."""
        self.current = (clause, *(one for one in self.current if one != clause))

    def needs(self, condition: object, reason: str) -> None:
        """End the test as unsupported unless the target has what it takes."""
        if not condition:
            raise Unsupported(reason)

    def observe(self, alternative: str, clause: str = "") -> None:
        """Note which alternative of an open clause the target takes.

        Raises:
            Breach: the target file pins another alternative: drift.
        """
        clause = clause or self.current[0]
        if alternative not in clauses.load()[clause].alternatives:
            raise ValueError(f"{clause} has no alternative {alternative!r}")
        pinned = self.target.observed.get(clause)
        self.ledger.observe(clause, alternative)
        if pinned is not None and alternative not in str(pinned).split(PINNED_JOINT):
            expected = DRIFT.format(pinned=pinned)
            raise Breach(clause, self.latest, came=alternative, expected=expected)

    def fail(self, answer: Answer, came: str, expected: str, clause: str = "") -> NoReturn:
        """Raise the breach of a clause, by default the one that the running test is about."""
        raise Breach(clause or self._about(), answer, came=came, expected=expected)

    def _about(self, otherwise: str = "batch.complete") -> str:
        """The clause that the running test is about; an open one cannot be broken."""
        known = clauses.load()
        return next((one for one in self.current if known[one].status != "open"), otherwise)

    def affordable(self, wanted: int) -> int:
        """`wanted` items that find somebody, or the few that a live target is asked for."""
        return 3 if self.target.safety.live else wanted

    def many(self, mode: str, wanted: int) -> list[Item]:
        """Known items over and over, some more than `wanted`; few where `affordable` says so."""
        items = self.known.one_each(mode)
        return items * (self.affordable(wanted) // len(items) + 1)

    def _finds(self, question: Question) -> Reply:
        try:
            reply = self._reply(question)
        except Breach as breach:
            if breach.clause in ABOUT_ERRORS:
                # In whatever format and with whatever status: first of all it is an error.
                breach.symptom, breach.profiles = Symptom.LOST, self._expected(question).must
            raise
        return self._found(reply, question, self._expected(question))

    def _finds_or_is_refused(self, question: Question) -> Reply:
        reply = self._reply(question)
        return self._found(reply, question, self._expected(question)) if reply.succeeded else reply

    def _finds_at_most(self, question: Question) -> Reply:
        reply = self._reply(question)
        for_nobody = {**question.params, "matching": "email", "data": self.nobody()["data"]}
        plain = {name: value for name, value in for_nobody.items() if name != "skip_triggers"}
        refusable = not reply.succeeded and self.send(plain, question.fmt).error == reply.error
        may = self._expected(question).may
        return self._found(reply, question, Expected(may=may, refusable=refusable))

    def _finds_at_most_or_is_refused(self, question: Question) -> Reply:
        reply = self._reply(question)
        return self._found(reply, question, Expected(may=self._expected(question).may))

    def _finds_nobody(self, question: Question) -> Reply:
        reply = self._reply(question)
        if reply.ids:
            about = self._about("batch.nobody-else")
            self.fail(reply.answer, str(reply), "an error, or success that names nobody", about)
        return reply

    def _refuses(self, question: Question) -> Reply:
        reply = self._reply(question)
        if reply.succeeded:
            self.fail(reply.answer, str(reply), "an error")
        return reply

    def _refuses_body(self, question: Question) -> Reply:
        answer = self.post(question.how["body"] or b"", question.fmt, sends=1)
        reply = self.judge.reply(answer, None, either=True)
        if reply.succeeded:
            self.fail(answer, str(reply), "an error: the body is not well-formed")
        if reply.error in SERVERS_OWN:
            expected = "an error of the request's: the body is not well-formed"
            self.fail(answer, str(reply), expected, "parameters.malformed-code")
        return reply

    def _reply(self, question: Question) -> Reply:
        return self.send(question.params, question.fmt, **question.how)

    def _expected(self, question: Question) -> Expected:
        return self.known.oracle.expected(question.mode, question.items, question.fmt)

    def _found(self, reply: Reply, question: Question, expected: Expected) -> Reply:
        named = frozenset(reply.ids)
        if expected.must:
            self.ledger.valid += 1
        if not reply.succeeded:
            if expected.refusable:
                return reply
            if self.most_items.were_too_many(question, reply):
                self.observe("fewer", "batch.most-items")
                raise Unsupported("the target takes fewer items at once, as it may")
            self.ledger.refusals[reply.error] += 1
            debug = f" ({reply.error_debug})" if reply.error_debug else ""
            raise Breach(
                self._about(),
                reply.answer,
                came=f"{reply}{debug}",
                expected=f"error 0 and {shortened(expected.must)}",
                symptom=Symptom.LOST,
                refused_with=reply.error,
                profiles=expected.must,
            )
        if extra := named - expected.may:
            self._extra(
                reply,
                question,
                extra,
                came=f"{reply}, and so {shortened(extra)}, whom no item finds",
                expected=f"nobody but {shortened(expected.may)}",
            )
        if missing := expected.must - named:
            raise Breach(
                self._about(),
                reply.answer,
                came=f"{reply}, without {shortened(missing)}",
                expected=f"all of {shortened(expected.must)}",
                symptom=Symptom.LOST,
                profiles=missing,
            )
        most = self.known.oracle.most_times(question.mode, question.items)
        if often := {one for one, times in Counter(reply.ids).items() if times > most[one]}:
            raise Breach(
                "batch.nobody-else",
                reply.answer,
                came=f"{reply}, and so {shortened(frozenset(often))} more often than items find it",
                expected="each profile at most once for each item that finds it",
            )
        self.told.add(reply.ids)
        return reply

    def _extra(
        self, reply: Reply, question: Question, extra: frozenset[str], *, came: str, expected: str
    ) -> NoReturn:
        why = self.known.oracle.broken_by(question.mode, question.items, min(extra))
        several = len(question.items) > 1
        raise Breach(
            why or ("batch.nobody-else" if several else "matching.whole-value"),
            reply.answer,
            came=came,
            expected=expected,
            symptom=Symptom.EXTRA,
            profiles=extra,
        )
