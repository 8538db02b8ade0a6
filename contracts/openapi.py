"""The contract as an OpenAPI 3.1 document: `python -m contracts.openapi [FILE]`.

Everything in it comes from the schemas, the clauses and the page's examples; what is added
here is OpenAPI's own: the operation, its media types and the bundling of the schemas under
`components`, where generic tools look for them. Given what is `Known` of one target, the document
is about that target: for tools that make requests out of a document.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, cast

from contracts import clauses, examples, schemas
from contracts.matching import MODES
from contracts.model import FORMATS, PATH, REQUEST_MEDIA_TYPES, Format, Item, JsonValue

_COMPONENTS: Final = "#/components/schemas/"

_OUTSIDE_COMPONENTS: Final = {"$schema", "$id", "$comment", "$defs"}
"""Keys of a schema file that mean nothing, or something else, inside another document."""

_REQUEST_ID: Final = "dedup.fresh-id"

_PAYLOAD: Final[Mapping[str, JsonValue]] = {
    "attach": [{"name": "Attach.txt", "data": "data:text/csv;base64,SEVMTE8K"}],
    "content": {"greeting": "Hello"},
    "custom_data": {"order": 17, "lines": [{"sku": "A-1"}]},
    "skip_triggers": False,
}
"""Each optional parameter that is not about matching, once."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one target.

    Attributes:
        token: the API token, in clear: it stands in the document.
        trigger_id: an active campaign.
        field_name: the custom database field.
        items: matching mode -> items that find a profile there, at least one.
    """

    token: str
    trigger_id: int
    field_name: str
    items: Mapping[str, Sequence[Item]]

    def values(self) -> Mapping[str, Sequence[JsonValue]]:
        """Key of an item -> its known values, each once."""
        held: dict[str, dict[JsonValue, None]] = {}
        for items in self.items.values():
            for key, value in (pair for item in items for pair in item.items()):
                held.setdefault(key, {})[value] = None
        return {key: list(values) for key, values in held.items()}


def document(known: Known | None = None) -> dict[str, JsonValue]:
    """The OpenAPI document, as JSON values.

    The security requirement is empty on purpose: the documented token is a parameter of the
    body, which OpenAPI has no security scheme for.

    Args:
        known: makes it a document about one target: token, campaign and field have the one
            value that is good there, and the examples find profiles, in every mode.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Altcraft Platform: bulk trigger launch",
            "version": "v72",
            "description": "The token is a parameter of the body. "
            + _sentences("access.token-required", "limit.accepts", "limit.answer"),
        },
        "servers": [{"url": "http://example.com"}],
        "security": [],
        "paths": {PATH: {"post": _operation(known)}},
        "components": {"schemas": dict(_bundle(known))},
    }


def _operation(known: Known | None) -> JsonValue:
    return {
        "operationId": "start_batch",
        "summary": "Launch a trigger campaign for many profiles",
        "description": _sentences("endpoint.post", "batch.complete", "batch.nobody-else"),
        "parameters": [_request_id("Request-ID"), _request_id("X-Request-ID")],
        "requestBody": {"required": True, "content": _content(["request"], known)},
        "responses": {
            "200": {
                "description": _sentences("answer.http-status", "answer.error-status"),
                "content": _content(["success-answer", "error-answer"]),
            },
            "default": {
                "description": _sentences("answer.error-status"),
                "content": _content(["error-answer"]),
            },
        },
    }


def _request_id(header: str) -> JsonValue:
    return {
        "name": header,
        "in": "header",
        "required": False,
        "description": _sentences(_REQUEST_ID),
        "schema": {"type": "string"},
    }


def _content(kinds: Iterable[examples.Kind], known: Known | None = None) -> JsonValue:
    """The same kinds of value in both media types, with examples: the page's, or the known."""
    refs = [{"$ref": _COMPONENTS + kind} for kind in kinds]
    schema: JsonValue = refs[0] if len(refs) == 1 else {"oneOf": refs}
    return {
        REQUEST_MEDIA_TYPES[fmt]: {
            "schema": schema,
            "examples": dict(_known_examples(known, fmt) if known else _examples(kinds, fmt)),
        }
        for fmt in FORMATS
    }


def _examples(kinds: Iterable[examples.Kind], fmt: Format) -> Iterator[tuple[str, JsonValue]]:
    """JSON examples as values; XML ones as the text that travels."""
    for example in examples.load():
        if example.kind in kinds and example.format == fmt:
            text = example.body.decode()
            yield example.name, {"value": json.loads(text) if fmt == "json" else text}


def _known_examples(known: Known, fmt: Format) -> Iterator[tuple[str, JsonValue]]:
    """In every mode two items, and all of them, answered in either format.

    Never one alone: XML cannot say that a single element is an array. They are values in XML as
    well: tools that send them write XML by the schemas' `xml` keys, and hold an example that is
    a text against a schema that says object.
    """
    for (mode, items), answer in product(known.items.items(), FORMATS):
        request: dict[str, JsonValue] = {
            "token": known.token,
            "trigger_id": known.trigger_id,
            "format": answer,
            "matching": mode,
        }
        if MODES[mode].field_name:
            request["field_name"] = known.field_name
        name = f"{mode}-answered-in-{answer}"
        yield f"{name}-two", {"value": {**request, "data": items[:2]}}
        yield f"{name}-all", {"value": {**request, "data": items}}
        if fmt == "json":
            # In XML, it is open how objects are written.
            yield f"{name}-with-payload", {"value": {**request, **_PAYLOAD, "data": items[:2]}}


# ---------------------------------------------------------------- the schemas


def _bundle(known: Known | None) -> Iterator[tuple[str, JsonValue]]:
    """Each component: (name, schema)."""
    for name, schema in _components():
        values = _known_values(known).get(name) if known else None
        yield name, _with_values(schema, values) if values else schema


def _known_values(known: Known) -> Mapping[str, Mapping[str, JsonValue]]:
    """Component -> property -> keywords that tell its values."""
    return {
        "parameters": {
            "token": {"const": known.token},
            "trigger_id": {"const": known.trigger_id},
            "field_name": {"const": known.field_name},
        },
        "item": {key: {"examples": values} for key, values in known.values().items()},
    }


def _with_values(schema: JsonValue, values: Mapping[str, JsonValue]) -> JsonValue:
    """An object's schema with further keywords at some of its properties."""
    whole = cast("schemas.Schema", schema)
    properties = cast("Mapping[str, schemas.Schema]", whole["properties"])
    told = {
        name: {**part, **cast("schemas.Schema", values.get(name, {}))}
        for name, part in properties.items()
    }
    return {**whole, "properties": told}


def _components() -> Iterator[tuple[str, JsonValue]]:
    """Each schema file, and each shared definition, as a component: (name, schema)."""
    for file, schema in schemas.load().items():
        yield from (
            (name, _inside(part))
            for name, part in cast("schemas.Schema", schema.get("$defs", {})).items()
        )
        if file == "request.json":
            yield _name(file), _any_request()
        elif "$defs" not in schema:
            yield _name(file), _inside(schema)


def _any_request() -> JsonValue:
    """The root of the request schemas, as a choice of eleven.

    The schema file branches by if/then for the sake of its messages; documentation and code
    generators understand oneOf. The two accept the same: at most one mode's `const` holds.
    """
    return {
        "title": "Request",
        "description": _sentences("parameters.matching-values", "matching.default"),
        "oneOf": [{"$ref": _COMPONENTS + _name(schemas.for_mode(mode))} for mode in MODES.values()],
        "xml": {"name": "xml"},
    }


def _inside(value: JsonValue) -> JsonValue:
    """A schema as a component: references turned, the sentences of its clauses added."""
    if isinstance(value, list):
        return [_inside(part) for part in value]
    if not isinstance(value, Mapping):
        return value
    inner = {key: _inside(part) for key, part in value.items() if key not in _OUTSIDE_COMPONENTS}
    if isinstance(reference := inner.get("$ref"), str):
        inner["$ref"] = _COMPONENTS + _name(reference)
    if ids := cast("list[str]", inner.get("x-clauses")):
        own = cast("str", inner.get("description", ""))
        inner["description"] = f"{own} {_sentences(*ids)}".lstrip()
    return inner


def _name(reference: str) -> str:
    """The component that a file or a reference names: file-object.json, …#/$defs/item."""
    return reference.rpartition("/")[2].removesuffix(".json")


def _sentences(*ids: str) -> str:
    """What the clauses say, each with its id."""
    every = clauses.load()
    return " ".join(f"{every[name].sentence} ({name}, {every[name].status})" for name in ids)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the document to the file that is named, or to stdout."""
    parser = argparse.ArgumentParser(
        prog="python -m contracts.openapi",
        description="Write the contract as an OpenAPI 3.1 document, in JSON.",
    )
    parser.add_argument("file", nargs="?", type=Path, help="where to; stdout by default")
    file: Path | None = parser.parse_args(arguments).file
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if file:
        file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
