"""The roof of a train that runs: the carriages ahead, the land that goes by, poles and wires, smoke over it all."""

from __future__ import annotations

from worldkit.illustration.colour import Colour, css, mix
from worldkit.illustration.plants import blob
from worldkit.illustration.sketch import HEIGHT, WIDTH, Sketch, number, polygon

_HALF_WIDTH = 218.0
"""Half the width of the roof at the lower edge of the picture."""
_CARRIAGES = ((0.05, 0.1), (0.12, 0.21), (0.235, 0.42), (0.47, 1.05))
"""Where each carriage begins and ends, the engine first: 0 at the horizon, 1 at the lower edge."""
_POLES = (0.1, 0.16, 0.27, 0.46, 0.86)


def draw_train_roof(sketch: Sketch, top: float, near: Colour) -> None:
    """Draw the roof of a train, seen from where one stands on it.

    Args:
        sketch: The picture, with the land drawn.
        top: Where the land begins.
        near: The colour of the land in front.
    """
    vx = WIDTH * (0.5 + 0.02 * sketch.side)
    _draw_land_that_goes_by(sketch, vx, top, near)
    _draw_smoke(sketch, vx, top)
    _draw_poles(sketch, vx, top)
    for at, (begin, end) in enumerate(_CARRIAGES):
        _draw_carriage(sketch, vx, top, begin, end, is_engine=not at)


def _draw_land_that_goes_by(sketch: Sketch, vx: float, top: float, near: Colour) -> None:
    """Draw what is too fast to be seen: streaks away from the point where the rails meet."""
    random = sketch.random
    streaks = {"dark": "", "light": ""}
    for index in range(46 if sketch.is_full else 6):
        side = -1 if index % 2 else 1
        slope = random.uniform(0.28, 2.6)
        begin, length = random.uniform(0.12, 0.7), random.uniform(0.12, 0.3)
        x0, x1 = (vx + side * 150 * slope * t for t in (begin, begin + length))
        y0, y1 = (top + 130 * t / slope**0.4 for t in (begin, begin + length))
        streaks["light" if index % 3 else "dark"] += f"M{number(x0)} {number(y0)}L{number(x1)} {number(y1)}"
    sketch.path("middle", streaks["dark"], mix(near, sketch.palette.near, 0.6), 0.55, stroke=2)
    sketch.path("middle", streaks["light"], mix(near, sketch.palette.light, 0.4), 0.6, stroke=1.2)


def _draw_smoke(sketch: Sketch, vx: float, top: float) -> None:
    """Draw the smoke of the engine, which widens and drifts to the side."""
    palette, random, side = sketch.palette, sketch.random, sketch.side
    lit = mix(palette.low, palette.light, 0.35)
    tones = ((mix(palette.middle, palette.near, 0.25), 9.0, 0.6), (lit, 0.0, 0.55))
    for tone, shift, opacity in tones if sketch.is_full else tones[1:]:
        puffs = ""
        count = 11 if sketch.is_full else 4
        for step in range(count):
            t = (step + 1) / count
            x, y = vx - side * 330 * t**1.5, top - 8 - (top - 46) * t**0.8 + shift
            radius = 6 + 50 * t
            puffs += blob(sketch, x, y + random.uniform(-4, 4), radius * 1.3, radius * 0.72, random, 9, 0.3)
        sketch.path("back", puffs, sketch.vertical([(0, tone, 0.35), (1, tone, 0.95)]), opacity)


def _draw_poles(sketch: Sketch, vx: float, top: float) -> None:
    """Draw telegraph poles beside the line, and the wires between them."""
    side, dark = sketch.side, mix(sketch.palette.near, sketch.palette.middle, 0.2)
    poles, wires, before = "", "", (vx + side * 14, top - 4.0)
    for t in _POLES if sketch.is_full else _POLES[1:4]:
        x, foot, tall = vx + side * (16 + 330 * t), top + 6 + 70 * t, 20 + 230 * t
        wide, arm = 1 + 5 * t, 4 + 26 * t
        head = (x, foot - tall)
        poles += f"M{number(x - wide / 2)} {number(foot)}V{number(head[1])}h{number(wide)}V{number(foot)}Z"
        poles += (
            f"M{number(x - arm)} {number(head[1] + 8 * t)}h{number(2 * arm)}v{number(1 + 3 * t)}h{number(-2 * arm)}Z"
        )
        for end in (-1, 1):
            sag = 3 + 26 * t
            wires += (
                f"M{number(before[0] + end * arm * 0.5)} {number(before[1])}"
                f"Q{number((before[0] + x) / 2 + end * arm)} {number((before[1] + head[1]) / 2 + sag)}"
                f" {number(x + end * arm)} {number(head[1] + 6 * t)}"
            )
        before = (x, head[1] + 6 * t)
    sketch.path("middle", wires, dark, 0.7, stroke=0.8)
    sketch.path("middle", poles, dark)


def _draw_carriage(sketch: Sketch, vx: float, top: float, begin: float, end: float, *, is_engine: bool) -> None:
    """Draw the roof of one carriage, rounded: its middle has the light."""
    palette, side, tall = sketch.palette, sketch.side, HEIGHT - top

    def at(across: float, t: float) -> tuple[float, float]:
        # a roof is higher in its middle than at its eaves
        x = vx + (WIDTH / 2 - vx) * t + across * _HALF_WIDTH * t
        return x, top + tall * t + (across * across) * 15 * t

    body = mix(palette.tone(0.62 - 0.55 * min(1.0, end), "iron"), palette.low, 0.1)
    lit = mix(body, palette.light, 0.26)
    shade = mix(body, palette.near, 0.6)
    paint = css(mix(body, lit, 0.4))
    if sketch.is_full:
        stops = [
            (0, shade),
            (0.34, mix(body, lit, 0.5 if side < 0 else 0)),
            (0.5 + side * 0.08, lit),
            (0.66, body),
            (1, shade),
        ]
        paint = sketch.horizontal([(at_part, tone, 1) for at_part, tone in stops])
    edge = (-1.0, -0.6, 0.0, 0.6, 1.0) if sketch.is_full else (-1.0, 0.0, 1.0)
    outline = [at(across, begin) for across in edge] + [at(across, end) for across in reversed(edge)]
    sketch.path("middle", polygon(outline), paint)
    gap = [at(-0.9, end), at(0.9, end), at(0.86, end * 1.1), at(-0.86, end * 1.1)]
    sketch.path("middle", polygon(gap), palette.near)
    rim = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (at(across, begin) for across in edge))
    sketch.path("middle", rim, mix(lit, palette.light, 0.4), 0.8, stroke=0.6 + 2 * begin)
    if is_engine:
        x, y = at(0, begin)
        sketch.rectangle("middle", x - 3, y - 9, 6, 10, shade)
        sketch.glow("middle", x, y - 2, 46, 0.7)
        return
    if not sketch.is_full:
        return
    ribs = ""
    for step in range(1, 8):
        t = begin + (end - begin) * (step / 8) ** 1.5
        ribs += "M" + "L".join(f"{number(x)} {number(y)}" for x, y in (at(across, t) for across in edge))
    sketch.path("middle", ribs, shade, 0.5, stroke=0.5 + 1.2 * end)
    walk = [at(-0.13, begin), at(0.13, begin), at(0.13, end), at(-0.13, end)]
    sketch.path("middle", polygon(walk), mix(palette.tone(0.4 - 0.3 * end, "wood"), palette.light, 0.12), 0.85)
    for aside in (-0.42, 0.42):
        for part in (0.22, 0.62):
            t = begin + (end - begin) * part
            _draw_ventilator(sketch, *at(aside, t), 26 * t, body)


def _draw_ventilator(sketch: Sketch, x: float, y: float, size: float, body: Colour) -> None:
    palette, side = sketch.palette, sketch.side
    half, tall = size * 0.7, size * 0.9
    sketch.rectangle("middle", x - half * 0.5, y - tall * 0.6, half, tall * 0.6, mix(body, palette.near, 0.5))
    cap = f"M{number(x - half)} {number(y - tall * 0.55)}q{number(half)} {number(-tall * 0.8)} {number(2 * half)} 0Z"
    sketch.path("middle", cap, mix(body, palette.near, 0.25))
    glint = (
        f"M{number(x + side * half * 0.2)} {number(y - tall * 0.85)}q{number(side * half * 0.5)} {number(tall * 0.02)}"
        f" {number(side * half * 0.7)} {number(tall * 0.28)}"
    )
    sketch.path("middle", glint, mix(body, palette.light, 0.6), 0.9, stroke=1.4)
