"""The breaches that earlier runs have kept of a target: asked before everything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts import clauses
from endpoint.target import Target
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.repeat import rebuilt
from tests.reporting import saved
from tests.reporting.keeping import FOLDER
from tests.reporting.saved import Saved, SavedError
from tests.reporting.verdicts import Unsupported


@dataclass(frozen=True)
class Past:
    """One breach of an earlier run.

    Attributes:
        folder: where it is kept.
        kept: what its recipe says.
    """

    folder: Path
    kept: Saved

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clause that was broken, then those of the test that met it; only those there are."""
        known = clauses.load()
        named = dict.fromkeys((self.kept.clause, *self.kept.about))
        return tuple(one for one in named if one in known)

    def question(self, ask: Ask) -> Question:
        """What its request asks of this target.

        Raises:
            Unsupported: no single request shows it, or it would mean something else here.
        """
        try:
            question = rebuilt.question(self.folder, self.kept, ask)
        except (rebuilt.Different, SavedError) as reason:
            raise Unsupported(f"a past breach is not asked again: {reason}") from None
        if question is None:
            raise Unsupported("a past breach that no single request shows: its test runs first")
        return question


def of(reports: Path, target: Target) -> Iterator[Past]:
    """What is kept of a target, by name; what cannot be read is passed over.

    Args:
        reports: the folder of the reports.
        target: who is asked.
    """
    for recipe in sorted((reports / FOLDER).glob(f"*/{saved.RECIPE}")):
        try:
            kept = saved.read(recipe.parent)
        except SavedError:
            continue
        past = Past(recipe.parent, kept)
        if kept.target.name == target.name and past.clauses:
            yield past
