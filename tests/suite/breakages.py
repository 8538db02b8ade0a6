"""The documentation's examples as values, and each way to break one in one place."""

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from contracts import examples, wire
from contracts.model import JsonValue

GONE: Final = object()
"""Put in place of a value: the key is taken away."""

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Breakage:
    """One change that makes a value break its schema.

    Attributes:
        steps: where the change is made.
        value: what stands there afterwards.
        path: where the error is reported.
        plain: whether JSON Schema by itself sees it, without our integers and our format.
    """

    steps: Steps
    value: object
    path: str
    plain: bool = True

    def __str__(self) -> str:
        """The name of the cell: `trigger_id="8"`."""
        place = ".".join(map(str, self.steps))
        return f"{place} gone" if self.value is GONE else f"{place}={json.dumps(self.value)}"

    def of(self, value: JsonValue) -> JsonValue:
        """A copy of the value with the change in it."""
        broken = copy.deepcopy(value)
        inner: dict[str | int, object] = cast("dict[str | int, object]", broken)
        for step in self.steps[:-1]:
            inner = cast("dict[str | int, object]", inner[step])
        inner[self.steps[-1]] = self.value
        if self.value is GONE:
            del inner[self.steps[-1]]
        return broken


def _at(path: str, values: Sequence[object], *, plain: bool = True) -> tuple[Breakage, ...]:
    """Wrong values at a path of plain keys, reported there."""
    return tuple(Breakage(_steps(path), value, _shown(path), plain) for value in values)


def _without(path: str) -> Breakage:
    """A key taken away, reported at the object that lacks it."""
    return Breakage(_steps(path), GONE, _shown(path.rpartition(".")[0]) or "(root)")


def _steps(path: str) -> Steps:
    return tuple(int(part) if part.isdecimal() else part for part in path.split("."))


def _shown(path: str) -> str:
    """`data.1.email` as a message writes it: `data[1].email`."""
    return "".join(f"[{p}]" if p.isdecimal() else f".{p}" for p in path.split(".")).lstrip(".")


_FILE: Final = {"name": "a.csv", "data": "data:text/csv;base64,SEVMTE8K"}


def _file(data: str, *, plain: bool = True) -> Breakage:
    """An attached file with this as its data."""
    return Breakage(("attach",), [{**_FILE, "data": data}], "attach[0].data", plain)


_REQUEST: Final = (
    *map(_without, ("token", "trigger_id", "data")),
    *_at("token", [5, None]),
    *_at("trigger_id", ["8", 8.5, True, None]),
    *_at("trigger_id", [8.0], plain=False),
    *_at("format", ["csv", None, 1]),
    *_at("matching", ["e-mail", "EMAIL", None, 1]),
    *_at("skip_triggers", ["false", 0, None]),
    *_at("content", [[], "H1", None]),
    *_at("custom_data", [[], "field", None]),
    *_at("field_name", [5, None]),
    *_at("attach", [{}, _FILE, None]),
    *_at("data", [{}, "profile1@example.com", None]),
    *_at("data.1", ["profile1@example.com", None, []]),
    *_at("data.1.phone", [79000000000]),
    Breakage(("attach",), [_FILE, {"name": "a.csv"}], "attach[1]"),
    Breakage(("attach",), [{"data": _FILE["data"]}], "attach[0]"),
    Breakage(("attach",), [{**_FILE, "name": 5}], "attach[0].name"),
    _file("SEVMTE8K"),
    _file("data:;base64,SEVMTE8K"),
    _file("data:text/csv;base64,HELLO!!!"),
    _file("data:text/csv;base64,SEVMTE8", plain=False),
    _file("data:text/csv;base64,SEVMTE8K\n", plain=False),
)

BREAKAGES: Final[Mapping[str, tuple[Breakage, ...]]] = {
    "request-email": (
        *_REQUEST,
        _without("data.1.email"),
        *_at("data.1.email", [5, None]),
    ),
    "request-custom": (
        *_REQUEST,
        _without("field_name"),
        _without("data.1.field_value"),
        *_at("data.1.field_value", [3.5, True, None, ["003"]]),
        *_at("data.1.field_value", [3.0], plain=False),
    ),
    "answer-success": (
        _without("error"),
        _without("error_text"),
        _without("result.1.profile_id"),
        *_at("error", [400, "0", 0.5, False, None]),
        *_at("error", [0.0], plain=False),
        *_at("error_text", [5, None]),
        *_at("result", [{}, "6606e08f10bcdd88297057a7"]),
        *_at("result.1", ["6606e08f10bcdd88297057a7", None]),
        *_at("result.1.profile_id", [5, None]),
    ),
    "answer-error": (
        _without("error"),
        _without("error_text"),
        *_at("error", [0, "400", 400.5, True, None]),
        *_at("error", [400.0], plain=False),
        *_at("error_text", [5, None]),
        *_at("error_debug", [5]),
    ),
}
"""By the name of the example that they are made in."""

_FROM_TEXT: Final[Mapping[str, Callable[[str], JsonValue]]] = {
    "trigger_id": int,
    "skip_triggers": {"true": True, "false": False}.__getitem__,
}


def value_of(example: examples.Example) -> JsonValue:
    """What an example says, an XML request's texts turned into the documented types."""
    if example.kind != "request":
        return wire.decode_answer(example.body, example.format)
    request = cast("Mapping[str, JsonValue]", wire.decode(example.body, example.format))
    if example.format == "json":
        return request
    return {
        name: _FROM_TEXT[name](cast("str", value)) if name in _FROM_TEXT else value
        for name, value in request.items()
    }
