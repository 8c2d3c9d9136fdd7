"""Scenes under water and in space, where there is neither ground nor walls."""

from __future__ import annotations

from worldkit.illustration.colour import WHITE, css, mix
from worldkit.illustration.figure import draw_figure
from worldkit.illustration.mentions import ThingMention
from worldkit.illustration.placing import Room, colour_of, preferred_middles
from worldkit.illustration.plants import blob
from worldkit.illustration.ranges import rock, skyline
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.silhouettes import draw_thing, things
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, curve, number, polygon


def draw_underwater(sketch: Sketch, reading: PictureContent) -> None:
    """Draw a scene on the sea floor, with light from the surface."""
    palette, random = sketch.palette, sketch.random
    sketch.side = sketch.place.choice((1, -1))
    sketch.rectangle(
        "back",
        LEFT,
        0,
        RIGHT - LEFT,
        HEIGHT,
        sketch.vertical([(0, palette.top, 1), (0.45, palette.middle, 1), (1, palette.low, 1)]),
    )
    x = WIDTH * (0.5 + 0.16 * sketch.side)
    sketch.light = (x, 0)
    sketch.glow("back", x, -20, 260, 0.9)
    paint = sketch.vertical([(0, palette.light, 0.36), (1, palette.light, 0)])
    for offset, spread in ((-150, 40), (-70, 26), (0, 46), (90, 24), (170, 44)):
        d = polygon(
            [
                (x + offset * 0.4, -4),
                (x + offset * 0.4 + spread * 0.5, -4),
                (x + offset * 1.6 + spread * 1.6, 320),
                (x + offset * 1.6 - spread * 0.5, 320),
            ]
        )
        sketch.path("back", d, paint, 0.55)
    thing_names = {mention.thing for mention in reading.mentions}
    if thing_names & {
        "skyline",
        "house",
        "castle",
        "temple",
        "tower",
        "church",
        "skyscraper",
        "ruin",
        "column",
        "bookshelf",
    }:
        skyline(sketch, 270, 150, 0.8, is_old=True)
    for index, depth in enumerate((0.74, 0.5, 0.24)):
        y = 248 + 28 * index
        points = [(LEFT - 30.0, y + 10.0)]
        points += [(LEFT + (RIGHT - LEFT) * step / 7, y - sketch.place.uniform(0, 46 - 8 * index)) for step in range(8)]
        points.append((RIGHT + 30.0, y + 10.0))
        colour = mix(palette.near, palette.middle, depth)
        sketch.path("back" if index < 2 else "middle", curve(points) + f"V{HEIGHT + 4}H{LEFT - 30}Z", colour)
    _scatter(sketch, reading, ("rock", "reeds", "fish"), horizon=236, floor=322)
    bubbles = "".join(
        (
            f"M{round(random.uniform(20, WIDTH))} {round(random.uniform(20, 300))}a{r}"
            f" {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0"
        )
        for r in [random.choice((1, 1.5, 2.5)) for _ in range(26 if sketch.is_full else 8)]
    )
    sketch.path("front", bubbles, palette.light, 0.5, stroke=0.8)
    dark = mix(palette.near, palette.middle, 0.06)
    for x0, width in ((0.0, 150.0), (float(WIDTH), 190.0)):
        sketch.path("front", blob(sketch, x0, HEIGHT + 12, width * 0.6, 48, random, 11, 0.25), dark)
        draw_thing(sketch, "front", "reeds", x0 + (34 if not x0 else -40), HEIGHT + 6, 1.1, 0.0)


def draw_space(sketch: Sketch, reading: PictureContent) -> None:
    """Draw a scene among the stars."""
    palette, place = sketch.palette, sketch.place
    sketch.side = place.choice((1, -1))
    sketch.rectangle(
        "back", LEFT, 0, RIGHT - LEFT, HEIGHT, sketch.vertical([(0, palette.top, 1), (1, palette.middle, 1)])
    )
    for tone, opacity in ((palette.accent, 0.4), (palette.low, 0.8), (mix(palette.low, palette.accent, 0.5), 0.5)):
        sketch.glow(
            "back", place.uniform(80, WIDTH - 80), place.uniform(40, 260), place.uniform(130, 240), opacity, tone
        )
    for width, opacity, count in ((0.9, 0.55, 150), (1.6, 0.85, 46), (2.6, 1.0, 9)):
        stars = "".join(
            f"M{round(place.uniform(LEFT, RIGHT))} {round(place.uniform(0, HEIGHT))}h0"
            for _ in range(count if sketch.is_full else count // 4)
        )
        sketch.path("back", stars, WHITE, opacity, stroke=width)
    px = WIDTH * (0.5 + 0.22 * sketch.side)
    radius = 150.0
    sketch.light = (px + sketch.side * 70, 60)
    body = mix(palette.accent_at(0.25), palette.low, 0.3)
    sketch.glow("back", px, 330, radius * 1.7, 0.35)
    shade = sketch.define(
        "radialGradient",
        f'<stop stop-color="{css(mix(body, palette.light, 0.5))}"/><stop offset=".55" stop-co'
        f'lor="{css(body)}"/><stop offset="1" stop-color="{css(palette.near)}"/>',
    )
    sketch.add("back", f'<circle cx="{number(px)}" cy="340" r="{number(radius)}" fill="{shade}"/>')
    _scatter(sketch, reading, ("satellite", "spaceship"), horizon=150, floor=296)


def _scatter(
    sketch: Sketch, reading: PictureContent, usual_things: tuple[str, ...], *, horizon: float, floor: float
) -> None:
    room = Room()
    figure_x = WIDTH * (0.5 - 0.17 * sketch.side)
    if reading.subject:
        room.take(figure_x, 60, floor)
    mentions = list(reading.mentions)
    extra_mentions = [
        ThingMention(name, 0.0, is_many=name == "fish")
        for name in usual_things
        if name not in {mention.thing for mention in mentions}
    ]
    mentions_to_draw = (mentions + extra_mentions[: max(1, 4 - len(mentions))])[: sketch.max_things]
    plans = []
    for order, mention in enumerate(mentions_to_draw):
        name = mention.thing
        if name not in things() and name != "rock":
            continue
        if name != "rock" and things()[name].place in ("wall", "ceiling"):
            continue  # there is no wall
        units, width = (80.0, 130.0) if name == "rock" else (things()[name].height, things()[name].width)
        floats = (
            name in ("fish", "whale", "jellyfish", "satellite", "spaceship", "submarine", "gull")
            or reading.set == "space"
        )
        target = (120.0 if order == 0 else 70.0) * (0.3 if name == "fish" else 1)
        size = min(target, 30 + units * 0.5) / units * 100
        for index in range(7 if name == "fish" else 3 if mention.is_many else 1):
            y = sketch.random.uniform(80, horizon) if floats else horizon + 24 + 22 * (order % 3) + 6 * index
            scale = size * (1 if not index else sketch.random.uniform(0.5, 0.85))
            x = room.best(sketch, width * scale / 100, y, preferred_middles(mention, sketch.side), mention.side)
            room.take(x, width * scale / 100, y)
            depth = 0.1 + 0.4 * max(0.0, 1 - (y - 60) / 240) if floats else 0.12
            plans.append((y, x, scale, mention, depth, order == 0 and index == 0))
    for y, x, scale, mention, depth, is_hero in sorted(plans, key=lambda plan: plan[0]):
        if mention.thing == "rock":
            rock(sketch, x, y, 130 * scale / 100, 80 * scale / 100, depth)
        else:
            draw_thing(
                sketch,
                "middle",
                mention.thing,
                x,
                y,
                scale / 100,
                depth,
                is_lit=True,
                accent=colour_of(mention),
                rim=0.5 if is_hero else 0.0,
                mirror=sketch.random.random() < 0.4,
            )
    if reading.subject:
        draw_figure(sketch, reading.subject, figure_x, floor, 84)
