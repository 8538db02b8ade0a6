"""Defects of characters beyond ASCII: spelling.utf-8."""

from collections.abc import Callable
from typing import Final

from contracts.matching import Place
from contracts.model import Format
from endpoint.mock.behaviour import Seams, Stored
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Call, Request, Settings, Value


def _cut_in_pieces(fmt: Format, size: int) -> Seams:
    """Bodies are decoded in pieces: a character that lies across a cut becomes two of another."""

    def body(call: Call, body: bytes) -> bytes:
        if call.format != fmt:
            return body
        pieces = (bytes(body[at : at + size]) for at in range(0, len(body), size))
        return b"".join(piece.decode("utf-8", "replace").encode() for piece in pieces)

    return Seams(body=body)


def _stored(bent: Callable[[str], str]) -> Seams:
    """Values are kept bent, and searched as they came."""

    def plain(value: Stored) -> Stored:
        if isinstance(value, tuple):
            return bent(value[0]), bent(value[1])
        return bent(value) if isinstance(value, str) else value

    def kept(_: str, __: Place, values: tuple[Stored, ...]) -> tuple[Stored, ...]:
        return tuple(plain(value) for value in values)

    return Seams(stored=kept)


def _compared(bent: Callable[[str], str]) -> Seams:
    """Values arrive bent, in profiles and requests alike."""

    def compared(_: str, value: Value) -> Value:
        return bent(value) if isinstance(value, str) else value

    return Seams(key=compared)


def _beyond_bmp_lost(value: str) -> str:
    return "".join(char for char in value if ord(char) < 0x10000)


def _question_marks(value: str) -> str:
    return value.encode("cp1251", "replace").decode("cp1251")


def _ascii_only(value: str) -> str:
    return value.encode("ascii", "replace").decode("ascii")


def _mojibake(call: Call, request: Request, _: Settings) -> Request:
    """XML is read as Latin-1."""
    if call.format == "xml" and request.items is not None:
        for key, column in request.items.columns.items():
            request.items.columns[key] = [
                value.encode().decode("latin-1") if isinstance(value, str) else value
                for value in column
            ]
    return request


DEFECTS: Final = (
    Defect(
        "four-bytes-lost",
        "spelling.utf-8",
        "Characters of four bytes are dropped, as an old database does.",
        _stored(_beyond_bmp_lost),
    ),
    Defect(
        "question-marks",
        "spelling.utf-8",
        "Characters beyond Windows-1251 become question marks.",
        _stored(_question_marks),
    ),
    Defect(
        "ascii-only",
        "spelling.utf-8",
        "Characters beyond ASCII become question marks.",
        _compared(_ascii_only),
    ),
    Defect(
        "pieces-of-4-kib",
        "spelling.utf-8",
        "JSON is decoded in pieces of 4 KiB, whose last character may be cut.",
        _cut_in_pieces("json", 4_096),
    ),
    Defect(
        "xml-latin-1",
        "spelling.utf-8",
        "XML is read as Latin-1.",
        Seams(request=_mojibake),
    ),
)
