"""Defects of the family payload that concern files: the parameter attach."""

from typing import Final

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect, refusing
from endpoint.mock.model import Request


def _files(request: Request) -> int:
    return len(request.attach or ())


DEFECTS: Final = (
    Defect(
        "attach-refused",
        "payload.attach",
        "attach with files is refused.",
        refusing(lambda _, request: _files(request) > 0, "attach is not allowed"),
    ),
    Defect(
        "attach-empty-refused",
        "payload.attach",
        "An empty attach is refused.",
        refusing(lambda _, request: request.attach == [], "attach is empty"),
    ),
    Defect(
        "attach-two-refused",
        "payload.attach",
        "More than one file is refused.",
        refusing(lambda _, request: _files(request) > 1, "attach: one file at most"),
    ),
    Defect(
        "attach-name-ascii-only",
        "payload.attach",
        "A file name beyond ASCII is refused.",
        refusing(
            lambda _, request: any(not file.name.isascii() for file in request.attach or ()),
            "attach: bad name",
        ),
    ),
    Defect(
        "attach-takes-all",
        "payload.attach",
        "Where a file is attached, nobody is named.",
        Seams(ids=lambda _, request, ids: [] if request.attach else ids),
    ),
    Defect(
        "attach-refused-in-xml",
        "payload.xml-attach",
        "In XML, attach with a file is refused in either form.",
        refusing(
            lambda call, request: call.format == "xml" and bool(request.attach),
            "attach: expected an array",
        ),
    ),
    Defect(
        "attach-ten-at-most",
        "payload.attach",
        "More than ten files are refused.",
        refusing(lambda _, request: _files(request) > 10, "attach: too many files"),
    ),
    Defect(
        "attach-of-eight-megabytes-refused",
        "payload.attach",
        "A body with files is refused from 8 MB on.",
        refusing(lambda call, request: bool(request.attach) and call.size > 8_000_000, "large"),
    ),
    Defect(
        "xml-attach-in-email-only",
        "payload.xml-attach",
        "In XML, files are taken in the default mode only.",
        refusing(
            lambda call, request: (
                call.format == "xml"
                and bool(request.attach)
                and request.matching not in {None, "email"}
            ),
            "attach: unknown parameter",
        ),
    ),
)
