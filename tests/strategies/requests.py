"""Items of every matching mode, and whole requests that the contract allows."""

from collections.abc import Mapping
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contracts.matching import DEFAULT_MODE, MODES, PROVIDERS, ItemKey
from contracts.model import FORMATS, Format, Item, JsonValue, Params
from tests.strategies.values import (
    emails,
    json_objects,
    json_texts,
    phones,
    profile_ids,
    xml_names,
    xml_texts,
    xml_values,
)

# A prefix keeps drawn values apart from those of known profiles.
_unknown_texts: Final = xml_texts.map("nobody {}".format)

_ITEM_VALUES: Final[Mapping[ItemKey, SearchStrategy[str | int]]] = {
    "email": emails,
    "phone": phones,
    "profile_id": profile_ids,
    "provider": st.sampled_from(PROVIDERS),
    "subscription_id": _unknown_texts,
    "field_value": _unknown_texts | st.integers(2**62, 2**63 - 1),
}


def items(mode: str) -> SearchStrategy[Item]:
    """Well-formed items of a mode that find nobody: the keys of one or of all its searches."""
    choices = {search.keys for search in MODES[mode].searches} | {MODES[mode].keys}
    return st.one_of([_with(keys) for keys in sorted(choices)])


def _with(keys: tuple[ItemKey, ...]) -> SearchStrategy[Item]:
    values: dict[str, SearchStrategy[JsonValue]] = {key: _ITEM_VALUES[key] for key in keys}
    return st.fixed_dictionaries(values)


def requests(
    fmt: Format = "json",
    *,
    mode: str | None = None,
    answer: Format | None = None,
    min_items: int = 1,
    max_items: int = 5,
) -> SearchStrategy[Params]:
    """Requests that keep the contract and find nobody, in any order of parameters.

    Args:
        fmt: the format that must be able to carry them.
        mode: their matching; None draws one.
        answer: their `format`; None draws one or leaves it out.
        min_items: items of `data` at least.
        max_items: items of `data` at most.
    """
    if mode is None:
        modes = st.sampled_from(sorted(MODES))
        return modes.flatmap(
            lambda drawn: requests(
                fmt, mode=drawn, answer=answer, min_items=min_items, max_items=max_items
            )
        )
    required: dict[str, SearchStrategy[JsonValue]] = {
        "token": st.just("abcdefghijklmnqrstuvwxyz"),
        "trigger_id": st.integers(1, 10**6),
        "data": st.lists(items(mode), min_size=min_items, max_size=max_items),
    }
    optional: dict[str, SearchStrategy[JsonValue]] = {
        "content": _objects(fmt),
        "custom_data": _objects(fmt),
        "attach": st.lists(_files(fmt), max_size=2),
        "skip_triggers": st.booleans(),
    }
    (optional if mode == DEFAULT_MODE.name else required)["matching"] = st.just(mode)
    if MODES[mode].field_name:
        required["field_name"] = st.just("Custom_ID")
    if answer is None:
        optional["format"] = st.sampled_from(FORMATS)
    else:
        required["format"] = st.just(answer)
    return st.fixed_dictionaries(required, optional=optional).flatmap(_in_any_order)


def _in_any_order(params: Params) -> SearchStrategy[Params]:
    return st.permutations(list(params.items())).map(dict)


def _objects(fmt: Format) -> SearchStrategy[Mapping[str, JsonValue]]:
    if fmt == "json":
        return json_objects()
    return st.dictionaries(xml_names, xml_values | st.lists(xml_values, max_size=3), max_size=3)


def _files(fmt: Format) -> SearchStrategy[Mapping[str, JsonValue]]:
    """File objects: a name and a data URL (facts.md, section 4)."""
    names = json_texts if fmt == "json" else xml_texts
    data = st.sampled_from(
        ("data:text/csv;base64,SEVMTE8K", "data:application/pdf;base64,JVBERg==")
    )
    return st.fixed_dictionaries({"name": names.map("{}.txt".format), "data": data})
