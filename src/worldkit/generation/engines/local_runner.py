"""What runs a local model: llama.cpp a GGUF file, vLLM where it is installed and there is a CUDA GPU, else PyTorch."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from worldkit.core.errors import MissingExtra
from worldkit.generation.engines import default_models, llama_cpp, torch_setup, vllm_setup, weights
from worldkit.generation.engines.llama_cpp import LlamaCppEngine
from worldkit.generation.engines.torch_lm import TorchEngine
from worldkit.generation.engines.vllm_lm import VllmEngine
from worldkit.model_access.weights import is_downloaded, weights_path

LocalEngine = TorchEngine | VllmEngine | LlamaCppEngine


class EngineCache:
    """Keeps the engine that was loaded last, and only that one: most machines have no memory for two."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._engine: LocalEngine | None = None

    def get(self, key: object, make: Callable[[], LocalEngine]) -> LocalEngine:
        """Return the engine of a key; made if another is kept, or one that is broken, which is let go of before.

        Args:
            key: What is run, and by what.
            make: Makes the engine.
        """
        with self._lock:
            if self._engine is None or self._key != key or self._engine.is_broken:
                self._let_go()
                self._key, self._engine = key, make()
            return self._engine

    def clear(self) -> None:
        """Let go of the engine. Whoever still holds it can go on with it."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._engine is None:
            return
        self._engine = None
        gc.collect()  # models have parts that refer to each other
        if "torch" in sys.modules:
            torch_setup.let_go(torch_setup.device())


engine_cache = EngineCache()


def load(model: str) -> LocalEngine:
    """Return the engine of a local model, loaded once and kept until another is asked for.

    Args:
        model: ``"vllm:"`` or ``"torch:"`` and a folder or a Hugging Face id, run by what is named; ``"local"`` or
            ``"local:..."``, run by vLLM where it is installed and there is a CUDA GPU, and by llama.cpp when it is a
            GGUF file; or ``"tiny"``, the bundled model, which is always PyTorch's, since it is small.

    Raises:
        MissingExtra: A package is not installed.
        WorldError: The model cannot be loaded.
    """
    kind, _, source_name = model.partition(":")
    if kind == "local" and source_name.lower().endswith(".gguf"):
        llama_cpp.need()
        return _load_file(llama_cpp.file(source_name))
    if model == "local" and _suits_llama_cpp():
        return _load_file(llama_cpp.file(default_models.ON_CPU_GGUF))
    if kind == "vllm" and not vllm_setup.installed():
        raise MissingExtra('a model named "vllm:..."', "vllm", "vllm")
    source = weights.source(model)
    if kind == "vllm" or (kind == "local" and source.name != default_models.PACKAGED and _suits()):
        return engine_cache.get(("vllm", source), lambda: VllmEngine(source))
    return engine_cache.get(("torch", source), lambda: TorchEngine(source))


def _load_file(path: Path) -> LocalEngine:
    return engine_cache.get(("llama.cpp", path), lambda: LlamaCppEngine(path))


def is_packaged(model: str) -> bool:
    """Say whether a model's name means the small packaged one on this machine, without loading anything.

    Args:
        model: The name.
    """
    if model != "local" or _suits_llama_cpp():
        return model == "tiny"
    return weights.suitable_source() is None


def first_step(model: str) -> str:
    """Return what ``load`` has to do first, in words; a download is named, since it can take long.

    Args:
        model: As for ``load``.
    """
    hub_name = _hub_name(model)
    if hub_name is None:
        return "loading the model"
    repository, file = hub_name, None
    if hub_name.lower().endswith(".gguf"):
        owner, name, file = hub_name.split("/", 2)
        repository = f"{owner}/{name}"
    if find_spec("huggingface_hub") is None or is_downloaded(repository, file):
        return "loading the model"
    return f"downloading {hub_name}, once"


def _hub_name(model: str) -> str | None:
    """Return the repository of the hub, or the file there, that a model's name means; None for one that lies here."""
    if model == "local":
        if _suits_llama_cpp():
            return default_models.ON_CPU_GGUF
        source = weights.suitable_source()
        return source.where if source else None
    where = model.partition(":")[2]
    return where if where and weights_path(where) is None else None


def _suits() -> bool:
    if not vllm_setup.installed():
        return False
    torch_setup.bring_in()
    return torch_setup.device() == "cuda"


def _suits_llama_cpp() -> bool:
    """Say whether ``"local"`` is best run by llama.cpp here: there is no CUDA GPU, and its model can be had."""
    if not llama_cpp.installed() or default_models.main_memory_gib() < default_models.ON_CPU_GIB:
        return False
    if find_spec("torch") is not None:
        torch_setup.bring_in()
        if torch_setup.device() == "cuda":
            return False
    repository, _, file = default_models.ON_CPU_GGUF.rpartition("/")
    return find_spec("huggingface_hub") is not None and default_models.is_in_reach(repository, file)
