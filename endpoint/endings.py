"""How a call ended, and why, in a sentence for the reader of a CI log."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from requests import Response

from endpoint.answer import Ending
from endpoint.exchange import Exchange

_REMEDY: Final = "Set ca_file in the target file to the certificate of the authority that signed it"

_REMEDIES: Final = {
    9: "Is this machine's clock right?",
    10: "It has to be renewed; no setting looks past it",
    62: "Set base_url to the name that stands in it",
    64: "Set base_url to the name that stands in it",
}
"""What helps, by OpenSSL's number: not yet valid, expired, another name, another address."""


class TooLarge(Exception):  # noqa: N818  # the name of what it is, as the ending's
    """An answer was larger than the client reads."""


def ending(
    exchange: Exchange, problem: Exception | None, response: Response | None
) -> tuple[Ending, str]:
    """Return how a call ended, with a sentence where it did not end in an answer.

    The sentence may quote what came, at length: the caller redacts it, then shortens it.

    Args:
        exchange: what happened on the wire.
        problem: what was raised on the way.
        response: where the head of an answer was read.
    """
    if problem is None:
        early = exchange.answered_early or not exchange.whole
        return (Ending.ANSWERED_EARLY if early else Ending.ANSWERED), ""
    if isinstance(problem, TooLarge):
        return Ending.TOO_LARGE, str(problem)
    causes = list(_causes(problem))
    if not exchange.connected:
        return Ending.UNREACHABLE, _unreachable(causes, exchange.timeout)
    return _broken_off(exchange, causes, response)


def _broken_off(
    exchange: Exchange, causes: list[BaseException], response: Response | None
) -> tuple[Ending, str]:
    if exchange.timed_out:
        return Ending.TIMED_OUT, _timed_out(exchange)
    if not exchange.received:
        return Ending.RESET, _reset(exchange)
    began = response is not None or exchange.begun
    if began and exchange.ended:
        where = "head" if response is None else "body"
        return Ending.CUT_SHORT, f"the connection ended in the {where} of the answer"
    return Ending.NOT_HTTP, _not_http(exchange, causes, response)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all that it was raised from, wrapped by or made of."""
    seen: set[int] = set()
    stack: list[object] = [error]
    while stack:
        each = stack.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        stack += [each.__cause__, each.__context__, *each.args, getattr(each, "reason", None)]


def _unreachable(causes: list[BaseException], timeout: float) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            remedy = _REMEDIES.get(cause.verify_code, _REMEDY)
            said = cause.verify_message.rstrip(".")
            return f"the server's certificate is not trusted: {said}. {remedy}"
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return (
                f"no TLS connection: {cause.reason or cause}. "
                "Does this port speak TLS, or is base_url to begin with http://?"
            )
        if isinstance(cause, socket.gaierror):
            return f"the host's name is not known: {cause.strerror}. Look at base_url"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused: nothing listens there. Look at base_url"
    for cause in causes:
        if isinstance(cause, TimeoutError):
            return f"no connection within {timeout:g} s"
    # Through a proxy the innermost error is often a bare OSError.
    innermost = next((each for each in causes if isinstance(each, OSError)), causes[-1])
    system = [each for each in causes if isinstance(each, OSError) and each.strerror]
    return f"no connection could be made: {system[-1].strerror if system else innermost}"


def _timed_out(exchange: Exchange) -> str:
    if not exchange.whole and not exchange.received:
        return f"the server stopped taking the request after {exchange.sent} bytes"
    began = "did not end" if exchange.received else "did not begin"
    return f"the answer {began} within {exchange.timeout:g} s"


def _reset(exchange: Exchange) -> str:
    if isinstance(exchange.failure, ssl.SSLError):
        return (
            f"the server ended TLS after the handshake: {exchange.failure.reason}. Where it "
            "demands a client certificate, name a PEM file of certificate and key in the "
            "environment variable ALTCRAFT_CLIENT_CERT"
        )
    how = "reset" if isinstance(exchange.failure, ConnectionResetError) else "closed"
    share = "all of the request" if exchange.whole else f"{exchange.sent} bytes of the request"
    return f"the connection was {how} after {share}, without a byte of an answer"


def _not_http(exchange: Exchange, causes: list[BaseException], response: Response | None) -> str:
    if response is None and not exchange.begun:
        return f"what came is not HTTP; it begins {exchange.beginning!r}"
    where = "head" if response is None else "body"
    reasons = [str(each) for each in causes if isinstance(each, http.client.HTTPException)]
    return f"the answer's {where} is not HTTP: {(reasons or [str(causes[-1])])[-1]}"
