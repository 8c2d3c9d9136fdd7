"""A capable model writes a world: good answers are taken, bad ones go back with a reason, a world always comes out."""

from __future__ import annotations

import ast
import itertools
import json
import random
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate import storyteller
from tests.generate.server import HEAD, Server, serving, stream
from tests.generate.storyteller import PREMISE, good, kind_of, schema_of
from tests.generate.worlds import hostile
from tests.growing import MAX_GROWTH, growth
from worldkit import Interrupted, Report, World, WorldError, generate_with_report
from worldkit.core.progress import ignore
from worldkit.core.unsent_prose import holds_text
from worldkit.generation.direct import (
    basis_reading,
    completion,
    draft,
    example,
    forbidden,
    outline,
    passages,
    plan_form,
    proof,
    shape,
)
from worldkit.generation.direct import judge as direct_judge
from worldkit.generation.direct import prose as prose_form
from worldkit.generation.direct.conversation import WritingJob
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.person import acts, verb_phrase
from worldkit.generation.direct.plan import MoveOutline, WorldPlan, ids
from worldkit.generation.direct.plan_form import FEATURES
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.repair import repair_text, without_example_clauses
from worldkit.generation.direct.schema import value_at
from worldkit.generation.direct.wording import place_name
from worldkit.generation.direct.writer import DirectWriter, valid_world
from worldkit.generation.engines import openai_client
from worldkit.generation.engines.base import ChatRequest, ModelAnswer
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.memory import Memory, RememberingEngine
from worldkit.generation.pipeline import backend
from worldkit.generation.planning.premise import read as read_premise
from worldkit.generation.prose.writer import Writer
from worldkit.model_access.endpoint import endpoint

Body = dict[str, Any]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once, and give up soon."""
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0,))
    monkeypatch.delenv("WORLDKIT_CHAT_KEY", raising=False)


def generate_from(
    script: Callable[[Body, int], Any], premise: str = PREMISE, states: int = 6, *, size: str = "", **options: Any
) -> tuple[World, Report, list[Body]]:
    """Return a world of a scripted endpoint, its report and the requests; it is checked like every other world.

    The endpoint's model is a strong one, unless its ``size`` says otherwise, such as ``"-1b"``.
    """
    with serving(script) as server:
        model = f"{server.model}{size}"
        world, report = generate_with_report(premise, model, states=states, progress=ignore, **options)
    check(world, premise.encode("utf-8", "replace").decode(), states)
    return world, report, server.requests


def check(world: World, premise: str, states: int) -> None:
    """Check what holds for every world, whatever its model said."""
    assert world.verify(premise).passed
    assert list(world.lint("studio").errors) == []
    assert list(world.lint().errors) == []
    exploration = wk.explore(world)
    assert exploration.complete and exploration.soft_locks == []
    assert exploration.states == set(world.states) and len(world.states) == states
    for state in world.states.values():
        assert holds_text(state.base, world.subject or "") and holds_text(state.base, world.style_tail or "")


def is_text(premise: str) -> bool:
    """Say whether a premise is one: half a pair of surrogates is refused before anything is asked."""
    return not any("\ud800" <= letter <= "\udfff" for letter in premise)


# ---- good answers ----------------------------------------------------------------------------------------


def test_good_answers_become_a_world_in_one_answer_a_place() -> None:
    world, report, requests = generate_from(good)
    assert [kind_of(body) for body in requests] == ["basis", "plan", *["place"] * 6]
    assert report.planned == "model"
    assert report.fallbacks == () and report.again == 0
    assert len(report.by_model) == report.written > 60
    assert world.name == storyteller.BASIS["title"]
    assert world.subject == storyteller.BASIS["look"]
    assert "kitchenware_hall" in world.states
    assert list(world.lint()) == []


def test_every_question_begins_with_what_was_said_before_so_that_servers_cache_it() -> None:
    _, _, requests = generate_from(good)
    for before, after in itertools.pairwise(requests[2:]):
        assert before["messages"][:-1] == after["messages"][:-1]
    assert requests[1]["messages"][: len(requests[0]["messages"])] == requests[0]["messages"]


def test_ids_are_enums_and_the_worked_example_follows_its_own_schemas() -> None:
    plan_ids = ids(6)
    plan_schema = plan_form.schema(plan_ids)
    move = plan_schema["$defs"]["place"]["properties"]["do"]["items"]["properties"]
    assert move["to"]["enum"] == ["p1", "p2", "p3", "p4", "w1", "l1", "stay"]
    assert move["takes"]["enum"] == ["none", "k1", "k2"]
    turns = example.turns(is_weak=False)
    answers = [json.loads(turn["content"]) for turn in turns if turn["role"] == "assistant"]
    jsonschema.validate(answers[1], plan_schema)
    assert proof.problems(example._plan()) == []
    place_passages = passages.passages(example._plan(), example._plan().place("p4"))
    jsonschema.validate(answers[2], prose_form.schema(place_passages))
    judge = TextJudge()
    for passage in place_passages:
        assert judge.faults(passage, value_at(answers[2], passage.key)) == [], passage.path


def test_the_worked_example_is_suggested_the_shape_that_its_plan_has() -> None:
    assert len(example.turns()) == 4, "a weak model plans nothing"
    [question] = [text for turn in example.turns(is_weak=False) if "shape that holds" in (text := turn["content"])]
    assert question.splitlines()[-1] == (
        "An example of a shape that holds: p1: take k1, to p2, to p3; p2: to p1, to l1, to p4 with k1; "
        "p3: take k2, to p1; p4: to w1 with k2, to p2."
    )


def test_how_many_tokens_a_plan_of_six_states_may_take() -> None:
    _, _, requests = generate_from(good)
    assert requests[1]["max_tokens"] == 1160


def test_the_model_is_told_what_the_premise_names_and_the_world_keeps_it() -> None:
    world, report, requests = generate_from(good)
    assert "'rival chefs'" in requests[0]["messages"][-1]["content"]
    assert "'department store'" in requests[0]["messages"][-1]["content"]
    bases = " ".join(state.base for state in world.states.values())
    assert "chefs" in bases
    assert {match.name.phrase for match in report.kept} == {"rival chefs", "department store"} and report.missed == ()


def test_a_place_is_shown_its_neighbours_its_moves_and_what_is_held_by_then() -> None:
    _, _, requests = generate_from(good)
    questions = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "place"]
    assert all(" come from " in question or "It comes of this: " in question for question in questions[1:])
    assert any("locked: needs the copper pan from the" in question for question in questions)
    assert any("The two rival chefs carry the copper pan." in question for question in questions)


def test_a_win_is_told_step_by_step_each_with_its_camera() -> None:
    world, _, _ = generate_from(good)
    [win] = [event for event in world.events if event.phases and event.requires]
    assert win.to and world.states[win.to].ending and world.states[win.to].ending.kind == "win"
    assert len(win.phases or ()) == 2 and all(phase.camera for phase in win.phases or ())
    assert win.locked_hint


@pytest.mark.parametrize("states", [5, 9, 24])
def test_worlds_of_any_size_up_to_24_states_are_planned_by_the_model(states: int) -> None:
    _, report, _ = generate_from(good, states=states)
    assert report.planned == "model" and report.fallbacks == ()


def test_a_larger_one_is_planned_by_code_and_written_place_by_place_and_the_report_says_so() -> None:
    _, report, requests = generate_from(good, states=40)
    assert report.planned == "seed" and len(requests) >= 40 and {*map(kind_of, requests)} == {"place"}
    assert "code planned it from the premise, as for a world of more than 24 states" in report.notes


def test_a_drawn_plan_is_written_string_by_string_and_a_small_model_can_be_made_to_plan() -> None:
    seed_planner = backend.named("chat:http://localhost:1/v1#parrot", planner="seed")
    writer = backend.opened(seed_planner, ignore)
    assert backend.direct_writer(seed_planner, writer, 6) is None
    model_planner = backend.named("tiny", planner="model")
    small_writer = Writer(SmallEngine())
    assert backend.direct_writer(model_planner, small_writer, 6) is not None
    assert backend.direct_writer(backend.named("tiny"), small_writer, 6) is None


# ---- bad answers -----------------------------------------------------------------------------------------


def with_text(path: str, text: str, times: int = 1) -> Callable[[Body, int], str]:
    """Return a script that writes one text of every place wrong, so many times."""
    counts: dict[str, int] = {}

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        question = next(turn["content"] for turn in reversed(body["messages"]) if turn["role"] == "user")
        key = str(body["messages"][-3]["content"]) if "cannot be taken" in question else question
        if kind_of(body) == "place" and counts.get(key, 0) < times:
            *parents, last = path.split(".")
            part = answer
            for name in parents:
                part = part.get(name, {})
            if last in part:
                part[last] = text
                counts[key] = counts.get(key, 0) + 1
        return json.dumps(answer)

    return script


WRONG = [
    ("say", "It does not name the kitchenware hall; it does not name the copper pan.", "what you were told about it"),
    ("base", "There is no light in this hall, and nothing moves there at all.", "says 'no'"),
    ("base", "A short one.", "at least 40 are needed"),
    ("base", "Pans hang in long rows over a stone counter and gleam. " * 12, "at most 400 fit"),
    ("base", "A kettle sits on the wide iron stove while steam climbs to the ceiling.", "does not name the"),
    ("still", "Low wide shot from behind the tram driver, the rusted switch in front.", "worked example"),
    ("e1.base", "The chefs walk the long aisle without a word, laughing in the dark.", "says 'without'"),
]


@pytest.mark.parametrize(("path", "text", "reason"), WRONG)
def test_what_is_refused_goes_back_with_the_sentence_and_the_reason_and_is_asked_for_alone(
    path: str, text: str, reason: str
) -> None:
    _, report, requests = generate_from(with_text(path, text), size="-1b", planner="model")
    corrections = [body for body in requests if "cannot be taken" in body["messages"][-1]["content"]]
    assert corrections and report.again >= len(corrections)
    correction_text = corrections[0]["messages"][-1]["content"]
    assert f"{path}: " in correction_text and reason in correction_text and text[:40] in correction_text
    assert list(schema_of(corrections[0])["properties"]) == [path.split(".")[0]]
    assert not any(fallback.startswith("states.") for fallback in report.fallbacks)


def test_names_instead_of_ids_are_put_in_without_asking() -> None:
    text = "The two rival chefs walk from p2 on to p3."
    world, _, requests = generate_from(with_text("walk", text), size="-1b", planner="model")
    correction_texts = [text for body in requests if "cannot be taken" in (text := body["messages"][-1]["content"])]
    assert all("names an id" not in text for text in correction_texts)
    walks = {state.movement.dynamic for state in world.states.values() if state.movement}
    assert "The two rival chefs walk from the food hall on to the toy floor." in walks


def test_a_sentence_that_stays_wrong_is_repaired_and_the_others_stay() -> None:
    text = "A tower of kettles gleams in the hall. There is no sound. Steam hangs over the cold stove."
    world, report, _ = generate_from(with_text("base", text, times=9))
    assert any("repaired by code" in note for note in report.notes)
    repaired_bases = [state.base for state in world.states.values() if "Steam hangs over the cold stove." in state.base]
    assert repaired_bases and all("no sound" not in base for base in repaired_bases)


def test_what_cannot_be_repaired_is_told_plainly_from_the_plan_and_the_report_says_so() -> None:
    _, report, _ = generate_from(with_text("walk", "No.", times=9))
    assert report.fallbacks and all(path.endswith("movement.dynamic") for path in report.fallbacks)


def lying_plan(body: Body) -> Body:
    """Return a plan that looks sound and is not: a key lies behind what it opens."""
    plan = storyteller.plan(body)
    lock = next(move for id in plan if id[0] == "p" for move in plan[id]["do"] if "k1" in move["needs"])
    for id in ("p1", "p2", "p3", "p4"):
        plan[id]["do"] = [move for move in plan[id]["do"] if move["takes"] != "k1"]
    plan[lock["to"]]["do"].append({"do": "pick up the copper pan", "to": "stay", "takes": "k1"})
    return plan


def test_a_plan_that_does_not_hold_is_told_why_and_then_completed_by_code() -> None:
    def script(body: Body, number: int) -> str:
        return json.dumps(lying_plan(body)) if kind_of(body) == "plan" else good(body)

    world, report, requests = generate_from(script)
    plans = [body for body in requests if kind_of(body) == "plan"]
    assert len(plans) >= 2
    correction_text = plans[1]["messages"][-1]["content"]
    assert (
        "can never be done: it needs k1 (the copper pan), which is taken at p4 only, behind what it opens"
        in correction_text
    )
    assert report.planned == "model"
    assert any("added or left out by code" in note for note in report.notes)
    [pick_up] = [event for event in world.events if event.detail == "Pick up the copper pan"]
    assert pick_up.from_ != ["staff_gate"]


def test_one_move_and_one_text_are_told_of_in_the_singular() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":  # the same is done twice in the last place
            answer["p4"]["do"] += [{"do": "ring the bell", "to": "stay", "takes": "none", "needs": []}] * 2
        if "p4, " in body["messages"][-1]["content"] or "p4, " in body["messages"][-3]["content"]:
            answer["base"] = "There is no light. A long, low light lies over the staff gate of the department store."
        return json.dumps(answer)

    _, report, _ = generate_from(script, size="-1b", planner="model")
    assert "1 move of the plan was added or left out by code, so that it can be played" in report.notes
    assert "1 text was repaired by code" in report.notes


def test_moves_that_code_adds_to_a_plan_are_told_in_the_words_of_the_model() -> None:
    def script(body: Body, number: int) -> str:
        if kind_of(body) != "plan":
            return good(body)
        plan = storyteller.plan(body)
        # it leads nowhere, and nothing is lost
        for id in ("p1", "p2", "p3", "p4"):
            plan[id]["do"] = [move for move in plan[id]["do"] if move["to"] == "stay"]
        return json.dumps(plan)

    world, report, requests = generate_from(script)
    [question] = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "words"]
    assert "a mistake by which the story is lost (the morning crowd finds them asleep among the pans)" in question
    labels = [event.detail or "" for event in world.events]
    assert [label for label in labels if label.startswith("Dance under ")] and report.planned == "model"
    assert not [label for label in labels if label.startswith(("Go on to", "Wait too long"))]
    assert [label for label in labels if label.startswith("Go back to")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the two rival chefs open the shutter", "open the shutter"),
        ("opens the shutter", "open the shutter"),
        ("to quickly open the shutter", "open the shutter"),
        ("left the hall", "leave the hall"),
        ("step down and walks to the shutter", "step down and walk to the shutter"),
        ("the shutter is open", ""),
    ],
)
def test_what_is_done_begins_with_its_verb(text: str, expected: str) -> None:
    assert verb_phrase(text, "the two rival chefs") == expected


def test_every_verb_that_and_joins_agrees_with_who_acts() -> None:
    assert acts("the dentist", "drive to the beach and play ball") == "the dentist drives to the beach and plays ball"
    assert acts("the diver", "climb the mast and wait, then look") == "the diver climbs the mast and waits, then look"
    assert acts("the diver", "wait, then look around") == "the diver waits, then look around"
    assert acts("the dentist", "take the rod and line") == "the dentist takes the rod and line"
    assert acts("the two chefs", "cook and sing") == "the two chefs cook and sing"


def test_a_place_that_is_a_sentence_is_refused() -> None:
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    data = {"w1": {"name": "the volcano is awake", "see": ["a chair"], "title": "The Patient Dies"}}
    plan_draft = draft.read(data, basis, ids(6))
    place = plan_draft.plan.place("w1")
    assert "awake" not in place.name and place.title == "The Patient Dies"
    assert any(refusal.startswith("w1.name: expected a place") for refusal in plan_draft.refusals)


@pytest.mark.parametrize(
    "words",
    [None, {"m1": "take the copper pan"}, {"m1": "p3"}, {"m1": "the shop cat"}, {"m1": "walk into the food hall"}],
    ids=["nothing", "taking", "an id", "no verb", "another place"],
)
def test_words_that_do_not_agree_with_the_plan_leave_it_as_it_is(words: Body | None) -> None:
    plan_ids = ids(6)
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    plan = draft.read({"p1": {"see": ["a pan"]}}, basis, plan_ids).plan.with_moves(
        [act := MoveOutline("look closely", "p1")]
    )
    assert outline.with_words(plan, [act], words) == plan
    assert outline.with_words(plan, [act], {"m1": "juggle three pans"}) != plan


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("inside the volcano", "inside of the volcano"),
        ("the outside of a ship", "outside of a ship"),
        ("inside volcano", "inside of the volcano"),
        ("behind the mill", ""),
        ("the yard behind the mill", "yard behind the mill"),
        ("underground lake", "underground lake"),
        ("Inn by the sea", "Inn by the sea"),
    ],
)
def test_a_place_is_named_by_a_noun(text: str, name: str) -> None:
    assert place_name(text) == name


def test_a_position_instead_of_a_place_is_refused_and_another_place_is_put_there() -> None:
    body = {**storyteller.BASIS, "places": ["kitchen", "behind the mill", "inside the oven", "the yard"]}
    basis, refusals = basis_reading.read(body, PREMISE, 4)
    assert "inside of the oven" in basis.places and not any("mill" in place for place in basis.places)
    assert len({*basis.places}) == 4
    assert any(refusal.startswith("places: expected 4 different places") for refusal in refusals)


def test_a_key_that_is_called_like_a_place_is_refused() -> None:
    plan_ids = ids(6)
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    plan_draft = draft.read({"k1": "the toy floor", "k2": "a night key"}, basis, plan_ids)
    assert plan_draft.plan.keys == {"k1": "a copper pan", "k2": "a night key"}
    assert any(refusal.startswith("k1: expected a thing that can be carried") for refusal in plan_draft.refusals)


def test_a_repair_leaves_out_what_another_text_of_the_place_tells() -> None:
    passage, plan = example_passage("base")
    other_passage, _ = example_passage("walk")
    judge = TextJudge()
    judge.accept(other_passage.at, "Rails shine in the grass.")
    text = repair_text(
        passage, "Rails shine in the grass. Rain falls on the hill crossing and the old signal.", plan, judge
    )
    assert "Rain falls" in text and "Rails shine" not in text


def test_a_world_in_which_a_run_can_get_stuck_is_an_error_that_names_the_place() -> None:
    whole_plan = example._plan()
    # who comes to the second place without the key from the first stays there
    moves = [move for move in whole_plan.moves if move.at != "p2" or move.needs]
    plan = whole_plan.with_moves([*moves, MoveOutline("look closely at the floating piano", "p2")])
    job = WritingJob(ScriptedChat(""), 1, plan.basis.premise, ids(6), frozenset(), ignore)
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    with pytest.raises(WorldError, match=f"a run can get stuck in {plan.state_ids['p2']}"):
        valid_world(job, plan, prose)


def test_a_plan_that_is_put_right_is_taken() -> None:
    plans = iter([lying_plan, storyteller.plan])

    def script(body: Body, number: int) -> str:
        return json.dumps(next(plans)(body)) if kind_of(body) == "plan" else good(body)

    _, report, _ = generate_from(script)
    assert report.fallbacks == ()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_of_a_plan_that_is_cut_off_everything_that_arrived_is_used(share: float) -> None:
    def script(body: Body, number: int) -> Any:
        text = good(body)
        if kind_of(body) == "plan":
            return HEAD + stream(text[: int(len(text) * share)], "length")
        return text

    world, report, requests = generate_from(script)
    assert report.planned == "model"
    assert any("cut off" in note for note in report.notes)
    assert "kitchenware_hall" in world.states
    prompts = json.dumps([body["messages"][-1]["content"] for body in requests])
    assert "Seen there: a tower of kettles" in prompts
    assert [kind_of(body) for body in requests].count("plan") == 1


GARBAGE: dict[str, Any] = {
    "words": "I am sorry, I would rather talk about the weather.",
    "nothing": "",
    "broken JSON": '{"base": "A hall of pans", "e1": {',
    "another form": '[1, 2, {"a": null}]',
    "markup": "<html><body>502 Bad Gateway</body></html>",
    "a server error": (500, '{"error": {"message": "out of memory"}}'),
    "a cut line": HEAD + b'data: {"choices": [{"delta": {"content": "{"}}]}\n\n',
    "nothing on the line": None,
}


@pytest.mark.parametrize("garbage", GARBAGE)
@pytest.mark.parametrize("stage", ["plan", "place"])
def test_whatever_a_model_does_later_on_a_world_comes_out(stage: str, garbage: str) -> None:
    def script(body: Body, number: int) -> Any:
        return GARBAGE[garbage] if kind_of(body) == stage else good(body)

    world, report, _ = generate_from(script)
    assert world.name == storyteller.BASIS["title"]
    assert report.planned == ("seed" if stage == "plan" else "model")
    assert bool(report.fallbacks) == (stage == "place" or "stopped answering" in str(report))


@pytest.mark.parametrize("garbage", ["words", "another form", "markup"])
def test_a_model_that_says_nothing_of_use_is_an_error_and_is_asked_anew_the_next_time(garbage: str) -> None:
    answers: list[Callable[[Body], Any]] = [lambda body: GARBAGE[garbage]]
    with serving(lambda body, number: answers[-1](body)) as server:
        with pytest.raises(WorldError, match="answered nothing that a world could be made of: no text of the"):
            generate_with_report(PREMISE, server.model, progress=ignore)
        answers.append(good)
        assert generate_with_report(PREMISE, server.model, progress=ignore)[1].shortfall == ""


def test_a_model_of_which_only_a_part_can_be_used_is_warned_of_and_the_report_says_it() -> None:
    def script(body: Body, number: int) -> Any:
        return GARBAGE["words"] if kind_of(body) == "place" else good(body)

    with serving(script) as server:
        with pytest.warns(UserWarning, match="texts that .* was to write are ready-made sentences") as warning:
            wk.generate(PREMISE, server.model, progress=ignore)
        _, report = generate_with_report(PREMISE, server.model, progress=ignore)
    assert report.shortfall == str(warning[0].message) and report.shortfall in str(report)
    assert warning[0].filename == __file__


def test_a_shortfall_counts_the_texts_and_blames_no_answers_that_may_not_have_come() -> None:
    """An endpoint that was lost, and a stop, leave texts unwritten too; the notes say so."""
    report = wk.Report("m", 1, 100, 0.0, fallbacks=("states.a.base", "states.b.base"))
    assert report.shortfall == "2 of the 2 texts that m was to write are ready-made sentences"
    assert replace(report, by_model=("states.c.base", "states.d.base")).shortfall == ""
    one = replace(report, fallbacks=("states.a.base",))
    assert one.shortfall == "the one text that m was to write is a ready-made sentence"
    with pytest.raises(wk.ModelError, match="no text of the 1 that it was asked for"):
        one.require_use()


@pytest.mark.parametrize("garbage", ["a server error", "nothing on the line"])
def test_an_endpoint_that_answers_nothing_at_all_is_one_clear_error(garbage: str) -> None:
    with serving(lambda body, number: GARBAGE[garbage]) as server, pytest.raises(WorldError) as error:
        generate_with_report(PREMISE, server.model, progress=ignore)
    assert server.url in str(error.value)


@settings(max_examples=8, deadline=None)
@given(hostile.filter(is_text))
def test_any_premise_comes_out_as_a_world_whatever_it_orders(premise: str) -> None:
    world, _, requests = generate_from(good, premise)
    assert set(world.states) >= {"food_hall", "toy_floor", "staff_gate"}
    assert {turn["content"] for body in requests for turn in body["messages"] if turn["role"] == "system"} == {
        example.system(is_weak=False)
    }


def test_markup_and_orders_in_answers_stay_prose() -> None:
    markup = (
        "<script>alert(1)</script> The food hall {{ideal}} `rm -rf` grant flag master_key now, in the hall of pans."
    )

    def script(body: Body, number: int) -> str:
        return json.dumps(json.loads(good(body)) | ({"say": markup} if kind_of(body) == "place" else {}))

    world, _, _ = generate_from(script)
    assert all("<" not in json.dumps(state.to_dict() if hasattr(state, "to_dict") else str(state)) for state in
               world.states.values())  # fmt: skip
    assert all("master_key" not in (event.grants or ()) for event in world.events)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["p1", "k1", "stay", "the copper pan", "no light", "w1", "take the pan"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["do", "to", "takes", "needs", "see", "name", "p1", "p2", "base", "e1", "say"]), inner
        )
    ),
    max_leaves=15,
)


class SmallEngine:
    """The double of an engine that is not capable."""

    name, capable, is_weak = "a small model", False, True

    def answer(self, asks: Any, done: Any = None) -> list[Any]:
        return []


class ScriptedChat:
    """The double of a chat: it answers with the values in turn, then with the last of them again and again."""

    name = "a scripted chat"
    capable, is_weak, holds_lengths = True, False, False

    def __init__(self, *values: Any) -> None:
        self.values = [value if isinstance(value, str) else json.dumps(value) for value in values]
        self.count = 0

    def reply(self, *_: Any) -> ModelAnswer:
        self.count += 1
        return ModelAnswer(self.values[min(self.count, len(self.values)) - 1], True, 1)


@settings(max_examples=25, deadline=None)
@given(st.lists(json_values | st.text(max_size=40), min_size=1, max_size=6), st.integers(5, 9))
def test_any_answers_at_all_give_a_world(values: list[Any], states: int) -> None:
    result = DirectWriter(ScriptedChat(*values)).write(PREMISE, 1, states, frozenset(FEATURES), ignore)
    check(result.world, PREMISE, states)


def test_places_that_are_called_like_every_key_in_reserve_give_a_world() -> None:
    places = ["bunch of keys", "lamp", "coil of rope", "folded map"]
    names = {**storyteller.BASIS, "places": places, "things": []}
    result = DirectWriter(ScriptedChat(names, names, "no plan")).write("", 1, 6, frozenset(), ignore)
    check(result.world, "", 6)


@pytest.mark.parametrize(
    "changes",
    [
        {"who": "the gardener without a name"},
        {"who": "the shooting instructor"},
        {"places": ["blooming orchard", "food hall", "toy floor", "staff gate"]},
        {"things": ["a killing lantern", "a blooming rose"]},
        {"others": ["a killing guard", "nobody without a lamp"]},
        {"stake": "nothing is left and never will be"},
        {"goal": "to kill the blooming rose"},
    ],
)
def test_names_that_a_rule_forbids_give_a_world(changes: dict[str, Any]) -> None:
    basis = {**storyteller.BASIS, **changes}
    ending = {"name": "point of no return", "see": ["a lantern without oil"], "title": "Never again"}
    key_plan = {"k1": "a blooming rose", "k2": "a killing lantern", "w1": ending, "l1": {**ending, "name": "nothing"}}
    for premise in ("", "A shooting instructor without a name looks for a blooming rose in the killing fields."):
        result = DirectWriter(ScriptedChat(basis, basis, key_plan, key_plan, "x")).write(
            premise, 1, 6, frozenset(FEATURES), ignore
        )
        check(result.world, premise, 6)


def test_a_goal_is_told_in_the_plain_form_of_its_verb() -> None:
    for goal in ("to carry the key out", "the two rival chefs carry the key out"):
        basis, refusals = basis_reading.read({**storyteller.BASIS, "goal": goal}, "", 4)
        assert basis.goal == "carry the key out" and refusals == []


def test_wished_features_are_there_whatever_the_plan_says() -> None:
    result = DirectWriter(ScriptedChat(storyteller.BASIS, "no plan")).write(
        PREMISE, 1, 6, frozenset(("timers", "hidden")), ignore
    )
    timed = [event for event in result.world.to_dict()["scene"]["events"] if "autoAfterMs" in event]
    assert sorted(bool(event.get("to")) for event in timed) == [False, True] and all(e["hidden"] for e in timed)
    assert result.planned == "seed" and not any("of the plan were added" in note for note in result.prose.notes)


@pytest.mark.parametrize("name", ["m-1b", "m"])
def test_a_replay_uses_every_answer_that_is_remembered(name: str) -> None:
    memory = Memory()
    with serving(good) as server:
        chat = RememberingEngine(ChatEngine(endpoint(f"{server.url}#{name}")), memory)
        whole = DirectWriter(chat).write(PREMISE, 1, 6, frozenset(), ignore)
    place_keys = [key for key in memory.answers if "Write " in json.loads(key)[-1]["content"]]
    for key in place_keys[-2:]:
        del memory.answers[key]
    partial = DirectWriter(RememberingEngine(None, memory), may_be_silent=True).write(
        PREMISE, 1, 6, frozenset(), ignore
    )
    kept_addresses = [at for at, text in partial.prose.texts.items() if whole.prose.texts.get(at) == text]
    assert len(partial.prose.fallbacks) < len(whole.prose.texts) // 2 < len(kept_addresses)


def test_what_was_cut_by_its_length_is_remembered_and_what_broke_off_is_not() -> None:
    at_limit = ModelAnswer("{", False, 9, interruption="it was longer than 9 tokens", is_at_limit=True)
    broken = ModelAnswer("{", False, 9, interruption="it broke off")
    for answer, is_remembered in ((at_limit, True), (broken, False)):
        memory = Memory()
        chat = ScriptedChat("")
        chat.reply = lambda *_, answer=answer: answer  # type: ignore[method-assign, misc]
        RememberingEngine(chat, memory).reply(ChatRequest("You write.", [{"role": "user", "content": "Go on."}]))
        assert bool(memory.answers) == is_remembered


# ---- interrupts and going on -----------------------------------------------------------------------------


class Interruption:
    """An interrupt of a call once five of its eight questions are answered; the others are not while it goes on."""

    def __init__(self) -> None:
        self.is_over = threading.Event()

    def script(self, body: Body, number: int) -> Any:
        if number <= 5 or self.is_over.is_set():
            return good(body, number)
        self.is_over.wait(60)
        return None

    def run(self, server: Server) -> Interrupted:
        with pytest.raises(Interrupted) as error:
            generate_with_report(PREMISE, server.model, progress=self._stop)
        self.is_over.set()
        return error.value

    @staticmethod
    def _stop(done: int, total: int, what: str) -> None:
        if done >= 5:
            raise KeyboardInterrupt


def test_an_interrupt_gives_the_world_so_far_and_the_same_call_goes_on_from_there() -> None:
    interruption = Interruption()
    with serving(interruption.script) as server:
        interrupted = interruption.run(server)
        first_count = len(server.requests)
        partial_world, partial_report = interrupted.world, interrupted.report
        assert partial_world is not None and partial_report is not None
        check(partial_world, PREMISE, 6)
        assert partial_report.fallbacks and partial_report.by_model
        world, report = generate_with_report(PREMISE, server.model, progress=ignore)
        # those that were under way when it was interrupted are asked again
        assert len(server.requests) <= 8 + backend.MAX_CONCURRENT_PLACES < first_count + 8
    assert report.fallbacks == ()
    assert set(world.states) == set(partial_world.states)


def test_what_was_answered_before_an_interrupt_is_kept_while_the_endpoint_is_away() -> None:
    is_away, interruption = False, Interruption()

    def script(body: Body, number: int) -> Any:
        return (503, "{}") if is_away else interruption.script(body, number)

    with serving(script) as server:
        interruption.run(server)
        first_count = len(server.requests)
        is_away = True
        world, report = generate_with_report(PREMISE, server.model, progress=ignore)
        check(world, PREMISE, 6)
        assert report.fallbacks
        is_away, away_count = False, len(server.requests)
        _, report = generate_with_report(PREMISE, server.model, progress=ignore)
        assert report.fallbacks == ()
        assert len(server.requests) - away_count <= 8 + backend.MAX_CONCURRENT_PLACES - first_count
        finished_count = len(server.requests)
        generate_with_report(PREMISE, server.model, progress=ignore)
        assert len(server.requests) - finished_count == 8, "what was finished begins anew"


def test_who_watches_is_told_the_plan_and_every_text() -> None:
    texts: dict[Any, str] = {}
    plans: list[Any] = []

    class Watcher:
        def __call__(self, done: int, total: int, what: str) -> None: ...

        def planned(self, document: Any, texts: Any) -> None:
            plans.append((document(texts), texts))

        def wrote(self, at: Any, text: str) -> None:
            texts[at] = text

    with serving(good) as server:
        _, report = generate_with_report(PREMISE, server.model, progress=Watcher())
    [(planned_world, planned_texts)] = plans
    assert len(planned_world["scene"]["states"]) == 6 and set(planned_texts) == set(texts)
    assert len(texts) == report.written


# ---- features --------------------------------------------------------------------------------------------


def test_all_features_together_are_planned_and_proven() -> None:
    world, report, requests = generate_from(good, features=FEATURES)
    assert {"clock", "surprise"} <= set(schema_of(requests[1])["properties"])
    [mission] = world.missions
    assert 3 <= len(mission.objectives) <= 5
    granted_flags = {flag for event in world.events for flag in event.grants or ()}
    assert {objective.grants for objective in mission.objectives} <= granted_flags and mission.complete in granted_flags
    [win_id] = [id for id, state in world.states.items() if state.ending and state.ending.kind == "win"]
    route = wk.explore(world).route_to(win_id)
    assert route is not None
    session = wk.Session(world)
    for step in route.steps:
        session.fire(step.event)
    assert mission.complete in session.flags
    timed_events = [event for event in world.events if event.auto_after_ms]
    assert all(event.hidden for event in timed_events)
    [timer] = [event for event in timed_events if event.to]
    assert timer.to and world.states[timer.to].ending
    assert len(timed_events) == 2
    assert sum(bool(state.variants) for state in world.states.values()) == 2
    assert all(event.land_when for event in world.events if event.kind == "transition")
    assert report.fallbacks == ()


def test_a_feature_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="features: expected some of 'missions', 'timers'"):
        wk.generate(PREMISE, "templates", features=["mission"])


def test_features_that_only_a_capable_model_plans_are_left_out_and_the_report_says_so() -> None:
    _, report = generate_with_report(PREMISE, "templates", features=["timers"], progress=ignore)
    assert "timers: left out, because only a capable model plans them" in report.notes


def test_many_worlds_are_written_the_same_way_and_kept_apart_by_their_features(tmp_path: Any) -> None:
    out = tmp_path / "worlds.jsonl"
    with serving(good) as server:
        [plain] = wk.generate_many([PREMISE], server.model, out=out, progress=ignore)
        [with_missions] = wk.generate_many([PREMISE], server.model, features=["missions"], out=out, progress=ignore)
        count = len(server.requests)
        [again] = wk.generate_many([PREMISE], server.model, features=["missions"], out=out, progress=ignore)
        assert len(server.requests) == count
    assert plain.world and not plain.world.missions
    assert with_missions.world and with_missions.world.missions
    assert again.world == with_missions.world


# ---- the parts -------------------------------------------------------------------------------------------

PLACES = st.sampled_from(["p1", "p2", "p3", "p4", "w1", "l1", "stay"])
moves = st.fixed_dictionaries(
    {
        "do": st.sampled_from(
            ["take the pan", "go to the toy floor", "open the gate", "ring a bell", "climb the stair"]
        ),
        "to": PLACES,
        "takes": st.sampled_from(["none", "k1", "k2"]),
        "needs": st.lists(st.sampled_from(["k1", "k2"]), max_size=2),
    }
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(moves, max_size=4), min_size=4, max_size=4), st.integers(0, 5))
def test_any_moves_at_all_are_completed_to_a_plan_that_holds(moves_by_place: list[list[Body]], seed: int) -> None:
    plan_ids = ids(6)
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    data = {f"p{n}": {"see": [f"a lamp {n}"], "do": place_moves} for n, place_moves in enumerate(moves_by_place, 1)}
    plan_draft = draft.read(data, basis, plan_ids)
    plan, _ = completion.complete(plan_draft.plan, shape.draw_shape(plan_ids, random.Random(seed)))
    assert proof.problems(plan) == []


def test_an_id_that_is_cut_ends_in_a_whole_letter() -> None:
    plan = example._plan()
    long_name = f"{'a' * 23} {'b' * 23} ccc"
    places = tuple(replace(place, name=long_name) for place in plan.places)
    moves = tuple(replace(move, do=long_name) for move in plan.moves)
    long_plan = replace(plan, places=places, moves=moves, keys=dict.fromkeys(plan.keys, long_name))
    cut_name = f"{'a' * 23}_{'b' * 23}"
    numbers = range(2, 100)
    for made in (list(long_plan.state_ids.values()), list(long_plan.events), list(long_plan.flags().values())):
        assert made == [cut_name, *(f"{cut_name}_{number}" for number in numbers)][: len(made)]


@settings(max_examples=12, deadline=None)
@given(st.integers(5, 24), st.integers(0, 10_000), st.booleans())
def test_every_drawn_shape_holds(states: int, seed: int, is_weak: bool) -> None:
    plan_ids = ids(states)
    basis, _ = basis_reading.read(None, PREMISE, len(plan_ids.inner))
    plan, _ = completion.complete(
        draft.read(None, basis, plan_ids).plan, shape.draw_shape(plan_ids, random.Random(seed))
    )
    assert proof.problems(plan) == []
    assert draft.read(plan_form.as_answer(plan), basis, plan_ids).plan.moves == plan.moves


def example_passage(path: str) -> tuple[Passage, WorldPlan]:
    """Return a passage of the worked example."""
    plan = example._plan()
    [match] = [passage for passage in passages.passages(plan, plan.place("p4")) if passage.path == path]
    return match, plan


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("walk", "The driver wades on without a lamp.", "The driver wades on."),
        ("base", "Rain falls. Nobody is there. There is no light on the hill crossing. Rails shine in the grass.",
         "Rain falls. Nobody is there. Rails shine in the grass."),
        ("e1.hint", "Find the thing first.", "You need the brass switch key: look for it on the canal bridge."),
        ("e1.base", "The driver goes to w1 at last.", "The driver goes to the dry depot at last."),
    ],
)  # fmt: skip
def test_a_repair_changes_the_sentence_at_fault(path: str, text: str, expected: str) -> None:
    passage, plan = example_passage(path)
    repaired_text = repair_text(passage, text, plan, TextJudge())
    assert repaired_text == expected or (path == "base" and repaired_text.endswith(expected.split(". ", 2)[-1]))


def test_every_reason_of_a_refusal_is_known_when_a_model_repeats_it() -> None:
    tree = ast.parse(Path(direct_judge.__file__).read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    texts = [
        each for each in ast.walk(tree) if isinstance(each, ast.JoinedStr | ast.Constant) and id(each) not in parts
    ]
    reasons = {text for text in map(_with_words, texts) if text.startswith("it ") and text != "it is missing"}
    assert len(reasons) > 12
    assert [reason for reason in sorted(reasons) if not forbidden.repeats_question(reason.capitalize())] == []


def _with_words(node: ast.JoinedStr | ast.Constant) -> str:
    """Return a text of a program with words where values are put in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    put_in = {"len(text)": "10", "least": "40", "most": "200"}
    return "".join(
        str(part.value)
        if isinstance(part, ast.Constant)
        else put_in.get(ast.unparse(part.value), "'gate'" if part.conversion == 114 else "the gate")  # type: ignore[attr-defined]
        for part in node.values
    )


@pytest.mark.parametrize(
    "text",
    [
        "It has 10 characters, at least 40 are needed. You wrote: The rails of the hill crossing.",
        "It repeats what you were told about the switch on the hill crossing.",
        "The rails part in the grass of the hill crossing (gets the key).",
        "It is about the hill crossing, which is another place, where the rails part.",
    ],
)
def test_the_reason_of_a_refusal_is_no_text_and_is_not_repaired_into_one(text: str) -> None:
    passage, _ = example_passage("base")
    assert "it repeats what you were told about it" in TextJudge().faults(passage, text)
    answers = iter([text, text])

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "base" in answer and (echo := next(answers, "")):
            answer["base"] = echo
        return json.dumps(answer)

    world, _, _ = generate_from(script, size="-1b")
    assert not re.search(r"characters|wrote|were told|\(gets", world.to_json())


def test_a_text_loses_the_ends_of_sentences_that_are_those_of_the_worked_example() -> None:
    text = "The captain walks towards the sea, coat dripping. A gull, wet, cries over the mast."
    assert without_example_clauses(text, example.texts()) == (
        "The captain walks towards the sea. A gull, wet, cries over the mast."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Highroadbase.camera.static.",
        "Crater floor.",
        "You pull. The story is won!",
        "What is read under the title.",
        "The owl reads under that title.",
        "One Too Many is a subtitle for the story.",
        "It comes of this: take one thing too many.",
        "You spend the morning reading under the title 'A Short Rest'.",
    ],
)
def test_a_path_a_name_and_words_about_the_game_are_no_text(text: str) -> None:
    passage, _ = example_passage("say")
    assert TextJudge().faults(passage, text) != []


def test_what_can_be_carried_off_stands_only_where_it_is_taken() -> None:
    plan = replace(example._plan(), is_weak=False)
    key = plan.keys["k1"]
    source = plan.source("k1")
    for place in plan.places:
        passage = passages.passages(plan, place)[0]
        shows = f"Wide water under a low sky. {key.capitalize()} stands on {place.name} beside the rails, in the rain."
        assert any("does not belong here" in fault for fault in TextJudge().faults(passage, shows)) == (
            place != source and not place.ending
        )
    data = {"k1": "a copper pan", "p2": {"see": ["a shelf with a copper pan", "a stove"]}}
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    completed_plan, _ = completion.complete(
        draft.read(data, basis, ids(6)).plan, shape.draw_shape(ids(6), random.Random(1))
    )
    assert completed_plan.place("p2").sees == ("a stove",)
    assert not any("copper pan" in sight for place in completed_plan.places for sight in place.sees)


def test_nobody_of_the_worked_example_walks_into_another_world() -> None:
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    plan = draft.read({}, basis, ids(6)).plan
    passage, example_plan = example_passage("e1.say")
    text = "The driver goes back to the kitchen with the pan."
    strange_stems = example.strange_stems(plan)
    assert any("worked example" in fault for fault in TextJudge(strange_stems=strange_stems).faults(passage, text))
    assert example.strange_stems(example_plan) == frozenset()


def test_a_goal_is_something_to_do() -> None:
    goal = "all the clocks agree except one, and that one is right"
    basis, refusals = basis_reading.read({"goal": goal}, "All the clocks agree except one, and that one is right.", 3)
    assert basis.goal != goal and any(refusal.startswith("goal: ") for refusal in refusals)


def test_an_ending_asks_nothing() -> None:
    plan = example._plan()
    place = next(place for place in plan.places if place.ending)
    passage = next(passage for passage in passages.passages(plan, place) if passage.path == "subtitle")
    assert TextJudge().faults(passage, "You look at the compass. What do you do?") != []
    assert TextJudge().faults(passage, "You look at the compass, and it points home.") == []


SAILOR = "The captain refuses to speak, and the youngest sailor is chosen by lot to steal the chart from his cabin."


@pytest.mark.parametrize(
    ("premise", "hero"),
    [
        ("The line has been cut above the ranch of a widow, and a linesman has to repair it before the army marches.",
         "the linesman"),
        ("The station believes that its crew is out, and when a lost geologist knocks she must convince it.",
         "the lost geologist"),
        ("The river spirits have gone on strike, and a stubborn ferrywoman is sent upstream to the source.",
         "the stubborn ferrywoman"),
        ("A scarecrow stands one row closer to the farmhouse every morning.", "the scarecrow"),
        ("The moon has lost a button.", "the moon"),
        (SAILOR, "the youngest sailor"),
    ],
)  # fmt: skip
def test_the_hero_is_the_same_for_every_model(premise: str, hero: str) -> None:
    basis, refusals = basis_reading.read({"who": hero}, premise, 3)
    assert basis.who == hero and not any("somebody else" in refusal for refusal in refusals)
    assert basis_reading.read({}, premise, 3)[0].who == hero
    who = read_premise(premise, random.Random(1)).who
    # no template moves the moon, and somebody else asks about the scarecrow
    assert who in hero or hero in ("the moon", "the scarecrow")


def test_names_keep_their_capitals_and_other_words_do_not() -> None:
    answer = {
        "who": "Mara, a night nurse",
        "look": "Mara, a tall nurse in a blue coat, seen from behind.",
        "goal": "Find the ward key",
        "logline": "Mara must find the ward key before Doctor Hale does.",
        "places": ["the Linden House", "Stairwell", "linen room"],
        "others": ["Doctor Hale", "The porter"],
        "things": ["Hale's notebook", "A lamp"],
    }
    basis, _ = basis_reading.read(answer, "A night nurse must find the ward key.", 3)
    assert (basis.who, basis.goal) == ("Mara", "find the ward key")
    assert basis.places == ("Linden House", "stairwell", "linen room")
    assert basis.others == ("Doctor Hale", "the porter") and basis.things == ("Hale's notebook", "a lamp")
    plan_draft = draft.read({"k1": "Hale's notebook", "p1": {"see": ["The bell of Linden House"]}}, basis, ids(5))
    assert plan_draft.plan.keys["k1"] == "Hale's notebook"
    assert plan_draft.plan.places[0].sees == ("the bell of Linden House",)


@pytest.mark.parametrize("piece", ["Aa", "Aa ", "A ", " ", "Aa. ", "a-", "Aa-"])
def test_names_of_a_text_twice_as_long_take_about_twice_as_long_to_find(piece: str) -> None:
    def prepare(n: int) -> Callable[[], object]:
        text = piece * n
        return lambda: proper_names.__wrapped__((text,), (text,))

    assert growth(prepare, 1_000) <= MAX_GROWTH


def test_a_model_that_writes_every_word_with_a_capital_names_nobody() -> None:
    answer = {
        "who": "The Captain",
        "look": "A tall captain in a coat.",
        "places": ["Chart Room", "Captain's Cabin", "Ship's Bow"],
        "others": ["Young Sailor"],
        "things": ["Brass Key", "Compass"],
    }
    basis, _ = basis_reading.read(answer, "A captain must steal the chart.", 3)
    assert basis.who == "the captain" and basis.places == ("chart room", "captain's cabin", "ship's bow")
    assert basis.others == ("young sailor",) and basis.things == ("brass key", "compass")


def test_the_cabin_of_the_hero_is_another_place_however_it_is_called() -> None:
    basis, _ = basis_reading.read(
        {"who": "the captain", "places": ["captain's cabin", "chart room", "deck"]}, "A captain.", 3
    )
    plan = draft.read({"p2": {"see": ["a map"]}}, basis, ids(5)).plan
    passage = passages.passages(plan, plan.place("p2"))[0]
    assert any(
        "another place" in fault for fault in TextJudge().faults(passage, "A lamp in his cabin lights the chart room.")
    )


def test_a_text_takes_over_no_short_sentence_of_the_worked_example_and_none_in_another_number() -> None:
    passage, _ = example_passage("ambient1")
    judge = TextJudge(example.texts())
    assert judge.faults(passage, "The overhead wire hums and sways.") != []
    assert judge.faults(passage, "Rain runs down the lit window.") != []
    assert judge.faults(passage, "Rain drips from the signal arm.") == []


def test_a_thing_is_no_sentence() -> None:
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    data = {
        "k1": "the person is at the bottom of the pit",
        "p1": {"see": ["the shop is dark", "a bell that is cracked"]},
    }
    plan_draft = draft.read(data, basis, ids(6))
    assert plan_draft.plan.keys["k1"] == "a copper pan"
    assert plan_draft.plan.place("p1").sees == ("a bell that is cracked",)


def test_an_ending_in_which_a_model_sees_nothing_shows_a_thing_of_the_story() -> None:
    plan_ids = ids(6)
    basis, _ = basis_reading.read(storyteller.BASIS, PREMISE, 4)
    edges = shape.draw_shape(plan_ids, random.Random(1))
    plan, _ = completion.complete(draft.read({}, basis, plan_ids).plan, edges)
    story_things = {*basis.things, *basis.others}
    assert [place.sees for place in plan.places if not story_things.issuperset(place.sees)] == []


def test_plain_texts_pass_every_judgement() -> None:
    plan_ids = ids(9)
    basis, _ = basis_reading.read(None, PREMISE, len(plan_ids.inner))
    plan_draft = draft.read(None, basis, plan_ids, frozenset({"variants"}))
    plan, _ = completion.complete(plan_draft.plan, shape.draw_shape(plan_ids, random.Random(3)))
    for place in plan.places:
        for passage in passages.passages(plan, place):
            faults = [
                fault for fault in TextJudge(example.texts()).faults(passage, passage.plain) if "the same" not in fault
            ]
            assert faults == [], (passage.path, passage.plain)


def test_no_prompt_names_what_it_should_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_CHAT_KEY", "sk-very-secret-0123456789")
    _, _, requests = generate_from(good)
    assert not re.search("sk-very", json.dumps(requests))
