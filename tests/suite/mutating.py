"""What the tests of the mutations share: one answer of each kind, and a server that gives them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from contracts import wire
from contracts.model import FORMATS, JsonValue
from endpoint.answer import Answer, Call, Upload
from endpoint.client import Client
from tests.suite.calling import target
from tests.suite.mutation.message import Mutation
from tests.suite.mutation.proxy import proxying
from tests.suite.rawserver import Connection, Server

KNOWN: Final = tuple(f"6606e08f10bcdd88297057a{digit}" for digit in range(1, 10))

_TEXT: Final = '"error_text":"Successful operation"'


def _json(ids: Sequence[str]) -> bytes:
    result = ",".join(f'{{"profile_id":"{one}"}}' for one in ids)
    return f'{{"error":0,{_TEXT},"result":[{result}]}}'.encode()


def _xml(ids: Sequence[str], result: str = "") -> bytes:
    results = "".join(f"<result><profile_id>{one}</profile_id></result>" for one in ids)
    text = "<error_text>Successful operation</error_text>"
    return f"<xml>{text}<error>0</error>{results}{result}</xml>".encode()


def _refused(debug: str) -> tuple[bytes, bytes]:
    return (
        f'{{"error":400,"error_debug":"{debug}","error_text":"Invalid request"}}'.encode(),
        f"<xml><error>400</error><error_debug>{debug}</error_debug>"
        "<error_text>Invalid request</error_text></xml>".encode(),
    )


_MANY: Final = [*reversed(KNOWN[:8]), KNOWN[0]]

SAMPLES: Final[Sequence[tuple[int, bytes]]] = (
    (200, _json(KNOWN[:3])),
    (200, _xml(KNOWN[:3])),
    (200, _json([])),
    (200, _xml([])),
    (200, _json([]).replace(b"[]", b"null")),
    (200, _xml([], "<result/>")),
    (200, _json(_MANY)),
    (200, _xml(_MANY)),
    *((403, body.replace(b"400", b"403")) for body in _refused("no rights")),
    *((200, body) for body in _refused("http: request body too large")),
)
"""HTTP status and body of successes with some, no and many profiles, of errors, over the limit."""

CALL: Final = Call(
    b"x" * 70_000,
    "application/json",
    upload=Upload.CHUNKED,
    accept_encoding="gzip, deflate",
)
"""What every mutation that depends on the request takes."""


def samples(connection: Connection) -> None:
    """Give the sample whose number the request's query says, as long as requests come."""
    while head := connection.read_request()[0]:
        # Thousands of bodies would be kept.
        del connection.server.requests[:-1]
        number = int(head.partition(b"?")[2].partition(b" ")[0])
        status, body = SAMPLES[number]
        fmt = b"xml" if body.startswith(b"<") else b"json"
        connection.send(
            b"HTTP/1.1 %d Said\r\nContent-Type: application/%s\r\nContent-Length: %d\r\n\r\n%s"
            % (status, fmt, len(body), body)
        )


@dataclass(frozen=True, slots=True)
class Passed:
    """A sample as it came through the proxy.

    Attributes:
        number: of SAMPLES.
        answer: what the client got.
        applied: whether it was changed on the way.
    """

    number: int
    answer: Answer
    applied: bool


def passed(server: Server, mutation: Mutation, timeout: float) -> list[Passed]:
    """Ask for each sample once, through a proxy with this mutation."""
    found = []
    base_url = f"http://127.0.0.1:{server.port}"
    with proxying(base_url, mutation, known=KNOWN) as proxy:
        through = target(server, timeout=timeout).at(proxy.base_url)
        with Client(through) as client:
            for number in range(len(SAMPLES)):
                before = proxy.applied
                call = {name: getattr(CALL, name) for name in ("upload", "accept_encoding")}
                answer = client.send(
                    CALL.body, media_type=CALL.media_type, query=str(number), **call
                )
                found.append(Passed(number, answer, proxy.applied > before))
    return found


def meaning(answer: Answer, *, repeats: bool) -> object:
    """All that the documentation fixes of an answer; what it leaves open is left out.

    Args:
        answer: what came.
        repeats: whether it counts how often an id is named.
    """
    if not answer.answered:
        return "no answer"
    read: dict[str, JsonValue] = {}
    for fmt in FORMATS:
        try:
            read[fmt] = wire.decode_answer(answer.body, fmt)
        except ValueError:
            continue
    return _documented(answer.status or 0, read, repeats=repeats)


def _documented(status: int, read: Mapping[str, JsonValue], *, repeats: bool) -> object:
    formats = tuple(read)
    value = next(iter(read.values()), None)
    if not isinstance(value, dict) or type(value.get("error")) is not int:
        return formats, str(value)
    result = [] if value.get("result") is None else value["result"]
    if value["error"] == 0:
        return formats, status, value.get("error_text"), _ids(result, repeats=repeats)
    own = status == 200 or 400 <= status < 500 or status == value["error"]
    over = "too large" in str(value.get("error_debug"))
    said = [value.get(name) for name in ("error", "error_text", "error_debug")] if over else []
    text, debug = type(value.get("error_text")), value.get("error_debug", "")
    return formats, own, str(said), text, isinstance(debug, str), "trace" in value, str(result)


def _ids(result: object, *, repeats: bool) -> object:
    """The ids, in no order; the result itself where it is not made of profiles."""
    try:
        ids = [one["profile_id"] for one in cast("list[dict[str, str]]", result)]
        return sorted(Counter(ids if repeats else set(ids)).items()) if result else str(result)
    except (TypeError, KeyError):
        return str(result)
