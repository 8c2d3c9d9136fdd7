"""A model that accelerate spreads, as it does where one GPU is too small: for want of one, over memory and disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.generate.needs import bundled_model
from tests.generate.worlds import LIGHTHOUSE
from worldkit.generation.engines import weights
from worldkit.generation.engines.base import Reply
from worldkit.generation.planning.planner import plan
from worldkit.generation.prose.fields import wanted
from worldkit.generation.prose.writer import ProseJob, Writer

pytestmark = pytest.mark.model

bundled_model()
pytest.importorskip("accelerate", reason="accelerate is not installed: pip install 'accelerate>=1.0,<2'")

from worldkit.generation.engines import torch_lm, torch_setup  # noqa: E402

DISK_LAYERS = (7, 21)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Run on one thread: two wait for each other for seconds when the cores are shared."""
    import torch

    was = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(was)


def test_a_model_that_lies_partly_on_disk_writes_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import transformers

    source = weights.Source("bundled", str(weights.bundled()), offline=True)
    world_plan = plan(LIGHTHOUSE, 3, 5)
    fields = [field for field in wanted(world_plan, 3) if field.at[0] == "state" and field.question][:2]

    def write() -> list[Reply]:
        engine = torch_lm.TorchEngine(source)
        model_writer = Writer(engine)
        return engine.answer([model_writer._asks(ProseJob(world_plan, (), 3), field, 0)[0] for field in fields])

    monkeypatch.setattr(torch_setup, "device", lambda: "cpu")
    whole, plain, maps = write(), transformers.AutoModelForCausalLM.from_pretrained, []
    assert all(reply.text for reply in whole)

    def spread(where: str, device_map: str, **how: Any) -> Any:
        assert device_map == "auto"
        layers = {f"model.layers.{n}": "disk" if n in DISK_LAYERS else "cpu" for n in range(30)}
        rest = dict.fromkeys(("model.embed_tokens", "model.norm", "model.rotary_emb", "lm_head"), "cpu")
        model: Any = plain(where, device_map=layers | rest, offload_folder=tmp_path, **how)
        maps.append(set(model.hf_device_map.values()))
        return model

    monkeypatch.setattr(torch_setup, "can_spread", lambda device: True)
    monkeypatch.setattr(transformers.AutoModelForCausalLM, "from_pretrained", spread)
    assert write() == whole
    assert maps == [{"cpu", "disk"}]
