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


END_PROPERTY = {"an end": "always possible: ending"}


def put_on_map(editor: SavingEditor) -> None:
    for one in ("note", "region", "tag", "view"):
        make(editor, one)


def make(editor: SavingEditor, what: str) -> None:
    match what:
        case "note":
            editor.notes.add("Look here.", state="gate")
        case "region":
            editor.regions.add("Act one", ["hall" if "hall" in editor.world.states else "room", "gate"])
        case "tag":
            editor.tags.add("night", ["lane"])
        case "view":
            editor.views.add("All", (0, 0, 100, 100))
        case "property":
            editor.change_properties(END_PROPERTY)
        case "card":
            editor.move({"gate": (50, 60)})


def take_away(editor: SavingEditor, what: str) -> None:
    match what:
        case "note" | "region" | "view":
            entries = getattr(editor, f"{what}s")
            entries.remove(next(iter(entries)))
        case "tag":
            editor.tags.take_off("night", ["lane"])
        case "property":
            editor.change_properties(dict.fromkeys(END_PROPERTY))
        case "card":
            editor.tidy(everything=True)


def has(editor: SavingEditor, what: str) -> bool:
    notes, regions, tags, views = on_map(editor)
    facts = {"note": notes, "region": regions, "tag": tags, "view": views, "property": editor.properties}
    return bool(facts.get(what, "gate" in editor._state.pinned_states and editor.layout["gate"] == (50, 60)))


def on_map(editor: SavingEditor) -> tuple[set[str], set[tuple[str, tuple[str, ...]]], tuple[str, ...], set[str]]:
    """Return the texts of the notes, the regions, the tags of the lane and the names of the views."""
    regions = {(region.name, region.states) for region in editor.regions.values()}
    notes = {note.text for note in editor.notes.values()}
    return notes, regions, editor.tags.of("lane"), {view.name for view in editor.views.values()}


def interrupted_edit(path: Path) -> None:
    """Edit the world of a file while the file cannot be written, so that the edit waits in the editor of its cell."""
    data = path.read_bytes()
    editor = wk.edit(path)
    path.unlink()
    with pytest.raises(wk.WorldError):
        editor.apply([prose("lane", "Rain.")])
    path.write_bytes(data)


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

    def test_what_was_put_on_the_map_since_stays_and_cards_of_the_past_stand_where_they_were(
        self, notebook: Notebook, world: wk.World
    ) -> None:
        past = edit_once(world)
        notebook.run()
        again = wk.edit(world)
        put_on_map(again)
        again.apply([prose("gate", "Snow.")]).move({"gate": (50, 60)}).change_properties(END_PROPERTY)
        again.take_over()
        assert again.layout["lane"] == (7, 11) and again.layout["gate"] == (50, 60)
        assert again._state.pinned_states == {"lane", "gate"}
        assert on_map(again) == ({"Look here."}, {("Act one", ("room", "gate"))}, ("night",), {"All"})
        assert set(again.properties) == set(END_PROPERTY) and again.world.states["gate"].base == "Snow."
        again.undo()
        assert again.world == past.world and dict(again.layout) == dict(past.layout)
        assert on_map(again) == (set(), set(), (), set()) and not again.properties
        again.redo()
        assert on_map(again) == ({"Look here."}, {("Act one", ("room", "gate"))}, ("night",), {"All"})
        assert set(again.properties) == set(END_PROPERTY) and again._state.pinned_states == {"lane", "gate"}

    @pytest.mark.parametrize("made", ["note", "region", "tag", "view", "property", "card"])
    def test_whatever_was_made_since_stays(self, notebook: Notebook, world: wk.World, made: str) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(world)
        make(again, made)
        again.take_over()
        assert has(again, made) and again._state.undo_label == "1 edit made since" and not has(again.undo(), made)

    @pytest.mark.parametrize("made", ["note", "region", "tag", "view", "property", "card"])
    def test_whatever_was_taken_away_since_stays_away(
        self, notebook: Notebook, world: wk.World, made: str, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        make(wk.edit(path), made)
        notebook.run()
        interrupted_edit(path)
        notebook.run()
        again = wk.edit(path)
        take_away(again, made)
        again.take_over()
        assert not has(again, made) and again.saved and again.world.states["lane"].base == "Rain."
        assert not has(wk.edit(path), made)
        assert has(again.undo(), made) and has(wk.edit(path), made)

    def test_a_card_that_both_moved_stands_where_it_was_put_last(self, notebook: Notebook, world: wk.World) -> None:
        edit_once(world)
        notebook.run()
        again = wk.edit(world).move({"lane": (70, 80)}).take_over()
        assert again.layout["lane"] == (70, 80) and again.undo().layout["lane"] == (7, 11)

    def test_a_note_beside_a_state_that_the_past_deleted_stays_where_it_was_seen(
        self, notebook: Notebook, world: wk.World
    ) -> None:
        wk.edit(world).apply([{"op": "delete_state", "id": "hall"}])
        notebook.run()
        again = wk.edit(world)
        x, y = again.layout["hall"]
        note = again.notes.add("Look here.", at=(3, 4), state="hall")
        again.tags.add("night", ["hall"])
        again.take_over()
        assert again.notes[note].state is None and again.notes[note].at == (x + 3, y + 4)
        assert "hall" not in again.world.states and again.tags.states("night") == ()

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

    def test_what_was_saved_since_is_no_conflict(self, notebook: Notebook, world: wk.World, tmp_path: Path) -> None:
        path = world.save(tmp_path / "mine.world.json")
        interrupted_edit(path)
        notebook.run()
        again = wk.edit(path).apply([prose("gate", "Snow.")]).move({"gate": (50, 60)})
        put_on_map(again)
        again.take_over()
        assert again.saved and again.conflict is None
        reopened = wk.edit(path)
        assert [reopened.world.states[id].base for id in ("lane", "gate")] == ["Rain.", "Snow."]
        assert on_map(reopened) == ({"Look here."}, {("Act one", ("hall", "gate"))}, ("night",), {"All"})
        assert reopened.layout["gate"] == (50, 60) and reopened.layout == again.layout
        again.undo()
        assert wk.load(path).states["gate"].base == world.states["gate"].base and not wk.edit(path).notes
        again.redo()
        assert on_map(wk.edit(path))[0] == {"Look here."}

    def test_what_was_saved_since_meets_only_what_was_changed_elsewhere(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        interrupted_edit(path)
        change(path, prose("lane", "Theirs."))
        notebook.run()
        again = wk.edit(path).apply([prose("gate", "Snow.")])
        again.notes.add("Look here.")
        with pytest.raises(wk.Conflict):
            again.take_over()
        assert [one.path for one in again.conflict.merge.conflicts] == ["states.lane.base"]
        again.reconcile("rebase")
        reopened = wk.edit(path)
        assert [reopened.world.states[id].base for id in ("lane", "gate")] == ["Rain.", "Snow."]
        assert len(reopened.notes) == 1

    def test_what_was_put_on_the_stored_map_between_the_runs_stays(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        interrupted_edit(path)
        other = notebook.cell
        notebook.run("b")
        make(wk.edit(path), "note")
        wk.edit(path).move({"gate": (50, 60)})
        notebook.cell = other
        notebook.run()
        again = wk.edit(path).take_over()
        assert has(again, "note") and again.layout["gate"] == (50, 60)
        again.undo()
        reopened = wk.edit(path)
        assert has(reopened, "note") and reopened.layout["gate"] == (50, 60)

    def test_undo_of_a_rename_takes_along_what_was_put_on_the_map_between_the_runs(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        past, first_cell = wk.edit(path).apply([rename("hall", "room")]), notebook.cell
        notebook.run("b")
        make(wk.edit(path), "region")
        wk.edit(path).move({"room": (50, 60)})
        data = path.read_bytes()
        path.unlink()
        with pytest.raises(wk.WorldError):
            past.apply([prose("lane", "Rain.")])
        path.write_bytes(data)
        notebook.cell = first_cell
        notebook.run()
        again = wk.edit(path).take_over()
        for name in ("hall", "room"):
            if name == "hall":
                again.undo().undo()
            else:
                again.redo().redo()
            for editor in (again, wk.edit(path)):
                assert on_map(editor)[1] == {("Act one", (name, "gate"))}
                assert editor.layout[name] == (50, 60) and editor._state.pinned_states == editor.layout.keys()

    def test_properties_go_on_in_the_file_of_the_last_run(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = tmp_path / "mine.world.json"
        past = wk.edit(world).change_properties(END_PROPERTY).save_as(path)
        properties = tmp_path / "mine.properties.toml"
        assert set(past.properties) == set(END_PROPERTY) and "an end" in properties.read_text()
        notebook.run()
        again = wk.edit(world).change_properties({"since": "always possible: ending"})
        again.take_over()
        assert set(again.properties) == {"an end", "since"} == set(wk.load_properties(properties))
        again.change_properties({"later": "always possible: ending"})
        assert "later" in properties.read_text()

    def test_a_property_added_since_stays_in_its_file(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        properties = tmp_path / "p.properties.toml"
        wk.edit(world, properties=properties).apply([prose("lane", "Rain.")]).change_properties(END_PROPERTY)
        notebook.run()
        again = wk.edit(world, properties=properties).change_properties({"since": "always possible: ending"})
        again.take_over()
        assert set(again.properties) == {"an end", "since"} == set(wk.load_properties(properties))
        assert set(again.undo().properties) == {"an end"} == set(wk.load_properties(properties))
        assert not again.undo().properties and again.redo().redo().properties == wk.load_properties(properties)

    def test_what_the_last_run_deleted_stays_deleted_where_the_file_is_mended_later(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path, file = tmp_path / "mine.world.json", tmp_path / "mine.properties.toml"
        past = (
            wk.edit(world)
            .change_properties({**END_PROPERTY, "gone": "never lose", "theirs": "never lose"})
            .save_as(path)
        )
        text = file.read_text().replace("theirs = 'never lose'", "theirs = 'never win'")
        file.write_text("[properties\n")
        past.change_properties({"gone": None})
        assert past.property_list["trouble"]
        notebook.run()
        again = wk.edit(world).take_over()
        assert set(again.properties) == {"an end", "theirs"} and not again.property_list["readable"]
        file.write_text(text)
        again.change_properties({"since": "never lose"})
        assert set(again.properties) == {"an end", "theirs", "since"} == set(wk.load_properties(file))
        assert again.properties["theirs"].text == wk.load_properties(file)["theirs"].text == "never win"

    def test_the_only_property_of_a_file_that_was_deleted_and_saved_is_not_offered(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        (tmp_path / "mine.properties.toml").write_text("[properties]\n'an end' = 'never lose'\n")
        past = wk.edit(path).change_properties({"an end": None})
        assert not past.properties and not wk.load_properties(tmp_path / "mine.properties.toml")
        notebook.run()
        assert wk.edit(path).last_run is None

    def test_properties_of_a_world_in_a_store_which_keeps_none_are_offered(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        with wk.Store(tmp_path / "worlds.db") as store:
            stored = store.create(world)
            wk.edit(stored).apply([prose("lane", "Rain.")]).change_properties(END_PROPERTY)
            notebook.run()
            again = wk.edit(store[stored.id])
            assert again.last_run == {"count": 1, "labels": ["Add property an end"], "place": ""}
            again.notes.add("Look here.")
            again.apply([prose("gate", "Snow.")]).take_over()
            assert set(again.properties) == set(END_PROPERTY) and again.last_run is None and len(again.notes) == 1
            assert again.saved and again.world == store.get(stored.id).world
            assert [again.world.states[id].base for id in ("lane", "gate")] == ["Rain.", "Snow."]
            assert not again.undo().undo().properties and len(again.redo().redo().notes) == 1

    def test_what_could_not_be_put_on_a_files_map_is_offered(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        path = world.save(tmp_path / "mine.world.json")
        past = wk.edit(path).move({"gate": (50, 60)})
        layout = tmp_path / "mine.world.layout.json"
        data = layout.read_bytes()
        layout.write_text("{broken")
        past.notes.add("Look here.")
        assert past.binding["note"]
        layout.write_bytes(data)
        notebook.run()
        again = wk.edit(path)
        assert again.last_run["labels"] == ["Change the map"]
        again.take_over()
        assert len(wk.edit(path).notes) == 1 and wk.edit(path).layout["gate"] == (50, 60)

    def test_edits_that_are_restored_and_wait_have_a_name(
        self, notebook: Notebook, world: wk.World, tmp_path: Path
    ) -> None:
        wk.edit(world).apply([prose("lane", "Rain.")])
        notebook.run()
        path = tmp_path / "mine.world.json"
        again = wk.edit(world).save_as(path)
        path.write_text("<<<<<<< mine")
        with pytest.raises(wk.WorldError, match="holds no world that can be read"):
            again.take_over()
        assert again.binding["waiting"] == ["Restored edits"] and again.world.states["lane"].base == "Rain."

    def test_a_begun_world_is_found_again(self, notebook: Notebook) -> None:
        ask(wk.edit(), "begin", source="sample", name="bench")
        notebook.run()
        again = wk.edit()
        assert again.last_run["count"] == 1 and again.take_over().world == wk.samples.load("bench")


class TestMemory:
    def test_only_so_many_runs_are_remembered_and_no_widget_is(self, world: wk.World) -> None:
        runs = CellRuns(limit=5)
        start = editor_state.open_editor(world)
        for cell in range(50):
            runs.remember(Cell(str(cell), "1"), world, CellRun(start, start))
        assert len(runs._runs) == 5

    def test_a_cell_run_for_ever_keeps_a_few_runs(self, world: wk.World) -> None:
        runs = CellRuns()
        start = editor_state.open_editor(world)
        world_refs = []
        for n in range(50):
            run = CellRun(start, gestures.apply_ops(start, [prose("lane", f"{n}")]))
            runs.remember(Cell("a", str(n)), world, run)
            world_refs.append(weakref.ref(run.state.world))
            assert len(run.earlier_runs) <= last_runs.MAX_EARLIER_RUNS
        del run
        gc.collect()
        assert sum(ref() is not None for ref in world_refs) <= last_runs.MAX_EARLIER_RUNS + 1

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
