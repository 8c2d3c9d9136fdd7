"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as xml

from worldkit.reporting.junit import clean


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was looked at.

    Attributes:
        name: What it is called.
        text: What was found; empty when all is well.
        kind: What kind of thing was found.
        is_failure: It counts as a failure; otherwise the text is only kept.
        is_error: It could not be looked at; instead of a failure.
        seconds: How long it took.
    """

    name: str
    text: str = ""
    kind: str = ""
    is_failure: bool = False
    seconds: float = 0.0
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class JunitSuite:
    """Several cases that belong together."""

    name: str
    cases: tuple[Case, ...]


def junit(suites: Iterable[JunitSuite]) -> str:
    """Return suites as JUnit XML; characters that XML cannot hold become U+FFFD."""
    suite_list = list(suites)
    root = xml.Element("testsuites", _counts(case for suite in suite_list for case in suite.cases))
    for suite in suite_list:
        name = clean(suite.name)
        suite_element = xml.SubElement(root, "testsuite", {"name": name, **_counts(suite.cases)})
        for case in suite.cases:
            head = {"name": clean(case.name), "classname": name, "time": f"{case.seconds:.3f}"}
            element = xml.SubElement(suite_element, "testcase", head)
            text = clean(case.text)
            if case.is_failure or case.is_error:
                first = {"message": text.split("\n", 1)[0], "type": clean(case.kind)}
                xml.SubElement(element, "error" if case.is_error else "failure", first).text = text
            elif text:
                xml.SubElement(element, "system-out").text = f"{clean(case.kind)}: {text}"
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode")


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    case_list = list(cases)
    failures, errors = sum(case.is_failure for case in case_list), sum(case.is_error for case in case_list)
    seconds = sum(case.seconds for case in case_list)
    return {"tests": str(len(case_list)), "failures": str(failures), "errors": str(errors), "time": f"{seconds:.3f}"}
