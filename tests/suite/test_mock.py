"""The embedded mock serves what the documentation promises."""

import json
from collections.abc import Iterator

import pytest

from endpoint.mock import Running, running
from tests.suite.mocking import JSON, ONE, TARGET, TOKEN, TWO_XML, XML, as_json, as_xml, post, raw


@pytest.fixture(scope="module")
def mock() -> Iterator[Running]:
    """A faithful mock with a million synthetic profiles."""
    with running(TARGET, synthetic=1_000_000) as started:
        yield started


def test_json_example(mock: Running) -> None:
    """The page's JSON answer: error, error_text, result of objects."""
    answer = post(mock, as_json([{"email": "one@example.com"}, {"email": "two@example.com"}]))

    assert answer.json == {
        "error": 0,
        "error_text": "Successful operation",
        "result": [
            {"profile_id": "aaaaaaaaaaaaaaaaaaaaaaa1"},
            {"profile_id": "aaaaaaaaaaaaaaaaaaaaaaa2"},
        ],
    }


def test_xml_example(mock: Running) -> None:
    """The page's XML answer: a result element for each profile."""
    answer = post(mock, as_xml(TWO_XML + "<data><email>two@example.com</email></data>"), XML)

    assert answer.body == (
        b"<xml><error>0</error><error_text>Successful operation</error_text>"
        b"<result><profile_id>aaaaaaaaaaaaaaaaaaaaaaa1</profile_id></result>"
        b"<result><profile_id>aaaaaaaaaaaaaaaaaaaaaaa2</profile_id></result></xml>"
    )


@pytest.mark.parametrize(
    ("matching", "item", "found"),
    [
        (None, {"email": "one.b@example.com"}, ["1"]),
        ("email", {"email": "one@example.com"}, ["1"]),
        ("email", {"email": "One@example.com"}, []),
        ("email_profile", {"email": "one.a@example.com"}, []),
        ("email_sub", {"email": "one.b@example.com"}, ["1"]),
        ("email_sub", {"email": "one@example.com"}, []),
        ("phone", {"phone": "+72"}, ["1"]),
        ("phone", {"phone": "+74"}, ["1"]),
        ("phone_sub", {"phone": "+74"}, ["1"]),
        ("phone_sub", {"phone": "+72"}, []),
        ("profile_id", {"profile_id": "aaaaaaaaaaaaaaaaaaaaaaa3"}, ["3"]),
        ("push_sub", {"provider": "ios-apns", "subscription_id": "d1"}, ["1"]),
        ("push_sub", {"provider": "android-huawei", "subscription_id": "d1"}, ["2"]),
        ("push_sub", {"provider": "android-huawei", "subscription_id": "d2"}, []),
        ("custom", {"field_value": "003"}, ["1"]),
        ("custom", {"field_value": 3}, ["2"]),
        ("custom", {"field_value": "3"}, []),
        ("custom", {"field_value": 2**53 + 1}, ["3"]),
        ("custom_sub", {"field_value": 2**53 + 1}, ["2"]),
        ("custom_sub", {"field_value": 2**53}, ["3"]),
        ("custom_sub", {"field_value": "003"}, []),
        ("email_phone", {"email": "one@example.com", "phone": "+75"}, ["1", "2"]),
        ("email_phone", {"phone": "+73"}, []),
        ("email_phone_sub", {"phone": "+73"}, ["1"]),
        ("email_phone_sub", {"email": "one@example.com"}, []),
        ("email", {"phone": "+71"}, []),
    ],
)
def test_modes_in_json(
    mock: Running, matching: str | None, item: dict[str, object], found: list[str]
) -> None:
    """Each mode finds where it should, and nowhere else."""
    assert post(mock, as_json([item], matching)).found == found


@pytest.mark.parametrize(
    ("matching", "item", "found"),
    [
        ("email", "<email>one.b@example.com</email>", ["1"]),
        ("email", "<email>one@ex<![CDATA[ample]]>&#46;com</email>", ["1"]),
        ("phone_sub", "<phone>+74</phone>", ["1"]),
        ("push_sub", "<subscription_id>d1</subscription_id><provider>ios-apns</provider>", ["1"]),
        ("custom", "<field_value>003</field_value>", ["1"]),
        ("custom", "<field_value>3</field_value>", ["2"]),
        ("custom", "<field_value>9007199254740993</field_value>", ["3"]),
        ("custom", "<field_value>9007199254740992</field_value>", []),
        ("email_phone", "<phone>+75</phone><email>one@example.com</email>", ["1", "2"]),
        ("email", "<content><email>one@example.com</email></content>", []),
    ],
)
def test_modes_in_xml(mock: Running, matching: str, item: str, found: list[str]) -> None:
    """In XML text finds the string that it is and the integer of exactly these digits."""
    body = as_xml(f"<data>{item}</data><data><phone>0</phone></data>", matching)

    assert post(mock, body, XML).found == found


@pytest.mark.parametrize("fmt", ["json", "xml"])
def test_answer_format(mock: Running, fmt: str) -> None:
    """The parameter format says how the answer is written, the body's format does not."""
    by_json = post(mock, as_json(ONE, format=fmt))
    by_xml = post(mock, as_xml(TWO_XML, more=f"<format>{fmt}</format>"), XML)

    assert by_json.body == by_xml.body


def test_format_defaults_to_json(mock: Running) -> None:
    """Without format the answer is JSON, also to XML."""
    assert post(mock, as_xml(TWO_XML, more=""), XML).json["error"] == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"token": None}, 401),
        ({"token": "wrong"}, 403),
        ({"trigger_id": None}, 400),
        ({"trigger_id": 9}, 400),
        ({"trigger_id": "8"}, 400),
        ({"matching": "none"}, 400),
        ({"matching": "custom"}, 400),
        ({"skip_triggers": "false"}, 400),
        ({"attach": [{"data": "data:text/plain;base64,!", "name": "a"}]}, 400),
    ],
)
def test_refusals_in_the_asked_format(mock: Running, change: dict[str, object], error: int) -> None:
    """What is missing or wrong is refused, in XML where XML was asked for."""
    request = {**json.loads(as_json(ONE, format="xml")), **change}
    answer = post(mock, json.dumps(request).encode())

    assert ("error", str(error)) in answer.xml
    assert TOKEN.encode() not in answer.body


@pytest.mark.parametrize("cut", [1, 2, 20])
def test_malformed_is_refused(mock: Running, cut: int) -> None:
    """A body that breaks off is answered with an error."""
    assert post(mock, as_json(ONE)[:-cut]).json["error"] == 400


def test_payload_is_accepted(mock: Running) -> None:
    """content, custom_data, attach and skip_triggers change nothing about who is found."""
    file = {"data": "data:text/csv;base64,SEVMTE8K", "name": "Полис.csv"}
    body = as_json(ONE, content={"H1": 1}, custom_data={}, attach=[file] * 2, skip_triggers=False)

    assert post(mock, body).found == ["1"]


@pytest.mark.parametrize("header", ["Request-ID", "X-Request-ID"])
def test_repeat_gets_the_first_answer(mock: Running, header: str) -> None:
    """Within a day one request id and token are executed once (facts.md, section 7)."""
    first = post(mock, as_json(ONE), {**JSON, header: "once"})
    again = post(mock, as_json([{"email": "two@example.com"}]), {**JSON, header: "once"})

    assert again.body == first.body
    assert again.headers["duplicate-request"] == "true"


def test_synthetic_population(mock: Running) -> None:
    """Profiles up to the population's size are found by formula; the next one is not."""
    numbers = (7, 999_999, 1_000_000)
    items = [{"email": f"p{number:08d}@synthetic.invalid"} for number in numbers]
    result = post(mock, as_json([*items, *ONE])).json["result"]

    assert json.dumps(result).count("5ca1ab1e00000000") == 2
    assert "5ca1ab1e0000000000999999" in json.dumps(result)


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!--x--><!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY e "&a;&a;&a;">]>',
        '<?xml version="1.0" encoding="utf-16"?>',
    ],
)
def test_hostile_xml_is_refused(mock: Running, prolog: str) -> None:
    """A DOCTYPE or another encoding is refused before anything is expanded."""
    answer = post(mock, prolog.encode() + as_xml("<data><email>&e;</email></data>"), XML)

    assert answer.xml[0] == ("error", "400")
    assert b"root" not in answer.body


def test_depth_is_refused(mock: Running) -> None:
    """Elements nested 9,000 deep are refused, and the next request is served."""
    assert post(mock, b"<xml>" + b"<a>" * 9_000, XML).xml[0] == ("error", "400")
    assert post(mock, as_json(ONE)).found == ["1"]


def test_pipelined_requests_are_answered_in_order(mock: Running) -> None:
    """Requests sent without waiting are each answered, in their order."""
    head = b"POST /api/v1.1/campaigns/triggers/start_batch HTTP/1.1\r\nHost: localhost\r\n"
    bodies = [as_json([{"email": f"{name}@example.com"}]) for name in ("one", "two", "one")]
    sent = b"".join(head + b"Content-Length: %d\r\n\r\n%s" % (len(one), one) for one in bodies)
    answers = raw(mock, sent).split(b"HTTP/1.1 200 OK")[1:]

    assert [one[one.index(b"aaaa") :][23:24] for one in answers] == [b"1", b"2", b"1"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "", 405), ("PUT", "", 405), ("POST", "/", 404), ("POST", "x", 404)],
)
def test_other_methods_and_paths(mock: Running, method: str, path: str, status: int) -> None:
    """Only POST to the documented address launches anything."""
    target = "/api/v1.1/campaigns/triggers/start_batch" + path

    assert post(mock, as_json(ONE), JSON, target, method).status == status


def test_http_1_0(mock: Running) -> None:
    """A client of HTTP/1.0 is answered and hung up on."""
    body = as_json(ONE)
    head = b"POST /api/v1.1/campaigns/triggers/start_batch HTTP/1.0\r\n"
    answer = raw(mock, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    assert b"Connection: close" in answer


def test_garbage_is_answered(mock: Running) -> None:
    """What is not HTTP gets an answer in HTTP."""
    assert raw(mock, b"\x00\x01\x02\r\n\r\n").startswith(b"HTTP/1.1 400 ")
