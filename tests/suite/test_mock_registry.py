"""The registries of variants and defects are complete and say what they are."""

from contracts.clauses import load
from endpoint.mock.behaviour import FAITHFUL
from endpoint.mock.configuration import Configuration
from endpoint.mock.defects import DEFECTS
from endpoint.mock.model import Settings
from endpoint.mock.variants import VARIANTS

SETTINGS = Settings(token="t", trigger_id=1, field_name="F")


def test_every_defect_breaks_a_clause_that_can_be_broken() -> None:
    """A defect names a clause that exists and is not open."""
    clauses = load()

    assert [one.name for one in DEFECTS.values() if clauses[one.clause].status == "open"] == []


def test_every_clause_has_a_defect() -> None:
    """A clause that no defect breaks would be held by a check that nobody has seen fail."""
    broken = {one.clause for one in DEFECTS.values()}
    checkable = [one for one in load().values() if one.status != "open"]

    assert [one.id for one in checkable if one.id not in broken] == []


def test_every_variant_changes_the_behaviour() -> None:
    """A variant sets fields that exist, to other values than the default."""
    same = [name for name in VARIANTS if Configuration(SETTINGS, (name,)).behaviour() == FAITHFUL]

    assert same == []


def test_every_defect_hooks_in() -> None:
    """A defect sets at least one seam."""
    assert [name for name, one in DEFECTS.items() if one.seams == FAITHFUL.seams] == []


def test_all_variants_combine() -> None:
    """Any variants can be set together."""
    assert Configuration(SETTINGS, tuple(VARIANTS)).behaviour().pretty
