"""Laws of playtests, on random worlds (some with rule errors): counts, runs, seeds and what can be reached."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.play.worlds import playable
from worldkit import Playtest, Position, Session, World, playtest, replay
from worldkit.playing.machine import available_events, available_sequences, end_of_sequence, reached_beats, step
from worldkit.playing.transition_table import table_of
from worldkit.simulation import View
from worldkit.simulation.policies import SimPlayer
from worldkit.simulation.sim_graph import SimGraph
from worldkit.simulation.walker import Walker

modest = settings(max_examples=30, deadline=None)
few = settings(max_examples=15, deadline=None)
policies = st.sampled_from(["uniform", "novelty", "last"])


def last(view: View) -> str | None:
    """Take the last thing offered, or stop now and then."""
    return None if view.rng.random() < 0.1 else view.offers[-1].name


def play(world: World, policy: Any, runs: int = 8, **options: Any) -> Playtest:
    return playtest(world, runs, last if policy == "last" else policy, steps=10, **options)


def all_reachable(world: World) -> tuple[set[str], set[str]]:
    """Return the states and events of every position there is, by plain enumeration."""
    table = table_of(world)
    assert table.start is not None
    states, events = {table.start}, set()
    todo = [Position(table.start)]
    visited = set(todo)
    while todo:
        position = todo.pop()
        after = []
        for action in available_events(table, position):
            events.add(action.name)
            after.append(step(position, action)[0])
        for walk in available_sequences(table, position):
            states |= {beat.state for beat in reached_beats(table, walk)}
            after.append(end_of_sequence(table, position, walk))
        for successor in after:
            states.add(successor.state)
            if successor not in visited:
                visited.add(successor)
                todo.append(successor)
    return states, events


@modest
@given(playable(), policies, st.integers(-5, 5))
def test_counts_add_up_to_the_runs(world: World, policy: str, seed: int) -> None:
    result = play(world, policy, seed=seed)
    traces = [result.trace(run) for run in range(result.runs)]
    firings = Counter(step.event for trace in traces for step in trace)
    assert {k: n for k, n in {**result.event_hits, **result.sequence_hits}.items() if n} == firings
    visits = Counter(state for trace in traces for state in trace.states)
    assert {id: n for id, n in result.state_hits.items() if n} == visits
    assert result.total_steps == firings.total() == sum(map(len, traces))
    assert sum(result.outcomes.values()) == result.runs == 8
    assert sum(ending.runs for ending in result.endings_by_share) == result.ended
    assert sum(result.stuck_in.values()) == result.stuck
    assert sum(result.out_of_steps_in.values()) == result.out_of_steps
    choices = result.choices()
    assert sum(choice.taken for choice in choices) == result.total_steps
    assert all(choice.taken <= choice.offered for choice in choices)


@modest
@given(playable(), policies, st.integers(-5, 5))
def test_every_run_replays_in_a_session_and_ends_as_it_says(world: World, policy: str, seed: int) -> None:
    result = play(world, policy, seed=seed)
    endings = table_of(world).endings
    for run in range(result.runs):
        trace = result.trace(run)
        session = replay(world, trace)
        assert session.trace == trace
        tally = result.tally
        assert session.clock == tally.clocks[run]
        assert session.state == list(result.state_hits)[tally.ends[run]]
        assert sum(step.by != "player" for step in trace) == tally.waits[run]
        assert (tally.outcomes[run] == 0) == (session.state in endings)
        if tally.outcomes[run] == 1:
            assert not any(offer.available for offer in session.offers)
            assert session.wait(2**40) == ()
            assert session.travel(2**40) == ()


@modest
@given(playable(), st.integers(-5, 5))
def test_the_quick_way_plays_what_the_way_through_a_player_plays(world: World, seed: int) -> None:
    class Asked(SimPlayer):
        """The same player, but not known as the one at random."""

    start = Session(world).position
    quick, one_by_one = (Walker(SimGraph(world, start), player, seed, 10) for player in (SimPlayer(), Asked()))
    for walker in (quick, one_by_one):
        walker.play(0, 8)
    one, two = quick.result(), one_by_one.result()
    assert (one.take_counts, one.offer_counts, one.first) == (two.take_counts, two.offer_counts, two.first)
    assert (one.steps, one.waits, one.clocks) == (two.steps, two.waits, two.clocks)
    assert (one.ends, one.outcomes) == (two.ends, two.outcomes)


@modest
@given(playable(), policies)
def test_a_player_is_offered_exactly_what_a_session_offers_and_what_time_brings(world: World, policy: str) -> None:
    result = play(world, policy, 4)
    for run in range(result.runs):
        views: list[tuple[Position, tuple[str, ...]]] = []

        def watching(view: View, views: list[tuple[Position, tuple[str, ...]]] = views) -> str:
            views.append((view.position, tuple(offer.name for offer in view.offers if offer.by == "player")))
            return view.offers[int(view.rng.random() * len(view.offers))].name

        playtest(world, 1, watching, steps=6, seed=run)
        for position, names in views:
            session = Session(world, at=position)
            buttons = {offer.name for offer in session.offers if offer.available}
            zones = {
                action.name
                for action in available_events(table_of(world), position)
                if action.is_hidden and action.zone is not None
            }
            assert set(names) == buttons | zones
            assert len(names) == len(set(names))


def without_seconds(result: Playtest) -> Any:
    return {name: value for name, value in result.to_dict().items() if name != "seconds"}


@few
@given(playable(), policies, st.integers())
def test_the_same_seed_gives_the_same_result(world: World, policy: str, seed: int) -> None:
    assert without_seconds(play(world, policy, seed=seed)) == without_seconds(play(world, policy, seed=seed))


class Here:
    """An executor that works at once, where it is asked."""

    class Done:
        def __init__(self, value: Any) -> None:
            self.value = value

        def result(self) -> Any:
            return self.value

        def cancel(self) -> bool:
            return False

    def submit(self, function: Any, /, *arguments: Any) -> Done:
        return self.Done(function(*arguments))


@few
@given(playable(), policies, st.integers(1, 150))
def test_an_executor_gives_the_same_result(world: World, policy: str, runs: int) -> None:
    alone, spread = play(world, policy, runs), play(world, policy, runs, executor=Here())
    assert without_seconds(alone) == without_seconds(spread)
    assert alone.tally.first == spread.tally.first
    assert alone.tally.steps == spread.tally.steps


@modest
@given(playable(), policies)
def test_nothing_is_seen_that_cannot_be_reached(world: World, policy: str) -> None:
    result = play(world, policy)
    states, events = all_reachable(world)
    assert result.states <= states
    assert result.events <= events - result.code_only
    assert result.endings <= states & set(table_of(world).endings)


@modest
@given(playable(), policies)
def test_the_first_run_that_got_there_is_the_first_and_its_trace_stops_there(world: World, policy: str) -> None:
    result = play(world, policy)
    traces = [result.trace(run) for run in range(result.runs)]
    for name in [*result.event_hits, *result.sequence_hits]:
        runs = [run for run, trace in enumerate(traces) if name in trace.events]
        assert result.first_run(name, "event") == (runs[0] if runs else None)
        trace = result.first(name, "event")
        if trace is None:
            assert not runs
        else:
            assert trace.steps == traces[runs[0]].steps[: traces[runs[0]].events.index(name) + 1]
    for id in result.state_hits:
        runs = [run for run, trace in enumerate(traces) if id in trace.states]
        assert result.first_run(id, "state") == (runs[0] if runs else None)
        trace = result.first(id, "state")
        if trace is not None:
            assert id in trace.states
            assert len(trace) == 0 or trace.steps == traces[runs[0]].steps[: len(trace)]
            assert id not in trace.states[: -1 - len(trace[-1].through)] if len(trace) else True


@few
@given(playable())
def test_forgetting_sets_of_choices_loses_no_count(world: World) -> None:
    from worldkit.simulation import sim_graph

    with pytest.MonkeyPatch.context() as patch:
        whole = play(world, "uniform")
        patch.setattr(sim_graph, "MAX_CACHED_CHOICES", 15)
        assert without_seconds(play(world, "uniform")) == without_seconds(whole)


@few
@given(playable(), st.integers(0, 3))
def test_a_trace_played_as_a_script_gives_that_trace(world: World, run: int) -> None:
    trace = play(world, "uniform", 4).trace(run)
    again = playtest(world, policy=trace, steps=20)
    assert again.runs == 1
    assert again.trace(0).steps == trace.steps
