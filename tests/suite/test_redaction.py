"""The token: found and masked in every spelling, and in nothing else."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.secret import MASK, Secret, holds, redact

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "JSON": lambda token: json.dumps(token)[1:-1],
    "JSON, not ASCII": lambda token: json.dumps(token, ensure_ascii=False)[1:-1],
    "JSON in JSON": lambda token: json.dumps(json.dumps(token)[1:-1])[1:-1],
    "all \\u": lambda token: "".join(f"\\u{unit:04x}" for unit in units(token)),
    "all \\U": lambda token: "".join(f"\\u{unit:04X}" for unit in units(token)),
    "slashes escaped": lambda token: json.dumps(token)[1:-1].replace("/", "\\/"),
    "XML": escape,
    "XML attribute": lambda token: quoteattr(token)[1:-1],
    "HTML": html.escape,
    "decimal references": lambda token: "".join(f"&#{ord(each)};" for each in token),
    "hexadecimal references": lambda token: "".join(f"&#x{ord(each):X};" for each in token),
    "padded references": lambda token: "".join(f"&#x{ord(each):06x};" for each in token),
    "XML in XML": lambda token: escape(escape(token)),
    "split CDATA": lambda token: f"{token[:3]}]]><![CDATA[{token[3:]}",
    "a comment within": lambda token: f"{escape(token[:3])}<!-- x -->{escape(token[3:])}",
    "percent": lambda token: quote(token, safe=""),
    "percent, lower case": lambda token: "".join(f"%{byte:02x}" for byte in token.encode()),
    "form": quote_plus,
    "percent twice": lambda token: quote(quote(token, safe=""), safe=""),
    "repr": lambda token: repr(token)[1:-1],
    "repr of bytes": lambda token: repr(token.encode())[2:-1],
    "repr of JSON": lambda token: repr(json.dumps(token).encode())[3:-2],
    "base64": lambda token: base64.b64encode(token.encode()).decode().rstrip("="),
    "hexadecimal": lambda token: token.encode().hex(),
}

TOKENS = {
    "hexadecimal": "6606e08f10bcdd88297057a7",
    "JWT": "eyJhbGciOi.J9eyJz-dWIiOi_Ix.MjM0NTY3ODk",
    "nasty": "a\"b'c<d>&e\\f/g h+i%j=",
    "Cyrillic": "Ключ-от-всех-дверей",
    "four bytes": "k\U0001f511ey\U0001f511\U0001f511x",
}


def units(text: str) -> list[int]:
    """Return the UTF-16 units of a text, as JSON escapes them."""
    data = text.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_every_spelling_is_masked(token: str, spell: Callable[[str], str]) -> None:
    """However a request, a log or a message spells the token, nothing of it stays."""
    text = f"before|{spell(token)}|after"

    assert redact(text, Secret(token)) == f"before|{MASK}|after"


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_every_spelling_is_masked_in_bytes(token: str, spell: Callable[[str], str]) -> None:
    """A body that is kept is read as Latin-1, whatever its charset: its token is found too."""
    text = f"before|{spell(token)}|after".encode().decode("latin-1")

    assert redact(text, Secret(token)) == f"before|{MASK}|after"


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)
def test_every_spelling_is_found(token: str, spell: Callable[[str], str]) -> None:
    """What would be masked is found, too."""
    assert holds(f"before|{spell(token)}|after", token)


def test_other_text_holds_no_token() -> None:
    """Neither other text nor half a token."""
    token = TOKENS["hexadecimal"]

    assert not holds(f"before|{token[:12]}|&amp;", token)
    assert not holds(f"before|{token[12:]}|after", token)


@pytest.mark.parametrize("before", ["", "a", "ab", "Bearer ", "user:"])
def test_base64_of_more_than_the_token_is_masked(before: str) -> None:
    """Whatever stands before it, the token's own characters go."""
    token = TOKENS["hexadecimal"]
    text = base64.b64encode(f"{before}{token}:x".encode()).decode()
    masked = redact(text, token)

    assert MASK in masked
    assert len(masked) < len(text) - len(token)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-be"])
def test_every_charset_is_masked(charset: str) -> None:
    """A body in UTF-16 holds the token with zero bytes in it."""
    body = f"<a>{TOKENS['hexadecimal']}</a>".encode(charset)

    assert MASK in redact(body.decode("latin-1"), TOKENS["hexadecimal"])


@given(st.text(alphabet="ab\\\"'<>&;%u0123456789", max_size=40))
def test_other_text_stays_as_it_is(text: str) -> None:
    """Text without the token is not touched."""
    assert redact(text, "6606e08f10bcdd88297057a7") == text


def test_no_token_masks_nothing() -> None:
    """An empty token is not found everywhere."""
    assert redact("text", Secret("")) == "text"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{!r:>5}".format, ascii])
def test_a_secret_does_not_print(show: Callable[[object], str]) -> None:
    """Only `reveal` gives a token away."""
    assert show(Secret("tok-3n")).strip() == MASK
    assert Secret("tok-3n").reveal() == "tok-3n"


def test_equal_secrets_are_equal() -> None:
    """Targets with secrets in them can be compared and hashed."""
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert len({Secret("a"), Secret("a")}) == 1
