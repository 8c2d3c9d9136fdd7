"""Where things stand under the sky: how far, how large, on the walls of a street, and each in its own colour."""

from __future__ import annotations

from worldkit.illustration.backdrop import ALLEY, STREET
from worldkit.illustration.hues import varied_hue
from worldkit.illustration.mentions import ThingMention
from worldkit.illustration.places import OutdoorSet
from worldkit.illustration.placing import Extent, Placement, Room, count_of, extent_of, is_small, preferred_middles
from worldkit.illustration.reading import PictureContent
from worldkit.illustration.sketch import WIDTH, Sketch


class OutdoorStage:
    """Where things stand under the sky.

    Attributes:
        sketch: The picture.
        horizon: Where the eye's height is.
        top: Where the ground begins.
        foot: Where the player stands.
        person: How tall the player is.
        is_by_track: Whether a track lies between the horizon and the ground.
        is_afloat: Whether there is no ground, but water.
        is_paved: Whether small things stand on a crate, since no rock lies there.
        is_built_up: Whether there are walls at both sides, where signs hang.
        room: What is taken.
    """

    def __init__(self, sketch: Sketch, reading: PictureContent, parts: OutdoorSet, horizon: float, top: float) -> None:
        self.sketch, self.horizon, self.top = sketch, horizon, top
        self.is_by_track = "station" in parts.far
        self.is_afloat = parts.ground == "water"
        self.foot = 318.0 if self.is_afloat else 330.0
        self.person = (74.0 if reading.angle == "wide" else 92.0) * (1.1 if reading.ending else 1.0)
        self.is_built_up = reading.set in ("alley", "street", "city", "square")
        self.is_paved = parts.ground in ("planks", "cobbles", "road", "roof")
        reach = ALLEY if "alley" in parts.far else STREET if "street" in parts.far else WIDTH / 2
        reach *= 0.9 if self.is_built_up else 1
        self.room = Room(left_edge=max(0.0, WIDTH / 2 - reach), right_edge=min(WIDTH, WIDTH / 2 + reach))

    def size_at(self, y: float) -> float:
        """Return how tall a person is who stands at a height of the picture."""
        return max(6.0, self.person * (y - self.horizon) / (self.foot - self.horizon))

    def spot(self, extent: Extent, mention: ThingMention, *, is_hero: bool) -> tuple[float, float]:
        """Return where the first one of a thing stands, and how tall a person is there."""
        target = 140.0 + 0.1 * extent.height if is_hero else 62.0 + 0.2 * extent.height
        if mention.distance == "far" or extent.place == "back":
            target *= 0.72
        elif mention.distance == "near":
            target *= 1.2
        size = min(target, 250.0) / extent.height * 100
        lowest = 338.0 if is_hero else 326.0
        y = min(max(self.horizon + size * (self.foot - self.horizon) / self.person, self.top + 3), lowest)
        if is_small(mention):
            largest = max(extent.height, 0.6 * extent.width)
            return (318.0, 3200 / largest) if is_hero else (300.0, 2100 / largest)
        if extent.place == "sky":
            return self._spot_in_the_sky(extent, mention.thing, is_hero=is_hero)
        if mention.thing in _HANGING_SIGNS and self.is_built_up:
            return self.horizon - 66, 88.0 if is_hero else 66.0
        if mention.thing == "train" and self.is_by_track:
            return self.horizon + 31, 58.0
        if extent.place == "back":
            return self.top + 3 if self.top == self.horizon else self.horizon + 4, size
        size = min(size, self.size_at(y) * 1.25)
        if extent.place == "water":
            size = min(max(size, 80 * target / extent.height), (0.62 if is_hero else 0.42) * WIDTH * 100 / extent.width)
            if extent.height <= _MAX_BOAT_HEIGHT:  # what one steps into is of the player's own scale
                size = min(size, 1.1 * self.person)
            if self.is_afloat:
                y = min(y, 296)
            elif self.top > self.horizon:
                y = min(max(self.horizon + 14, y), self.horizon + 40)
        return y, size

    def _spot_in_the_sky(self, extent: Extent, name: str, *, is_hero: bool) -> tuple[float, float]:
        y = self.horizon * (0.42 if extent.height > 100 else 0.5) + self.sketch.random.uniform(-12, 18)
        if name == "gull":
            return y, 34.0
        if name == "moth":  # it flies before one's eyes
            return self.horizon + self.sketch.random.uniform(-8, 40), (48.0 if is_hero else 26.0) / extent.height * 100
        if name == "planet":
            return self.horizon * 0.75, 150.0
        return y, (90.0 if is_hero else 56.0) / extent.height * 100

    def plans(self, mention: ThingMention, *, is_hero: bool) -> list[Placement]:
        """Return where the things of a mention are drawn."""
        sketch, random, name = self.sketch, self.sketch.random, mention.thing
        extent = extent_of(name)
        if extent is None or (extent.place in ("wall", "ceiling", "stand") and name not in _FREE_STANDING_THINGS):
            return []
        if self.is_afloat and extent.place == "ground" and name not in _SEA_THINGS:
            return []
        y, size = self.spot(extent, mention, is_hero=is_hero)
        is_hung = name in _HANGING_SIGNS and self.is_built_up
        usual_count = _COUNTS.get(name, 3) if mention.is_many else 4 if name == "gull" else 1
        count = count_of(mention, _MAX_COPIES) or usual_count
        if is_small(mention):
            count = 1
        result: list[Placement] = []
        for index in range(count if sketch.is_full else min(count, 2)):
            own_y, own_size, wishes = y, size, preferred_middles(mention, sketch.side)
            if is_hung:
                aside, part = _SIGNS[index % len(_SIGNS)]
                wishes, own_size = [WIDTH * (0.5 + sketch.side * aside)], size * part
                own_y = self.horizon + (y - self.horizon) * part
            elif index:
                shift = random.uniform(0.5, 0.9)
                if extent.place == "sky":
                    own_y, own_size = y + random.uniform(-34, 34), size * shift
                elif extent.place != "back":
                    own_y = max(self.top + 3, self.horizon + (y - self.horizon) * shift)
                    own_size *= (own_y - self.horizon) / max(1, y - self.horizon)
                wishes = [result[-1].x + random.choice((-1, 1)) * extent.width * own_size / 91]
            width = extent.width * own_size / 100
            x = wishes[0] if is_hung else self.room.best(sketch, width, own_y, wishes, mention.side)
            self.room.take(x, width * 0.9, own_y)
            own_colour = (
                varied_hue(index) if name in _VARIED_COLOUR_THINGS and mention.is_many and not mention.colour else None
            )
            lift = 0.0
            if is_small(mention) and self.is_paved:
                lift = 0.62 * _CRATE_SCALE - 1
                result.append(Placement(own_y, x, _CRATE_SCALE, ThingMention("crate", 0.0), is_hero=False))
            result.append(Placement(own_y + lift / 99, x, own_size, mention, is_hero and not index, own_colour, lift))
        return result


_MAX_BOAT_HEIGHT = 100.0
"""What floats and is lower than this, in units of which a person has 100, is a boat or a pier."""
_CRATE_SCALE = 46.0
"""How tall a person is where the crate stands that small things are put on: it is a small one."""
_SEA_THINGS = frozenset({"rock", "cliff", "iceberg", "lighthouse", "crate", "barrel", "log", "ruin"})
"""What stands in the sea or floats on it; other things of the ground are not drawn on water."""
_HANGING_SIGNS = frozenset({"neon", "shopsign"})
"""What hangs on the walls of a street."""
_VARIED_COLOUR_THINGS = frozenset({"neon", "shopsign", "stall", "umbrella", "flag", "banner", "tent"})
"""What has another colour each where there are several: they belong to different people."""
_FREE_STANDING_THINGS = frozenset(
    {"torch", "neon", "shopsign", "banner", "tank", "stove", "fireplace", "wheel", "mirror", "grandfather", "cupboard"}
)
"""Things of a wall that may stand under the sky."""
_MAX_COPIES = 7
"""So many of a thing are drawn at most."""
_COUNTS = {"gull": 7, "sheep": 5, "grave": 6, "person": 4, "flower": 9, "tulip": 9, "mushroom": 5}
"""How many there are of what stands in the plural; three of other things."""
_SIGNS = ((0.3, 1.0), (-0.3, 0.9), (0.15, 0.55), (-0.16, 0.5))
"""Where signs hang on the walls of a street, from its middle as parts of the width, and how large."""
