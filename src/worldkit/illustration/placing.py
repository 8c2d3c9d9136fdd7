"""Where things stand: the main one on a third of the picture, the others where room is left beside the player."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from worldkit.illustration.colour import Colour, parse
from worldkit.illustration.mentions import ThingMention
from worldkit.illustration.palette import HUES
from worldkit.illustration.plants import TREES
from worldkit.illustration.silhouettes import things
from worldkit.illustration.sketch import HEIGHT, WIDTH, Sketch


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a thing is, in units of which a person has 100, and where it belongs."""

    height: float
    width: float
    place: str


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a thing is drawn.

    Attributes:
        y: Its foot.
        x: Its middle.
        person: How tall a person is drawn where it stands.
        is_hero: Whether the picture is about it.
        colour: Its own colour where the prose names none, to tell it from others of its kind.
        lift: How far above the ground it stands, on something.
    """

    y: float
    x: float
    person: float
    mention: ThingMention
    is_hero: bool
    colour: Colour | None = None
    lift: float = 0.0


_NATURAL_EXTENTS = {
    "rock": Extent(80, 130, "ground"),
    "iceberg": Extent(260, 260, "ground"),
    "cliff": Extent(300, 330, "ground"),
    "crowd": Extent(100, 260, "ground"),
    "waterfall": Extent(420, 120, "back"),
    "bookshelf": Extent(180, 150, "stand"),
    **{name: Extent(height, height * 0.8, "ground") for name, height in TREES.items()},
}


def extent_of(name: str) -> Extent | None:
    """Return how large a thing is; None for what is drawn as a part of the place."""
    if name in _NATURAL_EXTENTS:
        return _NATURAL_EXTENTS[name]
    silhouette = things().get(name)
    return Extent(silhouette.height, silhouette.width, silhouette.place) if silhouette else None


def count_of(mention: ThingMention, max_count: int) -> int:
    """Return how many of a thing are drawn where the prose counts them, else 0.

    Args:
        max_count: So many simple ones are drawn at most; of those with many lines three, so that a picture stays small.
    """
    if mention.thing == "crowd":  # which is many people already
        return 1
    silhouette = things().get(mention.thing)
    size = sum(len(path) for _, _, path in silhouette.shapes) if silhouette else 0
    return min(mention.count, max(3, min(max_count, _MAX_PATH_LENGTH // max(1, size))))


_MAX_PATH_LENGTH = 1_100
"""Characters that the paths of all things of one kind have at most, where there are more than three of them."""


def is_small(mention: ThingMention) -> bool:
    """Return whether a thing stands on something: a small one, or a toy."""
    extent = extent_of(mention.thing)
    return extent is not None and (mention.is_toy or extent.place == "small")


_SIDE_BOUNDS = {
    "left": (0.0, WIDTH * 0.42),
    "middle": (WIDTH * 0.36, WIDTH * 0.64),
    "right": (WIDTH * 0.58, WIDTH * 1.0),
}
"""Between which places the middle of a thing lies that the prose puts to a side."""


_MIN_MARGIN = 30.0
"""The middle of no thing is nearer to the edge of the picture."""

_ROW_DEPTH = 45.0
"""Things whose feet are nearer to each other than this stand in one row."""


@dataclass
class Room:
    """What is taken of the picture's width, at which heights.

    Attributes:
        spans: Left, right and foot of what stands there.
        left_edge: Where there is room for things, from here.
        right_edge: And up to here.
        kept_clear: Left, right and lower end of what is to stay in sight, such as windows.
        player: Left, right and upper end of the player, who stands before no thing that could stand beside.
    """

    spans: list[tuple[float, float, float]] = field(default_factory=list)
    left_edge: float = 0.0
    right_edge: float = WIDTH
    kept_clear: list[tuple[float, float, float]] = field(default_factory=list)
    player: tuple[float, float, float] | None = None

    def take_for_player(self, x: float, width: float, y: float, height: float) -> None:
        """Take the place of the player around a middle."""
        self.take(x, width, y)
        self.player = (x - width / 2, x + width / 2, y - height)

    def take(self, x: float, width: float, y: float) -> None:
        """Take the place around a middle."""
        self.spans.append((x - width / 2, x + width / 2, y))

    def is_taken(self, x: float, width: float, y: float) -> bool:
        """Return whether a thing would stand half before or half behind another one of the same row."""
        return any(
            abs(foot - y) < _ROW_DEPTH and min(right, x + width / 2) - max(left, x - width / 2) > 0.3 * width
            for left, right, foot in self.spans
        )

    def hides(self, x: float, width: float, top: float) -> bool:
        """Return whether a thing would stand before what is to stay in sight."""
        return any(
            top < bottom and left < x + width / 2 and x - width / 2 < right for left, right, bottom in self.kept_clear
        )

    def best(
        self,
        sketch: Sketch,
        width: float,
        y: float,
        wishes: Sequence[float],
        side: str = "",
        *,
        within: tuple[float, float] | None = None,
        top: float = HEIGHT,
    ) -> float:
        """Return the middle that leaves most in sight, near one of those asked for.

        Args:
            sketch: The picture.
            width: How wide the thing is.
            y: Where its foot is.
            wishes: The middles asked for, the best first.
            side: The side that the prose names, or empty; the thing stands there, even before another one.
            within: Where the whole thing is to be; by default a large one may reach out of sight.
            top: Where its upper end is.
        """
        first, last = _SIDE_BOUNDS.get(side, (-WIDTH, 2 * WIDTH))
        left_end, right_end = within or (self.left_edge, self.right_edge)
        margin = width / 2 if within else max(_MIN_MARGIN, min(width * 0.46, 150))
        low = min(left_end + margin, (left_end + right_end) / 2)
        high = max(low, right_end - margin)
        wishes = [min(max(x, low), high) for x in wishes]
        places = [*wishes, *(low + (high - low) * step / 11 for step in range(12))]
        if within:  # beside what is there already
            edges = [*self.spans, *self.kept_clear]
            beside = [(left - width / 2 - 2, right + width / 2 + 2) for left, right, _ in edges]
            places += [x for pair in beside for x in pair if low <= x <= high]
        best, best_cost = min(max(WIDTH / 2, low), high), float("inf")
        for order, x in enumerate(places):
            if not first <= x <= last:
                continue
            cost = (order * 4 if order < len(wishes) else 16) + sketch.random.random() * 3
            for left, right, foot in self.spans:
                overlap = min(right, x + width / 2) - max(left, x - width / 2)
                if overlap > 0:
                    near = max(0.2, 1 - abs(foot - y) / 90)
                    cost += 120 * near * overlap / max(12, min(width, right - left))
            for left, right, bottom in self.kept_clear:
                overlap = min(right, x + width / 2) - max(left, x - width / 2)
                if overlap > 0 and top < bottom:
                    cost += 130 * overlap / max(12, min(width, right - left))
            if self.player and y > self.player[2]:
                overlap = min(self.player[1], x + width / 2) - max(self.player[0], x - width / 2)
                cost += 130 * max(0.0, overlap) / (self.player[1] - self.player[0])
            if cost < best_cost:
                best, best_cost = x, cost
        return best


def colour_of(mention: ThingMention) -> Colour | None:
    """Return the colour that the prose gives a thing, or None."""
    return parse(HUES[mention.colour]) if mention.colour in HUES else None


def preferred_middles(mention: ThingMention, side: int) -> list[float]:
    """Return the middles a thing may stand at, the best first: thirds, and the side that the prose names."""
    third_middle = WIDTH * (0.5 + 0.17 * side)
    side_middles = {"left": [WIDTH * 0.22], "right": [WIDTH * 0.78], "middle": [WIDTH * 0.52]}.get(mention.side, [])
    return [*side_middles, third_middle, WIDTH * (0.5 - 0.33 * side), WIDTH * (0.5 + 0.36 * side), WIDTH * 0.5]


def usual_things(sketch: Sketch, names: Sequence[str], named_things: Collection[str]) -> list[ThingMention]:
    """Return what may stand at a place besides what is named there: what it always has, then the rest in some order.

    Args:
        sketch: The picture.
        names: What may stand there.
        named_things: What the prose names.
    """
    first, rest = list(names[:1]), list(names[1:])
    sketch.random.shuffle(rest)
    return [ThingMention(name, 0.0) for name in first + rest if name not in named_things]
