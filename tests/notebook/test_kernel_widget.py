"""A widget that sends from a thread of its own sends as the kernel would: in the context of a message of its own."""

from __future__ import annotations

import threading
from contextvars import ContextVar, copy_context
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from worldkit.playing.rebase import rebase
from worldkit.widgets import editor_overlays, linked_player, player_actions
from worldkit.widgets.generator import Generator
from worldkit.widgets.kernel_widget import KernelWidget

DELETION = {"op": "delete_event", "name": "listen_to_the_leaves"}
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


def interrupt(*_: Any, **__: Any) -> Any:
    raise KeyboardInterrupt


def replies_to_an_interrupted_message(widget: Any, kind: str, **body: Any) -> list[Any]:
    """Return what a view is answered when the kernel is interrupted meanwhile; the interrupt goes on."""
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append(content)
    with pytest.raises(KeyboardInterrupt):
        widget._handle_custom_msg({"type": kind, "id": 7, "view": "v", **body}, [])
    return [one for one in sent if one.get("id") == 7]


@pytest.mark.parametrize("name", ["editor", "player", "embedded player", "comparison", "generator"])
def test_a_message_whose_answer_is_interrupted_is_answered(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = wk.samples.load("bench")
    widget, kind, body = {
        "editor": lambda: (wk.edit(world), "explore", {}),
        "player": lambda: (wk.play(world), "about", {}),
        "embedded player": lambda: (wk.embed(world), "hello", {}),
        "comparison": lambda: (wk.compare(world, world.apply([DELETION])), "fields", {"change": 0}),
        "generator": lambda: (Generator(interrupt), "generation", {"choice": "stop"}),
    }[name]()
    monkeypatch.setattr(type(widget), "_carry_out", interrupt)
    (answer,) = replies_to_an_interrupted_message(widget, kind, **body)
    assert (answer["type"], answer["view"], answer["code"]) == ("rejected", "v", "internal")
    assert answer["message"] == "the kernel was interrupted before it answered; try again"


def test_an_interrupted_action_shows_the_run_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    player = wk.play(wk.samples.load("bench"))
    fire = player_actions.apply_action

    def fire_and_interrupt(*args: Any) -> None:
        fire(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(player_actions, "apply_action", fire_and_interrupt)
    event = player.view["offers"][0]["name"]
    (answer,) = replies_to_an_interrupted_message(player, "act", action="fire", event=event)
    assert answer["type"] == "rejected" and player.view["trail"] and len(player.session.trace) > 0
    assert len(player.view["trail"]) - 1 == len(player.session.trace)


def test_a_page_whose_token_is_interrupted_is_refused() -> None:
    page = wk.EmbeddedPage(interrupt, host="https://a.example")
    (answer,) = replies_to_an_interrupted_message(page, "token", origin="https://a.example")
    assert answer["type"] == "refused" and "interrupted" in answer["message"]


def interrupt_first_send(widget: Any, kind: str) -> list[Any]:
    """Interrupt a widget the first time that it sends a message of a kind; return the list of what it sends."""
    sent: list[Any] = []
    interrupts = [KeyboardInterrupt]

    def send(content: Any, buffers: Any = None) -> None:
        if content["type"] == kind and interrupts:
            raise interrupts.pop()
        sent.append(content)

    widget.send = send
    return sent


def event_counts(editor: wk.Editor) -> list[int]:
    """Return the list of how many events each world has that the editor tells of."""
    counts: list[int] = []
    editor.on_change(lambda world: counts.append(len(world.events)))
    return counts


@pytest.mark.parametrize("kind", ["changed", "accepted"])
def test_an_edit_that_stands_is_told_though_the_kernel_is_interrupted_meanwhile(kind: str) -> None:
    editor = wk.edit(wk.samples.load("bench"))
    count = len(editor.world.events)
    counts, sent = event_counts(editor), interrupt_first_send(editor, kind)
    edit = {"type": "edit", "id": 7, "view": "v", "base": editor.world.rev, "ops": [DELETION], "label": ""}
    with pytest.raises(KeyboardInterrupt):
        editor._handle_custom_msg(edit, [])
    assert [one["type"] for one in sent if one.get("id") == 7] == ["accepted"]
    assert {one["rev"] for one in sent if one["type"] == "changed"} == {editor.world.rev}
    assert counts == [count - 1]
    editor._handle_custom_msg({**edit, "again": True}, [])
    assert sent[-1]["type"] == "accepted" and counts == [count - 1]


def test_an_edit_from_python_is_told_though_the_kernel_is_interrupted_meanwhile() -> None:
    editor = wk.edit(wk.samples.load("bench"))
    count = len(editor.world.events)
    counts, sent = event_counts(editor), interrupt_first_send(editor, "changed")
    with pytest.raises(KeyboardInterrupt):
        editor.apply([DELETION])
    assert counts == [count - 1] == [len(editor.world.events)]
    assert [one["rev"] for one in sent] == [editor.world.rev]


def test_a_saved_edit_stands_though_the_kernel_is_interrupted_while_that_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = wk.samples.load("bench").save(tmp_path / "bench.world.json")
    editor = wk.edit(path)
    count = len(editor.world.events)
    counts = event_counts(editor)
    show, interrupts = editor._refresh_binding, [KeyboardInterrupt]

    def show_or_interrupt() -> None:
        if interrupts:
            raise interrupts.pop()
        show()

    monkeypatch.setattr(editor, "_refresh_binding", show_or_interrupt)
    with pytest.raises(KeyboardInterrupt):
        editor.apply([DELETION])
    assert counts == [count - 1] == [len(editor.world.events)] == [len(wk.load(path).events)]


def test_all_are_told_of_an_edit_though_overlays_and_listeners_are_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = wk.edit(wk.samples.load("bench")).change_properties({"an end": "always possible: ending"})
    count = len(editor.world.events)
    editor.overlay(wk.explore(editor.world))
    editor.on_change(interrupt)
    player = wk.play(editor)
    counts = event_counts(editor)
    monkeypatch.setattr(editor_overlays, "rebuild", interrupt)
    with pytest.raises(KeyboardInterrupt):
        editor.apply([DELETION])
    assert counts == [count - 1] == [len(player.session.world.events)]
    assert [overlay["stale"] for overlay in editor.overlays] == [True], "it could not be made again"


def test_a_player_beside_an_editor_follows_an_edit_though_that_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    editor = wk.edit(wk.samples.load("bench"))
    player = wk.play(editor)
    interrupts = [KeyboardInterrupt]

    def rebase_or_interrupt(*args: Any) -> Any:
        if interrupts:
            raise interrupts.pop()
        return rebase(*args)

    monkeypatch.setattr(linked_player, "rebase", rebase_or_interrupt)
    with pytest.raises(KeyboardInterrupt):
        editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    assert player.session.world == editor.world and player.state == "road"


def test_an_action_that_was_done_is_not_said_to_be_none() -> None:
    player = wk.play(wk.samples.load("bench"))
    sent = interrupt_first_send(player, "accepted")
    fire = {"type": "act", "id": 7, "view": "v", "action": "fire", "event": player.view["offers"][0]["name"]}
    with pytest.raises(KeyboardInterrupt):
        player._handle_custom_msg(fire, [])
    assert [one["type"] for one in sent if one.get("id") == 7] == ["accepted"]


def test_a_world_that_was_taken_is_handed_over_though_the_answer_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = wk.samples.load("bench")
    worlds: list[wk.World] = []
    generator = Generator(worlds.append)
    monkeypatch.setattr(generator._job, "decide", lambda *_: world)
    sent = interrupt_first_send(generator, "accepted")
    with pytest.raises(KeyboardInterrupt):
        generator._handle_custom_msg({"type": "generation", "id": 7, "view": "v", "choice": "use"}, [])
    assert worlds == [world] and [one["type"] for one in sent] == ["accepted"]
