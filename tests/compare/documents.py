"""Pairs of documents for comparing: any two, and a document with a few things done to it, sound or not."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from tests.strategies import any_json, documents, event_bodies, names, states

Json = dict[str, Any]

ids = names | st.sampled_from(["", " ", "cut", "walk", "scene.x", "op"])
extra = st.sampled_from(["x", "op", "id", "name2", "scene.music", "/scene.x"])


def _retarget(draw: st.DrawFn, document: Json) -> None:
    event = draw(st.sampled_from(document["scene"]["events"]))
    act = draw(st.integers(0, 3))
    if act == 0:
        event["from"] = draw(st.lists(ids, max_size=3) | ids)
    elif act == 1:
        event["to"] = draw(ids)
    elif act == 2:
        event.pop("to", None)
    else:
        event["kind"] = draw(st.sampled_from(["transition", "override", "terminal"]))


def _rename_state(draw: st.DrawFn, document: Json) -> None:
    scene = document["scene"]
    old, new = draw(st.sampled_from(list(scene["states"]))), draw(ids)
    scene["states"] = {new if id == old else id: body for id, body in scene["states"].items()}
    if draw(st.booleans()):
        for event in scene["events"]:
            value = event["from"]
            event["from"] = (
                (new if value == old else value) if isinstance(value, str) else [new if s == old else s for s in value]
            )
            if event.get("to") == old:
                event["to"] = new


def _event_field(draw: st.DrawFn, document: Json) -> None:
    event = draw(st.sampled_from(document["scene"]["events"]))
    field, values = draw(
        st.sampled_from(
            [
                ("name", ids),
                ("hotkey", st.none() | st.sampled_from("ke")),
                ("x", any_json),
                ("requires", st.lists(ids, max_size=2)),
                ("minPlayMs", st.sampled_from([0, 0.0, 1, 1.0, 2])),
                ("oneShot", st.booleans()),
            ]
        )
    )
    event[field] = draw(values)


def _state_field(draw: st.DrawFn, document: Json) -> None:
    body = draw(st.sampled_from(list(document["scene"]["states"].values())))
    field, values = draw(
        st.sampled_from(
            [
                ("base", st.text(max_size=5)),
                ("x", any_json),
                ("variants", st.lists(st.just({"label": "B", "base": "Rain."}), max_size=2)),
                ("ending", st.just({"kind": "win", "title": "Home"})),
            ]
        )
    )
    body[field] = draw(values)


def _world_field(draw: st.DrawFn, document: Json) -> None:
    state_ids = list(document["scene"]["states"]) or ["nowhere"]
    state = st.sampled_from(state_ids) | ids
    cutscenes = st.fixed_dictionaries({"id": ids | state, "video": st.just("c.mp4"), "from": state, "to": state})
    beat = st.fixed_dictionaries({"state": state})
    sequence = st.fixed_dictionaries({"id": ids, "title": st.just("T"), "beats": st.lists(beat, max_size=2)})
    field, values = draw(
        st.sampled_from(
            [
                (
                    "entrance",
                    st.fixed_dictionaries({"state": state}, optional={"image": st.just({"src": "a.png"}), "op": ids}),
                ),
                ("cutscenes", st.lists(cutscenes, max_size=3)),
                ("sequences", st.lists(sequence, max_size=3)),
                (
                    "story",
                    st.fixed_dictionaries({"logline": ids}, optional={"arc": st.lists(ids, max_size=2), "x": any_json}),
                ),
                ("outro", st.fixed_dictionaries({"video": ids, "flag": ids, "state": state})),
                ("cover", st.none() | ids),
                ("narrate", st.booleans()),
                ("introVideo", ids),
                ("introStatic", st.booleans()),
                ("subject", ids),
                ("styleTail", ids),
                ("name", ids),
                ("x", any_json),
                ("scene.music", any_json),
                ("/scene.x", any_json),
                ("op", any_json),
            ]
        )
    )
    document[field] = draw(values)


@st.composite
def mutations(draw: st.DrawFn, document: Json) -> Json:
    """Return a copy of a document in which up to six things were done, valid but not always sound."""
    after = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 6))):
        scene = after["scene"]
        value, events = list(scene["states"]), scene["events"]
        act = draw(st.integers(0, 15))
        if act == 0:
            at, body = draw(st.integers(0, len(value))), draw(states())
            items = list(scene["states"].items())
            scene["states"] = dict([*items[:at], (draw(ids), body), *items[at:]])
        elif act in (1, 2) and value:
            del scene["states"][draw(st.sampled_from(value))]
        elif act == 3:
            scene["states"] = {id: scene["states"][id] for id in draw(st.permutations(value))}
        elif act == 4 and value:
            _rename_state(draw, after)
        elif act in (5, 6) and value:
            _state_field(draw, after)
        elif act == 7 and value:
            events.insert(draw(st.integers(0, len(events))), {"name": draw(ids), **draw(event_bodies(value))})
        elif act == 8 and events:
            del events[draw(st.integers(0, len(events) - 1))]
        elif act == 9:
            scene["events"] = list(draw(st.permutations(events)))
        elif act == 10 and events:
            _retarget(draw, after)
        elif act in (11, 12) and events:
            _event_field(draw, after)
        elif act == 13:
            after.pop(
                draw(st.sampled_from(["entrance", "cutscenes", "sequences", "story", "x", "name", "subject"])), None
            )
        elif act == 14:
            scene[draw(extra)] = draw(any_json)
        else:
            _world_field(draw, after)
    return after


@st.composite
def edits(draw: st.DrawFn) -> tuple[Json, Json]:
    """Return a document and one made of it."""
    before = draw(mutations(draw(documents())))
    return before, draw(mutations(before))
