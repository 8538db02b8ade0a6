"""What no answer may contain: the token, a stack trace, a file of the server.

Every answer of a run is searched for the token and for stack traces (tests/asking/judge.py);
the cases here send what would make a careless server show them.
"""

from pathlib import Path

import pytest

from contracts.model import Format, JsonValue
from tests.asking.ask import Ask
from tests.asking.cells import each_format

CANARY = "canary-5d0f6c1e-not-for-anybody"

ENTITIES = {
    "file": '<!DOCTYPE xml [<!ENTITY e SYSTEM "file://{path}">]>',
    "parameter entity": '<!DOCTYPE xml [<!ENTITY % p SYSTEM "file://{path}"> %p;<!ENTITY e "x">]>',
    "passwd": '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "hosts": '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/hosts">]>',
}


@pytest.mark.clause("confidentiality.files")
@pytest.mark.parametrize("kind", ENTITIES)
@pytest.mark.parametrize("parameter", ["matching", "field_name", "trigger_id", "format"])
def test_external_entities_are_not_read(
    ask: Ask, tmp_path: Path, parameter: str, kind: str
) -> None:
    """An external entity in an XML request brings no file into the answer."""
    secret = tmp_path / "canary.txt"
    secret.write_text(CANARY)

    ask.reveals_nothing(
        ask.with_entity(ENTITIES[kind].format(path=secret), parameter),
        forbidden=(CANARY, "root:x:0", "root:*:0", "127.0.0.1\tlocalhost", "127.0.0.1 localhost"),
    )


@pytest.mark.clause("confidentiality.internals")
@pytest.mark.parametrize(
    "wrong",
    [
        {"trigger_id": "not a number"},
        {"trigger_id": 10**30},
        {"trigger_id": -1},
        {"trigger_id": 8.5},
        {"trigger_id": [8]},
        {"data": "text"},
        {"data": 5},
        {"data": {"email": "nobody@nobody.invalid"}},
        {"data": ["nobody@nobody.invalid"]},
        {"data": [{"email": ["nobody@nobody.invalid", "b"]}]},
        {"content": "text"},
        {"custom_data": ["a"]},
        {"attach": {"name": "x"}},
        {"attach": [{"name": "x", "data": "no data URL"}]},
        {"skip_triggers": "perhaps"},
        {"matching": 5},
        {"format": 5},
        {"token": 5},
        {"token": {"ne": ""}},
        {"field_name": {"ne": ""}},
    ],
    ids=repr,
)
@each_format
def test_values_of_wrong_types_show_no_internals(
    ask: Ask, fmt: Format, wrong: dict[str, JsonValue]
) -> None:
    """A value of another type than documented is answered without a stack trace or the token."""
    ask.answers_cleanly({**ask.nobody(fmt), **wrong}, fmt)


@pytest.mark.clause("confidentiality.token")
@each_format
def test_errors_do_not_repeat_the_token(ask: Ask, fmt: Format) -> None:
    """An error about a request with the right token does not show the token."""
    ask.finds_nobody(ask.valid(fmt, matching="telepathy"), fmt)
