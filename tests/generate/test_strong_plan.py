"""What a strong model plans is played as it planned it, and what it lacks goes back to it."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from tests.generate import storyteller
from tests.generate.server import serving
from tests.generate.storyteller import PREMISE, good, kind_of
from tests.generate.strong_answers import PLAN, STRONG_PLAN, Body, basis_of, passage, read_plan, whole_plan
from tests.generate.test_direct import generate_from
from worldkit.core.progress import ignore
from worldkit.generation.direct import (
    basis_reading,
    completion,
    draft,
    example,
    outline,
    passages,
    place_question,
    plan_form,
    proof,
    shape,
)
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.plan import MoveOutline, ids
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.repair import repair_text
from worldkit.generation.direct.writer import DirectWriter
from worldkit.generation.engines.base import ChatRequest, ModelAnswer, OnText
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.memory import Memory, RememberingEngine
from worldkit.generation.planning.stock import Thing
from worldkit.model_access.endpoint import endpoint


def test_a_plan_that_holds_is_played_as_it_is() -> None:
    answer = whole_plan(8)
    plan = read_plan(answer, 8)
    assert proof.problems(plan) == []
    completed_plan, changes = completion.complete(plan, shape.draw_shape(ids(8), random.Random(9)))
    assert changes == 0 and {move.do for move in completed_plan.moves} == {move.do for move in plan.moves}


def test_what_a_strong_model_sees_of_the_place_itself_or_twice_stays_and_absence_is_cut_off() -> None:
    answer = whole_plan(6)
    place = basis_of(6).places[1]
    answer["p2"]["see"] = [f"the {place} under running water", "a tall clock"]
    answer["p3"]["see"] = ["a tall clock", "Mr. Vane without his coat"]
    plan = read_plan(answer, is_weak=False)
    assert plan.place("p2").sees == (f"the {place} under running water", "a tall clock")
    assert plan.place("p3").sees == ("a tall clock", "Mr. Vane")


def test_where_all_that_is_free_but_a_loss_has_an_anchor_one_deed_has_its_button() -> None:
    # the hosted platform counts what has an anchor as no way out of a trap
    place = replace(PLAN.place("p2"), props=(Thing("a stall"),))
    others = [move for move in PLAN.moves if move.at != "p2"]
    here = [MoveOutline("wait too long", "p2", "l1"), MoveOutline("search the stall", "p2")]
    here += [MoveOutline("go on with the lamp", "p2", "p3", needs=("k1",)), MoveOutline("lift the stall", "p2")]
    places = tuple(place if each.id == "p2" else each for each in PLAN.places)
    plan = replace(PLAN, places=places, moves=(*others, *here))
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    events = {event["name"]: event for event in document(plan, prose.texts)["scene"]["events"]}
    assert "anchor" not in events["search_the_stall"] and events["lift_the_stall"]["anchor"]["label"] == "stall"


def test_each_lost_ending_may_have_a_move_of_its_own_in_a_small_world() -> None:
    plan = read_plan(whole_plan(8), 8)
    losing_moves = [MoveOutline(f"ring bell {id}", at, id) for at, id in (("p2", "l1"), ("p3", "l2"))]
    kept_moves = [move for move in plan.moves if plan.kind(move) != "lose"]
    completed_plan, _ = completion.complete(plan.with_moves([*kept_moves, *losing_moves]), ())
    assert set(losing_moves) <= set(completed_plan.moves)


def test_a_clock_leads_to_the_lost_ending_that_the_plan_names_beside_another_move_to_it() -> None:
    features = frozenset({"timers"})
    clock = {"at": "p2", "what": "the soup boils over", "seconds": 60, "to": "l2"}
    assert plan_form.schema(ids(8), features)["properties"]["clock"]["properties"]["to"] == {
        "type": "string", "enum": ["l1", "l2"],
    }  # fmt: skip
    plan = read_plan(whole_plan(8, clock=clock), 8, features)
    [timed] = [move for move in plan.moves if move.after_s]
    assert timed.to == "l2"
    other_moves = [move for move in plan.moves if plan.kind(move) != "lose" or move.to == "l1"]
    with_both = plan.with_moves([*other_moves, timed, MoveOutline("drink the soup", "p2", "l2")])
    completed_plan, _ = completion.complete(with_both, ())
    assert {timed, MoveOutline("drink the soup", "p2", "l2")} <= set(completed_plan.moves)
    assert plan_form.as_answer(completed_plan)["clock"]["to"] == "l2"


@pytest.mark.parametrize("do", ["lift the hinged roof of the model", "find the loose stair", "get the crowd singing"])
def test_only_what_is_carried_off_is_looked_at_instead(do: str) -> None:
    body = {"see": ["a shelf"], "do": [{"do": do, "to": "stay"}]}
    assert read_plan({"p1": body}).moves[0].do == do


def test_a_key_may_be_got_in_words_that_do_not_say_what_it_is() -> None:
    do = "reach between the strings for what chokes the low note"
    answer = whole_plan(k1="a key with a burned tag")
    for id in ids(6).inner:
        for move in answer[id]["do"]:
            if move["takes"] == "k1":
                move["do"] = do
    completed_plan, _ = completion.complete(read_plan(answer), ())
    assert [move.do for move in completed_plan.moves if move.takes == "k1"] == [do]


def test_something_learned_opens_a_way_and_is_neither_seen_nor_carried() -> None:
    answer = whole_plan(k1="what the porter has been hiding", learned=["k1"])
    for id in ids(6).inner:
        for move in answer[id]["do"]:
            if move["takes"] == "k1":
                move["do"] = "ask the porter about the night"
    strong_plan = read_plan(answer, is_weak=False)
    plan, _ = completion.complete(strong_plan, ())
    assert plan.learned == {"k1"}
    source = plan.source("k1")
    assert "(learns what the porter has been hiding)" in place_question.question(plan, source)
    after = next(place for place in plan.places if place != source)
    assert "know what the porter has been hiding." in place_question.question(plan, after, ["k1"])
    assert "hiding" not in "".join(passage.plain for passage in passages.passages(plan, source)[:7])
    assert plan_form.as_answer(plan)["learned"] == ["k1"]
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    [learning] = [
        event for event in document(plan, prose.texts)["scene"]["events"] if event.get("grants") == [plan.flags()["k1"]]
    ]
    assert learning["oneShot"] and "anchor" not in learning


def test_what_is_learned_may_be_told_with_words_of_absence() -> None:
    assert read_plan(whole_plan(k1="what Hesper never told", learned=["k1"]), is_weak=False).learned == {"k1"}


def test_a_move_that_no_picture_may_show_is_refused_with_the_word() -> None:
    moves = [{"do": "say thief to his face with nothing in your hands", "to": "l1"}]
    basis = basis_of(6)
    plan_draft = draft.read({"p1": {"see": ["a shelf"], "do": moves}}, basis, ids(6), is_weak=False)
    assert any("it says 'nothing'" in refusal for refusal in plan_draft.refusals)


def test_a_deed_that_leads_on_may_shoot_a_bolt_and_one_on_the_spot_may_not() -> None:
    for to, is_kept in (("p2", True), ("stay", False)):
        moves = [{"do": "shoot the bolt home and climb on", "to": to}]
        answer = {"p1": {"see": ["a shelf"], "do": moves}}
        plan_draft = draft.read(answer, basis_of(6), ids(6), is_weak=False)
        assert bool(plan_draft.plan.moves) == is_kept
        assert any("it says 'shoot'" in refusal for refusal in plan_draft.refusals) != is_kept


def test_a_title_that_is_too_long_goes_back() -> None:
    title = "The Whole Village Breaks Its Bread Together Before the Bell"
    basis = basis_of(6)
    answer = {"w1": {"name": "market square", "see": ["a bell"], "title": title}}
    refusals = draft.read(answer, basis, ids(6)).refusals
    assert f"w1.title: it has {len(title)} characters, and at most 48 fit" in refusals


def test_somebody_who_is_named_can_be_clicked_and_a_deed_is_done_once() -> None:
    answer = whole_plan()
    answer["p1"]["see"] = ["Osip roped to a mooring post", "a stack of crates"]
    answer["p1"]["do"][-1] = {"do": "break bread with Osip", "to": "stay"}
    plan, _ = completion.complete(read_plan(answer, is_weak=False), shape.draw_shape(ids(6), random.Random(5)))
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    events = {event["detail"]: event for event in document(plan, prose.texts)["scene"]["events"]}
    deed = events["Break bread with Osip"]
    assert deed["anchor"]["label"] == "Osip" and deed["oneShot"]


def test_an_abstract_name_of_the_premise_is_put_among_no_things() -> None:
    data = {**storyteller.BASIS, "logline": "Every loaf tells one true secret."}
    data["things"] = ["a warm loaf", "an iron oven", "a flour sack"]
    basis, _ = basis_reading.read(data, "A baker finds that every loaf tells one true secret.", 4)
    assert basis.things == ("a warm loaf", "an iron oven", "a flour sack")


@pytest.mark.parametrize("states", range(5, 25))
@pytest.mark.parametrize("is_weak", [True, False])
def test_a_suggested_shape_keeps_to_the_schema_and_uses_every_key(states: int, is_weak: bool) -> None:
    plan_ids = ids(states)
    for seed in range(20):
        moves = shape.draw_shape(plan_ids, random.Random(seed))
        assert max(Counter(move.at for move in moves).values()) <= shape.SHAPE_MOVES
        assert {key for move in moves for key in move.needs} == set(plan_ids.keys)


def test_larger_worlds_can_be_won_in_two_ways_and_chapters_follow_their_own_end() -> None:
    assert [len(ids(states).wins) for states in (6, 9, 10, 24)] == [1, 1, 2, 3]
    assert len(ids(10, is_chapter=True).wins) == 1


def test_keys_and_wins_of_a_strong_plan_grow_with_its_size() -> None:
    sizes = (9, 10, 14, 15, 19, 20, 24)
    counts = [(len(plan_ids.keys), len(plan_ids.wins)) for n in sizes for plan_ids in [ids(n)]]
    assert counts == [(2, 1), (3, 2), (3, 2), (5, 2), (5, 2), (6, 3), (6, 3)]


@pytest.mark.parametrize(
    "move",
    [
        MoveOutline("signal the toy floor with the lamp shutter", "p1"),
        MoveOutline("climb down the rope beside the stair", "p1", "p2"),
        MoveOutline("see the tide out and walk on", "p1", "p3"),
        MoveOutline("leave by the window", "p3", "l1"),
        MoveOutline("drink the last cup", "p4", "l1"),
        MoveOutline("walk out of the front door", "p2", "w1"),
    ],
)
def test_no_move_of_a_strong_plan_that_holds_is_dropped_or_told_in_other_words(move: MoveOutline) -> None:
    plan = read_plan(whole_plan(), is_weak=False)
    longer_plan = plan.with_moves([*plan.moves, move])
    completed_plan, changes = completion.complete(longer_plan, ())
    assert changes == 0 and set(completed_plan.moves) == {*plan.moves, move}


def test_the_same_words_may_lead_back_from_two_places() -> None:
    answer = whole_plan()
    for id in ("p2", "p3"):
        for move in answer[id]["do"]:
            if move["to"] == "p1":
                move["do"] = "return to the light of the lobby"
    plan = read_plan(answer, is_weak=False)
    completed_plan, changes = completion.complete(plan, shape.draw_shape(ids(6), random.Random(9)))
    assert changes == 0 and set(completed_plan.moves) == set(plan.moves)


@pytest.mark.parametrize(("states", "places"), [(10, 1), (12, 2), (14, 2)])
def test_the_moves_of_a_large_plan_that_was_cut_off_stay(states: int, places: int) -> None:
    plan = read_plan(whole_plan(states), states)
    cut_plan = plan.with_moves([move for place in plan.places[:places] for move in plan.at(place.id)])
    completed_plan, _ = completion.complete(cut_plan, shape.draw_shape(ids(states), random.Random(9)))
    assert proof.problems(completed_plan) == [] and set(cut_plan.moves) <= set(completed_plan.moves)


def test_code_adds_no_move_that_a_strong_plan_holds_without() -> None:
    plan = read_plan(whole_plan(), is_weak=False)
    way_back = next(move for move in plan.moves if move.at == "p2" and move.to == "p1")
    cut_plan = plan.with_moves([move for move in plan.moves if move != way_back])
    completed_plan, changes = completion.complete(cut_plan, shape.draw_shape(ids(6), random.Random(5)))
    added_edges = [move.edge for move in completed_plan.moves if move not in cut_plan.moves]
    assert changes == 1 and added_edges == [way_back.edge]


def test_a_thing_is_taken_in_one_place_and_the_other_goes_back() -> None:
    answer = whole_plan()
    answer["p4"]["do"].append({"do": "lift the copper pan from a hook", "to": "stay", "takes": "k1"})
    plan_draft = draft.read(answer, basis_of(6), ids(6), is_weak=False)
    assert len([move for move in plan_draft.plan.moves if move.takes == "k1"]) == 1
    assert any("the copper pan is taken at" in refusal for refusal in plan_draft.refusals)


def test_a_learned_key_takes_no_sight_away() -> None:
    answer = whole_plan(k1="the name", learned=["k1"])
    answer["p3"]["see"] = ["a brass name plate", "a wall of name cards"]
    plan, _ = completion.complete(read_plan(answer, is_weak=False), ())
    assert plan.place("p3").sees == ("a brass name plate", "a wall of name cards")


def test_nothing_happens_by_itself_that_was_not_asked_for() -> None:
    event = {"at": "p2", "what": "the night guard finds them", "seconds": 45, "to": "l1"}
    plan = read_plan(whole_plan(clock=event, surprise=event), is_weak=False)
    assert not any(move.after_s for move in plan.moves)


def test_the_list_of_learned_keys_ends() -> None:
    assert plan_form.schema(ids(6))["properties"]["learned"]["maxItems"] == 2


@pytest.mark.parametrize("kind", ["basis", "plan", "place", "objectives"])
def test_json_that_is_nested_too_deeply_is_no_answer(kind: str) -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == kind:
            answer["learned"] = answer["look"] = json.loads("[" * 600 + "]" * 600)
        return json.dumps(answer)

    world, _, _ = generate_from(script, features=["missions"])
    assert world.missions


def test_a_weak_model_is_remembered_as_one() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan":
            for id in ids(6).inner:
                for move in answer[id]["do"]:
                    move["do"] = move["do"].replace("walk from", "look from")
        return json.dumps(answer)

    memory = Memory()
    with serving(script) as server:
        engine = RememberingEngine(ChatEngine(endpoint(f"{server.url}#parrot-1b")), memory)
        first = DirectWriter(engine).write(PREMISE, 1, 6, frozenset(), ignore)
    again = DirectWriter(RememberingEngine(None, memory), may_be_silent=True).write(PREMISE, 1, 6, frozenset(), ignore)
    assert again.world == first.world and memory.is_weak


class StoppedAtObjectives:
    """A chat that is interrupted when it is asked for the objectives: the double of a user who presses Stop."""

    name = "a chat that is stopped"
    capable, is_weak, holds_lengths = True, False, False

    def reply(self, request: ChatRequest, on_text: OnText = lambda _: None) -> ModelAnswer:
        """Answer well, or be interrupted."""
        body = {"messages": list(request.messages), "response_format": {"json_schema": {"schema": request.schema}}}
        if kind_of(body) == "objectives":
            raise KeyboardInterrupt
        return ModelAnswer(good(body), True, 10)


def test_an_interrupt_at_the_objectives_keeps_the_plan_of_the_model() -> None:
    memory, features = Memory(), frozenset({"missions"})
    with pytest.raises(KeyboardInterrupt):
        DirectWriter(RememberingEngine(StoppedAtObjectives(), memory)).write(PREMISE, 1, 6, features, ignore)
    remembered = RememberingEngine(None, memory)
    result = DirectWriter(remembered, may_be_silent=True).write(PREMISE, 1, 6, features, ignore)
    assert result.planned == "model" and result.world.missions


@pytest.mark.parametrize("text", ["Kill the guard and shoot the king", "杀死守卫", "https://example.org/"])
def test_an_objective_is_words_that_the_rules_allow(text: str) -> None:
    plan = outline.with_mission_words(STRONG_PLAN, {"w1": {"o1": text, "title": "Home"}})
    assert text not in plan.missions[0].objectives.values()


def test_a_strong_text_that_is_only_too_long_is_shortened() -> None:
    text = "You were told to leave it. " + "Rain runs down the lit windows and wires hum over the tram. " * 4
    judge = TextJudge(example.texts(), is_weak=False)
    assert repair_text(passage("say"), text, STRONG_PLAN, judge).startswith("You were told to leave it.")


@pytest.mark.parametrize(
    ("who", "expected", "fact"),
    [
        ("The Four, thieves of the quay", "The Four", ()),
        ("Mara, Odo and Ilse", "Mara, Odo and Ilse", ()),
        ("Ines Tarrow, who keeps the tide", "Ines Tarrow", ()),
        ("Ines Tarrow, the tide clerk", "Ines Tarrow", ("Ines Tarrow is the tide clerk.",)),
    ],
)
def test_what_a_hero_is_is_a_fact_only_where_it_is_a_noun(who: str, expected: str, fact: tuple[str, ...]) -> None:
    look = f"{who.split(',')[0]} in a long grey coat, seen from behind."
    basis, _ = basis_reading.read({**storyteller.BASIS, "who": who, "look": look}, "The tide forgot to turn.", 4)
    assert (basis.who, basis.facts) == (expected, fact)


def test_what_a_strong_plan_lacks_goes_back_before_code_fills_it() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "plan" and "This cannot be taken" not in body["messages"][-1]["content"]:
            answer["k1"] = "the man is in the pit"
        return json.dumps(answer)

    world, report, requests = generate_from(script)
    assert sum(kind_of(body) == "plan" for body in requests) == 2 and not report.notes
    assert any("copper pan" in (event.detail or "") for event in world.events)


def test_a_key_that_is_held_by_everybody_who_gets_stuck_is_not_the_reason() -> None:
    moves = [
        MoveOutline("take the lamp", "p1", takes="k1"),
        MoveOutline("walk down", "p1", "p2", needs=("k1",)),
        MoveOutline("wade on", "p2", "p3"),
        MoveOutline("light the way home", "p3", "w1", needs=("k2",)),
        MoveOutline("take the switch key", "p1", takes="k2"),
    ]
    [stuck] = {message for message in proof.problems(PLAN.with_moves(moves)) if message.startswith("in p2 ")}
    assert stuck.endswith("without k2, and none leads back to p1, where that is")


COMBINED_MOVE = {"do": "unlock the hatch and take the bell down the slide", "to": "p4", "takes": "k2", "needs": ["k1"]}


def combined_answer() -> Body:
    """Return a plan that holds in which one move needs a key, takes another and leads on, and another only stays."""
    answer = whole_plan()
    for id in ids(6).inner:
        answer[id]["do"] = [move for move in answer[id]["do"] if move["takes"] != "k2"]
    answer["p2"]["do"].append(COMBINED_MOVE)
    answer["p2"]["do"].append({"do": "open the till with the pan", "to": "stay", "takes": "none", "needs": "k1"})
    answer["k1"] = {"name": "a copper pan", "detail": "Stamped with the number 31."}
    return answer


def test_one_move_may_need_a_key_take_another_and_lead_on() -> None:
    plan_draft = draft.read(combined_answer(), basis_of(6), ids(6), is_weak=False)
    assert plan_draft.refusals == () and proof.problems(plan_draft.plan) == []
    plan, changes = completion.complete(plan_draft.plan, ())
    [move] = [move for move in plan.moves if move.takes == "k2"]
    assert changes == 0 and move == MoveOutline(COMBINED_MOVE["do"], "p2", "p4", takes="k2", needs=("k1",))
    again = draft.read(plan_form.as_answer(plan), basis_of(6), ids(6), is_weak=False)
    assert again.plan.moves == plan.moves and again.plan.details == plan.details == {"k1": "Stamped with the number 31"}
    question = place_question.question(plan, plan.place("p2"))
    locked = f"locked: needs the copper pan from the {plan.source('k1').name})"
    assert f"(gets the night key; leads to the staff gate; {locked}" in question
    assert f"(stays here; {locked}" in question


def test_a_move_that_does_all_at_once_is_played_so_and_what_a_key_says_stands_in_no_world() -> None:
    def script(body: Body, number: int) -> str:
        return json.dumps(combined_answer()) if kind_of(body) == "plan" else good(body)

    world, report, _ = generate_from(script)
    assert not report.notes and "31" not in world.to_json()
    [event] = [event for event in world.events if event.detail and event.detail.startswith("Unlock the hatch")]
    assert event.to == "staff_gate" and (event.requires, event.grants) == (("copper_pan",), ("night_key",))
    assert event.locked_hint and event.one_shot


def test_the_form_of_a_strong_plan_is_said_once_and_grows_with_its_places() -> None:
    sizes = [len(json.dumps(plan_form.schema(ids(states)))) for states in (20, 40, 80)]
    assert sizes[2] - sizes[1] < 2.2 * (sizes[1] - sizes[0])
    defs = plan_form.schema(ids(6))["$defs"]
    assert "$ref" not in json.dumps(defs), "llama.cpp loses what a reference behind a reference says"


def test_a_decoder_is_held_to_the_form_of_a_strong_plan() -> None:
    llguidance = pytest.importorskip("llguidance")
    tokenizer = llguidance.LLTokenizer("byte")
    form = plan_form.schema(ids(6))
    text = next(turn["content"] for turn in example.turns(is_weak=False) if '"learned"' in turn["content"])
    jsonschema.validate(json.loads(text), form)
    for answer, expected in ((text, True), (text.replace('"to":"p3"', '"to":"p9"'), False)):
        matcher = llguidance.LLMatcher(tokenizer, llguidance.LLMatcher.grammar_from_json_schema(json.dumps(form)))
        assert not matcher.is_error(), matcher.get_error()
        tokens = tokenizer.tokenize_bytes(answer.encode())
        assert (matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()) is expected


def test_what_a_key_says_is_shown_where_it_is_taken_needed_or_held_and_nowhere_else() -> None:
    plan = replace(STRONG_PLAN, details={"k2": "stamped with an H"})
    line = "The brass switch key, exactly: stamped with an H."
    holders = {"p1": ("k1",), "p2": ("k2",), "w1": ("k2",)}
    shown = {
        place.id for place in plan.places if line in place_question.question(plan, place, holders.get(place.id, ()))
    }
    assert shown == {"p2", "p3", "p4", "w1"}


def test_a_key_that_opens_the_way_to_another_is_held_with_that() -> None:
    moves = [
        MoveOutline("take the lamp", "p1", takes="k1"),
        MoveOutline("walk down", "p1", "p2"),
        MoveOutline("walk back", "p2", "p1"),
        MoveOutline("ask the clerk", "p2", takes="k2", needs=("k1",)),
        MoveOutline("climb up", "p1", "p3", needs=("k2",)),
    ]
    plan = PLAN.with_moves(moves)
    for is_weak in (True, False):
        arrival = proof.key_arrivals(replace(plan, is_weak=is_weak))["k1"]
        assert "p3" in arrival.certain_states and set(arrival.uncertain_states) == {"p1", "p2"}


def test_a_key_is_seen_at_an_ending_of_a_strong_plan_where_it_is_always_held() -> None:
    answer = whole_plan()
    answer["w1"]["see"] = ["a night key on a hook", "a bright window"]
    answer["l1"]["see"] = ["a night key in the snow", "a dark window"]
    drawn_moves = shape.draw_shape(ids(6), random.Random(5))
    plan, _ = completion.complete(read_plan(answer, is_weak=False), drawn_moves)
    assert plan.place("w1").sees == ("a night key on a hook", "a bright window")
    assert plan.place("l1").sees == ("a dark window",)


def test_only_what_a_key_says_that_is_still_needed_is_shown_where_it_is_carried() -> None:
    plan = replace(STRONG_PLAN, details={"k1": "with a white 9"})
    line = "The signal lamp, exactly"
    past_lock = plan.place("p4")
    spent = plan.with_moves([move for move in plan.moves if move.at != "p4" or move.to != "p2"])
    by_case = {
        "needed again": place_question.question(plan, plan.place("p3"), ("k1",)),
        "perhaps carried": place_question.question(plan, plan.place("p3"), (), ("k1",)),
        "spent": place_question.question(spent, replace(past_lock, id="p5"), ("k1",)),
    }
    assert {case for case, question in by_case.items() if line in question} == {"needed again"}
    assert "may carry the signal lamp" in by_case["perhaps carried"]


def test_the_suggested_shape_of_a_strong_plan_has_what_happens_by_itself() -> None:
    plan_ids, moves = ids(6), PLAN.moves
    features = frozenset({"timers", "hidden"})
    shapes = [
        plan_form.question(PLAN.basis, plan_ids, moves, asked).rpartition("shape that holds: ")[2]
        for asked in (features, frozenset[str]())
    ]
    assert shapes[0].endswith("; clock: at p4, to l1; surprise: at p2.")
    assert "clock" not in shapes[1] and "surprise" not in shapes[1]
    question = plan_form.question(PLAN.basis, plan_ids, moves, features)
    assert "is something to do on the spot: a look" in question and "at: any place but p1" in question


def two_key_answer(needs: Any) -> Body:
    """Return a plan that holds, whose win needs what is given."""
    answer = whole_plan()
    for id in ids(6).inner:
        for move in answer[id]["do"]:
            if move["to"] == "w1":
                move["needs"] = needs
    return answer


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        (["k1", "k2"], ("k1", "k2")),
        (["k2", "k2"], ("k2",)),
        ("k2", ("k2",)),
        (["k9", None, "k1"], ("k1",)),
    ],
)
def test_a_move_of_a_strong_plan_may_need_two_keys(needs: Any, expected: tuple[str, ...]) -> None:
    plan_draft = draft.read(two_key_answer(needs), basis_of(6), ids(6), is_weak=False)
    [win] = [move for move in plan_draft.plan.moves if move.to == "w1"]
    assert win.needs == expected and proof.problems(plan_draft.plan) == [] and not plan_draft.refusals
    answer = plan_form.as_answer(plan_draft.plan)
    jsonschema.validate(answer[win.at], plan_form.schema(ids(6))["$defs"]["place"])
    again = draft.read(answer, basis_of(6), ids(6), is_weak=False)
    assert again.plan.moves == plan_draft.plan.moves


def test_a_move_needs_two_keys_at_most() -> None:
    plan_ids = ids(10)
    move = {"do": "walk out of the gate", "to": "stay", "takes": "none", "needs": ["k1", "k2", "k3"]}
    plan_draft = draft.read({"p1": {"do": [move]}}, basis_of(10), plan_ids, is_weak=False)
    assert plan_draft.plan.moves[0].needs == ("k1", "k2")


def test_two_keys_that_no_run_gets_together_are_said_to_be_so() -> None:
    moves = [
        MoveOutline("go down", "p1", "p2"),
        MoveOutline("go up", "p1", "p3"),
        MoveOutline("take the lamp", "p2", takes="k1"),
        MoveOutline("take the switch key", "p3", takes="k2"),
        MoveOutline("go on", "p2", "p4"),
        MoveOutline("go over", "p3", "p4"),
        MoveOutline("drive home", "p4", "w1", needs=("k1", "k2")),
    ]
    problems = proof.problems(PLAN.with_moves(moves))
    expected = "it needs k1 and k2, and no run that comes there has got them all"
    assert f"'drive home' at p4 can never be done: {expected}" in problems
    without_key = [move for move in moves if move.takes != "k2"]
    assert any(
        problem.endswith("it needs k2, and no move takes k2")
        for problem in proof.problems(PLAN.with_moves(without_key))
    )


def test_what_is_locked_twice_names_each_key_that_can_be_missing_and_where_it_is() -> None:
    plan = read_plan(two_key_answer(["k1", "k2"]), is_weak=False)
    [win] = [move for move in plan.moves if move.to == "w1"]
    place, sources = plan.place(win.at), {key: plan.source(key).name for key in win.needs}
    both = f"needs the copper pan from the {sources['k1']} and the night key from the {sources['k2']}"
    for always, named in (((), ("k1", "k2")), (("k1",), ("k2",)), (("k1", "k2"), ())):
        question = place_question.question(plan, place, always)
        hints = [each for each in passages.passages(plan, place, always) if each.form == "hint"]
        assert (both in question) == (len(named) == 2)
        assert [set(hint.names) for hint in hints] == ([{sources[key] for key in named}] if named else [])
        assert all(sources[key] in hint.plain for hint in hints for key in named)


def test_the_suggested_shape_of_a_large_strong_plan_has_a_way_with_two_keys_and_holds() -> None:
    for states in range(5, 25):
        plan_ids = ids(states)
        basis = basis_reading.read(None, PREMISE, len(plan_ids.inner))[0]
        plan = draft.read(None, basis, plan_ids, is_weak=False).plan
        moves = shape.draw_shape(plan_ids, random.Random(states))
        drawn = plan.with_moves([replace(move, do=f"go {number}") for number, move in enumerate(moves)])
        assert proof.problems(drawn) == []
        assert any(len(move.needs) == 2 for move in moves) == (len(plan_ids.keys) > 2)
        completed_plan, _ = completion.complete(plan, moves)
        assert proof.problems(completed_plan) == []


def test_a_world_is_won_with_two_keys_and_its_hint_names_both_places() -> None:
    world, report, _ = generate_from(good, states=10)
    [win] = [event for event in world.events if len(event.requires or ()) == 2]
    assert win.to and world.states[win.to].ending and not report.notes
    granting_places = {
        event.from_[0].replace("_", " ") for event in world.events if set(event.grants or ()) & set(win.requires or ())
    }
    assert all(name in (win.locked_hint or "") for name in granting_places)
