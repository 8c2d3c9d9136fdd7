"""``Recognition``: what a detector recognises in the picture of a session, and what comes of it.

It is evidence for events that wait, the place of the anchors that are offered, and the side an autopilot turns to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from worldkit.core.json_values import Json
from worldkit.core.model import Anchor, KeepCentered
from worldkit.core.process_lock import ProcessLock
from worldkit.painting.anchors import find_anchor
from worldkit.painting.centering import Centering
from worldkit.painting.detection import Detection, Detections, Detector
from worldkit.painting.looks import size_of
from worldkit.painting.painter import Frame
from worldkit.playing.evidence import Sample

if TYPE_CHECKING:
    from worldkit.playing import Session
    from worldkit.world import World

LOOK_INTERVAL_SECONDS = 0.7
"""The picture is looked at so often while an anchor is offered."""


class Recognition:
    """Looks at a painter's frames with a detector.

    Args:
        tell: Sends a message to the views.
        turn: Holds a look control; an empty text releases it.
    """

    def __init__(self, detector: Detector, tell: Callable[[Json], None], turn: Callable[[str], None]) -> None:
        self._detections = Detections(detector, self._on_found)
        self._centering_check = Centering(turn)
        self._send = tell
        self._session: Session | None = None
        self._frame = Frame()
        self._last_sample = Sample()
        self._next_look = 0.0
        self._is_found = False
        # what was recognised is told by the detector's thread, and forgotten by the one that plays
        self._lock = ProcessLock()

    def follow(self, session: Session) -> None:
        """Look for what this session offers from now on."""
        self._session = session
        self.forget()

    def show(self, frame: Frame) -> None:
        """Note the newest frame, and look at it when it is time to."""
        self._frame = frame
        session = self._session
        if session is None:
            return
        now = time.monotonic()
        is_due = now >= self._next_look if anchors_offered(session) else False
        if is_due or (centered_thing(session) is not None and self._centering_check.is_due()):
            self._next_look = now + LOOK_INTERVAL_SECONDS
            self._begin_look(session)

    def sample(self, sample: Sample | None) -> Sample:
        """Return what is seen now as evidence: what was measured, with the labels that events wait for.

        Args:
            sample: What was measured; None where nothing was since the last time.
        """
        self._last_sample = sample = sample or self._last_sample
        session = self._session
        if session is None:
            return sample
        labels = awaited_labels(session.world, session.state)
        extents = {label: extent for label, extent in self._detections.extents.items() if label in labels}
        if labels:
            self._begin_look(session)
        return replace(sample, labels=tuple(extents.items()))

    def forget(self) -> None:
        """Forget what was recognised: from now on another picture is meant."""
        with self._lock:
            self._detections.forget()
            self._centering_check.release()
            self._next_look = 0.0
            if self._is_found:
                self._show_anchors([])

    def close(self) -> None:
        """Look at nothing any more."""
        self._session = None
        self._detections.forget()
        self._centering_check.release()

    def to_json(self) -> list[Json]:
        """Return the anchors that are looked for, as a view gets them."""
        session = self._session
        if session is None:
            return []
        return [{"event": event, "thing": anchor.label} for event, anchor in anchors_offered(session).items()]

    # ---- inside --------------------------------------------------------------------------------

    def _begin_look(self, session: Session) -> None:
        target = centered_thing(session)
        targets: list[Anchor | KeepCentered] = [*anchors_offered(session).values()]
        if target is not None:
            targets.append(target)
        labels = dict.fromkeys(awaited_labels(session.world, session.state))
        for part in targets:
            labels |= dict.fromkeys(label for label in (part.label, *(part.aliases or ())) if label)
        self._detections.look(self._frame, list(labels))

    def _on_found(self, detections: Iterable[Detection], frame: Frame) -> None:
        with self._lock:
            session = self._session
            if session is None:
                return
            target = centered_thing(session)
            if target is not None:
                self._centering_check.see(target, detections)
            if anchors := anchors_offered(session):
                size = size_of(frame)
                anchors_in_sight = [find_anchor(event, anchor, detections, size) for event, anchor in anchors.items()]
                self._show_anchors([one.to_json() for one in anchors_in_sight if one is not None])

    def _show_anchors(self, anchors: list[Json]) -> None:
        self._is_found = bool(anchors)
        self._send({"type": "anchors", "found": anchors})


def anchors_offered(session: Session) -> dict[str, Anchor]:
    """Return the anchors of the events that are offered, locked ones too, by the events' names."""
    events = session.world.events_by_name
    return {
        offer.name: anchor
        for offer in session.offers
        if offer.name in events and (anchor := events[offer.name].anchor) is not None and anchor.label.strip()
    }


def centered_thing(session: Session) -> KeepCentered | None:
    """Return what the state's autopilot keeps in the middle; None while an event plays, or without one."""
    pilot = session.here.autopilot
    return None if session.playing is not None or pilot is None else pilot.keep_centered


def awaited_labels(world: World, state: str) -> list[str]:
    """Return what an event that is offered in a state may wait to see, with its aliases."""
    labels: dict[str, None] = {}
    for event in world.events:
        if state not in event.from_:
            continue
        gate, destination = event.land_when, world.states.get(event.to or "")
        if gate is not None:
            labels |= dict.fromkeys(label for label in (gate.label, *(gate.aliases or ())) if label)
        elif destination is not None and destination.arrive_label:
            labels[destination.arrive_label] = None
    return list(labels)
