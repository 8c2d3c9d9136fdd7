"""The editors that are open in this kernel, so that a report of a world can lead back into the editor of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from weakref import ref

from worldkit.core.diagnostics import Item
from worldkit.core.document import json_of
from worldkit.core.process_lock import ProcessLock
from worldkit.widgets.last_runs import Cell, current_cell
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.widgets.editor import Editor

_editors: list[tuple[ref[Editor], Cell | None]] = []
_lock = ProcessLock()

_MIN_COMMON_SHARE = 0.5
"""The share of a world's states that an editor must still have to be an editor of that world, edited since."""


def add_editor(editor: Editor) -> None:
    """Remember an editor for as long as it is open; editors of earlier runs of its cell are forgotten."""
    cell = current_cell()
    with _lock:
        _editors[:] = [
            (reference, other)
            for reference, other in _editors
            if reference() is not None and not _is_earlier_run(other, cell)
        ]
        _editors.append((ref(editor), cell))


def editor_of(world: World) -> Editor | None:
    """Return the editor of a world, or of what it was edited into; None when there is none.

    One that holds the very world is preferred, then one that still has most of its states, and the newest of several.
    """
    with _lock:
        open_widgets = [reference() for reference, _ in reversed(_editors)]
    editors = [editor for editor in open_widgets if editor is not None and editor.comm is not None]
    for editor in editors:
        if json_of(editor.world) is json_of(world) or editor.world == world:
            return editor
    return next((editor for editor in editors if _is_related(editor.world, world)), None)


def lead_to(editor: Editor, item: Item, panel: Literal["details", "problems"]) -> None:
    """Show a thing in every view of an editor: select it, bring it into sight, and open its form or the problems at it.

    Args:
        panel: What to open beside the map.
    """
    if item.kind in ("state", "event"):
        editor.selection = {"kind": item.kind, "id": item.id}
    about = {"kind": item.kind, "id": item.id, "field": item.field}
    editor.send({"type": "show", "item": about, "panel": panel})


def _is_earlier_run(cell: Cell | None, now: Cell | None) -> bool:
    return cell is not None and now is not None and cell.id == now.id and cell.execution != now.execution


def _is_related(edited_world: World, world: World) -> bool:
    if (edited_world.id, edited_world.name) != (world.id, world.name) or not world.states:
        return False
    return len(edited_world.states.keys() & world.states.keys()) >= _MIN_COMMON_SHARE * len(world.states)
