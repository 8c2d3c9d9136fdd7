"""Screens that no guide shows, where the widgets have a hard time: a world in disorder, hostile texts, many things."""

from __future__ import annotations

from typing import Any

import worldkit as wk
from tests.browser.screens import Screen, nothing
from tests.browser.screens.editor import STAGE, keys, quiet
from tests.browser.screens.worlds import go, messy, storm
from tests.browser.stand import Stand

NASTY = "<img src=x onerror=alert(1)> \"quotes\" 'and' & \u202eback\u202c \N{HEDGEHOG}\nline two " + "long" * 30


def hostile() -> wk.World:
    """Return a world whose every text would do something, were it more than text."""
    local = {"name": NASTY, "kind": "override", "from": [NASTY], "detail": NASTY, "grants": [NASTY, "k"]}
    move = go("x", NASTY, "b", requires=["z"], lockedHint=NASTY)
    states = {
        NASTY: {"base": NASTY * 3, "narration": NASTY},
        "b": {"base": "", "ending": {"kind": "win", "title": NASTY}},
    }
    scene = {"states": states, "events": [local, move]}
    return wk.World.from_dict({"name": NASTY, "description": NASTY, "entrance": {"state": NASTY}, "scene": scene})


def hostile_player() -> Any:
    player = wk.play(hostile())
    player.session.fire(NASTY)
    return player


def blocked_player() -> Any:
    return wk.play(wk.samples.load("broken"))


def lost_game() -> Any:
    """The shortest way to lose in the lighthouse."""
    world = wk.samples.load("lighthouse")
    losing = next(id for id, state in world.states.items() if state.ending and state.ending.kind == "lose")
    route = wk.explore(world).route_to(losing)
    assert route is not None
    return wk.play(world, trace=route.to_dict())


def looking() -> Any:
    """An arrival that waits for the picture."""
    phases = [{"base": "The stair turns beneath her.", "minMs": 2000}]
    proof = {"label": "lamp", "aliases": ["lantern"], "hits": 3, "minExtent": 0.2}
    climb = go("climb", "stair", "lamp", phases=phases, landWhen=proof)
    player = wk.play(storm().apply([{"op": "delete_event", "name": "climb_to_the_lamp"}, {"op": "add_event", **climb}]))
    player.session.switch("real-time")
    player.session.observe({"luminance": 40, "motion": 6})
    player.session.fire("climb")
    player.session.wait(3_000)
    return player.refresh()


def many() -> Any:
    """Sixty edits of a large sample on one map."""
    a = wk.samples.load("archive")
    ids, names = list(a.states), [event.name for event in a.events]
    ops: list[dict[str, Any]] = []
    for at in range(0, 40, 2):
        prose = f"{a.states[ids[at]].base} It rains."
        ops.append({"op": "set_field", "state": ids[at], "field": "base", "value": prose})
        ops.append({"op": "update_event", "name": names[at], "patch": {"narration": f"Something stirs, {at}."}})
    ops += [{"op": "rename_state", "from": id, "to": f"{id}_anew"} for id in ids[1:20:2]]
    ops += [{"op": "delete_state", "id": id} for id in ids[45:50]]
    return wk.compare(a, a.apply(ops))


def unreadable() -> Any:
    a = hostile()
    return wk.compare(a, a.apply([{"op": "set_field", "state": NASTY, "field": "base", "value": NASTY * 2}]))


def equal() -> Any:
    a = wk.samples.load("bench")
    return wk.compare(a, wk.load(a.to_dict()))


def far(stand: Stand) -> None:
    quiet(stand)
    stand.press("f", "-", "-", "-", on=STAGE)


def step(stand: Stand) -> None:
    stand.press("n", "n", on=".wc-stage")


SCREENS = (
    Screen("", "messy", lambda: wk.edit(messy()), keys("p"), (".we-finding",)),
    Screen("", "far", lambda: wk.edit(wk.samples.load("archive")), far, (".we-stage canvas",)),
    Screen("", "hostile-editor", lambda: wk.edit(hostile()), keys("ArrowRight"), (".we-card.we-selected", "form")),
    Screen("", "hostile-player", hostile_player, nothing, (".wk-offers",)),
    Screen("", "hostile-compare", unreadable, step, (".wc-field",)),
    Screen("", "blocked", blocked_player, says=("Play anyway",)),
    Screen("", "lose", lost_game, shows=(".wk-ending[data-kind=lose]",)),
    Screen("", "looking", looking, shows=(".wk-now",)),
    Screen("", "many", many, step, (".wc-row-head[aria-expanded=true]",)),
    Screen("", "equal", equal, says=("The two worlds are equal.",)),
)
