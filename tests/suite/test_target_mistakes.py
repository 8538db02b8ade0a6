"""Target files: what is said about their mistakes."""

import tomllib
from pathlib import Path

import pytest

from endpoint.target import TargetError, load
from tests.suite.targeting import PLAIN, changed, read

MISTAKES: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "data" / "target_mistakes.toml").read_text(encoding="utf-8")
)


def mistakes(folder: Path, text: str) -> tuple[str, ...]:
    """Return the mistakes of a target file that holds this text."""
    with pytest.raises(TargetError) as caught:
        read(folder, text)
    return caught.value.mistakes


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_key_value_and_expectation(
    tmp_path: Path, mistake: dict[str, str]
) -> None:
    """One mistake in a file is one sentence."""
    text = changed(mistake["line"], mistake["instead"])

    assert mistakes(tmp_path, text) == (mistake["said"],)


def test_blanks_that_were_not_filled_in_are_named(tmp_path: Path) -> None:
    """As they stand in docs/staging.example.toml."""
    text = changed("http://127.0.0.1:8080", "https://<staging.example.com>")

    text += '[[profiles]]\nprofile_id = "<6606e08f10bcdd88297057a1>"\n'

    said = mistakes(tmp_path, text)

    assert [one.partition(":")[0] for one in said] == ["base_url", "profiles[0].profile_id"]
    assert all("what stands between < and > has to be changed" in one for one in said)


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
