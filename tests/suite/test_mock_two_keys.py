"""The mock on items with an e-mail and a phone of which one is nobody's."""

from collections.abc import Iterator

import pytest

from endpoint.mock import Running, running
from endpoint.mock.variants import VARIANTS
from tests.suite.mocking import TARGET, XML, as_json, as_xml, post

HALF_KNOWN = {
    "email_phone, the phone": {"email": "x@y.z", "phone": "+72"},
    "email_phone, the e-mail": {"email": "one@example.com", "phone": "+79"},
    "email_phone_sub, the phone": {"email": "x@y.z", "phone": "+74"},
    "email_phone_sub, the e-mail": {"email": "one.b@example.com", "phone": "+79"},
}
"""The mode, and which key of the item finds profile 1."""


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """A mock, faithful until it is told otherwise."""
    with running(TARGET) as started:
        yield started


@pytest.mark.parametrize("half", HALF_KNOWN)
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_known_key_finds(mock: Running, variant: str, half: str) -> None:
    """In no variant is a key that finds nobody in conflict with one that finds a profile."""
    mock.admin.set(variants=[variant])

    assert post(mock, as_json([HALF_KNOWN[half]], half.partition(",")[0])).found == ["1"]


@pytest.mark.parametrize("half", HALF_KNOWN)
def test_the_known_key_finds_in_xml(mock: Running, half: str) -> None:
    """In XML it is found as well."""
    mock.admin.set()
    item = "".join(f"<{key}>{value}</{key}>" for key, value in HALF_KNOWN[half].items())

    assert post(mock, as_xml(f"<data>{item}</data>" * 2, half.partition(",")[0]), XML).found == [
        "1"
    ]
