"""Large bodies, and the floor under each: the least that answering it can cost.

A floor parses the body with the fastest safe parser at hand, looks each item up in a dict
and joins the answer, all in one process and without a network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from lxml import etree

from contracts.model import Format
from endpoint.target import load

BODY_BYTES: Final = 9_900_000
"""Bytes of a body, less than an item short: under the limit by either reading of 10 MB."""

TOKEN: Final = load("mock").token.reveal()


class Item(msgspec.Struct, gc=False):
    """An item of the JSON bodies."""

    email: str


class Body(msgspec.Struct):
    """A JSON body, typed as tightly as msgspec can."""

    token: str
    trigger_id: int
    format: str
    matching: str
    data: list[Item]


@dataclass(frozen=True, slots=True)
class Case:
    """A large body, and the dict in which the floor looks its items up.

    Attributes:
        name: format, and whether its items find somebody, for the printed line.
        fmt: the format of the body.
        body: the request.
        known: value -> profile_id.
        items: how many the body holds.
        bar: how many times the floor the mock may take.
    """

    name: str
    fmt: Format
    body: bytes
    known: Mapping[str, str]
    items: int
    bar: float


def case(fmt: Format, *, matched: bool) -> Case:
    """A body of 9.9 MB whose items, in ascending order, all find a profile, or nobody.

    In XML the items are phones: e-mails would leave room for 180,000 items only.
    """
    if fmt == "json":
        start = f'{{"token":"{TOKEN}","trigger_id":8,"format":"json","matching":"email","data":['
        left, right, end = '{"email":"', '"},', "]}"
        value = "p{:08d}@synthetic.invalid" if matched else "n{:08d}@elsewhere.invalid"
    else:
        start = (
            f"<xml><token>{TOKEN}</token><trigger_id>8</trigger_id><format>xml</format>"
            "<matching>phone</matching>"
        )
        left, right, end = "<data><phone>", "</phone></data>", "</xml>"
        value = "+99901{:08d}" if matched else "+88801{:08d}"
    width = len(left + value.format(0) + right)
    count = (BODY_BYTES - len(start + end)) // width
    values = [value.format(number) for number in range(count)]
    text = start + left + (right + left).join(values) + right.rstrip(",") + end
    others = values if matched else [f"somebody-{number}" for number in range(count)]
    known = {one: f"5ca1ab1e00000000{number:08d}" for number, one in enumerate(others)}
    name = f"{fmt.upper()}, {'all' if matched else 'none'} matched"
    return Case(name, fmt, text.encode(), known, count, 1.5 if fmt == "json" else 2.0)


def floor_json(one: Case) -> bytes:
    """The answer to a JSON body."""
    request = msgspec.json.decode(one.body, type=Body)
    known = one.known
    ids = [known[item.email] for item in request.data if item.email in known]
    head = b'{"error":0,"error_text":"Successful operation","result":['
    if not ids:
        return head + b"]}"
    return head + ('{"profile_id":"' + '"},{"profile_id":"'.join(ids) + '"}]}').encode()


def floor_xml(one: Case) -> bytes:
    """The answer to an XML body."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False
    )
    root = etree.fromstring(one.body, parser)
    known = one.known
    items = root.iter("phone")
    ids = [known[text] for item in items if (text := item.text or "") in known]
    head = b"<xml><error>0</error><error_text>Successful operation</error_text>"
    if not ids:
        return head + b"</xml>"
    left, right = "<result><profile_id>", "</profile_id></result>"
    return head + (left + (right + left).join(ids) + right + "</xml>").encode()


FLOORS: Final[Mapping[Format, Callable[[Case], bytes]]] = {"json": floor_json, "xml": floor_xml}
