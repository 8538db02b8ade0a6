"""Counts what the users of one process measure, second by second.

Locust's own statistics take some microseconds a request; at a hundred thousand requests a second
there are none to spare. So requests are counted here, and handed to Locust once a second, in
the form in which a worker reports to its master. Where a plugin listens to Locust's `request`
event, each request is fired as one, and costs what that costs.
"""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Final

from locust.env import Environment
from locust.stats import StatsEntry, bucket_response_time

from loadtests.measured import Cell, Counts, Window, rounded

METHOD: Final = "POST"


class Meter:
    """Counts the requests of one name in the second that passes.

    Attributes:
        name: of the requests.
        latency: microseconds from when each answered request was due.
        service: microseconds from when it left; unused where all leave when they are due.
        failures: by kind.
        profiles: that right answers named.
        sent: bytes of bodies.
        received: bytes of answers.
    """

    __slots__ = ("failures", "latency", "name", "profiles", "received", "sent", "service")

    def __init__(self, name: str) -> None:
        self.name = name
        self.clear()

    def clear(self) -> None:
        """Begin another second."""
        self.latency: list[int] = []
        self.service: list[int] = []
        self.failures: Counter[str] = Counter()
        self.profiles = 0
        self.sent = 0
        self.received = 0

    def cell(self) -> Cell:
        """What was counted."""
        return Cell(
            requests=len(self.latency) + self.failures.total(),
            failures=self.failures,
            profiles=self.profiles,
            sent=self.sent,
            received=self.received,
            latency=rounded(Counter(self.latency)),
            service=rounded(Counter(self.service)),
        )


class Tally:
    """The meters of one process, emptied once a second into windows and into Locust.

    Attributes:
        windows: the seconds that have passed and were not yet taken.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._meters: dict[str, Meter] = {}
        self._began = time.time()
        self.windows: list[Window] = []

    def meter(self, name: str) -> Meter:
        """The meter of a request name."""
        return self._meters.setdefault(name, Meter(name))

    def begin(self) -> None:
        """Begin to count, from nothing."""
        self._began = time.time()
        self.windows.clear()
        for meter in self._meters.values():
            meter.clear()

    def end_second(self, users: int) -> None:
        """Close the stretch since the last call: a window of its own, and news for Locust."""
        now = time.time()
        window = Window(self._began, now - self._began, users)
        self._began = now
        for meter in self._meters.values():
            cell = meter.cell()
            meter.clear()
            if cell.requests:
                window.cells[meter.name] = cell
        self.windows.append(window)
        self._hand_over(window)

    def take(self) -> list[Window]:
        """The windows that were not yet taken."""
        taken, self.windows = self.windows, []
        return taken

    def _hand_over(self, window: Window) -> None:
        stats = self._environment.stats
        for name, cell in window.cells.items():
            entry = stats.entries[name, METHOD]
            news = _news(entry, cell, window)
            entry.extend(news)
            stats.total.extend(news)


def _news(entry: StatsEntry, cell: Cell, window: Window) -> StatsEntry:
    """One window of one name as Locust's worker would report it; failures report themselves."""
    news = StatsEntry(entry.stats, entry.name, METHOD)
    second = int(window.start + window.seconds)
    answered = cell.requests - cell.failed
    news.start_time = window.start
    news.last_request_timestamp = window.start + window.seconds
    news.num_requests = answered
    news.num_reqs_per_sec = {second: answered}
    news.total_content_length = cell.received
    milliseconds = {us / 1000: count for us, count in cell.latency.items()}
    news.total_response_time = round(_sum(milliseconds.items()))
    news.response_times = _bucketed(cell.latency)
    if milliseconds:
        news.min_response_time = round(min(milliseconds))
        news.max_response_time = round(max(milliseconds))
    return news


def _sum(weighed: Iterable[tuple[float, int]]) -> float:
    return sum(value * count for value, count in weighed)


def _bucketed(latency: Counts) -> dict[int, int]:
    buckets: Counter[int] = Counter()
    for us, count in latency.items():
        buckets[bucket_response_time(us / 1000)] += count
    return buckets
