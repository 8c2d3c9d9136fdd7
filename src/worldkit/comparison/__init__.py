"""Comparison of worlds: differences by key and field, the operations between two worlds, and three-way merge."""

from __future__ import annotations

from worldkit.comparison.deep import PlayChanges
from worldkit.comparison.fields import ABSENT, FieldChange
from worldkit.comparison.merging import Merge, MergeConflict, MergeWarning, merge
from worldkit.comparison.world_diff import Changes, Diff, diff

__all__ = [
    "ABSENT",
    "Changes",
    "Diff",
    "FieldChange",
    "Merge",
    "MergeConflict",
    "MergeWarning",
    "PlayChanges",
    "diff",
    "merge",
]
