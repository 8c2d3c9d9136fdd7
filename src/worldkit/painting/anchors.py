"""Anchors in a picture: which thing that a detector recognised is one, and whether it can be pressed.

Source:
    docs/spec/runtime.md#offers-in-world-order
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.core.model import Anchor
from worldkit.painting.detection import Detection
from worldkit.playing.evidence_gates import normalize_label

MIN_PROXIMITY = 0.1
"""The short side of its box from which an anchor is close, where the world does not say it."""
MIDDLE = (1 / 3, 2 / 3)
"""The part of the picture's width in which the middle of a thing must be to be in the middle."""


@dataclass(frozen=True, slots=True)
class FoundAnchor:
    """An anchor that is in sight.

    Attributes:
        event: The name of the event that it fires.
        box: Where it is, left, top, right and bottom, as shares of the picture.
        is_close: Whether its box is as large as the event asks.
        is_centered: Whether it is in the middle of the picture.
    """

    event: str
    box: tuple[float, float, float, float]
    is_close: bool
    is_centered: bool

    def to_json(self) -> Json:
        """Return it as a view gets it."""
        return {
            "event": self.event,
            "box": [round(side, 4) for side in self.box],
            "isClose": self.is_close,
            "isCentered": self.is_centered,
        }


def find_anchor(
    event: str, anchor: Anchor, detections: Iterable[Detection], size: tuple[int, int] | None
) -> FoundAnchor | None:
    """Return where an anchor is: the largest of what was recognised by its label, else by an alias; None without one.

    Args:
        event: The name of its event.
        detections: What was recognised.
        size: The picture's width and height in pixels; without it no shape is checked.
    """
    best = largest_of(label_names(anchor.label, anchor.aliases), detections, anchor, size)
    if best is None:
        return None
    box = visible_box(best)
    min_proximity = MIN_PROXIMITY if anchor.min_proximity is None else anchor.min_proximity
    return FoundAnchor(event, box, _short_side(box) >= min_proximity, MIDDLE[0] <= middle_of(box) <= MIDDLE[1])


def largest_of(
    names: Iterable[str],
    detections: Iterable[Detection],
    anchor: Anchor | None = None,
    size: tuple[int, int] | None = None,
) -> Detection | None:
    """Return the largest detection of the first name that there is any of, in the shape that an anchor asks for.

    Args:
        names: The names, the best first, as ``label_names`` returns them.
        detections: What was recognised.
        anchor: Says which shape it must have.
        size: The picture's width and height in pixels; without it no shape is checked.
    """
    largest_by_label: dict[str, Detection] = {}
    for detection in sorted(detections, key=lambda detection: -_short_side(visible_box(detection))):
        box = visible_box(detection)
        if _short_side(box) > 0 and (anchor is None or size is None or _has_shape(box, anchor, size)):
            largest_by_label.setdefault(normalize_label(detection.label), detection)
    return next((largest_by_label[name] for name in names if name in largest_by_label), None)


def label_names(label: str, aliases: Iterable[str] | None) -> tuple[str, ...]:
    """Return a label and its aliases as labels are compared, in their order."""
    return tuple(normalize_label(name) for name in (label, *(aliases or ())) if name.strip())


def visible_box(detection: Detection) -> tuple[float, float, float, float]:
    """Return the part of a detection's box that is in the picture."""
    left, top, right, bottom = (
        max(0.0, min(1.0, float(side))) for side in (detection.left, detection.top, detection.right, detection.bottom)
    )
    return left, top, right, bottom


def middle_of(box: tuple[float, float, float, float]) -> float:
    """Return where the middle of a box is across the picture, 0 at the left to 1 at the right."""
    return (box[0] + box[2]) / 2


def _short_side(box: tuple[float, float, float, float]) -> float:
    return round(min(box[2] - box[0], box[3] - box[1]), 6)


def _has_shape(box: tuple[float, float, float, float], anchor: Anchor, size: tuple[int, int]) -> bool:
    if anchor.expected_aspect is None:
        return True
    aspect = (box[2] - box[0]) * size[0] / ((box[3] - box[1]) * size[1])
    return anchor.expected_aspect.min <= aspect <= anchor.expected_aspect.max
