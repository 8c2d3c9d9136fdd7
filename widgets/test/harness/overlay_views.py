"""Print editors with something drawn over their maps, for the harness page: JSON by scene name."""

from __future__ import annotations

import json
from typing import Any

import worldkit as wk
from worldkit.jsonish import Json
from worldkit.notebook import history, overlay, session
from worldkit.notebook.beside import standing


def spoiled() -> wk.World:
    """Return a small world in which much is wrong: a soft-lock, a dead end, ways and an ending that never happen."""

    def go(name: str, source: str, to: str, **more: Any) -> Json:
        return {"name": name, "kind": "transition", "from": [source], "to": to, **more}

    states: dict[str, Json] = {
        "quay": {"base": "A stone quay at low tide, nets drying on the rail, gulls asleep along the wall."},
        "boat_house": {"base": "A boat house of tarred planks, one lamp on a hook, the slip still wet."},
        "cellar": {"base": "A cellar cut into the rock, barrels to the ceiling, and the door shut behind you."},
        "ledge": {"base": "A narrow ledge over the water, and nothing to hold on to."},
        "chart_room": {"base": "A room of charts under a glass roof, the ink on the last one not yet dry."},
        "open_sea": {"base": "Open sea, a clean wind.", "ending": {"kind": "win", "title": "UNDER SAIL"}},
        "hidden_cove": {"base": "A cove behind the headland.", "ending": {"kind": "win", "title": "THE COVE"}},
    }
    events = [
        go("walk_along_the_wall", "quay", "boat_house"),
        {"name": "take_the_oar", "kind": "override", "from": ["boat_house"], "base": "An oar.", "grants": ["oar"]},
        go("row_out", "boat_house", "open_sea", requires=["oar"], lockedHint="You need an oar."),
        go("climb_down", "boat_house", "cellar"),
        go("knock", "cellar", "cellar"),
        go("squeeze_through", "quay", "ledge"),
        go("read_the_charts", "chart_room", "hidden_cove"),
        go("unlock_the_office", "quay", "chart_room", requires=["brass_key"]),
        {"name": "wind_the_clock", "kind": "override", "from": ["quay"], "base": "A clock.", "requires": ["brass_key"]},
    ]
    scene = {"states": states, "events": events}
    return wk.World.from_dict({"name": "The Quay", "entrance": {"state": "quay"}, "scene": scene})


def played(world: wk.World, *events: str) -> wk.Session:
    run = wk.Session(world)
    for event in events:
        run.fire(event)
    return run


def scene(world: wk.World, *layers: overlay.Overlay, run: wk.Session | None = None) -> Json:
    shown = [{**layer.to_dict(), "serial": at} for at, layer in enumerate(layers, 1)]
    seed = session.seed(history.opened(world))
    return {"seed": seed, "overlays": shown, "playing": None if run is None else standing(run)}


def scenes() -> dict[str, Json]:
    quay, light, archive = spoiled(), wk.samples.load("lighthouse"), wk.samples.load("archive")
    found = overlay.overlay(wk.explore(quay), quay)
    test = overlay.overlay(wk.playtest(light, runs=400, seed=1), light)
    walked = played(light, *walk(light, 5))
    edited = quay.apply([{"op": "delete_event", "name": "climb_down"}])
    return {
        "explored": scene(quay, found),
        "stale": scene(edited, overlay.followed(found, edited, overlay.Renames())),
        "crowd": scene(light, test),
        "beside": scene(light, run=walked),
        "runs": scene(light, overlay.overlay([walked, played(light, *walk(light, 2))], light)),
        "both": scene(quay, found, run=played(quay, "walk_along_the_wall", "take_the_oar")),
        "large": scene(archive, overlay.overlay(wk.playtest(archive, runs=300, seed=2), archive)),
        "clean": scene(light, overlay.overlay(wk.explore(light), light)),
    }


def walk(world: wk.World, steps: int) -> list[str]:
    run = wk.Session(world)
    for _ in range(steps):
        run.fire(next(offer for offer in run.offers if offer.available))
    return list(run.trace.events)


print(json.dumps(scenes()))
