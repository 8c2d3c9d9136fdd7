"""Diagnostics as SARIF 2.1.0, as code scanning reads it (OASIS, Static Analysis Results Interchange Format)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote

from worldkit.diagnostics import Diagnostic
from worldkit.jsonish import Json
from worldkit.rules import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


class Located(NamedTuple):
    """A diagnostic, and the file of the world it was found in."""

    path: str
    found: Diagnostic


def sarif(found: Iterable[Located], rules: Sequence[Rule[Any]]) -> Json:
    """Return diagnostics as a SARIF log with one run.

    Args:
        found: The diagnostics.
        rules: All rules that were asked, so that also what found nothing is known.
    """
    from worldkit import __version__

    order = {rule.id: number for number, rule in enumerate(rules)}
    driver = {"name": "worldkit", "version": __version__, "rules": [_rule(rule) for rule in rules]}
    results = [_result(one, order) for one in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule[Any]) -> Json:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": rule.explanation},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(one: Located, order: dict[str, int]) -> Json:
    found = one.found
    seed = "\0".join((one.path, found.lint, found.item.kind, found.item.id, found.item.field))
    logical = {"name": found.item.id or "world", "fullyQualifiedName": found.path, "kind": found.item.kind}
    location: Json = {"logicalLocations": [logical]}
    if one.path != "-":
        uri = quote(PurePath(one.path).as_posix())
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}
    return {
        "ruleId": found.lint,
        "ruleIndex": order[found.lint],
        "level": LEVELS[found.severity],
        "message": {"text": found.message},
        "locations": [location],
        "partialFingerprints": {"worldkit/v1": hashlib.sha256(seed.encode()).hexdigest()[:32]},
    }
