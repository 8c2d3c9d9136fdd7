"""What a view is told of a generation while it runs: how far it is, the last text, the map as it fills in."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping

from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.progress import Address, DocumentOf
from worldkit.drawing.cell_picture import cell_picture
from worldkit.generation.pipeline.run import Commission, Outcome
from worldkit.generation.prose.requests import PENDING_TEXT
from worldkit.world import World

MESSAGE_INTERVAL_SECONDS = 0.25
"""Seconds between two messages to a view, at least."""
PICTURE_SHARE = 0.05
"""So large a share of the time may go into pictures."""
MAX_PICTURE_CHARACTERS = 400_000
"""Characters of a picture that a view is sent; of a larger world it gets none."""
MAX_TEXT = 400


class StopRequested(KeyboardInterrupt):
    """Somebody asked for the generation to be stopped."""


class GenerationProgress:
    """A progress of ``generate`` that keeps what a view shows, and stops the generation when it is told to.

    Args:
        commission: What is generated, where that is known.
        show: Called when there is something new to show, from the thread that generates.
        clock: Tells the time, in seconds.
    """

    def __init__(
        self, commission: Commission | None, show: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._commission = commission
        self._show = show
        self._clock = clock
        self._is_stopping = False
        self._amount = (0, 1, "")
        self._last_step: tuple[str, str] = ("", "")
        self._document: DocumentOf | None = None
        self._texts: dict[Address, str] = {}
        self._picture = ""
        self._is_stale = False
        self._next_message = 0.0
        self._next_picture = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        """Receive how much is done; see ``Progress``.

        Raises:
            StopRequested: The generation is to stop.
        """
        is_stage = what != self._amount[2]
        self._amount = (done, max(1, total), what)
        self._refresh(at_once=is_stage)
        self._check()

    def planned(self, document: DocumentOf, texts: Mapping[Address, str]) -> None:
        """Receive the planned world; see ``Watch``.

        Raises:
            StopRequested: The generation is to stop.
        """
        self._document, self._texts, self._is_stale = document, dict(texts), True
        if not self._amount[2].startswith("act "):  # of several acts a share is known
            self._amount = (0, max(1, list(texts.values()).count(PENDING_TEXT)), "writing")
        self._refresh(at_once=True)
        self._check()

    def wrote(self, at: Address, text: str) -> None:
        """Receive a text; see ``Watch``."""
        _, place, _ = at
        self._last_step = (place.replace("_", " "), text[:MAX_TEXT])
        self._texts[at] = text
        self._is_stale = True
        self._refresh(at_once=False)

    def stop(self) -> None:
        """Have the generation stop at the next sign of progress."""
        self._is_stopping = True

    def state(self) -> Json:
        """Return what a view is told, as JSON values."""
        done_count, total, what = self._amount
        place, text = self._last_step
        return {
            "status": "running",
            "source": self._commission.source if self._commission else "premise",
            "title": " ".join(self._commission.text[:400].split())[:120] if self._commission else "",
            "done": min(done_count, total),
            "total": total,
            "what": what,
            "place": place,
            "text": text,
            "picture": self._picture,
            "trouble": "",
            "report": "",
            "usable": False,
            "worlds": [],
        }

    def _check(self) -> None:
        if self._is_stopping:
            raise StopRequested("the generation was stopped")

    def _refresh(self, at_once: bool) -> None:
        now = self._clock()
        if now < self._next_message and not at_once:
            return
        self._next_message = now + MESSAGE_INTERVAL_SECONDS
        if self._document is not None and self._is_stale and now >= self._next_picture:
            svg = cell_picture(World.from_dict(self._document(self._texts), source="the world so far"))
            self._is_stale = False
            self._picture = _address(svg)
            self._next_picture = now + (self._clock() - now) / PICTURE_SHARE
        self._show()


def _address(svg: str) -> str:
    text = base64.b64encode(svg.encode()).decode()
    return f"data:image/svg+xml;base64,{text}" if len(text) <= MAX_PICTURE_CHARACTERS else ""


def report_text(outcome: Outcome) -> str:
    """Return what a view says of a generation that is done: what of the premise stands in the world, and remarks."""
    report = outcome.report
    parts = (report.premise_kept, report.shortfall, *report.notes)
    return escape_unprintable("; ".join(part for part in parts if part))


def worlds_json(outcome: Outcome) -> list[Json]:
    """Return the worlds of a generation as a view lists them, as JSON values."""
    return [
        {"title": title or "Untitled", "states": len(world.states), "events": len(world.events)}
        for title, world in outcome.worlds
    ]
