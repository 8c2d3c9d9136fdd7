"""What runs a local model: vLLM where it is installed and there is a CUDA GPU, else PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.errors import MissingExtra
from worldkit.generation.engines import torch_lm, torch_setup, vllm_lm, vllm_setup, weights

if TYPE_CHECKING:
    from worldkit.generation.engines.torch_lm import TorchEngine
    from worldkit.generation.engines.vllm_lm import VllmEngine


def load(model: str) -> TorchEngine | VllmEngine:
    """Return the engine of a local model, loaded.

    Args:
        model: ``"vllm:"`` or ``"torch:"`` and a folder or a Hugging Face id, run by what is named; or ``"local"`` or
            ``"local:..."``, run by vLLM where it is installed and there is a CUDA GPU. The bundled model is always
            PyTorch's: it is small, and has an adapter folded into it.

    Raises:
        MissingExtra: A package is not installed.
        WorldError: The model cannot be loaded.
    """
    kind = model.partition(":")[0]
    if kind == "vllm" and not vllm_setup.installed():
        raise MissingExtra('a model named "vllm:..."', "vllm", "vllm")
    source = weights.source(model)
    if kind == "vllm" or (kind == "local" and not source.base and _suits()):
        return vllm_lm.load(source)
    return torch_lm.load(source)


def _suits() -> bool:
    if not vllm_setup.installed():
        return False
    torch_setup.bring_in()
    return torch_setup.device() == "cuda"
