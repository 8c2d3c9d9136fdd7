"""What runs a local model: llama.cpp a GGUF file, vLLM where it is installed and there is a CUDA GPU, else PyTorch."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.generation.engines import default_models, llama_cpp, torch_lm, torch_setup, vllm_lm, vllm_setup, weights

if TYPE_CHECKING:
    from worldkit.generation.engines.llama_cpp import LlamaCppEngine
    from worldkit.generation.engines.torch_lm import TorchEngine
    from worldkit.generation.engines.vllm_lm import VllmEngine


def load(model: str) -> TorchEngine | VllmEngine | LlamaCppEngine:
    """Return the engine of a local model, loaded.

    Args:
        model: ``"vllm:"`` or ``"torch:"`` and a folder or a Hugging Face id, run by what is named; or ``"local"`` or
            ``"local:..."``, run by vLLM where it is installed and there is a CUDA GPU, and by llama.cpp when it is a
            GGUF file. The bundled model is always PyTorch's, since it is small.

    Raises:
        MissingExtra: A package is not installed.
        WorldError: The model cannot be loaded.
    """
    kind, _, source_name = model.partition(":")
    if kind == "local" and source_name.lower().endswith(".gguf"):
        llama_cpp.need()
        return llama_cpp.load(llama_cpp.file(source_name))
    if not source_name and _suits_llama_cpp():
        return llama_cpp.load(llama_cpp.file(default_models.ON_CPU_GGUF))
    if kind == "vllm" and not vllm_setup.installed():
        raise MissingExtra('a model named "vllm:..."', "vllm", "vllm")
    source = weights.source(model)
    if kind == "vllm" or (kind == "local" and source.name != default_models.PACKAGED and _suits()):
        return vllm_lm.load(source)
    return torch_lm.load(source)


def is_packaged(model: str) -> bool:
    """Say whether a model's name means the small packaged one on this machine, without loading anything.

    Args:
        model: The name.
    """
    if model != "local" or _suits_llama_cpp():
        return False
    return bool(weights.missing()) or weights.suitable_source() is None


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
