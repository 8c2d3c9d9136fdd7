"""Asking a capable model for texts of a state that no longer fit, when it wrote the base anew without seeing them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import OpError, RuleViolation, WorldError
from worldkit.core.json_values import Json
from worldkit.core.progress import Progress
from worldkit.editing.batch import Applied
from worldkit.generation.direct.schema import as_list, as_object
from worldkit.generation.engines.base import Chat
from worldkit.generation.engines.feedback_loop import converse
from worldkit.generation.planning.sketch import layers_of, own_base
from worldkit.generation.revision.answer_form import STATE_TEXTS, agreement_schema
from worldkit.generation.revision.applying import apply_consistently, old_ids
from worldkit.generation.revision.outline import OTHER_TEXTS, as_json, state_line
from worldkit.generation.text.data import read_typed
from worldkit.world import World

SYSTEM = read_typed(str, "revision.toml", "agreement")
"""What a model is told."""

MOST = 8
"""States that are asked about at once."""


def _rewritten_states(before: World, after: World, ops: Sequence[Json], shown: Collection[str]) -> dict[str, str]:
    """Return the states whose base was written anew while other texts of them, which were not shown, stayed.

    The ids that they had are by those that they have now. What was only added to a base leaves the rest as true as it
    was. The operations are in canonical spelling; what was shown are ids from before them.
    """
    ids: dict[str, str] = {}
    for id, old_id in old_ids(after, ops).items():
        body, old = json_of(after)["scene"]["states"][id], json_of(before)["scene"]["states"].get(old_id)
        if old is None or old_id in shown or own_base(before, old_id) in own_base(after, id):
            continue
        texts = [name for name in (*OTHER_TEXTS, "ending") if body.get(name)]
        if any(body[name] == old.get(name) for name in texts):
            ids[id] = old_id
    return dict(list(ids.items())[:MOST])


def agreeing_ops(
    before: World, result: Applied[World], shown: Collection[str], chat: Chat, seed: int, progress: Progress
) -> tuple[list[Json], int]:
    """Ask for the texts of rewritten states that no longer fit, but of those that were shown.

    Returns:
        What sets them, and the tokens of the answer; nothing where there are none, or the answer cannot be used.
    """
    after = result.world
    states = _rewritten_states(before, after, result.ops, shown)
    if not states:
        return [], 0
    bodies = json_of(after)["scene"]["states"]
    texts = {name for id in states for name in OTHER_TEXTS if bodies[id].get(name)}
    endings = [id for id in states if bodies[id].get("ending")]
    varied = [id for id in states if bodies[id].get("variants")]
    try:
        answer = converse(
            chat,
            SYSTEM,
            _question(before, after, states),
            agreement_schema([*states], endings, varied, texts),
            lambda answer: [
                op for item in as_list(as_object(answer).get("ops")) for op in _text_op(item, bodies, states)
            ],
            what="an agreement of texts",
            seed=seed,
            progress=progress,
            label="asking which texts still fit",
        )
    except WorldError:  # the revision stands without it
        return [], 0
    ops: list[Json] = []
    for op in answer.value:
        with suppress(OpError, RuleViolation):  # a text that breaks a rule is left as it was
            ops = apply_consistently(after, [*ops, op], strictly=True).ops
    return ops, answer.tokens


def _question(before: World, after: World, states: Mapping[str, str]) -> str:
    layers = layers_of(after)
    bodies = json_of(after)["scene"]["states"]
    lines = [f"World: {after.name or ''}", "These places were changed:"]
    for id, old_id in states.items():
        was = as_json(own_base(before, old_id))
        lines += [state_line(id, bodies[id], OTHER_TEXTS, layers), f"  Its base was: {was}"]
    return "\n".join([*lines, "", "Their texts belong together; give those that no longer fit."])


def _text_op(item: Any, bodies: Mapping[str, Json], states: Collection[str]) -> list[Json]:
    """Return an operation with what it may set; none where it sets nothing of a state that was asked about."""
    op = as_object(item)
    id = op.get("id") if op.get("op") == "update_state" else op.get("state")
    if not isinstance(id, str) or id not in states:
        return []
    match op.get("op"):
        case "update_state":
            patch = {**as_object(op.get("patch")), **op}
            texts = {name: patch[name] for name in STATE_TEXTS if patch.get(name) and bodies[id].get(name)}
            return [{"op": "update_state", "id": id, **texts}] if texts else []
        case "set_state_ending" if ending := bodies[id].get("ending"):
            words = {name: op[name] for name in ("title", "subtitle") if op.get(name)}
            return [{"op": "set_state_ending", "state": id, "kind": ending["kind"], **words}] if words else []
        case "set_variant_field" if bodies[id].get("variants") and op.get("field") != "label":
            keys = ("label", "field", "value")
            return [{"op": "set_variant_field", "state": id, **{key: op.get(key) for key in keys}}]
    return []
