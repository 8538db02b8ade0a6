"""What may be sent to a live target: counted before it leaves, never more than `max_sends`."""

import threading

from endpoint.target import Safety


class BudgetSpent(Exception):  # noqa: N818  # read as a fact in a report: "not run: budget spent"
    """A request was not sent, because the profiles it finds would pass `max_sends`.

    Attributes:
        wanted: sends that the request would have caused.
        left: sends that were still allowed.
        maximum: `max_sends` of the target file.
    """

    def __init__(self, wanted: int, left: int, maximum: int) -> None:
        super().__init__(
            f"not sent: the request may send to {wanted} profiles, and {left} of "
            f"safety.max_sends = {maximum} are left on this live target"
        )
        self.wanted = wanted
        self.left = left
        self.maximum = maximum


class Guard:
    """Counts the sends of one run; on a live target it refuses those beyond `max_sends`.

    Safe to share between threads. A refused request counts nothing: a smaller one may
    still fit.
    """

    def __init__(self, safety: Safety, sent: int = 0) -> None:
        """Begin to count.

        Args:
            safety: of the target.
            sent: sends of the run that this one resumes.
        """
        self._safety = safety
        self._lock = threading.Lock()
        self._sent = sent

    @property
    def sent(self) -> int:
        """Sends reserved so far, in profiles, whether or not the answer confirmed them."""
        return self._sent

    @property
    def left(self) -> int | None:
        """Sends that still fit, in profiles; None where nothing limits them."""
        return self._safety.max_sends - self._sent if self._safety.live else None

    def reserve(self, sends: int) -> None:
        """Count `sends` profiles before the request that may send to them leaves.

        Args:
            sends: the most profiles that the request can cause to be sent to, by any
                reading of the documentation; 0 where it finds nobody.

        Raises:
            BudgetSpent: the target is live and they do not fit; the request must not leave.
            ValueError: `sends` is negative.
        """
        if sends < 0:
            raise ValueError(f"sends cannot be negative: {sends}")
        with self._lock:
            left = self.left
            if left is not None and sends > left:
                raise BudgetSpent(sends, left, self._safety.max_sends)
            self._sent += sends
