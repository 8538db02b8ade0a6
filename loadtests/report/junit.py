"""The JUnit report: a test case for each objective, for the CI's list of tests."""

import xml.etree.ElementTree as ET

from loadtests import slo
from loadtests.record import Judged, Run


def written(run: Run) -> bytes:
    """A run's objectives, completeness and conservation as a JUnit document.

    Args:
        run: to report.
    """
    cases = [_objective(run, one) for one in run.objectives]
    cases.append(_case(run, "the run is complete", "; ".join(run.missing), kept=run.complete))
    if run.conservation.checked:
        unexplained = run.conservation.unexplained
        said = "; ".join(unexplained)
        cases.append(_case(run, "answers agree with the journal", said, kept=not unexplained))
    failed = sum(case.find("failure") is not None for case in cases)
    suite = ET.Element(
        "testsuite",
        name=f"load {run.scenario}",
        tests=str(len(cases)),
        failures=str(failed),
        errors="0",
        skipped="0",
        time=f"{run.seconds:.3f}",
        timestamp=run.started,
    )
    suite.extend(cases)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    document: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _objective(run: Run, one: Judged) -> ET.Element:
    return _case(run, f"{one.name}: {one.objective}", slo.told(one), kept=one.kept)


def _case(run: Run, name: str, said: str, *, kept: bool) -> ET.Element:
    case = ET.Element("testcase", classname=f"load.{run.scenario}", name=name, time="0")
    if kept and said:
        ET.SubElement(case, "system-out").text = said
    elif not kept:
        ET.SubElement(case, "failure", message=said or name, type="breach").text = said or name
    return case
