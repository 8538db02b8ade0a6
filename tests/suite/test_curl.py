"""The line that repeats a call: bash and curl send the same bytes, and the line holds no token."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest

from endpoint.answer import Call, Upload
from endpoint.curl import curl, kept_body
from endpoint.secret import Secret
from endpoint.target import Target
from tests.suite.calling import PEM, target
from tests.suite.rawserver import ANSWER, Server, answering, serving

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")),
    reason="the line is run for real: install curl and bash",
)

SIMPLE = "6606e08f10bcdd88297057a7"
NASTY = "a\"b'c<d>&e\\f/g$h`i!j%k"


def run(
    call: Call, token: str = SIMPLE, *, keep_in: Path | None = None
) -> tuple[str, bytes, bytes]:
    """Run a call's line with bash; return the line, and the head and body that arrived."""
    with serving(answering(ANSWER)) as server:
        asked = at(server, token)
        if keep_in:
            keep_in.write_bytes(kept_body(asked, call))
        line = curl(asked, call, keep_in)
        subprocess.run(
            ["bash", "-c", line],
            check=True,
            capture_output=True,
            timeout=30,
            env={**os.environ, "MY_TOKEN": token},
        )
    return line, *server.requests[0]


def at(server: Server, token: str) -> Target:
    """Return a target whose token comes from MY_TOKEN."""
    return replace(target(server), token=Secret(token), token_env="MY_TOKEN")


BODIES = {
    "JSON": json.dumps({"token": SIMPLE, "text": 'it\'s "quoted" $HOME `id` \\n !! é \U0001f511'}),
    "JSON, Cyrillic": json.dumps({"token": SIMPLE, "имя": "Ёж"}, ensure_ascii=False),
    "lines": f'{{\n\t"token": "{SIMPLE}"\r\n}}\n',
    "XML": f"<xml>\n<token>{SIMPLE}</token><a b='c'>&amp;</a></xml>",
    "twice": f"{SIMPLE}{SIMPLE}x{SIMPLE}",
    "none": "no token",
    "empty": "",
    "like a file name": "@/etc/hostname",
    "like an option": "--version",
    "zero bytes": f"\0a\0'\\{SIMPLE}\0%s\n",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_body_arrives_byte_for_byte(body: str) -> None:
    """Quotes, dollars, line ends and zero bytes survive bash; the token is a variable."""
    line, _, received = run(Call(body.encode(), "application/json"))

    assert received == body.encode()
    assert SIMPLE not in line
    assert "\n" not in line


def test_bytes_that_are_no_text_arrive() -> None:
    """Every byte but zero can stand in the line."""
    data = bytes(range(1, 256)) + SIMPLE.encode() + b"\xff0\xc3"

    assert run(Call(data))[2] == data


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (json.dumps({"token": NASTY}), "application/json"),
        (json.dumps({"token": NASTY}, ensure_ascii=False), "application/json"),
        (f"<xml><token>{escape(NASTY)}</token></xml>", "application/xml"),
        (f"<xml><token><![CDATA[{NASTY}]]></token></xml>", "application/xml"),
    ],
)
def test_a_token_that_must_be_escaped_is_escaped(body: str, media_type: str) -> None:
    """The line escapes the variable as the request did."""
    line, _, received = run(Call(body.encode(), media_type), NASTY)

    assert received == body.encode()
    assert "a\"b'c" not in line


def test_a_token_in_odd_escapes_keeps_its_meaning() -> None:
    """What bash cannot spell the same way is sent with the same meaning."""
    spelled = "".join(f"\\u{ord(each):04x}" for each in SIMPLE)
    line, _, received = run(Call(f'{{"token":"{spelled}"}}'.encode(), "application/json"))

    assert received == f'{{"token":"{SIMPLE}"}}'.encode()
    assert spelled not in line


@pytest.mark.parametrize("token", [SIMPLE, NASTY], ids=["simple", "nasty"])
def test_a_large_body_comes_from_a_file_without_the_token(tmp_path: Path, token: str) -> None:
    """The file that is kept holds the variable's name, and the line fills it in."""
    body = json.dumps({"token": token, "data": [{"email": "a@b.c"}] * 100_000}).encode()
    kept = tmp_path / "a body's file.json"
    line, _, received = run(Call(body, "application/json"), token, keep_in=kept)

    assert received == body
    assert b'"token": "$MY_TOKEN"' in kept.read_bytes()
    assert token not in line


def test_a_large_body_without_the_token_is_sent_from_its_file(tmp_path: Path) -> None:
    """Nothing is filled in where there is nothing to fill in."""
    body = b"\0'x\r\n" * 2000

    assert run(Call(body, "a/b"), keep_in=tmp_path / "body")[2] == body


def test_head_and_query_are_repeated() -> None:
    """Headers, query and suffix are the call's, its token taken from the environment."""
    call = Call(
        b"{}",
        "application/json; charset=utf-8",
        headers={"Authorization": f"Bearer {SIMPLE}", "X-Empty": "", "User-Agent": None},
        query=f"token={SIMPLE}&format=xml",
        path_suffix="/",
    )
    line, head, _ = run(call)

    assert f"/start_batch/?token={SIMPLE}&format=xml HTTP/1.1".encode() in head
    assert f"Authorization: Bearer {SIMPLE}\r\n".encode() in head
    assert b"\r\nX-Empty:\r\n" in head
    assert b"User-Agent" not in head
    assert b"Content-Type: application/json; charset=utf-8\r\n" in head
    assert SIMPLE not in line


def test_a_token_in_a_query_is_percent_encoded() -> None:
    """The variable is encoded as the call's query was."""
    encoded = quote(NASTY, safe="")

    assert f"?token={encoded} ".encode() in run(Call(b"", query=f"token={encoded}"), NASTY)[1]


def test_each_run_has_a_fresh_request_id() -> None:
    """Otherwise the platform would answer from its memory."""
    ids = [line for line in run(Call(b"{}"))[1].split(b"\r\n") if b"equest-I" in line]

    assert len(ids) == 2
    assert {len(each.split(b": ")[1]) for each in ids} == {36}
    assert ids[0].split(b": ")[1] == ids[1].split(b": ")[1]


def test_a_call_without_a_type_has_none() -> None:
    """Curl would call the body a form."""
    assert b"Content-Type" not in run(Call(b"{}"))[1]


def test_a_chunked_upload_is_chunked() -> None:
    """The way of the upload is repeated; the cuts are told."""
    line, head, body = run(Call(b"abc", upload=Upload.CHUNKED, sizes=(1, 2)))

    assert b"\r\nTransfer-Encoding: chunked\r\n" in head
    assert b"Content-Length" not in head
    assert body == b"abc"
    assert line.endswith("# sent in chunked of 1, 2 … bytes")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_the_method_is_repeated(method: str) -> None:
    """Other methods, without a body."""
    assert run(Call(None, method=method))[1].startswith(method.encode() + b" ")


def test_the_certificates_are_named() -> None:
    """A target's ca_file stands in the line."""
    trusting = replace(target(Server(1), scheme="https"), ca_file=PEM)

    assert f"--cacert {PEM}" in curl(trusting, Call(b"{}"))


def test_the_client_certificate_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its path is as private as the machine's folders; curl reads it from the environment."""
    secure = target(Server(1), scheme="https")
    monkeypatch.setenv("ALTCRAFT_CLIENT_CERT", "/home/ann/client.pem")

    line = curl(secure, Call(b"{}"))

    assert '--cert "$ALTCRAFT_CLIENT_CERT"' in line
    assert "ann" not in line


def test_without_a_variables_name_there_is_a_default() -> None:
    """A literal token of a loopback target is taken from ALTCRAFT_TOKEN."""
    asked = replace(target(Server(1)), token=Secret(SIMPLE))

    assert '"${ALTCRAFT_TOKEN:?}"' in curl(asked, Call(SIMPLE.encode()))
