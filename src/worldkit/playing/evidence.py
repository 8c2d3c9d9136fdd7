"""Samples of a picture, and how luminance and motion are measured (docs/spec/runtime.md#evidence-landwhen)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_types import is_text
from worldkit.core.errors import MissingExtra, WorldError, WrongArgument
from worldkit.core.json_values import Json, quote

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Labels = tuple[tuple[str, float], ...]
LUMA_WEIGHTS = (0.299, 0.587, 0.114)
"""How much red, green and blue count in Rec. 601 luma."""


@checked_methods
@dataclass(frozen=True, slots=True)
class Sample:
    """The result of one look at the picture. What was not measured is None, and is no evidence of anything.

    Attributes:
        luminance: Mean Rec. 601 luma, 0 to 255.
        motion: Mean absolute change of luma since the sample before, 0 to 255.
        labels: What was recognised, and how much of the picture it covers, 0 to 1; given as a mapping, as
            pairs, or as bare labels, which then cover all of it.

    Example:
        >>> wk.Sample(luminance=40).luminance
        40
    """

    luminance: float | None = None
    motion: float | None = None
    labels: Labels = field(default=())

    def __post_init__(self) -> None:
        for name in ("luminance", "motion"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _number(value, name))
        object.__setattr__(self, "labels", _labels(self.labels))

    @classmethod
    def of(cls, value: Sample | Mapping[str, Any]) -> Sample:
        """Return a sample given as one, or as ``{"luminance"?, "motion"?, "labels"?}``.

        Raises:
            WorldError: It is neither.

        Example:
            >>> wk.Sample.of({"luminance": 40, "labels": {"bench": 0.3}})
            Sample(luminance=40, motion=None, labels=(('bench', 0.3),))
        """
        if isinstance(value, Sample):
            return value
        if not isinstance(value, Mapping) or not value.keys() <= {"luminance", "motion", "labels"}:
            expected = 'expected an object with "luminance", "motion" and "labels", each optional'
            raise WorldError(f"not a sample of a picture: {expected}; got {quote(value)}")
        labels = value.get("labels")
        return cls(value.get("luminance"), value.get("motion"), () if labels is None else labels)

    def to_dict(self) -> Json:
        """Return the sample as JSON values; what was not measured is left out."""
        data: Json = {}
        if self.luminance is not None:
            data["luminance"] = self.luminance
        if self.motion is not None:
            data["motion"] = self.motion
        if self.labels:
            data["labels"] = dict(self.labels)
        return data


@dataclass(frozen=True, slots=True)
class Observation:
    """A sample in a run, with the time from which it holds.

    Attributes:
        at: When it was made, in ms of the run's clock.
        after: How many steps had landed by then.
        during: The step after those was playing.
        asked: A source was asked for it at a tick, so it counts for that very tick; one that was given counts
            from the next tick on.
        sample: What was seen.

    Example:
        >>> session = wk.Session(world, mode="real-time").observe(luminance=40)
        >>> session.trace.seen[0]
        Observation(at=0, after=0, during=False, asked=False, sample=Sample(luminance=40, motion...
    """

    at: int
    after: int
    during: bool
    asked: bool
    sample: Sample

    def to_dict(self) -> Json:
        """Return the observation as JSON values; what is false is left out."""
        data: Json = {"at": self.at, "after": self.after}
        data |= {name: True for name in ("during", "asked") if getattr(self, name)}
        return data | self.sample.to_dict()


Source = Callable[[int], "Sample | Mapping[str, Any] | None"]
"""Who looks at the picture: called with the clock at a tick; None means that the last sample still holds."""


def _number(value: Any, name: str) -> float:
    number = None
    if isinstance(value, Real) and not isinstance(value, bool):
        with suppress(OverflowError):  # a whole number beyond every float
            number = float(value)
    if number is None or not isfinite(number):
        raise WorldError(f"not a sample of a picture: expected {name} to be a finite number, got {quote(value)}")
    return value if isinstance(value, int) else number


def _labels(value: Any) -> Labels:
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable) or isinstance(value, (bytes, bytearray)):
        raise _labels_error(value)
    labels: dict[str, float] = {}
    for pair in value.items() if isinstance(value, Mapping) else value:
        label, extent = (pair, 1.0) if isinstance(pair, str) else _label_and_extent(pair)
        if not is_text(label):
            raise WorldError(f"not a sample of a picture: the label {quote(label)} has a lone surrogate, no character")
        labels[label] = _number(extent, f"the extent of {quote(label)}")
    return tuple(labels.items())


def _label_and_extent(value: Any) -> tuple[str, Any]:
    if not isinstance(value, (tuple, list)) or len(value) != 2 or not isinstance(value[0], str):
        raise _labels_error(value)
    return value[0], value[1]


def _labels_error(value: Any) -> WorldError:
    expected = "a mapping of labels to extents, pairs of both, or bare labels"
    return WorldError(f"not a sample of a picture: expected labels to be {expected}, got {quote(value)}")


# ---- measuring pictures ------------------------------------------------------------------------


def luminance(picture: Any, channels: int = 3) -> float:
    """Return the mean Rec. 601 luma of a picture, 0 to 255.

    Args:
        picture: Bytes, row by row, of ``channels`` bytes a pixel; or an array, or what numpy makes one of, of
            shape (height, width, 3 or 4) or (height, width), with values 0 to 255. A fourth channel is left out.
        channels: Of bytes: 1 (luma), 3 (RGB) or 4 (RGBA).

    Raises:
        WrongArgument: It is no such picture.
        MissingExtra: It is not bytes, and numpy is not installed.
    """
    if isinstance(picture, (bytes, bytearray, memoryview)):
        data = _bytes(picture, channels)
        if channels == 1:
            return sum(data) / len(data)
        total = sum(weight * sum(data[start::channels]) for start, weight in enumerate(LUMA_WEIGHTS))
        return total / (len(data) // channels)
    return _finite(float(_luma_plane(picture).mean()))


def motion(before: Any, after: Any, channels: int = 3) -> float:
    """Return the mean absolute change of luma between two pictures of one size, 0 to 255.

    Args:
        before: The earlier picture, as for ``luminance``.
        after: The later one.
        channels: Of bytes: 1, 3 or 4.

    Raises:
        WrongArgument: They are no such pictures, or not of one size.
        MissingExtra: They are not bytes, and numpy is not installed.
    """
    if all(isinstance(picture, (bytes, bytearray, memoryview)) for picture in (before, after)):
        earlier, later = _lumas(_bytes(before, channels), channels), _lumas(_bytes(after, channels), channels)
        if len(earlier) != len(later):
            raise WrongArgument("before", "two pictures of one size", f"{len(earlier)} and {len(later)} pixels")
        return sum(abs(a - b) for a, b in zip(earlier, later, strict=True)) / len(earlier)
    old, new = _luma_plane(before), _luma_plane(after)
    if old.shape != new.shape:
        raise WrongArgument("before", "two pictures of one size", f"{old.shape} and {new.shape}")
    return _finite(float(abs(new - old).mean()))


def sample(picture: Any, before: Any = None, *, labels: Any = (), channels: int = 3) -> Sample:
    """Return the sample of a picture, with the motion since the one before when that is given.

    Args:
        picture: The picture, as for ``luminance``.
        before: The picture of the sample before.
        labels: What was recognised in it, as for ``Sample``.
        channels: Of bytes: 1, 3 or 4.
    """
    motion_value = None if before is None else motion(before, picture, channels)
    return Sample(luminance(picture, channels), motion_value, labels)


def _finite(mean: float) -> float:
    if not isfinite(mean):
        raise WrongArgument("picture", "numbers from 0 to 255", "one that is not finite")
    return mean


def _bytes(picture: bytes | bytearray | memoryview, channels: int) -> bytes:
    data = bytes(picture)
    if channels not in (1, 3, 4):
        raise WrongArgument("channels", "1, 3 or 4", f"{channels}")
    if not data or len(data) % channels:
        raise WrongArgument("picture", f"whole pixels of {channels} bytes, at least one", f"{len(data)} bytes")
    return data


def _lumas(data: bytes, channels: int) -> bytes | list[float]:
    if channels == 1:
        return data
    red, green, blue = LUMA_WEIGHTS
    reds, greens, blues = (data[start::channels] for start in range(3))
    return [red * r + green * g + blue * b for r, g, b in zip(reds, greens, blues, strict=True)]


def _luma_plane(picture: Any) -> NDArray[np.float64]:
    try:
        import numpy as np
    except ImportError:
        raise MissingExtra("measuring pictures that are not bytes", "local", "numpy") from None
    if isinstance(picture, (bytes, bytearray, memoryview)):
        raise WrongArgument("picture", "two pictures of one form", "bytes and an array")
    try:
        array = np.asarray(picture, dtype=np.float64)
    except (TypeError, ValueError):
        raise WrongArgument("picture", "bytes, or an array of numbers", quote(picture)) from None
    if array.size == 0 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))):
        raise WrongArgument(
            "picture", "an array (height, width, 3 or 4) or (height, width)", f"the shape {array.shape}"
        )
    return array if array.ndim == 2 else array[:, :, :3] @ np.array(LUMA_WEIGHTS)
