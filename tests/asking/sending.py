"""Sends requests to one target, within its budget of sends, and has the answers judged."""

import contextlib
import http
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Unpack

from contracts import wire
from contracts.matching import DEFAULT_MODE, MODES
from contracts.model import FORMATS, REQUEST_MEDIA_TYPES, Format, JsonValue, Params
from contracts.wire import PLAIN, Spelling
from endpoint.answer import Answer, Call, Ending, Upload
from endpoint.client import Client, Options
from endpoint.guard import BudgetSpent, Guard
from tests.asking.building import Building
from tests.asking.counting import counted
from tests.asking.judge import Judge
from tests.asking.most_items import MostItems
from tests.asking.network import Network
from tests.asking.placement import Placement
from tests.asking.purposes import Purpose
from tests.asking.question import Among, Growth, Written
from tests.asking.reply import Reply
from tests.reporting.ledger import Ledger
from tests.reporting.traffic import Meant
from tests.reporting.verdicts import NotRun, Unreachable, Unsupported

_FORMAT: Final[Mapping[str, Format]] = {fmt: fmt for fmt in FORMATS}


MOST_TIMEOUTS: Final = 3
"""Timeouts of up to a minute each, after which a run would only lose its user's time."""

MOST_TOO_LARGE: Final = 20
"""Answers beyond all bounds, likewise: of a server that never stops there is no more to learn."""


@dataclass(repr=False)
class Sending(Building):
    """Sends what was built.

    Attributes:
        client: sends the bytes.
        guard: counts sends before they leave.
        ledger: keeps what was learned.
        judge: reads the answers.
        network: what carries the requests.
        placement: where the target takes what the documentation places nowhere.
        most_items: how many items it takes.
        recent: the last request, and the one before it.
        latest: the last answer.
        lossy: whether lost connections may be the network's doing; see `Network`.
        purpose: what requests are for at the moment.
    """

    client: Client
    guard: Guard
    ledger: Ledger
    lossy: bool = False
    network: Network = field(init=False)
    judge: Judge = field(init=False)
    placement: Placement = field(init=False)
    most_items: MostItems = field(init=False)
    recent: deque[Call] = field(init=False, default_factory=lambda: deque(maxlen=2))
    latest: Answer | None = field(init=False, default=None)
    purpose: Purpose = field(init=False, default=Purpose.OPEN)

    def __post_init__(self) -> None:
        """Derive what follows from the target."""
        super().__post_init__()
        live = self.target.safety.live
        self.network = Network(self.client, self.ledger, self.lossy, live)
        self.judge = Judge(self.ledger, self.target.token.reveal(), self.near_tokens)
        self.placement = Placement(self)
        self.most_items = MostItems(self)

    def object_for(self, fmt: Format, value: Mapping[str, JsonValue]) -> JsonValue:
        """`content` or `custom_data` as the target takes it in a request of this format."""
        return value if fmt == "json" else self.placement.xml_object(value)

    def encode(self, params: Params, fmt: Format) -> bytes:
        """The plain spelling of a request, its keys where the target takes them."""
        return wire.encode(self.placement.placed(params), fmt)

    def send(
        self, params: Params, fmt: Format, *, either: bool = False, **how: Unpack[Written]
    ) -> Reply:
        """Send one request and have its answer judged."""
        answer = self.raw(params, fmt, **how)
        asked = params.get("format")
        return self.judge.reply(answer, _FORMAT.get(str(asked)), either=either)

    def raw(
        self,
        params: Params,
        fmt: Format,
        *,
        body: bytes | None = None,
        growth: Growth | None = None,
        spelling: Spelling = PLAIN,
        **options: Unpack[Options],
    ) -> Answer:
        """Send one request and return whatever comes."""
        respelled = body is not None or spelling is not PLAIN
        if body is None:
            placed = self.placement.placed(params)
            body = growth.body(placed, fmt) if growth else wire.encode(placed, fmt, spelling)
        answer = self.post(body, fmt, sends=self.sends(params, fmt), **options)
        self.ledger.traffic.note(self._meant(params, fmt, growth, respelled=respelled), answer)
        return answer

    @contextlib.contextmanager
    def asking_for(self, purpose: Purpose) -> Iterator[None]:
        """Say what the requests in between are for."""
        before, self.purpose = self.purpose, purpose
        try:
            yield
        finally:
            self.purpose = before

    def _meant(
        self, params: Params, fmt: Format, growth: Growth | None, *, respelled: bool
    ) -> Meant:
        data = params.get("data")
        items = len(data) if isinstance(data, list) else 0
        return Meant(
            str(params.get("matching", DEFAULT_MODE.name)),
            fmt,
            _FORMAT.get(str(params.get("format", "json"))),
            growth.count if isinstance(growth, Among) else items,
            self.purpose,
            respelled,
        )

    def post(self, body: bytes, fmt: Format, *, sends: int, **options: Unpack[Options]) -> Answer:
        """Send bytes, within the budget.

        Raises:
            NotRun: the target is live, and its budget of sends does not allow it; or the
                connection was lost, and the request must not be repeated.
            Unreachable: the target has let several requests time out, or talks without end.
        """
        if self.ledger.timed_out >= MOST_TIMEOUTS:
            raise Unreachable(f"{MOST_TIMEOUTS} requests were not answered in time: asked no more")
        if self.ledger.too_large >= MOST_TOO_LARGE:
            raise Unreachable(f"{MOST_TOO_LARGE} answers were too large to be read: asked no more")
        self._reserve(sends)
        options.setdefault("media_type", REQUEST_MEDIA_TYPES[fmt])
        call = Call(body, **options)
        self.ledger.requests += 1
        self.ledger.sent_bytes += len(body)
        self.recent.append(call)
        answer = self.latest = self.network.call(call, sends, self._reserve)
        self.ledger.timed_out += answer.ending is Ending.TIMED_OUT
        self.ledger.too_large += answer.ending is Ending.TOO_LARGE
        if answer.status == http.HTTPStatus.LENGTH_REQUIRED and call.upload is Upload.CHUNKED:
            # RFC 9112, 6.3: a server may insist on Content-Length.
            raise Unsupported("the target answers 411: it takes no bodies in chunks")
        return answer

    def _reserve(self, sends: int) -> None:
        try:
            self.guard.reserve(sends)
        except BudgetSpent as spent:
            raise NotRun(f"safety.max_sends = {spent.maximum} does not allow it") from None

    def sends(self, params: Params, fmt: Format) -> int:
        """The most profiles that a request can cause to be sent to, right or wrong."""
        data = params.get("data")
        mode = str(params.get("matching", DEFAULT_MODE.name))
        if mode not in MODES or not isinstance(data, list):
            return len(data) if isinstance(data, list) else 0
        oracle = self.known.oracle
        return sum(
            times * (len(oracle.expected(mode, [item], fmt).may) or oracle.known_at_all(item))
            for item, times in counted(data)
        )

    def is_success(self, answer: Answer) -> bool:
        """Whether an answer, in either format, says that the operation was done."""
        for fmt in FORMATS:
            try:
                value = wire.decode_answer(answer.body, fmt)
            except ValueError:
                continue
            return answer.answered and isinstance(value, dict) and value.get("error") == 0
        return False
