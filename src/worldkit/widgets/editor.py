"""``Editor``: the graph editor in a cell. It holds a state, and sends and receives messages.

All decisions are made in ``reducer`` and ``history``, which are pure.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.editing.replace import replace_ops
from worldkit.exploration import explore
from worldkit.exploration.flag_arrival import flag_arrivals
from worldkit.exploration.guards import find_guards
from worldkit.layout.annotations import read_patch
from worldkit.playing import Trace, replay
from worldkit.properties import Properties, Property
from worldkit.properties.changes import with_changes
from worldkit.properties.verification import as_property
from worldkit.stills.listeners import add_still_listener
from worldkit.stills.lookup import folders_of, states_shown_by
from worldkit.stills.record import StillRecord
from worldkit.stills.watch import watch_stills
from worldkit.widgets import display, history, parsing, protocol, reducer
from worldkit.widgets import overlay as layers
from worldkit.widgets.bundle import bundle
from worldkit.widgets.editor_properties import EditorProperties
from worldkit.widgets.history import EditorState, Positions, property_label
from worldkit.widgets.kernel_widget import KernelWidget, thread_class
from worldkit.widgets.last_runs import CellRun
from worldkit.widgets.linked_player import LinkedPlayer
from worldkit.widgets.map_collections import MapNotes, MapRegions, MapTags, MapViews
from worldkit.widgets.open_editors import add_editor
from worldkit.widgets.player import Player
from worldkit.widgets.property_check import PAUSE
from worldkit.widgets.state_pictures import new_pictures
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.core.prose import Reader
    from worldkit.interop.script import ScriptEdits
    from worldkit.ops import Op

log = logging.getLogger("worldkit.widgets")

Listener = Callable[[World], object]
RunPlayer = Callable[[Trace], object]


@checked_methods
class Editor(KernelWidget):
    """The editor of a world in a notebook cell; show it by naming it on a cell's last line.

    The kernel owns the world: the browser sends operations and is told the result, so Python and
    every view of the editor share one world and one history. Display options are traits: ``height``,
    ``theme`` (``"auto"``, ``"light"``, ``"dark"``), ``pictures`` (whether the map shows the picture of every
    state), ``read_only`` (views may look and not touch; Python still may) and ``selection``
    (``{"kind": "state" or "event", "id": ...}`` or None).

    Where the world is saved is for a subclass.

    Args:
        run: What it holds, and changes.
        properties: Keeps and checks what is demanded of every run.
        traits: The traits, by name.

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
    pictures: Any = traitlets.Bool(True).tag(sync=True)
    read_only: Any = traitlets.Bool(False).tag(sync=True)
    selection: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    overlays: Any = traitlets.List().tag(sync=True)
    playing: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    binding: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    start: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    last_run: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    generation: Any = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    property_list: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, run: CellRun, properties: EditorProperties, **traits: Any) -> None:
        # ipykernel may hand over a message on another thread while a cell runs
        self._lock = threading.RLock()
        self._listeners: dict[object, Listener] = {}
        self._run = run
        self._layers: dict[str, layers.Overlay] = {}
        self._serial = 0
        self._properties = properties
        self._is_viewed = False
        self._run_players: list[RunPlayer] = []
        super().__init__(property_list=properties.view(run.state.properties), **traits)
        self.on_msg(self._receive)
        add_editor(self)
        add_still_listener(self._show_still)
        watch_stills(self._stills_folders, thread_class())

    # ---- reading -------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world as it is now."""
        return self._state.world

    @property
    def ops(self) -> list[Json]:
        """The operations made since the editor opened, without those undone: ``opened.apply(ed.ops) == ed.world``."""
        copies: list[Json] = deep_copy(self._state.ops)
        return copies

    @property
    def layout(self) -> Positions:
        """The top-left corner of every state's card, by id; pass it to ``edit(layout=...)`` to keep it."""
        return MappingProxyType(dict(self._state.positions))

    @property
    def diagnostics(self) -> Diagnostics:
        """The findings of the rules in the world as it is now."""
        return self._state.diagnostics

    @property
    def regions(self) -> MapRegions:
        """The regions of the map, such as chapters and places; they change with ``add``, ``change`` and ``remove``.

        Example:
            >>> editor = wk.edit(world)
            >>> id = editor.regions.add("Act one", ["lane"])
            >>> editor.regions[id].states
            ('lane',)
        """
        return MapRegions(lambda: self._state.annotations, self._annotate)

    @property
    def notes(self) -> MapNotes:
        """The notes and to-dos of the map; they change with ``add``, ``change`` and ``remove``.

        Example:
            >>> editor = wk.edit(world)
            >>> id = editor.notes.add("Who lost it?", state="lane", todo=True)
            >>> editor.notes.change(id, done=True)
            >>> editor.notes[id].done
            True
        """
        return MapNotes(lambda: self._state.annotations, self._annotate)

    @property
    def tags(self) -> MapTags:
        """The tags of states; they change with ``add``, ``take_off``, ``change`` and ``remove``.

        Example:
            >>> editor = wk.edit(world)
            >>> editor.tags.add("night", ["lane"], color="purple")
            >>> editor.tags.of("lane")
            ('night',)
        """
        return MapTags(lambda: self._state.annotations, self._annotate)

    @property
    def views(self) -> MapViews:
        """The saved views of the map; they change with ``add``, ``change`` and ``remove``."""
        return MapViews(lambda: self._state.annotations, self._annotate)

    @property
    def properties(self) -> Properties:
        """The properties demanded of every run of the world; ``wk.check(editor.world, editor.properties)`` checks them.

        Example:
            >>> editor = wk.edit(world).change_properties({"an end": "always possible: ending"})
            >>> wk.check(editor.world, editor.properties).passed
            True
        """
        return self._state.properties

    def code(self, name: str = "world") -> str:
        """Return the edits as Python: run on the world that was opened, it results in an equal world.

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
        clean_label = protocol.one_line(label) if label else None
        return self._change(lambda state: history.apply_ops(state, batch, label=clean_label, strict=strict))

    def replace_text(
        self,
        text: str,
        new: str,
        *,
        match_case: bool = False,
        whole_words: bool = False,
        readers: Collection[Reader] = ("player", "picture", "recognition", "author"),
    ) -> Self:
        """Replace a text in all prose of the world, as one undoable gesture.

        Args:
            text: What to replace, letter by letter.
            new: What to put in its place; empty to take it out.
            match_case: Whether capitals and small letters differ.
            whole_words: Whether it must not stand inside a longer word.
            readers: Whose texts to change; see ``World.word_counts``.

        Raises:
            WrongArgument: The text is empty, or there is no such reader.

        Example:
            >>> wk.edit(world).replace_text("mitten", "glove").undo().world == world
            True
        """
        ops = replace_ops(self.world, text, new, match_case=match_case, whole_words=whole_words, readers=readers)
        return self.apply(ops, label=f"Replace “{text}” with “{new}”") if ops else self

    def apply_script(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> ScriptEdits[World]:
        """Import the texts of an edited sheet, as one undoable gesture; see ``World.to_script``.

        Args:
            path: The file, as ``World.to_script`` wrote it, edited.
            overwrite: Whether to overwrite texts that were changed in the world since.

        Returns:
            What changed, and what could not be taken.

        Raises:
            InvalidScript: It is no such file.
            MissingFile: There is no such file.

        Example:
            >>> editor = wk.edit(world)
            >>> _ = world.to_script("mitten.csv")
            >>> editor.apply_script("mitten.csv").changed
            ()
        """
        edits = self.world.apply_script(path, overwrite=overwrite)
        if edits.ops:
            self.apply(edits.ops, label=f"Import the texts of {os.path.basename(os.fspath(path))}")
        return edits

    def move(self, places: Mapping[str, Sequence[float]], *, label: str | None = None) -> Self:
        """Put cards somewhere, as one undoable gesture. From then on they stay where they are put.

        Args:
            places: The top-left corner by state id.
            label: What undo calls it; made of the states when not given.

        Raises:
            WorldError: There is no such state.

        Example:
            >>> ed = wk.edit(world).move({"bench": (0, 300)})
            >>> ed.layout["bench"]
            (0, 300)
        """
        for place in places.values():
            if not isinstance(place, (tuple, list)) or len(place) != 2:
                raise WrongArgument("places", "(x, y) by state id", quote(place))
        positions = {id: (x, y) for id, (x, y) in places.items()}
        clean_label = protocol.one_line(label) if label else None
        return self._change(lambda state: history.move_cards(state, positions, clean_label))

    def tidy(self, *, everything: bool = False) -> Self:
        """Lay cards out anew, as one undoable gesture.

        Args:
            everything: Move what was placed by hand, too; else only the rest is laid out around it.

        Example:
            >>> ed = wk.edit(world).move({"bench": (0, 300)})
            >>> ed.tidy().layout["bench"]
            (0, 300)
            >>> ed.tidy(everything=True).layout["bench"]
            (504.0, 0.0)
        """
        return self._change(lambda state: history.tidy(state, everything=everything))

    def change_properties(self, changes: Mapping[str, str | Property | None]) -> Self:
        """Add, change or delete properties, as one undoable gesture; views check them and show each result.

        Args:
            changes: What each is to say, by name; None deletes it.

        Raises:
            PropertyError: One cannot be read.

        Example:
            >>> editor = wk.edit(world).change_properties({"no early win": "no win within 2 steps"})
            >>> "no early win" in editor.properties, "no early win" in editor.undo().properties
            (True, False)
        """
        values = {name: None if value is None else as_property(value) for name, value in changes.items()}
        label = property_label(self._state.properties, values)
        return self._change(
            lambda state: history.change_properties(
                state, with_changes(state.properties, values, state.properties), label
            )
        )

    def undo(self) -> Self:
        """Undo the last gesture, made in a view or in Python.

        Raises:
            WorldError: There is nothing to undo.

        Example:
            >>> editor = wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> editor.undo().world.start
            'lane'
        """
        return self._change(history.undo)

    def redo(self) -> Self:
        """Redo the gesture that was undone last.

        Raises:
            WorldError: There is nothing to redo.

        Example:
            >>> editor = wk.edit(world).apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> editor.undo().redo().world.start
            'road'
        """
        return self._change(history.redo)

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

        Example:
            >>> ed = wk.edit(world).overlay(wk.playtest(world, runs=100), name="before the rewrite")
            >>> ed.overlay(None)
            Editor of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', 0 edits; not saved, ...
        """
        with self._lock:
            if what is None:
                for key in [name] if name is not None else list(self._layers):
                    self._layers.pop(key, None)
            else:
                self._serial += 1
                layer = replace(layers.overlay(what, self.world, name), serial=self._serial)
                self._layers.pop(layer.key, None)
                self._layers[layer.key] = layer
            self._show_layers()
        return self

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Call a function after every change of the world, wherever it was made.

        Args:
            listener: Called with the new world. What it raises goes to the log.

        Returns:
            A function that unsubscribes.

        Example:
            >>> ed = wk.edit(world)
            >>> unsubscribe = ed.on_change(lambda world: print(len(world.events), "events"))
            >>> ed = ed.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            4 events
            >>> unsubscribe()
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

    def _annotate(self, patch: Json, label: str) -> None:
        clean_label = protocol.one_line(label)
        self._change(lambda state: history.annotate(state, read_patch(patch), clean_label))

    def _change(self, make: Callable[[EditorState], EditorState]) -> Self:
        with self._lock:
            before = self._state
            after, error = self._persist(before, make(before))
            self._publish(before, after)
        self._notify(before, after)
        if error is not None:
            raise error
        return self

    def _persist(self, before: EditorState, after: EditorState) -> tuple[EditorState, WorldError | None]:
        """Keep a step wherever the world lives; return the saved step, and what went wrong."""
        return after, None

    def _publish(self, before: EditorState, after: EditorState) -> None:
        message = reducer.change_message(before, after)
        self._state = after
        if message is not None:
            self.send(message)

    def _stills_folders(self) -> list[Path]:
        return [folder.path for folder in folders_of(self.world)]

    def _show_still(self, record: StillRecord, folder: Path) -> None:
        """Show a still that was just painted for a state of this world."""
        if self.comm is not None and (states := states_shown_by(self.world, record, folder)):
            self.send(new_pictures(self.world, states, "thumbnail"))

    def _receive(self, _: object, content: Any, _buffers: object = None) -> None:
        to = protocol.address(content)
        with self._lock:
            before = self._state
            step = self._step(content, to)
            self._state = step.state
            if step.changed is not None:
                self.send(step.changed)
            self.send(step.reply)
        self._notify(before, step.state)

    def _step(self, content: Any, to: protocol.Address) -> reducer.Step:
        state = self._state
        rev = state.world.rev
        try:
            size = protocol.size(content)
            if size > protocol.MAX_BYTES:
                return reducer.Step(state, protocol.oversize(to, size, rev))
            request = parsing.read_editor(content)
            if isinstance(request, protocol.Hello):
                self._begin_checks()
            if isinstance(request, protocol.PlayProperty):
                return reducer.Step(state, self._play_property(request.name, to))
            if isinstance(request, protocol.Explore):
                return reducer.Step(state, self._explore(to))
            if isinstance(request, protocol.FlagsHeld):
                return reducer.Step(state, self._flags_held(to))
            if isinstance(request, protocol.GuardsOf):
                return reducer.Step(state, self._guards(to))
            if isinstance(request, protocol.PlaceRequest):
                return self._storage_request(request, to)
            if isinstance(request, protocol.GenerationRequest):
                return self._generation_request(request, to)
            return self._persist_step(reducer.reduce(state, request, to, read_only=self.read_only), to)
        except parsing.Malformed as error:
            return reducer.Step(state, protocol.rejected(to, "invalid", str(error), rev))
        except Exception:
            log.exception("the editor failed on a message")
            return reducer.Step(state, protocol.internal(to, rev))

    def _persist_step(self, step: reducer.Step, to: protocol.Address) -> reducer.Step:
        """Keep what a view asked for wherever the world lives."""
        return step

    def _storage_request(self, request: protocol.PlaceRequest, to: protocol.Address) -> reducer.Step:
        raise NotImplementedError

    def _generation_request(self, request: protocol.GenerationRequest, to: protocol.Address) -> reducer.Step:
        raise NotImplementedError

    def _explore(self, to: protocol.Address) -> Json:
        world = self.world
        if not world.states:
            return protocol.rejected(to, "op", "there is nothing to play yet: the world has no states", world.rev)
        self.overlay(explore(world, seconds=layers.VIEW_SECONDS))
        return protocol.accepted(to, world.rev, Diagnostics())

    def _flags_held(self, to: protocol.Address) -> Json:
        world = self.world
        arrivals = flag_arrivals(world) if world.states else {}
        if arrivals is None:
            return protocol.rejected(to, "op", "this world has too many combinations of flags to say that", world.rev)
        flags = {flag: {"always": list(one.always), "sometimes": list(one.sometimes)} for flag, one in arrivals.items()}
        return protocol.reply("held", to, rev=world.rev, flags=flags)

    def _guards(self, to: protocol.Address) -> Json:
        world = self.world
        guards = find_guards(explore(world, seconds=layers.VIEW_SECONDS), layers.VIEW_SECONDS) if world.states else []
        return protocol.reply("guards", to, rev=world.rev, guards=[guard.to_dict() for guard in guards])

    # ---- properties ----------------------------------------------------------------------------

    def _begin_checks(self) -> None:
        """Check properties from now on: somebody looks at the editor."""
        self._is_viewed = True
        self._follow_properties(self._state.properties, pause=0.0)

    def _follow_properties(self, before: Properties, pause: float = PAUSE) -> None:
        """Keep the properties in their file, and have them checked in the world as it is now."""
        with self._lock:
            state, keeper = self._state, self._properties
            properties = state.properties
            if properties is not before:
                properties = keeper.save(properties)
            elif self._is_viewed:
                properties = keeper.reload(properties)
            if properties is not state.properties:
                self._state = replace(state, properties=properties)
            if self._is_viewed and (properties or keeper.check.checked_properties):
                keeper.check.request(self._state.world, properties, pause)
            self._show_properties()

    def _show_properties(self) -> None:
        with self._lock:
            self.property_list = self._properties.view(self._state.properties)

    def _play_property(self, name: str, to: protocol.Address) -> Json:
        """Open the run of a property in a player: the newest one beside this editor, or a new one."""
        world, statement = self.world, self._state.properties.get(name)
        run = None if statement is None else self._properties.run_of(name, statement)
        if run is None:
            return protocol.rejected(to, "op", f"there is no run of {quote(name)} to play", world.rev)
        try:
            for play in reversed(self._run_players):
                play(run)
                return protocol.reply("property_played", to, player=None)
            return protocol.reply("property_played", to, player=self._open_player(run))
        except WorldError as error:
            return protocol.rejected(to, "op", f"this run no longer holds: {error}", world.rev)

    def _open_player(self, run: Trace) -> str:
        """Open a player beside this editor at the end of a run, and return the id of its model."""
        player = Player(replay(self.world, run), height=460, theme=self.theme)
        LinkedPlayer(self, player)
        model_id: str = player.model_id
        return model_id

    def add_run_player(self, play: RunPlayer) -> Callable[[], None]:
        """Open the runs of properties in something else, such as a player beside this editor.

        Args:
            play: Opens a run.

        Returns:
            A function that takes it away again.

        Example:
            >>> ed = wk.edit(world)
            >>> remove = ed.add_run_player(lambda trace: print("play", trace.events))
            >>> remove()
        """
        self._run_players.append(play)
        return lambda: self._run_players.remove(play) if play in self._run_players else None

    def _show_layers(self) -> None:
        self.overlays = [layer.to_dict() for layer in self._layers.values()]

    def _update_layers(self, before: World, after: World) -> None:
        """Let the overlays follow an edit."""
        with self._lock:
            if not self._layers:
                return
            names = layers.renames(before, after)
            for key, layer in self._layers.items():
                current = layers.carry_over(layer, after, names)
                self._layers[key] = layers.rebuild(current, after) if current.stale and current.quick else current
            self._show_layers()

    def _notify(self, state_before: EditorState, state_after: EditorState) -> None:
        before, after = state_before.world, state_after.world
        if after is not before or state_after.properties is not state_before.properties:
            self._follow_properties(state_before.properties)
        if after is before:
            return
        try:
            self._update_layers(before, after)
        except Exception:
            log.exception("the editor's overlays could not follow an edit")
        for listener in list(self._listeners.values()):
            try:
                listener(after)
            except Exception:
                log.exception("a listener of the editor failed")

    def __repr__(self) -> str:
        edits = len(self._state.undo_stack)
        return f"Editor of {self.world!r}, {edits} edit{'s' * (edits != 1)}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        state = self._state
        picture = display.picture(state.world, state.positions, state.diagnostics)
        return display.mimebundle(self.model_id, repr(self), picture), {}
