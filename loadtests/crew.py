"""The workers of a run, as their master sees them: prepared, given their shares, waited for.

A worker says that it is there, and gets its orders. Locust counts it as ready once it has built
its bodies, so that the clock of a run begins when all can send. One that comes later takes part
from then on. Whoever comes or goes in mid-run, the schedule is shared anew among those that are
there, and no send is ever granted twice.
"""

import time
from dataclasses import asdict
from typing import Final

import gevent
from gevent.event import Event
from locust.runners import STATE_INIT, STATE_MISSING, MasterRunner

from loadtests.assisting import BEGIN, END, PREPARE, PREPARING, SHARE, Orders, Share

END_SECONDS: Final = 10.0
"""How much longer than a request may take a worker has to tell the last of it."""

SILENT_SECONDS: Final = 10.0
"""How long a worker may be silent at the end: reading large answers in full takes its time."""


class Crew:
    """All workers of one master.

    Attributes:
        lost: a sentence for each thing that a worker did not tell.
        said: a sentence for each worker that came late.
    """

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._orders: Orders | None = None
        self._given = Event()
        self._working: set[str] = set()
        self._sharing: set[str] = set()
        self._ended: set[str] = set()
        self._ending = True
        self._began = 0.0
        self.lost: list[str] = []
        self.said: list[str] = []

    def give(self, orders: Orders) -> None:
        """Have orders for all workers, those that are there and those that come."""
        self._orders = orders
        self._given.set()

    def connected(self, client_id: str) -> None:
        """Let Locust not count a worker as ready before it has prepared."""
        gevent.spawn(self._preparing, client_id)

    def _preparing(self, client_id: str) -> None:
        if client_id in self._runner.clients:
            self._runner.clients[client_id].state = PREPARING

    def met(self, client_id: str) -> None:
        """Answer a worker that says that it is there, once there are orders."""
        self._given.wait()
        assert self._orders is not None
        self._runner.send_message(PREPARE, asdict(self._orders), client_id)

    def ready(self, client_id: str) -> None:
        """A worker has prepared: it may begin with the others, or after them.

        All sends were granted at the begin: a late one gets none of them.
        """
        if self._ending:
            # Its next heartbeat would say so, which may be a second after the begin.
            self._runner.clients[client_id].state = STATE_INIT
            return
        if client_id in self._working:
            return
        self._working.add(client_id)
        late = time.monotonic() - self._began
        self.said.append(f"a worker came {late:.0f} s after the begin")
        share = Share(len(self._living()) or 1, 0)
        self._runner.send_message(BEGIN, asdict(share), client_id)

    def share(self) -> None:
        """Share the schedule among those that are there, where others were there before."""
        living = self._living()
        if living and living != self._sharing:
            self._sharing = living
            self._runner.send_message(SHARE, {"processes": len(living)})

    def _living(self) -> set[str]:
        """Those of whom something is still to be heard: neither silent nor gone."""
        here = {one.id for one in self._runner.clients.values() if one.state != STATE_MISSING}
        return self._working & here - self._ended

    def begin(self, sends: int) -> None:
        """Give each worker its share of the rate and of the sends that may be caused."""
        ready = sorted(client.id for client in self._runner.clients.ready)
        self._working, self._ended, self._ending = set(ready), set(), False
        self._sharing, self._began = set(ready), time.monotonic()
        self.lost.clear()
        self.said.clear()
        for at, client_id in enumerate(ready):
            least, rest = divmod(sends, len(ready))
            share = Share(len(ready), least + (at < rest))
            self._runner.send_message(BEGIN, asdict(share), client_id)

    def end(self, seconds: float) -> None:
        """Wait for what each worker has still to tell: Locust itself waits half a second.

        Args:
            seconds: that requests under way may take.
        """
        self._ending = True
        self._runner.send_message(END)
        heard = time.monotonic()
        until = heard + seconds + END_SECONDS
        while awaited := self._working - self._ended:
            now = time.monotonic()
            silent = {one.id for one in self._runner.clients.missing}
            if (awaited & self._runner.clients.keys()) - silent:
                heard = now
            if now > min(until, heard + SILENT_SECONDS):
                break
            gevent.sleep(0.05)
        lost = len(self._working - self._ended)
        self.lost += ["a worker was lost, and what it had not yet told"] * lost

    def ended(self, client_id: str) -> None:
        """Know that a worker has told the last of it."""
        if client_id in self._working and client_id not in self._ended and not self._ending:
            self.lost.append("a worker was ended from outside: what it would have sent later")
        self._ended.add(client_id)
