"""Scenes under the sky: far ranges in haze, the ground, the place with its things, what frames them in front."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from worldkit.illustration.backdrop import draw_far
from worldkit.illustration.colour import WHITE, Colour, mix
from worldkit.illustration.figure import draw_figure
from worldkit.illustration.foreground import draw_frame
from worldkit.illustration.ground import draw_ground
from worldkit.illustration.hues import cloth_hue
from worldkit.illustration.mentions import PEOPLE, ThingMention
from worldkit.illustration.outdoor_stage import OutdoorStage
from worldkit.illustration.palette import hour_of
from worldkit.illustration.places import SETS, OutdoorSet
from worldkit.illustration.placing import Extent, Placement, colour_of, extent_of, is_small, usual_things
from worldkit.illustration.plants import TREES, tree
from worldkit.illustration.ranges import rock
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.silhouettes import draw_thing, things
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, number, polygon
from worldkit.illustration.square import HOUSE_REACH
from worldkit.illustration.weather import draw_sky, draw_weather
from worldkit.illustration.wood import draw_near_trunks


def draw_outdoors(sketch: Sketch, reading: PictureContent) -> None:
    """Draw a scene under the sky."""
    parts = SETS[reading.set]
    horizon = parts.horizon + {"low": 26, "high": -38}.get(reading.angle, 0)
    sketch.side = sketch.place.choice((1, -1))
    draw_sky(sketch, reading, horizon)
    far = far_ranges(reading, sketch.place)
    if not sketch.is_full:
        far = list(dict.fromkeys(far))
    feet = draw_far(sketch, reading, far, horizon)
    ground_top = horizon + (44 if {"sea", "river", "station"} & set(far) and parts.ground != "water" else 0)
    if "houserow" in far:
        ground_top = horizon + HOUSE_REACH
    draw_ground(sketch, reading, parts.ground, horizon, ground_top)
    for d, paint in feet:
        sketch.path("middle", d, paint)
    if "wood" in far:
        draw_near_trunks(sketch, ground_top)
    _draw_things(sketch, reading, parts, horizon, ground_top)
    draw_frame(sketch, parts.frame)
    draw_weather(sketch, reading, ground_top)


def far_ranges(reading: PictureContent, random: Random) -> list[str]:
    """Return what lies behind a scene, the farthest first.

    Args:
        reading: What the picture shows.
        random: Draws what the prose does not say.
    """
    far = list(SETS[reading.set].far)
    thing_names = [mention.thing for mention in reading.mentions]
    if reading.set in ("field", "shore", "river", "road", "sea", "harbour"):
        if "mountain" in thing_names and "mountains" not in far:
            far.insert(0, "mountains")
        if "skyline" in thing_names and "skyline" not in far:
            far.insert(0, "skyline")
    if reading.set == "rooftop" and any(name in _SEASIDE_THINGS for name in thing_names):
        far = ["cliffs", "sea"]
    if reading.set == "field" and "mountain" not in thing_names and random.random() < 0.5:
        far[far.index("mountains")] = "hills"
    return far


_SEASIDE_THINGS = frozenset({"ship", "steamer", "sailboat", "boat", "whale", "lighthouse"})
"""What shows that a roof is by the sea."""


_OWN_SCENERY = {
    **{name: {"house", "cottage"} for name in ("street", "alley", "city", "square")},
    "rooftop": {"house", "cottage", "tower", "skyscraper", "church", "castle", "factory", "train"},
    "forest": {"tree"},
    "harbour": {"pier"},
}
"""What a set consists of, or is only seen from: it does not stand on its ground."""
_CENTRES = frozenset({"fountain", "well", "statue", "carousel", "bandstand"})
"""Of what stands in the middle of a square there is one."""
_COMMON_SCENERY = frozenset({"skyline", "hill", "mountain", "rail", "stonewall", "fence", "window"})


def _draw_things(sketch: Sketch, reading: PictureContent, parts: OutdoorSet, horizon: float, top: float) -> None:
    stage = OutdoorStage(sketch, reading, parts, horizon, top)
    figure_x = WIDTH * (0.5 - sketch.side * 0.16)
    if reading.subject:
        stage.room.take_for_player(figure_x, 54, stage.foot, stage.person)
    names = {mention.thing for mention in reading.mentions}
    for name in ("stonewall", "fence"):
        if name in names and not stage.is_built_up:  # it would run through the houses
            _draw_wall(sketch, name, top + 16, stage.size_at(top + 16) / 100)
            break
    scenery = _COMMON_SCENERY | _OWN_SCENERY.get(reading.set, set())
    if reading.set not in _WATER_SETS:
        scenery |= {"fish"}
    mentions = [mention for mention in _under_the_sky(reading) if mention.is_toy or mention.thing not in scenery]
    named_things = names | _CENTRES if names & _CENTRES else names
    extra_mentions = usual_things(sketch, parts.things, named_things)
    plans: list[Placement] = []
    for order, mention in enumerate((mentions + extra_mentions[: max(0, 3 - len(mentions))])[: sketch.max_things]):
        if mention.thing != "ladder":
            plans += stage.plans(mention, is_hero=not order and mention.score > 0)
    plans += [plan for one in mentions if one.thing == "ladder" for plan in _ladder(stage, one, plans)]
    for plan in plans:
        extent = extent_of(plan.mention.thing)
        if extent is not None and extent.place in ("ground", "stand") and not (stage.is_afloat or plan.mention.is_toy):
            _cast_shadow(sketch, reading, plan, extent)
    if reading.subject and not stage.is_afloat:
        figure = Placement(stage.foot, figure_x, stage.person, ThingMention("person", 0.0), is_hero=False)
        _cast_shadow(sketch, reading, figure, Extent(100, 34, "ground"))
    for plan in sorted(plans, key=lambda plan: plan.y):
        near = (plan.y - horizon) / (HEIGHT - horizon)
        extent = extent_of(plan.mention.thing)
        is_in_the_air = extent is not None and extent.place == "sky"  # which is before the haze of the horizon
        depth = _AIR_DEPTH if is_in_the_air else min(0.46, max(0.03, 0.42 * max(0.0, 1 - near) ** 1.5))
        _draw_thing_outside(sketch, plan, depth)
    if not reading.subject:
        return
    if stage.is_afloat:
        draw_thing(sketch, "middle", "boat", figure_x, stage.foot, 0.62, 0.0, rim=0.7)
        draw_figure(sketch, reading.subject, figure_x, stage.foot - 14, 62)
        draw_thing(sketch, "middle", "boat", figure_x, stage.foot + 2, 0.62, 0.02)
    else:
        draw_figure(sketch, reading.subject, figure_x, stage.foot, stage.person)


def _ladder(stage: OutdoorStage, mention: ThingMention, plans: list[Placement]) -> list[Placement]:
    """Return where a ladder stands: it leans on a tree, a rock or a house, else it is one that stands by itself."""
    supports = [plan for plan in plans if plan.mention.thing in _LADDER_SUPPORTS and not plan.mention.is_toy]
    if not supports:
        return stage.plans(replace(mention, thing="stepladder", is_many=False), is_hero=False)
    support = max(supports, key=lambda plan: (plan.mention.thing not in TREES, _size(plan)[1]))
    width, height = _size(support)
    person = min(1.3 * support.person, 0.62 * height / 250 * 100)
    aside = 0.0 if support.mention.thing in TREES else 0.42 * width  # at the corner of a house, at the trunk of a tree
    leaning_ladder = replace(mention, thing="leaningladder")
    return [Placement(support.y + 3, support.x - stage.sketch.side * aside, person, leaning_ladder, is_hero=False)]


def _size(plan: Placement) -> tuple[float, float]:
    extent = extent_of(plan.mention.thing) or Extent(0, 0, "")
    return extent.width * plan.person / 100, extent.height * plan.person / 100


_BUILT_UP_SETS = frozenset({"street", "square", "alley", "city", "courtyard", "harbour", "rooftop"})
_BUILDINGS = frozenset(
    {"house", "cottage", "shed", "barn", "tower", "castle", "church", "temple", "factory", "tent", "lighthouse", "ruin"}
)


_LADDER_SUPPORTS = _BUILDINGS - {"tent"} | TREES.keys() | {"cliff", "statue"}
"""What a ladder leans on under the sky."""
_AIR_DEPTH = 0.08
"""How far what flies is, as a depth: it stands out from the sky."""
_STREETLAMP_SETS = frozenset({"street", "square", "alley", "city", "harbour", "station", "bridge", "road"})
"""Sets where a lamp is one of the street; elsewhere under the sky somebody carries it."""


def _under_the_sky(reading: PictureContent) -> list[ThingMention]:
    """Return the mentions as they are drawn outside: no floor lamp on a beach, no door without a hut."""
    lamp = "streetlamp" if reading.set in _STREETLAMP_SETS else "lantern"
    mentions = [replace(one, thing=lamp) if one.thing in ("lamp", "hanging") else one for one in _with_walls(reading)]
    each_once: dict[str, ThingMention] = {}
    for mention in mentions:
        each_once.setdefault(mention.thing, mention)
    return list(each_once.values())


def _with_walls(reading: PictureContent) -> tuple[ThingMention, ...]:
    """Return the mentions without doors that would stand alone: a door is a building's, or there is a hut around it."""
    if all(mention.thing != "door" for mention in reading.mentions):
        return reading.mentions
    names = {mention.thing for mention in reading.mentions}
    if reading.set in _BUILT_UP_SETS or names & _BUILDINGS:
        return tuple(mention for mention in reading.mentions if mention.thing != "door")
    return tuple(replace(one, thing="shed") if one.thing == "door" else one for one in reading.mentions)


_WATER_SETS = frozenset({"river", "sea", "harbour", "swamp"})
_STRONG_LIGHT = frozenset({"dawn", "golden", "sunset", "dusk", "morning", "day", "desert", "snow", "night"})


def _cast_shadow(sketch: Sketch, reading: PictureContent, plan: Placement, extent: Extent) -> None:
    """Draw the shadow of a thing: away from the light, which is behind it, and longer where the light is low."""
    if not sketch.is_full:
        return
    hour, palette = hour_of(reading, sketch.variation), sketch.palette
    x, y, scale = plan.x, plan.y, plan.person / 100
    wide, tall = extent.width * scale, extent.height * scale
    foot = wide * (0.14 if plan.mention.thing in TREES else 0.8)
    is_dim = hour not in _STRONG_LIGHT or bool(reading.weather & {"rain", "fog"})
    down = min(64.0, tall * (0.2 if hour in ("day", "desert") else 0.34)) * (0.6 if is_dim else 1)
    across = (x - sketch.light[0]) / WIDTH * 3.2 * down
    end, reach = x + across, wide * 0.5
    d = (
        f"M{number(x - foot / 2)} {number(y)}H{number(x + foot / 2)}"
        f"Q{number(end + reach)} {number(y + down * 0.4)} {number(end + reach * 0.8)} {number(y + down * 0.72)}"
        f"Q{number(end)} {number(y + down * 1.35)} {number(end - reach * 0.8)} {number(y + down * 0.72)}"
        f"Q{number(end - reach)} {number(y + down * 0.4)} {number(x - foot / 2)} {number(y)}Z"
    )
    paint = sketch.vertical([(0, palette.near, 0.5), (1, palette.near, 0)])
    sketch.path("middle", d, paint, 0.4 if is_dim else 0.85)


def _draw_wall(sketch: Sketch, name: str, y: float, scale: float) -> None:
    """Draw a wall or a fence from one edge to the other, with a gap where the light comes from."""
    scale = max(scale, 0.3) * (1 if sketch.is_full else 2.6)
    step = things()[name].width * scale * 0.98
    x, index = LEFT + step / 2, 0
    gap = WIDTH * (0.5 + 0.1 * sketch.side)
    while x < RIGHT + step / 2:
        if abs(x - gap) > step * 0.7:
            draw_thing(sketch, "middle", name, x, y, scale, 0.3, mirror=index % 2 == 1)
        x, index = x + step, index + 1


def _draw_thing_outside(sketch: Sketch, plan: Placement, depth: float) -> None:
    mention, x, y, size, is_hero = plan.mention, plan.x, plan.y, plan.person, plan.is_hero
    name, palette, colour = mention.thing, sketch.palette, colour_of(mention) or plan.colour
    if name in PEOPLE and colour is None:
        colour = cloth_hue(sketch.random)
    if name in TREES:
        tree(sketch, "middle", x, y, TREES[name] * size / 100, depth, name)
    elif name == "rock":
        rock(sketch, x, y, 130 * size / 100, 80 * size / 100, depth)
        rock(sketch, x + 60 * size / 100, y + 3, 70 * size / 100, 40 * size / 100, depth)
    elif name == "cliff":
        rock(sketch, x, y, 330 * size / 100, 290 * size / 100, depth)
        rock(sketch, x - sketch.side * 130 * size / 100, y + 2, 220 * size / 100, 170 * size / 100, depth)
    elif name == "iceberg":
        rock(sketch, x, y, 260 * size / 100, 220 * size / 100, depth, "snow")
    elif name == "crowd":
        for index in range(9 if sketch.is_full else 3):
            px = x + (index - (4 if sketch.is_full else 1)) * 24 * size / 100 + sketch.random.uniform(-4, 4)
            kind = sketch.random.choice(("person", "person", "robed", "child", "elder"))
            draw_thing(
                sketch,
                "middle",
                kind,
                px,
                y + sketch.random.uniform(-4, 4),
                size / 100 * sketch.random.uniform(0.9, 1.05),
                depth,
                accent=cloth_hue(sketch.random),
                mirror=index % 2 == 0,
            )
    elif name == "waterfall":
        wide, tall = 60 * size / 100, 420 * size / 100
        rock(sketch, x - wide, y, wide * 2.4, tall * 1.02, depth + 0.1)
        rock(sketch, x + wide, y, wide * 2.4, tall * 0.96, depth + 0.1)
        white = mix(palette.tone(depth, "snow"), WHITE, 0.4)
        paint = sketch.vertical([(0, white, 0.95), (1, white, 0.7)])
        sketch.path(
            "middle",
            (
                f"M{number(x - wide * 0.3)} {number(y - tall * 0.92)}Q{number(x)} {number(y - tall)}"
                f" {number(x + wide * 0.3)} {number(y - tall * 0.92)}L{number(x + wide * 0.5)}"
                f" {number(y)}H{number(x - wide * 0.5)}Z"
            ),
            paint,
        )
        sketch.glow("middle", x, y, wide * 1.6, 0.5, white)
    else:
        silhouette = things()[name]
        scale = size / 100
        if is_small(mention):
            if plan.lift:
                y -= plan.lift - 8
            else:
                rock(sketch, x, y + 14, 58, 24, 0.05, "stone")
            sketch.glow("middle", x, y - silhouette.height * scale * 0.5, 44, 0.5 if is_hero else 0.3)
            y -= 8
        if name == "umbrella":  # somebody holds it
            cloth = cloth_hue(sketch.random)
            draw_thing(sketch, "middle", "person", x, y, scale, depth, accent=cloth, rim=0.55 if is_hero else 0.0)
            y -= 34 * scale
        if is_hero and name in ("lighthouse",):
            _beam(sketch, x, y - 610 * scale)
        shine = (
            True if silhouette.glows and (palette.is_dark or name in ("fire", "torch", "candle", "brazier")) else None
        )
        draw_thing(
            sketch,
            "middle",
            name,
            x,
            y,
            scale,
            depth,
            accent=colour,
            rim=0.55 if is_hero else 0.0,
            is_lit=shine,
            mirror=name != "leaningladder" and sketch.random.random() < 0.25,
        )
        if name == "neon" and y < HEIGHT / 2:
            _reflection(sketch, x, colour or palette.light, silhouette.width * scale)
        if silhouette.place == "water":
            wide = silhouette.width * scale
            sketch.path(
                "middle",
                (
                    f"M{number(x - wide * 0.5)} {number(y)}q{number(wide * 0.5)}"
                    f" {number(9 * scale + 3)} {number(wide)} 0q{number(-wide * 0.5)}"
                    f" 5 {number(-wide)} 0Z"
                ),
                palette.near,
                0.35,
            )
        elif silhouette.place in ("ground", "stand") and sketch.is_full:
            wide = silhouette.width * scale
            sketch.path(
                "middle",
                (
                    f"M{number(x - wide * 0.55)} {number(y)}q{number(wide * 0.55)} {number(-3)}"
                    f" {number(wide * 1.1)} 0q{number(-wide * 0.5)} {number(wide * 0.05 + 2)}"
                    f" {number(-wide * 1.1)} 0Z"
                ),
                palette.near,
                0.3,
            )


def _reflection(sketch: Sketch, x: float, colour: Colour, width: float) -> None:
    """Draw the light of a sign on the ground under it."""
    paint = sketch.vertical([(0, colour, 0), (0.25, colour, 0.5), (1, colour, 0)])
    sketch.rectangle("middle", x - width * 0.3, HEIGHT * 0.7, width * 0.6, HEIGHT * 0.28, paint)
    sketch.glow("middle", x, HEIGHT * 0.75, width * 1.1, 0.35, colour)


def _beam(sketch: Sketch, x: float, y: float) -> None:
    if not sketch.palette.is_dark:
        return
    light = sketch.palette.light
    for side in (-1, 1):
        stops = [(0, light, 0.75), (1, light, 0)] if side > 0 else [(0, light, 0), (1, light, 0.75)]
        paint = sketch.horizontal(stops)
        length = 330
        sketch.path(
            "middle",
            polygon([(x, y - 1.5), (x + side * length, y - 46), (x + side * length, y + 6), (x, y + 1.5)]),
            paint,
        )
    sketch.glow("middle", x, y, 40, 0.9)
