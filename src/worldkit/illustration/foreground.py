"""What stands in front at the edges of a scene under the sky, nearly black."""

from __future__ import annotations

from worldkit.illustration.colour import mix
from worldkit.illustration.plants import blob, grass
from worldkit.illustration.silhouettes import draw_thing
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, number, polygon


def draw_frame(sketch: Sketch, frame: str) -> None:
    """Draw what stands in front."""
    random, palette = sketch.random, sketch.palette
    dark = mix(palette.near, palette.middle, 0.04)
    side = sketch.side
    if frame == "grass":
        grass(sketch, "front", HEIGHT + 4, 44, dark, 90 if sketch.is_full else 28)
    elif frame == "reeds":
        grass(sketch, "front", HEIGHT + 4, 30, dark, 60 if sketch.is_full else 24)
        for x in (26.0, 70.0, WIDTH - 40.0) if sketch.is_full else ():
            draw_thing(sketch, "front", "reeds", x, HEIGHT + 8, random.uniform(0.8, 1.2), 0.0)
    elif frame == "trunks":
        for x, width in ((-2.0 if side > 0 else WIDTH + 2, 46.0), (WIDTH * (0.5 + 0.44 * side), 22.0)):
            sketch.path(
                "front",
                (
                    f"M{number(x - width / 2)} 0Q{number(x - width * 0.36)} 200 {number(x - width * 0.72)}"
                    f" {HEIGHT + 4}H{number(x + width * 0.8)}Q{number(x + width * 0.34)} 200 {number(x + width / 2)}"
                    " 0Z"
                ),
                dark,
            )
        grass(sketch, "front", HEIGHT + 4, 34, dark, 60 if sketch.is_full else 24)
        _branches(sketch, dark)
    elif frame == "branches":
        _branches(sketch, dark)
        grass(sketch, "front", HEIGHT + 4, 26, dark, 50 if sketch.is_full else 20)
    elif frame == "rocks":
        for x, width, tall in ((10.0, 190.0, 84.0), (WIDTH - 16.0, 150.0, 58.0)):
            points = [(x - width / 2, HEIGHT + 4.0)]
            points += [
                (x - width / 2 + width * t, HEIGHT - tall * h * random.uniform(0.85, 1.1))
                for t, h in ((0.15, 0.6), (0.4, 1), (0.62, 0.75), (0.85, 0.4))
            ]
            points.append((x + width / 2, HEIGHT + 4.0))
            sketch.path("front", polygon(points), dark)
    elif frame == "posts":
        for x in (34.0, WIDTH - 52.0):
            sketch.path("front", f"M{number(x - 9)} {HEIGHT + 4}V{HEIGHT - 76}q9-8 18 0V{HEIGHT + 4}Z", dark)
        sketch.path("front", f"M43 {HEIGHT - 58}Q{WIDTH / 2} {HEIGHT - 6} {WIDTH - 61} {HEIGHT - 58}", dark, stroke=4)
    elif frame == "rails":
        sketch.path(
            "front",
            f"M{LEFT} {HEIGHT - 74}H{RIGHT}v7H{LEFT}ZM{LEFT} {HEIGHT - 38}H{RIGHT}v4H{LEFT}Z"
            + "".join(f"M{x} {HEIGHT - 70}h5V{HEIGHT}h-5Z" for x in range(LEFT, RIGHT, 58)),
            dark,
        )
    elif frame == "parapet":
        sketch.path(
            "front", f"M{LEFT} {HEIGHT - 22}H{RIGHT}V{HEIGHT + 2}H{LEFT}ZM{LEFT} {HEIGHT - 30}H{RIGHT}v6H{LEFT}Z", dark
        )
    elif frame == "vines":
        for x in (20.0, WIDTH - 30.0, WIDTH - 90.0) if sketch.is_full else (20.0,):
            draw_thing(sketch, "front", "vine", x, -6, random.uniform(0.5, 0.8), 0.0)


def _branches(sketch: Sketch, colour: tuple[float, float, float]) -> None:
    random, side = sketch.random, sketch.side
    x0 = LEFT if side > 0 else RIGHT
    strokes, leaves = [], []
    for y in (14, 52):
        tip = x0 + side * random.uniform(150, 230)
        strokes.append(f"M{x0} {y}Q{number((x0 + tip) / 2)} {number(y - 26)} {number(tip)} {number(y + 22)}")
        for index in range(9 if sketch.is_full else 4):
            t = (index + 1) / 9
            lx = x0 + (tip - x0) * t
            ly = y - 34 * t * (1 - t) * 1.6 + 22 * t
            leaves.append(
                blob(
                    sketch,
                    lx,
                    ly + random.uniform(-6, 12),
                    random.uniform(8, 18),
                    random.uniform(5, 10),
                    random,
                    7,
                    0.35,
                )
            )
    sketch.path("front", "".join(strokes), colour, stroke=4)
    sketch.path("front", "".join(leaves), colour)
