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
from worldkit.play.view import view
from worldkit.rules import lint
from worldkit.world import World

NASTY = "<img src=x onerror=alert(1)> \"quotes\" 'and' & \u202eback\u202c \N{HEDGEHOG}\nline two " + "long" * 30


def scene(session: Session, *acts: Act, blocked: bool = False) -> dict[str, object]:
    notices: list[dict[str, str]] = []
    for act in acts:
        notices = perform(session, act)
    opened = session.terminal
    found = lint(session.world).errors if blocked else ()
    return view(session, notices=notices, terminal=spoken(opened) if opened else None, blocked=found)


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


lighthouse = samples.load("lighthouse")
first = Session(lighthouse)
typed = console()
opener = next(o.name for o in [*typed.offers, *typed.hidden_offers] if o.kind == "terminal")
made = {
    "start": scene(first),
    "locked": scene(reached("lighthouse", locks)),
    "middle": scene(explored("lighthouse", 4)),
    "mission": scene(explored("delivery", 2)),
    "waited": scene(explored("lighthouse", 1), Act("wait", ms=5000)),
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
