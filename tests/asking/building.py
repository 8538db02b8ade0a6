"""Requests made of a target's settings and its known profiles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from contracts import wire
from contracts.matching import MODES
from contracts.model import Format, Item, JsonValue, Params
from endpoint.secret import redact
from endpoint.target import Target
from tests.asking.known import Known
from tests.asking.oracle import Oracle
from tests.reporting.verdicts import Unsupported


@dataclass(repr=False)
class Building:
    """Builds requests for one target.

    Attributes:
        target: who is asked.
        known: items made of the target's known profiles.
        near_tokens: wrong tokens that tests made of the right one, and as little to be shown.
    """

    target: Target
    known: Known = field(init=False)
    near_tokens: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Derive what follows from the target."""
        self.known = Known(Oracle(self.target.profiles), frugal=self.target.safety.live)

    @property
    def basic_mode(self) -> str:
        """The mode of requests that are about something else: the default where it can be."""
        supported = (mode for mode in MODES if self.known.oracle.supports(mode))
        mode = next(supported, None)
        if mode is None:
            raise Unsupported("the target file has no profile that any mode could find")
        return mode

    def valid(self, answer: Format | None = None, **changes: JsonValue) -> Params:
        """A request for one known profile; `changes` set parameters, None leaves one out."""
        return self.batch(self.basic_mode, self.known.some(self.basic_mode), answer, **changes)

    def wrong_token(self, change: Callable[[str], str]) -> str:
        """A token that is not the right one, but made of it."""
        wrong = change(self.target.token.reveal())
        self._not_to_be_shown(wrong)
        return wrong

    def _not_to_be_shown(self, wrong: JsonValue) -> None:
        if isinstance(wrong, str) and len(wrong) > 2:
            self.near_tokens.add(wrong)

    def nobody(self, answer: Format | None = None, **changes: JsonValue) -> Params:
        """A valid request for nobody; `changes` set parameters, None leaves one out."""
        item = {"email": "nobody@nobody.invalid"}
        return self.batch("email", [item], answer, **changes)

    def batch(
        self, mode: str, items: Sequence[Item], answer: Format | None = None, **changes: JsonValue
    ) -> Params:
        """A request for these items; `changes` set parameters, None leaves one out."""
        params: dict[str, JsonValue] = {
            "token": self.target.token.reveal(),
            "trigger_id": self.target.trigger_id,
            "format": answer,
            "matching": mode,
            "field_name": self.target.field_name if MODES[mode].field_name else None,
            **changes,
        }
        params.setdefault("data", list(items))
        self._not_to_be_shown(changes.get("token"))
        return {name: value for name, value in params.items() if value is not None}

    def with_entity(self, doctype: str, parameter: str) -> bytes:
        """An XML request for nobody whose `parameter` is the entity e that `doctype` declares."""
        body = wire.encode({**self.nobody("xml"), parameter: "@e"}, "xml")
        return doctype.encode() + body.replace(b"@e", b"&e;")

    def hide(self, text: str) -> str:
        """A text without the token, in whatever spelling, and without what is near to it."""
        return self.hide_near(redact(text, self.target.token))

    def hide_near(self, text: str) -> str:
        """A text without the wrong tokens that were made of the right one."""
        for near in sorted(self.near_tokens, key=len, reverse=True):
            text = redact(text, near)
        return text
