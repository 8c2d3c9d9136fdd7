"""Applying a machine's edit with what keeps the world consistent, and refusing it where it breaks a rule or harms play.

Subject and style tail stay inside the bases (docs/spec/smworld.md). A new state has a label by which it is recognised
where the others have one, and an event looks for the label of the state that it leads to now. An edit does harm where
it loses an ending, or lets a run get stuck where none could before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from worldkit.comparison.deep import PlayChanges, compare_explorations
from worldkit.comparison.play_summary import describe_harm
from worldkit.comparison.world_diff import Diff, diff
from worldkit.core.document import json_of
from worldkit.core.errors import OpError, RuleViolation
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.model import State
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH
from worldkit.core.unsent_prose import LAYERS, holds_text, missing_layers, replace_layer, with_layers
from worldkit.editing.batch import Applied, apply
from worldkit.exploration import Exploration, explore_counted, plays_the_same
from worldkit.generation.planning.sketch import layers_of, name
from worldkit.generation.text.constraints import clean
from worldkit.playing.prompts import budget, in_variant
from worldkit.ruleset import refuse_new_errors_strictly
from worldkit.world import World

MAX_COMPLAINTS = 5


def apply_consistently(world: World, ops: Sequence[Mapping[str, Any]], *, strictly: bool = False) -> Applied[World]:
    """Apply operations, and those that keep the world that they lead to consistent.

    Where a base held the old subject or style tail, it holds the new one. What is new holds both. A base that did not
    hold a text is left without it.

    Raises:
        OpError: They cannot be applied.
        RuleViolation: They are to be applied strictly, and bring an error that was not there before.
    """
    edited = apply(world, ops)
    ids = old_ids(edited.world, edited.ops)
    more_ops = [*_layer_ops(world, edited.world, ids), *_arrival_ops(world, edited.world, ids)]
    return apply(world, [*ops, *more_ops], accept=refuse_new_errors_strictly if strictly else None)


def old_ids(after: World, ops: Sequence[Json]) -> dict[str, str]:
    """Return the id that each state of a world had before operations in canonical spelling; of a new one ``""``."""
    ids: dict[str, str] = {}
    for op in ops:
        if op["op"] == "rename_state":
            ids[op["to"]] = ids.pop(op["from"], op["from"])
        elif op["op"] == "add_state":
            ids[op["id"]] = ""
    return {id: ids.get(id, id) for id in after.states}


# ---- subject and style tail --------------------------------------------------------------------------


def _layer_ops(before: World, after: World, ids: Mapping[str, str]) -> list[Json]:
    old, new = layers_of(before), layers_of(after)
    ops: list[Json] = []
    for id, state in after.states.items() if old or new else ():
        was = before.states.get(ids[id])
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
    base, new_layers = state.base, dict[str, str]()
    for layer in LAYERS:
        old_text, new_text = old.get(layer, ""), new.get(layer, "")
        if was is not None and old_text and not holds_text(was, old_text):
            continue
        if old_text != new_text:
            base = replace_layer(base, old_text, new_text)
        text = {layer: new_text}
        # a text that a rule speaks against is not put into a base that is without it
        if new_text and (not missing_layers(base, text) or (clean(new_text) and has_room(state, base, text))):
            new_layers |= text
    return with_layers(base, new_layers)


def has_room(state: State, base: str, layers: Mapping[str, str]) -> bool:
    """Say whether the prompt of a state is short enough with another base, which texts of the world are put into."""
    return budget(state.model_copy(update={"base": with_layers(base, layers)})) <= MAX_PROMPT_LENGTH


# ---- labels of arrival -------------------------------------------------------------------------------


def _arrival_ops(before: World, after: World, ids: Mapping[str, str]) -> list[Json]:
    ops: list[Json] = []
    new_labels: dict[str, tuple[str, str]] = {}
    label_count = sum(state.arrive_label is not None for state in before.states.values())
    for id, state in after.states.items():
        was = before.states.get(ids[id])
        if not ids[id] and state.arrive_label is None and 2 * label_count > len(before.states):
            ops.append({"op": "update_state", "id": id, "patch": {"arriveLabel": name(id)}})
        if was and was.arrive_label and state.arrive_label and was.arrive_label != state.arrive_label:
            new_labels[id] = was.arrive_label, state.arrive_label
    events = json_of(after)["scene"]["events"]
    counts = Counter(event["name"] for event in events)
    events_before = {event["name"]: event for event in json_of(before)["scene"]["events"]}
    for index, event in enumerate(events):
        evidence = event.get("landWhen") or {}
        target = after.landing(event.get("to")) or ""
        old, new = new_labels.get(target, ("", ""))
        was_event = events_before.get(event["name"], {}) if counts[event["name"]] == 1 else {}
        if (
            evidence
            and evidence == was_event.get("landWhen")
            and before.landing(was_event.get("to")) != ids.get(target)
        ):
            old, new = evidence.get("label", ""), after.states[target].arrive_label or "" if target else ""
        # what happens by itself by what is seen would not happen without it
        if not old or evidence.get("label") != old or new == old or (not new and evidence.get("auto")):
            continue
        # other words for the old thing say nothing of the new one
        kept_evidence = {key: value for key, value in evidence.items() if key != "aliases"}
        new_evidence = kept_evidence | {"label": new} if new else None
        if counts[event["name"]] == 1:
            ops.append({"op": "update_event", "name": event["name"], "patch": {"landWhen": new_evidence}})
        else:  # a name finds only the first event that has it
            ops.append({"op": "put_event", "index": index, "event": {**event, "landWhen": new_evidence}, "force": True})
    return ops


# ---- what an edit does to play -----------------------------------------------------------------------


def applied(world: World, ops: Sequence[Mapping[str, Any]]) -> tuple[Applied[World] | None, list[str]]:
    """Apply a batch strictly and consistently, and play the outcome through.

    Returns:
        The resulting world, or None with the objections to it, in sentences.
    """
    try:
        result = apply_consistently(world, ops, strictly=True)
    except RuleViolation as error:
        return None, [escape_unprintable(f"{d.path}: {d.message} [{d.lint}]") for d in error.diagnostics]
    except OpError as error:
        return None, [str(error)]
    problems = _harm_done(world, result.world)
    return (None, problems) if problems else (result, [])


def _harm_done(before: World, after: World) -> list[str]:
    """Return what an edit did to play, as ``harm`` does; a world is explored only where that can tell.

    What is explored is counted in steps, so that it is the same on every machine: what is written depends on it.
    """
    if not before.states or not after.states:
        return ["nothing is left to play: the world has no states"] if before.states else []
    if plays_the_same(before, after):
        return []
    kinds, new_kinds = ([one.ending.kind for one in world.states.values() if one.ending] for world in (before, after))
    # the only ending that is won may end otherwise, where that is asked for
    if "win" in kinds and "win" not in new_kinds and len(new_kinds) < len(kinds):
        return ["No run can be won any more: the only ending that is won would be gone."]
    exploration = explore_counted(after)
    has_faults = exploration.soft_lock_states or exploration.dead_ends
    has_unseen = exploration.unreachable_states or exploration.unreachable_endings or exploration.dead_events
    is_faultless = bool(exploration.endings) and not has_faults and not has_unseen
    return [] if is_faultless else harm(explore_counted(before), exploration)


def diff_in_play(before: World, after: World) -> Diff:
    """Return the differences of two worlds, with those in play by the explorations that edits are judged by."""
    differences = diff(before, after)
    old, new = (explore_counted(world) if world.states else None for world in (before, after))
    play = compare_explorations(old, new, differences) if old is not None and new is not None else PlayChanges(old, new)
    return replace(differences, play=play)


def harm(before: Exploration, after: Exploration, known_traps: Collection[str] = ()) -> list[str]:
    """Return what an edit did to play that nobody wants, in sentences; empty when it did no harm.

    A world that could not be played before is no reason to refuse what comes after, and neither are states in which
    runs were stuck already (``known_traps``). What is not decided does not count against an edit.
    """
    effects = compare_explorations(before, after, diff(before.world, after.world))
    new_traps = tuple(lock for lock in effects.soft_locks_new if lock.state not in known_traps)
    effects = replace(effects, soft_locks_new=new_traps)
    unseen_names = {*effects.events_dead, *effects.states_lost}
    is_new_and_unseen = any(kind != "ending" and name in unseen_names for kind, name in effects.fresh)
    is_harmful = bool(effects.endings_lost or effects.soft_locks_new or effects.dead_ends_new or is_new_and_unseen)
    lost_every_ending = bool(before.endings) and after.exact and not after.endings
    if not is_harmful and not lost_every_ending:
        return []
    return list(islice(describe_harm(effects, before, after), MAX_COMPLAINTS))
