"""Rules about visual evidence: anchors, arrival evidence, cameras of phases."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from worldkit.core.diagnostics import Item
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event, LandWhen
from worldkit.ruleset.fixes import patch_ops
from worldkit.ruleset.index import Index
from worldkit.ruleset.rules import Found, join_names, rule

PROXIMITY = 0.15
_MAX_NAMED = 5


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
        if event.land_when is not None and event.land_when.auto and not _has_pixel_clause(event.land_when):
            message = "this trigger zone has no luminance or motion clause to fire on; add one, or switch auto off"
            yield Found(message, "event", event.name, "landWhen")


def _has_pixel_clause(spec: LandWhen) -> bool:
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
    """A there-and-back pair of transitions, the way back's maxLuminance not below the way out's minLuminance.

    Reported once for each way back, which is what has to change, however many ways out it overlaps with.
    """
    if not index.evidenced:
        return
    outs: dict[tuple[str, str], list[tuple[float, str]]] = {}
    backs: list[tuple[Event, str, float]] = []
    for event, target in zip(index.transitions, index.landings, strict=True):
        if event.land_when is not None and target is not None:
            low, high = event.land_when.min_luminance, event.land_when.max_luminance
            if low is not None:
                for source in dict.fromkeys(event.from_):
                    outs.setdefault((source, target), []).append((low, event.name))
            if high is not None:
                backs.append((event, target, high))
    for ways in outs.values():
        ways.sort(key=lambda way: way[0])
    for way_back, origin, high in backs:
        # the ways out that overlap are the first of each list, which is sorted by their bound
        pairs = [outs.get((origin, away), []) for away in dict.fromkeys(way_back.from_) if away != origin]
        counts = [bisect_right(ways, high, key=lambda way: way[0]) for ways in pairs]
        if count := sum(counts):
            dimmest = [ways[: min(_MAX_NAMED, number)] for ways, number in zip(pairs, counts, strict=True)]
            yield Found(
                _describe_overlap(high, heapq.merge(*dimmest), count), "event", way_back.name, "landWhen.maxLuminance"
            )


def _describe_overlap(high: float, ways: Iterable[tuple[float, str]], count: int) -> str:
    """Describe the ways out that a way back overlaps with, the one with the lowest bound first."""
    first_ways = list(islice(ways, _MAX_NAMED))
    low, name = first_ways[0]
    if count == 1:
        description = f"the way out, {quote(name)}, above {low:g}"
    else:
        names = join_names((name for _, name in first_ways), count=count)
        description = f"{count:,} ways out, {names}, the first above {low:g}"
    return f"it lands below luminance {high:g}, and {description}; set this maxLuminance below {low:g}"


def _set_min_proximity(index: Index, items: Sequence[Item]) -> list[Json]:
    def patch(event: Event, body: Json) -> Json | None:
        if event.anchor is None or event.anchor.min_proximity is not None:
            return None
        return {"anchor": {**body["anchor"], "minProximity": PROXIMITY}}

    return patch_ops(index, items, patch)


@rule(
    "sliver-evidence",
    "warning",
    "An anchor that a sliver satisfies",
    "The anchor says what to click but not how near it must be, so that a sliver of it at the edge of the picture will "
    f"do. Give it a minProximity; the fix sets {PROXIMITY}.",
    fix=_set_min_proximity,
)
def sliver_evidence(index: Index) -> Iterator[Found]:
    """An anchor without minProximity."""
    for event in index.events:
        if event.anchor is not None and event.anchor.min_proximity is None:
            label = quote(event.anchor.label)
            message = f"its anchor {label} has no minProximity, so that a sliver of it will do; set {PROXIMITY}"
            yield Found(message, "event", event.name, "anchor.minProximity")


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
            numbers = ", ".join(str(number + 1) for number in bare[:_MAX_NAMED])
            if len(bare) > _MAX_NAMED:
                numbers += f" and {len(bare) - _MAX_NAMED:,} more"
            message = f"of its {len(phases)} phases these have no camera of their own: {numbers}; give each its framing"
            yield Found(message, "event", event.name, f"phases[{bare[0]}].camera")
