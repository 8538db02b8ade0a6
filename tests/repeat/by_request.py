"""A past breach's request is sent again, and its answer held against the same demand."""

from pathlib import Path
from typing import Final

from contracts import clauses
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.repeat import rebuilt
from tests.repeat.findings import Finding, Word
from tests.reporting.saved import Saved
from tests.reporting.verdicts import Breach, Broken, NotRun, Unsupported

TIMES: Final = 3
"""Times that a request is asked whose breach has always shown."""

TIMES_BY_CHANCE: Final = 20
"""Times that one is asked whose breach came and went, each on a connection of its own."""


def found(folder: Path, kept: Saved, ask: Ask) -> Finding | None:
    """What the request shows; None where it takes the test to tell.

    A live target is asked once: each time may be a message to somebody.

    Args:
        folder: where the breach is kept.
        kept: what its recipe says.
        ask: the target.

    Raises:
        SavedError: a file of the folder cannot be read.
    """
    try:
        question = rebuilt.question(folder, kept, ask)
    except rebuilt.Different as reason:
        return Finding(Word.UNKNOWN, f"the request is not sent: {reason}")
    if question is None:
        return None
    known = clauses.load()
    ask.current = tuple(one for one in kept.about if one in known) or ("endpoint.post",)
    times = TIMES_BY_CHANCE if kept.shows else TIMES
    if ask.target.safety.live:
        times = 1
    return _asked(question, ask, times)


def _asked(question: Question, ask: Ask, times: int) -> Finding:
    for turn in range(1, times + 1):
        try:
            question.ask()
        except Breach as breach:
            at = "" if turn == 1 else f" at the {turn}th time"
            came = ask.hide(f"expected {breach.expected}; came {breach.came}")
            return Finding(Word.BROKEN, f"the request shows it{at}: {came}")
        except (NotRun, Unsupported, Broken) as reason:
            return Finding(Word.UNKNOWN, ask.hide(str(reason)))
    often = "once" if times == 1 else f"{times} times"
    return Finding(Word.FIXED, f"the request was sent {often} and answered as it has to be")
