"""From a breach as a test met it to the breach that is reported."""

import json
from dataclasses import dataclass, field
from typing import Final

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
"""Breaches of one clause in one mode after which one more is not looked into."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A breach that is understood: what a request needs to show it.

    Attributes:
        clause: the clause that it breaks.
        symptom: how it shows.
        features: what the request has to have.
        mode: the matching mode that it was seen in.
        items: the items that it takes, written out; none where any will do.
        sometimes: whether it comes and goes.
    """

    clause: str
    symptom: Symptom
    features: frozenset[Feature]
    mode: str
    items: frozenset[str]
    sometimes: bool = False

    def explains(self, breach: Breach, question: Question) -> bool:
        """Whether a breach of another question is the same thing again."""
        if breach.symptom is not self.symptom or self.sometimes:
            return False
        if self.symptom is Symptom.SHAPE and self.clause != breach.clause:
            return False
        specific = bool(self.features or self.items)
        return (
            specific and self.features <= features_of(question) and self.items <= _written(question)
        )


@dataclass
class Diagnosis:
    """Explains the breaches of one run, each cause once.

    Attributes:
        ask: the target.
        causes: what was found so far.
    """

    ask: Ask
    causes: list[Cause] = field(default_factory=list)

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
        if self._is_well_told(breach, question):
            return breach
        with self.ask.ledger.aside():
            found = self._understood(Experiment(self.ask, breach))
        self.causes.append(_cause(found))
        return found

    def _understood(self, experiment: Experiment) -> Breach:
        try:
            shown = [experiment.try_simpler(experiment.question) for _ in range(CONFIRMED)]
            if not all(shown):
                return context.told(experiment)
            if context.is_stale(experiment):
                experiment.smallest.clause = context.STALE
                return experiment.smallest
            _simplify(experiment)
            spoiled = context.is_spoiled(experiment)
            clause = context.NEXT_REQUEST if spoiled else naming.clause_of(experiment)
        except (Exhausted, Unreachable, NotRun, Unsupported):
            clause = experiment.breach.clause
        except Exception as problem:  # noqa: BLE001 - a breach is told, understood or not
            clause = experiment.breach.clause
            experiment.smallest.shows = f"not explained: {type(problem).__name__}: {problem}"
        experiment.smallest.clause = clause
        return experiment.smallest

    def _is_well_told(self, breach: Breach, question: Question) -> bool:
        alike = [
            cause
            for cause in self.causes
            if (cause.clause, cause.symptom) == (breach.clause, breach.symptom)
            and cause.mode == question.mode
        ]
        return len(alike) >= WELL_TOLD


def _simplify(experiment: Experiment) -> None:
    """Take away what the breach does not need."""
    symptom = experiment.breach.symptom
    for feature, without in WITHOUT.items():
        if feature not in OF_TRANSPORT and not _may_change(experiment, feature):
            continue
        plainer = without(experiment.question)
        if plainer is not None:
            experiment.try_simpler(plainer)
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


def _cause(breach: Breach) -> Cause:
    question = breach.question
    if question is None:
        raise ValueError("a breach without a question has no cause that could be named")
    items = _written(question) if breach.clause.startswith(ABOUT_VALUES) else frozenset()
    return Cause(
        breach.clause,
        breach.symptom,
        features_of(question),
        question.mode,
        items,
        sometimes=breach.rate is not None,
    )


def _written(question: Question) -> frozenset[str]:
    return frozenset(json.dumps(item, sort_keys=True, default=str) for item in question.items)
