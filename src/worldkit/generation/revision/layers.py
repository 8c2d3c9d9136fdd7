"""What keeps a world's subject and style tail inside its bases while it is revised (docs/spec/smworld.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.core.json_values import Json
from worldkit.core.model import State
from worldkit.core.prompt_parts import LIMIT
from worldkit.core.unsent_prose import LAYERS, holds_text, missing_layers, replace_layer, with_layers
from worldkit.editing.batch import Applied, apply
from worldkit.generation.planning.sketch import layers_of
from worldkit.generation.text.constraints import clean
from worldkit.playing.prompts import budget, in_variant
from worldkit.ruleset import refuse_new_errors_strictly
from worldkit.world import World


def apply_with_layers(world: World, ops: Sequence[Mapping[str, Any]], *, strictly: bool = False) -> Applied[World]:
    """Apply operations, and those that keep subject and style tail inside the bases of the world that they lead to.

    Where a base held the old text, it holds the new one. What is new holds both. A base that did not hold a text is
    left without it.

    Raises:
        OpError: They cannot be applied.
        RuleViolation: They are to be applied strictly, and bring an error that was not there before.
    """
    accept = refuse_new_errors_strictly if strictly else None
    return apply(world, [*ops, *_layer_ops(world, apply(world, ops))], accept=accept)


def _layer_ops(before: World, edited: Applied[World]) -> list[Json]:
    after = edited.world
    old, new = layers_of(before), layers_of(after)
    if not old and not new:
        return []
    ids_before = old_ids(after, edited.ops)
    ops: list[Json] = []
    for id, state in after.states.items():
        was = before.states.get(ids_before[id])
        base = _base_with_layers(state, was.base if was else None, old, new)
        if base != state.base:
            ops.append({"op": "set_field", "state": id, "field": "base", "value": base})
        earlier_bases = {variant.label: variant.base for variant in (was and was.variants) or ()}
        for variant in state.variants or ():
            # a new variant is put as its state is, so that the two differ in nothing else
            earlier_base = earlier_bases.get(variant.label, was.base if was else None)
            base = _base_with_layers(in_variant(state, variant.label), earlier_base, old, new)
            if base != variant.base:
                op = {"op": "set_variant_field", "state": id, "label": variant.label, "field": "base", "value": base}
                ops.append(op)
    return ops


def _base_with_layers(state: State, was: str | None, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return the base of an edited state, which ``was`` another or none, with the texts that belong into it."""
    base, new_layers = state.base, {}
    for layer in LAYERS:
        old_text, new_text = old.get(layer, ""), new.get(layer, "")
        if was is not None and old_text and not holds_text(was, old_text):
            continue
        if old_text != new_text:
            base = replace_layer(base, old_text, new_text)
        if new_text and _may_be_added(state, base, layer, new_text):
            new_layers[layer] = new_text
    return with_layers(base, new_layers)


def _may_be_added(state: State, base: str, layer: str, text: str) -> bool:
    """Say whether a text can stand in a base without a rule being broken by it."""
    if not missing_layers(base, {layer: text}):
        return True
    return clean(text) and has_room(state, base, {layer: text})


def has_room(state: State, base: str, layers: Mapping[str, str]) -> bool:
    """Say whether the prompt of a state is short enough with another base, which texts of the world are put into."""
    return budget(state.model_copy(update={"base": with_layers(base, layers)})) <= LIMIT


def old_ids(after: World, ops: Sequence[Json]) -> dict[str, str]:
    """Return the id that each state of a world had before operations in canonical spelling; of a new one ``""``."""
    ids: dict[str, str] = {}
    for op in ops:
        if op["op"] == "rename_state":
            ids[op["to"]] = ids.pop(op["from"], op["from"])
        elif op["op"] == "add_state":
            ids[op["id"]] = ""
    return {id: ids.get(id, id) for id in after.states}
