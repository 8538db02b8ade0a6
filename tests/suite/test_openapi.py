"""The OpenAPI document is valid, complete in itself, and says what the schemas say."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from contracts import examples, openapi, sizes
from contracts.examples import Example
from contracts.matching import MODES
from contracts.model import FORMATS, PATH, REQUEST_MEDIA_TYPES, Format, JsonValue
from tests.suite.breakages import BREAKAGES, Breakage, value_of

Object = Mapping[str, JsonValue]

EXAMPLES = [pytest.param(each, id=f"{each.name}-{each.format}") for each in examples.load()]

BROKEN = [
    pytest.param(each, breakage, id=f"{each.name}-{breakage}")
    for each in examples.load()
    for breakage in BREAKAGES[each.name]
    if breakage.plain and each.format == "json"
]


KNOWN = openapi.Known(
    token="known-token",
    trigger_id=8,
    field_name="Custom_ID",
    items={mode: [sizes.filler_item(mode, number) for number in range(3)] for mode in MODES},
)


def at(*keys: str, known: openapi.Known | None = None) -> JsonValue:
    """What stands in the document under these keys."""
    value: JsonValue = openapi.document(known)
    for key in keys:
        value = cast("Object", value)[key]
    return value


def content(example: Example) -> JsonValue:
    """The media type object that an example belongs to."""
    side = ("requestBody",) if example.kind == "request" else ("responses", "200")
    return at("paths", PATH, "post", *side, "content", REQUEST_MEDIA_TYPES[example.format])


def accepts(component: str, value: JsonValue, known: openapi.Known | None = None) -> bool:
    """Whether a component, read as a generic tool reads it, accepts a value."""
    resource = DRAFT202012.create_resource(openapi.document(known))
    registry: Registry[bool | Object] = Registry().with_resource("urn:api", resource)
    schema = {"$ref": f"urn:api#/components/schemas/{component}"}
    return Draft202012Validator(schema, registry=registry).is_valid(value)


def test_the_document_is_valid() -> None:
    """An independent validator finds nothing to say."""
    validate(openapi.document(), cls=OpenAPIV31SpecValidator)


def test_the_document_is_complete_in_itself() -> None:
    """Every reference points to one of its own components."""
    referred = re.findall(r'"\$ref": "(.*?)"', json.dumps(openapi.document()))
    components = cast("Object", at("components", "schemas"))

    assert set(referred) <= {f"#/components/schemas/{name}" for name in components}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_page_is_there(example: Example) -> None:
    """Each stands under its media type: JSON as a value, XML as it is written."""
    shown = cast("Mapping[str, Mapping[str, Object]]", content(example))
    body = example.body.decode()

    expected = json.loads(body) if example.format == "json" else body
    assert shown["examples"][example.name]["value"] == expected


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_component_accepts_the_examples(example: Example) -> None:
    """A generic tool that reads the components accepts each example."""
    assert accepts(example.kind, value_of(example))


@pytest.mark.parametrize(("example", "breakage"), BROKEN)
def test_a_component_refuses_a_broken_example(example: Example, breakage: Breakage) -> None:
    """It refuses each that is broken in one place."""
    assert not accepts(example.kind, breakage.of(value_of(example)))


@pytest.mark.parametrize("mode", MODES)
def test_a_request_is_one_of_eleven(mode: str) -> None:
    """Each matching mode is a choice of its own."""
    choices = cast("list[JsonValue]", at("components", "schemas", "request", "oneOf"))

    assert {"$ref": f"#/components/schemas/request-{mode}"} in choices
    assert len(choices) == len(MODES)


@pytest.mark.parametrize(
    "component", ["request", "request-email", "success-answer", "error-answer"]
)
def test_the_xml_root_is_named(component: str) -> None:
    """Requests and answers are written under the root xml."""
    assert at("components", "schemas", component, "xml") == {"name": "xml"}


def test_errors_may_come_with_any_status() -> None:
    """The error answer stands beside the success under 200, and alone under any other status."""
    error = {"$ref": "#/components/schemas/error-answer"}
    success = {"$ref": "#/components/schemas/success-answer"}
    kept = ("content", REQUEST_MEDIA_TYPES["json"], "schema")

    assert at("paths", PATH, "post", "responses", "200", *kept) == {"oneOf": [success, error]}
    assert at("paths", PATH, "post", "responses", "default", *kept) == error


def known_requests(fmt: Format) -> list[Object]:
    """The example requests of a document about one target."""
    body = ("paths", PATH, "post", "requestBody", "content", REQUEST_MEDIA_TYPES[fmt])
    shown = cast("Mapping[str, Object]", at(*body, "examples", known=KNOWN))
    return [cast("Object", example["value"]) for example in shown.values()]


def test_a_document_about_a_target_is_valid() -> None:
    """An independent validator finds nothing to say of it either."""
    validate(openapi.document(KNOWN), cls=OpenAPIV31SpecValidator)


@pytest.mark.parametrize("fmt", FORMATS)
def test_a_target_has_examples_of_every_mode(fmt: Format) -> None:
    """Each mode stands there, to be answered in either format, with all items that are known."""
    shown = {
        (one["matching"], one["format"])
        for one in known_requests(fmt)
        if one["data"] == KNOWN.items[str(one["matching"])]
    }

    assert shown == {(mode, answer) for mode in MODES for answer in FORMATS}


@pytest.mark.parametrize("fmt", FORMATS)
def test_the_examples_of_a_target_are_accepted(fmt: Format) -> None:
    """Each keeps the request's schema, as the contract and as that document have it."""
    requests = known_requests(fmt)

    assert all(accepts("request", request) for request in requests)
    assert all(accepts("request", request, KNOWN) for request in requests)


@pytest.mark.parametrize(
    "other", [{"token": "another"}, {"trigger_id": 9}, {"field_name": "Other"}]
)
def test_a_target_has_one_token_campaign_and_field(other: Object) -> None:
    """Under other values nothing is found there: that document refuses them."""
    request = {**known_requests("json")[0], **other}

    assert accepts("request", request)
    assert not accepts("request", request, KNOWN)


def test_known_values_are_examples_of_their_keys() -> None:
    """Each value of an item is named where its key is described, once."""
    phone = ("components", "schemas", "item", "properties", "phone", "examples")

    assert at(*phone, known=KNOWN) == [item["phone"] for item in KNOWN.items["phone"]]


def test_the_command_writes_the_document(tmp_path: Path) -> None:
    """`python -m contracts.openapi FILE` writes it to the file."""
    file = tmp_path / "openapi.json"

    openapi.main([str(file)])

    assert json.loads(file.read_text(encoding="utf-8")) == openapi.document()


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file it goes to stdout."""
    openapi.main([])

    assert json.loads(capsys.readouterr().out) == openapi.document()
