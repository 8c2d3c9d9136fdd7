"""The world of a strong model: labels, missions, evidence, and what its questions say of the story."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import worldkit as wk
from tests.generate.storyteller import good, kind_of
from tests.generate.strong_answers import PLAN, STRONG_PLAN, Body, read_plan, whole_plan
from tests.generate.test_direct import generate_from
from worldkit.generation.direct import (
    outline,
    passages,
    place_question,
    plan_form,
)
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.naming import kind_of_somebody, label_named, thing_seen
from worldkit.generation.direct.plan import MoveOutline, ids
from worldkit.generation.direct.prose import Prose
from worldkit.generation.planning.stock import Thing
from worldkit.generation.text.english import short_slug


def test_labels_and_the_description_are_the_words_of_the_model() -> None:
    world, _, requests = generate_from(good)
    planned = [body for body in requests if kind_of(body) == "plan"]
    answer = json.loads(good(planned[0]))
    labels = {move["do"] for id in ids(6).inner for move in answer[id]["do"]}
    assert {event.detail[0].lower() + event.detail[1:] for event in world.events if event.detail} <= labels
    logline = "Two cooks, one night, and a cat that knows the way."

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        return json.dumps({**answer, "logline": logline} if kind_of(body) == "basis" else answer)

    world, _, _ = generate_from(script)
    assert world.description == logline


def test_what_happens_by_itself_is_offered_to_nobody() -> None:
    world, _, _ = generate_from(good, features=["timers"])
    [timer] = [event for event in world.events if event.auto_after_ms]
    assert timer.hidden and timer.hotkey is None


def test_missions_are_told_in_words_of_their_own_one_for_each_way_to_win() -> None:
    world, _, requests = generate_from(good, states=10, features=["missions"])
    first, second = world.missions
    assert (first.title, second.title) == ("The way of carpets", "The way of hats")
    objectives = [*first.objectives, *second.objectives]
    assert all(objective.text.startswith("Learn more of the ") for objective in objectives)
    assert len({objective.id for objective in objectives}) == len(objectives)
    [question] = [body for body in requests if kind_of(body) == "objectives"]
    assert "leaves out what is found out or met on the way" in question["messages"][-1]["content"]


def test_each_win_completes_its_own_mission_and_no_other() -> None:
    world, _, _ = generate_from(good, states=10, features=["missions"])
    wins = [id for id, state in world.states.items() if state.ending and state.ending.kind == "win"]
    completed: list[list[int]] = []
    for win in wins:
        route = wk.explore(world).route_to(win)
        assert route is not None
        session = wk.Session(world)
        for step in route.steps:
            session.fire(step.event)
        completed.append([at for at, mission in enumerate(world.missions) if mission.complete in session.flags])
    assert sorted(completed) == [[0], [1]]


def test_of_too_many_objectives_the_use_of_a_key_is_left_out_first() -> None:
    plan_ids = ids(10)
    plan = read_plan(whole_plan(10), 10)
    way = (("p1", "p2", "k1"), ("p2", "p3", "k2"), ("p3", "p4", "k3"), ("p4", "w1", "k3"))
    moves = [MoveOutline(f"walk on {at}", at, to, needs=(key,)) for at, to, key in way]
    moves += [MoveOutline(f"take {key}", at, takes=key) for at, key in (("p1", "k1"), ("p2", "k2"), ("p3", "k3"))]
    plan = plan.with_moves(moves)
    assert len(plan_ids.keys) == 3
    takes, win = moves[4:], moves[3]
    assert set(outline.objective_moves(plan, "w1")) == {*takes, moves[2], win}


def test_a_short_way_to_win_has_no_objective_but_its_own_deeds() -> None:
    win = MoveOutline("walk out", "p2", "w1")
    plan = STRONG_PLAN.with_moves([MoveOutline("walk on", "p1", "p2"), win])
    assert outline.objective_moves(plan, "w1") == [win]


def test_of_too_many_keys_to_get_the_earliest_is_no_objective() -> None:
    keys = ("k1", "k2", "k3", "k4", "k5")
    plan = replace(STRONG_PLAN, keys={key: f"a lamp {key}" for key in keys})
    takes = [MoveOutline(f"take {key}", "p1", takes=key) for key in keys]
    chain = [replace(move, needs=before) for move, before in zip(takes, ((), *((key,) for key in keys)), strict=False)]
    win = MoveOutline("walk out", "p1", "w1", needs=(keys[-1],))
    assert outline.objective_moves(plan.with_moves([*chain, win]), "w1") == [*chain[1:], win]


def test_an_ending_lists_nothing_that_is_carried_and_a_place_does() -> None:
    carries = "The tram driver carries the signal lamp."
    for plan in (PLAN, STRONG_PLAN):
        questions = [place_question.question(plan, plan.place(id), ("k1",)) for id in ("p4", "w1")]
        assert [carries in question for question in questions] == [True, plan.is_weak]


def test_an_ending_is_told_what_may_be_known_by_then_so_that_it_denies_none_of_it() -> None:
    plan = replace(STRONG_PLAN, learned=frozenset(("k2",)))
    question = place_question.question(plan, plan.place("l1"), ("k1",), ("k2",))
    assert "The tram driver may know the brass switch key." in question and "carry" not in question


def test_a_move_whose_key_everybody_holds_is_not_called_locked() -> None:
    for always, is_locked in ((("k1",), True), (("k1", "k2"), False)):
        question = place_question.question(STRONG_PLAN, STRONG_PLAN.place("p4"), always)
        assert ("locked: needs the brass switch key" in question) == is_locked
        assert ("needs the brass switch key, held by then" in question) != is_locked


def test_what_everybody_holds_by_then_has_no_hint_in_the_world() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            for id in ids(6).inner:
                answer[id]["do"] = [move | {"needs": []} for move in answer[id]["do"]]
            key = next(move["takes"] for move in answer["p1"]["do"] if move["takes"] != "none")
            answer["p1"]["do"] = [
                move if move["to"] == "stay" else move | {"needs": [key]} for move in answer["p1"]["do"]
            ]
            answer["p2"]["do"].append({"do": "hold it up to the light", "to": "stay", "takes": "none", "needs": [key]})
        return json.dumps(answer)

    world, report, _ = generate_from(script)
    hints = {event.name: event.locked_hint for event in world.events if event.requires}
    assert hints.pop("hold_it_up_to_the_light") is None and all(hints.values()) and hints
    assert not any("hold_it_up" in text for text in report.fallbacks)


def test_a_clock_is_told_with_its_time_and_that_it_begins_anew() -> None:
    clock = MoveOutline("the water rises", "p2", "l1", after_s=90)
    plan = STRONG_PLAN.with_moves([*STRONG_PLAN.moves, clock])
    question = place_question.question(plan, plan.place("p2"))
    assert "happens by itself after 90 seconds here, counted anew on each visit" in question
    assert "counted anew on each visit" in plan_form.question(plan.basis, plan.ids, (), frozenset(("timers",)))


def test_evidence_is_a_thing_and_no_name() -> None:
    data = whole_plan()
    data["p1"]["see"] = ["Osip the doorkeeper on his stool", "a carved reception desk with a brass bell"]

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            answer["p1"]["see"] = data["p1"]["see"]
        return json.dumps(answer)

    world, _, _ = generate_from(script, features=["evidence"])
    assert world.states[world.entrance.state].arrive_label == "carved reception desk"


def test_an_ending_is_told_what_leads_to_it_and_a_losing_move_where_it_ends() -> None:
    loss = PLAN.place("l1")
    assert "push on through the deep water (at the market street)" in place_question.question(PLAN, loss)
    assert f'the story is lost in the {loss.name}: "{loss.title}"' in place_question.question(PLAN, PLAN.place("p2"))


def test_the_opening_is_asked_for_what_is_at_stake() -> None:
    assert "what is at stake" in place_question.question(PLAN, PLAN.place("p1"))
    assert "what is at stake" not in place_question.question(PLAN, PLAN.place("p2"))


@pytest.mark.parametrize(("size", "is_kept"), [("", False), ("-70b", False), ("-1b", True)])
def test_only_a_model_that_falls_into_loops_is_kept_from_repeating(size: str, is_kept: bool) -> None:
    _, _, requests = generate_from(good, size=size)
    assert all(("frequency_penalty" in body) == is_kept for body in requests)


def test_the_world_of_the_worked_example_has_no_errors() -> None:
    prose = Prose()
    prose.fill(passages.all_passages(PLAN))
    assert not wk.load(document(PLAN, prose.texts)).lint().errors


@pytest.mark.parametrize(
    ("text", "longest", "id"),
    [
        ("follow her keys through the lobby to the ballroom", 48, "follow_her_keys_through_the_lobby"),
        ("the key to the cellar", 16, "the_key"),
        ("the key to the cellar", 21, "the_key_to_the_cellar"),
        ("a" * 60, 48, "a" * 48),
        ("one two three", 7, "one_two"),
        ("to the top", 7, "to_the"),
    ],
)
def test_an_id_that_is_cut_ends_with_a_whole_word_that_leads_to_nothing(text: str, longest: int, id: str) -> None:
    assert short_slug(text, longest) == id


def test_no_id_of_a_strong_world_ends_in_the_air() -> None:
    do = "carry the lamp past the sleeping guards and into the hall of mirrors"

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            for move in answer["p1"]["do"]:
                move["do"] = do if move["to"] == "stay" else move["do"]
        return json.dumps(answer)

    world, _, _ = generate_from(script, features=["missions"])
    ids = [*world.states, *world.events_by_name, *(o.id for mission in world.missions for o in mission.objectives)]
    assert not [id for id in ids if id.rpartition("_")[2] in {"the", "and", "into", "of"}]


@pytest.mark.parametrize(
    ("sight", "label"),
    [
        ("a letter lying on the desk", "letter"),
        ("the the letter from her mother", "letter"),
        ("all the letters on the wall", "letters"),
        ("her own portrait, half burned", "portrait"),
        ("a desk covered in dust", "desk"),
        ("a clock showing ten", "clock"),
        ("an engine cold to the touch", "engine"),
        ("candle stubs along the rail", "candle stubs"),
        ("a heap of letters tied with string", "heap of letters"),
        ("a great bronze bell, cracked - and silent", "great bronze bell"),
        ("the captain's coat, its sleeves tied", "captain's coat"),
        ("what is left of the pier", ""),
        ("a row of roasting hearths", "row of roasting hearths"),
    ],
)
def test_the_label_of_what_is_seen_is_the_thing_itself(sight: str, label: str) -> None:
    assert thing_seen(sight) == label


def test_two_places_are_known_by_different_things() -> None:
    see = {"p1": ["a door painted red", "a stove"], "p2": ["a door lying flat", "a tin train"]}

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            for id, sights in see.items():
                answer[id]["see"] = sights
        return json.dumps(answer)

    world, _, _ = generate_from(script, features=["evidence"])
    labels = [state.arrive_label for state in world.states.values()]
    assert {"door", "tin train"} <= set(labels) and len(set(labels)) == len(labels)


def test_what_leads_to_a_loss_is_told_step_by_step_by_a_strong_model() -> None:
    for size, kinds in (("", {"win", "lose"}), ("-1b", {"win"})):
        world, report, _ = generate_from(good, size=size, features=["timers"])
        told = [event for event in world.events if event.phases]
        ending_events = {event.name for event in world.events if event.to and world.states[event.to].ending}
        assert {world.states[event.to or ""].ending.kind for event in told} == kinds  # type: ignore[union-attr]
        assert ({event.name for event in told} == ending_events) == (size == "") and not report.fallbacks


@pytest.mark.parametrize(
    ("do", "label"),
    [
        ("take the red log from the desk", "desk"),
        ("pull the telegram from the strongbox", "open strongbox"),
        ("follow the copper wire down", "bare copper wire"),
        ("ask Odo Finch who is awake", "Odo Finch"),
        ("turn the wheel", "ship's wheel"),
        ("count the stars", ""),
    ],
)
def test_every_deed_whose_thing_is_seen_there_is_done_by_clicking_the_thing_itself(do: str, label: str) -> None:
    sights = ("a desk with an open strongbox", "a ship's wheel lashed with rope", "a bare copper wire tied to the yard")
    assert label_named(do, (*sights, "Odo Finch stirring cocoa")) == label


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Agathe", "bear"), ("Corporal Jost", "boy soldier"), ("Odo Finch", "Odo Finch"), ("bear wagon", "bear wagon")],
)
def test_a_picture_is_searched_for_what_somebody_is_since_nobody_is_known_by_name(label: str, kind: str) -> None:
    others = ("Agathe the bear, brown and broad as a sofa", "Corporal Jost, a boy soldier with frozen ears")
    assert kind_of_somebody(label, others) == kind
    sight, do = f"{label} by the door", f"talk to {label} at length"
    place = replace(STRONG_PLAN.places[0], props=(Thing(sight),))
    move = MoveOutline(do, "p1")
    plan = replace(STRONG_PLAN, basis=replace(STRONG_PLAN.basis, others=others), places=(place, *PLAN.places[1:]))
    plan = plan.with_moves([move, *PLAN.moves])
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    raw = document(plan, prose.texts, ["evidence"])
    assert raw["scene"]["states"][plan.state_ids["p1"]]["arriveLabel"] == kind
    assert raw["scene"]["events"][0]["anchor"]["label"] == kind


def test_what_is_locked_is_to_keep_its_secret_since_it_is_read_before_it_opens() -> None:
    question = plan_form.question(STRONG_PLAN.basis, STRONG_PLAN.ids, STRONG_PLAN.moves)
    assert "what is locked is read from the beginning, so its do gives nothing away" in question


def test_a_thing_has_one_label_where_it_is_looked_for_and_where_it_is_clicked() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            answer["p1"]["see"] = ["a desk with an open strongbox"]
            answer["p1"]["do"].append(
                {"do": "search the desk of the hall", "to": "stay", "takes": "none", "needs": "none"}
            )
        if "base" in answer:
            answer["base"] += " A desk stands by the wall."
        return json.dumps(answer)

    world, _, _ = generate_from(script, features=["evidence"])
    [search] = [event for event in world.events if event.detail and event.detail.startswith("Search the desk")]
    assert search.anchor and search.anchor.label == world.states[world.entrance.state].arrive_label == "desk"


def test_a_base_is_asked_to_hold_before_and_after_what_changes_its_place() -> None:
    lines = [place_question.question(STRONG_PLAN, STRONG_PLAN.place(id)) for id in ("p1", "p4", "w1")]
    assert ["base holds before and after e1:" in line for line in lines] == [True, False, False]


def test_the_first_line_is_told_to_come_again_where_one_can_return() -> None:
    again = "It is read again on every return, and holds then, too."
    one_way = STRONG_PLAN.with_moves([move for move in PLAN.moves if move.to != "p1"])
    for plan, is_told in ((STRONG_PLAN, True), (PLAN, False), (one_way, False)):
        assert (again in place_question.question(plan, plan.place("p1"))) == is_told


def test_every_way_to_a_place_that_is_written_is_shown_shortened_and_with_its_place() -> None:
    ways = [MoveOutline(f"walk down {number}", at, "p4") for number, at in enumerate(("p1", "p2", "p3", "p2", "p1"))]
    plan = STRONG_PLAN.with_moves([*PLAN.moves, *ways])
    texts = {move: f"Way {number} goes down. {'The rain falls on it. ' * 20}" for number, move in enumerate(ways)}
    question = place_question.question(plan, plan.place("p4"), move_texts=texts)
    [line] = [line for line in question.splitlines() if line.startswith("What was written of the way here")]
    assert all(f"Way {number} goes down." in line for number in range(5)) and len(line) < 1_400
    assert "from the market street: Way 1" in line


def test_the_only_way_to_a_place_is_shown_whole() -> None:
    way = MoveOutline("walk down", "p2", "p4")
    text = f"{'The rain falls on it. ' * 30}The boy calls."
    plan = STRONG_PLAN.with_moves([*PLAN.moves, way])
    assert text in place_question.question(plan, plan.place("p4"), move_texts={way: text})


def test_what_ends_the_story_is_not_shown_as_what_came_before_and_no_text_is_shown_twice() -> None:
    end = MoveOutline("give the clerk the key", "p3", "l1", needs=("k2",))
    way = MoveOutline("walk down", "p3", "p4", needs=("k2", "k1"))
    plan = STRONG_PLAN.with_moves([*PLAN.moves, end, way])
    question = place_question.question(plan, plan.place("p4"), move_texts={end: "The clerk grins.", way: "Down it is."})
    assert "The clerk grins." not in question and question.count("Down it is.") == 1


def test_what_really_happened_may_come_out_where_the_story_is_won() -> None:
    plan = replace(STRONG_PLAN, basis=replace(STRONG_PLAN.basis, truth="The clerk sold the pumps."))
    lines = [place_question.question(plan, plan.place(id)) for id in ("p4", "w1", "l1")]
    assert ["which may come out here: The clerk sold the pumps." in line for line in lines] == [False, True, False]
    assert ["it stays untold: The clerk sold the pumps." in line for line in lines] == [False, False, True]


def test_a_hint_need_not_name_the_place_where_one_is() -> None:
    moves = [*PLAN.moves, *(MoveOutline("row on", "p3", "p4", needs=(key,)) for key in ("k1", "k2"))]
    plan = STRONG_PLAN.with_moves(moves)
    hints = [text for text in passages.passages(plan, plan.place("p3")) if text.form == "hint"]
    assert [[*text.names] for text in hints] == [[plan.source("k1").name], []]


@pytest.mark.parametrize("sight", ["Mrs. Gage at her ledger", "Mr. Vane bent over the gate", "Dr. Okafor, asleep"])
def test_a_title_is_part_of_a_label(sight: str) -> None:
    assert thing_seen(sight) == " ".join(sight.replace(",", "").split()[:2])


def test_two_moves_to_one_ending_may_be_seen_to_end_alike() -> None:
    step = next(text for text in passages.passages(STRONG_PLAN, STRONG_PLAN.place("p4")) if "phases.1" in text.at[2])
    for is_weak in (False, True):
        judge = TextJudge(is_weak=is_weak)
        judge.accept(("event", "other", "phases.1.base"), "The tram rolls in.")
        assert ("it is the same as other.phases.1.base" in judge.faults(step, "The tram rolls in.")) == is_weak
