"""``EditorWidget``: the base of an editor. It holds a state, and sends and receives messages."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import traitlets

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.exploration import explore
from worldkit.exploration.budget import BudgetSpent
from worldkit.exploration.flag_arrival import flag_arrivals
from worldkit.exploration.guards import find_guards
from worldkit.properties import Properties
from worldkit.stills.listeners import add_still_listener
from worldkit.stills.lookup import folders_of, states_shown_by
from worldkit.stills.record import StillRecord
from worldkit.stills.watch import watch_stills
from worldkit.widgets import parsing, protocol, reducer
from worldkit.widgets.accepted_requests import AcceptedRequests
from worldkit.widgets.bundle import bundle
from worldkit.widgets.editor_overlays import EditorOverlays
from worldkit.widgets.editor_properties import EditorProperties
from worldkit.widgets.editor_state import EditorState, SaveResult
from worldkit.widgets.interruption import call_or_log, finish, raise_first
from worldkit.widgets.kernel_widget import KernelWidget, thread_class
from worldkit.widgets.last_runs import CellRun
from worldkit.widgets.message_receiver import MessageReceiver, refusal
from worldkit.widgets.overlay import VIEW_SECONDS
from worldkit.widgets.property_check import PAUSE_SECONDS
from worldkit.widgets.state_pictures import new_pictures
from worldkit.world import World

log = logging.getLogger("worldkit.widgets")

Listener = Callable[[World], object]

MAX_CHAINED_EDITS = 100
"""Listeners that answer each other's edits are stopped after so many."""


class EditorWidget(MessageReceiver[reducer.ReducerResult], KernelWidget):
    """What views of an editor see, and how it answers them; ``Editor`` adds what Python may read and change.

    Args:
        run: What it holds, and changes.
        properties: Keeps and checks what is demanded of every run.
        traits: The traits, by name.
    """

    _user_name = "Editor"
    """Also of its subclasses: what ``edit`` returns is an editor to users, wherever it saves."""

    _esm = bundle("editor.js")
    _css = bundle("editor.css")

    seed: Any = traitlets.Dict().tag(sync=True, to_json=lambda _, self: reducer.seed(self._state))
    height: Any = traitlets.Int(560, min=1).tag(sync=True)
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
        self._init_receiver()
        self._listeners: dict[object, Listener] = {}
        self._unnotified_steps: deque[tuple[EditorState, EditorState]] = deque()
        self._notifying_thread: threading.Thread | None = None
        self._notified_count = 0
        self._run = run
        self._accepted_requests = AcceptedRequests()
        self._overlays = EditorOverlays()
        self._properties = properties
        self._is_viewed = False
        super().__init__(property_list=properties.view(run.state.properties), **traits)
        self.on_msg(self._receive)
        add_still_listener(self._show_still)
        watch_stills(self._stills_folders, thread_class())

    @property
    def _state(self) -> EditorState:
        return self._run.state

    @_state.setter
    def _state(self, state: EditorState) -> None:
        self._run.state = state

    def _change(self, make: Callable[[EditorState], EditorState]) -> Self:
        with self._lock:
            if self._notifying_thread is threading.current_thread() and self._notified_count > MAX_CHAINED_EDITS:
                raise WorldError(f"listeners of this editor have answered each other with {MAX_CHAINED_EDITS} edits")
            before = self._state
            after, error = self._persist(before, make(before))
            interruption = self._publish(before, after)
        self._notify()
        raise_first(interruption, error)
        return self

    def _hold(self, state: EditorState) -> None:
        """Hold the editor after a step, which others are told of later; with one that is held already, do nothing."""
        before = self._state
        if state is not before:
            self._unnotified_steps.append((before, state))
            self._state = state

    def _persist(self, before: EditorState, after: EditorState) -> SaveResult:
        """Save a step where the world lives, which is nowhere for this class; return the editor then."""
        return after, None

    def _publish(self, before: EditorState, after: EditorState) -> BaseException | None:
        """Hold a step, and tell the views of it; return what interrupted that."""

        def publish() -> None:
            self._hold(after)  # first: what is saved must not be lost to an interrupt
            message = reducer.change_message(before, after)
            if message is not None:
                self.send(message)

        return finish(publish)

    def _stills_folders(self) -> list[Path]:
        return [folder.path for folder in folders_of(self._state.world)]

    def _show_still(self, record: StillRecord, folder: Path) -> None:
        """Show a still that was just painted for a state of this world."""
        if self.comm is not None and (states := states_shown_by(self._state.world, record, folder)):
            self.send(new_pictures(self._state.world, states, "thumbnail"))

    def _carry_out(self, content: Any, to: protocol.Address) -> reducer.ReducerResult:
        reply = self._accepted_requests.reply_again(to)
        if reply is not None:
            return reducer.ReducerResult(self._state, reply)
        return self._answer(parsing.read_editor(content), to)

    def _refuse_message(self, error: Exception, content: Any, to: protocol.Address) -> reducer.ReducerResult:
        return reducer.ReducerResult(self._state, refusal(error, to, self._state.world.rev))

    def _deliver(self, result: reducer.ReducerResult, to: protocol.Address) -> None:
        self._hold(result.state)
        self._accepted_requests.add(to, result.reply)
        if result.change_message is not None:
            self.send(result.change_message)
        self.send(result.reply)

    def _follow(self, result: reducer.ReducerResult) -> BaseException | None:
        self._notify()
        return result.interruption

    def _answer(self, request: protocol.EditorRequest, to: protocol.Address) -> reducer.ReducerResult:
        """Return the result of a request; a subclass answers the kinds that it knows, and passes on the others."""
        match request:
            case protocol.Explore():
                return reducer.ReducerResult(self._state, self._explore(to))
            case protocol.FlagsHeld():
                return reducer.ReducerResult(self._state, self._flags_held(to))
            case protocol.GuardsOf():
                return reducer.ReducerResult(self._state, self._guards(to))
            case protocol.Hello():
                self._begin_checks()
        return reducer.reduce(self._state, request, to, read_only=self.read_only)

    def _explore(self, to: protocol.Address) -> Json:
        world = self._state.world
        if not world.states:
            return protocol.rejected(to, "op", "there is nothing to play yet: the world has no states", world.rev)
        self._overlays.put(explore(world, seconds=VIEW_SECONDS), world)
        self._show_overlays()
        return protocol.accepted(to, world.rev, Diagnostics())

    def _flags_held(self, to: protocol.Address) -> Json:
        world = self._state.world
        try:
            arrivals = flag_arrivals(world) if world.states else {}
        except BudgetSpent as error:
            return protocol.rejected(to, "op", f"where flags are held is not known: {error}", world.rev)
        flags = {
            flag: {"always": list(one.certain_states), "sometimes": list(one.uncertain_states)}
            for flag, one in arrivals.items()
        }
        return protocol.reply("held", to, rev=world.rev, flags=flags)

    def _guards(self, to: protocol.Address) -> Json:
        world = self._state.world
        guards = find_guards(explore(world, seconds=VIEW_SECONDS), VIEW_SECONDS) if world.states else []
        return protocol.reply("guards", to, rev=world.rev, guards=[guard.to_dict() for guard in guards])

    # ---- properties ----------------------------------------------------------------------------

    def _begin_checks(self) -> None:
        """Check properties from now on: somebody looks at the editor."""
        self._is_viewed = True
        self._follow_properties(self._state.properties, pause=0.0)

    def _follow_properties(self, before: Properties, pause: float = PAUSE_SECONDS) -> None:
        """Keep the properties in their file, and have them checked in the world as it is now."""
        with self._lock:
            state, keeper = self._state, self._properties
            properties = state.properties
            if properties is not before or keeper.is_unsaved:
                properties = keeper.save(properties)
            elif self._is_viewed:
                properties = keeper.reload(properties)
            self._run.saved_properties = keeper.saved
            if properties is not state.properties:
                self._state = replace(state, properties=properties)
            if self._is_viewed and (properties or keeper.check.checked_properties):
                keeper.check.request(self._state.world, properties, pause)
            self._show_properties()

    def _show_properties(self) -> None:
        with self._lock:
            self.property_list = self._properties.view(self._state.properties)

    # ---- after a change ------------------------------------------------------------------------

    def _show_overlays(self) -> None:
        self.overlays = self._overlays.to_list()

    def _notify(self) -> None:
        """Let all follow a change that follow the world and the properties; raise what interrupts that after it.

        Everybody is told of one step after the other. A step that a listener makes, or another thread, is told by the
        call that is telling already: an older world must not be told after a newer one. Nobody waits for that call,
        since whoever is told may wait for the thread that would wait.
        """
        with self._lock:
            if self._notifying_thread is not None:
                return
            self._notifying_thread, self._notified_count = threading.current_thread(), 0
        problems: list[BaseException | None] = []
        try:
            while (step := self._next_unnotified_step()) is not None:
                problems += self._notify_of(*step)
        except BaseException:
            self._notifying_thread = None
            raise
        raise_first(*problems)

    def _next_unnotified_step(self) -> tuple[EditorState, EditorState] | None:
        """Return the next step that is to be told; None when all were, and from then on nobody is telling."""
        with self._lock:
            if not self._unnotified_steps:
                self._notifying_thread = None
                return None
            self._notified_count += 1
            return self._unnotified_steps.popleft()

    def _notify_of(self, state_before: EditorState, state_after: EditorState) -> list[BaseException | None]:
        """Tell of one step, and return what interrupted that or went wrong."""
        before, after = state_before.world, state_after.world
        problems: list[BaseException | None] = []
        if after is not before or state_after.properties is not state_before.properties:
            problems.append(finish(lambda: self._follow_properties(state_before.properties)))
        if after is not before:
            text = "the editor's overlays could not follow an edit"
            problems.append(call_or_log(lambda: self._follow_on_map(before, after), log, text))
            for listener in list(self._listeners.values()):
                problems.append(call_or_log(partial(listener, after), log, "a listener of the editor failed"))
        return problems

    def _follow_on_map(self, before: World, after: World) -> None:
        with self._lock:
            try:
                self._overlays.follow(before, after)
            finally:  # also what an interrupt left out of date
                self._show_overlays()
