"""Carrying an instruction out by code: each intent becomes operations, and a sentence that says what was done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import OpError
from worldkit.core.json_values import Json, quote
from worldkit.core.prose import prose_of
from worldkit.core.quoting import name_list
from worldkit.editing.prose_edits import prose_ops
from worldkit.editing.replace import replace_ops, search_pattern
from worldkit.generation.engines.base import TaskRefused
from worldkit.generation.pipeline.generate_one import StringWriter
from worldkit.generation.revision import locks, mood_changes, new_places, place_names, removal
from worldkit.generation.revision.applying import apply_consistently
from worldkit.generation.revision.intents import (
    AddPlace,
    AddWay,
    Intent,
    Lock,
    Remove,
    Rename,
    Replace,
    SetMood,
    SetStart,
    SetText,
    Unlock,
)
from worldkit.generation.revision.name_resolution import (
    Unknown,
    find_endings,
    find_event,
    find_events,
    find_state,
    find_state_or_event,
    find_states,
    is_name,
    means_everything,
    several_endings,
)
from worldkit.generation.text.english import a, capital, listing, slug
from worldkit.world import World

Edit = tuple[list[Json], str]
"""Operations, and a sentence that says what they do."""

_LIST = re.compile(r", (?:and )?| and ", re.IGNORECASE)
_FIELDS_OF_WORLD = {"title": "name", "base": "description", "subject": "subject", "styleTail": "styleTail"}
_ARTICLE = re.compile(r"\A(?:the|an?) ", re.IGNORECASE)


def carry_out(world: World, intents: Iterable[Intent], prose: StringWriter) -> tuple[list[Json], list[str]]:
    """Return the operations that carry intents out, each after those before it, and a sentence about each."""
    all_ops: list[Json] = []
    sentences: list[str] = []
    for listed in intents:
        for intent in _one_by_one(world, listed):
            ops, sentence = _edit(world, intent, prose)
            try:
                changed_world = apply_consistently(world, ops)
                if key_ops := locks.idle_key_ops(world, changed_world.world):
                    changed_world = apply_consistently(world, [*changed_world.ops, *key_ops])
                    sentence += " Its key is gone too."
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
    # a mood is for all of them together
    names = [] if isinstance(intent, SetMood) else several_endings(world, text)
    if not names:
        names = _LIST.split(text)
        if len(names) == 1 or _means_something(world, text) or not all(_means_something(world, name) for name in names):
            return [intent]
    changes: list[Any] = [{key: name} for name in names]
    return [replace(intent, **change) for change in changes]


def _means_something(world: World, what: str) -> bool:
    try:
        return means_everything(what) or bool(find_state_or_event(world, what))
    except Unknown:
        return False
    except TaskRefused:  # it could mean several things
        return True


def _edit(world: World, intent: Intent, prose: StringWriter) -> Edit:
    match intent:
        case Rename(what, name):
            return _rename(world, what, name)
        case SetText(what, field, text):
            return _set_text(world, what, field, text)
        case Replace(old, new):
            if ops := replace_ops(world, old, new, whole_words=True) if new else _omission_ops(world, old):
                return ops, f"Put {quote(new)} in place of {quote(old)}." if new else f"Took {quote(old)} out."
            if old == new:
                raise TaskRefused(f"{quote(old)} was to become {quote(new)}, which it is; name other words for it")
            raise TaskRefused(f"no text has {quote(old)} as a whole word; name words that stand in one")
        case SetMood():
            return _tint(world, intent, prose)
        case AddPlace(place, near, on, relation):
            next_place = find_state(world, on) if on else None
            return new_places.place(world, place, find_state(world, near), next_place, prose, relation)
        case AddWay():
            return _add_way(world, intent, prose)
        case Lock(what, key, to, at):
            place = find_state(world, at) if at else ""
            return locks.lock(world, find_events(world, what, to), key, prose.seed, place)
        case Unlock(what, to):
            return locks.unlock(
                world, [*world.events_by_name] if _is_world(world, what) else find_events(world, what, to)
            )
        case Remove(what, to):
            kind, id = ("way", "") if to else find_state_or_event(world, what)
            if kind == "state":
                return removal.state(world, id)
            return removal.events(world, [id] if id else find_events(world, what, to))
        case SetStart(what):
            id = find_state(world, what)
            if world.states[id].ending is None:
                return [{"op": "set_entrance", "state": id}], f"Play begins in {id}."
            places = name_list([other for other, state in world.states.items() if state.ending is None])
            raise TaskRefused(f"{quote(id)} is an ending; play cannot begin where it is over. Name one of {places}")


def _add_way(world: World, intent: AddWay, prose: StringWriter) -> Edit:
    """Add a way, and lock it where it is a locked one or has a key."""
    start, to = find_state(world, intent.start), find_state(world, intent.to)
    way = re.sub(r"\blocked ?", "", intent.way)
    ops, sentence = new_places.way(world, start, to, intent.both, way, prose)
    if way == intent.way and not intent.key:
        return ops, sentence
    with_way = apply_consistently(world, ops)
    names = [op["event"]["name"] for op in with_way.ops if op["op"] == "add_transition"]
    place = find_state(with_way.world, intent.at) if intent.at else ""
    lock_ops, lock_sentence = locks.lock(with_way.world, names, intent.key, prose.seed, place)
    return [*with_way.ops, *lock_ops], f"{sentence} {lock_sentence}"


def _is_world(world: World, what: str) -> bool:
    return what not in world.states and means_everything(what)


def _omission_ops(world: World, words: str) -> list[Json]:
    """Return the operations that take words, with a blank beside them, out of all texts that say something else too."""
    pattern = search_pattern(words, whole_words=True).pattern
    sought = re.compile(f" {pattern}|{pattern} ?", re.IGNORECASE)
    rests = [(prose, sought.sub("", prose.text)) for prose in prose_of(json_of(world))]
    changes = [
        (prose, capital(rest) if prose.text[:1].isupper() else rest) for prose, rest in rests if re.search(r"\w", rest)
    ]
    return prose_ops(world, changes)


def _rename(world: World, what: str, name: str) -> Edit:
    try:
        kind, old = find_state_or_event(world, what)
        # who can be clicked on has no event of their own: "ask the baker" is not the baker
        if kind == "event" and slug(_ARTICLE.sub("", what)) in _labels(world) and not is_name(world, what):
            raise Unknown(f"{quote(what)} is no event")
    except Unknown as unknown:
        # "the baker" becomes Anna, and no "the Anna"
        forms = (what, _ARTICLE.sub("", what))
        words = next((form for form in forms if replace_ops(world, form, name, whole_words=True)), "")
        if unknown.is_near or not words:
            raise
        raise Unknown(
            f"{quote(what)} is no state or event, but stands in texts; "
            f"to put another name there, say: replace {quote(words)} with {quote(name)}"
        ) from None
    words = " ".join(_ARTICLE.sub("", name).replace("_", " ").split())
    new = slug(words)
    if not new:
        raise TaskRefused(f"{quote(name)} makes no id; expected a name with letters or digits in it")
    if kind == "event":
        ops: list[Json] = [{"op": "update_event", "name": old, "patch": {"name": new}}]
        return ops, f"Renamed the event {old} to {new}."
    patches = place_names.patches(world, world.events_by_name, old, words)
    text_ops = [{"op": "update_event", "name": event, "patch": patch} for event, patch in patches.items()]
    return [{"op": "rename_state", "from": old, "to": new}, *text_ops], f"Renamed the state {old} to {new}."


def _labels(world: World) -> set[str]:
    """Return what can be clicked on in a world, in snake_case."""
    return {slug(event.anchor.label) for event in world.events if event.anchor}


def _set_text(world: World, what: str, field: str, text: str) -> Edit:
    if field in _FIELDS_OF_WORLD and _is_world(world, what):
        return _set_text_of_world(world, _FIELDS_OF_WORLD[field], text)
    ops: list[Json]
    if field in ("title", "subtitle"):
        ids = find_endings(world, what)
        endings = [id for id, state in world.states.items() if state.ending is not None]
        if no_ending := next((id for id in ids if id not in endings), None):
            expected = f"name one of {name_list(endings)}" if endings else "the world has none yet"
            raise TaskRefused(f"{quote(no_ending)} is no ending, so it has no {field}; {expected}")
        ops = [mood_changes.ending_op(world, id, {field: text}) for id in ids]
    elif field == "hotkey":  # refused where it cannot be pressed
        ids = [find_event(world, what)]
        ops = [{"op": "set_event_hotkey", "event": ids[0], "value": text}]
    else:
        is_of_event = field in ("detail", "lockedHint")
        kind, id = ("event", find_event(world, what)) if is_of_event else find_state_or_event(world, what)
        ids = [id]
        ops = [{"op": f"update_{kind}", "id" if kind == "state" else "name": id, "patch": {field: text}}]
    return ops, f"Set the {field} of {listing(ids)}."


def _set_text_of_world(world: World, field: str, text: str) -> Edit:
    old_text = {"subject": world.subject, "styleTail": world.style_tail}.get(field) or ""
    if text and old_text.endswith("."):  # it stands before or behind other sentences in every base
        text = capital(text) if text.endswith((".", "!", "?", "…")) else f"{capital(text)}."
    is_layer = field in ("subject", "styleTail")
    op = {"op": "set_subject", field: text} if is_layer else {"op": "put_world", "set": {field: text}}
    return [op], f"Set the {field} of the world."


def _tint(world: World, intent: SetMood, prose: StringWriter) -> Edit:
    mood_names = [mood.name for mood in intent.moods]
    if opposite := next((mood for mood in intent.moods if mood.against in mood_names), None):
        raise TaskRefused(f"nothing can be both {opposite.name} and {opposite.against}; ask for one of them")
    is_everywhere = _is_world(world, intent.what)
    ids = list(world.states) if is_everywhere else find_states(world, intent.what)
    ops = mood_changes.tint(world, ids, intent.moods, prose, air=is_everywhere)
    return ops, f"Gave {'the whole world' if is_everywhere else listing(ids)} {a(listing(mood_names))} mood."
