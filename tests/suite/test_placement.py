"""Where a target takes what the documentation places nowhere: tried once, then remembered."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from contracts import wire
from contracts.model import Format, Item, JsonValue, Params
from endpoint.answer import Answer, Call, Ending
from endpoint.guard import Guard
from endpoint.secret import Secret
from endpoint.target import Profile, PushSubscription, Safety, Target
from tests.asking.ask import Ask
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import NotRun, Unsupported

if TYPE_CHECKING:
    from endpoint.client import Client

ANN = "6606e08f10bcdd88297057a1"
BOB = "6606e08f10bcdd88297057b2"

Serves = Callable[[Mapping[str, JsonValue]], bool]
"""Whether a server understands a request."""


@dataclass
class Endpoint:
    """Stands in for the client: finds both profiles wherever it understands a request."""

    serves: Serves
    requests: list[Mapping[str, JsonValue]] = field(default_factory=list)

    def call(self, call: Call) -> Answer:
        """Answer a request, in the format that it asks for."""
        fmt: Format = "json" if call.media_type == "application/json" else "xml"
        request = cast("Mapping[str, JsonValue]", wire.decode(call.body or b"", fmt))
        self.requests.append(request)
        error: dict[str, JsonValue] = {"error": 400, "error_text": "Invalid request"}
        success: dict[str, JsonValue] = {
            "error": 0,
            "error_text": "Successful operation",
            "result": [{"profile_id": ANN}, {"profile_id": BOB}],
        }
        body = json.dumps(success if self.serves(request) else error).encode()
        return Answer(call, Ending.ANSWERED, "id", status=200, body=body)


def asking(serves: Serves, safety: Safety = Safety(live=False)) -> tuple[Ask, Endpoint]:  # noqa: B008 - frozen
    """A target that serves so, and what it was asked."""
    target = Target(
        name="placed",
        base_url="http://127.0.0.1:1",
        token=Secret("tok-3n4f9c1e"),
        trigger_id=8,
        field_name="Custom_ID",
        safety=safety,
        profiles=(
            Profile(ANN, push_subs=(PushSubscription("ios-apns", "a"),), custom_subs=("channel",)),
            Profile(BOB, push_subs=(PushSubscription("ios-firebase", "b"),)),
        ),
    )
    endpoint = Endpoint(serves)
    return Ask(target, cast("Client", endpoint), Guard(target.safety), Ledger()), endpoint


def first(request: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The first item of a request, an empty one where it has none."""
    return next(iter(cast("list[Mapping[str, JsonValue]]", request.get("data", []))), {})


def providers_at_the_top(request: Mapping[str, JsonValue]) -> bool:
    """Understand `provider` beside `data`, and nowhere else."""
    return isinstance(request.get("provider"), str) and "provider" not in first(request)


def providers_in_items(request: Mapping[str, JsonValue]) -> bool:
    """Understand `provider` in each item, and nowhere else."""
    return isinstance(first(request).get("provider"), str) and "provider" not in request


def names_in_items(request: Mapping[str, JsonValue]) -> bool:
    """Understand `field_name` in each item, and nowhere else."""
    return first(request).get("field_name") == "Custom_ID" and "field_name" not in request


def names_at_the_top(request: Mapping[str, JsonValue]) -> bool:
    """Understand `field_name` beside `data`, and nowhere else."""
    return request.get("field_name") == "Custom_ID" and "field_name" not in first(request)


def nothing(_: Mapping[str, JsonValue]) -> bool:
    """Understand nothing."""
    return False


PLACES: Mapping[str, tuple[str, Serves, str]] = {
    "provider in each item": ("push_sub", providers_in_items, "in each item"),
    "provider at the top": ("push_sub", providers_at_the_top, "at the top"),
    "field_name at the top": ("custom_sub", names_at_the_top, "at the top"),
    "field_name in each item": ("custom_sub", names_in_items, "in each item"),
    "provider nowhere": ("push_sub", nothing, "in each item"),
    "field_name nowhere": ("custom_sub", nothing, "at the top"),
}


@pytest.mark.parametrize(("mode", "serves", "place"), PLACES.values(), ids=PLACES)
def test_the_place_that_works_is_the_targets(mode: str, serves: Serves, place: str) -> None:
    """The first place by which a known profile is found; where neither works, the usual one."""
    ask, _ = asking(serves)

    assert ask.placement.of(mode) == place


def test_what_is_left_out_stays_out() -> None:
    """A request without `data` has none, wherever the target takes field_name."""
    ask, endpoint = asking(names_in_items)

    ask.raw(ask.batch("custom_sub", [], data=None), "json")

    assert "data" not in endpoint.requests[-1]


@pytest.mark.parametrize(("mode", "serves"), [row[:2] for row in PLACES.values()], ids=PLACES)
def test_a_request_is_sent_in_that_place(mode: str, serves: Serves) -> None:
    """Each request of the mode is served, once the place is known, where any is served."""
    ask, endpoint = asking(serves)
    ask.raw(ask.batch(mode, ask.known.some(mode), "json"), "json")

    assert serves(endpoint.requests[-1]) is (serves is not nothing)


def test_the_place_is_asked_for_once() -> None:
    """A target that takes the usual place is tried with one request, not with one each time."""
    ask, endpoint = asking(providers_in_items)
    params = ask.batch("push_sub", ask.known.some("push_sub"), "json")
    ask.raw(params, "json")
    ask.raw(params, "json")

    assert len(endpoint.requests) == 3


@pytest.mark.parametrize("mode", ["email", "custom", "profile_id"])
def test_other_modes_are_left_alone(mode: str) -> None:
    """A mode whose keys have a documented place is neither changed nor tried."""
    ask, endpoint = asking(nothing)
    params = ask.batch(mode, [{"email": "nobody@example.com"}], "json")

    assert ask.placement.placed(params) is params
    assert endpoint.requests == []


def test_a_request_without_field_name_stays_without() -> None:
    """What a test left out is not put back into the items."""
    ask, _ = asking(names_in_items)
    params = ask.batch("custom_sub", [{"field_value": "channel"}], "json", field_name=None)

    placed = ask.placement.placed(params)

    assert "field_name" not in placed
    assert "field_name" not in first(placed)


def test_items_of_two_providers_are_not_sent_under_one() -> None:
    """Where provider stands at the top, a batch of two providers cannot be said in one request.

    Sent with the first item's provider, the second profile is rightly not found, and a server
    that keeps its promises would be accused.
    """
    ask, _ = asking(providers_at_the_top)
    params = ask.batch("push_sub", ask.known.several("push_sub"), "json")

    with pytest.raises(Unsupported, match="one provider for all items, at the top"):
        ask.placement.placed(params)


def test_items_of_one_provider_are_sent_under_it() -> None:
    """Where provider stands at the top, a batch of one provider bears it there, once."""
    ask, _ = asking(providers_at_the_top)
    items: list[Item] = [{"provider": "ios-apns", "subscription_id": one} for one in ("a", "b")]

    placed = ask.placement.placed(ask.batch("push_sub", items, "json"))

    assert placed["provider"] == "ios-apns"
    assert placed["data"] == [{"subscription_id": "a"}, {"subscription_id": "b"}]


# ------------------------------------------------------------------ objects in XML

OBJECT: Mapping[str, JsonValue] = {"H1": "Привет"}


def elements(request: Mapping[str, JsonValue]) -> bool:
    """Understand an object in XML as elements."""
    return not isinstance(request.get("content"), str)


def text(request: Mapping[str, JsonValue]) -> bool:
    """Understand an object in XML as JSON text."""
    return isinstance(request.get("content"), str)


@pytest.mark.parametrize(
    ("serves", "expected"),
    [(elements, OBJECT), (text, '{"H1": "Привет"}'), (nothing, OBJECT)],
    ids=["elements", "text", "neither"],
)
def test_an_object_in_xml_as_the_target_takes_it(serves: Serves, expected: JsonValue) -> None:
    """As elements, or as JSON text; where neither is served, as elements."""
    ask, _ = asking(serves)

    assert ask.object_for("xml", OBJECT) == expected


def test_an_object_in_json_is_an_object() -> None:
    """JSON needs no trial."""
    ask, endpoint = asking(text)

    assert ask.object_for("json", OBJECT) is OBJECT
    assert endpoint.requests == []


# ------------------------------------------------------------------ live targets


def test_a_trial_counts_as_a_send() -> None:
    """A trial finds a known profile: on a live target it is a message to somebody."""
    ask, _ = asking(providers_in_items, Safety(live=True, max_sends=5))
    ask.placement.of("push_sub")

    assert ask.guard.sent == 1


def test_a_trial_beyond_the_budget_is_not_sent() -> None:
    """With the budget spent the test that would have tried it is not run."""
    ask, endpoint = asking(providers_in_items, Safety(live=True, max_sends=0))
    params: Params = ask.batch("push_sub", ask.known.some("push_sub"), "json")

    with pytest.raises(NotRun, match="max_sends = 0"):
        ask.raw(params, "json")
    assert endpoint.requests == []
