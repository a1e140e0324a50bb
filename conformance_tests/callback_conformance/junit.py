"""A report as JUnit XML, which servers for continuous integration read: one test case for each clause."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

from .report import failure_text, subject_of
from .runner import Report, Result

__all__ = ["junit"]

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""

TAGS = {"fail": "failure", "error": "error"}
"""What a status is called there; every other one but `pass` is `skipped`, with its name and reason."""


def junit(report: Report) -> bytes:
    """Return the report as XML, in English: its names are for machines."""
    suite = ET.Element("testsuite", {"name": _clean(report.subject["name"]), **_counts(report)})
    properties = ET.SubElement(suite, "properties")
    for name, value in _facts(report).items():
        ET.SubElement(properties, "property", name=name, value=_clean(value))
    for clause, result in report.clauses.items():
        suite.append(_case(clause, result, report))
    root = ET.Element("testsuites", {"name": "callback-conformance", **_counts(report)})
    root.append(suite)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _counts(report: Report) -> dict[str, str]:
    tags = Counter(TAGS.get(result.status, "skipped") for result in report.clauses.values() if result.status != "pass")
    seconds = sum(result.seconds for result in report.clauses.values())
    return {
        "tests": str(len(report.clauses)),
        "failures": str(tags["failure"]),
        "errors": str(tags["error"]),
        "skipped": str(tags["skipped"]),
        "time": f"{seconds:.3f}",
    }


def _facts(report: Report) -> dict[str, str]:
    subject = {f"subject.{name}": value for name, value in report.subject.items()}
    return {
        **subject,
        "suite": report.suite,
        "python": report.python,
        "platform": report.platform,
        "seed": str(report.seed),
        "examples": str(report.examples),
        "finished": str(report.finished).lower(),
    }


def _case(clause: str, result: Result, report: Report) -> ET.Element:
    case = ET.Element("testcase", classname=result.callback, name=clause, time=f"{result.seconds:.3f}")
    if result.status == "pass":
        return case
    why = result.failure.why if result.failure and result.status == "fail" else result.reason
    told = ET.SubElement(case, TAGS.get(result.status, "skipped"), message=_clean(f"{result.status}: {why}"))
    if result.status in TAGS:
        told.set("type", result.status)
    if result.failure:
        told.text = _clean(failure_text(result.failure, subject_of(report, result.callback)))
    return case


def _clean(text: str) -> str:
    return NOT_XML.sub("?", text)
