"""Schemas -> validators: what is wrong with a value, and where; and the same at a body's size.

`jsonschema` is the reference. `jsonschema-rs` answers yes or no for megabytes; a property test
holds the two equal. Both depart from JSON Schema in one point: 400.0 is no integer here. The
documentation says int, and its readers decode into integer types that refuse a decimal point.
Nothing is ever fetched.
"""

import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias, cast

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker, TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from contracts import schemas
from contracts.model import JsonValue, is_list

SchemaName = Literal["request", "success-answer", "error-answer", "file-object"]

_SHOWN: Final = 60
"""Most characters of a wrong value that a message shows."""


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One thing that is wrong with a value.

    Attributes:
        path: where, like `result[3].profile_id`; `(root)` for the value itself.
        message: what was expected there, and what stands there instead.
    """

    path: str
    message: str

    def __str__(self) -> str:
        """Both, as a line of a report."""
        return f"{self.path}: {self.message}"


def errors(value: JsonValue, schema: SchemaName) -> list[SchemaError]:
    """What keeps a value from being what the schema says; empty if nothing does.

    Sorted by path; each place and message stands there once. The value of `token` is never
    shown, nor are those of a whole object. Takes seconds for 250,000 items: ask
    `is_valid_fast` first.
    """
    found = sorted(_reference(schema).iter_errors(value), key=_by_path)
    return list(dict.fromkeys(SchemaError(_path(error.path), _message(error)) for error in found))


def is_valid(value: JsonValue, schema: SchemaName) -> bool:
    """Whether a value is what the schema says, by the reference validator."""
    return _reference(schema).is_valid(value)


def is_valid_fast(value: JsonValue, schema: SchemaName) -> bool:
    """The same for values of megabytes: dict, list and scalars, as a decoder gives them."""
    return _fast(schema).is_valid(value)


# ---------------------------------------------------------------- what both check alike


def _is_base64_data_url(value: object) -> bool:
    """Whether what follows the comma is base64 to the last character.

    The schema's `pattern` tells generic tools as much as a pattern can; that digits come in
    fours, and that Python's `$` forgives a line feed, are beyond it.
    """
    if not isinstance(value, str):
        return True
    _, _, payload = value.partition(",")
    try:
        binascii.a2b_base64(payload, strict_mode=True)
    except ValueError:
        return False
    return True


_FORMATS: Final = {"base64-data-url": _is_base64_data_url}


# ---------------------------------------------------------------- the reference


def _is_array(_: TypeChecker, value: object) -> bool:
    return is_list(value)


def _is_object(_: TypeChecker, value: object) -> bool:
    return isinstance(value, Mapping)


def _is_integer(_: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Final = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"array": _is_array, "object": _is_object, "integer": _is_integer}
    ),
)


@cache
def _reference(schema: SchemaName) -> Draft202012Validator:
    # A document that names its dialect would be handed to the dialect's own class, which
    # holds 400.0 for an integer.
    registry: Registry[schemas.Schema] = Registry().with_resources(
        (
            f"{schemas.BASE}{name}",
            DRAFT202012.create_resource(
                {key: document[key] for key in document if key != "$schema"}
            ),
        )
        for name, document in schemas.load().items()
    )
    formats = FormatChecker(formats=())
    for name, check in _FORMATS.items():
        formats.checks(name)(check)
    root = {"$ref": f"{schemas.BASE}{schema}.json"}
    validator = _Validator(root, registry=registry, format_checker=formats)
    return cast("Draft202012Validator", validator)


# ---------------------------------------------------------------- the fast one

_NO_FLOAT: Final = "x-no-float"


class _NoFloat:
    """The keyword that is added wherever a schema says integer: a float is none."""

    def __init__(self, parent: object, value: object, path: object) -> None:
        pass

    def validate(self, instance: object) -> None:
        if isinstance(instance, float):
            raise ValueError("a float is no integer")  # noqa: TRY004 - the library's protocol


def _without_floats(schema: JsonValue) -> JsonValue:
    """The schema with the keyword beside each `integer`.

    A choice of types becomes a choice of schemas, so that the Python behind the keyword is
    asked about numbers only, not about 250,000 strings in `field_value`.
    """
    if isinstance(schema, Mapping):
        inner = {key: _without_floats(part) for key, part in schema.items()}
        if inner.get("type") == "integer":
            return {**inner, _NO_FLOAT: True}
        if isinstance(inner.get("type"), list) and "integer" in cast("list[str]", inner["type"]):
            types = cast("list[str]", inner.pop("type"))
            return {**inner, "anyOf": [_without_floats({"type": name}) for name in types]}
        return inner
    if isinstance(schema, list):
        return [_without_floats(part) for part in schema]
    return schema


@cache
def _fast(schema: SchemaName) -> jsonschema_rs.Draft202012Validator:
    registry = jsonschema_rs.Registry(
        [
            (f"{schemas.BASE}{name}", cast("dict[str, object]", _without_floats(document)))
            for name, document in schemas.load().items()
        ]
    )
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"{schemas.BASE}{schema}.json"},
        registry=registry,
        formats=_FORMATS,
        validate_formats=True,
        keywords={_NO_FLOAT: _NoFloat},
        offline=True,
    )


# ---------------------------------------------------------------- messages

_Expectation: TypeAlias = Callable[[ValidationError], str]

_TYPES: Final = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}


def _types(error: ValidationError) -> str:
    value = error.validator_value
    names = [value] if isinstance(value, str) else cast("list[str]", value)
    return " or ".join(_TYPES[name] for name in names)


def _missing(error: ValidationError) -> str:
    """The keys that are missing, at once: jsonschema gives one error for each."""
    required = cast("list[str]", error.validator_value)
    names = [name for name in required if name not in cast("Mapping[str, object]", error.instance)]
    return ("the key " if len(names) == 1 else "the keys ") + ", ".join(names)


_EXPECTED: Final[Mapping[str, _Expectation]] = {
    "type": _types,
    "required": _missing,
    "const": lambda error: _json(error.validator_value),
    "enum": lambda error: (
        "one of " + ", ".join(map(_json, cast("list[str]", error.validator_value)))
    ),
    "not": lambda error: (
        "anything but " + _json(cast("schemas.Schema", error.validator_value)["const"])
    ),
    "anyOf": lambda error: " or ".join(map(_expected, error.context or ())),
    "pattern": lambda _: "a data URL, data:<media type>;base64,<content>",
    "format": lambda _: "base64 after the comma of the data URL",
}
"""What each keyword of our schemas demands, as the object of "expected"."""


def _expected(error: ValidationError) -> str:
    return _EXPECTED[str(error.validator)](error)


def _message(error: ValidationError) -> str:
    """One line; of a token, or of what may be a request in one piece, only the type."""
    got = error.instance
    hidden = "token" in error.path or not (error.path or isinstance(got, Mapping))
    shown = f"a value of type {type(got).__name__}" if hidden else _got(got)
    return f"expected {_expected(error)}, got {shown}"


def _got(value: object) -> str:
    match value:
        case Mapping():
            return "an object with " + (_clipped(", ".join(map(str, value))) or "no key")
        case Sequence() if not isinstance(value, str):
            return f"an array of {len(value)}"
        case _:
            return _json(value)


def _json(value: object) -> str:
    return _clipped(json.dumps(value, ensure_ascii=False, default=repr))


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def _by_path(error: ValidationError) -> list[tuple[int, str]]:
    """An order that puts `data[2]` before `data[10]`."""
    return [(part, "") if isinstance(part, int) else (-1, part) for part in error.path]


def _path(parts: Iterable[str | int]) -> str:
    """`result[3].profile_id` from its parts."""
    return "".join(_steps(parts)).removeprefix(".") or "(root)"


def _steps(parts: Iterable[str | int]) -> Iterator[str]:
    for part in parts:
        yield f"[{part}]" if isinstance(part, int) else f".{part}"
