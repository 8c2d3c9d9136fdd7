"""The ground of a scene under the sky."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, mix
from worldkit.illustration.plants import blob, grass
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, curve, number, polygon
from worldkit.illustration.train_roof import draw_train_roof

_GROUND = {
    "grass": "grass",
    "sand": "sand",
    "snow": "snow",
    "rock": "rock",
    "planks": "wood",
    "cobbles": "stone",
    "road": "iron",
    "carriages": "grass",
    "roof": "stone",
    "mud": "leather",
    "dust": "rock",
    "cloud": "white",
}

_SNOW_COVERED_GROUNDS = frozenset({"grass", "cobbles", "rock", "road", "mud", "carriages"})
"""Ground that snow lies on."""


def draw_ground(sketch: Sketch, reading: PictureContent, ground: str, horizon: float, top: float) -> None:
    """Draw the ground.

    Args:
        sketch: The picture.
        reading: What it shows.
        ground: What the ground is made of; ``"water"`` is drawn as what lies behind.
        horizon: Where the eye's height is.
        top: Where the ground begins, below the horizon where water lies between.
    """
    palette = sketch.palette
    if ground == "water":
        return
    material = "snow" if {"snow", "frost"} & reading.weather and ground in _SNOW_COVERED_GROUNDS else _GROUND[ground]
    far, near = palette.tone(0.42, material), mix(palette.tone(0.0, material), palette.near, 0.5)
    if material in ("snow", "sand", "white"):
        near = mix(palette.tone(0.06, material), palette.tone(0.3, material), 0.4)
    paint = sketch.vertical([(0, mix(far, palette.low, 0.2), 1), (0.3, mix(far, near, 0.5), 1), (1, near, 1)])
    if ground in ("planks", "cobbles", "road", "roof"):
        sketch.rectangle("middle", LEFT, top, RIGHT - LEFT, HEIGHT - top + 2, paint)
    else:
        points = [(LEFT - 30.0, top + 4)]
        points += [(LEFT + (RIGHT - LEFT) * index / 6, top + sketch.random.uniform(-5, 6)) for index in range(7)]
        points.append((RIGHT + 30.0, top + 4))
        sketch.path("middle", curve(points) + f"V{HEIGHT + 2}H{LEFT - 30}Z", paint)
    if ground in _ROLLING_GROUNDS:
        _draw_swells(sketch, top, far, near)
    _draw_light_on_ground(sketch, reading, top)
    if ground == "planks":
        _draw_planks(sketch, top, far, near)
    elif ground in ("cobbles", "roof"):
        _draw_joints(sketch, top, near)
        if ground == "roof":
            _draw_roof_edge(sketch, top, far, near)
    elif ground == "road":
        _draw_road(sketch, top, far, near, has_rails=any(mention.thing == "rail" for mention in reading.mentions))
    elif ground == "carriages":
        draw_train_roof(sketch, top, near)
    elif ground == "cloud":
        _draw_cloud_tops(sketch, top)
    else:
        if ground == "grass" and sketch.is_full:
            for row in range(3):
                blade = mix(mix(far, near, 0.3 + 0.3 * row), palette.light, 0.06)
                grass(sketch, "middle", top + 14 + row * 32, 5 + row * 4, blade, 46)
        if "path" in reading.cues or reading.set in ("forest", "garden", "graveyard", "mountain"):
            _draw_path(sketch, top)
    glow = sketch.horizontal([(0, palette.light, 0), (0.5, palette.light, 0.3), (1, palette.light, 0)])
    sketch.rectangle("middle", sketch.light[0] - 240, top, 480, 16, glow)


_ROLLING_GROUNDS = frozenset({"grass", "sand", "rock", "mud", "dust"})
"""Ground that is not flat."""


def _draw_swells(sketch: Sketch, top: float, far: Colour, near: Colour) -> None:
    """Draw the rise and fall of open ground: each swell darker than the one behind it, with light on its crest."""
    place, palette = sketch.place, sketch.palette
    for index, at in enumerate((0.16, 0.42)):
        y, tall = top + (HEIGHT - top) * at, 5 + 9 * index
        points = [(LEFT - 30.0, y + tall)]
        points += [(LEFT + (RIGHT - LEFT) * step / 4, y + place.uniform(-tall, tall)) for step in range(5)]
        points.append((RIGHT + 30.0, y + tall))
        crest = curve(points)
        tone = mix(mix(far, near, 0.35 + 0.3 * index), palette.near, 0.05 + 0.05 * index)
        paint = sketch.vertical([(0, tone, 0.85), (1, near, 1)]) if sketch.is_full else tone
        sketch.path("middle", crest + f"V{HEIGHT + 2}H{LEFT - 30}Z", paint)
        sketch.path("middle", crest, mix(far, palette.light, 0.45), 0.4, stroke=1.1)


def _draw_light_on_ground(sketch: Sketch, reading: PictureContent, top: float) -> None:
    """Draw where the light falls on the ground, under the sun."""
    x, dim = sketch.light[0], bool(reading.weather & {"rain", "fog"}) or reading.hour in ("storm", "overcast", "fog")
    wide, tall = 250, 62
    d = f"M{number(x - wide)} {number(top + 8)}a{wide} {tall} 0 1 0 {2 * wide} 0a{wide} {tall} 0 1 0 {-2 * wide} 0Z"
    sketch.path("middle", d, sketch.radial(sketch.palette.light), 0.2 if dim else 0.42)


def vanishing_x(sketch: Sketch) -> float:
    """Return where lines that run away from the eye meet, a little away from the light."""
    return WIDTH * (0.5 - 0.06 * sketch.side)


def _draw_planks(sketch: Sketch, top: float, far: Colour, near: Colour) -> None:
    vx, step = vanishing_x(sketch), 110 if sketch.is_full else 330
    lines = "".join(f"M{number(vx + (x - vx) * 0.14)} {number(top)}L{x} {HEIGHT}" for x in range(-900, 1600, step))
    sketch.path("middle", lines, mix(near, sketch.palette.near, 0.6), 0.5, stroke=1.2)
    sketch.rectangle("middle", LEFT, top - 2, RIGHT - LEFT, 3, mix(far, sketch.palette.light, 0.3))


def _draw_joints(sketch: Sketch, top: float, near: Colour) -> None:
    vx = vanishing_x(sketch)
    lines = [f"M{LEFT} {number(top + (HEIGHT - top) * ((row + 1) / 7) ** 1.8)}H{RIGHT}" for row in range(7)]
    lines += [f"M{number(vx + (x - vx) * 0.1)} {number(top)}L{x} {HEIGHT}" for x in range(-1100, 1800, 150)]
    sketch.path("middle", "".join(lines), mix(near, sketch.palette.near, 0.6), 0.3, stroke=1)


def _draw_roof_edge(sketch: Sketch, top: float, far: Colour, near: Colour) -> None:
    """Draw the low wall at the far edge of a roof, which has the light on its upper side."""
    palette = sketch.palette
    wall = mix(mix(far, near, 0.45), palette.near, 0.25)
    sketch.rectangle("middle", LEFT, top - 16, RIGHT - LEFT, 24, sketch.vertical([(0, wall, 1), (1, near, 1)]))
    sketch.rectangle("middle", LEFT, top - 19, RIGHT - LEFT, 4, mix(wall, palette.light, 0.35))


def _draw_road(sketch: Sketch, top: float, far: Colour, near: Colour, *, has_rails: bool) -> None:
    palette, vx = sketch.palette, vanishing_x(sketch)
    edge = polygon([(vx - 12, top), (vx + 12, top), (WIDTH * 0.9, HEIGHT + 2), (WIDTH * 0.1, HEIGHT + 2)])
    sketch.path("middle", edge, mix(near, palette.near, 0.35))
    tall, marks = HEIGHT - top, ""
    if not has_rails:
        for index in range(6):
            a, b = ((index + 0.2) / 6) ** 2, ((index + 0.7) / 6) ** 2
            corners = [(vx - 0.5 - 3 * a, a), (vx + 0.5 + 3 * a, a), (vx + 1 + 4 * b, b), (vx - 1 - 4 * b, b)]
            marks += polygon([(x, top + tall * t) for x, t in corners])
        sketch.path("middle", marks, mix(far, palette.light, 0.3), 0.6)
        return
    for index in range(9):
        t = ((index + 1) / 9) ** 2
        half = 10 + 190 * t
        marks += f"M{number(vx - half)} {number(top + tall * t)}h{number(half * 2)}"
        marks += f"v{number(1 + 7 * t)}h{number(-half * 2)}Z"
    sketch.path("middle", marks, palette.tone(0.1, "wood"))
    left = polygon([(vx - 4, top), (vx - 3, top), (vx - 138, HEIGHT), (vx - 152, HEIGHT)])
    right = polygon([(vx + 3, top), (vx + 4, top), (vx + 152, HEIGHT), (vx + 138, HEIGHT)])
    sketch.path("middle", left + right, mix(palette.tone(0.1, "metal"), palette.light, 0.35))


def _draw_cloud_tops(sketch: Sketch, top: float) -> None:
    palette = sketch.palette
    for index in range(3):
        y = top + 10 + index * 34
        d = "".join(blob(sketch, x, y, 60, 26, sketch.random) for x in range(LEFT, RIGHT, 70))
        tone = mix(palette.tone(0.55 - 0.2 * index, "white"), palette.light, 0.2)
        sketch.path("middle", d + f"M{LEFT} {number(y)}H{RIGHT}V{HEIGHT}H{LEFT}Z", tone)


def _draw_path(sketch: Sketch, top: float) -> None:
    palette, bend = sketch.palette, sketch.random.uniform(-60, 60)
    x = vanishing_x(sketch) + sketch.side * 60
    d = f"M{number(x - 3)} {number(top + 1)}Q{number(x + bend)} {number(top + 40)} {number(WIDTH * 0.3)} {HEIGHT + 2}"
    d += f"H{number(WIDTH * 0.62)}Q{number(x + bend + 40)} {number(top + 40)} {number(x + 4)} {number(top + 1)}Z"
    sketch.path("middle", d, mix(palette.tone(0.28, "sand"), palette.low, 0.18), 0.75)
