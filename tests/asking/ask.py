"""Build, send, one relation: what a contract test says to the target.

A demand (`finds`, `refuses`, ...) sends one request within the budget of sends, has the answer
judged, and raises a `Breach` of the clause that the running test is about, unless the answer
breaks a clause of its own.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn, Unpack, cast

from hypothesis import currently_in_test_context
from hypothesis.vendor.pretty import RepresentationPrinter

from contracts import clauses, wire
from contracts.matching import DEFAULT_MODE, MODES
from contracts.model import FORMATS, REQUEST_MEDIA_TYPES, Format, Item, JsonValue, Params
from contracts.wire import PLAIN, Spelling
from endpoint.answer import Answer, Call
from endpoint.client import Client, Options
from endpoint.guard import BudgetSpent, Guard
from endpoint.secret import MASK, redact
from endpoint.target import Target
from tests.asking import diagnosis
from tests.asking.judge import Judge, Reply, shortened
from tests.asking.known import Known
from tests.asking.minimal import smallest
from tests.asking.oracle import Expected, Oracle
from tests.asking.placement import Placement
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Breach, NotRun, Unsupported

DRIFT: Final = "pinned as {pinned!r} in [observed] of the target file"


_FORMAT: Final[Mapping[str, Format]] = {fmt: fmt for fmt in FORMATS}


class How(Options, total=False):
    """How a request is sent: the options of a call, and three of our own.

    Attributes:
        body: bytes that stand for the parameters, written in another way.
        spelling: how the parameters are written.
        either: whether the server cannot be expected to know the answer's format.
    """

    body: bytes | None
    spelling: Spelling
    either: bool


def fresh_id() -> str:
    """A request id that no earlier request had."""
    return str(uuid.uuid4())


@dataclass(repr=False)
class Ask:
    """One target, asked by the tests of one run.

    Attributes:
        target: who is asked.
        client: sends the bytes.
        guard: counts sends before they leave.
        ledger: keeps what was learned.
        known: items made of the target's known profiles.
        current: the clauses of the running test; the first is the one that it is about.
        near_tokens: wrong tokens that tests made of the right one, and as little to be shown.
    """

    target: Target
    client: Client
    guard: Guard
    ledger: Ledger
    known: Known = field(init=False)
    judge: Judge = field(init=False)
    placement: Placement = field(init=False)
    current: tuple[str, ...] = ()
    near_tokens: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Derive what follows from the target."""
        self.known = Known(Oracle(self.target.profiles))
        self.judge = Judge(self.ledger, self.target.token.reveal())
        self.placement = Placement(self)

    def __repr__(self) -> str:
        """Stay short: Hypothesis prints the arguments of a failing example."""
        return f"<Ask: {self.target.name}>"

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:  # noqa: FBT001 - IPython's protocol
        printer.text(repr(self))

    # ------------------------------------------------------------ building

    @property
    def basic_mode(self) -> str:
        """The mode of requests that are about something else: the default where it can be."""
        supported = (mode for mode in MODES if self.known.oracle.supports(mode))
        mode = next(supported, None)
        if mode is None:
            raise Unsupported("the target file has no profile that any mode could find")
        return mode

    def valid(self, answer: Format | None = None, **changes: JsonValue) -> Params:
        """A request for one known profile; `changes` set parameters, None leaves one out."""
        return self.batch(self.basic_mode, self.known.some(self.basic_mode), answer, **changes)

    def nobody(self, answer: Format | None = None, **changes: JsonValue) -> Params:
        """A valid request for nobody; `changes` set parameters, None leaves one out."""
        item = {"email": "nobody@nobody.invalid"}
        return self.batch("email", [item], answer, **changes)

    def batch(
        self, mode: str, items: Sequence[Item], answer: Format | None = None, **changes: JsonValue
    ) -> Params:
        """A request for these items; `changes` set parameters, None leaves one out."""
        params: dict[str, JsonValue] = {
            "token": self.target.token.reveal(),
            "trigger_id": self.target.trigger_id,
            "format": answer,
            "matching": mode,
            "field_name": self.target.field_name if MODES[mode].field_name else None,
            **changes,
        }
        params.setdefault("data", list(items))
        if isinstance(wrong := changes.get("token"), str) and len(wrong) > 2:
            self.near_tokens.add(wrong)
        return {name: value for name, value in params.items() if value is not None}

    def xml_object(self, value: Mapping[str, JsonValue]) -> JsonValue:
        """An object as this target takes it in XML: as elements, or as JSON text."""
        return self.placement.xml_object(value)

    def object_for(self, fmt: Format, value: Mapping[str, JsonValue]) -> JsonValue:
        """An object for `content` or `custom_data` of a request in `fmt`."""
        return value if fmt == "json" else self.xml_object(value)

    # ------------------------------------------------------------ demanding

    def finds(self, params: Params, fmt: Format, **how: Unpack[How]) -> Reply:
        """Demand success, and exactly the profiles that the items find."""
        try:
            return self.plainly_finds(params, fmt, **how)
        except Breach as breach:
            found = self._smaller(breach, params, fmt, how)
            if found.clause in self.current:
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
        """Demand success, and none but the profiles that the items find."""
        reply = self.send(params, fmt, **how)
        expected = self._expected(params, fmt)
        return self._found(reply, params, Expected(may=expected.may, refusable=False))

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

    # ------------------------------------------------------------ sending

    def send(
        self,
        params: Params,
        fmt: Format,
        *,
        body: bytes | None = None,
        spelling: Spelling = PLAIN,
        either: bool = False,
        **options: Unpack[Options],
    ) -> Reply:
        """Send one request and have its answer judged."""
        answer = self.raw(params, fmt, body=body, spelling=spelling, **options)
        asked = params.get("format")
        return self.judge.reply(answer, _FORMAT.get(str(asked)), either=either)

    def raw(
        self,
        params: Params,
        fmt: Format,
        *,
        body: bytes | None = None,
        spelling: Spelling = PLAIN,
        **options: Unpack[Options],
    ) -> Answer:
        """Send one request and return whatever comes."""
        if body is None:
            body = wire.encode(self.placement.placed(params), fmt, spelling)
        return self.post(body, fmt, sends=self.sends(params, fmt), **options)

    def post(self, body: bytes, fmt: Format, *, sends: int, **options: Unpack[Options]) -> Answer:
        """Send bytes, within the budget.

        Raises:
            NotRun: the target is live, and its budget of sends does not allow it.
        """
        try:
            self.guard.reserve(sends)
        except BudgetSpent as spent:
            raise NotRun(str(spent)) from None
        options.setdefault("media_type", REQUEST_MEDIA_TYPES[fmt])
        call = Call(body, **options)
        self.ledger.requests += 1
        return self.client.call(call)

    def sends(self, params: Params, fmt: Format) -> int:
        """The most profiles that a request can cause to be sent to, right or wrong."""
        data = params.get("data")
        mode = str(params.get("matching", DEFAULT_MODE.name))
        if mode not in MODES or not isinstance(data, list):
            return len(data) if isinstance(data, list) else 0
        oracle = self.known.oracle
        return sum(
            len(oracle.expected(mode, [item], fmt).may) or oracle.known_at_all(item)
            for item in data
        )

    # ------------------------------------------------------------ judging

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
        if clauses.load()[clause].status != "open":
            raise ValueError(f"{clause} is not an open clause")
        pinned = self.target.observed.get(clause)
        self.ledger.observe(clause, alternative)
        if pinned is not None and alternative not in str(pinned).split(" | "):
            raise Breach(clause, None, came=alternative, expected=DRIFT.format(pinned=pinned))

    def fail(self, answer: Answer, came: str, expected: str, clause: str = "") -> NoReturn:
        """Raise the breach of a clause, by default the one that the running test is about."""
        raise Breach(clause or self.current[0], answer, came=came, expected=expected)

    def encode(self, params: Params, fmt: Format) -> bytes:
        """The plain spelling of a request, its keys where the target takes them."""
        return wire.encode(self.placement.placed(params), fmt)

    def with_entity(self, doctype: str, parameter: str) -> bytes:
        """An XML request for nobody whose `parameter` is the entity e that `doctype` declares."""
        body = wire.encode({**self.nobody("xml"), parameter: "@e"}, "xml")
        return doctype.encode() + body.replace(b"@e", b"&e;")

    def hide(self, text: str) -> str:
        """A text without the token, in whatever spelling, and without what is near to it."""
        text = redact(text, self.target.token)
        for near in sorted(self.near_tokens, key=len, reverse=True):
            text = text.replace(near, MASK)
        return text

    def is_success(self, answer: Answer) -> bool:
        """Whether an answer, in either format, says that the operation was done."""
        for fmt in FORMATS:
            try:
                value = wire.decode_answer(answer.body, fmt)
            except ValueError:
                continue
            return answer.answered and isinstance(value, dict) and value.get("error") == 0
        return False

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
            self.fail(reply.answer, f"{reply}{debug}", f"error 0 and {shortened(expected.must)}")
        if missing := expected.must - named:
            self.fail(
                reply.answer,
                f"{reply}, without {shortened(missing)}",
                f"all of {shortened(expected.must)}",
            )
        if extra := named - expected.may:
            mode = str(params.get("matching", DEFAULT_MODE.name))
            items = cast("list[Item]", params["data"])
            self.fail(
                reply.answer,
                f"{reply}, and so {shortened(extra)}, whom no item finds",
                f"nobody but {shortened(expected.may)}",
                self.known.oracle.broken_by(mode, items, min(extra)) or self.current[0],
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
                return again if again.clause == breach.clause else None
            return None

        return smallest(cast("list[Item]", items), breach, breach_of)
