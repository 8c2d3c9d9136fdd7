"""Good documents, operations, traces, messages and requests, from which hostile ones are made."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any, get_args

import worldkit as wk
from worldkit.editing.registry import OPS
from worldkit.ruleset import RULES
from worldkit.widgets.protocol.player_requests import PlayerAct

Json = dict[str, Any]

ACTS = get_args(get_args(PlayerAct)[0])
ACTIONS = [action for act in ACTS for action in get_args(act.model_fields["action"].annotation)]
"""What a player may do, by the name it has in a message."""

HOUSE: Json = {
    "schemaVersion": "1.0",
    "id": "house",
    "name": "House",
    "entrance": {"state": "lane", "image": {"src": "lane.png", "label": "A lane"}},
    "subject": "A walker in a grey coat.",
    "narrate": True,
    "introVideo": "intro.mp4",
    "outro": {"video": "end.mp4", "flag": "key", "state": "hall"},
    "story": {"logline": "Home.", "arc": ["out", "in"], "beats": [{"summary": "Rain.", "states": ["lane"]}]},
    "scene": {
        "states": {
            "lane": {
                "base": "A stone lane runs between dry walls under low cloud.",
                "camera": {"static": "still", "dynamic": "forward"},
                "ambient": ["wind", "rain"],
                "variants": [{"label": "B", "base": "The lane at night."}, {"label": "C", "base": "The lane in snow."}],
                "autopilot": {"movement": "forward", "keepCentered": {"label": "gate", "aliases": ["door"]}},
            },
            "gate": {"base": "Rain beads on the iron gate and the lamp beside it.", "narration": "A gate."},
            "hall": {"base": "A hall of slate.", "ending": {"kind": "win", "title": "HOME", "subtitle": "at last"}},
            "pit": {"base": "A pit.", "ending": {"kind": "lose", "title": "LOST"}},
        },
        "events": [
            {"name": "walk", "kind": "transition", "from": ["lane"], "to": "gate", "hotkey": "e", "minPlayMs": 900},
            {
                "name": "take_key",
                "kind": "override",
                "from": ["gate"],
                "base": "A key.",
                "grants": ["key"],
                "oneShot": True,
            },
            {
                "name": "enter",
                "kind": "transition",
                "from": ["gate"],
                "to": "clip",
                "requires": ["key"],
                "lockedHint": "Locked.",
            },
            {
                "name": "bell",
                "kind": "override",
                "from": ["gate"],
                "autoAfterMs": 3000,
                "grants": ["rung"],
                "hidden": True,
            },
            {
                "name": "fall",
                "kind": "transition",
                "from": ["lane", "gate"],
                "to": "pit",
                "phases": [{"base": "A step.", "minMs": 100}, {"base": "One more."}],
                "landWhen": {"label": "pit", "minExtent": 0.2, "hits": 2, "timeoutMs": 4000},
                "anchor": {
                    "label": "edge",
                    "aliases": ["rim"],
                    "minProximity": 0.5,
                    "expectedAspect": {"min": 0.5, "max": 2},
                },
            },
            {
                "name": "dark",
                "kind": "transition",
                "from": ["lane"],
                "to": "pit",
                "landWhen": {"maxLuminance": 9, "auto": True},
            },
            {
                "name": "road",
                "kind": "transition",
                "from": ["lane"],
                "to": "gate",
                "waypoint": {"label": "gate", "distanceM": 12, "speedMs": 2, "approachM": 1},
                "drive": {"movement": "forward"},
            },
            {
                "name": "panel",
                "kind": "terminal",
                "from": ["gate"],
                "terminal": {
                    "persona": "A keeper.",
                    "greeting": "Yes?",
                    "facts": [{"text": "Low tide.", "requires": ["key"]}],
                },
            },
        ],
    },
    "cutscenes": [
        {"id": "clip", "video": "c.mp4", "from": "gate", "to": "hall", "requires": ["key"], "subtitle": "In."}
    ],
    "sequences": [
        {"id": "tour", "title": "Tour", "beats": [{"state": "lane", "dwell": {"ms": 50}}, {"state": "gate"}]}
    ],
    "missions": [
        {"id": "m", "title": "In", "objectives": [{"id": "o", "text": "Get in.", "grants": "key", "location": "gate"}]}
    ],
}

EXPORT: Json = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [{"world": HOUSE, "versions": []}]}


@cache
def documents() -> tuple[Json, ...]:
    """Return documents that load."""
    samples = tuple(wk.samples.load(name).to_dict() for name in ("bench", "broken_start"))
    return (HOUSE, *samples, {"world": HOUSE}, EXPORT, {"scene": {"states": {}, "events": []}})


@cache
def worlds() -> tuple[wk.World, ...]:
    """Return the worlds of those."""
    return tuple(wk.load(document) for document in documents() if document is not EXPORT)


STATES, EVENTS, FLAGS = ("lane", "gate", "hall", "new"), ("walk", "enter", "bell", "new"), ("key", "rung")
_VALUES: dict[str, tuple[Any, ...]] = {
    "state": STATES,
    "event": EVENTS,
    "id": (*STATES, "clip", "tour", "m"),
    "from": (*STATES, ["lane"]),
    "to": STATES,
    "name": EVENTS,
    "flag": FLAGS,
    "field": ("base", "detail", "camera.static", "movement.dynamic", "narration"),
    "kind": ("transition", "override", "terminal", "win", "lose"),
    "label": ("B", "C", "D"),
    "at": (0, 1, 99),
    "index": (0, 1, 99),
    "movement": ("forward", "back", None),
    "lookHorizontal": ("left", None),
    "lookVertical": ("up", None),
    "set": ({"name": "N"}, {"entrance": {"state": "gate"}}, {"scene.x": 1}),
    "remove": (["name"], ["story"]),
    "order": (["gate", "lane", "hall", "pit"],),
    "image": ({"src": "x"},),
}
_BODIES: dict[str, tuple[Any, ...]] = {
    "state": ({"base": "A room."}, HOUSE["scene"]["states"]["lane"]),
    "event": tuple(HOUSE["scene"]["events"]),
    "patch": ({"base": "New."}, {"to": "hall"}, {"from": ["lane"], "x": None}, {"camera": None}),
    "cutscene": tuple(HOUSE["cutscenes"]),
    "sequence": tuple(HOUSE["sequences"]),
    "mission": tuple(HOUSE["missions"]),
    "variant": ({"label": "D", "base": "Else."},),
    "story": (HOUSE["story"],),
    "beat": (HOUSE["story"]["beats"][0],),
    "outro": (HOUSE["outro"],),
    "entrance": (HOUSE["entrance"],),
    "anchor": ({"label": "edge"},),
    "intro": ({"video": "i.mp4", "static": True},),
}
_KINDS: dict[str, tuple[Any, ...]] = {
    "text": ("Some text.", None),
    "switch": (True, False),
    "list": ([{"base": "A step."}], []),
    "names": (["key"], []),
    "object": ({"base": "A room."},),
    "any": (1, "x", None),
    "id": STATES,
    "index": (0,),
}


def op(rng: Random) -> Json:
    """Return an operation that is mostly good for ``HOUSE``."""
    kind = OPS[rng.choice(list(OPS))]
    operation: Json = {"op": kind.name}
    for argument in kind.arguments:
        if argument.is_required or rng.random() < 0.6:
            bodies = _BODIES.get(argument.name) if argument.kind == "object" else None
            operation[argument.name] = rng.choice(bodies or _VALUES.get(argument.name) or _KINDS[argument.kind])
    if kind.body is not None:
        body = rng.choice(_BODIES[kind.body.name])
        operation = {**operation, **body} if rng.random() < 0.3 else {**operation, kind.body.name: body}
    return operation


def ops(rng: Random) -> list[Json]:
    """Return a batch of those."""
    return [op(rng) for _ in range(rng.choice((1, 1, 2, 3)))]


@cache
def traces() -> tuple[Json, ...]:
    """Return runs of ``HOUSE``: short and long, instant and real-time, with evidence and an author's hand."""
    traces = []
    world = wk.load(HOUSE)
    for mode in ("instant", "real-time"):
        session = wk.Session(world, mode=mode, seed=3)
        session.observe({"luminance": 90, "labels": {"gate": 0.4}})
        session.fire("walk")
        session.wait(5000)
        session.grant("key")
        session.observe({"motion": 1.5})
        traces.append(session.trace.to_dict())
        if session.state == "gate":
            session.fire("take_key")
            session.wait(2000)
            session.fire("enter")
        traces.append(session.trace.to_dict())
    return tuple(traces)


SAMPLES: tuple[Any, ...] = (
    {"luminance": 90, "motion": 0.5, "labels": {"gate": 0.4, "pit": 0.3}},
    {"labels": ["pit", "gate"]},
    {"labels": [["pit", 0.5]]},
    {"luminance": 3},
    {},
)

HELLO: Json = {"type": "hello", "id": "1", "view": "v"}


def editor_message(rng: Random) -> Json:
    """Return what a view may ask an editor."""
    kind = rng.choice(
        ("hello", "edit", "edit", "edit", "undo", "redo", "move", "tidy", "fix", "code", "save", "reconcile")
    )
    message: Json = {"type": kind, "id": rng.choice(("1", 2)), "view": "v"}
    match kind:
        case "edit":
            message |= {"base": "0", "ops": ops(rng), "label": "A label", "positions": {"lane": [1, 2.5]}}
        case "move":
            message |= {"positions": {"lane": [100, -3.5], "gate": [0, 0]}, "label": "Move"}
        case "tidy":
            message["everything"] = True
        case "fix":
            item = {"kind": rng.choice(("state", "event", "world")), "id": rng.choice(STATES + EVENTS), "field": "to"}
            message |= {"lint": rng.choice(list(RULES)), "item": item}
        case "reconcile":
            message |= {"choice": "rebase", "picks": {"states.lane": "ours"}}
    return message


def player_message(rng: Random) -> Json:
    """Return what a view may ask a player, or a report that holds one."""
    kind = rng.choice(("act",) * 12 + ("hello", "about", "script", "play", "route", "cover"))
    message: Json = {"type": kind, "id": "1", "view": "v"}
    if kind == "script":
        message["kind"] = rng.choice(("python", "trace", "test", "position"))
    if kind in ("play", "route"):
        message["target"] = rng.choice(
            ({"kind": "finding", "index": 0}, {"kind": "ending", "id": "hall"}, {"kind": "run", "index": 1})
        )
    if kind != "act":
        return message
    action = rng.choice((*ACTIONS, "fire", "fire", "wait"))
    position = {"state": "gate", "flags": ["key"], "used": ["take_key"]}
    more: Json = {
        "fire": {"event": rng.choice((*EVENTS, "take_key", "fall", "panel", "sequence:tour"))},
        "wait": {"ms": rng.choice((0, 50, 2000, 60000)), "forward": rng.random() < 0.5},
        "tick": {"ms": 16, "forward": True},
        "mode": {"mode": rng.choice(("instant", "real-time"))},
        "begin": {"position": position},
        "open": {
            "text": rng.choice(('{"format": "smworld-position", "version": 1, "state": "gate"}', "{}", "[" * 300))
        },
        "grant": {"flag": "key"},
        "revoke": {"flag": "key"},
        "variant": {"label": rng.choice(("B", None))},
        "observe": {"sample": rng.choice(SAMPLES)},
        "jump": {"to": rng.choice((0, 1, 5))},
        "ask": {"text": "What is it?"},
    }.get(action, {})
    return message | {"action": action, **more}


def compare_message(rng: Random) -> Json:
    """Return what a view may ask a comparison."""
    kind = rng.choice(("hello", "fields", "play", "resolve"))
    more = {"fields": {"change": 0}, "resolve": {"conflict": 0, "side": "ours"}}.get(kind, {})
    return {"type": kind, "id": "1", "view": "v", **more}


def request(rng: Random, id: str, version: str) -> tuple[str, str, Any]:
    """Return a request to a server: its method, its path and its body.

    Args:
        rng: Where chance comes from.
        id: A world that it keeps.
        version: A version of that world.
    """
    at = f"/v1/worlds/{id}"
    state, event = rng.choice(STATES), rng.choice(EVENTS)
    return rng.choice(
        (
            ("POST", "/v1/worlds", {"world": HOUSE, "name": "N"}),
            ("POST", "/v1/worlds", {"premise": "A lamp.", "name": "N", "seed": 3, "async": True}),
            ("PATCH", at, {"name": "N", "description": "D", "cover": None, "visibility": "public"}),
            ("POST", f"{at}/ops", {"ops": ops(rng), "strict": False}),
            ("POST", f"{at}/ops", {"ops": ops(rng)}),
            ("POST", f"{at}/states", {"id": "new", "base": "A room."}),
            ("PATCH", f"{at}/states/{state}", {"base": "A room."}),
            ("POST", f"{at}/events", {"name": "go", "kind": "transition", "from": ["lane"], "to": "gate"}),
            ("PATCH", f"{at}/events/{event}", {"to": "gate", "requires": ["key"]}),
            ("PATCH", f"{at}/entrance", {"state": "lane", "image": {"src": "x"}}),
            ("POST", f"{at}/validate", {"world": HOUSE}),
            ("POST", f"{at}/lint", {"world": HOUSE}),
            ("POST", f"{at}/edit?async=true", {"instruction": "Rename the lane."}),
            ("POST", f"{at}/forks", {"name": "Fork", "versionId": version}),
            ("POST", f"{at}/versions", {"title": "T", "parentVersionId": version}),
            ("PATCH", f"{at}/versions/{version}", {"title": "T"}),
            ("POST", f"{at}/checkout", {"versionId": version}),
            ("POST", "/v1/sessions/token", {"worldId": id, "playerIdentity": "p", "ttlSeconds": 60}),
            ("POST", "/v1/sessions/revoke", {"jti": "j"}),
            ("POST", "/v1/sessions/connect", {}),
            ("POST", "/v1/sessions/refresh", {"token": None, "reactorJwt": "r"}),
            ("POST", "/v1/sessions/track", {"reactorSessionId": "stream"}),
            ("POST", "/v1/sessions/end", {"reactorJwt": "r"}),
            ("POST", "/v1/perceive", {"frame_b64": "R0lGODlh", "room_name": "Hall"}),
            ("POST", "/v1/ground/objects", {"frame_b64": "R0lGODlh", "labels": ["door"]}),
            ("POST", "/v1/seed-frame", {"prompt": "A hall.", "style": "oil"}),
            ("POST", "/embed/messages", {"run": None, "message": player_message(rng)}),
            ("POST", "/embed/messages", {"run": "sealed", "message": player_message(rng)}),
        )
    )
