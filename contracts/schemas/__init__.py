"""The schemas: four written by hand, and the request schemas that the table of modes gives.

`python -m contracts.schemas` writes the latter beside the former. Each refers to the others
by relative `$ref`; their `$id`s lie under a host that cannot exist, so that a tool that would
fetch one fails instead.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias, cast

from contracts.matching import DEFAULT_MODE, MODES, Mode
from contracts.model import JsonValue

Schema: TypeAlias = Mapping[str, JsonValue]

FOLDER: Final = Path(__file__).parent
BASE: Final = "https://start-batch.invalid/schemas/"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PARAMETERS: Final = {"$ref": "definitions.json#/$defs/parameters"}


@cache
def load() -> Mapping[str, Schema]:
    """All schemas by file name, as they lie on disk."""
    return {
        path.name: cast("Schema", json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(FOLDER.glob("*.json"))
    }


def for_mode(mode: Mode) -> str:
    """The file name of the schema of requests with this matching mode."""
    return f"request-{mode.name}.json"


def generated() -> Iterator[tuple[str, Schema]]:
    """The schemas that follow from the table of modes: (file name, schema)."""
    yield "request.json", _root()
    for mode in MODES.values():
        yield for_mode(mode), _request(mode)


def text(schema: Schema) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _root() -> Schema:
    """Any request: `matching` says which of the mode schemas holds, by default that of email.

    Branches by if/then rather than oneOf, so that an error speaks of the mode that was
    asked for and not of the ten others.
    """
    return {
        "$schema": DIALECT,
        "$id": BASE + "request.json",
        "$comment": "Written by python -m contracts.schemas from the table of matching modes.",
        "title": "Request",
        "type": "object",
        "properties": {"matching": {"enum": list(MODES)}},
        "allOf": [
            {"if": _asks_for(mode), "then": {"$ref": for_mode(mode)}} for mode in MODES.values()
        ],
        "x-clauses": ["parameters.matching-values", "matching.default"],
    }


def _asks_for(mode: Mode) -> Schema:
    chosen: Schema = {"properties": {"matching": {"const": mode.name}}}
    return chosen if mode is DEFAULT_MODE else {**chosen, "required": ["matching"]}


def _request(mode: Mode) -> Schema:
    """A request with this mode: its items hold the keys of one of the mode's searches."""
    matching: Schema = {"type": "string", "const": mode.name}
    required = ["matching"]
    if mode is DEFAULT_MODE:
        matching = {**matching, "default": mode.name}
        required = []
    if mode.field_name:
        required.append("field_name")
    return {
        "$schema": DIALECT,
        "$id": BASE + for_mode(mode),
        "$comment": "Written by python -m contracts.schemas from the table of matching modes.",
        "title": f"Request, matching {mode.name}",
        "type": "object",
        "allOf": [_PARAMETERS],
        "properties": {"matching": matching, "data": {"items": _item(mode)}},
        "required": required,
        "xml": {"name": "xml"},
        "x-clauses": [f"matching.{mode.name}"],
    }


def _item(mode: Mode) -> Schema:
    keys = list(dict.fromkeys(search.keys for search in mode.searches))
    one_of_them: list[Schema] = [{"required": list(names)} for names in keys]
    return one_of_them[0] if len(one_of_them) == 1 else {"anyOf": one_of_them}
