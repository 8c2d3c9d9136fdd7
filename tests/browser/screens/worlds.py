"""Worlds that the guides show."""

from __future__ import annotations

from typing import Any

import worldkit as wk


def go(name: str, source: str, to: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "transition", "from": [source], "to": to, **more}


def quay() -> wk.World:
    """Return a small world in which much is wrong: a way to get stuck, and an ending that nobody sees."""
    states = {
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
    ]
    return wk.World.from_dict({"name": "The Quay", "scene": {"states": states, "events": events}} | ENTRANCE)


ENTRANCE = {"entrance": {"state": "quay"}}


def storm() -> wk.World:
    """Return a world in which things come by themselves: phases, timers, a zone, a way on foot."""
    phases = [
        {"base": "Her gloved hand closes on the brass rail and the stair begins to turn beneath her.", "minMs": 3000},
        {"base": "Salt wind comes down the shaft; the lamp glass trembles above.", "minMs": 4000},
    ]
    gust = {"autoAfterMs": 12000, "hidden": True, "oneShot": True, "grants": ["dark"]}
    events = [
        go("climb_to_the_lamp", "stair", "lamp", hotkey="c", phases=phases),
        {"name": "listen", "kind": "override", "from": ["stair"], "detail": "listen at the storm door", "hotkey": "l"},
        {"name": "bar_the_door", "kind": "override", "from": ["stair"], "requires": ["rope", "iron"]}
        | {"lockedHint": "something long and heavy would hold it"},
        {"name": "the_gust", "kind": "override", "from": ["stair"], "narration": "The door slams wide."} | gust,
        {"name": "find_the_bar", "kind": "override", "from": ["lamp"], "grants": ["iron", "lit"], "detail": "light it"},
        go("go_down", "lamp", "stair"),
        go("reach_the_gallery", "stair", "lamp", requires=["iron"], hidden=True)
        | {"waypoint": {"label": "the gallery door", "distanceM": 120}},
        {"name": "take_the_rope", "kind": "override", "from": ["stair"], "grants": ["rope"], "oneShot": True},
    ]
    stair = {"base": "An iron stair winds up the inside of the tower, wet and ringing with the storm outside."}
    stair |= {"narration": "Forty steps up; the storm keeps count."}
    objectives = [{"id": "rope", "text": "Take the rope"}, {"id": "lit", "text": "Light the lamp"}]
    missions = [{"id": "m", "title": "Keep the light", "complete": "lit", "objectives": objectives}]
    scene = {"states": {"stair": stair, "lamp": {"base": "The lamp room, all glass."}}, "events": events}
    return wk.World.from_dict(
        {"name": "Storm Watch", "entrance": {"state": "stair"}, "missions": missions, "scene": scene}
    )


def messy() -> wk.World:
    """Return everything that can go wrong on a map: loops, parallels, ways to nowhere, long and strange names."""
    strange = "an id with spaces, and dots.and.more, that does not end"
    states = {
        "hall": {"base": "A tall hall without a single window, panelled in oak; no one has lit the fire."},
        "roof": {"base": "Slates, and the whole town below in the rain."},
        "yard": {"base": ""},
        strange: {"base": f"Un mot très long: {'x' * 200}"},
        "won": {"base": "Morning.", "ending": {"kind": "win", "title": "Home before dark"}},
        "lost": {"base": "Night.", "ending": {"kind": "lose", "title": "Too late"}},
    }
    events = [
        go("climb_the_stair", "hall", "roof"),
        go("climb_the_ladder", "hall", "roof", requires=["ladder"], lockedHint="You need the ladder."),
        go("ring_the_bell", "hall", "roof", hidden=True, autoAfterMs=4000),
        go("go_down_again", "roof", "hall", oneShot=True),
        go("jump", "roof", "the_fall"),
        go("pace_about", "yard", "yard"),
        go("pace_about_more", "yard", "yard"),
        go("into_the_fog", "yard", "nowhere_at_all"),
        go("wait_for_the_night_to_end_somehow", "yard", "lost", autoAfterMs=60_000),
        go("walk_home", "yard", "won", requires=["a flag nobody grants"]),
        go("pace_about", "hall", "yard", hotkey="w"),
        go("on", strange, "won"),
        {"name": "shoot_the_guard", "kind": "override", "from": ["hall", "yard"], "base": "He is gunned down."},
        {"name": "old_radio", "kind": "terminal", "from": ["hall"], "terminal": {"persona": "A tired voice."}},
    ]
    name = "A world with <b>problems</b>, and a name that goes on for rather longer than anybody would like it to"
    cutscene = {"id": "the_fall", "video": "fall.mp4", "from": "roof", "to": "yard"}
    scene = {"states": states, "events": events}
    return wk.World.from_dict({"name": name, "entrance": {"state": "hall"}, "cutscenes": [cutscene], "scene": scene})
