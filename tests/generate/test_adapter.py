"""The adapter that ships is whole, small, made from this corpus, and folded in only where it fits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from scripts.adapter_lessons import KINDS

from worldkit.core.errors import WorldError
from worldkit.generation.engines import weights
from worldkit.generation.engines.adapter import about, fold
from worldkit.generation.tiny.corpus import corpus, digest

DATA = files("worldkit").joinpath("data", "generate")
BASE = "f" * 64


def test_it_is_small_and_what_its_description_says() -> None:
    data = DATA.joinpath("adapter.safetensors").read_bytes()
    assert len(data) < 12 * 1024 * 1024
    assert hashlib.sha256(data).hexdigest() == about().weights
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    shapes = {name: tensor["shape"] for name, tensor in header.items() if name != "__metadata__"}
    assert {name.rpartition(".")[2] for name in shapes} == {"A", "B"}
    for name, shape in shapes.items():
        assert len(shape) == 2
        assert about().rank == shape[0 if name.endswith(".A") else 1]
        assert name[:-1] + ("B" if name.endswith(".A") else "A") in shapes


def test_it_was_trained_on_this_model_and_this_corpus() -> None:
    assert about().base == weights.SHA256
    assert about().corpus == digest()
    asked = [text for text in corpus() if text.kind in KINDS]
    assert about().held_out == sum(text.held_out for text in asked)
    assert about().learnt == sum(not text.held_out for text in asked)
    assert about().perplexity["after"] < about().perplexity["before"]


# ---- folding, on a model of two weights ------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds an adapter of rank 1 for one weight of 2 by 3."""
    torch = pytest.importorskip("torch")
    _write(tmp_path, {"layer.A": torch.tensor([[1.0, 2.0, 3.0]]), "layer.B": torch.tensor([[1.0], [10.0]])})
    return tmp_path


def _write(folder: Path, tensors: dict[str, Any], **other: Any) -> None:
    from safetensors.torch import save

    data = save({name: tensor.half() for name, tensor in tensors.items()})
    known = asdict(about()) | {"base": BASE, "weights": hashlib.sha256(data).hexdigest(), "rank": 1, "alpha": 2} | other
    folder.joinpath("adapter.safetensors").write_bytes(data)
    folder.joinpath("adapter.json").write_text(json.dumps(known), encoding="utf-8")


def _model(dtype: str = "float32") -> Any:
    import torch

    model = torch.nn.Module()
    model.layer = torch.nn.Linear(3, 2, bias=False, dtype=getattr(torch, dtype))
    torch.nn.init.ones_(model.layer.weight)
    return model


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_product_is_scaled_and_added(folder: Path, dtype: str) -> None:
    model = _model(dtype)
    fold(model, BASE, folder)
    assert model.layer.weight.tolist() == [[3.0, 5.0, 7.0], [21.0, 41.0, 61.0]]


def test_weights_of_another_model_are_refused(folder: Path) -> None:
    model = _model()
    with pytest.raises(WorldError, match=f"trained on weights with SHA-256 {BASE}, and these have abc"):
        fold(model, "abc", folder)
    assert model.layer.weight.tolist() == [[1.0] * 3] * 2


def test_a_damaged_file_is_refused(folder: Path) -> None:
    file = folder / "adapter.safetensors"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(WorldError, match=r"damaged: its SHA-256 is .* expected .*docs/adapter\.md"):
        fold(_model(), BASE, folder)


def test_a_shape_that_does_not_fit_is_refused_and_nothing_is_changed(folder: Path) -> None:
    import torch

    fit = {"layer.A": torch.ones(1, 3), "layer.B": torch.ones(2, 1)}
    for wrong in (
        {"layer.A": torch.ones(1, 4), "layer.B": torch.ones(2, 1)},
        {"layer.A": torch.ones(2, 3), "layer.B": torch.ones(2, 2)},
        fit | {"other.A": torch.ones(1, 3), "other.B": torch.ones(2, 1)},
    ):
        _write(folder, wrong)
        model = _model()
        with pytest.raises(WorldError, match=r"does not fit: for (layer|other) it has \(.*\) times \(.*\) at rank 1"):
            fold(model, BASE, folder)
        assert model.layer.weight.tolist() == [[1.0] * 3] * 2


def test_half_an_adapter_is_none(folder: Path) -> None:
    import torch

    _write(folder, {"layer.A": torch.ones(1, 3)})
    with pytest.raises(WorldError, match="no adapter"):
        fold(_model(), BASE, folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"base": 1}', "{"])
def test_a_description_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("adapter.json").write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match=r"adapter\.json cannot be read"):
        fold(None, BASE, tmp_path)


def test_no_adapter_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"adapter\.json cannot be read"):
        about(tmp_path)
