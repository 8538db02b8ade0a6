"""How the mock behaves where the documentation leaves a choice, and where a defect hooks in.

A variant sets policy fields, a defect sets one or two seams. The faithful code asks the
policy and calls the seams; it knows neither a variant nor a defect by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeAlias

from contracts.matching import DEFAULT_MODE, MODES, Mode, Place, Search
from endpoint.mock.model import Answer, Call, Empty, Hits, Reply, Request, Settings, Value

Stored: TypeAlias = Value | tuple[str, str]
"""A value of a profile; a push subscription is (provider, subscription_id)."""

Several = Literal["one value", "each", "first", "refused"]
"""What a text is that holds several values: one value, all of them, the first, or refused."""

ITEM_EXTRAS: Final = (
    "custom_data", "content", "attach", "subscription_filter", "timeout", "resource_id"
)  # fmt: skip
"""Keys of an item that this endpoint's page does not list."""


@dataclass(frozen=True, slots=True)
class Wire:
    """What leaves a connection for one reply.

    Attributes:
        pieces: bytes, in the order in which they leave.
        pause: seconds between pieces.
        end: what follows: the connection as the reply says, closed, or reset.
    """

    pieces: tuple[bytes, ...]
    pause: float = 0.0
    end: Literal["as said", "close", "reset"] = "as said"


@dataclass(frozen=True)
class Seams:
    """Where a defect hooks in; None is the faithful way.

    Attributes:
        route: call -> the call, with another path or method.
        limit: (call, limit) -> the limit in bytes that holds for this call.
        weigh: (call, piece) -> for how many bytes a piece of the body counts.
        piece: (call, piece) -> the piece of the body as it is kept.
        body: (call, body) -> the body as it is read; may raise Refused.
        request: (call, request, settings) -> the request as it is executed; may raise Refused.
        token: (call, given, settings) -> the token as it is checked.
        searches: mode name -> what it searches, instead of the table.
        stored: (mode, place, values) -> a profile's values at that place as the mode finds them.
        key: (key, value) -> a value as it is compared, in profiles and items alike.
        hits: (request, hits) -> which item finds whom.
        ids: (call, request, ids) -> who is named in the result; may raise Refused.
        answer: (call, answer) -> the answer before it is written.
        written: (call, answer, bytes) -> the answer as written.
        reply: (call, reply) -> the reply with status and headers.
        repeat: (call, key, body) -> what a repeat is known by.
        repeated: (call, reply) -> the reply to a repeat.
        parked: (call, reply): a reply is ready and waits for `delay` to pass.
        late: (call, reply) -> the reply when it leaves.
        wire: (call, head, body) -> what leaves the connection instead.
        over_limit: what leaves when the limit is passed, instead of the answer.
        delay: seconds that every answer waits.
        no_continue: a client that expects 100-continue is hung up on.
    """

    route: Callable[[Call], Call] | None = None
    limit: Callable[[Call, int], int] | None = None
    weigh: Callable[[Call, bytes], int] | None = None
    piece: Callable[[Call, bytes], bytes] | None = None
    body: Callable[[Call, bytes], bytes] | None = None
    request: Callable[[Call, Request, Settings], Request] | None = None
    token: Callable[[Call, str | None, Settings], str | None] | None = None
    searches: Mapping[str, tuple[Search, ...]] | None = None
    stored: Callable[[str, Place, tuple[Stored, ...]], tuple[Stored, ...]] | None = None
    key: Callable[[str, Value], Value] | None = None
    hits: Callable[[Request, Hits], Hits] | None = None
    ids: Callable[[Call, Request, list[str]], list[str]] | None = None
    answer: Callable[[Call, Answer], Answer] | None = None
    written: Callable[[Call, Answer, bytes], bytes] | None = None
    reply: Callable[[Call, Reply], Reply] | None = None
    repeat: Callable[[Call, bytes | None, bytes], bytes | None] | None = None
    repeated: Callable[[Call, Reply], Reply] | None = None
    parked: Callable[[Call, Reply], None] | None = None
    late: Callable[[Call, Reply], Reply] | None = None
    wire: Callable[[Call, bytes, bytes], Wire] | None = None
    over_limit: Wire | None = None
    delay: float = 0.0
    no_continue: bool = False


@dataclass(frozen=True)
class Behaviour:
    """The policy: each field is a choice that the documentation leaves, or does not settle.

    What a value means is said by the variants that set it (variants.py).
    """

    # access
    token_in_header: bool = False
    token_in_url: bool = False
    first_place: Literal["body", "header", "url"] = "body"
    tokens: Literal["first", "any", "all"] = "first"
    token_errors: int | None = None
    # reading
    strict_keys: bool = False
    lenient_numbers: bool = False
    single_data: bool = True
    interleaved_data: bool = True
    xml_objects: Literal["both", "text", "elements"] = "both"
    xml_nested: bool = True
    xml_attach: Literal["both", "text", "elements"] = "both"
    single_attach: bool = True
    windows_1251: bool = False
    bom: bool = False
    trailing: bool = False
    long_numbers: bool = True
    text_xml: bool = True
    charset: bool = True
    other_media_types: bool = True
    base64: Literal["checked", "any"] = "checked"
    bad_files: Literal["refused", "nobody"] = "refused"
    file_names: Literal["needed", "optional"] = "needed"
    file_keys: Literal["any", "documented"] = "any"
    id_alias: bool = False
    siblings: Literal["ignored", "nobody", "refused"] = "ignored"
    url_format: Literal["ignored", "heeded", "wins", "refused"] = "ignored"
    accept: Literal["ignored", "heeded", "wins", "refused"] = "ignored"
    files_raise_limit: bool = False
    decimal_limit: bool = False
    # executing
    unknown_trigger: Literal["refused", "nobody"] = "refused"
    unknown_matching: Literal["refused", "nobody"] = "refused"
    unknown_field_name: Literal["refused", "nobody"] = "refused"
    missing_field_name: Literal["refused", "nobody"] = "refused"
    unknown_format: Literal["json", "xml", "refused"] = "json"
    empty_data: Literal["success", "refused"] = "success"
    odd_items: Literal["passed over", "refused"] = "passed over"
    item_custom_data: bool = True
    item_extras: Literal["ignored", "passed over", "refused"] = "ignored"
    push_at_top: bool = False
    push_in_item: bool = True
    field_name_in_item: bool = False
    custom_sub_in_item: bool = False
    custom_request: Literal["ignored", "alone", "always", "refused"] = "ignored"
    custom_request_beside: Literal["query", "both", "nobody"] = "query"
    most_items: int | None = None
    skip_triggers_sends: bool = True
    # matching
    open_searches: bool = False
    conflict: Literal["both", "email", "phone", "nobody", "refused"] = "both"
    email_case: bool = False
    phone_plus: bool = False
    phone_eight: bool = False
    phone_spaces: bool = False
    phone_digits: bool = False
    phones_strict: bool = False
    profile_ids_strict: bool = False
    ambiguous: Literal["all", "first", "nobody", "refused"] = "all"
    tags: Several = "one value"
    addresses: Several = "one value"
    lenient_values: bool = False
    # answering
    order: Literal["data", "reversed", "sorted"] = "data"
    repeats: bool = False
    empty: Empty = "array"
    empty_element: bool = False
    unmatched_refused: bool = False
    error_status: Literal["200", "400", "own"] = "200"
    over_limit_status: int | None = None
    refusals: int = 400
    own_words: bool = False
    keys: Literal["sorted", "reversed"] = "sorted"
    extra_keys: bool = False
    extra_item_keys: bool = False
    pretty: bool = False
    prolog: bool = False
    escapes: bool = False
    # transport
    media_types: Literal["application", "text", "plain", "none"] = "application"
    terse_head: bool = False
    gzip: bool = False
    chunked: bool = False
    close: bool = False
    pieces: bool = False
    slow: float = 0.0
    trailing_slash: Literal["refused", "served", "redirected"] = "refused"
    over_limit: Literal["drained", "early", "half-closed"] = "drained"
    expect: Literal["continue", "ignored", "refused"] = "continue"
    dedup: Literal["id", "x-id", "checksum", "off"] = "id"
    dedup_ids: tuple[str, ...] = ("request-id", "x-request-id")
    dedup_errors: bool = False
    # defects
    seams: Seams = field(default_factory=Seams)

    def searches(self, mode: Mode) -> tuple[Search, ...]:
        """What a mode searches, open readings included where the policy says so."""
        if self.seams.searches and mode.name in self.seams.searches:
            return self.seams.searches[mode.name]
        return (*mode.searches, *mode.open_searches) if self.open_searches else mode.searches

    def keys_of(self, mode_name: str) -> tuple[str, ...]:
        """The keys that items of this mode are read for."""
        return self._keys.get(mode_name, ())

    @cached_property
    def _keys(self) -> dict[str, tuple[str, ...]]:
        return {name: self._keys_of(mode) for name, mode in MODES.items()}

    def _keys_of(self, mode: Mode) -> tuple[str, ...]:
        keys: list[str] = [key for search in self.searches(mode) for key in search.keys]
        if mode.field_name and (self.field_name_in_item or self.custom_sub_in_item):
            keys.append("field_name")
        if not self.item_custom_data:
            keys.append("custom_data")
        if self.item_extras != "ignored":
            keys += ITEM_EXTRAS
        if self.custom_request != "ignored" and mode is DEFAULT_MODE:
            keys.append("custom_request")
        return tuple(dict.fromkeys(keys))


FAITHFUL = Behaviour()
