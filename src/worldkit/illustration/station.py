"""A railway station as it is seen from its platform: the track, and the station's house and roof beyond it."""

from __future__ import annotations

from worldkit.illustration.colour import css, mix
from worldkit.illustration.sketch import LEFT, RIGHT, WIDTH, Sketch, number, polygon

TRACK_DEPTH = 44
"""How far the track reaches below the horizon; the platform begins there."""


def draw_station(sketch: Sketch, horizon: float) -> None:
    """Draw what lies beyond the platform.

    Args:
        sketch: The picture.
        horizon: Where the ground ends.
    """
    _draw_house(sketch, WIDTH * (0.5 + 0.02 * sketch.side), horizon)
    _draw_track(sketch, horizon)


def _draw_house(sketch: Sketch, x: float, foot: float) -> None:
    palette = sketch.palette
    body = palette.tone(0.4, "brick")
    dark = mix(body, palette.near, 0.45)
    shine = palette.light if palette.is_dark else mix(palette.near, palette.middle, 0.4)
    eaves, ridge, half = foot - 62, foot - 100, 150
    sketch.rectangle("back", x - half, eaves, 2 * half, 62, body)
    roof = [(x - half - 12, eaves), (x - half + 40, ridge), (x + half - 40, ridge), (x + half + 12, eaves)]
    sketch.path("back", polygon(roof), dark)
    for chimney_x in (x - 70, x + 62):
        sketch.rectangle("back", chimney_x, ridge - 16, 12, 24, dark)
    windows = "".join(f"M{number(x - 132 + 44 * at)} {number(foot - 42)}h20v26h-20Z" for at in range(7) if at != 3)
    sketch.path("back", windows, mix(shine, body, 0.25))
    sketch.rectangle("back", x - 13, foot - 40, 26, 40, mix(shine, body, 0.5))
    # the roof over the far platform, on posts
    front = [
        (x - half - 96, eaves + 10),
        (x + half + 96, eaves + 10),
        (x + half + 84, eaves - 2),
        (x - half - 84, eaves - 2),
    ]
    sketch.path("back", polygon(front), mix(dark, palette.near, 0.2))
    count = 7 if sketch.is_full else 3
    posts = "".join(
        f"M{number(x - half - 80 + (2 * half + 160) * at / (count - 1) - 2)} {number(eaves + 10)}h4V{number(foot)}h-4Z"
        for at in range(count)
    )
    sketch.path("back", posts, mix(dark, palette.near, 0.3))
    clock_y = eaves + 20
    for radius, tone in ((11, dark), (8.5, mix(palette.light, palette.low, 0.15))):
        sketch.add("back", f'<circle cx="{number(x)}" cy="{number(clock_y)}" r="{radius}" fill="{css(tone)}"/>')
    hands = f"M{number(x)} {number(clock_y)}v-6M{number(x)} {number(clock_y)}h4"
    sketch.path("back", hands, palette.near, stroke=1.4)
    if palette.is_dark:
        sketch.glow("back", x, foot - 24, 130, 0.5)


def _draw_track(sketch: Sketch, top: float) -> None:
    palette = sketch.palette
    edge = palette.tone(0.3, "stone")
    sketch.rectangle("back", LEFT, top - 4, RIGHT - LEFT, 10, mix(edge, palette.light, 0.25))
    sketch.rectangle(
        "back", LEFT, top + 6, RIGHT - LEFT, TRACK_DEPTH, mix(palette.tone(0.14, "rock"), palette.near, 0.45)
    )
    step = 26 if sketch.is_full else 78
    sleepers = "".join(f"M{x} {number(top + 14)}h13l-3 18h-13Z" for x in range(LEFT, RIGHT + step, step))
    sketch.path("back", sleepers, mix(palette.tone(0.1, "wood"), palette.near, 0.3))
    steel = mix(palette.tone(0.1, "metal"), palette.light, 0.4)
    for y, thickness in ((top + 17, 2), (top + 28, 3)):
        sketch.rectangle("back", LEFT, y, RIGHT - LEFT, thickness, steel)
    sketch.rectangle("middle", LEFT, top + TRACK_DEPTH - 2, RIGHT - LEFT, 5, mix(edge, palette.light, 0.45))
