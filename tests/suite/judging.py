"""What the judge's tests share: answers that keep everything, and what the judge says of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.model import Format
from endpoint.answer import Answer, Call, Ending, Headers
from tests.asking.judge import Judge
from tests.asking.reply import Reply
from tests.reporting.ledger import Ledger
from tests.reporting.verdicts import Breach

TOKEN = "tok-3n4f9c1e7a5b2d48"


@dataclass(frozen=True)
class Case:
    """One answer: its body, what the request's `format` was, and what came with it."""

    body: bytes
    asked: Format | None = "json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    either: bool = False


def judged(case: Case, token: str = TOKEN) -> Reply:
    """Have one answer judged."""
    answer = Answer(
        Call(b"{}", "application/json"),
        Ending.ANSWERED,
        "id",
        status=case.status,
        headers=Headers(tuple(case.headers.items())),
        body=case.body,
    )
    return Judge(Ledger(), token).reply(answer, case.asked, either=case.either)


def clause(case: Case, token: str = TOKEN) -> str:
    """The clause that an answer breaks; empty where it breaks none."""
    try:
        judged(case, token)
    except Breach as breach:
        return breach.clause
    return ""


def success(rest: bytes) -> bytes:
    """A success in JSON with this after error and error_text."""
    return b'{"error":0,"error_text":"Successful operation"' + rest + b"}"


def found(result: bytes) -> bytes:
    """A success in JSON with this as its result."""
    return success(b',"result":' + result)


def xml(rest: bytes) -> bytes:
    """A success in XML with this after error and error_text."""
    return b"<xml><error>0</error><error_text>Successful operation</error_text>" + rest + b"</xml>"


def profile(profile_id: bytes) -> bytes:
    """One result in XML."""
    return b"<result><profile_id>" + profile_id + b"</profile_id></result>"


ONE = found(b'[{"profile_id":"a1"}]')
ONE_XML = xml(profile(b"a1"))
ERROR = b'{"error":400,"error_text":"Invalid request"}'
ERROR_XML = b"<xml><error>400</error><error_text>Invalid request</error_text></xml>"
