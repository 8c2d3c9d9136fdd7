"""``Editor``: the graph editor in a cell, as Python reads and changes it.

All decisions are made in ``reducer``, ``gestures`` and ``history``, which are pure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, deep_copy, quote
from worldkit.core.quoting import format_count
from worldkit.editing.replace import replace_ops
from worldkit.layout.annotations import read_patch
from worldkit.layout.place_arguments import read_places
from worldkit.playing import Session, Trace, replay
from worldkit.properties import Properties, Property
from worldkit.properties.changes import with_changes
from worldkit.properties.named_properties import as_property
from worldkit.ruleset.play_gate import play_blockers
from worldkit.widgets import display, gestures, history, protocol, reducer
from worldkit.widgets.editor_properties import EditorProperties
from worldkit.widgets.editor_state import EditorState, Positions
from worldkit.widgets.editor_widget import EditorWidget, Listener
from worldkit.widgets.gestures import property_label
from worldkit.widgets.last_runs import CellRun
from worldkit.widgets.linked_player import LinkedPlayer
from worldkit.widgets.map_collections import MakePatch, MapNotes, MapRegions, MapTags, MapViews
from worldkit.widgets.open_editors import add_editor
from worldkit.widgets.player import Player
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.core.prose import Reader
    from worldkit.interop.script import ScriptEdits
    from worldkit.ops import Op

RunPlayer = Callable[[Trace], object]

VIEW_LIFE_SECONDS = 600.0
"""A view that was not heard of for so long may be gone, and keeps no player open."""

MIN_PLAYER_HEIGHT = 360
PLAYER_MARGIN = 108
"""Pixels of the editor's height that are above and below a player in it."""


@checked_methods
class Editor(EditorWidget):
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

    def __init__(self, run: CellRun, properties: EditorProperties, **traits: Any) -> None:
        self._run_players: list[RunPlayer] = []
        self._opened_player: LinkedPlayer | None = None
        self._player_views: dict[protocol.Echo, float] = {}  # those that were told of it, and when each was heard last
        self._linked_players: list[LinkedPlayer] = []
        super().__init__(run, properties, **traits)
        add_editor(self)

    # ---- reading -------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world as it is now.

        Example:
            >>> ed = wk.edit(world).apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> ed.world
            World 'The Red Mitten': 3 states, 4 events, entrance 'lane'
        """
        return self._state.world

    @property
    def ops(self) -> list[Json]:
        """The operations made since the editor opened, without those undone: ``opened.apply(ed.ops) == ed.world``.

        Example:
            >>> ed = wk.edit(world).apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> ed.ops, ed.undo().ops
            ([{'op': 'delete_event', 'name': 'listen_to_the_leaves'}], [])
        """
        copies: list[Json] = deep_copy(self._state.ops)
        return copies

    @property
    def layout(self) -> Positions:
        """The top-left corner of every state's card, by id; pass it to ``edit(layout=...)`` to keep it.

        Example:
            >>> wk.edit(world).layout["bench"]
            (504.0, 0.0)
        """
        return MappingProxyType(dict(self._state.positions))

    @property
    def diagnostics(self) -> Diagnostics:
        """The findings of the rules in the world as it is now.

        Example:
            >>> ed = wk.edit(world).apply([{"op": "delete_event", "name": "pick_up_the_red_mitten"}])
            >>> [found.lint for found in ed.diagnostics]
            ['unreachable-require', 'no-subject-in-base', 'no-subject-in-base', 'no-subject-in-base']
        """
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
        return self._change(lambda state: gestures.apply_ops(state, batch, label=clean_label, strict=strict))

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
        label = protocol.one_line(f"Replace “{text}” with “{new}”")

        # found in the step itself, so that no view changes a text between the finding and the replacing
        def replace_in(state: EditorState) -> EditorState:
            ops = replace_ops(state.world, text, new, match_case=match_case, whole_words=whole_words, readers=readers)
            return gestures.apply_ops(state, ops, label=label) if ops else state

        return self._change(replace_in)

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
        label = protocol.one_line(f"Import the texts of {os.path.basename(os.fspath(path))}")
        edits: list[ScriptEdits[World]] = []

        # compared in the step itself, so that no view changes a text between the comparing and the importing
        def import_into(state: EditorState) -> EditorState:
            edits.append(state.world.apply_script(path, overwrite=overwrite))
            return gestures.apply_ops(state, edits[0].ops, label=label) if edits[0].ops else state

        self._change(import_into)
        return edits[0]

    def move(self, places: Mapping[str, Sequence[float]], *, label: str | None = None) -> Self:
        """Put cards somewhere, as one undoable gesture. From then on they stay where they are put.

        Args:
            places: The top-left corner by state id.
            label: What undo calls it; made of the states when not given.

        Raises:
            WorldError: There is no such state.
            WrongArgument: A place is no pair of numbers, or too far away.

        Example:
            >>> ed = wk.edit(world).move({"bench": (0, 300)})
            >>> ed.layout["bench"]
            (0, 300)
        """
        positions = read_places("places", places)
        clean_label = protocol.one_line(label) if label else None
        return self._change(lambda state: gestures.move_cards(state, positions, clean_label))

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
        return self._change(lambda state: gestures.tidy(state, everything=everything))

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
            lambda state: gestures.change_properties(
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
            WorldError: There is no overlay of that name to take away.

        Example:
            >>> ed = wk.edit(world).overlay(wk.playtest(world, runs=100), name="before the rewrite")
            >>> ed.overlay(None)
            Editor of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', 0 edits; not saved, ...
        """
        with self._lock:
            if what is None:
                self._overlays.remove(name)
            else:
                self._overlays.put(what, self.world, name)
            self._show_overlays()
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

    # ---- inside --------------------------------------------------------------------------------

    def _annotate(self, make_patch: MakePatch, label: str) -> None:
        clean_label = protocol.one_line(label)
        self._change(lambda state: gestures.annotate(state, read_patch(make_patch(state.annotations)), clean_label))

    def _carry_out(self, content: Any, to: protocol.Address) -> reducer.ReducerResult:
        if to.view in self._player_views:
            self._player_views[to.view] = monotonic()
        return super()._carry_out(content, to)

    def _answer(self, request: protocol.EditorRequest, to: protocol.Address) -> reducer.ReducerResult:
        if isinstance(request, protocol.Play):
            return reducer.ReducerResult(self._state, self._play(request.property, to))
        if isinstance(request, protocol.ClosePlayer):
            self._player_views.pop(to.view, None)
            if all(monotonic() - heard_at > VIEW_LIFE_SECONDS for heard_at in self._player_views.values()):
                self._close_player()
            return reducer.ReducerResult(self._state, protocol.accepted(to, self.world.rev, Diagnostics()))
        return super()._answer(request, to)

    def _play(self, property_name: str | None, to: protocol.Address) -> Json:
        """Open the world, or the run of a property, in a player: the newest one beside this editor, or a new one."""
        world = self.world
        try:
            run = Session(world).trace if property_name is None else self._run_of(property_name)
            if self._run_players:
                self._run_players[-1](run)
            else:
                blockers = play_blockers(world, "hosted") if property_name is None else None
                player = Player(
                    replay(world, run),
                    blocked=blockers,
                    height=max(MIN_PLAYER_HEIGHT, self.height - PLAYER_MARGIN),
                    theme=self.theme,
                )
                self._opened_player, self._player_views = LinkedPlayer(self, player), {}
        except WorldError as error:
            return protocol.rejected(to, "op", str(error), world.rev)
        # a player that was opened here is in no cell: whoever asks shows it, perhaps again
        run_player = self._opened_player
        if run_player is None or self._run_players[-1] != run_player.open_run:
            return protocol.reply("played", to, player=None)
        self._player_views[to.view] = monotonic()
        return protocol.reply("played", to, player=run_player.player.model_id)

    def _run_of(self, property_name: str) -> Trace:
        statement = self.properties.get(property_name)
        run = None if statement is None else self._properties.run_of(property_name, statement)
        if run is None:
            raise WorldError(f"there is no run of {quote(property_name)} to play")
        return run

    def _close_player(self) -> None:
        """Close the player that was opened here, if there is one."""
        run_player, self._opened_player = self._opened_player, None
        if run_player is not None:
            run_player.player.close()

    def __repr__(self) -> str:
        edits = len(self._state.undo_stack)
        return f"Editor of {self.world!r}, {format_count(edits, 'edit')}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        state = self._state
        picture = display.picture(state.world, state.positions, state.diagnostics)
        return display.mimebundle(self.model_id, repr(self), picture), {}
