"""Whom a load run asks for: files of known profiles, and bodies that take turns."""

import json
from pathlib import Path

import pytest

from contracts.wire import decode
from endpoint import target as targets
from loadtests import bodies
from loadtests.bodies import Body, NothingToSend, Tags
from loadtests.pool import FilePool, PoolError, SyntheticPool
from loadtests.scenarios import Requests

IDS = [f"6606e08f10bcdd88297{number:05x}" for number in range(5)]

SYNTHETIC = SyntheticPool(
    1_000,
    "5eed000000000000NNNNNNNN",
    {"email": "NNNNNNNN@synthetic.invalid", "email_subs": "NNNNNNNN@sub.invalid"},
)


def csv(folder: Path) -> Path:
    """A pool of five profiles as CSV."""
    rows = [f"{one},load-{at}@example.com" for at, one in enumerate(IDS)]
    path = folder / "pool.csv"
    path.write_text("\n".join(["profile_id,email", *rows]), encoding="utf-8")
    return path


def lines(folder: Path) -> Path:
    """The same as JSON Lines, with an empty line."""
    rows = [
        json.dumps({"profile_id": one, "email": f"load-{at}@example.com"})
        for at, one in enumerate(IDS)
    ]
    path = folder / "pool.jsonl"
    path.write_text("\n\n".join(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("write", [csv, lines])
def test_a_pool_file_gives_its_profiles_in_order(tmp_path: Path, write: object) -> None:
    """CSV and JSON Lines alike: an item and a profile a line."""
    assert callable(write)
    people = FilePool(write(tmp_path)).people("email", 3)

    assert list(people.ids) == IDS[:3]
    assert people.item(1) == {"email": "load-1@example.com"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pool.jsonl", '{"profile_id": "x"', "line 1: not JSON"),
        ("pool.jsonl", "[]", "line 1: expected an object"),
        ("pool.csv", 'profile_id,email\n"x', "not CSV"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    """The message says which line, and what is wrong with it."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PoolError, match=said):
        FilePool(path).people("email", 1)


def built(kind: Requests, tags: Tags = bodies.ALL_TAGS) -> tuple[Body, ...]:
    """The bodies of one kind of requests, for profiles of the mock."""
    return bodies.build([kind], SYNTHETIC, targets.load("mock"), tags).each


def test_bodies_that_take_turns_ask_for_different_profiles() -> None:
    """With turns, bodies of one name find each other profiles, and share its weight."""
    kind = Requests(items=(10,), formats=("json", "xml"), turns=3)

    found = bodies.build([kind], SYNTHETIC, targets.load("mock"))

    expected = [tuple(one.expected) for one in found.each if one.format == "json"]
    assert len({one for ids in expected for one in ids}) == 30
    assert {body.name for body in found.each} == {"json email x10", "xml email x10"}
    assert found.weights == pytest.approx([1 / 3] * 6)


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_a_later_turn_holds_the_values_of_its_profiles(fmt: str) -> None:
    """What a body asks for is what it expects to find."""
    kind = Requests(items=(2,), formats=("json", "xml"), turns=2)

    body = [one for one in built(kind) if one.format == fmt][1]

    params = decode(body.payload, body.format)
    assert isinstance(params, dict)
    assert params["data"] == [
        {"email": "00000002@synthetic.invalid"},
        {"email": "00000003@synthetic.invalid"},
    ]
    assert list(body.expected) == ["5eed00000000000000000002", "5eed00000000000000000003"]


def test_a_pool_that_is_too_small_takes_fewer_turns() -> None:
    """No body is made of nobody."""
    assert len(built(Requests(items=(600,), formats=("json",), turns=5))) == 2


def test_tags_that_admit_nothing_are_told() -> None:
    """A tag that no request has is a mistake, not an empty run."""
    with pytest.raises(NothingToSend, match="these tags"):
        built(Requests(items=(1,)), Tags(frozenset({"yaml"})))
