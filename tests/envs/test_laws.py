"""Laws of environments on random worlds (some with rule errors): masks, rollouts, observations, proofs, vectors."""

from __future__ import annotations

import copy
import pickle
import random
from collections import deque
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.play.worlds import playable
from worldkit import Position
from worldkit.envs.environment import WorldEnv
from worldkit.envs.game import Game, game_of
from worldkit.envs.observations import SymbolicObserver
from worldkit.envs.proof import UNREACHABLE_DISTANCE, Proof, prove
from worldkit.envs.vector import WorldVectorEnv
from worldkit.playing.machine import available_events, available_sequences, end_of_sequence, step
from worldkit.playing.transition_table import table_of

modest = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MAX_POSITIONS = 3000
seeds = st.integers(0, 2**32 - 1)


def legal(info: dict[str, Any]) -> list[int]:
    return np.flatnonzero(info["action_mask"]).tolist()


def pressable(session: wk.Session) -> set[str]:
    """Return the names that a player can press: available offers, and the trigger zones without a button."""
    zones = {action.name for zones in table_of(session.world).zones.values() for action in zones}
    hidden = {offer.name for offer in session.hidden_offers if offer.available and offer.name in zones}
    return {offer.name for offer in session.offers if offer.available} | hidden


@modest
@given(playable(), seeds)
def test_masks_equal_offers_and_rollouts_equal_sessions(world: wk.World, seed: int) -> None:
    dice, env = random.Random(seed), WorldEnv(world, most_positions=1)
    _, info = env.reset(seed=seed)
    for _ in range(12):
        actions = legal(info)
        if not table_of(world).shared_names:
            assert {env.actions[action] for action in actions if action < game_presses(env)} == pressable(env.session)
        assert env.position == env.session.position
        assert env.action_masks().tolist() == info["action_mask"].astype(bool).tolist()
        if not actions:
            break
        _, _, terminated, _, info = env.step(dice.choice(actions))
        assert terminated == (not legal(info)) and not info["illegal"]
    assert wk.replay(world, env.trace).position == env.position
    assert (info["ending"] != "") == env.session.over


def game_presses(env: WorldEnv) -> int:
    """Return how many of the actions press something: the others let time pass."""
    return len(env.actions) - 2 * bool(game_of(env.world).graph.timed_edges)


@modest
@given(playable(), seeds)
def test_the_same_actions_give_the_same_episode(world: wk.World, seed: int) -> None:
    def episode(observation: Any, number: int) -> list[str]:
        env, dice = WorldEnv(world, observation=observation, most_positions=1), random.Random(seed)
        steps = [repr(env.reset(seed=number))]
        steps += [repr(env.step(dice.randrange(env.action_space.n))) for _ in range(10)]
        return steps

    for observation in ("symbolic", "text"):
        assert episode(observation, 1) == episode(observation, 2)


@modest
@given(playable(), seeds)
def test_a_copy_goes_on_from_where_the_episode_stands(world: wk.World, seed: int) -> None:
    dice, env = random.Random(seed), WorldEnv(world, most_positions=1)
    env.reset(seed=seed)
    for _ in range(5):
        env.step(dice.randrange(env.action_space.n))
    actions = [dice.randrange(env.action_space.n) for _ in range(5)]
    copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
    trace = env.trace
    ahead = [repr(env.step(action)) for action in actions]
    for other in copies:
        assert other.trace == trace
        assert [repr(other.step(action)) for action in actions] == ahead
        assert other.np_random.random() == copy.deepcopy(env).np_random.random()


@modest
@given(playable(), seeds)
def test_observations_lie_in_their_space(world: wk.World, seed: int) -> None:
    for observation in ("symbolic", "text"):
        env, dice = WorldEnv(world, observation=observation, most_positions=1), random.Random(seed)
        value, info = env.reset()
        for _ in range(10):
            assert value in env.observation_space
            if actions := legal(info):
                value, _, _, _, info = env.step(dice.choice(actions))


@modest
@given(playable(), seeds)
def test_an_illegal_action_changes_nothing(world: wk.World, seed: int) -> None:
    dice, env = random.Random(seed), WorldEnv(world, most_positions=1, max_steps=None)
    before, info = env.reset()
    for _ in range(10):
        illegal = [action for action in range(env.action_space.n) if action not in legal(info)]
        if illegal:
            after, reward, _, truncated, info = env.step(dice.choice(illegal))
            assert repr(after) == repr(before) and reward == 0 and info["illegal"] and not truncated
        if actions := legal(info):
            before, _, _, _, info = env.step(dice.choice(actions))


def proof_of(world: wk.World) -> Proof:
    proof = prove(world, MAX_POSITIONS)
    assume(proof is not None)
    assert proof is not None
    return proof


@modest
@given(playable())
def test_no_two_points_look_the_same(world: wk.World) -> None:
    proof = proof_of(world)
    seer = SymbolicObserver(proof.game)
    assert len({repr(seer.see(point)) for point in proof.points}) == len(proof.points)


def distances(world: wk.World, kinds: tuple[str, ...]) -> dict[Position, int]:
    """Return the fewest presses from each position to an ending, by plain search with the stepper's own functions."""
    table = table_of(world)
    assert table.start is not None
    stack, before = [Position(table.start)], dict[Position, set[Position]]()
    positions = set(stack)
    while stack:
        here = stack.pop()
        before.setdefault(here, set())
        actions = [a for a in available_events(table, here) if not a.is_hidden or a.zone is not None]
        after = [step(here, action)[0] for action in actions]
        after += [end_of_sequence(table, here, walk) for walk in available_sequences(table, here)]
        for there in after:
            before.setdefault(there, set()).add(here)
            if there not in positions:
                positions.add(there)
                stack.append(there)
    ends = [here for here in positions if here.state in table.endings and table.endings[here.state].kind in kinds]
    steps, queue = dict.fromkeys(ends, 0), deque(ends)
    while queue:
        there = queue.popleft()
        for here in before[there]:
            if here not in steps:
                steps[here] = steps[there] + 1
                queue.append(here)
    return {here: steps.get(here, UNREACHABLE_DISTANCE) for here in positions}


@modest
@given(playable())
def test_distances_are_those_of_plain_search(world: wk.World) -> None:
    assume(not game_of(world).graph.timed_edges and not table_of(world).shared_names)
    proof = proof_of(world)
    to_win, to_ending = distances(world, ("win",)), distances(world, ("win", "lose"))
    positions = [proof.game.position(point) for point in proof.points]
    assert dict(zip(positions, proof.steps_to_win, strict=True)) == to_win
    assert dict(zip(positions, proof.steps_to_ending, strict=True)) == to_ending


@modest
@given(playable())
def test_the_shortest_play_wins_in_as_many_steps_as_was_proven(world: wk.World) -> None:
    proof_of(world)
    env = WorldEnv(world, max_steps=None, most_positions=MAX_POSITIONS)
    _, info = env.reset()
    promised, play = info["steps_to_win"], env.shortest_play()
    assert (play is None) == (promised == UNREACHABLE_DISTANCE)
    for action in play or []:
        info = env.step(action)[4]
    if play is not None:
        assert len(play) == promised and info["won"] and env.session.ended and env.session.ended.kind == "win"


@modest
@given(playable(), seeds)
def test_environments_that_step_together_play_as_single_ones(world: wk.World, seed: int) -> None:
    proof_of(world)
    options: dict[str, Any] = {"illegal_reward": -0.25, "max_steps": 4, "most_positions": MAX_POSITIONS}
    envs = WorldVectorEnv(world, 3, **options)
    singles = [WorldEnv(world, **options) for _ in range(3)]
    dice = random.Random(seed)
    observations, infos = envs.reset(seed=seed)
    own_results = [env.reset() for env in singles]
    is_over = [False] * 3
    for _ in range(12):
        for i, (own, info) in enumerate(own_results):
            assert all((observations[key][i] == value).all() for key, value in own.items())
            for key in ("won", "illegal", "soft_lock", "steps_to_win"):
                assert infos[key][i] == info[key]
            assert (infos["action_mask"][i] == info["action_mask"]).all()
        actions = np.array([dice.randrange(envs.single_action_space.n) for _ in range(3)])
        observations, rewards, terminated, truncated, infos = envs.step(actions)
        for i, env in enumerate(singles):
            if is_over[i]:
                own_results[i], outcome = env.reset(), (0.0, False, False)
            else:
                own, *results, info = env.step(int(actions[i]))
                own_results[i], outcome = (own, info), tuple(results)
            assert (rewards[i], terminated[i], truncated[i]) == outcome
            is_over[i] = terminated[i] or truncated[i]
        assert observations in envs.observation_space


@modest
@given(playable(), seeds)
def test_sampled_actions_are_legal(world: wk.World, seed: int) -> None:
    proof_of(world)
    envs = WorldVectorEnv(world, 5, most_positions=MAX_POSITIONS)
    _, infos = envs.reset(seed=seed)
    for _ in range(8):
        begins = ~infos["action_mask"].any(axis=1)
        _, _, _, _, infos = envs.step(envs.sample_legal(infos["action_mask"]))
        assert not (infos["illegal"] & ~begins).any()


@modest
@given(playable(), seeds)
def test_a_fingerprint_is_that_of_the_shape(world: wk.World, seed: int) -> None:
    proof = proof_of(world)
    assume(not game_of(world).graph.timed_edges and not table_of(world).shared_names)
    document = wk.World.to_dict(world)
    random.Random(seed).shuffle(document["scene"]["events"])
    for state in document["scene"]["states"].values():
        state["base"] = "Another text."
    other = prove(wk.World.from_dict(document), MAX_POSITIONS)
    assert other is not None and other.fingerprint == proof.fingerprint


@modest
@given(playable(), st.integers(0, 6))
def test_random_play_wins_as_often_as_listing_all_plays_says(world: wk.World, steps: int) -> None:
    proof = proof_of(world)
    game: Game = proof.game

    def wins(point: Any, steps: int) -> float:
        moves = game.moves(point)
        if not moves or not steps:
            return float(not moves and game.ending(point) == "win")
        return sum(wins(move.point, steps - 1) for move in moves.values()) / len(moves)

    assume(max(map(len, proof.rows)) ** steps < 20_000)
    assert abs(proof.random_wins(steps) - wins(game.start, steps)) < 1e-12
