"""What was asked is counted: by mode, formats and kind, and bodies by size."""

import pytest

from contracts.model import Format
from endpoint.answer import Answer, Call, Ending, Upload
from tests.asking.ask import Ask
from tests.asking.purposes import DEMANDS, Purpose
from tests.asking.sized import Sized
from tests.reporting.ledger import Ledger
from tests.reporting.traffic import Fate, Kind, Meant, Traffic, fate_of, kinds_of

SERVED = b'{"error":0,"error_text":"Successful operation","result":[]}'


def meant(
    items: int = 1,
    purpose: Purpose = Purpose.FOUND,
    answer: Format | None = "json",
    *,
    mode: str = "email",
    respelled: bool = False,
) -> Meant:
    """A JSON request."""
    return Meant(mode, "json", answer, items, purpose, respelled)


def answered(body: bytes = SERVED, size: int = 100, upload: Upload = Upload.LENGTH) -> Answer:
    """An answer to a body of some size."""
    return Answer(Call(b"x" * size, upload=upload), Ending.ANSWERED, "id", 200, body=body)


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        (SERVED, Fate.SERVED),
        (b'{ "result": [], "error_text": "x", "error" : 0 }', Fate.SERVED),
        (b'{"error":400,"error_text":"x"}', Fate.REFUSED),
        (b'{"error":-1}', Fate.REFUSED),
        (b"<xml><error>0</error></xml>", Fate.SERVED),
        (b"<xml>\n<error> 403 </error></xml>", Fate.REFUSED),
        (b'{"error_debug":"{\\"error\\":0}","error":500}', Fate.REFUSED),
        (b'{"result":[' + b" " * 9_000_000 + b'],"error":0}', Fate.SERVED),
        (b"<html>", Fate.UNREADABLE),
        (b"", Fate.UNREADABLE),
    ],
    ids=range(10),
)
def test_the_ends_of_an_answer_tell_what_became_of_its_request(body: bytes, fate: Fate) -> None:
    """Its error number tells, in either format, whatever the order of keys."""
    assert fate_of(answered(body)) is fate


def test_a_request_without_an_answer_is_told_from_one_that_was_refused() -> None:
    """A reset is neither served nor refused."""
    assert fate_of(Answer(Call(b""), Ending.RESET, "id")) is Fate.UNANSWERED


@pytest.mark.parametrize(
    ("what", "answer", "kinds"),
    [
        (meant(1), answered(), {Kind.ONE}),
        (meant(999), answered(), {Kind.SOME}),
        (meant(1_000), answered(), {Kind.THOUSANDS}),
        (meant(2), answered(size=1_000_000), {Kind.SOME, Kind.MEGABYTES}),
        (meant(2), answered(upload=Upload.CHUNKED), {Kind.SOME, Kind.IN_PARTS}),
        (meant(1, respelled=True), answered(), {Kind.ONE, Kind.RESPELLED}),
        (meant(1, Purpose.WRONG), answered(size=2_000_000), {Kind.WRONG}),
        (meant(1, Purpose.NOBODY), answered(), {Kind.NOBODY}),
        (meant(1, Purpose.TOO_LARGE), answered(), {Kind.TOO_LARGE}),
        (meant(1, Purpose.PROBE), answered(), {Kind.OPEN}),
        (meant(1, Purpose.OPEN), answered(), {Kind.OPEN}),
        (meant(0), answered(), {Kind.OPEN}),
    ],
    ids=range(12),
)
def test_a_request_is_of_every_kind_that_it_is_of(
    what: Meant, answer: Answer, kinds: set[Kind]
) -> None:
    """What is to be found is told by how it is put; all else by what it is for."""
    assert set(kinds_of(what, answer)) == kinds


@pytest.mark.parametrize(
    "what", [meant(mode="telepathy"), meant(answer=None)], ids=["mode", "format"]
)
def test_what_stands_in_no_cell_is_counted_all_the_same(what: Meant) -> None:
    """An unknown mode or format is a request, and exercises no cell."""
    traffic = Traffic()
    traffic.note(what, answered())

    assert traffic.noted == 1
    assert not any(cell.fates for cell in traffic.grid())


@pytest.mark.parametrize(("size", "kept"), [(7, 7), (123, 120), (65_535, 65_000), (65_536, 65_536)])
def test_sizes_are_kept_to_the_byte_where_that_matters(size: int, kept: int) -> None:
    """Of small bodies two digits are enough for a picture, and few keys."""
    traffic = Traffic()
    traffic.note(meant(), answered(size=size))

    assert [rung.size for rung in traffic.ladder()] == [kept]


@pytest.mark.parametrize("what", [meant(1, Purpose.WRONG), meant(0)], ids=["wrong", "empty"])
def test_what_may_be_refused_for_other_reasons_is_no_rung(what: Meant) -> None:
    """A wrong token says nothing of the limit, nor does a request without items."""
    traffic = Traffic()
    traffic.note(what, answered())

    assert traffic.ladder() == []


def test_counts_survive_the_way_to_another_process() -> None:
    """What two processes asked adds up."""
    here, there = Ledger(), Ledger()
    for ledger in (here, there):
        ledger.traffic.note(meant(), answered())
    here.merge(there.as_data())

    assert here.traffic.noted == 2
    assert [cell.fates for cell in here.traffic.grid() if cell.fates] == [{"served": 2}]
    assert [rung.times for rung in here.traffic.ladder()] == [2]


def test_what_is_asked_aside_exercises_nothing() -> None:
    """Explaining a breach fills no cell of the grid."""
    ledger = Ledger()
    with ledger.aside():
        ledger.traffic.note(meant(), answered())

    assert ledger.traffic.noted == 0


def test_every_demand_says_what_it_is_for() -> None:
    """A new demand needs a row in the table, or its requests would count as open."""
    demands = {
        name
        for owner in (Ask, Sized)
        for name in vars(owner)
        if name.startswith(("_finds", "_refuse"))
    }

    assert demands == set(DEMANDS)
