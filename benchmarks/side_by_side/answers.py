"""What Schemathesis is told about this platform; used by hooks.py, in Schemathesis' environment.

Standard library only: that environment has nothing of ours.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping


def from_xml(body: bytes) -> dict[str, object]:
    """An XML answer as the values that the JSON one would hold.

    Raises:
        ValueError: it is not XML, or its root is not `xml`.
    """
    try:
        root = ET.fromstring(body)  # noqa: S314 - the mock's own answers
    except ET.ParseError as error:
        raise ValueError(f"not XML: {error}") from error
    if root.tag != "xml":
        raise ValueError(f"the root is {root.tag}")
    answer = {part.tag: _value(part) for part in root if part.tag != "result"}
    found = [{value.tag: value.text or "" for value in part} for part in root.findall("result")]
    # An empty element may stand for an empty list.
    return answer | ({"result": [one for one in found if one]} if found else {})


def _value(element: ET.Element) -> object:
    """`error` is a number, where it can be read as one; all else is text."""
    text = element.text or ""
    return int(text) if element.tag == "error" and text.strip().isdecimal() else text


def status(given: int, body: bytes) -> int | None:
    """The HTTP status that an answer's `error` stands for; None where it changes nothing.

    The platform answers errors with HTTP 200, or with a 4xx, and says in the body what they are.
    """
    try:
        answer: object = from_xml(body) if body.lstrip().startswith(b"<") else json.loads(body)
    except ValueError:
        return None
    error = answer.get("error") if isinstance(answer, Mapping) else None
    told = isinstance(error, int) and 400 <= error <= 599
    return error if told and (given == 200 or 400 <= given < 500) else None


def refused(request: object, token: str) -> bool:
    """Whether a request must be refused, by any reading of the documentation."""
    if not isinstance(request, Mapping):
        return False
    given = request.get("token", "")
    return (isinstance(given, str) and given.strip() != token) or not {
        "trigger_id",
        "data",
    } <= set(request)
