"""Where every word is known: the words are ones the rules allow, and what is made of them is English."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.worlds import LIGHTHOUSE
from worldkit.generation.planning.kinds import kinds
from worldkit.generation.planning.nouns import ROLES, TextSetting, draw, lights_of_air, surroundings
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.roofs import roofed
from worldkit.generation.planning.sorts import sort_of, sorts
from worldkit.generation.planning.stock import Genre, Thing, stock
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import fronted, stems
from worldkit.generation.prose.sights import hidden
from worldkit.generation.prose.writer import examples
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import MAX_TEXT_CHARACTERS, clean, faults
from worldkit.generation.text.data import read_data
from worldkit.generation.text.english import plain, third
from worldkit.generation.text.word_sets import HANGING_WORDS
from worldkit.generation.tiny import finite_grammar
from worldkit.generation.tiny.finite_grammar import TAILS, grammar, random_answer

GENRES = list(stock().genres)
spots = st.builds(TextSetting, st.sampled_from(GENRES), st.booleans(), st.just(()), st.integers(0, 2**64))


def _texts(genre: str) -> Iterator[str]:
    for side in (True, False):
        words = surroundings(genre, side)
        yield from (noun.thing.text for nouns in words.nouns.values() for noun in nouns)
        yield from (word for words in words.adjectives.values() for word in words)
        yield from (*words.places, *(trace for traces in words.traces.values() for trace in traces))


@pytest.mark.parametrize("genre", [*GENRES, "common", "ship", "mountain"])
def test_no_word_of_the_surroundings_is_one_the_rules_refuse_or_a_part_of_a_body(genre: str) -> None:
    texts = list(_texts(genre))
    assert [text for text in texts if not clean(text)] == []
    kept_out = {"hand", "hands", "eye", "eyes", "mouth", "teeth", "feet", "shoulder"}
    assert [text for text in texts if not kept_out.isdisjoint(re.findall(r"[a-z]+", text))] == []
    assert [text for text in texts if not re.fullmatch(r"[a-z' -]*", text)] == []
    assert [text for text in texts if text and text.split()[-1] in HANGING_WORDS] == []


@pytest.mark.parametrize("genre", [*GENRES, "mountain"])
def test_a_genre_has_enough_words_for_every_role(genre: str) -> None:
    both = [surroundings(genre, side) for side in (True, False)]
    assert len({noun.thing.text for words in both for nouns in words.nouns.values() for noun in nouns}) >= 80
    assert sum(len(words) for words in both[0].adjectives.values()) >= 40
    for words, common in zip(both, (surroundings("common", True), surroundings("common", False)), strict=True):
        assert len(words.places) == 6 and len({text for texts in words.traces.values() for text in texts}) >= 3
        for role in ROLES:
            assert len(words.nouns[role]) + (0 if words.alone else len(common.nouns[role])) >= 2, role
        makes = {noun.make for nouns in words.nouns.values() for noun in nouns}
        for make in makes - {"above", "heat", "mist", "wind", "shade"}:
            assert words.adjectives.get(make) or common.adjectives.get(make), make


@pytest.mark.parametrize("genre", [*GENRES, "common", "ship", "mountain"])
def test_a_noun_that_has_no_article_is_a_plural_or_a_mass_noun_and_so_stays(genre: str) -> None:
    for side in (True, False):
        for nouns in surroundings(genre, side).nouns.values():
            for noun in nouns:
                assert not noun.thing.text.endswith(" ") and noun.thing.bare, noun
                if noun.thing.text.startswith(("a ", "an ")):
                    assert not noun.thing.many


@settings(max_examples=60, deadline=None)
@given(spots)
def test_articles_agree_in_every_phrase(spot: TextSetting) -> None:
    for noun in (noun for nouns in draw(spot).nouns.values() for noun in nouns):
        named = [(article, word) for article, words in noun.named() for word in words]
        for phrase in (" ".join(filter(None, (article, word, noun.thing.bare))) for article, word in named):
            first, _, rest = phrase.partition(" ")
            if first in ("a", "an"):
                vowel = rest[0] in "aeiou" or rest.startswith("hour")
                assert (first == "an") is vowel, phrase
            assert faults(f"{phrase} waits.") == [], phrase


@pytest.mark.parametrize("genre", stock().genres.values(), ids=lambda genre: genre.name)
def test_every_thing_of_the_stock_is_of_a_sort_that_has_verbs(genre: Genre) -> None:
    things = [thing for spot in genre.places for thing in spot.props]
    things += [thing for ending in (*genre.goals, *genre.losses) for thing in ending.place.props]
    things += [way.thing for way in genre.acts]
    assert [thing.text for thing in things if sort_of(thing) is sorts()["plain"]] == []


def test_a_word_is_of_one_sort() -> None:
    counts = Counter(head for sort in sorts().values() for head in sort.heads)
    assert [head for head, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("swaying weed", "sways"),
        ("ferns", "sways"),
        ("potted ferns", "stands"),
        ("a willow", "grows"),
        ("a reception bell", "sits"),
        ("a hand bell", "lies"),
        ("a bronze bell", "hangs"),
        ("a wall map", "pictures"),
        ("a drive belt", "lies"),
        ("a conveyor belt", "leads"),
        ("stacked frames", "stands"),
        ("gilt frames", "pictures"),
        ("a hive tool", "lies"),
        ("the snow", "covers"),
        ("a brass telegraph", "stands"),
        ("chimney pots", "stands"),
        ("a fuse box", "pictures"),
        ("the old couple", "lives"),
        ("a tarpaulin", "spreads"),
        ("a birdcage", "stands"),
        ("a row of lettuce trays", "lies"),
        ("a neon sign", "pictures"),
        ("a tin lantern", "glows"),
        ("a lost robot", "lives"),
        ("a giant clam", "lies"),
        ("a carved serpent", "stands"),
        ("evening stars", "skies"),
        ("an unlit lamp", "stands"),
        ("a hanging lamp", "hangs"),
        ("a shaft of light", "falls"),
        ("a fallen beam", "leads"),
        ("a floating bus", "strays"),
        ("a frozen waterfall", "stands"),
        ("a lump of ambergris", "plain"),
    ],
)
def test_the_sort_of_a_thing_hangs_on_its_head_and_on_what_is_said_of_it(text: str, sort: str) -> None:
    assert sort_of(Thing(text)) is sorts()[sort]


def test_verbs_are_in_the_third_person_and_their_tails_are_known() -> None:
    every = [verbs for sort in sorts().values() for verbs in (sort.rests, sort.stirs)]
    every += [phrases.table(name) for name in ("indoors", "outdoors", "wide")]
    for verbs in every:
        assert len(verbs) >= 2
        assert [third(plain(verb)) for verb in verbs] == list(verbs)
        assert set(verbs.values()) <= set(TAILS)
    assert set(phrases.table("you").values()) <= set(TAILS)


def test_what_is_written_out_ends_no_clause_in_the_air_and_quotes_nothing() -> None:
    manners = [how for verb in (*read_data("phrases.toml", "manners"), "sing") for how in phrases.manners(verb)]
    families = [phrases.family(name) for name in ("taking", "then", "falling", "dimming")]
    for how in (*manners, *(text for family in families for text in family), *finite_grammar.PACES):
        assert clean(how) and how.split()[-1] not in HANGING_WORDS, how
    assert all(len(phrases.manners(verb)) >= 2 for verb in read_data("phrases.toml", "manners"))


def test_no_name_of_a_thing_ends_a_clause_in_the_air() -> None:
    """A name is set before commas: "Toward the door that locks behind, the camera turns" is no clause."""
    data = files("worldkit.data.generate")
    lines = [line for name in ("places.toml", "anywhere.toml") for line in data.joinpath(name).read_text().splitlines()]
    text = "\n".join(line for line in lines if not line.startswith("#")) + "\n"
    names = re.findall(r"\b(?:an?|the|some) [a-z' -]+(?=[;:,\"\n])", text)
    assert len(names) > 500
    assert [name for name in names if name.split()[-1] in HANGING_WORDS] == []


def test_every_kind_of_question_has_two_examples_that_are_fit() -> None:
    kinds = {item.question.kind for item in wanted(plan(LIGHTHOUSE, 1, 8), 1) if item.question}
    assert len(kinds) == 9
    for kind in kinds:
        assert len(examples(kind)) == 2
        for _, answer in examples(kind):
            assert faults(answer) == [], answer


def _matcher(grammar_text: str) -> Any:
    llguidance = pytest.importorskip("llguidance")
    tokenizer = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(tokenizer, llguidance.LLMatcher.grammar_from_lark(grammar_text))
    assert not matcher.is_error(), matcher.get_error()
    return matcher


def _random_text(grammar_text: str, seed: int) -> str:
    """Return a text that a grammar lets through, drawn byte by byte."""
    matcher = _matcher(grammar_text)
    dice, output = random.Random(seed), bytearray()
    while not matcher.is_stopped():
        mask = int.from_bytes(matcher.compute_bitmask(), "little")
        open_ = [token for token in range(256) if mask >> token & 1]
        if not open_:
            break
        token = dice.choice(open_)
        output.append(token)
        assert matcher.consume_token(token)
    assert matcher.is_accepting()
    return output.decode()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(GENRES), st.integers(0, 2**32))
def test_whatever_a_grammar_lets_through_is_fit(genre: str, seed: int) -> None:
    dice = random.Random(seed)
    genre_words = stock().genres[genre]
    words = dice.sample(sorted(genre_words.words), 3)
    world_plan = plan(f"A {dice.choice(genre_words.who)[0]} in the {words[0]}, with the {words[1]}", seed, 5)
    questions = [item.question for item in wanted(world_plan, seed) if item.question]
    questions = [question for question in questions if question.prefix.split()[-1] not in HANGING_WORDS]
    for question in dice.sample(questions, 6):
        assert question.spot is not None
        scene = draw(question.spot, question.avoid)
        text = grammar(question.frame, question.choices, scene, question.tail, seed)
        assert not re.search(r": *(?:\n|\Z)", text), "a rule that says nothing"
        drawn_without_a_model = random_answer(
            question.frame, question.choices, scene, random.Random(seed), question.tail, seed
        ).encode()
        matcher = _matcher(text)
        assert matcher.consume_tokens([*drawn_without_a_model]) and matcher.is_accepting()
        completion = _random_text(text, seed)
        wrong = faults(question.prefix + completion, prefix=question.prefix)
        # what a grammar cannot know; such an answer is asked for again
        tolerated = {"a word stands three times in it", "it says something twice", "a word stands twice in a row"}
        tolerated.add(f"it has more than {MAX_TEXT_CHARACTERS} characters")
        assert set(wrong) <= tolerated, question.prefix + completion


@pytest.mark.parametrize(
    ("air", "light", "is_there"),
    [
        ("Pale morning light, wet slate.", "lamplight", False),
        ("Pale morning light, wet slate.", "daylight", True),
        ("Low torchlight, damp stone.", "daylight", False),
        ("Low torchlight, damp stone.", "candlelight", True),
        ("Cold air and long shadows.", "daylight", True),
        ("Pale tube light on tiles.", "candlelight", False),
        ("Even light through tall windows, plain walls.", "candlelight", False),
        ("Even light through tall windows, plain walls.", "daylight", True),
        ("Warm electric light.", "daylight", False),
    ],
)
def test_a_world_has_one_light(air: str, light: str, is_there: bool) -> None:
    scenes = [draw(TextSetting("common", True, (), seed, air=air)) for seed in range(30)]
    lights = {noun.thing.text for scene in scenes for noun in scene.nouns["air"]}
    assert (light in lights) is is_there, lights


def test_every_air_has_a_light_where_the_premise_sets_another_and_no_second_one() -> None:
    airs = {kind.light for kind in kinds().values() if not kind.genre}
    airs |= {air for genre in stock().genres.values() for air in genre.air}
    under_water = "Sinking green light, slow silt, silver bubbles rising."
    lit_airs = {
        f"{clause}, {air.partition(', ')[2]}" for air in airs for clause in read_data("anywhere.toml", "light").values()
    }
    assert [air for air in airs | lit_airs if not lights_of_air(air)] == [under_water]
    for air in airs:
        assert lights_of_air(air.partition(",")[0]) == lights_of_air(air), air


@pytest.mark.parametrize(
    ("air", "is_there"),
    [("Cold air and long shadows.", False), ("Hard noon light.", False), ("The last light of evening.", True)],
)
def test_dusk_falls_only_where_the_air_of_a_world_tells_of_it(air: str, is_there: bool) -> None:
    scenes = [draw(TextSetting("common", False, (), seed, air=air)) for seed in range(30)]
    air_texts = {noun.thing.text for scene in scenes for noun in scene.nouns["air"]}
    assert ({"twilight", "evening light"} <= air_texts) is is_there
    assert air_texts.isdisjoint({"twilight", "evening light"}) is not is_there


def test_the_same_draw_gives_the_same_grammar_and_another_another() -> None:
    choices = {"one": sorts()["stands"].rests}
    grammars = [
        grammar(" {one}{tail}.", choices, draw(TextSetting("noir", True, (), seed)), seed=seed)
        for seed in (1, 1, 2, 3, 4)
    ]
    assert grammars[0] == grammars[1]
    assert len(set(grammars)) == 4


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(sorts())), spots, st.integers(0, 2**32))
def test_a_sentence_may_begin_with_where_something_is(sort: str, spot: TextSetting, seed: int) -> None:
    verbs = fronted(sorts()[sort].rests)
    if verbs:
        sentence = _random_text(grammar("{front} {one} a thing.", {"one": verbs}, draw(spot), seed=seed), seed)
        ways = {way.capitalize() for name in set(verbs.values()) for way in _prepositions(name)}
        assert re.fullmatch(rf" ({'|'.join(ways)}) .+ ({'|'.join(verbs)}) a thing\.", sentence), sentence


def test_only_what_hangs_is_said_to_be_above_something() -> None:
    ways = {name: {way for tail in sort.rests.values() for way in TAILS[tail].ways} for name, sort in sorts().items()}
    assert {name for name in ways if "ABOVE" in ways[name]} == {"hangs"}
    assert {name for name in ways if "OVER" in ways[name]} == {"skies"}


def test_what_is_large_lies_on_no_shelf_and_stands_beside_nothing_small() -> None:
    for name, sort in sorts().items():
        ways = {way for tail in sort.rests.values() for way in TAILS[tail].ways}
        if sort.wide or name == "sprawls":
            assert "TOP" not in ways, name
    small = {"ware", "paper", "cloth", "thing"}
    for make in finite_grammar.MAKES["LARGE"]:
        assert make not in small
    assert "LARGE" in TAILS[sorts()["stands"].rests["stands"]].ways
    for text in ("canoes", "a fallen log", "a sundial", "a window seat", "a long plank"):
        assert "on" not in sort_of(Thing(text)).rests.values(), text


def test_whoever_lives_only_waits_in_a_sentence_that_begins_with_where() -> None:
    """In a draught turns a flag, and no king."""
    for name in ("a king", "an owl", "goats", "the lost mother"):
        assert set(fronted(sort_of(Thing(name)).rests)) == {"waits"}


def test_what_is_seen_as_a_run_is_lost_names_no_thing_that_stands_there() -> None:
    for seed in range(8):
        world_plan = plan(LIGHTHOUSE, seed, 9)
        falls = {step.name: step for step in world_plan.steps if step.kind == "fall"}
        for field in wanted(world_plan, seed):
            if field.at[0] == "event" and field.at[1] in falls and field.at[2] == "base":
                step = falls[field.at[1]]
                props = {prop.bare for prop in world_plan.place(step.to or "").props} - {step.thing.bare}
                texts = [*field.stock, *(str(field.question.choices) if field.question else "",)]
                assert [text for text in texts if any(prop in text for prop in props)] == []


def _prepositions(tail: str) -> list[str]:
    return [word for way in TAILS[tail].ways for word in finite_grammar.PLACE_PHRASES[way][0].split("|")]


@settings(max_examples=60, deadline=None)
@given(spots, st.integers(0, 2**32))
def test_what_is_said_already_is_not_among_the_surroundings(spot: TextSetting, seed: int) -> None:
    noun = random.Random(seed).choice([noun for nouns in draw(spot).nouns.values() for noun in nouns])
    words = [word for word in re.findall(r"[a-z]+", noun.thing.bare) if len(word) > 2 and word not in HANGING_WORDS]
    words_left = draw(spot, words)
    assert noun.thing not in [each.thing for nouns in words_left.nouns.values() for each in nouns] or not words


@pytest.mark.parametrize("genre", GENRES)
def test_the_places_of_a_world_are_told_of_in_turns(genre: str) -> None:
    words = sorted(stock().genres[genre].words)[:2]
    world_plan = plan(f"A story of the {words[0]} and the {words[1]}", 3, 7)
    questions = {item.at: item.question for item in wanted(world_plan, 3) if item.question}
    descriptions = [questions["state", place.id, "base"] for place in world_plan.places]
    shapes = {re.sub(r"[^{}.;]+(?![^{]*\})", "_", question.frame) for question in descriptions}
    assert len(shapes) >= 4, shapes
    for place, question in zip(world_plan.places, descriptions, strict=True):
        remark = " ".join(question.choices.get("is", ()))
        counts = Counter(stems(f"{question.prefix} {question.frame} {remark}"))
        stems_of_place = stems(" ".join([place.name, *(prop.bare for prop in place.props)]))
        assert max((counts[stem] for stem in stems_of_place if len(stem) > 3), default=0) < 3, question
    then = [
        then
        for (_, _, name), question in questions.items()
        if name == "narration"
        for then in question.choices.get("then", ())
    ]
    assert then and len(then) == len(set(then))


def test_a_thing_lies_where_it_is_taken_from() -> None:
    world_plan = plan(LIGHTHOUSE, 1, 8)
    fields = {item.at: item for item in wanted(world_plan, 1)}
    takings = [step for step in world_plan.steps if step.kind == "take"]
    assert takings
    for step in takings:
        where = hidden(world_plan, step.at, step.thing)
        base_question = fields["state", step.at, "base"].question
        question = fields["event", step.name, "base"].question
        assert base_question is not None and where in base_question.frame.lower()
        assert question is not None and question.frame.startswith(f" from {where}")
        assert all(where in text for text in fields["event", step.name, "base"].stock)


@pytest.mark.parametrize(
    ("name", "genre", "inside"),
    [
        ("gun deck", "sail", True),
        ("main deck", "sail", False),
        ("comms deck", "space", True),
        ("heart of the sunken train", "undersea", True),
        ("water tower", "after", False),
        ("harbor wall", "lighthouse", False),
        ("servants' stair", "haunted", True),
    ],
)
def test_the_name_of_a_place_says_whether_it_has_a_roof(name: str, genre: str, inside: bool) -> None:
    assert roofed(name, genre) is inside


def test_a_world_at_sea_has_the_words_of_a_ship() -> None:
    world_plan = plan("A captain must find the code book on the ship.", 1, 8)
    assert world_plan.surroundings == "ship"
    spots = [item.question.spot for item in wanted(world_plan, 1) if item.question and item.question.spot]
    assert {spot.genre for spot in spots} == {"ship"}
    assert not any(thing.text == "a ship" for place in world_plan.places for thing in place.props)
    assert {kind.surroundings for kind in kinds().values()} - {""} <= {*GENRES, "cave", "ship", "mountain"}


def test_a_world_in_the_mountains_has_the_words_of_mountains_and_no_doorstep() -> None:
    for seed in range(6):
        world_plan = plan("A climber must find the lost flag on the mountain.", seed, 8)
        spots = [item.question.spot for item in wanted(world_plan, seed) if item.question and item.question.spot]
        assert {spot.genre for spot in spots} == {"mountain"}
        nouns = [
            noun.thing.bare for spot in spots if not spot.roofed for role in ROLES for noun in draw(spot).nouns[role]
        ]
        assert nouns and not {"step", "eaves", "gatepost", "hedge", "barrel"} & set(nouns)


@pytest.mark.parametrize("genre", GENRES)
def test_a_plan_is_known_by_what_it_was_drawn_from(genre: str) -> None:
    world_plan = plan(f"A visitor must find the clue in the {genre}", 4, 6)
    at_home = {place.name for place in world_plan.places} & {spot.name for spot in stock().genres[genre].places}
    assert len(at_home) < 3 or world_plan.genre == genre
