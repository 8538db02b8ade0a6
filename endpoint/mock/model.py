"""The mock's words: its settings, a call, a request as read, an answer, a reply.

What is made for each request is a msgspec Struct: one costs a quarter of a dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import msgspec

from contracts.model import Format

Value: TypeAlias = str | int
"""What an item searches by, and what a profile keeps."""


@dataclass(frozen=True, slots=True)
class Device:
    """A push subscription: a device id at one provider."""

    provider: str
    subscription_id: str


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile of the target file (spec/target-file.md)."""

    profile_id: str
    email: str | None = None
    phones: tuple[str, ...] = ()
    custom: Value | None = None
    email_subs: tuple[str, ...] = ()
    phone_subs: tuple[str, ...] = ()
    push_subs: tuple[Device, ...] = ()
    custom_subs: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom the mock plays.

    Attributes:
        token: the API token that it accepts.
        trigger_id: the campaign that it knows.
        field_name: the custom field that it knows.
        profiles: the target file's profiles.
        limit: the body limit in bytes, where the target gives one.
        synthetic: how many profiles it makes up besides (population.py).
    """

    token: str = field(repr=False)
    trigger_id: int
    field_name: str
    profiles: tuple[KnownProfile, ...] = ()
    limit: int | None = None
    synthetic: int = 0


class Call(msgspec.Struct):
    """What HTTP says about a request, before and beside its body.

    Attributes:
        number: how many requests the server had before this one.
        nth: how many this connection had before this one.
        size: bytes of the body, chunk framing removed.
        pieces: in how many pieces the body came from the network or in chunks.
        in_flight: how many calls, this one among them, had begun and not been answered
            when this one was complete.
        format: what the media type says that the body is, or else its first character.
        connection: what defects remember from call to call of one connection.
        server: the same for the server.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    version: str
    number: int = 0
    nth: int = 0
    size: int = 0
    pieces: int = 0
    in_flight: int = 1
    format: Format = "json"
    connection: dict[str, object] = msgspec.field(default_factory=dict)
    server: dict[str, object] = msgspec.field(default_factory=dict)

    @property
    def chunked(self) -> bool:
        """Whether the body came in chunks."""
        return "transfer-encoding" in self.headers


class Items(msgspec.Struct):
    """The items of a request, as columns: key -> one value for each item, None where absent.

    Columns rather than rows: 250,000 rows of Python objects would cost more than the
    rest of the work together.
    """

    count: int
    columns: dict[str, list[Value | None]]

    def keep(self, positions: slice) -> "Items":
        """The items at these positions."""
        columns = {key: column[positions] for key, column in self.columns.items()}
        return Items(len(range(self.count)[positions]), columns)


class File(msgspec.Struct):
    """A File object of `attach`: a data URL and a file name."""

    data: str
    name: str


class Request(msgspec.Struct):
    """A request as read, typed; None where a parameter was not given.

    Attributes:
        answer_format: the parameter `format`.
        provider: a provider at the top (an open placement).
        withheld: something in it keeps the campaign from everybody.
        objects: which of `content` and `custom_data` were given.
        plain_single: one `<data>`, without `array='true'`.
        interleaved: `<data>` elements stand apart.
    """

    format: Format
    token: str | None = None
    answer_format: str | None = None
    trigger_id: int | None = None
    matching: str | None = None
    field_name: str | None = None
    skip_triggers: bool | None = None
    attach: list[File] | None = None
    provider: str | None = None
    withheld: bool = False
    objects: Mapping[str, Mapping[str, object]] = msgspec.field(default_factory=dict)
    items: Items | None = None
    plain_single: bool = False
    interleaved: bool = False


INVALID: Final = "Invalid request"

ADMIN: Final = "/_mock/"
"""What the paths of the admin face begin with."""


class Refused(Exception):  # noqa: N818 - an outcome, not a mistake of the program
    """The request is answered with an error.

    Attributes:
        error: the platform's number.
        text: what `error_text` says.
        debug: what `error_debug` says; empty: no such key.
        answer_format: the format that was asked for, where it could be read.
        status: the HTTP status, where HTTP itself fixes it.
    """

    def __init__(
        self,
        error: int,
        text: str,
        debug: str = "",
        *,
        answer_format: Format | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(text)
        self.error = error
        self.text = text
        self.debug = debug
        self.answer_format = answer_format
        self.status = status


DIGITS: Final = 8
"""Of a synthetic profile's number (population.py)."""


class Block(msgspec.Struct):
    """Found synthetic profiles, as their numbers' digits, `DIGITS` for each, end to end."""

    digits: bytes

    def __len__(self) -> int:
        return len(self.digits) // DIGITS


Hits: TypeAlias = list[tuple[int, tuple[str, ...]]]
"""Position of an item -> the profiles that it finds; items that find nobody are left out."""

Found: TypeAlias = list[str] | Block
"""Who was found, in the order of the items: identifiers, or the digits of synthetic ones."""

Empty = Literal["array", "null", "absent"]
"""How an empty result is written; in XML an array is no element at all."""


class Answer(msgspec.Struct):
    """What is answered, before it is written down."""

    format: Format
    error: int
    text: str
    debug: str = ""
    result: Found | None = None
    status: int | None = None
    extra: dict[str, str | int] = msgspec.field(default_factory=dict)


class Reply(msgspec.Struct):
    """An answer as HTTP sends it."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes | bytearray | memoryview
    close: bool = False


class Sent(msgspec.Struct):
    """What the journal keeps of a request that was executed."""

    request_id: str
    mode: str
    found: Found


class Outcome(msgspec.Struct):
    """What comes of a call: the reply, who was sent to, and what a repeat is known by."""

    reply: Reply
    sent: Sent | None = None
    repeat_key: bytes | None = None
