"""Hostile documents that grow, the costly operations, and how much a cost grows when its input doubles."""

from __future__ import annotations

import copy
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import worldkit as wk
from worldkit import World, WorldError, diff
from worldkit.comparison import json_patch
from worldkit.core.document import json_of
from worldkit.core.prose import prose_of
from worldkit.editing.batch import apply
from worldkit.interop.script_document import to_markdown
from worldkit.layout.placement import layout
from worldkit.ruleset import lint
from worldkit.widgets import editor_state, gestures, history, reducer
from worldkit.widgets.changes import changes
from worldkit.widgets.display import picture
from worldkit.widgets.overlay_graph import build_overlay_graph
from worldkit.widgets.static_html import page

Json = dict[str, Any]

# ---- families: a size to a document ---------------------------------------------------------------


def _world(states: Json, events: list[Json], **fields: Any) -> Json:
    return {"schemaVersion": "1.0", "entrance": {"state": "a"}, **fields, "scene": {"states": states, "events": events}}


def _state(base: str = "A lane.", **fields: Any) -> Json:
    return {"base": base, **fields}


def _move(name: str, source: str | list[str], to: str, **fields: Any) -> Json:
    sources = [source] if isinstance(source, str) else source
    return {"name": name, "kind": "transition", "from": sources, "to": to, "base": "On.", **fields}


def _pair(events: list[Json], **fields: Any) -> Json:
    return _world({"a": _state(), "b": _state("B.", ending={"kind": "win", "title": "Out"})}, events, **fields)


def parallel(n: int) -> Json:
    """Many events between the same two states."""
    return _pair([_move(f"go {k}", "a", "b") for k in range(n)])


def back_and_forth(n: int) -> Json:
    """Ways out and back whose brightness overlaps, all with all."""
    out = [_move(f"out {k}", "a", "b", landWhen={"minLuminance": 0.1}) for k in range(n // 2)]
    back = [_move(f"back {k}", "b", "a", landWhen={"maxLuminance": 0.9}) for k in range(n // 2)]
    return _pair([*out, *back])


def loops(n: int) -> Json:
    """Many events that lead from a state to itself."""
    return _pair([_move(f"turn {k}", "a", "a") for k in range(n)])


def overrides(n: int) -> Json:
    """Many things to do in one state."""
    return _pair([{"name": f"do {k}", "kind": "override", "from": ["a"], "base": "Done."} for k in range(n)])


def star(n: int) -> Json:
    """One state with ways to all others."""
    states = {"a": _state(), **{f"s{k}": _state(f"Place {k}.") for k in range(n)}}
    return _world(states, [_move(f"go {k}", "a", f"s{k}") for k in range(n)])


def funnel(n: int) -> Json:
    """One event that starts in every state."""
    states = {"a": _state(), **{f"s{k}": _state(f"Place {k}.") for k in range(n)}}
    return _world(states, [_move("home", list(states), "a")])


def chain(n: int) -> Json:
    """One long way."""
    states = {"a": _state(), **{f"s{k}": _state(f"Place {k}.") for k in range(n)}}
    ids = list(states)
    return _world(states, [_move(f"go {k}", ids[k], ids[k + 1]) for k in range(n)])


def alone(n: int) -> Json:
    """States that nothing leads to."""
    return _world({"a": _state(), **{f"s{k}": _state(f"Place {k}.") for k in range(n)}}, [])


def complete(n: int) -> Json:
    """Every state leads to every other; n is how many events."""
    ids = ["a", *(f"s{k}" for k in range(max(1, round(n**0.5))))]
    pairs = [(one, other) for one in ids for other in ids if one != other]
    return _world({id: _state(f"Place {id}.") for id in ids}, [_move(f"{a} to {b}", a, b) for a, b in pairs])


def wide(n: int) -> Json:
    """Few layers, very wide, each joined at random to the next."""
    states = {"a": _state(), **{f"s{k}": _state(f"Place {k}.") for k in range(n)}}
    events = [_move(f"go {k}", "a", f"s{k}") for k in range(n // 2)]
    events += [_move(f"on {k}", f"s{k}", f"s{n // 2 + k * 7919 % (n // 2)}") for k in range(n // 2)]
    return _world(states, events)


def one_name(n: int) -> Json:
    """Events that all have one name."""
    return _pair([_move("go", "a", "b", x=k) for k in range(n)])


def taken_names(n: int) -> Json:
    """Events of one name, and others that have the names a fix would give."""
    return _pair(
        [*(_move("go", "a", "b") for _ in range(n // 2)), *(_move(f"go_{k}", "a", "b") for k in range(n // 2))]
    )


def doubled_names(n: int) -> Json:
    """Two events of every name."""
    return _pair([_move(f"go {k // 2}", "a", "b", x=k) for k in range(n)])


def alike_names(n: int) -> Json:
    """Ids and names that differ in their last letters only."""
    states = {"a": _state(), **{f"the_same_old_corridor_{k}": _state("Same.") for k in range(n)}}
    return _world(states, [_move(f"walk down the same corridor {k}", "a", "a") for k in range(n)])


def long_name(n: int) -> Json:
    """An event whose name is very long, beside many that it clashes with."""
    name = "n" * (20 * n)
    keyed = [_move(f"go {k}", "a", "b", hotkey="k") for k in range(n // 4)]
    return _pair([_move(name, "a", "b", hotkey="k", requires=[f"f{k}" for k in range(n // 4)]), *keyed])


def long_id(n: int) -> Json:
    """A state whose id is very long, an event that leads there, and many others."""
    id = "s" * (20 * n)
    states = {"a": _state(), id: _state("Far.")}
    return _world(states, [_move(f"go {k}", "a", "a" if k else id) for k in range(n // 4)])


def long_key(n: int) -> Json:
    """A field with a very long name, and a long list in it."""
    return _pair([_move("go", "a", "b")], **{"k" * (20 * n): list(range(n))})


def long_text(n: int) -> Json:
    """One very long text."""
    return _pair([_move("go", "a", "b", base="word and no words " * n)])


def long_word(n: int) -> Json:
    """One very long word."""
    return _pair([_move("g" * (10 * n), "a", "b", base="x" * (40 * n))])


def many_flags(n: int) -> Json:
    """An event that grants and one that requires very many flags."""
    flags = [f"flag {k}" for k in range(n)]
    return _pair([_move("give", "a", "a", grants=flags), _move("go", "a", "b", requires=flags)])


def requires_chain(n: int) -> Json:
    """Every event waits for the one before."""
    events = [_move(f"go {k}", "a", "a", requires=[f"f{k - 1}"] if k else [], grants=[f"f{k}"]) for k in range(n)]
    return _pair(events)


def dangling(n: int) -> Json:
    """Events that name nothing, and wait for what nothing grants."""
    return _pair([_move(f"go {k}", f"none {k}", f"gone {k}", requires=[f"f{k}"]) for k in range(n)])


def phases(n: int) -> Json:
    """An event of very many phases."""
    return _pair([_move("go", "a", "b", phases=[{"base": f"Step {k} with no light."} for k in range(n)])])


def variants(n: int) -> Json:
    """A state with very many variants and ambient lines."""
    alternatives = [{"label": f"v{k}", "base": "B."} for k in range(n)]
    return _world({"a": _state(variants=alternatives, ambient=["Never a sound."] * n)}, [_move("go", "a", "a")])


def cutscenes(n: int) -> Json:
    """Many cutscenes, and events over each."""
    cuts = [{"id": f"c{k}", "from": "a", "to": "b", "video": "c.mp4", "requires": ["f"]} for k in range(n)]
    return _pair([_move(f"go {k}", "a", f"c{k}") for k in range(n)], cutscenes=cuts)


def sequences(n: int) -> Json:
    """Many set-pieces that start in one state."""
    pieces = [{"id": f"q{k}", "title": "Q", "beats": [{"state": "a"}, {"state": "b"}]} for k in range(n)]
    return _pair([_move("go", "a", "b")], sequences=pieces)


def missions(n: int) -> Json:
    """A mission with very many objectives."""
    objectives = [{"id": f"o{k}", "text": f"Do {k}", "grants": f"f{k}"} for k in range(n)]
    events = [_move(f"do {k}", "a", "a", grants=[f"f{k}"]) for k in range(n)]
    return _pair(events, missions=[{"id": "m", "title": "M", "objectives": objectives}])


def alike(n: int) -> Json:
    """States and events with one and the same prose."""
    states = {"a": _state(), **{f"s{k}": _state("The very same words in every place.") for k in range(n)}}
    return _world(states, [_move(f"go {k}", "a", f"s{k}", base="The very same step.") for k in range(n)])


def lines(n: int) -> Json:
    """Many identical lines."""
    return _world({"a": _state(ambient=["Drip."] * n)}, [_move("go", "a", "a")])


FAMILIES: dict[str, Callable[[int], Json]] = {
    family.__name__: family
    for family in (
        parallel,
        back_and_forth,
        loops,
        overrides,
        star,
        funnel,
        chain,
        alone,
        complete,
        wide,
        one_name,
        taken_names,
        doubled_names,
        alike_names,
        long_name,
        long_id,
        long_key,
        long_text,
        long_word,
        many_flags,
        requires_chain,
        dangling,
        phases,
        variants,
        cutscenes,
        sequences,
        missions,
        alike,
        lines,
    )
}


# ---- edits: a document to another -----------------------------------------------------------------


def _map_names(document: Json, state: Callable[[str], str], event: Callable[[str], str]) -> Json:
    document_copy = copy.deepcopy(document)
    scene = document_copy["scene"]
    scene["states"] = {state(id): body for id, body in scene["states"].items()}
    for one in scene["events"]:
        one["name"], one["from"] = event(one["name"]), [state(id) for id in one["from"]]
        if one.get("to") in document["scene"]["states"]:
            one["to"] = state(one["to"])
    document_copy["entrance"]["state"] = state(document_copy["entrance"]["state"])
    return document_copy


def rewritten(document: Json, word: str = "Now") -> Json:
    document_copy = copy.deepcopy(document)
    for body in (*document_copy["scene"]["states"].values(), *document_copy["scene"]["events"]):
        body["base"] = f"{word} {body['base']}"
    return document_copy


def retitled(document: Json, word: str = "Now") -> Json:
    document_copy = copy.deepcopy(document)
    for field in ("cutscenes", "sequences", "missions"):
        for item in document_copy.get(field, ()):
            item["label" if field == "cutscenes" else "title"] = f"{word} {item['id']}"
    return document_copy


def renamed(document: Json) -> Json:
    return _map_names(document, lambda id: f"{id}_new", lambda name: f"{name} new")


def reversed_(document: Json) -> Json:
    document_copy = copy.deepcopy(document)
    scene = document_copy["scene"]
    scene["states"] = dict(reversed(scene["states"].items()))
    scene["events"].reverse()
    return document_copy


def riffled(document: Json) -> Json:
    """The first half of the items behind the second, one by one."""
    document_copy = copy.deepcopy(document)
    scene = document_copy["scene"]

    def mixed(items: list[Any]) -> list[Any]:
        half = len(items) // 2
        return [items[at // 2 + (half if at % 2 else 0)] for at in range(2 * half)] + items[2 * half :]

    scene["states"] = dict(mixed(list(scene["states"].items())))
    scene["events"] = mixed(scene["events"])
    return document_copy


def emptied(document: Json) -> Json:
    document_copy = copy.deepcopy(document)
    document_copy["scene"] = {"states": {"a": _state()}, "events": []}
    return document_copy


def thinned(document: Json) -> Json:
    """Without every other item."""
    document_copy = copy.deepcopy(document)
    scene = document_copy["scene"]
    scene["states"] = dict(list(scene["states"].items())[::2])
    scene["events"] = scene["events"][1::2]
    return document_copy


EDITS: dict[str, Callable[[Json], Json]] = {
    edit.__name__.strip("_"): edit for edit in (rewritten, renamed, reversed_, riffled, emptied, thinned)
}


# ---- operations: a world to the work that is measured ----------------------------------------------


Work = Callable[[], object]


def _quiet(work: Work) -> Work:
    def run() -> object:
        try:
            return work()
        except WorldError as error:
            return str(error)

    return run


def _on(use: Callable[[World], object]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        world = World.from_dict(document)
        _ = world.scene
        return lambda: use(world)

    return prepare


def _misspelt(document: Json) -> Work:
    world = World.from_dict(document)
    ops = [{"op": "update_event", "name": "go 17 then", "patch": {"base": "B."}}]
    return lambda: apply(world, ops)


def _half_kept(document: Json) -> Work:
    world = World.from_dict(document)
    places = layout(world)
    half_of_places = {id: place for at, (id, place) in enumerate(places.items()) if at % 2}
    return lambda: layout(world, half_of_places)


def _diff_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        a, b = World.from_dict(document), World.from_dict(edit(document))
        return lambda: diff(a, b)

    return prepare


def _apply_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        a, b = World.from_dict(document), World.from_dict(edit(document))
        ops = diff(a, b).ops
        return lambda: apply(a, ops)

    return prepare


def _undo_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        a, b = World.from_dict(document), World.from_dict(edit(document))
        there = apply(a, diff(a, b).ops)
        return lambda: apply(there.world, there.inverse)

    return prepare


def _patch_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        other = edit(document)
        return lambda: json_patch.apply(document, json_patch.make(document, other))

    return prepare


def _show_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        a, b = World.from_dict(document), World.from_dict(edit(document))
        difference = diff(a, b)

        def work() -> object:
            graph = build_overlay_graph(a, b, difference)
            change_list = changes(a, b, difference, graph)
            return repr(difference) + difference._repr_html_() + page(a, b, difference, graph, change_list)

        return work

    return prepare


def _merge_work(ours: Callable[[Json], Json], theirs: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        base, a, b = (World.from_dict(raw) for raw in (document, ours(document), theirs(document)))

        def work() -> object:
            merge = wk.merge(base, a, b)
            return repr(merge) + merge._repr_html_()

        return work

    return prepare


def _edit_work(edit: Callable[[Json], Json]) -> Callable[[Json], Work]:
    def prepare(document: Json) -> Work:
        a, b = World.from_dict(document), World.from_dict(edit(document))
        ops = list(diff(a, b).ops)
        before = editor_state.open_editor(a)

        def work() -> object:
            after = gestures.apply_ops(before, ops)
            reducer.change_message(before, after)
            history.undo(after)
            return reducer.code(after)

        return work

    return prepare


def _play(world: World) -> object:
    run = wk.Session(world)
    return run.world and len(run.offers)


OPERATIONS: dict[str, Callable[[Json], Work]] = {
    "read": lambda document: lambda: World.from_dict(document).scene and None,
    "lint": _on(lambda world: repr(findings := lint(world)) + findings._repr_html_()),
    "fix": lambda document: lint(World.from_dict(document)).fixed,
    "verify": _on(lambda world: repr(world.verify())),
    "layout": _on(lambda world: layout(world) and None),
    "layout kept": _half_kept,
    "svg": _on(lambda world: world.to_svg(diagnostics=lint(world))),
    "mermaid": _on(World.to_mermaid),
    "networkx": _on(lambda world: world.to_networkx() and None),
    "prose": _on(lambda world: prose_of(json_of(world)) and None),
    "script": _on(to_markdown),
    "still": _on(lambda world: picture(world)),
    "editor": _on(lambda world: reducer.seed(editor_state.open_editor(world)) and None),
    "play": _on(_play),
    "misspelt": _misspelt,
    **{f"diff {name}": _diff_work(edit) for name, edit in EDITS.items()},
    **{f"apply {name}": _apply_work(edit) for name, edit in EDITS.items()},
    **{f"undo {name}": _undo_work(edit) for name, edit in EDITS.items()},
    **{f"patch {name}": _patch_work(edit) for name, edit in EDITS.items()},
    **{f"show {name}": _show_work(edit) for name, edit in EDITS.items()},
    **{f"edit {name}": _edit_work(edit) for name, edit in EDITS.items()},
    "merge conflicts": _merge_work(rewritten, lambda document: rewritten(document, "Then")),
    "merge items": _merge_work(retitled, lambda document: retitled(document, "Then")),
    "merge renamed": _merge_work(renamed, rewritten),
    "merge thinned": _merge_work(thinned, rewritten),
    "merge moved": _merge_work(reversed_, riffled),
    "merge both renamed": _merge_work(
        renamed, lambda document: _map_names(document, lambda id: f"{id}_x", lambda n: f"{n} x")
    ),
}


# ---- batches: a size to a world, and as many operations of one kind --------------------------------


def crowded(n: int) -> Json:
    """A world with as many states, events, cutscenes, sequences, missions, beats, variants and allowed findings."""
    variants = [{"label": f"v{k}", "base": "B."} for k in range(n)]
    states = {"a": _state(variants=variants), "b": _state(), **{f"s{k}": _state() for k in range(n)}}
    events = [_move(f"go {k}", f"s{k}", f"c{k}", requires=[f"f{k}"]) for k in range(n)]
    objectives = [[{"id": "o", "text": "Do", "grants": f"f{k}", "location": f"s{k}"}] for k in range(n)]
    heads = [head for k in range(n) for head in (f"state[s{k}]", f"event[go {k}]")]
    return _world(
        states,
        events,
        kernel={"allow": {f"{head}.base": ["negation"] for head in heads}},
        cutscenes=[{"id": f"c{k}", "from": "a", "to": f"s{k}", "video": "c.mp4"} for k in range(n)],
        sequences=[{"id": f"q{k}", "title": "Q", "beats": [{"state": "a"}, {"state": f"s{k}"}]} for k in range(n)],
        missions=[{"id": f"m{k}", "title": "M", "objectives": objectives[k]} for k in range(n)],
        story={"logline": "L", "beats": [{"summary": "So.", "states": [f"s{k}"]} for k in range(n)]},
    )


def _overrides(k: int) -> Json:
    return {"name": f"r{k}", "kind": "override", "from": ["a"]}


_ONE_OBJECTIVE = [{"id": "o", "text": "Do"}]

BATCHES: dict[str, Callable[[int], Json]] = {
    "add_state": lambda k: {"op": "add_state", "id": f"n{k}", "base": "N."},
    "add_state without id": lambda k: {"op": "add_state", "base": "N."},
    "update_state": lambda k: {"op": "update_state", "id": f"s{k}", "patch": {"base": "N."}},
    "delete_state": lambda k: {"op": "delete_state", "id": f"s{k}"},
    "rename_state": lambda k: {"op": "rename_state", "from": f"s{k}", "to": f"n{k}"},
    "set_field": lambda k: {"op": "set_field", "state": f"s{k}", "field": "camera.static", "value": "N."},
    "set_state_ending": lambda k: {"op": "set_state_ending", "state": f"s{k}", "kind": "win", "title": "N"},
    "add_event": lambda k: {"op": "add_event", **_move(f"n{k}", "a", f"c{k}")},
    "add_transition without name": lambda k: {"op": "add_transition", "from": ["a"], "to": "b"},
    "add_override": lambda k: {"op": "add_override", "from": ["a"]},
    "update_event": lambda k: {"op": "update_event", "name": f"go {k}", "patch": {"name": f"n{k}", "to": "b"}},
    "delete_event": lambda k: {"op": "delete_event", "name": f"go {k}"},
    "set_event_field": lambda k: {"op": "set_event_field", "event": f"go {k}", "field": "detail", "value": "N."},
    "set_event_kind": lambda k: {"op": "set_event_kind", "event": f"go {k}", "kind": "override"},
    "set_event_drive": lambda k: {"op": "set_event_drive", "event": f"go {k}", "movement": "back"},
    "set_event_hotkey": lambda k: {"op": "set_event_hotkey", "event": f"go {k}", "value": "k"},
    "set_event_phases": lambda k: {"op": "set_event_phases", "event": f"go {k}", "value": [{"base": "N."}] * 2},
    "set_event_anchor": lambda k: {"op": "set_event_anchor", "event": f"go {k}", "label": "n"},
    "set_event_grants": lambda k: {"op": "set_event_grants", "event": f"go {k}", "value": ["n"]},
    "set_event_requires": lambda k: {"op": "set_event_requires", "event": f"go {k}", "value": ["n"]},
    "set_event_locked_hint": lambda k: {"op": "set_event_locked_hint", "event": f"go {k}", "hint": "N."},
    "set_entrance": lambda k: {"op": "set_entrance", "state": f"s{k}"},
    "add_variant": lambda k: {"op": "add_variant", "state": "a", "label": f"n{k}", "base": "N."},
    "add_variant without label": lambda k: {"op": "add_variant", "state": "b", "base": "N."},
    "remove_variant": lambda k: {"op": "remove_variant", "state": "a", "label": f"v{k}"},
    "set_variant_field": lambda k: {
        "op": "set_variant_field",
        "state": "a",
        "label": f"v{k}",
        "field": "label",
        "value": f"n{k}",
    },
    "add_mission": lambda k: {"op": "add_mission", "id": f"n{k}", "title": "N", "objectives": _ONE_OBJECTIVE},
    "add_sequence": lambda k: {"op": "add_sequence", "id": f"n{k}", "title": "N", "beats": [{"state": "a"}] * 2},
    "remove_sequence": lambda k: {"op": "remove_sequence", "id": f"q{k}"},
    "add_cutscene": lambda k: {"op": "add_cutscene", "id": f"n{k}", "from": "a", "to": "b", "video": "n.mp4"},
    "remove_cutscene": lambda k: {"op": "remove_cutscene", "id": f"c{k}"},
    "set_story": lambda k: {"op": "set_story", "logline": f"N{k}"},
    "add_story_beat": lambda k: {"op": "add_story_beat", "summary": "N.", "states": ["a"], "sequence": f"q{k}"},
    "set_intro": lambda k: {"op": "set_intro", "video": f"n{k}.mp4"},
    "set_outro": lambda k: {"op": "set_outro", "video": "n.mp4", "flag": "n", "state": f"s{k}"},
    "set_narrate": lambda k: {"op": "set_narrate", "narrate": bool(k % 2)},
    "set_subject": lambda k: {"op": "set_subject", "subject": f"N{k}"},
    "rename_event": lambda k: {"op": "rename_event", "from": f"go {k}", "to": f"n{k}"},
    "rename_flag": lambda k: {"op": "rename_flag", "from": f"f{k}", "to": f"n{k}"},
    "put_state": lambda k: {"op": "put_state", "id": f"s{k}", "state": {"base": "N."}, "at": 0},
    "put_event": lambda k: {
        "op": "put_event",
        "name": f"go {k}",
        "was": _move(f"go {k}", f"s{k}", f"c{k}", requires=[f"f{k}"]),
        "event": _overrides(k),
    },
    "put_world": lambda k: {"op": "put_world", "set": {"description": f"N{k}"}},
}
"""The operations of one kind, by their place in a batch on a crowded world; every operation of the vocabulary."""


def batch_work(*kinds: str) -> Callable[[int], Work]:
    """Return what applies a batch of operations of some kinds in turn, takes it back, and tells the way back."""

    def prepare(size: int) -> Work:
        count = len(kinds) * size
        world = World.from_dict(crowded(count))
        _ = world.scene
        ops = [BATCHES[kinds[k % len(kinds)]](k) for k in range(count)]

        def work() -> str:
            result = apply(world, ops)
            assert apply(result.world, result.inverse).world == world
            return str(result.inverse)

        return work

    return prepare


# ---- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """What one run came to: seconds of this process's processor time, and characters of text returned."""

    seconds: float
    size: int


def cost(work: Work) -> Cost:
    """Return what one run costs; the cycle collector, which looks at everything that lives, is held back."""
    gc.disable()
    try:
        began = time.process_time()
        result = _quiet(work)()
        seconds = time.process_time() - began
    finally:
        gc.enable()
    return Cost(seconds, len(result) if isinstance(result, str) else 0)


MAX_GROWTH = 2.5
"""How many times the cost may be when the input doubles; for a cost that grows with the square it is four times."""

_MIN_SECONDS = 0.002  # seconds; what costs less is start-up and not growth
_DOUBLING_ROUNDS = ((2, 4), (4, 8), (6, 2))  # pairs of doublings, and rounds at most
_CERTAIN_GROWTH, _SURE_DOUBLINGS = 3.5, 4  # so much growth over so many doublings is neither noise nor a bound far off


def growth(prepare: Callable[[int], Work], size: int) -> float:
    """Return how many times the cost, of time or of text, is when the input doubles.

    A size whose work takes some ten milliseconds is enough: a cost that grows with the square shows there as well.
    The least processor time of several runs is compared with that of an input four times as large. Noise on a busy
    machine can look like growth over so short a range; then the range is extended to sixteen times, where a cost
    that grows with the square is 256 times as high and noise can no longer decide. A cost that grows up to a bound,
    far above the small input's, can still look like growth there; then, unless it is beyond doubt, to 64 times.
    """
    small = prepare(size)
    lowest_small = cost(small)
    times = 0.0
    for doublings, rounds in _DOUBLING_ROUNDS:
        large = prepare(size * 2**doublings)
        lowest_large = cost(large)
        for _ in range(rounds):
            times = _growth_per_doubling(lowest_small, lowest_large, doublings)
            if times <= MAX_GROWTH:
                return times
            lowest_small, lowest_large = _lower(lowest_small, cost(small)), _lower(lowest_large, cost(large))
        if doublings >= _SURE_DOUBLINGS and times > _CERTAIN_GROWTH:
            break
    return times


def _lower(one: Cost, other: Cost) -> Cost:
    return Cost(min(one.seconds, other.seconds), one.size)


def _growth_per_doubling(small: Cost, large: Cost, doublings: int) -> float:
    seconds = max(large.seconds, _MIN_SECONDS) / max(small.seconds, _MIN_SECONDS)
    length = max(large.size, 1) / max(small.size, 1)
    return max(seconds, length) ** (1 / doublings)
