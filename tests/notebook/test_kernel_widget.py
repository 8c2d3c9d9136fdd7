"""A widget that sends from a thread of its own sends as the kernel would: in the context of a message of its own."""

from __future__ import annotations

import threading
from contextvars import ContextVar, copy_context
from typing import Any

import pytest

import worldkit as wk
from worldkit.widgets.kernel_widget import KernelWidget

PARENT: ContextVar[str] = ContextVar("parent", default="some other message")


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The context in which each message leaves, as ipykernel reads it."""
    contexts: list[str] = []
    monkeypatch.setattr(
        KernelWidget.__mro__[1], "_send", lambda self, message, buffers=None: contexts.append(PARENT.get())
    )
    return contexts


def in_thread(action: Any) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()


def test_a_thread_sends_in_the_context_in_which_the_widget_was_made(contexts: list[str]) -> None:
    def make() -> Any:
        PARENT.set("the cell")
        return wk.play(wk.samples.load("bench"))

    player = copy_context().run(make)
    contexts.clear()
    in_thread(lambda: player.send({"type": "frame"}))
    assert contexts == ["the cell"]


def test_a_thread_sends_in_the_context_of_the_message_heard_last(contexts: list[str]) -> None:
    player = wk.play(wk.samples.load("bench"))

    def hear() -> None:
        PARENT.set("the message")
        content = {"type": "act", "id": "1", "view": "v", "action": "wait", "ms": 1}
        player._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})

    contexts.clear()
    in_thread(lambda: copy_context().run(hear))
    assert set(contexts) == {"the message"}, "what is answered at once is answered there too"
    contexts.clear()
    in_thread(lambda: player.send({"type": "frame"}))
    assert contexts == ["the message"]


def test_the_kernels_own_thread_sends_in_its_own_context(contexts: list[str]) -> None:
    player = wk.play(wk.samples.load("bench"))
    contexts.clear()

    def run_cell() -> None:
        PARENT.set("the next cell")
        player.send({"type": "frame"})

    copy_context().run(run_cell)
    assert contexts == ["the next cell"]
