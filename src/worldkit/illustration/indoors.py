"""Scenes between walls: the room in perspective, its window and lamps, things along the wall and on the floor."""

from __future__ import annotations

from dataclasses import replace

from worldkit.illustration.colour import mix
from worldkit.illustration.figure import draw_figure
from worldkit.illustration.fittings import draw_books
from worldkit.illustration.hues import cloth_hue
from worldkit.illustration.indoor_stage import IndoorStage
from worldkit.illustration.mentions import PEOPLE, ThingMention
from worldkit.illustration.palette import palette_of
from worldkit.illustration.placing import Placement, colour_of, is_small, usual_things
from worldkit.illustration.plants import TREES, blob, tree
from worldkit.illustration.ranges import rock
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.rooms import Interior
from worldkit.illustration.silhouettes import draw_thing, light_of, things
from worldkit.illustration.sketch import HEIGHT, WIDTH, Sketch, number
from worldkit.illustration.walls import draw_shell
from worldkit.illustration.weather import draw_weather
from worldkit.illustration.windows import draw_shaft


def draw_indoors(sketch: Sketch, reading: PictureContent, variation: float) -> None:
    """Draw a scene between walls."""
    sketch.side = sketch.random.choice((1, -1))
    sky = palette_of(
        replace(reading, set="field", hour=reading.hour or ("dusk" if sketch.palette.is_dark else "morning")), variation
    )
    room = Interior(sketch, reading, sky)
    draw_shell(room)
    _draw_light_and_things(room)
    _draw_frame(room)
    draw_weather(sketch, reading, room.box[3])


# fmt: off
_OUTDOOR_THINGS = frozenset({
    "window", "porthole", "skyline", "hill", "mountain", "cliff", "stonewall", "house", "cottage", "tower",
    "lighthouse", "castle", "church", "temple", "windmill", "barn", "factory", "skyscraper", "shed", "bridge", "ship",
    "steamer", "sailboat", "submarine", "pier", "crane", "ferris", "antenna", "rail", "waterfall", "iceberg", "ruin",
    "streetlamp", "pole", "dragon", "whale", "planet", "bus", "train", "gull",
    "chimney", "tractor", "volcano", "carousel", "ropebridge", "spaceship", "airship", "satellite", "umbrella", "fence",
})
"""What is not drawn in a room although its prose names it: it is outside, or a part of the place."""
_PLANTED_SETS = frozenset({"greenhouse", "hall", "cave"})
"""Sets in which trees may stand."""
_STAIRS = frozenset({"spiral", "stair"})
"""Of these a tower has one."""
_LIGHT_SOURCES = frozenset({
    "lamp", "hanging", "chandelier", "lantern", "candle", "fire", "fireplace", "torch", "desk", "screen", "console",
    "lens",
})
# fmt: on


_CAR_SETS = frozenset({"workshop", "hall", "corridor", "cellar", "cave", "theatre"})
"""Sets that a car may stand in."""


def _draw_light_and_things(room: Interior) -> None:
    sketch, reading = room.sketch, room.room_reading
    y0, y1 = room.box[1], room.box[3]
    figure_x = WIDTH * (0.5 - sketch.side * 0.17)
    if len(room.windows) == 1:
        left, _, right, _ = room.windows[0]
        sketch.light = ((left + right) / 2, y0 + 60)
        sketch.side = 1 if sketch.light[0] > figure_x else -1
    for window in room.windows:
        draw_shaft(room, *window)
    outside = _OUTDOOR_THINGS if reading.set in _PLANTED_SETS else _OUTDOOR_THINGS | TREES.keys()
    outside |= set() if reading.set in _CAR_SETS else {"car"}
    # a toy train stands on a table; of a cliff or a waterfall there is no copy
    toys = {mention.thing for mention in reading.mentions if mention.is_toy} & (things().keys() | TREES.keys())
    mentions = [mention for mention in reading.mentions if mention.thing not in outside - toys]
    names = {mention.thing for mention in mentions}
    usual_names = [name for name in room.parts.things if not (name in _STAIRS and names & _STAIRS)]
    extra_mentions = usual_things(sketch, usual_names, names)
    if sketch.palette.is_dark and not names & _LIGHT_SOURCES:
        light = "lantern" if reading.set == "cave" else "hanging"
        extra_mentions = [ThingMention(light, 0.0), *(one for one in extra_mentions if one.thing != light)]
    stage = IndoorStage(room, sum(map(is_small, mentions)))
    if reading.subject:
        stage.space.take_for_player(figure_x, room.parts.figure * 0.5, 338, room.parts.figure)
    chosen_mentions = mentions[: sketch.max_things]
    plans: list[Placement] = []
    for mention in sorted(chosen_mentions, key=is_small):  # the tables stand before something is put on them
        plans += stage.plans(mention, is_hero=mention is chosen_mentions[0])
    wanted_count = min(max(1, 4 - len(mentions)), sketch.max_things - len(chosen_mentions))
    for mention in extra_mentions:
        extra_plans = stage.plans(mention, is_hero=False) if wanted_count > 0 else []
        plans += extra_plans
        wanted_count -= bool(extra_plans)
    for plan in sorted(plans, key=lambda plan: plan.y):
        depth = max(0.03, 0.34 * (1 - (plan.y - y1) / (338 - y1))) if plan.y > y1 else 0.34
        _draw_thing_inside(room, plan, depth)
    if reading.subject:
        shadow = f"M{number(figure_x - 34)} 338q34-9 68 0q-34 9-68 0Z"
        sketch.path("middle", shadow, sketch.palette.near, 0.5)
        draw_figure(sketch, reading.subject, figure_x, 338, room.parts.figure)


def _draw_thing_inside(room: Interior, plan: Placement, depth: float) -> None:
    mention, x, y, size, is_hero = plan.mention, plan.x, plan.y - plan.lift, plan.person, plan.is_hero
    sketch, palette, name = room.sketch, room.sketch.palette, mention.thing
    scale = size / 100
    if name in TREES:
        tree(sketch, "middle", x, y, 150 * scale, depth, name)
        return
    if name == "rock":
        rock(sketch, x, y, 90 * scale, 50 * scale, depth)
        return
    if name == "crowd":
        for index in range(8 if sketch.is_full else 3):
            kind = sketch.random.choice(("person", "robed", "person", "child"))
            draw_thing(
                sketch,
                "middle",
                kind,
                x + (index - 3.5) * 26 * scale,
                y + sketch.random.uniform(-3, 5),
                scale * sketch.random.uniform(0.92, 1.04),
                depth,
                accent=cloth_hue(sketch.random),
                mirror=index % 2 == 0,
            )
        return
    if name == "bookshelf":
        wide, tall = 150 * scale, 180 * scale
        draw_books(room, x - wide / 2, y - tall, x + wide / 2, y)
        return
    silhouette = things()[name]
    is_light = bool(silhouette.glows)
    if is_small(mention):
        scale *= 1.1 if is_hero else 0.85
        if is_hero:
            sketch.glow("middle", x, y - 12, 70, 0.55)
    if is_light and (palette.is_dark or is_hero):
        gx, gy, _ = silhouette.glows[0]
        lx, ly = x + gx * scale * sketch.side, y + gy * scale
        if silhouette.place in ("ceiling", "ground", "stand"):
            light = light_of(name, palette)
            sketch.glow("middle", lx, ly, 190, 0.38, light)
            sketch.path(
                "middle",
                f"M{number(lx - 100)} {number(min(330, room.box[3] + 44))}q100-26 200 0q-100 26-200 0Z",
                light,
                0.13,
            )
    if silhouette.place in ("ground", "stand"):
        wide = silhouette.width * scale
        sketch.path(
            "middle",
            (
                f"M{number(x - wide * 0.55)} {number(y)}q{number(wide * 0.55)} {number(-wide * 0.05 - 2)}"
                f" {number(wide * 1.1)} 0q{number(-wide * 0.55)} {number(wide * 0.06 + 3)}"
                f" {number(-wide * 1.1)} 0Z"
            ),
            palette.near,
            0.4,
        )
    shine = (
        True
        if is_light
        and name in ("fire", "fireplace", "candle", "screen", "console", "torch", "lantern", "stove")
        and palette.is_dark
        else None
    )
    if silhouette.place == "ceiling" and y > 0:
        sketch.path("middle", f"M{number(x)} -4V{number(y + 2)}", palette.near, stroke=1.2)
    colour = colour_of(mention) or (cloth_hue(sketch.random) if name in PEOPLE else None)
    draw_thing(sketch, "middle", name, x, y, scale, depth, accent=colour, rim=0.5 if is_hero else 0.0, is_lit=shine)


def _draw_frame(room: Interior) -> None:
    """Draw what stands in front, nearly black: nothing with a straight edge, which would look like a bar."""
    sketch, palette = room.sketch, room.sketch.palette
    if "rocks" in room.style:
        dark = mix(palette.near, palette.middle, 0.05)
        for x, w in ((0.0, 230.0), (float(WIDTH), 170.0)):
            sketch.path("front", blob(sketch, x, HEIGHT + 10, w * 0.6, 56, sketch.random, 11, 0.2), dark)
    elif "glass" in room.style:
        for x, s in ((18.0, 1.5), (WIDTH - 30.0, 1.15)):
            draw_thing(sketch, "front", "plant", x, HEIGHT + 30, s, 0.0)
