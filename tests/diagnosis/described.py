"""The plainest request that shows a breach, in a line."""

from tests.asking.question import Among, Question
from tests.diagnosis.features import Feature, features_of
from tests.reporting.verdicts import Breach


def items_of(question: Question) -> int:
    """How many items a question has, where it says so itself and not only its bytes."""
    growth = question.how.get("growth")
    return growth.count if isinstance(growth, Among) else len(question.items)


def features(breach: Breach) -> tuple[str, ...]:
    """What the request has beyond the plainest one, the rarest first."""
    held = features_of(breach.question) if breach.question else frozenset()
    return tuple(str(feature) for feature in Feature if feature in held)


def in_a_line(breach: Breach) -> str:
    """Say what is left of the request: `10,001 items, 441,203 bytes, chunked, an XML request`."""
    question = breach.question
    if question is None or not question.params:
        return ""
    count = items_of(question)
    size = len(breach.answer.call.body or b"") if breach.answer else 0
    extra = [feature for feature in features(breach) if feature != Feature.GROWTH]
    return ", ".join([f"{count:,} item{'' if count == 1 else 's'}", f"{size:,} bytes", *extra])
