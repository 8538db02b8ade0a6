"""Where a target takes what the documentation places nowhere: tried once, then remembered.

`provider` of push_sub and `field_name` of custom_sub stand at the top in one reading and in each
item in the other; an object in XML is elements in one and JSON text in the other. The first
reading that finds a known profile is the target's own (facts.md, 11.5 and 11.7).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

from contracts import wire
from contracts.model import Item, JsonValue, Params
from tests.reporting.verdicts import Unsupported

if TYPE_CHECKING:
    from tests.asking.sending import Sending

IN_EACH_ITEM: Final = "in each item"
AT_THE_TOP: Final = "at the top"

USUAL: Final = {"push_sub": IN_EACH_ITEM, "custom_sub": AT_THE_TOP}
"""The placement that is tried first, and that the tests write."""

KEY: Final = {"push_sub": "provider", "custom_sub": "field_name"}


@dataclass
class Placement:
    """What one target takes where."""

    ask: "Sending"
    _found: dict[str, str] = field(default_factory=dict)
    _objects_as_text: bool | None = None
    _files_as_text: bool | None = None

    def of(self, mode: str) -> str:
        """Where the target takes the mode's key; the usual place where neither works."""
        if mode not in self._found:
            other = AT_THE_TOP if USUAL[mode] == IN_EACH_ITEM else IN_EACH_ITEM
            tried = next((place for place in (USUAL[mode], other) if self._works(mode, place)), "")
            self._found[mode] = tried or USUAL[mode]
        return self._found[mode]

    def placed(self, params: Params) -> Params:
        """The request with the mode's key where the target takes it.

        Raises:
            Unsupported: the target takes one provider for all items, and these have several.
        """
        mode = str(params.get("matching"))
        if mode not in USUAL or not isinstance(params.get("data"), list):
            return params
        return self._placed_at(self.of(mode), mode, params)

    def _placed_at(self, place: str, mode: str, params: Params) -> Params:
        items, key = cast("list[Item]", params["data"]), KEY[mode]
        if place == USUAL[mode] or (place == IN_EACH_ITEM and key not in params):
            return params
        if place == IN_EACH_ITEM:
            rest = {name: value for name, value in params.items() if name != key}
            return {**rest, "data": [{key: params[key], **item} for item in items]}
        values = [item.get(key) for item in items]
        if not values or None in values or len(set(values)) > 1:
            raise Unsupported(f"{mode}: the target takes one {key} for all items, at the top")
        without = [{k: v for k, v in item.items() if k != key} for item in items]
        return {**params, key: values[0], "data": without}

    def xml_object(self, value: Mapping[str, JsonValue]) -> JsonValue:
        """An object as the target takes it in XML."""
        if self._objects_as_text is None:
            sample: dict[str, JsonValue] = {"H1": "x"}
            self._objects_as_text = not self._accepts(content=sample) and self._accepts(
                content=json.dumps(sample)
            )
        return json.dumps(value, ensure_ascii=False) if self._objects_as_text else value

    def xml_files(self, files: Sequence[Mapping[str, JsonValue]]) -> JsonValue:
        """Files as the target takes them in XML."""
        if self._files_as_text is None:
            sample: list[JsonValue] = [{"name": "a.txt", "data": "data:text/plain;base64,QQ=="}]
            self._files_as_text = not self._accepts(attach=sample) and self._accepts(
                attach=json.dumps(sample)
            )
        return json.dumps(files, ensure_ascii=False) if self._files_as_text else list(files)

    def _works(self, mode: str, place: str) -> bool:
        identifier = next(iter(self.ask.known.oracle.identifiers(mode)), None)
        if identifier is None:
            return place == USUAL[mode]
        params = self.ask.batch(mode, [identifier.item], "json")
        body = wire.encode(self._placed_at(place, mode, params), "json")
        answer = self.ask.raw(params, "json", body=body)
        return self.ask.is_success(answer) and identifier.profile_id.encode() in answer.body

    def _accepts(self, **changes: JsonValue) -> bool:
        answer = self.ask.raw(self.ask.valid("xml", **changes), "xml")
        return self.ask.is_success(answer)
