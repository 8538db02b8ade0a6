"""Reports to look at: made of ledgers, without a run."""

from collections.abc import Iterator
from itertools import cycle, islice

from contracts import clauses
from endpoint.answer import Answer, Call, Ending
from endpoint.secret import Secret
from endpoint.target import Safety, Target
from tests.asking.purposes import Purpose
from tests.reporting import building, showing
from tests.reporting.environment import Environment
from tests.reporting.ledger import Case, Ledger, Outcome
from tests.reporting.model import Report
from tests.reporting.run import Run
from tests.reporting.told import Place, Told
from tests.reporting.traffic import Meant

TARGET = Target(
    "staging",
    "https://staging.example.com",
    Secret("t-0123456789"),
    8,
    "Custom_ID",
    Safety(live=False),
    observed={"batch.order": "as in data", "batch.repeats": "once", "dedup.headers": "none"},
)

PROMISED = tuple(one.id for one in clauses.load().values() if one.status != "open")

HOSTILE = '</pre><script>document.title = "owned"</script><img src=x onerror=alert(1)>'
"""What a server may answer to who looks at reports."""


def of(ledger: Ledger, exit_code: int | None = None) -> Report:
    """The report of a ledger."""
    with_versions = Environment("ci", "fixed", "--target staging.toml", (), "0" * 12)
    run = Run(TARGET, ledger=ledger, environment=with_versions, seconds=25.3)
    return building.report(run, int(ledger.exit_code()) if exit_code is None else exit_code)


def large(cases: int, breaches: int, body_bytes: int = 2_000_000) -> Report:
    """A run of so many cases, the first of them with breaches of large requests."""
    ledger = Ledger(requests=3 * cases)
    for number, clause in enumerate(islice(cycle(PROMISED), cases)):
        told = _told(clause, number, body_bytes) if number < breaches else None
        outcome = Outcome.BROKEN if told else Outcome.HELD
        name = f"tests/contract/test_some.py::test_something_of_a_clause[json-in-xml-out-{number}]"
        ledger.cases.append(Case(name, (clause,), outcome, breach=told, place=number, requests=3))
        ledger.examined[clause] += 1
    for meant, answer in _asked():
        ledger.traffic.note(meant, answer)
    ledger.observe("batch.order", "ascending")
    ledger.observe("batch.repeats", "once")
    ledger.observe("access.token-in-url", "refused")
    return of(ledger)


def clean() -> Report:
    """A run in which every promise held."""
    return large(len(PROMISED), 0)


def broken() -> Report:
    """A run with three broken clauses, whose answers are hostile."""
    return large(3 * len(PROMISED), 3, body_bytes=400)


def many() -> Report:
    """A run with more breaches than anybody reads."""
    return large(2_000, 120, body_bytes=200_000)


def _told(clause: str, number: int, body_bytes: int) -> Told:
    body = b'{"data":[' + b'{"email":"nobody@nobody.invalid"},' * (body_bytes // 34) + b"]}"
    answer = Answer(
        Call(body, "application/json"),
        Ending.ANSWERED,
        "id",
        200,
        body=f'{{"error":0,"error_text":"{HOSTILE}","result":[]}}'.encode(),
    )
    return Told(
        clause,
        "lost",
        "all of [6606e08f10bcdd88297057a7]",
        f"error 0 and 0 ids: [], without [6606e08f10bcdd88297057a7], {HOSTILE}",
        "sometimes: in 3 of 20 repeats",
        f"{len(body) // 34:,} items, {len(body):,} bytes",
        ("  request   POST application/json", "  answer    HTTP 200"),
        f"curl --data-binary @reports/breaches/{number}/body.gz 'https://staging.example.com/'",
        items=len(body) // 34,
        request_bytes=len(body),
        sent=showing.request(answer.call, str),
        came_back=showing.answer(answer, str),
        place=Place("email", "json", "xml", ("some", "megabytes")),
        profiles=("6606e08f10bcdd88297057a7",),
        folder=f"reports/breaches/{clause}-{number}",
    )


def _asked() -> Iterator[tuple[Meant, Answer]]:
    """Requests of some kinds, formats and sizes."""
    refused = b'{"error":400,"error_text":"Invalid request"}'
    for size, body in ((120, b'{"error":0}'), (10_000_000, b'{"error":0}'), (10_485_761, refused)):
        purpose = Purpose.FOUND if size <= 10_000_000 else Purpose.TOO_LARGE
        meant = Meant("email", "json", "xml", 2, purpose, respelled=False)
        yield meant, Answer(Call(b"x" * size), Ending.ANSWERED, "id", 200, body=body)
