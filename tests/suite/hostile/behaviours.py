"""The hostile servers: what each does, and what a run against it has to end with and to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.reporting.verdicts import ExitCode
from tests.suite.hostile import acts
from tests.suite.hostile.acts import MANY, OK, SUCCESS
from tests.suite.rawserver import Behaviour

BREACH, BROKEN = ExitCode.BREACH, ExitCode.BROKEN
"""The accused, and those that cannot be judged."""

NO_END: Final = "did not end within 1 s"
TOO_LARGE: Final = "the answer has more than 1050704 bytes"
CUT: Final = "ended in the body of the answer"
NOT_HTTP: Final = "what came is not HTTP"
NOTHING: Final = "without a byte of an answer"
SILENCE: Final = "the answer did not begin within 1 s"
HEADERS: Final = "got more than 100 headers"


@dataclass(frozen=True)
class Hostile:
    """One behaviour.

    Attributes:
        behave: what the server does with each connection.
        code: the exit code that a run against it has to end with.
        said: what the run has to say about it.
    """

    behave: Behaviour
    code: ExitCode
    said: str


BEHAVIOURS: Final[Mapping[str, Hostile]] = {
    # ------------------------------------------------------------ nothing, or not enough
    "reads nothing": Hostile(acts.silent, BROKEN, SILENCE),
    "never answers": Hostile(acts.mute, BROKEN, SILENCE),
    "closes at once": Hostile(acts.closed_at_once, BROKEN, NOTHING),
    "resets at once": Hostile(acts.reset_at_once, BROKEN, NOTHING),
    "resets while it is asked": Hostile(acts.reset, BROKEN, NOTHING),
    "resets in mid-answer": Hostile(acts.reset_in_body, BREACH, CUT),
    "stops in the status line": Hostile(acts.stalled(b"HTTP/1.1 20"), BREACH, NO_END),
    "stops in the head": Hostile(acts.stalled(OK), BREACH, NO_END),
    "stops before the body": Hostile(acts.stalled(acts.length(len(SUCCESS))), BREACH, NO_END),
    "one byte a moment, head": Hostile(acts.trickled(OK * 50), BREACH, NO_END),
    "one byte a moment, body": Hostile(
        acts.trickled(acts.length(10**6) + b" " * 500), BREACH, NO_END
    ),
    "a length that never comes": Hostile(
        acts.cut(OK + b"Content-Length: 1000\r\n", SUCCESS), BREACH, CUT
    ),
    "cut in the head": Hostile(acts.said(OK), BREACH, "ended in the head of the answer"),
    "cut in a chunk": Hostile(
        acts.cut(OK + b"Transfer-Encoding: chunked\r\n", b"100\r\n" + SUCCESS),
        BREACH,
        CUT,
    ),
    "no last chunk": Hostile(
        acts.cut(OK + b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n" % (len(SUCCESS), SUCCESS)),
        BREACH,
        CUT,
    ),
    # ------------------------------------------------------------ too much
    "endless head": Hostile(acts.endless(OK, b"X-More: %b\r\n" % (b"x" * 1000)), BREACH, HEADERS),
    "endless line": Hostile(
        acts.endless(b"HTTP/1.1 200 ", b"OK" * 1000), BREACH, "got more than 65536 bytes"
    ),
    "endless body": Hostile(acts.endless(OK + b"\r\n", b" " * 60_000), BREACH, TOO_LARGE),
    "endless chunks": Hostile(
        acts.endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"8\r\n        \r\n" * 5000),
        BREACH,
        TOO_LARGE,
    ),
    "endless chunk extension": Hostile(
        acts.endless(OK + b"Transfer-Encoding: chunked\r\n\r\n3b;", b"x" * 5000),
        BREACH,
        "chunk size line exceeded",
    ),
    "endless trailers": Hostile(
        acts.endless(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-More: yes\r\n" * 500),
        BREACH,
        NO_END,
    ),
    "endless 1xx answers": Hostile(
        acts.endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 500), BREACH, NO_END
    ),
    "a hundred thousand headers": Hostile(
        acts.said(OK + b"".join(b"X-%d: 1\r\n" % at for at in range(MANY)) + b"\r\n"),
        BREACH,
        HEADERS,
    ),
    "300 MB of JSON": Hostile(acts.many_megabytes(), BREACH, TOO_LARGE),
    "a gzip bomb": Hostile(
        acts.whole(acts.bomb(), b"Content-Encoding: gzip"),
        BREACH,
        "unpacks to more than 1050704 bytes",
    ),
    "a length of 10^30": Hostile(acts.stalled(acts.length(10**30) + SUCCESS), BREACH, NO_END),
    # ------------------------------------------------------------ no HTTP
    "no HTTP": Hostile(acts.said(b"\x00\x01\xff it works \r\n\r\n"), BROKEN, NOT_HTTP),
    "HTTP/0.9": Hostile(acts.said(SUCCESS), BROKEN, NOT_HTTP),
    "HTTP/9.9": Hostile(acts.said(b"HTTP/9.9 200 OK\r\n\r\n" + SUCCESS), BREACH, "HTTP/9.9"),
    "a status of words": Hostile(
        acts.said(b"HTTP/1.1 fine\r\n\r\n" + SUCCESS), BREACH, "HTTP/1.1 fine"
    ),
    "a status of 99999": Hostile(
        acts.said(b"HTTP/1.1 99999 OK\r\n\r\n" + SUCCESS), BREACH, "HTTP/1.1 99999 OK"
    ),
    "bytes of TLS": Hostile(acts.said(acts.TLS_ALERT), BROKEN, NOT_HTTP),
    "an SSH server": Hostile(acts.said(b"SSH-2.0-OpenSSH_9.6\r\n"), BROKEN, "SSH-2.0"),
    "two lengths": Hostile(
        acts.said(OK + b"Content-Length: 5\r\nContent-Length: 59\r\n\r\n" + SUCCESS),
        BREACH,
        "multiple unmatching values (5, 59)",
    ),
    "a negative length": Hostile(
        acts.said(OK + b"Content-Length: -1\r\n\r\n" + SUCCESS), BREACH, "Content-Length is '-1'"
    ),
    "a chunk of no number": Hostile(
        acts.said(OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + SUCCESS),
        BREACH,
        "InvalidChunkLength",
    ),
    "a header without a colon": Hostile(
        acts.said(OK + b"no header\r\n\r\n" + SUCCESS), BREACH, "a line of the head is no header"
    ),
    "gzip that is none": Hostile(
        acts.whole(SUCCESS, b"Content-Encoding: gzip"), BREACH, "does not unpack as gzip"
    ),
    "an unknown coding": Hostile(
        acts.whole(SUCCESS, b"Content-Encoding: rot13"), BREACH, "'rot13', which was not asked for"
    ),
    # ------------------------------------------------------------ HTTP, but no answer
    "204 without a body": Hostile(
        acts.said(b"HTTP/1.1 204 No Content\r\n\r\n"), BREACH, "HTTP 204, 0 bytes"
    ),
    "101 to another protocol": Hostile(
        acts.said(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        BREACH,
        "HTTP 101, 0 bytes",
    ),
    "an empty body": Hostile(acts.whole(b""), BREACH, "HTTP 200, 0 bytes"),
    "a redirect to itself": Hostile(
        acts.whole(b"", b"Location: /api/v1.1/campaigns/triggers/start_batch", status=b"307 Again"),
        BROKEN,
        "HTTP 307 with 0 bytes",
    ),
    "HTML, 200": Hostile(
        acts.whole(b"<!DOCTYPE html><html>Log in</html>", b"Content-Type: text/html"),
        BROKEN,
        "HTTP 200 with an HTML page",
    ),
    "HTML, 503": Hostile(
        acts.whole(b"<html>Back soon</html>", b"Content-Type: text/html", status=b"503 Down"),
        BROKEN,
        "HTTP 503 with an HTML page",
    ),
    "401 of a proxy": Hostile(
        acts.whole(b"", b'WWW-Authenticate: Basic realm="x"', status=b"401 Who"),
        BROKEN,
        "HTTP 401 with 0 bytes",
    ),
    # ------------------------------------------------------------ JSON and XML that harm
    "400,000 levels": Hostile(
        acts.json(b'"error":0,"error_text":' + b"[" * 400_000 + b"]" * 400_000),
        BREACH,
        "nested deeper than 64",
    ),
    "a million levels": Hostile(
        acts.json(b'"error":0,"error_text":' + b"[" * 10**6 + b"]" * 10**6), BREACH, TOO_LARGE
    ),
    "a number of a million digits": Hostile(
        acts.json(b'"error":' + b"9" * 10**6 + b',"error_text":"x"'),
        BREACH,
        "an integer of 1000000 digits",
    ),
    "keys that stand twice": Hostile(
        acts.json(b'"error":0,"error":400,"error_text":"Successful operation","result":[]'),
        BREACH,
        "the key 'error' stands twice",
    ),
    "NUL bytes": Hostile(acts.whole(SUCCESS + b"\x00" * 1000), BREACH, "Extra data at byte 59"),
    "UTF-16": Hostile(
        acts.whole(SUCCESS.decode().encode("utf-16")), BREACH, "not UTF-8: invalid start byte"
    ),
    "Latin-1": Hostile(
        acts.json(b'"error":0,"error_text":"\xe9\xe8","result":[]'),
        BREACH,
        "not UTF-8: invalid continuation byte",
    ),
    "billion laughs": Hostile(
        acts.whole(acts.billion_laughs(), b"Content-Type: application/xml"),
        BREACH,
        "a body that is not JSON",
    ),
    "an external entity": Hostile(
        acts.whole(
            b'<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            b"<xml><error>0</error><error_text>&e;</error_text></xml>",
            b"Content-Type: application/xml",
        ),
        BREACH,
        "a body that is not JSON",
    ),
    "5,000 ids that nobody has": Hostile(
        acts.json(
            b'"error":0,"error_text":"Successful operation","result":['
            + b",".join([b'{"profile_id":"6606e08f10bcdd88297057ff"}'] * 5_000)
            + b"]"
        ),
        BREACH,
        "error 0 and 5000 ids",
    ),
    "a million ids that nobody has": Hostile(
        acts.json(
            b'"error":0,"error_text":"Successful operation","result":['
            + b",".join([b'{"profile_id":"6606e08f10bcdd88297057ff"}'] * 10**6)
            + b"]"
        ),
        BREACH,
        TOO_LARGE,
    ),
}
