"""How often the tests kill a process: some in ``make test``, three hundred times each in ``make fuzz``."""

from __future__ import annotations

import os

KILLS = int(os.environ.get("WORLDKIT_KILLS", "40"))


def share(part: int) -> int:
    """Return how many of ``KILLS`` one test makes that has a part of three hundred."""
    return max(1, part * KILLS // 300)
