"""What a request may have beyond the plainest one, and the same request without it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Final, TypeAlias

from contracts.matching import MODES
from contracts.wire import PLAIN
from endpoint.answer import Upload
from tests.asking.question import OfSize, Question


class Feature(StrEnum):
    """One thing that the plainest request does not have, the rarest first."""

    EXPECT = "Expect: 100-continue"
    CODING = "Accept-Encoding"
    HEADERS = "headers of its own"
    REQUEST_ID = "a request id like an earlier one"
    PAUSE = "a pause"
    CUTS = "cut in pieces"
    CHUNKED = "chunked"
    MEDIA_TYPE = "another media type"
    SPELLING = "another spelling"
    ORDER = "parameters in another order"
    GROWTH = "a large body"
    ATTACH = "attach"
    CONTENT = "content"
    CUSTOM_DATA = "custom_data"
    SKIP_TRIGGERS = "skip_triggers"
    FIELD_NAME = "a field_name that the mode does not need"
    NO_MATCHING = "without matching"
    NO_FORMAT = "without format"
    XML_ANSWER = "an XML answer"
    XML_REQUEST = "an XML request"


PAYLOAD: Final = {
    Feature.ATTACH: "attach",
    Feature.CONTENT: "content",
    Feature.CUSTOM_DATA: "custom_data",
    Feature.SKIP_TRIGGERS: "skip_triggers",
}
"""The optional parameters that tell nothing about who is found."""

FIRST: Final = ("token", "trigger_id", "format", "matching", "field_name")
"""The parameters that usually stand before all others."""

Removal: TypeAlias = Callable[[Question], Question | None]
"""The question without a feature; None where it does not have it."""


def features_of(question: Question) -> frozenset[Feature]:
    """What a question has beyond the plainest one."""
    held = {name for name, without in WITHOUT.items() if without(question) is not None}
    growth = question.how.get("growth")
    if isinstance(growth, OfSize) and growth.in_content:
        held.add(Feature.CONTENT)
    return frozenset(held)


def _option(name: str, question: Question) -> Question | None:
    return question.sent(**{name: None}) if question.how.get(name) else None


def _parameter(name: str, question: Question) -> Question | None:
    return question.with_params(**{name: None}) if name in question.params else None


def _cuts(question: Question) -> Question | None:
    if question.how.get("upload") is Upload.PIECES:
        return question.sent(upload=None, sizes=None, pause_seconds=None)
    return question.sent(sizes=None) if question.how.get("sizes") else None


def _chunked(question: Question) -> Question | None:
    if question.how.get("upload") is not Upload.CHUNKED:
        return None
    return question.sent(upload=None, sizes=None, pause_seconds=None)


def _media_type(question: Question) -> Question | None:
    return question.sent(media_type=None, either=None) if "media_type" in question.how else None


def _spelling(question: Question) -> Question | None:
    spelled = question.how.get("spelling", PLAIN) is not PLAIN
    return question.sent(spelling=None) if spelled else None


def _order(question: Question) -> Question | None:
    usual = _in_usual_order(question)
    return usual if list(usual.params) != list(question.params) else None


def _in_usual_order(question: Question) -> Question:
    """The question with its parameters as the tests write them: `data` last."""
    given = question.params
    names = [name for name in FIRST if name in given]
    names += [name for name in given if name not in {*FIRST, "data"}]
    names += [name for name in ("data",) if name in given]
    return replace(question, params={name: given[name] for name in names})


def _completed(question: Question, **one: str) -> Question:
    """The question with one more parameter, where that usually stands."""
    more = question.with_params(**one)
    return more if _order(question) else _in_usual_order(more)


def _field_name(question: Question) -> Question | None:
    mode = MODES.get(question.mode)
    if mode is None or mode.field_name:
        return None
    return _parameter("field_name", question)


def _no_matching(question: Question) -> Question | None:
    return None if "matching" in question.params else _completed(question, matching=question.mode)


def _no_format(question: Question) -> Question | None:
    return None if "format" in question.params else _completed(question, format="json")


def _xml_answer(question: Question) -> Question | None:
    return question.with_params(format="json") if question.params.get("format") == "xml" else None


def _xml_request(question: Question) -> Question | None:
    if question.fmt == "json":
        return None
    # What a target takes as JSON text in XML is an object in JSON.
    objects = {
        name: json.loads(text)
        for name in ("content", "custom_data")
        if isinstance(text := question.params.get(name), str)
    }
    # A spelling is one of its format.
    plain = question.with_params(**objects).sent(spelling=None)
    return Question(plain.params, "json", plain.how, plain.demand)


WITHOUT: Final[Mapping[Feature, Removal]] = {
    Feature.EXPECT: partial(_option, "expect"),
    Feature.CODING: partial(_option, "accept_encoding"),
    Feature.HEADERS: partial(_option, "headers"),
    Feature.REQUEST_ID: partial(_option, "request_id"),
    Feature.PAUSE: partial(_option, "pause_seconds"),
    Feature.CUTS: _cuts,
    Feature.CHUNKED: _chunked,
    Feature.MEDIA_TYPE: _media_type,
    Feature.SPELLING: _spelling,
    Feature.ORDER: _order,
    Feature.GROWTH: partial(_option, "growth"),
    **{feature: partial(_parameter, name) for feature, name in PAYLOAD.items()},
    Feature.FIELD_NAME: _field_name,
    Feature.NO_MATCHING: _no_matching,
    Feature.NO_FORMAT: _no_format,
    Feature.XML_ANSWER: _xml_answer,
    Feature.XML_REQUEST: _xml_request,
}
"""How each feature is taken away, in the order in which that is tried."""

OF_TRANSPORT: Final = frozenset(
    {
        Feature.EXPECT,
        Feature.CODING,
        Feature.HEADERS,
        Feature.REQUEST_ID,
        Feature.PAUSE,
        Feature.CUTS,
        Feature.CHUNKED,
    }
)
"""Features of how a request travels, not of what it says."""
