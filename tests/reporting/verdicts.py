"""What a case can end with, and what a run can end with.

AssertionError
└── Breach         an answer breaks a clause
pytest.skip.Exception
├── Unsupported    the target file has no profile that could show it
└── NotRun         a live target's max_sends did not allow it
    └── Lost       its connection was lost, and it must not be asked again
RuntimeError
└── Broken         the target cannot be reached, or the suite itself failed
"""

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from _pytest.outcomes import Skipped

from endpoint.answer import Answer

if TYPE_CHECKING:
    from tests.asking.question import Question


class ExitCode(IntEnum):
    """The exit codes of a run beside pytest's own (2 interrupted, 4 usage, ...)."""

    HELD = 0
    BREACH = 1
    INCONCLUSIVE = 6
    BROKEN = 7


class Symptom(StrEnum):
    """In which way an answer is wrong."""

    LOST = "lost"
    """Somebody was not found who had to be, or the whole request was refused."""
    EXTRA = "extra"
    """Somebody was named who must not be."""
    SHAPE = "shape"
    """The answer breaks a clause about answers, whatever was asked."""
    UNMET = "unmet"
    """Another demand of the test was not met."""


class Breach(AssertionError):  # noqa: N818 - the word of the field, not an error of ours
    """An answer breaks a clause.

    Attributes:
        clause: the id of the clause.
        answer: the answer, which holds the request; None where no single one shows it.
        came: what came, in words.
        expected: what was expected, in words.
        symptom: in which way the answer is wrong.
        refused_with: the error number, where a valid request was refused.
        profiles: the profiles that were lost, or named for no reason.
        question: what was asked; None where no single request shows it.
        shows: when it shows, in words; empty where it always does.
    """

    def __init__(
        self,
        clause: str,
        answer: Answer | None,
        *,
        came: str,
        expected: str,
        symptom: Symptom = Symptom.UNMET,
        refused_with: int | None = None,
        profiles: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(f"{clause}: expected {expected}; came {came}")
        self.clause = clause
        self.answer = answer
        self.came = came
        self.expected = expected
        self.symptom = symptom
        self.refused_with = refused_with
        self.profiles = profiles
        self.question: Question | None = None
        self.shows = ""


class Unsupported(Skipped):
    """No known profile of the target can show the clause."""


class NotRun(Skipped):
    """A live target's budget of sends did not allow the request."""


class Lost(NotRun):
    """The connection was lost, and a repetition might send again or show something else."""


class Broken(RuntimeError):  # noqa: N818 - a verdict, like the others
    """Nothing can be said: the target is out of reach, or the suite itself failed."""


class Unreachable(Broken):
    """The target is gone; asking it more would only say the same."""
