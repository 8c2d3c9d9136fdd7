"""From lists of times to figures; pure."""

from __future__ import annotations

import gzip
import math
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def middle(times: Sequence[float]) -> Json:
    """Return the median, the least and the number of some times in ms."""
    return {"median_ms": round(statistics.median(times), 1), "min_ms": round(min(times), 1), "of": len(times)}


def spread(times: Sequence[float]) -> Json:
    """Return the median, the 95th percentile (nearest rank) and the number of some times in ms; of none, that."""
    if not times:
        return {"of": 0}
    rank = max(0, math.ceil(0.95 * len(times)) - 1)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(sorted(times)[rank], 1),
        "of": len(times),
    }


def ratio(theirs: float, ours: float) -> float | None:
    """Return how many times our figure a peer's is; None where ours is nothing."""
    return round(theirs / ours, 1) if ours > 0 else None


def weights(folder: Path) -> Json:
    """Return the bytes of each bundle in a folder, as it is and as a server would send it."""
    result: Json = {}
    for file in sorted([*folder.glob("*.js"), *folder.glob("*.css")]):
        data = file.read_bytes()
        result[file.name] = {"bytes": len(data), "gzip": len(gzip.compress(data, 9))}
    return result
