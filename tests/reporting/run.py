"""One run: the target that is asked, the embedded mock if it is that, the first question."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Final

from contracts import wire
from contracts.matching import MODES
from contracts.model import FORMATS, Format
from endpoint.answer import Answer, Ending
from endpoint.client import Client
from endpoint.guard import Guard
from endpoint.mock import MockError, running
from endpoint.secret import redact
from endpoint.target import Target
from tests.asking.ask import Ask
from tests.asking.sending import MOST_TIMEOUTS
from tests.deviations import judging
from tests.deviations.entries import Deviation
from tests.deviations.judging import State
from tests.diagnosis import Diagnosis
from tests.reporting import personal, saved
from tests.reporting.environment import Environment
from tests.reporting.keeping import FOLDER, Keeping
from tests.reporting.ledger import Ledger
from tests.reporting.telling import Telling
from tests.reporting.verdicts import Lost, NotRun
from tests.strategies.plans import Known, Nobody, Plan

MOST_ELSEWHERE: Final = 3
"""First questions that something else than the endpoint answers: each may take a proxy seconds."""

_OF_PROXIES: Final = frozenset({401, 404, 405, 407, 502, 503, 504})
"""Statuses of what stands in front, where the body is no answer of the endpoint; so are 3xx."""


class Source(StrEnum):
    """Where a refusal came from."""

    ENDPOINT = "the endpoint"
    IN_FRONT = "what stands in front of the endpoint, or in its place"
    NOBODY = "no server of HTTP"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a valid request was not served.

    Attributes:
        text: what came, in a few words of a sentence.
        source: who seems to have said it.
    """

    text: str
    source: Source


@dataclass
class Run:
    """The state of one pytest session.

    Attributes:
        target: who is asked, as the target file says.
        mock_variants: how the embedded mock differs from its usual self.
        mock_defect: the bug it has.
        ledger: what was learned.
        reports: the folder that reports are written to.
        environment: what the run is made with.
        deviations: what is known of the target, and excused.
        shows_personal: whether what profiles are found by is reported as it is.
        lossy: whether a lost connection may be the network's doing.
        sent_before: sends of the run that this one resumes.
        interrupted: whether pytest ended in a way of its own, such as by Ctrl-C.
        not_begun: cases that an interrupted run had still before it.
        started: when it began, in UTC.
        seconds: how long it took; 0 until it is closed.
        first_seconds: what the first answer took.
    """

    target: Target
    mock_variants: Sequence[str] = ()
    mock_defect: str | None = None
    ledger: Ledger = field(default_factory=Ledger)
    reports: Path = Path("reports")
    environment: Environment = field(default_factory=Environment)
    deviations: Sequence[Deviation] = ()
    shows_personal: bool = False
    lossy: bool = False
    sent_before: int = 0
    interrupted: bool = False
    not_begun: int = 0
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0
    first_seconds: float = 0.0
    _asked: Ask | None = None
    _open: ExitStack = field(default_factory=ExitStack)

    @property
    def ask(self) -> Ask:
        """The target, asked; only once the run has opened."""
        if self._asked is None:
            raise RuntimeError("the run has not opened its target")
        return self._asked

    @cached_property
    def diagnosis(self) -> Diagnosis:
        """What explains the breaches of this run."""
        return Diagnosis(self.ask)

    @cached_property
    def telling(self) -> Telling:
        """What puts the breaches of this run into words."""
        keeping = Keeping(self.ask, self.reports, self.environment)
        return Telling(self.ask, keeping, personal.of(self.target, shown=self.shows_personal))

    @property
    def is_open(self) -> bool:
        """Whether this process has opened the target."""
        return self._asked is not None

    @property
    def was_asked(self) -> bool:
        """Whether the target was asked, by this process or by those whose ledgers it took over."""
        return self.is_open or bool(self.ledger.requests)

    def open(self) -> bool:
        """Start the mock if it is the target, ask the first question; whether to go on."""
        saved.prune(self.reports / FOLDER)
        if self.target.is_mock:
            try:
                mock = self._open.enter_context(
                    running(self.target, variants=self.mock_variants, defect=self.mock_defect)
                )
            except MockError as problem:
                self.ledger.stopped = f"the embedded mock did not start: {problem}"
            else:
                self.target = self.target.at(mock.base_url)
        client = self._open.enter_context(Client(self.target))
        guard = Guard(self.target.safety, self.sent_before)
        self._asked = Ask(self.target, client, guard, self.ledger, lossy=self.lossy)
        if not self.ledger.stopped:
            self._first_question()
        return not (self.ledger.stopped or self.ledger.refused_all)

    def deviations_found(self) -> tuple[tuple[Deviation, State, int], ...]:
        """What the run says of each known deviation, and how many cases showed it."""
        cases, examined, today = self.ledger.cases, self.ledger.examined, self.started.date()
        return tuple(judging.states(self.deviations, cases, examined, today))

    def judge_deviations(self) -> None:
        """Let stale and expired deviations fail the run; of one that was broken off none is."""
        if not (self.interrupted or self.ledger.stopped):
            self.ledger.spoiled = tuple(judging.spoiled(self.deviations_found()))

    def close(self) -> None:
        """End the mock and close all connections."""
        self._open.close()
        self.seconds = (datetime.now(UTC) - self.started).total_seconds()

    def hide(self, text: str) -> str:
        """A text as it may be reported."""
        return self.telling.hide(text) if self.is_open else redact(text, self.target.token)

    def seconds_of_an_answer(self) -> float:
        """How long the target takes for a small valid request; on a live one, this is a send."""
        return self.ask.raw(self.ask.valid("json"), "json").seconds

    def _first_question(self) -> None:
        """Find out whether the target serves any valid request at all, before accusing it."""
        supported = [mode for mode in MODES if self.ask.known.oracle.supports(mode)]
        if not supported:
            self.ledger.inconclusive = "the target file has no profile that any mode could find"
        refusals = self._refusals(supported)
        if refusals is None:
            return
        if {refusal.source for refusal in refusals} == {Source.NOBODY} and self._is_there():
            return
        elsewhere = [one for one in refusals if one.source is not Source.ENDPOINT]
        if elsewhere:
            self.ledger.stopped = (
                f"{self.target.url} does not answer as the endpoint does: {elsewhere[0].text}. "
                "Look at base_url, its path prefix and what stands in front of the target."
            )
        elif refusals:
            self.ledger.refused_all = True
            self.ledger.inconclusive = (
                f"every valid request was refused: {refusals[0].text}. "
                "Look at the token and its rights, at trigger_id (an active campaign of the kind "
                "`API call`) and at the profiles of the target file."
            )

    def _refusals(self, supported: Sequence[str]) -> list[Refusal] | None:
        """Why no valid request was served; None where one was, or where it is said why not."""
        refusals: list[Refusal] = []
        # Alone and beside an item of nobody: a target that refuses only one of them has a bug.
        plans: tuple[Plan, ...] = ((Known(0),), (Known(0), Nobody(0)))
        for mode, fmt, plan in product(supported, FORMATS, plans):
            params = self.ask.batch(mode, self.ask.known.plan(mode, plan), fmt)
            try:
                answer = self.ask.raw(params, fmt)
            except Lost as reason:
                refusal: Refusal | None = Refusal(str(reason), Source.NOBODY)
            except NotRun as reason:
                self.ledger.inconclusive = str(reason)
                return None
            else:
                self.first_seconds = self.first_seconds or answer.seconds
                if answer.ending is Ending.UNREACHABLE:
                    self.ledger.stopped = f"{self.target.url} is out of reach: {answer.detail}"
                    return None
                refusal = _refusal(answer, fmt)
            if refusal is None:
                return None
            refusals.append(refusal)
            if self._is_elsewhere(refusals):
                break
        return refusals

    def _is_elsewhere(self, refusals: Sequence[Refusal]) -> bool:
        """Whether enough was asked to know that the endpoint is not here.

        A broken connection costs no time, and may be the endpoint's own way with one format or
        one mode: so all of them are asked, but for a live target, where each may be a send.
        """
        sources = [refusal.source for refusal in refusals]
        count = sources.count(Source.IN_FRONT)
        if self.target.safety.live:
            count += sources.count(Source.NOBODY)
        # One timeout is left to be a breach, should the endpoint be there.
        return count >= MOST_ELSEWHERE or self.ledger.timed_out >= MOST_TIMEOUTS - 1

    def _is_there(self) -> bool:
        """Whether a request that is to be refused gets an answer, where no valid one did."""
        return self.ask.post(b"{}", "json", sends=0).answered


def _refusal(answer: Answer, fmt: Format) -> Refusal | None:
    """Why this is no answer to go on from; None where it is one, right or wrong."""
    if not answer.answered and not answer.begun:
        return Refusal(answer.detail, Source.NOBODY)
    page = re.match(rb"\s*<(!doctype html|html)\b", answer.body, re.IGNORECASE)
    try:
        value = wire.decode_answer(answer.body, fmt)
    except ValueError:
        value = None
    if isinstance(value, dict) and isinstance(value.get("error"), int):
        # An error that names somebody refuses nothing: it is a breach, which a test will tell.
        refused = value["error"] != 0 and not value.get("result")
        text = f"error {value['error']} {value.get('error_text')!r}"
        return Refusal(text, Source.ENDPOINT) if refused else None
    redirects = answer.status is not None and 300 <= answer.status < 400
    if redirects or page or answer.status in _OF_PROXIES:
        what = "an HTML page" if page else f"{len(answer.body)} bytes"
        where = f", to {answer.headers.get('Location', 'nowhere')}" if redirects else ""
        return Refusal(f"HTTP {answer.status} with {what}{where}", Source.IN_FRONT)
    return None
