"""``Painter``: one interface for everything that draws a world while it is played."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from typing import Literal, Protocol, get_args, runtime_checkable

from worldkit.core.argument_checks import refusal
from worldkit.core.characters import printable_line

PromptKind = Literal["prompt", "state"]
"""``prompt``: what happens now, such as a phase of an event. ``state``: the player has arrived in a state."""


def require_prompt_kind(kind: str) -> None:
    """Refuse a word that is no kind of prompt.

    Raises:
        WrongArgument: It is none.
    """
    if kind not in get_args(PromptKind):
        raise refusal("kind", '"prompt" or "state"', kind)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities of a painter.

    Attributes:
        streaming: It sends pictures by itself.
        prompt: Its picture follows new prompts. Without it the graph plays and the picture ignores it.
        hold: Its picture follows held controls.
        image: It can begin from a picture.
        step: It draws a picture only when asked, so that a run can be drawn again exactly.
        persistent: The world it has drawn stays as it was when one comes back.
        latency_ms: Milliseconds from a prompt to a picture that shows it; None when it does not say.
        note: What it says about itself, as text.
        inferred: It did not say what it can do; this was concluded from its silence.
    """

    streaming: bool = True
    prompt: bool = False
    hold: bool = False
    image: bool = False
    step: bool = False
    persistent: bool = False
    latency_ms: float | None = None
    note: str = ""
    inferred: bool = False


_IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """One picture; a notebook shows it.

    Attributes:
        data: Its bytes; for ``image/x-rgba`` four bytes a pixel, row by row.
        media_type: ``image/png``, ``image/jpeg``, ``image/webp``, ``image/gif`` or ``image/x-rgba``; for an address
            also ``video``.
        width: Pixels across; 0 when the bytes say so themselves.
        height: Pixels down; 0 when the bytes say so themselves.
        url: Where the picture or video is, instead of ``data``.
    """

    data: bytes = b""
    media_type: str = ""
    width: int = 0
    height: int = 0
    url: str = ""

    def __repr__(self) -> str:
        if self.url:
            return f"Frame at {printable_line(self.url)}"
        size = f", {self.width} x {self.height}" if self.width else ""
        return f"Frame of {len(self.data):,} bytes, {self.media_type}{size}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        text = {"text/plain": repr(self)}
        if self.data and self.media_type in _IMAGE_TYPES:
            text[self.media_type] = base64.b64encode(self.data).decode()
        return text


@runtime_checkable
class Painter(Protocol):
    """Draws a world while it is played.

    A painter never decides what happens: it is told what to draw. When it fails, play goes on without a picture.
    ``say`` and ``hold`` are called one after the other, each once the one before has returned.
    """

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        """Begin to draw, and return what the painter can do.

        Args:
            prompt: The prompt of the state that play begins in.
            image: The address of a picture to begin from; empty without one.
            world: The world's name or id.

        Raises:
            PainterRefused: It cannot be reached, or turned us away.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base, world=world.name)
            >>> await anext(painter.frames())
            Frame of ... bytes, image/jpeg
            >>> await painter.close()
        """
        ...

    async def say(self, prompt: str, kind: PromptKind = "prompt", state: str = "") -> None:
        """Send the painter the prompt of what to draw now; nothing is sent to one that ignores prompts.

        Args:
            prompt: The prompt.
            kind: Whether something happens or a state was entered.
            state: The id of the state entered.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.say(world.states["bench"].base, kind="state", state="bench")
            >>> await painter.close()
        """
        ...

    async def hold(self, controls: Collection[str]) -> None:
        """Hold these controls, and release all others; nothing is sent to one that ignores controls.

        Args:
            controls: Words of ``worldkit.painting.controls.AXES``, such as ``{"forward", "left"}``.

        Example:
            >>> painter = wk.painters.WebSocketPainter("ws://127.0.0.1:8765")
            >>> capabilities = await painter.open(world.states["lane"].base)
            >>> await painter.hold({"forward", "left"})
            >>> await painter.hold(())
            >>> await painter.close()
        """
        ...

    def frames(self) -> AsyncIterator[Frame]:
        """Yield pictures as they come, until the painter is closed; of those that come too fast, the newest."""
        ...

    async def close(self) -> None:
        """Stop drawing; may be called more than once."""
        ...
