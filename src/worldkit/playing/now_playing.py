"""What is under way, as a player or a tester sees it: what plays, what it waits for, how far waypoints are."""

from __future__ import annotations

from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.playing.clock import left_m
from worldkit.playing.compile import Action, Kind
from worldkit.playing.game import Game
from worldkit.playing.gates import Gate
from worldkit.playing.machine import unspent
from worldkit.playing.record import Moment
from worldkit.playing.stages import What
from worldkit.playing.trace import By


@dataclass(frozen=True, slots=True)
class NowPlaying:
    """What plays and has not landed.

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
    stage: What
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
class Ahead:
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


def now_playing(now: Moment) -> NowPlaying | None:
    """Return what plays at a moment; None when nothing does."""
    playing = now.playing
    if playing is None or playing.stage is None:
        return None
    stage, found = playing.stage, playing.found
    is_event = isinstance(found, Action)
    of = sum(one.what == "phase" for one in playing.stages) if is_event else len(playing.stages)
    return NowPlaying(
        event=found.name,
        kind=found.kind if isinstance(found, Action) else "sequence",
        by=playing.by,
        at=playing.at,
        stage=stage.what,
        number=playing.index + 1 if not is_event or stage.what == "phase" else 0,
        of=of,
        since=playing.since,
        until=playing.since + (stage.ms if stage.gate is None else stage.gate.timeout_ms),
        hits=playing.hits,
        needs=0 if stage.gate is None else stage.gate.hits,
        waits_for=_waits(stage.what, stage.gate),
    )


def ahead(game: Game, now: Moment) -> list[Ahead]:
    """Return the waypoints of a position that are not used up, in world order."""
    found: list[Ahead] = []
    for action in unspent(game.table, now.position, game.past_endings):
        waypoint = action.event.waypoint
        if waypoint is not None and action.index not in now.rung:
            left, near = left_m(waypoint, now.travelled), action.index in now.near
            held = action.requires <= now.position.flags
            found.append(Ahead(action.name, waypoint.label, waypoint.distance_m, left, near, held))
    return found


_TIME: dict[What, str] = {
    "phase": "the phase to end",
    "least": "its least time to play",
    "dwell": "its dwell to end",
    "cutscene": "the clip to end",
}


def gate_words(gate: Gate) -> str:
    """Return what a gate waits to see, in words."""
    clauses = [
        *([f"{' or '.join(map(repr, sorted(gate.labels)))} in the picture"] if gate.labels else []),
        *([_bounds("luminance", *gate.luminance)] if gate.luminance else []),
        *([_bounds("motion", *gate.motion)] if gate.motion else []),
    ]
    return " or ".join(clauses) or "evidence in the picture"


def _waits(what: What, gate: Gate | None) -> str:
    if gate is None:
        return _TIME[what]
    return "the picture to come to rest" if what == "settle" else gate_words(gate)


def _bounds(name: str, low: float, high: float) -> str:
    if low == -float("inf"):
        return f"{name} of at most {high:g}"
    return f"{name} of at least {low:g}" if high == float("inf") else f"{name} of {low:g} to {high:g}"
