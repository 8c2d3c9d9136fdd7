"""The functional core of the editor: a state and a request make the next state and what is said of it.

``decide`` has no effects. Whoever calls it keeps the state and sends the messages, so every arm of the
protocol can be tested as a table, without a kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import OpError, RuleViolation, WorldError
from worldkit.core.json_values import Json
from worldkit.rules import DEEP_RULES, RULES, Rule
from worldkit.widgets import history, protocol
from worldkit.widgets.code import to_code
from worldkit.widgets.history import EditorState
from worldkit.widgets.patch import findings, patch
from worldkit.widgets.protocol import Address, Code


@dataclass(frozen=True, slots=True)
class Step:
    """What a request came to.

    Attributes:
        state: The editor after it.
        reply: The one answer to whoever asked.
        changed: What every view is told, when anything changed; it goes out before the reply.
    """

    state: EditorState
    reply: Json
    changed: Json | None = None


def decide(
    state: EditorState, request: protocol.EditorRequest, to: Address | None = None, *, read_only: bool = False
) -> Step:
    """Return what a request comes to.

    Args:
        state: The editor.
        request: What a view asks.
        to: Whom to answer.
        read_only: Refuse whatever would change something.
    """
    to = to or Address()
    match request:
        case protocol.Hello():
            return Step(state, protocol.reply("seed", to, seed=seed(state)))
        case protocol.CodeOf():
            return Step(state, protocol.reply("code", to, text=code(state)))
    if read_only:
        return _refused(state, to, "read_only", "this editor is read-only; change the world from Python")
    if isinstance(request, protocol.Edit) and request.base != state.world.rev:
        said = f"the world is at revision {state.world.rev}, this edit was made against {request.base}; make it again"
        return _refused(state, to, "conflict", said)
    try:
        after = _carried_out(state, request)
    except (OpError, history.NothingToDo) as refused:
        return _refused(state, to, "op", _reason(request, refused))
    except RuleViolation as refused:
        return _refused(state, to, "rule", str(refused))
    except history.NoFix as refused:
        return _refused(state, to, "rule", str(refused))
    except WorldError as refused:
        return _refused(state, to, "conflict", str(refused))
    return Step(after, protocol.accepted(to, after.world.rev, after.notes), changed(state, after, to.id))


def _carried_out(state: EditorState, request: protocol.EditorRequest) -> EditorState:
    match request:
        case protocol.Edit(ops=ops, label=label, positions=places):
            return history.edited(state, ops, label=label, places=places)
        case protocol.Undo():
            return history.undone(state)
        case protocol.Redo():
            return history.redone(state)
        case protocol.Move(positions=places, label=label):
            return history.moved(state, places, label)
        case protocol.Tidy(everything=everything):
            return history.tidied(state, everything=everything)
        case protocol.Fix(lint=lint, item=item):
            return history.mended(state, lint, item.model_dump())
    raise TypeError(f"no request to decide: {request!r}")


def _reason(request: protocol.EditorRequest, refused: WorldError) -> str:
    alone = isinstance(request, protocol.Edit) and len(request.ops) == 1
    return refused.reason if alone and isinstance(refused, OpError) else str(refused)


def _refused(state: EditorState, to: Address, code: Code, message: str) -> Step:
    return Step(state, protocol.rejected(to, code, message, state.world.rev))


# ---- what is said ----------------------------------------------------------------------------


def seed(state: EditorState) -> Json:
    """Return everything a view needs to begin."""
    return {
        "protocol": protocol.PROTOCOL,
        "world": json_of(state.world),
        "order": list(state.world.states),
        "layout": {id: list(place) for id, place in state.places.items()},
        "rev": state.world.rev,
        "diagnostics": state.diagnostics.to_list(),
        "undo": state.undo_label,
        "redo": state.redo_label,
        "rules": rules(),
    }


def rules() -> Json:
    """Return what a view says of each rule: its title, why it exists, and whether it can mend itself."""
    known: dict[str, Rule[Any]] = {**RULES, **DEEP_RULES}
    return {
        id: {"title": rule.title, "explanation": rule.explanation, "fixable": rule.fix is not None}
        for id, rule in known.items()
    }


def changed(before: EditorState, after: EditorState, cause: str | int | None = None) -> Json | None:
    """Return what every view is told of a change, or None when nothing changed.

    Args:
        before: The editor as the views know it.
        after: The editor now.
        cause: The id of the request that did it; None when Python did.
    """
    if after.done is before.done and after.undone is before.undone:
        return None
    return {
        "type": "changed",
        "from": before.world.rev,
        "rev": after.world.rev,
        "patch": patch(json_of(before.world), json_of(after.world)),
        "layout": {id: list(p) for id, p in after.places.items() if before.places.get(id) != p},
        "diagnostics": findings(before.diagnostics, after.diagnostics),
        "undo": after.undo_label,
        "redo": after.redo_label,
        "cause": cause,
    }


def code(state: EditorState, name: str = "world") -> str:
    """Return Python that repeats the gestures made so far on a variable."""
    return to_code(((gesture.label, gesture.ops) for gesture in state.done), name)
