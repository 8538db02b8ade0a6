"""The report as JSON, and the JSON Schema that it keeps.

    python -m tests.reporting.data

writes the schema anew after the model has changed.
"""

import inspect
import json
import re
from collections.abc import Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.deviations.judging import State
from tests.reporting import environment, model, told, traffic
from tests.reporting.ledger import Outcome, Standing
from tests.reporting.model import Report

SCHEMA: Final = Path(__file__).with_name("report.schema.json")

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_ENUMS: Final[Mapping[tuple[str, str], list[str]]] = {
    ("Report", "verdict"): ["held", "broken", "inconclusive", "no verdict", "interrupted"],
    ("Report", "format"): [model.FORMAT],
    ("ClauseRow", "standing"): list(Standing),
    ("ClauseRow", "status"): ["documented", "elsewhere", "inferred", "open"],
    ("CaseRow", "outcome"): list(Outcome),
    ("DeviationRow", "state"): list(State),
    ("Observation", "state"): ["free", "as pinned", "drifted", "not seen"],
    ("Cell", "kind"): list(traffic.Kind),
    ("Rung", "fate"): list(traffic.Fate),
}
"""What a text can only be, by class and field."""


def written(report: Report) -> bytes:
    """The report as JSON, indented, in UTF-8."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of `written`, made of the model and of its docstrings."""
    (root,), components = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    for name, found in components.items():
        fields = found["properties"]
        found |= {"required": list(fields), "additionalProperties": False}
        found["description"] = _summary(name)
        said = _attributes(name)
        for field, kind in fields.items():
            kind.pop("default", None)
            if allowed := _ENUMS.get((name, field)):
                kind["enum"] = [str(one) for one in allowed]
            if field in said:
                kind["description"] = said[field]
    return {
        "$schema": DIALECT,
        "title": "A run of the contract suite of start_batch",
        **root,
        "$defs": components,
    }


def _class(name: str) -> type:
    for module in (model, told, traffic, environment):
        found = getattr(module, name, None)
        if inspect.isclass(found) and is_dataclass(found):
            return found
    raise LookupError(f"no module of the report has a class {name}")


def _summary(name: str) -> str:
    return (inspect.getdoc(_class(name)) or "").split("\n\n")[0].replace("\n", " ")


def _attributes(name: str) -> dict[str, str]:
    """What a class's docstring says of each of its fields."""
    _, _, listed = (inspect.getdoc(_class(name)) or "").partition("Attributes:\n")
    found = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", listed, re.MULTILINE)
    return {field: re.sub(r"\s+", " ", said) for field, said in found}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
