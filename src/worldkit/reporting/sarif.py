"""A report as SARIF 2.1.0, the format in which code hosts and editors take findings."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from worldkit.core.json_values import Json
from worldkit.core.version import __version__
from worldkit.reporting.exploration_digest import TITLES, finding_run
from worldkit.reporting.exploration_parts import RunSummary

if TYPE_CHECKING:
    from worldkit.exploration import Exploration, Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"

RULES: dict[str, tuple[str, str]] = {
    "no-ending-reachable": ("error", "No run can come to an ending, whatever the player does."),
    "soft-lock": ("error", "A run can come to where play goes on but no ending can be reached any more."),
    "dead-end": ("error", "A run can come to where nothing at all can be done and it is not over."),
    "unreachable-ending": ("error", "No run reaches this ending."),
    "key-missing": ("warning", "An event requires a flag that no run ever holds."),
    "dead-event": ("warning", "No run can fire this event."),
    "unreachable-state": ("warning", "No run reaches this state."),
    "undecided": ("warning", "The budget was not enough to decide this."),
    "flag-never-required": ("note", "A flag is granted that nothing asks for."),
}
"""Level and description of every rule, by the kind of finding."""

LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def to_sarif(exploration: Exploration, uri: str | None = None, line: int | None = None) -> Json:
    """Return a report as SARIF.

    A finding's route is its code flow, step by step. A question that was not decided is a separate result and a
    notification of the tool.

    Args:
        uri: Where the world's document is, relative to the repository's root, as code hosts want it; spaces and the
            like are escaped.
        line: The line of a file of lines that holds the world.

    Returns:
        The log as JSON values.
    """
    place: Json = {}
    if uri is not None:
        uri = quote(uri, safe="/:?#[]@!$&'()*+,;=%~", errors="surrogateescape")
        region = {} if line is None else {"region": {"startLine": line}}
        place = {"physicalLocation": {"artifactLocation": {"uri": uri}, **region}}
    order = list(RULES)
    results = [
        _result(exploration, finding, order.index(finding.kind), place, line) for finding in exploration.findings
    ]
    notifications = [{"level": "warning", "message": message(reason)} for reason in exploration.undecided]
    run_fields: Json = {
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notifications}],
        "properties": {
            "verdict": exploration.verdict,
            "positions": exploration.positions,
            "positionsComplete": exploration.positions_complete,
            "classes": exploration.classes,
            "complete": exploration.complete,
        },
    }
    if uri is not None:
        run_fields["artifacts"] = [{"location": {"uri": uri}}]
    return log([*_rules()], results, **run_fields)


def joined(logs: Iterable[Json], unreadable: Mapping[str, str]) -> Json:
    """Return the reports of several worlds as one log with one run, since code hosts take one run of a tool.

    Args:
        logs: What ``to_sarif`` returned for each.
        unreadable: What is wrong with files that could not be read or explored, by path.
    """
    runs = [run for log in logs for run in log["runs"]]
    warnings = [one for run in runs for one in run["invocations"][0]["toolExecutionNotifications"]]
    uris = dict.fromkeys(artifact["location"]["uri"] for run in runs for artifact in run.get("artifacts", ()))
    return log(
        [*_rules()],
        [result for run in runs for result in run["results"]],
        invocations=[invocation(unreadable, warnings)],
        artifacts=[{"location": {"uri": uri}} for uri in uris],
    )


def invocation(unreadable: Mapping[str, str], warnings: Iterable[Json] = ()) -> Json:
    """Return what a log says of how the tool ran.

    Args:
        unreadable: What is wrong with files that could not be read, written or explored, by path.
        warnings: Further notifications.
    """
    notifications = [*warnings, *(_notification(path, text) for path, text in unreadable.items())]
    return {"executionSuccessful": not unreadable, "toolExecutionNotifications": notifications}


def _notification(path: str, text: str) -> Json:
    notification: Json = {"level": "error", "message": message(text)}
    if path != "-":
        notification["locations"] = [{"physicalLocation": {"artifactLocation": {"uri": path_uri(path)}}}]
    return notification


def path_uri(path: str) -> str:
    """Return the relative URI of a file by its path; a name may hold what means something else in a URI."""
    return quote(os.fsencode(PurePath(path).as_posix()))


def log(rules: list[Json], results: list[Json], **more: Any) -> Json:
    """Return a log with one run.

    Args:
        rules: Everything that was asked, whether it found something or not.
        results: What was found.
        more: Further members of the run.
    """
    driver = {"name": "worldkit", "semanticVersion": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", **more, "results": results}
    return {"$schema": SCHEMA, "version": VERSION, "runs": [run]}


def message(text: str) -> Json:
    """Return a text as a message: plain, so that no name in it is shown as a link (SARIF 2.1.0, section 3.11.6)."""
    return {"text": text.replace("](", "] (")}


def fingerprint(*parts: str) -> Json:
    """Return what stays the same as long as it is the same fault, whatever the words."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return {"worldkit/v1": digest[:32]}


def _rules() -> Iterator[Json]:
    for id, (level, text) in RULES.items():
        yield {
            "id": id,
            "name": "".join(part.capitalize() for part in id.split("-")),
            "shortDescription": {"text": TITLES[id]},
            "fullDescription": {"text": text},
            "defaultConfiguration": {"level": level},
        }


def _result(exploration: Exploration, finding: Finding, rule: int, place: Json, line: int | None) -> Json:
    item = finding.item
    result: Json = {
        "ruleId": finding.kind,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": message(f"{finding.message} {finding.fix}"),
        "locations": [_location(item.kind, item.id, item.field, place)],
        "partialFingerprints": fingerprint(
            finding.kind,
            item.kind,
            item.id,
            item.field,
            "" if finding.lock is None else finding.lock.state,
            *([] if line is None else [str(line)]),
        ),
    }
    run = finding_run(exploration, finding)
    if run is not None and run.length:
        result["codeFlows"] = [_flow(run, place)]
    return result


def _location(kind: str, id: str, field: str, place: Json) -> Json:
    path = ".".join(part for part in (f"{kind}s" if id else kind, id, field) if part)
    return {"logicalLocations": [{"name": id or "world", "fullyQualifiedName": path, "kind": kind}], **place}


def _flow(run: RunSummary, place: Json) -> Json:
    steps = [_stop(f"Begin in {run.start}.", "state", run.start, place)]
    for at, hop in enumerate(run.hops):
        point = "From here on no ending can be reached: " if at == run.crossing else ""
        target = f", to {hop.state}" if hop.state != hop.origin else ""
        thread_flow_location = _stop(f"{point}{hop.label}{target}", "event", hop.event, place)
        if at == run.crossing:
            thread_flow_location["importance"] = "essential"
        steps.append(thread_flow_location)
    return {"threadFlows": [{"locations": steps}]}


def _stop(text: str, kind: str, id: str, place: Json) -> Json:
    return {"location": {**_location(kind, id, "", place), "message": message(text)}}
