"""Defects of the family answer."""

import re
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from contracts.model import OVER_LIMIT
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Answer, Call, Reply, Request
from endpoint.mock.population import identifiers

Wanted = Callable[[Answer], bool]


def _swap(old: str, new: str, wanted: Wanted = lambda _: True) -> Seams:
    """In such answers, this text is written as that."""

    def written(_: Call, answer: Answer, body: bytes) -> bytes:
        return body.replace(old.encode(), new.encode()) if wanted(answer) else body

    return Seams(written=written)


def _success(answer: Answer) -> bool:
    return not answer.error


def _json(answer: Answer) -> bool:
    return answer.format == "json"


def _xml_success(answer: Answer) -> bool:
    return answer.format == "xml" and not answer.error


def _json_error(answer: Answer) -> bool:
    return answer.format == "json" and answer.error != 0 and not _is_over(answer)


def _is_over(answer: Answer) -> bool:
    return answer.debug == OVER_LIMIT["error_debug"]


def _one_result(answer: Answer) -> bool:
    return answer.result is not None and len(answer.result) == 1


def _changed(status: int, wanted: Wanted) -> Seams:
    """Such answers have this HTTP status."""

    def changed(_: Call, answer: Answer) -> Answer:
        return replace(answer, status=status) if wanted(answer) else answer

    return Seams(answer=changed)


def _bare_ids(_: Call, answer: Answer, body: bytes) -> bytes:
    """The array result is one of strings, as the page's table could be read."""
    if answer.format == "json":
        return body.replace(b'{"profile_id":"', b'"').replace(b'"}', b'"')
    return body


def _single_object(_: Call, answer: Answer, body: bytes) -> bytes:
    """One profile is written without its array."""
    if answer.format == "json" and _one_result(answer):
        return body.replace(b"[", b"").replace(b"]", b"")
    return body


def _last_without_id(_: Call, answer: Answer, body: bytes) -> bytes:
    """The last of several objects is empty."""
    if answer.format == "json" and answer.result and len(answer.result) > 1:
        at = body.rindex(b'{"profile_id"')
        return body[:at] + b"{}" + body[body.index(b"}", at) + 1 :]
    return body


def _number_ids(_: Call, answer: Answer, body: bytes) -> bytes:
    """Identifiers of digits only are written as numbers."""
    if answer.format == "json" and answer.result:
        for profile_id in identifiers(answer.result):
            if profile_id[-1].isdigit():
                number = str(int(profile_id, 16)).encode()
                body = body.replace(b'"%s"' % profile_id.encode(), number)
    return body


def _code_as_text(_: Call, answer: Answer, body: bytes) -> bytes:
    if answer.error != 401:
        return body
    return re.sub(rb'"error":([1-9]\d*)', rb'"error":"\1"', body)


def _debug_as_array(_: Call, answer: Answer, body: bytes) -> bytes:
    if _is_over(answer):
        return body
    return re.sub(rb'"error_debug":("(?:[^"\\]|\\.)*")', rb'"error_debug":[\1]', body)


def _one_wrapper(_: Call, answer: Answer, body: bytes) -> bytes:
    """All identifiers stand in one result element."""
    return body.replace(b"</result><result>", b"") if answer.format == "xml" else body


def _partial_error(call: Call, request: Request, ids: list[str]) -> list[str]:
    missing = request.items is not None and len(ids) < request.items.count
    call.connection["partial"] = bool(ids) and missing
    return ids


def _partial_answer(call: Call, answer: Answer) -> Answer:
    """Some items found somebody, some did not: an error that still names profiles."""
    if call.connection.pop("partial", False):
        return replace(answer, error=206, text="Partly done")
    return answer


def _moved(_: Call, reply: Reply) -> Reply:
    """A wrong token leads to the page for signing in."""
    if b"No access" in bytes(reply.body):
        reply.status = 302
        reply.headers.append(("Location", "/login"))
    return reply


def _empty_result_is_error(_: Call, answer: Answer) -> Answer:
    """A success is numbered by how many were sent to."""
    sent = len(answer.result) if answer.result is not None else 0
    return replace(answer, error=sent) if not answer.error and sent == 1 else answer


def _translated(call: Call, _: Answer, body: bytes) -> bytes:
    if not call.headers.get("accept-language", "").startswith("ru"):
        return body
    return body.replace(b"Successful operation", "Успешно".encode())


DEFECTS: Final = (
    Defect(
        "error-is-text",
        "answer.error",
        "error is a string.",
        _swap('"error":0', '"error":"0"', _success),
    ),
    Defect(
        "error-is-null",
        "answer.error",
        "error of a success is null.",
        _swap('"error":0', '"error":null'),
    ),
    Defect(
        "error-lacks-in-xml",
        "answer.error",
        "An XML success has no error element.",
        _swap("<error>0</error>", ""),
    ),
    Defect(
        "error-code-is-text",
        "answer.error",
        "error of a missing token is a string.",
        Seams(written=_code_as_text),
    ),
    Defect(
        "error-text-lacks",
        "answer.error-text",
        "A JSON success has no error_text.",
        _swap(',"error_text":"Successful operation"', "", _success),
    ),
    Defect(
        "error-text-null",
        "answer.error-text",
        "error_text of a refusal is null.",
        _swap('"error_text":"Invalid request"', '"error_text":null', _json_error),
    ),
    Defect(
        "error-text-of-success",
        "answer.success-text",
        "error_text of a refusal is that of a success.",
        _swap('"error_text":"Invalid request"', '"error_text":"Successful operation"', _json_error),
    ),
    Defect(
        "error-text-array",
        "answer.error-text",
        "error_text of a wrong token is an array.",
        _swap('"No access"', '["No access"]', _json_error),
    ),
    Defect(
        "result-of-strings",
        "answer.result",
        "result is an array of strings.",
        Seams(written=_bare_ids),
    ),
    Defect(
        "result-single-object",
        "answer.result",
        "A result of one profile is an object, not an array.",
        Seams(written=_single_object),
    ),
    Defect(
        "result-other-key",
        "answer.result",
        "The objects of result call it id.",
        _swap('{"profile_id":', '{"id":', _json),
    ),
    Defect(
        "result-last-empty",
        "answer.result",
        "The last of several objects in result is empty.",
        Seams(written=_last_without_id),
    ),
    Defect(
        "result-numbers",
        "answer.result",
        "Identifiers that end in a digit are numbers.",
        Seams(written=_number_ids),
    ),
    Defect(
        "xml-root-response",
        "answer.xml-shape",
        "The root of an XML answer is response.",
        _swap("xml>", "response>", lambda answer: answer.format == "xml"),
    ),
    Defect(
        "xml-one-result",
        "answer.xml-shape",
        "All identifiers stand in one result element.",
        Seams(written=_one_wrapper),
    ),
    Defect(
        "xml-nested-xml",
        "answer.xml-shape",
        "Profiles stand in nested xml elements, as in add_batch.",
        _swap("result>", "xml>", _xml_success),
    ),
    Defect(
        "xml-id-attribute",
        "answer.xml-shape",
        "The identifier stands in an element id.",
        _swap("profile_id>", "id>", _xml_success),
    ),
    Defect(
        "success-counts",
        "answer.success",
        "error is the number of profiles, where it is one.",
        Seams(answer=_empty_result_is_error),
    ),
    Defect(
        "success-200",
        "answer.success",
        "error of a success is 200.",
        _swap('"error":0', '"error":200', _success),
    ),
    Defect(
        "success-text-ok",
        "answer.success-text",
        "error_text of a success is OK.",
        _swap("Successful operation", "OK"),
    ),
    Defect(
        "success-text-lower-in-xml",
        "answer.success-text",
        "In XML, error_text of a success is in lower case.",
        _swap("Successful operation", "successful operation", _xml_success),
    ),
    Defect(
        "success-201",
        "answer.http-status",
        "A success has HTTP status 201.",
        _changed(201, _success),
    ),
    Defect(
        "success-207",
        "answer.http-status",
        "A success with several profiles has HTTP status 207.",
        _changed(207, lambda answer: bool(answer.result) and len(answer.result or "") > 1),
    ),
    Defect(
        "error-500",
        "answer.error-status",
        "Invalid requests have HTTP status 500.",
        _changed(500, lambda answer: answer.error == 400),
    ),
    Defect(
        "wrong-token-302",
        "answer.error-status",
        "A wrong token leads to another page.",
        Seams(reply=_moved),
    ),
    Defect(
        "missing-token-502",
        "answer.error-status",
        "A missing token has HTTP status 502.",
        _changed(502, lambda answer: answer.error == 401),
    ),
    Defect(
        "partial-error",
        "answer.error-names-nobody",
        "Where some items find nobody, error is 206 and result names the others.",
        Seams(ids=_partial_error, answer=_partial_answer),
    ),
    Defect(
        "error-debug-array",
        "answer.error-debug",
        "error_debug is an array.",
        Seams(written=_debug_as_array),
    ),
    Defect(
        "xml-in-a-namespace",
        "answer.xml-shape",
        "The root of an XML answer stands in a namespace.",
        _swap("<xml>", '<xml xmlns="urn:altcraft:api">'),
    ),
    Defect(
        "success-text-translated",
        "answer.success-text",
        "To who prefers Russian, error_text of a success is Russian.",
        Seams(written=_translated),
    ),
)
