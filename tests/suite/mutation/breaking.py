"""The table of breaches in what an answer says: ids, types, names, numbers, only sometimes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from contracts.model import SUCCESS_TEXT
from tests.suite.mutation import changes as c
from tests.suite.mutation.documents import json_text, xml_text
from tests.suite.mutation.message import Change, Message, Mutation, Where, everywhere

_SUCCESS: Final = ("success",)
_REFUSAL: Final = {"error": 400, "error_text": "Invalid request"}
_DONE: Final = {"error": 0, "error_text": SUCCESS_TEXT, "result": []}
_NOBODYS: Final = "ffffffffffffffffffffffff"


def _other_last(text: str) -> str:
    return text[:-1] + ("0" if text[-1:] != "0" else "1")


def _other_first(text: str) -> str:
    return ("0" if text[:1] != "0" else "1") + text[1:]


_IDS: Final = (
    Mutation("drop-first-id", "batch.complete", "The first profile is left out.",
             c.profiles(lambda found: found[1:])),
    Mutation("drop-last-id", "batch.complete", "The last profile is left out.",
             c.profiles(lambda found: found[:-1])),
    Mutation("drop-middle-id", "batch.complete", "Of three or more, the middle one is left out.",
             c.profiles(lambda found: found[: len(found) // 2] + found[len(found) // 2 + 1 :], 3)),
    Mutation("drop-every-second-id", "batch.complete", "Every second profile is left out.",
             c.profiles(lambda found: found[::2], 2)),
    Mutation("keep-first-id-only", "batch.complete", "Only the first of several is named.",
             c.profiles(lambda found: found[:1], 2)),
    Mutation("drop-all-ids", "batch.complete", "Nobody is named.",
             c.profiles(lambda _found: [])),
    Mutation("repeat-first-id", "batch.nobody-else", "The first profile stands once more.",
             c.profiles(lambda found: [*found, found[0]])),
    Mutation("repeat-all-ids", "batch.nobody-else", "All profiles stand twice.",
             c.profiles(lambda found: found * 2)),
    Mutation("repeat-for-another", "batch.complete", "The first stands in place of the last.",
             c.profiles(lambda found: [*found[:-1], found[0]], 2)),
    Mutation("swap-known-id", "batch.nobody-else", "Another known profile for the last one.",
             c.named(lambda ids, others: [*ids[:-1], others[0]] if ids else None)),
    Mutation("add-known-id", "batch.nobody-else", "Another known profile is named as well.",
             c.named(lambda ids, others: [*ids, others[-1]] if ids else None)),
    Mutation("name-somebody-for-nobody", "batch.nobody-else",
             "Where nobody is found, a known profile is named.",
             c.named(lambda ids, others: None if ids else [others[0]])),
    Mutation("add-unknown-id", "batch.nobody-else", "A profile nobody knows is named as well.",
             c.profiles(lambda found: [*found, {"profile_id": _NOBODYS}])),
    Mutation("id-last-character", "batch.complete", "The last id ends in another character.",
             c.last_id(_other_last)),
    Mutation("id-first-character", "batch.complete", "The last id begins with another character.",
             c.last_id(_other_first)),
    Mutation("id-cut", "batch.complete", "The last id lacks its last character.",
             c.last_id(lambda one: one[:-1])),
    Mutation("id-with-a-space", "batch.complete", "In JSON the last id begins with a space.",
             c.last_id(lambda one: f" {one}", "json")),
    Mutation("id-empty", "batch.complete", "The last id is empty.", c.last_id(lambda _one: "")),
)  # fmt: skip

_PROFILE_TYPES: Final = tuple(
    Mutation(f"id-{name}", "answer.result", f"In JSON the last profile_id is {name}.",
             c.last_id(edit, "json"))
    for name, edit in (
        ("null", lambda _one: None),
        ("number", lambda one: int(one[-6:], 16)),
        ("list", lambda one: [one]),
        ("object", lambda one: {"$oid": one}),
    )
)  # fmt: skip

_FIELD_TYPES: Final = tuple(
    Mutation(f"{field.replace('_', '-')}-{name}{of}", clause,
             f"{field} is {name} in {' and '.join(kinds)} answers in JSON.",
             c.setting(field, value, kinds))
    for field, clause, kinds, of, values in (
        ("error", "answer.error", _SUCCESS, "",
         {"string": "0", "float": 0.0, "false": False, "null": None, "list": [0], "gone": c.GONE}),
        ("error", "answer.error", c.ERRORS, "-in-errors",
         {"string": "400", "float": 400.0, "null": None, "gone": c.GONE}),
        ("error_text", "answer.error-text", _SUCCESS, "",
         {"null": None, "list": [SUCCESS_TEXT], "number": 0, "object": {}, "gone": c.GONE}),
        ("error_text", "answer.error-text", c.ERRORS, "-in-errors",
         {"null": None, "list": [], "number": 400, "gone": c.GONE}),
        ("error_debug", "answer.error-debug", c.ERRORS, "",
         {"number": 5, "object": {"message": "no"}}),
    )
    for name, value in values.items()
)  # fmt: skip

_SHAPES: Final = (
    Mutation("result-object", "answer.result", "In JSON one profile comes without its array.",
             c.profiles(lambda found: found[0], fmt="json")),
    Mutation("result-string", "answer.result", "In JSON result is a text of ids.",
             c.profiles(lambda found: ",".join(str(one["profile_id"]) for one in found),
                        fmt="json")),
    Mutation("result-of-strings", "answer.result", "Bare ids for objects with profile_id.",
             c.profiles(lambda found: [one["profile_id"] for one in found])),
    Mutation("result-nested", "answer.result", "In JSON result is an array in an array.",
             c.profiles(lambda found: [found], fmt="json")),
    Mutation("result-empty-object", "answer.result", "In JSON an empty result is {}.",
             c.fields(lambda found: None if found.get("result") else {**found, "result": {}},
                      _SUCCESS, "json")),
    Mutation("result-empty-string", "answer.result", "In JSON an empty result is a text.",
             c.fields(lambda found: None if found.get("result") else {**found, "result": ""},
                      _SUCCESS, "json")),
    Mutation("root-array", "answer.error", "In JSON the answer stands in an array.",
             c.octets(lambda body: b"[" + body + b"]", "json")),
    Mutation("xml-error-float", "answer.error", "In XML error is 0.0.",
             c.setting("error", "0.0", fmt="xml")),
    Mutation("xml-error-word", "answer.error", "In XML error is a word.",
             c.setting("error", "none", fmt="xml")),
    Mutation("xml-error-empty", "answer.error", "In XML error is empty.",
             c.setting("error", None, fmt="xml")),
    Mutation("xml-error-gone", "answer.error", "In XML there is no error.",
             c.setting("error", c.GONE, fmt="xml")),
    Mutation("xml-error-twice", "answer.error", "In XML error stands twice.",
             c.setting("error", [0, 0], fmt="xml")),
    Mutation("xml-error-text-gone", "answer.error-text", "In XML there is no error_text.",
             c.setting("error_text", c.GONE, fmt="xml")),
    Mutation("xml-one-result", "answer.xml-shape", "In XML one result holds all profile_id.",
             c.profiles(lambda found: {"profile_id": [one["profile_id"] for one in found]}, 2,
                        "xml")),
    Mutation("xml-bare-result", "answer.xml-shape", "In XML result holds the id itself.",
             c.profiles(lambda found: [one["profile_id"] for one in found], fmt="xml")),
    Mutation("xml-root", "answer.xml-shape", "In XML the root is response.",
             c.fields(lambda found: {"xml": found}, fmt="xml")),
)  # fmt: skip

_NAMES: Final = (
    Mutation("name-results", "answer.result", "result is called results.",
             c.renaming("result", "results", where_filled=True)),
    Mutation("name-Result", "answer.result", "result is written with a capital.",
             c.renaming("result", "Result", where_filled=True)),
    Mutation("name-profileId", "answer.result", "profile_id is called profileId.",
             c.profiles(lambda found: [{"profileId": one["profile_id"]} for one in found])),
    Mutation("name-id", "answer.result", "profile_id of the last profile is called id.",
             c.profiles(lambda found: [*found[:-1], {"id": found[-1]["profile_id"]}])),
    Mutation("name-error-text", "answer.error-text", "error_text is written with a hyphen.",
             c.renaming("error_text", "error-text")),
    Mutation("name-errorText", "answer.error-text", "error_text of errors is called errorText.",
             c.renaming("error_text", "errorText", c.ERRORS)),
    Mutation("name-Error", "answer.error", "error is written with a capital.",
             c.renaming("error", "Error")),
    Mutation("name-code", "answer.error", "error of errors is called code.",
             c.renaming("error", "code", c.ERRORS)),
    Mutation("name-xml-capital", "answer.xml-shape", "In XML the root is written in capitals.",
             c.octets(lambda body: body.replace(b"<xml>", b"<XML>").replace(b"</xml>", b"</XML>"),
                      "xml")),
)  # fmt: skip

_NO_CONTENT: Final = c.status(204, "No Content", _SUCCESS)

_NUMBERS: Final = (
    *(Mutation(f"error-{number}-for-success", "answer.success",
               f"error is {number} in successes, ids and all.",
               c.setting("error", number, fmt=""))
      for number in (1, -1, 200, 400)),
    *(Mutation(f"status-{number}-for-success", "answer.http-status",
               f"A success has HTTP status {number}.", c.status(number, reason, _SUCCESS))
      for number, reason in ((201, "Created"), (202, "Accepted"), (302, "Found"),
                             (400, "Bad Request"), (500, "Internal Server Error"))),
    Mutation("status-204-for-success", "answer.http-status", "A success has 204 and no body.",
             lambda message: replace(found, body=b"") if (found := _NO_CONTENT(message)) else None),
    *(Mutation(f"status-{number}-for-error", "answer.error-status",
               f"An error has HTTP status {number}.", c.status(number, reason, c.ERRORS))
      for number, reason in ((201, "Created"), (302, "Found"), (500, "Internal Server Error"),
                             (503, "Service Unavailable"))),
    *(Mutation(f"success-text-{name}", "answer.success-text",
               f"error_text of successes is {text!r}.",
               c.setting("error_text", text, fmt=""))
      for name, text in (("ok", "OK"), ("lower-case", SUCCESS_TEXT.lower()),
                         ("full-stop", f"{SUCCESS_TEXT}."), ("empty", ""))),
)  # fmt: skip

_LIMIT: Final = tuple(
    Mutation(f"limit-{name}", "limit.answer", f"The over-limit answer's {field} is {value!r}."
             if value is not c.GONE else f"The over-limit answer has no {field}.",
             c.setting(field, value, ("limit",), ""))
    for name, field, value in (
        ("error", "error", 413),
        ("error-text", "error_text", "Request Entity Too Large"),
        ("error-text-case", "error_text", "Invalid Request"),
        ("error-debug", "error_debug", "request body too large"),
        ("error-debug-gone", "error_debug", c.GONE),
    )
)  # fmt: skip


def _previous() -> Change:
    """A memory of the success before, which is given in place of the next other one."""
    before: list[Message] = []

    def change(message: Message) -> Message | None:
        before.append(message)
        del before[:-2]
        return before[0] if before[0].body != message.body else None

    return change


_VERDICTS: Final = (
    Mutation("success-to-error", "answer.success", "Every success is turned into an error 400.",
             c.instead(dict(_REFUSAL), _SUCCESS), ends=(1, 6)),
    Mutation("error-to-success", "access.token-required", "Every error is turned into a success.",
             c.instead(dict(_DONE), ("error",))),
    Mutation("limit-to-success", "limit.refuses", "The over-limit answer is turned to a success.",
             c.instead(dict(_DONE), ("limit",))),
    Mutation("error-names-somebody", "answer.error-names-nobody", "Errors name a profile.",
             c.fields(lambda found: {**found, "result": [{"profile_id": _NOBODYS}]}, c.ERRORS)),
    Mutation("json-for-xml", "format.xml-answer", "Successes asked for in XML come in JSON.",
             c.body(lambda _message, document: json_text(document.fields).encode()
                    if document.format == "xml" and document.kind == "success" else None)),
    Mutation("xml-for-json", "format.json-answer", "Successes asked for in JSON come in XML.",
             c.body(lambda _message, document: xml_text(document.fields).encode()
                    if document.format == "json" and document.kind == "success" else None)),
    Mutation("errors-in-json", "format.errors", "Errors asked for in XML come in JSON.",
             c.body(lambda _message, document: json_text(document.fields).encode()
                    if document.format == "xml" and document.kind == "error" else None)),
    Mutation("errors-in-xml", "format.errors", "Errors asked for in JSON come in XML.",
             c.body(lambda _message, document: xml_text(document.fields).encode()
                    if document.format == "json" and document.kind == "error" else None)),
    Mutation("limit-in-json", "limit.answer-format", "The over-limit answer in XML comes in JSON.",
             c.body(lambda _message, document: json_text(document.fields).encode()
                    if document.format == "xml" and document.kind == "limit" else None)),
    *(Mutation(f"trace-{name}", "confidentiality.internals", "Errors hold a stack trace.",
               c.setting("trace", text, c.ERRORS, ""))
      for name, text in (("python", "Traceback (most recent call last):\n  File \"a.py\", line 3"),
                         ("go", "goroutine 7 [running]:\nmain.main()\n\t/srv/main.go:12 +0x1d"),
                         ("java", "\tat com.example.Batch(Batch.java:42)"))),
)  # fmt: skip


def _sometimes(
    name: str, clause: str, sentence: str, change: Change,
    where: Where = everywhere, every: int = 1, ends: tuple[int, ...] = (1,),
) -> Mutation:  # fmt: skip
    return Mutation(f"sometimes-{name}", clause, sentence, change, where, every, ends)


_DROP: Final = c.profiles(lambda found: found[:-1])
_REFUSE: Final = c.instead(dict(_REFUSAL), _SUCCESS)

_SOMETIMES: Final = (
    _sometimes("7th-drops", "batch.complete", "Every 7th loses its last profile.", _DROP, every=7),
    _sometimes("101st-drops", "batch.complete", "Every 101st loses its last profile.", _DROP,
               every=101),
    _sometimes("7th-refused", "answer.success", "Every 7th success is an error.", _REFUSE, every=7),
    _sometimes("7th-of-before", "transport.keep-alive", "Every 7th is the answer before it.",
               _previous(), c.answers(kinds=_SUCCESS, least=1), 7),
    _sometimes("xml-drops", "format.agree", "In XML the last profile is left out.", _DROP,
               c.answers(fmt="xml")),
    _sometimes("xml-refused", "format.agree", "In XML every success is an error.", _REFUSE,
               c.answers(fmt="xml")),
    _sometimes("json-drops", "format.agree", "In JSON the last profile is left out.", _DROP,
               c.answers(fmt="json")),
    _sometimes("several-drop", "batch.complete", "Of two or more the last is left out.", _DROP,
               c.answers(least=2)),
    _sometimes("many-drop", "batch.complete", "Of eight or more the last is left out.", _DROP,
               c.answers(least=8)),
    _sometimes("several-refused", "batch.complete", "Two or more are answered with an error.",
               _REFUSE, c.answers(least=2)),
    _sometimes("single-refused", "answer.success", "One profile alone is answered with an error.",
               _REFUSE, lambda message: not c.answers(least=2)(message), ends=(1, 6)),
    _sometimes("large-drops", "limit.accepts", "Over 64 KiB the last profile is left out.", _DROP,
               c.to_large),
    _sometimes("large-refused", "limit.accepts", "Over 64 KiB a success is an error.", _REFUSE,
               c.to_large),
    _sometimes("chunked-drops", "transport.chunked", "To chunked requests the last is left out.",
               _DROP, c.to_chunked),
    _sometimes("chunked-refused", "transport.chunked", "Chunked requests get an error.", _REFUSE,
               c.to_chunked),
    _sometimes("gzip-drops", "transport.compressed-answer",
               "To clients that accept gzip the last is left out.", _DROP,
               lambda message: "gzip" in message.asked.codings),
    _sometimes("xml-errors-status", "answer.error-status", "In XML errors have HTTP status 500.",
               c.status(500, "Internal Server Error", c.ERRORS), c.answers(fmt="xml")),
    _sometimes("29th-error-text", "answer.error-text", "Every 29th JSON answer has no error_text.",
               c.setting("error_text", c.GONE, c.ANY), every=29),
)  # fmt: skip

ROWS: Final[Sequence[Mutation]] = (
    *_IDS, *_PROFILE_TYPES, *_FIELD_TYPES, *_SHAPES, *_NAMES, *_NUMBERS, *_LIMIT, *_VERDICTS,
    *_SOMETIMES,
)  # fmt: skip
