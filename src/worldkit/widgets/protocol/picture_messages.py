"""What the kernel sends to any widget that shows the pictures of states."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from worldkit.widgets.protocol.common import Reply, message


@message
class StatePicture(TypedDict):
    """The picture of a state: a ``data:`` URL, or a storyboard drawing as SVG."""

    kind: Literal["painted", "stored", "entrance", "cover", "storyboard"]
    label: str
    note: str
    """What to tell of where it is from."""
    src: str
    """Empty for a storyboard drawing."""
    layers: list[str]
    """SVG texts, the farthest first; a thumbnail has one."""
    motion: Literal["push", "pull", "left", "right", "up", "down"]


@message
class PicturesReply(Reply):
    """The reply to ``pictures``: pictures by state."""

    type: Literal["pictures"]
    pictures: dict[str, StatePicture]


@message
class NewPictures(Reply):
    """Pictures that have just been made; they replace those that are shown, and nobody asked for them."""

    type: Literal["new_pictures"]
    detail: Literal["full", "thumbnail"]
    pictures: dict[str, StatePicture | None]
    """By state; null for one that is to be asked for when it is shown again."""
