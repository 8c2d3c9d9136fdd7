"""The reducer of the editor: a state and a request give the next state and the messages to send.

``reduce`` has no effects. Its caller stores the state and sends the messages, so that every request can
be tested as a table, without a kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import OpError, RuleViolation, WorldError
from worldkit.core.json_values import Json
from worldkit.drawing.svg import to_svg
from worldkit.editing.flag_edits import FlagRefused, flag_ops
from worldkit.exploration.deep_rules import DEEP_RULES
from worldkit.layout.annotation_changes import patch_between
from worldkit.ruleset import RULES, Rule
from worldkit.widgets import gestures, history, protocol
from worldkit.widgets.code import to_code
from worldkit.widgets.editor_state import EditorState, Positions, changed_ids
from worldkit.widgets.patch import findings, patch
from worldkit.widgets.protocol import Address, Code, one_line
from worldkit.widgets.request_answers import (
    edit_properties,
    preview,
    read_property,
    read_sheet,
    suggestions,
    write_sheet,
)
from worldkit.widgets.state_pictures import pictures_of


@dataclass(frozen=True, slots=True)
class ReducerResult:
    """What a request came to.

    Attributes:
        state: The editor after it.
        reply: The one answer to whoever asked.
        change_message: What every view is told, when anything changed; it goes out before the reply.
        interruption: What interrupted the kernel meanwhile, to be raised again after the reply.
    """

    state: EditorState
    reply: Json
    change_message: Json | None = None
    interruption: BaseException | None = None


def reduce(
    state: EditorState, request: protocol.EditorRequest, to: Address | None = None, *, read_only: bool = False
) -> ReducerResult:
    """Return the result of a request.

    Args:
        to: Whom to answer.
        read_only: Refuse whatever would change something.
    """
    to = to or Address()
    match request:
        case protocol.Hello():
            return ReducerResult(state, protocol.reply("seed", to, seed=seed(state)))
        case protocol.PictureOf(theme=theme, pictures=pictures):
            layout, diagnostics = state.positions, state.diagnostics
            svg = to_svg(state.world, layout=layout, theme=theme, diagnostics=diagnostics, pictures=pictures)
            return ReducerResult(state, protocol.reply("picture", to, svg=svg))
        case protocol.PicturesOf(states=states, detail=detail):
            return ReducerResult(
                state, protocol.reply("pictures", to, pictures=pictures_of(state.world, states, detail))
            )
        case protocol.CodeOf():
            return ReducerResult(state, protocol.reply("code", to, text=code(state)))
        case protocol.ReadProperty(text=text):
            return ReducerResult(state, protocol.reply("property_text", to, **read_property(state, text)))
        case protocol.SuggestProperties():
            return ReducerResult(state, protocol.reply("property_suggestions", to, suggestions=suggestions(state)))
        case protocol.Preview() | protocol.WriteSheet() | protocol.ReadSheet():
            try:
                return ReducerResult(state, _answer(state, request, to))
            except WorldError as error:
                return reject(state, to, "op", str(error))
    if read_only:
        return reject(state, to, "read_only", "this editor is read-only; change the world from Python")
    if isinstance(request, protocol.Edit) and request.base != state.world.rev:
        message = (
            f"the world is at revision {state.world.rev}, this edit was made against {request.base}; make it again"
        )
        return reject(state, to, "conflict", message)
    try:
        after = _apply_request(state, request)
    except (OpError, FlagRefused, history.NothingToDo) as error:
        return reject(state, to, "op", _reason(request, error))
    except RuleViolation as error:
        return reject(state, to, "rule", str(error))
    except gestures.NoFix as error:
        return reject(state, to, "rule", str(error))
    except WorldError as error:
        return reject(state, to, "conflict", str(error))
    return ReducerResult(
        after, protocol.accepted(to, after.world.rev, after.notes), change_message(state, after, to.id)
    )


def _answer(
    state: EditorState, request: protocol.Preview | protocol.WriteSheet | protocol.ReadSheet, to: Address
) -> Json:
    """Return the reply to a question that changes nothing."""
    match request:
        case protocol.Preview(ops=ops):
            return protocol.reply("preview", to, **preview(state, ops))
        case protocol.WriteSheet():
            return protocol.reply("sheet", to, **write_sheet(state.world, request))
        case protocol.ReadSheet():
            return protocol.reply("sheet_edits", to, **read_sheet(state.world, request))


def _apply_request(state: EditorState, request: protocol.EditorRequest) -> EditorState:
    match request:
        case protocol.Edit(ops=ops, label=label, positions=positions, annotations=annotations):
            return gestures.apply_ops(state, ops, label=label, positions=positions, annotations=annotations)
        case protocol.Annotate(annotations=annotations, label=label):
            return gestures.annotate(state, annotations, label)
        case protocol.Undo():
            return history.undo(state)
        case protocol.Redo():
            return history.redo(state)
        case protocol.Move(positions=positions, label=label):
            return gestures.move_cards(state, positions, label)
        case protocol.Tidy(everything=everything):
            return gestures.tidy(state, everything=everything)
        case protocol.Fix(lint=lint, item=item):
            return gestures.apply_fix(state, lint, item.model_dump())
        case protocol.EditProperties(edits=edits):
            return edit_properties(state, edits)
        case protocol.EditFlag(flags=flags, into=into):
            what = f"flag {flags[0]}" if len(flags) == 1 else f"{len(flags)} flags"
            label = f"Delete {what}" if into is None else f"Merge {what} into {into}"
            new_flags = {} if into is None else dict.fromkeys(flags, into)
            ops = flag_ops(state.world, flags, into)
            return gestures.apply_ops(state, ops, label=one_line(label), flags_merged=new_flags)
        case protocol.FixAll(lint=lint):
            return gestures.apply_all_fixes(state, lint)
    raise TypeError(f"no request to decide: {request!r}")


def _reason(request: protocol.EditorRequest, error: WorldError) -> str:
    is_single = isinstance(request, protocol.Edit) and len(request.ops) == 1
    return error.reason if is_single and isinstance(error, OpError) else str(error)


def reject(state: EditorState, to: Address, code: Code, message: str) -> ReducerResult:
    """Return the result of a request that changes nothing, because it is refused."""
    return ReducerResult(state, protocol.rejected(to, code, message, state.world.rev))


# ---- what is said ----------------------------------------------------------------------------


def seed(state: EditorState) -> Json:
    """Return everything a view needs to begin."""
    return {
        "protocol": protocol.PROTOCOL,
        "world": json_of(state.world),
        "order": list(state.world.states),
        "layout": {id: list(place) for id, place in state.positions.items()},
        "annotations": state.annotations.to_json(),
        "rev": state.world.rev,
        "diagnostics": state.diagnostics.to_list(),
        "undo": state.undo_label,
        "redo": state.redo_label,
        "rules": rules(),
    }


def rules() -> Json:
    """Return what a view says of each rule: its title, and why it exists."""
    all_rules: dict[str, Rule[Any]] = {**RULES, **DEEP_RULES}
    return {id: {"title": rule.title, "explanation": rule.explanation} for id, rule in all_rules.items()}


def change_message(before: EditorState, after: EditorState, cause: str | int | None = None) -> Json | None:
    """Return what every view is told of a change, or None when nothing changed.

    Args:
        before: The editor as the views know it.
        cause: The id of the request that did it; None when Python did.
    """
    is_same_history = after.undo_stack is before.undo_stack and after.redo_stack is before.redo_stack
    if is_same_history and after.diagnostics is before.diagnostics:
        return None
    on_map = patch_between(before.annotations, after.annotations)
    return {
        "type": "changed",
        "from": before.world.rev,
        "rev": after.world.rev,
        "patch": patch(json_of(before.world), json_of(after.world)),
        "layout": _changed_positions(before.positions, after.positions),
        "diagnostics": findings(before.diagnostics, after.diagnostics),
        "undo": after.undo_label,
        "redo": after.redo_label,
        "cause": cause,
        **({"annotations": on_map.to_json()} if on_map else {}),
    }


def _changed_positions(before: Positions, after: Positions) -> Json:
    return {id: list(after[id]) for id in changed_ids(before, after) if id in after}


def code(state: EditorState, name: str = "world") -> str:
    """Return Python that repeats the gestures made so far on a variable."""
    return to_code(((gesture.label, gesture.ops) for gesture in state.undo_stack), name)
