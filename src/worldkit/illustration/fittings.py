"""What makes a room a library, a hall, a stage, a carriage."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.illustration.colour import WHITE, mix
from worldkit.illustration.ranges import hills
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Point, number, polygon
from worldkit.illustration.waters import water


def draw_books(room: Interior, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw shelves of books between four edges."""
    sketch, palette, random = room.sketch, room.sketch.palette, room.sketch.random
    sketch.path("back", polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]), mix(palette.middle, palette.near, 0.6))
    rows = 6 if sketch.is_full else 4
    tall = (y1 - y0) / rows
    tones = [
        palette.tone(0.25, "leather"),
        palette.tone(0.3, "brick"),
        palette.accent_at(0.4),
        palette.tone(0.35, "wall"),
    ]
    tones = tones if sketch.is_full else tones[:2]
    groups: list[list[str]] = [[] for _ in tones]
    for row in range(rows):
        y = y0 + tall * (row + 1) - 3
        x = x0 + 5
        while x < x1 - 10:
            wide = random.uniform(4, 9) if sketch.is_full else random.uniform(22, 40)
            high = tall * random.uniform(0.55, 0.8)
            if random.random() < 0.93:
                groups[random.randrange(len(tones))].append(
                    f"M{round(x)} {round(y)}v-{round(high)}h{round(wide - 1)}v{round(high)}Z"
                )
            x += wide
    for tone, group in zip(tones, groups, strict=True):
        sketch.path("back", "".join(group), tone)
    shelves = "".join(
        f"M{number(x0)} {number(y0 + tall * (row + 1) - 3)}h{number(x1 - x0)}v3h{number(x0 - x1)}Z"
        for row in range(rows)
    )
    step = (x1 - x0) / 4
    shelves += "".join(f"M{number(x0 + step * i - 2.5)} {number(y0)}h5V{number(y1)}h-5Z" for i in range(5))
    sketch.path("back", shelves, palette.tone(0.3, "wood"))


def draw_side_shelves(room: Interior, side: int) -> None:
    """Draw the shelves along a side wall."""
    sketch, palette, random = room.sketch, room.sketch.palette, room.sketch.random
    x0, y0, x1, y1 = room.box
    inner, outer = (x1, RIGHT) if side > 0 else (x0, LEFT)
    lines, books = [], []
    for row in range(6 if sketch.is_full else 0):
        a = y0 + (y1 - y0) * row / 6
        b = -60 + (HEIGHT + 100) * row / 6
        lines.append(f"M{number(inner)} {number(a)}L{number(outer)} {number(b)}")
        for index in range(7 if sketch.is_full else 3):
            t, w = (index + 0.15) / 7, 0.7 / 7
            if random.random() < 0.75:
                xa, xb = inner + (outer - inner) * t, inner + (outer - inner) * (t + w)
                ya, yb = a + (b - a) * t, a + (b - a) * (t + w)
                ha, hb = ((y1 - y0) / 6) * (1 + 1.4 * t) * 0.7, ((y1 - y0) / 6) * (1 + 1.4 * (t + w)) * 0.7
                books.append(polygon([(xa, ya), (xb, yb), (xb, yb - hb), (xa, ya - ha)]))
    sketch.path("back", "".join(books), palette.tone(0.08, "leather"), 0.85)
    sketch.path("back", "".join(lines), palette.near, 0.7, stroke=3)


def draw_columns(room: Interior) -> None:
    """Draw two rows of columns that lead to the back wall."""
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    cx = (x0 + x1) / 2
    for k, depth in (
        ((1.0, 0.5), (1.35, 0.36), (1.85, 0.24), (2.6, 0.12)) if sketch.is_full else ((1.0, 0.5), (1.85, 0.24))
    ):
        foot, top = y1 + (HEIGHT + 30 - y1) * (k - 1) / 2.2, y0 - (y0 + 70) * (k - 1) / 1.7
        for side in (-1, 1):
            x = cx + side * (x1 - x0) * 0.5 * k
            wide = 15 * k
            body = palette.tone(depth, "stone")
            lit = mix(body, palette.light, 0.3)
            sketch.path(
                "back",
                (
                    f"M{number(x - wide / 2)} {number(foot)}V{number(top)}h{number(wide)}V{number(foot)}"
                    f"ZM{number(x - wide * 0.72)} {number(foot)}h{number(wide * 1.44)}v{number(-5 * k)}"
                    f"h{number(-wide * 1.44)}Z"
                ),
                body,
            )
            edge = x - side * wide / 2
            sketch.path(
                "back",
                (
                    f"M{number(edge)} {number(foot - 5 * k)}V{number(top)}h{number(side * wide * 0.3)}"
                    f"V{number(foot - 5 * k)}Z"
                ),
                lit,
                0.8,
            )
            if k < 2.6 and sketch.is_full:
                reach = side * (x1 - x0) * 0.5 * 0.35 * k
                sketch.path(
                    "back",
                    (
                        f"M{number(x)} {number(top + 26 * k)}Q{number(x + reach * 0.4)} {number(top - 8 * k)}"
                        f" {number(x + reach)} {number(top + 20 * k)}V{number(top - 40 * k)}H{number(x)}"
                        "Z"
                    ),
                    mix(body, palette.near, 0.3),
                )
    sketch.glow("back", cx, (y0 + y1) / 2, 150, 0.5)


def draw_glass(room: Interior) -> None:
    """Draw walls of glass with what is outside them."""
    sketch, sky = room.sketch, room.sky
    x0, y0, x1, y1 = room.box
    paint = sketch.vertical([(0, sky.top, 1), (0.6, sky.middle, 1), (1, sky.low, 1)])
    sketch.path("back", f"M{LEFT} -10H{RIGHT}V{HEIGHT * 0.7}H{LEFT}Z", paint)
    sketch.light = (WIDTH * (0.5 + 0.17 * sketch.side), 96)
    sketch.glow("back", *sketch.light, 170, 0.7, sky.light)
    sketch.circle("back", *sketch.light, 15, mix(sky.light, WHITE, 0.3))
    view, sketch.palette = sketch.palette, sky
    if any(
        mention.thing in ("ship", "steamer", "boat", "gull", "lighthouse", "lens")
        for mention in room.room_reading.mentions
    ):
        water(sketch, y1 - 46, y1 + 8)
    else:
        hills(sketch, y1 + 4, 40, 0.5)
    sketch.palette = view
    palette = sketch.palette
    floor = mix(palette.top, palette.near, 0.2)
    sketch.path(
        "back",
        polygon([(x0, y1), (x1, y1), (RIGHT + 30, HEIGHT + 40), (LEFT - 30, HEIGHT + 40)])
        + polygon([(LEFT, y1), (x0, y1), (LEFT, HEIGHT)])
        + polygon([(RIGHT, y1), (x1, y1), (RIGHT, HEIGHT)]),
        sketch.vertical([(0, mix(floor, sky.low, 0.4), 1), (1, mix(floor, palette.near, 0.6), 1)]),
    )
    bars = "".join(f"M{number(x0 + (x1 - x0) * i / 6)} {number(y1)}V{number(y0 + 30)}" for i in range(7))
    bars += (
        f"M{number(x0)} {number(y0 + 30)}L{number((x0 + x1) / 2)} {number(y0 - 60)}"
        f"L{number(x1)} {number(y0 + 30)}M{number(x0)} {number(y0 + 30)}H{number(x1)}"
        f"M{number(x0)} {number((y0 + y1) / 2 + 20)}H{number(x1)}"
    )
    bars += (
        ""
        if not sketch.is_full
        else "".join(
            f"M{number(x0 + (x1 - x0) * i / 6)} {number(y0 + 30)}L{number((x0 + x1) / 2)} {number(y0 - 60)}"
            for i in range(1, 6)
        )
    )
    bars += (
        f"M{number(x0)} {number(y0 + 30)}L{LEFT} -40M{number(x1)} {number(y0 + 30)}"
        f"L{RIGHT} -40M{number(x0)} {number(y1)}L{LEFT} {HEIGHT}M{number(x1)} {number(y1)}"
        f"L{RIGHT} {HEIGHT}"
    )
    for t in (0.3, 0.62) if sketch.is_full else ():
        bars += (
            f"M{number(x0 + (LEFT - x0) * t)} {number(y1 + (HEIGHT - y1) * t)}V{number(y0 + 30 - (y0 + 70) * t)}"
            f"M{number(x1 + (RIGHT - x1) * t)} {number(y1 + (HEIGHT - y1) * t)}V{number(y0 + 30 - (y0 + 70) * t)}"
        )
    sketch.path("back", bars, mix(palette.near, sky.middle, 0.15), 0.9, stroke=3, cap=False)


def draw_stage(room: Interior) -> None:
    """Draw a lit stage with its curtain, over rows of seats."""
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, y1 = room.box
    cx = (x0 + x1) / 2
    glow = mix(palette.light, palette.middle, 0.45)
    sketch.rectangle(
        "back",
        x0 + 30,
        y0,
        x1 - x0 - 60,
        y1 - y0,
        sketch.vertical([(0, mix(palette.middle, palette.near, 0.6), 1), (1, glow, 1)]),
    )
    sketch.path(
        "back",
        polygon([(x0 - 40, y1), (x1 + 40, y1), (x1 + 60, y1 + 26), (x0 - 60, y1 + 26)]),
        palette.tone(0.25, "wood"),
    )
    sketch.path(
        "back",
        polygon([(x0 - 60, y1 + 26), (x1 + 60, y1 + 26), (x1 + 60, y1 + 44), (x0 - 60, y1 + 44)]),
        palette.tone(0.06, "wood"),
    )
    for lamp in range(9 if sketch.is_full else 0):
        sketch.glow("back", x0 + (x1 - x0) * lamp / 8, y1 + 22, 14, 0.9)
    cone = sketch.vertical([(0, palette.light, 0.6), (1, palette.light, 0.08)])
    sketch.path("back", polygon([(cx - 6, -10), (cx + 6, -10), (cx + 76, y1 + 18), (cx - 76, y1 + 18)]), cone)
    seats = "".join(
        f"M{x} {HEIGHT}v-{34 + 6 * (i % 2)}q16-12 32 0V{HEIGHT}Z"
        for i, x in enumerate(range(LEFT, RIGHT, 40 if sketch.is_full else 90))
    )
    sketch.path("front", seats, mix(palette.near, palette.accent, 0.08))
    sketch.light = (cx, y0)
    for side in (-1, 1):
        x = cx + side * (x1 - x0) * 0.5
        cloth = palette.accent_at(0.05)
        fold = mix(cloth, palette.near, 0.5)
        d = (
            f"M{number(x + side * 90)} -10H{number(x - side * 50)}Q{number(x - side * 30)}"
            f" {number(y1 * 0.5)} {number(x - side * 4)} {number(y1 * 0.72)}Q{number(x - side * 24)}"
            f" {number(y1 * 0.86)} {number(x - side * 18)} {number(y1 + 4)}H{number(x + side * 90)}"
            "Z"
        )
        sketch.path("back", d, cloth)
        sketch.path(
            "back",
            "".join(
                (
                    f"M{number(x + side * (20 + 22 * i))} -10Q{number(x + side * (8 + 24 * i))}"
                    f" {number(y1 * 0.5)} {number(x + side * (16 + 22 * i))} {number(y1 + 4)}"
                )
                for i in range(3)
            ),
            fold,
            0.7,
            stroke=5,
        )
    sketch.path(
        "back", f"M{LEFT} -10H{RIGHT}V34" + "".join("q-24 26-48 0" for _ in range(15)) + "Z", palette.accent_at(0.02)
    )


def _side_wall(room: Interior, side: int) -> Callable[[float, float], Point]:
    """Return what places points on a side wall: how near they are and how low, both from 0 to 1."""
    x0, y0, x1, y1 = room.box
    inner, outer = (x1, RIGHT + 30) if side > 0 else (x0, LEFT - 30)

    def at(t: float, v: float) -> Point:
        top, bottom = y0 + (-60 - y0) * t, y1 + (HEIGHT + 40 - y1) * t
        return inner + (outer - inner) * t, top + (bottom - top) * v

    return at


def draw_carriage(room: Interior) -> None:
    """Draw the windows and seats along a carriage."""
    sketch, palette, sky = room.sketch, room.sketch.palette, room.sky
    for side in (-1, 1):
        at = _side_wall(room, side)
        paint = sketch.vertical([(0, sky.middle, 1), (1, sky.low, 1)])
        for a, b in ((0.04, 0.2), (0.26, 0.5), (0.58, 1.0)):
            sketch.path("back", polygon([at(a, 0.22), at(b, 0.22), at(b, 0.56), at(a, 0.56)]), paint)
            sketch.path(
                "back",
                polygon([at(a, 0.46), at((a + b) / 2, 0.41), at(b, 0.47), at(b, 0.56), at(a, 0.56)]),
                sky.tone(0.5, "leaf"),
            )
            sketch.path(
                "back",
                polygon([at(a, 0.22), at(b, 0.22), at(b, 0.56), at(a, 0.56)]),
                palette.tone(0.1, "wood"),
                stroke=3,
            )
        for t in (0.12, 0.36, 0.74):
            p, q = at(t, 0.62), at(t, 0.95)
            wide = 26 + 90 * t
            sketch.path(
                "back",
                (
                    f"M{number(p[0])} {number(p[1])}q{number(-side * wide * 0.6)}-{number(wide * 0.18)}"
                    f" {number(-side * wide * 0.62)} {number(wide * 0.1)}V{number(q[1])}H{number(q[0])}"
                    "Z"
                ),
                palette.accent_at(0.3 - 0.3 * t),
            )


def draw_doors(room: Interior) -> None:
    """Draw the doors along a corridor."""
    sketch, palette = room.sketch, room.sketch.palette
    for side in (-1, 1):
        at = _side_wall(room, side)
        for index, (a, b) in enumerate(((0.08, 0.15), (0.25, 0.36), (0.52, 0.72))):
            is_open = sketch.palette.is_dark and (index + (side > 0)) % 3 == 1
            body = (
                mix(palette.light, palette.middle, 0.35)
                if is_open
                else mix(palette.tone(0.1, "wood"), palette.near, 0.25)
            )
            sketch.path("back", polygon([at(a, 0.3), at(b, 0.3), at(b, 1), at(a, 1)]), body)
            sketch.path(
                "back",
                polygon([at(a, 0.3), at(b, 0.3), at(b, 1)], is_closed=False),
                mix(palette.middle, palette.light, 0.3),
                0.5,
                stroke=2,
            )
            if is_open:
                floor = polygon(
                    [
                        at(a, 1),
                        at(b, 1),
                        (at(b, 1)[0] - side * 120 * b, at(b, 1)[1] + 6),
                        (at(a, 1)[0] - side * 90 * b, at(a, 1)[1]),
                    ]
                )
                sketch.path("back", floor, palette.light, 0.25)


def draw_lamp_row(room: Interior) -> None:
    """Draw a row of lamps along the ceiling."""
    sketch, palette = room.sketch, room.sketch.palette
    x0, y0, x1, _ = room.box
    cx = (x0 + x1) / 2
    for k in (0.0, 0.18, 0.42, 0.85):
        y = y0 - (y0 + 40) * k + 8
        radius = 7 + 30 * k
        sketch.glow("back", cx, y, radius * 4.2, 0.75)
        sketch.path(
            "back",
            (
                f"M{number(cx - radius * 0.5)} {number(y)}a{number(radius * 0.5)} {number(radius * 0.34)}"
                f" 0 0 0 {number(radius)} 0Z"
            ),
            palette.light,
        )
    sketch.light = (cx, y0 - 10)
