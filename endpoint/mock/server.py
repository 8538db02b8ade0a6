"""The server: what all connections share, and which path leads where."""

import asyncio
import gc
import traceback
from collections.abc import Callable
from typing import Final

from contracts.model import PATH
from endpoint.mock import admin
from endpoint.mock.configuration import Configuration
from endpoint.mock.connection import Connection
from endpoint.mock.journal import Journal
from endpoint.mock.model import ADMIN, Call, Refused, Reply
from endpoint.mock.repeats import Repeats
from endpoint.mock.spool import Spool
from endpoint.mock.worker import Done, Worker, serve

FAILED: Final = Refused(500, "Internal error", status=500)


class Server:
    """A mock endpoint in this process; its worker is forked when it is made."""

    def __init__(self, configuration: Configuration) -> None:
        self.worker = Worker()
        self.journal = Journal()
        self.repeats = Repeats()
        self.in_flight = 0
        self._listener: asyncio.Server | None = None
        self.reset(configuration)

    def reset(self, configuration: Configuration | None = None) -> None:
        """Forget all that was sent and answered; set the behaviour, where one is given."""
        if configuration is not None:
            self.configuration = configuration
            self.engine = configuration.engine()
            self.behaviour = self.engine.behaviour
        self.journal.clear()
        self.repeats.clear()
        self.state: dict[str, object] = {}
        self.number = 0

    async def listen(self, port: int) -> int:
        """Listen on the loopback address; the port that it became (0: a free one)."""
        loop = asyncio.get_running_loop()
        self.worker.attach(loop)
        self._listener = await loop.create_server(
            lambda: Connection(self), "127.0.0.1", port, backlog=512
        )
        gc.freeze()  # what was made until now stays: no need to walk it again
        bound: int = self._listener.sockets[0].getsockname()[1]
        return bound

    def close(self) -> None:
        """Stop listening and end the worker."""
        if self._listener is not None:
            self._listener.close()
        self.worker.close()

    def route(self, call: Call, body: Callable[[], bytes]) -> Reply | None:
        """Answer a call that is not for the endpoint; None: it is for the endpoint."""
        path = call.path
        slash = self.behaviour.trailing_slash
        if slash == "served":
            path = path.removesuffix("/")
        if path == PATH and call.method == "POST":
            return None
        if path.startswith(ADMIN):
            return admin.handle(self, call, body())
        redirected = slash == "redirected" and path == f"{PATH}/"
        if redirected:
            refused = Refused(308, "Permanent redirect", status=308)
        elif path == PATH:
            refused = Refused(405, "Method not allowed", status=405)
        else:
            refused = Refused(404, "Not found", status=404)
        reply = self.engine.refuse(call, refused).reply
        if refused.error == 405:
            reply.headers.append(("Allow", "POST"))
        if redirected:
            reply.headers.append(("Location", PATH))
        return reply

    def refuse(self, call: Call, refused: Refused) -> Reply:
        """The reply to a request that is refused before its body is read."""
        return self.engine.refuse(call, refused).reply

    def serve(self, call: Call, body: bytes) -> Reply:
        """Serve a call in this process; a bug of our own is answered, too, and told on stderr."""
        try:
            done = serve(self.engine, call, body)
        except Exception:  # noqa: BLE001 - silence would cost whoever asks a whole timeout
            traceback.print_exc()
            return self.refuse(call, FAILED)
        return self.conclude(call, done)

    def serve_large(self, call: Call, body: Spool, answer: Callable[[Reply], None]) -> None:
        """Have the worker serve a call."""

        def finished(done: Done | None) -> None:
            answer(self.conclude(call, done) if done else self.refuse(call, FAILED))

        self.worker.submit(self.configuration, call, body, finished)

    def conclude(self, call: Call, done: Done) -> Reply:
        """Write the journal, or answer a repeat from memory."""
        key = done.repeat_key
        if key is not None:
            prefix = "X-" if self.behaviour.dedup == "x-id" else ""
            first = self.repeats.first_answer(key, prefix)
            if first is not None:
                self.journal.repeats += 1
                seam = self.behaviour.seams.repeated
                return seam(call, first) if seam else first
            self.repeats.keep(key, done.reply)
        if done.entry is not None:
            self.journal.add(done.entry)
        return done.reply
