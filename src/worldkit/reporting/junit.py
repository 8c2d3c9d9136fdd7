"""A report as JUnit XML: every check a test, so that continuous integration shows which one fails and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from worldkit.core.errors import WorldError
from worldkit.core.profile import Severity
from worldkit.core.spoken_names import world_title
from worldkit.exploration.summary import is_decided, undecided_sentences
from worldkit.reporting.exploration_digest import finding_run
from worldkit.reporting.exploration_text import chain
from worldkit.reporting.junit_xml import Case, JunitSuite, junit

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

TOOL = "worldkit explore"

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_MAX_ROUTES = 20


def to_junit(exploration: Exploration, fail_on: Severity | Literal["never"] = "warning") -> str:
    """Return a report as JUnit XML.

    There is one test for every kind of check and one for every ending. What was not decided is an error, not
    a pass. Findings less severe than ``fail_on`` are told in a test's output.

    Args:
        fail_on: The least severity that fails a test: ``"error"``, ``"warning"`` or ``"info"``; ``"never"`` for none.

    Returns:
        The XML, in the form that Ant wrote first and Jenkins, GitLab and others read.

    Raises:
        WorldError: There is no such severity.
    """
    return junit([exploration_suite(exploration, fail_on)], TOOL) + "\n"


def exploration_suite(
    exploration: Exploration, fail_on: Severity | Literal["never"], name: str | None = None
) -> JunitSuite:
    """Return a report as one suite of tests.

    Args:
        fail_on: As for ``to_junit``.
        name: What to call it instead of its world's title.

    Raises:
        WorldError: There is no such severity.
    """
    if fail_on not in (*_SEVERITIES, "never"):
        raise WorldError(f"fail_on: expected one of {', '.join(_SEVERITIES)}, never, got {fail_on!r}")
    failing_severities = () if fail_on == "never" else _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    facts = {
        "verdict": exploration.verdict,
        "engine": exploration.engine,
        "positions": str(exploration.positions),
        "positionsComplete": str(exploration.positions_complete).lower(),
        "classes": str(exploration.classes),
        "complete": str(exploration.complete).lower(),
    }
    return JunitSuite(
        name or world_title(exploration.world),
        (*_checks(exploration, failing_severities), *_endings(exploration, failing_severities)),
        facts,
        exploration.seconds,
    )


def _checks(exploration: Exploration, failing_severities: tuple[Severity, ...]) -> Iterator[Case]:
    for kind, says in CHECKS.items():
        members = [finding for finding in exploration.findings if finding.kind == kind]
        bad = [finding for finding in members if finding.severity in failing_severities]
        rest = "\n".join(finding.message for finding in members if finding.severity not in failing_severities)
        if bad:
            first = bad[0].message if len(bad) == 1 else f"{bad[0].message} And {len(bad) - 1:,} more."
            details = "\n\n".join(
                [*(_describe_finding(exploration, finding) for finding in bad[:_MAX_ROUTES]), *_rest_lines(bad)]
            )
            yield Case(says, details, kind, is_failure=True, message=first, output=rest)
        elif not is_decided(exploration, kind):
            yield _undecided(exploration, says, rest)
        else:
            yield Case(says, output=rest)


def _undecided(exploration: Exploration, says: str, output: str = "") -> Case:
    text = "\n".join(undecided_sentences(exploration))
    return Case(says, text, "undecided", is_error=True, message="This was not decided.", output=output)


def _rest_lines(bad: list[Finding]) -> list[str]:
    return ["\n".join(finding.message for finding in bad[_MAX_ROUTES:])] if len(bad) > _MAX_ROUTES else []


def _endings(exploration: Exploration, failing_severities: tuple[Severity, ...]) -> Iterator[Case]:
    finding_of = {finding.item.id: finding for finding in exploration.findings if finding.kind == "unreachable-ending"}
    for id, state in exploration.world.states.items():
        if state.ending is None:
            continue
        says = f"the {state.ending.kind} ending {state.ending.title!r} in {id!r} can be reached"
        finding = finding_of.get(id)
        if finding is not None and finding.severity not in failing_severities:
            yield Case(says, output=finding.message)
        elif finding is not None:
            details = _describe_finding(exploration, finding)
            yield Case(says, details, finding.kind, is_failure=True, message=finding.message)
        elif id not in exploration.endings:
            yield _undecided(exploration, says)
        else:
            yield Case(says)


def _describe_finding(exploration: Exploration, finding: Finding) -> str:
    lines = [finding.message, f"To do: {finding.fix}"]
    run = finding_run(exploration, finding)
    if run is not None and run.length:
        lines.append(f"Way: {chain(run, 60)}")
    return "\n".join(lines)
