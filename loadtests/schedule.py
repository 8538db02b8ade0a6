"""An open model: requests are due by the clock, whatever the server does."""

from time import perf_counter
from typing import Final

import gevent

SOON: Final = 0.000_5
"""Seconds that are not worth sleeping for: a sleep of gevent's takes about as long."""


class Schedule:
    """Tells each user when its request is due; all users of a process share it.

    A user that comes late, because all of them were waiting for answers, sends at once; its
    latency counts from when the request was due, so that a server that stalls is seen as
    every caller would have seen it (coordinated omission is what hides that).

    Args:
        rate: requests a second, of all processes together.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._interval = 1 / rate
        self._due: float | None = None

    def share(self, processes: int) -> None:
        """Leave the others their part, where several processes keep the schedule."""
        self._interval = processes / self._rate

    def begin(self) -> None:
        """The first request is due when the first user is there."""
        self._due = None

    def wait(self) -> float:
        """Wait until the next request is due; when that was, on perf_counter's clock."""
        due = perf_counter() if self._due is None else self._due
        self._due = due + self._interval
        wait = due - perf_counter()
        if wait > SOON:
            gevent.sleep(wait)
        return due
