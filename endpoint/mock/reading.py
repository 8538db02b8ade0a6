"""What both formats have in common when a request is read."""

import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Never

from contracts.model import Format
from endpoint.mock.behaviour import Behaviour
from endpoint.mock.model import INVALID, Call, File, Refused

DATA_URL: Final = re.compile(r"data:[^,]*;base64,")


def refuse(debug: str, answer_format: Format | None = None) -> Never:
    """Refuse the request as invalid.

    Raises:
        Refused: always.
    """
    raise Refused(400, INVALID, debug, answer_format=answer_format)


def as_format(name: object) -> Format | None:
    """The answer format that a value of `format` names, if it names one."""
    if name == "xml":
        return "xml"
    return "json" if name == "json" else None


def body_format(content_type: str, start: bytes) -> Format:
    """What a body is, by its media type, else by its first character."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in {"application/xml", "text/xml"}:
        return "xml"
    if media_type == "application/json":
        return "json"
    return "xml" if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "json"


def check_media_type(call: Call, behaviour: Behaviour) -> None:
    """Refuse the media types that the policy does not take.

    Raises:
        Refused: the media type is one of them.
    """
    media_type, _, parameters = call.headers.get("content-type", "").lower().partition(";")
    if not behaviour.text_xml and media_type.strip() == "text/xml":
        refuse("unsupported media type text/xml")
    known = {"application/json", "application/xml", "text/xml"}
    if not behaviour.other_media_types and media_type.strip() not in known:
        refuse("unsupported media type")
    if not behaviour.charset and parameters.strip():
        refuse("media type with parameters")


def check_utf8(body: bytes) -> None:
    """Refuse a body that is not UTF-8.

    Raises:
        Refused: it is not.
    """
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            refuse(f"invalid UTF-8 at byte {error.start}")


SIBLINGS: Final = frozenset({"resource_id", "db_id", "timeout", "subscription_filter"})
"""Parameters that only siblings of this endpoint are documented with."""


def withheld(parameters: Iterable[str], files: Sequence[File] | None, behaviour: Behaviour) -> bool:
    """Whether a sibling's parameter or a bad file keeps the campaign from everybody.

    Raises:
        Refused: the policy refuses such a request.
    """
    sibling = not SIBLINGS.isdisjoint(parameters)
    if sibling and behaviour.siblings == "refused":
        refuse("unknown parameter")
    try:
        check_files(files, behaviour)
    except Refused:
        if behaviour.bad_files == "refused":
            raise
        return True
    return sibling and behaviour.siblings == "nobody"


def as_files(
    given: Sequence[Mapping[str, object]] | None, behaviour: Behaviour
) -> list[File] | None:
    """`attach` as File objects.

    Raises:
        Refused: one of them lacks a key, or has one that the policy does not take.
    """
    return None if given is None else [_as_file(fields, behaviour) for fields in given]


def _as_file(fields: Mapping[str, object], behaviour: Behaviour) -> File:
    if behaviour.file_keys == "documented" and fields.keys() - {"data", "name"}:
        refuse("attach: unknown key")
    data, name = fields.get("data"), fields.get("name")
    if name is None and behaviour.file_names == "optional":
        name = ""
    if not isinstance(data, str) or not isinstance(name, str):
        refuse("attach: expected File objects")
    return File(data, name)


def check_files(files: Sequence[File] | None, behaviour: Behaviour) -> None:
    """Refuse File objects whose data is not a data URL in base64.

    Raises:
        Refused: one of them is not.
    """
    if behaviour.base64 == "any":
        return
    for at, file in enumerate(files or ()):
        head = DATA_URL.match(file.data)
        if head is None:
            refuse(f"attach[{at}].data: not a data URL")
        try:
            binascii.a2b_base64(file.data[head.end() :], strict_mode=True)
        except ValueError:
            refuse(f"attach[{at}].data: illegal base64 data")
