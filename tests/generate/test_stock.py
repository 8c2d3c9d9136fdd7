"""The hand-written stock holds to what the rules and the planner need of it."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import worldkit as wk
from tests.generate.worlds import FAMILIES
from worldkit.generation.planning import kinds, nouns, people
from worldkit.generation.planning.kinds import tasks
from worldkit.generation.planning.nouns import surroundings
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.setting import losses_of
from worldkit.generation.planning.sorts import _sorts_instead, sort_of, sorts
from worldkit.generation.planning.stock import Genre, StockPlace, Thing, stock
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.moods import Mood
from worldkit.generation.text import data, phrases
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.phrases import BRACE, fill
from worldkit.generation.text.word_sets import HANGING_WORDS, words

GENRES = list(stock().genres.values())


def _texts(genre: Genre) -> Iterator[str]:
    for who, look in genre.who:
        yield from (who, look)
    yield from (*genre.air, *genre.motions)
    for spot in genre.places:
        yield from (spot.name, *(prop.text for prop in spot.props))
    for way in (*genre.passages.ways, *genre.acts):
        yield from (way.verb, way.thing.text)
    for key in genre.passages.keys:
        yield from (key.key.text, key.door.text)
    for ending in (*genre.goals, *genre.losses):
        yield from (ending.do, ending.title, ending.subtitle, ending.place.name, *(p.text for p in ending.place.props))


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_every_text_of_a_genre_is_one_the_rules_allow(genre: Genre) -> None:
    assert [text for text in _texts(genre) if not clean(text)] == []


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_what_is_done_can_end_a_sentence(genre: Genre) -> None:
    deeds = [*(ending.do for ending in (*genre.goals, *genre.losses)), *(act.thing.text for act in genre.acts)]
    assert [text for text in deeds if text.split()[-1] in HANGING_WORDS] == []


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_a_genre_has_enough_of_everything(genre: Genre) -> None:
    assert len(genre.places) >= 9
    assert len({spot.name for spot in genre.places}) == len(genre.places)
    assert all(len(spot.props) >= 3 for spot in genre.places)
    assert len(genre.passages.ways) >= 6
    assert min(len(genre.passages.keys), len(genre.tools), len(genre.acts), len(genre.motions)) >= 3
    assert min(len(genre.goals), len(genre.losses), len(genre.who), len(genre.air)) >= 2
    flags = [thing.bare for thing in (*(key.key for key in genre.passages.keys), *genre.tools)]
    assert len(set(flags)) == len(flags), "two things would grant one flag"


@pytest.mark.parametrize("genre", GENRES, ids=lambda genre: genre.name)
def test_what_points_to_a_genre_is_said_once(genre: Genre) -> None:
    assert genre.near
    assert not genre.words & genre.near


def test_every_ending_is_one_sentence_that_a_draft_may_hold() -> None:
    endings = [ending for genre in GENRES for ending in (*genre.goals, *genre.losses)]
    for subtitle in [*(ending.subtitle for ending in endings), *(one.subtitle for one in stock().ending_texts)]:
        sentence = subtitle.replace("{it}", "the blue orchid")
        assert clean(sentence)
        assert len(sentence) <= 110
        assert re.fullmatch(r"[A-Z][A-Za-z',;:-]*(?: [A-Za-z',;:-]+)*\.", sentence)


def test_endings_differ_by_what_was_done_and_name_it_only_where_there_is_something_to_name() -> None:
    dice = random.Random(1)
    by_verb = {
        verb: {stock().ending_text(verb, "", dice).subtitle for _ in range(40)} for verb in ("find", "escape", "zorb")
    }
    assert all(len(subtitles) >= 2 for subtitles in by_verb.values())
    assert not by_verb["find"] & by_verb["escape"]
    assert not any("{" in subtitle for subtitles in by_verb.values() for subtitle in subtitles)
    assert any("the lamp" in stock().ending_text("find", "the lamp", dice).subtitle for _ in range(40))


def test_an_ending_of_any_world_asks_for_no_hands() -> None:
    texts = [text for ending in stock().ending_texts for text in (ending.title, ending.subtitle)]
    assert [text for text in texts if re.search(r"\b[Hh]ands?\b", text)] == []


def test_there_are_seventeen_genres() -> None:
    assert len(GENRES) == 17


@pytest.mark.parametrize(
    ("text", "bare", "many"),
    [
        ("a brass key", "brass key", False),
        ("an iron door", "iron door", False),
        ("oil drums", "oil drums", True),
        ("black water", "black water", False),
        ("coils of wet rope", "coils of wet rope", True),
        ("a pair of scales", "pair of scales", False),
        ("striped fish", "striped fish", True),
        ("broken glass", "broken glass", False),
        ("the lamp", "lamp", False),
        ("the lost seeds", "lost seeds", True),
        ("children", "children", True),
        ("wet canvas", "wet canvas", False),
        ("scissors", "scissors", True),
    ],
)
def test_a_thing_knows_whether_it_is_one_or_many(text: str, bare: str, many: bool) -> None:
    assert Thing(text).bare == bare
    assert Thing(text).many is many


def test_every_template_is_one_the_rules_allow() -> None:
    lines = [line for family in FAMILIES.values() for line in family]
    assert len(lines) > 200
    assert all(len(set(family)) == len(family) for family in FAMILIES.values())
    assert [line for line in lines if not clean(line)] == []


def test_every_way_to_lose_a_task_is_told_whole_in_every_place() -> None:
    genre_spots = [spot for genre in GENRES for spot in genre.places]
    spots = [*genre_spots, *(part for kind in kinds.kinds().values() for part in kind.parts)]
    for task in tasks():
        verb = next(iter(sorted(task.verbs)), "zorb")
        for spot in spots:
            texts = [text for loss in losses_of(verb, [spot, spot]) for text in (loss.do, loss.title, loss.subtitle)]
            assert [text for text in texts if BRACE.search(text)] == []
    named_spots = [StockPlace(name, ()) for name in ("stairs", "hall", "lane seven")]
    told = {loss.subtitle for spot in named_spots for loss in losses_of("hunt", [spot, spot])}
    assert {text for text in told if "rustle" in text} == {
        "One rustle, one shadow, and the stairs lie empty.",
        "One rustle, one shadow, and the hall lies empty.",
        "One rustle, one shadow, and lane seven lies empty.",
    }


def _gaps_of(content: object) -> Iterator[str]:
    """Yield what stands in braces in any text of a data file, and every brace that belongs to no gap."""
    if isinstance(content, str):
        yield from re.findall(r"\{[^{}]*\}|[{}]", content)
    elif isinstance(content, (dict, list)):
        for each in content.values() if isinstance(content, dict) else content:
            yield from _gaps_of(each)


def test_every_gap_of_the_data_has_a_name_that_is_filled() -> None:
    letters = [f"{gap}{letter}" for letter in "abcpt" for gap in ("", "the_", "v")]
    names = {
        "stock.toml": {"it"},
        "tasks.toml": {"place"},
        "moods.toml": {"thing"},
        "phrases.toml": {
            *letters, "place", "light", "who", "do", "does", "goal", "why", "spot", "it", "where", "d", "look", "first",
            "second", "third", "last", "fall", "tool", "door", "front", "one", "two", "tail",
        },
    }  # fmt: skip
    folder = Path(wk.__file__).parent / "data" / "generate"
    # they hold JSON, or patterns
    others = {folder / name for name in ("prompts.toml", "revision.toml", "instructions.toml")}
    unknown = [
        (file.name, gap)
        for file in sorted({*folder.glob("*.toml")} - others)
        for gap in _gaps_of(data.read_file(file.name))
        if gap[1:-1].partition(":")[0].lower() not in names.get(file.name, set())
    ]
    assert unknown == []


def test_a_gap_that_nothing_fills_is_refused() -> None:
    with pytest.raises(KeyError, match="plase"):
        fill("The whole {plase} has heard.", {}, {"place": "hall"})
    assert fill("The whole {place} has heard.", {}, {"place": "hall"}) == "The whole hall has heard."


def test_a_pronoun_agrees_with_its_thing() -> None:
    line = "You run a finger along {the_a}. Somebody used {a:it} today."
    told = [fill(line, {"a": Thing(text)}, {}) for text in ("clay pots", "a clay pot")]
    assert told[0].endswith("used them today.") and told[1].endswith("used it today.")


def test_what_is_done_to_a_thing_at_hand_suits_its_sort() -> None:
    told = {
        text: [
            line
            for name in phrases.table("touched").get(sort_of(Thing(text)).name, "line_touch").split()
            for line in phrases.family(name)
        ]
        for text in (
            "an ice screw",
            "a chandelier",
            "hanging meat",
            "a wheelchair",
            "a lantern",
            "a clay pot",
            "a generator",
        )
    }

    def those_told(word: str) -> set[str]:
        return {text for text, lines in told.items() if any(word in line for line in lines)}

    assert those_told("warm") == {"a lantern", "a generator"}
    assert those_told("finger along") == {"an ice screw", "a clay pot"}
    assert those_told("slap") == {"a generator"}
    assert all(len(lines) >= 4 for lines in told.values())


def test_what_is_done_when_a_task_is_lost_can_be_said_of_anybody() -> None:
    deeds = [do for task in tasks() for do, *_ in task.losses]
    deeds += [ending.do for genre in stock().genres.values() for ending in (*genre.goals, *genre.losses)]
    assert [deed for deed in deeds if re.search(r"\byou(?:r|rself)?\b", deed)] == []


def test_what_the_player_is_told_of_a_small_thing_done_fits_it_and_differs() -> None:
    lines = [line for name, family in FAMILIES.items() if name.split("_")[0] == "played" for line in family]
    assert len(set(lines)) == len(lines) >= 60
    told = {
        "ring": "played_sound",
        "play": "played_music",
        "read": "played_words",
        "light": "played_light",
        "wind": "played_wound",
        "polish": "played_order",
        "toss": "played",
    }
    assert {verb: phrases.played_family(verb) for verb in told} == told


def test_twenty_worlds_seldom_say_the_same_of_what_is_done() -> None:
    endings: Counter[str] = Counter()
    premises = Path(__file__).parents[2].joinpath("bench", "premises.txt").read_text(encoding="utf-8").splitlines()
    for number, premise in enumerate(premises[:20]):
        world_plan = plan(premise, number, 6)
        acts = {step.name: step for step in world_plan.steps if step.kind == "act"}
        for field in wanted(world_plan, number):
            if field.at[0] == "event" and field.at[1] in acts and field.at[2] == "narration":
                endings[next(iter(field.stock)).replace(acts[field.at[1]].do, "")] += 1
    assert sum(endings.values()) >= 30
    assert max(endings.values()) <= 4
    assert len(endings) >= 24


@pytest.fixture
def misspell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Return what puts one text for another in a data file, for as long as a test runs."""
    folder = tmp_path / "data" / "generate"
    shutil.copytree(Path(wk.__file__).parent / "data" / "generate", folder)
    monkeypatch.setattr(data, "files", lambda package: tmp_path)

    def replace_once(file: str, text: str, mistyped: str) -> None:
        content = (folder / file).read_text(encoding="utf-8")
        assert text in content
        (folder / file).write_text(content.replace(text, mistyped, 1), encoding="utf-8")

    data.read_file.cache_clear()
    yield replace_once
    data.read_file.cache_clear()


@pytest.mark.parametrize(
    ("file", "text", "mistyped", "read", "expected"),
    [
        ("stock.toml", "back alley: a fire", "back alley; a fire", stock.__wrapped__,
         'stock.toml, genres.noir.places: found "back alley; a fire escape, tin bins, a steaming grate", '
         'expected "name: a thing, a thing"'),
        ("stock.toml", "a lockpick: a wire gate", "a lockpick", stock.__wrapped__,
         'stock.toml, genres.noir.passages.keys: found "a lockpick", expected "a key: a door"'),
        ("stock.toml", "bury burn undo lose sweep; Let Go;", "bury burn undo lose sweep;", stock.__wrapped__,
         'stock.toml, ending_texts: found "bury burn undo lose sweep; The smoke thins, the ground closes, and you walk '
         'home the lighter for …", expected "verbs; title; line"'),
        ("stock.toml", "persons = ", "people = ", stock.__wrapped__,
         "stock.toml, persons: found nothing, expected a value"),
        ("stock.toml", "detective; a detective", "detective: a detective", stock.__wrapped__,
         "stock.toml, genres.noir.who.0.1: found nothing, expected a value"),
        ("stock.toml", "[genres.noir]", "[genres.noir", stock.__wrapped__,
         "stock.toml: Expected ']' at the end of a table declaration (at line 294, column 13)"),
        ("sorts.toml", "near = true", "near = 'perhaps'", sorts.__wrapped__,
         'sorts.toml, stands.near: found "perhaps", expected a valid boolean, unable to interpret input'),
        ("sorts.toml", 'hides = "beside behind"', "hides = 5", sorts.__wrapped__,
         "sorts.toml, stands.hides: found 5, expected words"),
        ("fits.toml", 'bare = "covers leads', 'bare = "covers laeds', nouns._fits.__wrapped__,
         'fits.toml, fits.wood.bare: found "laeds", expected the name of a sort'),
        ("fits.toml", "[adjectives]\nopen = ", "[adjectives]\nopen = 3\nclosed = ", nouns._fits.__wrapped__,
         "fits.toml, adjectives.open: found 3, expected words"),
        ("fits.toml", "[adjectives]", "[adjective]", nouns._fits.__wrapped__,
         "fits.toml, adjectives: found nothing, expected a value"),
        ("words.toml", "@water", "@watr", lambda: surroundings.__wrapped__("noir", False),
         'words.toml, noir.outdoors.nouns.air: found ["mist", "river fog @watr"], expected a noun @ a '
         'group of fits.toml'),
        ("word_lists.toml", "glows.stands = ", "glow.stands = ", _sorts_instead.__wrapped__,
         'word_lists.toml, sorts_instead.glow: found "glow", expected the name of a sort'),
        ("word_lists.toml", "glows.stands = ", "glows.stand = ", _sorts_instead.__wrapped__,
         'word_lists.toml, sorts_instead.glows.stand: found "stand", expected the name of a sort'),
        ("tasks.toml", "follow the wrong trail; ", "follow the wrong trail: ", kinds.tasks.__wrapped__,
         "tasks.toml, task.0.losses.0.2: found nothing, expected a value"),
        ("people.toml", "lamplighter: in a", "lamplighter in a", people._trades.__wrapped__,
         'people.toml, people: found "lighthouse keeper, lightkeeper, keeper, lamplighter in a patched oilskin coat, '
         'a tin lantern in o…", expected "name, name: how they look; home" with "; a tool, a tool" behind it or not'),
        ("words.toml", "[common.indoors]", "[common.indoor]", lambda: surroundings.__wrapped__("common", True),
         'words.toml, common: found no "indoors"; did you mean "indoor" or "outdoors"?'),
        ("moods.toml", "warm>cold", "warm-cold", lambda: data.read_tables("moods.toml", Mood),
         'moods.toml, cold.swaps: found "warm-cold", expected "word>other"'),
        ("phrases.toml", "[composition]", "[compositions]", lambda: phrases.composition("shots"),
         'phrases.toml: found no "composition"; did you mean "compositions"?'),
        ("word_lists.toml", "[goal]", "[goals]", lambda: words("goal", "aside"),
         'word_lists.toml: found no "goal"; did you mean "goals"?'),
        ("worked_example.json", '"basis": {', '"basis" {', lambda: data.read_data("worked_example.json"),
         "worked_example.json: Expecting ':' delimiter: line 3 column 10 (char 94)"),
    ],
)  # fmt: skip
def test_what_is_mistyped_in_a_data_file_is_told_with_the_file_and_the_place(
    misspell: Callable[[str, str, str], None],
    file: str,
    text: str,
    mistyped: str,
    read: Callable[[], object],
    expected: str,
) -> None:
    misspell(file, text, mistyped)
    with pytest.raises(data.DataError) as error:
        read()
    assert re.sub(r"at line \d+", "at line 294", str(error.value)) == expected
