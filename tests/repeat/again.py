"""A past breach, asked again: by its request, and by its test where that has to tell."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.repeat import by_request, by_test
from tests.repeat.findings import Finding, Word
from tests.reporting.run import Run
from tests.reporting.saved import Saved


@dataclass(frozen=True)
class Again:
    """Asks past breaches again, of one target.

    Attributes:
        run: the target, opened.
        options: the same target, as options of the suite.
    """

    run: Run
    options: Sequence[str]

    def found(self, folder: Path, kept: Saved) -> Finding:
        """What can be said of a breach.

        Args:
            folder: where it is kept.
            kept: what its recipe says.

        Raises:
            SavedError: a file of the folder cannot be read.
        """
        ledger = self.run.ledger
        if reason := ledger.stopped or (ledger.refused_all and ledger.inconclusive):
            return Finding(Word.UNKNOWN, self.run.ask.hide(str(reason)))
        asked = by_request.found(folder, kept, self.run.ask)
        if asked is not None and asked.word is Word.BROKEN:
            return asked
        if self.run.target.safety.live:
            return self._of_a_live_target(asked, kept)
        tested = by_test.found(kept, self.options)
        if asked is None or tested.word is not Word.FIXED:
            return tested
        return Finding(Word.FIXED, f"{asked.because}; {tested.because}")

    def _of_a_live_target(self, asked: Finding | None, kept: Saved) -> Finding:
        """What its request says: a test would send more, past the count of this command."""
        if asked is not None and (asked.word is Word.UNKNOWN or not kept.shows):
            return asked
        line = shlex.join(by_test.command(kept, self.options))
        why = "it came and went" if asked else "no single request shows it"
        return Finding(Word.UNKNOWN, f"{why}, and no test is run on a live target. By hand: {line}")
