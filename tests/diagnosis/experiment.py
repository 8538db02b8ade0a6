"""Asks again, and simpler: whether the same breach shows."""

import time
from dataclasses import dataclass, field
from typing import Final

from endpoint.answer import Call
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.reporting.verdicts import Breach, NotRun, Symptom, Unsupported

MOST_REQUESTS: Final = 200
"""Requests that one breach is worth."""

MOST_SECONDS: Final = 60.0
"""Seconds that one breach is worth: with a slow target, fewer requests."""

ABOUT_PEOPLE: Final = frozenset({Symptom.LOST, Symptom.EXTRA})
"""Symptoms that are one breach whatever the clause: the clause is what is looked for."""


class Exhausted(Exception):  # noqa: N818 - an end, not an error
    """As many requests were spent on one breach as it is worth."""


@dataclass
class Experiment:
    """One breach, and the questions that are asked to understand it.

    Attributes:
        ask: the target.
        breach: the breach as it was met.
        smallest: the breach of the plainest request that showed it so far.
        before: the last requests before the experiment; the last of all showed the breach.
    """

    ask: Ask
    breach: Breach
    smallest: Breach = field(init=False)
    before: tuple[Call, ...] = field(init=False)
    _asked: int = 0
    _since: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Begin with the breach as it was met."""
        self.smallest = self.breach
        self.before = tuple(self.ask.recent)

    @property
    def question(self) -> Question:
        """The plainest question that showed the breach so far."""
        if self.smallest.question is None:
            raise ValueError("a breach without a question has nothing to be asked again")
        return self.smallest.question

    def shows(self, question: Question) -> Breach | None:
        """Ask on a connection of its own, so that nothing came before; the same breach, or None.

        Raises:
            Exhausted: the breach is not worth more requests.
        """
        return self.shows_where_it_was(question.sent(fresh_connection=True))

    def holds(self, question: Question) -> bool:
        """Whether a question is answered as it has to be, on a connection of its own.

        Raises:
            Exhausted: the breach is not worth more requests.
        """
        return self._breach_of(question.sent(fresh_connection=True)) is None

    def shows_where_it_was(self, question: Question) -> Breach | None:
        """Ask on the connection that is there; the same breach, or None.

        Raises:
            Exhausted: the breach is not worth more requests.
        """
        breach = self._breach_of(question)
        return breach if breach is not None and self._is_same(breach) else None

    def try_simpler(self, question: Question) -> bool:
        """Whether a plainer question shows the breach: then it is the plainest so far."""
        breach = self.shows(question)
        if breach is None:
            return False
        self.smallest = breach
        return True

    def _is_same(self, other: Breach) -> bool:
        if other.symptom is not self.breach.symptom:
            return False
        return other.symptom in ABOUT_PEOPLE or other.clause == self.breach.clause

    def _breach_of(self, question: Question) -> Breach | None:
        self._asked += 1
        if self._asked > MOST_REQUESTS or time.monotonic() - self._since > MOST_SECONDS:
            raise Exhausted
        try:
            question.ask()
        except Breach as breach:
            breach.question = question
            return breach
        except (NotRun, Unsupported):
            return None
        return None
