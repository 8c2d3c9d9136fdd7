"""What of the stock fits where: nobody follows a carpet from one field to the next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worldkit.generation.planning.plan import PlanPlace
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.roofs import is_roofed, settled, suited, suits
from worldkit.generation.planning.stock import Thing, VerbPhrase, stock

OPEN_PREMISES = (
    "A beekeeper has to win back her fiancé at the village dance.",
    "The cobbler's daughter hides in the sleigh to find the palace and the village.",
    "A clerk looks for a letter in the supermarket and the streets",
    "A nurse must find the file in the hospital and the roof garden",
)
TRAIN = stock().genres["train"]
CARPET, LADDER = VerbPhrase("follow", Thing("a strip of carpet")), VerbPhrase("climb", Thing("a roof ladder"))


def place(name: str, *props: str) -> PlanPlace:
    return PlanPlace(name.replace(" ", "_"), name, tuple(map(Thing, props)))


LAKE, FIELD, CAR = place("frozen lake", "a sledge"), place("field", "a fence"), place("mail car", "a sorting rack")


@pytest.mark.parametrize(("ends", "fits"), [((LAKE, FIELD), False), ((LAKE, CAR), True), ((CAR, LAKE), True)])
def test_a_way_of_a_house_needs_a_roof_at_an_end(ends: tuple[PlanPlace, PlanPlace], fits: bool) -> None:
    assert suits(CARPET, TRAIN, *ends) is fits
    assert suits(LADDER, TRAIN, *ends)


@pytest.mark.parametrize("thing", ["a narrow shaft", "a steep chute", "a loading hoist", "a goods lift", "a trapdoor"])
def test_what_goes_up_and_down_in_a_house_needs_a_roof_at_both_ends(thing: str) -> None:
    way = VerbPhrase("ride", Thing(thing))
    assert suits(way, TRAIN, CAR, CAR)
    assert not suits(way, TRAIN, CAR, FIELD) and not suits(way, TRAIN, FIELD, CAR)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(OPEN_PREMISES), st.integers(0, 2**32), st.integers(5, 12))
def test_no_shaft_leads_into_the_open(premise: str, seed: int, states: int) -> None:
    world_plan = plan(premise, seed, states)
    for step in world_plan.steps:
        if step.kind in ("way", "drop") and {"shaft", "chute", "hoist", "lift", "trapdoor"} & set(
            step.thing.text.split()
        ):
            ends = [world_plan.place(id) for id in (step.at, step.to) if id]
            assert all(is_roofed(end, world_plan.genre) for end in ends), step


def test_where_nothing_fits_anything_will_do() -> None:
    assert suited([CARPET, LADDER], TRAIN, LAKE, FIELD) == [LADDER]
    assert suited([CARPET], TRAIN, LAKE, FIELD) == [CARPET]


def test_a_thing_is_used_where_it_stands_before_one_that_may_be_anywhere_and_one_kept_elsewhere() -> None:
    western = stock().genres["western"]
    saloon, creek = place("saloon", "an upright piano", "card tables"), place("dry creek", "smooth stones")
    piano, horse, cup = (
        VerbPhrase(verb, Thing(thing))
        for verb, thing in (("play", "an upright piano"), ("feed", "a black stallion"), ("fill", "a tin cup"))
    )
    assert settled([horse, cup, piano], western, [creek, saloon]) == [(piano, [1]), (cup, [0, 1]), (horse, [0, 1])]
    assert settled([cup], western, [LAKE, creek]) == [(cup, [1])]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(stock().genres)), st.integers(0, 2**32), st.integers(5, 16))
def test_what_is_done_on_the_spot_is_done_where_its_thing_is(genre: str, seed: int, states: int) -> None:
    words = sorted(stock().genres[genre].words)[:2]
    world_plan = plan(f"A story of the {words[0]} and the {words[1]}", seed, states)
    for step in world_plan.steps:
        if step.kind == "act":
            assert step.thing.head in {prop.head for prop in world_plan.place(step.at).props}
