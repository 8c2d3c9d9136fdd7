"""What holds of every campaign and every run of it, and what exploring one says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from tests.play.campaigns import (
    MOVES,
    PLAIN,
    ROUND,
    WORLDS,
    begun,
    edge_of,
    play_on,
    saga_of,
    sagas,
)
from tests.play.worlds import playable, played
from worldkit import Campaign, World
from worldkit.campaigns import CampaignSession, explore_campaign, replay_campaign
from worldkit.campaigns.document import next_edge
from worldkit.core.errors import WorldError
from worldkit.playing import Position

Json = dict[str, Any]


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_a_run_replays_to_the_same_position_and_the_same_record(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begun(saga)
    if session is not None:
        play_on(session, moves)
        again = replay_campaign(*saga, session.trace.to_json())
        assert (again.position, again.trace, again.trail) == (session.position, session.trace, session.trail)
        assert (again.over, again.offers, again.exit) == (session.over, session.offers, session.exit)


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_undoing_everything_gives_back_the_beginning(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begun(saga)
    if session is not None:
        first = (session.position, session.trace, session.offers)
        play_on(session, moves)
        while session.can_undo:
            session.undo()
        assert (session.position, session.trace, session.offers) == first


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_acts_begin_with_no_more_than_was_held_and_nothing_used(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begun(saga)
    if session is not None:
        segments = play_on(session, moves).trace.segments
        for before, after in pairwise(segments):
            assert before.edge is not None
            edge = session.campaign.edges[before.edge]
            held = before.trace.start.flags.union(*(step.granted for step in before.trace))
            assert edge.requires_flag is None or edge.requires_flag in held
            assert after.trace.start.flags == held & set(edge.carry_flags or ())
            assert not after.trace.start.used


@settings(max_examples=30, deadline=None)
@given(playable(), MOVES)
def test_a_campaign_of_one_act_without_edges_plays_as_its_world_does(
    world: World, moves: list[tuple[str, int]]
) -> None:
    session = CampaignSession(saga_of(acts=("one",)), {"w-one": world})
    alone = played(world, [move for move in moves if move[0] != "undo"])
    play_on(session, [move for move in moves if move[0] != "undo"])
    assert session.trace.segments[0].trace == alone.trace
    assert (session.offers, session.clock, session.line) == (alone.offers, alone.clock, alone.line)


# ---- every run at once ---------------------------------------------------------------------------


def test_exploring_says_which_acts_and_edges_can_be_reached_and_holding_what() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}, carryFlags=["key"]),
        edge_of("two", "gate", None, requiresFlag="key"),
        edge_of("one", "gate", {"actId": "three"}, "deviation", requiresFlag="sword"),
        acts=("one", "two", "three"),
    )
    found = explore_campaign(campaign, WORLDS)
    assert found.complete and (found.acts, found.unreachable_acts) == ({"one", "two"}, {"three"})
    assert (found.edges, found.dead_edges) == ({0, 1}, {2})
    assert found.entries["two"] == {Position("lane"), Position("lane", frozenset({"key"}))}
    assert found.ends == {("two", "gate")}
    assert "unreachable acts: 'three'" in repr(found)


def test_a_shortest_run_into_an_act_is_played() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}, requiresFlag="key", carryFlags=["key"]),
        edge_of("two", "lane", {"actId": "three"}, requiresFlag="key"),
        edge_of("three", "gate", {"actId": "one"}, "loop"),
        acts=("one", "two", "three"),
    )
    found = explore_campaign(campaign, WORLDS)
    route = found.route_to("three")
    assert route is not None and (route.events, route.acts) == (("take", "go"), ("one", "two", "three"))
    start = found.route_to("one")
    assert start is not None and len(start) == 0 and found.route_to("nine") is None


def test_a_search_that_is_cut_short_claims_nothing_unreachable() -> None:
    found = explore_campaign(PLAIN, WORLDS, nodes=1)
    assert not found.complete and not found.unreachable_acts and not found.dead_edges
    assert "cut short" in repr(found)


def test_standing_where_a_landing_leaves_the_story_is_searched_too() -> None:
    world = World.from_dict(
        {
            "scene": {
                "states": {"lane": {"base": "A lane."}, "gate": {"base": "A gate."}, "yard": {"base": "A yard."}},
                "events": [
                    {"name": "go", "kind": "transition", "from": ["lane"], "to": "gate"},
                    {"name": "rush", "kind": "transition", "from": ["lane"], "to": "gate", "grants": ["key"]},
                    {"name": "find", "kind": "override", "from": ["gate"], "grants": ["key"]},
                    {"name": "on", "kind": "transition", "from": ["gate"], "to": "yard", "requires": ["key"]},
                ],
            }
        }
    )
    campaign = saga_of(edge_of("one", "gate", None, requiresFlag="key"), edge_of("one", "yard", {"actId": "two"}))
    found = explore_campaign(campaign, {**WORLDS, "w-one": world})
    assert found.edges == {0, 1} and "two" in found.acts


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_whatever_a_run_does_exploring_has_seen(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begun(saga)
    if session is None:
        with pytest.raises(WorldError, match=ROUND):
            explore_campaign(*saga)
        return
    found = explore_campaign(*saga, nodes=20_000)
    play_on(session, moves)
    if found.complete:
        segments = session.trace.segments
        assert set(session.acts) <= found.acts
        assert {segment.edge for segment in segments} - {None} <= found.edges
        for segment in segments:
            starts = {entry.state for entry in found.entries[segment.act]}
            assert segment.trace.start.state in starts
        if session.over:
            assert (session.act, session.state) in found.ends
    for act in found.acts:
        route = found.route_to(act)
        assert route is None or act in route.acts


@settings(max_examples=30, deadline=None)
@given(sagas())
def test_leaving_out_what_cannot_matter_changes_no_answer(saga: tuple[Campaign, dict[str, World]]) -> None:
    names = [[event.name for event in world.events] for world in saga[1].values()]
    if begun(saga) is None or any(len(set(of_one)) < len(of_one) for of_one in names):
        return
    found = explore_campaign(*saga, nodes=20_000)
    plain = _plainly(*saga)
    if found.complete and plain is not None:
        assert (found.acts, found.edges, found.ends) == plain


def _plainly(campaign: Campaign, worlds: dict[str, World]) -> tuple[set[str], set[int], set[tuple[str, str]]] | None:
    """Search by playing: every position whole, every offer fired; None when there are too many positions."""
    first = CampaignSession(campaign, worlds)
    acts, edges, ends = set[str](), set[int](), set[tuple[str, str]]()
    seen = {first.position}
    waiting = [first]
    while waiting:
        here = waiting.pop()
        acts |= set(here.acts)
        edges |= {segment.edge for segment in here.trace.segments if segment.edge is not None}
        if here.over:
            ends.add((here.act, here.state))
            continue
        for name in dict.fromkeys(o.name for o in here.offers + here.hidden_offers if o.available):
            there = CampaignSession(campaign, worlds, at=here.position) if _stays(campaign, here) else None
            if there is None:
                there = replay_campaign(campaign, worlds, here.trace)
            try:
                there.fire(name)
            except WorldError:
                continue
            acts |= set(there.acts)
            edges |= {segment.edge for segment in there.trace.segments if segment.edge is not None}
            if there.exit is not None:
                ends.add((there.act, there.state))
            elif there.position not in seen:
                if len(seen) > 150:
                    return None
                seen.add(there.position)
                waiting.append(there)
    return acts, edges, ends


def _stays(campaign: Campaign, session: CampaignSession) -> bool:
    return next_edge(campaign, session.act, session.state, session.flags) is None
