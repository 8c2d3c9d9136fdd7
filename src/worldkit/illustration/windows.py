"""Windows, what is seen through them, and the light that falls in."""

from __future__ import annotations

from worldkit.illustration.colour import WHITE, mix
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import HEIGHT, number, polygon

_MOON_HIDING_WEATHER = frozenset({"rain", "fog", "cloud", "lightning"})


def draw_view(room: Interior, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a window with what is outside it."""
    sketch, palette, sky = room.sketch, room.sketch.palette, room.sky
    wide, tall = x1 - x0, y1 - y0
    if room.room_reading.set == "bridgeship":
        dark = mix(palette.near, palette.middle, 0.2)
        sketch.rectangle(
            "back", x0, y0, wide, tall, sketch.vertical([(0, dark, 1), (1, mix(dark, palette.light, 0.25), 1)])
        )
        stars = "".join(
            f"M{round(sketch.random.uniform(x0 + 4, x1 - 4))} {round(sketch.random.uniform(y0 + 4, y1 - 4))}h0"
            for _ in range(60 if sketch.is_full else 18)
        )
        sketch.path("back", stars, WHITE, 0.8, stroke=1.2)
        px, py, r = x0 + wide * (0.5 + 0.2 * sketch.side), y1 + 10, tall * 0.8
        clip = f"M{number(px - r)} {number(y1)}A{number(r)} {number(r)} 0 0 1 {number(px + r)} {number(y1)}Z"
        sketch.path("back", clip, mix(palette.accent_at(0.2), palette.light, 0.2))
        sketch.light = (px, py - r)
    else:
        sketch.rectangle(
            "back",
            x0,
            y0,
            wide,
            tall,
            sketch.vertical([(0, mix(sky.top, sky.middle, 0.3), 1), (1, mix(sky.low, sky.light, 0.25), 1)]),
        )
        view, sketch.palette = sketch.palette, sky
        base = y1 - tall * 0.2
        thing_names = {mention.thing for mention in room.room_reading.mentions}
        if thing_names & {"ship", "steamer", "boat", "gull", "lighthouse", "pier"} or room.room_reading.set == "cabin":
            sketch.path(
                "back",
                f"M{number(x0)} {number(base)}H{number(x1)}V{number(y1)}H{number(x0)}Z",
                mix(sky.middle, sky.tone(0.4, "water"), 0.5),
            )
        else:
            d = f"M{number(x0)} {number(y1)}V{number(base)}"
            steps = 6
            for _ in range(steps):
                rise = sketch.place.uniform(4, tall * 0.2)
                d += (
                    f"V{number(base - rise)}h{number(wide / steps)}"
                    if "skyline" in thing_names
                    else f"q{number(wide / steps / 2)} {number(-rise)} {number(wide / steps)} 0"
                )
            sketch.path("back", d + f"V{number(y1)}Z", sky.tone(0.6))
        sketch.palette = view
        if sky.is_dark and sketch.is_full and not room.windows and not room.room_reading.weather & _MOON_HIDING_WEATHER:
            sketch.circle("back", x0 + wide * 0.68, y0 + tall * 0.28, min(wide, tall) * 0.11, sky.light)
    frame = mix(palette.near, palette.middle, 0.3)
    bars = f"M{number(x0)} {number(y0)}H{number(x1)}V{number(y1)}H{number(x0)}Z"
    if room.room_reading.set == "bridgeship":
        bars += (
            f"M{number(x0 + wide * 0.25)} {number(y0)}V{number(y1)}M{number(x0 + wide * 0.75)}"
            f" {number(y0)}V{number(y1)}"
        )
    else:
        bars += (
            f"M{number((x0 + x1) / 2)} {number(y0)}V{number(y1)}M{number(x0)} {number(y0 + tall * 0.45)}H{number(x1)}"
        )
    sketch.path("back", bars, frame, stroke=4, cap=False)
    sketch.rectangle("back", x0 - 6, y1, wide + 12, 5, mix(frame, sky.light, 0.3))
    room.windows.append((x0, y0, x1, y1))


def draw_windows(room: Interior) -> None:
    """Draw the windows of the back wall."""
    sketch = room.sketch
    x0, y0, x1, y1 = room.box
    wide, tall = x1 - x0, y1 - y0
    count = room.parts.windows
    if count == 1 and "books" not in room.style and sketch.random.random() < 0.4:
        # as often as not a room has two narrow windows instead of one
        w, top = min(58.0, wide * 0.14), max(y0 + tall * 0.1, 16)
        for at in (0.16, 0.4):
            cx = x0 + wide * (0.5 + at * sketch.side)
            draw_view(room, cx - w / 2, top, cx + w / 2, top + tall * 0.52)
    elif count == 1:
        cx = x0 + wide * (0.5 + 0.24 * sketch.side)
        w = min(92.0, wide * 0.24)
        top = max(y0 + tall * 0.14, 20)
        if "books" in room.style:
            cx, w = (x0 + x1) / 2, wide * 0.2
        draw_view(room, cx - w / 2, top, cx + w / 2, top + tall * 0.44)
    else:
        step = wide / count
        for index in range(count):
            cx = x0 + step * (index + 0.5)
            w = step * 0.44
            draw_view(room, cx - w / 2, y0 + tall * 0.16, cx + w / 2, y0 + tall * 0.62)


def draw_shaft(room: Interior, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw the light that falls through a window, onto the floor."""
    sketch, sky = room.sketch, room.sky
    shift = -sketch.side * 90
    floor = min(HEIGHT + 10.0, room.box[3] + 70)
    wide = (x1 - x0) * 1.25
    paint = sketch.vertical([(0, sky.light, 0.34), (1, sky.light, 0.04)])
    sketch.path(
        "middle",
        polygon([(x0, y0), (x1, y0), (x1 + shift + wide * 0.2, floor), (x0 + shift - wide * 0.2, floor)]),
        paint,
    )
    sketch.path(
        "middle",
        polygon(
            [
                (x0 + shift - 6, floor - 26),
                (x1 + shift + 2, floor - 26),
                (x1 + shift * 1.3 + 18, floor + 8),
                (x0 + shift * 1.3 - 18, floor + 8),
            ]
        ),
        sky.light,
        0.2,
    )
    sketch.glow("back", (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) * 1.2, 0.4, sky.light)
