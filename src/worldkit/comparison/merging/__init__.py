"""Three-way merge of worlds: by key and by field, with conflicts as data, and checks of its effect on play."""

from __future__ import annotations

from worldkit.comparison.merging.conflict import MergeConflict
from worldkit.comparison.merging.merge_warning import MergeWarning
from worldkit.comparison.merging.result import Merge, merge

__all__ = ["Merge", "MergeConflict", "MergeWarning", "merge"]
