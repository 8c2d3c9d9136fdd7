"""Comparing worlds: what differs, by key and by field, and the operations that make the one the other."""

from __future__ import annotations

from worldkit.compare.deep import PlayChanges
from worldkit.compare.diff import Changes, Diff, diff
from worldkit.compare.fields import ABSENT, FieldChange

__all__ = ["ABSENT", "Changes", "Diff", "FieldChange", "PlayChanges", "diff"]
