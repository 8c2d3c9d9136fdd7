"""The few colours of a picture: its sky, the haze that distance fades to, its darkest tone and its light."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from worldkit.illustration.colour import WHITE, Colour, grey_out, lit_by, luminance, mix, parse
from worldkit.illustration.reading import PictureContent

_SKIES = {  # top, middle, horizon, nearest silhouettes, light
    "dawn": ("#46568c", "#c98f9f", "#fcd9a8", "#29253f", "#fff0c8"),
    "morning": ("#74abd0", "#bcd8dc", "#f9eccf", "#3a4450", "#fffbe6"),
    "day": ("#3e8cc8", "#92c4de", "#f0f2e4", "#36424c", "#fffdf0"),
    "overcast": ("#687986", "#96a6ae", "#d2d8d6", "#27353e", "#f6f6ee"),
    "golden": ("#4f6096", "#e39b6c", "#ffdf9c", "#33233b", "#fff1c0"),
    "sunset": ("#2c2a5c", "#b84a6a", "#ffae62", "#22142d", "#ffdda6"),
    "dusk": ("#17264e", "#4d5590", "#e0987f", "#121831", "#ffdca0"),
    "night": ("#050b1f", "#12294c", "#356080", "#050a18", "#f3ecd2"),
    "storm": ("#18202b", "#394957", "#8b9a9c", "#10171f", "#eaf2ff"),
    "fog": ("#87969c", "#b1bcbb", "#d9ddd6", "#36444b", "#fffdf2"),
    "snow": ("#7890ac", "#b4c5d4", "#eef2f2", "#31445a", "#ffffff"),
    "desert": ("#3a83b2", "#dcb88c", "#fde4b4", "#56312a", "#fff4d0"),
    "underwater": ("#8fe3dd", "#24808f", "#0d3f60", "#031726", "#d9fff2"),
    "space": ("#02030c", "#090f2c", "#232a63", "#04050f", "#eef2ff"),
}
_ROOMS = {  # wall, floor, haze, nearest silhouettes, light
    "lamp": ("#7a5540", "#4a3128", "#a8764f", "#170f12", "#ffd08a"),
    "fire": ("#6f3c2c", "#44251f", "#a5603c", "#150b0d", "#ffa455"),
    "cold": ("#41567c", "#2a3957", "#6a86ae", "#0a1020", "#d4e4ff"),
    "day": ("#b4aa96", "#83745f", "#d6ccb6", "#2b2830", "#fff6dc"),
    "dim": ("#46434f", "#2f2d37", "#6a6573", "#0d0c12", "#ffc26d"),
    "machine": ("#2d4560", "#1d2d42", "#53799a", "#070d18", "#93efff"),
}
HUES = {
    "red": "#c8322f",
    "orange": "#d9722c",
    "amber": "#f2b23e",
    "green": "#4f9a5b",
    "teal": "#2f9a9a",
    "blue": "#33619f",
    "violet": "#7a4aa0",
    "pink": "#e08a9c",
    "brown": "#80583c",
    "grey": "#8a9096",
    "white": "#eeeae0",
    "black": "#26262c",
}
LIGHTS = {
    "red": "#ff7a5c",
    "orange": "#ffab5c",
    "amber": "#ffd67a",
    "green": "#c4f7a4",
    "teal": "#8ff3e2",
    "blue": "#a9d4ff",
    "violet": "#d8b0ff",
    "pink": "#ffc2cf",
}
MATERIALS = {
    "wall": "#d8c8b0",
    "stone": "#a8a6a4",
    "white": "#f4f0e6",
    "wood": "#9a6a44",
    "brick": "#a6553f",
    "cloth": "#b09a86",
    "metal": "#8d98a4",
    "iron": "#5a5f68",
    "copper": "#c07a4c",
    "leather": "#84573a",
    "glass": "#a9d6d4",
    "ceramic": "#c98a66",
    "paper": "#efe6cf",
    "wax": "#efe3c8",
    "straw": "#d9b566",
    "rope": "#b09468",
    "leaf": "#5d8a4c",
    "skin": "#b08a78",
    "coal": "#3c3c46",
    "rust": "#b8603a",
    "rock": "#8d8a8c",
    "grass": "#6f8f4a",
    "sand": "#e2c894",
    "snow": "#f4f8fc",
    "water": "#4f8aa8",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture.

    Attributes:
        top: The sky above, or the ceiling.
        middle: The sky between, or the wall.
        low: The sky at the horizon, or the wall where the light falls on it.
        near: The darkest tone, of what is nearest.
        accent: One strong colour, of cloth and signs.
        is_dark: Whether lamps are lit.
    """

    top: Colour
    middle: Colour
    low: Colour
    near: Colour
    light: Colour
    accent: Colour
    is_dark: bool

    def tone(self, depth: float, material: str = "") -> Colour:
        """Return the colour of a thing.

        Args:
            depth: How far away it is: 0 for the nearest, 1 for what is nearly gone in the haze.
            material: What it is made of; by default a plain silhouette.
        """
        haze = mix(self.low, self.middle, 0.35)
        base = self.near
        if material:
            ambient = mix(mix(self.middle, self.low, 0.55), WHITE, 0.12)
            base = mix(base, lit_by(parse(MATERIALS[material]), ambient), 0.5)
        return mix(base, haze, min(0.9, depth) ** 0.85)

    def accent_at(self, depth: float, colour: Colour | None = None) -> Colour:
        """Return the accent colour, or another strong one, of something at a depth."""
        ambient = mix(mix(self.middle, self.low, 0.6), WHITE, 0.35)
        return mix(lit_by(colour or self.accent, ambient), mix(self.low, self.middle, 0.35), depth * 0.8)


def palette_of(reading: PictureContent, variation: float) -> Palette:
    """Return the colours of a picture.

    Args:
        reading: What it shows.
        variation: From 0 to 1; worlds differ a little in hue.
    """
    accent = parse(
        HUES[next((name for name in reading.colours if name in LIGHTS), "red" if variation < 0.5 else "amber")]
    )
    palette = _indoors(reading, accent, variation) if reading.is_indoors else _outdoors(reading, accent, variation)
    tints = [name for name in reading.colours if name in LIGHTS][:1]
    for name in tints:
        hue = parse(HUES[name])
        share = 0.13 if reading.is_indoors else 0.09
        palette = replace(
            palette,
            top=mix(palette.top, mix(hue, palette.near, 0.4), share),
            middle=mix(palette.middle, hue, share * 1.3),
            low=mix(palette.low, mix(hue, WHITE, 0.4), share),
        )
    if reading.ending == "win":
        palette = replace(
            palette,
            middle=mix(palette.middle, parse("#f2b06a"), 0.22),
            low=mix(palette.low, parse("#fff0c0"), 0.5),
            light=mix(palette.light, parse("#fff3cf"), 0.5),
        )
    elif reading.ending == "lose":
        palette = replace(
            palette,
            top=mix(grey_out(palette.top, 0.6), parse("#120a10"), 0.55),
            middle=mix(grey_out(palette.middle, 0.6), parse("#3a161c"), 0.5),
            low=mix(grey_out(palette.low, 0.5), parse("#a8402f"), 0.42),
            near=mix(grey_out(palette.near, 0.5), parse("#0a0508"), 0.5),
            light=mix(grey_out(palette.light, 0.4), parse("#ff8a66"), 0.4),
        )
    return palette


_USUAL_HOURS = ("golden", "morning", "dusk", "day", "dawn", "golden", "overcast", "morning")


def hour_of(reading: PictureContent, variation: float) -> str:
    """Return the hour of a scene under the sky; where the prose names none, one that suits the place or the world."""
    weather, hours_by_set = (
        reading.weather,
        {"graveyard": "dusk", "swamp": "fog", "alley": "dusk", "city": "dusk", "moon": "dusk"},
    )
    if reading.set in ("underwater", "space"):
        return reading.set
    if reading.set == "desert" and reading.hour in ("day", "morning") and "rain" not in weather:
        return "desert"
    if reading.hour:
        return reading.hour
    if "lightning" in weather:
        return "storm"
    if weather & {"moon", "stars", "aurora", "fireflies"}:
        return "night"
    if "rain" in weather:
        return "overcast"
    if "fog" in weather:
        return "fog"
    if reading.set == "snow" or "snow" in weather:
        return "snow"
    if reading.set == "desert":
        return "desert"
    return hours_by_set.get(reading.set) or _USUAL_HOURS[int(variation * len(_USUAL_HOURS))]


def _outdoors(reading: PictureContent, accent: Colour, variation: float) -> Palette:
    hour = hour_of(reading, variation)
    top, middle, low, near, light = (parse(text) for text in _SKIES[hour])
    if "rain" in reading.weather and hour in ("morning", "day", "golden", "dusk"):
        grey = parse("#7d8a93")
        top, middle, low = mix(top, grey, 0.45), mix(middle, grey, 0.4), mix(low, grey, 0.25)
    if reading.light_colour in LIGHTS:
        light = mix(light, parse(LIGHTS[reading.light_colour]), 0.6)
    is_dark = hour in ("night", "dusk", "storm", "dawn", "sunset", "space", "underwater") or "neon" in reading.cues
    return Palette(top, middle, low, near, light, accent, is_dark)


_PAINTED_SETS = frozenset({"room", "kitchen", "corridor", "shop", "hall", "theatre", "train", "workshop"})
_WALL_PAINTS = ("#c9a06a", "#7f9a86", "#6f88a8", "#b0786a", "#c4b8a0", "#8f7f9a", "#a8a05f", "#5f8f92")
"""What walls are painted with."""


def _indoors(reading: PictureContent, accent: Colour, variation: float) -> Palette:
    names = {mention.thing for mention in reading.mentions}
    hour = reading.hour
    if names & {"fire", "fireplace", "brazier", "torch"} and "dark" not in reading.cues:
        mode = "fire"
    elif reading.set == "bridgeship":
        mode = "machine"
    elif reading.set in ("cellar", "cave"):
        mode = "dim"
    elif names & {"lamp", "hanging", "chandelier", "lantern", "candle"} or reading.light_colour:
        mode = "lamp"
    elif hour in ("night", "dusk", "storm", "overcast") or "dark" in reading.cues:
        mode = "cold"
    elif names & {"screen", "console", "switchboard"}:
        mode = "machine"
    elif hour in ("day", "morning", "golden", "dawn") or reading.set in ("greenhouse", "hall", "kitchen"):
        mode = "day"
    else:
        mode = "lamp"
    wall, floor, haze, near, light = (parse(text) for text in _ROOMS[mode])
    if reading.set in _PAINTED_SETS:
        # rooms of one world are told apart by their walls
        what = reading.mentions[0].thing if reading.mentions else ""
        paint = parse(Random(f"{variation:.6f}|{reading.set}|{what}").choice(_WALL_PAINTS))
        wall, haze = mix(wall, lit_by(paint, haze), 0.34), mix(haze, paint, 0.12)
    if reading.light_colour in LIGHTS:
        light = mix(light, parse(LIGHTS[reading.light_colour]), 0.75)
        hue = parse(HUES[reading.light_colour])
        wall, floor, haze = mix(wall, hue, 0.2), mix(floor, hue, 0.12), mix(haze, hue, 0.25)
    return Palette(floor, wall, haze, near, light, accent, luminance(wall) < 130)
