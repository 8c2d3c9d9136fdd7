"""Worlds as Gymnasium environments: what Gymnasium checks, rewards, masks, pictures, agents that read."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import FlattenObservation, RecordEpisodeStatistics, vector

import worldkit as wk
from worldkit import MissingExtra
from worldkit.envs import proof
from worldkit.envs import vector as vector_environment

ID = "worldkit.envs:worldkit/World-v0"
BENCH = wk.samples.load("bench")
LIGHTHOUSE = wk.samples.load("lighthouse")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("observation", ["symbolic", "position", "text"])
@pytest.mark.parametrize("name", [name for name in wk.samples.names() if name != "archive"])
def test_gymnasium_finds_nothing_wrong(name: str, observation: str) -> None:
    check_env(gymnasium.make(ID, world=wk.samples.load(name), observation=observation).unwrapped)


@pytest.mark.filterwarnings("error")
def test_a_world_with_too_many_points_to_list_is_played_all_the_same() -> None:
    env = wk.envs.WorldEnv(wk.samples.load("archive"), most_positions=100)
    check_env(env, skip_render_check=True)
    info = env.reset()[1]
    assert "steps_to_win" not in info and "soft_lock" not in info and env.shortest_play() is None
    with pytest.raises(wk.WorldError, match="raise most_positions"):
        wk.envs.WorldEnv(env.world, observation="position", most_positions=100)
    with pytest.raises(wk.WorldError, match="SyncVectorEnv"):
        env.vector(4)


def test_points_with_too_many_moves_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "MOVES_PER_POINT", 0)
    world = wk.World.from_dict(BENCH.to_dict())
    assert "steps_to_win" not in wk.envs.WorldEnv(world).reset()[1]
    with pytest.raises(wk.WorldError, match="too many moves"):
        wk.envs.WorldVectorEnv(world)


def test_a_table_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_environment, "MAX_TABLE_BYTES", 10_000)
    assert wk.envs.WorldVectorEnv(BENCH).reset()
    with pytest.raises(wk.WorldError, match=r"a table of the 530 points .* step single environments"):
        wk.envs.WorldVectorEnv(LIGHTHOUSE)


def test_the_shortest_play_is_that_of_exhaustive_play() -> None:
    env = wk.envs.WorldEnv(LIGHTHOUSE)
    exploration = wk.explore(LIGHTHOUSE)
    wins = [id for id in exploration.endings if LIGHTHOUSE.states[id].ending.kind == "win"]
    play = env.shortest_play()
    assert play is not None and len(play) == min(len(exploration.routes[id]) for id in wins)
    assert env.reset()[1]["steps_to_win"] == len(play)
    total = 0.0
    for steps_after, action in zip(reversed(range(len(play))), play, strict=True):
        _, reward, terminated, truncated, info = env.step(action)
        total += reward
        assert info["steps_to_win"] == steps_after and not truncated and terminated == (steps_after == 0)
    assert total == 1.0 and info["won"] and info["ending"] == "win" and not info["action_mask"].any()
    assert wk.replay(LIGHTHOUSE, env.trace).position == env.position


def test_a_route_of_exhaustive_play_leads_to_its_ending() -> None:
    env = wk.envs.WorldEnv(BENCH)
    for step in wk.explore(BENCH).route_to("two_mittens").steps:
        _, reward, terminated, _, info = env.step(env.action(step.event))
    assert (reward, terminated, info["state"]) == (1.0, True, "two_mittens")


def test_an_illegal_action_changes_nothing_and_costs_a_step() -> None:
    env = wk.envs.WorldEnv(BENCH, illegal_reward=-0.5, max_steps=2)
    before = env.reset()[0]
    after, reward, terminated, truncated, info = env.step(env.action("hold_out_the_mitten"))
    assert str(before) == str(after) and (reward, terminated, truncated, info["illegal"]) == (-0.5, False, False, True)
    assert env.step(env.action("hold_out_the_mitten"))[2:4] == (False, True)
    for wrong in (-1, 5, 1.5, "x", None):
        with pytest.raises(wk.WrongArgument, match="from 0 to 4"):
            env.step(wrong)


def test_rewards() -> None:
    missions = wk.envs.WorldEnv(LIGHTHOUSE, reward="missions")
    total = sum(missions.step(action)[1] for action in missions.shortest_play() or [])
    assert total == pytest.approx(sum(m.complete for m in missions.session.missions) / len(LIGHTHOUSE.missions))
    assert total > 0
    with pytest.raises(wk.WrongArgument, match="no missions"):
        wk.envs.WorldEnv(BENCH, reward="missions")
    transitions: list[wk.envs.Transition] = []

    def own(move: wk.envs.Transition) -> float:
        transitions.append(move)
        return len(move.after.flags) - len(move.before.flags)

    env = wk.envs.WorldEnv(BENCH, reward=own)
    assert env.step(env.action("pick_up_the_red_mitten"))[1] == 1.0
    assert transitions[0].action == "pick_up_the_red_mitten" and transitions[0].ending == ""


@pytest.mark.parametrize("value", [float("nan"), 10**400, "much", None])
def test_a_reward_that_is_no_number_is_refused(value: Any) -> None:
    env = wk.envs.WorldEnv(BENCH, reward=lambda move: value)
    with pytest.raises(wk.WrongArgument, match="reward: expected a function that returns a number"):
        env.step(0)


def test_a_soft_lock_is_told() -> None:
    env = wk.envs.WorldEnv(wk.samples.load("broken"))
    assert env.reset()[1]["soft_lock"] and env.shortest_play() is None
    assert not wk.envs.WorldEnv(BENCH).reset()[1]["soft_lock"]


def test_time_passes_by_two_actions() -> None:
    env = wk.envs.WorldEnv(LIGHTHOUSE)
    assert env.actions[-2:] == ("wait", "forward")
    mask = env.reset()[1]["action_mask"]
    assert mask[env.action("forward")] and not mask[env.action("wait")]
    env.step(env.action("forward"))
    assert env.trace[0].by == "waypoint"
    assert "wait" not in wk.envs.WorldEnv(BENCH).actions


def test_the_actions_of_time_have_names_of_their_own() -> None:
    states = {"lane": {"base": "A lane."}, "end": {"base": "The end.", "ending": {"kind": "win", "title": "Out"}}}
    events = [
        {"name": "wait", "kind": "override", "from": ["lane"], "requires": ["bell"], "label": "Wait here"},
        {"name": "wait_2", "kind": "override", "from": ["lane"], "grants": ["bell"]},
        {"name": "rain", "kind": "transition", "from": ["lane"], "to": "end", "autoAfterMs": 1000},
    ]
    world = wk.World.from_dict({"schemaVersion": "1.0", "scene": {"states": states, "events": events}})
    env = wk.envs.WorldEnv(world, observation="text")
    text = env.reset()[0]
    assert env.actions == ("wait", "wait_2", "rain", "wait_3", "forward")
    assert "wait for what happens next" in text and "go on forward" not in text
    assert env.step(env.action("wait"))[4]["illegal"] and env.session.state == "lane"
    assert env.step(env.action("wait_3"))[4]["won"]


def test_a_copy_has_the_seed_and_draws_the_same_actions() -> None:
    env = wk.envs.WorldEnv(BENCH)
    env.reset(seed=5)
    env.action_space.seed(3)
    env.action_space.sample()
    copies = [copy.deepcopy(env), pickle.loads(pickle.dumps(env))]
    actions = [int(env.action_space.sample()) for _ in range(9)]
    for duplicate in copies:
        assert duplicate.np_random_seed == 5
        assert [int(duplicate.action_space.sample()) for _ in range(9)] == actions


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mode", ["sync", "vector_entry_point"])
def test_gymnasiums_wrappers_take_environments(mode: str) -> None:
    flat = FlattenObservation(RecordEpisodeStatistics(gymnasium.make(ID, world=LIGHTHOUSE)))
    observation, info = flat.reset(seed=0)
    assert observation in flat.observation_space
    terminated = truncated = False
    while not (terminated or truncated):
        _, _, terminated, truncated, info = flat.step(flat.action_space.sample(info["action_mask"]))
    assert info["episode"]["l"] > 0
    envs = vector.RecordEpisodeStatistics(gymnasium.make_vec(ID, num_envs=4, vectorization_mode=mode, world=LIGHTHOUSE))
    sample_legal = wk.envs.WorldEnv(LIGHTHOUSE).vector(4).sample_legal
    _, infos = envs.reset(seed=0)
    lengths: list[int] = []
    for _ in range(400):
        observations, _, _, _, infos = envs.step(sample_legal(infos["action_mask"]))
        assert observations in envs.observation_space
        lengths += [length for length in infos.get("episode", {"l": []})["l"] if length]
    assert lengths


def test_pictures() -> None:
    env = wk.envs.WorldEnv(BENCH, render_mode="rgb_array")
    picture = env.render()
    assert picture.shape == (360, 640, 3) and picture.dtype == np.uint8
    env.step(env.action("walk_up_the_lane"))
    assert (env.render() != picture).any()
    assert "1. walk up the lane" in wk.envs.WorldEnv(BENCH, render_mode="ansi").render()
    assert wk.envs.WorldEnv(BENCH).render() is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mode", ["ansi", "rgb_array"])
def test_environments_that_step_together_render_what_single_ones_do(mode: Any) -> None:
    """Also those that ``make_vec`` makes, which hands the mode on."""
    together = gymnasium.make_vec(ID, num_envs=2, world=BENCH, render_mode=mode, max_steps=2)
    assert isinstance(together.unwrapped, wk.envs.WorldVectorEnv)
    singles = [wk.envs.WorldEnv(BENCH, render_mode=mode, max_steps=2) for _ in range(2)]

    def shown(pictures: Any) -> list[Any]:
        return [picture if isinstance(picture, str) else (picture.shape, picture.tobytes()) for picture in pictures]

    for env in (together, *singles):
        env.reset(seed=0)
    assert shown(together.render()) == shown(single.render() for single in singles)
    actions = [singles[0].action("walk_up_the_lane"), singles[0].action("pick_up_the_red_mitten")]
    for step in range(3):
        together.step(np.array(actions))
        for single, action in zip(singles, actions, strict=True):
            single.step(action) if step < 2 else single.reset()
        assert shown(together.render()) == shown(single.render() for single in singles)
    assert together.metadata["render_fps"] == singles[0].metadata["render_fps"]
    assert singles[0].vector(2).render_mode == mode
    assert wk.envs.WorldVectorEnv(BENCH, 2).render() is None
    with pytest.raises(wk.WrongArgument, match="render_mode"):
        wk.envs.WorldVectorEnv(BENCH, 2, render_mode="human")  # type: ignore[arg-type]


def test_a_picture_that_cannot_be_decoded_gives_way_to_a_computed_one() -> None:
    env = wk.envs.WorldEnv(BENCH, render_mode="rgb_array")
    document = BENCH.to_dict()
    document["entrance"]["image"] = {"src": "data:image/png;base64,AAAA"}
    assert (wk.envs.WorldEnv(wk.World.from_dict(document), render_mode="rgb_array").render() == env.render()).all()


# ---- agents that read --------------------------------------------------------------------------


def test_a_prompt_shows_prose_things_held_and_choices() -> None:
    env = wk.envs.WorldEnv(BENCH, observation="text")
    env.step(env.action("pick_up_the_red_mitten"))
    text = env.prompt()
    assert text.startswith("A farm lane") and "You have: mitten." in text
    assert "1. walk up the lane" in text and text.endswith("Answer with the number of one choice.")
    assert env.step(env.action("listen_to_the_leaves"))[0] == text.rpartition("\n\n")[0]


@pytest.mark.parametrize(
    "reply",
    [
        2,
        "2",
        " 2. pick up the red mitten",
        "Pick up the red mitten!",
        "pick_up_the_red_mitten",
        "It is cold, so I take it.\n\n2",
        "I will pick up the red mitten and see.",
        "Choice 2, because the other one needs it.",
        "I choose 2.",
        "The best answer is **2**",
        {"choice": 2},
        {"choice": "2"},
        '{"choice": 2}',
        '{"choice": "pick up the red mitten"}',
        {"choice": 2.0},
        *("Take option 2, not 1.", "Not 1, but 2", "I pick 2 rather than option 3."),
        *("- 2", "option-2", "2 to be safe", "2. Pick up the red mitten.\nThe other one comes later."),
    ],
)
def test_a_reply_names_a_choice(reply: Any) -> None:
    env = wk.envs.WorldEnv(BENCH)
    assert env.actions[env.read_reply(reply)] == "pick_up_the_red_mitten"


@pytest.mark.parametrize(
    "reply",
    [
        *("", "7", 0, "sing", {"option": 1}, "{", "walk up the lane or pick up the red mitten"),
        *("It may be 1 or 2.", "I have 2 coins.", "Not 2.", "It is 2.5", "1 or 2", "1, 2", "1-2", "-1", "2.5"),
        *({"choice": 2.5}, {"choice": [2]}, {"choice": True}),
        pytest.param({"choice": 10**5000}, id="a number of 5,000 digits"),
    ],
)
def test_a_reply_that_names_no_choice_is_refused_in_words(reply: Any) -> None:
    with pytest.raises(
        wk.NotAvailable, match=r"names none of the choices.*answer with one number: 1\. walk up the lane"
    ):
        wk.envs.WorldEnv(BENCH).read_reply(reply)


@pytest.mark.parametrize(("reply", "quoted"), [("sing", "'sing'"), (99, "'99'"), ({"option": 1}, "'{\"option\": 1}'")])
def test_a_reply_that_is_refused_is_quoted_once(reply: Any, quoted: str) -> None:
    with pytest.raises(wk.NotAvailable) as refusal:
        wk.envs.WorldEnv(BENCH).read_reply(reply)
    assert str(refusal.value).startswith(f"{quoted} cannot be fired: it names none")


@pytest.mark.parametrize("end", ["", "\n\nI choose 2."])
def test_a_reply_that_repeats_the_choices_names_several(end: str) -> None:
    env = wk.envs.WorldEnv(BENCH)
    menu = "\n".join(f"{number}. {choice}" for number, choice in enumerate(["walk", "pick", "listen"], 1))
    with pytest.raises(wk.NotAvailable, match="names several of the choices; answer with one number"):
        env.read_reply(menu + end)


def test_a_reply_that_begins_with_one_choice_and_ends_with_another_names_several() -> None:
    with pytest.raises(wk.NotAvailable, match="names several of the choices"):
        wk.envs.WorldEnv(BENCH).read_reply("Option 1 is dull. I take option 2.")


@pytest.mark.parametrize("endless", ["-", ".", "\n", " ", "1", "a", "_"])
def test_a_reply_that_never_ends_is_read_in_time_that_grows_with_its_length(endless: str) -> None:
    env = wk.envs.WorldEnv(BENCH)
    for reply in (500_000 * endless, f"2{500_000 * endless}3"):  # the square of that takes minutes
        with pytest.raises(wk.NotAvailable):
            env.read_reply(reply)


def test_numbers_of_numpy_are_seeds_and_limits() -> None:
    env = wk.envs.WorldEnv(BENCH, max_steps=np.int64(1))
    env.reset(seed=np.int64(3))
    assert type(env.step(2)[3]) is bool
    envs = wk.envs.WorldVectorEnv(BENCH, np.int64(2))
    assert envs.reset(seed=np.int64(3))[1]["action_mask"].shape[0] == 2


def test_the_tool_lists_the_choices() -> None:
    env = wk.envs.WorldEnv(BENCH)
    (tool,) = env.tools()
    choice = tool["function"]["parameters"]["properties"]["choice"]
    assert choice["enum"] == [1, 2, 3] and "2: pick up the red mitten" in choice["description"]
    assert json.loads(json.dumps(tool)) == tool
    for action in env.shortest_play() or []:
        env.step(action)
    assert env.tools() == [] and "The end:" in env.prompt() and "Answer" not in env.prompt()
    with pytest.raises(wk.NotAvailable, match="the run is over"):
        env.read_reply("1")


# ---- without the extra -------------------------------------------------------------------------


def test_without_gymnasium_one_line_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['gymnasium'] = None\n"
        "import worldkit as wk\n"
        "task = wk.envs.suite(1)[0]\n"
        "for call in (lambda: wk.envs.WorldEnv, lambda: wk.envs.WorldVectorEnv, task.env):\n"
        "    try: call()\n"
        "    except wk.MissingExtra as error: print(error)\n"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines() == [
        f"worldkit.envs.{name} needs gymnasium: pip install 'smworldkit[envs]'"
        for name in ("WorldEnv", "WorldVectorEnv", "WorldEnv")
    ]
    assert issubclass(MissingExtra, ImportError)
