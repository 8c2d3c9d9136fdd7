"""A report as JUnit XML: every check a test, so that continuous integration shows which one fails and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as xml

from worldkit.core.errors import WorldError
from worldkit.core.profile import Severity
from worldkit.exploration.decided import is_decided, undecided_sentences
from worldkit.reporting.exploration_digest import finding_run
from worldkit.reporting.exploration_text import chain

if TYPE_CHECKING:
    from worldkit.exploration import Exploration, Finding

CHECKS: dict[str, str] = {
    "no-ending-reachable": "some ending can be reached",
    "soft-lock": "no run can get stuck",
    "dead-end": "there is always something to do until the run is over",
    "key-missing": "every flag that is required can be held",
    "dead-event": "every event can happen",
    "unreachable-state": "every state can be reached",
    "flag-never-required": "every flag that is granted is asked for",
}
"""The checks besides those of single endings, by the kind of finding that fails them."""

_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
_ROUTES = 20
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(exploration: Exploration, fail_on: Severity | Literal["never"] = "warning") -> str:
    """Return a report as JUnit XML.

    There is one test for every kind of check and one for every ending. What was not decided is an error, not
    a pass. Findings less severe than ``fail_on`` are told in a test's output.

    Args:
        exploration: The exploration.
        fail_on: The least severity that fails a test: ``"error"``, ``"warning"`` or ``"info"``; ``"never"`` for none.

    Returns:
        The XML, in the form that Ant wrote first and Jenkins, GitLab and others read.

    Raises:
        WorldError: There is no such severity.
    """
    if fail_on not in (*_ORDER, "never"):
        raise WorldError(f"fail_on: expected one of {', '.join(_ORDER)}, never, got {fail_on!r}")
    failing = () if fail_on == "never" else _ORDER[: _ORDER.index(fail_on) + 1]
    name = clean(exploration.world.name or exploration.world.id or "Untitled world")
    cases = [*_checks(exploration, failing), *_endings(exploration, failing)]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    root = xml.Element("testsuites", {"name": "worldkit explore", **counts, "time": f"{exploration.seconds:.3f}"})
    suite = xml.SubElement(
        root, "testsuite", {"name": name, **counts, "skipped": "0", "time": f"{exploration.seconds:.3f}"}
    )
    properties = xml.SubElement(suite, "properties")
    facts = {"verdict": exploration.verdict, "engine": exploration.engine, "positions": str(exploration.positions)}
    facts["positionsComplete"], facts["classes"] = str(exploration.positions_complete).lower(), str(exploration.classes)
    facts["complete"] = str(exploration.complete).lower()
    for key, value in facts.items():
        xml.SubElement(properties, "property", {"name": key, "value": clean(value)})
    suite.extend(cases)
    for case in cases:
        case.set("classname", name)
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _checks(exploration: Exploration, failing: tuple[Severity, ...]) -> Iterator[xml.Element]:
    for kind, says in CHECKS.items():
        case = xml.Element("testcase", {"name": says, "time": "0"})
        members = [finding for finding in exploration.findings if finding.kind == kind]
        bad = [finding for finding in members if finding.severity in failing]
        rest = [finding for finding in members if finding.severity not in failing]
        if bad:
            first = bad[0].message if len(bad) == 1 else f"{bad[0].message} And {len(bad) - 1:,} more."
            details = "\n\n".join(
                [*(_describe_finding(exploration, finding) for finding in bad[:_ROUTES]), *_rest(bad)]
            )
            _add_detail(case, "failure", kind, first, details)
        elif not is_decided(exploration, kind):
            _add_detail(
                case, "error", "undecided", "This was not decided.", "\n".join(undecided_sentences(exploration))
            )
        if rest:
            output = xml.SubElement(case, "system-out")
            output.text = clean("\n".join(finding.message for finding in rest))
        yield case


def _rest(bad: list[Finding]) -> list[str]:
    return ["\n".join(finding.message for finding in bad[_ROUTES:])] if len(bad) > _ROUTES else []


def _endings(exploration: Exploration, failing: tuple[Severity, ...]) -> Iterator[xml.Element]:
    finding_of = {finding.item.id: finding for finding in exploration.findings if finding.kind == "unreachable-ending"}
    for id, state in exploration.world.states.items():
        if state.ending is None:
            continue
        says = f"the {state.ending.kind} ending {state.ending.title!r} in {id!r} can be reached"
        case = xml.Element("testcase", {"name": clean(says), "time": "0"})
        finding = finding_of.get(id)
        if finding is not None and finding.severity not in failing:
            xml.SubElement(case, "system-out").text = clean(finding.message)
        elif finding is not None:
            _add_detail(case, "failure", finding.kind, finding.message, _describe_finding(exploration, finding))
        elif id not in exploration.endings:
            _add_detail(
                case, "error", "undecided", "This was not decided.", "\n".join(undecided_sentences(exploration))
            )
        yield case


def _describe_finding(exploration: Exploration, finding: Finding) -> str:
    lines = [finding.message, f"To do: {finding.fix}"]
    run = finding_run(exploration, finding)
    if run is not None and run.length:
        lines.append(f"Way: {chain(run, 60)}")
    return "\n".join(lines)


def _add_detail(case: xml.Element, tag: str, kind: str, message: str, text: str) -> None:
    element = xml.SubElement(case, tag, {"type": kind, "message": clean(message)})
    element.text = clean(text)


def clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
