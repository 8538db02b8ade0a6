"""Small edits made into changes of whole answers: what the tables are written in."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tests.suite.mutation.documents import Document, Fields, read
from tests.suite.mutation.message import Change, Delivery, Message, Where

GONE: Final = object()
"""Put in place of a value: the field is taken away."""

ANY: Final = ("success", "error", "limit")
ERRORS: Final = ("error", "limit")

Profiles = list[Fields]


def body(edit: Callable[[Message, Document], bytes | None]) -> Change:
    """Change the body of an answer that the endpoint itself gave."""

    def change(message: Message) -> Message | None:
        document = read(message.body)
        edited = None if document is None else edit(message, document)
        return None if edited in (None, message.body) else replace(message, body=edited or b"")

    return change


def octets(edit: Callable[[bytes], bytes], fmt: str = "") -> Change:
    """Change bytes of a body, of one format or either."""
    return body(
        lambda message, document: edit(message.body) if fmt in ("", document.format) else None
    )


def fields(
    edit: Callable[[Fields], Fields | None], kinds: tuple[str, ...] = ANY, fmt: str = ""
) -> Change:
    """Change the fields of answers of some kinds."""

    def edited(_message: Message, document: Document) -> bytes | None:
        if document.kind not in kinds or fmt not in ("", document.format):
            return None
        found = edit(dict(document.fields))
        return None if found is None else document.with_fields(found)

    return body(edited)


def setting(
    name: str, value: object, kinds: tuple[str, ...] = ("success",), fmt: str = "json"
) -> Change:
    """Set a field, or take it away where the value is `GONE`."""

    def edit(found: Fields) -> Fields | None:
        if value is not GONE:
            return {**found, name: value}
        return {key: one for key, one in found.items() if key != name} if name in found else None

    return fields(edit, kinds, fmt)


def renaming(
    name: str, other: str, kinds: tuple[str, ...] = ANY, *, where_filled: bool = False
) -> Change:
    """Give a field another name."""

    def edit(found: Fields) -> Fields | None:
        if name not in found or (where_filled and not found[name]):
            return None
        return {other if key == name else key: value for key, value in found.items()}

    return fields(edit, kinds)


def profiles(edit: Callable[[Profiles], object], least: int = 1, fmt: str = "") -> Change:
    """Change `result` of successes that name so many profiles, or more."""

    def edited(_message: Message, document: Document) -> bytes | None:
        entries = document.profiles
        if document.kind != "success" or len(entries) < least or fmt not in ("", document.format):
            return None
        return document.with_fields({**document.fields, "result": edit(entries)})

    return body(edited)


def last_id(edit: Callable[[str], object], fmt: str = "") -> Change:
    """Change the id of the last profile of successes."""

    def edited(entries: Profiles) -> Profiles:
        return [*entries[:-1], {**entries[-1], "profile_id": edit(str(entries[-1]["profile_id"]))}]

    return profiles(edited, fmt=fmt)


def named(edit: Callable[[list[str], tuple[str, ...]], list[str] | None]) -> Change:
    """Change the ids of successes, with those of other known profiles at hand."""

    def edited(message: Message, document: Document) -> bytes | None:
        others = tuple(one for one in message.asked.known if one not in document.ids)
        if document.kind != "success" or not others:
            return None
        ids = edit(document.ids, others)
        if ids is None:
            return None
        return document.with_fields({**document.fields, "result": [{"profile_id": i} for i in ids]})

    return body(edited)


def instead(said: Fields, kinds: tuple[str, ...]) -> Change:
    """Say something else altogether."""
    return fields(lambda _found: said, kinds)


def status(number: int | None, reason: str, kinds: tuple[str, ...]) -> Change:
    """Change the HTTP status; None is the answer's own error number."""

    def change(message: Message) -> Message | None:
        document = read(message.body)
        if document is None or document.kind not in kinds:
            return None
        changed = number or int(str(document.fields["error"]))
        if changed == message.status or not 200 <= changed <= 599:
            return None
        return replace(message, status=changed, reason=reason)

    return change


def header(edit: Callable[[tuple[tuple[str, str], ...]], tuple[tuple[str, str], ...]]) -> Change:
    """Change the headers."""
    return lambda message: replace(message, headers=edit(message.headers))


def media(json: str, xml: str) -> Change:
    """Set the Content-Type by the format of the body; an empty one takes the header away."""

    def change(message: Message) -> Message | None:
        document = read(message.body)
        if document is None:
            return None
        kept = tuple(pair for pair in message.headers if pair[0].lower() != "content-type")
        said = json if document.format == "json" else xml
        return replace(message, headers=(*kept, ("Content-Type", said)) if said else kept)

    return change


def wire(deliver: Callable[[Message], Delivery]) -> Change:
    """Change how the answer travels."""
    return lambda message: replace(message, wire=deliver) if message.body else None


def answers(*, fmt: str = "", kinds: tuple[str, ...] = ANY, least: int = 0) -> Where:
    """In answers of a format, of some kinds, with so many profiles or more."""

    def where(message: Message) -> bool:
        document = read(message.body)
        return (
            document is not None
            and fmt in ("", document.format)
            and document.kind in kinds
            and len(document.profiles) >= least
        )

    return where


def to_chunked(message: Message) -> bool:
    """In answers to chunked requests."""
    return message.asked.chunked


def to_large(message: Message) -> bool:
    """In answers to requests of more than 64 KiB."""
    return message.asked.size > 65_536
