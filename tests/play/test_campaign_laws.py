"""What holds of every campaign and every run of it, and what exploring one says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings

from tests.play.campaigns import (
    MOVES,
    PLAIN,
    WIN,
    WORLDS,
    begin,
    edge_of,
    lanes,
    play_on,
    saga_of,
    sagas,
)
from tests.play.worlds import play_inputs, playable
from worldkit import Campaign, CampaignPosition, CampaignSession, Position, World, explore_campaign, replay_campaign
from worldkit.campaigns import CampaignRules
from worldkit.campaigns.campaign_rules import CAMPAIGN_RULES

Json = dict[str, Any]


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_a_run_replays_to_the_same_position_and_the_same_record(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = play_on(begin(saga), moves)
    again = replay_campaign(*saga, session.trace.to_json())
    assert (again.position, again.trace, again.trail) == (session.position, session.trace, session.trail)
    assert (again.over, again.offers, again.complete) == (session.over, session.offers, session.complete)


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_undoing_everything_gives_back_the_beginning(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    session = begin(saga)
    first = (session.position, session.trace, session.offers)
    play_on(session, moves)
    while session.can_undo:
        session.undo()
    assert (session.position, session.trace, session.offers) == first


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_acts_begin_with_exactly_what_the_edge_lists_or_as_they_began_and_nothing_used(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    segments = play_on(begin(saga), moves).trace.segments
    for before, after in pairwise(segments):
        if before.rewound:
            assert (after.act, after.trace.start) == (before.act, before.trace.start)
            continue
        assert before.edge is not None
        edge = saga[0].edges[before.edge]
        flags = before.trace.start.flags.union(*(step.granted for step in before.trace))
        assert edge.requires_flag is None or edge.requires_flag in flags
        assert after.trace.start.flags == set(edge.carry_flags or ())
        assert not after.trace.start.used
        assert before.trace.steps[-1].state not in (before.trace.start.state, _world(saga, before.act).start)


def _world(saga: tuple[Campaign, dict[str, World]], act: str) -> World:
    return saga[1][saga[0].acts_by_id[act].world_id]


@settings(max_examples=30, deadline=None)
@given(playable(), MOVES)
def test_a_campaign_of_one_act_without_edges_plays_as_its_world_does(
    world: World, moves: list[tuple[str, int]]
) -> None:
    session = CampaignSession(saga_of(acts=("one",)), {"w-one": world})
    alone = play_inputs(world, [move for move in moves if move[0] != "undo"])
    play_on(session, [move for move in moves if move[0] != "undo"])
    if session.dead_ends == 0:  # a world alone has no dead ends that lead back
        assert session.trace.segments[0].trace == alone.trace
        assert (session.offers, session.clock, session.line) == (alone.offers, alone.clock, alone.line)


# ---- every run at once ---------------------------------------------------------------------------


def test_exploring_says_which_acts_and_edges_can_be_reached_and_holding_what() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}, carryFlags=["key"]),
        edge_of("one", "lane", {"actId": "three"}, "deviation"),
        edge_of("one", "gate", {"actId": "three"}, "deviation", requiresFlag="sword"),
        acts=("one", "two", "three"),
    )
    exploration = explore_campaign(campaign, WORLDS)
    assert exploration.complete and (exploration.acts, exploration.unreachable_acts) == ({"one", "two"}, {"three"})
    assert (exploration.edges, exploration.dead_edges) == ({0}, {1, 2})
    assert exploration.entries["two"] == {Position("lane")}
    assert (exploration.ends, exploration.soft_locks) == ({("two", "gate")}, frozenset())
    assert "unreachable acts: 'three'" in repr(exploration)
    assert "the story can be completed in: 'two: gate'" in repr(exploration)
    end = exploration.route_to_end()
    assert end is not None and (end.events, end.acts) == (("go", "go"), ("one", "two"))


def test_a_shortest_run_into_an_act_is_played() -> None:
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}, requiresFlag="key", carryFlags=["key"]),
        edge_of("two", "gate", {"actId": "three"}, requiresFlag="key"),
        edge_of("three", "gate", {"actId": "one"}, "loop"),
        acts=("one", "two", "three"),
    )
    exploration = explore_campaign(campaign, WORLDS)
    route = exploration.route_to("three")
    assert route is not None and (route.events, route.acts) == (("take", "go", "go"), ("one", "two", "three"))
    start = exploration.route_to("one")
    assert start is not None and len(start) == 0 and exploration.route_to("nine") is None
    assert exploration.ends == frozenset() and exploration.route_to_end() is None
    assert {act for act, _ in exploration.soft_locks} == {"one", "two", "three"}


def test_a_search_that_is_cut_short_claims_nothing_unreachable() -> None:
    exploration = explore_campaign(PLAIN, WORLDS, nodes=1)
    assert not exploration.complete and not exploration.unreachable_acts and not exploration.dead_edges
    assert "cut short" in repr(exploration)


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES)
def test_whatever_a_run_does_exploring_has_seen(
    saga: tuple[Campaign, dict[str, World]], moves: list[tuple[str, int]]
) -> None:
    exploration = explore_campaign(*saga, nodes=20_000)
    session = play_on(begin(saga), moves)
    if exploration.complete:
        segments = session.trace.segments
        assert set(session.acts) <= exploration.acts
        assert {segment.edge for segment in segments} - {None} <= exploration.edges
        for segment in segments:
            starts = {entry.state for entry in exploration.entries[segment.act]}
            assert segment.trace.start.state in starts
        if session.complete:
            assert (session.act, session.state) in exploration.ends
        for segment in segments:
            if segment.rewound:
                assert (segment.act, segment.trace.steps[-1].state) in exploration.dead_ends
    end = exploration.route_to_end()
    assert end is None or replay_campaign(*saga, end).complete
    for act in exploration.acts:
        route = exploration.route_to(act)
        assert route is None or act in route.acts


@settings(max_examples=30, deadline=None)
@given(sagas())
def test_leaving_out_what_cannot_matter_changes_no_answer(saga: tuple[Campaign, dict[str, World]]) -> None:
    names = [[event.name for event in world.events] for world in saga[1].values()]
    if any(len(set(of_one)) < len(of_one) for of_one in names):
        return
    exploration = explore_campaign(*saga, nodes=20_000)
    plain = _plainly(*saga)
    if exploration.complete and plain is not None:
        assert (exploration.acts, exploration.edges, exploration.ends, exploration.dead_ends) == plain


Plain = tuple[set[str], set[int], set[tuple[str, str]], set[tuple[str, str]]]


def _plainly(campaign: Campaign, worlds: dict[str, World]) -> Plain | None:
    """Search by playing: every position whole, every offer fired; None when there are too many positions."""
    first = CampaignSession(campaign, worlds)
    acts, edges, ends, dead_ends = set[str](), set[int](), set[tuple[str, str]](), set[tuple[str, str]]()
    visited = {first.position}
    waiting = [first]
    while waiting:
        here = waiting.pop()
        acts |= set(here.acts)
        if here.over:
            (ends if here.complete else dead_ends).add((here.act, here.state))
            continue
        for name in dict.fromkeys(o.name for o in here.offers + here.hidden_offers if o.available):
            there = CampaignSession(campaign, worlds, at=here.position)
            there.fire(name)
            acts |= set(there.acts)
            for segment in there.trace.segments:
                edges |= set() if segment.edge is None else {segment.edge}
                dead_ends |= {(segment.act, segment.trace.steps[-1].state)} if segment.rewound else set()
            if there.position not in visited:
                if len(visited) > 150:
                    return None
                visited.add(there.position)
                waiting.append(there)
    return acts, edges, ends, dead_ends


# ---- lint and exploration hold each other --------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(sagas())
def test_what_lint_says_of_a_campaign_agrees_with_every_run_of_it(saga: tuple[Campaign, dict[str, World]]) -> None:
    campaign, worlds = saga
    findings = campaign.lint(worlds)
    ids_by_rule = {rule: {finding.item.id for finding in findings if finding.lint == rule} for rule in CAMPAIGN_RULES}
    exploration = explore_campaign(campaign, worlds, nodes=20_000)
    assert not exploration.acts & ids_by_rule["unreachable-act"]
    assert not exploration.edges & {
        int(id) for id in ids_by_rule["exit-state-exists"] if _exit_is_missing(campaign, worlds, id)
    }
    for number, edge in enumerate(campaign.edges):
        if edge.kind != "loop" or edge.to is None:
            continue
        flags = set(edge.carry_flags or ())
        granted_flags = {
            other.requires_flag
            for other in campaign.edges
            if other.from_.act_id == edge.to.act_id and other.requires_flag in flags
        }
        # the gate that lint asks for stands open in whatever the loop leads to, and no other does
        assert (str(number) in ids_by_rule["loop-terminates"]) == (not granted_flags)
        if number in exploration.edges:
            trace = _run_over(campaign, worlds, number)
            assert trace is None or trace >= granted_flags


@settings(max_examples=40, deadline=None)
@given(sagas())
def test_a_story_that_golden_edges_alone_can_complete_has_a_golden_thread(
    saga: tuple[Campaign, dict[str, World]],
) -> None:
    document = saga[0].to_dict()
    document["edges"] = [edge for edge in document["edges"] if edge["kind"] == "golden"]
    golden = Campaign.from_dict(document)
    leaving = {edge.from_.act_id for edge in golden.edges}
    exploration = explore_campaign(golden, saga[1], nodes=20_000)
    if any(act not in leaving for act, _ in exploration.ends):
        assert all(finding.lint != "golden-thread" for finding in golden.lint(saga[1]))


def _exit_is_missing(campaign: Campaign, worlds: dict[str, World], number: str) -> bool:
    edge = campaign.edges[int(number)]
    return edge.from_.state not in worlds[f"w-{edge.from_.act_id}"].states


def _run_over(campaign: Campaign, worlds: dict[str, World], number: int) -> frozenset[str] | None:
    """Return the flags with which an edge lets its act begin, by taking it from a position just before it."""
    edge = campaign.edges[number]
    required_flags = {flag for other in campaign.edges for flag in (other.requires_flag,) if flag is not None}
    here = CampaignPosition(
        edge.from_.act_id, Position(edge.from_.state, frozenset(required_flags)), Position("elsewhere")
    )
    transition = CampaignRules(campaign, worlds).transition(here)
    if transition is None or transition.number != number or transition.to is None:
        return None
    return transition.to.position.flags


# ---- three acts, a loop and flags that are carried -----------------------------------------------


def three_acts() -> tuple[Campaign, dict[str, World]]:
    """Return a story that can only be completed by going round its loop once: the loop grants the oil."""
    campaign = saga_of(
        edge_of("one", "gate", {"actId": "two"}, carryFlags=["map"]),
        edge_of("two", "gate", {"actId": "three"}, requiresFlag="oil", carryFlags=["oil", "map"]),
        edge_of("two", "gate", {"actId": "two"}, "loop", carryFlags=["oil"], label="Go back for the oil"),
        acts=("one", "two", "three"),
    )
    return campaign, {"w-one": lanes("w-one"), "w-two": lanes("w-two"), "w-three": lanes("w-three", ending=WIN)}


def test_three_acts_with_a_loop_are_played_to_their_end_by_exploration() -> None:
    campaign, worlds = three_acts()
    assert [finding for finding in campaign.lint(worlds) if finding.severity == "error"] == []
    exploration = explore_campaign(campaign, worlds)
    assert exploration.complete and (exploration.acts, exploration.edges) == ({"one", "two", "three"}, {0, 1, 2})
    assert (exploration.ends, exploration.soft_locks) == ({("three", "gate")}, frozenset())
    route = exploration.route_to_end()
    assert route is not None and route.acts == ("one", "two", "two", "three")
    assert replay_campaign(campaign, worlds, route).complete


def test_three_acts_with_a_loop_are_played_to_their_end_by_hand() -> None:
    session = CampaignSession(*three_acts())
    session.fire("go")
    assert (session.act, session.flags) == ("two", {"map"})
    session.fire("take")
    session.fire("go")
    assert (session.act, session.flags, session.used) == ("two", {"oil"}, frozenset())
    session.fire("go")
    assert (session.act, session.flags) == ("three", {"oil", "map"})
    session.fire("go")
    assert session.complete and session.acts == ("one", "two", "two", "three")


def test_a_loop_that_carries_nothing_is_found_by_lint_and_never_ends() -> None:
    campaign, worlds = three_acts()
    document = campaign.to_dict()
    document["edges"][2]["carryFlags"] = ["rope"]
    endless = Campaign.from_dict(document)
    assert [finding.lint for finding in endless.lint(worlds)] == ["loop-terminates"]
    exploration = explore_campaign(endless, worlds)
    assert exploration.complete and exploration.ends == frozenset()
    assert exploration.soft_locks >= {("one", "lane"), ("two", "lane")}
