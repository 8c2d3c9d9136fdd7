"""What is under way, as a player or a tester sees it: what plays, what it waits for, how far waypoints are."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.playing.clock import remaining_m
from worldkit.playing.event_stages import StageKind
from worldkit.playing.evidence_gates import EvidenceGate
from worldkit.playing.machine import offered_events
from worldkit.playing.moment import Moment
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.trace import By
from worldkit.playing.transition_table import Action, Kind


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """An event that plays and has not landed.

    Attributes:
        event: Its name, or ``sequence:<id>``.
        kind: Its kind.
        by: Who pressed.
        at: The clock at the press.
        stage: ``"phase"``, ``"cutscene"``, ``"least"`` (``minPlayMs``) or ``"evidence"`` of an event; ``"dwell"``
            or ``"settle"`` of a sequence.
        number: Which phase or beat, from 1; 0 in other stages.
        of: How many phases or beats it has.
        since: The clock when this stage began.
        until: The clock when it ends at the latest.
        hits: Ticks with evidence so far.
        needs: Ticks with evidence it takes; 0 where it waits for time alone.
        waits_for: What it waits for, in words.

    Example:
        >>> session = wk.Session(world, mode="real-time")
        >>> step = session.fire("walk_up_the_lane")
        >>> session.playing.event
        'walk_up_the_lane'
    """

    event: str
    kind: Kind
    by: By
    at: int
    stage: StageKind
    number: int
    of: int
    since: int
    until: int
    hits: int
    needs: int
    waits_for: str

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {name: getattr(self, name) for name in ("event", "kind", "by", "at", "stage", "number", "of")} | {
            "since": self.since,
            "until": self.until,
            "hits": self.hits,
            "needs": self.needs,
            "waitsFor": self.waits_for,
        }


@dataclass(frozen=True, slots=True)
class WaypointStatus:
    """A waypoint of the state the player is in.

    Attributes:
        event: The event it fires.
        label: What it is called.
        distance_m: How far it is from where the state is entered, in metres.
        left_m: How far it is now.
        near: It is near enough to be told of: its ``approachM``.
        available: Its event can be fired now.
    """

    event: str
    label: str
    distance_m: float
    left_m: float
    near: bool
    available: bool

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        names = {"distanceM": self.distance_m, "leftM": self.left_m}
        return {"event": self.event, "label": self.label, **names, "near": self.near, "available": self.available}


def describe_playing(now: Moment) -> NowPlaying | None:
    """Return what plays at a moment; None when nothing does."""
    playing = now.playing
    if playing is None or playing.stage is None:
        return None
    stage, action = playing.stage, playing.action
    is_event = isinstance(action, Action)
    total = sum(candidate.kind == "phase" for candidate in playing.stages) if is_event else len(playing.stages)
    return NowPlaying(
        event=action.name,
        kind=action.kind if isinstance(action, Action) else "sequence",
        by=playing.by,
        at=playing.pressed_at,
        stage=stage.kind,
        number=playing.index + 1 if not is_event or stage.kind == "phase" else 0,
        of=total,
        since=playing.stage_began,
        until=playing.stage_began + (stage.ms if stage.gate is None else stage.gate.timeout_ms),
        hits=playing.hits,
        needs=0 if stage.gate is None else stage.gate.hits,
        waits_for=_describe_wait(stage.kind, stage.gate),
    )


def waypoint_statuses(rules: PlayRules, now: Moment) -> list[WaypointStatus]:
    """Return the waypoints of a position that are not used up, in world order."""
    statuses: list[WaypointStatus] = []
    for action in offered_events(rules.table, now.position, rules.past_endings):
        waypoint = action.event.waypoint
        if waypoint is not None and action.index not in now.self_fired:
            remaining, near = remaining_m(waypoint, now.travelled_ms), action.index in now.near_waypoints
            available = action.requires <= now.position.flags
            statuses.append(
                WaypointStatus(action.name, waypoint.label, waypoint.distance_m, remaining, near, available)
            )
    return statuses


_TIMED_STAGES: dict[StageKind, str] = {
    "phase": "the phase to end",
    "least": "its least time to play",
    "dwell": "its dwell to end",
    "cutscene": "the clip to end",
}


def describe_gate(gate: EvidenceGate) -> str:
    """Return what a gate waits to see, in words."""
    clauses = [
        *([f"{' or '.join(map(repr, sorted(gate.labels)))} in the picture"] if gate.labels else []),
        *([_describe_range("luminance", *gate.luminance)] if gate.luminance else []),
        *([_describe_range("motion", *gate.motion)] if gate.motion else []),
    ]
    return " or ".join(clauses) or "evidence in the picture"


def _describe_wait(what: StageKind, gate: EvidenceGate | None) -> str:
    if gate is None:
        return _TIMED_STAGES[what]
    return "the picture to come to rest" if what == "settle" else describe_gate(gate)


def _describe_range(name: str, low: float, high: float) -> str:
    if low == -float("inf"):
        return f"{name} of at most {high:g}"
    return f"{name} of at least {low:g}" if high == float("inf") else f"{name} of {low:g} to {high:g}"
