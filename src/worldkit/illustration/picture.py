"""The picture of a state. This is the one place that says which picture that is, in this order.

1. The picture that is stored for the state: a still beside the world, which ``worldkit.paint`` made, else the one in
   the document (``image`` of the state, which ``worldkit.paint(..., embed=True)`` puts there).
2. At the entrance, the picture that the world holds for it: the entrance's own, else the cover.
3. Otherwise a storyboard drawing, which no model paints; of a state without prose, an empty frame.

In the player, what a world model shows now comes before all of them.

A picture in a world may be an address. It is not fetched, so that looking at a world asks no server: then the next in
the order is taken.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from worldkit.core.argument_checks import checked_methods
from worldkit.core.atomic_write import write_atomically
from worldkit.core.document import Document
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean
from worldkit.core.unsent_prose import own_prose
from worldkit.illustration.draw import Drawing, draw_state
from worldkit.illustration.reading import is_blank
from worldkit.illustration.sketch import HEIGHT, WIDTH, Detail
from worldkit.stills.lookup import Still, still_of

Kind = Literal["stored", "entrance", "cover", "storyboard"]

MAX_PICTURE_CHARACTERS = 6_000_000
"""Characters of a picture that is shown: as much as the API takes as a frame, in base64."""

MAX_SIDE = 8192
"""Pixels that a picture may ask for across or down."""

STORYBOARD_NOTE = "Storyboard: drawn from the prose, no model paints."
BLANK_NOTE = "Nothing is written here yet that could be drawn."
OLDER_NOTE = "Painted from an earlier text of this state."

_RASTER_URL = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,([A-Za-z0-9+/]+={0,2})\Z")
_BASE64_UNIT = 4  # characters, for three bytes
_MAX_ALT_WORDS = 240
_SUFFIXES = {
    "image/svg+xml": (".svg",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/avif": (".avif",),
}


@checked_methods
@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a state; a notebook shows it.

    Attributes:
        state: The state's id.
        kind: Where it is from: ``"stored"``, ``"entrance"``, ``"cover"`` or ``"storyboard"``.
        src: The picture as a ``data:`` URL.
        label: What it shows, in words.
        drawing: The storyboard drawing; None for other kinds.
        note: What to tell of where it is from; empty for a picture that shows the state as it is.

    Example:
        >>> world.picture("bench").kind
        'storyboard'
    """

    state: str
    kind: Kind
    src: str
    label: str
    drawing: Drawing | None = None
    note: str = ""

    @property
    def svg(self) -> str | None:
        """The SVG of a storyboard drawing; None for other kinds."""
        return self.drawing.svg if self.drawing else None

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file.

        Args:
            path: Where to: ``*.svg`` for a storyboard drawing, otherwise the suffix of its format, such as ``*.jpg``
                for a still.

        Returns:
            The path written.

        Raises:
            WrongArgument: The suffix is that of another format; nothing is written.

        Example:
            >>> world.picture("bench").save("bench.svg").read_text()[:4]
            '<svg'
        """
        target = Path(path)
        suffixes, suffix = _SUFFIXES[self._media_type], target.suffix.lower()
        if suffix not in suffixes and any(suffix in others for others in _SUFFIXES.values()):
            raise WrongArgument("path", f"a name that ends in {suffixes[0]}, the format of this picture", quote(path))
        write_atomically(target, self.svg.encode() if self.svg else base64.b64decode(self.src.partition(",")[2]))
        return target

    @property
    def _media_type(self) -> str:
        return "image/svg+xml" if self.svg else self.src.removeprefix("data:").partition(";")[0]

    def __repr__(self) -> str:
        return f"Picture of {quote(self.state)}: {self.kind}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        if self.svg:
            return {"text/plain": repr(self), "image/svg+xml": self.svg}
        media_type, data = self.src.removeprefix("data:").split(";base64,", 1)
        return {"text/plain": repr(self), media_type: data}


def picture_of(
    document: Document,
    state_id: str,
    *,
    seed: int = 0,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    detail: Detail = "full",
) -> Picture:
    """Return the picture of a state; the order is that of this module.

    Args:
        document: The world.
        state_id: The state's id.
        seed: For a storyboard drawing: another seed composes the same things otherwise.
        size: For a storyboard drawing: the width and the height it asks for, in pixels.
        detail: ``"full"`` or ``"thumbnail"``, for a storyboard drawing or a still.

    Raises:
        WorldError: There is no such state.
        WrongArgument: The size is not positive.
    """
    state = document.states.get(state_id)
    if state is None:
        raise no_such_state(state_id, document)
    if len(size) != 2 or not all(type(side) is int and 1 <= side <= MAX_SIDE for side in size):
        raise WrongArgument("size", f"a width and a height of 1 to {MAX_SIDE} pixels", quote(size))
    if detail not in ("full", "thumbnail"):
        raise WrongArgument("detail", '"full" or "thumbnail"', quote(detail))
    label = alt_text(document, state_id)
    stored_file = stored_picture(document, state_id, small=detail == "thumbnail")
    if stored_file:
        src, note = stored_file
        return Picture(state_id, "stored", src, label, note=note)
    own = own_picture(document, state_id)
    if own:
        kind, src, words = own
        return Picture(state_id, kind, src, words or label)
    width, height = size  # which may be a list, and the drawings kept are found by a tuple
    drawing = draw_state(document, state_id, seed=seed, size=(width, height), detail=detail)
    src = "data:image/svg+xml;base64," + base64.b64encode(drawing.svg.encode()).decode()
    return Picture(state_id, "storyboard", src, label, drawing, BLANK_NOTE if is_blank(state) else STORYBOARD_NOTE)


def no_such_state(state: str, document: Document) -> WorldError:
    """Return the refusal of a state that is not there, with the nearest that is."""
    return WorldError(f"there is no state {quote(state)} in this world{did_you_mean(state, document.states)}")


def is_shown(src: str) -> bool:
    """Return whether a picture is shown: one that is inside the text itself, in a format without scripts."""
    match = _RASTER_URL.match(src) if len(src) <= MAX_PICTURE_CHARACTERS else None
    return match is not None and (match.end(1) - match.start(1)) % _BASE64_UNIT == 0


def alt_text(document: Document, state_id: str) -> str:
    """Return what a picture of a state shows, in words: the beginning of its prose, or its id."""
    layers = {"subject": document.subject, "styleTail": document.style_tail}
    words = own_prose(layers, document.states[state_id].base).split(None, _MAX_ALT_WORDS)
    text = " ".join(words[:_MAX_ALT_WORDS])
    if len(text) > _MAX_ALT_WORDS:
        text = text[:_MAX_ALT_WORDS].rsplit(" ", 1)[0].rstrip(".,;:") + "\u2026"
    return text or state_id


def stored_picture(document: Document, state_id: str, *, small: bool = False) -> tuple[str, str] | None:
    """Return the picture that is stored for a state, as a ``data:`` URL with its note; None without one.

    Args:
        document: The world.
        small: Whether a small copy is enough.
    """
    still = still_of(document, state_id)
    if still is not None and still.is_current and (src := _still_src(still, small)):
        return src, ""
    image = (document.states[state_id].model_extra or {}).get("image")
    embedded_src = image.get("src") if isinstance(image, Mapping) else None
    if isinstance(embedded_src, str) and is_shown(embedded_src):
        return embedded_src, ""
    if still is not None and (src := _still_src(still, small)):
        return src, OLDER_NOTE
    return None


def _still_src(still: Still, small: bool) -> str:
    data = still.data(small=small)
    return "" if data is None else "data:image/jpeg;base64," + base64.b64encode(data).decode()


def own_picture(document: Document, state_id: str) -> tuple[Kind, str, str] | None:
    """Return the picture that the world holds for where play begins, with what it shows."""
    entrance = document.entrance
    if entrance is None or entrance.state != state_id:
        return None
    if entrance.image is not None and is_shown(entrance.image.src):
        return "entrance", entrance.image.src, entrance.image.label or ""
    if document.cover and is_shown(document.cover):
        return "cover", document.cover, ""
    return None
