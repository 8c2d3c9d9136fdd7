"""Carrying an instruction out by code: each intent becomes operations, and a sentence that says what was done."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from worldkit.core.errors import OpError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import name_list
from worldkit.editing.replace import replace_ops
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.pipeline.string_writer import StringWriter
from worldkit.generation.revision import locks, mood_changes, new_places, place_names, removal
from worldkit.generation.revision.intents import (
    AddPlace,
    AddWay,
    Intent,
    LayKey,
    Lock,
    Remove,
    Rename,
    Replace,
    SetMood,
    SetStart,
    SetText,
    Unlock,
)
from worldkit.generation.revision.layers import apply_with_layers
from worldkit.generation.revision.name_resolution import (
    Unknown,
    find_endings,
    find_event,
    find_state,
    find_state_or_event,
    find_states,
    is_name,
    means_everything,
)
from worldkit.generation.text.english import a, capital, listing, slug
from worldkit.world import World

_LIST = re.compile(r", (?:and )?| and ", re.IGNORECASE)
_FIELDS_OF_WORLD = {"title": "name", "base": "description", "subject": "subject", "styleTail": "styleTail"}
_ARTICLE = re.compile(r"\A(?:the|an?) ", re.IGNORECASE)


def carry_out(world: World, intents: Iterable[Intent], prose: StringWriter) -> tuple[list[Json], list[str]]:
    """Return the operations that carry intents out, each after those before it, and a sentence about each."""
    all_ops: list[Json] = []
    sentences: list[str] = []
    waiting = deque(intents)
    while waiting:
        intent, *others = _one_by_one(world, _with_whole_name(world, waiting.popleft()))
        waiting.extendleft(reversed(others))
        ops, sentence = _operations(world, intent, prose)
        try:
            changed_world = apply_with_layers(world, ops)
        except OpError as error:  # which speaks of operations, where a person wrote a sentence
            raise TaskRefused(f"nothing was changed: {error.reason}") from None
        world = changed_world.world
        all_ops += changed_world.ops
        sentences.append(sentence)
    return all_ops, sentences


def _one_by_one(world: World, intent: Intent) -> list[Intent]:
    """Return an intent for each of the things that it names, where that is a list such as "the hall and the yard"."""
    match intent:
        case SetMood(text) | Lock(text, to="") | Unlock(text, to="") | Remove(text, to=""):
            key = "what"
        case AddWay(to=text):
            key = "to"
        case _:
            return [intent]
    names = _LIST.split(text)
    if len(names) == 1 or _means_something(world, text) or not all(_means_something(world, name) for name in names):
        return [intent]
    changes: list[Any] = [{key: name} for name in names]
    return [replace(intent, **change) for change in changes]


def _with_whole_name(world: World, intent: Intent) -> Intent:
    """Return an intent without a key that is the end of a name: of "the room with a view"."""
    match intent:
        case Lock(what, key, to="") if key and is_name(world, f"{what} with {key}"):
            return replace(intent, what=f"{what} with {key}", key="")
        case Lock(to=to, key=key) | AddWay(to=to, key=key) if key and is_name(world, f"{to} with {key}"):
            return replace(intent, to=f"{to} with {key}", key="")
    return intent


def _means_something(world: World, what: str) -> bool:
    try:
        return means_everything(what) or bool(find_state_or_event(world, what))
    except Unknown:
        return False
    except TaskRefused:  # it could mean several things
        return True


def _operations(world: World, intent: Intent, prose: StringWriter) -> tuple[list[Json], str]:
    match intent:
        case Rename():
            return _rename(world, intent)
        case SetText():
            return _set_text(world, intent)
        case Replace():
            return _replace(world, intent)
        case SetMood():
            return _tint(world, intent, prose)
        case AddPlace(place, near, on, relation):
            next_place = find_state(world, on) if on else None
            return new_places.place(world, place, find_state(world, near), next_place, prose, relation)
        case AddWay():
            return _add_way(world, intent, prose)
        case Lock(what, key, to, at):
            place = find_state(world, at) if at else ""
            return locks.lock(world, _events_meant(world, what, to), key, prose.seed, place)
        case LayKey():
            raise TaskRefused("it is not said what the key unlocks; lock a place first, and say where its key lies")
        case Unlock(what, to):
            everything = [*world.events_by_name] if _is_world(world, what) else []
            return locks.unlock(world, everything or _events_meant(world, what, to))
        case Remove():
            return _remove(world, intent)
        case SetStart(what):
            return _begin(world, find_state(world, what))


def _remove(world: World, intent: Remove) -> tuple[list[Json], str]:
    if intent.to:
        return removal.events(world, _events_meant(world, intent.what, intent.to))
    kind, id = find_state_or_event(world, intent.what)
    return removal.state(world, id) if kind == "state" else removal.events(world, [id])


def _begin(world: World, id: str) -> tuple[list[Json], str]:
    if world.states[id].ending is not None:
        places = name_list([other for other, state in world.states.items() if state.ending is None])
        raise TaskRefused(f"{quote(id)} is an ending; play cannot begin where it is over. Name one of {places}")
    return [{"op": "set_entrance", "state": id}], f"Play begins in {id}."


def _add_way(world: World, intent: AddWay, prose: StringWriter) -> tuple[list[Json], str]:
    """Add a way, and lock it where it is a locked one or has a key."""
    start, to = find_state(world, intent.start), find_state(world, intent.to)
    way = re.sub(r"\blocked ?", "", intent.way)
    ops, sentence = new_places.way(world, start, to, intent.both, way, prose)
    if way == intent.way and not intent.key:
        return ops, sentence
    with_way = apply_with_layers(world, ops)
    names = [op["event"]["name"] for op in with_way.ops if op["op"] == "add_transition"]
    place = find_state(with_way.world, intent.at) if intent.at else ""
    lock_ops, lock_sentence = locks.lock(with_way.world, names, intent.key, prose.seed, place)
    return [*with_way.ops, *lock_ops], f"{sentence} {lock_sentence}"


def _is_world(world: World, what: str) -> bool:
    return what not in world.states and means_everything(what)


def _set_world(world: World, field: str, text: str) -> tuple[list[Json], str]:
    sets_prose = field in ("subject", "styleTail")
    old_text = {"subject": world.subject, "styleTail": world.style_tail}.get(field) or ""
    if text and old_text.endswith("."):  # it stands before or behind other sentences in every base
        text = capital(text) if text.endswith((".", "!", "?", "…")) else f"{capital(text)}."
    op = {"op": "set_subject", field: text} if sets_prose else {"op": "put_world", "set": {field: text}}
    return [op], f"Set the {field} of the world."


def _replace(world: World, intent: Replace) -> tuple[list[Json], str]:
    ops = replace_ops(world, intent.old, intent.new, whole_words=True)
    if not ops:
        raise TaskRefused(f"no text has {quote(intent.old)}; name words that stand in one")
    return ops, f"Put {quote(intent.new)} in place of {quote(intent.old)}."


def _rename(world: World, intent: Rename) -> tuple[list[Json], str]:
    try:
        kind, old = find_state_or_event(world, intent.what)
    except Unknown as unknown:
        words = _ARTICLE.sub("", intent.what)
        if unknown.near or not replace_ops(world, words, intent.name, whole_words=True):
            raise
        raise Unknown(
            f"{quote(intent.what)} is no state or event, but stands in texts; "
            f"to put another name there, say: replace {quote(words)} with {quote(intent.name)}"
        ) from None
    words = " ".join(_ARTICLE.sub("", intent.name).replace("_", " ").split())
    new = slug(words)
    if not new:
        raise TaskRefused(f"{quote(intent.name)} makes no id; expected a name with letters or digits in it")
    if kind == "event":
        patches: dict[str, Json] = {old: {"name": new}}
        ops: list[Json] = []
    else:
        patches = place_names.patches(world, world.events_by_name, old, words)
        ops = [{"op": "rename_state", "from": old, "to": new}]
    ops += [{"op": "update_event", "name": name, "patch": patch} for name, patch in patches.items()]
    return ops, f"Renamed the {kind} {old} to {new}."


def _set_text(world: World, intent: SetText) -> tuple[list[Json], str]:
    if intent.field in _FIELDS_OF_WORLD and _is_world(world, intent.what):
        return _set_world(world, _FIELDS_OF_WORLD[intent.field], intent.text)
    if intent.field in ("title", "subtitle"):
        return _set_ending(world, intent)
    if intent.field in ("detail", "hotkey", "lockedHint"):
        kind, id = "event", find_event(world, intent.what)
        if intent.field == "hotkey":  # refused where it cannot be pressed
            key_op: Json = {"op": "set_event_hotkey", "event": id, "value": intent.text}
            return [key_op], f"Set the hotkey of {id}."
    else:
        kind, id = find_state_or_event(world, intent.what)
    key = "id" if kind == "state" else "name"
    ops: list[Json] = [{"op": f"update_{kind}", key: id, "patch": {intent.field: intent.text}}]
    return ops, f"Set the {intent.field} of {id}."


def _set_ending(world: World, intent: SetText) -> tuple[list[Json], str]:
    ops: list[Json] = []
    ids = find_endings(world, intent.what)
    for id in ids:
        if world.states[id].ending is None:
            endings = name_list([other for other, state in world.states.items() if state.ending is not None])
            expected = f"name one of {endings}" if endings else "the world has none yet"
            raise TaskRefused(f"{quote(id)} is no ending, so it has no {intent.field}; {expected}")
        ops.append(mood_changes.ending_op(world, id, {intent.field: intent.text}))
    return ops, f"Set the {intent.field} of {listing(ids)}."


def _tint(world: World, intent: SetMood, prose: StringWriter) -> tuple[list[Json], str]:
    mood_names = [mood.name for mood in intent.moods]
    if opposite := next((mood for mood in intent.moods if mood.against in mood_names), None):
        raise TaskRefused(f"nothing can be both {opposite.name} and {opposite.against}; ask for one of them")
    is_everywhere = _is_world(world, intent.what)
    ids = list(world.states) if is_everywhere else find_states(world, intent.what)
    ops = mood_changes.tint(world, ids, intent.moods, prose, air=is_everywhere)
    return ops, f"Gave {'the whole world' if is_everywhere else listing(ids)} {a(listing(mood_names))} mood."


def _events_meant(world: World, what: str, to: str) -> list[str]:
    """Return the events meant: those between two states, one by name, or those that lead into a state."""
    if to:
        start, end = find_state(world, what), find_state(world, to)
        event_names = [e.name for e in world.events if start in e.from_ and world.landing(e.to) == end]
        if not event_names:
            raise TaskRefused(f"no event leads from {quote(start)} to {quote(end)}; add a way first")
        return event_names
    kind, id = find_state_or_event(world, what)
    if kind == "event":
        return [id]
    event_names = [e.name for e in world.events if world.landing(e.to) == id and id not in e.from_]
    if not event_names:
        raise TaskRefused(f"no event leads to {quote(id)}; add a way first, or name an event")
    return event_names
