"""``edit`` and ``play``, without the cost of importing the widgets before one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.notebook.editor import Editor
    from worldkit.notebook.player import Player
    from worldkit.play.position import Position


def edit(
    world: World,
    *,
    layout: Mapping[str, Sequence[float]] | None = None,
    height: int = 560,
    theme: str = "auto",
    read_only: bool = False,
) -> Editor:
    """Open a world in the graph editor: name the result on a cell's last line to show it.

    Args:
        world: The world; it never changes, ``.world`` of the editor is the edited one.
        layout: Where cards stand, by state id; those not named are laid out.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.
        read_only: Let views look and not touch.

    Returns:
        The editor.

    Raises:
        TypeError: It is no World.
    """
    from worldkit.notebook.editor import Editor

    return Editor(_world(world), layout=layout, height=height, theme=theme, read_only=read_only)


def play(
    world: World,
    *,
    start: str | None = None,
    at: Position | Mapping[str, Any] | None = None,
    seed: int = 0,
    height: int = 480,
    theme: str = "auto",
) -> Player:
    """Open a world in the player: name the result on a cell's last line to show it.

    Args:
        world: The world. Rule errors block play until the player insists.
        start: Begin in this state instead of the entrance, with nothing held.
        at: Begin in this saved position instead.
        seed: Kept in the trace.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook; ``"light"`` or ``"dark"``.

    Returns:
        The player; ``.session`` is the session under it.

    Raises:
        TypeError: It is no World, or both ``start`` and ``at`` are given.
        InvalidWorld: It has no states.
        WorldError: There is no such state.
    """
    if start is not None and at is not None:
        raise TypeError("expected start or at, got both; at holds a state already")
    from worldkit.notebook.player import Player
    from worldkit.play import Position, Session
    from worldkit.rules import lint

    session = Session(_world(world), seed=seed, at=at if start is None else Position(start))
    return Player(session, blocked=lint(world).errors, height=height, theme=theme)


def _world(world: World) -> World:
    if not isinstance(world, World):
        raise TypeError(f"expected a World, got {type(world).__name__}; read one with worldkit.load(...)")
    return world
