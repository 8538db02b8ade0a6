"""A master's workers: who takes part in a run, what each may send, and who was lost on the way.

Locust itself hands users out. What a run of ours shares beside them is the schedule and the
sends of a live target: whoever comes or goes in mid-run, the schedule is shared anew among
those that are there, and no send is ever granted twice.
"""

import time
from dataclasses import asdict, replace
from typing import Final

import gevent
from locust.runners import STATE_MISSING, MasterRunner

from loadtests.assisting import BEGIN, END, SHARE, Orders

END_SECONDS: Final = 10.0
"""How much longer than a request may take a worker has to answer."""


class Workers:
    """The workers of one master, run after run.

    Attributes:
        missing: a sentence for each worker whose measurements are not all there.
        said: a sentence for each that came late.
    """

    def __init__(self, runner: MasterRunner) -> None:
        self._runner = runner
        self._orders: Orders | None = None
        self._runs = 0
        self._known: set[str] = set()
        self._sharing: set[str] = set()
        self._ended: set[str] = set()
        self._ending = False
        self._began = 0.0
        self.missing: list[str] = []
        self.said: list[str] = []

    def begin(self, orders: Orders) -> None:
        """Tell all workers what to do; each gets an equal part of the orders' sends."""
        self._known = {client.id for client in self._runner.clients.ready}
        self._sharing = set(self._known)
        self._ended, self._ending, self._began = set(), False, time.monotonic()
        self.missing, self.said = [], []
        self._runs += 1
        many = max(len(self._known), 1)
        self._orders = replace(orders, run=self._runs, processes=many, sends=orders.sends // many)
        self._runner.send_message(BEGIN, asdict(self._orders))

    def ready(self, client_id: str) -> None:
        """Let a worker take part: one that was told before it could hear, or one that comes late.

        All sends were granted at the begin: a late one gets none of them.
        """
        orders = self._orders
        if orders is None or self._ending:
            return
        if client_id not in self._known:
            self._known.add(client_id)
            orders = replace(orders, processes=len(self._living()) or 1, sends=0)
            late = time.monotonic() - self._began
            self.said.append(f"a worker came {late:.0f} s after the begin")
        self._runner.send_message(BEGIN, asdict(orders), client_id)

    def share(self) -> None:
        """Share the schedule among those that are there, where others were there before."""
        living = self._living()
        if living and living != self._sharing:
            self._sharing = living
            self._runner.send_message(SHARE, {"processes": len(living)})

    def end(self, seconds: float) -> None:
        """Wait for what each worker has still to tell: Locust itself waits half a second.

        Args:
            seconds: that a request under way may take.
        """
        self._ending = True
        self._runner.send_message(END)
        until = time.monotonic() + seconds + END_SECONDS
        while self._living() - self._ended and time.monotonic() < until:
            gevent.sleep(0.05)
        lost = len(self._known - self._ended)
        self.missing += ["a worker was lost, and what it had not yet told"] * lost
        self._orders = None

    def ended(self, client_id: str) -> None:
        """A worker has told the last that it measured."""
        self._ended.add(client_id)
        if not self._ending:
            self.missing.append("a worker was ended from outside: what it would have sent later")

    def _living(self) -> set[str]:
        """Those of whom something is still to be heard: neither silent nor gone."""
        here = {one.id for one in self._runner.clients.values() if one.state != STATE_MISSING}
        return self._known & here - self._ended
