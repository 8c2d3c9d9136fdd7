"""The odds of random play agree with simulated plays, and with what can be worked out by hand."""

from __future__ import annotations

import math
import os
import statistics
import threading
from typing import Any

import numpy as np
import pytest

import worldkit as wk
from tests.play.explore.small import small
from worldkit.exploration.budget import BudgetSpent
from worldkit.simulation import chain_odds, odds_result

WORLD_COUNT = int(os.environ.get("WORLDKIT_ODDS_WORLDS", "5"))
PLAY_COUNT = int(os.environ.get("WORLDKIT_ODDS_PLAYS", "6000"))
"""500 worlds and 1,000,000 plays each are the whole comparison."""

MAX_STEPS = 60
"""Worlds in which a play is longer on average are left out: simulating them takes too long."""


def usable(count: int) -> list[tuple[int, wk.World, wk.Odds]]:
    """Return so many random worlds in which plays end, differently, and their odds."""
    worlds: list[tuple[int, wk.World, wk.Odds]] = []
    seed = 0
    while len(worlds) < count:
        world = small(seed, namesakes=False)
        odds = wk.odds(world)
        chances = [chance.value for chance in odds.endings.values()]
        if odds.expected_steps <= MAX_STEPS and any(0 < chance < 1 for chance in chances):
            worlds.append((seed, world, odds))
        seed += 1
    return worlds


def deviations(odds: wk.Odds, playtest: wk.Playtest) -> list[float]:
    """Return by how many standard deviations the shares of endings and stuck plays differ from the odds."""
    shares = {share.state: share.share for share in playtest.pacing()}
    pairs = [(chance.value, shares.get(id, 0.0)) for id, chance in odds.endings.items()]
    pairs.append((odds.stuck, playtest.stuck / playtest.runs))
    distances = []
    for expected, share in pairs:
        assert (expected == 0) <= (share == 0)
        if 1e-12 < expected < 1 - 1e-12:
            distances.append(abs(share - expected) / math.sqrt(expected * (1 - expected) / playtest.runs))
    return distances


def test_odds_are_those_of_simulated_plays() -> None:
    distances: list[float] = []
    for seed, world, odds in usable(WORLD_COUNT):
        assert odds.residual < 1e-9
        assert odds.ended + odds.stuck == pytest.approx(1)
        playtest = wk.playtest(world, PLAY_COUNT, seed=seed, steps=100_000)
        distances += deviations(odds, playtest)
        assert playtest.total_steps / playtest.runs == pytest.approx(odds.expected_steps, rel=0.1)
    beyond = sum(deviation > 3 for deviation in distances)
    # of a thousand shares not more than three lie further out by chance alone
    assert beyond <= max(1, 0.006 * len(distances)), sorted(distances)[-10:]
    assert max(distances) < 5


def test_the_chance_of_an_event_is_the_share_of_plays_that_fire_it() -> None:
    world = wk.samples.load("lighthouse")
    odds = wk.odds(world)
    playtest = wk.playtest(world, 150, steps=5_000)
    event_sets = [set(playtest.trace(run).events) for run in range(150)]
    for name in ("light_the_lamp", "climb_the_ladder", "the_steamer_holds_her_course"):
        chance = odds.events[name].value
        share = sum(name in names for names in event_sets) / 150
        assert abs(share - chance) < 4 * math.sqrt(chance * (1 - chance) / 150) + 1e-9
    assert odds.firings["light_the_lamp"] == pytest.approx(odds.events["light_the_lamp"].value)  # it happens once


def test_the_expected_time_is_the_mean_of_simulated_plays() -> None:
    for name in ("lighthouse", "delivery"):
        world = wk.samples.load(name)
        playtest = wk.playtest(world, 300, steps=5_000)
        seconds = [playtest.seconds_of(run, playtest.choose_ms) for run in range(playtest.runs)]
        error = statistics.stdev(seconds) / math.sqrt(len(seconds))
        assert abs(statistics.mean(seconds) - wk.odds(world).expected_seconds) < 4 * error


def world_of(events: list[dict[str, object]], states: tuple[str, ...] = ("a", "b", "win", "lose")) -> wk.World:
    endings = {"win": {"kind": "win", "title": "W"}, "lose": {"kind": "lose", "title": "L"}}
    scene = {id: {"base": "x"} | ({"ending": endings[id]} if id in endings else {}) for id in states}
    return wk.World.from_dict({"entrance": {"state": "a"}, "scene": {"states": scene, "events": events}})


def move(name: str, source: str, target: str, **more: object) -> dict[str, object]:
    return {"name": name, "kind": "transition", "from": [source], "to": target, **more}


def test_odds_worked_out_by_hand() -> None:
    world = world_of([move("on", "a", "b"), move("out", "a", "lose"), move("back", "b", "a"), move("goal", "b", "win")])
    odds = wk.odds(world)
    # w = (1/2) (1/2 w + 1/2)
    assert odds.endings["win"].value == pytest.approx(1 / 3)
    assert odds.endings["lose"].value == pytest.approx(2 / 3)
    assert odds.expected_steps == pytest.approx(2)
    assert odds.events["on"].value == pytest.approx(1 / 2) and odds.firings["on"] == pytest.approx(2 / 3)
    chances_of_breaking = odds.broken(["never win", "possible: b", "b leads to win"])
    chances = {name: chance.value for name, chance in chances_of_breaking.items()}
    assert chances == pytest.approx({"never win": 1 / 3, 'possible: "b"': 1 / 2, '"b" leads to win': 1 / 6})
    weighted = wk.odds(world, {"on": 3})
    assert weighted.endings["win"].value == pytest.approx(3 / 5)
    assert odds.compare(weighted).rows[-1][0] in ("win", "lose")


def test_circles_without_a_way_out_and_dead_ends_are_told_apart() -> None:
    circle = wk.odds(world_of([move("go", "a", "b"), move("win", "a", "win"), move("stay", "b", "b")]))
    assert (circle.ended, circle.endless, circle.stuck) == (0.5, 0.5, 0.0) and math.isinf(circle.expected_steps)
    odds = wk.odds(world_of([move("go", "a", "b"), move("win", "a", "win")]))
    assert (odds.ended, odds.endless, odds.stuck, odds.expected_steps) == (0.5, 0.0, 0.5, 1.0)


def test_a_loop_that_is_hardly_ever_left_is_solved_without_losing_digits() -> None:
    world = world_of([move("on", "a", "b"), move("back", "b", "a"), move("goal", "b", "win"), move("out", "b", "lose")])
    odds = wk.odds(world, {"goal": 1e-9, "out": 2e-9})
    assert odds.endings["win"].value == pytest.approx(1 / 3, rel=1e-12)


def test_a_gate_costs_the_steps_taken_before_it() -> None:
    world = world_of(
        [
            {"name": "key", "kind": "override", "from": ["a"], "grants": ["k"], "oneShot": True},
            {"name": "look", "kind": "override", "from": ["a"]},
            move("door", "a", "win", requires=["k"]),
        ],
        ("a", "win"),
    )
    odds = wk.odds(world)
    assert odds.gates == {"door": pytest.approx(2)} and odds.expected_steps == pytest.approx(4)
    open_door = wk.odds(world.apply([{"op": "update_event", "name": "door", "patch": {"requires": []}}]))
    assert open_door.expected_steps < odds.expected_steps


def test_a_chain_that_does_not_fit_is_simulated_and_says_so() -> None:
    world = wk.samples.load("lighthouse")
    exact, sampled = wk.odds(world), wk.odds(world, budget=wk.Budget(memory=100_000))
    assert exact.exact and not sampled.exact and "simulated" in repr(sampled)
    for id, chance in sampled.endings.items():
        assert chance.low < chance.high and abs(chance.value - exact.endings[id].value) < 0.02
    with pytest.raises(wk.WorldError, match="firings"):
        sampled.events["light_the_lamp"]


def ladder(rungs: int) -> wk.World:
    """Return a world in which every step up may be one back to the beginning: 2**rungs steps to the end and more."""
    states = {f"s{number}": {"base": "A rung."} for number in range(rungs)}
    states["end"] = {"base": "The top.", "ending": {"kind": "win", "title": "UP"}}
    up = [
        {"name": f"up{number}", "kind": "transition", "from": [f"s{number}"], "to": f"s{number + 1}"}
        for number in range(rungs - 1)
    ]
    last = {"name": "last", "kind": "transition", "from": [f"s{rungs - 1}"], "to": "end"}
    rest = [f"s{number}" for number in range(1, rungs)]
    back = {"name": "back", "kind": "transition", "from": rest, "to": "s0"}
    return wk.World.from_dict({"entrance": {"state": "s0"}, "scene": {"states": states, "events": [*up, last, back]}})


def test_the_odds_of_very_long_plays_are_exact_and_can_be_read() -> None:
    odds = wk.odds(ladder(60))
    assert odds.exact and odds.ended == 1.0
    assert odds.expected_steps == pytest.approx(1.5 * 2**60, rel=1e-6)
    assert "1.73e+18 steps, 1.44e+15 h on average" in repr(odds)
    assert "1.73e+18" in repr(odds.compare(odds))


def test_an_ending_that_is_called_like_an_average_is_compared_as_a_chance() -> None:
    states = {"a": {"base": "x"}, "steps": {"base": "x", "ending": {"kind": "win", "title": "t"}}}
    go = {"name": "go", "kind": "transition", "from": ["a"], "to": "steps"}
    odds = wk.odds(wk.World.from_dict({"entrance": {"state": "a"}, "scene": {"states": states, "events": [go]}}))
    rows = [line.split() for line in repr(odds.compare(odds)).splitlines()]
    assert rows[1] == ["steps", "1.0", "->", "1.0"]
    assert rows[3] == ["steps", "100", "%", "->", "100", "%"]


def test_plays_that_are_too_long_for_floating_point_numbers_are_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_odds, "RUNS", 5)
    rare = wk.WeightedPolicy({"up1": 1e-160, "last": 1e-160})
    for odds in (wk.odds(ladder(3), rare), wk.odds(ladder(3), wk.WeightedPolicy({"last": 1e-210}))):
        assert not odds.exact and odds.endless == 1.0
        with pytest.raises(wk.WorldError, match="too many steps"):
            odds.broken("never end")


def test_the_chance_of_an_event_that_is_not_worked_out_in_time_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spend(*arguments: object) -> float:
        raise BudgetSpent("the time is up")

    monkeypatch.setattr(odds_result, "firing_probability", spend)
    with pytest.raises(wk.WorldError, match='the odds of "up1" were not computed in time'):
        wk.odds(ladder(3)).events["up1"]


@pytest.mark.parametrize("weight", [1e308, 10**400, -1, float("nan"), float("inf"), True, "2"])
def test_a_weight_of_which_no_sum_is_finite_or_that_is_no_number_is_refused(weight: Any) -> None:
    for make in (
        lambda: wk.WeightedPolicy({"left": weight}),
        lambda: wk.WeightedPolicy({}, {"a": {"left": weight}}),
        lambda: wk.WeightedPolicy({}, {"a": {"left": 1}}, weight),
    ):
        with pytest.raises(wk.WorldError, match=r"expected the weight of .* a number from 0 to 1e300"):
            make()


def test_weights_may_be_numbers_of_numpy_and_stay_as_they_were_given() -> None:
    weights = {"up1": np.float32(0.5), "back": np.int64(2)}
    policy = wk.WeightedPolicy(weights)
    weights["up1"] = np.float32(7)
    assert policy == wk.WeightedPolicy({"up1": 0.5, "back": 2})
    assert wk.odds(ladder(3), policy).exact


def test_a_player_who_does_nothing_is_stuck_whether_odds_are_exact_or_simulated() -> None:
    idle = wk.WeightedPolicy({"up1": 0, "back": 0})
    exact, simulated = (wk.odds(ladder(3), idle, budget=budget) for budget in (wk.Budget(), wk.Budget(memory=1)))
    assert exact.exact and not simulated.exact
    for odds in (exact, simulated):
        assert (odds.ended, odds.stuck, odds.endless) == (0.0, 1.0, 0.0)


def test_a_negative_time_to_choose_is_refused() -> None:
    with pytest.raises(wk.WrongArgument, match="choose_ms"):
        wk.odds(ladder(3), choose_ms=-1)


def test_a_policy_fitted_from_plays_plays_like_them() -> None:
    world = wk.samples.load("lighthouse")
    runs = [wk.explore(world).route_to("two_cups")] * 200
    policy = wk.fit_policy([run for run in runs if run is not None], smoothing=0.01)
    assert wk.odds(world, policy).endings["two_cups"].value > 5 * wk.odds(world).endings["two_cups"].value
    playtest = wk.playtest(world, 2_000, policy, steps=5_000)
    assert max(deviations(wk.odds(world, policy), playtest)) < 4


@pytest.mark.parametrize("name", ["lighthouse", "delivery"])
def test_combined_properties_of_the_file_are_left_out_and_named(name: str) -> None:
    world = wk.samples.load(name)
    odds = wk.odds(world)
    chances = odds.broken()
    assert chances and chances.omitted and {*chances, *chances.omitted} == {*world.properties}
    assert chances.omitted[0] in repr(chances)
    simple = next(iter(chances))
    assert odds.broken({simple: world.properties[simple]}) == {simple: chances[simple]}
    with pytest.raises(wk.WorldError, match="combined"):
        odds.broken({name: world.properties[name] for name in chances.omitted})


def test_the_chance_that_a_property_is_broken_is_the_share_of_plays_that_break_it() -> None:
    world = wk.samples.load("lighthouse")
    chances = wk.odds(world).broken(["never on_the_teeth", "no ending within 20 steps", "holding wound before lose"])
    playtest = wk.playtest(world, 150, steps=5_000)
    counts = [0, 0, 0]
    for run in range(150):
        trace = playtest.trace(run)
        counts[0] += trace[-1].state == "on_the_teeth"
        counts[1] += len(trace) <= 20
        counts[2] += trace[-1].state in ("under_the_tide", "on_the_teeth") and "wind_the_clockwork" not in trace.events
    for count, chance in zip(counts, chances.values(), strict=True):
        assert abs(count / 150 - chance.value) < 4 * math.sqrt(chance.value * (1 - chance.value) / 150)


def test_plays_in_place_of_a_chain_take_no_longer_than_the_budget_says_and_the_odds_say_so() -> None:
    world = wk.samples.load("lighthouse")
    whole = wk.odds(world, budget=wk.Budget(memory=1))
    assert not whole.exact and not whole.stopped_early and whole.positions == 20_000
    late = wk.odds(world, budget=wk.Budget(memory=1, seconds=1e-6))
    assert 1 <= late.positions < 20_000 and late.stopped_early
    assert "stopped early" in str(late) and "stopped early" not in str(whole)


def test_odds_can_be_cancelled_as_an_exploration_can() -> None:
    event = threading.Event()
    event.set()
    for cancel in (event, lambda: True):
        odds = wk.odds(wk.samples.load("lighthouse"), budget=wk.Budget(memory=1), cancel=cancel)
        assert 1 <= odds.positions < 20_000 and odds.stopped_early
        assert set(odds.endings) and 0 <= odds.ended <= 1


def test_the_policy_of_odds_is_one_of_playtests() -> None:
    [(_, world, odds)] = usable(1)
    weights = wk.WeightedPolicy(dict.fromkeys(list(world.events_by_name)[::2], 3))
    for each in (odds, wk.odds(world, weights)):
        playtest = wk.playtest(world, PLAY_COUNT, each.policy, steps=10_000)
        assert max(deviations(each, playtest)) < 5
