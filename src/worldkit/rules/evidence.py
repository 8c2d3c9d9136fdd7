"""Rules about what the picture must show: anchors, arrival evidence, phases' cameras."""

from __future__ import annotations

from collections.abc import Iterator

from worldkit.diagnostics import Diagnostic
from worldkit.jsonish import Json, shown
from worldkit.model import Event, LandWhen
from worldkit.rules.fixes import patches
from worldkit.rules.index import Index
from worldkit.rules.rule import Found, rule
from worldkit.world import World

PROXIMITY = 0.15


@rule(
    "auto-needs-pixels",
    "error",
    "A trigger zone without pixels",
    "A trigger zone (landWhen.auto) fires on brightness or motion, and this one names neither. Add a minLuminance, "
    "maxLuminance, minMotion or maxMotion, or switch auto off.",
)
def auto_needs_pixels(index: Index) -> Iterator[Found]:
    """``landWhen.auto`` without a luminance or motion clause."""
    for event in index.evidenced:
        if event.land_when is not None and event.land_when.auto and not _pixels(event.land_when):
            said = "this trigger zone has no luminance or motion clause to fire on; add one, or switch auto off"
            yield Found(said, "event", event.name, "landWhen")


def _pixels(spec: LandWhen) -> bool:
    clauses = (spec.min_luminance, spec.max_luminance, spec.min_motion, spec.max_motion)
    return any(clause is not None for clause in clauses)


@rule(
    "luminance-overlap",
    "error",
    "There and back at one brightness",
    "One transition lands when the picture is brighter than its minLuminance, the way back when it is darker than its "
    "maxLuminance, and some brightness is both: the player would flicker to and fro. Set the way back's "
    "maxLuminance below the way out's minLuminance.",
)
def luminance_overlap(index: Index) -> Iterator[Found]:
    """A there-and-back pair of transitions, the way back's maxLuminance not below the way out's minLuminance."""
    if not index.evidenced:
        return
    outs: dict[tuple[str, str], list[tuple[Event, float]]] = {}
    backs: list[tuple[Event, str, float]] = []
    for event, target in zip(index.transitions, index.landings, strict=True):
        if event.land_when is not None and target is not None:
            low, high = event.land_when.min_luminance, event.land_when.max_luminance
            if low is not None:
                for source in dict.fromkeys(event.from_):
                    outs.setdefault((source, target), []).append((event, low))
            if high is not None:
                backs.append((event, target, high))
    for back, home, high in backs:
        pairs = [pair for away in dict.fromkeys(back.from_) if away != home for pair in outs.get((home, away), ())]
        for out, low in dict.fromkeys(pair for pair in pairs if high >= pair[1]):
            said = (
                f"it lands below luminance {high:g}, and the way out, {shown(out.name)}, above {low:g}; "
                f"set this maxLuminance below {low:g}"
            )
            yield Found(said, "event", back.name, "landWhen.maxLuminance")


def _near_enough(world: World, found: Diagnostic) -> list[Json]:
    def patch(event: Event, body: Json) -> Json | None:
        if event.anchor is None or event.anchor.min_proximity is not None:
            return None
        return {"anchor": {**body["anchor"], "minProximity": PROXIMITY}}

    return patches(world, found.item.id, patch)


@rule(
    "sliver-evidence",
    "warning",
    "An anchor that a sliver satisfies",
    "The anchor says what to click but not how near it must be, so that a sliver of it at the edge of the picture will "
    f"do. Give it a minProximity; the fix sets {PROXIMITY}.",
    fix=_near_enough,
)
def sliver_evidence(index: Index) -> Iterator[Found]:
    """An anchor without minProximity."""
    for event in index.events:
        if event.anchor is not None and event.anchor.min_proximity is None:
            label = shown(event.anchor.label)
            said = f"its anchor {label} has no minProximity, so that a sliver of it will do; set {PROXIMITY}"
            yield Found(said, "event", event.name, "anchor.minProximity")


@rule(
    "shared-phase-camera",
    "warning",
    "Phases that share a camera",
    "The move is told in several phases, and one has no camera of its own, so that it plays as one shot. Give every "
    "phase its own framing.",
)
def shared_phase_camera(index: Index) -> Iterator[Found]:
    """Two or more phases, and one without its own camera."""
    for event in index.phased:
        phases = event.phases or ()
        bare = [number for number, phase in enumerate(phases) if not (phase.camera and phase.camera.strip())]
        if len(phases) > 1 and bare:
            numbers = ", ".join(str(number + 1) for number in bare)
            said = f"of its {len(phases)} phases these have no camera of their own: {numbers}; give each its framing"
            yield Found(said, "event", event.name, f"phases[{bare[0]}].camera")
