"""Options and hooks of the whole suite; the fixtures of the contract tests are beside them."""

import pytest

pytest_plugins = ["tests.reporting.plugin"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say who is asked, how thoroughly, and, for the embedded mock, how it behaves."""
    group = parser.getgroup("start_batch", "contract suite of start_batch")
    group.addoption(
        "--target",
        default="mock",
        metavar="FILE",
        help="target file (docs/target.md), or `mock` for the embedded mock endpoint (default)",
    )
    group.addoption(
        "--effort",
        choices=["smoke", "ci", "nightly"],
        default="ci",
        help="how many values Hypothesis draws for each case (default: ci)",
    )
    group.addoption(
        "--clause",
        action="append",
        default=[],
        metavar="ID",
        help="run only the tests of this clause or family (limit.answer, limit); may be repeated",
    )
    group.addoption(
        "--minutes",
        type=float,
        metavar="N",
        help="ask nothing new after this time; a target too slow for all of it is asked the first "
        "case of each clause before any second (default: smoke 10, ci 30, nightly no bound)",
    )
    group.addoption(
        "--network",
        choices=["reliable", "lossy"],
        help="whether connections may get lost on the way to the target, as through a tunnel: then "
        "a request without an answer is asked again and blamed on nobody (default: reliable for "
        "a target on this machine, else lossy)",
    )
    group.addoption(
        "--summary",
        metavar="FILE",
        help="write the verdict as JSON: exit code, broken clauses, observations, counts",
    )
    group.addoption(
        "--report-dir",
        default="reports",
        metavar="DIR",
        help="where contract.html, contract.json, contract.md and the folders of breaches are "
        "written (default: reports)",
    )
    group.addoption(
        "--resume",
        action="store_true",
        help="go on with the run that was broken off in DIR (Ctrl-C, --minutes, a target that went "
        "away): ask only what is missing, within what is left of max_sends, and report it all",
    )
    group.addoption(
        "--past-first",
        action="store_true",
        help="ask first what earlier runs have kept of this target in DIR/breaches, then the tests "
        "that met it, then all others",
    )
    group.addoption(
        "--deviations",
        metavar="FILE",
        help="known deviations of the target (docs/report.md; default: staging.deviations.toml "
        "beside staging.toml, where it is there)",
    )
    group.addoption(
        "--dry-run",
        action="store_true",
        help="send nothing to the target: count what would be sent, with the embedded mock in its "
        "place",
    )
    group.addoption(
        "--observe",
        action="store_true",
        help="only look what this target does where the documentation leaves a choice: the tests "
        "that observe it, few cases of each; with --pin, keep it",
    )
    group.addoption(
        "--pin",
        action="store_true",
        help="write what this run observes into [observed] of the target file, from then on a "
        "change of it is a breach; what was pinned before is not held against this run",
    )
    group.addoption(
        "--show-values",
        action="store_true",
        help="report what known profiles are found by as it is (default: shortened, unless they "
        "are the embedded mock's own)",
    )
    group.addoption(
        "--mock-variant",
        action="append",
        default=[],
        metavar="NAME",
        help="conforming variant of the embedded mock; may be repeated",
    )
    group.addoption(
        "--mock-defect", metavar="NAME", help="one defect of the embedded mock, to see it caught"
    )
