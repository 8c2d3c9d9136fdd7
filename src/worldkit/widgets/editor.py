"""``Editor``: the graph editor in a cell. A thin shell that keeps a state, sends messages and listens.

Everything that is decided is decided in ``session`` and ``history``, without effects.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import traitlets
from anywidget import AnyWidget

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy
from worldkit.widgets import display, history, parsing, protocol, reducer
from worldkit.widgets import overlay as layers
from worldkit.widgets.bundle import bundle
from worldkit.widgets.history import EditorState, Places
from worldkit.widgets.last_runs import Run
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.ops import Op

log = logging.getLogger("worldkit.widgets")

Listener = Callable[[World], object]


@checked_methods
class Editor(AnyWidget):
    """The editor of a world in a notebook cell; show it by naming it on a cell's last line.

    The kernel owns the world: the browser sends operations and is told what came of them, so Python and
    every view of the editor share one world and one history. Display options are traits: ``height``,
    ``theme`` (``"auto"``, ``"light"``, ``"dark"``), ``read_only`` (views may look and not touch; Python
    still may) and ``selection`` (``{"kind": "state" or "event", "id": ...}`` or None).

    Where the world is saved is for a subclass.

    Args:
        run: What it holds, and changes.
        shown: The traits, by name.

    Example:
        >>> editor = wk.edit(world)
        >>> editor
        Editor of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', 0 edits; not save...
        >>> editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}]).undo().world == world
        True
    """

    _esm = bundle("editor.js")
    _css = bundle("editor.css")

    seed: Any = traitlets.Dict().tag(sync=True, to_json=lambda _, self: reducer.seed(self._state))
    height: Any = traitlets.Int(560, min=0).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)
    read_only: Any = traitlets.Bool(False).tag(sync=True)
    selection: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    overlays: Any = traitlets.List().tag(sync=True)
    playing: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    binding: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    start: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    last_run: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)

    def __init__(self, run: Run, **shown: Any) -> None:
        # ipykernel may hand over a message on another thread while a cell runs
        self._lock = threading.RLock()
        self._listeners: dict[object, Listener] = {}
        self._run = run
        self._layers: dict[str, layers.Overlay] = {}
        self._serial = 0
        super().__init__(**shown)
        self.on_msg(self._receive)

    # ---- reading -------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world as it is now."""
        return self._state.world

    @property
    def ops(self) -> list[Json]:
        """The operations made since the editor opened, without those undone: ``opened.apply(ed.ops) == ed.world``."""
        made: list[Json] = deep_copy(self._state.ops)
        return made

    @property
    def layout(self) -> Places:
        """The top-left corner of every state's card, by id; pass it to ``edit(layout=...)`` to keep it."""
        return MappingProxyType(dict(self._state.places))

    @property
    def diagnostics(self) -> Diagnostics:
        """What the rules find in the world as it is now."""
        return self._state.diagnostics

    def code(self, name: str = "world") -> str:
        """Return the edits as Python: run on the world as it was opened, it leaves an equal world.

        Args:
            name: The variable that holds the world.

        Example:
            >>> print(wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}]).code())
            # Rename lane to road
            world = world.apply(
                [
                    {'op': 'rename_state', 'from': 'lane', 'to': 'road'},
                ]
            )
        """
        return reducer.code(self._state, name)

    # ---- changing ------------------------------------------------------------------------------

    def apply(self, ops: Iterable[Op | Mapping[str, Any]], *, label: str | None = None, strict: bool = False) -> Self:
        """Apply operations as one undoable gesture; every view follows.

        Args:
            ops: The operations, as for ``World.apply``.
            label: What undo calls it; made of the operations when not given.
            strict: Refuse what introduces a rule error.

        Raises:
            OpError: An operation was refused.
            RuleViolation: ``strict``, and new errors would appear.

        Example:
            >>> wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}]).world.start
            'road'
        """
        batch = list(ops)
        named = protocol.one_line(label) if label else None
        return self._change(lambda state: history.edited(state, batch, label=named, strict=strict))

    def move(self, places: Mapping[str, Sequence[float]], *, label: str | None = None) -> Self:
        """Put cards somewhere, as one undoable gesture. From then on they stay where they are put.

        Args:
            places: The top-left corner by state id.
            label: What undo calls it; made of the states when not given.

        Raises:
            WorldError: There is no such state.
        """
        at = {id: (x, y) for id, (x, y) in places.items()}
        named = protocol.one_line(label) if label else None
        return self._change(lambda state: history.moved(state, at, named))

    def tidy(self, *, everything: bool = False) -> Self:
        """Lay cards out anew, as one undoable gesture.

        Args:
            everything: Move what was placed by hand, too; else only the rest is laid out around it.
        """
        return self._change(lambda state: history.tidied(state, everything=everything))

    def undo(self) -> Self:
        """Take the last gesture back, whoever made it.

        Raises:
            WorldError: There is nothing to undo.

        Example:
            >>> editor = wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> editor.undo().world.start
            'lane'
        """
        return self._change(history.undone)

    def redo(self) -> Self:
        """Do the gesture last taken back again.

        Raises:
            WorldError: There is nothing to redo.

        Example:
            >>> editor = wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> editor.undo().redo().world.start
            'road'
        """
        return self._change(history.redone)

    def overlay(self, what: object, *, name: str | None = None) -> Self:
        """Draw something over the map: where runs have been, how many players went where, what can never happen.

        Views list all overlays and show one of them, the newest at first. When an edit changes how the world plays,
        an overlay says that it is out of date; an exploration that was quick is made again instead.

        Args:
            what: A ``Session``, a ``Trace`` or several of those, a ``Playtest``, an ``Exploration``; None takes
                overlays away.
            name: What the list calls it; one of the same name takes its place. With None for ``what``, which one
                to take away; all of them when not given.

        Raises:
            TypeError: It is nothing of that.
        """
        with self._lock:
            if what is None:
                for key in [name] if name is not None else list(self._layers):
                    self._layers.pop(key, None)
            else:
                self._serial += 1
                made = replace(layers.overlay(what, self.world, name), serial=self._serial)
                self._layers.pop(made.key, None)
                self._layers[made.key] = made
            self._show_layers()
        return self

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change of the world, wherever it was made.

        Args:
            listener: Called with the new world. What it raises goes to the log.

        Returns:
            A function that unsubscribes.
        """
        key = object()
        with self._lock:
            self._listeners[key] = listener

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(key, None)

        return unsubscribe

    # ---- inside --------------------------------------------------------------------------------

    @property
    def _state(self) -> EditorState:
        return self._run.state

    @_state.setter
    def _state(self, state: EditorState) -> None:
        self._run.state = state

    def _change(self, make: Callable[[EditorState], EditorState]) -> Self:
        with self._lock:
            before = self._state
            after, trouble = self._keep(before, make(before))
            self._take(before, after)
        self._tell(before.world, after.world)
        if trouble is not None:
            raise trouble
        return self

    def _keep(self, before: EditorState, after: EditorState) -> tuple[EditorState, WorldError | None]:
        """Keep a step wherever the world lives; return what became of it, and what went wrong."""
        return after, None

    def _take(self, before: EditorState, after: EditorState) -> None:
        told = reducer.changed(before, after)
        self._state = after
        if told is not None:
            self.send(told)

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        to = protocol.address(content)
        with self._lock:
            before = self._state
            step = self._step(content, to)
            self._state = step.state
            if step.changed is not None:
                self.send(step.changed)
            self.send(step.reply)
        self._tell(before.world, step.state.world)

    def _step(self, content: Any, to: protocol.Address) -> reducer.Step:
        state = self._state
        rev = state.world.rev
        try:
            size = protocol.size(content)
            if size > protocol.MAX_BYTES:
                return reducer.Step(state, protocol.oversize(to, size, rev))
            request = parsing.read_editor(content)
            if isinstance(request, protocol.Explore):
                return reducer.Step(state, self._explore(to))
            if isinstance(request, protocol.PlaceRequest):
                return self._of_place(request, to)
            return self._kept(reducer.decide(state, request, to, read_only=self.read_only), to)
        except parsing.Malformed as refused:
            return reducer.Step(state, protocol.rejected(to, "invalid", str(refused), rev))
        except Exception:
            log.exception("the editor failed on a message")
            return reducer.Step(state, protocol.internal(to, rev))

    def _kept(self, step: reducer.Step, to: protocol.Address) -> reducer.Step:
        """Keep what a view asked for wherever the world lives."""
        return step

    def _of_place(self, request: protocol.PlaceRequest, to: protocol.Address) -> reducer.Step:
        raise NotImplementedError

    def _explore(self, to: protocol.Address) -> Json:
        world = self.world
        if not world.states:
            return protocol.rejected(to, "op", "there is nothing to play yet: the world has no states", world.rev)
        from worldkit.exploration import explore

        self.overlay(explore(world, seconds=layers.SECONDS))
        return protocol.accepted(to, world.rev, Diagnostics())

    def _show_layers(self) -> None:
        self.overlays = [made.to_dict() for made in self._layers.values()]

    def _follow(self, before: World, after: World) -> None:
        """Let the overlays follow an edit."""
        with self._lock:
            if not self._layers:
                return
            names = layers.renames(before, after)
            for key, made in self._layers.items():
                now = layers.followed(made, after, names)
                self._layers[key] = layers.again(now, after) if now.stale and now.quick else now
            self._show_layers()

    def _tell(self, before: World, after: World) -> None:
        if after is before:
            return
        try:
            self._follow(before, after)
        except Exception:
            log.exception("the editor's overlays could not follow an edit")
        for listener in list(self._listeners.values()):
            try:
                listener(after)
            except Exception:
                log.exception("a listener of the editor failed")

    def __repr__(self) -> str:
        edits = len(self._state.done)
        return f"Editor of {self.world!r}, {edits} edit{'s' * (edits != 1)}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        state = self._state
        picture = display.picture(state.world, state.places, state.diagnostics)
        return display.mimebundle(self.model_id, repr(self), picture), {}
