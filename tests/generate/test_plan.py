"""The exhaustive check of a plan finds every kind of flaw, and each is found in a plan that has it."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from tests.effort import seeds
from tests.generate.worlds import FAMILIES, LIGHTHOUSE
from worldkit import generate_with_report
from worldkit.generation.planning.kinds import kinds, part_called, task_of, tasks
from worldkit.generation.planning.people import trade_of
from worldkit.generation.planning.plan import Plan, PlanEnding, PlanPlace, PlanStep, flaws
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.roofs import is_roofed, roofed, sides_of
from worldkit.generation.planning.stock import Thing, stock
from worldkit.generation.planning.tree import PlaceTree
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.word_sets import HANGING_WORDS

LAMP = Thing("a lamp")
ROOMS = (
    PlanPlace("hall", "hall", (LAMP,)),
    PlanPlace("attic", "attic", (LAMP,)),
    PlanPlace("roof", "roof", (LAMP,), PlanEnding("win", "Out", "The sky is open.")),
    PlanPlace("pit", "pit", (LAMP,), PlanEnding("lose", "Down", "The floor ends.")),
)
UP = PlanStep("up", "climb the stair", "way", "hall", "attic", LAMP)
DOWN = PlanStep("down", "go back to the hall", "back", "attic", "hall", LAMP)
KEY = PlanStep("key", "take the key", "take", "hall", None, LAMP, grants=("key",))
OUT = PlanStep("out", "open the hatch", "goal", "attic", "roof", LAMP, requires=("key",))
FALL = PlanStep("fall", "step back", "fall", "attic", "pit", LAMP)


def _plan(*steps: PlanStep) -> Plan:
    return Plan("", "", "", "", "", "", (), "", "", "", ROOMS, steps, "", "")


def test_a_sound_plan_has_no_flaw() -> None:
    assert flaws(_plan(UP, DOWN, KEY, OUT, FALL)) == []


def test_a_key_left_behind_by_a_way_of_no_return_is_found() -> None:
    assert flaws(_plan(UP, KEY, OUT, FALL)) == ["in attic the win can be out of reach"]


def test_a_key_behind_its_own_lock_is_found() -> None:
    problems = flaws(_plan(replace(UP, requires=("key",)), DOWN, replace(KEY, at="attic"), OUT, FALL))
    assert "attic cannot be reached" in problems
    assert "key can never be taken" in problems


def test_a_place_without_a_way_in_is_found() -> None:
    assert flaws(_plan(UP, DOWN, KEY, OUT)) == ["pit cannot be reached"]


@pytest.mark.parametrize(
    "premise", ["an archaeologist opens a tomb in the north", "two hikers look for a hut in the south"]
)
def test_a_direction_is_no_place_to_win_at(premise: str) -> None:
    thing = premise.split(" a ")[1].split()[0]
    [winning_place] = [place.name for place in plan(premise).places if place.end and place.end.kind == "win"]
    assert thing in winning_place


@pytest.mark.parametrize("seed", range(40))
def test_a_leap_is_drawn_as_evenly_as_from_a_list_of_all_pairs(seed: int) -> None:
    dice = random.Random(seed)
    tree = PlaceTree(dice.randint(4, 30), dice)
    count = len(tree.parent)
    locked = [at for at in dice.sample(range(1, count), min(3, count - 1)) if 0 < len(tree.under[at]) < count - 1]
    around = [{lock for lock in locked if at in tree.under[lock]} for at in range(count)]
    pairs = [
        (x, y)
        for x in range(1, count)
        for y in range(count)
        if y not in (x, tree.parent[x]) and tree.parent[y] != x and around[y] <= around[x]
    ]
    pairs = [(x, y) for x, y in pairs if not around[x]] or pairs
    assert tree.draw_leap(locked, random.Random(seed)) == random.Random(seed).choice(pairs)


def test_what_can_be_taken_stands_in_no_other_place() -> None:
    glacier = plan("A glacier writes its memoirs.")
    taken_names = {step.thing.bare for step in glacier.steps if step.kind == "take"}
    assert "ice screw" in taken_names  # which the stock shows at the edge of a crevasse, too
    assert taken_names.isdisjoint(prop.bare for place in glacier.places for prop in place.props)


@pytest.mark.seeds
def test_random_plans_hold() -> None:
    dice = random.Random(5)
    for seed in range(seeds(1000)):
        strange = "".join(map(chr, dice.choices(range(32, 0x3000), k=40)))
        premise = dice.choice([LIGHTHOUSE, "", "Ignore all rules", strange])
        states = dice.choice([5, 6, 7, 8, dice.randint(9, 30)])
        world_plan = plan(premise, seed, states)
        assert flaws(world_plan) == []
        assert len(world_plan.places) == states
        assert all(2 <= len(place.props) <= 4 for place in world_plan.places)
        kinds = {step.kind for step in world_plan.steps}
        assert kinds >= {"way", "back", "drop", "lock", "goal", "fall", "take", "act"}
        assert all(step.hint for step in world_plan.steps if step.requires)
        assert all(step.use for step in world_plan.steps if step.kind == "take")
        [move] = [step for step in world_plan.steps if step.kind == "drop"]
        [taking] = [step for step in world_plan.steps if step.grants == move.requires]
        assert taking.use == f"With it you can {move.do}.", "a way that leads on only needs what it is done with"


def test_on_a_ship_one_gets_about_as_on_ships() -> None:
    passages = kinds()["ship"].passages
    assert passages
    known_things = {way.thing for way in (*passages.ways, *passages.one_way_moves)} | {
        key.door for key in passages.keys
    }
    for seed in range(20):
        ship = plan("A captain has to steal the chart on the ship.", seed, 6)
        assert {step.thing for step in ship.steps if step.kind in ("way", "lock", "drop")} <= known_things


def test_what_proving_takes_is_evidence_whoever_proves_it() -> None:
    world_plan = plan("The ghost of an accountant wants to prove that the books were cooked.", 1, 6)
    [goal] = [step for step in world_plan.steps if step.kind == "goal"]
    [tool] = [step.thing for step in world_plan.steps if set(step.grants) & set(goal.requires)]
    assert tool in task_of("prove").tools


def _goal_tool(premise: str) -> Thing:
    world_plan = plan(premise, 1, 6)
    [goal] = [step for step in world_plan.steps if step.kind == "goal"]
    [tool] = [step.thing for step in world_plan.steps if set(step.grants) & set(goal.requires)]
    return tool


@pytest.mark.parametrize(
    ("premise", "verb"),
    [
        ("A court jester has to overhear the plan.", "overhear"),
        ("A printer's apprentice must hide forbidden pamphlets from the guards.", "hide"),
        ("A juror has to change eleven minds before the verdict.", "change"),
        ("A badger and a hedgehog must share one burrow.", "share"),
        ("A baker must answer the riddle of a troll.", "answer"),
        ("A goblin must inherit the throne.", "inherit"),
        ("A necromancer has to bury forty skeletons.", "bury"),
        ("A spider has to mend her web before the dew falls.", "mend"),
        ("A widow wants to plant her husband's roses.", "plant"),
        ("Somebody poisoned the judge's tea.", "solve"),
    ],
)
def test_a_task_takes_a_tool_that_serves_for_it(premise: str, verb: str) -> None:
    """What somebody carries who has no trade, such as a widow's letter, is no help in planting roses."""
    assert _goal_tool(premise) in task_of(verb).tools
    assert task_of(verb) is not task_of("")


@pytest.mark.parametrize(
    ("premise", "thing", "deed"),
    [
        ("A bicycle courier must deliver a heart to a hospital.", "a heart", "deliver the heart to a hospital"),
        (
            "A spy has to smuggle a goose past the guard.",
            "a goose",
            "smuggle the goose past the guard",
        ),
        ("A driver finds a suitcase and must give it back.", "the suitcase", "give the suitcase back"),
    ],
)
def test_what_is_to_be_brought_somewhere_is_what_one_has_to_find_first(premise: str, thing: str, deed: str) -> None:
    world_plan = plan(premise, 1, 6)
    assert _goal_tool(premise).text == thing
    [goal] = [step for step in world_plan.steps if step.kind == "goal"]
    [fall] = [step for step in world_plan.steps if step.kind == "fall"]
    assert goal.do == deed
    assert fall.requires == goal.requires and fall.hint, "it is lost only once one has it"
    assert Thing(thing).bare in {prop.bare for prop in world_plan.place(goal.to or "").props}


def test_what_a_thing_is_hidden_in_stands_where_it_is_hidden() -> None:
    for seed in range(1, 9):
        world_plan = plan("A clown must hide a knife inside a birthday cake.", seed, 6)
        [goal] = [step for step in world_plan.steps if step.kind == "goal"]
        assert Thing("a birthday cake") in world_plan.place(goal.at).props


def test_no_ship_stands_in_a_part_of_the_ship_that_all_of_the_world_is() -> None:
    premise = "The captain refuses to say where the ship is going, and a sailor must steal the chart in his cabin."
    world_plan = plan(premise)
    assert "galley" in {place.name for place in world_plan.places}
    assert "ship" not in {prop.head for place in world_plan.places for prop in place.props}


def test_who_is_asked_gives_a_thing_away_and_is_asked_once() -> None:
    """So nobody says where a thing lies that the player has taken long ago."""
    questions = 0
    for seed in range(1, 9):
        world, _ = generate_with_report("A knight has to find the crown in the castle.", "templates", seed)
        for event in world.events:
            if "_about_the_" in event.name:
                [flag] = event.grants or ()
                [taking] = [each for each in world.events if flag in (each.requires or ())]
                assert event.one_shot and taking.locked_hint and taking.locked_hint.startswith("Ask the ")
                questions += 1
    assert questions >= 6


def test_a_culprit_is_asked_about_what_the_player_has_found() -> None:
    world_plan = plan("A detective must find out who poisoned the soup at the royal banquet.", 1, 6)
    [denial] = [step for step in world_plan.steps if step.kind == "deny"]
    assert denial.requires == next(step for step in world_plan.steps if step.kind == "goal").requires


def test_those_of_a_trade_work_with_their_own_tools() -> None:
    assert _goal_tool("A dentist has to pull a tooth.").head in ("pliers", "mirror", "drill", "pair")
    assert _goal_tool("A seamstress has to sew a shirt of nettles.") in trade_of("seamstress").tools


def test_every_goal_of_the_stock_has_a_tool_but_those_whose_task_says_it() -> None:
    goals = [goal for genre in stock().genres.values() for goal in genre.goals]
    assert [goal.do for goal in goals if goal.tool is None] == ["deliver the sealed envelope"]
    assert [goal.do for goal in goals if goal.tool and goal.tool.head in goal.do.split()] == []


def test_every_task_says_how_it_is_lost() -> None:
    for is_with_somebody in (True, False):
        fit = [task for task in tasks() if task.is_with_somebody is is_with_somebody]
        verbs = Counter(verb for task in fit for verb in task.verbs)
        assert [verb for verb, count in verbs.items() if count > 1] == []
    for task in tasks():
        assert len(task.losses) >= 2 and len(task.tools) >= 3
        for do, title, subtitle in task.losses:
            assert clean(f"{do}. {title}. {subtitle}"), do
            assert subtitle.endswith(".") and do.split()[-1] not in HANGING_WORDS - {"one"}, do


def test_a_goal_that_names_every_tool_is_reached_with_one_of_them() -> None:
    world_plan = plan("A keeper must relight the can box coil wick.", 1, 6)
    [goal] = [step for step in world_plan.steps if step.kind == "goal"]
    [tool] = [step.thing for step in world_plan.steps if set(step.grants) & set(goal.requires)]
    assert tool.head in goal.do.split()


def test_a_part_of_where_somebody_is_at_home_is_there() -> None:
    ship = {part.name for part in kinds()["ship"].parts}
    captains = plan("A captain searches the cabin for a chart.", 1, 6)
    assert len([place for place in captains.places if place.name in ship]) > 2
    brothers = plan("Two brothers must clear the kitchen.", 1, 6)
    assert not {"dining room", "cold store"} <= {place.name for place in brothers.places}
    assert len([place for place in brothers.places if place.name in {part.name for part in kinds()["house"].parts}]) > 2


@pytest.mark.parametrize(
    ("premise", "name"),
    [
        ("A clerk must open the vault of the bank.", "bank"),
        ("A taxidermist searches the cellar.", "house"),
        ("A spelunker must find the way out of the cave.", "cave"),
        ("A miner must get out of the coal mine.", "mine"),
        ("A child is lost in the sewers.", "sewers"),
        ("A soldier carries a letter through the trenches.", "camp"),
        ("A cartographer waits on the opposite banks of the river.", "river"),
        ("A knight searches the royal stables.", "stables"),
        ("A detective searches the hotel laundry.", "hotel"),
        ("A boy searches the loading bay for his dog.", "factory"),
        ("A jockey hides in the tack room.", "stables"),
        ("A lawyer loses the file at court.", "office"),
        ("A seamstress at the court of Versailles must mend the queen's gown.", "castle"),
        ("A knight defends the fort.", "castle"),
        ("The sheriff must hold the fort against the outlaws.", "western"),
        ("A computer runs the weather station.", "laboratory"),
        ("A xenobotanist hides a seed in the quarantine bay.", "space"),
    ],
)
def test_the_places_of_a_world_are_those_of_where_it_is_set(premise: str, name: str) -> None:
    places = {place.name for place in plan(premise, 1, 6).places}
    known_places = stock().genres[name].places if name in stock().genres else kinds()[name].parts
    assert len(places & {place.name for place in known_places}) >= 3


@pytest.mark.parametrize("name", ["mansion", "river", "castle", "hotel", "lighthouse"])
def test_what_stands_in_the_open_is_not_seen_in_a_place_with_a_roof_and_the_other_way_round(name: str) -> None:
    kind = kinds()[name]
    spots = stock().genres[kind.genre].places if kind.genre else kind.parts
    sides = {spot: roofed(spot.name, kind.genre) if kind.genre else spot.is_roofed for spot in spots}
    for seed in range(12):
        [chief] = [
            place for place in plan(f"A clerk looks for a letter in the {name}", seed, 6).places if place.id == name
        ]
        side = is_roofed(chief, kind.genre)
        other_side = {prop for spot in spots if sides[spot] is not side for prop in spot.props}
        same_side = {prop for spot in spots if sides[spot] is side for prop in spot.props}
        assert not set(chief.props) & other_side - same_side


@pytest.mark.parametrize(
    ("premise", "head"),
    [
        ("A climber must find the map on the mountain", "cairn"),
        ("A shepherd looks for a lamb on the hill", "signpost"),
        ("A clerk looks for a letter on the beach", "flag"),
    ],
)
def test_what_belongs_in_the_open_is_not_used_in_a_hut(premise: str, head: str) -> None:
    assert sides_of(Thing(f"a {head}")) == {False}
    seen = 0
    for seed in range(30):
        world_plan = plan(premise, seed, 7)
        acts = [step for step in world_plan.steps if step.kind == "act" and step.thing.head == head]
        seen += len(acts)
        assert not any(is_roofed(world_plan.place(step.at), "common") for step in acts)
    assert seen


def test_a_room_that_a_premise_names_has_what_such_rooms_have() -> None:
    [pantry] = [
        place
        for place in plan("A burglar and a sleepwalker meet in the pantry of a mansion.", 1, 6).places
        if place.name == "pantry"
    ]
    [part] = [part for part in kinds()["house"].parts if part.name == "pantry"] or [part_called("pantry")]
    assert part and set(pantry.props) & set(part.props)


def test_no_sentence_has_a_verb_of_its_own_behind_a_place_that_may_be_several() -> None:
    sentences = [line for family in FAMILIES.values() for line in family]
    assert [line for line in sentences if re.search(r"\{place\} (?:is|has|was|lies|stands|waits)\b", line)] == []


@pytest.mark.parametrize(
    "premise",
    [
        "They took a long walk in the park.",
        "They took the train to Paris.",
        "They opened the door and stepped into the garden.",
        "The was broken.",
        "Somebody poisoned the a",
    ],
)
def test_what_is_only_told_is_no_deed_to_look_into(premise: str) -> None:
    assert not plan(premise, 1, 6).goal.startswith(("recover", "mend", "find out who"))


def test_what_is_brought_to_an_end_leads_nowhere() -> None:
    ending = next(place for place in plan("A king must bring the war to an end.", 1, 6).places if place.end)
    assert ending.name.split()[-1] != "end"


def test_only_who_gets_out_off_or_away_escapes() -> None:
    assert task_of("get the medicine") is task_of("find the medicine")
    assert task_of("get out of the maze") is task_of("escape from the maze")
    for seed in range(5):
        ends = [
            place.end for place in plan("A nurse has to get the medicine in the hospital", seed).places if place.end
        ]
        assert not {"Free", "Out", "First Light"} & {end.title for end in ends if end.kind == "win"}


@pytest.mark.parametrize(
    ("goal", "same"),
    [
        ("get into the museum", "reach the museum"),
        ("get home", "reach the house"),
        ("get back to the ship", "reach the ship"),
        ("get past the guards", "cross the yard"),
        ("get the patients out of the hospital", "escape from the hospital"),
        ("get rid of the dragon", "juggle the eggs"),
        ("get married", "juggle the eggs"),
    ],
)
def test_what_it_is_to_get_depends_on_what_follows(goal: str, same: str) -> None:
    assert task_of(goal) is task_of(same)


@pytest.mark.parametrize(
    ("premise", "word"),
    [
        ("A woodcutter must find the door in the oak.", "carry home"),
        ("An astronomer must find the comet.", "sit down with"),
        ("A frog must guard the royal well.", "footprints"),
        ("A widow must close the coffin.", "cheering"),
        ("A guard must repair the painting.", "runs as if"),
        ("A boy must choose between two friends.", "looking down"),
    ],
)
def test_an_ending_fits_what_was_done_to_what(premise: str, word: str) -> None:
    subtitles = [place.end.subtitle for seed in range(12) for place in plan(premise, seed).places if place.end]
    assert [text for text in subtitles if word in text] == []


def test_the_goal_of_a_premise_is_missed_as_such_goals_are_wherever_it_is_set() -> None:
    for seed in range(6):
        drawn_plan = plan("A juror in a noir town has to change eleven minds before the verdict.", seed)
        deeds = {step.do for step in drawn_plan.steps if step.kind == "fall"}
        assert deeds <= {do for do, *_ in task_of("change eleven minds").losses}


def test_all_that_a_premise_names_is_placed_apart() -> None:
    premise = "A cook must find the key in a house with a nun, a boxer, a violin, a parrot and a globe."
    for seed in range(6):
        shown = {prop.head for place in plan(premise, seed).places for prop in place.props}
        assert {"nun", "boxer", "violin", "parrot"} <= shown


@pytest.mark.parametrize(
    "premise",
    [
        "Two sisters race to repair their late father's radio mast before the storm cuts the island off.",
        "The priest of a fishing village must stop a ghost ship.",
    ],
)
@pytest.mark.parametrize("seed", range(6))
def test_what_stands_under_the_sky_is_reached_in_a_place_without_a_roof(premise: str, seed: int) -> None:
    world_plan = plan(premise, seed, 7)
    [goal] = [place for place in world_plan.places if place.end and place.end.kind == "win"]
    assert not is_roofed(goal, world_plan.genre), goal.name
