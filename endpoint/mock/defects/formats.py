"""Defects of the family format."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

from typing import Final

from msgspec.structs import replace

from contracts.model import Format
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Answer, Call, Refused, Request, Settings
from endpoint.mock.reading import refuse


def _with_format(call: Call, answer: Answer, fmt: Format) -> Answer:
    return replace(answer, format=fmt)


def _json_for_xml(call: Call, body: bytes) -> bytes:
    """A less-than sign anywhere makes a body XML."""
    if call.format == "json" and b"<" in body:
        refuse("expected element <xml>")
    return body


def _json_needs_format(call: Call, request: Request, _: Settings) -> Request:
    if call.format == "json" and request.answer_format == "xml":
        raise Refused(400, "Invalid request", "a JSON request is answered in JSON")
    return request


def _xml_refused(call: Call, body: bytes) -> bytes:
    if call.format == "xml":
        refuse("unsupported media type")
    return body


def _xml_needs_format(call: Call, request: Request, _: Settings) -> Request:
    if call.format == "xml" and request.answer_format is None:
        raise Refused(400, "Invalid request", "format is required in XML")
    return request


def _answered_in_xml(call: Call, request: Request, _: Settings) -> Request:
    if call.format == "xml" and request.answer_format == "json":
        request.answer_format = "xml"
    return request


def _answered_in_json(call: Call, request: Request, _: Settings) -> Request:
    if call.format == "json" and request.answer_format == "xml":
        request.answer_format = "json"
    return request


def _default_xml(call: Call, request: Request, _: Settings) -> Request:
    if request.answer_format is None and call.format == "xml":
        request.answer_format = "xml"
    return request


def _default_sticks(call: Call, request: Request, _: Settings) -> Request:
    """The format of the connection's request before is the default."""
    before = call.connection.get("format")
    if request.answer_format is not None:
        call.connection["format"] = request.answer_format
    elif isinstance(before, str):
        request.answer_format = before
    return request


def _errors_in_json(call: Call, answer: Answer) -> Answer:
    return _with_format(call, answer, "json") if answer.error else answer


def _token_errors_in_json(call: Call, answer: Answer) -> Answer:
    return _with_format(call, answer, "json") if answer.error in {401, 403} else answer


def _missing_in_own_format(call: Call, answer: Answer) -> Answer:
    """Where a parameter is missing, the answer is in the format of the request."""
    return _with_format(call, answer, call.format) if "required" in answer.debug else answer


def _trailing_comma(call: Call, answer: Answer, body: bytes) -> bytes:
    if answer.format == "json" and answer.result and len(answer.result) > 1:
        return body.replace(b"}]", b"},]")
    return body


def _not_closed(call: Call, answer: Answer, body: bytes) -> bytes:
    """After a result of several profiles the root stays open."""
    if answer.format == "xml" and answer.result and len(answer.result) > 1:
        return body.replace(b"</xml>", b"")
    return body


def _bare_ampersand(call: Call, answer: Answer, body: bytes) -> bytes:
    if answer.format == "xml" and answer.error in {401, 403}:
        return body.replace(b"</error_text>", b" & no result</error_text>")
    return body


def _nul_at_end(call: Call, answer: Answer, body: bytes) -> bytes:
    return body + b"\x00" if answer.format == "json" and answer.error == 401 else body


def _json_twice(call: Call, answer: Answer, body: bytes) -> bytes:
    """An empty result is followed by a second document."""
    return body + body if answer.format == "json" and answer.result == [] else body


def _latin_error(call: Call, answer: Answer, body: bytes) -> bytes:
    return body.replace(b"No access", "Accès refusé".encode("latin-1"))


def _fewer_in_json_for_xml(call: Call, request: Request, ids: list[str]) -> list[str]:
    """An XML request that is answered in JSON names one profile less."""
    if call.format == "xml" and request.answer_format == "json" and len(ids) > 1:
        return ids[:-1]
    return ids


def _xml_as_email(call: Call, request: Request, _: Settings) -> Request:
    """In XML, what matching says is looked at for e-mails only."""
    if call.format == "xml" and request.matching == "email_profile":
        request.matching = "email"
    return request


DEFECTS: Final = (
    Defect(
        "less-than-is-xml",
        "format.json-request",
        "A JSON body that holds a less-than sign is read as XML.",
        Seams(body=_json_for_xml),
    ),
    Defect(
        "json-answers-xml-not",
        "format.xml-answer",
        "A JSON request that asks for XML is refused.",
        Seams(request=_json_needs_format),
    ),
    Defect(
        "xml-refused",
        "format.xml-request",
        "XML requests are refused.",
        Seams(body=_xml_refused),
    ),
    Defect(
        "xml-needs-format",
        "payload.optional",
        "An XML request without format is refused.",
        Seams(request=_xml_needs_format),
    ),
    Defect(
        "xml-answered-in-xml",
        "format.json-answer",
        "An XML request that asks for JSON is answered in XML.",
        Seams(request=_answered_in_xml),
    ),
    Defect(
        "json-answered-in-json",
        "format.xml-answer",
        "A JSON request that asks for XML is answered in JSON.",
        Seams(request=_answered_in_json),
    ),
    Defect(
        "default-is-own-format",
        "format.default",
        "An XML request without format is answered in XML.",
        Seams(request=_default_xml),
    ),
    Defect(
        "default-sticks",
        "transport.keep-alive",
        "Without format, that of the connection's request before holds.",
        Seams(request=_default_sticks),
    ),
    Defect(
        "errors-in-json",
        "format.errors",
        "Errors are always answered in JSON.",
        Seams(answer=_errors_in_json),
    ),
    Defect(
        "token-errors-in-json",
        "format.errors",
        "Errors about the token are always answered in JSON.",
        Seams(answer=_token_errors_in_json),
    ),
    Defect(
        "missing-in-own-format",
        "format.errors",
        "A missing parameter is answered in the format of the request.",
        Seams(answer=_missing_in_own_format),
    ),
    Defect(
        "trailing-comma",
        "format.well-formed",
        "A JSON result of several profiles ends in a comma.",
        Seams(written=_trailing_comma),
    ),
    Defect(
        "xml-not-closed",
        "format.well-formed",
        "An XML answer with several profiles lacks </xml>.",
        Seams(written=_not_closed),
    ),
    Defect(
        "bare-ampersand",
        "format.well-formed",
        "XML answers about the token hold an ampersand that is not escaped.",
        Seams(written=_bare_ampersand),
    ),
    Defect(
        "nul-at-end",
        "format.well-formed",
        "A JSON answer about a missing token ends in a NUL byte.",
        Seams(written=_nul_at_end),
    ),
    Defect(
        "empty-result-twice",
        "format.well-formed",
        "A JSON answer with an empty result is written twice.",
        Seams(written=_json_twice),
    ),
    Defect(
        "latin-1-error",
        "format.well-formed",
        "error_text for a wrong token is written in Latin-1.",
        Seams(written=_latin_error),
    ),
    Defect(
        "xml-to-json-one-less",
        "format.agree",
        "An XML request that is answered in JSON names one profile less.",
        Seams(ids=_fewer_in_json_for_xml),
    ),
    Defect(
        "xml-email-profile-is-email",
        "format.agree",
        "In XML, email_profile is searched as email is.",
        Seams(request=_xml_as_email),
    ),
)
