"""A call as one line of bash that repeats it, with the token taken from the environment."""

import json
import os
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from endpoint.answer import Call, Upload
from endpoint.client import CLIENT_CERTIFICATE
from endpoint.secret import spellings
from endpoint.target import Target

DEFAULT_VARIABLE: Final = "ALTCRAFT_TOKEN"
"""Where the token is taken from, for a target that does not say."""

MOST_INLINE: Final = 4096
"""Bytes of a body that stand in the line itself; a larger one wants a file."""

_FRESH_ID: Final = "id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)"
"""A fresh Request-ID: with the old one the platform would answer from its memory."""

PACKED: Final = ".gz"
"""The ending of a body's file that is kept compressed."""

_FILL_IN: Final = (
    "import gzip, sys; name, path, word, token = sys.argv; "
    "read = gzip.open if path.endswith('.gz') else open; "
    "sys.stdout.buffer.write(read(path, 'rb').read().replace(word.encode(), token.encode()))"
)

_EXPECT_BYTES: Final = 1_000_000
"""Beyond this curl asks for `100 Continue` by itself."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A way in which a request spells its token, and how bash does the same.

    Attributes:
        spell: the token as it stands in the request.
        python: the same as a Python expression over `t`; empty for the token as it is.
    """

    spell: Callable[[str], str]
    python: str = ""

    def word(self, variable: str) -> str:
        # A shell that does not know the variable says so, instead of sending an empty token.
        if not self.python:
            return f'"${{{variable}:?}}"'
        program = f"import sys; t = sys.argv[1]; print({self.python}, end='')"
        return f'"$(python3 -c {shlex.quote(program)} "${{{variable}:?}}")"'


_PLAIN: Final = _Spelling(str)
_JSON: Final = _Spelling(
    lambda token: json.dumps(token, ensure_ascii=False)[1:-1],
    "__import__('json').dumps(t, ensure_ascii=False)[1:-1]",
)
_JSON_ASCII: Final = _Spelling(
    lambda token: json.dumps(token)[1:-1], "__import__('json').dumps(t)[1:-1]"
)
_XML: Final = _Spelling(escape, "__import__('xml.sax.saxutils').sax.saxutils.escape(t)")
_PERCENT: Final = _Spelling(
    lambda token: quote(token, safe=""), "__import__('urllib.parse').parse.quote(t, safe='')"
)
_NAMED: Final = {
    "plain": _PLAIN,
    "json": _JSON,
    "json, ascii": _JSON_ASCII,
    "xml": _XML,
    "percent": _PERCENT,
}
_SPELLINGS: Final = tuple(_NAMED.values())


@dataclass(frozen=True, slots=True)
class _Shell:
    """Writes words of bash in which the token is a variable."""

    token: str
    variable: str

    def word(self, data: bytes, context: _Spelling = _PLAIN) -> str:
        r"""Return bytes as one word.

        Args:
            data: without zero bytes, which no word can hold.
            context: how a token is spelled here when the call's own spelling is one that
                bash cannot repeat (`\u0061`, `&#97;`): the meaning stays the same.
        """
        return "".join(self._parts(data, context, _literal)) or "''"

    def printf(self, data: bytes, context: _Spelling) -> str:
        """Return a command that prints bytes, zero bytes and all."""
        return f"printf %b {''.join(self._parts(data, context, _octal)) or repr('')}"

    def with_variable(self, data: bytes) -> bytes:
        """Return bytes that are safe to keep: the token replaced by the variable's name."""
        if not self.token:
            return data
        text = data.decode("latin-1")
        return spellings(self.token).sub(f"${self.variable}", text).encode("latin-1")

    def token_word(self, data: bytes, context: _Spelling) -> str | None:
        """Return the word for the token as it stands in some bytes; None where it does not."""
        found = spellings(self.token).search(data.decode("latin-1")) if self.token else None
        return found and self._spelled(found, context)

    def _parts(
        self, data: bytes, context: _Spelling, literal: Callable[[bytes], str]
    ) -> Iterator[str]:
        text = data.decode("latin-1")
        at = 0
        for found in spellings(self.token).finditer(text) if self.token else ():
            if found.start() > at:
                yield literal(text[at : found.start()].encode("latin-1"))
            yield self._spelled(found, context)
            at = found.end()
        if at < len(text):
            yield literal(text[at:].encode("latin-1"))

    def _spelled(self, found: re.Match[str], context: _Spelling) -> str:
        seen = found[0].encode("latin-1")
        for spelling in _SPELLINGS:
            if spelling.spell(self.token).encode() == seen:
                return spelling.word(self.variable)
        unchanged = context.spell(self.token) == self.token
        return (_PLAIN if unchanged else context).word(self.variable)


def curl(target: Target, call: Call, body_file: Path | None = None) -> str:
    """Return a line of bash that repeats a call.

    A fresh Request-ID is drawn each time. What curl cannot repeat (the cuts between pieces
    or chunks) is said in a comment at the line's end.

    Args:
        target: who is asked; its `token_env` names the variable.
        call: what was sent.
        body_file: where the body was kept with `kept_body`, by gzip where it ends in `.gz`;
            None for a body that stands in the line.
    """
    shell = _shell(target)
    before, options = _body(call, shell, body_file)
    words = [
        "curl -isS --http1.1 --globoff --path-as-is",
        *(["--noproxy '*'"] if target.is_loopback else []),
        *([f"--cacert {shlex.quote(str(target.ca_file))}"] if target.ca_file else []),
        *([f'--cert "${CLIENT_CERTIFICATE}"'] if os.environ.get(CLIENT_CERTIFICATE) else []),
        *_method(call),
        *(f"-H {header}" for header in _headers(call, shell)),
        *options,
        shell.word(call.url(target.url).encode(), _PERCENT),
    ]
    line = f"{_FRESH_ID}; {before}{' '.join(words)}"
    cuts = ", ".join(map(str, call.sizes[:5]))
    return f"{line}  # sent in {call.upload.name.lower()} of {cuts} … bytes" if cuts else line


def kept_body(target: Target, call: Call) -> bytes:
    """Return the body as it may be kept in a file for `curl`: with the variable's name in it."""
    return _shell(target).with_variable(call.body or b"")


@dataclass(frozen=True, slots=True)
class Masked:
    """A text in which the variable's name stands for the token.

    Attributes:
        data: the text.
        spelling: the name of the spelling of the token that gives the text back; empty where
            the token was spelled in a way that none of them is.
    """

    data: bytes
    spelling: str


def masked(target: Target, data: bytes, context: str = "plain") -> Masked:
    """Return bytes without the token, and how they are had back; see `filled`.

    Args:
        target: whose token it is.
        data: what may hold it.
        context: the spelling that another token takes here, where this one looks alike in all.
    """
    kept = _shell(target).with_variable(data)
    named = (context, *(name for name in _NAMED if name != context))
    exact = (name for name in named if filled(target, Masked(kept, name)) == data)
    return Masked(kept, next(exact, ""))


def context_of(call: Call) -> str:
    """Return the spelling that a token takes in a call's body: `xml` or `json`."""
    return "xml" if _is_xml(call) else "json"


def filled(target: Target, kept: Masked) -> bytes:
    """Return the bytes of a masked text, with the target's token in them."""
    shell = _shell(target)
    spelled = _NAMED.get(kept.spelling, _PLAIN).spell(shell.token)
    return kept.data.replace(f"${shell.variable}".encode(), spelled.encode())


def _shell(target: Target) -> _Shell:
    return _Shell(target.token.reveal(), target.token_env or DEFAULT_VARIABLE)


def _method(call: Call) -> list[str]:
    if call.method == "HEAD":
        return ["--head"]
    return [] if call.method == "POST" else [f"-X {shlex.quote(call.method)}"]


def _headers(call: Call, shell: _Shell) -> Iterator[str]:
    """Yield the headers that curl would not send, or would send otherwise, by itself."""
    own: dict[str, str | None] = {"Content-Type": call.media_type}
    if call.accept_encoding:
        own["Accept-Encoding"] = call.accept_encoding
    if call.upload is Upload.CHUNKED:
        own["Transfer-Encoding"] = "chunked"
    if call.expect:
        own["Expect"] = "100-continue"
    elif call.upload is Upload.CHUNKED or len(call.body or b"") > _EXPECT_BYTES:
        own["Expect"] = None
    given = {name.lower() for name in call.headers}
    for name in ("Request-ID", "X-Request-ID"):
        if name.lower() not in given:
            yield f'"{name}: $id"'
    kept = {name: value for name, value in own.items() if name.lower() not in given}
    for name, value in {**kept, **call.headers}.items():
        # curl's own notation: a colon and nothing removes a header, a semicolon sends it empty.
        empty = f"{name}:" if value is None else f"{name};"
        yield shell.word((f"{name}: {value}" if value else empty).encode())


def _body(call: Call, shell: _Shell, body_file: Path | None) -> tuple[str, list[str]]:
    """Return what stands before curl, and curl's options, for the body."""
    body = call.body
    if body is None and call.method != "POST":
        return "", []
    body = body or b""
    context = _NAMED[context_of(call)]
    if body_file:
        path = shlex.quote(str(body_file))
        token = shell.token_word(body, context)
        if token is None and body_file.suffix == PACKED:
            return f"gzip -dc {path} | ", ["--data-binary @-"]
        if token is None:
            return "", [f"--data-binary @{path}"]
        fill_in = f"python3 -c {shlex.quote(_FILL_IN)} {path} '${shell.variable}' {token} | "
        return fill_in, ["--data-binary @-"]
    if b"\0" in body:
        return f"{shell.printf(body, context)} | ", ["--data-binary @-"]
    # --data-binary would take a body that begins with @ for the name of a file.
    return "", [f"--data-raw {shell.word(body, context)}"]


def _is_xml(call: Call) -> bool:
    return "xml" in (call.media_type or "") or (call.body or b"").lstrip().startswith(b"<")


def _literal(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and text:
        return shlex.quote(text)
    plain = (chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in data)
    escaped = ("\\" + each if each in ("'", "\\") else each for each in plain)
    return f"$'{''.join(escaped)}'"


def _octal(data: bytes) -> str:
    safe = (chr(byte) if chr(byte).isalnum() and byte < 128 else f"\\0{byte:03o}" for byte in data)
    return f"'{''.join(safe)}'"
