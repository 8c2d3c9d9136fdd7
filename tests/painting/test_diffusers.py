"""Stills from a real diffusers pipeline with small random weights, on the processor."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.painting.tiny_pipeline import save_pipeline
from worldkit.painting.text_to_image.diffusers_model import DiffusersModel
from worldkit.painting.text_to_image.still_model import StillRequest

pytest.importorskip("diffusers")
pytestmark = pytest.mark.model

OPTIONS: dict[str, Any] = {"size": (64, 40), "steps": 3, "progress": lambda *_: None}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_pipeline(tmp_path_factory.mktemp("weights"))


@pytest.fixture(autouse=True)
def _data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))


@pytest.fixture
def world(tmp_path: Path) -> wk.World:
    return wk.load(wk.samples.load("bench").save(tmp_path / "mine.world.json"))


def data_of(picture: wk.Picture) -> bytes:
    return base64.b64decode(picture.src.partition(",")[2])


def test_a_pipeline_paints_each_state_along_the_moves(world: wk.World, weights: Path) -> None:
    from PIL import Image

    calls: list[tuple[int, int, str]] = []
    stills = wk.paint(world, f"diffusers:{weights}", **{**OPTIONS, "progress": lambda *call: calls.append(call)})
    assert stills.new_states == tuple(world.states)
    assert Image.open(io.BytesIO(data_of(stills["lane"]))).size == (64, 40)
    assert len({data_of(picture) for picture in stills.values()}) == 3
    # of 3 steps image to image runs the share that the strength of 0.8 says
    assert [what for _, _, what in calls if "step" in what] == [
        *(f"lane, step {step} of 3" for step in (1, 2, 3)),
        *(f"{state}, step {step} of 2" for state in ("bench", "two_mittens") for step in (1, 2)),
    ]
    assert wk.paint(world, f"diffusers:{weights}", **OPTIONS).unchanged_states == tuple(world.states)


def test_the_seed_decides_the_picture(world: wk.World, weights: Path) -> None:
    def paint_with(seed: int) -> bytes:
        options = {**OPTIONS, "states": ["lane"], "repaint": True}
        return data_of(wk.paint(world, f"diffusers:{weights}", seed=seed, **options)["lane"])

    first = paint_with(1)
    assert paint_with(2) != first
    assert paint_with(1) == first
    assert paint_with(2**64 + 1) == first


def test_stopping_within_a_picture_keeps_those_before_it(world: wk.World, weights: Path) -> None:
    def stop(done: int, total: int, what: str) -> None:
        if what.startswith("bench, step 1"):
            raise KeyboardInterrupt

    with pytest.raises(wk.PaintInterrupted):
        wk.paint(world, f"diffusers:{weights}", **{**OPTIONS, "progress": stop})
    assert [world.picture(state).kind for state in world.states] == ["stored", "storyboard", "storyboard"]


def test_a_prompt_is_cut_to_the_tokens_that_the_text_encoder_reads(world: wk.World, weights: Path) -> None:
    model = DiffusersModel(str(weights))
    short = world.apply([{"op": "set_subject", "subject": "A child.", "styleTail": "Soft light."}])
    prompt = model.prompt(StillRequest(short, "lane", 0, None))
    tokens = len(model._pipeline.tokenizer(prompt).input_ids)
    assert tokens <= model.max_tokens == 77
    assert prompt.endswith("A child. Soft light.")


def test_the_default_size_is_16_to_9_and_as_large_as_the_model_was_trained_for(weights: Path) -> None:
    assert DiffusersModel(str(weights))._default_size() == (40, 24)  # 32 x 32 pixels, in grains of 8


def test_a_folder_that_holds_no_pipeline_is_named(world: wk.World, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(wk.WorldError, match="cannot be loaded"):
        wk.paint(world, f"diffusers:{tmp_path / 'empty'}", **OPTIONS)


def test_weights_that_may_hold_code_are_not_read(world: wk.World, weights: Path, tmp_path: Path) -> None:
    import shutil

    import torch
    from safetensors.torch import load_file

    folder = Path(shutil.copytree(weights, tmp_path / "pickled"))
    for file in folder.rglob("*.safetensors"):
        torch.save(load_file(file), file.with_suffix(".bin"))
        file.unlink()
    with pytest.raises(wk.WorldError, match="cannot be loaded"):
        wk.paint(world, f"diffusers:{folder}", **OPTIONS)


def test_a_size_that_fills_the_memory_is_told_in_words(
    world: wk.World, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from diffusers import StableDiffusionPipeline

    def full(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(StableDiffusionPipeline, "__call__", full)
    with pytest.raises(wk.WorldError, match="pass a smaller size="):
        wk.paint(world, f"diffusers:{weights}", **OPTIONS)
