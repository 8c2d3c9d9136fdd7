"""Strategies for operations on a given world: all of the vocabulary, in every accepted spelling."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.strategies import any_json, documents, event_bodies, extras, flags, names, pairs, prose, states

Json = dict[str, Any]
Draw = st.DrawFn
Make = Callable[[Draw, Json], Json]

ids = st.sampled_from(["lane", "gate", "attic", "x.y", "new one", "s__1"]) | names
MOSTLY_TRUE = st.sampled_from([True] * 15 + [False])
maybe_prose = st.none() | prose
PAIR_FIELDS = ["camera.static", "camera.dynamic", "movement.static", "movement.dynamic"]


# ---- worlds ------------------------------------------------------------------------------------


@st.composite
def rich_documents(draw: Draw) -> Json:
    """Return documents whose references all hold, with an outro, a story and missions now and then."""
    result = draw(documents(max_states=5, max_events=6))
    here = st.sampled_from(list(result["scene"]["states"]))
    if draw(st.booleans()):
        result["outro"] = {"video": "end.mp4", "flag": draw(flags), "state": draw(here)}
    if draw(st.booleans()):
        beat = st.fixed_dictionaries({"summary": prose}, optional={"states": st.lists(here, max_size=2)})
        result["story"] = {"logline": draw(prose), "beats": draw(st.lists(beat, max_size=2)), **draw(extras)}
    if draw(st.booleans()):
        objective = st.fixed_dictionaries({"id": flags, "text": prose}, optional={"location": here})
        result["missions"] = [{"id": "m", "title": "M", "objectives": draw(st.lists(objective, max_size=2)), "x": None}]
    if draw(st.booleans()):
        result["introVideo"] = draw(prose)
    return dict(draw(st.permutations(list(result.items()))))


VARIANTS = st.fixed_dictionaries({"label": st.sampled_from(["B", "C"]), "base": prose})


@st.composite
def messy_documents(draw: Draw) -> Json:
    """Return documents that are valid but out of order: doubled names and labels, dangling references, nulls kept."""
    result = copy.deepcopy(draw(rich_documents()))
    events = result["scene"]["events"]
    for event in events:
        change = draw(st.sampled_from(["", "", "twice", "from", "string", "empty", "to", "null", "blank"]))
        if change == "twice":
            event["name"] = events[0]["name"]
        elif change == "from":
            event["from"] = ["nowhere", *event["from"]]
        elif change == "string":
            event["from"] = draw(st.sampled_from([event["from"][0], "new one"]))
        elif change == "empty":
            event["from"] = []
        elif change == "to":
            event["to"] = draw(st.sampled_from(["nowhere", "new one"]))
        elif change == "null":
            event["unknown"] = None
            event["hotkey"] = None
        elif change == "blank":
            event["name"] = " "
    if draw(st.booleans()):
        result["entrance"] = draw(
            st.sampled_from([{"x": None, "state": "nowhere"}, {"image": {"src": ""}, "state": "lane"}])
        )
    if result.get("cutscenes") and draw(st.booleans()):
        result["cutscenes"].append({**result["cutscenes"][0], "to": "nowhere"})
    if result.get("cutscenes") and draw(st.booleans()):
        result["cutscenes"][0]["id"] = next(iter(result["scene"]["states"]))
    if draw(st.booleans()):
        result["scene.x"] = 1
        result["/scene.x"] = 2
        result["scene"]["x"] = 3
    if draw(st.booleans()):
        result["scene"]["states"][""] = {"base": "b", "note": None}
    for state in result["scene"]["states"].values():
        if draw(st.booleans()):
            state["variants"] = draw(st.lists(VARIANTS, max_size=3))
    return result


# ---- what a world holds ------------------------------------------------------------------------


def _state(draw: Draw, world: Json) -> str:
    present = list(world["scene"]["states"])
    return draw(st.sampled_from(present)) if present and draw(MOSTLY_TRUE) else draw(ids)


def _event(draw: Draw, world: Json) -> str:
    present = [event["name"] for event in world["scene"]["events"]]
    return draw(st.sampled_from(present)) if present and draw(MOSTLY_TRUE) else draw(names)


def _target(draw: Draw, world: Json) -> str:
    cuts = [cutscene["id"] for cutscene in world.get("cutscenes", ())]
    return draw(st.sampled_from(cuts)) if cuts and draw(st.booleans()) else _state(draw, world)


def _places(draw: Draw, world: Json) -> list[str]:
    return [_state(draw, world) for _ in range(draw(st.integers(1, 2)))]


def _body(draw: Draw, world: Json) -> Json:
    body = draw(event_bodies([_state(draw, world)]))
    if body["kind"] == "transition":
        body["to"] = _target(draw, world)
    return {"name": _new_name(draw, world), **body}


def _maybe_unnamed(draw: Draw, body: Json) -> Json:
    return body if draw(MOSTLY_TRUE) else {key: value for key, value in body.items() if key != "name"}


def _new_name(draw: Draw, world: Json) -> str:
    return draw(st.sampled_from(["go", "go back", "look.up", "wait"])) if draw(st.booleans()) else draw(names)


def _some(draw: Draw, optional: dict[str, st.SearchStrategy[Any]]) -> Json:
    return draw(st.fixed_dictionaries({}, optional=optional))


def _index(draw: Draw, length: int) -> int:
    return draw(st.integers(0, length))


# ---- one maker for each operation --------------------------------------------------------------


def add_state(draw: Draw, world: Json) -> Json:
    return {**_some(draw, {"id": ids}), "state": {**draw(states()), **_some(draw, {"narration": st.none()})}}


def update_state(draw: Draw, world: Json) -> Json:
    optional = {"base": prose, "camera": st.none() | pairs, "narration": maybe_prose, "x": any_json}
    return {"id": _state(draw, world), "patch": _some(draw, optional)}


def delete_state(draw: Draw, world: Json) -> Json:
    return {"id": _state(draw, world)}


def rename_state(draw: Draw, world: Json) -> Json:
    return {"from": _state(draw, world), "to": draw(ids)}


def rename_event(draw: Draw, world: Json) -> Json:
    return {"from": _event(draw, world), "to": _new_name(draw, world)}


def rename_flag(draw: Draw, world: Json) -> Json:
    return {"from": draw(flags), "to": draw(flags | st.just("new flag"))}


def set_field(draw: Draw, world: Json) -> Json:
    field = draw(st.sampled_from(["base", *PAIR_FIELDS]))
    return {"state": _state(draw, world), "field": field, "value": draw(maybe_prose)}


def set_state_ending(draw: Draw, world: Json) -> Json:
    fields = _some(draw, {"title": prose, "subtitle": maybe_prose})
    return {"state": _state(draw, world), "kind": draw(st.sampled_from(["win", "lose", None])), **fields}


def add_event(draw: Draw, world: Json) -> Json:
    return {"event": _maybe_unnamed(draw, _body(draw, world))}


def add_transition(draw: Draw, world: Json) -> Json:
    body = {**_body(draw, world), "kind": "transition", "to": _target(draw, world)}
    return {"event": _maybe_unnamed(draw, body)}


def add_override(draw: Draw, world: Json) -> Json:
    return {"event": _maybe_unnamed(draw, {**_body(draw, world), "kind": "override"})}


def update_event(draw: Draw, world: Json) -> Json:
    optional = {"name": st.just(_new_name(draw, world)), "to": st.none() | st.just(_target(draw, world))}
    optional |= {"from": st.just(_places(draw, world)), "base": maybe_prose, "x": any_json, "hotkey": st.none()}
    return {"name": _event(draw, world), "patch": _some(draw, optional)}


def delete_event(draw: Draw, world: Json) -> Json:
    return {"name": _event(draw, world)}


def set_event_field(draw: Draw, world: Json) -> Json:
    field = draw(st.sampled_from(["base", "detail"]))
    return {"event": _event(draw, world), "field": field, "value": draw(maybe_prose)}


def set_event_kind(draw: Draw, world: Json) -> Json:
    kind = draw(st.sampled_from(["transition", "override", "terminal"]))
    return {"event": _event(draw, world), "kind": kind, **_some(draw, {"to": st.just(_target(draw, world))})}


def set_event_drive(draw: Draw, world: Json) -> Json:
    optional = {
        "movement": st.sampled_from(["forward", "back", None]),
        "lookHorizontal": st.sampled_from(["left", "right"]),
        "lookVertical": st.sampled_from(["up", "down"]),
        "pulseMs": st.none() | st.integers(0, 900),
    }
    return {"event": _event(draw, world), **_some(draw, optional)}


def _value(name: str, values: st.SearchStrategy[Any]) -> Make:
    def make(draw: Draw, world: Json) -> Json:
        return {"event": _event(draw, world), name: draw(st.none() | values)}

    return make


def set_event_anchor(draw: Draw, world: Json) -> Json:
    rest = _some(draw, {"aliases": st.none() | st.lists(prose, max_size=2), "minProximity": st.floats(0, 1)})
    return {"event": _event(draw, world), "label": draw(maybe_prose), **rest}


def set_entrance(draw: Draw, world: Json) -> Json:
    image = st.none() | st.fixed_dictionaries({"src": prose}, optional={"label": prose})
    state = _state(draw, world) if draw(st.integers(0, 5)) else None
    return {"state": state, **_some(draw, {"image": image})}


def set_intro(draw: Draw, world: Json) -> Json:
    return _some(draw, {"video": maybe_prose, "static": st.none() | st.booleans()})


def set_outro(draw: Draw, world: Json) -> Json:
    if draw(st.integers(0, 3)) == 0:
        return {"video": None}
    return {"video": draw(prose), "flag": draw(flags), "state": _state(draw, world), **_some(draw, {"x": any_json})}


def set_narrate(draw: Draw, world: Json) -> Json:
    return {"narrate": draw(st.none() | st.booleans())}


def set_subject(draw: Draw, world: Json) -> Json:
    return _some(draw, {"subject": maybe_prose, "styleTail": maybe_prose})


def _labels(world: Json, state: str) -> list[str]:
    body = world["scene"]["states"].get(state, {})
    return [variant["label"] for variant in body.get("variants", ())]


def add_variant(draw: Draw, world: Json) -> Json:
    optional = {"label": st.sampled_from(["B", "C", "D"]), "base": prose, "camera": pairs}
    variant = {**_some(draw, optional), **draw(extras)}
    return {"state": _state(draw, world), "variant": variant}


def remove_variant(draw: Draw, world: Json) -> Json:
    state = _state(draw, world)
    labels = _labels(world, state)
    if labels and draw(st.booleans()):
        return {"state": state, "variant": draw(st.sampled_from(labels))}
    return {"state": state, "index": draw(st.integers(0, 1))}


def set_variant_field(draw: Draw, world: Json) -> Json:
    state = _state(draw, world)
    label = draw(st.sampled_from(_labels(world, state) or ["B"]))
    field = draw(st.sampled_from(["label", "base", "ambient", "camera", *PAIR_FIELDS]))
    values: st.SearchStrategy[Any] = maybe_prose
    if field == "ambient":
        values = st.none() | st.lists(prose, max_size=2)
    elif field == "camera":
        values = st.none() | pairs
    elif field == "label":
        values = st.sampled_from(["B", "C", "E"])
    return {"state": state, "label": label, "field": field, "value": draw(values)}


def add_mission(draw: Draw, world: Json) -> Json:
    phase = st.fixed_dictionaries({"base": prose})
    grounding = st.fixed_dictionaries({"target": prose}, optional={"confirm": prose, "proximity": st.floats(0, 1)})
    fail = st.fixed_dictionaries({"name": names, "action": prose, "outcome": prose}, optional={"title": prose})
    objective = st.fixed_dictionaries(
        {"id": flags, "text": names},
        optional={
            "location": st.just(_state(draw, world)),
            "camera": prose,
            "movement": prose,
            "action": prose,
            "phases": st.lists(phase, min_size=1, max_size=3),
            "grounded": grounding,
            "outcome": prose,
            "grants": flags,
            "requires": st.lists(flags, max_size=2),
            "fail": fail,
        },
    )
    objectives = draw(st.lists(objective, min_size=1, max_size=3, unique_by=lambda o: o["id"]))
    return {"mission": {"id": draw(st.sampled_from(["m", "n", "o"])), "title": "Quest", "objectives": objectives}}


def add_sequence(draw: Draw, world: Json) -> Json:
    dwell = _some(draw, {"dwell": st.sampled_from(["settle", "input", {"ms": 5}])})
    beats = [{"state": place, **dwell} for place in (_state(draw, world), *_places(draw, world))]
    return {"sequence": {"id": draw(st.sampled_from(["walk", "run"])), "title": draw(prose), "beats": beats}}


def remove_sequence(draw: Draw, world: Json) -> Json:
    present = [sequence["id"] for sequence in world.get("sequences", ())]
    return {"id": draw(st.sampled_from([*present, "walk"]))}


def add_cutscene(draw: Draw, world: Json) -> Json:
    ends = {"from": _state(draw, world), "to": _state(draw, world)}
    return {"cutscene": {"id": draw(st.sampled_from(["cut", "new one"])), "video": "c.mp4", **ends, **draw(extras)}}


def remove_cutscene(draw: Draw, world: Json) -> Json:
    present = [cutscene["id"] for cutscene in world.get("cutscenes", ())]
    return {"id": draw(st.sampled_from([*present, "cut"]))}


def set_story(draw: Draw, world: Json) -> Json:
    return {"logline": draw(prose), **_some(draw, {"arc": st.none() | st.lists(prose, max_size=2), "x": any_json})}


def add_story_beat(draw: Draw, world: Json) -> Json:
    optional = {"arc": prose, "states": st.just(_places(draw, world)), "x": any_json}
    return {"summary": draw(prose), **_some(draw, optional)}


def _force(draw: Draw) -> Json:
    return _some(draw, {"force": st.booleans()})


def put_state(draw: Draw, world: Json) -> Json:
    body = None if draw(st.integers(0, 3)) == 0 else {**draw(states()), **_some(draw, {"unknown": st.none()})}
    at = _some(draw, {"at": st.just(_index(draw, len(world["scene"]["states"])))})
    return {"id": _state(draw, world), "state": body, **(at if body else {}), **_force(draw)}


def put_event(draw: Draw, world: Json) -> Json:
    events = world["scene"]["events"]
    body = {**_body(draw, world), **_some(draw, {"unknown": st.none()})}
    at = _some(draw, {"at": st.just(_index(draw, len(events)))})
    way = draw(st.integers(0, 3))
    if way == 0 or not events:
        return {"event": body, **at, **_force(draw)}
    which: Json = {"name": _event(draw, world)} if way == 1 else {"index": _index(draw, len(events) - 1)}
    if "index" in which and draw(st.booleans()):
        which["was"] = copy.deepcopy(events[min(which["index"], len(events) - 1)])
    removes = draw(st.integers(0, 2)) == 0
    return {**which, "event": None if removes else body, **({} if removes else at), **_force(draw)}


def put_world(draw: Draw, world: Json) -> Json:
    settable: dict[str, st.SearchStrategy[Any]] = {
        "name": prose,
        "cover": maybe_prose,
        "music": any_json,
        "scene.x": any_json,
        "/scene.x": any_json,
        "entrance": st.fixed_dictionaries({"state": st.just(_state(draw, world)), "x": st.none()}),
        "cutscenes": st.just([]),
    }
    own = [key for key in world if key not in ("scene", "scene.x", "/scene.x")]
    result = {"set": _some(draw, settable)}
    if own and draw(st.booleans()):
        result["remove"] = [draw(st.sampled_from(own))]
    elif draw(st.booleans()):
        result["order"] = draw(st.permutations([*own, "scene", "scene.events", "scene.states"]))
    return {**result, **_force(draw)}


MAKERS: dict[str, Make] = {
    "add_state": add_state,
    "update_state": update_state,
    "delete_state": delete_state,
    "rename_state": rename_state,
    "set_field": set_field,
    "set_state_ending": set_state_ending,
    "add_event": add_event,
    "add_transition": add_transition,
    "add_override": add_override,
    "update_event": update_event,
    "delete_event": delete_event,
    "set_event_field": set_event_field,
    "set_event_kind": set_event_kind,
    "set_event_drive": set_event_drive,
    "set_event_hotkey": _value("value", st.sampled_from(["k", "?"])),
    "set_event_phases": _value("value", st.lists(st.fixed_dictionaries({"base": prose}), min_size=2, max_size=3)),
    "set_event_anchor": set_event_anchor,
    "set_event_grants": _value("value", st.lists(flags, max_size=2)),
    "set_event_requires": _value("value", st.lists(flags, max_size=2)),
    "set_event_locked_hint": _value("hint", prose),
    "set_entrance": set_entrance,
    "add_variant": add_variant,
    "remove_variant": remove_variant,
    "set_variant_field": set_variant_field,
    "add_mission": add_mission,
    "add_sequence": add_sequence,
    "remove_sequence": remove_sequence,
    "add_cutscene": add_cutscene,
    "remove_cutscene": remove_cutscene,
    "set_story": set_story,
    "add_story_beat": add_story_beat,
    "set_intro": set_intro,
    "set_outro": set_outro,
    "set_narrate": set_narrate,
    "set_subject": set_subject,
}
EXACT_MAKERS: dict[str, Make] = {"put_state": put_state, "put_event": put_event, "put_world": put_world}
OWN_MAKERS: dict[str, Make] = {**EXACT_MAKERS, "rename_event": rename_event, "rename_flag": rename_flag}


@st.composite
def operations(draw: Draw, world: Json, makers: dict[str, Make] | None = None) -> Json:
    """Return one operation in canonical spelling, mostly one that the world accepts."""
    makers_by_name = makers or {**MAKERS, **OWN_MAKERS}
    name = draw(st.sampled_from(sorted(makers_by_name)))
    return {"op": name, **makers_by_name[name](draw, world)}


# ---- spellings ---------------------------------------------------------------------------------

STATE_KEYS = ["id", "stateId", "state"]
EVENT_KEYS = ["name", "eventName", "event"]
NESTED_KEYS = {
    "add_state": "state",
    "add_event": "event",
    "add_transition": "event",
    "add_override": "event",
    "update_state": "patch",
    "update_event": "patch",
    "add_variant": "variant",
    "add_mission": "mission",
    "add_sequence": "sequence",
    "add_cutscene": "cutscene",
}
WRAPPER_KEYS = {
    "set_entrance": "entrance",
    "set_intro": "intro",
    "set_outro": "outro",
    "set_story": "story",
    "add_story_beat": "beat",
    "set_event_anchor": "anchor",
}
STATE_ID_OPS = {"add_state", "update_state", "delete_state"}
STATE_OPS = {"set_field", "set_state_ending", "set_entrance", "add_variant", "remove_variant", "set_variant_field"}


@st.composite
def spellings(draw: Draw, op: Json) -> Json:
    """Return an operation in one of its accepted spellings."""
    name = op["op"]
    result = dict(op)
    if name in ("delete_state", "delete_event") and draw(st.booleans()):
        result["op"] = name.replace("delete", "remove")
    if name == "rename_state" and draw(st.booleans()):
        result["newId"] = result.pop("to")
    if name == "rename_event" and draw(st.booleans()):
        result["newName"] = result.pop("to")
    if name == "rename_event":
        result[draw(st.sampled_from(["from", *EVENT_KEYS]))] = result.pop("from")
    if name == "rename_state":
        result[draw(st.sampled_from(["from", *STATE_KEYS]))] = result.pop("from")
    if name in NESTED_KEYS and result[NESTED_KEYS[name]] and draw(st.booleans()):
        _inline(result, NESTED_KEYS[name])
    if name in WRAPPER_KEYS and draw(st.booleans()):
        beside = ("op", "event") if name == "set_event_anchor" else ("op",)
        inner = {key: result.pop(key) for key in list(result) if key not in beside}
        result[WRAPPER_KEYS[name]] = inner
        return result
    if name in STATE_ID_OPS and "id" in result:
        _respell(draw, result, "id", STATE_KEYS)
    elif name in STATE_OPS:
        _respell(draw, result, "state", STATE_KEYS)
    elif name.startswith("set_event_"):
        _respell(draw, result, "event", EVENT_KEYS)
    elif name in ("delete_event", "update_event"):
        _respell(draw, result, "name", EVENT_KEYS)
    return dict(draw(st.permutations(list(result.items()))))


def _respell(draw: Draw, result: Json, key: str, keys: list[str]) -> None:
    open_ones = [other for other in keys if other not in result or other == key]
    result[draw(st.sampled_from(open_ones))] = result.pop(key)


def _inline(result: Json, key: str) -> None:
    # a body field that would be read as an argument cannot stand inline
    read = {*result, *STATE_KEYS, *EVENT_KEYS, "op", "variant", "patch"}
    if key in ("event", "sequence") or not result[key].keys() & read:
        inner = result.pop(key)
        result.update(inner)
