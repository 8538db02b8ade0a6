"""How Schemathesis is run: as its own pages advise, in two settings.

Its page on benchmarks asks for no shrinking, no health checks and several runs with different
seeds (`--seed`). Its budget is a number of examples: this suite's is one, too, and a budget of
time would measure how busy the machine is. All phases run, with valid and with invalid data;
there are no links, so nothing is stateful.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from contracts import openapi
from contracts.matching import MODES
from contracts.model import JsonValue
from endpoint.target import Target
from tests.asking.oracle import Oracle

Name = Literal["all checks", "best settings"]

NAMES: Final[tuple[Name, ...]] = get_args(Name)

EXCLUDED: Final[Mapping[str, str]] = {
    "negative_data_rejection": "a schema cannot say which invalid requests must be refused: the "
    "documentation leaves open what answers an item without its mode's key, a null, or an unknown "
    "format; what it does promise is the check required_parameters of hooks.py",
    "positive_data_acceptance": "what is valid by its schema may be refused: an empty list cannot "
    "be written in XML, an empty batch is open, base64 is more than a pattern; the examples, "
    "which find profiles, are held to it",
}
"""Checks that accuse the conforming mock, each with the reason why it is right nonetheless."""

HOOKS: Final = "benchmarks.side_by_side.hooks"

LIKELY: Final = 0.5
"""How many of the values that Schemathesis draws are known ones."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One way to run Schemathesis.

    Attributes:
        name: `all checks` is what its defaults hold an answer to; `best settings` adds hooks.py
            and leaves out what accuses the conforming mock.
        examples: how many its fuzzing draws; its examples and its coverage add
            some 3,600 requests to them.
        seed: of what it draws.
    """

    name: Name
    examples: int
    seed: int


def files(target: Target, settings: Settings) -> Mapping[str, str]:
    """The files of its folder: name -> text."""
    known = known_of(target)
    return {
        "openapi.json": json.dumps(openapi.document(known)),
        "schemathesis.toml": configuration(known, settings),
    }


def known_of(target: Target) -> openapi.Known:
    """What a target file tells, in plain data."""
    oracle = Oracle(target.profiles)
    items = {mode: [one.item for one in oracle.identifiers(mode)] for mode in MODES}
    return openapi.Known(
        target.token.reveal(),
        target.trigger_id,
        target.field_name,
        {mode: found for mode, found in items.items() if found},
    )


def configuration(known: openapi.Known, settings: Settings) -> str:
    """The text of its schemathesis.toml: TOML writes these values as JSON does."""
    values = known.values()
    lines = [
        *_entries({"seed": settings.seed, "max-failures": 1, "suppress-health-check": ["all"]}),
        *(_entries({"hooks": HOOKS}) if settings.name == "best settings" else ()),
        *_table(
            "generation", {"mode": "all", "max-examples": settings.examples, "no-shrink": True}
        ),
    ]
    for key, held in values.items():
        lines += _table(f"dictionaries.{key}", {"values": held})
    lines += ["[parameters]"]
    lines += [
        f'"body.data[*].{key}" = {{ dictionary = "{key}", probability = {LIKELY} }}'
        for key in values
    ]
    if settings.name == "best settings":
        for check, reason in EXCLUDED.items():
            lines += [f"# {reason}", *_table(f"checks.{check}", {"enabled": False})]
        lines += _table(
            "phases.examples.checks.positive_data_acceptance",
            {"enabled": True, "expected-statuses": ["2xx"]},
        )
    return "\n".join(lines) + "\n"


def _table(name: str, entries: Mapping[str, JsonValue]) -> Sequence[str]:
    return [f"[{name}]", *_entries(entries)]


def _entries(entries: Mapping[str, JsonValue]) -> Sequence[str]:
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items()]
