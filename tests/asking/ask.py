"""What a contract test says to the target: build, send, one relation.

A demand (`finds`, `refuses`, ...) sends one request, has the answer judged, and raises a `Breach`
of the clause that the running test is about, unless the answer breaks a clause of its own.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn, Unpack, cast

from hypothesis import currently_in_test_context
from hypothesis.vendor.pretty import RepresentationPrinter

from contracts import clauses, wire
from contracts.matching import DEFAULT_MODE
from contracts.model import Format, Item, Params
from endpoint.answer import Answer
from endpoint.client import Options
from tests.asking import diagnosis
from tests.asking.judge import Reply, shortened
from tests.asking.minimal import smallest
from tests.asking.oracle import Expected
from tests.asking.sending import How, Sending
from tests.reporting.verdicts import Breach, Unsupported

DRIFT: Final = "pinned as {pinned!r} in [observed] of the target file"


UNEXPLAINED: Final = ("matching.whole-value", "batch.nobody-else")
"""The clauses of a profile that was named for no reason: to one item, and to several."""


def fresh_id() -> str:
    """A request id that no earlier request had."""
    return str(uuid.uuid4())


@dataclass(repr=False)
class Ask(Sending):
    """One target, asked by the tests of one run.

    Attributes:
        current: the clauses of the running test; the first is the one that it is about.
    """

    current: tuple[str, ...] = field(init=False, default=())

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints the arguments of a failing example."""
        return f"<Ask: {self.target.name}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
        printer.text(repr(self))

    def finds(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand success, and exactly the profiles that the items find."""
        try:
            return self.plainly_finds(params, fmt, **how)
        except Breach as breach:
            if self.ledger.is_well_told(breach.clause):
                raise
            found = self._smaller(breach, params, fmt, how)
            # An error in another format than the one asked for is first of all an error.
            if found.lost or found.clause == "format.errors":
                found.clause = diagnosis.cause(self, found, params, fmt, how)
            raise found from None

    def plainly_finds(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand what `finds` demands; the breach is told as it is, of the running test."""
        return self._found(self.send(params, fmt, **how), params, self._expected(params, fmt))

    def finds_or_is_refused(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand what `finds` demands, or an error."""
        reply = self.send(params, fmt, **how)
        return self._found(reply, params, self._expected(params, fmt)) if reply.succeeded else reply

    def finds_at_most(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand success with none but the profiles that the items find.

        Nobody may be among them: then the answer is what this target says for nobody, which
        may be an error.
        """
        reply = self.send(params, fmt, **how)
        for_nobody = {**params, "matching": "email", "data": self.nobody()["data"]}
        plain = {name: value for name, value in for_nobody.items() if name != "skip_triggers"}
        refusable = not reply.succeeded and self.send(plain, fmt).error == reply.error
        expected = self._expected(params, fmt)
        return self._found(reply, params, Expected(may=expected.may, refusable=refusable))

    def finds_at_most_or_is_refused(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error, or success with none but the profiles that the items find."""
        reply = self.send(params, fmt, **how)
        return self._found(reply, params, Expected(may=self._expected(params, fmt).may))

    def finds_nobody(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error, or success that names nobody."""
        reply = self.send(params, fmt, **how)
        if reply.ids:
            self.fail(reply.answer, str(reply), "an error, or success that names nobody")
        return reply

    def refuses(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand an error."""
        reply = self.send(params, fmt, **how)
        if reply.succeeded:
            self.fail(reply.answer, str(reply), "an error")
        return reply

    def refuses_body(self, body: bytes, fmt: Format) -> Reply:
        """Demand that a body which is not well-formed is answered with an error, in any format."""
        # At most the basic request's one profile can be read out of a body that is cut short.
        answer = self.post(body, fmt, sends=1)
        reply = self.judge.reply(answer, None, either=True)
        if reply.succeeded:
            self.fail(answer, str(reply), "an error: the body is not well-formed")
        return reply

    def launches_nothing(self, params: Params, fmt: Format, **how: Unpack[Options]) -> Answer:
        """Demand that no answer, of whatever shape, says that somebody was sent to."""
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
        if pinned is not None and alternative not in str(pinned).split(" | "):
            raise Breach(clause, None, came=alternative, expected=DRIFT.format(pinned=pinned))

    def fail(self, answer: Answer, came: str, expected: str, clause: str = "") -> NoReturn:
        """Raise the breach of a clause, by default the one that the running test is about."""
        raise Breach(clause or self.current[0], answer, came=came, expected=expected)

    def affordable(self, wanted: int) -> int:
        """`wanted` items that find somebody, or the few that a live target is asked for."""
        return 3 if self.target.safety.live else wanted

    def _expected(self, params: Params, fmt: Format) -> Expected:
        mode = str(params.get("matching", DEFAULT_MODE.name))
        return self.known.oracle.expected(mode, cast("list[Item]", params["data"]), fmt)

    def _found(self, reply: Reply, params: Params, expected: Expected) -> Reply:
        named = frozenset(reply.ids)
        if expected.must:
            self.ledger.valid += 1
        if not reply.succeeded:
            if expected.refusable:
                return reply
            self.ledger.refusals[reply.error] += 1
            debug = f" ({reply.error_debug})" if reply.error_debug else ""
            raise Breach(
                self.current[0],
                reply.answer,
                came=f"{reply}{debug}",
                expected=f"error 0 and {shortened(expected.must)}",
                refused_with=reply.error,
                lost=True,
            )
        mode = str(params.get("matching", DEFAULT_MODE.name))
        items = cast("list[Item]", params["data"])
        if extra := named - expected.may:
            self.fail(
                reply.answer,
                f"{reply}, and so {shortened(extra)}, whom no item finds",
                f"nobody but {shortened(expected.may)}",
                self.known.oracle.broken_by(mode, items, min(extra)) or UNEXPLAINED[len(items) > 1],
            )
        if missing := expected.must - named:
            raise Breach(
                self.current[0],
                reply.answer,
                came=f"{reply}, without {shortened(missing)}",
                expected=f"all of {shortened(expected.must)}",
                lost=True,
            )
        most = self.known.oracle.most_times(mode, items)
        if often := {one for one, times in Counter(reply.ids).items() if times > most[one]}:
            self.fail(
                reply.answer,
                f"{reply}, and so {shortened(frozenset(often))} more often than items find it",
                "each profile at most once for each item that finds it",
                "batch.nobody-else",
            )
        return reply

    def _smaller(self, breach: Breach, params: Params, fmt: Format, how: How) -> Breach:
        """The same breach with as few items as show it; Hypothesis shrinks by itself."""
        items = params["data"]
        if (
            currently_in_test_context()
            or self.target.safety.live
            or not isinstance(items, list)
            or how.get("body") is not None
        ):
            return breach

        def breach_of(fewer: Sequence[Item]) -> Breach | None:
            smaller = {**params, "data": list(fewer)}
            try:
                self.plainly_finds(smaller, fmt, **how)
            except Breach as again:
                return again if _same(again, breach) else None
            return None

        return smallest(cast("list[Item]", items), breach, breach_of)


def _same(one: Breach, other: Breach) -> bool:
    """Whether two breaches are of one kind, though the clause may differ with the size."""
    return one.clause == other.clause or {one.clause, other.clause} == {*UNEXPLAINED}
