"""Whom a player may ask in a world of the templates, what they answer, and who it was where a goal asks that."""

from __future__ import annotations

import pytest

from worldkit.generation.planning.kinds import kinds
from worldkit.generation.planning.people import is_person
from worldkit.generation.planning.plan import Plan, PlanStep
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.prose.fields import wanted
from worldkit.generation.text.english import within

RIDDLES = [
    "In the royal castle, a squire must find out who hid the crown.",
    "A robot wants to learn who switched off the reactor on the space station.",
    "Who killed the clockmaker? A young constable searches the clock tower.",
    "Three siblings have to find out who wrote the will of their aunt.",
    "A parrot is the sole witness to a murder in a barber shop.",
    "Find the traitor aboard the starship.",
]
CHEFS = "Two rival chefs are locked overnight in a department store."


def questions(story_plan: Plan) -> list[PlanStep]:
    """Return the steps in which somebody is asked."""
    return [step for step in story_plan.steps if step.about]


def answer(story_plan: Plan, step: PlanStep, seed: int) -> str:
    """Return what the player is told on asking."""
    return next(
        next(iter(item.stock)) for item in wanted(story_plan, seed) if item.at == ("event", step.name, "narration")
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("premise", [*RIDDLES, CHEFS])
def test_who_is_asked_says_where_the_thing_lies(premise: str, seed: int) -> None:
    story_plan = plan(premise, seed)
    assert questions(story_plan)
    for step in questions(story_plan):
        place_id = next(other.at for other in story_plan.steps if other.kind == "take" and other.thing == step.about)
        assert place_id != step.at
        assert within(story_plan.place(place_id).name).lower() in answer(story_plan, step, seed).lower()
        assert step.thing in story_plan.place(step.at).props


def test_who_is_asked_is_what_one_sees_while_asking() -> None:
    story_plan = plan(CHEFS)
    [step] = questions(story_plan)
    [base] = [item for item in wanted(story_plan, 1) if item.at == ("event", step.name, "base")]
    assert base.sight
    assert base.sight.thing == step.thing


@pytest.mark.parametrize(
    "premise",
    [
        "A spy must find the code among twelve silent monks.",
        "Two astronauts who no longer speak have to land a capsule.",
    ],
)
def test_people_who_do_not_speak_are_not_asked(premise: str) -> None:
    assert not any(questions(plan(premise, seed)) for seed in range(4))


def test_a_why_is_answered_in_the_end() -> None:
    story_plans = [plan("A gladiator who will not fight.", seed) for seed in range(4)]
    subtitles = {place.end.subtitle for story_plan in story_plans for place in story_plan.places if place.end}
    reasons = {text.subtitle for text in stock().ending_texts if "why" in text.verbs}
    assert subtitles & reasons


@pytest.mark.parametrize("thing", ["pigeons", "hitched horses", "white crabs", "a tabby cat", "the statue of a king"])
def test_animals_and_things_are_asked_nothing(thing: str) -> None:
    assert not is_person(Thing(thing))


@pytest.mark.parametrize("seed", range(8))
def test_a_rival_of_the_premise_knows_where_something_is_that_one_may_lack(seed: int) -> None:
    story_plan = plan(CHEFS, seed)
    [step] = questions(story_plan)
    assert step.thing.text == "the other chef"
    # the place can be reached without what the person is asked about
    taking = next(other for other in story_plan.steps if other.kind == "take" and other.thing == step.about)
    reached_ids = {story_plan.places[0].id}
    for _ in story_plan.places:
        reached_ids |= {
            other.to
            for other in story_plan.steps
            if other.to and other.at in reached_ids and not set(other.requires) & set(taking.grants)
        }
    assert step.at in reached_ids


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("premise", RIDDLES)
def test_a_riddle_has_a_culprit_who_is_met_before_the_end_says_so(premise: str, seed: int) -> None:
    story_plan = plan(premise, seed, states=7)
    end = next(place for place in story_plan.places if place.end and place.end.kind == "win")
    assert end.end
    culprit = end.end.subtitle.removeprefix("It was ").partition(".")[0]
    questions_to_culprit = [step for step in questions(story_plan) if step.thing.the == culprit]
    assert questions_to_culprit
    assert all(step.kind == "deny" for step in questions_to_culprit)
    assert culprit in (prop.the for prop in end.props)
    assert any(step.use.startswith(f"It leads to {culprit}. ") for step in story_plan.steps if step.kind == "take")


@pytest.mark.parametrize("seed", range(8))
def test_a_victim_answers_no_question_and_a_culprit_is_nobody_of_the_premise(seed: int) -> None:
    story_plan = plan("Detective Inspector Shaw must discover who poisoned the bishop in the cathedral.", seed)
    asked_people = {step.thing.bare for step in questions(story_plan)}
    assert asked_people.isdisjoint({"bishop", "inspector", "detective"})


@pytest.mark.parametrize("seed", range(8))
def test_nobody_is_guilty_by_trade(seed: int) -> None:
    story_plan = plan("A maid has to find out who stole the necklace in the Grand Hotel.", seed)
    assert {"thief", "burglar", "pickpocket"}.isdisjoint(step.thing.bare for step in questions(story_plan))


@pytest.mark.parametrize("premise", [*RIDDLES, CHEFS])
def test_what_the_goal_takes_does_not_lie_where_one_begins(premise: str) -> None:
    for seed in range(8):
        story_plan = plan(premise, seed)
        needs = {flag for step in story_plan.steps if step.kind == "goal" for flag in step.requires}
        assert all(step.at != story_plan.places[0].id for step in story_plan.steps if needs.intersection(step.grants))


def test_where_people_work_somebody_is_there_and_in_an_abandoned_place_nobody() -> None:
    assert any(questions(plan("A waiter must serve nine courses in a restaurant.", seed)) for seed in range(4))
    assert not any(questions(plan("A waiter must serve in an abandoned restaurant.", seed)) for seed in range(4))


def test_what_was_stolen_is_seen_in_the_end_and_not_before() -> None:
    story_plan = plan("A maid has to find out who stole the pearl necklace in the Grand Hotel.")
    places = [place for place in story_plan.places if "pearl necklace" in (prop.bare for prop in place.props)]
    assert [place.end.kind for place in places if place.end] == ["win"]
    assert len(places) == 1


def test_what_is_to_be_explained_is_there_from_the_start() -> None:
    story_plan = plan("A pawnbroker finds a bloodstained violin among her stock and has to learn who brought it in.")
    assert "bloodstained violin" in (prop.bare for prop in story_plan.places[0].props)


@pytest.mark.parametrize(
    ("premise", "victim"),
    [
        ("Who killed the vicar of the church?", "vicar"),
        ("The captain was murdered on the ship. The cook investigates.", "captain"),
        ("All scientists in the desert lab died. Identify the killer.", "scientists"),
    ],
)
def test_the_dead_neither_ask_nor_answer(premise: str, victim: str) -> None:
    story_plan = plan(premise, 1)
    assert victim not in story_plan.who
    assert questions(story_plan)
    assert victim not in {step.thing.bare for step in questions(story_plan)}


def test_those_who_left_are_not_asked_why_they_left() -> None:
    story_plan = plan("Find out why the villagers vanished from the village.", 1)
    assert "villagers" not in {step.thing.bare for step in questions(story_plan)}


@pytest.mark.parametrize("wrongdoer", ["saboteur", "spy", "killer"])
def test_who_is_to_be_found_is_somebody_whom_one_meets(wrongdoer: str) -> None:
    story_plan = plan(f"A submarine captain must find the {wrongdoer} on board.", 1)
    assert "deny" in {step.kind for step in questions(story_plan)}


def test_who_did_it_by_the_premise_did_it_in_the_end() -> None:
    story_plan = plan("The butler murdered Lord Blackwood in the library; find the murderer.", 1)
    assert story_plan.who != "butler"
    assert story_plan.goal == "find the murderer"
    [win] = [place.end for place in story_plan.places if place.end and place.end.kind == "win"][:1]
    assert win.subtitle.startswith("It was the butler. ")
    assert [step.thing.bare for step in questions(story_plan) if step.kind == "deny"] == ["butler"]


def test_who_is_met_in_a_place_works_there_and_can_answer() -> None:
    """A forger is at home in hotels, and nobody whom every guest of one would ask."""
    assert "forger" not in kinds()["hotel"].people
    assert [(kind.name, who) for kind in kinds().values() for who in kind.people if not is_person(Thing(who))] == []
    assert [kind.name for kind in kinds().values() if not kind.genre and not kind.people] == ["cave", "imagined"]


def test_what_a_riddle_is_about_is_not_seen_in_another_place_in_the_end() -> None:
    story_plan = plan("A pawnbroker finds a bloodstained violin among her stock and has to learn who brought it in.")
    place_ids = [
        place.id for place in story_plan.places if "bloodstained violin" in (prop.bare for prop in place.props)
    ]
    assert place_ids == [story_plan.places[0].id]
    story_plan = plan("A librarian must find out why the clock in the library strikes thirteen.")
    place_ids = [place.id for place in story_plan.places if "clock" in (prop.head for prop in place.props)]
    assert place_ids == [story_plan.places[0].id]
