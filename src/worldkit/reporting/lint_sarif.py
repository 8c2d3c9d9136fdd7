"""Diagnostics as SARIF 2.1.0, as code scanning reads it (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from worldkit.core.diagnostics import Diagnostic
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED, Profile
from worldkit.reporting.sarif import LEVELS, fingerprint, invocation, log, message, path_uri
from worldkit.ruleset import Rule


class Located(NamedTuple):
    """A diagnostic, and the file of the world it was found in, with the line of a file of lines."""

    path: str
    diagnostic: Diagnostic
    line: int | None = None


def sarif(
    located_diagnostics: Iterable[Located],
    rules: Sequence[Rule[Any]],
    profile: Profile = HOSTED,
    unreadable: Mapping[str, str] | None = None,
) -> Json:
    """Return diagnostics as a SARIF log with one run.

    Args:
        located_diagnostics: The diagnostics.
        rules: All rules that were asked, so that also what found nothing is known.
        profile: Whose severities they have; rules that do not run in it are left out.
        unreadable: What is wrong with files that could not be read or written, by path.
    """
    rules = [rule for rule in rules if rule.severity_in(profile) is not None]
    order = {rule.id: number for number, rule in enumerate(rules)}
    run_fields: Json = {}
    if unreadable:
        run_fields["invocations"] = [invocation(unreadable)]
    return log(
        [_rule(rule, profile) for rule in rules], [_result(item, order) for item in located_diagnostics], **run_fields
    )


def _rule(rule: Rule[Any], profile: Profile) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": LEVELS[rule.severity_in(profile) or rule.severity]},
    }


def _result(located_diagnostic: Located, order: dict[str, int]) -> Json:
    diagnostic = located_diagnostic.diagnostic
    item = diagnostic.item
    logical = {"name": item.id or "world", "fullyQualifiedName": diagnostic.path, "kind": item.kind}
    location: Json = {"logicalLocations": [logical]}
    if located_diagnostic.path != "-":
        artifact = {"uri": path_uri(located_diagnostic.path)}
        location["physicalLocation"] = {
            "artifactLocation": artifact,
            "region": {"startLine": located_diagnostic.line or 1},
        }
    place = (
        located_diagnostic.path
        if located_diagnostic.line is None
        else f"{located_diagnostic.path}:{located_diagnostic.line}"
    )
    result: Json = {
        "ruleId": diagnostic.lint,
        "ruleIndex": order[diagnostic.lint],
        "level": LEVELS[diagnostic.severity],
        "message": message(diagnostic.message),
        "locations": [location],
        "partialFingerprints": fingerprint(place, diagnostic.lint, item.kind, item.id, item.field),
    }
    if diagnostic.count > 1:
        result["occurrenceCount"] = diagnostic.count
    return result
