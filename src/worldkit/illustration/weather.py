"""What is in the air: sun, moon, stars, rain, snow, fog, leaves, sparks."""

from __future__ import annotations

import math

from worldkit.illustration.colour import WHITE, css, mix, parse
from worldkit.illustration.palette import hour_of
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.sketch import HEIGHT, LEFT, RIGHT, WIDTH, Sketch, number
from worldkit.illustration.waters import clouds


def draw_sky(sketch: Sketch, reading: PictureContent, horizon: float) -> None:
    """Draw the sky with what is in it, and set where the light comes from."""
    palette, place = sketch.palette, sketch.place
    hour = hour_of(reading, sketch.variation)
    paint = sketch.vertical(
        [
            (0, palette.top, 1),
            (0.55, palette.middle, 1),
            (0.96, palette.low, 1),
            (1, mix(palette.low, palette.light, 0.2), 1),
        ]
    )
    sketch.rectangle(
        "back", LEFT, 0, RIGHT - LEFT, max(horizon + 6, HEIGHT if horizon > HEIGHT else horizon + 6), paint
    )
    is_night = palette.is_dark and hour in ("night", "dusk", "space", "dawn", "") and "rain" not in reading.weather
    x = WIDTH * (0.5 + sketch.side * place.uniform(0.12, 0.22))
    sketch.side = 1 if x > WIDTH / 2 else -1
    if is_night or "stars" in reading.weather or reading.set in ("space", "moon"):
        _stars(sketch, horizon, 150 if hour == "night" or reading.set in ("space", "moon") else 60)
    if "aurora" in reading.weather:
        _aurora(sketch, horizon)
    if hour in ("night", "space") or (hour == "dusk" and "moon" in reading.weather) or reading.set == "moon":
        sketch.light = (x, horizon * place.uniform(0.26, 0.42))
        _moon(sketch)
    elif hour in ("overcast", "storm", "fog") or ("fog" in reading.weather and hour != "golden"):
        sketch.light = (x, horizon * 0.5)
        sketch.glow("back", *sketch.light, 210, 0.5)
        if hour == "fog":
            sketch.circle("back", *sketch.light, 15, palette.light, 0.7)
    else:
        is_low = hour in ("dawn", "golden", "sunset", "dusk", "snow", "morning")
        y = horizon * (place.uniform(0.72, 0.84) if is_low else place.uniform(0.2, 0.34))
        sketch.light = (x, y)
        sketch.glow("back", x, y, 240, 0.85)
        if is_low and sketch.is_full and not reading.weather & {"rain", "fog", "cloud"}:
            _rays(sketch, x, y)
        sketch.circle("back", x, y, 26 if hour in ("sunset", "golden", "dusk") else 19, mix(palette.light, WHITE, 0.35))
    tone = mix(palette.low, palette.light, 0.45) if not palette.is_dark else mix(palette.middle, palette.low, 0.6)
    if "storm" in (hour,) or "lightning" in reading.weather:
        clouds(
            sketch,
            7 if sketch.is_full else 4,
            horizon * 0.25,
            horizon * 0.24,
            0.6,
            mix(palette.top, palette.near, 0.3),
        )
        clouds(
            sketch,
            5 if sketch.is_full else 3,
            horizon * 0.5,
            horizon * 0.2,
            0.5,
            mix(palette.middle, palette.low, 0.3),
        )
    elif reading.set not in ("space", "moon"):
        count = {"overcast": 8, "day": 6, "morning": 5, "night": 3}.get(hour, 4)
        clouds(sketch, count if sketch.is_full else count // 2, horizon * 0.5, horizon * 0.32, 0.5, tone)
    if "lightning" in reading.weather:
        _lightning(sketch, horizon)


def _rays(sketch: Sketch, x: float, y: float) -> None:
    """Draw the beams that a low sun sends over the sky."""
    place = sketch.place
    paint = sketch.define(
        f'radialGradient cx="{number(x)}" cy="{number(y)}" r="330" gradientUnits="userSpaceOnUse"',
        f'<stop stop-color="{css(sketch.palette.light)}" stop-opacity=".2"/>'
        f'<stop offset="1" stop-color="{css(sketch.palette.light)}" stop-opacity="0"/>',
    )
    d = ""
    angle = math.pi * 1.02
    while angle < math.pi * 1.98:
        wide = place.uniform(0.025, 0.07)
        d += (
            f"M{number(x)} {number(y)}L{round(x + 420 * math.cos(angle))} {round(y + 420 * math.sin(angle))}"
            f"L{round(x + 420 * math.cos(angle + wide))} {round(y + 420 * math.sin(angle + wide))}Z"
        )
        angle += wide + place.uniform(0.14, 0.44)
    sketch.path("back", d, paint)


def _stars(sketch: Sketch, horizon: float, count: int) -> None:
    place = sketch.place
    small: list[str] = []
    large: list[str] = []
    for index in range(count if sketch.is_full else count // 8):
        x, y = place.uniform(LEFT, RIGHT), place.random() ** 1.3 * horizon * 0.95
        (large if index % 7 == 0 else small).append(f"M{round(x)} {round(y)}h0")
    sketch.path("back", "".join(small), sketch.palette.light, 0.5, stroke=0.9)
    sketch.path("back", "".join(large), sketch.palette.light, 0.9, stroke=1.7)


def _moon(sketch: Sketch) -> None:
    (x, y), palette = sketch.light, sketch.palette
    sketch.glow("back", x, y, 170, 0.6)
    if sketch.place.random() < 0.4:
        # a path of its own: a dark disc over the moon would stand out against its glow
        sweep = 1 if sketch.side > 0 else 0
        near, far = f"{number(x)} {number(y - 24)}", f"{number(x)} {number(y + 24)}"
        sketch.path("back", f"M{near}A24 24 0 0 {sweep} {far}A30 30 0 0 {1 - sweep} {near}Z", palette.light)
        return
    sketch.circle("back", x, y, 24, palette.light)
    if sketch.is_full:
        craters = "".join(
            f"M{number(x + dx)} {number(y + dy)}a{r} {r} 0 1 0 .1 0Z"
            for dx, dy, r in ((-8, -9, 5), (6, -2, 7), (-6, 8, 4), (9, 9, 3))
        )
        sketch.path("back", craters, palette.middle, 0.16)


def _lightning(sketch: Sketch, horizon: float) -> None:
    random = sketch.random
    x, y = WIDTH * (0.5 + 0.2 * sketch.side), 0.0
    d, twig = f"M{number(x)} 0", ""
    while y < horizon - 8:
        step = random.uniform(14, 30)
        x, y = x + random.uniform(-20, 20), min(horizon, y + step)
        d += f"L{number(x)} {number(y)}"
        if random.random() < 0.3:
            twig += f"M{number(x)} {number(y)}l{round(random.uniform(-40, 40))} {round(random.uniform(14, 34))}"
    sketch.glow("back", x, y - 70, 190, 0.6)
    sketch.path("back", d, sketch.palette.light, stroke=2.4)
    sketch.path("back", twig, sketch.palette.light, 0.6, stroke=1)


def _aurora(sketch: Sketch, horizon: float) -> None:
    place = sketch.place
    for hue in ("#6affc8", "#8f9bff"):
        colour = parse(hue)
        paint = sketch.vertical([(0, colour, 0), (0.7, colour, 0.4), (1, colour, 0)])
        y = horizon * place.uniform(0.35, 0.6)
        points = [(LEFT + index * 120, y + place.uniform(-30, 30)) for index in range(7)]
        top = " ".join(f"{round(px)} {round(py)}" for px, py in points)
        back = " ".join(f"{round(px)} {round(py - place.uniform(60, 110))}" for px, py in reversed(points))
        sketch.add("back", f'<path d="M{top}L{back}Z" fill="{paint}"/>')


def draw_haze(sketch: Sketch, y: float, height: float, opacity: float) -> None:
    """Draw the haze that lies over what is far, thickest at its foot."""
    colour = mix(sketch.palette.low, sketch.palette.light, 0.15)
    paint = sketch.vertical([(0, colour, 0), (0.75, colour, opacity), (1, colour, opacity * 0.5)])
    sketch.rectangle("back", LEFT, y - height, RIGHT - LEFT, height * 1.25, paint)


def draw_weather(sketch: Sketch, reading: PictureContent, ground: float) -> None:
    """Draw what falls and drifts, in front of everything."""
    random, palette, weather = sketch.random, sketch.palette, reading.weather
    many = 1.0 if sketch.is_full else 0.14
    is_outside = not reading.is_indoors
    if "fog" in weather and is_outside:
        # a radial paint: a bank with an edge would look like a pane before what it covers
        paint = sketch.radial(mix(palette.low, palette.light, 0.2))
        for index in range(5 if sketch.is_full else 2):
            y, half = ground + random.uniform(-36, 64) + index * 6, random.uniform(220, 360)
            x, tall = random.uniform(LEFT, RIGHT), random.uniform(14, 26)
            bank = f"M{number(x - half)} {number(y)}a{number(half)} {number(tall)} 0 1 0 {number(2 * half)} 0"
            bank += f"a{number(half)} {number(tall)} 0 1 0 {number(-2 * half)} 0Z"
            # those in front leave the player in sight
            sketch.path(*(("middle", bank, paint, 0.6) if index % 2 else ("front", bank, paint, 0.34)))
    if "rain" in weather and is_outside:
        for length, width, opacity, count in ((16, 0.7, 0.3, 110), (30, 1.0, 0.35, 45)):
            drops = "".join(
                (
                    f"M{round(random.uniform(LEFT, RIGHT + 40))} {round(random.uniform(-20, HEIGHT))}"
                    f"l-{round(length * 0.22)} {length}"
                )
                for _ in range(int(count * many))
            )
            sketch.path("front", drops, mix(palette.light, WHITE, 0.3), opacity, stroke=width, cap=False)
        rings = "".join(
            (
                f"M{round(random.uniform(0, WIDTH))} {round(random.uniform(ground + 14, HEIGHT))}"
                "a6 1.6 0 1 0 12 0a6 1.6 0 1 0-12 0"
            )
            for _ in range(int(22 * many))
        )
        sketch.path("front", rings, palette.light, 0.3, stroke=0.7)
    if "snow" in weather and is_outside:
        for width, opacity, count in ((1.6, 0.7, 90), (3.2, 0.75, 34), (6, 0.4, 8)):
            flakes = "".join(
                f"M{round(random.uniform(LEFT, RIGHT))} {round(random.uniform(0, HEIGHT))}h0"
                for _ in range(int(count * many))
            )
            sketch.path("front", flakes, WHITE, opacity, stroke=width)
    if "leaves" in weather:
        for hue in ("#e0a03a", "#c9622f"):
            leaves = "".join(
                (
                    f"M{round(random.uniform(LEFT, RIGHT))} {round(random.uniform(20, HEIGHT - 10))}"
                    f"q{random.randint(3, 6)}-{random.randint(3, 7)} {random.randint(7, 11)}-1"
                    f"q-4 {random.randint(3, 6)}-{random.randint(7, 11)} 1Z"
                )
                for _ in range(int(16 * many))
            )
            sketch.path("front", leaves, palette.accent_at(0, parse(hue)), 0.95)
    if "fireflies" in weather:
        for _ in range(int(22 * many)):
            x, y = random.uniform(20, WIDTH - 20), random.uniform(90, HEIGHT - 20)
            radius = random.uniform(3, 8)
            sketch.glow("front", x, y, radius, 0.9)
            sketch.circle("front", x, y, 0.9, mix(palette.light, WHITE, 0.5))
