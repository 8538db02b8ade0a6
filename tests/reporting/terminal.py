"""What the terminal shows at the end: the table by family, then each breach on one screen."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

import pytest

from contracts import clauses
from endpoint.answer import Answer
from endpoint.curl import MOST_INLINE, curl, kept_body
from endpoint.secret import Secret, redact
from endpoint.target import Target
from tests.asking.ask import Ask
from tests.reporting.ledger import Case, Ledger, Outcome, Standing
from tests.reporting.run import Run
from tests.reporting.verdicts import Breach, ExitCode

MOST_BREACHES: Final = 12
"""Breaches that are told in full; the others are counted."""

HEAD, TAIL = 500, 160
"""Characters of a body that are shown from its beginning and from its end."""

BODIES: Final = Path("reports") / "bodies"
"""Where the bodies of breaches are kept that are too large for a command line."""

COLUMNS: Final = (
    Standing.HELD,
    Standing.BROKEN,
    Standing.UNSUPPORTED,
    Standing.NOT_RUN,
    Standing.OBSERVED,
    Standing.UNCHECKED,
)

VERDICTS: Final = {
    ExitCode.HELD: "HELD: every clause that could be checked holds",
    ExitCode.BREACH: "BROKEN: the target breaks the contract",
    ExitCode.INCONCLUSIVE: "INCONCLUSIVE",
    ExitCode.BROKEN: "NO VERDICT: the target could not be asked, or the suite failed",
}


def summary(reporter: pytest.TerminalReporter, run: Run) -> None:
    """Write the end of a run."""
    ledger = run.ledger
    code = ledger.exit_code()
    if ledger.cases:
        reporter.section("clauses", sep="=")
        for line in table(ledger):
            reporter.write_line(line)
        for line in observations(ledger):
            reporter.write_line(line)
        for line in not_checked(ledger):
            reporter.write_line(line)
    told = folded(ledger)
    for number, (case, more) in enumerate(told[:MOST_BREACHES], 1):
        if case.breach is not None:
            reporter.section(f"breach {number} of {len(told)}: {case.breach.clause}", sep="-")
            reporter.write_line(in_words(case.breach, run.ask))
            if case.breach.answer is not None:
                reporter.write_line(
                    f"  repeat    {run.ask.hide(repeat(case.breach.answer, run.target))}"
                )
            others = f"  (and {more} more cases)" if more else ""
            reporter.write_line(f"  test      {case.nodeid}{others}")
    for case in list(ledger.without_verdict())[:MOST_BREACHES]:
        reporter.section(f"no verdict: {case.nodeid}", sep="-")
        reporter.write_line(run.ask.hide(case.reason)[:2_000])
    reporter.section(f"verdict on {run.target.name}", sep="=")
    if run.interrupted:
        reporter.write_line("INTERRUPTED: what was seen until then", bold=True)
    else:
        reporter.write_line(VERDICTS[code], red=code != 0, green=code == 0, bold=True)
    for reason in filter(None, (ledger.stopped, ledger.inconclusive)):
        reporter.write_line(run.ask.hide(reason))
    broken = {case.breach.clause for case in ledger.breaches if case.breach}
    reporter.write_line(
        f"{ledger.requests} requests, {len(ledger.cases)} cases, {len(ledger.breaches)} with a "
        f"breach of {len(broken)} clauses" + ("" if run.interrupted else f"; exit code {int(code)}")
    )
    if unasked := sum(case.outcome is Outcome.NOT_RUN for case in ledger.cases):
        reporter.write_line(f"{unasked} cases were not run: max_sends of the target file is spent")


def table(ledger: Ledger) -> Iterator[str]:
    """Clauses by family and standing."""
    counts: dict[str, Counter[Standing]] = {}
    for clause_id, standing in ledger.standings().items():
        counts.setdefault(clause_id.partition(".")[0], Counter())[standing] += 1
    yield f"{'family':<18}" + "".join(f"{column:>13}" for column in COLUMNS)
    for family, row in counts.items():
        yield f"{family:<18}" + "".join(f"{row[column] or '.':>13}" for column in COLUMNS)


def observations(ledger: Ledger) -> Iterator[str]:
    """What the target does where the documentation is silent."""
    if ledger.observed:
        yield ""
        yield "observed (the documentation leaves these open):"
    for clause, seen in sorted(ledger.observed.items()):
        yield f"  {clause:<34} {' | '.join(sorted(seen))}"


def not_checked(ledger: Ledger) -> Iterator[str]:
    """What was not checked, and why."""
    reasons: dict[str, set[str]] = {}
    for case in ledger.cases:
        if case.outcome in {Outcome.UNSUPPORTED, Outcome.NOT_RUN}:
            label = f"{case.outcome}: {case.reason}"
            reasons.setdefault(label, set()).update(case.clauses[:1])
    if reasons:
        yield ""
        yield "not checked:"
    for reason, about in sorted(reasons.items()):
        yield f"  {reason} [{', '.join(sorted(about))}]"


def folded(ledger: Ledger) -> list[tuple[Case, int]]:
    """One breach for each clause, the smallest request first, and how many more there are."""
    by_clause: dict[str, list[Case]] = {}
    for case in ledger.breaches:
        if case.breach is not None:
            by_clause.setdefault(case.breach.clause, []).append(case)
    return [(min(cases, key=_size), len(cases) - 1) for cases in by_clause.values()]


def in_words(breach: Breach, ask: Ask) -> str:
    """One breach on one screen, without a command line to repeat it."""
    clause = clauses.load()[breach.clause]
    lines = [
        f"  clause    {clause.sentence}",
        f"  source    {clause.source} ({clause.status})",
        f"  expected  {breach.expected}",
        f"  came      {breach.came}",
    ]
    if breach.answer is not None:
        lines += _exchange(breach.answer, ask.target.token)
    return ask.hide("\n".join(lines))


def _exchange(answer: Answer, token: Secret) -> list[str]:
    call = answer.call
    body = call.body or b""
    status = f"HTTP {answer.status}" if answer.status else str(answer.ending)
    media_type = answer.headers.get("Content-Type", "of no type")
    size = f"{len(answer.body):,} bytes, {answer.seconds:.3f} s"
    return [
        f"  request   {call.method} {call.media_type}, {call.upload}, {len(body):,} bytes",
        f"            {excerpt(body, token)}",
        f"  answer    {status} {media_type}, {size}",
        f"            {excerpt(answer.body, token)}",
    ]


def excerpt(body: bytes, token: Secret) -> str:
    """A body's beginning and end, without the token and in one line."""
    if len(body) > 8 * (HEAD + TAIL):
        # Redact before cutting, with room for a token in the longest of its spellings.
        head, tail = body[: 4 * HEAD], body[-4 * TAIL :]
        shown = redact(_text(head), token)[:HEAD], redact(_text(tail), token)[-TAIL:]
        return " [...] ".join(shown)
    text = redact(_text(body), token)
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]} [...] {text[-TAIL:]}"


def _text(body: bytes) -> str:
    text = body.decode("utf-8", "backslashreplace")
    return text.replace("\n", "\\n").replace("\r", "\\r")


def repeat(answer: Answer, target: Target) -> str:
    """A command line that repeats the request, the token taken from the environment.

    A body that is too large for the line is kept in a file below `reports/`, with the
    variable's name where the token was.
    """
    body = answer.call.body or b""
    if len(body) <= MOST_INLINE:
        return curl(target, answer.call)
    BODIES.mkdir(parents=True, exist_ok=True)
    file = BODIES / f"{sha256(body).hexdigest()[:12]}.body"
    file.write_bytes(kept_body(target, answer.call))
    return curl(target, answer.call, file)


def _size(case: Case) -> int:
    answer = case.breach.answer if case.breach else None
    return len(answer.call.body or b"") if answer else 0
