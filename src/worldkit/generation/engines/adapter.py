"""The adapter that ships with worldkit: what the bundled model learnt from the corpus, folded into its weights.

``data/generate/adapter.safetensors`` holds two small matrices for each matrix of the model that it changes (LoRA, Hu
et al., 2021), ``adapter.json`` beside it says which model it was trained on, with what and how well. It fits that model
alone. ``scripts/train_adapter.py`` makes both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from worldkit.core.errors import WorldError

if TYPE_CHECKING:
    import torch

_FOLDER = files("worldkit").joinpath("data", "generate")
MEND = "install worldkit again, or train it again: docs/adapter.md"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an adapter.

    Attributes:
        base: SHA-256 of the weights that it was trained on.
        weights: SHA-256 of its own.
        corpus: Digest of the corpus that it was trained on.
        rank: Rows of its matrices.
        alpha: What they are scaled by, times the rank.
        seed, epochs: How it was trained.
        learnt, held_out: Texts that it was trained on, and that it was kept from.
        perplexity: Of the held-out answers, ``before`` and ``after``.
    """

    base: str
    weights: str
    corpus: str
    rank: int
    alpha: float
    seed: int
    epochs: int
    learnt: int
    held_out: int
    perplexity: Mapping[str, float]

    @property
    def scale(self) -> float:
        """What a product of its matrices is multiplied by."""
        return self.alpha / self.rank


def about(folder: Traversable = _FOLDER) -> About:
    """Return what is known of the adapter in a folder.

    Args:
        folder: Holds ``adapter.json``; that of the package by default.

    Raises:
        WorldError: The file is not there, or is not what it should be.
    """
    try:
        return About(**json.loads(folder.joinpath("adapter.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise WorldError(f"the adapter's adapter.json cannot be read ({error}); {MEND}") from error


def fold(model: Any, base: str, folder: Traversable = _FOLDER) -> None:
    """Add the adapter to a model's weights, in float32 whatever they are kept in.

    Args:
        model: A transformers model.
        base: SHA-256 of the weights that it was made from.
        folder: Holds the adapter; the package's by default.

    Raises:
        WorldError: The adapter is damaged, or was trained on another model. The model is left as it was.
    """
    import torch

    facts = about(folder)
    if facts.base != base:
        raise WorldError(
            f"the adapter was trained on weights with SHA-256 {facts.base}, and these have {base}; it fits no others"
        )
    pairs = _read_tensors(folder, facts)
    weights = dict(model.named_parameters())
    for name, (down, up) in pairs.items():
        weight = weights.get(f"{name}.weight")
        shape = None if weight is None else tuple(weight.shape)
        expected_shape = (up.shape[0], down.shape[1])
        if shape != expected_shape or down.shape[0] != facts.rank or up.shape[1] != facts.rank:
            raise WorldError(
                f"the adapter does not fit: for {name} it has {tuple(up.shape)} times {tuple(down.shape)} at rank "
                f"{facts.rank}, and the model's weight is {shape or 'not there'}; {MEND}"
            )
    with torch.no_grad():
        for name, (down, up) in pairs.items():
            weight = weights[f"{name}.weight"]
            change = facts.scale * (up.float() @ down.float())
            weight.copy_(weight.float() + change.to(weight.device))


def _read_tensors(folder: Traversable, facts: About) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Return the matrices by the name of the weight they change: ``A``, then ``B``."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    with as_file(folder.joinpath("adapter.safetensors")) as path:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise WorldError(f"the adapter cannot be read ({error}); {MEND}") from error
    if (digest := hashlib.sha256(data).hexdigest()) != facts.weights:
        raise WorldError(f"the adapter is damaged: its SHA-256 is {digest}, expected {facts.weights}; {MEND}")
    try:
        tensors = load(data)
        return {name: (tensors[f"{name}.A"], tensors[f"{name}.B"]) for name in sorted({n[:-2] for n in tensors})}
    except (SafetensorError, KeyError) as error:
        raise WorldError(f"the adapter is no adapter ({error}); {MEND}") from error
