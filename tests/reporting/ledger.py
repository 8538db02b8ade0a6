"""The ledger: what each case ended with, what was examined, what was observed."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from contracts import clauses
from contracts.clauses import Clause
from contracts.model import JsonValue
from tests.reporting.told import Told
from tests.reporting.traffic import Traffic
from tests.reporting.verdicts import ExitCode

SPENT_CODES = frozenset({402, 429})
"""Error numbers that say: not now. A target that serves some requests and answers others with
one of them has a tariff or a rate limit; 401 and 403 for the same valid token are a breach."""

ACCESS_CODES = SPENT_CODES | {401, 403}
"""Error numbers that say: not you, not now. Not one of them is a judgement of the request."""


LOST_SHARE = 0.01
"""Of the requests: what a bad line loses. More, and a target that breaks off answers itself would
go uncalled."""

FEW_LOST = 5
"""Lost requests of a short run, whatever their share."""


class Outcome(StrEnum):
    """What one case ended with."""

    HELD = "held"
    BROKEN = "broken"
    DEVIATES = "known deviation"
    """With a breach that the target's file of deviations excuses."""
    UNSUPPORTED = "unsupported"
    NOT_RUN = "not run"
    NO_VERDICT = "no verdict"


class Standing(StrEnum):
    """What a run says of one clause."""

    HELD = "held"
    BROKEN = "broken"
    DEVIATES = "deviates"
    UNSUPPORTED = "unsupported"
    NOT_RUN = "not run"
    OBSERVED = "observed"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Case:
    """One finished test case.

    Attributes:
        nodeid: the test's name for pytest.
        clauses: the clauses that it is about, the first most of all.
        outcome: what it ended with.
        reason: why, in words; without the token.
        breach: the breach, where it ended with one.
        place: its number among all cases of the run.
        requests: that it sent, those that explain its breach included.
    """

    nodeid: str
    clauses: tuple[str, ...]
    outcome: Outcome
    reason: str = ""
    breach: Told | None = None
    place: int = 0
    requests: int = 0


@dataclass
class Ledger:
    """Everything a run learns, in the order in which it learns it."""

    cases: list[Case] = field(default_factory=list)
    observed: dict[str, Counter[str]] = field(default_factory=dict)
    """Clause id -> alternatives that were seen, each with how often."""
    examined: Counter[str] = field(default_factory=Counter)
    """Clause id -> answers that were held against it."""
    traffic: Traffic = field(default_factory=Traffic)
    """The requests by mode, formats, kind and size."""
    requests: int = 0
    sent_bytes: int = 0
    """Bytes of all bodies that were sent."""
    timed_out: int = 0
    """Requests that were not answered in time."""
    too_large: int = 0
    """Answers larger than the client reads."""
    lost: int = 0
    """Requests whose connection the network lost; see tests/asking/network.py."""
    gateway: int = 0
    """Answers of a gateway in front of the target, in a row, the last ones."""
    valid: int = 0
    """Requests that the contract obliges the target to serve."""
    refusals: Counter[int] = field(default_factory=Counter)
    """Error number -> valid requests that were refused with it."""
    stopped: str = ""
    """Why the run ended early with nothing to say; empty when it did not."""
    refused_all: bool = False
    """Whether no valid request was served, so that there was nothing to go on with."""
    overtime: str = ""
    """Why cases were not begun any more; empty while there was time."""
    spoiled: tuple[str, ...] = ()
    """Why the known deviations fail the run: stale or expired ones, a sentence each."""
    inconclusive: str = ""
    """Why a run that found no breach may not be called green; empty when it may."""

    @property
    def breaches(self) -> tuple[Case, ...]:
        """The cases that ended with a breach."""
        return tuple(case for case in self.cases if case.outcome is Outcome.BROKEN)

    def observe(self, clause: str, alternative: str) -> None:
        """Note one alternative of an open clause."""
        self.observed.setdefault(clause, Counter())[alternative] += 1

    def standing(self, clause: Clause) -> Standing:
        """What the run says of one clause."""
        outcomes = {case.outcome for case in self.cases if clause.id in case.clauses}
        if any(case.breach and case.breach.clause == clause.id for case in self.breaches):
            return Standing.BROKEN
        if any(case.breach and case.breach.clause == clause.id for case in self.cases):
            return Standing.DEVIATES
        if clause.status == "open":
            return Standing.OBSERVED if clause.id in self.observed else Standing.UNCHECKED
        if Outcome.HELD in outcomes or self.examined[clause.id]:
            return Standing.HELD
        if Outcome.UNSUPPORTED in outcomes:
            return Standing.UNSUPPORTED
        return Standing.NOT_RUN if Outcome.NOT_RUN in outcomes else Standing.UNCHECKED

    def standings(self) -> Mapping[str, Standing]:
        """Every clause's standing, in the order of clauses.toml."""
        return {clause.id: self.standing(clause) for clause in clauses.load().values()}

    def without_verdict(self) -> Iterator[Case]:
        """The cases in which the suite, not the target, failed."""
        return (case for case in self.cases if case.outcome is Outcome.NO_VERDICT)

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Ask questions that count for no verdict: they only explain a breach."""
        kept = self.examined.copy(), self.refusals.copy(), self.valid, self.timed_out
        traffic = self.traffic.copy()
        try:
            yield
        finally:
            self.examined, self.refusals, self.valid, self.timed_out = kept
            self.traffic = traffic

    def is_smallest(self, clause: str, size: int) -> bool:
        """Whether no breach of a clause was told yet of a request as small as this."""
        told = [case.breach for case in self.cases if case.breach]
        return all(size < one.request_bytes for one in told if one.clause == clause)

    def as_data(self) -> str:
        """The whole ledger as text, for another process of the same run."""
        return msgspec.json.encode(self).decode()

    def merge(self, data: str) -> None:
        """Add what another process of the same run has learned (`as_data`)."""
        other = msgspec.json.decode(data, type=Ledger, dec_hook=_counted)
        self._add(other.cases)
        for clause, seen in other.observed.items():
            self.observed.setdefault(clause, Counter()).update(seen)
        self.examined.update(other.examined)
        self.refusals.update({int(code): times for code, times in other.refusals.items()})
        self.traffic.add(other.traffic)
        self.requests += other.requests
        self.sent_bytes += other.sent_bytes
        self.timed_out += other.timed_out
        self.too_large += other.too_large
        self.lost += other.lost
        self.valid += other.valid
        self.stopped = self.stopped or other.stopped
        self.refused_all = self.refused_all or other.refused_all
        self.overtime = self.overtime or other.overtime
        self.inconclusive = self.inconclusive or other.inconclusive

    def take(self, told: Iterable[Case]) -> None:
        """Add cases of a process that could not hand over its ledger."""
        cases = tuple(told)
        self._add(cases)
        self.requests += sum(case.requests for case in cases)

    def _add(self, cases: Iterable[Case]) -> None:
        # Each process has its share of the cases; the report has them in their order.
        self.cases = sorted((*self.cases, *cases), key=lambda case: case.place)

    def summary(self) -> dict[str, JsonValue]:
        """The verdict as plain data: no request, no answer, no personal data."""
        broken = [case.breach.clause for case in self.breaches if case.breach]
        return {
            "exit_code": int(self.exit_code()),
            "stopped": self.stopped,
            "inconclusive": self.inconclusive,
            "requests": self.requests,
            "cases": len(self.cases),
            "broken": list(dict.fromkeys(broken)),
            "breaches": [case.breach.figures() for case in self.breaches if case.breach],
            "standings": {clause: str(standing) for clause, standing in self.standings().items()},
            "observed": {clause: sorted(seen) for clause, seen in self.observed.items()},
        }

    def exit_code(self) -> ExitCode:
        """The run's verdict; a breach that was seen outweighs what was not seen."""
        excused = ACCESS_CODES if self._mostly_refused() else SPENT_CODES
        if any(case.breach and case.breach.refused_with not in excused for case in self.breaches):
            return ExitCode.BREACH
        if self.timed_out and self.cases:
            # Told by no case where Hypothesis was cut off in the middle of shrinking.
            return ExitCode.BREACH
        if self.spoiled:
            return ExitCode.BREACH
        if self.stopped or any(self.without_verdict()):
            return ExitCode.BROKEN
        self.inconclusive = self.inconclusive or self._why_inconclusive()
        return ExitCode.INCONCLUSIVE if self.inconclusive else ExitCode.HELD

    def _mostly_refused(self) -> bool:
        return bool(self.valid) and self._denied() * 2 > self.valid

    def _denied(self) -> int:
        """Valid requests that were refused with an access code."""
        return sum(self.refusals[code] for code in ACCESS_CODES)

    def _why_inconclusive(self) -> str:
        if self._mostly_refused() or self.breaches:
            codes = ", ".join(str(code) for code in sorted(self.refusals) if code in ACCESS_CODES)
            return (
                f"{self._denied()} of {self.valid} valid requests were refused (error {codes}): "
                "look at the token's rights, the tariff or rate limit, and trigger_id"
            )
        if not any(case.outcome is Outcome.HELD for case in self.cases):
            return "no clause could be checked"
        if self.lost > max(FEW_LOST, self.requests * LOST_SHARE):
            return (
                f"{self.lost} of {self.requests} requests lost their connection: too many to tell "
                "the network from the target (--network reliable holds each against the target)"
            )
        if self.overtime and (unasked := self._unasked()):
            return f"{self.overtime}, before these were asked: {', '.join(unasked)}"
        return ""

    def _unasked(self) -> list[str]:
        """The promised clauses of which no case was begun."""
        standings = self.standings()
        return [
            one.id
            for one in clauses.load().values()
            if one.status != "open" and standings[one.id] is Standing.NOT_RUN
        ]


def _counted(_: type, value: object) -> object:
    """What msgspec cannot read by itself: the counters."""
    return Counter(value) if isinstance(value, dict) else value
