"""A report's findings as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.dataframe import frame
from worldkit.core.json_values import Json

if TYPE_CHECKING:
    import pandas

    from worldkit.exploration import Exploration, Finding

COLUMNS = ("kind", "severity", "message", "fix", "item", "id", "field", "states", "cause")


def rows(exploration: Exploration) -> list[Json]:
    """Return one row for every finding, most harmful first; ``states`` is a tuple."""
    return [_row(finding) for finding in exploration.findings]


def to_frame(exploration: Exploration) -> pandas.DataFrame:
    """Return the findings as a table, one row for each, most harmful first.

    Raises:
        MissingExtra: pandas is not installed.
    """
    return frame("Exploration.to_frame", rows(exploration), COLUMNS)


def _row(finding: Finding) -> Json:
    item, lock = finding.item, finding.lock
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "message": finding.message,
        "fix": finding.fix,
        "item": item.kind,
        "id": item.id,
        "field": item.field,
        "states": finding.states,
        "cause": None if lock is None else lock.cause,
    }
