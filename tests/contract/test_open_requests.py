"""What no page tells about requests as such: tokens, formats, parameters, files, repeats.

These cases never fail for what they see: it is observed (facts.md, section 11). They stand apart
from their families because they come last, so that a small budget of sends goes to promises first.
"""

from collections.abc import Mapping
from typing import Final, TypedDict, cast
from urllib.parse import urlencode

import pytest

from contracts.model import JsonValue
from tests.asking import names
from tests.asking.ask import Ask, fresh_id
from tests.asking.cells import each_row
from tests.asking.repeats import WITHOUT_ID
from tests.asking.reply import Reply

WRONG: Final = "wrong-0123456789"

TOKENS: Final = {
    "access.body-or-header": ("body", "header"),
    "access.body-or-url": ("body", "URL"),
    "access.header-or-url": ("header", "URL"),
}

NO_RESOURCE: Final = 2_147_483_646
"""A number that no resource and no database would have."""

OF_SIBLINGS: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "parameters.resource-id": {"resource_id": NO_RESOURCE},
    "parameters.db-id": {"db_id": NO_RESOURCE},
    "parameters.timeout": {"timeout": {"days": 0, "hours": 0, "minutes": 0}},
    "parameters.subscription-filter": {
        "subscription_filter": {"email": {"email": "nobody@nobody.invalid", "not_strict": True}}
    },
}

ERRORS: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "parameters.missing-trigger-id-code": {"trigger_id": None},
    "parameters.unknown-trigger-code": {"trigger_id": 2_147_483_646},
    "parameters.missing-data-code": {"data": None},
    "parameters.data-empty-code": {"data": []},
    "parameters.unknown-matching-code": {"matching": "telepathy"},
    "parameters.missing-field-name-code": {
        "matching": "custom",
        "data": [{"field_value": "nobody-1"}],
    },
    "parameters.unknown-field-name-code": {
        "matching": "custom",
        "field_name": "No_such_field",
        "data": [{"field_value": "nobody-1"}],
    },
}
"""One thing wrong, in a request that finds nobody anyway."""

HELLO: Final = "data:text/csv;base64,SEVMTE8K"

FILES: Final[Mapping[str, Mapping[str, str]]] = {
    "payload.attach-prefix": {"name": "a.csv", "data": "SEVMTE8K"},
    "payload.attach-name": {"data": HELLO},
    "payload.attach-header": {"header": "a.csv", "data": HELLO},
    "payload.attach-uuid": {"name": "a.csv", "data": "7d444840-9dc0-4000-8000-0000deadbeef"},
    "payload.attach-url": {"name": "a.csv", "data": "https://nobody.invalid/a.csv"},
    "payload.attach-fields": {"name": "a.csv", "data": HELLO, "type": "text/csv"},
    "payload.bad-base64": {"name": "x.txt", "data": "data:text/plain;base64,%%%"},
}


class At(TypedDict):
    """Where a token stands outside the body."""

    headers: Mapping[str, str | None]
    query: str


def tried(ask: Ask, tokens: Mapping[str, str]) -> Reply:
    """The answer to a valid request with these tokens in these places."""
    header, url = tokens.get("header"), tokens.get("URL")
    at = At(
        headers={"Authorization": f"Bearer {header}"} if header else {},
        query=urlencode({"token": url}) if url else "",
    )
    params = ask.valid("json", token=tokens.get("body"))
    return ask.finds_at_most_or_is_refused(params, "json", either=True, **at)


@each_row(TOKENS)
def test_a_right_and_a_wrong_token(ask: Ask, clause: str) -> None:
    """With a right token in one place and a wrong one in another, one of them counts, or both."""
    first, second = TOKENS[clause]
    right = ask.target.token.reveal()

    by_first = tried(ask, {first: right, second: WRONG})
    by_second = tried(ask, {first: WRONG, second: right})

    ask.observe(names.counts(by_first, by_second, (first, second)))


@pytest.mark.clause("format.body-or-url")
def test_format_in_body_and_url(ask: Ask) -> None:
    """Format json in the body and xml in the URL: one of them counts, or the request is refused."""
    reply = ask.finds_at_most_or_is_refused(
        ask.valid("json"), "json", query="format=xml", either=True
    )

    ask.observe(names.format_of(reply, "URL"))


@pytest.mark.clause("format.accept")
def test_format_in_the_accept_header(ask: Ask) -> None:
    """Accept: application/xml, without format, is heeded, ignored or refused."""
    headers = {"Accept": "application/xml"}

    reply = ask.finds_at_most_or_is_refused(ask.valid(), "json", headers=headers, either=True)

    ask.observe(names.heeded(reply))


@pytest.mark.clause("format.body-or-accept")
def test_format_in_body_and_accept_header(ask: Ask) -> None:
    """Format json in the body and Accept: application/xml: one of them counts."""
    headers = {"Accept": "application/xml"}

    reply = ask.finds_at_most_or_is_refused(ask.valid("json"), "json", headers=headers, either=True)

    ask.observe(names.format_of(reply, "header"))


@each_row(OF_SIBLINGS)
def test_a_parameter_of_siblings(ask: Ask, clause: str) -> None:
    """A parameter that only siblings document is passed over, heeded or refused."""
    reply = ask.finds_at_most_or_is_refused(ask.valid("json", **OF_SIBLINGS[clause]), "json")

    ask.observe(names.taken(reply))


@each_row(ERRORS)
def test_the_number_of_an_error(ask: Ask, clause: str) -> None:
    """One thing wrong is answered with a number of its own, with 400, or not as an error."""
    ask.about("batch.nobody-else")

    reply = ask.finds_nobody(ask.nobody("json", **ERRORS[clause]), "json")

    ask.observe(names.number(reply), clause)


@each_row(FILES)
def test_an_odd_file(ask: Ask, clause: str) -> None:
    """A File object of another shape is taken, keeps the campaign from everybody, or is refused."""
    params = ask.valid("json", attach=[cast("JsonValue", FILES[clause])])

    reply = ask.finds_at_most_or_is_refused(params, "json")

    ask.observe(names.taken(reply))


@pytest.mark.clause("payload.xml-attach-plain")
def test_a_single_attach_element(ask: Ask) -> None:
    """One attach element without array='true' is a file, or the request is refused."""
    params = ask.valid("xml", attach=[{"name": "a.csv", "data": HELLO}])
    body = ask.encode(params, "xml").replace(b"<attach array='true'>", b"<attach>")

    reply = ask.finds_at_most_or_is_refused(params, "xml", body=body)

    ask.observe(names.taken(reply))


@pytest.mark.clause("payload.xml-objects-form")
def test_the_form_of_objects_in_xml(ask: Ask) -> None:
    """Content in XML is taken as elements, as JSON text, or as both."""
    elements = ask.finds_at_most_or_is_refused(ask.valid("xml", content={"H1": "x"}), "xml")
    text = ask.finds_at_most_or_is_refused(ask.valid("xml", content='{"H1": "x"}'), "xml")

    ask.observe(names.forms(elements, text))


@pytest.mark.clause("spelling.other-media-type")
def test_another_media_type(ask: Ask) -> None:
    """A JSON request sent as text/plain is served or refused."""
    reply = ask.finds_at_most_or_is_refused(
        ask.valid("json"), "json", media_type="text/plain", either=True
    )

    ask.observe(names.taken(reply))


def repeated(ask: Ask, headers: Mapping[str, str | None]) -> Reply:
    """The answer to the second of two requests that are the same, headers and all."""
    # New to the target in each run: otherwise the first one might be a repeat itself.
    params = ask.valid("json", content={"H1": fresh_id()})
    ask.finds_at_most_or_is_refused(params, "json", headers=headers)
    return ask.finds_at_most_or_is_refused(params, "json", headers=headers)


@pytest.mark.clause("dedup.checksum")
def test_a_repeat_without_request_id(ask: Ask) -> None:
    """The same request without any request id is marked as a repeat, or not."""
    reply = repeated(ask, WITHOUT_ID)

    ask.observe(names.marked(reply))


@pytest.mark.clause("dedup.id-header")
def test_a_repeat_by_one_header(ask: Ask) -> None:
    """A repeat whose id stands in one header only is marked as one, or not."""
    by_request_id = repeated(ask, {"Request-ID": fresh_id(), "X-Request-ID": None})
    by_x_request_id = repeated(ask, {"Request-ID": None, "X-Request-ID": fresh_id()})

    ask.observe(names.id_header(by_request_id, by_x_request_id))


@pytest.mark.clause("dedup.errors")
def test_a_repeat_of_a_refused_request(ask: Ask) -> None:
    """The same refused request with its request id is marked as a repeat, or not."""
    request_id = fresh_id()
    ask.finds_nobody(ask.valid("json", data=None), "json", request_id=request_id)

    reply = ask.finds_nobody(ask.valid("json", data=None), "json", request_id=request_id)

    ask.observe(names.marked(reply))
