"""From the items of a request to the profiles that they find."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from contracts.matching import DEFAULT_MODE, MODES, Mode
from endpoint.mock.behaviour import Behaviour
from endpoint.mock.expanding import expanded
from endpoint.mock.model import Block, Call, Found, Hits, Items, Request, Settings, Value
from endpoint.mock.population import Population, identifiers, pair
from endpoint.mock.reading import refuse

PUSH: Final = ("provider", "subscription_id")

Column = list[Value | None]


def search(call: Call, request: Request, population: Population) -> Found:
    """Who is found by the items of a request.

    Raises:
        Refused: the search cannot be made, or the policy refuses these items.
    """
    settings, behaviour = population.settings, population.behaviour
    mode = DEFAULT_MODE if request.matching is None else MODES.get(request.matching)
    if mode is None:
        if behaviour.unknown_matching == "refused":
            refuse("unknown matching")
        return []
    items = expanded(request.items or Items(0, {}), mode, request, behaviour)
    if mode.field_name and not _right_field(mode, request, items, settings, behaviour):
        return []
    if behaviour.odd_items == "refused":
        _refuse_odd(mode, items, request)
    found = _find(request, items, mode, population)
    return _arranged(call, request, found, behaviour)


def _right_field(
    mode: Mode, request: Request, items: Items, settings: Settings, behaviour: Behaviour
) -> bool:
    """Whether the custom field that is asked for is the one that exists."""
    name: object = request.field_name
    only_in_item = behaviour.custom_sub_in_item and mode.name == "custom_sub"
    if only_in_item or (name is None and behaviour.field_name_in_item):
        names = items.columns["field_name"]
        name = names[0] if items.count and all(names) else None
    if not name and behaviour.missing_field_name == "nobody":
        return False
    if not name:
        refuse("field_name is required")
    if name == settings.field_name:
        return True
    if behaviour.unknown_field_name == "refused":
        refuse("unknown field_name")
    return False


def _refuse_odd(mode: Mode, items: Items, request: Request) -> None:
    for at in range(items.count):
        if not any(
            all(
                items.columns[key][at] not in {None, ""} or (key == "provider" and request.provider)
                for key in one.keys
            )
            for one in mode.searches
        ):
            refuse(f"data[{at}]: no key of {mode.name}")


def _find(request: Request, items: Items, mode: Mode, population: Population) -> Found:
    behaviour = population.behaviour
    found: list[Block | Hits] = []
    for keys, table in population.tables(mode, request.format).items():
        column = _column(keys, items, request, behaviour)
        compared = table.compared
        if compared:
            column = [None if value is None else compared(value) for value in column]
        found.append(_told_apart(table.find(column, repeats=behaviour.repeats), behaviour))
    found = [hits for hits in found if hits]
    seam = behaviour.seams.hits
    if len(found) == 1 and isinstance(found[0], Block) and not seam:
        return found[0]
    hits = _merged([_as_hits(part) for part in found], behaviour)
    if seam:
        hits = seam(request, hits)
    ids = [profile_id for _, profiles in hits for profile_id in profiles]
    return ids if behaviour.repeats else list(dict.fromkeys(ids))


def _column(keys: tuple[str, ...], items: Items, request: Request, behaviour: Behaviour) -> Column:
    """One value for each item; the two keys of a push subscription become one."""
    if keys != PUSH:
        return items.columns[keys[0]]
    default = request.provider if behaviour.push_at_top else None
    if not behaviour.push_in_item:
        items.columns["provider"] = [default] * items.count
    return [
        pair(str(provider or default), str(subscription_id))
        if (provider or default) and subscription_id is not None
        else None
        for provider, subscription_id in zip(*(items.columns[key] for key in PUSH), strict=True)
    ]


def _told_apart(found: Block | Hits, behaviour: Behaviour) -> Block | Hits:
    """What becomes of items that find several profiles by one value."""
    if behaviour.ambiguous == "all" or isinstance(found, Block):
        return found
    several = any(len(profiles) > 1 for _, profiles in found)
    if several and behaviour.ambiguous == "refused":
        refuse("data: several profiles for one item")
    if behaviour.ambiguous == "nobody":
        return [(at, profiles) for at, profiles in found if len(profiles) == 1]
    return [(at, profiles[:1]) for at, profiles in found]


def _as_hits(found: Block | Hits) -> Hits:
    if isinstance(found, Block):
        return [(at, (profile_id,)) for at, profile_id in enumerate(identifiers(found))]
    return found


def _merged(parts: Sequence[Hits], behaviour: Behaviour) -> Hits:
    """The hits of a mode's keys in the order of the items."""
    if len(parts) == 1:
        return sorted(parts[0], key=itemgetter(0))
    at_item: dict[int, list[tuple[str, ...]]] = {}
    for part in parts:
        for at, profiles in part:
            at_item.setdefault(at, []).append(profiles)
    return [(at, _one_item(at_item[at], behaviour)) for at in sorted(at_item)]


def _one_item(found: list[tuple[str, ...]], behaviour: Behaviour) -> tuple[str, ...]:
    """Whom one item finds by two keys: e-mail first, then phone."""
    profiles = tuple(dict.fromkeys(profile_id for part in found for profile_id in part))
    if len(set(found)) == 1:
        return profiles
    match behaviour.conflict:
        case "both":
            return profiles
        case "email":
            return found[0]
        case "phone":
            return found[-1]
        case "nobody":
            return ()
        case "refused":
            return refuse("data: e-mail and phone of two profiles")


def _arranged(call: Call, request: Request, found: Found, behaviour: Behaviour) -> Found:
    """The found profiles in the order that the policy gives; then the defects' seam."""
    if behaviour.order == "reversed":
        found = identifiers(found)[::-1]
    elif behaviour.order == "sorted":
        found = sorted(identifiers(found))
    if behaviour.seams.ids:
        found = behaviour.seams.ids(call, request, identifiers(found))
    return found
