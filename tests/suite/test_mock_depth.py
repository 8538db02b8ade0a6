"""The mock on values nested beyond any stack: answered at once, and nothing grows."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from endpoint.mock import Running, running
from tests.suite.mocking import JSON, ONE, TARGET, TWO_XML, XML, Said, as_json, as_xml, post

DEPTH = 100_000
"""Levels, one in another."""

GROWTH = 8 << 20
"""Bytes that an allocator may keep for itself, whatever it was asked for."""

XML_MORE = "<format>xml</format>{}"
IN_JSON = {
    "content": as_json(ONE, content="@"),
    "custom_data": as_json(ONE, custom_data={"field": "@"}),
    "an unknown parameter": as_json(ONE, unknown="@"),
    "attach": as_json(ONE, attach=["@"]),
    "an item's custom_data": as_json([{**ONE[0], "custom_data": "@"}]),
    "an item's unknown key": as_json([{**ONE[0], "unknown": "@"}]),
    "an item": as_json([*ONE, "@"]),
}
IN_XML = {
    "content": as_xml(TWO_XML, more=XML_MORE.format("<content><H1>@</H1></content>")),
    "an unknown parameter": as_xml(TWO_XML, more=XML_MORE.format("<unknown>@</unknown>")),
    "an item": as_xml(TWO_XML + "<data><email>@</email></data>"),
}
"""Where the deep value stands -> a request with a mark at that place."""

NESTED = {"objects": (b'{"a":', b"}"), "arrays": (b"[", b"]")}


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """A faithful mock that takes bodies of 10 MB."""
    with running(replace(TARGET, body_limit_bytes=None)) as started:
        yield started


def _in_json(mock: Running, place: str, kind: str, closed: int) -> Said:
    opening, closing = NESTED[kind]
    value = opening * DEPTH + b"1" + closing * closed
    return post(mock, IN_JSON[place].replace(b'"@"', value), JSON)


def _in_xml(mock: Running, place: str, closed: int) -> Said:
    return post(mock, IN_XML[place].replace(b"@", b"<a>" * DEPTH + b"</a>" * closed), XML)


@pytest.mark.parametrize("closed", [DEPTH, 0], ids=["closed", "open"])
@pytest.mark.parametrize("kind", NESTED)
@pytest.mark.parametrize("place", IN_JSON)
def test_deep_json_is_refused(mock: Running, place: str, kind: str, closed: int) -> None:
    """Objects or arrays of a hundred thousand levels are refused in the documented shape."""
    assert _in_json(mock, place, kind, closed).json["error"] == 400


@pytest.mark.parametrize("closed", [DEPTH, 0], ids=["closed", "open"])
@pytest.mark.parametrize("place", IN_XML)
def test_deep_xml_is_refused(mock: Running, place: str, closed: int) -> None:
    """So are elements."""
    assert _in_xml(mock, place, closed).xml[0] == ("error", "400")


def test_deep_json_text_in_xml_is_refused(mock: Running) -> None:
    """So is a deep object as text in XML's content."""
    value = '{"a":' * DEPTH + "1" + "}" * DEPTH
    body = as_xml(TWO_XML, more=XML_MORE.format(f"<content>{value}</content>"))

    assert post(mock, body, XML).xml[0] == ("error", "400")


def test_the_next_request_is_served(mock: Running) -> None:
    """After a deep value an ordinary request is served."""
    _in_json(mock, "content", "objects", DEPTH)

    assert post(mock, as_json(ONE)).found == ["1"]


def test_deep_values_leave_nothing_behind(mock: Running) -> None:
    """After twenty more deep values, server and worker are as large as after the first."""
    for _ in range(5):
        _in_json(mock, "content", "objects", DEPTH)
        _in_xml(mock, "content", DEPTH)
    before = _resident(mock)

    for _ in range(10):
        _in_json(mock, "content", "objects", DEPTH)
        _in_xml(mock, "content", DEPTH)

    assert _resident(mock) - before < GROWTH


def _resident(mock: Running) -> int:
    """Bytes in memory, of the mock's process and its worker."""
    children = Path(f"/proc/{mock.pid}/task/{mock.pid}/children")
    if not children.exists():
        pytest.skip("this system does not tell how large a process is")
    pages = sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        for pid in (str(mock.pid), *children.read_text().split())
    )
    return pages * 4096
