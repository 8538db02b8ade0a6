"""When a run ends by itself: errors or latencies past a bound, second after second."""

from collections.abc import Sequence
from dataclasses import dataclass

from loadtests.measured import Window, percentile
from loadtests.record import altogether


@dataclass(frozen=True, slots=True)
class Autostop:
    """The bounds; a run ends where each of the latest seconds was past one of them.

    Attributes:
        seconds: in a row; 0 for a run that never ends by itself.
        error_share: of a second's requests, 0 to 1.
        latency: the median of a second's answers, in milliseconds.
    """

    seconds: int
    error_share: float
    latency: float

    def reason(self, windows: Sequence[Window]) -> str:
        """Why the run has to end, in words; empty while it may go on."""
        latest = [altogether(one.cells.values()) for one in windows[-self.seconds :]]
        if not self.seconds or len(latest) < self.seconds:
            return ""
        if all(cell.requests and cell.failed / cell.requests > self.error_share for cell in latest):
            return self._said(f"more than {self.error_share:.0%} of the requests failed")
        if all(percentile(cell.latency, 50) > self.latency * 1_000 for cell in latest):
            return self._said(f"half of the answers took more than {self.latency:,.0f} ms")
        return ""

    def _said(self, what: str) -> str:
        return f"stopped by itself: for {self.seconds} s, {what}"
