"""A run's report as data: JSON, page, Markdown and terminal are views of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.reporting.environment import Environment
from tests.reporting.told import Message, Place
from tests.reporting.traffic import Cell, Rung

FORMAT: Final = "start_batch.contract/1"


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """Who was asked.

    Attributes:
        name: the target file's name.
        base_url: where.
        live: whether real messages leave.
        max_sends: most profiles that a live target may be made to send to; None elsewhere.
        sent: profiles that requests may have caused to be sent to, counted before they left;
            None where several processes asked, or none did.
        profiles: how many the target file knows.
        body_limit_bytes: the exact limit, where the target file gives it.
    """

    name: str
    base_url: str
    live: bool
    max_sends: int | None
    sent: int | None
    profiles: int
    body_limit_bytes: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was asked, and what the cases ended with.

    Attributes:
        requests: that were sent.
        outside: requests that the grid does not count: of no mode, or to explain a breach.
        timed_out: requests that were not answered in time.
        cases: test cases.
        held: cases without a breach.
        broken: cases with one.
        deviating: cases with one that the target's known deviations excuse.
        unsupported: cases that no profile of the target file can show.
        not_run: cases that budget or time did not allow.
        no_verdict: cases in which the suite or the network failed.
    """

    requests: int
    outside: int
    timed_out: int
    cases: int
    held: int
    broken: int
    deviating: int
    unsupported: int
    not_run: int
    no_verdict: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause, and what the run says of it.

    Attributes:
        id: `family.name`.
        family: the part of the id before the dot.
        sentence: the promise.
        source: where it stands in the documentation.
        status: documented, elsewhere, inferred or open.
        reasoning: of an inferred clause.
        standing: held, broken, deviates, unsupported, not run, observed or unchecked.
        requests: that the cases about it sent.
        examined: answers that were held against it by the way, whatever was asked.
        cases: cases that are about it.
        held: of these, the ones without a breach.
    """

    id: str
    family: str
    sentence: str
    source: str
    status: str
    reasoning: str
    standing: str
    requests: int
    examined: int
    cases: int
    held: int


@dataclass(frozen=True, slots=True)
class BreachRow:
    """One case with a breach.

    Attributes:
        clause: the id of the clause.
        is_plainest: whether its request is the plainest of all that broke the clause.
        symptom: lost, extra, shape or unmet.
        expected: what was expected.
        came: what came.
        shows: when it shows: always, or in words.
        smallest: the plainest request that shows it, in words; empty where no single one does.
        items: how many items it has; None where it has none of its own.
        features: what it has beyond the plainest request of all.
        request_bytes: size of its body.
        place: where it stands in the grid; None where it is no request of a mode.
        profiles: ids of profiles that were lost, or named for no reason.
        marks: values of the request that find these profiles, where others stand beside them.
        request: as it was sent, without the token.
        answer: as it came, without the token.
        exchange: both in a few lines, for a terminal.
        repeat: a command line for a shell with curl; empty where there is none.
        folder: what `python -m tests.repeat` takes; empty where it was not kept.
        test: the case, as pytest names it.
    """

    clause: str
    is_plainest: bool
    symptom: str
    expected: str
    came: str
    shows: str
    smallest: str
    items: int | None
    features: tuple[str, ...]
    request_bytes: int
    place: Place | None
    profiles: tuple[str, ...]
    marks: tuple[str, ...]
    request: Message | None
    answer: Message | None
    exchange: tuple[str, ...]
    repeat: str
    folder: str
    test: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What the target does where the documentation is silent.

    Attributes:
        clause: the id of the open clause.
        sentence: what is open.
        seen: what was seen -> how often.
        alternatives: what a target may do, by name.
        pinned: what the target file pins; None where it pins nothing.
        state: `free`, `as pinned`, `drifted`, or `not seen` where a pinned one was not observed.
    """

    clause: str
    sentence: str
    seen: Mapping[str, int]
    alternatives: tuple[str, ...]
    pinned: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Cases that say nothing, for one reason.

    Attributes:
        outcome: unsupported, not run, no verdict, or hidden: behind breaches of other clauses.
        reason: why.
        clauses: what they are about.
        cases: how many.
        test: the first one.
    """

    outcome: str
    reason: str
    clauses: tuple[str, ...]
    cases: int
    test: str


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """One known deviation of the target.

    Attributes:
        clause: the id of the clause that is broken.
        cases: patterns of the cases that may break it; none where all may.
        reason: why it is excused.
        ticket: where it is looked after; empty where nowhere.
        until: the last day on which it is excused.
        chance: whether it comes and goes.
        state: met, stale, expired or not asked.
        met: cases that broke the clause.
    """

    clause: str
    cases: tuple[str, ...]
    reason: str
    ticket: str
    until: str
    chance: bool
    state: str
    met: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One test case.

    Attributes:
        test: as pytest names it.
        clauses: that it is about, the first most of all.
        outcome: held, broken, known deviation, unsupported, not run or no verdict.
        reason: why, where it did not hold.
    """

    test: str
    clauses: tuple[str, ...]
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """One run.

    Attributes:
        format: FORMAT.
        verdict: held, broken, inconclusive, no verdict or interrupted.
        sentence: the verdict in a sentence.
        exit_code: of the process.
        reasons: why the verdict is no clear one; empty where it is.
        target: who was asked.
        started: when, in UTC.
        seconds: how long it took.
        counts: how much was asked.
        clauses: all of them, in the order of clauses.toml.
        breaches: grouped by clause, the plainest of each first.
        deviations: that are known of the target.
        observations: of open clauses.
        unchecked: what was not checked, and why.
        grid: each mode, pair of formats and kind of case, exercised or not.
        ladder: bodies by format and size.
        cases: all of them.
        environment: what the run was made with.
    """

    format: str
    verdict: str
    sentence: str
    exit_code: int
    reasons: tuple[str, ...]
    target: TargetFacts
    started: str
    seconds: float
    counts: Counts
    clauses: tuple[ClauseRow, ...]
    breaches: tuple[BreachRow, ...]
    deviations: tuple[DeviationRow, ...]
    observations: tuple[Observation, ...]
    unchecked: tuple[Unchecked, ...]
    grid: tuple[Cell, ...]
    ladder: tuple[Rung, ...]
    cases: tuple[CaseRow, ...]
    environment: Environment

    @property
    def broken(self) -> tuple[str, ...]:
        """The broken clauses, in the order in which they were met."""
        return tuple(dict.fromkeys(breach.clause for breach in self.breaches))

    @property
    def plainest(self) -> tuple[BreachRow, ...]:
        """The plainest breach of each broken clause."""
        return tuple(breach for breach in self.breaches if breach.is_plainest)

    def again(self, breach: BreachRow) -> str:
        """The command that sends a kept breach's request again to the same target."""
        made = self.environment
        return f"{made.python} -m tests.repeat {breach.folder} {made.target}"

    def others(self, clause: str) -> tuple[BreachRow, ...]:
        """The other breaches of a clause."""
        return tuple(
            breach for breach in self.breaches if breach.clause == clause and not breach.is_plainest
        )
