"""Target files: what they say."""

from dataclasses import replace
from pathlib import Path

import pytest

from contracts.model import BINARY_LIMIT
from endpoint.target import Profile, PushSubscription, Safety, load
from tests.suite.runs import mock_with_limit
from tests.suite.targeting import PLAIN, changed, read

FULL = """
base_url         = "https://staging.example.com/prefix/"
token_env        = "ALTCRAFT_TOKEN"
trigger_id       = 8
field_name       = "Custom_ID"
body_limit_bytes = 10485760
timeout_seconds  = 30

[safety]
live       = true
max_sends  = 200
allow_load = true

[[profiles]]
profile_id  = "6606e08f10bcdd88297057a7"
email       = "contract-1@example.com"
phones      = ["+79000000001"]
custom      = "003"
email_subs  = ["contract-1.news@example.com"]
phone_subs  = ["+79000000011"]
push_subs   = [{ provider = "android-firebase", subscription_id = "device" }]
custom_subs = ["channel", 7]

[[profiles]]
profile_id = "2"

[observed]
"limit.bytes" = 10485760
single_data = "refused"
dedup = true
"""


def test_every_key_of_the_page_is_read(tmp_path: Path) -> None:
    """A file with every key of spec/target-file.md becomes one target."""
    target = read(tmp_path, FULL)

    assert (target.name, target.trigger_id, target.field_name) == ("staging", 8, "Custom_ID")
    assert (target.body_limit_bytes, target.timeout_seconds) == (10485760, 30)
    assert target.safety == Safety(live=True, max_sends=200, allow_load=True)
    assert target.observed == {"limit.bytes": 10485760, "single_data": "refused", "dedup": True}


def test_every_key_of_a_profile_is_read(tmp_path: Path) -> None:
    """A profile holds what its table says, integers and strings apart."""
    assert read(tmp_path, FULL).profiles[0] == Profile(
        profile_id="6606e08f10bcdd88297057a7",
        email="contract-1@example.com",
        phones=("+79000000001",),
        custom="003",
        email_subs=("contract-1.news@example.com",),
        phone_subs=("+79000000011",),
        push_subs=(PushSubscription("android-firebase", "device"),),
        custom_subs=("channel", 7),
    )


def test_a_profile_may_hold_its_id_alone(tmp_path: Path) -> None:
    """Every key of a profile but profile_id is optional."""
    assert read(tmp_path, FULL).profiles[1] == Profile("2")


def test_the_url_keeps_the_prefix(tmp_path: Path) -> None:
    """The endpoint stands below the path prefix, whatever slash ends the base URL."""
    expected = "https://staging.example.com/prefix/api/v1.1/campaigns/triggers/start_batch"

    assert read(tmp_path, FULL).url == expected


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    """Windows editors put one before the first key."""
    assert read(tmp_path, "\ufeff" + PLAIN).trigger_id == 8


def test_inline_tables_are_tables(tmp_path: Path) -> None:
    """A program may write profiles and subscriptions inline, and empty arrays."""
    inline = '\nprofiles = [{profile_id = "1", phones = [], push_subs = []}]\nsafety = {}\n'

    assert read(tmp_path, PLAIN + inline).profiles == (Profile("1"),)


@pytest.mark.parametrize(
    ("base_url", "live"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://127.9.9.9", False),
        ("http://localhost", False),
        ("http://[::1]:80", False),
        ("mock", False),
        ("http://localhost.example.com", True),
        ("http://10.0.0.1", True),
        ("https://staging.example.com", True),
    ],
)
def test_what_is_not_loopback_is_live(tmp_path: Path, base_url: str, live: bool) -> None:  # noqa: FBT001
    """Without [safety], any other host is live and nobody may be sent to."""
    text = changed("http://127.0.0.1:8080", base_url).replace(
        'token = "tok-3n"', 'token_env = "ALTCRAFT_TOKEN"'
    )

    assert read(tmp_path, text).safety == Safety(live=live, max_sends=0, allow_load=False)


def test_the_file_may_call_a_host_not_live(tmp_path: Path) -> None:
    """The file's own word about `live` counts."""
    assert not read(tmp_path, FULL.replace("live       = true", "live = false")).safety.live


@pytest.mark.parametrize("key", ['token_env = "ALTCRAFT_TOKEN"', 'token = "${ALTCRAFT_TOKEN}"'])
def test_a_token_comes_from_the_environment(tmp_path: Path, key: str) -> None:
    """Both spellings name an environment variable."""
    target = read(tmp_path, changed('token = "tok-3n"', key))

    assert (target.token.reveal(), target.token_env) == ("tok-3n", "ALTCRAFT_TOKEN")


def test_a_target_prints_without_its_token(tmp_path: Path) -> None:
    """A target in an assertion message or a log shows *** for the token."""
    target = read(tmp_path, PLAIN)

    assert "tok-3n" not in f"{target} {target!r} {target.token} {target.token!r}"


def test_the_mock_gets_its_address_later(tmp_path: Path) -> None:
    """A target with base_url = "mock" is at no address until it is told one."""
    target = read(tmp_path, changed("http://127.0.0.1:8080", "mock"))

    with pytest.raises(ValueError, match="before it is started"):
        _ = target.url
    assert target.at("http://127.0.0.1:9/").base_url == "http://127.0.0.1:9"
    assert target.at("http://127.0.0.1:9/").is_mock


def test_the_mocks_file_can_be_given_an_exact_limit(tmp_path: Path) -> None:
    """The line that is put before the mock's own file changes the limit and nothing else."""
    target = load(mock_with_limit(tmp_path))

    assert target == replace(load("mock"), name=target.name, body_limit_bytes=BINARY_LIMIT)
