"""What worldkit shows of very large worlds, and says of them in errors, is short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.core.brief import MAX_REPR_LENGTH, brief

STATE_COUNT = 10_000
IDS = [f"state_{number:05}" for number in range(STATE_COUNT)]
FLAGS = [f"flag_{number:05}" for number in range(2_000)]
LONG = "x" * 3_000


def large_document() -> dict[str, Any]:
    states: dict[str, Any] = {id: {"base": f"{id}.", "ending": None} for id in IDS}
    for number in range(0, STATE_COUNT, 3):
        states[IDS[number]]["ending"] = {"kind": "win", "title": f"End {number}"}
    for state in states.values():
        if state["ending"] is None:
            del state["ending"]
    states[IDS[1]]["variants"] = [{"label": f"variant {number}", "base": "Another."} for number in range(1_000)]
    moves = [
        {
            "name": f"go_{number:05}",
            "kind": "transition",
            "from": [IDS[number]],
            "to": IDS[number + 1],
            "base": "A step.",
        }
        for number in range(STATE_COUNT - 1)
    ]
    wide = {"kind": "override", "from": IDS, "base": "All of it."}
    events = [
        *moves,
        {"name": "wide", "requires": FLAGS, **wide},
        {"name": "grants", "grants": FLAGS, **wide},
        {"name": LONG, **wide},
    ]
    return {"id": "large", "name": LONG, "entrance": {"state": IDS[1]}, "scene": {"states": states, "events": events}}


@pytest.fixture(scope="module")
def large() -> wk.World:
    return wk.load(large_document())


@pytest.fixture(scope="module")
def edited(large: wk.World) -> wk.World:
    changes = [{"op": "update_state", "id": id, "patch": {"base": "New."}} for id in IDS[:3_000]]
    return large.apply([*changes, *({"op": "delete_event", "name": f"go_{number:05}"} for number in range(500))])


def campaign_of(count: int) -> dict[str, Any]:
    acts = [{"actId": f"act_{n}", "worldId": f"w{n}", "title": f"Act {n}", "canonical": True} for n in range(count)]
    return {"id": "saga", "title": LONG, "graph": {"start": "act_0", "acts": acts, "edges": []}}


def test_a_very_large_world_and_what_is_found_in_it_show_themselves_briefly(
    large: wk.World, edited: wk.World, tmp_path: Path
) -> None:
    session = wk.Session(large, flags=FLAGS)
    session.fire("grants")
    exploration = wk.explore(large)
    difference = wk.diff(large, edited)
    theirs = large.apply([{"op": "update_state", "id": id, "patch": {"base": "Other."}} for id in IDS[:3_000]])
    merge = wk.merge(large, edited, theirs)
    small = wk.samples.load("bench")
    campaign = wk.Campaign.from_dict(campaign_of(2_000))
    with wk.Store(tmp_path / "worlds.db") as store:
        stored = store.create(large)
        for number in range(100):
            store.snapshot(stored.id, f"Version {number}")
        shown = [stored, store.list(), store.versions(stored.id), store]
    shown += [
        *(large, large.scene, large.scene.events[STATE_COUNT - 1], large.states[IDS[1]], large.lint(), large.verify()),
        *(large.lint("studio"), large.portability(), session, session.position, session.trace, session.trace[0]),
        *(exploration, exploration.findings[0], exploration.cover(), difference, difference.events, difference.states),
        *(merge, merge.conflicts[0], wk.odds(large), campaign, campaign.lint()),
        wk.explore_campaign(campaign, {f"w{number}": small for number in range(2_000)}),
        wk.check(large, {f"property_{number}": wk.possible(IDS[1]) for number in range(300)}),
    ]
    lengths = {type(value).__name__: len(repr(value)) for value in shown}
    assert {name: length for name, length in lengths.items() if length > MAX_REPR_LENGTH} == {}


def test_print_shows_all_that_there_is_to_be_shown(large: wk.World) -> None:
    diagnostics = large.lint()
    assert len(repr(diagnostics)) <= MAX_REPR_LENGTH < len(str(diagnostics))
    assert repr(diagnostics).splitlines()[0] == str(diagnostics).splitlines()[0]
    assert repr(diagnostics).splitlines()[-1].endswith("more lines, which print() shows")


def test_print_cuts_nothing_that_is_inside_of_what_is_printed() -> None:
    variant = {"label": "night", "base": LONG}
    world = wk.load({"scene": {"states": {"lane": {"base": "A lane.", "variants": [variant]}}, "events": []}})
    step = wk.Session(wk.load(large_document())).fire("grants")
    trace = wk.Trace(start=wk.Position("lane"), seed=0, steps=(step,))
    for value, text in ((world.states["lane"], LONG), (world.scene, LONG), (trace, FLAGS[-1])):
        assert text in str(value) and text not in repr(value)
        assert len(repr(value)) <= MAX_REPR_LENGTH, "and what is shown after it is brief again"


def test_a_text_that_fits_is_shown_as_it_is_and_no_other_is_longer_than_that() -> None:
    assert brief("a\nb") == "a\nb" and brief("x" * MAX_REPR_LENGTH) == "x" * MAX_REPR_LENGTH
    for text in ("x" * 2_001, "\n" * 5_000, "\n".join(["x" * 900] * 3), "\n".join(map(str, range(10_000)))):
        assert len(brief(text)) <= MAX_REPR_LENGTH and brief(text) != text


ERRORS: dict[str, Callable[[wk.World], Any]] = {
    "an event that is not there": lambda world: wk.Session(world).fire("no such event"),
    "an event of a long name": lambda world: wk.Session(world).fire("y" * 5_000),
    "a locked event": lambda world: wk.Session(world).fire("wide"),
    "a state that is not there": lambda world: wk.Session(world, at="no such state"),
    "a position that is not there": lambda world: wk.Session(world, at=wk.Position("nowhere")),
    "a variant that is not there": lambda world: wk.Session(world).variant("no such variant"),
    "a topic that is not there": lambda world: wk.Session(world).on("nothing", print),
    "ten thousand wrong operations": lambda world: world.apply([{"op": "delete_event", "name": "none"}] * STATE_COUNT),
    "one wrong operation": lambda world: world.apply([{"op": "update_state", "id": LONG, "patch": {LONG: 1}}]),
    "a state in use": lambda world: world.apply([{"op": "delete_state", "id": IDS[1], "cascade": False}]),
    "wrong flags": lambda world: world.apply(
        [{"op": "update_event", "name": "wide", "patch": {"requires": [1] * 9_999}}]
    ),
    "a document with many mistakes": lambda world: wk.load({"scene": {"states": dict.fromkeys(IDS, 1), "events": []}}),
    "a property of an unknown state": lambda world: wk.check(world, {"p": wk.possible("no such state")}),
    "a route to an unknown state": lambda world: wk.explore(world).route_to("no such state"),
    "an unknown engine": lambda world: wk.explore(world, engine=LONG),
    "a trace of another world": lambda world: wk.replay(world, wk.Trace.from_json('{"a": 1}')),
    "a campaign without its worlds": lambda world: wk.CampaignSession(
        wk.Campaign.from_dict(campaign_of(2_000)), {f"other_{number}": world for number in range(2_000)}
    ),
    "what the operations of a server express": lambda world: wk.lower(
        world, world.apply([{"op": "update_state", "id": id, "patch": {"base": "New."}} for id in IDS[:500]])
    ),
    "what they do not": lambda world: wk.lower(world, wk.load({**world.to_dict(), **dict.fromkeys(FLAGS, 1)})),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_about_a_very_large_world_is_short(large: wk.World, name: str) -> None:
    try:
        text = repr(ERRORS[name](large))
    except (wk.WorldError, KeyError) as error:
        text = str(error)
    assert len(text) <= MAX_REPR_LENGTH, f"{len(text)}: {text[:300]}"


@pytest.mark.parametrize("make", [wk.Session, wk.envs.WorldEnv, wk.pacing, wk.quality])
def test_a_world_without_a_name_is_called_the_same_everywhere(make: Callable[[wk.World], object]) -> None:
    states = {"quay": {"base": "A quay.", "ending": {"kind": "win", "title": "Home"}}}
    assert "of 'Untitled world'" in repr(make(wk.World.from_dict({"scene": {"states": states, "events": []}})))
