"""The grammar reads what people write, and does not guess at the rest."""

from __future__ import annotations

import contextlib
import pickle
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from worldkit import WorldError
from worldkit.core.progress import ignore
from worldkit.generation.prose.moods import MOODS, mood
from worldkit.generation.revision.instruction import Unclear, examples, read
from worldkit.generation.revision.intents import (
    AddPlace,
    AddWay,
    Intent,
    Lock,
    Remove,
    Rename,
    Replace,
    SetMood,
    SetStart,
    SetText,
    Unlock,
)
from worldkit.generation.revision.mood_changes import swapped
from worldkit.generation.revision.name_resolution import find_states
from worldkit.generation.text.constraints import clean, faults


@pytest.mark.parametrize("instruction", ["set the tİtle of the gallery to x", "set the narratıon of the gallery to x"])
def test_letters_that_are_like_others_only_for_the_reader_are_unclear(instruction: str) -> None:
    with pytest.raises(Unclear):
        read(instruction)


@pytest.mark.parametrize(
    ("instruction", "intent"),
    [
        ("rename the lane to the drove road", Rename("the lane", "the drove road")),
        ("call the lane the road", Rename("the lane", "the road")),
        ("add a cellar between the kitchen and the yard", AddPlace("cellar", "the kitchen", "the yard")),
        ("add a place called old mill next to the yard", AddPlace("old mill", "the yard")),
        ("add a way back from the eel court to the hall", AddWay("the eel court", "the hall")),
        ("move the start to the portico", SetStart("the portico")),
        ("Create a boathouse near the landing", AddPlace("boathouse", "the landing")),
        ("put a locked gate between a and b", AddWay("a", "b", both=True, way="locked gate")),
        ("add a locked door from a to b with a rusty key", AddWay("a", "b", way="locked door", key="rusty key")),
        ("require the hand lamp to climb the ladder", Lock("climb the ladder", "hand lamp")),
        ("the player should need a lantern to enter the mill", Lock("the mill", "lantern")),
        ("you need a lantern for the mill", Lock("the mill", "lantern")),
        ("let the player start at the market", SetStart("the market")),
        ("unlock the oil store, please", Unlock("the oil store")),
        ("Add another room called “attic” above the kitchen!", AddPlace("attic", "the kitchen", relation="above")),
        ("add a way from the yard to the tower", AddWay("the yard", "the tower")),
        ("add an old ladder from the yard to the tower", AddWay("the yard", "the tower", way="old ladder")),
        ("add a secret door between kitchen and yard", AddWay("kitchen", "yard", True, "secret door")),
        ("connect the yard and the tower", AddWay("the yard", "the tower", True)),
        ("lock the tower with a brass key", Lock("the tower", "brass key")),
        ("add a lock to the tower with a rusty key", Lock("the tower", "rusty key")),
        ("lock the way from the yard to the tower", Lock("the yard", "", "the tower")),
        ("unlock the tower", Unlock("the tower")),
        ("remove the lock from the tower", Unlock("the tower")),
        ("remove the lock between the yard and the tower", Unlock("the yard", "the tower")),
        ("unlock the way from the yard to the tower", Unlock("the yard", "the tower")),
        (
            "lock the door between the room with a view and the yard with a brass key",
            Lock("the room with a view", "brass key", "the yard"),
        ),
        ("please remove the cellar", Remove("the cellar")),
        ("start in the kitchen", SetStart("the kitchen")),
        ("make the kitchen the entrance", SetStart("the kitchen")),
        ('set the title of the ending to "Home; at last."', SetText("the ending", "title", "Home; at last.")),
        ("set the title of the ending to \"'Tis the Night'\"", SetText("the ending", "title", "'Tis the Night'")),
        ('set the title of the ending to She says "hello"', SetText("the ending", "title", 'She says "hello"')),
        ('set the title of the ending to "Go," she says, "on"', SetText("the ending", "title", '"Go," she says, "on"')),
        ('set the text of walk to "Stop!" she cries', SetText("walk", "base", '"Stop!" she cries')),
        (
            'set the text of walk to "Keep out" is painted on the gate.',
            SetText("walk", "base", '"Keep out" is painted on the gate'),
        ),
        (
            'set the text of walk to "Go," she says, "run and lock the door"',
            SetText("walk", "base", '"Go," she says, "run and lock the door"'),
        ),
        ('set the detail of walk to "Go," and "on"', SetText("walk", "detail", '"Go," and "on"')),
        ('set the detail of "the way to hell" to Dark', SetText("the way to hell", "detail", "Dark")),
        ('rename "the road to rome" to "via"', Rename("the road to rome", "via")),
        ("rename 'the road to rome' to 'via'", Rename("the road to rome", "via")),
        ('rename the lane to a place called "the road to rome"', Rename("the lane", "the road to rome")),
        ('connect "lock and key" and "the inn"', AddWay("lock and key", "the inn", True)),
        ('add a way from "the road to rome" to the inn', AddWay("the road to rome", "the inn")),
        ('lock "the room with a view" with a brass key', Lock("the room with a view", "brass key")),
        ('make "the lane" colder', SetMood("the lane", (MOODS["cold"],))),
        ("set the title of the ending to 'One. Two.'", SetText("the ending", "title", "One. Two.")),
        ("set the title of the ending to 'It's late; go.'", SetText("the ending", "title", "It's late; go.")),
        ("rename 'the lane' to 'St. Mary'", Rename("the lane", "St. Mary")),
        ("change the ending's title to Home", SetText("the ending", "title", "Home")),
        ('call the ending "Home"', SetText("the ending", "title", "Home")),
        ("change the hotkey of walk to k", SetText("walk", "hotkey", "k")),
        ("make the ending colder", SetMood("the ending", (MOODS["cold"],))),
        (
            "Could you make the lane a bit darker and more hopeful?",
            SetMood("the lane", (MOODS["dark"], MOODS["hopeful"])),
        ),
        ("make the bench less dark", SetMood("the bench", (MOODS["bright"],))),
        ("the ending should feel warmer", SetMood("the ending", (MOODS["warm"],))),
    ],
)
def test_an_instruction_is_read(instruction: str, intent: Intent) -> None:
    assert read(instruction.rstrip("?")) == [intent]


def test_letters_that_only_ignored_case_makes_alike_break_nothing() -> None:
    assert read("set the ba\u017fe of the lane to A lane") == [SetText("the lane", "base", "A lane")]
    assert read("make the lane fro\u017fty") == [SetMood("the lane", (MOODS["cold"],))]


def test_several_are_read_in_order_and_quotes_are_left_whole() -> None:
    intents = read('remove the shed; rename the lane to "a; b". Then make it all colder\nstart in the yard')
    assert [type(intent) for intent in intents] == [Remove, Rename, SetMood, SetStart]


def test_an_apostrophe_is_no_quote() -> None:
    intents = read("set the title of the ending to 'Tis night; make the lodgers' room colder; remove the shed")
    assert intents[0] == SetText("the ending", "title", "'Tis night")
    assert [type(intent) for intent in intents] == [SetText, SetMood, Remove]


@pytest.mark.parametrize(
    "instruction",
    [
        'set the description of the chapel to "Go," says he, then lock the "tower"',
        'set the description of the chapel to "Stop!" she cries and lock the tower',
        "set the title of the ending to 'Home' and the other one to 'Away'",
        'set the description of the chapel to "A bare hall" with a stove',
        'lock the tower with "a red key" or a blue one',
        'add "a crypt" and "a loft" next to the chapel',
    ],
)
def test_what_follows_quoted_text_is_not_written_into_the_world(instruction: str) -> None:
    with pytest.raises(Unclear):
        read(instruction)


@pytest.mark.parametrize("link", ['", then ', '" then ', '" and ', '", and then ', '," then '])
def test_an_instruction_after_quoted_text_is_one_of_its_own(link: str) -> None:
    hall, lock = read(f'set the description of the chapel to "A bare hall{link}lock the tower with "a red key"')
    assert isinstance(hall, SetText) and hall.text.strip(",") == "A bare hall"
    assert lock == Lock("the tower", "a red key")
    assert read('connect "the yard" and "the tower"') == [AddWay("the yard", "the tower", True)]


@pytest.mark.parametrize(
    ("instruction", "intents"),
    [
        (
            'set the detail of walk to Shout "Stop" and remove the gallery',
            [SetText("walk", "detail", 'Shout "Stop" and remove the gallery')],
        ),
        (
            'set the detail of walk to Say "walk" and remove the gallery',
            [SetText("walk", "detail", 'Say "walk" and remove the gallery')],
        ),
        (
            'set the narration of "walk" to Say "walk" and remove the gallery',
            [SetText("walk", "narration", 'Say "walk" and remove the gallery')],
        ),
        (
            'set the text of the hall to An inn called "Rest" and lock the tower',
            [SetText("the hall", "base", 'An inn called "Rest" and lock the tower')],
        ),
        (
            'rename the hall to a place called "Rest" and lock the tower',
            [Rename("the hall", "Rest"), Lock("the tower")],
        ),
        ('rename the hall to the "Rest" and lock the tower', [Rename("the hall", "Rest"), Lock("the tower")]),
        ('add a place called "Rest" by "the inn" and lock the tower', [AddPlace("Rest", "the inn"), Lock("the tower")]),
        ('remove "the hall" and lock the tower', [Remove("the hall"), Lock("the tower")]),
        ('remove the state "Old Hall" then lock the tower', [Remove('the state "Old Hall"'), Lock("the tower")]),
        ('lock the "grand hall" and lock the tower', [Lock('the "grand hall"'), Lock("the tower")]),
    ],
)
def test_an_instruction_begins_behind_a_quote_only_where_the_quote_is_a_name_or_value(
    instruction: str, intents: list[Intent]
) -> None:
    assert read(instruction) == intents


@pytest.mark.parametrize("name", wk.samples.names())
def test_every_example_of_a_refusal_is_understood_and_names_what_the_world_has(name: str) -> None:
    world = wk.samples.load(name)
    with pytest.raises(Unclear) as error:
        wk.revise(world, "sing a song", model="templates", progress=ignore)
    lines = [line.strip() for line in str(error.value).splitlines() if line.startswith("  ")]
    assert len(lines) == 7
    for line in lines:
        for intent in read(re.sub(r" \(or [^)]*\)", "", line)):
            if intent == SetMood("everything", (MOODS["dark"],)):
                continue
            named = [getattr(intent, key) for key in ("what", "near", "on", "start", "to") if getattr(intent, key, "")]
            for words in named:
                assert find_states(world, words)


def test_a_refusal_names_what_was_used() -> None:
    assert 'model="templates" can follow' in str(Unclear("sing"))
    assert 'model="tiny", a small model here, can follow' in str(Unclear("sing", None, "tiny"))


@pytest.mark.parametrize(
    "instruction", ["sing a song", "make it better", "the lane", "add", "¿dónde está?", "make the lane"]
)
def test_what_is_not_understood_is_refused_with_what_is(instruction: str) -> None:
    with pytest.raises(Unclear) as error:
        read(instruction)
    assert "make the ending colder" in str(error.value)
    assert "chat:" in str(error.value)
    restored = pickle.loads(pickle.dumps(error.value))
    assert (restored.sentence, str(restored)) == (error.value.sentence, str(error.value))


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(WorldError, match="empty"):
        read(" ;\n. ")
    with pytest.raises(WorldError, match="at most 2,000"):
        read("a" * 2001)


PIECES = ["add", "a", "the", "between", "from", "to", "and", "lock", "make", "colder", "with", "of", ";", "'", '"']


@pytest.mark.parametrize("places", [[], ["lane"], ["lane", "bench"]])
def test_no_example_for_a_small_world_leads_from_a_place_to_itself(places: list[str]) -> None:
    world = wk.World.new("Small")
    world = world.apply([{"op": "add_state", "id": id, "state": {"base": f"The {id}."}} for id in places])
    sentences = "; ".join(examples(world)).split("; ")
    assert not [sentence for sentence in sentences if re.search(r"the (\w+) (?:to|and) the \1\b(?! \w)", sentence)]
    assert ("connect the lane and the bench" in sentences) == ("bench" in places)
    assert "add a cellar under the start" in sentences


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
def test_any_text_is_read_or_refused(instruction: str) -> None:
    with contextlib.suppress(WorldError):
        assert read(instruction)


@pytest.mark.parametrize(
    "word",
    [
        *("add a ", "between and ", "from to ", "make a bit ", "make x , ", "should be cold and ", "lock with "),
        *("rename to ", '"a" and lock '),
    ],
)
def test_no_instruction_takes_longer_to_read_than_its_length_says(word: str) -> None:
    def prepare(size: int) -> Callable[[], None]:
        instruction = (word * size)[:size] + " \0"

        def run() -> None:
            with contextlib.suppress(WorldError):
                read(instruction)

        return run

    assert growth(prepare, 120) < MAX_GROWTH


def test_moods_are_named_once_and_say_only_what_rules_allow() -> None:
    words = [word for one in MOODS.values() for word in (one.name, *one.words)]
    assert len(set(words)) == len(words)
    for one in MOODS.values():
        assert one.against in MOODS
        assert mood(one.name.upper()) is one
        for text in (one.air, *one.closing_lines, *one.signs, *one.swaps.values()):
            assert clean(text)
        for text in one.lines:
            assert faults(text.replace("{thing}", "the brass lamp")) == []


def test_what_a_place_has_of_a_stove_or_a_rock_is_gone_with_its_mood() -> None:
    text = "The cabin holds the warmth of a stove. The hall keeps the cold of the rock."
    assert swapped(text, [MOODS["cold"]]).startswith("The cabin has lost the heat of a stove.")
    assert swapped(text, [MOODS["warm"]]).endswith("The hall has lost the chill of the rock.")


def test_a_mood_swaps_whole_words_and_keeps_capitals() -> None:
    assert (
        MOODS["cold"].swapped("Warm light, warmly, in the SUNNY yard.") == "Cold light, warmly, in the Overcast yard."
    )


COLD = (MOODS["cold"],)


@pytest.mark.parametrize(
    ("instruction", "intents"),
    [
        (
            "rename the kitchen to larder, lock the loft and make the ending colder",
            [Rename("the kitchen", "larder"), Lock("the loft"), SetMood("the ending", COLD)],
        ),
        ("make the kitchen colder and lock it", [SetMood("the kitchen", COLD), Lock("the kitchen")]),
        (
            "add a chapel by the kitchen and lock it with a silver key",
            [AddPlace("chapel", "the kitchen"), Lock("chapel", "silver key")],
        ),
        (
            "rename the kitchen to larder, then connect it to the yard",
            [Rename("the kitchen", "larder"), AddWay("larder", "the yard", both=True)],
        ),
        (
            "add a door between the kitchen and the yard and lock it with a brass key",
            [AddWay("the kitchen", "the yard", both=True, way="locked door", key="brass key")],
        ),
        (
            "lock the loft with an iron key and hide the key in the kitchen",
            [Lock("the loft", "iron key", at="the kitchen")],
        ),
        ("lock the loft with an iron key hidden in the kitchen", [Lock("the loft", "iron key", at="the kitchen")]),
        (
            "rename the kitchen to bakery and the yard to court",
            [Rename("the kitchen", "bakery"), Rename("the yard", "court")],
        ),
        (
            "lock the loft with a brass key and the yard with a rusty key",
            [Lock("the loft", "brass key"), Lock("the yard", "rusty key")],
        ),
        ("lock the loft with a brass key and a lantern", [Lock("the loft", "brass key"), Lock("the loft", "lantern")]),
        ("lock the loft and the yard with a brass key", [Lock("the loft and the yard", "brass key")]),
        ('add a place called "Salt and Smoke" by the hall', [AddPlace("Salt and Smoke", "the hall")]),
        ('lock the loft with "a rod and a line"', [Lock("the loft", "a rod and a line")]),
        (
            "add a cellar under the hall and a shed by the yard",
            [AddPlace("cellar", "the hall", relation="under"), AddPlace("shed", "the yard")],
        ),
        (
            "add a door from a to b and a ladder from c to d",
            [AddWay("a", "b", way="door"), AddWay("c", "d", way="ladder")],
        ),
        ("make the yard colder and add a shed next to it", [SetMood("the yard", COLD), AddPlace("shed", "the yard")]),
        ("connect the hall to the loft and the yard", [AddWay("the hall", "the loft and the yard", both=True)]),
        ("add a cellar and an attic by the hall", [AddPlace("cellar", "the hall"), AddPlace("attic", "the hall")]),
        (
            'rename the chapel to the "crypt" and the tower to "loft"',
            [Rename("the chapel", "crypt"), Rename("the tower", "loft")],
        ),
        ("rename the inn to bread and butter", [Rename("the inn", "bread and butter")]),
        (
            "make the hall colder and the yard warmer",
            [SetMood("the hall", COLD), SetMood("the yard", (MOODS["warm"],))],
        ),
        (
            "the hall should be colder, and the yard must be cold",
            [SetMood("the hall", COLD), SetMood("the yard", COLD)],
        ),
        ("make the hall cold but not dark", [SetMood("the hall", (MOODS["cold"], MOODS["bright"]))]),
        (
            'set the title of the ending to "Home" and make it colder',
            [SetText("the ending", "title", "Home"), SetMood("the ending", COLD)],
        ),
    ],
)
def test_an_instruction_is_joined_to_another_by_and_and_may_speak_of_its_thing(
    instruction: str, intents: list[Intent]
) -> None:
    assert read(instruction) == intents


@pytest.mark.parametrize("instruction", ["remove the shed and lock it", "hide the key in the shed", "remove it, then"])
def test_it_and_the_key_are_not_guessed_at(instruction: str) -> None:
    with pytest.raises(WorldError):
        wk.revise(wk.samples.load("lighthouse"), instruction, "templates", progress=ignore)


@pytest.mark.parametrize(
    "place",
    [
        " in the yard",
        " from the yard",
        ", which lies in the yard",
        " that is hidden in the yard",
        "; the key is in the yard",
        ". Its key should lie in the yard",
    ],
)
def test_where_a_key_lies_is_no_part_of_what_it_is_called(place: str) -> None:
    [lock] = read(f"lock the kitchen with a rusty key{place}")
    assert isinstance(lock, Lock)
    assert (lock.key, lock.at.removeprefix("the ")) == ("rusty key", "yard")


GOING = ["get to", "get into", "go into", "climb up to", "walk to", "enter", "reach", "be let into", "go on to"]


@pytest.mark.parametrize("words", GOING)
@pytest.mark.parametrize("form", ["you need a lantern to {} the chapel", "require a lantern to {} the chapel"])
def test_a_lock_is_of_the_place_that_one_goes_to_in_any_words(form: str, words: str) -> None:
    assert read(form.format(words)) == [Lock("the chapel", "lantern")]


@pytest.mark.parametrize("words", GOING)
def test_what_a_place_needs_is_its_key(words: str) -> None:
    assert read(f"the chapel needs a lantern to {words}") == [Lock("the chapel", "lantern")]


@pytest.mark.parametrize(
    ("instruction", "intent"),
    [
        ("add a door between a and the hall with windows", AddWay("a", "the hall with windows", True, "door")),
        ("add a door from a to the hall with a stage", AddWay("a", "the hall with a stage", way="door")),
        ("add a door from a to b with a brass key", AddWay("a", "b", way="door", key="brass key")),
        ("add a door from a to b that needs a lantern", AddWay("a", "b", way="door", key="lantern")),
        ("add a locked door from a to b with a lantern", AddWay("a", "b", way="locked door", key="lantern")),
        ('I want a room called "Den" connected to a and b', AddPlace("Den", "a", "b")),
        ("can you put a library between a and b?", AddPlace("library", "a", "b")),
        ("call the yard Ash Court from now on", Rename("the yard", "Ash Court")),
        ("the kitchen should be called pantry", Rename("the kitchen", "pantry")),
        ("give the game a colder ending", SetMood("ending", COLD)),
        ("give the kitchen a cold feel", SetMood("the kitchen", COLD)),
        ("change the name of the world to Salt", SetText("the world", "title", "Salt")),
        ("call the game Salt", SetText("the game", "title", "Salt")),
        ("change the main character to a tall boy", SetText("the world", "subject", "a tall boy")),
        ("the kitchen is too warm", SetMood("the kitchen", COLD)),
        ("make the ending not so warm", SetMood("the ending", COLD)),
        ("the door to the kitchen should be locked with a brass key", Lock("the kitchen", "brass key")),
        ("lock the door to the kitchen", Lock("the kitchen")),
        ("unlock every door", Unlock("everything")),
        ("block the path from the yard to the kitchen", Remove("the yard", "the kitchen")),
        ("replace loaf with pie everywhere", Replace("loaf", "pie")),
        ("delete the word loaf", Replace("loaf", "")),
        ('take out every mention of "the old loaf" in all texts', Replace("the old loaf", "")),
        ('change "the old loaf" to a pie', Replace("the old loaf", "a pie")),
    ],
)
def test_what_people_type_is_read(instruction: str, intent: Intent) -> None:
    assert read(instruction) == [intent]


@pytest.mark.parametrize(
    ("instruction", "understood"),
    [
        ("merge the kitchen and the yard", "asks to make one place of several"),
        ("add a timer: the player loses after 5 minutes", "asks for something that happens by itself in time"),
        ("add a second ending where the player loses", "asks for a new ending"),
        ("make the kitchen two times bigger", 'asks for a mood that is not known, "bigger"'),
        ("give the guard a dog", "asks for a person, a thing or something to do"),
        ("what can I do here?", "asks a question"),
        ("rends la fin plus triste", "is in another language than English"),
        ("don't lock the kitchen", "asks that something stays or holds"),
        ("add three rooms by the kitchen", 'asks to add "three rooms by the kitchen" without a place'),
        ("turn the kitchen into a bakery", "asks to make one thing another"),
        ("add a garden", 'asks to add "a garden" without a place'),
        ("undo", "asks to take a change back"),
    ],
)
def test_a_refusal_says_what_was_understood_and_what_can_be_done_instead(instruction: str, understood: str) -> None:
    world = wk.samples.load("lighthouse")
    with pytest.raises(Unclear, match=f"{re.escape(understood)}.*nothing was changed. Instead, "):
        wk.revise(world, instruction, "templates", progress=ignore)
