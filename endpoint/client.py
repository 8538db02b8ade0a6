"""Sends bytes to a target and returns an `Answer`, whatever happens on the way.

Built on requests: its adapter holds the pools, TLS and proxies. What requests adds for
browsers is left out: redirects, cookies, netrc, retries.
"""

import http.client
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Final, Self, TypedDict, Unpack

from requests import PreparedRequest, RequestException, Response
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from endpoint import endings
from endpoint.answer import Answer, Call, Ending, Headers, Upload
from endpoint.compression import Unpackable, unpack
from endpoint.exchange import Exchange
from endpoint.proxies import by_way_of, proxies_of
from endpoint.secret import redact
from endpoint.target import Target
from endpoint.transport import Transport

MOST_ANSWER_BYTES: Final = 1 << 26
"""64 MiB, before and after compression: 250,000 ids in indented XML take a third of it."""

_MOST_ANSWER_TO_NOTHING: Final = 1 << 20
"""Bytes of an answer, however small the request: 10,000 ids in indented XML."""

_MOST_ANSWER_TO_A_BYTE: Final = 16
"""Further bytes for each of the body. An item of a dozen bytes finds a profile, and an indented
`<result>` of one is a hundred bytes long."""

_KEPT_OF_TOO_LARGE: Final = 1 << 16
"""Bytes of an answer beyond all bounds that are kept to be shown; thousands may be alike."""

USER_AGENT: Final = "start-batch-suite"

CLIENT_CERTIFICATE: Final = "ALTCRAFT_CLIENT_CERT"
"""The environment variable that names a PEM file of certificate and key, as curl takes it: the
format of target files has no place for one."""

CHUNK_BYTES: Final = 1 << 16
"""The size of a chunk, where the call names none."""

_MOST_DETAIL: Final = 400
"""Characters of a detail: it stands on one screen with much else."""

_PROBLEMS: Final = (
    endings.TooLarge,
    RequestException,
    HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""All that requests, urllib3, http.client and the system raise for what a server does."""


class Options(TypedDict, total=False):
    """What may be said about a call besides its body; see `Call` for each."""

    media_type: str | None
    method: str
    headers: Mapping[str, str | None]
    query: str
    path_suffix: str
    upload: Upload
    sizes: tuple[int, ...]
    pause_seconds: float
    fresh_connection: bool
    accept_encoding: str | None
    expect: bool
    request_id: str | None


class Client:
    """Asks one target. Safe to share between threads: each call takes a connection of its own.

    Connections are kept and used again, but not on a live target: whether a request that
    meets a connection just closed was executed cannot be known, and there it would have
    to be sent again. Elsewhere such a request is sent again once, on a fresh connection
    and with the same Request-ID.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._transport = Transport()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def target(self) -> Target:
        """Who is asked."""
        return self._target

    def close(self) -> None:
        """Close the connections that were kept. The client stays usable."""
        self._transport.close()

    def send(self, body: bytes | None, **options: Unpack[Options]) -> Answer:
        """Send a body; the options are those of `Call`.

        Raises:
            ValueError: the call itself cannot be sent, such as a line break in a header.
        """
        return self.call(Call(body, **options))

    def call(self, call: Call) -> Answer:
        """Send a call and return what came of it; never raises for what a server does.

        Raises:
            ValueError: the call itself cannot be sent, such as a line break in a header.
        """
        request_id = call.request_id or str(uuid.uuid4())
        fresh = call.fresh_connection or self._target.safety.live
        answer = self._once(call, request_id, fresh=fresh)
        if answer.ending is Ending.RESET and answer.reused:
            # The server closed an idle connection while the request was on its way.
            answer = replace(self._once(call, request_id, fresh=True), resent=True)
        if call.expect and answer.status == http.HTTPStatus.EXPECTATION_FAILED:
            # RFC 9110, 10.1.1: repeat without the expectation. The refusal was an answer
            # to the first Request-ID, and must not be served from memory.
            plain = replace(call, expect=False)
            answer = self._once(plain, call.request_id or str(uuid.uuid4()), fresh=True)
            return replace(answer, call=call, interim=(417, *answer.interim))
        return answer

    def redact(self, text: str) -> str:
        """Return a text without the target's token, in whatever spelling."""
        return redact(text, self._target.token)

    def _once(self, call: Call, request_id: str, *, fresh: bool) -> Answer:
        exchange = Exchange(_with_chunks(call), self._target.timeout_seconds)
        prepared = self._prepare(exchange, request_id)
        transport = Transport() if fresh else self._transport
        started = time.monotonic()
        response: Response | None = None
        body = bytearray()
        most = most_answer_bytes(call)
        problem: Exception | None = None
        try:
            response = transport.send(
                prepared,
                stream=True,
                timeout=self._target.timeout_seconds,
                verify=self._verify(),
                cert=os.environ.get(CLIENT_CERTIFICATE) or None,
                proxies=proxies_of(self._target),
            )
            _read(response, body, most)
        except _PROBLEMS as error:
            problem = error
        finally:
            if response is not None:
                response.raw.close()
            if fresh:
                transport.close()
        ending, detail = endings.ending(exchange, problem, response)
        if ending is Ending.UNREACHABLE:
            detail += by_way_of(self._target)
        answer = _answer(call, request_id, exchange, response)
        return self._finished(
            replace(
                answer,
                ending=ending,
                detail=self._told(detail),
                body=bytes(body),
                seconds=time.monotonic() - started,
            )
        )

    def _told(self, detail: str) -> str:
        """Return a detail redacted and then, in this order, shortened."""
        told = self.redact(detail)
        return told if len(told) <= _MOST_DETAIL else f"{told[:_MOST_DETAIL]}…"

    def _finished(self, answer: Answer) -> Answer:
        """Return the answer with its body unpacked."""
        coding = answer.headers.get("Content-Encoding")
        if not answer.answered or not coding or not answer.body:
            return answer
        try:
            return replace(answer, body=unpack(answer.body, coding, most_answer_bytes(answer.call)))
        except Unpackable as error:
            ending = Ending.TOO_LARGE if error.too_large else Ending.NOT_HTTP
            kept = answer.body[:_KEPT_OF_TOO_LARGE] if error.too_large else answer.body
            return replace(answer, ending=ending, body=kept, detail=self._told(str(error)))

    def _prepare(self, exchange: Exchange, request_id: str) -> PreparedRequest:
        call = exchange.call
        url = call.url(self._target.url)
        headers = _headers(call, request_id)
        for text in (call.method, url, *headers.keys(), *headers.values()):
            if not text.isprintable() or not text.isascii():
                raise ValueError(f"cannot be sent in a head: {self.redact(ascii(text))}")
        if " " in url:
            raise ValueError(f"a URL has no spaces: {self.redact(url)}")
        prepared = PreparedRequest()
        prepared.method = call.method
        prepared.url = url
        prepared.headers = headers
        # endpoint.transport's connections send this instead of a body.
        prepared.body = exchange  # type: ignore[assignment]
        return prepared

    def _verify(self) -> str | bool:
        if self._target.ca_file:
            return str(self._target.ca_file)
        named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
        return next(filter(None, named), True)


def _with_chunks(call: Call) -> Call:
    if call.upload is Upload.CHUNKED and not call.sizes:
        return replace(call, sizes=(CHUNK_BYTES,))
    return call


def _headers(call: Call, request_id: str) -> CaseInsensitiveDict[str]:
    """Return the headers of a call in the order in which they are sent, Host excepted."""
    own: dict[str, str | None] = {
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        "Accept-Encoding": call.accept_encoding or "identity",
        "Content-Type": call.media_type,
        "Request-ID": request_id,
        "X-Request-ID": request_id,
        "Expect": "100-continue" if call.expect else None,
    }
    if call.upload is Upload.CHUNKED:
        own["Transfer-Encoding"] = "chunked"
    elif call.body is not None or call.method in ("POST", "PUT", "PATCH"):
        own["Content-Length"] = str(len(call.body or b""))
    headers: CaseInsensitiveDict[str | None] = CaseInsensitiveDict(own)
    headers.update(call.headers)
    return CaseInsensitiveDict(
        {name: value for name, value in headers.items() if value is not None}
    )


def most_answer_bytes(call: Call) -> int:
    """How many bytes of an answer are read, before and after compression.

    No correct answer to the call is longer. The bound keeps a run against a server that never
    stops talking as short, and as small, as one against a server that does.
    """
    grown = _MOST_ANSWER_TO_NOTHING + _MOST_ANSWER_TO_A_BYTE * len(call.body or b"")
    return min(grown, MOST_ANSWER_BYTES)


def _read(response: Response, body: bytearray, most: int) -> None:
    for piece in response.raw.stream(1 << 16, decode_content=False):
        body += piece
        if len(body) > most:
            del body[_KEPT_OF_TOO_LARGE:]
            raise endings.TooLarge(f"the answer has more than {most} bytes")


def _answer(call: Call, request_id: str, exchange: Exchange, response: Response | None) -> Answer:
    """Return what an exchange left behind, before it is judged."""
    seconds = None
    if exchange.first_byte_at is not None and exchange.first_sent_at is not None:
        seconds = exchange.first_byte_at - exchange.first_sent_at
    return Answer(
        call=call,
        ending=Ending.ANSWERED,
        request_id=request_id,
        status=None if response is None else response.status_code,
        headers=Headers() if response is None else Headers(tuple(response.raw.headers.items())),
        interim=tuple(exchange.interim),
        sent_bytes=exchange.sent,
        body_sent=exchange.whole,
        first_byte_seconds=seconds,
        reused=exchange.reused,
        begun=exchange.begun,
    )
