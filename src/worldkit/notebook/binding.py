"""What a view is told of where its world is kept: the store, whether all is saved, and a conflict to decide."""

from __future__ import annotations

from worldkit.compare.show import rows
from worldkit.jsonish import Json, printable
from worldkit.notebook.changes import sided, told
from worldkit.notebook.keeper import Keeper
from worldkit.notebook.keeping import EditConflict
from worldkit.play.explore import Budget

MOST = 60
"""Things changed elsewhere, conflicts and waiting edits that a view is told of."""

PLAYED = Budget(seconds=0.3)
"""What each world may cost to be played through, to say what both edits together do to play."""


def binding(keeper: Keeper) -> Json:
    """Return where an editor's world is kept and how it stands there, as JSON values.

    Args:
        keeper: What keeps it.
    """
    kept = keeper.keeping
    return {
        "place": keeper.label,
        "name": printable(kept.stored.name)[:120],
        "rev": kept.stored.rev,
        "status": kept.status,
        "trouble": printable(kept.trouble)[:600],
        "count": len(kept.waiting),
        "waiting": [batch.label for batch in kept.waiting[-MOST:]],
        "conflict": None if kept.conflict is None else _conflict(kept.conflict),
    }


def _conflict(met: EditConflict) -> Json:
    found = list(rows(met.elsewhere))
    clashes = met.merge.conflicts
    return {
        "rev": met.rev,
        "elsewhere": [
            {"mark": mark, "kind": kind, "id": id, "fields": [told(field) for field in fields[:12]]}
            for mark, kind, id, fields in found[:MOST]
        ],
        "more": max(0, len(found) - MOST),
        "clashes": [
            {"path": one.path, "why": one.why, "mine": sided(one.base, one.ours), "theirs": sided(one.base, one.theirs)}
            for one in clashes[:MOST]
        ],
        "undecided": max(0, len(clashes) - MOST),
        "warnings": [one.message for one in met.merge.check(PLAYED)][:8],
    }
