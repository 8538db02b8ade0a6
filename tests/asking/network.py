"""What is done about connections that get lost on the way to a target.

A server that cuts answers off and a network that does look alike, but for one thing: what the
network loses is answered when it is asked again. On this machine there is no network, so there
every loss is the server's; elsewhere, and through a tunnel, a request is asked again.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from endpoint.answer import Answer, Call, Ending
from endpoint.client import Client
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Lost, Unreachable

LOSSES: Final = frozenset({Ending.RESET, Ending.CUT_SHORT, Ending.TIMED_OUT, Ending.UNREACHABLE})
"""The ways in which an exchange ends where a connection is lost."""

PAUSES: Final = (0.0, 0.5, 2.0)
"""Seconds before each repetition."""

MOST_IN_VAIN: Final = 3
"""Requests in a row that no repetition helped: then it is not the network, or it is down."""


@dataclass
class Network:
    """Sends calls; where the network loses connections, again.

    Attributes:
        client: sends the bytes.
        ledger: counts what was lost.
        lossy: whether a lost connection may be the network's doing.
        live: whether each found profile gets a real message.
    """

    client: Client
    ledger: Ledger
    lossy: bool
    live: bool
    _in_vain: int = field(init=False, default=0)
    _harmless: Call | None = field(init=False, default=None)
    """The latest call that was answered, and sends to nobody who gets real messages."""

    def call(self, call: Call, sends: int, reserve: Callable[[int], None]) -> Answer:
        """Send a call; a lost one again, until it is answered, or is lost each time.

        Args:
            call: what is sent.
            sends: the most profiles that it can cause to be sent to.
            reserve: counts them; called for each repetition.

        Raises:
            Lost: the call was lost and must not be repeated: on a live target it may send
                again, and under a request id of its own a repetition shows something else.
            Unreachable: what was answered before is lost now as well.
        """
        answer = self.client.call(call)
        if answer.answered and not (self.live and sends):
            self._harmless = call
        if not self.lossy or answer.ending not in LOSSES or self._in_vain >= MOST_IN_VAIN:
            return answer
        for pause in PAUSES:
            if answer.ending is not Ending.UNREACHABLE:  # else nothing was sent
                self._require_repeatable(call, sends, answer)
                reserve(sends)
            time.sleep(pause)
            answer = self.client.call(replace(call, fresh_connection=True))
            if answer.ending not in LOSSES:
                self._in_vain = 0
                self.ledger.lost += 1
                return answer
            if answer.ending is Ending.TIMED_OUT:
                break  # it has cost its time twice
        self._in_vain += 1
        if answer.ending is not Ending.TIMED_OUT:
            self._require_life(answer)
        return answer

    def _require_life(self, answer: Answer) -> None:
        """Tell a target that breaks off one request from one that is gone."""
        if self._harmless is None:
            return
        again = self.client.call(replace(self._harmless, fresh_connection=True))
        if again.ending in LOSSES:
            raise Unreachable(f"the target is gone: {answer.detail}")

    def _require_repeatable(self, call: Call, sends: int, answer: Answer) -> None:
        if call.request_id or (self.live and sends):
            self.ledger.lost += 1
            raise Lost(f"its connection was lost ({answer.detail}), and it must not be repeated")
