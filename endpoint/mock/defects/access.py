"""Defects of the families endpoint, access and confidentiality."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from contracts.model import OVER_LIMIT
from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Answer, Call, Refused, Reply, Request, Settings
from endpoint.mock.reading import refuse

ENTITY: Final = re.compile(rb"<!ENTITY\s+(\S+)\s+SYSTEM\s+[\"'](?:file://)?([^\"']+)[\"']\s*>")

TRACE: Final = (
    "Traceback (most recent call last):\n"
    '  File "/srv/api/triggers.py", line 214, in start_batch\n'
    "    profiles = search(data)\n"
    "ValueError: cannot search"
)


def _xml_elsewhere(call: Call) -> Call:
    """XML is served at another address."""
    if "xml" in call.headers.get("content-type", ""):
        return replace(call, path=call.path + ".xml")
    return call


def _any_method(call: Call) -> Call:
    return replace(call, method="POST") if call.method in {"GET", "PUT"} else call


def _every_seventh_is_get(call: Call) -> Call:
    return replace(call, method="GET") if call.number % 7 == 6 else call


def _no_token_is_fine(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given is None else given


def _no_token_is_fine_in_xml(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given is None and call.format == "xml" else given


def _empty_token_is_fine(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given == "" else given


def _any_token(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given else given


def _token_by_start(call: Call, given: str | None, settings: Settings) -> str | None:
    """Only as many characters are compared as were given."""
    return settings.token if given and settings.token.startswith(given) else given


def _token_in_any_case(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given and given.lower() == settings.token.lower() else given


def _any_bearer(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given is None and "authorization" in call.headers else given


def _any_token_in_url(call: Call, given: str | None, settings: Settings) -> str | None:
    return settings.token if given is None and "token=" in call.query else given


def _token_by_sum(call: Call, given: str | None, settings: Settings) -> str | None:
    """Tokens are compared by a sum that no order of characters changes."""
    same = given is not None and sum(given.encode()) == sum(settings.token.encode())
    return settings.token if same else given


def _token_as_pattern(call: Call, given: str | None, settings: Settings) -> str | None:
    """Tokens are compared as SQL's LIKE does."""
    pattern = re.escape(given or "").replace("%", ".*").replace("_", ".")
    return settings.token if re.fullmatch(pattern, settings.token) else given


def _tell_token(call: Call, request: Request, settings: Settings) -> Request:
    if request.trigger_id is None:
        refuse(f"trigger_id is required: token={request.token}")
    return request


def _tell_body(call: Call, answer: Answer) -> Answer:
    """A body that cannot be read is quoted, with what it holds."""
    debug = call.connection.pop("body", None)
    if answer.error == 400 and isinstance(debug, str):
        return replace(answer, debug=f"cannot read {debug}")
    return answer


def _remember_body(call: Call, body: bytes) -> bytes:
    call.connection["body"] = body[:200].decode("utf-8", "replace")
    return body


def _token_header(call: Call, reply: Reply) -> Reply:
    token = call.connection.get("token")
    if isinstance(token, str):
        reply.headers.append(("X-Api-Token", token))
    return reply


def _remember_token(call: Call, given: str | None, settings: Settings) -> str | None:
    call.connection["token"] = settings.token
    return given


def _trace_on_malformed(call: Call, answer: Answer) -> Answer:
    invalid = answer.error == 400 and answer.debug != OVER_LIMIT["error_debug"]
    return replace(answer, debug=TRACE) if invalid else answer


def _trace_on_wrong_token(call: Call, answer: Answer) -> Answer:
    return replace(answer, debug=TRACE) if answer.error == 403 else answer


def _read_entities(call: Call, body: bytes) -> bytes:
    """Entities are read from files, and the first one's text is quoted in an error."""
    if call.format != "xml":
        return body
    for _, path in ENTITY.findall(body):
        file = Path(path.decode("utf-8", "replace"))
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")[:1000]
            raise Refused(400, "Invalid request", f"unexpected text {text}")
    return body


def _token_by_end(call: Call, given: str | None, settings: Settings) -> str | None:
    """A token that the right one ends with is taken for it."""
    return settings.token if given and settings.token.endswith(given) else given


def _no_token_in_phone_sub(call: Call, request: Request, settings: Settings) -> Request:
    if request.token is None and request.matching == "phone_sub":
        request.token = settings.token
    return request


DEFECTS: Final = (
    Defect(
        "xml-elsewhere",
        "endpoint.url",
        "XML requests find nothing at the documented address.",
        Seams(route=_xml_elsewhere),
    ),
    Defect(
        "seventh-post-lost",
        "endpoint.post",
        "Every seventh POST is taken for a GET and answered with 405.",
        Seams(route=_every_seventh_is_get),
    ),
    Defect(
        "any-method",
        "endpoint.post-only",
        "GET and PUT with a body launch the campaign.",
        Seams(route=_any_method),
    ),
    Defect(
        "token-not-required",
        "access.token-required",
        "A request without a token is executed.",
        Seams(token=_no_token_is_fine),
    ),
    Defect(
        "token-not-required-in-xml",
        "access.token-required",
        "An XML request without a token is executed.",
        Seams(token=_no_token_is_fine_in_xml),
    ),
    Defect(
        "empty-token",
        "access.token-checked",
        "An empty token is accepted.",
        Seams(token=_empty_token_is_fine),
    ),
    Defect(
        "any-token",
        "access.token-checked",
        "Any token is accepted.",
        Seams(token=_any_token),
    ),
    Defect(
        "token-by-start",
        "access.token-checked",
        "The beginning of the token is accepted.",
        Seams(token=_token_by_start),
    ),
    Defect(
        "token-in-any-case",
        "access.token-checked",
        "The token is accepted in other letter case.",
        Seams(token=_token_in_any_case),
    ),
    Defect(
        "any-bearer",
        "access.header-checked",
        "Any Authorization header stands for a token.",
        Seams(token=_any_bearer),
    ),
    Defect(
        "any-token-in-url",
        "access.token-checked",
        "Any token in the URL stands for one.",
        Seams(token=_any_token_in_url),
    ),
    Defect(
        "token-by-sum",
        "access.token-checked",
        "A token with the same characters in another order passes.",
        Seams(token=_token_by_sum),
    ),
    Defect(
        "token-as-pattern",
        "access.token-checked",
        "The token is looked for as SQL's LIKE does: % in it stands for anything.",
        Seams(token=_token_as_pattern),
    ),
    Defect(
        "token-in-error",
        "confidentiality.token",
        "error_debug for a missing trigger_id holds the token.",
        Seams(request=_tell_token),
    ),
    Defect(
        "body-in-error",
        "confidentiality.token",
        "error_debug quotes the beginning of a body that is refused.",
        Seams(body=_remember_body, answer=_tell_body),
    ),
    Defect(
        "token-in-answer-header",
        "confidentiality.token",
        "A response header holds the token.",
        Seams(token=_remember_token, reply=_token_header),
    ),
    Defect(
        "trace-on-malformed",
        "confidentiality.internals",
        "error_debug for an invalid request is a stack trace.",
        Seams(answer=_trace_on_malformed),
    ),
    Defect(
        "trace-on-wrong-token",
        "confidentiality.internals",
        "error_debug for a wrong token is a stack trace.",
        Seams(answer=_trace_on_wrong_token),
    ),
    Defect(
        "entities-read",
        "confidentiality.files",
        "An external entity is read from its file and quoted in the error.",
        Seams(body=_read_entities),
    ),
    Defect(
        "token-by-end",
        "access.token-checked",
        "A token that lacks its first characters is accepted.",
        Seams(token=_token_by_end),
    ),
    Defect(
        "no-token-in-phone-sub",
        "access.token-required",
        "phone_sub does without a token.",
        Seams(request=_no_token_in_phone_sub),
    ),
)
