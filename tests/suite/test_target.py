"""Target files: what they say, and what is said about their mistakes."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.model import BINARY_LIMIT
from endpoint.target import (
    Profile,
    PushSubscription,
    Safety,
    Target,
    TargetError,
    load,
)
from tests.suite.runs import mock_with_limit

ENVIRON = {"ALTCRAFT_TOKEN": "tok-3n", "PADDED": "tok-3n\n", "EMPTY": "", "aa55bb": ""}

PLAIN = """
base_url = "http://127.0.0.1:8080"
token = "tok-3n"
trigger_id = 8
field_name = "Custom_ID"
"""

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


def read(folder: Path, text: str, environ: Mapping[str, str] = ENVIRON) -> Target:
    """Load a target file that holds this text."""
    path = folder / "staging.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ)


def mistakes(folder: Path, text: str) -> tuple[str, ...]:
    """Return the mistakes of a target file that holds this text."""
    with pytest.raises(TargetError) as caught:
        read(folder, text)
    return caught.value.mistakes


def changed(old: str, new: str) -> str:
    """Return the plain target file with one line changed."""
    assert old in PLAIN
    return PLAIN.replace(old, new)


# What a file says


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


# What is said about mistakes

MISTAKES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "target_mistakes.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_key_value_and_expectation(
    tmp_path: Path, mistake: dict[str, str]
) -> None:
    """One mistake in a file is one sentence."""
    text = changed(mistake["line"], mistake["instead"])

    assert mistakes(tmp_path, text) == (mistake["said"],)


@pytest.mark.parametrize(
    "base_url",
    ["ftp://x", "example.com", "http://", "http://x:99999", "http://x:y", "http://x y", "http://é"],
)
def test_what_is_no_address_is_shown(tmp_path: Path, base_url: str) -> None:
    """A base_url that cannot be asked is repeated beside what was expected."""
    (said,) = mistakes(tmp_path, changed("http://127.0.0.1:8080", base_url))

    assert said.startswith(f"base_url: {base_url!r}: expected http:// or https://")


@pytest.mark.parametrize("base_url", ["http://u:s3cret@x", "http://x/?token=s3cret"])
def test_an_address_with_a_secret_in_it_is_not_shown(tmp_path: Path, base_url: str) -> None:
    """Passwords and tokens in a base_url do not reach the message."""
    (said,) = mistakes(tmp_path, changed("http://127.0.0.1:8080", base_url))

    assert said.startswith("base_url: (not shown): expected http:// or https://")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://127.0.0.1:8080", "https://example.com"),
        ('token = "tok-3n"', 'tokn = "tok-3n"'),
        ('token = "tok-3n"', 'token_env = "tok-3n"'),
        ('token = "tok-3n"', 'token_env = "aa55bb"'),
        ('token = "tok-3n"', 'token = ["tok-3n"]'),
    ],
)
def test_no_message_holds_the_token(tmp_path: Path, old: str, new: str) -> None:
    """A token under a wrong key, or where a variable's name is expected, is not repeated."""
    told = "\n".join(mistakes(tmp_path, changed(old, new)))

    assert "tok-3n" not in told
    assert "aa55bb" not in told


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """The message has a line for the file and one for each mistake."""
    with pytest.raises(TargetError) as caught:
        read(tmp_path, "trigger_id = 0\n")

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        f"target file {tmp_path / 'staging.toml'} cannot be used",
        "base_url",
        "token_env",
        "trigger_id",
        "field_name",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file; expected a path, or the word mock"),
        (b"a = \n", "it is not TOML: Invalid value (at line 1, column 5)"),
        (b"a = '\xff'\n", "it is not UTF-8: byte 5 is 0xff"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    """A missing file, one that is no TOML and one that is no UTF-8 get a sentence each."""
    path = tmp_path / "x.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(TargetError) as caught:
        load(path)
    assert caught.value.mistakes == (said,)


def test_a_folder_is_no_target_file(tmp_path: Path) -> None:
    """A folder in place of a file gets a sentence of its own."""
    with pytest.raises(TargetError, match="it is a folder; expected a file"):
        load(tmp_path)


def test_certificates_are_found_beside_the_file(tmp_path: Path) -> None:
    """ca_file is relative to the target file's folder."""
    pem = Path(__file__).parent / "tls" / "loopback.pem"
    (tmp_path / "ca.pem").write_bytes(pem.read_bytes())

    assert read(tmp_path, PLAIN + 'ca_file = "ca.pem"\n').ca_file == tmp_path / "ca.pem"


@pytest.mark.parametrize(
    ("name", "why"), [("no.pem", "there is no file"), ("staging.toml", "no certificate in it")]
)
def test_certificates_that_are_none_are_a_mistake(tmp_path: Path, name: str, why: str) -> None:
    """ca_file must exist and hold certificates."""
    (said,) = mistakes(tmp_path, PLAIN + f'ca_file = "{name}"\n')

    assert said.startswith(f"ca_file: '{name}': expected a file of PEM certificates")
    assert why in said
