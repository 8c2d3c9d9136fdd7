"""What a real model wrote wrong is refused or repaired: other places, the speaker, repeats, moves that mislead."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.generate import storyteller
from worldkit.generation.direct import (
    basis_reading,
    completion,
    draft,
    example,
    forbidden,
    passages,
    prose,
    repair,
    shape,
    wording,
)
from worldkit.generation.direct import judge as direct_judge
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.passages import Passage
from worldkit.generation.direct.person import verb_phrase
from worldkit.generation.direct.plan import MoveOutline, WorldPlan, ids
from worldkit.generation.direct.repair import repair_text, tidy_text, without_cut_end, without_repeats
from worldkit.generation.engines.chat_engine import ChatEngine
from worldkit.model_access.endpoint import endpoint

PLAN = example._plan()


def passage(path: str, place_id: str = "p4") -> Passage:
    """Return a passage of the worked example."""
    [match] = [each for each in passages.passages(PLAN, PLAN.place(place_id)) if each.path == path]
    return match


def faults(path: str, text: str, **options: str) -> str:
    """Return what is wrong with a text, as one line."""
    return "; ".join(TextJudge(**options).faults(passage(path), text))


def test_a_description_without_its_place_is_given_the_name_of_the_place_and_tells_nothing_twice() -> None:
    text = "Two pairs of rails part on a slope, wet with rain."
    assert repair_text(passage("base"), text, PLAN, TextJudge()) == f"The hill crossing. {text}"


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("say", "Rain falls. The tram driver looks at the rails.", "it says 'the tram driver': the player is 'you'"),
        ("say", "Rain falls. The tram driver, wet, looks on.", "it says 'the tram driver': the player is 'you'"),
        ("say", "The tram driver's lamp is out.", ""),
        ("say", "Rain falls, and we want our lamp back.", "it says 'we'"),
    ],
)
def test_a_text_tells_of_its_own_people(path: str, text: str, fault: str) -> None:
    text_faults = faults(path, text, who="the tram driver")
    assert fault in text_faults if fault else not text_faults


def test_a_place_is_not_described_by_what_is_in_another_one() -> None:
    text = "Two pairs of rails part on the hill crossing, and a clerk waits in the market street with a lamp."
    assert "it is about the market street, which is another place" in faults("base", text)
    assert repair_text(passage("base"), text, PLAN, TextJudge()) == "Two pairs of rails part on the hill crossing."
    assert faults("base", "Two pairs of rails part on the hill crossing, high above the market street.") == ""


@pytest.mark.parametrize("path", ["say", "e1.say", "e1.hint"])
def test_nobody_speaks_of_themselves_to_the_player(path: str) -> None:
    text = "You need the brass switch key from the canal bridge and hand it to me."
    assert "it says 'me'" in faults(path, text)
    assert "it says 'I'" in faults(path, "You need the brass switch key I left at the canal bridge.")


def test_the_words_of_the_question_are_no_answer() -> None:
    ending = replace(passage("say"), form="subtitle")
    assert TextJudge(question='won: "Home". subtitle: a short sentence.').faults(ending, "A short sentence.") != []
    assert (
        TextJudge(question='won: "Home". subtitle: a short sentence.').faults(ending, "The depot is dry and warm.")
        == []
    )


def test_a_sentence_that_speaks_to_the_player_is_left_out_of_a_picture() -> None:
    text = "The tram driver wades on. You see a lamp."
    assert repair_text(passage("walk"), text, PLAN, TextJudge()) == "The tram driver wades on."


def test_what_belongs_to_the_player_shows_nobody_in_a_picture_and_keeps_its_words() -> None:
    text = "The tram driver stands before the hook with your brother's coat."
    assert tidy_text(passage("stand"), text, PLAN) == text and faults("stand", text) == ""


def test_a_sentence_that_another_text_says_already_is_left_out_unless_it_is_the_only_one() -> None:
    said = {"You wait.", "It is dark."}
    assert without_repeats("You climb up. It is dark.", said) == "You climb up."
    assert without_repeats("It is dark.", said) == "It is dark."


def test_a_text_is_judged_and_repaired_without_reading_those_that_were_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = TextJudge()
    for number in range(200):
        judge.accept(("state", f"hall_{number}", "base"), f"Lamp number {number} burns over an old stone bench.")
    read_texts: list[str] = []

    def recorded(read: Callable[..., Any]) -> Callable[..., Any]:
        def read_text(text: str, *rest: Any) -> Any:
            read_texts.append(text)
            return read(text, *rest)

        return read_text

    for module, name in ((direct_judge, "ngrams"), (direct_judge, "sentences"), (repair, "sentences")):
        monkeypatch.setattr(module, name, recorded(getattr(module, name)))
    text = "The driver walks on. Lamp number 7 burns over an old stone bench."
    assert judge.faults(passage("walk"), text) == []
    assert repair_text(passage("walk"), text, PLAN, judge) == "The driver walks on."
    assert text in read_texts and "Lamp number 8 burns over an old stone bench." not in read_texts


PLAN_IDS = ids(6)


def read(p1: list[dict[str, str]], **ends: dict[str, object]) -> WorldPlan:
    """Return the plan of a model that says this of its first place."""
    basis, _ = basis_reading.read(storyteller.BASIS, storyteller.PREMISE, 4)
    data = {"k1": "a copper pan", "k2": "a night key", "p1": {"see": ["a kettle"], "do": p1}, **ends}
    return draft.read(data, basis, PLAN_IDS).plan


def moves_of(plan: WorldPlan) -> list[MoveOutline]:
    """Return the moves of a plan that are the model's after it was completed."""
    complete_plan, _ = completion.complete(plan, shape.draw_shape(PLAN_IDS, random.Random(1)))
    return [move for move in complete_plan.moves if move.do in {model_move.do for model_move in plan.moves}]


def test_only_an_id_of_the_plan_is_no_word() -> None:
    judge = TextJudge(ids=PLAN.ids.every_id)
    assert judge.faults(passage("say"), "You see the k9 van on the hill crossing.") == []
    assert "it names an id" in "; ".join(judge.faults(passage("say"), "You see the k9 van, and p2 behind it."))
    moves = [
        {"do": "lead the k9 to the counter", "to": "stay"},
        {"do": "lead the cat to p3", "to": "p3"},
        {"do": "polish k1 with a rag", "to": "stay"},
    ]
    assert [move.do for move in read(moves).moves] == ["lead the k9 to the counter", "polish the copper pan with a rag"]


def test_endings_without_a_name_are_where_the_last_place_was_and_have_titles_of_their_own() -> None:
    same = {"name": "staff gate", "see": ["a lamp"], "title": "The End"}
    endings = [place for place in read([], w1=same, l1=same).places if place.ending]
    assert [place.name for place in endings] == ["staff gate in full light", "staff gate in the dark"]
    assert len({place.title for place in endings}) == 2


def test_the_words_of_a_question_are_no_words_of_a_move() -> None:
    assert moves_of(read([{"do": "mistake by which the story is lost", "to": "p2"}])) == []


def test_a_title_that_code_gives_ends_with_a_clause() -> None:
    stake = "the king is alive and the plan to murder him is in progress"
    basis = replace(basis_reading.read(storyteller.BASIS, storyteller.PREMISE, 4)[0], stake=stake)
    plan = draft.read({}, basis, PLAN_IDS).plan
    assert [place.title for place in plan.places if place.ending == "lose"] == ["The King Is Alive"]


def test_a_server_on_this_machine_is_told_how_long_a_text_may_be_and_a_cut_text_ends_with_a_sentence() -> None:
    form = prose.schema([passage("say"), passage("e1.base")], with_lengths=True)["properties"]
    assert form["say"]["maxLength"] == 260 and form["e1"]["properties"]["base"]["maxLength"] == 320
    assert "maxLength" not in str(prose.schema([passage("say")]))
    assert ChatEngine(endpoint("http://127.0.0.1:1/v1#m")).holds_lengths
    assert not ChatEngine(endpoint("https://example.org/v1#m")).holds_lengths
    first = "The rails divide here, where the wet grass of the hill meets the street."
    text = f"{first} " + "One pair leads home through the grass and the rain and " * 6
    assert without_cut_end(passage("say"), text[:260]) == first
    assert without_cut_end(passage("say"), "The rails divide here. One") == "The rails divide here. One"


@pytest.mark.parametrize(
    ("do", "at", "to", "agrees"),
    [
        ("climb back to the hill crossing", "p4", None, False),
        ("walk around the hill crossing", "p4", None, True),
        ("enter the hill crossing and coast down to the market street", "p4", "p2", False),
        ("coast down from the hill crossing to the market street", "p4", "p2", True),
        ("go to the market street", "p4", "p2", True),
    ],
)
def test_nobody_enters_the_place_where_they_are(do: str, at: str, to: str | None, agrees: bool) -> None:
    assert completion.agrees_with_target(PLAN, MoveOutline(do, at, to)) == agrees


def test_a_way_to_a_place_whose_name_holds_that_of_its_own_is_a_way() -> None:
    places = tuple(replace(place, name="market") if place.id == "p4" else place for place in PLAN.places)
    plan = replace(PLAN, places=places)
    assert completion.agrees_with_target(plan, MoveOutline("walk on to the market street", "p4", "p2"))


def test_a_place_is_not_called_after_somebody() -> None:
    answer = {"who": "the matchmaker", "places": ["lonely man", "lonely man's house", "sick dog", "park", "church"]}
    basis, refusals = basis_reading.read(answer, "A matchmaker.", 3)
    assert basis.places == ("lonely man's house", "park", "church")
    assert refusals


@pytest.mark.parametrize(
    ("premise", "goal"),
    [
        ("A court jester overhears the plan to kill the king.", "find out who is behind the plan"),
        ("The horse of Troy begins to creak.", "find out why the horse of Troy begins to creak"),
        ("Two rival chefs are locked overnight in a department store.", "get out of the department store"),
        ("A dentist has to pull a tooth in the volcano.", "pull a tooth"),
        ("Regret.", "admit the truth"),
        ("Melancholy.", "find the way out of the place"),
    ],
)
def test_without_a_goal_of_the_model_what_a_premise_tells_is_to_be_found_out_or_put_right(
    premise: str, goal: str
) -> None:
    basis, _ = basis_reading.read({}, premise, 3)
    assert basis.goal == goal


def test_a_goal_that_cannot_be_taken_is_refused_with_one_that_can() -> None:
    _, refusals = basis_reading.read({"goal": "do nothing"}, "A court jester overhears the plan to kill the king.", 3)
    assert any("such as 'find out who is behind the plan'" in refusal for refusal in refusals)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("say", "You step down into the mine, and the lamp flickers over the wet walls."),
        ("say", "The portrait of Elizabeth I hangs askew past the US embassy gate."),
        ("say", "A boy whispers 'help me' and points along the rails."),
        ("say", "The tune comes back; it repeats itself like a slow tram bell."),
        ("say", "The game is over for the gulls, and H.M.S. Endeavour sails."),
        ("say", "Stone steps to the market street climb behind the shelter."),
        ("say", "An iron staircase climbs to the market street behind the shelter."),
    ],
)
def test_good_prose_can_stand(path: str, text: str) -> None:
    assert faults(path, text) == ""


@pytest.mark.parametrize(
    "text", ["I open it, and the rails hum.", "This is mine, and the rails hum.", "You can hear us behind the shelter."]
)
def test_nobody_tells_the_story(text: str) -> None:
    assert "who tells this is nobody" in faults("say", text)


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("relight the lamp", "relight the lamp"),
        ("the gardener re-lights the lamp", "re-light the lamp"),
        ("unlatch the gate and walks on", "unlatch the gate and walk on"),
        ("hotwire the truck", "hotwire the truck"),
        ("to fly home", "fly home"),
        ("to apply the brake", "apply the brake"),
        ("quietly open the hatch", "open the hatch"),
        ("the lamp glows", ""),
        ("overhead lights flicker", ""),
    ],
)
def test_what_is_done_begins_with_the_plain_form_of_a_verb(text: str, do: str) -> None:
    assert verb_phrase(text, "the gardener") == do


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("point of no return", "point"),
        ("the gardener without a name", "the gardener"),
        ("the shooting instructor", "the instructor"),
        ("a queue of people paying nothing", "a queue of people"),
        ("a shelf that holds nothing", "a shelf"),
        ("a blooming rose", "a rose"),
        ("nothing", ""),
        ("the lamp room", "the lamp room"),
    ],
)
def test_a_name_is_kept_without_the_words_that_no_picture_may_have(name: str, allowed: str) -> None:
    assert forbidden.allowed_name(name) == allowed


def test_a_dash_parts_words_and_a_name_in_s_is_one_person() -> None:
    assert (
        wording.plain("The lamp—cold and dark—waits for the keeper.")
        == "The lamp, cold and dark, waits for the keeper."
    )
    assert not wording.is_many("Silas") and not wording.is_many("Agnes Miles")
    assert not wording.is_many("Eleven") and not wording.is_many("Seven of Nine")
    assert wording.is_many("the twins") and wording.is_many("Two brothers")


def test_seven_who_act_are_as_many_without_a_plural_in_s() -> None:
    basis, _ = basis_reading.read({}, "Seven samurai must defend a village.", 3)
    assert basis.who == "the seven samurai" and basis.look.startswith("Seven samurai ")
    assert wording.is_many(basis.who) and wording.is_many("the eleven crew")


@pytest.mark.parametrize("thing", ["an oil can", "the missing will", "a last will and testament", "a man who can swim"])
def test_a_thing_is_no_sentence(thing: str) -> None:
    assert not wording.is_clause(thing)
    assert wording.is_clause("the man can swim") and wording.is_clause("the man is in the pit")


@pytest.mark.parametrize(
    ("path", "place_id", "text"),
    [
        ("walk", "p1", "The driver walks along the rack and takes the signal lamp."),
        ("say", "p1", "You take the signal lamp and turn to the booth."),
        ("walk", "l1", "The driver wades past the tram with the brass switch key."),
        ("base", "l1", "In the drowned underpass stands a tram up to its windows, the signal lamp on its roof."),
    ],
)
def test_a_weak_model_tells_of_a_thing_to_carry_only_where_the_plan_has_it(path: str, place_id: str, text: str) -> None:
    refusal = "which does not belong here: leave it out"
    assert any(refusal in fault for fault in TextJudge().faults(passage(path, place_id), text))
    strong_passages = passages.passages(replace(PLAN, is_weak=False), PLAN.place(place_id))
    [strong] = [each for each in strong_passages if each.path == path]
    assert not any(refusal in fault for fault in TextJudge(is_weak=False).faults(strong, text))


@pytest.mark.parametrize(
    "text",
    ["The driver stands at the canal bridge beside a rusted switch.", "The driver is sitting on the canal bridge."],
)
def test_nobody_stands_in_another_place(text: str) -> None:
    assert "it is about the canal bridge, which is another place" in TextJudge().faults(passage("stand"), text)


def test_a_weak_model_shows_the_hero_in_what_the_hero_does() -> None:
    fault, who = "it does not show the tram driver, who does this", "the tram driver"
    assert fault in faults("walk", "The boy waits at the switch.", who=who)
    assert fault not in faults("walk", "The driver waits beside the boy.", who=who)
    assert fault not in faults("say", "The boy waits at the switch.", who=who)


def test_a_hero_with_a_name_may_be_shown_by_a_part_of_it() -> None:
    judge = TextJudge(who="Marta Weil")
    fault = "it does not show Marta Weil, who does this"
    assert fault in judge.faults(passage("walk"), "The boy waits at the switch.")
    assert fault not in judge.faults(passage("walk"), "Marta waits beside the boy.")


def test_a_win_may_show_what_it_took() -> None:
    text = "In the dry depot rows of sleeping trams stand, and the brass switch key hangs on its hook."
    assert TextJudge().faults(passage("base", "w1"), text) == []


def test_a_camera_of_a_weak_model_is_a_view() -> None:
    still = passage("still")
    for text in ("The driver looks up.", "The driver sees the pans on the wall."):
        assert "it is no camera" in "; ".join(TextJudge().faults(still, text))
        assert TextJudge(is_weak=False).faults(still, text) == []
    for view in ("Close on the driver.", "From above, the driver waits.", "The lens pans across the rails."):
        assert TextJudge().faults(still, view) == []


@pytest.mark.parametrize("text", ["You see the leather sofa.", "You reach for the key."])
def test_a_weak_model_shows_nothing_that_is_seen_or_carried_elsewhere(text: str) -> None:
    own_place = passage("say")
    heads = PLAN.sight_heads
    template = replace(own_place, is_template=True, strange_sights=("a leather sofa",), sight_heads=heads)
    assert "which does not belong here" in "; ".join(TextJudge().faults(template, text))
    assert TextJudge(is_weak=False).faults(template, text) == []
    own = replace(template, strange_sights=(), own_words=frozenset(["key"]))
    assert TextJudge().faults(own, text) == []


def test_a_subtitle_does_not_say_its_title_again() -> None:
    subtitle = passage("subtitle", "w1")
    assert tidy_text(subtitle, "Kept Promise: You brought them home.", PLAN) == "You brought them home."


def test_a_subtitle_of_one_long_word_is_read_at_once() -> None:
    assert tidy_text(passage("subtitle", "w1"), "A" * 4000, PLAN) == "A" * 4000
