"""Storyboard drawings: what is drawn for which prose, the same each time, small, fast, and harmless."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from worldkit.illustration import draw, elsewhere, indoors, lexicon, outdoors, word_senses
from worldkit.illustration.backdrop import ALLEY, draw_far
from worldkit.illustration.cave import LEDGE_END
from worldkit.illustration.colour import luminance, mix, parse
from worldkit.illustration.draw import draw_state
from worldkit.illustration.indoor_stage import IndoorStage
from worldkit.illustration.mentions import ThingMention
from worldkit.illustration.outdoor_stage import OutdoorStage
from worldkit.illustration.outdoors import far_ranges
from worldkit.illustration.palette import MATERIALS, palette_of
from worldkit.illustration.places import SETS
from worldkit.illustration.placing import Placement, Room, extent_of, preferred_middles
from worldkit.illustration.ranges import mountains
from worldkit.illustration.reading import PictureContent, read_state
from worldkit.illustration.rooms import SETS as ROOMS
from worldkit.illustration.rooms import Interior
from worldkit.illustration.silhouettes import light_of, things
from worldkit.illustration.sketch import HEIGHT, WIDTH, Sketch
from worldkit.illustration.walls import draw_shell
from worldkit.illustration.weather import draw_weather

PNG = "data:image/png;base64,iVBORw0KGgo="
HOSTILE = [
    "<script>alert(1)</script> a door",
    'A lamp" onload="alert(1)',
    "]]> <svg onload=alert(1)> A tree & a &#x3c;house&#x3e;",
    "url(https://evil.example) a window \u202e\u0000",
    "{{constructor}} `${1}` \\u003cimg src=x onerror=alert(1)\\u003e",
]


def world_of(base: str, **more: Any) -> wk.World:
    state = {"base": base} | more.pop("state", {})
    id = more.pop("id", "place")
    return wk.World.from_dict(
        {"name": "W", **more, "entrance": {"state": id}, "scene": {"states": {id: state}, "events": []}}
    )


@pytest.mark.parametrize("size", [(True, True), (0, 9), (9, 9_999), (9.0, 9), (9, 9, 9)])
def test_a_size_that_no_picture_has_is_refused(size: Any) -> None:
    with pytest.raises(wk.WrongArgument, match="size: expected a width and a height of 1 to 8192 pixels"):
        world_of("A lane.").picture("place", size=size)


def read(base: str, **more: Any) -> PictureContent:
    world = world_of(base, **more)
    [id] = world.states
    return read_state(world, id, world.states[id])


def names(base: str) -> set[str]:
    return {mention.thing for mention in read(base).mentions}


@pytest.mark.parametrize("sample", wk.samples.names())
def test_every_state_of_a_sample_is_drawn_small_as_well_formed_svg(sample: str) -> None:
    world = wk.samples.load(sample)
    for id in world.states:
        full, thumbnail = draw_state(world, id), draw_state(world, id, detail="thumbnail")
        assert len(full.svg.encode()) < 40_000 and len(thumbnail.svg.encode()) < 6_000
        assert len(full.layers) == 3 and thumbnail.layers == ()
        for svg in (full.svg, thumbnail.svg, *full.layers):
            elements = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
            assert elements <= ALLOWED, elements - ALLOWED


ALLOWED = {"svg", "defs", "g", "path", "rect", "circle", "stop", "linearGradient", "radialGradient", "pattern", "image"}


@pytest.mark.parametrize("kind", sorted(ROOMS))
def test_no_room_has_a_dark_bar_from_its_ceiling_to_its_floor(kind: str) -> None:
    content = replace(read("A bare room with a chair."), set=kind)
    for seed in ("1", "2", "3"):  # light from the left, and from the right
        sketch = Sketch(palette_of(content, 0.5), "full", "p", seed, seed, 0.5, 9)
        indoors.draw_indoors(sketch, content, 0.5)
        boxes = re.findall(r' d="M-?[\d.]+ (-?[\d.]+)h-?[\d.]+V([\d.]+)h-?[\d.]+Z"', sketch.layer("front"))
        assert [box for box in boxes if float(box[1]) - float(box[0]) >= HEIGHT] == []


def test_the_same_world_state_and_seed_give_the_same_drawing() -> None:
    world, again = wk.samples.load("lighthouse"), wk.load(wk.samples.load("lighthouse").to_dict())
    assert draw_state(world, "yard").svg == draw_state(again, "yard").svg
    assert draw_state(world, "yard").svg != draw_state(world, "yard", seed=1).svg
    assert draw_state(world, "yard").svg != draw_state(world, "kitchen").svg


def test_a_drawing_is_the_same_in_every_process() -> None:
    code = """
import worldkit as wk
for world in map(wk.samples.load, ("lighthouse", "archive")):
    print([world.picture(state).svg for state in world.states])
"""
    drawings = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(drawings) == 1


def test_ids_in_two_drawings_differ_so_that_both_may_stand_in_one_page() -> None:
    world = wk.samples.load("lighthouse")
    ids = [set(re.findall(r' id="([^"]+)"', draw_state(world, state).svg)) for state in ("yard", "kitchen")]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    drawing = draw_state(world, "yard").svg
    assert set(re.findall(r"url\(#([^)]+)\)", drawing)) == ids[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_world_gets_into_a_drawing(text: str) -> None:
    world = world_of(text, id=text[:20] or "x", name=text, subject=text, styleTail=text)
    [id] = world.states
    drawing = draw_state(world, id)
    assert not re.search(r"script|onload|onerror|evil|alert|http(?!://www\.w3\.org/2000/svg)", drawing.svg)
    assert {url.split(",")[0] for url in re.findall(r'href="([^"]*)"', drawing.svg)} <= {"data:image/png;base64"}
    html = world.storyboard()._repr_mimebundle_()["text/html"]
    assert "<script" not in html and "<svg" not in html and 'onload="' not in html


@given(st.text(max_size=300), st.text(max_size=40), st.sampled_from(["win", "lose", None]))
@settings(max_examples=20, deadline=None)
def test_any_prose_is_drawn(base: str, subject: str, kind: str | None) -> None:
    ending = {"ending": {"kind": kind, "title": "END"}} if kind else {}
    world = world_of(base, subject=subject, state=ending)
    ET.fromstring(draw_state(world, "place").svg)
    ET.fromstring(draw_state(world, "place", detail="thumbnail").svg)


@given(
    st.sampled_from(sorted(things())),
    st.sampled_from(["A room with", "A field with", "Under water lies", "In orbit floats"]),
)
@settings(max_examples=40, deadline=None)
def test_every_thing_of_the_vocabulary_can_be_drawn(thing: str, place: str) -> None:
    ET.fromstring(draw_state(world_of(f"{place} a {thing}."), "place").svg)


def test_the_vocabulary_and_the_lexicon_agree() -> None:
    drawn_by_code = {
        "tree",
        "pine",
        "palm",
        "bare",
        "bush",
        "rock",
        "bookshelf",
        "crowd",
        "skyline",
        "mountain",
        "hill",
    }
    drawn_by_code |= {"cliff", "ledge", "waterfall", "iceberg", "rail", "stalactite"}
    sections = lexicon._all_phrases()
    thing_names = {name for phrases in sections["things"].values() for _, name, _ in phrases}
    assert thing_names - {"nothing"} == set(things()) - {"leaningladder"} | drawn_by_code
    assert len(thing_names) >= 60


@pytest.mark.parametrize(
    ("base", "present", "unseen"),
    [
        ("A pine beside a lighthouse.", {"pine", "lighthouse"}, set()),
        ("No ship in sight, only a lamp.", {"lamp"}, {"ship"}),
        ("A room without a window, but with a bed.", {"bed"}, {"window"}),
        ("Coats hang like bats. A clock ticks.", {"hooks", "clock"}, {"gull"}),
        ("A store as cool as a church, with copper tanks.", {"tank"}, {"church"}),
        ("A pair of oak doors.", {"door"}, {"tree"}),
        ("A man in a moth-eaten coat, by a fish-shaped sign.", {"person", "sign"}, {"moth", "fish"}),
        ("A lamp-lit table on a tree-lined road.", {"lamp", "table", "tree"}, set()),
        ("A grandfather clock and a spiral staircase.", {"grandfather", "spiral"}, {"elder", "stair", "clock"}),
        ("White tube light over long aisles.", {"hanging"}, {"pipes"}),
        ("A wire cutter, a pallet truck and a fish trap.", {"cart"}, {"steamer", "car", "fish"}),
        ("A whale skeleton looms in the lamplight.", {"skeleton"}, {"whale", "skull", "machine"}),
        ("A film projector beside a microscope.", {"projector", "microscope"}, {"telescope"}),
        ("A gallery that holds no elephant, and the elephant is not standing there.", set(), {"elephant"}),
        ("The lamp is not lit.", {"lamp"}, set()),
        ("An organ, its pipes in shadow.", {"organ"}, {"piano"}),
        ("She steps closer to the clothes line.", {"washing"}, {"stair", "hooks"}),
        ("A fallen log lies across the path.", {"log"}, {"book", "bare"}),
        ("The log lies open on the desk.", {"book"}, {"log"}),
        ("The crow's nest, and the crew quarters.", set(), {"crow", "egg", "crowd"}),
    ],
)
def test_the_longest_phrase_is_read_and_what_is_not_there_is_left_out(
    base: str, present: set[str], unseen: set[str]
) -> None:
    assert present <= names(base) and not unseen & names(base)


@pytest.mark.parametrize(
    ("base", "place"),
    [
        ("A kitchen with a cold stove.", "kitchen"),
        ("A beach below a headland.", "shore"),
        ("The deck of a whaler on the open sea.", "deck"),
        ("A fog bank on the open sea.", "sea"),
        ("The crow's nest waits in gold light.", "deck"),
        ("The swimming pool, a row of lockers behind it.", "pool"),
        ("The centre circle of the football ground.", "stadium"),
        ("A narrow brick alley behind the museum.", "alley"),
        ("A tall treehouse with a sturdy roof.", "forest"),
        ("A library, all shelves of books.", "library"),
        ("A forest clearing at dawn.", "forest"),
        ("The roof of a moving night train. The wind tears at a coat.", "trainroof"),
        ("A carriage roof, wet and curved.", "trainroof"),
        ("On top of the last carriage, sparks fly.", "trainroof"),
        ("The roof of the house beside the roof of the night train.", "trainroof"),
        ("The rooftop of a station; a train waits below.", "rooftop"),
        ("The rooftop of the train station, wet with rain.", "rooftop"),
        ("The rooftop of a house with a train behind it.", "rooftop"),
        ("A road at the top of the wagon road.", "road"),
        ("The station platform under an iron roof; a train waits.", "station"),
        ("The bridge of a small starship, a wall of screens.", "bridgeship"),
        ("A stone bridge over the river.", "bridge"),
        ("The seabed, and a drowned street.", "underwater"),
        ("A corridor of closed doors.", "corridor"),
        ("A cave with a lake of crystal.", "cave"),
    ],
)
def test_prose_chooses_the_set(base: str, place: str) -> None:
    assert read(base).set == place


CARRIAGES = ("The sleeping car", "The mail car", "The guard's van", "A first class carriage", "The dining car")


@pytest.mark.parametrize("name", CARRIAGES)
def test_a_carriage_of_a_train_is_a_train_and_no_automobile(name: str) -> None:
    inside = read(f"{name} at night, blinds drawn over the windows.", id=name.lower().replace(" ", "_"))
    assert inside.set == "train" and not {"car", "cart"} & {mention.thing for mention in inside.mentions}
    outside = read(f"Snow on a mountain pass. {name} stands far off, in a forest.")
    assert "train" in {mention.thing for mention in outside.mentions}
    assert not {"car", "cart"} & {mention.thing for mention in outside.mentions}


def test_a_car_is_that_of_a_train_only_in_a_story_on_a_train() -> None:
    base = "The third car rocks; passengers sleep."
    assert read(base, id="third_car", name="Murder on the Night Train").set == "train"
    assert "car" in {mention.thing for mention in read(base, id="third_car").mentions}
    assert "car" in names("A police car stands on the wet street.")


@pytest.mark.parametrize(
    ("base", "place"),
    [
        ("The station at dusk, a clock above the platform.", "station"),
        ("The police station front desk.", "room"),
        ("The station hall, ticket windows and benches.", "hall"),
        ("The space station turns above the planet; the station is dark.", "bridgeship"),
        ("A weather station with barographs.", "workshop"),
    ],
)
def test_a_station_is_that_of_a_railway_unless_another_is_meant(base: str, place: str) -> None:
    assert read(base).set == place


@pytest.mark.parametrize("base", ["", " ", "...", "\u2014"])
def test_a_state_without_prose_is_an_empty_frame_and_its_note_says_so(base: str) -> None:
    picture = world_of(base, id="harbour").picture("harbour")
    assert picture.note == "Nothing is written here yet that could be drawn."
    assert picture.svg is not None and len(picture.svg) < 2_000
    assert len(world_of("A harbour.").picture("place").svg or "") > 5_000


def test_a_place_is_read_from_an_id_whatever_the_prose_would_mean_by_its_words() -> None:
    assert read("A horn opens over an armchair.", id="sound_library").set == "library"
    assert (
        read("A bottle stands on a shelf.", id="empty_cabin", subject="A sailor at the helm of the ship.").set
        == "cabin"
    )
    assert read("A bottle stands on a shelf.", id="empty_cabin", subject="A hunter in a coat.").set == "room"


@pytest.mark.parametrize("seed", range(8))
def test_roofs_on_the_horizon_that_the_prose_names_stand_behind_a_field_of_every_world(seed: int) -> None:
    field = read("A field.")
    town = replace(field, mentions=(ThingMention("skyline", 1.0),))
    assert far_ranges(town, Random(seed)) == ["skyline", *far_ranges(field, Random(seed))]


def plans_of(base: str, seed: str = "1") -> dict[str, list[Placement]]:
    reading = read(base)
    sketch = Sketch(palette_of(reading, 0.5), "full", "p", seed, seed, 0.5, 9)
    parts = SETS[reading.set]
    stage = OutdoorStage(sketch, reading, parts, parts.horizon, parts.horizon)
    return {one.thing: stage.plans(one, is_hero=False) for one in reading.mentions}


@pytest.mark.parametrize("seed", "1234")
def test_signs_hang_on_the_walls_of_a_street_and_what_stands_there_stands_between_them(seed: str) -> None:
    plans = plans_of("An alley at night. Neon signs buzz over a crate and a barrel.", seed)
    signs = plans["neon"]
    assert len(signs) == 3 and all(sign.y < SETS["alley"].horizon for sign in signs)
    assert {sign.x < WIDTH / 2 for sign in signs} == {True, False}
    for name in ("crate", "barrel"):
        assert plans[name] and all(abs(one.x - WIDTH / 2) < ALLEY for one in plans[name])


def test_no_train_stands_on_the_roof_of_a_train_station(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_names: list[str] = []

    def record(sketch: Sketch, layer: str, name: str, *args: Any, **more: Any) -> None:
        drawn_names.append(name)

    monkeypatch.setattr(outdoors, "draw_thing", record)
    for base in ("The rooftop of the train station, a crate on it.", "A field, a train and a crate on it."):
        world = world_of(base)
        draw_state(world, next(iter(world.states)))
    assert drawn_names.count("crate") == 2 and drawn_names.count("train") == 1


def test_the_walls_of_a_street_reach_down_to_its_ground() -> None:
    reading = read("A cobbled street.")
    sketch = Sketch(palette_of(reading, 0.5), "full", "p", "1", "1", 0.5, 9)
    horizon = SETS["street"].horizon
    feet = draw_far(sketch, reading, list(SETS["street"].far), horizon)
    lowest = max(float(number) for d, _ in feet for number in re.findall(r"[ -](\d+\.?\d*)", d))
    assert lowest >= HEIGHT
    meadow = read("A field.")
    assert draw_far(sketch, meadow, list(SETS["field"].far), horizon) == []


def test_a_wood_consists_of_trunks_and_no_single_round_tree_stands_in_it() -> None:
    reading = read("An old oak wood. Trees on all sides, and a fallen log.")
    assert reading.set == "forest" and "wood" in far_ranges(reading, Random(1))
    assert "log" in {mention.thing for mention in reading.mentions}


@pytest.mark.parametrize("place", sorted(SETS))
def test_a_drawing_of_any_place_keeps_to_its_size(place: str) -> None:
    phrases = {name: " ".join(words) for found in lexicon._all_phrases()["sets"].values() for words, name, _ in found}
    phrases["trainroof"] = "roof of a night train"
    base = f"The {phrases[place]} in the rain at night. A campfire, a tent, two lanterns, neon signs, a cart, a pine."
    world = world_of(base, subject="A tall woman in a long red coat, with a hat and a lantern.")
    assert read(base).set == place
    for seed in range(6):
        assert len(draw_state(world, "place", seed=seed).svg) <= 40_000
        assert len(draw_state(world, "place", seed=seed, detail="thumbnail").svg) <= 6_000


def test_the_train_and_the_poles_are_the_place_itself_on_its_roof() -> None:
    things_there = {
        mention.thing for mention in read("The roof of a night train. Wires, poles and a lantern.").mentions
    }
    assert "lantern" in things_there and not things_there & {"train", "pole", "rail"}


def test_water_stands_in_rooms_that_are_flooded() -> None:
    dry, wet = read("A refectory."), read("A refectory, knee-deep in water.")
    assert "flooded" in wet.cues and "flooded" not in dry.cues
    assert "flooded" in read("A refectory.", styleTail="Light from still floodwater.").cues
    assert wet.set == dry.set and draw_state(world_of("A refectory."), "place").svg != (
        draw_state(world_of("A refectory, knee-deep in water."), "place").svg
    )


def test_hour_weather_and_colours_come_from_prose_and_style() -> None:
    reading = read("A quay at midnight in the rain.", styleTail="Green-shaded lamps.")
    assert (reading.hour, reading.light_colour) == ("night", "green") and "rain" in reading.weather
    assert read("A quay at noon.").hour == "day"
    assert read("An orchard in soft gold afternoon light.").hour == "golden"
    assert read("A dune in dry white heat.").hour == "desert"
    assert not read("A ship. The rain has stopped and the fog lifts.").weather & {"rain", "fog"}


def test_how_often_and_where_a_thing_stands_is_read() -> None:
    lamps, boat = read("On the left stand three lamps; far away lies a red boat.").mentions
    assert (lamps.thing, lamps.is_many, lamps.side) == ("lamp", True, "left")
    assert (boat.thing, boat.distance, boat.colour, boat.is_many) == ("boat", "far", "red", False)


@given(
    st.lists(st.tuples(st.floats(0, WIDTH), st.floats(1, 300), st.floats(150, 350)), max_size=12),
    st.floats(1, 2 * WIDTH),
    st.sampled_from(("left", "middle", "right")),
)
def test_a_thing_stands_on_the_side_that_the_prose_names_whatever_stands_there(
    taken: list[tuple[float, float, float]], width: float, side: str
) -> None:
    room, sketch = Room(), SimpleNamespace(random=Random(1))
    for x, taken_width, y in taken:
        room.take(x, taken_width, y)
    wishes = preferred_middles(ThingMention("shed", 1.0, side=side), 1)
    third = room.best(sketch, width, 330, wishes, side) * 3 / WIDTH  # type: ignore[arg-type]
    assert {"left": third < 1.3, "middle": 1 < third < 2, "right": third > 1.7}[side]


def test_the_subject_is_dressed_as_the_world_says() -> None:
    subject = read(
        "A field.", subject="A keeper in a long navy oilskin coat and a wool cap, a kitbag on her shoulder."
    ).subject
    assert subject is not None and subject.colour == "blue" and {"long", "cap", "bag"} <= subject.clothes
    fox = read("A field.", subject="A young fox in a scarf.").subject
    assert fox is not None and fox.kind == "fox"
    assert read("First-person view of a field.").subject is None


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("A parrot with ruffled feathers and a tilted head.", "bird"),
        ("A cuckoo with dust on its coat.", "bird"),
        ("A moth with dusted wings.", "moth"),
        ("Rusty, an old frog in a waistcoat.", "frog"),
        ("An owl under the bridge.", "owl"),
        ("A girl, a parrot on her shoulder.", "person"),
        ("A keeper with a cat.", "person"),
        ("A cat burglar in black.", "person"),
        ("Somebody with a goose.", "person"),
        ("A grandfather in a buttoned coat.", "elder"),
    ],
)
def test_the_figure_is_the_animal_that_the_player_is_and_not_one_that_it_has(subject: str, kind: str) -> None:
    assert (figure := read("A field.", subject=subject).subject) is not None and figure.kind == kind


@pytest.mark.parametrize("thing", ["mirror", "grandfather clock", "wardrobe", "stove"])
def test_what_was_carried_out_of_a_house_stands_under_the_sky(thing: str) -> None:
    with_thing, without = (
        draw_state(world_of(f"A meadow at noon{what}."), "place") for what in (f" with a {thing}", "")
    )
    assert len(with_thing.svg) > len(without.svg) + 200


def test_the_player_is_drawn_once_when_the_prose_speaks_of_it() -> None:
    owl = read("An owl sits by a lantern.", subject="An owl afraid of the night.")
    assert [mention.thing for mention in owl.mentions] == ["lantern"]
    other = read("An old man sits by a lantern.", subject="A young sailor in white.")
    assert {mention.thing for mention in other.mentions} == {"lantern", "elder"}
    several = read("Two sailors wait.", subject="A young sailor in white.")
    assert [mention.thing for mention in several.mentions] == ["crowd"]


def test_endings_are_lit_otherwise() -> None:
    svgs = {
        kind: draw_state(world_of("A hill.", state={"ending": {"kind": kind, "title": "E"}} if kind else {}), "place")
        for kind in ("win", "lose", "")
    }
    assert svgs["win"].luminance > svgs["lose"].luminance
    assert len({drawing.svg for drawing in svgs.values()}) == 3


@pytest.mark.parametrize(
    ("text", "motion"),
    [
        ("The camera pushes in.", "push"),
        ("It drifts along the wall.", "right"),
        ("Tilts up.", "up"),
        ("Pans left.", "left"),
    ],
)
def test_the_movement_of_the_camera_is_told(text: str, motion: str) -> None:
    pair = {"static": "Held still.", "dynamic": text}
    assert draw_state(world_of("A hall.", state={"camera": pair}), "place").motion == motion


def test_the_ids_of_a_drawing_hang_on_no_name_of_a_class() -> None:
    world = wk.samples.load("lighthouse")
    content = read_state(world, "kitchen", world.states["kitchen"])
    text = draw._ordered(content)
    assert content.mentions and not re.search(r"[A-Z][a-z]+[A-Z]?[a-z]*\(", text)


def test_a_drawing_takes_some_thousand_steps() -> None:
    world = wk.samples.load("archive")
    draw_state(world, next(iter(world.states)))  # reads the tables
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for id in world.states:
            draw_state(world, id, seed=99)
    finally:
        sys.setprofile(None)
    assert calls / len(world.states) < 15_000, "calls of functions, a few milliseconds on any machine"


# ---- which picture ---------------------------------------------------------------------------------


def test_the_picture_is_the_worlds_own_else_a_drawing() -> None:
    world = wk.samples.load("bench").apply(
        [{"op": "set_entrance", "state": "lane", "image": {"src": PNG, "label": "L"}}]
    )
    own = world.picture("lane")
    assert (own.kind, own.src, own.label, own.svg, own.note) == ("entrance", PNG, "L", None, "")
    drawing = world.picture("bench")
    assert drawing.kind == "storyboard" and drawing.svg and "no model" in drawing.note
    assert drawing.label.startswith("An old bench stands")
    assert world_of("A lane.", cover=PNG).picture("place").kind == "cover"


def test_a_picture_that_would_have_to_be_fetched_is_not_taken() -> None:
    assert world_of("A lane.", cover="https://pictures.example/lane.png").picture("place").kind == "storyboard"
    assert world_of("A lane.", cover="data:image/svg+xml;base64,AAAA").picture("place").kind == "storyboard"


def test_a_picture_is_shown_saved_and_refused_in_words(tmp_path: Any) -> None:
    world = wk.samples.load("bench")
    picture = world.picture("lane", size=(320, 180))
    assert world.picture("lane", size=[320, 180]).svg == picture.svg  # type: ignore[arg-type]
    assert picture._repr_mimebundle_()["image/svg+xml"] == picture.save(tmp_path / "lane.svg").read_text()
    assert 'width="320" height="180"' in (picture.svg or "")
    with pytest.raises(wk.WorldError, match='no state "attic"'):
        world.picture("attic")
    with pytest.raises(wk.WrongArgument, match="1 to 8192 pixels"):
        world.picture("lane", size=(0, 180))


def test_a_storyboard_is_a_sheet_of_pictures_and_a_page(tmp_path: Any) -> None:
    world = wk.samples.load("bench")
    board = world.storyboard()
    assert list(board) == list(world.states) and board["lane"].svg == world.picture("lane").svg
    html = board._repr_mimebundle_()["text/html"]
    assert html.count("<img ") == 3 and "no model paints" in html
    page = board.save(tmp_path / "board.html").read_text()
    assert page.count("<img ") == 3 and "default-src 'none'" in page
    assert list(world.storyboard(["bench"])) == ["bench"]
    with pytest.raises(wk.WorldError, match="no state"):
        world.storyboard(["attic"])


def test_a_map_shows_pictures_on_its_cards_when_asked() -> None:
    world = wk.samples.load("lighthouse").apply(
        [{"op": "set_entrance", "state": "landing", "image": {"src": PNG, "label": "A landing."}}]
    )
    plain, with_pictures = world.to_svg(), world.to_svg(pictures=True)
    root = ET.fromstring(with_pictures)
    assert len(root.findall(".//{*}g/{*}svg")) == len(world.states) and "<svg" not in plain[1:]
    assert [image.get("href") for image in root.iter("{http://www.w3.org/2000/svg}image")] == [PNG]
    assert len(with_pictures) < len(plain) + 6_500 * len(world.states)
    large = "data:image/png;base64," + "A" * 400_000
    large_entrance = {"op": "set_entrance", "state": "landing", "image": {"src": large, "label": ""}}
    assert large not in world.apply([large_entrance]).to_svg(pictures=True)


@pytest.mark.parametrize(
    ("base", "place", "thing"),
    [
        ("A market square in the morning, stalls around a fountain.", "square", "stall"),
        ("A street of shops with painted signs: a baker, a bookshop.", "street", "shopsign"),
        ("A lane with three shop signs creaking in the wind.", "street", "shopsign"),
        ("A country lane. Two signs point to the sea.", "field", "sign"),
        ("A narrow ledge runs along the wall of the cavern; far below a river roars.", "cave", "ledge"),
        ("A ledge high above the valley.", "mountain", ""),
        ("A nursery with a rocking horse by the window.", "room", "rockinghorse"),
    ],
)
def test_what_a_word_means_follows_from_where_it_stands(base: str, place: str, thing: str) -> None:
    reading = read(base)
    assert reading.set == place
    things_there = {mention.thing for mention in reading.mentions}
    assert not things_there & {"shelf", "horse", "ledge"} - {thing} and (not thing or thing in things_there)


@pytest.mark.parametrize("base", ["A street with five shop signs.", "A square with many stalls."])
def test_what_belongs_to_different_people_has_different_colours(base: str) -> None:
    name = "shopsign" if "signs" in base else "stall"
    colours = [plan.colour for plan in plans_of(base)[name]]
    assert len(colours) > 2 and len(set(colours)) == len(colours)
    assert {
        plan.colour for plan in plans_of(base.replace("many ", "many red ").replace("five ", "five red "))[name]
    } == {None}


def stage_of(base: str, seed: str) -> tuple[IndoorStage, PictureContent]:
    reading = read(base)
    palette = palette_of(reading, 0.5)
    sketch = Sketch(palette, "full", "p", seed, seed, 0.5, 9)
    sketch.side = 1 if int(seed) % 2 else -1
    room = Interior(sketch, reading, palette)
    draw_shell(room)
    return IndoorStage(room), reading


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "base", ["A bedroom at night.", "The captain's cabin at night.", "A great hall under the moon."]
)
def test_the_moon_shows_in_one_window_at_most(base: str, seed: int) -> None:
    world = world_of(base)
    svg = draw_state(world, "place", seed=seed).svg
    moons = re.findall(r'<circle [^>]*fill="(#[0-9a-f]+)"/>', svg)
    assert len(moons) == 1
    rainy = draw_state(world_of(base.replace(".", ", in the rain.")), "place", seed=seed).svg
    assert not re.findall(r'<circle [^>]*fill="(#[0-9a-f]+)"/>', rainy)


@pytest.mark.parametrize("seed", "12345678")
@pytest.mark.parametrize("thing", ["cupboard", "clock", "painting", "door", "mirror", "shelf"])
def test_what_stands_or_hangs_at_the_wall_leaves_the_windows_in_sight(thing: str, seed: str) -> None:
    stage, _ = stage_of("A bedroom.", seed)
    windows = stage.room.windows
    plans = stage.plans(ThingMention(thing, 1.0, is_many=True), is_hero=False)
    assert windows and plans
    for plan in plans:
        half = things()[thing].width * plan.person / 200
        assert all(plan.x + half <= left or plan.x - half >= right for left, _, right, _ in windows)


@pytest.mark.parametrize("thing", sorted(things()))
def test_nothing_in_a_room_is_cut_off_by_the_edge_of_the_picture(thing: str) -> None:
    for seed in "12":
        stage, _ = stage_of("A room.", seed)
        for plan in stage.plans(ThingMention(thing, 1.0, is_many=True), is_hero=False):
            half = things()[plan.mention.thing].width * plan.person / 200
            assert plan.x - half >= 0 and plan.x + half <= WIDTH


@pytest.mark.parametrize("seed", "1234")
def test_small_things_stand_on_the_table_that_is_there(seed: str) -> None:
    stage, _ = stage_of("A kitchen.", seed)
    [table] = stage.plans(ThingMention("table", 1.0), is_hero=False)
    for name in ("cup", "book", "key"):
        [plan] = stage.plans(ThingMention(name, 1.0), is_hero=False)
        assert abs(plan.x - table.x) <= things()["table"].width * table.person / 200
        assert plan.lift > 0 and plan.y > table.y
    for small_things, support in ((1, "stool"), (2, "table")):
        stage = IndoorStage(stage.room, small_things)
        assert [plan.mention.thing for plan in stage.plans(ThingMention("bottle", 1.0), is_hero=False)] == [
            support,
            "bottle",
        ]


@pytest.mark.parametrize("seed", "12345678")
def test_what_the_prose_does_not_name_hides_nothing_in_a_room(seed: str) -> None:
    stage, _ = stage_of("A bedroom.", seed)
    spans: list[tuple[float, float, float]] = []
    for thing in ("cupboard", "bookshelf", "mirror", "painting", "armchair", "sofa", "table", "cupboard", "clock"):
        for plan in stage.plans(ThingMention(thing, 0.0), is_hero=False):
            half = plan.person * extent_of(thing).width / 200  # type: ignore[union-attr]
            spans.append((plan.x - half, plan.x + half, plan.y))
    assert len(spans) >= 3
    for index, (left, right, foot) in enumerate(spans):
        for before_left, before_right, before_foot in spans[:index]:
            shared = min(right, before_right) - max(left, before_left)
            assert shared <= 0.31 * (right - left) or abs(foot - before_foot) > 4


def test_banks_of_fog_fade_out_on_all_sides() -> None:
    reading = read("A field in fog.")
    sketch = Sketch(palette_of(reading, 0.5), "full", "p", "1", "1", 0.5, 9)
    draw_weather(sketch, reading, 240)
    svg = sketch.layer("middle") + sketch.layer("front")
    assert len(set(re.findall(r'fill="([^"]*)"', svg))) == 1
    assert re.search(r"<(\w+)Gradient", sketch.defs(svg))[1] == "radial"  # type: ignore[index]


@pytest.mark.parametrize("weather", ["", "in snow", "in fog", "under frost"])
@pytest.mark.parametrize("hour", ["at dawn", "at noon", "at dusk", "at night", "under an overcast sky", ""])
def test_mountains_stand_out_from_the_sky_below_their_snow(hour: str, weather: str) -> None:
    reading = read(f"A mountain pass {hour}, {weather}.")
    palette = palette_of(reading, 0.5)
    sketch = Sketch(palette, "full", "p", "1", "1", 0.5, 9)
    mountains(sketch, 220, 128, 0.86, snow=True)
    body = re.search(r'fill="(#\w+)"', sketch.layer("back"))[1]  # type: ignore[index]
    sky = luminance(mix(palette.middle, palette.low, 0.6))
    assert sky - luminance(parse(body)) > 20


def drawn(base: str, monkeypatch: pytest.MonkeyPatch, **more: Any) -> list[str]:
    drawn_names: list[str] = []

    def record(sketch: Sketch, layer: str, name: str, *args: Any, **more: Any) -> None:
        drawn_names.append(name)

    monkeypatch.setattr(outdoors, "draw_thing", record)
    world = world_of(base, **more)
    draw_state(world, next(iter(world.states)), seed=7)
    return drawn_names


def test_a_fence_runs_over_a_field_and_not_through_the_houses_of_a_street(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "fence" in drawn("A field with a picket fence.", monkeypatch)
    assert "fence" not in drawn("A street with a picket fence.", monkeypatch)


@pytest.mark.parametrize(
    ("base", "ladder", "support"),
    [
        ("A ladder leans against the barn in the yard.", "leaningladder", "barn"),
        ("The market square. A ladder.", "stepladder", ""),
        ("A flat roof. A ladder.", "stepladder", ""),
    ],
)
def test_a_ladder_under_the_sky_leans_on_something_or_stands_by_itself(
    base: str, ladder: str, support: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    middles: dict[str, tuple[float, float]] = {}

    def record(
        sketch: Sketch, layer: str, name: str, x: float, y: float, scale: float, *args: Any, **more: Any
    ) -> None:
        middles[name] = (x, things()[name].width * scale)

    monkeypatch.setattr(outdoors, "draw_thing", record)
    draw_state(world_of(base), "place", seed=7)
    assert ladder in middles and "ladder" not in middles
    if support:
        assert abs(middles[ladder][0] - middles[support][0]) <= middles[support][1] / 2


def test_the_rungs_of_a_ladder_are_one_ladder_which_leans_on_the_ledge_of_a_cave() -> None:
    stage, _ = stage_of("A cavern with a stone ledge. Iron rungs climb to it.", "1")
    [ladder] = [mention for mention in stage.room.room_reading.mentions if mention.thing == "ladder"]
    [plan] = stage.plans(ladder, is_hero=False)
    assert plan.mention.thing == "leaningladder"
    assert abs(plan.x - WIDTH * (0.5 + stage.room.sketch.side * LEDGE_END)) < 2


@pytest.mark.parametrize("seed", "123456")
def test_a_machine_stands_beside_the_player(seed: str) -> None:
    stage, _ = stage_of("A workshop. A great machine thunders.", seed)
    player = WIDTH * (0.5 - stage.room.sketch.side * 0.17)
    stage.space.take_for_player(player, stage.room.parts.figure * 0.5, 338, stage.room.parts.figure)
    [machine] = [mention for mention in stage.room.room_reading.mentions if mention.thing == "machine"]
    plan = stage.plans(machine, is_hero=True)[0]
    assert abs(plan.x - player) > 0.4 * things()["machine"].width * plan.person / 100


def test_a_desert_at_noon_is_of_sand() -> None:
    noon = palette_of(read("A desert at noon."), 0.5)
    assert noon == palette_of(read("A desert."), 0.5) and noon.low[0] > noon.low[2]


def test_no_house_stands_on_the_open_sea(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_names = drawn("The open sea. A door, a ladder, a shed, a steamer, a barrel.", monkeypatch)
    assert {"steamer", "barrel"} <= set(drawn_names) and not {"shed", "ladder"} & set(drawn_names)


def test_a_boat_at_the_quay_is_no_ship() -> None:
    for seed in "1234":
        reading = read("A quay. A rowing boat and a steamer.")
        sketch = Sketch(palette_of(reading, 0.5), "full", "p", seed, seed, 0.5, 9)
        stage = OutdoorStage(sketch, reading, SETS["harbour"], 206, 250)
        [boat] = stage.plans(ThingMention("boat", 9.0), is_hero=True)
        [ship] = stage.plans(ThingMention("steamer", 9.0), is_hero=True)
        assert things()["boat"].width * boat.person < things()["steamer"].width * ship.person
        assert boat.person < 1.2 * stage.person


@pytest.mark.parametrize(
    ("base", "colour"),
    [
        ("A ring. A huge man in a threadbare scarlet tailcoat.", "red"),
        ("A ring. A woman wearing her blue coat.", "blue"),
        ("A ring. A woman. A red tent.", ""),
        ("A ring. A man stands there; in the red tent it is warm.", ""),
    ],
)
def test_people_wear_the_colour_that_the_prose_gives_their_clothes(base: str, colour: str) -> None:
    assert [mention.colour for mention in read(base).mentions if mention.thing == "person"] == [colour]


def test_small_things_stand_on_a_crate_where_the_ground_is_paved() -> None:
    for base, has_crate in (("A street. A key.", True), ("A field. A key.", False)):
        [key] = [one for one in plans_of(base)["key"] if one.mention.thing == "key"]
        assert (key.lift > 0) == has_crate


@pytest.mark.parametrize(
    ("base", "seen_names", "unseen_names"),
    [
        ("A yard. Prisoners queue along the wall.", set(), {"crowd"}),
        ("A yard. A queue of prisoners.", {"crowd"}, set()),
        ("A yard. The sun sinks behind the roofs.", set(), {"bathtub"}),
        ("A kitchen. A steel sink and copper pans.", {"bathtub", "teapot"}, set()),
        ("A shore. The lighthouse towers over the field.", {"lighthouse"}, {"tower"}),
        ("A road. He bears a lamp.", {"lamp"}, {"bear"}),
        ("A road. The bear sleeps.", {"bear"}, set()),
        ("A reef. A giant clam.", set(), {"bear"}),
        ("A jetty. Three coins lie in your palm.", set(), {"palm"}),
        ("A jetty. The child's palm is cold.", set(), {"palm"}),
        ("A shore and a palm.", {"palm"}, set()),
        ("A hall. The giant sleeps.", {"bear"}, set()),
        ("A room. An oak beam and tin plates.", set(), {"tree", "box"}),
        ("A field. An oak stands there.", {"tree"}, set()),
        ("A field. A mountain of letters.", {"letter"}, {"mountain"}),
        ("A field. The mountain of the king.", {"mountain"}, set()),
        ("A field. A heap of stones.", {"rock"}, {"hay"}),
        ("A street with five shop signs.", {"shopsign"}, set()),
    ],
)
def test_a_word_of_two_senses_draws_only_what_is_meant(base: str, seen_names: set[str], unseen_names: set[str]) -> None:
    assert seen_names <= names(base) and not unseen_names & names(base)


@pytest.mark.parametrize(
    ("base", "id", "place"),
    [
        ("A bank of hay under an open sky, in a meadow.", "meadow", "field"),
        ("In a bar of sun looms a travel trunk.", "attic", "room"),
        ("The sea cave holds the quiet. The sea is far.", "sea_cave", "cave"),
        ("A stove stands on bare boards. The hut darkens.", "hut", "room"),
        ("The hut stands in the meadow under a wide sky.", "hut", "field"),
        ("The stone wall stretches below the sky.", "stone_wall", "field"),
        ("Clouds below, high in the sky.", "basket", "sky"),
        ("Water drips from the roof. Bats turn in the dark of the cave.", "roost", "cave"),
        ("Rain on the roof of the tower, slates underfoot.", "tower_roof", "rooftop"),
        ("A leather sofa looms. Beside the toy train rests a hook.", "furniture_floor", "room"),
        ("The frames stand on the floor. The shed is quiet.", "frame_shed", "room"),
    ],
)
def test_a_place_is_what_is_meant_and_not_what_its_words_may_mean(base: str, id: str, place: str) -> None:
    assert read(base, id=id).set == place


def test_what_one_is_in_does_not_stand_in_itself() -> None:
    inside = read("The wagon is a stable for one. A bear lies in the wagon.", id="bear_wagon")
    assert inside.is_indoors and inside.mentions[0].thing == "bear"
    assert "cart" not in {mention.thing for mention in inside.mentions}
    assert "curtain" not in {mention.thing for mention in read("A theatre with a red curtain.").mentions}


def test_parts_of_speech_are_guessed_only_where_a_word_has_two_senses(monkeypatch: pytest.MonkeyPatch) -> None:
    tagged: list[str] = []
    monkeypatch.setattr(word_senses, "tag", lambda text: tagged.append(text) or [])
    lexicon.read("An old chair waits beside a candle, number 41.")
    assert tagged == []
    lexicon.read("They queue beside a candle, number 41.")
    assert len(tagged) == 1


def test_a_bee_is_smaller_than_the_player() -> None:
    for plan in plans_of("A meadow. Three bees.")["moth"]:
        assert things()["moth"].width * plan.person / 100 < 40


@pytest.mark.parametrize(
    ("base", "thing"),
    [("A beach. A lamp glows.", "lantern"), ("A street. A lamp glows.", "streetlamp")],
)
def test_no_floor_lamp_stands_under_the_sky(base: str, thing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_names = drawn(base, monkeypatch)
    assert thing in drawn_names and not {"lantern", "streetlamp", "lamp"} & set(drawn_names) - {thing, "streetlamp"}


def test_a_room_is_flooded_by_its_own_text_and_not_by_the_sea_around_the_world() -> None:
    assert "flooded" not in read("A chapel.", styleTail="Grey light, black water.").cues
    assert "flooded" in read("A chapel. Black water stands over the pews.").cues
    assert "flooded" in read("A chapel.", styleTail="A flooded town.").cues


def test_the_bridge_of_a_ship_spans_nothing() -> None:
    text = "The chart lies on the bench. The bridge creaks with each swell."
    assert read(text, id="bridge", description="A ship in a storm.").set == "cabin"
    assert read(text, id="bridge").set == "bridge"
    assert read("The bridge of the ship: a wheel, a compass.").set == "cabin"
    assert read("The bridge of the starship: a wheel.").set == "bridgeship"
    assert read("A stone bridge.", id="bridge", description="A ship in a storm.").set == "bridge"


@pytest.mark.parametrize("base", ["A room. A toy train.", "A field. A model ship lies there."])
def test_a_toy_is_small_enough_for_a_table(base: str) -> None:
    [toy] = [mention for mention in read(base).mentions if mention.is_toy]
    if read(base).is_indoors:
        stage, _ = stage_of(base, "1")
        plan = stage.plans(toy, is_hero=True)[-1]
        assert plan.lift > 0
    else:
        plan = plans_of(base)[toy.thing][-1]
    assert things()[toy.thing].width * plan.person / 100 < 90


def test_no_picture_hangs_in_the_sea(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_names: list[str] = []
    monkeypatch.setattr(elsewhere, "draw_thing", lambda sketch, layer, name, *args, **more: drawn_names.append(name))
    draw_state(world_of("Underwater, on the seabed. A map, an anchor."), "place")
    assert "anchor" in drawn_names and "painting" not in drawn_names


def test_the_fire_in_a_hearth_does_not_burn_on_the_floor_as_well() -> None:
    assert {"fireplace", "fire"} & names("A great hall, a fire in the hearth.") == {"fireplace"}
    assert "fire" in names("A great hall, a fire on the flagstones.")


@pytest.mark.parametrize("apostrophe", "'\u2019")
def test_who_only_owns_a_thing_is_not_there(apostrophe: str) -> None:
    assert "person" not in names(f"A ranger{apostrophe}s hut with a bench.")
    assert "person" in names(f"A ranger stands at the warden{apostrophe}s hut.")
    assert "person" not in {mention.thing for mention in read("A bench.", id="keepers_cottage").mentions}
    assert "person" in {mention.thing for mention in read("A bench.", id="the_keeper").mentions}


@pytest.mark.parametrize(
    ("base", "seen_names", "unseen_names"),
    [
        ("A room. Drawers labelled GLOVES, BRIDGES, LIONS.", {"drawers"}, {"mitten", "bridge", "wolf"}),
        ('A room, a desk. A voice says: "The bear is gone."', {"desk"}, {"bear"}),
        ("A quay. The \u201cGolden Whale\u201d lies at anchor.", {"anchor"}, {"whale"}),
        ("INT. KITCHEN - NIGHT. A BEAR sits on a CHAIR.", {"bear", "chair"}, set()),
        ('"A room, a bear, a chair and a piano."', {"bear", "piano"}, set()),
        ("A room. The lamp is still burning.", {"lamp"}, {"fire"}),
    ],
)
def test_what_is_only_written_or_said_is_not_seen(base: str, seen_names: set[str], unseen_names: set[str]) -> None:
    assert seen_names <= names(base) and not unseen_names & names(base)


@pytest.mark.parametrize("base", ["The cargo hold. Crates on the deck plates.", "On the deck a shuttle waits."])
def test_a_deck_among_the_stars_is_none_at_sea(base: str) -> None:
    assert read(base, description="The crew of a starship looks for a planet.").set == "bridgeship"
    assert read(base, description="The crew of a whaler.").set in ("cabin", "deck")


def test_fog_in_front_of_the_player_is_thin() -> None:
    reading = read("A field in fog.")
    sketch = Sketch(palette_of(reading, 0.5), "full", "p", "1", "1", 0.5, 9)
    draw_weather(sketch, reading, 240)
    assert all(float(share) < 0.4 for share in re.findall(r' opacity="([^"]+)"', sketch.layer("front")))


@pytest.mark.parametrize(
    ("base", "thing", "count"),
    [
        ("A street. Two tall policemen.", "person", 2),
        ("A street. Six crates and policemen.", "crate", 6),
        ("A field. Two men and horses.", "horse", 3),
        ("A field. Forty sheep.", "sheep", 5),
        ("A field. Nine barrels.", "barrel", 7),
        ("A field. Seven crowds.", "crowd", 1),
    ],
)
def test_as_many_are_drawn_as_the_prose_counts(base: str, thing: str, count: int) -> None:
    assert len(plans_of(base)[thing]) == count


def test_a_room_has_two_chairs_where_two_are_named() -> None:
    stage, reading = stage_of("A bedroom with two chairs.", "1")
    assert [len(stage.plans(mention, is_hero=False)) for mention in reading.mentions] == [2]


def test_what_flies_stands_out_from_the_sky(monkeypatch: pytest.MonkeyPatch) -> None:
    depths: dict[str, float] = {}

    def record(sketch: Sketch, layer: str, name: str, x: float, y: float, scale: float, depth: float, **_: Any) -> None:
        depths[name] = depth

    monkeypatch.setattr(outdoors, "draw_thing", record)
    draw_state(world_of("A beach, gulls above, a barrel."), "place")
    assert depths["gull"] < 0.1


def test_nothing_small_lies_at_the_very_edge() -> None:
    for seed in map(str, range(9)):
        for plans in plans_of("A field. A key, a cup, a book, a lantern.", seed).values():
            assert all(30 <= plan.x <= WIDTH - 30 for plan in plans)


@pytest.mark.parametrize("place", ["A field", "A forest", "A garden", "A hall", "Underwater"])
def test_a_drawing_keeps_to_its_size_however_many_things_are_counted(place: str) -> None:
    for many in (
        "horses, nine robots, nine towers, nine desks, nine rockets, nine fountains, nine shelves",
        "grandfather clocks, nine airships, nine horses, nine robots, nine towers, nine desks, nine rockets",
        "windmills, nine buses, nine tractors, nine fallen logs, nine parrots, nine chandeliers, nine statues",
        "gladiators, ten travellers, nine hedges, a grandfather clock",
    ):
        world = world_of(f"{place} at night in the rain. Nine {many}.", subject="A girl with a bag and a lantern.")
        assert len(draw_state(world, "place").svg) <= 40_000


def test_every_thing_is_made_of_a_material_that_has_a_colour() -> None:
    assert {silhouette.material for silhouette in things().values()} <= MATERIALS.keys()
    assert draw_state(world_of("A field. A kite."), "place").svg


def test_no_more_of_a_text_is_tagged_than_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    monkeypatch.setattr(word_senses, "tag", lambda text: lengths.append(len(text)) or [])
    lexicon.read("They queue in the long rain. " * 150)
    assert lengths and lengths[0] < 12 * lexicon.MAX_TOKENS / 2


@pytest.mark.parametrize("thing", ["iceberg", "cliff", "waterfall"])
def test_a_small_copy_of_a_landscape_breaks_no_picture_of_a_room(thing: str) -> None:
    assert draw_state(world_of(f"A study. A desk, and a model {thing} on it."), "place").svg


def test_the_texts_of_a_world_of_200_states_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    states = {f"place_{k}": {"base": f"A room with door number {k}."} for k in range(200)}
    document = wk.World.from_dict({"name": "Doors", "scene": {"states": states, "events": []}})
    texts: list[str] = []
    monkeypatch.setattr(lexicon, "other_senses_in", lambda text: texts.append(text) or {})
    reads: list[int] = []
    for seed in (1, 2):
        for state in states:
            draw_state(document, state, seed=seed, detail="thumbnail")
        reads.append(len(texts))
    assert reads[1] == reads[0] >= 200


def test_no_fence_runs_through_a_room(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn_names: list[str] = []
    monkeypatch.setattr(indoors, "draw_thing", lambda sketch, layer, name, *args, **more: drawn_names.append(name))
    draw_state(world_of("A bedroom. An iron railing, a chair."), "place")
    assert "chair" in drawn_names and "fence" not in drawn_names


@pytest.mark.parametrize("hour", ["at night", "at dusk", "in a storm", "at dawn", "in the snow at night"])
@pytest.mark.parametrize("thing", ["torch", "lantern", "fire", "candle"])
def test_a_flame_is_warm_at_every_hour(thing: str, hour: str) -> None:
    for base in (f"A field {hour}.", f"A cellar {hour}."):
        red, _, blue = light_of(thing, palette_of(read(base), 0.5))
        assert red > blue + 60
