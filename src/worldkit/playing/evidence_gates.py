"""Which samples are evidence, how many it takes, and how long to wait (docs/spec/runtime.md#evidence-landwhen)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from worldkit.core.model import LandWhen
from worldkit.playing.clock import MAX_MS, TIMEOUT_MS, whole_ms
from worldkit.playing.evidence import Sample

Band = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EvidenceGate:
    """Clauses of evidence; one of them is enough.

    Attributes:
        labels: What must be visible, as ``normalize_label`` says it; one of them is enough, and none is no clause.
        min_extent: Least part of the picture that it covers; None when any part will do. It is no clause alone.
        luminance: Least and greatest luminance, both included; None when it does not matter.
        motion: The same of motion.
        hits: How many ticks with evidence it takes.
        timeout_ms: After so long it is given up.
    """

    labels: frozenset[str] = frozenset()
    min_extent: float | None = None
    luminance: Band | None = None
    motion: Band | None = None
    hits: int = 1
    timeout_ms: int = TIMEOUT_MS

    def accepts(self, sample: Sample | None) -> bool:
        """Say whether a sample is evidence."""
        if sample is None:
            return False
        if self.labels:
            min_extent = self.min_extent if self.min_extent is not None else 0.0
            for label, extent in sample.labels:
                if extent > 0 and extent >= min_extent and normalize_label(label) in self.labels:
                    return True
        return _within(sample.luminance, self.luminance) or _within(sample.motion, self.motion)


SETTLED_GATE = EvidenceGate(motion=(0.0, math.nextafter(12.0, 0.0)), hits=2, timeout_ms=12_000)
"""The picture has come to rest: motion below 12, and 12 itself is not below."""


def evidence_gate(spec: LandWhen) -> EvidenceGate:
    """Return the gate that ``landWhen`` describes."""
    return EvidenceGate(
        labels=_labels(spec.label, *(spec.aliases or ())),
        min_extent=spec.min_extent,
        luminance=_band(spec.min_luminance, spec.max_luminance),
        motion=_band(spec.min_motion, spec.max_motion),
        hits=1 if spec.hits is None else max(1, math.ceil(min(spec.hits, MAX_MS))),
        timeout_ms=TIMEOUT_MS if spec.timeout_ms is None else max(0, whole_ms(spec.timeout_ms)),
    )


def arrival_gate(label: str) -> EvidenceGate:
    """Return the gate of a state's ``arriveLabel``: that label, once."""
    return EvidenceGate(labels=_labels(label))


def zone_gate(spec: LandWhen) -> EvidenceGate:
    """Return what a trigger zone fires on: luminance or motion, never a label; it does not time out."""
    gate = evidence_gate(spec)
    return EvidenceGate(luminance=gate.luminance, motion=gate.motion, hits=gate.hits)


def normalize_label(label: str) -> str:
    """Return a label as labels are compared: without regard to case and to the width of spaces."""
    return " ".join(label.split()).casefold()


def _labels(*labels: str | None) -> frozenset[str]:
    return frozenset(normalize_label(label) for label in labels if label is not None and label.strip())


def _band(low: float | None, high: float | None) -> Band | None:
    if low is None and high is None:
        return None
    return (-math.inf if low is None else low, math.inf if high is None else high)


def _within(value: float | None, band: Band | None) -> bool:
    return value is not None and band is not None and band[0] <= value <= band[1]
