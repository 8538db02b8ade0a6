"""What the diagnosis's tests share: a mock with a bug, a request with everything, a breach told."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

import pytest

from contracts.model import Format
from endpoint import target as targets
from endpoint.answer import Upload
from endpoint.target import Target
from tests.asking.ask import Ask
from tests.asking.question import Question
from tests.diagnosis import Diagnosis
from tests.reporting.run import Run
from tests.reporting.verdicts import Breach

TRANSPORT: Final[dict[str, Any]] = {
    "upload": Upload.CHUNKED, "sizes": (3,), "accept_encoding": "gzip",
}  # fmt: skip

MOCK: Final = targets.load("mock")


@contextlib.contextmanager
def asking(defect: str, target: Target = MOCK) -> Iterator[Ask]:
    """The mock with a bug, ready to be asked."""
    run = Run(target, mock_defect=defect)
    try:
        assert run.open(), run.ledger.stopped or run.ledger.inconclusive
        yield run.ask
    finally:
        run.close()


def rich(ask: Ask, mode: str = "email", fmt: Format = "xml", **how: Any) -> Question:
    """A question with everything at once about every profile that a mode finds."""
    params = ask.batch(
        mode,
        ask.known.one_each(mode),
        fmt,
        content={"H1": "x"},
        custom_data={"field": "value"},
        skip_triggers=False,
    )
    return Question(params, fmt, {}, ask._finds).sent(**TRANSPORT, **how)


def met(ask: Ask, question: Question) -> Breach:
    """The breach that a question shows, as a test meets it."""
    ask.current = ("endpoint.post",)
    with pytest.raises(Breach) as caught:
        ask.demanded(question)
    return caught.value


def breach_of(ask: Ask, question: Question) -> Breach:
    """The breach that a question shows, explained."""
    return Diagnosis(ask).told(met(ask, question))
