"""Opens sockets to the endpoint, and says in words what became of a request that got no answer."""

import socket
import ssl
from dataclasses import dataclass
from typing import Final

from gevent.monkey import get_original


class Failed(Exception):  # noqa: N818 - an outcome, not a mistake of the program
    """A request got no answer.

    Attributes:
        kind: what happened, in the words under which it is counted.
        in_doubt: whether the request may have been executed all the same.
    """

    def __init__(self, kind: str, *, in_doubt: bool = True) -> None:
        super().__init__(kind)
        self.kind = kind
        self.in_doubt = in_doubt


class TimedOut(Exception):  # noqa: N818 - thrown by a connection's timer
    """The whole exchange took too long."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where requests go.

    Attributes:
        host: name or address.
        port: TCP port.
        timeout: seconds for connecting, and for each exchange as a whole.
        tls: how to encrypt; none for http.
    """

    host: str
    port: int
    timeout: float
    tls: ssl.SSLContext | None = None


Socket = socket.socket
"""What may be TLS, too."""

SystemSocket: Final = get_original("socket", "socket")
"""A socket as it was before gevent put its own in the place: each call of that one costs more."""


def opened(where: Address) -> Socket:
    """A connected socket that does not block.

    Raises:
        Failed: there is no connection, or no TLS.
    """
    try:
        plain = socket.create_connection((where.host, where.port), where.timeout)
    except OSError as problem:
        raise Failed(f"no connection: {_reason(problem)}", in_doubt=False) from None
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if where.tls is None:
            found: Socket = SystemSocket(fileno=plain.detach())
        else:
            found = where.tls.wrap_socket(plain, server_hostname=where.host)
    except OSError as problem:
        plain.close()
        raise Failed(f"no TLS: {_reason(problem)}", in_doubt=False) from None
    except BaseException:
        plain.close()
        raise
    found.setblocking(False)  # noqa: FBT003 - the socket's own word
    return found


def kind_of(problem: OSError, *, reused: bool) -> str:
    """What a broken connection is counted as; one that had served before may just be old."""
    kind = "reset" if isinstance(problem, ConnectionError) else _reason(problem)
    return f"{kind} on a kept connection" if reused else kind


def _reason(problem: OSError) -> str:
    return problem.strerror or str(problem)
