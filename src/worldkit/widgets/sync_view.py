"""What a view is told of where its world lives: whether all is saved, a conflict, a last run, how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from worldkit import samples
from worldkit.comparison.shown_rows import rows
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.exploration import Budget
from worldkit.illustration.picture import picture_of
from worldkit.stores.file import WorldFileStore
from worldkit.widgets.changes import field_change_json, side_json
from worldkit.widgets.conflict_result import result_json
from worldkit.widgets.generation_loader import model_offers
from worldkit.widgets.last_runs import CellRun
from worldkit.widgets.protocol import Side
from worldkit.widgets.store_sync import StoreSync
from worldkit.widgets.sync_state import EditConflict

MAX_ITEMS = 60
"""Things changed elsewhere, conflicts and edits that a view is told of."""

PLAY_BUDGET = Budget(seconds=0.3)
"""What each world may cost to be played through, to say what both edits together do to play."""

NOT_STORED: Json = {
    "kind": "notebook",
    "place": "",
    "name": "",
    "rev": "",
    "status": "nowhere",
    "trouble": "",
    "note": "",
    "map_is_here": False,
    "remembered": False,
    "count": 0,
    "waiting": [],
    "conflict": None,
    "not_taken": [],
}


def binding(sync: StoreSync | None, *, is_remembered: bool = False) -> Json:
    """Return where an editor's world lives and how it stands there, as JSON values.

    Args:
        sync: What keeps it; None when nothing does.
        is_remembered: Whether its edits are offered when the cell is run again.
    """
    if sync is None:
        return {**NOT_STORED, "remembered": is_remembered}
    state = sync.sync_state
    return {
        "kind": "file" if isinstance(sync.store, WorldFileStore) else "store",
        "place": sync.label,
        "name": escape_unprintable(state.stored_world.name)[:120],
        "rev": state.stored_world.rev,
        "status": state.status,
        "trouble": escape_unprintable(state.trouble)[:600],
        "note": escape_unprintable(sync.map.trouble)[:600],
        "map_is_here": sync.map.is_here,
        "remembered": is_remembered,
        "count": len(state.waiting_batches),
        "waiting": [batch.label for batch in state.waiting_batches[-MAX_ITEMS:]],
        "conflict": None if state.conflict is None else _conflict(state.conflict),
        "not_taken": state.not_taken.diagnostics[:MAX_ITEMS].to_list() if state.not_taken else [],
    }


def last_run(earlier: Sequence[CellRun]) -> Json | None:
    """Return what a view offers to take over from the cell's last run, as JSON values; None when there is nothing.

    Args:
        earlier: The runs whose edits are still offered, the last one first.
    """
    if not earlier:
        return None
    last = earlier[0]
    sync = last.sync
    is_saved = sync is not None and sync.sync_state.status == "saved" and not last.started_saved
    edits = last.edits
    return {"count": len(edits), "labels": edits[-MAX_ITEMS:], "place": sync.label if sync and is_saved else ""}


def start() -> Json:
    """Return what a view offers to begin a world from, as JSON values."""
    return {"samples": [_sample_offer(id) for id in OFFERED_SAMPLES], "models": model_offers()}


def _sample_offer(id: str) -> Json:
    sample = samples.load(id)
    first_id = sample.entrance.state if sample.entrance else next(iter(sample.states))
    first_scene = picture_of(sample, first_id, size=_SMALL_PICTURE, detail="thumbnail")
    return {"id": id, "name": sample.name or id, "about": samples.about(id), "picture": first_scene.src}


_SMALL_PICTURE = (240, 180)
"""Width and height of the picture of a sample, in pixels."""


OFFERED_SAMPLES = ("bench", "delivery", "bread", "circus", "lighthouse", "archive")
"""The samples that a person may want to begin with, small to large; the broken ones are there to try the rules on."""


def _conflict(conflict: EditConflict) -> Json:
    change_rows = list(rows(conflict.elsewhere))
    conflicts = conflict.merge.conflicts
    return {
        "rev": conflict.rev,
        "elsewhere": [
            {"mark": mark, "kind": kind, "id": id, "fields": [field_change_json(field) for field in fields[:12]]}
            for mark, kind, id, fields in change_rows[:MAX_ITEMS]
        ],
        "more": max(0, len(change_rows) - MAX_ITEMS),
        "clashes": [
            {
                "path": clash.path,
                "item": {"kind": clash.item.kind, "id": clash.item.id, "field": clash.item.field},
                "why": clash.why,
                "ours": side_json(clash.base, clash.ours),
                "theirs": side_json(clash.base, clash.theirs),
                "results": {side: result_json(clash, side) for side in get_args(Side)},
            }
            for clash in conflicts[:MAX_ITEMS]
        ],
        "undecided": max(0, len(conflicts) - MAX_ITEMS),
        "warnings": [item.message for item in conflict.merge.check(PLAY_BUDGET)][:8],
    }
