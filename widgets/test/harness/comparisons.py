"""The kernel's side of a comparison for the harness: the real one, over lines of JSON on standard input and output.

A line ``{"open": SCENE}`` begins anew; its answer is what a view begins with. Every other line is a view's message.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import worldkit as wk
from worldkit.widgets import protocol
from worldkit.widgets.comparison import Comparison

Json = dict[str, Any]
EVIL = '<img src=x onerror="alert(1)">"\'`${1}\u202e__proto__'


def small() -> Comparison:
    """Return an edit of a few things, one of each mark."""
    a = wk.samples.load("lighthouse")
    prose = a.states["yard"].base
    b = a.apply(
        [
            {"op": "rename_state", "from": "kitchen", "to": "scullery"},
            {"op": "set_field", "state": "yard", "field": "base", "value": prose.replace(".", ", and it rains.", 1)},
            {
                "op": "add_state",
                "id": "cellar",
                "state": {"base": "A low cellar under the kitchen, casks on trestles."},
            },
            {"op": "add_transition", "name": "down_the_ladder", "event": {"from": ["scullery"], "to": "cellar"}},
            {"op": "delete_state", "id": "oil_store"},
            {"op": "update_event", "name": "take_down_a_hand_lamp", "patch": {"grants": ["hand_lamp", "light"]}},
            {"op": "update_event", "name": "step_out_to_the_yard", "patch": {"to": "cellar"}},
        ]
    )
    return wk.compare(a, b)


def prose() -> Comparison:
    """Return a rename with its prose rewritten here and there."""
    a = wk.samples.load("bench")
    b = a.apply([{"op": "rename_state", "from": "lane", "to": "sunken_road"}])
    words = b.states["sunken_road"].base.replace(" the ", " that ").replace("lane", "sunken road")
    b = b.apply(
        [{"op": "set_field", "state": "sunken_road", "field": "base", "value": f"{words} Rain has come and gone."}]
    )
    return wk.compare(a, b)


def none() -> Comparison:
    """Return a world beside itself."""
    a = wk.samples.load("bench")
    return wk.compare(a, wk.load(a.to_dict()))


def hostile() -> Comparison:
    """Return worlds whose every text would do something, were it more than text."""
    body = {"base": EVIL, "narration": EVIL, "ending": {"kind": "win", "title": EVIL}, EVIL: {EVIL: [EVIL]}}
    move = {"name": EVIL, "kind": "transition", "from": [EVIL], "to": "__proto__", "requires": [EVIL]}
    local = {"name": "constructor", "kind": "override", "from": [EVIL], "base": EVIL}
    a = wk.load({"name": EVIL, "scene": {"states": {EVIL: body, "__proto__": {"base": EVIL}}, "events": [move, local]}})
    b = a.apply(
        [
            {"op": "rename_state", "from": "__proto__", "to": f"{EVIL} 2"},
            {"op": "set_field", "state": EVIL, "field": "base", "value": f"{EVIL} {EVIL}"},
            {"op": "add_state", "id": "toString", "state": {"base": EVIL}},
            {"op": "delete_event", "name": "constructor"},
            {"op": "put_world", "set": {EVIL: EVIL, "description": EVIL}},
        ]
    )
    return wk.compare(a, b)


def merging() -> Comparison:
    """Return a merge with a conflict in prose, one in where an event leads, and one of a state that went."""
    base = wk.samples.load("lighthouse")
    prose = base.states["yard"].base or ""
    ours = base.apply(
        [
            {"op": "set_field", "state": "yard", "field": "base", "value": prose.replace(".", ", wet and black.", 1)},
            {"op": "update_event", "name": "step_into_the_kitchen", "patch": {"to": "oil_store"}},
            {"op": "delete_state", "id": "gallery"},
        ]
    )
    theirs = base.apply(
        [
            {"op": "set_field", "state": "yard", "field": "base", "value": prose.replace(".", ", white with salt.", 1)},
            {"op": "update_event", "name": "step_into_the_kitchen", "patch": {"to": "tower_foot"}},
            {"op": "set_field", "state": "gallery", "field": "base", "value": "A gallery of iron, slick with rain."},
            {"op": "add_state", "id": "cellar", "state": {"base": "A low cellar."}},
        ]
    )
    return wk.compare(base, ours, theirs)


SCENES: dict[str, Callable[[], Comparison]] = {made.__name__: made for made in (small, prose, none, hostile, merging)}


def main() -> None:
    """Answer what a view asks, until it asks no more."""
    for line in sys.stdin:
        content = json.loads(line)
        if "open" in content:
            made = SCENES[content["open"]]()
            print(json.dumps({"opened": made.comparison}), flush=True)
            continue
        reply = made.answer(content, protocol.address(content))
        if content.get("type") == "resolve":
            print(json.dumps({"comparison": made.comparison}), flush=True)
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
