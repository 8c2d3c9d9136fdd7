"""How rooms are built, and a room while it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.illustration.palette import Palette
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.sketch import Sketch


@dataclass(frozen=True, slots=True)
class RoomSet:
    """How a room is built.

    Attributes:
        wall: Left, top, right and bottom of its back wall.
        person: How tall a person at that wall is.
        figure: How tall the player is, in front.
        style: How walls and floor look: words of ``panels``, ``bricks``, ``tiles``, ``boards``, ``beams``, ``columns``,
            ``books``, ``round``, ``glass``, ``metal``, ``arches``, ``seats``, ``lamps``, ``basin``.
        things: What may stand there when the prose names little; the first always does.
        windows: How many windows the back wall has.
    """

    wall: tuple[float, float, float, float]
    person: float
    figure: float
    style: str
    things: tuple[str, ...]
    windows: int = 1


# fmt: off
SETS = {
    "room": RoomSet(
        (96, 44, 544, 244),
        98,
        128,
        "panels boards",
        (
        "armchair", "lamp", "painting", "cupboard", "table", "clock", "mirror", "bookshelf", "plant", "sofa"),
    ),
    "kitchen": RoomSet(
        (86, 46, 554, 244), 98, 128, "tiles boards", (
        "stove", "table", "shelf", "cupboard", "teapot", "barrel")
    ),
    "hall": RoomSet((196, 62, 444, 228), 40, 100, "columns tiles",
        ("chandelier", "banner", "bench", "statue", "table"), 3
    ),
    "pool": RoomSet((150, 54, 490, 214), 52, 108, "columns tiles basin", ("bench", "ladder", "clock"), 3),
    "corridor": RoomSet((262, 104, 378, 222), 62, 112, "panels lamps", ("door",), 0),
    "stairwell": RoomSet((150, -20, 490, 250), 84, 112, "bricks round", ("spiral", "lantern", "barrel", "crate"), 1),
    "cellar": RoomSet((120, 70, 520, 240), 92, 122, "bricks arches",
        ("barrel", "crate", "lantern", "sack", "shelf"), 0
    ),
    "cave": RoomSet((150, 60, 490, 236), 60, 100, "rocks", ("rock", "lantern"), 0),
    "church": RoomSet((220, 20, 420, 226), 42, 98, "columns tiles arches",
        ("altar", "pew", "candle", "banner", "statue"), 3),
    "library": RoomSet((110, 28, 530, 240), 80, 116, "books boards", ("desk", "ladder", "orb", "armchair", "table"), 1),
    "workshop": RoomSet(
        (90, 44, 550, 242), 90, 122, "metal boards beams", (
        "machine", "shelf", "hanging", "table", "pipes", "crate"), 1
    ),
    "train": RoomSet((210, 66, 430, 232), 78, 120, "boards seats lamps", ("door",), 0),
    "cabin": RoomSet((110, 66, 530, 244), 96, 126, "boards beams", ("lantern", "chest", "wheel"), 2),
    "bridgeship": RoomSet((120, 56, 520, 236), 80, 116, "metal wide",
        ("console", "screen", "pipes", "stool", "tank"), 1),
    "greenhouse": RoomSet((90, 20, 550, 236), 76, 114, "glass tiles", ("plant", "tree", "bench", "basket", "vase"), 0),
    "theatre": RoomSet((110, 40, 530, 222), 64, 108, "stage boards", ("chair", "stool", "crate", "ladder"), 0),
    "shop": RoomSet(
        (90, 46, 550, 242), 94, 124, "panels boards", (
        "shelf", "table", "cupboard", "barrel", "basket", "vase"), 1
    ),
}
# fmt: on


class Interior:
    """A room while it is drawn.

    Attributes:
        sketch: The picture.
        room_reading: What it shows.
        parts: How it is built.
        sky: The colours seen through its windows.
        windows: Left, top, right and bottom of each.
    """

    def __init__(self, sketch: Sketch, reading: PictureContent, sky: Palette) -> None:
        self.sketch = sketch
        self.room_reading = reading
        self.parts = SETS[reading.set]
        self.style = frozenset(self.parts.style.split())
        self.sky = sky
        x0, y0, x1, y1 = self.parts.wall
        lift = {"low": 10, "high": -16}.get(reading.angle, 0)
        random = sketch.random
        shift = random.uniform(-46, 46) if "columns" not in self.style else random.uniform(-14, 14)
        grow = random.uniform(0.9, 1.08)
        cx, half = (x0 + x1) / 2 + shift, (x1 - x0) / 2 * grow
        self.box = (cx - half, y0 + lift * 0.4 - 8 * (grow - 1), cx + half, y1 + lift + random.uniform(-5, 5))
        self.windows: list[tuple[float, float, float, float]] = []

    def size_at(self, y: float) -> float:
        """Return how tall a person is who stands at a height of the picture."""
        bottom = self.box[3]
        return self.parts.person + (self.parts.figure - self.parts.person) * (y - bottom) / (338 - bottom)
