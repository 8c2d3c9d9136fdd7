"""Print real views of the player, as the kernel makes them, for the harness page: JSON by scene name."""

from __future__ import annotations

import json
import sys
from collections import deque
from collections.abc import Callable

from worldkit import samples
from worldkit.notebook.acting import perform
from worldkit.notebook.console import spoken
from worldkit.notebook.protocol import Act
from worldkit.play import Position, Session
from worldkit.play.view import about, view
from worldkit.rules import lint
from worldkit.world import World

NASTY = "<img src=x onerror=alert(1)> \"quotes\" 'and' & \u202eback\u202c \N{HEDGEHOG}\nline two " + "long" * 30


def scene(session: Session, *acts: Act, blocked: bool = False) -> dict[str, object]:
    notices: list[dict[str, str]] = []
    for act in acts:
        notices = perform(session, act)
    opened = session.terminal
    found = lint(session.world).errors if blocked else ()
    made = view(session, notices=notices, terminal=spoken(opened) if opened else None, blocked=found)
    return {**made, "serial": 1, "driver": None, "about": about(session)}


def explored(name: str, steps: int, world: World | None = None) -> Session:
    """Take the last available offer each time, hidden ones when there is none."""
    session = Session(world or samples.load(name))
    for _ in range(steps):
        able = [o for o in [*session.offers, *session.hidden_offers] if o.available and o.kind != "terminal"]
        if not able:
            break
        fresh = [o for o in able if o.name not in session.trace.events]
        session.fire((fresh or able)[-1])
    return session


def reached(name: str, wanted: Callable[[Session], bool]) -> Session:
    """Walk a sample breadth-first to the first place that is wanted; its run is a shortest one."""
    world = samples.load(name)
    queue, seen = deque([Session(world)]), set[Position]()
    while queue:
        session = queue.popleft()
        if wanted(session):
            return session
        if session.position in seen:
            continue
        seen.add(session.position)
        for offer in [*session.offers, *session.hidden_offers]:
            if offer.available and offer.kind != "terminal":
                further = Session(world)
                for event in session.trace.events:
                    further.fire(event)
                further.fire(offer.name)
                queue.append(further)
    raise SystemExit(f"nothing in {name} is what was wanted")


def ends(kind: str) -> Callable[[Session], bool]:
    return lambda session: session.ended is not None and session.ended.kind == kind


def locks(session: Session) -> bool:
    return bool(session.hidden_offers) and any(not offer.available for offer in session.offers)


def console() -> Session:
    world = samples.load("archive")
    opener = next(e for e in world.events if e.kind == "terminal")
    return Session(world, at={"state": opener.from_[0], "flags": sorted(opener.requires or ())})


def hostile() -> World:
    return World.from_dict(
        {
            "name": NASTY,
            "scene": {
                "states": {NASTY: {"base": NASTY * 3, "narration": NASTY}, "b": {"base": ""}},
                "events": [
                    {"name": NASTY, "kind": "override", "from": [NASTY], "detail": NASTY, "grants": [NASTY, "k"]},
                    {
                        "name": "x",
                        "kind": "transition",
                        "from": [NASTY],
                        "to": "b",
                        "requires": ["z"],
                        "lockedHint": NASTY,
                    },
                ],
            },
        }
    )


def storm() -> World:
    """Every way in which something comes by itself, and an arrival that waits for the picture."""
    phases = [
        {"base": "Her gloved hand closes on the brass rail and the stair begins to turn beneath her.", "minMs": 3000},
        {"base": "Salt wind comes down the shaft; the lamp glass trembles above.", "minMs": 4000},
    ]
    climb = {"name": "climb_to_the_lamp", "kind": "transition", "from": ["stair"], "to": "lamp", "hotkey": "c"}
    climb |= {"phases": phases, "landWhen": {"label": "lamp", "aliases": ["lantern"], "hits": 3, "minExtent": 0.2}}
    events = [
        climb,
        {"name": "listen", "kind": "override", "from": ["stair"], "detail": "listen at the storm door", "hotkey": "l"},
        {"name": "bar_the_door", "kind": "override", "from": ["stair"], "requires": ["rope", "iron"]}
        | {"lockedHint": "something long and heavy would hold it"},
        {
            "name": "the_gust",
            "kind": "override",
            "from": ["stair"],
            "autoAfterMs": 12000,
            "hidden": True,
            "oneShot": True,
        }
        | {"narration": "The door slams wide and the candle goes out.", "grants": ["dark"]},
        {"name": "the_beam_sweeps", "kind": "transition", "from": ["stair"], "to": "lamp", "hidden": True}
        | {"landWhen": {"auto": True, "minLuminance": 200, "hits": 3}},
        {"name": "reach_the_gallery", "kind": "transition", "from": ["stair"], "to": "lamp", "requires": ["iron"]}
        | {"waypoint": {"label": "the gallery door", "distanceM": 120}, "hidden": True},
        {"name": "take_the_rope", "kind": "override", "from": ["stair"], "grants": ["rope"], "oneShot": True},
    ]
    stair = {"base": "An iron stair winds up the inside of the tower, wet and ringing with the storm outside."}
    stair |= {"narration": "Forty steps up; the storm keeps count.", "ambient": ["A gull screams once."]}
    stair |= {"variants": [{"label": "B", "base": "The same stair by moonlight."}]}
    missions = [
        {
            "id": "m",
            "title": "Keep the light",
            "complete": "lit",
            "objectives": [{"id": "rope", "text": "Take the rope"}, {"id": "lit", "text": "Light the lamp"}],
        }
    ]
    states = {"stair": stair, "lamp": {"base": "The lamp room, all glass.", "arriveLabel": "lamp"}}
    scene = {"states": states, "events": events}
    return World.from_dict(
        {"name": "Storm Watch", "entrance": {"state": "stair"}, "missions": missions, "scene": scene}
    )


def live(*acts: Act) -> Session:
    session = Session(storm(), mode="real-time")
    for act in acts:
        perform(session, act)
    return session


lighthouse = samples.load("lighthouse")
first = Session(lighthouse)
typed = console()
opener = next(o.name for o in [*typed.offers, *typed.hidden_offers] if o.kind == "terminal")
busy = (Act("fire", event="take_the_rope"), Act("wait", ms=3400), Act("grant", flag="iron"))
see = Act("observe", sample={"luminance": 40, "motion": 6})
climb = Act("fire", event="climb_to_the_lamp")
made = {
    "start": scene(first),
    "locked": scene(reached("lighthouse", locks)),
    "middle": scene(explored("lighthouse", 4)),
    "mission": scene(explored("delivery", 2)),
    "waited": scene(explored("lighthouse", 1), Act("wait", ms=5000)),
    "coming": scene(live(*busy), Act("wait", ms=2000, forward=True)),
    "phase": scene(live(*busy, see, climb), Act("wait", ms=4400)),
    "evidence": scene(
        live(*busy, see, climb, Act("wait", ms=8000)),
        Act("observe", sample={"labels": {"lamp": 0.4}}),
        Act("wait", ms=1400),
    ),
    "win": scene(reached("bench", ends("win"))),
    "lose": scene(reached("lighthouse", ends("lose"))),
    "console": scene(
        typed, Act("fire", event=opener), Act("ask", text="help"), Act("ask", text="who keeps the drawers")
    ),
    "long": scene(explored("archive", 40)),
    "blocked": scene(Session(samples.load("broken")), blocked=True),
    "hostile": scene(Session(hostile()), Act("fire", event=NASTY)),
}
sys.stdout.write(json.dumps(made, ensure_ascii=False))
