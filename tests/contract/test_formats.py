"""JSON and XML, in and out (SEED: parameter table, format; both tabs of every example)."""

import pytest

from contracts.model import Format
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.ways import WAYS, each_way


@pytest.mark.clause("format.json-answer", "format.json-request")
@each_mode
def test_json_in_json_out(ask: Ask, known: Known, mode: str) -> None:
    """A JSON request with format json is answered in JSON."""
    ask.finds(ask.batch(mode, known.several(mode), "json"), "json")


@pytest.mark.clause("format.xml-answer", "format.xml-request")
@each_mode
def test_xml_in_xml_out(ask: Ask, known: Known, mode: str) -> None:
    """An XML request with format xml is answered in XML."""
    ask.finds(ask.batch(mode, known.several(mode), "xml"), "xml")


@pytest.mark.clause("format.default")
@each_mode
@each_format
def test_without_format_the_answer_is_json(ask: Ask, known: Known, mode: str, fmt: Format) -> None:
    """Left out, format is json, whatever the request is written in."""
    ask.finds(ask.batch(mode, known.several(mode)), fmt)


@pytest.mark.clause("format.default")
@each_way
@each_format
def test_without_format_however_it_travels(ask: Ask, fmt: Format, way: str) -> None:
    """Left out, format is json, however the request travels."""
    ask.finds(ask.valid(), fmt, **WAYS[way])


@pytest.mark.clause("format.errors")
@each_way
@each_pair
def test_an_error_however_it_travels(ask: Ask, formats: Formats, way: str) -> None:
    """An error comes in the format that was asked for, however the request travels."""
    ask.refuses(ask.valid(formats.answer, trigger_id=None), formats.request, **WAYS[way])


@pytest.mark.clause("format.agree")
@each_mode
@each_pair
def test_all_formats_find_the_same(ask: Ask, known: Known, mode: str, formats: Formats) -> None:
    """In each combination of formats the same batch finds the same profiles."""
    ask.finds(ask.batch(mode, known.several(mode), formats.answer), formats.request)


@pytest.mark.clause("format.errors")
@pytest.mark.parametrize(
    "wrong",
    [{"token": None}, {"token": "wrong-0123456789"}, {"trigger_id": None}, {"data": None}],
    ids=["no token", "wrong token", "no trigger_id", "no data"],
)
@pytest.mark.parametrize("answer", ["json", "xml", None], ids=["json", "xml", "default"])
@each_format
def test_errors_come_in_the_format_asked_for(
    ask: Ask, fmt: Format, answer: Format | None, wrong: dict[str, str | None]
) -> None:
    """An error is answered in JSON or XML as format says, in JSON where it says nothing."""
    ask.refuses(ask.valid(answer, **wrong), fmt)


@pytest.mark.clause("format.in-url")
def test_format_in_the_url(ask: Ask) -> None:
    """?format=xml instead of the body's format is heeded, ignored or refused."""
    reply = ask.finds_or_is_refused(ask.valid(), "json", query="format=xml", either=True)

    ask.observe(names.heeded(reply))


@pytest.mark.clause("format.unknown")
def test_unknown_format(ask: Ask) -> None:
    """An unknown format is answered in JSON, refused in JSON, or otherwise."""
    answer = ask.raw({**ask.valid("json"), "format": "csv"}, "json")

    ask.observe(names.unknown_format(answer, served=ask.is_success(answer)))
