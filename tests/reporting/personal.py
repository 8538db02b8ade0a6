"""What profiles can be found by, shortened: a report travels further than the target file.

The profiles of a target file were made for testing, but are real ones, with addresses and numbers
that somebody may read. Ids stay: they tell nothing to who has no access to the platform.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from endpoint.target import MOCK_FILE, Profile, Target
from endpoint.target import load as target_of

SHORTEST: Final = 6
"""Characters: a shorter value (`003`) stands in much text that is about nobody."""

KEPT: Final = 2
"""Characters that stay at either end."""


@dataclass(frozen=True)
class Personal:
    """The values of some profiles, found in a text in the spellings that requests give them."""

    profiles: tuple[Profile, ...] = ()

    def shortened(self, text: str) -> str:
        """The text with each value cut down to its ends."""
        return self._pattern.sub(_short, text) if self._pattern else text

    def stands_in(self, text: str) -> bool:
        """Whether a text holds such a value."""
        return bool(self._pattern and self._pattern.search(text))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        values = {one for profile in self.profiles for one in _values(profile)}
        spelled = {each for one in values if len(one) >= SHORTEST for each in _spellings(one)}
        longest_first = sorted(spelled, key=len, reverse=True)
        if not longest_first:
            return None
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def of(target: Target, *, shown: bool) -> Personal:
    """What is to be shortened for a target.

    Args:
        target: who is asked.
        shown: whether all is to be shown as it is. The embedded mock's own profiles are nobody's.
    """
    is_nobody = target.is_mock and target.profiles == target_of(MOCK_FILE).profiles
    return Personal() if shown or is_nobody else Personal(target.profiles)


def _values(profile: Profile) -> Iterator[str]:
    yield from filter(None, (profile.email, *profile.phones, *profile.email_subs))
    yield from profile.phone_subs
    yield from (one.subscription_id for one in profile.push_subs)
    yield from (str(one) for one in (profile.custom, *profile.custom_subs) if one is not None)


def _spellings(value: str) -> Iterator[str]:
    yield value
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
    yield escape(value)
    yield quote(value, safe="")


def _short(found: re.Match[str]) -> str:
    name, at, domain = found[0].partition("@")
    if at and len(name) > 2 * KEPT:
        return f"{name[:KEPT]}…{at}{domain}"
    return f"{found[0][:KEPT]}…{found[0][-KEPT:]}"
