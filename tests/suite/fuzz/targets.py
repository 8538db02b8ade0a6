"""What is fuzzed: functions of bytes that must come back with an answer, whatever the bytes are."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from contracts import wire
from contracts.matching import MODES
from contracts.model import FORMATS, REQUEST_MEDIA_TYPES, Format, Params
from endpoint import target as targets
from endpoint.compression import Unpackable, unpack
from endpoint.mock.configuration import Configuration
from endpoint.mock.model import Call
from endpoint.mock.setup import settings

MOST_UNPACKED: Final = 1 << 20

LENIENT: Final = ("lenient-numbers", "lenient-values", "email-case")
"""Variants whose readers take more than the mock's usual ones."""

Target = Callable[[bytes], None]


def _mock(variants: tuple[str, ...] = ()) -> Target:
    """The mock's readers and its engine, in the format that the first byte chooses."""
    engine = Configuration(settings(targets.load("mock")), variants).engine()

    def serve(data: bytes) -> None:
        fmt: Format = FORMATS[data[0] % 2] if data else "json"
        headers = {"content-type": REQUEST_MEDIA_TYPES[fmt]}
        body = data[1:]
        call = Call("POST", "/", "", headers, "1.1", size=len(body), format=fmt)
        body = bytes(engine.serve(call, body).reply.body)
        answered = wire.decode_answer(body, "xml" if b"<xml" in body[:60] else "json")
        assert isinstance(answered, dict)
        assert answered["error"] in range(1000)

    return serve


def _answers(data: bytes) -> None:
    """The suite's own readers of answers."""
    for fmt in FORMATS:
        with contextlib.suppress(wire.NotWellFormed, wire.Misshapen):
            wire.decode_answer(data, fmt)


def _packed(data: bytes) -> None:
    """What unpacks an answer."""
    for coding in ("gzip", "deflate"):
        with contextlib.suppress(Unpackable):
            assert len(unpack(data, coding, MOST_UNPACKED)) <= MOST_UNPACKED


TARGETS: Final[Mapping[str, Callable[[], Target]]] = {
    "mock": _mock,
    "lenient-mock": lambda: _mock(LENIENT),
    "answers": lambda: _answers,
    "packed": lambda: _packed,
}


def seeds() -> Iterator[bytes]:
    """Requests of all modes in both formats: what the fuzzer begins with."""
    mock = targets.load("mock")
    for mode in MODES.values():
        params: Params = {
            "token": mock.token.reveal(),
            "trigger_id": mock.trigger_id,
            "matching": mode.name,
            "format": "xml",
            "field_name": mock.field_name,
            "content": {"a": {"b": ["c", 1, 2.5, True]}},
            "skip_triggers": True,
            "data": [dict.fromkeys(mode.keys, "contract-1@example.com")],
        }
        for at, fmt in enumerate(FORMATS):
            yield bytes([at]) + wire.encode(params, fmt)
