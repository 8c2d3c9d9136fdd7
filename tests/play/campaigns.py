"""Campaigns to play: one written down, and any number drawn at random."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.play.worlds import playable
from worldkit import Campaign, CampaignSession, World

Json = dict[str, Any]


def lanes(id: str, **gate: Any) -> World:
    """Return a lane, a gate one walks to and back from, and what time does there."""
    return World.from_dict(
        {
            "id": id,
            "entrance": {"state": "lane"},
            "scene": {
                "states": {
                    "lane": {"base": "A lane.", "narration": f"The lane of {id}."},
                    "gate": {"base": "A gate.", **gate},
                },
                "events": [
                    {"name": "go", "kind": "transition", "from": ["lane"], "to": "gate", "minPlayMs": 10},
                    {"name": "take", "kind": "override", "from": ["lane"], "grants": ["key", "dust"], "oneShot": True},
                    {"name": "drift", "kind": "transition", "from": ["lane"], "to": "gate", "autoAfterMs": 1000},
                    {"name": "back", "kind": "transition", "from": ["gate"], "to": "lane"},
                ],
            },
        }
    )


def edge_of(start: str, state: str, to: Json | None, kind: str = "golden", **fields: Any) -> Json:
    return {"from": {"actId": start, "state": state}, "to": to, "kind": kind, **fields}


def saga_of(*edges: Json, acts: tuple[str, ...] = ("one", "two"), start: str = "one") -> Campaign:
    act_records = [{"actId": id, "worldId": f"w-{id}", "title": id.upper(), "canonical": True} for id in acts]
    return Campaign.from_dict({"id": "saga", "start": start, "acts": act_records, "edges": list(edges)})


WIN = {"kind": "win", "title": "Out"}
WORLDS = {"w-one": lanes("w-one"), "w-two": lanes("w-two", ending=WIN), "w-three": lanes("w-three")}
PLAIN = saga_of(edge_of("one", "gate", {"actId": "two"}, carryFlags=["key"]))


def there_and_back() -> CampaignSession:
    session = CampaignSession(PLAIN, WORLDS)
    session.fire("take")
    session.wait(40)
    session.fire("go")
    return session


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["fire", "fire", "fire", "wait", "travel", "undo", "jump", "restart"]), st.integers(0, 1500)
    ),
    max_size=12,
)


@st.composite
def sagas(draw: st.DrawFn) -> tuple[Campaign, dict[str, World]]:
    """Return campaigns of up to three acts on worlds of every shape, with edges from and to any of their states."""
    acts = ["one", "two", "three"][: draw(st.integers(1, 3))]
    worlds = {f"w-{act}": draw(playable()) for act in acts}
    edges = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.sampled_from(acts))
        to: Json | None = None
        if draw(st.integers(0, 3)):
            to = {"actId": draw(st.sampled_from(acts))}
            if draw(st.booleans()):
                to["entrance"] = draw(st.sampled_from([*worlds[f"w-{to['actId']}"].states, "nowhere at all"]))
        edge = edge_of(
            start,
            draw(st.sampled_from([*worlds[f"w-{start}"].states])),
            to,
            draw(st.sampled_from(["golden", "deviation", "recombine", "loop"])),
            carryFlags=draw(st.lists(st.sampled_from(["key", "lamp", "oil"]), max_size=3)),
        )
        if draw(st.booleans()):
            edge["requiresFlag"] = draw(st.sampled_from(["key", "lamp"]))
        edges.append(edge)
    return saga_of(*edges, acts=tuple(acts)), worlds


def play_on(session: CampaignSession, moves: list[tuple[str, int]]) -> CampaignSession:
    for what, number in moves:
        can = [o.name for o in session.offers + session.hidden_offers if o.available]
        match what:
            case "fire" if can:
                session.fire(can[number % len(can)])
            case "wait":
                session.wait(number)
            case "travel":
                session.travel(number)
            case "undo" if session.can_undo:
                session.undo()
            case "jump":
                session.jump(number % len(session.trail))
            case "restart":
                session.restart()
    return session


def begin(saga: tuple[Campaign, dict[str, World]]) -> CampaignSession:
    return CampaignSession(*saga, seed=3)
