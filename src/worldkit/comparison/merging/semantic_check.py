"""Semantic check of a merge: problems in lint and play that the merged world has and neither side has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.comparison.merging.lint_check import lint_warnings
from worldkit.comparison.merging.merge_warning import Branch, MergeWarning
from worldkit.comparison.merging.play_check import play_warnings
from worldkit.core.json_values import quote
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget

_RANKS = {"error": 0, "warning": 1, "info": 2}


def find_warnings(
    base: World, ours: Branch, theirs: Branch, merged_world: World, budget: Budget | None = None
) -> tuple[MergeWarning, ...]:
    """Return the problems of a merged world that neither side has, most harmful first.

    Args:
        base: The common ancestor.
        ours: One side.
        theirs: The other.
        merged_world: The merged world.
        budget: What each exploration may cost; see ``worldkit.explore``.
    """
    in_play = play_warnings(ours, theirs, merged_world, budget)
    # a lint warning about an item that a play warning already covers adds nothing
    play_text = " ".join(warning.message for warning in in_play)
    items = {(warning.item.kind, warning.item.id) for warning in in_play}
    in_lint = [
        warning
        for warning in lint_warnings(base, ours, theirs, merged_world)
        if (warning.item.kind, warning.item.id) not in items
        and (not warning.item.id or quote(warning.item.id) not in play_text)
    ]
    return tuple(sorted([*in_play, *in_lint], key=lambda warning: _RANKS[warning.severity]))
