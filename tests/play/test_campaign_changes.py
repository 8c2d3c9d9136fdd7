"""Campaigns whose worlds are changed while they are played: the next act follows from the world as it is then."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.campaigns import PLAIN, WIN, WORLDS, begin, edge_of, lanes, play_on, saga_of, sagas
from worldkit import Campaign, CampaignSession, World, WorldError, replay_campaign

Json = dict[str, Any]

PIT = [
    {"op": "add_state", "id": "pit", "base": "A pit."},
    {"op": "add_event", "name": "fall", "kind": "transition", "from": ["lane"], "to": "pit"},
]
CLIMB = {"op": "add_event", "name": "climb", "kind": "transition", "from": ["pit"], "to": "lane"}


def again(session: CampaignSession, worlds: dict[str, World] = WORLDS) -> CampaignSession:
    return replay_campaign(session.campaign, worlds, session.trace.to_json())


def test_a_state_that_apply_adds_can_be_entered_and_left() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.apply([*PIT, CLIMB])
    session.fire("fall")
    assert (session.act, session.state, session.dead_ends) == ("one", "pit", 0)
    session.fire("climb")
    assert (again(session).position, again(session).trace) == (session.position, session.trace)
    assert session.undo(3).trace == CampaignSession(PLAIN, WORLDS).trace


def test_an_edge_leaves_from_a_state_that_was_renamed() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    session.fire("go")
    assert (session.act, session.flags) == ("two", {"key"})
    assert (again(session).position, again(session).trace) == (session.position, session.trace)
    session.undo()
    assert (session.act, session.state, list(session.world.states)) == ("one", "lane", ["lane", "arch"])


def test_an_edge_does_not_leave_from_a_new_state_under_the_old_name() -> None:
    session = CampaignSession(PLAIN, WORLDS)
    session.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    session.apply(
        [
            {"op": "add_state", "id": "gate", "base": "Another gate."},
            {"op": "add_event", "name": "turn", "kind": "transition", "from": ["lane"], "to": "gate"},
            {"op": "add_event", "name": "return", "kind": "transition", "from": ["gate"], "to": "lane"},
        ]
    )
    assert session.fire("turn").state == session.state == "gate"
    session.fire("return")
    session.fire("go")
    assert session.act == "two"


def test_an_edge_requires_a_flag_that_was_renamed() -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "two"}, requiresFlag="key"))
    session = CampaignSession(campaign, WORLDS)
    session.apply([{"op": "rename_flag", "from": "key", "to": "iron key"}])
    session.fire("take")
    assert session.flags == {"iron key", "dust"}
    session.fire("go")
    assert session.act == "two" and again(session).position == session.position


def test_edges_are_not_checked_where_the_act_began_whatever_that_is_called() -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "two"}))
    session = CampaignSession(campaign, WORLDS, at={"act": "one", "state": "gate"})
    session.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    session.fire("back")
    session.fire("go")
    assert (session.act, session.state) == ("one", "arch")


def test_a_dead_end_with_a_new_way_out_is_none() -> None:
    worlds = {**WORLDS, "w-one": WORLDS["w-one"].apply(PIT)}
    session = CampaignSession(PLAIN, worlds)
    assert session.fire("fall").state == "pit" and (session.state, session.dead_ends) == ("lane", 1)
    session.undo().apply([CLIMB])
    session.fire("fall")
    assert (session.state, session.dead_ends) == ("pit", 0)
    assert again(session, worlds).position == session.position


def test_an_ending_that_apply_sets_counts() -> None:
    worlds = {**WORLDS, "w-one": WORLDS["w-one"].apply(PIT)}
    session = CampaignSession(PLAIN, worlds)
    session.apply([{"op": "set_state_ending", "state": "pit", "kind": "win", "title": "Down"}])
    session.fire("fall")
    assert (session.state, session.complete, session.over, session.dead_ends) == ("pit", True, True, 0)
    assert again(session, worlds).complete
    session.undo(2).fire("fall")
    assert (session.state, session.complete, session.dead_ends) == ("lane", False, 1)


def test_an_act_that_begins_again_has_its_first_world() -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "one"}, "loop"), acts=("one",))
    session = CampaignSession(campaign, WORLDS)
    session.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    session.fire("go")
    session.fire("go")
    assert session.acts == ("one", "one", "one") and list(session.world.states) == ["lane", "gate"]


# ---- any campaign and any change -----------------------------------------------------------------

CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *["fire"] * 4,
                "wait",
                "undo",
                "jump",
                *["rename state"] * 2,
                "rename event",
                "rename flag",
                "change",
                "change",
            ]
        ),
        st.integers(0, 1500),
    ),
    min_size=4,
    max_size=14,
)


@st.composite
def walks(draw: st.DrawFn) -> tuple[Campaign, dict[str, World]]:
    """Return campaigns in which a step or two lead to the next act, or to a dead end."""
    acts = ["one", "two"]
    worlds = {f"w-{act}": lanes(f"w-{act}").apply(PIT) for act in acts}
    edges = [
        edge_of(
            act,
            draw(st.sampled_from(["gate", "gate", "lane"])),
            {"actId": draw(st.sampled_from(acts))},
            carryFlags=draw(st.sampled_from([[], ["key"]])),
            **draw(st.sampled_from([{}, {"requiresFlag": "key"}])),
        )
        for act in [*acts, "one"]
    ]
    return saga_of(*edges, acts=tuple(acts)), worlds


def renaming(world: World, what: str, number: int, name: str) -> list[Json]:
    """Return operations that rename something of a world; none where it has nothing to rename."""
    names = [event.name for event in world.events]
    match what:
        case "rename state":
            return [{"op": "rename_state", "from": list(world.states)[number % len(world.states)], "to": name}]
        case "rename event":
            unique = [each for each in names if names.count(each) == 1]
            return [{"op": "rename_event", "from": unique[number % len(unique)], "to": name}] if unique else []
    flags = sorted({flag for event in world.events for flag in (*(event.grants or ()), *(event.requires or ()))})
    return [{"op": "rename_flag", "from": flags[number % len(flags)], "to": name}] if flags else []


def change(world: World, number: int) -> list[Json]:
    """Return operations that change what can be done in a world."""
    states, name = list(world.states), f"new {number}"
    state = states[number % len(states)]
    return [
        [{"op": "set_state_ending", "state": state, "kind": ["win", "lose"][number % 2], "title": "Over"}],
        [{"op": "delete_state", "id": state}],
        [{"op": "delete_event", "name": world.events[number % len(world.events)].name}] if world.events else [],
        [
            {"op": "add_state", "id": name, "base": "A new place."},
            {"op": "add_event", "name": f"to {name}", "kind": "transition", "from": [state], "to": name},
            {"op": "add_event", "name": f"from {name}", "kind": "transition", "from": [name], "to": state},
        ],
    ][number % 4]


def apply_or_not(session: CampaignSession, ops: list[Json]) -> None:
    """Apply operations, unless they would take away the state that the player is in."""
    with suppress(WorldError):
        session.apply(ops)


@settings(max_examples=60, deadline=None)
@given(st.one_of(walks(), walks(), sagas()), CHANGES)
def test_undo_and_replay_go_through_a_run_whose_worlds_are_changed(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begin(saga)
    points = [(session.position, session.trace, session.trail, session.world)]
    for at, (what, number) in enumerate(moves):
        depth = session.undo_depth
        if what == "change":
            apply_or_not(session, change(session.world, number))
        elif what.startswith("rename"):
            apply_or_not(session, renaming(session.world, what, number, f"{what} {at}"))
        else:
            play_on(session, [(what, number)])
        point = (session.position, session.trace, session.trail, session.world)
        if session.undo_depth > depth:
            points.append(point)
        elif session.undo_depth < depth:
            points.pop()
        assert point == points[-1]
        replayed = replay_campaign(*saga, session.trace.to_json())
        assert (replayed.position, replayed.trace, replayed.trail) == (session.position, session.trace, session.trail)
        assert (replayed.over, replayed.complete, replayed.world) == (session.over, session.complete, session.world)
    while session.can_undo:
        session.undo()
        points.pop()
        assert (session.position, session.trace, session.trail, session.world) == points[-1]
    assert len(points) == 1


@settings(max_examples=60, deadline=None)
@given(st.one_of(walks(), walks(), sagas()), CHANGES)
def test_renaming_what_is_in_a_world_leads_to_the_same_acts(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session, plain = begin(saga), begin(saga)
    for at, (what, number) in enumerate(moves):
        if what.startswith("rename"):
            session.apply(renaming(session.world, what, number, f"{what} {at}"))
            plain.apply([])
        elif what != "change":
            play_on(session, [(what, number)])
            play_on(plain, [(what, number)])
        assert [segment.edge for segment in session.trace.segments] == [s.edge for s in plain.trace.segments]
        assert (session.acts, session.dead_ends, session.clock) == (plain.acts, plain.dead_ends, plain.clock)
        assert (session.complete, session.over) == (plain.complete, plain.over)


def test_a_handler_changes_the_act_that_began() -> None:
    campaign = saga_of(edge_of("one", "gate", {"actId": "two"}), edge_of("two", "gate", {"actId": "three"}))
    campaign = Campaign.from_dict(
        {**saga_of(acts=("one", "two", "three")).to_dict(), "edges": campaign.to_dict()["edges"]}
    )
    worlds = {**WORLDS, "w-two": lanes("w-two"), "w-three": lanes("w-three", ending=WIN)}
    session = CampaignSession(campaign, worlds)
    session.on(
        "act", lambda event: session.apply([{"op": "rename_state", "from": "gate", "to": f"gate of {event.act}"}])
    )
    for _ in range(3):
        session.fire("go")
    assert session.complete and session.acts == ("one", "two", "three") and session.state == "gate of three"
    assert again(session, worlds).position == session.position
