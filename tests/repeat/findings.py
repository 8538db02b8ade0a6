"""What can be said of a past breach."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Word(StrEnum):
    """What became of a breach."""

    FIXED = "fixed"
    BROKEN = "still broken"
    UNKNOWN = "cannot say"


class ExitCode(IntEnum):
    """The exit codes of the command; the same numbers as those of a run of the suite."""

    FIXED = 0
    BROKEN = 1
    USAGE = 2
    UNKNOWN = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one breach.

    Attributes:
        word: what became of it.
        because: why, in a sentence; without the token.
    """

    word: Word
    because: str


def exit_code(findings: Iterable[Finding]) -> ExitCode:
    """The exit code of several findings: what is broken outweighs what is unknown."""
    words = {finding.word for finding in findings}
    if Word.BROKEN in words:
        return ExitCode.BROKEN
    return ExitCode.UNKNOWN if Word.UNKNOWN in words else ExitCode.FIXED
