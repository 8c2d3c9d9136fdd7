"""The basis that a strong model gives keeps its names, its facts and its own words."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.generate import storyteller
from tests.generate.storyteller import PREMISE, good, kind_of
from tests.generate.strong_answers import Body, read_plan, whole_plan
from tests.generate.test_direct import generate_from
from worldkit.generation.direct import (
    basis_reading,
    example,
)
from worldkit.generation.direct.basis import LENGTHS, basis_schema
from worldkit.generation.direct.naming import proper_names
from worldkit.generation.direct.wording import phrase, sentence, the


def test_a_text_of_the_basis_that_is_a_little_too_long_loses_its_end() -> None:
    air = (
        "Dust sheets breathe over the counters, the night lamps tick as they cool, and somewhere behind the perfume "
        "there is a thread of warm earth and of garlic in the dark."
    )
    assert LENGTHS["air"][1] < len(air) < 2 * LENGTHS["air"][1]
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


@pytest.mark.parametrize(("places", "expected"), [(4, 4), (6, 6), (20, 8)])
def test_the_facts_and_others_of_a_basis_grow_with_its_places(places: int, expected: int) -> None:
    lists = {
        "facts": [f"The stair has {n} steps." for n in range(10, 30)],
        "others": [f"a seller of {word}" for word in storyteller.WORDS],
    }
    data = {**storyteller.BASIS, **lists}
    basis, _ = basis_reading.read(data, PREMISE, places)
    assert len(basis.facts) == len(basis.others) == expected
    properties = basis_schema(places)["properties"]
    assert properties["facts"]["maxItems"] == expected and properties["others"]["maxItems"] == len(basis.others)


def test_a_second_answer_may_hold_only_what_was_to_be_put_right() -> None:
    def script(body: Body, number: int) -> str:
        answer = json.loads(good(body))
        if kind_of(body) == "basis":
            is_again = "This cannot be taken" in body["messages"][-1]["content"]
            answer = {"goal": storyteller.BASIS["goal"]} if is_again else {**answer, "goal": "night"}
        return json.dumps(answer)

    world, report, _ = generate_from(script)
    assert world.style_tail == storyteller.BASIS["air"] and not any("basis" in note for note in report.notes)


NAMES = {
    **storyteller.BASIS,
    "goal": "read the Latin inscription under Melancholy",
    "stake": "the Tern sails without her in March",
    "places": ["deck of the Tern", "Latin school", "Tuesday market", "Justice's stairs"],
    "things": ["the Tern", "a Latin primer", "Melancholy", "a May branch"],
    "others": ["a Dutch sailor", "the Monday clerk"],
}


def test_names_that_are_words_keep_their_capitals_in_a_basis() -> None:
    basis, _ = basis_reading.read(NAMES, "Rain falls.", 4)
    for name in ("goal", "stake", "places", "things", "others"):
        value = getattr(basis, name)
        assert (value if isinstance(value, str) else list(value)) == NAMES[name]


def test_names_that_are_words_keep_their_capitals_in_a_plan() -> None:
    answer = whole_plan(k1="a Latin Bible", k2="the name of the Heron")
    answer["p1"]["see"] = ["a Polish clock", "Raven at her moorings", "the engraving Justice"]
    deeds = ["read the Latin verse to Heron", "Hail the Swallow in May", "march on to the Sound before Easter"]
    for id, do in zip(("p1", "p2", "p3"), deeds, strict=True):
        answer[id]["do"][0]["do"] = do
    plan = read_plan(answer, is_weak=False)
    assert list(plan.keys.values()) == ["a Latin Bible", "the name of the Heron"]
    assert list(plan.place("p1").sees) == answer["p1"]["see"]
    assert {f"{do[0].lower()}{do[1:]}" for do in deeds} <= {move.do for move in plan.moves}


@pytest.mark.parametrize(
    ("premise", "expected"),
    [
        ("A monk must learn Latin before Easter.", "learn Latin"),
        ("A sailor must bring the Tern home by Friday.", "bring the Tern"),
        ("Two sisters must raise the brig Swallow.", "raise the brig Swallow"),
        ("An AI must find the BBC tapes.", "find the BBC tapes"),
    ],
)
def test_what_a_premise_wants_done_keeps_its_capitals(premise: str, expected: str) -> None:
    basis, _ = basis_reading.read({}, premise, 4)
    assert basis.goal == expected and premise.split()[1].rstrip(",") in basis.who


def test_an_adjective_of_a_nation_takes_the_article_of_its_noun() -> None:
    basis, _ = basis_reading.read({}, "A Dutch spy must steal a French horn.", 4)
    assert (basis.who, basis.look.split(" in ")[0], basis.goal) == (
        "the Dutch spy",
        "A Dutch spy",
        "steal a French horn",
    )


STRANGER = "You are a ferryman. A stranger must reach the mainland before dawn."


@pytest.mark.parametrize(
    ("who", "look"),
    [
        ("the ferryman", "A ferryman in a long grey coat, seen from behind."),
        ("the stranger", "A stranger with salt in her hair, seen from behind."),
        ("the memory of the house", "A shimmer of dust in the shape of a woman."),
        ("the cat", "A grey cat."),
    ],
)
def test_the_hero_of_a_strong_model_is_its_own(who: str, look: str) -> None:
    basis, _ = basis_reading.read({**storyteller.BASIS, "who": who, "look": look}, STRANGER, 4)
    assert (basis.who, basis.look) == (who, look)


def test_of_a_hero_that_no_picture_may_show_the_rest_stays() -> None:
    data = {**storyteller.BASIS, "who": "the woman without a face", "look": "A tall woman without a face, in grey."}
    basis, refusals = basis_reading.read(data, STRANGER, 4)
    assert (basis.who, basis.look) == ("the woman", "A tall woman in grey.") and len(refusals) >= 2


def test_the_look_that_a_strong_model_leaves_out_is_that_of_its_hero() -> None:
    data = {**storyteller.BASIS, "who": "the tide clerk", "look": ""}
    basis, _ = basis_reading.read(data, STRANGER, 4)
    assert basis.look.startswith("A tide clerk ")


@pytest.mark.parametrize(
    ("premise", "who"),
    [
        (STRANGER, "the ferryman"),
        ("You are Mara, a night nurse. A patient has to be moved before the flood.", "Mara"),
        ("I am the memory of a house. A family must leave it.", "the memory"),
        ("A shadow wants to be free of its owner.", "the shadow"),
        ("The last number wants to be counted.", "the last number"),
        ("A piano has been standing on the stair, and the tenants must get it up.", "the tenants"),
        ("Play as a mouse. The baker must not wake.", "the mouse"),
        ("You are not a knight. A baker must save the village.", "the baker"),
        ("You are two hours from home, and a baker must find the road.", "the baker"),
    ],
)
def test_whom_a_premise_calls_its_player_is_the_hero_of_any_model(premise: str, who: str) -> None:
    basis, _ = basis_reading.read({}, premise, 4)
    assert basis.who == who


def test_what_really_happened_is_shown_with_every_place_and_stands_in_no_world() -> None:
    world, _, requests = generate_from(good)
    truth = storyteller.BASIS["truth"]
    questions = [body["messages"][-1]["content"] for body in requests if kind_of(body) == "place"]
    assert len(questions) == 6 and all(truth in question for question in questions)
    assert truth.split(", ")[0] not in world.to_json()


def test_the_worked_example_of_a_strong_model_follows_its_own_schema() -> None:
    [answer] = [turn["content"] for turn in example.turns(is_weak=False) if '"truth"' in turn["content"]]
    jsonschema.validate(json.loads(answer), basis_schema(4))
    place_question = example.turns(is_weak=False)[-2]["content"]
    assert json.loads(answer)["truth"] in place_question and "exactly: a green glass lamp" in place_question


def test_a_weak_model_is_asked_for_no_truth_and_shown_none() -> None:
    _, _, requests = generate_from(good, size="-1b")
    assert all("truth" not in json.dumps(body) for body in requests)


def test_a_truth_that_is_too_long_loses_its_last_sentences() -> None:
    data = {**storyteller.BASIS, "truth": "The guard turned the key at ten and went to sleep in a tent. " * 9}
    basis, refusals = basis_reading.read(data, PREMISE, 4)
    assert refusals == [] and 200 < len(basis.truth) <= LENGTHS["truth"][1] and basis.truth in data["truth"]


def test_a_fact_that_copies_what_really_happened_goes_back_and_is_left_out() -> None:
    fact = "The guard locked both chefs in, since each had called the soup bad."
    answer = {**storyteller.BASIS, "facts": [fact, "The shop opens at nine."]}
    basis, refusals = basis_reading.read(answer, storyteller.PREMISE, 4)
    assert basis.facts == ("The shop opens at nine.",)
    assert any("gives away what truth says" in refusal for refusal in refusals)
