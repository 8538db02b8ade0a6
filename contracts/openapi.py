"""The contract as an OpenAPI 3.1 document: `python -m contracts.openapi [FILE]`.

Everything in it comes from the schemas, the clauses and the page's examples; what is added
here is OpenAPI's own: the operation, its media types and the bundling of the schemas under
`components`, where generic tools look for them.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, cast

from contracts import clauses, examples, schemas
from contracts.matching import MODES
from contracts.model import FORMATS, PATH, REQUEST_MEDIA_TYPES, Format, JsonValue

_COMPONENTS: Final = "#/components/schemas/"

_OUTSIDE_COMPONENTS: Final = {"$schema", "$id", "$comment", "$defs"}
"""Keys of a schema file that mean nothing, or something else, inside another document."""

_REQUEST_ID: Final = "dedup.fresh-id"


def document() -> dict[str, JsonValue]:
    """The OpenAPI document, as JSON values.

    The security requirement is empty on purpose: the documented token is a parameter of the
    body, which OpenAPI has no security scheme for.
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
        "paths": {PATH: {"post": _operation()}},
        "components": {"schemas": dict(_bundle())},
    }


def _operation() -> JsonValue:
    return {
        "operationId": "start_batch",
        "summary": "Launch a trigger campaign for many profiles",
        "description": _sentences("endpoint.post", "batch.complete", "batch.nobody-else"),
        "parameters": [_request_id("Request-ID"), _request_id("X-Request-ID")],
        "requestBody": {"required": True, "content": _content(["request"])},
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


def _content(kinds: Iterable[examples.Kind]) -> JsonValue:
    """The same kinds of value in both media types, with the page's examples of each."""
    refs = [{"$ref": _COMPONENTS + kind} for kind in kinds]
    schema: JsonValue = refs[0] if len(refs) == 1 else {"oneOf": refs}
    return {
        REQUEST_MEDIA_TYPES[fmt]: {"schema": schema, "examples": dict(_examples(kinds, fmt))}
        for fmt in FORMATS
    }


def _examples(kinds: Iterable[examples.Kind], fmt: Format) -> Iterator[tuple[str, JsonValue]]:
    """JSON examples as values; XML ones as the text that travels."""
    for example in examples.load():
        if example.kind in kinds and example.format == fmt:
            text = example.body.decode()
            yield example.name, {"value": json.loads(text) if fmt == "json" else text}


# ---------------------------------------------------------------- the schemas


def _bundle() -> Iterator[tuple[str, JsonValue]]:
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
