"""Bringing torch in, and choosing where and how it runs, without leaving a mark on the caller's process."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

MAX_THREADS = 8
"""More threads than this make a small model slower."""


def bring_in() -> None:
    """Import torch so that its OpenMP threads sleep at barriers, and products round alike in any batch.

    Spinning, as threads do by default, makes a step up to 90 times slower beside another busy process. The tile
    instructions of some CPUs (AMX) round differently in a batch of another size, so they are not used. The runtimes
    read these variables once: OpenMP when torch is imported, oneDNN at its first product. They are set until then, and
    what the caller has set stays.
    """
    if "torch" not in sys.modules:
        with environment({"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "1000"}):
            import torch
    if "amx_bf16" in _cpu_flags():
        with environment({"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16"}):
            import torch

            square = torch.zeros(64, 64, dtype=torch.bfloat16)
            torch.nn.functional.linear(square, square)


@contextlib.contextmanager
def environment(defaults: Mapping[str, str], forced: Mapping[str, str] | None = None) -> Iterator[None]:
    """Set variables for a while: defaults where the environment has none, and forced ones whatever it says."""
    own_values = {name: value for name, value in defaults.items() if name not in os.environ} | dict(forced or {})
    values_before = {name: os.environ.get(name) for name in own_values}
    os.environ.update(own_values)
    try:
        yield
    finally:
        for name, value in values_before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@lru_cache(maxsize=1)
def _cpu_flags() -> frozenset[str]:
    """Return what the CPU can do, as Linux calls it; empty where that is not known."""
    info = Path("/proc/cpuinfo")
    text = info.read_text(errors="replace") if info.is_file() else ""
    flags = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return frozenset(flags[1].split()) if flags else frozenset()


def device() -> str:
    """Return the device to run on: a GPU when there is one."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def memory_gib() -> float:
    """Return the memory of the GPU that is taken first, in GiB."""
    import torch

    return float(torch.cuda.get_device_properties(0).total_memory) / 2**30


def precision(device: str) -> torch.dtype:
    """Return the number type to run in: bfloat16 where the hardware knows it, else float32."""
    import torch

    if device != "cpu":
        return torch.bfloat16
    # without instructions for it, bfloat16 on a CPU is slower than float32
    return torch.bfloat16 if "avx512_bf16" in _cpu_flags() else torch.float32


def can_spread(device: str) -> bool:
    """Say whether a model may be spread over GPUs and main memory, which transformers does through accelerate."""
    return device == "cuda" and find_spec("accelerate") is not None


def out_of_memory(error: BaseException) -> bool:
    """Say whether an error is a device telling that its memory is full; not every backend has a class for it."""
    import torch

    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error).lower()


def let_go(device: str) -> None:
    """Give memory that is kept for reuse back to the device."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device.startswith("mps"):
        torch.mps.empty_cache()


@contextlib.contextmanager
def threads() -> Iterator[None]:
    """Cap the threads while a model runs, and put the caller's setting back; it is never raised."""
    import torch

    was = torch.get_num_threads()
    torch.set_num_threads(min(was, MAX_THREADS))
    try:
        yield
    finally:
        torch.set_num_threads(was)
