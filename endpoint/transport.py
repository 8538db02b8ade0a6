"""requests' transport with a watched exchange in it: pools, TLS and proxies are requests' own."""

import logging
import time
from collections.abc import Mapping
from functools import partial
from typing import Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse
from urllib3.util import SKIP_HEADER

from endpoint.exchange import Exchange
from endpoint.reading import Response
from endpoint.writing import Writer

# urllib3 logs addresses, and an address may hold a token; what is worth telling stands in
# the answer's detail.
logging.getLogger("urllib3").setLevel(logging.ERROR)

_THREADS: Final = 64
"""Connections that are kept for the next call; eight clients at once are tested."""


class _Connection(HTTPConnection):
    """A connection that sends an `Exchange`: the object that stands where a body would."""

    _exchange: Exchange | None = None
    _head: bytearray | None = None
    _served = 0

    def connect(self) -> None:
        super().connect()
        self._served = 0

    def request(  # type: ignore[override]  # urllib3 overrides http.client's as well
        self,
        method: str,
        url: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        **options: bool,
    ) -> None:
        if not isinstance(body, Exchange):
            raise TypeError("this connection sends exchanges only")
        if self.sock is None:
            self.connect()
        self._exchange = body
        body.connected = True
        body.reused = self._served > 0
        self._served += 1
        options["chunked"] = False
        self._head = bytearray()
        # Where no header says who sends, urllib3 would say that it does.
        named = {"User-Agent": SKIP_HEADER} | dict(headers or {})
        try:
            super().request(method, url, None, named, **options)
            # With a Transfer-Encoding header urllib3 ends an empty body after the head.
            head, blank, _ = self._head.partition(b"\r\n\r\n")
        finally:
            self._head = None
        Writer(self.sock, body).send(bytes(head + blank))

    def send(self, data: object) -> None:
        if self._head is None:
            super().send(data)  # type: ignore[arg-type]  # a proxy's CONNECT
        elif isinstance(data, bytes):
            # Kept, so that head and body leave in one write.
            self._head += data

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        exchange = self._exchange
        if exchange is None:
            raise TypeError("this connection answers exchanges only")
        exchange.answer_until = time.monotonic() + exchange.timeout
        # Called like the class that it stands for.
        self.response_class = partial(Response, exchange=exchange)  # type: ignore[assignment]
        try:
            return super().getresponse()
        finally:
            del self.response_class
            self._exchange = None


class _TLSConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS: Final = {"http": _Pool, "https": _TLSPool}


class Transport(HTTPAdapter):
    """requests' adapter whose connections send exchanges. Safe to share between threads."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=_THREADS)

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        """Make the pools for direct connections."""
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> ProxyManager:
        """Make the pools for connections through a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager
