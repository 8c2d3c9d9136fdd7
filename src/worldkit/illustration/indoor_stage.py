"""Where things stand in a room: along the wall beside its windows, on the floor, and small ones on a table."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worldkit.illustration.cave import LEDGE_END, LEDGE_HEIGHT, has_ledge
from worldkit.illustration.mentions import ThingMention
from worldkit.illustration.placing import Extent, Placement, Room, count_of, extent_of, is_small, preferred_middles
from worldkit.illustration.plants import TREES
from worldkit.illustration.rooms import Interior
from worldkit.illustration.sketch import WIDTH

# fmt: off
_SINGLE_THINGS = frozenset({
    "gears", "machine", "piano", "bed", "sofa", "stall", "car", "boat", "spiral", "stair", "console", "lens", "cart",
    "throne", "altar", "tree",
})
"""What is drawn once, also in the plural."""
# fmt: on

_TOPS: dict[str, tuple[float, tuple[float, ...]]] = {
    "table": (48, (-4, -46, 42)),
    "desk": (50, (-8, -52)),
    "podium": (80, (0,)),
    "altar": (66, (0,)),
    "stool": (46, (0,)),
    "crate": (62, (0,)),
    "chest": (56, (0,)),
    "barrel": (74, (0,)),
}
"""What small things stand on: how high it is, and where on it there is room, in units of which a person has 100."""

_LIGHTS = frozenset({"hanging", "lantern"})

_MAX_COPIES = 5
"""So many of a thing are drawn at most."""

_TOY_SIZE = 66.0
"""How large a toy is, in units of which a person has 100."""

_NARROW_WALL = 240
"""A back wall that is narrower than this holds no row of things: they stand beside it as well."""

_EDGE_MARGIN = 10.0
"""So much room is left between a thing and the edge of the picture."""


@dataclass
class _Surface:
    """What small things stand on: its foot, how tall a person is there, its height and the places that are free."""

    x: float
    y: float
    size: float
    height: float
    free: list[float]


class IndoorStage:
    """Where things stand in a room.

    Attributes:
        space: What is taken of its width.
        small_things: How many kinds of things there are that stand on something; a single one needs no table.
    """

    def __init__(self, room: Interior, small_things: int = 1) -> None:
        self.room = room
        self.small_things = small_things
        self.space = Room(left_edge=_EDGE_MARGIN, right_edge=WIDTH - _EDGE_MARGIN)
        self.space.kept_clear = [(left, right, bottom) for left, _, right, bottom in room.windows]
        self._surfaces: list[_Surface] = []
        self._is_hall = room.parts.person < 60
        self._wall_row = room.box[3] - 60

    def plans(self, mention: ThingMention, *, is_hero: bool) -> list[Placement]:
        """Return where the things of a mention are drawn, what they stand on included."""
        if mention.thing == "ladder" and has_ledge(self.room.room_reading):  # it leans on it
            mention = replace(mention, thing="leaningladder", is_many=False, count=0)
        name, sketch = mention.thing, self.room.sketch
        extent = Extent(150, 100, "ground") if name in TREES else extent_of(name)
        if extent is None:
            return []
        count = 1 if name in _SINGLE_THINGS else count_of(mention, _MAX_COPIES) or (3 if mention.is_many else 1)
        if not sketch.is_full:
            count = min(count, 1 if name in ("chair", "table", "desk") else 2)
        if is_small(mention):
            return self._on_a_surface(extent, mention, count, is_hero=is_hero)
        y, size, foot, (low, high), wishes = {
            "stand": self._at_the_wall,
            "wall": self._at_the_wall,
            "sky": self._at_the_wall,
            "ceiling": self._from_the_ceiling,
        }.get(extent.place, self._on_the_floor)(extent, mention, is_hero=is_hero)
        width, height = extent.width * size / 100, extent.height * size / 100
        top = 0.0 if extent.place == "ceiling" else y - height
        is_extra = not mention.score and name not in _LIGHTS
        xs: list[float] = []
        if foot == self._wall_row:  # each finds its own place between the windows
            for _ in range(count):
                x = self.space.best(sketch, width, foot, wishes, mention.side, within=(low, high), top=top)
                if xs and (self.space.hides(x, width, top) or self.space.is_taken(x, width, foot)):
                    break
                if is_extra and not self._has_room(x, width, foot, top):
                    return []
                self.space.take(x, width * 1.1, foot)
                xs.append(x)
        else:
            step = width + 50 if extent.place == "ceiling" else width * 1.15
            while count > 1 and width + step * (count - 1) > high - low:
                count -= 1
            row = width + step * (count - 1)
            middle = self.space.best(sketch, row, foot, wishes, mention.side, within=(low, high), top=top)
            if is_extra and not self._has_room(middle, row, foot, top):
                return []
            xs = [middle + step * (index - (count - 1) / 2) for index in range(count)]
            for x in xs:
                self.space.take(x, width * 0.95, foot)
        if name in _TOPS:
            surface_height, places = _TOPS[name]
            self._surfaces += [_Surface(x, y, size, surface_height, list(places)) for x in xs]
        return [Placement(y, x, size, mention, is_hero and not index) for index, x in enumerate(xs)]

    def _has_room(self, x: float, width: float, foot: float, top: float) -> bool:
        """Return whether a thing that the prose does not name may stand here: nothing is lost behind it."""
        return not self.space.is_taken(x, width, foot) and not self.space.hides(x, width, top)

    def _on_a_surface(self, extent: Extent, mention: ThingMention, count: int, *, is_hero: bool) -> list[Placement]:
        """Return small things on a table that stands there, or on one of their own."""
        result: list[Placement] = []
        surface = next((one for one in self._surfaces if len(one.free) >= min(count, 2)), None)
        if surface is None and not mention.score:
            return []
        if surface is None:
            is_alone = count == 1 and self.small_things < 2
            is_shown = self._is_hall or (is_hero and count == 1 and self.room.sketch.random.random() < 0.5)
            name = "podium" if is_shown else "stool" if is_alone else "table"
            if self.room.room_reading.set == "cave":
                name = "crate"
            support = ThingMention(name, 1.0, side=mention.side)
            result = self.plans(support, is_hero=False)
            surface = self._surfaces[-1]
        size = surface.size * (min(1.0, _TOY_SIZE / max(extent.width, extent.height)) if mention.is_toy else 1)
        for index in range(min(count, len(surface.free))):
            x = surface.x + surface.free.pop(0) * surface.size / 100 * self.room.sketch.side
            lift = surface.height * surface.size / 100 - 1
            y = surface.y + 0.1 * (index + 1)
            result.append(Placement(y, x, size, mention, is_hero and not index, lift=lift))
        return result

    def _wall(self) -> tuple[float, float]:
        x0, _, x1, _ = self.room.box
        aside = 90.0 if x1 - x0 < _NARROW_WALL else -6.0
        return max(self.space.left_edge, x0 - aside), min(self.space.right_edge, x1 + aside)

    def _at_the_wall(self, extent: Extent, mention: ThingMention, *, is_hero: bool) -> _Spot:
        room = self.room
        x0, y0, x1, y1 = room.box
        size = room.parts.person * ((1.8 if self._is_hall else 1.12) if is_hero else 1.0)
        if extent.place == "stand":
            y, size = y1, min(size, (y1 - y0) * 0.92 / extent.height * 100)
        else:
            y = y1 - room.parts.person * 0.95
        wishes = [x0 + (x1 - x0) * t for t in (0.22, 0.78, 0.4, 0.62, 0.12, 0.88, 0.5)]
        if mention.side:
            wishes = [*preferred_middles(mention, room.sketch.side)[:1], *wishes]
        return y, size, self._wall_row, self._wall(), wishes

    def _from_the_ceiling(self, extent: Extent, mention: ThingMention, *, is_hero: bool) -> _Spot:
        room = self.room
        y, size = max(0.0, room.box[1] - 8), room.size_at(room.box[3] + 30) * (1.5 if self._is_hall else 1.0)
        wishes = preferred_middles(mention, room.sketch.side)
        if mention.thing == "chandelier" or is_hero:
            wishes = [WIDTH / 2, *wishes]
        return y, size, -80, (self.space.left_edge, self.space.right_edge), wishes

    def _on_the_floor(self, extent: Extent, mention: ThingMention, *, is_hero: bool) -> _Spot:
        room = self.room
        _, y0, _, y1 = room.box
        if mention.thing == "leaningladder":
            size = (LEDGE_HEIGHT + 14) / extent.height * 100
            end = WIDTH * (0.5 + room.sketch.side * LEDGE_END)
            return y1 + 20, size, y1 + 20, (end - 1, end + 1), [end]
        if mention.distance == "near":
            y = 326.0
        elif mention.distance == "far" or extent.place == "back":
            y = y1 + 6
        else:
            y = y1 + 38 if is_hero else y1 + 18 + 12 * len(self.space.spans) % 50
        largest = min((y - y0) * (0.95 if is_hero else 0.8) / extent.height, 330 / extent.width) * 100
        size = min(room.size_at(y) * (1.6 if is_hero and self._is_hall else 1.0), largest)
        return y, size, y, (self.space.left_edge, self.space.right_edge), preferred_middles(mention, room.sketch.side)


_Spot = tuple[float, float, float, tuple[float, float], list[float]]
"""The foot of a thing, how tall a person is there, which row it takes room in, within what, and the middles to try."""
