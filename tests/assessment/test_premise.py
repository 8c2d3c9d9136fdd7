"""What a premise names is read without a model: people, places, things, and what is to be done."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.growing import MOST as MOST_GROWTH
from tests.growing import growth
from worldkit.assessment.names import ROLES
from worldkit.assessment.premise import MOST, read_premise
from worldkit.language.lexicon import lexicon
from worldkit.language.tagging import tag

BENCH = Path(__file__).parents[2] / "bench"
PREMISES = BENCH / "premises.txt"


def phrases(premise: str, role: str) -> list[str]:
    return [name.phrase for name in read_premise(premise).names if name.role == role]


@pytest.mark.parametrize(
    ("premise", "who", "where", "what", "task"),
    [
        (
            "Two rival chefs are locked overnight in a department store",
            ["rival chefs"], ["department store"], [], [],
        ),
        ("A beekeeper discovers the queen is missing", ["beekeeper", "queen"], [], [], ["discover the queen"]),
        (
            "A lighthouse keeper must relight the lamp before the storm strikes the ships",
            ["lighthouse keeper"], [], ["lamp", "ships"], ["relight the lamp"],
        ),
        (
            "A smuggler crosses the marsh with a lantern that must stay lit",
            ["smuggler"], ["marsh"], ["lantern"], ["cross the marsh"],
        ),
        (
            "A widow looks for her husband's compass on a salt flat",
            ["widow"], ["salt flat"], ["compass"], ["look for her husband's compass"],
        ),
        ("A dog must find its way home from the circus", ["dog"], ["circus"], [], ["find its way"]),
        ("A tram driver has to bring the last tram home through a flooded city",
         ["tram driver"], ["flooded city"], ["last tram"], ["bring the last tram"]),
        ("Break into the museum and return the stolen mask.", [], ["museum"], ["stolen mask"],
         ["break into the museum", "return the stolen mask"]),
        ("A falconer searches the marsh for a hawk.", ["falconer", "hawk"], ["marsh"], [], ["search for a hawk"]),
        ("A boy sells his shadow and wants it back.", ["boy"], [], ["shadow"],
         ["get back his shadow"]),
        ("A jester overhears the plan to kill the king.", ["jester", "king"], [], ["plan"], ["overhear the plan"]),
        ("Forgiveness arrives too late and knocks anyway.", [], [], [], []),
    ],
)  # fmt: skip
def test_names_have_the_role_that_words_and_grammar_give_them(
    premise: str, who: list[str], where: list[str], what: list[str], task: list[str]
) -> None:
    assert [phrases(premise, role) for role in ROLES] == [who, where, what, task]


def test_two_protagonists_are_counted() -> None:
    (chefs,) = read_premise("Two rival chefs are locked in a kitchen.").who
    assert (chefs.lemma, chefs.modifiers, chefs.count, chefs.is_chief) == ("chef", ("rival",), 2, True)


def test_a_toaster_that_wants_something_is_who() -> None:
    assert phrases("A toaster wants to see the sea.", "who") == ["toaster"]


def test_every_premise_of_the_bench_names_somebody() -> None:
    lines = PREMISES.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not read_premise(line).who] == []


def test_the_open_premises_are_240_in_twelve_genres_and_none() -> None:
    genres = tomllib.loads((BENCH / "premises-240.toml").read_text(encoding="utf-8"))
    texts = [text for kinds in genres.values() for each in kinds.values() for text in each]
    assert (len(genres), len(texts), len(set(texts))) == (13, 240, 240)
    texts_with_names = [text for text in texts if read_premise(text).names]
    assert len(texts_with_names) >= 225, "nearly all but the abstract ones name something"


@pytest.mark.parametrize(
    "premise", ["", "   ", "42", "?!", "木を見て森を見ず", "<script>alert(1)</script>", "\ud800 a fox", "walk, " * 400]
)
def test_any_text_is_read(premise: str) -> None:
    read_premise(premise)


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_names_stand_where_they_say_and_none_twice(premise: str) -> None:
    names = read_premise(premise).names
    for name in names:
        assert 0 <= name.start <= name.end <= len(premise)
    for role in ROLES:
        lemmas = [name.lemma for name in names if name.role == role and role != "task"]
        assert len(lemmas) == len(set(lemmas)) <= MOST


def test_reading_grows_no_faster_than_the_premise() -> None:
    def prepare(size: int) -> Callable[[], object]:
        premise = "She must walk and run and " * size
        return lambda: read_premise(premise)

    assert growth(prepare, 400) < MOST_GROWTH


@pytest.mark.parametrize(
    ("form", "pos", "lemma"),
    [("mice", "n", "mouse"), ("leaves", "n", "leaf"), ("leaves", "v", "leave"), ("stole", "v", "steal"),
     ("stopped", "v", "stop"), ("chefs", "n", "chef"), ("stories", "n", "story")],
)  # fmt: skip
def test_a_form_has_its_lemma(form: str, pos: str, lemma: str) -> None:
    assert lemma in lexicon().lemmas(form, pos)  # type: ignore[arg-type]


def test_a_moor_is_a_place_and_no_person() -> None:
    assert {sense.kind for sense in lexicon().senses("moor")} == {"l"}


def test_neighbours_decide_what_a_word_is() -> None:
    tags = {token.word: token.tag for token in tag("A pilot lands in the lands of ice.")}
    assert tags["pilot"] == "N"
    assert [token.tag for token in tag("A pilot lands in the lands of ice.") if token.word == "lands"] == ["V", "N"]
