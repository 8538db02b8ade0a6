"""What the rules of naming look at: the plainest request, what it has, and further requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contracts.matching import MODES
from contracts.model import Item
from tests.asking.ask import ABOUT_ERRORS
from tests.asking.oracle import Oracle
from tests.asking.question import Question
from tests.diagnosis.experiment import Experiment
from tests.diagnosis.features import Feature, features_of
from tests.reporting.verdicts import Breach

MOST_OTHERS: Final = 4
"""Other values that are asked to tell whether one is special."""

ESCAPED: Final = frozenset("&<>\"'")
"""Characters that an XML text may have to escape."""


@dataclass(frozen=True)
class Finding:
    """The plainest request that shows a breach, and a way to ask others beside it."""

    experiment: Experiment

    @property
    def breach(self) -> Breach:
        """The breach that the request shows."""
        return self.experiment.smallest

    @property
    def question(self) -> Question:
        """What it asks."""
        return self.experiment.question

    @cached_property
    def needed(self) -> frozenset[Feature]:
        """What it has beyond the plainest request of all: without each, the breach is gone."""
        return features_of(self.question)

    @property
    def oracle(self) -> Oracle:
        """The known profiles."""
        return self.experiment.ask.known.oracle

    @property
    def met_as(self) -> str:
        """The clause of the test that met the breach."""
        return self.experiment.breach.clause

    @property
    def in_xml(self) -> bool:
        """Whether it takes a request in XML to show it."""
        return Feature.XML_REQUEST in self.needed

    @property
    def is_refused(self) -> bool:
        """Whether the whole request was refused, not only somebody left out."""
        return self.breach.refused_with is not None or self.breach.clause in ABOUT_ERRORS

    def shows(self, question: Question) -> Breach | None:
        """The same breach, if another question shows it."""
        return self.experiment.shows(question)

    def holds(self, question: Question) -> bool:
        """Whether another question is answered as it has to be."""
        return self.experiment.holds(question)

    def finds(self, items: Sequence[Item]) -> bool:
        """Whether the same request about other items is answered as it has to be."""
        return self.holds(self.question.with_items(items))

    def in_mode(self, mode: str, items: Sequence[Item]) -> Question:
        """The same request in another mode."""
        named = self.experiment.ask.target.field_name if MODES[mode].field_name else None
        return self.question.with_items(items).with_params(matching=mode, field_name=named)

    @cached_property
    def others(self) -> list[Item]:
        """An item of the same mode for each other profile, the plainest first.

        Of those that are as plain, what stands in the place of the question's own comes first.
        """
        question, known = self.question, self.oracle.identifiers(self.question.mode)
        own = self.oracle.expected(question.mode, question.items, question.fmt).may
        places = {one.place for one in known if one.item in question.items}
        ranked = sorted(
            (one for one in known if one.profile_id not in own),
            key=lambda one: (not is_plain(one.item), one.place not in places),
        )
        first: dict[str, Item] = {}
        for one in ranked:
            first.setdefault(one.profile_id, one.item)
        return list(first.values())

    @cached_property
    def is_only_here(self) -> bool:
        """Whether the same profiles are found where another mode searches them, in this order."""
        items, mode, fmt = self.question.items, self.question.mode, self.question.fmt
        wanted = [min(self.oracle.expected(mode, [item], fmt).must) for item in items]
        for other in MODES:
            by_profile = {one.profile_id: one.item for one in self.oracle.one_each(other)}
            if other != mode and by_profile.keys() >= set(wanted):
                same = [by_profile[profile_id] for profile_id in wanted]
                return self.holds(self.in_mode(other, same))
        return False


def is_plain(item: Item) -> bool:
    """Whether an item's values can be written as they are in either format."""
    text = text_of(item)
    return text.isascii() and not set(text) & ESCAPED


def text_of(item: Item) -> str:
    """All values of an item."""
    return "".join(map(str, item.values()))
