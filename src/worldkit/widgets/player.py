"""``Player``: plays a world in a cell. ``PlayerController`` answers its messages."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from worldkit.core.argument_checks import checked_methods
from worldkit.core.diagnostics import Diagnostics
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.progress import Progress, default_progress
from worldkit.painting.detection import Detector
from worldkit.painting.painter import Painter
from worldkit.painting.recording.form import MAX_BYTES
from worldkit.painting.recording.recorder import FPS, Recorder
from worldkit.playing import Position, Session
from worldkit.playing.subscriptions import SessionEvent
from worldkit.stills.listeners import add_still_listener
from worldkit.stills.lookup import folders_of, states_shown_by
from worldkit.stills.record import StillRecord
from worldkit.stills.watch import watch_stills
from worldkit.widgets import display, generation_loader, player_actions, protocol
from worldkit.widgets.bundle import bundle
from worldkit.widgets.clips import clip_message
from worldkit.widgets.kernel_widget import KernelWidget, thread_class
from worldkit.widgets.live_picture import LivePicture
from worldkit.widgets.player_controller import PlayerController
from worldkit.widgets.state_pictures import new_pictures
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.generation.action.proposal import ActionProposal
    from worldkit.widgets.action_job import ActionJob
    from worldkit.widgets.console_job import ConsoleJob, ConsoleQuestion

log = logging.getLogger("worldkit.widgets")

CLIP_TOPICS = ("cutscene", "outro")
"""What may have a clip to show."""


@checked_methods
class Player(PlayerController, KernelWidget):
    """The player of a world in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        session: The run under it. Firing and waiting there shows at once; after ``session.undo()``,
            ``jump`` and the like call ``refresh``.
        state: The id of the state that the run is in: a trait, to be observed and linked. Setting it begins anew in
            that state, which can be undone.

    Args:
        session: The run to show.
        blocked: Rule errors that keep the world from being played until the player insists.
        painter: Draws the world while it is played; it begins when the player is first shown.
        detector: Recognises in the painter's frames what events wait for, and anchors.
        model: Writes what comes of an action that is typed.
        key: The key of a chat endpoint, if it is not in the environment.
        consoles: Whether the model also speaks for the consoles of the world.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> wk.play(world)
        Player of World 'The Red Mitten': 3 states, 5 events, entrance 'lane', in 'lane', 0 ms
    """

    _user_name = "Player"

    _esm = bundle("player.js")
    _css = bundle("player.css")

    _live_picture: LivePicture | None = None
    _action_job: ActionJob | None = None
    _console_job: ConsoleJob | None = None
    _recorder: Recorder | None = None
    _types_actions = True
    """Whether the player may type what they do: the world under a report or a campaign stays as it is."""
    view: Any = traitlets.Dict().tag(sync=True)
    state: Any = traitlets.Unicode("")
    height: Any = traitlets.Int(560, min=1).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    def __init__(
        self,
        session: Session,
        *,
        blocked: Diagnostics | None = None,
        painter: Painter | None = None,
        detector: Detector | None = None,
        model: str | None = None,
        key: str | None = None,
        consoles: bool = False,
        height: int = 560,
        theme: str = "auto",
    ) -> None:
        if model is not None:
            generation_loader.check_writer(model, key)
        self._model, self._key = model, key
        if consoles and model is not None:
            self._console_job = generation_loader.open_console_job(self._console_answered, model, key)
        if painter is not None:
            self._live_picture = LivePicture(painter, self._send_frame, self._show_painter, detector)
        self._init_controller(session, blocked)
        super().__init__(view=self._view(()), state=session.state, height=height, theme=theme)
        self.on_msg(self._receive)
        self.observe(self._follow_session, "view")
        self.observe(self._begin_in, "state")
        add_still_listener(self._show_still)
        watch_stills(self._stills_folders, thread_class())

    def play_anyway(self) -> Player:
        """Play in spite of rule errors."""
        with self._lock:
            self._blockers = Diagnostics()
        return self.refresh()

    def refresh(self) -> Player:
        """Show the session as it is now, after Python changed it."""
        with self._lock:
            self._show(())
        return self

    def act(
        self,
        action: str,
        *,
        model: str | None = None,
        auto: bool = False,
        seed: int = 1,
        key: str | None = None,
        progress: Progress | None = None,
    ) -> ActionProposal:
        """Have a language model write the result of an action, and show it as a proposal in the player.

        It adds one event that leads from here into a new state, and two ways on; nothing that exists is changed
        (docs/acting.md).

        Args:
            action: What the player does, such as ``"climb the drainpipe"``.
            model: The model, as for ``propose_action``; by default that of the player.
            auto: Take it at once, and fire its event.
            seed: Goes with the question.
            key: The key of a chat endpoint; by default that of the player, or of the environment.
            progress: Called with how much is done, of how much, and what is being done.

        Returns:
            The proposal; the player shows it, to be taken or left.

        Raises:
            WorldError: Nothing can come of it here and now, or the model gave no answer that can be taken.

        Example:
            >>> player = wk.play(world)
            >>> player.act("climb the oak")
            Traceback (most recent call last):
            ...
            worldkit.generation.action.capable_model.NoCapableModel: Typing an action needs a language model ...
        """
        job = self._open_action_job()
        proposal = job.run(self.session, action, model, key, seed, progress or default_progress("act"))
        if auto:
            with self._lock:
                job.take(self.session)
        return proposal

    def record(self, folder: str | PathLike[str], *, fps: float = FPS, max_bytes: int = MAX_BYTES) -> Recorder:
        """Record what is played from now on, with the painter's frames as they are shown (docs/painters.md#recording).

        It ends with ``close()`` of what is returned, with the player, or when another recording begins. A crash keeps
        what was written.

        Args:
            folder: Where to; a new or empty folder.
            fps: Frames a second that are written; of more, some are left out. ``math.inf`` writes all.
            max_bytes: Bytes of frames at most; from then on only the run is written.

        Returns:
            The recorder; also a context manager.

        Raises:
            WorldError: The folder holds something already.
            OSError: It cannot be written to.

        Example:
            >>> player = wk.play(world)
            >>> with player.record("walk.recording") as recorder:
            ...     step = player.session.fire("walk_up_the_lane")
            >>> wk.painters.Recording.load("walk.recording")
            Recording of 'The Red Mitten': 1 step, 0 frames
        """
        recorder = Recorder(folder, self.session, fps=fps, max_bytes=max_bytes)
        with self._lock:
            if self._recorder is not None:
                self._recorder.close()
            self._recorder = recorder
            if self._live_picture is not None:
                self._live_picture.recorder = recorder
        return recorder

    def close(self) -> None:
        """Close the player, its painter, and its recording.

        Raises:
            OSError: The run of the recording cannot be written; all of it is closed.
        """
        try:
            if self._recorder is not None:
                self._recorder.close()
        finally:
            if self._action_job is not None:
                self._action_job.leave()
            if self._live_picture is not None:
                self._live_picture.close()
            self._leave_session()
            super().close()

    # ---- inside --------------------------------------------------------------------------------

    def _stills_folders(self) -> list[Path]:
        return [folder.path for folder in folders_of(self.session.world)]

    def _show_still(self, record: StillRecord, folder: Path) -> None:
        """Show a still that was just painted for a state of this world."""
        session = self.session
        if self.comm is None or not (states := states_shown_by(session.world, record, folder)):
            return
        states = self._shown_states(states)
        self.send(new_pictures(session.world, states, "thumbnail", session.seed))
        large = new_pictures(session.world, [state for state in states if state == session.state], "full", session.seed)
        large["pictures"] = dict.fromkeys(states) | large["pictures"]
        self.send(large)
        with self._lock:
            if session.state in states and "picture" in self.view:  # a still comes before the entrance's own picture
                self.view = {name: value for name, value in self.view.items() if name != "picture"}

    def _use_session(self, session: Session) -> None:
        super()._use_session(session)
        self._unsubscribes += tuple(session.on(topic, self._show_clip) for topic in CLIP_TOPICS)
        if self._recorder is not None:
            self._recorder.follow(session)
        if self._live_picture is not None:
            self._live_picture.follow(session)

    def _show(self, notices: Iterable[Mapping[str, str]]) -> None:
        super()._show(notices)
        self._save_run()
        if self._live_picture is not None:
            self._live_picture.follow(self.session)
            self._live_picture.catch_up()

    def _save_run(self) -> None:
        """Write the run of a recording as it is now; play goes on where that fails."""
        if self._recorder is not None:
            self._recorder.follow(self.session)
            try:
                self._recorder.save_run()
            except OSError as error:
                log.warning("the run cannot be recorded: %s", error)

    def _more(self) -> Json:
        fields: Json = {} if self._live_picture is None else {"painter": self._live_picture.to_json()}
        return fields | {"typedAction": self._typed_action()} if self._offers_typing else fields

    @property
    def _offers_typing(self) -> bool:
        """Whether there is a line to type an action in: a model was named, or Python has one write a result."""
        return self._types_actions and (self._model is not None or self._action_job is not None)

    def _typed_action(self) -> Json:
        if self._action_job is None:
            return {"status": "idle", "text": "", "detail": "", "proposal": None}
        return self._action_job.to_json(self.session)

    def _open_action_job(self) -> ActionJob:
        if not self._types_actions:
            raise WorldError("no action can be typed here; play a world by itself: wk.play(world, model=...)")
        if self._action_job is None:
            self._action_job = generation_loader.open_action_job(self._show_action, self._model, self._key)
        return self._action_job

    def _act_in_words(self, act: protocol.Act) -> None:
        job = self._open_action_job()
        if isinstance(act, protocol.TypeAction):
            job.begin(self.session, act.text)
        elif act.action == "take_action":
            job.take(self.session)
        else:
            job.leave()

    def _apply(self, act: protocol.Act) -> list[player_actions.Notice]:
        if self._console_job is None or not isinstance(act, protocol.Ask):
            return super()._apply(act)
        self._console_job.begin(self.session.terminal, act.text)
        return []

    def _pending_question(self) -> str:
        question = None if self._console_job is None else self._console_job.question
        return question.text if question is not None and question.console == self.session.terminal else ""

    def _console_answered(self, question: ConsoleQuestion, answer: str, trouble: str) -> None:
        with self._lock:  # called from the thread that asked
            if self.session.terminal == question.console:  # else nobody waits for it any more
                self.session.ask(question.text, lambda *_: answer)
                self._show([player_actions.info_notice(trouble)] if trouble else [])

    def _show_action(self) -> None:
        with self._lock:  # called from the thread that writes
            if self.view:
                self.view = {**self.view, "typedAction": self._typed_action()}

    def _hold(self, controls: list[str]) -> None:
        if self._live_picture is not None:
            self._live_picture.hold(controls)

    def _acknowledge(self, frame: int) -> None:
        if self._live_picture is not None:
            self._live_picture.acknowledge(frame)

    def _show_clip(self, event: SessionEvent) -> None:
        if self.comm is not None and (clip := clip_message(self._world_of(event), event.text)) is not None:
            KernelWidget.send(self, *clip)

    def _world_of(self, event: SessionEvent) -> World:
        """Return the world in which something happened."""
        return self.session.world

    def _send_frame(self, message: Json, buffers: list[bytes]) -> None:
        KernelWidget.send(self, message, buffers)

    def _show_painter(self) -> None:
        with self._lock:  # called from the painter's thread
            if self._live_picture is not None and self.view:
                self.view = {**self.view, "painter": self._live_picture.to_json()}

    @traitlets.validate("state")
    def _check_state(self, proposal: Any) -> str:
        state: str = proposal["value"]
        session = self.session
        if state != session.state and state not in session.world.states:
            raise traitlets.TraitError(f"there is no state {quote(state)} in this world")
        return state

    def _follow_session(self, _: object) -> None:
        self.state = self.session.state

    def _begin_in(self, change: Any) -> None:
        with self._lock:
            if change["new"] == self.session.state:
                return
            self.session.begin(Position(change["new"]))
            self._driver = None
            self._show([player_actions.info_notice(f"Started in {self.session.state}.")])

    def __repr__(self) -> str:
        ending = self.session.ended
        state_text = f"ended: {ending.kind}" if ending else f"in {self.session.state!r}"
        return f"Player of {self.session.world!r}, {state_text}, {self.session.clock} ms"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        if self._live_picture is not None:
            self._live_picture.start()
        picture = display.state_picture(self.session.world, self.session.state)
        return display.mimebundle(self.model_id, repr(self), picture), {}
