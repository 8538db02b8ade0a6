"""One request as a test means it: what is asked, how it travels, what is demanded of the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from contracts import sizes
from contracts.matching import DEFAULT_MODE
from contracts.model import Format, Item, JsonValue, Params
from contracts.sizes import Recipe
from contracts.wire import Spelling
from endpoint.client import Options
from tests.asking.reply import Reply


@dataclass(frozen=True, slots=True)
class Among:
    """A batch of `count` items: the request's own at these indices, nobody's at all others."""

    count: int
    places: tuple[int, ...]

    def body(self, params: Params, fmt: Format) -> bytes:
        """Write the request with so many items."""
        items = cast("Sequence[Item]", params["data"])
        at = dict(zip(self.places, items, strict=True))
        return sizes.counted(params, fmt, self.count, at)


@dataclass(frozen=True, slots=True)
class OfSize:
    """A body of `size` bytes, or as few more as the recipe takes."""

    size: int
    recipe: Recipe

    @property
    def in_content(self) -> bool:
        """Whether the weight is one value of `content`; else it is items."""
        return self.recipe not in {Recipe.ITEMS, Recipe.SHORT_ITEMS, Recipe.LONG_ITEMS}

    def body(self, params: Params, fmt: Format) -> bytes:
        """Write the request at that size."""
        least = sizes.smallest(params, fmt, self.recipe)
        return sizes.exact(params, fmt, max(self.size, least), self.recipe)


Growth: TypeAlias = Among | OfSize
"""How a small request becomes a large body."""


class Written(Options, total=False):
    """How a request is sent: the options of a call, and how its body is written.

    Attributes:
        body: bytes that stand for the parameters, written in another way.
        growth: how the request becomes a large body.
        spelling: how the parameters are written.
    """

    body: bytes | None
    growth: Growth | None
    spelling: Spelling


class How(Written, total=False):
    """How a request is sent, and how its answer is read.

    Attributes:
        either: whether the server cannot be expected to know the answer's format.
    """

    either: bool


@dataclass(frozen=True)
class Question:
    """A request, and the demand that its answer is held against.

    Attributes:
        params: the parameters.
        fmt: the format that they are written in.
        how: how the request travels.
        demand: sends a question; raises a `Breach` unless the answer is as it has to be.
    """

    params: Params
    fmt: Format
    how: How
    demand: "Callable[[Question], Reply]"

    @property
    def mode(self) -> str:
        """The matching mode, also where it is left out."""
        return str(self.params.get("matching", DEFAULT_MODE.name))

    @property
    def items(self) -> list[Item]:
        """The items of `data`."""
        data = self.params.get("data")
        return cast("list[Item]", data) if isinstance(data, list) else []

    def with_params(self, **changes: JsonValue) -> "Question":
        """The same with other parameters; None leaves one out."""
        params = {**self.params, **changes}
        return replace(
            self, params={name: value for name, value in params.items() if value is not None}
        )

    def with_items(self, items: Sequence[Item]) -> "Question":
        """The same about other items."""
        return replace(self, params={**self.params, "data": list(items)})

    def sent(self, **how: Any) -> "Question":
        """The same, sent in another way; None takes an option away."""
        options = {**self.how, **how}
        kept = {name: value for name, value in options.items() if value is not None}
        return replace(self, how=cast("How", kept))

    def ask(self) -> Reply:
        """Send it, and hold the answer against the demand."""
        return self.demand(self)
