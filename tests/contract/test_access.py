"""Who may call: the token (SEED: parameter table, token; API-en)."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from contracts.model import Format, JsonValue
from tests.asking import names
from tests.asking.ask import Ask
from tests.asking.cells import Formats, each_format, each_mode, each_pair
from tests.asking.known import Known
from tests.asking.ways import WAYS, each_way


def _exchanged(token: str) -> str:
    """The token with the first two neighbours that differ in each other's place."""
    at = next((at for at in range(len(token) - 1) if token[at] != token[at + 1]), 0)
    return token[:at] + token[at : at + 2][::-1] + token[at + 2 :]


WRONG_TOKENS: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "another": lambda token: "".join(reversed(token)) + "x",
    "one character longer": lambda token: token + token[-1],
    "one character shorter": lambda token: token[:-1],
    "without its first character": lambda token: token[1:],
    "first half": lambda token: token[: len(token) // 2],
    "last character changed": lambda token: token[:-1] + ("a" if token[-1] != "a" else "b"),
    "first character changed": lambda token: ("a" if token[0] != "a" else "b") + token[1:],
    "twice": lambda token: token + token,
    "two characters changed places": _exchanged,
    "one character twice": lambda token: token[:3] + token[2:],
    "a dash more": lambda token: token[:3] + "-" + token[3:],
    "as a pattern of SQL": lambda token: token[:-2] + "%",
    "as a regular expression": lambda token: token[:3] + "." + token[4:],
}


@pytest.mark.clause("access.token-required", "access.missing-token-code")
@each_pair
def test_no_token_is_refused(ask: Ask, formats: Formats) -> None:
    """A request without a token is answered with an error."""
    reply = ask.refuses(ask.valid(formats.answer, token=None), formats.request)

    ask.observe(names.code(reply), "access.missing-token-code")


@pytest.mark.clause("access.token-required")
def test_a_null_token_is_refused(ask: Ask) -> None:
    """A token of null is no token."""
    ask.refuses({**ask.valid("json"), "token": None}, "json", either=True)


@pytest.mark.clause("access.token-checked", "access.wrong-token-code")
@pytest.mark.parametrize("wrong", WRONG_TOKENS)
@each_pair
def test_a_wrong_token_is_refused(ask: Ask, formats: Formats, wrong: str) -> None:
    """A request with a token that is not the API token is answered with an error."""
    token = ask.wrong_token(WRONG_TOKENS[wrong])

    reply = ask.refuses(ask.valid(formats.answer, token=token), formats.request)

    ask.observe(names.code(reply), "access.wrong-token-code")


@pytest.mark.clause("access.token-checked")
@each_way
@each_format
def test_a_wrong_token_is_refused_however_it_travels(ask: Ask, fmt: Format, way: str) -> None:
    """Chunked or not, large or small: no request passes with a wrong token."""
    ask.refuses(ask.valid(fmt, token="wrong-0123456789"), fmt, **WAYS[way])


@pytest.mark.clause("access.token-checked")
@each_mode
@each_format
def test_a_wrong_token_is_refused_in_each_mode(
    ask: Ask, known: Known, fmt: Format, mode: str
) -> None:
    """No mode passes with a wrong token."""
    ask.refuses(ask.batch(mode, known.some(mode), fmt, token="wrong-0123456789"), fmt)


@pytest.mark.clause("access.token-checked")
@pytest.mark.parametrize("wrong", [{"$ne": ""}, True, 0, [], ["x"]], ids=repr)
def test_a_token_of_another_type_is_refused(ask: Ask, wrong: JsonValue) -> None:
    """What is no string is no token; a query object least of all."""
    ask.finds_nobody(ask.valid("json", token=wrong), "json", either=True)


@pytest.mark.clause("access.token-checked")
@each_format
def test_a_token_in_other_letter_case_is_refused(ask: Ask, fmt: Format) -> None:
    """A token is a secret: in other letter case it is another one."""
    token = ask.target.token.reveal().swapcase()
    ask.needs(token != ask.target.token.reveal(), "the token has no letters")

    ask.refuses(ask.valid(fmt, token=token), fmt)


@pytest.mark.clause("access.header-checked")
@pytest.mark.parametrize("wrong", WRONG_TOKENS)
@each_format
def test_a_wrong_token_in_the_header_is_refused(ask: Ask, fmt: Format, wrong: str) -> None:
    """A wrong bearer token, with none in the body, is answered with an error."""
    token = ask.wrong_token(WRONG_TOKENS[wrong])
    ask.needs(token.isascii(), "a header of ASCII cannot hold the token")

    headers = {"Authorization": f"Bearer {token}"}
    ask.refuses(ask.valid(fmt, token=None), fmt, headers=headers)


@pytest.mark.clause("access.token-checked")
@pytest.mark.parametrize("wrong", WRONG_TOKENS)
@each_format
def test_a_wrong_token_in_the_url_is_refused(ask: Ask, fmt: Format, wrong: str) -> None:
    """Whether or not a token may stand in the URL: a wrong one there, and none elsewhere."""
    query = urlencode({"token": ask.wrong_token(WRONG_TOKENS[wrong])})

    ask.refuses(ask.valid(fmt, token=None), fmt, query=query)


@pytest.mark.clause("access.token-in-header", "format.default")
@pytest.mark.parametrize("asked", [None, "json", "xml"], ids=str)
@each_format
def test_token_in_the_header(ask: Ask, fmt: Format, asked: Format | None) -> None:
    """Authorization: Bearer instead of the body's token is accepted or refused, as ever else."""
    headers = {"Authorization": f"Bearer {ask.target.token.reveal()}"}

    reply = ask.finds_or_is_refused(ask.valid(asked, token=None), fmt, headers=headers)

    ask.observe(names.accepted(reply))


@pytest.mark.clause("transport.answered")
@pytest.mark.parametrize("change", [str.lower, str.upper], ids=["lower case", "upper case"])
@each_format
def test_the_token_header_in_any_case(ask: Ask, fmt: Format, change: Callable[[str], str]) -> None:
    """Where Authorization is looked at, its name means the same in any letter case."""
    params, bearer = ask.valid(fmt, token=None), f"Bearer {ask.target.token.reveal()}"
    usual = ask.finds_or_is_refused(params, fmt, headers={"Authorization": bearer})
    ask.needs(usual.succeeded, "the target takes no token in a header")

    ask.finds(params, fmt, headers={change("Authorization"): bearer})


@pytest.mark.clause("access.token-in-url", "format.default")
@pytest.mark.parametrize("asked", [None, "json", "xml"], ids=str)
@each_format
def test_token_in_the_url(ask: Ask, fmt: Format, asked: Format | None) -> None:
    """?token= instead of the body's token is accepted or refused, as ever else."""
    query = urlencode({"token": ask.target.token.reveal()})

    reply = ask.finds_or_is_refused(ask.valid(asked, token=None), fmt, query=query)

    ask.observe(names.accepted(reply))
