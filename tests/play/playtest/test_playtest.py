"""What a playtest says of small worlds one can follow by hand, of hostile ones, and how it is stopped."""

from __future__ import annotations

import base64
import json
import pickle
import random
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import worldkit as wk
from worldkit import World, WorldError
from worldkit.exploration.budget import Cancelled
from worldkit.simulation import Choice, View


def move(name: str, a: str | list[str], b: str | None = None, **more: Any) -> dict[str, Any]:
    event = {"name": name, "kind": "override" if b is None else "transition", "from": [a] if isinstance(a, str) else a}
    return {**event, **({} if b is None else {"to": b}), **more}


def world(states: str, *events: dict[str, Any], **more: Any) -> World:
    """Return a world; a state with a star is a win, one with a minus a loss."""
    bodies: dict[str, Any] = {}
    for word in states.split():
        ending = {"*": "win", "-": "lose"}.get(word[-1])
        bodies[word.rstrip("*-")] = {"base": word, **({"ending": {"kind": ending, "title": word}} if ending else {})}
    return World.from_dict({"schemaVersion": "1.0", "scene": {"states": bodies, "events": list(events)}, **more})


FORK = world("a b* c- d", move("left", "a", "b"), move("right", "a", "c"), move("down", "a", "d"))


def test_a_uniform_player_takes_three_roads_a_third_of_the_time_each() -> None:
    result = wk.playtest(FORK, seed=3)
    assert result.runs == 10_000 == result.ended + result.stuck
    assert set(result.stuck_in) == {"d"}
    for ending in result.endings_by_share:
        assert ending.low < 1 / 3 < ending.high
        assert ending.low < ending.share < ending.high
    assert [choice.offered for choice in result.choices("a")] == [10_000] * 3
    assert sum(choice.share for choice in result.choices("a")) == pytest.approx(1)
    assert "66 % reached an ending (2 of 2 endings)" in result.verdict or "67 %" in result.verdict


def test_different_seeds_and_different_runs_differ() -> None:
    results = [wk.playtest(FORK, 50, seed=seed) for seed in (-2, -1, 0, 1, 2)]
    assert len({tuple(result.tally.ends) for result in results}) == 5


def test_a_player_does_not_know_what_only_code_can_fire() -> None:
    w = world("a b*", move("secret", "a", "b", hidden=True))
    result = wk.playtest(w, 10)
    assert result.stuck == 10
    assert result.code_only == {"secret"}
    assert wk.playtest(w, policy=["secret"]).ended == 1


def test_a_hidden_zone_can_be_walked_into() -> None:
    w = world("a b*", move("zone", "a", "b", hidden=True, landWhen={"maxMotion": 12, "auto": True}))
    assert wk.playtest(w, 10).ended == 10


def test_waiting_lets_the_timer_that_is_due_first_fire_and_not_another() -> None:
    w = world(
        "a b* c-",
        move("late", "a", "c", hidden=True, autoAfterMs=5000),
        move("soon", "a", "b", hidden=True, autoAfterMs=2000, minPlayMs=500),
    )
    result = wk.playtest(w, 20)
    assert result.event_hits == {"late": 0, "soon": 20}
    (step,) = result.trace(0)
    assert (step.event, step.by, step.at, step.until) == ("soon", "timer", 2000, 2500)
    assert [(choice.name, choice.by, choice.offered) for choice in result.choices("a")] == [
        ("late", "timer", 0),
        ("soon", "timer", 20),
    ]


def test_a_waypoint_is_reached_by_holding_forward_unless_a_timer_is_due_before() -> None:
    walk = {"label": "gate", "distanceM": 30, "speedMs": 10}
    slow = move("chime", "a", hidden=True, autoAfterMs=1000)
    w = world("a b*", move("gate", "a", "b", hidden=True, waypoint=walk), slow)
    (first, second) = wk.playtest(w, policy=lambda view: view.offers[-1].name, runs=1).trace(0)
    assert (first.event, first.by, first.at) == ("chime", "timer", 1000)
    assert (second.event, second.by, second.at, second.held) == ("gate", "waypoint", 4000, 3000)


def test_seconds_count_what_plays_what_is_waited_for_and_the_time_to_choose() -> None:
    w = world("a b c*", move("go", "a", "b", minPlayMs=2000), move("on", "b", "c", hidden=True, autoAfterMs=1500))
    result = wk.playtest(w, 5, choose_ms=4000)
    (ending,) = result.endings_by_share
    assert ending.seconds is not None and ending.seconds.median == 2.0 + 1.5 + 4.0
    (quick,) = result.pacing(choose_ms=0)
    assert quick.seconds is not None and quick.seconds.median == 3.5
    assert ending.steps is not None and ending.steps.median == 2


def test_an_ending_on_the_last_step_is_an_ending() -> None:
    line = world("a b c*", move("one", "a", "b"), move("two", "b", "c"))
    assert wk.playtest(line, 3, steps=2).ended == 3
    assert wk.playtest(line, 3, steps=1).out_of_steps == 3


def test_a_walk_shows_the_states_it_passes_and_counts_as_one_step() -> None:
    beats = [{"state": "a"}, {"state": "b", "dwell": {"ms": 400}}, {"state": "c"}]
    w = world("a b c*", sequences=[{"id": "tour", "title": "Tour", "beats": beats}])
    result = wk.playtest(w, 7)
    assert result.state_hits == {"a": 7, "b": 7, "c": 7}
    assert result.sequence_hits == {"sequence:tour": 7}
    assert result.event_hits == {}
    assert len(result.trace(0)) == 1
    assert result.first("b", "state") == result.trace(0)


def test_a_name_two_events_share_is_offered_once_and_fires_what_a_session_fires() -> None:
    w = world("a b* c-", move("go", "a", "c", requires=["never"]), move("go", "a", "b"), move("go", "a", "c"))
    result = wk.playtest(w, 10)
    assert result.endings == {"b"}
    assert [choice.offered for choice in result.choices("a")] == [10, 0]


def test_novelty_goes_round_before_it_repeats() -> None:
    hub = world("a", *[move(f"look {i}", "a") for i in range(30)])
    assert len(wk.playtest(hub, 1, "novelty", steps=30).events) == 30
    assert len(wk.playtest(hub, 1, "uniform", steps=30).events) < 30


def maze(seed: int) -> World:
    rng = random.Random(seed)
    events = [
        move(f"m{i}", f"s{rng.randrange(20)}", f"s{rng.randrange(20)}", **({"requires": ["k"]} if i % 4 == 0 else {}))
        for i in range(70)
    ]
    events.append(move("take", "s3", grants=["k"]))
    return world(" ".join(f"s{i}" for i in range(20)), *events)


def test_novelty_covers_at_least_as_much_as_chance_in_the_mean() -> None:
    def count_covered(policy: str) -> int:
        return sum(len(wk.playtest(maze(i), 20, policy, steps=25, seed=i).events) for i in range(20))

    assert count_covered("novelty") > count_covered("uniform")


def test_any_run_of_novelty_can_be_played_again() -> None:
    result = wk.playtest(maze(1), 300, "novelty", steps=15)
    firings: Counter[str] = Counter()
    for run in reversed(range(result.runs)):
        firings.update(result.trace(run).events)
    assert firings == {name: count for name, count in result.event_hits.items() if count}


# ---- scripts -------------------------------------------------------------------------------------


def test_a_list_is_played_once_and_says_where_it_was_refused() -> None:
    w = world("a b c*", move("one", "a", "b"), move("two", "b", "c", requires=["key"]))
    assert wk.playtest(w, policy=["one"]).outcomes["stopped"] == 0
    result = wk.playtest(w, policy=["one", "two"])
    assert (result.runs, result.outcomes["refused"]) == (1, 1)
    assert result.refusals == {("b", "'two' cannot be fired: missing flags: ['key']"): 1}
    assert wk.playtest(FORK, policy=["left"], runs=5).ended == 5


def test_habits_hold_where_they_can_and_chance_decides_elsewhere() -> None:
    result = wk.playtest(FORK, 100, {"a": "right"})
    assert result.event_hits == {"left": 0, "right": 100, "down": 0}
    w = world("a b* c", move("once", "a", oneShot=True), move("go", "a", ["b", "c"][0]), move("off", "a", "c"))
    assert wk.playtest(w, 300, {"a": "once"}).event_hits["once"] == 300


def test_a_function_sees_where_it_is_and_what_it_can_do() -> None:
    views: list[tuple[str, frozenset[str], int, tuple[Choice, ...]]] = []

    def policy(view: View) -> Choice:
        views.append((view.state, view.flags, view.step, view.offers))
        return view.offers[0]

    w = world("a b*", move("take_key", "a", grants=["key"], oneShot=True), move("go", "a", "b", requires=["key"]))
    assert wk.playtest(w, 1, policy).ended == 1
    take = Choice("take_key", "take key", "override", "player", "a")
    go = Choice("go", "go", "transition", "player", "b")
    assert views == [("a", frozenset(), 0, (take,)), ("a", frozenset({"key"}), 1, (go,))]


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("greedy", 'policy: expected "uniform", "novelty", a function'),
        (7, "policy: expected"),
        (["left", "nope"], "no such event"),
        ({"nope": "left"}, "no such state"),
        ({"a": "nope"}, "no such event"),
        (lambda view: 3, "a policy returns"),
    ],
)
def test_what_is_no_policy_is_refused(policy: Any, message: str) -> None:
    with pytest.raises(WorldError, match=message):
        wk.playtest(FORK, 2, policy)


def test_an_exploration_of_other_plays_is_refused() -> None:
    other = world("a b*", move("left", "a", "b"))
    with pytest.raises(wk.WrongArgument, match=r"exploration: .* one of another world"):
        wk.playtest(FORK, 5, exploration=wk.explore(other))
    with pytest.raises(wk.WrongArgument, match=r"exploration: .* begins elsewhere"):
        wk.playtest(FORK, 5, exploration=wk.explore(FORK, at=wk.Position("b")))
    again = World.from_dict(FORK.to_dict())
    assert wk.playtest(FORK, 5, exploration=wk.explore(again)).coverage["endings"].reachable == 2


def test_a_trace_with_changes_by_hand_is_no_policy() -> None:
    session = wk.Session(FORK)
    session.grant("key")
    session.fire("left")
    with pytest.raises(WorldError, match=r"changes by hand, such as \"author:grant\".*worldkit\.replay"):
        wk.playtest(FORK, policy=session.trace)


def test_a_trace_that_fired_a_timer_by_hand_does_not_wait_for_it() -> None:
    w = world("a b*", move("secret", "a", "b", hidden=True, autoAfterMs=5000))
    session = wk.Session(w)
    session.fire("secret")
    (step,) = wk.playtest(w, policy=session.trace).trace(0)
    assert (step.event, step.by, step.at) == ("secret", "player", 0)
    waiting = wk.Session(w)
    waiting.wait(5000)
    (step,) = wk.playtest(w, policy=waiting.trace).trace(0)
    assert (step.event, step.by, step.at) == ("secret", "timer", 5000)


def test_a_script_that_is_different_every_time_is_found_out() -> None:
    turns = iter(["left", "right", "down", "left", "left", "left"])
    result = wk.playtest(FORK, 3, lambda view: next(turns))
    with pytest.raises(WorldError, match="came out differently"):
        result.trace(1)


@pytest.mark.parametrize(
    "wrong", [{"runs": 0}, {"runs": 1.5}, {"steps": 0}, {"steps": True}, {"choose_ms": -1}, {"runs": -3}]
)
def test_impossible_numbers_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        wk.playtest(FORK, **wrong)


def test_a_negative_time_to_choose_is_refused_before_anything_is_played() -> None:
    with pytest.raises(wk.WrongArgument, match="choose_ms"):
        wk.playtest(FORK, 10, lambda view: pytest.fail("a run was played"), choose_ms=-1)
    result = wk.playtest(FORK, 3)
    for ask in (lambda: result.pacing(-1), lambda: result.seconds_of(0, -1)):
        with pytest.raises(wk.WrongArgument, match="choose_ms"):
            ask()


def test_numbers_of_numpy_play_as_plain_ones() -> None:
    result = wk.playtest(FORK, np.int64(20), seed=np.int64(3), steps=np.int32(5), choose_ms=np.float32(2000))
    assert result.to_dict()["endings"] == wk.playtest(FORK, 20, seed=3, steps=5, choose_ms=2000).to_dict()["endings"]
    assert type(result.seed) is int


def test_a_world_without_states_cannot_be_played() -> None:
    with pytest.raises(wk.InvalidWorld):
        wk.playtest(World.from_dict({"schemaVersion": "1.0", "scene": {"states": {}, "events": []}}))


def test_asking_for_what_the_world_does_not_have_is_refused() -> None:
    result = wk.playtest(FORK, 3)
    for ask in (lambda: result.first("nope"), lambda: result.choices("nope"), lambda: result.first("left", "state")):
        with pytest.raises(WorldError, match=r"no s|no state or event"):
            ask()
    for run in (3, -4):
        with pytest.raises(wk.WrongArgument, match="from -3 to 2"):
            result.trace(run)
        with pytest.raises(wk.WrongArgument, match="from -3 to 2"):
            result.seconds_of(run, 0)
    assert result.seconds_of(-1, 10) == result.seconds_of(2, 10)
    assert result.trace(-1) == result.trace(2)


# ---- hostile worlds ------------------------------------------------------------------------------


def test_a_world_where_nothing_can_be_done_is_stuck_at_once() -> None:
    result = wk.playtest(world("a"), 10)
    assert (result.stuck, result.total_steps, result.stuck_in) == (10, 0, {"a": 10})
    assert result.coverage["events"].share == 1.0
    assert "no event to fire" in result.verdict and "no ending" in result.verdict
    assert len(result.trace(4)) == 0
    assert result.shortest is None
    assert result.longest == result.trace(0)


def test_an_entrance_that_is_an_ending_ends_at_once() -> None:
    result = wk.playtest(world("a* b", move("go", "a", "b")), 10)
    assert (result.ended, result.total_steps) == (10, 0)


def test_self_loops_run_out_of_steps() -> None:
    result = wk.playtest(world("a", move("round", "a", "a"), move("stay", "a")), 4, steps=50)
    assert result.out_of_steps == 4
    assert result.total_steps == 200
    assert result.state_hits["a"] == 4 + result.event_hits["round"]


def test_timers_that_chase_each_other_run_out_of_steps() -> None:
    w = world(
        "a b", move("to", "a", "b", hidden=True, autoAfterMs=0), move("fro", "b", "a", hidden=True, autoAfterMs=0)
    )
    result = wk.playtest(w, 2, steps=30)
    assert result.out_of_steps == 2
    assert wk.replay(w, result.trace(1)).clock == 30


def test_durations_beyond_any_clock_are_kept_in_bounds() -> None:
    w = world("a", move("aeon", "a", minPlayMs=2**53))
    result = wk.playtest(w, 1, steps=2000)
    assert result.tally.clocks[0] == 2**63 - 1


def test_a_hundred_thousand_events_are_played() -> None:
    events = [move(f"e{i}", f"s{i % 500}", f"s{i * 7 % 500}") for i in range(50_000)]
    events += [move(f"x{i}", "s0") for i in range(50_000)]
    w = world(" ".join(f"s{i}" for i in range(500)), *events)
    result = wk.playtest(w, 100, steps=20)
    assert result.total_steps == 2000
    assert len(result.event_hits) == 100_000
    assert wk.playtest(w, 2, "novelty", steps=20).total_steps == 40
    assert len(repr(result)) < 5_000
    assert len(result._repr_html_()) < 200_000


NASTY = "<script>alert(1)</script>'\"&\n\u202e"


def nasty() -> World:
    return world(
        "a b",
        move(NASTY, "a", "b", detail=NASTY),
        move("__proto__", "b", "a"),
        move("x" * 500, "a"),
        name=NASTY,
    )


def test_text_of_a_world_is_escaped_on_the_page_and_flat_in_the_terminal() -> None:
    w = nasty()
    result = wk.playtest(w, 20)
    html = result._repr_html_()
    assert "<script" not in html and "\u202e" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in repr(result)
    assert repr(result).startswith(result.verdict)
    assert "://" not in html and "@import" not in html
    drawings = re.findall('<img class="look" src="data:image/svg\\+xml;base64,([A-Za-z0-9+/=]+)"', html)
    assert len(drawings) == html.count("<img") > 0
    assert all(b"script" not in base64.b64decode(drawing) for drawing in drawings)


def test_the_page_shows_the_verdict_before_anything_else() -> None:
    result = wk.playtest(FORK, 50)
    html = result._repr_html_()
    assert html.index("class='verdict'") < html.index("<section")


# ---- stopping, progress, executors ---------------------------------------------------------------


def test_a_cancelled_playtest_keeps_what_was_played() -> None:
    calls = iter(range(10**9))
    result = wk.playtest(FORK, 10_000, cancel=lambda: next(calls) >= 3)
    assert 0 < result.runs < 10_000
    assert result.cancelled
    assert (
        sum(result.outcomes.values())
        == result.runs
        == result.event_hits["left"] + result.event_hits["right"] + result.event_hits["down"]
    )
    assert result.verdict.startswith("Cancelled after")
    assert result.trace(result.runs - 1) == wk.playtest(FORK, 10_000).trace(result.runs - 1)


def test_cancelled_before_anything_was_played_is_a_result_too() -> None:
    result = wk.playtest(FORK, cancel=lambda: True)
    assert result.runs == 0
    assert "before the first" in result.verdict
    assert result.endings_by_share[0].low == 0 and result.endings_by_share[0].high == 1
    assert repr(result) and result._repr_html_() and result.to_dict()["runs"] == 0
    assert result.longest is None and result.first("b") is None
    assert wk.playtest(FORK, executor=ThreadPoolExecutor(1), cancel=lambda: True).runs == 0


def test_whoever_watches_can_cancel() -> None:
    def watch(stage: str, done: float | None) -> None:
        raise Cancelled("enough")

    assert 0 < wk.playtest(FORK, 10_000, progress=watch).runs < 10_000


def test_progress_is_told_to_the_end() -> None:
    updates: list[tuple[str, float | None]] = []
    wk.playtest(FORK, 500, progress=lambda stage, done: updates.append((stage, done)))
    assert updates[-1] == ("500 of 500 plays", 1.0)


def test_threads_and_processes_give_what_one_alone_gives() -> None:
    alone = wk.playtest(FORK, 700, seed=5)
    with ThreadPoolExecutor(3) as threads:
        threaded = wk.playtest(FORK, 700, seed=5, executor=threads)
    with ProcessPoolExecutor(2) as processes:
        spread = wk.playtest(FORK, 700, seed=5, executor=processes)
        many = wk.playtest_many([FORK, maze(2)], processes, runs=100, seed=5)
    for other in (threaded, spread):
        assert other.tally.ends == alone.tally.ends
        assert other.event_hits == alone.event_hits
    assert [result.runs for result in many if isinstance(result, wk.Playtest)] == [100, 100]


def test_of_many_worlds_none_is_played_with_an_option_that_does_not_exist() -> None:
    with pytest.raises(wk.WrongArgument, match=r'arguments of worldkit\.playtest: runs, .*"run"; did you mean "runs"'):
        wk.playtest_many([FORK], run=10)


@pytest.mark.parametrize(("option", "value"), [("runs", 0), ("policy", "greedy"), ("choose_ms", -1)])
def test_of_many_worlds_none_is_played_with_a_wrong_option(option: str, value: Any) -> None:
    with pytest.raises(wk.WrongArgument, match=f"{option}: expected"):
        wk.playtest_many([FORK, maze(2)], **{option: value})


def test_of_many_worlds_one_that_cannot_be_played_loses_nothing_of_the_others() -> None:
    empty = World.from_dict({"schemaVersion": "1.0", "scene": {"states": {}, "events": []}})
    good, bad = wk.playtest_many([FORK, empty], runs=10)
    assert isinstance(good, wk.Playtest) and good.runs == 10
    assert isinstance(bad, wk.InvalidWorld)


def test_a_result_travels() -> None:
    result = wk.playtest(maze(3), 40, "novelty")
    again = pickle.loads(pickle.dumps(result))
    assert again.to_dict() == result.to_dict()
    assert again.trace(33) == result.trace(33)


def test_an_exploration_says_what_coverage_is_measured_by() -> None:
    w = world("a b* c", move("go", "a", "b"), move("never", "c", "a"))
    alone = wk.playtest(w, 5)
    assert (alone.coverage["events"].of, alone.coverage["states"].of) == (2, 3)
    result = wk.playtest(w, 5, exploration=wk.explore(w))
    assert (result.coverage["events"].of, result.coverage["states"].of) == (1, 2)
    assert result.coverage["events"].share == 1.0
    assert "1 of 1 event that can be fired" in result.verdict


# ---- tables --------------------------------------------------------------------------------------


def test_the_dictionary_is_json() -> None:
    document = json.loads(json.dumps(wk.playtest(FORK, 30).to_dict()))
    assert document["format"] == "smworld-playtest"
    assert sum(document["outcomes"].values()) == document["runs"] == 30


def test_coverage_grows_to_what_was_seen() -> None:
    result = wk.playtest(maze(4), 100)
    assert [count for _, count in result.curve] == list(range(1, len(result.events) + 1))
    assert all(a <= b for (a, _), (b, _) in zip(result.curve, result.curve[1:], strict=False))


@pytest.mark.parametrize("what", ["events", "states", "endings", "choices", "runs"])
def test_every_table_is_a_frame(what: Any) -> None:
    pandas = pytest.importorskip("pandas")
    result = wk.playtest(FORK, 30)
    frame = result.to_frame(what)
    assert isinstance(frame, pandas.DataFrame) and len(frame) > 0
    assert list(wk.playtest(FORK, 30, cancel=lambda: True).to_frame(what).columns) == list(frame.columns)


def test_there_is_no_other_table_and_no_other_plot() -> None:
    result = wk.playtest(FORK, 3)
    with pytest.raises(ValueError, match="expected one of events"):
        result.to_frame("flags")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="expected one of endings"):
        result.plot("flags")  # type: ignore[arg-type]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    result = wk.playtest(FORK, 3)
    for package, ask in (("pandas", result.to_frame), ("matplotlib", result.plot)):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(wk.MissingExtra, match=package):
            ask()


@pytest.mark.parametrize("what", ["endings", "pacing", "coverage"])
def test_every_plot_is_drawn(what: Any) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    for tested in (FORK, nasty(), world("a")):
        for result in (wk.playtest(tested, 30), wk.playtest(tested, 30, cancel=lambda: True)):
            axes = result.plot(what)
            axes.figure.canvas.draw()
            pyplot.close(axes.figure)


def test_a_plot_shows_a_name_as_it_is() -> None:
    pytest.importorskip("matplotlib").use("agg")
    from matplotlib import cbook, pyplot

    name = r"a\b costs $5, \$6 or $7"
    axes = wk.playtest(FORK.apply([{"op": "put_world", "set": {"name": name}}]), 3).plot("endings")
    title = axes.get_title(loc="left")
    assert not cbook.is_math_text(title)
    assert title.replace(r"\$", "$") == f"Endings of {name}", "as matplotlib shows what is no formula"
    pyplot.close(axes.figure)


def test_a_name_that_is_nearly_right_gets_the_right_one_named() -> None:
    here = wk.samples.load("lighthouse")
    plays, exploration = wk.playtest(here, 5), wk.explore(here)
    for look in (
        lambda: exploration.route_to("two_cup"),
        lambda: plays.first_run("two_cup"),
        lambda: plays.choices("two_cup"),
    ):
        with pytest.raises(WorldError, match=r'no state.*"two_cup"; did you mean "two_cups"'):
            look()
    with pytest.raises(WorldError, match=re.escape('did you mean "enter_the_tower"?')):
        exploration.why("enter_the_towr")
    with pytest.raises(WorldError, match=re.escape('no such event; did you mean "enter_the_tower"?')):
        wk.playtest(here, 5, ["enter_the_towr"])


def test_plays_by_weights_are_called_so() -> None:
    plays = wk.playtest(wk.samples.load("bench"), 5, wk.WeightedPolicy({}))
    assert plays.verdict.startswith("5 plays by a WeightedPolicy:")
