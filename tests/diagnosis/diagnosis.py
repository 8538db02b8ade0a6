"""From a breach as a test met it to the breach that is reported."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.asking.ask import Ask
from tests.asking.question import OfSize, Question
from tests.diagnosis import context, naming
from tests.diagnosis.experiment import Exhausted, Experiment
from tests.diagnosis.features import OF_TRANSPORT, WITHOUT, Feature, features_of
from tests.diagnosis.fewer import fewer_items, smaller_body
from tests.reporting.verdicts import Breach, NotRun, Symptom, Unreachable, Unsupported

CONFIRMED: Final = 3
"""Times that a breach has to show in a row to be one that always shows."""

ABOUT_VALUES: Final = ("matching.", "spelling.utf-8", "spelling.xml", "batch.")
"""Clauses whose breaches depend on the items of a request."""

WELL_TOLD: Final = 8
"""Breaches of one clause in one mode, or of one kind that comes and goes, after which one more is
not looked into."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A breach whose request was made as plain as can be: what a request needs to show it.

    Attributes:
        clause: the clause that it breaks.
        symptom: how it shows.
        features: what the request has to have.
        items: the items that it takes, written out; none where any will do.
    """

    clause: str
    symptom: Symptom
    features: frozenset[Feature]
    items: frozenset[str]

    def explains(self, breach: Breach, question: Question) -> bool:
        """Whether a breach of another question is the same thing again."""
        if breach.symptom is not self.symptom:
            return False
        if self.symptom is Symptom.SHAPE and self.clause != breach.clause:
            return False
        specific = bool(self.features or self.items)
        return (
            specific and self.features <= features_of(question) and self.items <= _written(question)
        )


class Kind(NamedTuple):
    """Breaches that may come and go for one reason.

    Attributes:
        symptom: how they show.
        clause: the clause that they go under where chance is all that can be said; none where
            somebody is named for nothing: who that is decides on the clause, and comes and goes.
        at_once: whether several requests were asked at once.
    """

    symptom: Symptom
    clause: str
    at_once: bool


class Passing(NamedTuple):
    """How a breach that comes and goes was told: its clause, and when it shows, in words."""

    clause: str
    shows: str


@dataclass
class Diagnosis:
    """Explains the breaches of one run, each cause once.

    Attributes:
        ask: the target.
        causes: what was found so far; these alone explain further breaches.
        told_as: how many breaches were told of a clause, with a symptom, in a mode.
        passing: how the breaches were told that did not show again each time.
    """

    ask: Ask
    causes: list[Cause] = field(default_factory=list)
    told_as: Counter[tuple[str, Symptom, str]] = field(default_factory=Counter)
    passing: dict[Kind, list[Passing]] = field(default_factory=dict)

    def told(self, breach: Breach) -> Breach:
        """The breach as it is to be reported: of the plainest request, with its own clause.

        A live target is asked nothing more: each request may be a message to somebody.
        """
        question = breach.question
        if question is None or breach.answer is None or self.ask.target.safety.live:
            return breach
        for cause in self.causes:
            if cause.explains(breach, question):
                breach.clause = cause.clause
                return breach
        if self.told_as[breach.clause, breach.symptom, question.mode] >= WELL_TOLD:
            return breach
        with self.ask.ledger.aside():
            return self._understood(Experiment(self.ask, breach))

    def _understood(self, experiment: Experiment) -> Breach:
        try:
            shown = sum(experiment.try_simpler(experiment.question) for _ in range(CONFIRMED))
            if shown < CONFIRMED:
                return self._passing(experiment, shown)
            clause = context.stale_clause(experiment) or self._explained(experiment)
        except (Exhausted, Unreachable, NotRun, Unsupported):
            clause = experiment.breach.clause
        except Exception as problem:  # noqa: BLE001 - a breach is told, understood or not
            clause = experiment.breach.clause
            experiment.smallest.shows = f"not explained: {type(problem).__name__}: {problem}"
        experiment.smallest.clause = clause
        self.told_as[clause, experiment.breach.symptom, experiment.question.mode] += 1
        return experiment.smallest

    def _explained(self, experiment: Experiment) -> str:
        """The clause of the plainest request, which from now on explains others like it."""
        _simplify(experiment)
        spoiled = context.is_spoiled(experiment)
        clause = context.NEXT_REQUEST if spoiled else naming.clause_of(experiment)
        self.causes.append(_cause(clause, experiment))
        return clause

    def _passing(self, experiment: Experiment, shown: int) -> Breach:
        """A breach that did not show in each repeat: what came before, or chance.

        What it needs is not known, so that it explains no other. Where its kind is well told, the
        many repeats are spared, and it goes under the clause that most of its kind went under.
        """
        breach = experiment.smallest = experiment.breach
        before = self.passing.setdefault(_kind(breach, self.ask), [])
        breach.shows = f"sometimes: in {shown} of {CONFIRMED} repeats"
        if len(before) >= WELL_TOLD:
            ((breach.clause, _),) = Counter(one.clause for one in before).most_common(1)
            usual = next(one for one in before if one.clause == breach.clause)
            breach.shows += f"; another like it {usual.shows}"
            return breach
        try:
            context.tell(experiment)
        finally:
            before.append(Passing(breach.clause, breach.shows))
        return breach


def _simplify(experiment: Experiment) -> None:
    """Take away what the breach does not need."""
    symptom = experiment.breach.symptom
    for feature, without in WITHOUT.items():
        if feature not in OF_TRANSPORT and not _may_change(experiment, feature):
            continue
        plainer = without(experiment.question)
        if plainer is not None:
            experiment.try_simpler(plainer)
    if experiment.question.how.get("body") is not None:
        return  # it says itself which items there are
    if experiment.question.items and symptom is not Symptom.UNMET:
        fewer_items(experiment)
        smaller_body(experiment)


def _may_change(experiment: Experiment, feature: Feature) -> bool:
    """Whether a demand can be held against the request without this feature."""
    question = experiment.question
    if question.how.get("body") is not None:
        return False
    if experiment.breach.symptom is Symptom.UNMET:
        return feature is not Feature.GROWTH and "growth" not in question.how
    # What makes a body large may stand in `content`.
    growth = question.how.get("growth")
    return not (feature is Feature.CONTENT and isinstance(growth, OfSize) and growth.in_content)


def _cause(clause: str, experiment: Experiment) -> Cause:
    question = experiment.question
    items = _written(question) if clause.startswith(ABOUT_VALUES) else frozenset()
    return Cause(clause, experiment.breach.symptom, features_of(question), items)


def _kind(breach: Breach, ask: Ask) -> Kind:
    clause = "" if breach.symptom is Symptom.EXTRA else context.by_chance(breach)
    return Kind(breach.symptom, clause, context.CONCURRENCY in ask.current)


def _written(question: Question) -> frozenset[str]:
    return frozenset(json.dumps(item, sort_keys=True, default=str) for item in question.items)
