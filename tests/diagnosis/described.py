"""The plainest request that shows a breach, in a line."""

from tests.asking.most_items import items_of
from tests.diagnosis.features import Feature, features_of
from tests.reporting.verdicts import Breach


def features(breach: Breach) -> tuple[str, ...]:
    """What the request has beyond the plainest one, the rarest first."""
    held = features_of(breach.question) if breach.question else frozenset()
    return tuple(str(feature) for feature in Feature if feature in held)


def in_a_line(breach: Breach) -> str:
    """Say what is left of the request: `10,001 items, 441,203 bytes, chunked, an XML request`."""
    question = breach.question
    if question is None or not question.params:
        return ""
    body = (breach.answer.call.body or b"") if breach.answer else b""
    count = items_of(question, body)
    extra = [feature for feature in features(breach) if feature != Feature.GROWTH]
    return ", ".join([f"{count:,} item{'' if count == 1 else 's'}", f"{len(body):,} bytes", *extra])
