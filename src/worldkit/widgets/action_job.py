"""``ActionJob``: writes the result of a typed action in the background, with its progress, its proposal and its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.process_lock import ProcessLock
from worldkit.core.progress import Progress, ignore
from worldkit.generation.action.capable_model import capable_chat
from worldkit.generation.action.proposal import ActionProposal, by_chat
from worldkit.generation.action.situation import Situation, situation_of
from worldkit.playing import Session
from worldkit.playing.trace import Step
from worldkit.widgets.generation_progress import MESSAGE_INTERVAL_SECONDS, StopRequested
from worldkit.widgets.kernel_widget import new_thread

log = logging.getLogger("worldkit.widgets")

MAX_ERROR = 1_200
"""Characters of an error that are shown."""


class ActionJob:
    """Writes the results of typed actions, one at a time.

    Args:
        show: Called from any thread when there is something new to show.
        model: The model, named as for ``propose_action``; None where none was named.
        key: The key of a chat endpoint, if it is not in the environment.
    """

    def __init__(self, show: Callable[[], None], model: str | None, key: str | None = None) -> None:
        self.model = model
        self.proposal: ActionProposal | None = None
        self._show = show
        self._key = key
        self._status = "idle"
        self._text = ""
        self._detail = ""
        self._number = 0
        self._next_message = 0.0
        self._lock = ProcessLock()

    def begin(self, session: Session, text: str) -> None:
        """Write the result of an action, in a thread.

        Args:
            session: The session it is typed in.

        Raises:
            WorldError: The action cannot be taken now, or another is being written.
        """
        situation, number = self._start(session, text)
        new_thread("action", self._work, situation, number).start()

    def run(
        self, session: Session, text: str, model: str | None, key: str | None, seed: int, progress: Progress
    ) -> ActionProposal:
        """Write the result of an action, and wait for it.

        Args:
            model, key, seed, progress: As for ``propose_action``; without a model the job's own.

        Raises:
            WorldError: The action cannot be taken, or the model gave no valid answer.
        """
        situation, number = self._start(session, text)
        try:
            proposal = self._propose(situation, number, model or self.model, key or self._key, seed, progress)
        except BaseException as error:
            self._end(number, "failed" if isinstance(error, Exception) else "idle", None, _words(error))
            raise
        self._end(number, "proposed", proposal)
        return proposal

    def take(self, session: Session) -> Step:
        """Add what was written to a session's world, and fire its event.

        Raises:
            WorldError: There is no proposal, or the session has gone on.
        """
        proposal = self.proposal
        if proposal is None:
            raise WorldError("there is no proposal to accept; type an action first")
        step = proposal.take(session)
        self.leave()
        return step

    def leave(self) -> None:
        """Stop the writing, or put away what was written."""
        with self._lock:
            self._number += 1
            self._status, self._text, self._detail, self.proposal = "idle", "", "", None
        self._show()

    def to_json(self, session: Session) -> Json:
        """Return what a view shows, as JSON values."""
        proposal = self.proposal
        body: Json = {"status": self._status, "text": self._text, "detail": self._detail, "proposal": None}
        if proposal is not None:
            scene = proposal.scene
            body["proposal"] = {
                "label": scene.choice,
                "seen": scene.view,
                "place": proposal.place,
                "base": scene.base,
                "ways": [{"label": way.do, "to": way.to} for way in scene.ways],
                "canTake": proposal.fits(session),
            }
        return body

    # ---- inside --------------------------------------------------------------------------------

    def _start(self, session: Session, text: str) -> tuple[Situation, int]:
        situation = situation_of(session, text)
        with self._lock:
            if self._status == "working":
                raise WorldError("an action is being written; wait for it, or cancel it")
            self._number += 1
            number = self._number
            self._status, self._text, self._detail, self.proposal = "working", situation.action, "", None
        self._show()
        return situation, number

    def _propose(
        self, situation: Situation, number: int, model: str | None, key: str | None, seed: int, progress: Progress
    ) -> ActionProposal:
        def report(done_count: int, total: int, what: str) -> None:
            self._report(number, what)
            progress(done_count, total, what)

        return by_chat(situation, capable_chat(model or None, key, report), seed, report)

    def _work(self, situation: Situation, number: int) -> None:
        try:
            proposal = self._propose(situation, number, self.model, self._key, 1, ignore)
        except KeyboardInterrupt:
            return  # the caller that stopped it has shown that
        except Exception as error:
            if not isinstance(error, WorldError):
                log.exception("an action could not be written")
            self._end(number, "failed", None, _words(error))
        else:
            self._end(number, "proposed", proposal)

    def _report(self, number: int, what: str) -> None:
        """Show what the model does.

        Raises:
            StopRequested: It is not wanted any more.
        """
        with self._lock:
            if number != self._number:
                raise StopRequested("the action was discarded")
            now = time.monotonic()
            is_new = what != self._detail and now >= self._next_message
            if is_new:
                self._detail, self._next_message = what, now + MESSAGE_INTERVAL_SECONDS
        if is_new:
            self._show()

    def _end(self, number: int, status: str, proposal: ActionProposal | None, detail: str = "") -> None:
        with self._lock:
            if number != self._number:
                return
            self._status, self._detail, self.proposal = status, detail, proposal
        self._show()


def _words(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return "\n".join(map(escape_unprintable, text.splitlines()))[:MAX_ERROR]
