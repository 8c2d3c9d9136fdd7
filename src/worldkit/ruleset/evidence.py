"""Rules about visual evidence: anchors, arrival evidence, cameras of phases."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from worldkit.core.diagnostics import Item
from worldkit.core.json_values import Json, quote
from worldkit.core.model import Event, LandWhen
from worldkit.ruleset.fixes import patch_ops
from worldkit.ruleset.index import Index
from worldkit.ruleset.passages import halves
from worldkit.ruleset.rules import Found, RulePart, T, join_names, of_each_event, of_events_together, rule

SUGGESTED_PROXIMITY = 0.15
_MAX_LISTED_ITEMS = 5


@rule(
    "auto-needs-pixels",
    "error",
    "A trigger zone without pixels",
    "A trigger zone (landWhen.auto) fires on the brightness of the picture, in the Studio also on motion, and this one "
    "names no bound. Add a minLuminance or maxLuminance, or switch auto off.",
    parts=of_each_event,
)
def auto_needs_pixels(index: Index) -> Iterator[Found]:
    """``landWhen.auto`` without a clause that a trigger zone may fire on: luminance, in the Studio also motion."""
    clauses = index.profile.zone_clauses
    for event in index.evidenced:
        if event.land_when is not None and event.land_when.auto and clauses.isdisjoint(_clauses(event.land_when)):
            names = " or ".join(sorted(clauses))
            message = f"this trigger zone has no {names} clause to fire on; add one, or switch auto off"
            yield Found(message, "event", event.name, "landWhen")


def _clauses(spec: LandWhen) -> Iterator[str]:
    if spec.min_luminance is not None or spec.max_luminance is not None:
        yield "luminance"
    if spec.min_motion is not None or spec.max_motion is not None:
        yield "motion"


def _of_evidence(check: Callable[[T], Iterable[Found]]) -> RulePart[T]:
    return of_events_together(check, lambda event: event.land_when is not None)


@rule(
    "luminance-overlap",
    "error",
    "There and back at one brightness",
    "One transition lands when the picture is brighter than its minLuminance, the way back when it is darker than its "
    "maxLuminance, and some brightness is both: the player would flicker to and fro. Set the way back's "
    "maxLuminance below the way out's minLuminance.",
    parts=_of_evidence,
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
    for thresholds in outs.values():
        thresholds.sort(key=lambda pair: pair[0])
    for way_back, origin, high in backs:
        # the ways out that overlap are the first of each list, which is sorted by their bound
        pairs = [outs.get((origin, away), []) for away in dict.fromkeys(way_back.from_) if away != origin]
        counts = [bisect_right(thresholds, high, key=lambda pair: pair[0]) for thresholds in pairs]
        if count := sum(counts):
            dimmest = [
                thresholds[: min(_MAX_LISTED_ITEMS, number)] for thresholds, number in zip(pairs, counts, strict=True)
            ]
            yield Found(
                _describe_overlap(high, heapq.merge(*dimmest), count), "event", way_back.name, "landWhen.maxLuminance"
            )


def _describe_overlap(high: float, thresholds: Iterable[tuple[float, str]], count: int) -> str:
    """Describe the ways out that a way back overlaps with, the one with the lowest bound first."""
    first_ways = list(islice(thresholds, _MAX_LISTED_ITEMS))
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
        return {"anchor": {**body["anchor"], "minProximity": SUGGESTED_PROXIMITY}}

    return patch_ops(index, items, patch)


@rule(
    "sliver-evidence",
    "warning",
    "Evidence that a sliver satisfies",
    "An anchor without minProximity, or a label to be seen on arrival without minExtent: a sliver of it at the edge of "
    f"the picture will do. Say how large it must be; the fix sets an anchor's minProximity to {SUGGESTED_PROXIMITY}.",
    fix=_set_min_proximity,
    parts=of_each_event,
)
def sliver_evidence(index: Index) -> Iterator[Found]:
    """An anchor without minProximity, or ``landWhen.label`` without ``minExtent``."""
    for event in index.events:
        spec = event.land_when
        if spec is not None and spec.label is not None and spec.min_extent is None:
            message = (
                f"its {quote(spec.label)} has no minExtent, so that a sliver of it will do; say how large it must be"
            )
            yield Found(message, "event", event.name, "landWhen.minExtent")
        if event.anchor is not None and event.anchor.min_proximity is None:
            label = quote(event.anchor.label)
            message = (
                f"its anchor {label} has no minProximity, so that a sliver of it will do; set {SUGGESTED_PROXIMITY}"
            )
            remedy = f"set its minProximity to {SUGGESTED_PROXIMITY}"
            yield Found(message, "event", event.name, "anchor.minProximity", remedy=remedy)


@rule(
    "shared-phase-camera",
    "warning",
    "Phases that share a camera",
    "The move is told in several phases, and one has no camera of its own, so that it plays as one shot. Give every "
    "phase its own framing. The hosted kernel minds it only where the event has a camera that they would share.",
    parts=of_each_event,
)
def shared_phase_camera(index: Index) -> Iterator[Found]:
    """Two or more phases, and one without its own camera; hosted: where the event has one."""
    for event in index.phased:
        if index.profile.shared_camera_is_the_events and not any(text.strip() for _, text in halves(event.camera)):
            continue
        phases = event.phases or ()
        without_camera = [number for number, phase in enumerate(phases) if not (phase.camera and phase.camera.strip())]
        if len(phases) > 1 and without_camera:
            numbers = ", ".join(str(number + 1) for number in without_camera[:_MAX_LISTED_ITEMS])
            if len(without_camera) > _MAX_LISTED_ITEMS:
                numbers += f" and {len(without_camera) - _MAX_LISTED_ITEMS:,} more"
            message = f"of its {len(phases)} phases these have no camera of their own: {numbers}; give each its framing"
            yield Found(message, "event", event.name, f"phases[{without_camera[0]}].camera")
