"""What is said of a place, and of what stands there, fits both: their sort, what they are made of, and the roof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.generate.test_worlds import bench_worlds, told
from tests.generate.worlds import FAMILIES
from worldkit.generation.planning.kinds import common_motions, kinds
from worldkit.generation.planning.nouns import ROLES, TextSetting, draw, make_of, surroundings
from worldkit.generation.planning.planner import plan
from worldkit.generation.planning.roofs import is_roofed
from worldkit.generation.planning.sorts import is_alive, sort_of, sorts
from worldkit.generation.planning.stock import StockPlace, Thing, stock
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.requests import fronted, stems
from worldkit.generation.prose.sights import seen_again, sight
from worldkit.generation.text import phrases
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.data import read_data
from worldkit.generation.text.english import capital
from worldkit.generation.text.word_sets import words
from worldkit.generation.tiny.finite_grammar import FRONT_WAYS, PLACE_PHRASES, TAILS

LARGE_TAILS = frozenset(name for name, tail in TAILS.items() if "TRACE" in tail.ends)
"""Tails of verbs after which a sentence may end with what is to be seen of a thing."""
FITS = read_data("fits.toml")
WORDS = read_data("words.toml")


@cache
def data_places() -> tuple[tuple[str, StockPlace], ...]:
    """Return every place of the data with the name of the words of its surroundings."""
    places = [
        (name, place)
        for name, genre in stock().genres.items()
        for place in (*genre.places, *(ending.place for ending in (*genre.goals, *genre.losses)))
    ]
    return (
        *places,
        *((kind.surroundings or kind.genre or "common", part) for kind in kinds().values() for part in kind.parts),
    )


def settings_of_data() -> Iterator[TextSetting]:
    """Yield every place of the data as what a text is set in."""
    for genre, place in data_places():
        yield TextSetting(genre, is_roofed(place, genre), place.props, 7, (), place.name)


def _tagged_nouns() -> Iterator[tuple[str, str]]:
    """Yield every noun of the data that belongs to some places, with its group."""
    for body in WORDS.values():
        for side in ("indoors", "outdoors"):
            texts = (text for role in ROLES for text in body[side][role].values())
            yield from (tuple(noun.split(" @")) for text in texts for noun in text.split(", ") if " @" in noun)


def test_every_group_of_places_is_known_and_has_nouns() -> None:
    assert {group.removeprefix("-") for _, group in _tagged_nouns()} == set(FITS["belongs"])


def test_what_is_said_to_be_in_a_place_belongs_there() -> None:
    """No jetty in a village green, no doorstep on a roof terrace, no tram tracks in a fairground."""
    seen = 0
    for spot in settings_of_data():
        place_words = {
            word.removesuffix("s")
            for text in (spot.name, *(thing.text for thing in spot.things))
            for word in text.split()
        }
        for noun in (noun for role in ROLES for noun in draw(spot).nouns[role] if noun.group != "-"):
            group = {word.removesuffix("s") for word in FITS["belongs"][noun.group.removeprefix("-")].split()}
            assert bool(group & place_words) is not noun.group.startswith("-"), (spot.name, noun)
            seen += 1
    assert seen > 2000


@pytest.mark.parametrize(
    ("genre", "name", "noun", "is_there"),
    [
        ("village", "village green", "jetty", False),
        ("village", "mill pond", "jetty", True),
        ("town", "roof terrace", "doorstep", False),
        ("town", "fairground", "tram tracks", False),
        ("town", "tram stop", "tram tracks", True),
        ("castle", "walled garden", "drawbridge", False),
        ("common", "roof", "grass", False),
        ("common", "meadow", "grass", True),
    ],
)
def test_where_a_thing_can_be_hangs_on_the_place(genre: str, name: str, noun: str, is_there: bool) -> None:
    spots = [TextSetting(genre, False, (), seed, (), name) for seed in range(40)]
    drawn = {each.thing.bare for spot in spots for role in ROLES for each in draw(spot).nouns[role]}
    assert (noun in drawn) is is_there


def test_every_place_of_the_data_has_ground_walls_light_and_something_near() -> None:
    at_sea = {"fog bank", "deep blue"}
    for spot in settings_of_data():
        nouns = draw(spot).nouns
        assert nouns["ground"] or spot.name in at_sea, spot.name
        assert len(nouns["near"]) >= 2 and len(nouns["air"]) >= 2 and nouns["wall"], spot.name


def test_an_adjective_fits_the_sort_of_its_noun_and_the_roof() -> None:
    other_side = {True: set(FITS["adjectives"]["open"].split()), False: set(FITS["adjectives"]["roofed"].split())}
    for spot in settings_of_data():
        for noun in (noun for role in ROLES for noun in draw(spot).nouns[role]):
            assert other_side[spot.roofed].isdisjoint(noun.adjectives), noun
            for adjective in set(noun.adjectives) & set(FITS["fits"].get(noun.make, {})):
                assert sort_of(noun.thing).name in FITS["fits"][noun.make][adjective].split(), noun


def test_what_the_data_say_of_adjectives_is_of_adjectives_that_it_has() -> None:
    adjectives = {
        make: {word for body in WORDS.values() for word in body["adjectives"].get(make, "").split(", ")}
        for make in {make for body in WORDS.values() for make in body["adjectives"]}
    }
    for make, by_adjective in FITS["fits"].items():
        assert set(by_adjective) <= adjectives[make]
        assert {sort for text in by_adjective.values() for sort in text.split()} <= set(sorts())
    every = set().union(*adjectives.values())
    assert {word for text in FITS["adjectives"].values() for word in text.split()} <= every
    # no moonlit daylight
    sources = re.compile(r"sun|moon|star|lamp|torch|lantern|gas|noon|morning|evening")
    assert [word for word in adjectives["light"] if sources.search(word)] == []


def test_a_word_says_of_one_material_that_a_thing_is_made_of_it() -> None:
    counts = Counter(word for text in FITS["made_of"].values() for word in text.split())
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("a brick oven", "stone"),
        ("a table", "wood"),
        ("a steel table", "metal"),
        ("a glass counter", "glass"),
        ("a velvet bench", "cloth"),
        ("a row of iron beds", "metal"),
        ("a giraffe", ""),
    ],
)
def test_what_a_thing_is_made_of_is_said_before_it_or_by_itself(text: str, make: str) -> None:
    assert make_of(Thing(text)) == make


def test_what_is_seen_of_a_large_thing_fits_what_it_is_made_of() -> None:
    """No oven is tied with string, and no stone has rust."""
    for genre, place in data_places():
        side = is_roofed(place, genre)
        traces = surroundings(genre, side).traces
        large_things = [thing for thing in place.props if not LARGE_TAILS.isdisjoint(sort_of(thing).rests.values())]
        for thing in large_things:
            of_others = {
                text for make, texts in traces.items() if make not in ("any", make_of(thing)) for text in texts
            } - {*traces.get("any", ()), *traces.get(make_of(thing), ())}
            for seed in range(3):
                drawn = draw(TextSetting(genre, side, place.props, seed, (), place.name, (thing,))).traces
                assert of_others.isdisjoint(drawn), thing
        assert draw(TextSetting(genre, side, place.props, 1, (), place.name)).traces == ()
    for name, body in WORDS.items():
        for side_name in ("indoors", "outdoors"):
            assert body[side_name].get("traces", {"any": ""}).get("any") is not None, name
            assert set(body[side_name].get("traces", ())) <= {"any", *FITS["made_of"]}, name


def test_what_is_said_is_not_said_again_in_what_follows() -> None:
    """Nothing glows in the glow of the embers."""
    seen = 0
    for world_plan, _ in bench_worlds()[::8]:
        for question in (item.question for item in wanted(world_plan, 1) if item.question):
            assert question.spot
            said = {stem for texts in question.choices.values() for text in texts for stem in stems(text)}
            nouns = draw(question.spot, question.avoid).nouns
            for noun in (noun for role in nouns for noun in nouns[role]):
                assert said.isdisjoint(stems(" ".join([noun.thing.bare, *noun.adjectives]))), (noun, question)
                seen += 1
    assert seen > 10_000


def test_only_an_opening_lets_in_light() -> None:
    letting_in = {name for name, sort in sorts().items() if any(verb.startswith("lets in") for verb in sort.rests)}
    assert letting_in == {"opens"}
    for text in ("a coin slot", "labelled drawers", "a trapdoor", "a glass partition"):
        assert sort_of(Thing(text)).name == "closes"


def test_one_leans_on_things_and_stops_beside_them() -> None:
    verbs = phrases.table("you")
    assert {verb for verb, tail in verbs.items() if "LEANING" in TAILS[tail].ways} == {"lean"}


def test_a_sentence_begins_with_where_something_is_and_not_with_where_it_goes() -> None:
    prepositions = {word for way in FRONT_WAYS for word in PLACE_PHRASES[way][0].split("|")}
    assert prepositions.isdisjoint({"toward", "to", "past", "through"})
    for sort in sorts().values():
        assert all(set(TAILS[tail].ways) & FRONT_WAYS for tail in fronted(sort.rests).values())


def test_nothing_large_lies_under_what_is_small() -> None:
    over = {name for name, sort in sorts().items() if "under" in sort.hides}
    assert over == {"sprawls", "hangs", "spreads", "pictures"}


def test_small_movements_fit_the_roof_in_every_world() -> None:
    """No bees in a bakery, no smoke across the roofs in an armory."""
    for genre in stock().genres.values():
        for has_roof in {is_roofed(place, genre.name) for place in genre.places}:
            fit = [motion for motion in genre.motions if motion.startswith("~") is not has_roof]
            assert len(fit) >= 3 and all(clean(motion.removeprefix("~")) for motion in fit), genre.name
    seen: Counter[bool] = Counter()
    for world_plan, world in bench_worlds():
        for place in world_plan.places:
            has_roof = is_roofed(place, world_plan.surroundings)
            fit_motions = {
                text.removeprefix("~") for text in world_plan.motions if text.startswith("~") is not has_roof
            }
            _, motion = world.states[place.id].ambient or ()
            is_of_place = motion.startswith(tuple(capital(thing.text) for thing in place.props))
            assert is_of_place or motion in fit_motions.union(common_motions(has_roof)), place.name
            seen[has_roof] += 1
    assert min(seen[True], seen[False]) > 50


def test_what_moves_in_the_open_is_marked_so() -> None:
    motions = [motion for genre in stock().genres.values() for motion in genre.motions]
    motions += [kind.motion for kind in kinds().values() if kind.motion]
    outside = re.compile(r"\b(?:grass|cloud|clover|gulls?|sky|kerb|ridge|rooks|tumbleweed|washing|leaves|stalks)\b")
    inside = re.compile(r"\b(?:floor|ceiling|curtain|wallpaper|bulkhead|saucer|candle|pane)\b")
    assert [text for text in motions if outside.search(text) and not text.startswith("~")] == []
    assert [text for text in motions if inside.search(text) and text.startswith("~")] == []


def test_only_what_is_named_says_ground_or_floor() -> None:
    """What is told of a step says neither: a room has no ground, and a meadow no floor."""
    ground = re.compile(r"\b(?:ground|floor)\b")
    assert [line for family in FAMILIES.values() for line in family if ground.search(line)] == []
    seen = 0
    for world_plan, world in bench_worlds():
        things = [prop for place in world_plan.places for prop in place.props]
        names = [name for thing in things for name in (thing.text, thing.bare)]
        names += [place.name for place in world_plan.places] + [step.do for step in world_plan.steps]
        names += [world_plan.goal, *(step.thing.bare for step in world_plan.steps)]
        named = re.compile("|".join(sorted(map(re.escape, filter(ground.search, names)), reverse=True)) or r"\Z", re.I)
        for text in filter(None, (text for event in world.events for text in (event.base, event.narration))):
            seen += bool(ground.search(text))
            assert not ground.search(named.sub("", text)), text
    assert seen > 10


def test_nothing_lies_under_the_ground() -> None:
    grounds = "floor|ground|earth|mud|sand|gravel|snow|straw|puddle"
    under = re.compile(rf"\bunder the (?:[a-z-]+ ){{0,2}}(?:{grounds})\b(?! bricks)", re.I)
    hidden = 0
    for world_plan, world in bench_worlds():
        texts = list(told(world))
        found = {match[0].lower() for text in texts for match in under.finditer(text)}
        # the map that a singer looks for is under the floor of the stage
        assert {phrase for phrase in found if phrase not in world_plan.premise.lower()} == set(), world_plan.premise
        hidden += sum("beside the" in text for text in texts)
    assert hidden > 160


def test_what_moves_in_a_sentence_may_be_somebody() -> None:
    lines = [line for name in ("moving", "step", "return", "climax") for line in FAMILIES[name]]
    assert [line for line in lines if re.search(r"\b(?:grow|sway|slid|slide)", line)] == []


def test_what_is_done_with_a_thing_that_is_taken_can_be_done_with_a_large_one() -> None:
    """Nobody weighs a heater in one palm, nor holds a ladder up to the light."""
    lines = [line for name in ("taken", "taking") for line in FAMILIES[name]]
    assert [line for line in lines if re.search(r"\bpalm\b|\bup to\b", line)] == []


def test_how_something_is_done_is_no_thing() -> None:
    botanist = plan("A botanist has to pollinate the last orchid in the greenhouse by hand.", 1)
    assert not any(prop.bare == "hand" for place in botanist.places for prop in place.props)


def test_a_camera_is_not_said_twice_to_go_toward_something() -> None:
    assert [line for line in FAMILIES["moving"] if "toward" in line or " along " in line] == []


def test_a_manner_is_offered_twice_a_world_at_most() -> None:
    seen = 0
    for world_plan, _ in bench_worlds():
        offered: Counter[str] = Counter()
        own: set[str] = set()
        for item in wanted(world_plan, 1):
            if item.question and item.at[0] == "event" and item.question.kind != "line":
                step = next(step for step in world_plan.steps if step.name == item.at[1])
                own |= set(phrases.manners(step.do.split()[0])) if step.kind == "act" else set()
                if step.kind != "fall":
                    offered.update(
                        how.strip() for name in ("pace", "how") for how in item.question.choices.get(name, ())
                    )
        # a verb of two or three manners has no others left
        assert max((count for how, count in offered.items() if how not in own), default=0) <= 2, offered
        seen += sum(offered.values())
    assert seen > 1000


@pytest.mark.parametrize("text", ["a king", "an owl", "goats", "the lost mother", "a crew"])
@pytest.mark.parametrize(
    "order", ["{Thing} {verb} beside a table.", "Beside a table {waits} {thing}.", "A lamp glows."]
)
def test_whoever_lives_is_seen_to_do_something_else_each_time(text: str, order: str) -> None:
    thing = Thing(text)
    waits, verb = ("wait", "turn around") if thing.many else ("waits", "turns around")
    description = order.format(Thing=text[0].upper() + text[1:], thing=text, verb=verb, waits=waits)
    first = sight(description, thing)
    again = [seen_again(first, thing, times) for times in range(5)]
    assert again[0] == first and len(set(again)) == 5
    assert all(sentence.startswith(thing.the[0].upper() + thing.the[1:]) for sentence in again[1:])
    assert "into view" in first or all(sentence.endswith(" beside a table.") for sentence in again[1:])
    assert all(clean(sentence) for sentence in again)


def test_what_stands_is_said_to_stand_each_time() -> None:
    sentence = "A stove stands against the wall."
    assert seen_again(sentence, Thing("a stove"), 3) == sentence


@pytest.mark.parametrize("who", ["frog", "owl", "horse"])
def test_a_small_model_is_offered_no_hands_for_who_has_none(who: str) -> None:
    bodily = re.compile(rf"\b(?:{'|'.join(words('requests', 'bodily'))})\b(?!-)")
    for seed in range(4):
        world_plan = plan(f"A {who} has to find the lost bell in the old mill.", seed, 7)
        for question in (item.question for item in wanted(world_plan, seed) if item.question):
            offered = [text for texts in question.choices.values() for text in texts]
            assert [text for text in offered if bodily.search(text)] == []


@pytest.mark.parametrize(
    ("place", "has_roof"),
    [
        ("greenhouse", True),
        ("conservatory", True),
        ("crypt", True),
        ("market hall", True),
        ("rose garden", False),
        ("meadow", False),
        ("highway", False),
        ("fairground", False),
        ("football pitch", False),
        ("oyster bay", False),
    ],
)
def test_a_place_has_a_roof_by_its_name_before_its_kind(place: str, has_roof: bool) -> None:
    world_plan = plan(f"A clerk has to find a letter in the {place}.", 1)
    [chief] = [each for each in world_plan.places if each.name == place]
    assert is_roofed(chief, world_plan.surroundings) is has_roof


def test_a_place_holds_nothing_that_it_is_itself() -> None:
    """No tall pines among the old pines."""
    same = {
        (place.name, prop.text)
        for _, place in data_places()
        for prop in place.props
        if prop.head == Thing(place.name).head
    }
    assert same == set()


def test_what_is_made_like_somebody_does_not_live() -> None:
    horses = ("a vaulting horse", "a rocking horse", "a plaster horse", "a model robot")
    assert not any(is_alive(Thing(text)) for text in horses) and is_alive(Thing("a lame horse"))


def test_a_goal_about_the_place_itself_shows_nothing_that_stands_there() -> None:
    world_plan = plan("An engineer must restart the oxygen garden on a space station.", 1)
    [goal] = [step for step in world_plan.steps if step.kind == "goal"]
    [item] = [item for item in wanted(world_plan, 1) if item.at == ("event", goal.name, "base")]
    assert "garden" in world_plan.place(goal.to or "").name and item.sight is None
