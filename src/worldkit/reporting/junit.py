"""A report as JUnit XML: every check a test, so that continuous integration shows which one fails and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

from worldkit.core.diagnostics import Severity
from worldkit.core.errors import WorldError
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

_NEEDS_STUCK = ("soft-lock", "dead-end")
_ORDER: tuple[Severity, ...] = ("error", "warning", "info")
_ROUTES = 20
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(found: Exploration, fail_on: Severity = "warning") -> str:
    """Return a report as JUnit XML.

    There is one test for every kind of check and one for every ending. What was not decided is an error, not
    a pass. Findings less severe than ``fail_on`` are told in a test's output.

    Args:
        found: The exploration.
        fail_on: The least severity that fails a test: ``"error"``, ``"warning"`` or ``"info"``.

    Returns:
        The XML, in the form that Ant wrote first and Jenkins, GitLab and others read.

    Raises:
        WorldError: There is no such severity.
    """
    if fail_on not in _ORDER:
        raise WorldError(f"fail_on: expected one of {', '.join(_ORDER)}, got {fail_on!r}")
    failing = _ORDER[: _ORDER.index(fail_on) + 1]
    name = clean(found.world.name or found.world.id or "Untitled world")
    cases = [*_checks(found, failing), *_endings(found)]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    root = xml.Element("testsuites", {"name": "worldkit explore", **counts, "time": f"{found.seconds:.3f}"})
    suite = xml.SubElement(root, "testsuite", {"name": name, **counts, "skipped": "0", "time": f"{found.seconds:.3f}"})
    properties = xml.SubElement(suite, "properties")
    facts = {"verdict": found.verdict, "engine": found.engine, "positions": str(found.positions)}
    facts["positionsComplete"], facts["classes"] = str(found.positions_complete).lower(), str(found.classes)
    facts["complete"] = str(found.complete).lower()
    for key, value in facts.items():
        xml.SubElement(properties, "property", {"name": key, "value": clean(value)})
    suite.extend(cases)
    for case in cases:
        case.set("classname", name)
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _checks(found: Exploration, failing: tuple[Severity, ...]) -> Iterator[xml.Element]:
    for kind, says in CHECKS.items():
        case = xml.Element("testcase", {"name": says, "time": "0"})
        members = [finding for finding in found.findings if finding.kind == kind]
        bad = [finding for finding in members if finding.severity in failing]
        rest = [finding for finding in members if finding.severity not in failing]
        if bad:
            first = bad[0].message if len(bad) == 1 else f"{bad[0].message} And {len(bad) - 1:,} more."
            said = "\n\n".join([*(_told(found, finding) for finding in bad[:_ROUTES]), *_rest(bad)])
            _told_as(case, "failure", kind, first, said)
        elif not _decided(found, kind):
            _told_as(case, "error", "undecided", "This was not decided.", "\n".join(found.undecided))
        if rest:
            output = xml.SubElement(case, "system-out")
            output.text = clean("\n".join(finding.message for finding in rest))
        yield case


def _rest(bad: list[Finding]) -> list[str]:
    return ["\n".join(finding.message for finding in bad[_ROUTES:])] if len(bad) > _ROUTES else []


def _endings(found: Exploration) -> Iterator[xml.Element]:
    missed = {finding.item.id: finding for finding in found.findings if finding.kind == "unreachable-ending"}
    for id, state in found.world.states.items():
        if state.ending is None:
            continue
        says = f"the {state.ending.kind} ending {state.ending.title!r} in {id!r} can be reached"
        case = xml.Element("testcase", {"name": clean(says), "time": "0"})
        finding = missed.get(id)
        if finding is not None:
            _told_as(case, "failure", finding.kind, finding.message, _told(found, finding))
        elif id not in found.endings:
            _told_as(case, "error", "undecided", "This was not decided.", "\n".join(found.undecided))
        yield case


def _decided(found: Exploration, kind: str) -> bool:
    if kind == "flag-never-required":
        return True
    return found.exact and (kind not in _NEEDS_STUCK or found.complete)


def _told(found: Exploration, finding: Finding) -> str:
    lines = [finding.message, f"To do: {finding.fix}"]
    run = finding_run(found, finding)
    if run is not None and run.length:
        lines.append(f"Way: {chain(run, 60)}")
    return "\n".join(lines)


def _told_as(case: xml.Element, tag: str, kind: str, message: str, said: str) -> None:
    made = xml.SubElement(case, tag, {"type": kind, "message": clean(message)})
    made.text = clean(said)


def clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
