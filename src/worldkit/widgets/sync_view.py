"""What a view is told of where its world lives: whether all is saved, a conflict, a last run, how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from worldkit import samples
from worldkit.comparison.show import rows
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.exploration import Budget
from worldkit.stores.file import WorldFile
from worldkit.widgets.changes import sided, told
from worldkit.widgets.last_runs import Run
from worldkit.widgets.store_sync import Keeper
from worldkit.widgets.sync_state import EditConflict

MOST = 60
"""Things changed elsewhere, conflicts and edits that a view is told of."""

PLAYED = Budget(seconds=0.3)
"""What each world may cost to be played through, to say what both edits together do to play."""

NOWHERE: Json = {
    "kind": "notebook",
    "place": "",
    "name": "",
    "rev": "",
    "status": "nowhere",
    "trouble": "",
    "note": "",
    "remembered": False,
    "count": 0,
    "waiting": [],
    "conflict": None,
}


def binding(keeper: Keeper | None, *, remembered: bool = False) -> Json:
    """Return where an editor's world lives and how it stands there, as JSON values.

    Args:
        keeper: What keeps it; None when nothing does.
        remembered: Whether its edits are offered when the cell is run again.
    """
    if keeper is None:
        return {**NOWHERE, "remembered": remembered}
    kept = keeper.keeping
    return {
        "kind": "file" if isinstance(keeper.place, WorldFile) else "store",
        "place": keeper.label,
        "name": escape_unprintable(kept.stored.name)[:120],
        "rev": kept.stored.rev,
        "status": kept.status,
        "trouble": escape_unprintable(kept.trouble)[:600],
        "note": escape_unprintable(keeper.layout_trouble)[:600],
        "remembered": remembered,
        "count": len(kept.waiting),
        "waiting": [batch.label for batch in kept.waiting[-MOST:]],
        "conflict": None if kept.conflict is None else _conflict(kept.conflict),
    }


def last_run(earlier: Sequence[Run]) -> Json | None:
    """Return what a view offers to take over from the cell's last run, as JSON values; None when there is nothing.

    Args:
        earlier: The runs that nobody has decided about, the last one first.
    """
    if not earlier:
        return None
    past = earlier[0]
    kept = past.keeper
    saved = kept is not None and kept.keeping.status == "saved"
    edits = past.edits
    return {"count": len(edits), "labels": edits[-MOST:], "place": kept.label if kept and saved else ""}


def start() -> Json:
    """Return what a view offers to begin a world from, as JSON values."""
    return {"samples": [{"id": id, "name": samples.load(id).name or id, "about": samples.about(id)} for id in OFFERED]}


OFFERED = ("bench", "delivery", "lighthouse", "archive")
"""The samples that a person may want to begin with, small to large; the broken ones are there to try the rules on."""


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
