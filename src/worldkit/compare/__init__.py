"""Comparing worlds: what differs, by key and by field, and the operations that make the one the other."""

from __future__ import annotations

from worldkit.compare.deep import PlayChanges
from worldkit.compare.diff import Changes, Diff, diff
from worldkit.compare.fields import ABSENT, FieldChange
from worldkit.compare.merge import Merge, MergeConflict, MergeWarning, merge

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
