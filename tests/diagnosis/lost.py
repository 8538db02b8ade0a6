"""Rules for a request that does not find somebody whom it has to find, or is refused."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from contracts.matching import MODES
from contracts.model import Item
from contracts.sizes import Recipe
from tests.asking.question import Among, OfSize
from tests.asking.sized import MULTI_BYTE
from tests.diagnosis.features import PAYLOAD, Feature
from tests.diagnosis.finding import ESCAPED, MOST_OTHERS, Finding, is_plain, text_of

TYPES: Final = "matching.types"


_IN_XML: Final = {
    Feature.CONTENT: "payload.xml-objects",
    Feature.CUSTOM_DATA: "payload.xml-objects",
    Feature.ATTACH: "payload.xml-attach",
}
"""Clauses of parameters that have a form of their own in XML."""


def told_otherwise(finding: Finding) -> str:
    """The answer does name who is lost, only not where it has to."""
    breach = finding.breach
    body = breach.answer.body if breach.answer and not finding.is_refused else b""
    if not body or not all(profile_id.encode() in body for profile_id in breach.profiles):
        return ""
    in_xml = finding.question.params.get("format") == "xml"
    return "answer.xml-shape" if in_xml else "answer.result"


def spelled(finding: Finding) -> str:
    """It takes another spelling, or another order of the parameters."""
    needed = finding.needed & {Feature.SPELLING, Feature.ORDER}
    return f"spelling.{finding.question.fmt}" if needed else ""


def grown(finding: Finding) -> str:
    """It takes many items, or many bytes."""
    match finding.question.how.get("growth"):
        case Among(count=count, places=(place,)) if not _too_large(finding, Recipe.CONTENT):
            # Lost as well with one more item behind it, or at the end: then places do not matter.
            last = place == count - 1
            other = Among(count + 1, (place,)) if last else Among(count, (count - 1,))
            anywhere = finding.shows(finding.question.sent(growth=other))
            return "batch.complete" if anywhere else "batch.position"
        case OfSize(recipe=recipe, in_content=True) if not _too_large(finding, Recipe.ITEMS):
            return "limit.bytes" if recipe in MULTI_BYTE else "payload.content"
        case OfSize(in_content=False) if not _too_large(finding, Recipe.CONTENT):
            return "batch.complete"
        case None:
            return ""
    return "limit.accepts"


def _too_large(finding: Finding, recipe: Recipe) -> bool:
    """Whether a body of as many bytes is lost as well that is made of something else."""
    answer = finding.breach.answer
    size = len(answer.call.body or b"") if answer else 0
    other = finding.question.sent(growth=OfSize(size, recipe))
    return finding.shows(other) is not None


def cut_character(finding: Finding) -> str:
    """Beside the same parameters a plain value is found: the other's characters are cut there."""
    items, plain = finding.question.items, [one for one in finding.others if is_plain(one)]
    beside = finding.needed.intersection(PAYLOAD)
    if not beside or finding.is_refused or len(items) != 1 or text_of(items[0]).isascii():
        return ""
    return "spelling.utf-8" if plain and finding.finds(plain[:1]) else ""


def payload(finding: Finding) -> str:
    """It takes an optional parameter, or what several of them do together."""
    held = [feature for feature in PAYLOAD if feature in finding.needed]
    if not held:
        return ""
    beside = finding.question.with_params(skip_triggers=False)
    if len(held) > 1 or (Feature.SKIP_TRIGGERS not in held and finding.holds(beside)):
        return "payload.optional"
    if finding.question.fmt == "xml" and held[0] in _IN_XML:
        return _IN_XML[held[0]]
    return f"payload.{PAYLOAD[held[0]].replace('_', '-')}"


def left_out(finding: Finding) -> str:
    """It takes that a parameter is left out, or given where no mode needs it."""
    if Feature.FIELD_NAME in finding.needed:
        return "payload.optional"
    if not finding.needed & {Feature.NO_MATCHING, Feature.NO_FORMAT}:
        return ""
    if finding.is_refused:
        return "payload.optional"
    return "matching.default" if Feature.NO_MATCHING in finding.needed else "format.default"


def odd(finding: Finding) -> str:
    """The request is one that only its own test knows how to read."""
    question = finding.question
    own = set(MODES[question.mode].keys) if question.mode in MODES else set()
    strange = [
        item for item in question.items if not isinstance(item, dict) or not set(item) <= own
    ]
    if "body" in question.how or Feature.MEDIA_TYPE in finding.needed:
        return finding.met_as
    return finding.met_as if strange == question.items else ""


# ------------------------------------------------------------------ several items


def beside_nobody(finding: Finding) -> str:
    """It takes an item that finds nobody beside one that finds somebody."""
    found = _found_alone(finding)
    return "batch.unmatched-neighbours" if len(found) > 1 and not all(found) else ""


def duplicates(finding: Finding) -> str:
    """It takes two items that find the same profile, and no more of them than two."""
    found, items = _found_alone(finding), finding.question.items
    if len(frozenset().union(*found)) == len(found):
        return ""
    distinct = list({text_of(item): item for item in items}.values())
    few = len(items) <= 2 * len(distinct)
    shown = few or finding.shows(finding.question.with_items([*distinct, *distinct]))
    return "batch.duplicates" if shown else "batch.complete"


def together(finding: Finding) -> str:
    """Several items are found one by one, and not together."""
    items = finding.question.items
    if len(items) < 2:
        return ""
    if finding.needed & {Feature.XML_REQUEST, Feature.XML_ANSWER}:
        return "format.agree"
    if finding.is_only_here:
        return f"matching.{finding.question.mode}"
    if finding.finds(items[::-1]):
        return "batch.union"
    return _by_number(finding, items)


def _by_number(finding: Finding, items: list[Item]) -> str:
    """Whether the place of an item matters, or how many items there are."""
    one_more = finding.shows(finding.question.with_items([*items, *finding.others[:1]]))
    if len(items) == 2:
        return "batch.position" if one_more else "batch.union"
    lost = finding.breach.profiles
    return "batch.complete" if one_more and lost <= one_more.profiles else "batch.position"


def _found_alone(finding: Finding) -> list[frozenset[str]]:
    question = finding.question
    return [
        finding.oracle.expected(question.mode, [item], question.fmt).must for item in question.items
    ]


# ------------------------------------------------------------------ a single item


def elsewhere(finding: Finding) -> str:
    """There is nothing at the documented address: not even the basic request is served there."""
    status = finding.breach.answer.status if finding.breach.answer else None
    if not finding.is_refused or status != HTTPStatus.NOT_FOUND:
        return ""
    ask = finding.experiment.ask
    basic = finding.in_mode(ask.basic_mode, ask.known.some(ask.basic_mode))
    return "" if finding.holds(basic) else "endpoint.url"


def single(finding: Finding) -> str:
    """An XML request with one data element is lost, one with two is not."""
    beside = [*finding.question.items, *finding.others[:1]]
    alone = finding.in_xml and len(beside) > 1 and finding.finds(beside)
    return "spelling.single-item" if alone else ""


def characters(finding: Finding) -> str:
    """A plain value of the same mode is found: this one's characters matter."""
    item, named = finding.question.items[0], str(finding.question.params.get("field_name", ""))
    if finding.in_xml and not named.isascii() and finding.is_only_here:
        return "spelling.utf-8"
    plain = [other for other in finding.others if is_plain(other) and set(other) == set(item)]
    if not any(finding.finds([one]) for one in plain[:1]):
        return ""
    if not text_of(item).isascii() and not _others_arrive(finding):
        return "spelling.utf-8"
    return "spelling.xml" if finding.in_xml and set(text_of(item)) & ESCAPED else ""


def _others_arrive(finding: Finding) -> bool:
    """Whether other values with characters as wide as this item's are found, in any mode."""
    own = finding.question.items[0]
    wide = {
        text_of(one.item): finding.in_mode(mode, [one.item])
        for mode in MODES
        for one in finding.oracle.identifiers(mode)
        if text_of(one.item) != text_of(own) and _width(one.item) >= _width(own)
    }
    return any(finding.holds(question) for question in list(wide.values())[:MOST_OTHERS])


def _width(item: Item) -> int:
    """Bytes of the widest character in UTF-8."""
    return max((len(character.encode()) for character in text_of(item)), default=1)


def formats(finding: Finding) -> str:
    """Found in JSON, and not where a format is XML."""
    if not finding.needed & {Feature.XML_REQUEST, Feature.XML_ANSWER}:
        return ""
    if not finding.is_refused and finding.is_only_here:
        return "format.agree"
    if not finding.in_xml:
        return "format.xml-answer" if finding.is_refused else "format.agree"
    if finding.holds(finding.question.with_params(format="xml")):
        return "format.json-answer" if finding.is_refused else "format.agree"
    return "format.xml-request"


def types(finding: Finding) -> str:
    """Only values that are alike as numbers are lost, not all of their type."""
    question, oracle = finding.question, finding.oracle
    item = question.items[0]
    alike = [one.item for one in oracle.identifiers(question.mode) if oracle.has_lookalike(one)]
    if not MODES[question.mode].field_name or item not in alike:
        return ""
    others = [
        one.item
        for one in oracle.identifiers(question.mode)
        if one.item not in alike and type(one.item["field_value"]) is type(item["field_value"])
    ]
    only_alike = others and all(finding.finds([one]) for one in others[:MOST_OTHERS])
    return TYPES if only_alike else ""


def mode(finding: Finding) -> str:
    """A single item in plain JSON that is not found."""
    return f"matching.{finding.question.mode}"


RULES: Final[tuple[Callable[[Finding], str], ...]] = (
    told_otherwise, spelled, grown, cut_character, payload, left_out, odd,
    beside_nobody, duplicates, together,
    elsewhere, single, characters, formats, types, mode,
)  # fmt: skip
"""Which clause a loss is about: the rule that knows best first."""
