"""What a model runs on. No GPU is at hand: what torch would say of one is played, and nothing is computed there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from worldkit import WorldError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytestmark = pytest.mark.model

from worldkit.generation.engines import (  # noqa: E402
    torch_lm,
    torch_setup,
    weights,
)


class Hardware:
    """A double: what torch says of a machine with such a GPU, and what is asked of transformers there."""

    def __init__(self, patch: pytest.MonkeyPatch, cuda: bool, mps: bool, accelerate: bool) -> None:
        self.asked: dict[str, Any] = {}
        self.moved: list[str] = []
        self.full = False
        patch.setattr(torch.cuda, "is_available", lambda: cuda)
        patch.setattr(torch.backends.mps, "is_available", lambda: mps)
        patch.setattr(torch_setup, "find_spec", lambda name: name if accelerate else None)
        patch.setattr(transformers.AutoTokenizer, "from_pretrained", lambda *_, **__: SimpleNamespace(chat_template=""))
        patch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", self._load)

    def _load(self, where: Any, **how: Any) -> Any:
        self.asked = how
        return SimpleNamespace(to=self._to, eval=self._model)

    def _to(self, device: str) -> Any:
        self.moved.append(device)
        if self.full:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 8.00 GiB.")
        return SimpleNamespace(eval=self._model)

    def _model(self) -> Any:
        return SimpleNamespace(device=self.moved[0] if self.moved else "cuda:0")


SOURCE = weights.Source("a-model", "a-folder", offline=True)


@pytest.mark.parametrize(
    ("cuda", "mps", "accelerate", "device", "spread"),
    [
        (True, False, False, "cuda", False),
        (True, False, True, "cuda", True),
        (True, True, False, "cuda", False),
        (False, True, True, "mps", False),
        (False, False, True, "cpu", False),
    ],
)
def test_a_model_goes_to_the_gpu_in_bfloat16_and_is_spread_where_it_can_be(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, accelerate: bool, device: str, spread: bool
) -> None:
    here = Hardware(monkeypatch, cuda, mps, accelerate)
    with pytest.raises(WorldError, match="no chat template"):  # loaded, and looked at for the first time
        torch_lm.TorchEngine(SOURCE)
    assert here.asked["dtype"] is torch_setup.precision(device)
    assert device == "cpu" or here.asked["dtype"] is torch.bfloat16
    assert here.asked.get("device_map") == ("auto" if spread else None)
    assert here.moved == ([] if spread else [device])


def test_a_model_that_does_not_fit_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Hardware(monkeypatch, cuda=True, mps=False, accelerate=False)
    here.full = True
    with pytest.raises(
        WorldError, match="does not fit into the memory of cuda; take a smaller one, or install accelerate"
    ):
        torch_lm.TorchEngine(SOURCE)
