"""Running a cell again: its edits are offered, come back with their history, and are never in two places' way."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm, small
from tests.notebook.test_file_editor import change
from tests.notebook.test_store_editor import ask, prose, rename
from worldkit import SavingEditor
from worldkit.widgets import editor_state, gestures, last_runs, saving_editor
from worldkit.widgets.last_runs import Cell, CellRun, CellRuns

Json = dict[str, Any]


class Notebook:
    """Names the cell that is running, in place of a kernel's message from a notebook."""

    def __init__(self) -> None:
        self.cell: Cell | None = None
        self._count = 0

    def run(self, cell: str = "a") -> None:
        self._count += 1
        self.cell = Cell(cell, str(self._count))


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, comms: list[RecordingComm]) -> Notebook:
    notebook = Notebook()
    monkeypatch.setattr(saving_editor, "current_cell", lambda: notebook.cell)
    monkeypatch.setattr(saving_editor, "RUNS", CellRuns())
    notebook.run()
    return notebook


@pytest.fixture
def world() -> wk.World:
    return wk.load(small())


def edit_once(world: wk.World) -> SavingEditor:
    return wk.edit(world).apply([prose("lane", "Rain.")]).apply([rename("hall", "room")]).move({"lane": (7, 11)})


class TestTheOffer:
    def test_the_cell_that_is_run_again_offers_its_edits(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(wk.load(small()))
        assert again.last_run["count"] == 3 and again.last_run["labels"][1] == "Rename hall to room"
        assert again.world == world, "nothing is taken over unasked"

    def test_it_takes_an_equal_world_and_the_same_cell(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        other = wk.load({**small(), "name": "Another"})
        notebook.run()
        assert wk.edit(other).last_run is None
        notebook.run("b")
        assert wk.edit(world).last_run is None

    def test_each_editor_of_a_cell_finds_its_own(self, notebook: Notebook, world: wk.World) -> None:
        wk.edit(world)
        edit_once(world)
        notebook.run()
        assert [wk.edit(world).last_run is None, wk.edit(world).last_run is None] == [True, False]

    def test_nothing_is_offered_when_nothing_was_edited_or_all_was_undone(
        self, notebook: Notebook, world: wk.World
    ) -> None:
        wk.edit(world).apply([prose("lane", "Rain.")]).undo()
        notebook.run()
        assert wk.edit(world).last_run is None

    def test_an_offer_nobody_decided_about_stays_through_more_runs(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        for _ in range(3):
            notebook.run()
            again = wk.edit(world)
        assert again.last_run["count"] == 3
        again.apply([prose("gate", "Snow.")])
        notebook.run()
        newest = wk.edit(world)
        assert newest.last_run["count"] == 1
        ask(newest, "last_run", choice="discard")
        assert newest.last_run["count"] == 3

    def test_without_a_cell_nothing_is_remembered(self, notebook: Notebook, world: wk.World) -> None:
        notebook.cell = None
        edit_once(world)
        assert wk.edit(world).last_run is None and last_runs.current_cell() is None


class TestTakingOver:
    def test_the_whole_history_comes_back(self, notebook: Notebook, world: wk.World) -> None:
        past = edit_once(world)
        notebook.run()
        again = wk.edit(world)
        worlds: list[wk.World] = []
        again.on_change(worlds.append)
        assert ask(again, "last_run", choice="take")["type"] == "accepted"
        assert again.world == past.world and dict(again.layout) == dict(past.layout) and worlds == [again.world]
        assert again.ops == past.ops and again.code() == past.code() and again.last_run is None
        assert again.undo().undo().undo().world == world
        assert again.redo().world == world.apply([prose("lane", "Rain.")])

    def test_a_view_is_told_the_difference_and_goes_on_from_it(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(world)
        again.comm.take()
        again.comm.receive({"type": "last_run", "id": "1", "view": "a", "choice": "take"})
        change = next(one for one in again.comm.take() if one.get("type") == "changed")
        assert change["from"] == "0" and int(change["rev"]) > 0 and change["layout"]["lane"] == [7, 11]
        assert ask(again, "edit", base=change["rev"], ops=[prose("gate", "Snow.")])["type"] == "accepted"

    def test_what_was_edited_since_goes_on_top_as_one_step(self, notebook: Notebook, world: wk.World) -> None:
        past = edit_once(world)
        notebook.run()
        again = wk.edit(world).apply([prose("gate", "Snow.")]).apply([prose("lane", "Hail.")])
        again.take_over()
        assert again.world.states["lane"].base == "Hail." and again.world.states["gate"].base == "Snow."
        assert "room" in again.world.states
        assert again.undo().world == past.world
        assert world.apply(again.ops) == again.world

    def test_what_is_discarded_can_be_had_back(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(world)
        assert ask(again, "last_run", choice="discard")["type"] == "accepted" and again.last_run is None
        assert ask(again, "last_run", choice="take")["code"] == "op"
        assert ask(again, "last_run", choice="restore")["type"] == "accepted"
        assert again.last_run["count"] == 3

    def test_read_only_views_decide_nothing(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(world, read_only=True)
        assert ask(again, "last_run", choice="discard")["code"] == "read_only" and again.last_run["count"] == 3


class TestWhereItLives:
    def test_a_file_given_in_the_last_run_is_gone_on_with(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = tmp_path / "mine.world.json"
        edit_once(world).save_as(path)
        change(path, prose("gate", "Fog."))
        notebook.run()
        again = wk.edit(world)
        assert again.last_run["place"] == "mine.world.json"
        again.take_over()
        assert again.path == path and again.saved and again.world == wk.load(path)
        again.apply([prose("gate", "Snow.")])
        assert wk.load(path).states["gate"].base == "Snow."

    def test_a_file_editor_offers_only_what_is_not_saved(self, notebook: Notebook, tmp_path: Path) -> None:
        path = tmp_path / "mine.world.json"
        wk.edit(path).apply([prose("start", "Rain.")])
        notebook.run()
        assert wk.edit(path).last_run is None

    def test_unsaved_edits_meet_what_the_file_holds_now(self, notebook: Notebook, tmp_path: Path) -> None:
        path = tmp_path / "mine.world.json"
        past = wk.edit(path)
        change(path, prose("start", "Theirs."))
        with pytest.raises(wk.Conflict):
            past.apply([prose("start", "Mine.")])
        notebook.run()
        again = wk.edit(path)
        assert again.world.states["start"].base == "Theirs." and again.last_run["count"] == 1
        with pytest.raises(wk.Conflict):
            again.take_over()
        assert wk.load(path).states["start"].base == "Theirs." and again.conflict is not None
        again.reconcile("rebase")
        assert wk.load(path).states["start"].base == "Mine." and again.saved

    def test_a_begun_world_is_found_again(self, notebook: Notebook) -> None:
        ask(wk.edit(), "begin", source="sample", name="bench")
        notebook.run()
        again = wk.edit()
        assert again.last_run["count"] == 1 and again.take_over().world == wk.samples.load("bench")


class TestMemory:
    def test_only_so_many_runs_are_remembered_and_no_widget_is(self, world: wk.World) -> None:
        runs = CellRuns(limit=5)
        for cell in range(50):
            runs.remember(Cell(str(cell), "1"), world, CellRun(world, editor_state.open_editor(world)))
        assert len(runs._runs) == 5

    def test_a_cell_run_for_ever_keeps_a_few_runs(self, world: wk.World) -> None:
        runs = CellRuns()
        start = editor_state.open_editor(world)
        world_refs = []
        for n in range(50):
            run = CellRun(world, gestures.apply_ops(start, [prose("lane", f"{n}")]))
            runs.remember(Cell("a", str(n)), world, run)
            world_refs.append(weakref.ref(run.state.world))
            assert len(run.earlier) <= last_runs.MAX_EARLIER
        del run
        gc.collect()
        assert sum(ref() is not None for ref in world_refs) <= last_runs.MAX_EARLIER + 1

    def test_what_is_remembered_leads_to_no_widget(self, notebook: Notebook, world: wk.World, tmp_path: Path) -> None:
        edit_once(world)
        edit_once(world).save_as(tmp_path / "mine.world.json")
        objects: dict[int, Any] = {}
        waiting: list[Any] = [saving_editor.RUNS]
        while waiting:
            one = waiting.pop()
            if id(one) not in objects and not isinstance(one, (type, ModuleType, FunctionType)):
                objects[id(one)] = one
                waiting += gc.get_referents(one)
        assert any(one is world for one in objects.values())
        assert not any(isinstance(one, SavingEditor) for one in objects.values())
