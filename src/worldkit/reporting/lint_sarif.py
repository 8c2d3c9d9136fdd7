"""Diagnostics as SARIF 2.1.0, as code scanning reads it (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from worldkit.core.diagnostics import Diagnostic
from worldkit.core.json_values import Json
from worldkit.core.profile import HOSTED, Profile
from worldkit.reporting.sarif import LEVELS, fingerprint, log
from worldkit.ruleset import Rule


class Located(NamedTuple):
    """A diagnostic, and the file of the world it was found in."""

    path: str
    found: Diagnostic


def sarif(located: Iterable[Located], rules: Sequence[Rule[Any]], profile: Profile = HOSTED) -> Json:
    """Return diagnostics as a SARIF log with one run.

    Args:
        located: The diagnostics.
        rules: All rules that were asked, so that also what found nothing is known.
        profile: Whose severities they have; rules that do not run in it are left out.
    """
    rules = [rule for rule in rules if rule.severity_in(profile) is not None]
    order = {rule.id: number for number, rule in enumerate(rules)}
    return log([_rule(rule, profile) for rule in rules], [_result(item, order) for item in located])


def _rule(rule: Rule[Any], profile: Profile) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": LEVELS[rule.severity_in(profile) or rule.severity]},
    }


def _result(located: Located, order: dict[str, int]) -> Json:
    diagnostic = located.found
    item = diagnostic.item
    logical = {"name": item.id or "world", "fullyQualifiedName": diagnostic.path, "kind": item.kind}
    location: Json = {"logicalLocations": [logical]}
    if located.path != "-":
        uri = quote(os.fsencode(PurePath(located.path).as_posix()))
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}
    result: Json = {
        "ruleId": diagnostic.lint,
        "ruleIndex": order[diagnostic.lint],
        "level": LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [location],
        "partialFingerprints": fingerprint(located.path, diagnostic.lint, item.kind, item.id, item.field),
    }
    if diagnostic.count > 1:
        result["occurrenceCount"] = diagnostic.count
    return result
