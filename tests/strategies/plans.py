"""Plans of batches: drawn small and without a target, filled in with a target's profiles."""

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Known:
    """An item that finds a known profile: the `index`-th identifier, counted around."""

    index: int


@dataclass(frozen=True, slots=True)
class Nobody:
    """A well-formed item that finds nobody."""

    number: int


Pick = Known | Nobody
Plan = tuple[Pick, ...]

_known = st.builds(Known, st.integers(0, 999))
_nobody = st.builds(Nobody, st.integers(0, 99_999_999))


def batch_plans(max_items: int = 12) -> st.SearchStrategy[Plan]:
    """Batches of 1 to `max_items` items: found or not, once or twice, in any order."""
    return st.lists(st.one_of(_known, _nobody), min_size=1, max_size=max_items).map(tuple)


def found_plans(max_items: int = 12) -> st.SearchStrategy[Plan]:
    """Batches in which at least one item finds a profile."""
    return batch_plans(max_items).filter(lambda plan: any(isinstance(x, Known) for x in plan))


def unmatched_plans(max_items: int = 4) -> st.SearchStrategy[Plan]:
    """Batches in which no item finds anybody."""
    return st.lists(_nobody, min_size=1, max_size=max_items).map(tuple)
