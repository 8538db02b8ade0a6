"""What a run that was broken off leaves behind, so that `--resume` goes on where it stopped.

The file holds what the run had learned and how much it had sent: the resumed run asks only the
cases that are missing, within what is left of the budget, and reports all of them together.
"""

from pathlib import Path
from typing import Final

import msgspec
import pytest

from tests.reporting import writing
from tests.reporting.environment import Environment
from tests.reporting.ledger import Ledger, Outcome
from tests.reporting.run import Run
from tests.reporting.selection import asks

FILE: Final = "unfinished.json"
"""Beside the report of the run."""

FORMAT: Final = "start_batch.unfinished/1"

_TO_BE_ASKED: Final = frozenset({Outcome.NOT_RUN, Outcome.NO_VERDICT})
"""Outcomes of cases that the resumed run asks again."""


class Unfinished(msgspec.Struct, frozen=True):
    """A run that was broken off.

    Attributes:
        format: FORMAT.
        target: the target file's name without ending.
        environment: what it was made with; the resumed run has to be made with the same.
        sent: sends that it had counted, in profiles.
        ledger: what it had learned, as `Ledger.as_data` gives it.
    """

    format: str
    target: str
    environment: Environment
    sent: int
    ledger: str

    def fits(self, run: Run) -> bool:
        """Whether a run is made as this one was."""
        return self._decides(self.target, self.environment) == self._decides(
            run.target.name, run.environment
        )

    @staticmethod
    def _decides(target: str, made: Environment) -> tuple[object, ...]:
        """What decides which cases there are; how many ask at once, and how long, does not."""
        chosen = tuple(one for one in made.options if not one.startswith(("--minutes", "-n")))
        return target, made.effort, made.contract, chosen


def keep(run: Run) -> str:
    """Leave an unfinished run's file behind, or remove an older one's.

    Returns:
        How to go on, in a line, or why it cannot; empty where there is nothing left to ask.
    """
    ledger, file = run.ledger, run.reports / FILE
    broken_off = run.interrupted or bool(ledger.stopped) or bool(ledger.overtime)
    try:
        if not ledger.cases or not broken_off:
            file.unlink(missing_ok=True)
            return ""
        # Several processes ask at once on a target that is not live: there no budget is kept.
        sent = run.ask.guard.sent if run.is_open else 0
        kept = Unfinished(FORMAT, run.target.name, run.environment, sent, ledger.as_data())
        writing.put(file, msgspec.json.encode(kept))
    except OSError as error:
        return f"it cannot be resumed: {error}"
    return "to go on where it stopped: the same command with --resume"


def take_over(run: Run) -> None:
    """Take over what a broken-off run had learned, and had sent.

    Args:
        run: this run, in the process that reports it.

    Raises:
        UsageError: there is no such run, or it was made otherwise.
    """
    unfinished, before = _before(run)
    before.stopped = before.overtime = before.inconclusive = ""
    # The target may be well again: what made the first part give up counts anew.
    before.timed_out = before.too_large = 0
    run.ledger.merge(before.as_data())
    run.sent_before = unfinished.sent


def leave_out(config: pytest.Config, run: Run, items: list[pytest.Item]) -> None:
    """Leave out what a broken-off run has asked.

    Args:
        config: of this process, which may be one of several.
        run: this run.
        items: its tests.

    Raises:
        UsageError: there is no such run, or it was made otherwise.
    """
    _, before = _before(run)
    asked = {case.nodeid for case in before.cases}
    done = [item for item in items if asks(item) and item.nodeid in asked]
    config.hook.pytest_deselected(items=done)
    items[:] = [item for item in items if item not in set(done)]


def _before(run: Run) -> tuple[Unfinished, Ledger]:
    """The run that was broken off, and what it had learned of the cases that it did ask."""
    unfinished = _read(run.reports / FILE)
    if not unfinished.fits(run):
        raise pytest.UsageError(
            f"--resume: {run.reports / FILE} is of a run with another target, effort, options or "
            "contract; run without --resume"
        )
    ledger = Ledger()
    ledger.merge(unfinished.ledger)
    ledger.cases = [case for case in ledger.cases if case.outcome not in _TO_BE_ASKED]
    return unfinished, ledger


def _read(file: Path) -> Unfinished:
    try:
        unfinished = msgspec.json.decode(file.read_bytes(), type=Unfinished)
    except FileNotFoundError:
        raise pytest.UsageError(
            f"--resume: no run was broken off, there is no {file}; run without --resume"
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise pytest.UsageError(f"--resume: {file} cannot be read: {error}") from None
    if unfinished.format != FORMAT:
        raise pytest.UsageError(f"--resume: {file} is of another version of this suite")
    return unfinished
