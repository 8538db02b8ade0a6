"""Defects of what becomes of bodies that are not well-formed: parameters.malformed."""
# ruff: noqa: ARG001 - a seam gives what some defect needs; not each needs it all

import re
from dataclasses import replace
from typing import Final

from endpoint.mock.behaviour import Seams
from endpoint.mock.defects.base import Defect
from endpoint.mock.model import Answer, Call, Reply


def _mended_json(call: Call, body: bytes) -> bytes:
    """A body that breaks off is completed."""
    if call.format != "json":
        return body
    body = body.rstrip()
    missing = {b"}": b"]}", b"]": b"}"}.get(body[-1:], b"")
    opened = body.count(b"{") > body.count(b"}")
    if not opened:
        return body
    return body + (missing if body.count(b"[") > body.count(b"]") else b"}")


def _mended_xml(call: Call, body: bytes) -> bytes:
    body = body.rstrip() if call.format == "xml" else body
    return body + b"</xml>" if call.format == "xml" and not body.endswith(b"</xml>") else body


def _any_end_tags(call: Call, body: bytes) -> bytes:
    """Whatever name an end tag bears, it ends what is open."""
    if call.format != "xml" or len(body) > 100_000:
        return body  # what the checks send here is small; this would take seconds
    open_tags: list[bytes] = []

    def named(tag: re.Match[bytes]) -> bytes:
        end, name, rest = tag.groups()
        if not end:
            if not rest.endswith(b"/"):
                open_tags.append(name)
            return tag[0]
        return b"</%s>" % (open_tags.pop() if open_tags else name)

    return re.sub(rb"<(/?)([A-Za-z_][\w.-]*)([^<>]*)>", named, body)


def _html_on_malformed(call: Call, answer: Answer, body: bytes) -> bytes:
    if any(word in answer.debug for word in ("malformed", "truncated", "well-formed")):
        return b"<html><body><h1>400 Bad Request</h1></body></html>"
    return body


def _empty_on_malformed(call: Call, reply: Reply) -> Reply:
    if b"malformed" in bytes(reply.body) or b"truncated" in bytes(reply.body):
        reply.body = b""
    return reply


def _own_fault(call: Call, answer: Answer) -> Answer:
    """What a handler that catches everything says of whatever its parser raised."""
    broken = call.format == "xml" and "well-formed" in answer.debug
    return replace(answer, error=500, text="Internal server error") if broken else answer


DEFECTS: Final = (
    Defect(
        "json-mended",
        "parameters.malformed",
        "A JSON body that lacks its last brackets is completed and executed.",
        Seams(body=_mended_json),
    ),
    Defect(
        "xml-mended",
        "parameters.malformed",
        "An XML body that lacks </xml> is completed and executed.",
        Seams(body=_mended_xml),
    ),
    Defect(
        "xml-end-tags-any",
        "parameters.malformed",
        "In XML the name of an end tag is not looked at.",
        Seams(body=_any_end_tags),
    ),
    Defect(
        "html-on-malformed",
        "parameters.malformed",
        "A malformed body is answered with a page of HTML.",
        Seams(written=_html_on_malformed),
    ),
    Defect(
        "empty-on-malformed",
        "parameters.malformed",
        "A malformed JSON body is answered with an empty body.",
        Seams(reply=_empty_on_malformed),
    ),
    Defect(
        "malformed-xml-is-500",
        "parameters.malformed-code",
        "XML that is not well-formed is answered with error 500.",
        Seams(answer=_own_fault),
    ),
)
