"""Starting vLLM, and stopping it between two steps, without leaving a mark on the caller's process."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from worldkit.generation.engines import torch_setup

SETTINGS = {
    # in a process of its own, vLLM ends at an interrupt, and a script without a guard for its main module starts twice
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_HOST_IP": "127.0.0.1",
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_CPU_KVCACHE_SPACE": "2",
}
"""What vLLM reads from the environment as it starts; what the environment says already stands."""
SILENT = {"VLLM_NO_USAGE_STATS": "1"}
"""Without it vLLM tells its makers of its use; this one stands whatever the environment says."""
SHARE = 0.9
"""Share of a GPU's memory that vLLM may take."""


def installed() -> bool:
    """Say whether vLLM is there, without importing it."""
    return find_spec("vllm") is not None


def fit() -> dict[str, Any]:
    """Return how vLLM is to use the device that it will run on."""
    if torch_setup.device() != "cuda":
        # on a CPU compiling takes longer than it saves, and a seed cannot be kept over a prompt that is read in parts
        return {"enforce_eager": True, "enable_chunked_prefill": False}
    import torch

    free, total = torch.cuda.mem_get_info()
    return {"gpu_memory_utilization": min(SHARE, 0.95 * free / total)}


def out_of_memory(error: BaseException) -> bool:
    """Say whether an error is about memory: vLLM reckons before it takes any, and says so in words of its own."""
    text = str(error).lower()
    return torch_setup.out_of_memory(error) or ("memory" in text and ("free" in text or "available" in text))


def environment() -> contextlib.AbstractContextManager[None]:
    """Set what vLLM reads from the environment, for as long as it starts."""
    return torch_setup.environment(SETTINGS, SILENT)


@contextlib.contextmanager
def whole_step() -> Iterator[None]:
    """Let an interrupt wait for the end of a step: cut in two, a step leaves vLLM's books open."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    was = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, was or signal.default_int_handler)
    if came:
        signal.raise_signal(signal.SIGINT)
