"""``LivePicture``: what a painter draws of a session, sent to the player's views with back-pressure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json
from worldkit.core.process_lock import ProcessLock
from worldkit.painting.controls import AXES
from worldkit.painting.detection import Detector
from worldkit.painting.feed import PainterFeed
from worldkit.painting.painter import Frame, Painter, PromptKind
from worldkit.painting.recording.recorder import Recorder
from worldkit.playing.evidence import Sample
from worldkit.playing.session_view import run_of
from worldkit.playing.subscriptions import SessionEvent
from worldkit.widgets.recognition import Recognition

if TYPE_CHECKING:
    from worldkit.playing import Session

CONTROLS = frozenset(control for words in AXES.values() for control in words)
HORIZONTAL_LOOKS = frozenset(AXES["look_horizontal"])


class LivePicture:
    """Follows a session with a painter.

    Args:
        painter: The painter; it begins to draw when ``start`` is called.
        send: Sends a message with its buffers to the views.
        show: Called when the painter's status changed.
        detector: Recognises things in the frames: what events wait for, anchors, what is kept in the middle.

    Attributes:
        recorder: Writes the frames that are sent; None while nothing is recorded.
    """

    def __init__(
        self,
        painter: Painter,
        send: Callable[[Json, list[bytes]], None],
        show: Callable[[], None],
        detector: Detector | None = None,
    ) -> None:
        self._feed = PainterFeed(painter, self._send_frame, show)
        self._send = send
        self._session: Session | None = None
        self._unsubscribes: tuple[Callable[[], object], ...] = ()
        self._held_by_player: frozenset[str] = frozenset()
        self._held_by_world: frozenset[str] = frozenset()
        self._lock = ProcessLock()
        self._is_started = False
        self._last_prompt: tuple[str, PromptKind, str] | None = None
        self.recorder: Recorder | None = None
        self._turn = ""
        self._recognition = None if detector is None else Recognition(detector, self._tell, self._turn_to)

    def follow(self, session: Session) -> None:
        """Follow a session, and supply samples of the picture if it has no source of its own.

        Of several pictures of one session the newest supplies them.

        Args:
            session: The session; another one than before when a report plays another run.
        """
        if session is self._session:
            return
        self._leave_session()
        self._session = session
        if self._recognition is not None:
            self._recognition.follow(session)
        self._unsubscribes = (
            session.on("prompt", self._on_prompt),
            session.on("enter", self._on_enter),
            session.on("drive", self._on_drive),
        )
        run = run_of(session)
        if run.source is None or isinstance(getattr(run.source, "__self__", None), LivePicture):
            run.source = self._look
        if self._is_started:
            self._say(session.prompt_now, "state", session.state)

    def start(self) -> None:
        """Begin to draw; nothing when it has begun."""
        session = self._session
        if self._is_started or session is None:
            return
        self._is_started = True
        self._feed.start(session.prompt_now, _first_picture(session), session.world.name or "")
        self._on_drive(None)

    def catch_up(self) -> None:
        """Draw the present state of the session, and hold its controls: going back fires no event that would do so."""
        session = self._session
        if not self._is_started or session is None:
            return
        if session.playing is None:
            self._say(session.prompt_now, "state", session.state)
        if frozenset(session.controls) != self._held_by_world:
            self._on_drive(None)

    def hold(self, controls: Collection[str]) -> None:
        """Hold the controls that the player holds, besides those that the world holds."""
        self._held_by_player = frozenset(controls) & CONTROLS
        self._hold_all()

    def acknowledge(self, number: int) -> None:
        """Note that a view has shown a frame."""
        self._feed.acknowledge(number)

    def close(self) -> None:
        """Stop drawing."""
        self._leave_session()
        if self._recognition is not None:
            self._recognition.close()
        self._feed.close()

    def to_json(self) -> Json:
        """Return what a view shows of the painter."""
        capabilities = self._feed.capabilities
        return {
            "status": self._feed.status,
            "detail": self._feed.detail,
            "note": capabilities.note if capabilities else "",
            "followsPrompts": capabilities.prompt if capabilities else None,
            "followsControls": capabilities.hold if capabilities else None,
            "latencyMs": capabilities.latency_ms if capabilities else None,
            "anchors": [] if self._recognition is None else self._recognition.to_json(),
        }

    # ---- inside --------------------------------------------------------------------------------

    def _leave_session(self) -> None:
        """Follow the session no more, and leave it without samples if they were these."""
        for unsubscribe in self._unsubscribes:
            unsubscribe()
        self._unsubscribes = ()
        if self._session is not None and run_of(self._session).source == self._look:
            run_of(self._session).source = None

    def _look(self, clock: int) -> Sample | None:
        """Return what is seen now. While nothing is drawn there are no samples, and arrivals do not wait."""
        if self._feed.status != "open":
            return None
        sample = self._feed.look(clock)
        return sample if self._recognition is None else self._recognition.sample(sample)

    def _on_prompt(self, event: SessionEvent) -> None:
        self._say(event.text, "state" if event.event is None else "prompt", event.state)

    def _on_enter(self, event: SessionEvent) -> None:
        # a move may have told the prompt of its destination already; the painter must know that it is a state now
        if self._session is not None:
            self._say(self._session.prompt_now, "state", event.state)

    def _say(self, prompt: str, kind: PromptKind, state: str) -> None:
        if (prompt, kind, state) != self._last_prompt:
            self._last_prompt = (prompt, kind, state)
            if self._recognition is not None:
                self._recognition.forget()
            self._feed.say(prompt, kind, state)

    def _on_drive(self, event: SessionEvent | None) -> None:
        session = self._session
        controls = event.controls if event is not None else session.controls if session is not None else ()
        self._held_by_world = frozenset(controls)
        self._hold_all()

    def _turn_to(self, control: str) -> None:
        """Turn towards what is kept in the middle, until the next call; a look control that is held counts more."""
        self._turn = control
        self._hold_all()

    def _hold_all(self) -> None:
        with self._lock:  # several threads call it; what is computed last is sent last
            axes = self._held_by_player | self._held_by_world
            self._feed.hold(axes if not self._turn or axes & HORIZONTAL_LOOKS else axes | {self._turn})

    def _tell(self, message: Json) -> None:
        self._send(message, [])

    def _send_frame(self, number: int, frame: Frame) -> None:
        if self._recognition is not None:
            self._recognition.show(frame)
        if self.recorder is not None:
            self.recorder.add(frame)
        if not frame.data:  # at an address, which neither the kernel nor the player asks
            self._feed.acknowledge(number, was_shown=False)
            return
        message: Json = {"type": "frame", "number": number, "mediaType": frame.media_type}
        if self._feed.delay_ms is not None:
            message["delayMs"] = round(self._feed.delay_ms)
        if frame.width:
            message |= {"width": frame.width, "height": frame.height}
        self._send(message, [frame.data])


def _first_picture(session: Session) -> str:
    """Return the address of the picture to begin from: the entrance's, where play begins there, else the cover."""
    entrance = session.world.entrance
    begins_there = entrance is not None and entrance.state == session.state
    image = entrance.image if entrance is not None and begins_there else None
    return (image.src if image is not None else session.world.cover) or ""
