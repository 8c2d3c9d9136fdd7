"""What a capable model says of a chapter's parts, and what it is told of them: notes, places, rows and questions."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.effort import seeds
from tests.generate import storyteller
from tests.generate.storyteller import Body
from tests.generate.texts import FERRY
from worldkit.generation.direct import (
    basis_reading,
    completion,
    draft,
    passages,
    proof,
    shape,
)
from worldkit.generation.direct.chapter_text import ChapterText, TextBeat, cut_in_middle
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.plan import Ids, MoveOutline
from worldkit.generation.planning.stock import Thing
from worldkit.generation.story import facts
from worldkit.generation.story.notes import TextNotes, facts_with_notes, read_notes

# ---- what a model says of a text -------------------------------------------------------------------

TEXT = "Tobias Lenk looked at the grey hotel. Mrs. Harrow opened the door, and a boy carried the piano into the lobby."


def test_what_a_model_says_of_a_part_is_taken_field_by_field() -> None:
    part = {
        "first": 1,
        "what": "Tobias Lenk is let in at last",
        "where": "the Hotel lobby",
        "who": ["Tobias Lenk", "the boy", "a dragon", 7],
        "things": ["a grand piano", "a sword", "the door is open"],
    }
    answer = {
        "beats": [part, {"first": 2, "what": "", "where": "unknown", "who": "all"}, 3],
        "hero": "Tobias Lenk, a man",
    }
    notes = read_notes(answer, TEXT)
    assert notes.parts == (
        TextBeat(
            "", "Tobias Lenk is let in at last.", "Hotel lobby", (Thing("a grand piano"),), "", ("Tobias Lenk", "boy")
        ),
        TextBeat(),
        TextBeat(),
    )
    assert (notes.hero, notes.stake) == ("Tobias Lenk", "")


def test_where_nobody_has_a_name_the_hero_is_a_phrase() -> None:
    assert read_notes({"beats": [], "hero": "a boy", "stake": "The piano stays out in the rain"}, TEXT) == TextNotes(
        (), "the boy", "The piano stays out in the rain."
    )
    assert read_notes({"beats": [], "hero": "the narrator"}, TEXT).hero == ""


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=40),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["beats", "what", "where", "who", "things", "hero", "stake"]), inner)
        ),
        max_leaves=12,
    )
)
def test_an_answer_of_any_form_is_read(answer: object) -> None:
    assert isinstance(read_notes(answer, TEXT), TextNotes)


def test_the_words_of_a_model_are_the_facts_and_code_finds_the_rest() -> None:
    known, _ = facts.read(FERRY.partition("\n\n")[2], random.Random(1))
    notes = TextNotes((TextBeat(people=("priest", "Marta Weil")), TextBeat(people=("priest",))), "Marta Weil")
    both = facts_with_notes(known, notes)
    assert [person.name for person in both.people] == ["Marta Weil", "priest"]
    assert both.people[0].words and both.stake == known.stake
    assert facts_with_notes(known, TextNotes()) == known
    hotel, _ = facts.read(
        "Mrs. Harrow let Tobias Lenk in. He spoke of young Emil Harrow, and she sat down.", random.Random(1)
    )
    people = facts_with_notes(hotel, TextNotes((TextBeat(people=("Tobias", "Mrs. Harrow")),), "Tobias")).people
    assert [person.name for person in people] == ["Tobias", "Mrs. Harrow", "Emil Harrow"]


# ---- a chapter in the questions to a model ---------------------------------------------------------


def chapter_of(places: int) -> ChapterText:
    parts = tuple(TextBeat(f"Text {n}.", f"Something happens {n}.", f"{word} room") for n, word in
                  zip(range(places), storyteller.WORDS, strict=False))  # fmt: skip
    return ChapterText("The text.", parts, "Marta", "A woman in a coat.", "Cold light.", "The door stays shut.")


def chapter_ids(places: int) -> Ids:
    counts = {"p": places, "w": 1, "l": 1 + (places > 5), "k": 2 + (places > 5)}
    return Ids(*(tuple(f"{letter}{n}" for n in range(1, count + 1)) for letter, count in counts.items()))


@pytest.mark.seeds
@pytest.mark.parametrize("places", range(3, 9))
def test_the_row_of_a_chapter_holds_with_near_keys_and_a_shortcut(places: int) -> None:
    plan_ids = chapter_ids(places)
    basis, _ = basis_reading.read(storyteller.BASIS, "", places, chapter_of(places))
    for seed in range(seeds(60)):
        drawn_moves = shape.draw_row(plan_ids, random.Random(seed))
        plan, _ = completion.complete(draft.read(None, basis, plan_ids).plan, drawn_moves)
        assert proof.problems(plan) == []
        order = plan_ids.inner.index
        assert all(shape.keeps_order(plan_ids, move) for move in drawn_moves)
        assert not any(move.at == "p1" and move.to in plan_ids.losses for move in drawn_moves)
        assert any(move.to in plan_ids.inner and order(move.at) - order(move.to) >= 2 for move in drawn_moves)
        sources = {move.takes: order(move.at) for move in drawn_moves if move.takes}
        assert set(sources) == set(plan_ids.keys)
        for move in drawn_moves:
            assert all(0 < order(move.at) - sources[key] <= 2 for key in move.needs)
        counts = [sum(move.at == place for move in drawn_moves) for place in plan_ids.inner]
        assert min(counts) >= 2 and max(counts) <= 4, (seed, counts)


@pytest.mark.parametrize("places", [3, 5, 8])
def test_any_moves_at_all_between_the_parts_of_a_chapter_become_a_plan_that_holds(places: int) -> None:
    plan_ids, dice = chapter_ids(places), random.Random(places)
    basis, _ = basis_reading.read(storyteller.BASIS, "", places, chapter_of(places))
    for seed in range(20):
        moves = [
            MoveOutline(
                f"try door {number}",
                dice.choice(plan_ids.inner),
                dice.choice((*plan_ids.inner, *plan_ids.endings, None)),
                dice.choice((None, None, *plan_ids.keys)),
                tuple(dice.sample(plan_ids.keys, dice.choice((0, 0, 1, 2)))),
            )
            for number in range(3 * places)
        ]
        plan = draft.read(None, basis, plan_ids).plan.with_moves(moves)
        plan, _ = completion.complete(plan, shape.draw_row(plan_ids, random.Random(seed)))
        assert proof.problems(plan) == []


def test_parts_in_the_same_place_may_share_its_name() -> None:
    answer = {"places": ["lobby", "ballroom", "kitchen", "ballroom", "ballroom"]}
    basis, refusals = basis_reading.read({**storyteller.BASIS, **answer}, "", 5, chapter_of(5))
    assert basis.places == (
        "lobby",
        "ballroom",
        "kitchen",
        "ballroom at a later hour",
        "ballroom at a much later hour",
    )
    assert refusals == []


def test_a_place_that_cannot_be_taken_moves_no_other_to_another_part() -> None:
    answer = {"places": ["lobby", "an old woman", 7, "ballroom"]}
    basis, refusals = basis_reading.read({**storyteller.BASIS, **answer}, "", 5, chapter_of(5))
    assert basis.places == ("lobby", "carpets room", "hats room", "ballroom", "mirrors room")
    assert len(refusals) == 1 and "one for each part" in refusals[0]


def test_a_move_may_call_the_ballroom_with_open_windows_the_ballroom() -> None:
    answer = {"places": ["kitchen", "ballroom", "ballroom with open windows", "old mill"]}
    basis, _ = basis_reading.read({**storyteller.BASIS, **answer}, "", 4, chapter_of(4))
    plan_ids = chapter_ids(4)
    drawn_moves = shape.draw_row(plan_ids, random.Random(1))
    plan, _ = completion.complete(draft.read(None, basis, plan_ids).plan, drawn_moves)
    assert completion.agrees_with_target(plan, MoveOutline("run back to the ballroom", "p4", "p3"))
    assert completion.agrees_with_target(plan, MoveOutline("run back to the ballroom", "p4", "p2"))
    assert not completion.agrees_with_target(plan, MoveOutline("run back to the ballroom", "p4", "p1"))
    plan = replace(plan.with_moves([MoveOutline("run on with the lamp", "p4", "p3")]), is_weak=False)
    [event] = [text for text in passages.passages(plan, plan.place("p4")) if text.path == "e1.base"]
    assert TextJudge().faults(event, "The two rival chefs lift the lamp and run back to the ballroom.") == []


def test_the_names_of_a_chapter_keep_their_capitals() -> None:
    parts = chapter_of(4).parts
    chapter = ChapterText('"Come in," said Mrs. Harrow.', parts, "Marta", "A woman in a coat.", "Cold light.", "")
    answer = {"others": ["Mrs. Harrow, the caretaker"], "things": ["a key", "a lamp", "a coat"]}
    basis, _ = basis_reading.read({**storyteller.BASIS, **answer}, "", 4, chapter)
    assert basis.others == ("Mrs. Harrow, the caretaker",) and basis.things == ("a key", "a lamp", "a coat")
    plan_ids = chapter_ids(4)
    plan = draft.read({"p2": {"see": ["Mrs. Harrow with a lamp"]}}, basis, plan_ids).plan
    assert plan.place("p2").sees == ("Mrs. Harrow with a lamp",)


def test_a_model_is_told_which_key_is_out_of_reach_where_the_hero_gets_stuck() -> None:
    basis, _ = basis_reading.read(storyteller.BASIS, "", 4, chapter_of(4))
    ways = {"p1": ["p2", "p1"], "p2": ["p3", "p1"], "p3": ["p4"], "p4": ["p3", "w1", "l1"]}
    data: Body = {
        at: {"see": ["a lamp"], "do": [{"do": f"walk on by the {at[1]}th door to {to}", "to": to} for to in targets]}
        for at, targets in ways.items()
    }
    data["p1"]["do"][1] = {"do": "take the brass key", "to": "stay", "takes": "k1"}
    data["p4"]["do"][1] = {"do": "unlock the gate with the brass key", "to": "w1", "needs": ["k1"]}
    for at in ("p1", "p2", "p3", "p4"):
        for move in data[at]["do"]:
            move["do"] = re.sub(r"\b[pwl](\d)", r"door \1", move["do"])
    plan = draft.read({"k1": "a brass key", **data}, basis, chapter_ids(4)).plan
    assert (
        "in p3 (toy floor) the hero can get stuck: from there no way leads on to a win without k1, "
        "and none leads back to p1, where that is"
    ) in proof.problems(plan)


def test_a_text_that_is_too_long_keeps_its_beginning_and_its_end() -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(100))
    short_text = cut_in_middle(text, 400)
    assert len(short_text) <= 400 and short_text.count(" [...] ") == 1
    assert short_text.startswith("Sentence number 0 is here.") and short_text.endswith("Sentence number 99 is here.")
    assert all(re.search(r"\.( \[|\Z)", half) for half in short_text.split("...]"))
    assert cut_in_middle(text, len(text)) == text
    assert 0 < len(cut_in_middle("word " * 200, 100)) <= 100
