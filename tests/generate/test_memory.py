"""Out of memory: a smaller batch, then a clear error. No GPU is at hand, so its way of failing is played."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from worldkit import WorldError
from worldkit.generation.engines.base import Ask, Reply

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.model

from worldkit.generation.engines import torch_lm, torch_setup  # noqa: E402


class Tight(torch_lm.TorchEngine):
    """A double: its batches fail above some size as CUDA's do, in the middle of answering."""

    def __init__(self, room: int, failure: Exception) -> None:
        self.name, self.device, self._tokenizer = "tight", "cuda", None
        self._reader = SimpleNamespace(forget=lambda: None)  # type: ignore[assignment]
        self._most, self._alone = torch_lm.MAX_BATCH_ROWS, threading.Lock()
        self._room, self._failure = room, failure
        self.batches: list[int] = []

    def _batch(self, asks: Mapping[int, Ask], on_end: Callable[[Any], None]) -> None:
        self.batches.append(len(asks))
        for place, (number, ask) in enumerate(asks.items()):
            if len(asks) > self._room and place == 3:
                raise self._failure
            reply = Reply(ask.question, True, 0.0, 1)
            on_end(SimpleNamespace(number=number, reply=lambda _, reply=reply: reply))


MEMORY_ERROR = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
ASKS = [Ask("", ("", ""), str(number), "", "", number) for number in range(200)]


@pytest.mark.parametrize("failure", [MEMORY_ERROR, RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)")])
def test_a_batch_that_does_not_fit_is_halved_and_every_ask_is_answered_once(failure: Exception) -> None:
    engine, numbers = Tight(20, failure), []
    replies = engine.answer(ASKS, lambda number, _: numbers.append(number))
    assert [reply.text for reply in replies] == [ask.question for ask in ASKS]
    assert sorted(numbers) == [*range(len(ASKS))]
    assert engine.batches[:5] == [128, 64, 32, 16, 16]
    engine.batches.clear()
    engine.answer(ASKS)
    assert max(engine.batches) == 16, "what was learned is kept"


def test_where_not_even_the_smallest_batch_fits_the_error_says_what_to_do() -> None:
    with pytest.raises(WorldError, match=r"out of memory on cuda: tight .* free memory there, or take a smaller model"):
        Tight(2, MEMORY_ERROR).answer(ASKS)


def test_another_error_goes_through() -> None:
    with pytest.raises(RuntimeError, match="shapes"):
        Tight(2, RuntimeError("shapes do not match")).answer(ASKS)
    assert not torch_setup.out_of_memory(RuntimeError("shapes do not match"))


def test_an_interrupt_keeps_the_batches_that_were_answered() -> None:
    numbers: list[int] = []

    def stop(number: int, _: Reply) -> None:
        numbers.append(number)
        if len(numbers) == 140:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Tight(128, MEMORY_ERROR).answer(ASKS, stop)
    assert numbers == [*range(140)]
