"""The eleven matching modes as one table: what an item holds, and what is searched.

Source: the `matching` row of the endpoint's page for the names, the pages "Matching" and
"Data array" for keys and places (facts.md, section 1). The schemas, the generators, the
mock and the report all read this table; none of them repeats it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Place = Literal[
    "profile_id",
    "email",
    "phones",
    "custom",
    "email_subs",
    "phone_subs",
    "push_subs",
    "custom_subs",
]
"""Where a profile keeps a value: the keys of a profile in a target file."""

ItemKey = Literal["email", "phone", "profile_id", "provider", "subscription_id", "field_value"]


@dataclass(frozen=True, slots=True)
class Search:
    """One way in which a mode finds a profile: these keys of the item, in that place."""

    keys: tuple[ItemKey, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mode:
    """One value of `matching`.

    Attributes:
        name: the parameter's value.
        searches: what the documentation says is searched; an item needs the keys of one.
        open_searches: what one page says is searched and another page does not.
        field_name: whether the request must name the custom field in `field_name`.
    """

    name: str
    searches: tuple[Search, ...]
    open_searches: tuple[Search, ...] = ()
    field_name: bool = False

    @property
    def keys(self) -> tuple[ItemKey, ...]:
        """The keys that an item of this mode may hold, each once, in table order."""
        return tuple(dict.fromkeys(key for search in self.searches for key in search.keys))

    @property
    def places(self) -> frozenset[Place]:
        """Where this mode looks, by any reading of the documentation."""
        return frozenset(search.place for search in (*self.searches, *self.open_searches))


def _by(key: ItemKey, *places: Place) -> tuple[Search, ...]:
    return tuple(Search((key,), place) for place in places)


MODES: Final[Mapping[str, Mode]] = {
    mode.name: mode
    for mode in (
        Mode("email", _by("email", "email", "email_subs")),
        Mode("email_profile", _by("email", "email")),
        Mode("email_sub", _by("email", "email_subs")),
        Mode("phone", _by("phone", "phones", "phone_subs")),
        Mode("phone_sub", _by("phone", "phone_subs")),
        Mode("profile_id", _by("profile_id", "profile_id")),
        Mode("push_sub", (Search(("provider", "subscription_id"), "push_subs"),)),
        Mode("custom", _by("field_value", "custom"), field_name=True),
        Mode("custom_sub", _by("field_value", "custom_subs"), field_name=True),
        # "by email or phone, from profile" says one page, "from profile and
        # subscriptions" another: finding a subscription's profile is neither
        # demanded nor forbidden.
        Mode(
            "email_phone",
            (*_by("email", "email"), *_by("phone", "phones")),
            open_searches=(*_by("email", "email_subs"), *_by("phone", "phone_subs")),
        ),
        Mode("email_phone_sub", (*_by("email", "email_subs"), *_by("phone", "phone_subs"))),
    )
}

DEFAULT_MODE: Final = MODES["email"]

PROVIDERS: Final = (
    "android-firebase",
    "android-huawei",
    "android-rustore",
    "ios-apns",
    "ios-firebase",
    "ios-huawei",
)
"""The `provider` strings of the official SDKs (facts.md, section 1); more may exist."""
