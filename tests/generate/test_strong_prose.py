"""What a strong model writes stands as it is, and its plan is played as it planned it."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import worldkit as wk
from tests.generate import storyteller
from tests.generate.server import serving
from tests.generate.storyteller import PREMISE, good, kind_of
from tests.generate.test_direct import generate_from
from worldkit.core.progress import ignore
from worldkit.editing.naming import cut_id
from worldkit.generation.direct import (
    basis_form,
    basis_reading,
    completion,
    draft,
    example,
    objectives,
    passages,
    place_question,
    plan_form,
    proof,
    shape,
)
from worldkit.generation.direct.assembly import document
from worldkit.generation.direct.basis import Basis
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.naming import is_thing, mentions, points_to
from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.plan import MoveOutline, WorldPlan, ids
from worldkit.generation.direct.proper_names import proper_names
from worldkit.generation.direct.prose import Prose
from worldkit.generation.direct.repair import repair_text, without_example_clauses
from worldkit.generation.direct.wording import phrase, sentence, the
from worldkit.generation.direct.writer import DirectWriter
from worldkit.generation.engines import llama_server
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.generation.engines.conversation import DEFAULT_OPTIONS, AnswerOptions, ModelAnswer, OnText
from worldkit.generation.engines.memory import Memory, RememberingEngine
from worldkit.model_access.endpoint import endpoint

Body = dict[str, Any]
PLAN = example._plan()


def passage(path: str, place_id: str = "p4") -> Passage:
    """Return a passage of the worked example."""
    [match] = [each for each in passages.passages(PLAN, PLAN.place(place_id)) if each.path == path]
    return match


def read_plan(
    data: Body, states: int = 6, features: frozenset[str] = frozenset(), *, is_weak: bool = True
) -> WorldPlan:
    """Return the plan in an answer of a model."""
    return draft.read(data, basis_of(states), ids(states), features, is_weak=is_weak).plan


def basis_of(states: int) -> Basis:
    """Return the basis of a world of so many states."""
    places = len(ids(states).inner)
    return basis_reading.read(storyteller.basis(_asked(places)), PREMISE, places)[0]


def _asked(places: int) -> Body:
    """Return a request for a basis of so many places."""
    return {"response_format": {"json_schema": {"schema": basis_form.schema(places)}}}


def whole_plan(states: int = 6, **changes: Any) -> Body:
    """Return an answer with a plan that holds, and some of its parts in other words."""
    plan_ids = ids(states)
    basis, _ = basis_reading.read(storyteller.basis(_asked(len(plan_ids.inner))), PREMISE, len(plan_ids.inner))
    moves = shape.draw_shape(plan_ids, random.Random(5))
    question = plan_form.question(basis, plan_ids, moves)
    form = plan_form.schema(plan_ids)
    body = {"messages": [{"content": question}], "response_format": {"json_schema": {"schema": form}}}
    return storyteller.plan(body) | changes


# ---- naming -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("She bends to Osip's ear.", "Osip"),
        ("The ushers’ coats hang in a row.", "an usher"),
        ("His keys hang on the tail of the pig.", "a ring of brass keys"),
        ("The captains' table is laid.", "the captain"),
    ],
)
def test_a_possessive_and_the_things_of_a_measure_name_what_they_are_of(text: str, thing: str) -> None:
    assert mentions(text, thing)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The sea stands on end, a cliff of upright water.", "standing wall of the sea"),
        ("Thirty boats lie on their sides in the mud.", "boat graveyard in the mud"),
    ],
)
def test_any_word_of_its_name_that_says_something_names_a_place(text: str, place: str) -> None:
    assert points_to(text, place)


def test_what_the_picture_of_a_place_does_not_show_is_taken_from_where_it_is() -> None:
    text = "Lit windows shine over the flooded terminus of the flooded city, and rain drums on the roofs."
    assert TextJudge(is_weak=False).faults(passage("base", "p1"), text) == []
    prose = Prose()
    prose.fill(passages.all_passages(PLAN))
    base = ("state", PLAN.state_ids()["p1"], "base")
    for base_text, label in ((text, "rack of lamps"), (f"{text} A signal lamp hangs there.", "signal lamp")):
        events = document(PLAN, prose.texts | {base: base_text})["scene"]["events"]
        [taking] = [event for event in events if event.get("grants") == [PLAN.flags()["k1"]]]
        assert taking["anchor"]["label"] == label


# ---- judging ------------------------------------------------------------------------------------------------------


def test_a_move_may_be_told_in_words_that_are_not_those_of_the_plan() -> None:
    text = "Between dark houses the wheels throw water to both sides."
    assert TextJudge().faults(passage("e2.base"), text) == []


def test_the_text_of_another_move_is_refused_with_its_name() -> None:
    faults = TextJudge().faults(passage("e2.base"), "The driver turns the key in the rusted lock.")
    assert faults == ["it tells of another move, 'turn the switch and drive home': tell this one"]


@pytest.mark.parametrize(
    ("path", "place_id", "text"),
    [
        ("base", "w1", "In the dry depot the driver sits on the step with the signal lamp in his lap."),
        ("say", "l1", '"Occupation?" asks the constable. "Driver," you tell him.'),
        ("say", "p4", "'It came up in my net, and it's the best hammer I ever had. Mind it,' says the boy."),
        ("say", "p4", "'I don't know,' says the clerk."),
    ],
)
def test_what_is_carried_asked_and_said_by_others_can_stand(path: str, place_id: str, text: str) -> None:
    assert TextJudge().faults(passage(path, place_id), text) == []


def test_what_the_hero_always_has_may_be_seen_where_it_was_not_taken() -> None:
    text = "On the hill crossing two pairs of rails part in the light of the signal lamp."
    [with_lamp, *_] = passages.passages(PLAN, PLAN.place("p4"), ["k1"])
    assert TextJudge().faults(with_lamp, text) == []
    assert "it shows the signal lamp" in TextJudge().faults(passage("base"), text)[0]


@pytest.mark.parametrize("speech", ["'Morning, Ines!'", "'On time.'", '"So ask her softly!"', "‘Is it you?’"])
def test_a_sentence_that_ends_in_speech_gets_no_second_full_stop(speech: str) -> None:
    straight = speech.replace("‘", "'").replace("’", "'")
    assert sentence(f"He calls: {speech}") == f"He calls: {straight}"


def test_a_text_that_takes_over_nothing_of_the_worked_example_stays_as_it_is() -> None:
    text = "'Morning, Ines!' Odo calls, and lifts his cap. 'So ask her softly!'"
    assert without_example_clauses(text, example.texts()) == text


@pytest.mark.parametrize(("size", "is_kept"), [("", True), ("-1b", False)])
def test_a_sentence_that_comes_again_stays_where_a_strong_model_wants_it(size: str, is_kept: bool) -> None:
    motif = "The bell is silent."

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "say" in answer:
            answer["say"], answer["pan"] = f"{motif} {answer['say']}", f"{motif} {answer['pan']}"
        return json.dumps(answer)

    world, _, _ = generate_from(script, size=size)
    state = world.states[world.entrance.state]
    assert (motif in state.camera.dynamic and motif in state.narration) == is_kept


def test_a_refusal_quotes_the_sentence_at_fault() -> None:
    guilty = "She has no light."
    seen: list[str] = []

    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "place" and "base" in answer and not seen:
            seen.append("")
            rain = "Cold rain runs over the panes and down into the street. "
            answer["base"] = f"{answer['base']} {rain * 3}{guilty}"
        elif kind_of(body) == "place" and "This cannot be taken" in body["messages"][-1]["content"]:
            seen.append(body["messages"][-1]["content"])
        return json.dumps(answer)

    generate_from(script)
    assert f"You wrote: {guilty}" in seen[1]


# ---- the plan -----------------------------------------------------------------------------------------------------


def test_a_plan_that_holds_is_played_as_it_is() -> None:
    answer = whole_plan(8)
    plan = read_plan(answer, 8)
    assert proof.problems(plan) == []
    completed_plan, changes = completion.complete(plan, shape.draw_shape(ids(8), random.Random(9)))
    assert changes == 0 and {move.do for move in completed_plan.moves} == {move.do for move in plan.moves}


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
    body = {"see": ["a shelf"], "do": [{"do": do, "to": "stay", "key": "none"}]}
    assert read_plan({"p1": body}).moves[0].do == do


def test_a_key_may_be_got_in_words_that_do_not_say_what_it_is() -> None:
    do = "reach between the strings for what chokes the low note"
    answer = whole_plan(k1="a key with a burned tag")
    for id in ids(6).inner:
        for move in answer[id]["do"]:
            if move["to"] == "stay" and move["key"] == "k1":
                move["do"] = do
    completed_plan, _ = completion.complete(read_plan(answer), ())
    assert [move.do for move in completed_plan.moves if move.takes == "k1"] == [do]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the night porter's password", False),
        ("the secret of the lift", False),
        ("a ring of brass keys", True),
        ("an opera ticket", True),
        ("a signal lamp", True),
        ("the tune", False),
    ],
)
def test_what_is_known_is_no_thing(name: str, expected: bool) -> None:
    assert is_thing(name) == expected


def test_something_learned_opens_a_way_and_is_neither_seen_nor_carried() -> None:
    answer = whole_plan(k1="what the porter has been hiding", learned=["k1"])
    for id in ids(6).inner:
        for move in answer[id]["do"]:
            if move["to"] == "stay" and move["key"] == "k1":
                move["do"] = "ask the porter about the night"
    strong_plan = read_plan(answer, is_weak=False)
    plan, _ = completion.complete(strong_plan, (), is_weak=False)
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
    moves = [{"do": "say thief to his face with nothing in your hands", "to": "l1", "key": "none"}]
    basis = basis_of(6)
    plan_draft = draft.read({"p1": {"see": ["a shelf"], "do": moves}}, basis, ids(6), is_weak=False)
    assert any("it says 'nothing'" in refusal for refusal in plan_draft.refusals)


def test_a_title_that_is_too_long_goes_back() -> None:
    title = "The Whole Village Breaks Its Bread Together Before the Bell"
    basis = basis_of(6)
    answer = {"w1": {"name": "market square", "see": ["a bell"], "title": title}}
    refusals = draft.read(answer, basis, ids(6)).refusals
    assert f"w1.title: it has {len(title)} characters, and at most 48 fit" in refusals


def test_somebody_who_is_named_can_be_clicked_and_a_deed_is_done_once() -> None:
    answer = whole_plan()
    answer["p1"]["see"] = ["Osip roped to a mooring post", "a stack of crates"]
    answer["p1"]["do"][-1] = {"do": "break bread with Osip", "to": "stay", "key": "none"}
    plan, _ = completion.complete(read_plan(answer, is_weak=False), shape.draw_shape(ids(6), random.Random(5)))
    prose = Prose()
    prose.fill(passages.all_passages(plan))
    events = {event["detail"]: event for event in document(plan, prose.texts)["scene"]["events"]}
    deed = events["Break bread with Osip"]
    assert deed["anchor"]["label"] == "Osip roped to a mooring post" and deed["oneShot"]


def test_an_abstract_name_of_the_premise_is_put_among_no_things() -> None:
    data = {**storyteller.BASIS, "logline": "Every loaf tells one true secret."}
    data["things"] = ["a warm loaf", "an iron oven", "a flour sack"]
    basis, _ = basis_reading.read(data, "A baker finds that every loaf tells one true secret.", 4)
    assert basis.things == ("a warm loaf", "an iron oven", "a flour sack")


def test_a_brass_key_that_a_weak_model_calls_learned_is_carried() -> None:
    assert read_plan(whole_plan(k1="a brass key", learned=["k1"])).learned == frozenset()


@pytest.mark.parametrize("states", range(5, 25))
def test_a_suggested_shape_keeps_to_the_schema_and_uses_every_key(states: int) -> None:
    plan_ids = ids(states)
    for seed in range(20):
        moves = shape.draw_shape(plan_ids, random.Random(seed))
        assert max(Counter(move.at for move in moves).values()) <= shape.SHAPE_MOVES
        assert {move.needs for move in moves if move.needs} == set(plan_ids.keys)


def test_larger_worlds_can_be_won_in_two_ways_and_chapters_follow_their_own_end() -> None:
    assert [len(ids(states).wins) for states in (6, 9, 10, 24)] == [1, 1, 2, 2]
    assert len(ids(10, is_chapter=True).wins) == 1


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
    completed_plan, changes = completion.complete(longer_plan, (), is_weak=False)
    assert changes == 0 and set(completed_plan.moves) == {*plan.moves, move}


def test_the_same_words_may_lead_back_from_two_places() -> None:
    answer = whole_plan()
    for id in ("p2", "p3"):
        for move in answer[id]["do"]:
            if move["to"] == "p1":
                move["do"] = "return to the light of the lobby"
    plan = read_plan(answer, is_weak=False)
    completed_plan, changes = completion.complete(plan, shape.draw_shape(ids(6), random.Random(9)), is_weak=False)
    assert changes == 0 and set(completed_plan.moves) == set(plan.moves)


def test_code_adds_no_move_that_a_strong_plan_holds_without() -> None:
    plan = read_plan(whole_plan(), is_weak=False)
    way_back = next(move for move in plan.moves if move.at == "p2" and move.to == "p1")
    cut_plan = plan.with_moves([move for move in plan.moves if move != way_back])
    completed_plan, changes = completion.complete(cut_plan, shape.draw_shape(ids(6), random.Random(5)), is_weak=False)
    added_edges = [move.edge for move in completed_plan.moves if move not in cut_plan.moves]
    assert changes == 1 and added_edges == [way_back.edge]


def test_a_thing_is_taken_in_one_place_and_the_other_goes_back() -> None:
    answer = whole_plan()
    answer["p4"]["do"].append({"do": "lift the copper pan from a hook", "to": "stay", "key": "k1"})
    plan_draft = draft.read(answer, basis_of(6), ids(6), is_weak=False)
    assert len([move for move in plan_draft.plan.moves if move.takes == "k1"]) == 1
    assert any("the copper pan is taken at" in refusal for refusal in plan_draft.refusals)


def test_a_learned_key_takes_no_sight_away() -> None:
    answer = whole_plan(k1="the name", learned=["k1"])
    answer["p3"]["see"] = ["a brass name plate", "a wall of name cards"]
    plan, _ = completion.complete(read_plan(answer, is_weak=False), (), is_weak=False)
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

    def reply(
        self,
        system: str,
        messages: Sequence[Mapping[str, str]],
        schema: Mapping[str, Any] | None = None,
        options: AnswerOptions = DEFAULT_OPTIONS,
        on_text: OnText = lambda _: None,
    ) -> ModelAnswer:
        """Answer well, or be interrupted."""
        body = {"messages": list(messages), "response_format": {"json_schema": {"schema": schema}}}
        if kind_of(body) == "objectives":
            raise KeyboardInterrupt
        return ModelAnswer(good(body), True, 10)


def test_an_interrupt_at_the_objectives_keeps_the_plan_of_the_model() -> None:
    result = DirectWriter(StoppedAtObjectives()).write(PREMISE, 1, 6, frozenset({"missions"}), ignore)
    assert result.is_interrupted and result.planned == "model" and result.world.missions


@pytest.mark.parametrize("text", ["Kill the guard and shoot the king", "杀死守卫", "https://example.org/"])
def test_an_objective_is_words_that_the_rules_allow(text: str) -> None:
    plan = objectives.told(PLAN, {"w1": {"o1": text, "title": "Home"}})
    assert text not in plan.missions[0].objectives.values()


def test_a_strong_text_that_is_only_too_long_is_shortened() -> None:
    text = "You were told to leave it. " + "Rain runs down the lit windows and wires hum over the tram. " * 4
    judge = TextJudge(example.texts(), is_weak=False)
    assert repair_text(passage("say"), text, PLAN, judge).startswith("You were told to leave it.")


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


STRONG_TEXTS = [
    ("base", "p4", "Two pairs of rails part on the hill crossing, and far below lamps move in the market street."),
    ("e2.base", "p4", "The driver glances at the switch a last time, and the tram drops between dark houses."),
    ("e1.hint", "p4", "A lever like this is no good to anybody without what hangs on a belt at the canal bridge."),
    ("e1.say", "p3", "The boy doesn't ask what you want it for."),
    ("say", "w1", "Nine people who had been lost all night climb down. Will the tune ever leave you? Let it stay."),
    ("subtitle", "l1", "You saved the tram and forgot the passengers."),
    ("base", "p4", "On the hill crossing a night driver dozes in his cab beside the tram rails."),
    ("say", "p4", "You were told to leave it. It is what you were told to do."),
    ("e2.say", "p4", "She bites."),
    ("still", "p1", "Low wide shot from behind the tram driver, the rusted rails in front."),
]


@pytest.mark.parametrize(("path", "place_id", "text"), STRONG_TEXTS)
def test_what_only_a_weak_model_gets_wrong_is_not_looked_for_in_a_strong_one(
    path: str, place_id: str, text: str
) -> None:
    [strong] = [p for p in passages.passages(PLAN, PLAN.place(place_id), is_weak=False) if p.path == path]
    judge = TextJudge(example.texts(), strange_stems=frozenset({"driver"}), is_weak=False)
    assert judge.faults(strong, text) == []


@pytest.mark.parametrize(
    ("model", "size"),
    [
        ("qwen2.5-coder:1.5b", 1.5e9),
        ("gemma3:270m", 2.7e8),
        ("qwen/qwen3-32b", 3.2e10),
        ("mixtral-8x7b-instruct", 7e9),
        ("gpt-5", None),
        ("claude-opus", None),
        ("gemini-1.5-pro-1m", None),
    ],
)
def test_the_size_of_a_model_is_read_from_its_name(model: str, size: float | None) -> None:
    assert llama_server.named_size(model) == size


@pytest.mark.parametrize(("name", "expected"), [("parrot-1b", True), ("parrot-70b", False), ("parrot", False)])
def test_a_model_is_weak_if_its_name_or_its_server_says_so(name: str, expected: bool) -> None:
    assert ChatEngine(endpoint(f"http://127.0.0.1:1/v1#{name}")).is_weak == expected


def test_an_ending_is_shown_what_was_written_of_the_deeds_that_lead_to_it() -> None:
    _, _, requests = generate_from(good)
    questions = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "place"]
    endings = [question for question in questions if "Here the story is" in question]
    assert len(endings) == 2 and all("What was written of that" in question for question in endings)
    [won] = [question for question in endings if "the story is won" in question]
    assert "step1 base" in won and "step2 base" in won


# ---- the basis ----------------------------------------------------------------------------------------------------


def test_a_text_of_the_basis_that_is_a_little_too_long_loses_its_end() -> None:
    air = (
        "Dust sheets breathe over the counters, the night lamps tick as they cool, and somewhere behind the perfume "
        "there is a thread of warm earth and of garlic in the dark."
    )
    assert basis_form.AIR < len(air) < 2 * basis_form.AIR
    basis, refusals = basis_reading.read({**storyteller.BASIS, "air": air}, PREMISE, 4)
    assert refusals == [] and basis.air and air.startswith(basis.air.rstrip("."))


def test_what_the_model_names_anywhere_in_the_basis_is_not_asked_for_again() -> None:
    data = {**storyteller.BASIS, "goal": "find the night key and leave together"}
    data["look"] = "Two rival chefs in white jackets, one tall and one broad."
    assert "department store" in data["logline"]
    _, refusals = basis_reading.read(data, PREMISE, 4)
    assert refusals == []


@pytest.mark.parametrize(
    ("premise", "goal", "is_refused"),
    [
        ("Two sisters keep rival lighthouses, and one has lied about the fog.", "find out which fogs were real", False),
        ("Two sisters keep rival lighthouses, and one has lied about the fog.", "dance until morning comes", True),
        ("Two sisters must keep the lighthouse lit.", "find out what their mother said", True),
    ],
)
def test_what_a_premise_only_tells_leaves_the_goal_open(premise: str, goal: str, is_refused: bool) -> None:
    data = {**storyteller.BASIS, "who": "the two sisters", "goal": goal}
    _, refusals = basis_reading.read(data, premise, 4)
    assert any(refusal.startswith("goal: the premise wants") for refusal in refusals) == is_refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ask Mrs. Tolliver for the ladder key", "ask Mrs. Tolliver for the ladder key"),
        ("visit St. Orrin's tower", "visit St. Orrin's tower"),
        ("call Dr. Hesper Vane", "call Dr. Hesper Vane"),
    ],
)
def test_a_title_before_a_name_ends_no_sentence(text: str, expected: str) -> None:
    names = proper_names((), (text, "open the door"))
    assert phrase(text, names=names) == expected


def test_names_in_facts_keep_their_capitals_elsewhere() -> None:
    data = {**storyteller.BASIS, "facts": ["The steamer Halcyon enters the sound at midnight."]}
    data["things"] = ["the Halcyon with every porthole lit", "a copper pan", "a night key"]
    basis, _ = basis_reading.read(data, PREMISE, 4)
    assert basis.things[0] == "the Halcyon with every porthole lit"


def test_a_goal_that_is_too_long_goes_back_and_is_never_cut() -> None:
    goal = "find out which fogs were lies and keep the lamps of both lighthouses of the sound burning all night when "
    goal += "the midnight steamer enters the sound"
    basis, refusals = basis_reading.read({**storyteller.BASIS, "goal": goal}, "A keeper sees fog.", 4)
    assert any(refusal.startswith("goal: it has ") for refusal in refusals) and not goal.startswith(basis.goal)


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        ("the Petrel's log", "the Petrel's log"),
        ("West Light horn house", "the West Light horn house"),
        ("Maud's house", "Maud's house"),
        ("Candlewick Lane", "Candlewick Lane"),
        ("Mara", "Mara"),
        ("what Maud has been hiding", "what Maud has been hiding"),
    ],
)
def test_the_article_of_a_name(thing: str, expected: str) -> None:
    assert the(thing) == expected


def test_dashes_and_dots_of_a_text_stay_marks() -> None:
    assert sentence("Only you know it — your brother sleeps… and wakes.") == (
        "Only you know it - your brother sleeps... and wakes."
    )


def test_what_a_named_hero_is_becomes_a_fact_and_facts_are_shown_with_every_question() -> None:
    facts = ["The stair has thirty-one steps."]
    data = {**storyteller.BASIS, "who": "Ines Tarrow, the tide clerk", "facts": facts}
    basis, _ = basis_reading.read(data, "The tide forgot to turn.", 4)
    assert basis.who == "Ines Tarrow" and basis.facts == ("Ines Tarrow is the tide clerk.", *facts)
    assert facts[0] in basis.as_json()


def test_a_second_answer_may_hold_only_what_was_to_be_put_right() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "basis":
            is_again = "This cannot be taken" in body["messages"][-1]["content"]
            answer = {"goal": storyteller.BASIS["goal"]} if is_again else {**answer, "goal": "night"}
        return json.dumps(answer)

    world, report, _ = generate_from(script)
    assert world.style_tail == storyteller.BASIS["air"] and not any("basis" in note for note in report.notes)


# ---- what is put together ------------------------------------------------------------------------------------------


def test_labels_and_the_description_are_the_words_of_the_model() -> None:
    world, _, requests = generate_from(good)
    planned = [body for body in requests if kind_of(body) == "plan"]
    answer = json.loads(good(planned[0]))
    labels = {move["do"] for id in ids(6).inner for move in answer[id]["do"]}
    assert {event.detail[0].lower() + event.detail[1:] for event in world.events if event.detail} <= labels
    logline = "Two rival chefs must find the night key and leave the department store together before dawn."

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
    assert "no secret that is found out later" in question["messages"][-1]["content"]


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


def test_of_too_many_objectives_the_getting_of_a_key_is_left_out_before_its_use() -> None:
    plan_ids = ids(10)
    plan = read_plan(whole_plan(10), 10)
    way = (("p1", "p2", "k1"), ("p2", "p3", "k2"), ("p3", "p4", "k3"), ("p4", "w1", "k3"))
    moves = [MoveOutline(f"walk on {at}", at, to, needs=key) for at, to, key in way]
    moves += [MoveOutline(f"take {key}", at, takes=key) for at, key in (("p1", "k1"), ("p2", "k2"), ("p3", "k3"))]
    chosen = objectives.objective_moves(plan.with_moves(moves), "w1")
    assert len(plan_ids.keys) == 3 and len(chosen) == objectives.MOST
    assert [move for move in chosen if move.needs] == moves[:4]


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


def test_an_id_that_is_cut_ends_with_a_whole_word() -> None:
    assert cut_id("follow_her_keys_through_the_lobby_to_the_ballroom", 48, at_words=True) == (
        "follow_her_keys_through_the_lobby_to_the"
    )
    assert cut_id("a" * 60, 48, at_words=True) == "a" * 48
    assert cut_id("one_two_three", 7, at_words=True) == "one_two"
