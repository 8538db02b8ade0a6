"""The clause of the plainest request that shows a breach: what it still has is what matters."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeAlias

from contracts.matching import MODES
from contracts.sizes import Recipe
from endpoint.answer import Upload
from tests.asking.question import OfSize, Question
from tests.asking.sized import Sized
from tests.diagnosis import lost
from tests.diagnosis.experiment import Experiment
from tests.diagnosis.features import Feature
from tests.diagnosis.finding import Finding
from tests.reporting.verdicts import Symptom

Rule: TypeAlias = Callable[[Finding], str]
"""Names the clause, or nothing where it has nothing to say."""

_OF_FRESH_REQUESTS: Final = frozenset({"dedup.fresh-id", "dedup.other-body"})

_OF_HEADERS: Final = "transport.answered"

_OF_TRANSPORT: Final = (
    (Feature.REQUEST_ID, "dedup.same-answer"),
    (Feature.CODING, "transport.compressed-answer"),
    (Feature.EXPECT, "transport.expect"),
    (Feature.HEADERS, _OF_HEADERS),
)


def clause_of(experiment: Experiment) -> str:
    """The clause that the plainest request found so far shows to be broken."""
    finding = Finding(experiment)
    rules = RULES[finding.breach.symptom]
    return next((clause for rule in rules if (clause := rule(finding))), finding.breach.clause)


# ------------------------------------------------------------------ how the request travels


def _travel(finding: Finding) -> str:
    # Whether a request is a fresh one or a repeat, only the test knows.
    about = next(iter(finding.experiment.ask.current), "")
    if about in _OF_FRESH_REQUESTS and finding.needed & {Feature.REQUEST_ID, Feature.HEADERS}:
        return about
    named = next((clause for feature, clause in _OF_TRANSPORT if feature in finding.needed), "")
    # A test of what a header says (a token, a format) is about that, and not about headers.
    return "" if named == _OF_HEADERS and about != _OF_HEADERS else named


def _pieces(finding: Finding) -> str:
    if not finding.needed & {Feature.CUTS, Feature.PAUSE}:
        return ""
    chunked = finding.question.how.get("upload") is Upload.CHUNKED
    if chunked and Feature.GROWTH in finding.needed:
        return "limit.chunked"
    in_pieces = finding.question.sent(upload=Upload.PIECES)
    return "transport.chunked" if chunked and not finding.shows(in_pieces) else "transport.pieces"


def _chunked(finding: Finding) -> str:
    if Feature.CHUNKED not in finding.needed:
        return ""
    return "limit.chunked" if Feature.GROWTH in finding.needed else "transport.chunked"


def _of_the_limit(finding: Finding) -> str:
    """What a large body is about that was to be refused: how it travels, or what it holds."""
    clause, growth = finding.breach.clause, finding.question.how.get("growth")
    if not clause.startswith("limit."):
        return clause
    if travel := _travel(finding) or _pieces(finding) or _chunked(finding):
        return travel
    if clause == "limit.bytes" and isinstance(growth, OfSize):
        plain = finding.question.sent(growth=OfSize(growth.size, Recipe.CONTENT))
        return clause if finding.holds(plain) else "limit.refuses"
    return clause


# ------------------------------------------------------------------ somebody is named for nothing


def _extra_beyond_ascii(finding: Finding) -> str:
    items = finding.question.items
    return "spelling.utf-8" if items and not any(str(item).isascii() for item in items) else ""


def _extra_by_default(finding: Finding) -> str:
    return "matching.default" if Feature.NO_MATCHING in finding.needed else ""


def _extra_in_xml(finding: Finding) -> str:
    # In XML every value is a text: a number that is found there is no matter of the format.
    mode = MODES.get(finding.question.mode)
    return "format.agree" if finding.in_xml and mode and not mode.field_name else ""


# ------------------------------------------------------------------ the answer is misshapen


def _reordered(finding: Finding) -> str:
    return lost.spelled(finding) if Feature.ORDER in finding.needed else ""


def _secret(finding: Finding) -> str:
    clause = finding.breach.clause
    return clause if clause.startswith("confidentiality.") else ""


def _proxys_limit(finding: Finding) -> str:
    """Something in front of the endpoint has a limit of its own, below the target's."""
    answer, limit = finding.breach.answer, Sized(finding.experiment.ask).limit
    too_large = answer is not None and answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    below = answer is not None and len(answer.call.body or b"") <= limit.accepted
    return "limit.accepts" if too_large and below and Feature.GROWTH in finding.needed else ""


def _malformed(finding: Finding) -> str:
    """Another error comes in the right shape: what matters is that the body is malformed."""
    ask, question = finding.experiment.ask, finding.question
    if question.params:
        return ""
    body = ask.encode(ask.valid(question.fmt, data=None), question.fmt)
    ordinary = Question({}, question.fmt, {"body": body}, question.demand)
    return "parameters.malformed" if finding.holds(ordinary) else ""


def _markup_in_json(finding: Finding) -> str:
    """A JSON request is fine until it holds what would be markup in XML."""
    changed = {
        name: value.replace("<", "(")
        for name, value in finding.question.params.items()
        if isinstance(value, str) and "<" in value
    }
    if finding.question.fmt == "xml" or not changed:
        return ""
    plain = finding.question.with_params(**changed)
    return "format.json-request" if finding.holds(plain) else ""


RULES: Final[dict[Symptom, tuple[Rule, ...]]] = {
    Symptom.LOST: (_travel, _pieces, _chunked, *lost.RULES),
    Symptom.EXTRA: (
        _travel, _pieces, _chunked, lost.spelled, lost.payload,
        _extra_beyond_ascii, _extra_by_default, _extra_in_xml,
    ),
    Symptom.SHAPE: (
        _secret, _proxys_limit, _travel, _pieces, _chunked, _reordered, _malformed, _markup_in_json,
    ),
    Symptom.UNMET: (_of_the_limit,),
}  # fmt: skip
"""Which rules speak of which symptom, the one that knows best first; none: the clause as met."""
