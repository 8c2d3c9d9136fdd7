"""worldkit leaves its host's garbage collector as it is."""

from __future__ import annotations

import gc
import re
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk

SOURCE = Path(wk.__file__).parent
STEP = [{"op": "set_field", "state": "lane", "field": "base", "value": "A yard."}]


class Node:
    """Something of the caller's own."""

    def __init__(self) -> None:
        self.me = self


def world() -> wk.World:
    return wk.samples.load("bench")


CALLS: dict[str, Callable[[Path], Any]] = {
    "load": lambda _: wk.load(world().to_json()).scene,
    "from_dict": lambda _: wk.World.from_dict(world().to_dict()).scene,
    "apply": lambda _: world().apply(STEP),
    "lint": lambda _: wk.load(world().to_dict()).lint(deep=True),
    "diff": lambda _: wk.diff(world(), wk.load(world().apply(STEP).to_dict()), deep=True),
    "merge": lambda _: wk.merge(world(), world().apply(STEP), wk.load(world().to_dict())),
    "explore": lambda _: wk.explore(wk.load(world().to_dict())).to_html(),
    "explore, diagrams": lambda _: wk.explore(wk.load(world().to_dict()), engine="bdd"),
    "playtest": lambda _: wk.playtest(wk.load(world().to_dict()), 50),
    "session": lambda _: wk.Session(wk.load(world().to_dict())).wait(100),
    "generate": lambda _: wk.generate("A lamp.", "templates"),
    "store": lambda tmp: wk.Store(tmp / "w.db").create(world()).reload(),
    "edit": lambda _: wk.edit(world()),
}


def _collector() -> tuple[Any, ...]:
    return gc.isenabled(), gc.get_threshold(), gc.get_freeze_count(), gc.get_debug(), len(gc.callbacks)


@pytest.mark.parametrize("call", CALLS)
def test_a_public_call_leaves_the_collector_as_it_is(call: str, tmp_path: Path) -> None:
    CALLS[call](tmp_path)  # what is imported and kept on the way is there from now on
    gc.unfreeze()  # what earlier tests left is let go of at any time, and would be counted
    before = _collector()
    gc.disable()  # so that nothing moves by itself
    try:
        was = _collector()
        node = Node()
        CALLS[call](tmp_path)
        assert _collector() == was
        assert any(one is node for one in gc.get_objects(generation=0)), "the caller's own is as young as it was"
    finally:
        gc.enable()
    assert _collector() == before
    gc.freeze()


def test_the_caller_s_own_cycles_are_collected_beside_loading() -> None:
    text = world().to_json()
    alive: list[weakref.ref[Node]] = []
    most = 0
    for _ in range(2_000):
        alive.append(weakref.ref(Node()))
        wk.load(text)
        most = max(most, sum(1 for one in alive if one() is not None))
        alive = [one for one in alive if one() is not None]
    assert most < 1_000, "young garbage is found by young collections"


def test_no_module_sets_the_collector() -> None:
    # to collect once, when a large model is let go of, leaves the collector as the caller has it
    setting = re.compile(r"^\s*from gc import|\bgc\.(?!collect\b)\w+", re.M)
    assert [path.name for path in SOURCE.rglob("*.py") if setting.search(path.read_text(encoding="utf-8"))] == []
