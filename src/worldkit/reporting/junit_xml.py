"""JUnit XML, as continuous integration reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as xml

_FORBIDDEN_CHARACTER = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
        message: The text of a failure or an error in short; empty for its first line.
        output: What is kept besides.
    """

    name: str
    text: str = ""
    kind: str = ""
    is_failure: bool = False
    seconds: float = 0.0
    is_error: bool = False
    message: str = ""
    output: str = ""


@dataclass(frozen=True, slots=True)
class JunitSuite:
    """Several cases that belong together.

    Attributes:
        name: What they are called.
        properties: What is said of all of them, by its name.
        seconds: How long they took; None for as long as the cases say.
    """

    name: str
    cases: tuple[Case, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None


def junit(suites: Iterable[JunitSuite], name: str = "") -> str:
    """Return suites as JUnit XML; characters that XML cannot hold become U+FFFD.

    Args:
        name: What made them; empty for no name.
    """
    suite_list = list(suites)
    seconds = sum(map(_seconds, suite_list))
    counts = _counts([case for suite in suite_list for case in suite.cases], seconds)
    root = xml.Element("testsuites", {**({"name": name} if name else {}), **counts})
    root.extend(map(_suite_element, suite_list))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode")


def _suite_element(suite: JunitSuite) -> xml.Element:
    name = _clean(suite.name)
    element = xml.Element("testsuite", {"name": name, **_counts(suite.cases, _seconds(suite))})
    if suite.properties:
        properties = xml.SubElement(element, "properties")
        for key, value in suite.properties.items():
            xml.SubElement(properties, "property", {"name": key, "value": _clean(value)})
    for case in suite.cases:
        head = {"name": _clean(case.name), "classname": name, "time": f"{case.seconds:.3f}"}
        _add_findings(xml.SubElement(element, "testcase", head), case)
    return element


def _add_findings(element: xml.Element, case: Case) -> None:
    """Add what was found of a case to its element."""
    text, kind = _clean(case.text), _clean(case.kind)
    if case.is_failure or case.is_error:
        first = {"type": kind, "message": _clean(case.message) or text.split("\n", 1)[0]}
        xml.SubElement(element, "error" if case.is_error else "failure", first).text = text
    elif text:
        xml.SubElement(element, "system-out").text = f"{kind}: {text}"
    if case.output:
        xml.SubElement(element, "system-out").text = _clean(case.output)


def _seconds(suite: JunitSuite) -> float:
    return sum(case.seconds for case in suite.cases) if suite.seconds is None else suite.seconds


def _counts(cases: Sequence[Case], seconds: float) -> dict[str, str]:
    failures, errors = sum(case.is_failure for case in cases), sum(case.is_error for case in cases)
    return {"tests": str(len(cases)), "failures": str(failures), "errors": str(errors), "time": f"{seconds:.3f}"}


def _clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _FORBIDDEN_CHARACTER.sub("\ufffd", text)
