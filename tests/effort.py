"""How many seeds a test tries: all of them in `make fuzz`, a share in `make test`, where they never change."""

from __future__ import annotations

import os

ALL_SEEDS = os.environ.get("WORLDKIT_SEEDS") == "all"


def seeds(number: int, share: int = 3) -> int:
    """Return how many of a number of seeds this run tries.

    Args:
        number: How many there are. The test has ``pytest.mark.seeds``, so that `make fuzz` tries them all.
        share: The part of them that `make test` tries is one in so many.
    """
    return number if ALL_SEEDS else max(1, number // share)
