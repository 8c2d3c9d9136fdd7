"""What runs a local model: llama.cpp a GGUF file, vLLM where it is installed and there is a CUDA GPU, else PyTorch."""

from __future__ import annotations

import copy
import gc
import os
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec

from worldkit.core.errors import MissingExtra
from worldkit.core.process_lock import ProcessLock
from worldkit.generation.engines import llama_cpp, torch_setup, vllm_lm, weights
from worldkit.generation.engines.llama_cpp import LlamaCppEngine
from worldkit.generation.engines.torch_lm import TorchEngine
from worldkit.generation.engines.vllm_lm import VllmEngine
from worldkit.model_access.weights import hub_problem, is_downloaded, weights_path

LocalEngine = TorchEngine | VllmEngine | LlamaCppEngine


class EngineCache:
    """Keeps the engine that was loaded last, and only that one: most machines have no memory for two."""

    def __init__(self) -> None:
        self._lock = ProcessLock()
        self._key: object = None
        self._engine: LocalEngine | None = None

    def get(self, key: object, make: Callable[[], LocalEngine]) -> LocalEngine:
        """Return the engine of a key, made if another is kept, or one that is broken, which is let go of before."""
        with self._lock:
            if self._engine is not None and (self._key != key or self._engine.is_broken):
                self._engine = None  # whoever still holds it can go on with it
                gc.collect()  # models have parts that refer to each other
                if "torch" in sys.modules:
                    torch_setup.let_go(torch_setup.device())
            if self._engine is None:
                self._key, self._engine = key, make()
            return self._engine


engine_cache = EngineCache()


CACHE_LIFETIME_S = 60
"""Seconds for which an answer of the hub is remembered at most."""


def is_in_reach(id: str, file: str | None = None) -> bool:
    """Say whether a repository of the hub, or one file of it, is downloaded, or can be."""
    return _is_in_reach(id, file, int(time.monotonic() / CACHE_LIFETIME_S))


@lru_cache(maxsize=8)
def _is_in_reach(id: str, file: str | None, _period: int) -> bool:
    return hub_problem(id, file) is None


def main_memory_gib() -> float:
    """Return the machine's main memory in GiB; infinite where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (AttributeError, ValueError, OSError):
        return float("inf")


def resolved(model: str) -> str:
    """Return the name that says what ``"local"`` means on this machine; any other name as it is."""
    if model != "local":
        return model
    if _suits_llama_cpp():
        return f"local:{weights.CPU_GGUF_MODEL}"
    id = suitable_model()
    return f"local:{id}" if id else "tiny"


def suitable_model() -> str | None:
    """Return the id of the larger model that suits this machine, if one does and what it needs is installed."""
    if weights.missing(weights.LOCAL_REQUIREMENTS):
        return None
    torch_setup.bring_in()
    if torch_setup.device() == "cuda":
        id, has_room = weights.GPU_MODEL, torch_setup.memory_gib() >= weights.GPU_MODEL_GIB
    else:
        id, has_room = weights.CPU_MODEL, main_memory_gib() >= weights.CPU_MODEL_GIB
    return id if has_room and is_in_reach(id) else None


def load(model: str) -> LocalEngine:
    """Return the engine of a local model, loaded once and kept until another is asked for.

    ``"vllm:..."`` and ``"torch:..."`` say what runs it. ``"local"`` and ``"local:..."`` are run by vLLM where it is
    installed and there is a CUDA GPU, and by llama.cpp when it is a GGUF file. ``"tiny"`` is run by PyTorch.
    """
    model = resolved(model)
    kind, _, name = model.partition(":")
    if kind == "local" and name.lower().endswith(".gguf"):
        if not llama_cpp.installed():
            raise MissingExtra("running a GGUF file", "gguf", llama_cpp.REQUIREMENT)
        path = llama_cpp.file(name)
        # the one that is kept answers nothing itself: each generation counts its own answers
        return copy.copy(engine_cache.get(("llama.cpp", path), lambda: LlamaCppEngine(path)))
    if kind == "vllm" and not vllm_lm.installed():
        raise MissingExtra('a model named "vllm:..."', "vllm", "vllm")
    source = weights.source(model)
    if kind == "vllm" or (kind == "local" and vllm_lm.installed() and _has_cuda()):
        return engine_cache.get(("vllm", source), lambda: VllmEngine(source))
    return engine_cache.get(("torch", source), lambda: TorchEngine(source))


def is_packaged(model: str) -> bool:
    """Say whether a model's name means the small packaged one on this machine, without loading anything."""
    return resolved(model) == "tiny"


def first_step(model: str) -> str:
    """Return what ``load`` has to do first, in words; a download is named, since it can take long."""
    _, _, name = resolved(model).partition(":")
    is_on_hub = name and weights_path(name) is None
    if not is_on_hub or find_spec("huggingface_hub") is None or is_downloaded(*llama_cpp.split_hub_name(name)):
        return "loading the model"
    return f"downloading {name}, once"


def _has_cuda() -> bool:
    torch_setup.bring_in()
    return torch_setup.device() == "cuda"


def _suits_llama_cpp() -> bool:
    """Say whether ``"local"`` is best run by llama.cpp here: there is no CUDA GPU, and its model can be had."""
    if not llama_cpp.installed() or main_memory_gib() < weights.CPU_MODEL_GIB:
        return False
    if find_spec("torch") is not None and _has_cuda():
        return False
    repository, file = llama_cpp.split_hub_name(weights.CPU_GGUF_MODEL)
    return find_spec("huggingface_hub") is not None and is_in_reach(repository, file)
