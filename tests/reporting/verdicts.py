"""What a case can end with, and what a run can end with.

AssertionError
└── Breach         an answer breaks a clause
pytest.skip.Exception
├── Unsupported    the target file has no profile that could show it
└── NotRun         a live target's max_sends did not allow it
RuntimeError
└── Broken         the target cannot be reached, or the suite itself failed
"""

from enum import IntEnum

from _pytest.outcomes import Skipped

from endpoint.answer import Answer


class ExitCode(IntEnum):
    """The exit codes of a run beside pytest's own (2 interrupted, 4 usage, ...)."""

    HELD = 0
    BREACH = 1
    INCONCLUSIVE = 6
    BROKEN = 7


class Breach(AssertionError):  # noqa: N818 - the word of the field, not an error of ours
    """An answer breaks a clause.

    Attributes:
        clause: the id of the clause.
        answer: the answer, which holds the request; None where no single one shows it.
        came: what came, in words.
        expected: what was expected, in words.
        refused_with: the error number, where a valid request was refused.
        lost: whether somebody was not found who had to be.
    """

    def __init__(
        self,
        clause: str,
        answer: Answer | None,
        *,
        came: str,
        expected: str,
        refused_with: int | None = None,
        lost: bool = False,
    ) -> None:
        super().__init__(f"{clause}: expected {expected}; came {came}")
        self.clause = clause
        self.answer = answer
        self.came = came
        self.expected = expected
        self.refused_with = refused_with
        self.lost = lost


class Unsupported(Skipped):
    """No known profile of the target can show the clause."""


class NotRun(Skipped):
    """A live target's budget of sends did not allow the request."""


class Broken(RuntimeError):  # noqa: N818 - a verdict, like the others
    """Nothing can be said: the target is out of reach, or the suite itself failed."""


class Unreachable(Broken):
    """The target is gone; asking it more would only say the same."""
