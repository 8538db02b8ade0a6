"""How many items a target takes: no page tells a maximum (facts.md 2, 11.13).

A batch that is refused for the number of its items, and for nothing else, breaks no promise,
unless it holds so few that the pages of the sibling endpoints advise them.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from contracts.sizes import Recipe
from tests.asking.purposes import Purpose
from tests.asking.question import Among, OfSize, Question, Written
from tests.asking.reply import Reply

if TYPE_CHECKING:
    from tests.asking.sending import Sending

ADVISED: Final = 10_000
"""Items that siblings advise at most: so many are never too many."""


def items_of(question: Question, body: bytes) -> int:
    """How many items a question has, by itself or by the body that contracts/sizes made of it."""
    match question.how.get("growth"):
        case Among(count=count):
            return count
        case OfSize(in_content=False):
            return body.count(b"<data>") if question.fmt == "xml" else body.count(b"},{") + 1
    return len(question.items)


@dataclass
class MostItems:
    """What is known of the number of items that a target takes.

    Attributes:
        sending: asks the target.
    """

    sending: "Sending"
    _too_many: int | None = field(init=False, default=None)
    """The fewest that were refused for their number."""

    def were_too_many(self, question: Question, reply: Reply) -> bool:
        """Whether a batch was refused for how many items it holds, and for nothing else."""
        answer, body = reply.answer, reply.answer.call.body or b""
        count = items_of(question, body)
        if count <= ADVISED or (answer.status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return False
        known = self._too_many is not None and count >= self._too_many
        if not known and not self._is_their_number(question, len(body)):
            return False
        self._too_many = count if self._too_many is None else min(count, self._too_many)
        return True

    def _is_their_number(self, question: Question, size: int) -> bool:
        """Whether fewer are served, and as many bytes of few, but not the same again."""
        alone = question.with_items(question.items[:1])
        weight = {"content": self.sending.object_for(question.fmt, {"H1": "x"}), **alone.params}
        return (
            self._serves(alone.sent(growth=Among(ADVISED, (ADVISED - 1,))))
            and self._serves(alone.with_params(**weight).sent(growth=OfSize(size, Recipe.CONTENT)))
            and not self._serves(question)
        )

    def _serves(self, question: Question) -> bool:
        fresh = question.sent(request_id=None, fresh_connection=True, either=None)
        with self.sending.asking_for(Purpose.PROBE):
            answer = self.sending.raw(fresh.params, fresh.fmt, **cast("Written", fresh.how))
        return self.sending.is_success(answer)
