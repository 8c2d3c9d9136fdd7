"""Three-way merge of worlds: by key and by field, with conflicts as data, checked for what it does to play."""

from __future__ import annotations

from worldkit.compare.merge.conflict import MergeConflict
from worldkit.compare.merge.meaning import MergeWarning
from worldkit.compare.merge.result import Merge, merge

__all__ = ["Merge", "MergeConflict", "MergeWarning", "merge"]
