"""Small HTTP for the mock's tests: requests as bytes, answers as read by other code."""

import http.client
import json
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from contracts.model import PATH
from endpoint.mock import Running
from endpoint.target import Profile, PushSubscription, load

TARGET: Final = replace(
    load("mock"),
    trigger_id=8,
    field_name="Custom_ID",
    body_limit_bytes=30_000,
    profiles=(
        Profile(
            "aaaaaaaaaaaaaaaaaaaaaaa1",
            email="one@example.com",
            phones=("+71", "+72"),
            custom="003",
            email_subs=("one.a@example.com", "one.b@example.com"),
            phone_subs=("+73", "+74"),
            push_subs=(PushSubscription("ios-apns", "d1"), PushSubscription("ios-apns", "d2")),
            custom_subs=("c1", "c2"),
        ),
        Profile(
            "aaaaaaaaaaaaaaaaaaaaaaa2",
            email="two@example.com",
            phones=("+75",),
            custom=3,
            push_subs=(PushSubscription("android-huawei", "d1"),),
            custom_subs=(2**53 + 1,),
        ),
        Profile("aaaaaaaaaaaaaaaaaaaaaaa3", custom=2**53 + 1, custom_subs=(2**53,)),
    ),
)
"""A limit of 30,000 bytes, and three profiles: what a reader can hold in mind."""

TOKEN: Final = TARGET.token.reveal()
JSON: Final = {"Content-Type": "application/json"}
XML: Final = {"Content-Type": "application/xml"}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        return cast("dict[str, object]", json.loads(self.body))

    @property
    def xml(self) -> list[tuple[str, str]]:
        """The elements below the root: name and text; of a result, its profile's."""
        root = ET.fromstring(self.body)  # noqa: S314 - our own mock's answer
        assert root.tag == "xml"
        return [(child.tag, "".join(child.itertext())) for child in root]

    @property
    def found(self) -> list[str]:
        """The last character of each identifier in result: 1, 2 and 3 in TARGET."""
        if self.body.startswith(b"<"):
            return [text[-1] for name, text in self.xml if name == "result"]
        result = cast("list[dict[str, str]]", self.json["result"])
        return [profile["profile_id"][-1] for profile in result]


def post(
    mock: Running,
    body: bytes | Iterable[bytes],
    headers: Mapping[str, str] = JSON,
    path: str = PATH,
    method: str = "POST",
) -> Said:
    """Send one request on a connection of its own; an iterable of bytes is sent in chunks."""
    address = urlsplit(mock.base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    try:
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Said(answer.status, headers, answer.read())
    finally:
        connection.close()


def raw(mock: Running, *pieces: bytes) -> bytes:
    """Send bytes as they are; all that comes until the mock closes, or is quiet for long."""
    address = urlsplit(mock.base_url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as sock:
        for piece in pieces:
            sock.sendall(piece)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65_536), b""))


def as_json(items: object, matching: str | None = "email", **more: object) -> bytes:
    """A JSON request with the token, the campaign and, for custom modes, the field."""
    params: dict[str, object] = {"token": TOKEN, "trigger_id": 8}
    if matching is not None:
        params["matching"] = matching
        if matching.startswith("custom"):
            params["field_name"] = "Custom_ID"
    return json.dumps({**params, **more, "data": items}).encode()


def as_xml(data: str, matching: str = "email", more: str = "<format>xml</format>") -> bytes:
    """The same in XML; `data` and `more` are XML already."""
    field = "<field_name>Custom_ID</field_name>" if matching.startswith("custom") else ""
    return (
        f"<xml><token>{TOKEN}</token><trigger_id>8</trigger_id><matching>{matching}</matching>"
        f"{field}{more}{data}</xml>"
    ).encode()


ONE: Final = [{"email": "one@example.com"}]
TWO_XML: Final = "<data><email>one@example.com</email></data><data><email>x@y.z</email></data>"


def padded(size: int, fmt: str) -> bytes:
    """A request of exactly this many bytes that finds profile 1."""
    if fmt == "json":
        empty = as_json(ONE, content={"text": ""})
        return as_json(ONE, content={"text": "x" * (size - len(empty))})
    more = "<format>xml</format><content><text>{}</text></content>"
    empty = as_xml(TWO_XML, more=more.format(""))
    return as_xml(TWO_XML, more=more.format("x" * (size - len(empty))))
