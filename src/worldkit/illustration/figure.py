"""The player's figure: seen from behind, in its clothes, with the light on its edge."""

from __future__ import annotations

from worldkit.illustration.colour import BLACK, Colour, css, mix, parse
from worldkit.illustration.palette import HUES
from worldkit.illustration.silhouettes import draw_thing
from worldkit.illustration.sketch import Sketch, number
from worldkit.illustration.subject import PlayerFigure

_LEGS = "M-9 0L-8-44H-.6L-2 0ZM2 0L.6-44H8L10 0Z"
_COATS = {
    "long": "M-17-16Q-16-58-13-77Q-7-85 0-85Q7-85 13-77Q16-58 18-16Q10-11 1-14V-34L-1-14Q-10-11-17-16Z",
    "dress": "M-18-10Q-12-44-9-56Q-14-70-11-79Q-6-84 0-84Q6-84 11-79Q14-70 9-56Q12-44 18-10Q0-3-18-10Z",
    "robe": "M-20 0Q-16-52-13-76Q-7-85 0-85Q7-85 13-76Q16-52 20 0Z",
    "suit": "M-13-34Q-17-58-15-77Q-8-86 0-86Q8-86 15-77Q17-58 13-34Q0-30-13-34Z",
    "short": "M-13-38Q-16-60-13-78Q-7-85 0-85Q7-85 13-78Q16-60 13-38Q0-34-13-38Z",
}
_ARMS = "M-13-79Q-21-66-20-44L-15-42Q-15-58-9-70ZM13-79Q21-66 20-44L15-42Q15-58 9-70Z"
_HEAD = "M-7.5-93A7.5 8.5 0 1 0 7.5-93A7.5 8.5 0 1 0-7.5-93ZM-3-88H3V-82H-3Z"
_HEAD_COVERS = {
    "hair": "M-8-93Q-9-103 0-103Q9-103 8-93Q10-80 6-72Q0-68-6-72Q-10-80-8-93Z",
    "hood": "M-10-82Q-13-105 0-106Q13-105 10-82Q0-76-10-82Z",
    "cap": "M-9-94Q-9-104 0-104Q9-104 9-94L8-91H-8Z",
    "hat": "M-15-95Q0-91 15-95L14-98H8Q8-107 0-107Q-8-107-8-98H-14Z",
    "helmet": "M-12-93A12 12 0 1 0 12-93A12 12 0 1 0-12-93Z",
}
_BAGS = "M-11-74Q0-80 11-74L12-48Q0-43-12-48Z"


def draw_figure(sketch: Sketch, subject: PlayerFigure, x: float, y: float, height: float) -> None:
    """Draw the player's figure.

    Args:
        sketch: The picture.
        subject: What the world says of it.
        x: Where it stands.
        y: The ground under it.
    """
    palette = sketch.palette
    scale = height / 100
    shadow = (
        f"M{number(x - height * 0.2)} {number(y)}q{number(height * 0.2)} {number(-height * 0.05)}"
        f" {number(height * 0.4)} 0t{number(-height * 0.4)} 0Z"
    )
    sketch.path("middle", shadow, palette.near, 0.45)
    colour = parse(HUES.get(subject.colour, HUES["brown"]))
    if subject.kind not in ("person", "robed", "elder"):
        size = {"horse": 0.8, "bear": 0.7, "robot": 0.9, "ghost": 0.85}.get(subject.kind, 0.95)
        accent = colour if subject.colour else None
        draw_thing(sketch, "middle", subject.kind, x, y, scale * size, 0.0, rim=0.8, accent=accent, is_lit=True)
        return
    clothes = set(subject.clothes)
    if subject.kind == "robed":
        coat = "robe"
    else:
        coat = next((name for name in ("suit", "dress", "long") if name in clothes), "short")
    if "child" in clothes:
        scale *= 0.74
    side = sketch.side
    cloth = palette.accent_at(0.0, colour)
    cloth = mix(cloth, palette.near, 0.42 if palette.is_dark else 0.3)
    parts = [_LEGS, _COATS[coat], _ARMS, _HEAD]
    over = next((name for name in ("helmet", "hood", "hat", "cap") if name in clothes), "")
    outline = (
        "".join(parts) + _HEAD_COVERS.get(over, "") + (_HEAD_COVERS["hair"] if "hair" in clothes and not over else "")
    )
    dark = mix(palette.near, BLACK, 0.25)
    pieces = [
        _path(outline, palette.light, f' transform="translate({number(side * 1.5)} -.4)" opacity=".85"'),
        _path(_LEGS, dark),
        _path(_HEAD, mix(palette.tone(0.1, "skin"), dark, 0.45)),
        _path(_ARMS, mix(cloth, dark, 0.28)),
        _path(_COATS[coat], cloth),
    ]
    if not sketch.is_full:
        pieces = [_path(_LEGS + _HEAD, dark), _path(_COATS[coat] + _ARMS, cloth)]
    elif coat in ("long", "robe", "short"):
        fold = (
            f"M{side * 3}-80Q{side * 14}-76 {side * 14}-62Q{side * 15}-40 {side * 15}-{16 if coat == 'long' else 40}"
            f"L{side * 10}-{15 if coat == 'long' else 38}Q{side * 11}-60 {side * 3}-80"
            "Z"
        )
        pieces.append(_path(fold, mix(cloth, palette.light, 0.32), ' opacity=".8"'))
    if "hair" in clothes and over in ("", "cap", "hat"):
        pieces.append(_path(_HEAD_COVERS["hair"], mix(dark, parse("#5a3a28"), 0.4)))
    elif not over:
        pieces.append(
            _path("M-8-94Q-8-103 0-103Q8-103 8-94Q8-86 5-86Q0-84-5-86Q-8-86-8-94Z", mix(dark, parse("#4a3428"), 0.4))
        )
    if over:
        shade = cloth if over in ("hood", "helmet") else mix(dark, parse("#5a5a60"), 0.35)
        pieces.append(_path(_HEAD_COVERS[over], mix(shade, palette.light, 0.08)))
    if "scarf" in clothes:
        pieces.append(_path("M-8-86H8L9-80H-9ZM5-82L12-62L7-61L2-80Z", palette.accent_at(0)))
    if "bag" in clothes:
        pieces.append(_path(_BAGS, mix(palette.tone(0.05, "leather"), dark, 0.2)))
        pieces.append(
            _path("M-12-62H12V-60H-12ZM-4-62H4V-56H-4Z", mix(palette.tone(0.05, "leather"), palette.light, 0.25))
        )
    if "box" in clothes and "bag" not in clothes:
        pieces.append(_path(f"M{side * 14}-60H{side * 34}V-44H{side * 14}Z", palette.tone(0.05, "wood")))
    if "staff" in clothes:
        pieces.append(
            _path(f"M{-side * 22}-96L{-side * 20}-96L{-side * 22} 0L{-side * 24} 0Z", palette.tone(0.1, "wood"))
        )
    sketch.add("middle", f'<g transform="translate({number(x)} {number(y)})scale({scale:.3g})">{"".join(pieces)}</g>')
    if "lantern" in clothes:
        lx, ly = x + side * 21 * scale, y - 30 * scale
        draw_thing(sketch, "middle", "lantern", lx, ly + 14 * scale, scale * 0.5, 0.0, is_lit=True)
    if "helmet" in clothes:
        sketch.glow("middle", x, y - 93 * scale, 22 * scale, 0.35)


def _path(d: str, fill: Colour, extra: str = "") -> str:
    return f'<path d="{d}" fill="{css(fill)}"{extra}/>'
