"""An editor bound to a store: what is saved and when, what a conflict comes to, and that nothing made is ever lost."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.notebook.conftest import RecordingComm, small
from worldkit import SavingEditor, StoreEditor
from worldkit.widgets.store_sync import MAX_PAUSE_S, StoreSync

Json = dict[str, Any]


def prose(state: str, text: str) -> Json:
    return {"op": "set_field", "state": state, "field": "base", "value": text}


def rename(old: str, new: str) -> Json:
    return {"op": "rename_state", "from": old, "to": new}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[wk.Store]:
    with wk.Store(tmp_path / "worlds.db") as opened_store:
        yield opened_store


@pytest.fixture
def stored_lane(store: wk.Store) -> wk.StoredWorld:
    return store.create(wk.load(small()), name="Lane")


@pytest.fixture
def editor(stored_lane: wk.StoredWorld, comms: list[RecordingComm]) -> StoreEditor:
    return wk.edit(stored_lane)


class Faulty:
    """A real store whose calls can be made to fail, before or after they did their work, as a network does."""

    label = "worlds.db"

    def __init__(self, store: wk.Store) -> None:
        self.store = store
        self.before: BaseException | None = None
        self.after: BaseException | None = None
        self.asked = 0

    def apply(self, *args: Any, **options: Any) -> wk.StoredWorld:
        self.asked += 1
        if self.before is not None:
            raise self.before
        result = self.store.apply(*args, **options)
        if self.after is not None:
            raise self.after
        return result

    def get(self, id: str) -> wk.StoredWorld:
        if self.before is not None:
            raise self.before
        return self.store.get(id)


def use_store(sync: StoreSync | None, store: Any) -> None:
    """Have an editor save in another store, with the same world."""
    assert sync is not None
    sync._store = sync.map._store = store


@pytest.fixture
def faulty(editor: StoreEditor, store: wk.Store) -> Faulty:
    faulty_store = Faulty(store)
    use_store(editor._sync, faulty_store)
    return faulty_store


def ask(editor: SavingEditor, kind: str, **body: Any) -> Json:
    editor.comm.take()
    editor.comm.receive({"type": kind, "id": "1", "view": "a", **body})
    replies: list[Json] = [m for m in editor.comm.take() if m.get("id") == "1"]
    assert len(replies) == 1, "every request has exactly one reply"
    return replies[0]


class Interrupted:
    """A store in which one call is interrupted, before or after it did its work."""

    label = "worlds.db"

    def __init__(self, store: wk.Store, call: str, *, after: bool = False) -> None:
        self.store = store
        self.call = call
        self.after = after

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.store, name)
        if name != self.call:
            return function

        def interrupted_call(*args: Any, **options: Any) -> Any:
            if self.after:
                function(*args, **options)
            raise KeyboardInterrupt

        return interrupted_call


class Failing:
    """A store of which some calls fail."""

    label = "worlds.db"

    def __init__(self, store: wk.Store, *calls: str) -> None:
        self.store = store
        self.calls = calls

    def __getattr__(self, name: str) -> Any:
        function = getattr(self.store, name)
        if name not in self.calls:
            return function

        def fail(*_: Any, **__: Any) -> Any:
            raise wk.StoreError("the disk is full")

        return fail


def expect_in_step(editor: StoreEditor, store: wk.Store) -> None:
    """Expect that an editor that saved everything has what its store has, and that its history has no gap."""
    reopened = wk.edit(store[editor.stored.id])
    assert editor.saved and editor.world == editor.stored.world == reopened.world
    assert editor.layout == reopened.layout
    assert dict(editor.notes) == dict(reopened.notes)
    assert not any(gesture.is_foreign for gesture in editor._state.undo_stack)


class TestInterrupts:
    @pytest.mark.parametrize("after", [False, True], ids=["before it was saved", "after it was saved"])
    def test_an_interrupted_edit_stands_and_waits_and_is_taken_back_like_any_other(
        self, editor: StoreEditor, store: wk.Store, after: bool
    ) -> None:
        opened = editor.world
        editor.apply([prose("lane", "Rain.")])
        use_store(editor._sync, Interrupted(store, "apply", after=after))
        with pytest.raises(KeyboardInterrupt):
            editor.apply([prose("gate", "Snow.")])
        assert editor.world.states["gate"].base == "Snow." and editor.unsaved == [prose("gate", "Snow.")]
        assert editor.binding["status"] == "unsaved" and editor.binding["trouble"] == "the kernel was interrupted"
        assert [one["rev"] for one in editor.comm.take() if one.get("type") == "changed"] == ["1", "2"]
        use_store(editor._sync, store)
        editor.undo().save()
        assert editor.world.states["lane"].base == "Rain." and editor.world.states["gate"] == opened.states["gate"]
        expect_in_step(editor, store)
        editor.redo()
        assert editor.world.states["gate"].base == "Snow."
        assert editor.undo().undo().world == opened
        expect_in_step(editor, store)

    @pytest.mark.parametrize("after", [False, True], ids=["before it was saved", "after it was saved"])
    @pytest.mark.parametrize("call", ["place", "annotate"])
    def test_an_interrupted_change_of_the_map_stands_and_waits(
        self, editor: StoreEditor, store: wk.Store, call: str, after: bool
    ) -> None:
        editor.apply([prose("lane", "Rain.")])
        use_store(editor._sync, Interrupted(store, call, after=after))
        with pytest.raises(KeyboardInterrupt):
            editor.move({"lane": (7, 11)}) if call == "place" else editor.notes.add("Look here.")
        assert (editor.layout["lane"] == (7, 11)) is (call == "place") and len(editor.notes) == (call == "annotate")
        assert editor.binding["note"] == "the kernel was interrupted"
        use_store(editor._sync, store)
        editor.apply([prose("gate", "Snow.")])
        expect_in_step(editor, store)
        assert editor.undo().undo()._state.pinned_states == set() and not editor.notes
        expect_in_step(editor, store)

    @pytest.mark.parametrize("call", ["place", "annotate"])
    def test_an_edit_whose_map_is_interrupted_is_saved_once(
        self, editor: StoreEditor, store: wk.Store, call: str
    ) -> None:
        use_store(editor._sync, Interrupted(store, call))
        annotations = {"notes": {"n": {"text": "Look here.", "state": "attic"}}}
        body = {"positions": {"attic": [7, 11]}, "annotations": annotations}
        editor.comm.take()
        with pytest.raises(KeyboardInterrupt):
            editor.comm.receive(
                {
                    "type": "edit",
                    "id": "1",
                    "view": "a",
                    "base": editor.world.rev,
                    "ops": [{"op": "add_state", "id": "attic", "state": {"base": "Dust."}}],
                    **body,
                }
            )
        replies = [one for one in editor.comm.take() if one.get("id") == "1"]
        assert [one["type"] for one in replies] == ["accepted"] and editor.world == editor.stored.world
        use_store(editor._sync, store)
        editor.apply([prose("gate", "Snow.")])
        expect_in_step(editor, store)

    def test_an_interrupted_decision_keeps_what_was_decided(self, editor: StoreEditor, store: wk.Store) -> None:
        store.apply(editor.stored.id, [prose("lane", "Theirs.")])
        with pytest.raises(wk.Conflict):
            editor.apply([prose("gate", "Snow.")])
        editor.move({"gate": (50, 60)})
        for call, choice in (("layout", "theirs"), ("place", "theirs")):
            use_store(editor._sync, Interrupted(store, call))
            with pytest.raises(KeyboardInterrupt):
                editor.reconcile(choice)
        use_store(editor._sync, store)
        assert editor.conflict is None and editor.world == store.get(editor.stored.id).world
        editor.redo()
        assert editor.saved and store.get(editor.stored.id).world.states["gate"].base == "Snow."
        assert wk.edit(store[editor.stored.id]).layout["gate"] == (50, 60)

    @pytest.mark.parametrize("call", ["get", "layout", "annotations"])
    def test_an_interrupted_reload_changes_nothing(self, editor: StoreEditor, store: wk.Store, call: str) -> None:
        editor.apply([prose("gate", "Snow.")])
        store.apply(editor.stored.id, [prose("lane", "Theirs.")])
        before = editor.world
        use_store(editor._sync, Interrupted(store, call))
        with pytest.raises(KeyboardInterrupt):
            editor.reload()
        assert editor.world == before == editor.stored.world
        use_store(editor._sync, store)
        assert editor.reload().world == store.get(editor.stored.id).world and editor.saved

    def test_a_view_that_saves_is_told_of_an_interrupt(self, editor: StoreEditor, store: wk.Store) -> None:
        use_store(editor._sync, Interrupted(store, "apply"))
        with pytest.raises(KeyboardInterrupt):
            editor.apply([prose("gate", "Snow.")])
        editor.comm.take()
        with pytest.raises(KeyboardInterrupt):
            editor.comm.receive({"type": "save", "id": "1", "view": "a"})
        replies = [one for one in editor.comm.take() if one.get("id") == "1"]
        assert [(one["code"], one["message"]) for one in replies] == [("unsaved", "the kernel was interrupted")]


class TestSaving:
    def test_an_edit_is_in_the_store_when_it_is_accepted(self, editor: StoreEditor, store: wk.Store) -> None:
        reply = ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])
        assert reply["type"] == "accepted"
        assert store.get(editor.stored.id).world == editor.world
        assert (editor.stored.rev, editor.unsaved, editor.binding["status"]) == ("1", [], "saved")

    def test_undo_and_redo_are_saved_as_revisions_of_their_own(self, editor: StoreEditor, store: wk.Store) -> None:
        before = editor.world
        editor.apply([rename("lane", "road")]).undo()
        assert store.get(editor.stored.id).world == before and editor.stored.rev == "2"
        editor.redo()
        assert list(store.get(editor.stored.id).world.states) == ["road", "gate", "hall"]

    def test_one_gesture_is_one_revision_however_many_operations(self, editor: StoreEditor) -> None:
        editor.apply([prose("lane", "A."), prose("gate", "B."), rename("hall", "room")])
        assert editor.stored.rev == "1"

    def test_what_changes_nothing_writes_nothing(self, editor: StoreEditor) -> None:
        editor.apply([prose("lane", editor.world.states["lane"].base)])
        assert editor.stored.rev == "0"

    def test_cards_stand_where_they_were_put_when_the_world_is_opened_again(
        self, editor: StoreEditor, store: wk.Store
    ) -> None:
        editor.move({"lane": (7, 11)})
        editor.apply([rename("lane", "road")])
        again = wk.edit(store[editor.stored.id])
        assert again.layout["road"] == (7, 11) and editor.stored.rev == "1"
        editor.undo().undo()
        assert wk.edit(store[editor.stored.id]).layout["lane"] == editor.layout["lane"] != (7, 11)

    def test_regions_notes_tags_and_views_are_there_when_the_world_is_opened_again(
        self, editor: StoreEditor, store: wk.Store
    ) -> None:
        region = editor.regions.add("Act one", ["lane", "gate"], color="teal")
        editor.notes.add("Who lit this?", state="lane", todo=True)
        editor.tags.add("night", ["hall"])
        editor.views.add("All", (0, 0, 800, 600), tags=["night"])
        editor.apply([rename("lane", "road")])
        again = wk.edit(store[editor.stored.id])
        assert again._state.annotations == editor._state.annotations
        assert again.regions[region].states == ("road", "gate") and again.tags.of("hall") == ("night",)
        again.regions.remove(region)
        assert not editor.reload().regions and again.undo().regions[region].name == "Act one"
        assert store.annotations(editor.stored.id) == again._state.annotations

    def test_a_store_without_room_for_a_map_says_so(self, editor: StoreEditor, faulty: Faulty) -> None:
        editor.notes.add("Who lit this?")
        assert editor.binding["note"] == "worlds.db has no room for it" and len(editor.notes) == 1

    def test_what_was_saved_of_a_map_is_not_saved_again_when_the_rest_of_it_is(
        self, editor: StoreEditor, store: wk.Store
    ) -> None:
        failing = Failing(store, "place", "annotate")
        use_store(editor._sync, failing)
        editor.move({"lane": (7, 11)})
        note = editor.notes.add("Look here.")
        failing.calls = ("place",)
        editor.apply([prose("lane", "Rain.")])
        assert editor.binding["note"] == "the disk is full" and len(store.annotations(editor.stored.id).notes) == 1
        wk.edit(store[editor.stored.id]).notes.change(note, text="Look there.")
        failing.calls = ()
        editor.apply([prose("gate", "Snow.")])
        assert store.layout(editor.stored.id)["lane"] == (7, 11) and editor.binding["note"] == ""
        assert store.annotations(editor.stored.id).notes[note].text == "Look there."

    def test_cards_that_could_not_be_kept_beside_a_note_are_kept_later(
        self, editor: StoreEditor, store: wk.Store
    ) -> None:
        failing = Failing(store, "place")
        use_store(editor._sync, failing)
        editor.notes.add("Look here.")
        assert not store.layout(editor.stored.id)
        failing.calls = ()
        editor.apply([prose("lane", "Rain.")])
        assert store.layout(editor.stored.id) == dict(editor.layout)

    @pytest.mark.parametrize("call", ["layout", "annotations"])
    def test_a_map_that_could_not_be_read_is_no_trouble_once_it_was(
        self, editor: StoreEditor, store: wk.Store, call: str
    ) -> None:
        failing = Failing(store, call)
        use_store(editor._sync, failing)
        assert editor.reload().binding["note"] == "the disk is full"
        failing.calls = ()
        assert editor.reload().binding["note"] == ""

    def test_what_the_store_refuses_is_taken_back_and_says_why(self, editor: StoreEditor, faulty: Faulty) -> None:
        faulty.before = wk.OpError(0, "put_state", "this server does not know it")
        reply = ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])
        assert (reply["type"], reply["code"], reply["message"]) == ("rejected", "op", "this server does not know it")
        with pytest.raises(wk.OpError):
            editor.apply([prose("lane", "Rain.")])
        assert editor.unsaved == [] and editor.ops == []

    def test_python_is_told_of_a_refusal_while_older_edits_wait(self, editor: StoreEditor, faulty: Faulty) -> None:
        faulty.before = wk.StoreError("the disk is full")
        with pytest.raises(wk.StoreError):
            editor.apply([prose("lane", "Rain.")])
        faulty.before = wk.OpError(0, "put_state", "this server does not know it")
        assert editor._sync is not None
        editor._sync._next_try = 0.0
        with pytest.raises(wk.OpError, match="does not know it"):
            editor.apply([prose("lane", "Snow.")])
        assert editor.world.states["lane"].base == "Snow." and editor.unsaved != []

    def test_an_editor_of_no_store_says_so(self, comms: list[RecordingComm]) -> None:
        plain = wk.edit(wk.load(small()))
        plain.comm.take()
        plain.comm.receive({"type": "save", "id": "1", "view": "a"})
        [reply] = plain.comm.take()
        assert reply["type"] == "rejected" and "edit(store[...])" in reply["message"]


class TestAStoreThatFails:
    def test_an_edit_is_kept_and_sent_again(self, editor: StoreEditor, faulty: Faulty, store: wk.Store) -> None:
        faulty.before = wk.StoreError("the disk is full")
        reply = ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])
        assert reply["type"] == "accepted", "the edit is made; that it is not saved is told apart"
        assert editor.binding["status"] == "unsaved" and "disk is full" in editor.binding["trouble"]
        assert editor.world.states["lane"].base == "Rain." and editor.unsaved != []
        assert ask(editor, "save")["code"] == "unsaved"
        faulty.before = None
        assert ask(editor, "save")["type"] == "accepted"
        assert store.get(editor.stored.id).world == editor.world and editor.binding["status"] == "saved"

    def test_python_is_told_and_the_edit_stands(self, editor: StoreEditor, faulty: Faulty) -> None:
        faulty.before = wk.StoreError("the disk is full")
        with pytest.raises(wk.StoreError, match="disk is full"):
            editor.apply([prose("lane", "Rain.")])
        assert editor.world.states["lane"].base == "Rain."

    def test_an_answer_that_was_lost_is_asked_for_again_and_happens_once(
        self, editor: StoreEditor, faulty: Faulty, store: wk.Store
    ) -> None:
        faulty.after = wk.StoreError("the connection was reset")
        with pytest.raises(wk.StoreError):
            editor.apply([{"op": "add_state", "base": "A loft of bare boards."}])
        faulty.after = None
        editor.save()
        assert store.get(editor.stored.id).rev == "1" and len(editor.world.states) == 4
        assert store.get(editor.stored.id).world == editor.world

    def test_what_fails_unexpectedly_loses_nothing_and_shows_no_inside(
        self, editor: StoreEditor, faulty: Faulty, caplog: pytest.LogCaptureFixture
    ) -> None:
        faulty.before = RuntimeError("postgresql://me:secret@host")
        assert ask(editor, "edit", base=editor.world.rev, ops=[prose("lane", "Rain.")])["type"] == "accepted"
        assert "RuntimeError" in editor.binding["trouble"] and "secret" not in str(editor.binding)

    def test_a_world_deleted_elsewhere_stays_here(self, editor: StoreEditor, store: wk.Store) -> None:
        store.delete(editor.stored.id)
        with pytest.raises(wk.NotFound):
            editor.apply([prose("lane", "Rain.")])
        assert "create(ed.world)" in editor.binding["trouble"] and editor.world.states["lane"].base == "Rain."
        assert store.create(editor.world).world == editor.world

    def test_while_it_fails_edits_ask_it_less_and_less_often_and_save_asks_at_once(
        self, stored_lane: wk.StoredWorld, store: wk.Store
    ) -> None:
        now = 0.0
        keeper = StoreSync(stored_lane, store, clock=lambda: now)
        faulty = Faulty(store)
        faulty.before = wk.StoreError("gone")
        use_store(keeper, faulty)
        from worldkit.widgets import editor_state, gestures

        state = editor_state.open_editor(stored_lane.world)
        call_counts = []
        for n in range(200):
            after = gestures.apply_ops(state, [prose("lane", f"Rain {n}.")])
            state, _ = keeper.follow(state, after)
            call_counts.append(faulty.asked)
            now += 1.0
        assert len(keeper.sync_state.waiting_batches) == 200
        assert call_counts[0] == 1 and call_counts[-1] < 15
        assert call_counts[-1] >= (200 - 2 * MAX_PAUSE_S) / MAX_PAUSE_S
        faulty.before = None
        state, trouble = keeper.save(state)
        assert trouble is None and store.get(stored_lane.id).world == state.world


class TestAConflict:
    @pytest.fixture
    def in_conflict(self, editor: StoreEditor, store: wk.Store) -> StoreEditor:
        """Both changed the lane; elsewhere the gate was renamed, here the hall was."""
        store.apply(editor.stored.id, [prose("lane", "Grass between the stones."), rename("gate", "arch")])
        with pytest.raises(wk.Conflict):
            editor.apply([prose("lane", "Rain on the stones."), rename("hall", "room")], label="Rain")
        return editor

    def test_it_shows_what_was_changed_elsewhere_and_what_both_changed(self, in_conflict: StoreEditor) -> None:
        conflict = in_conflict.binding["conflict"]
        assert [(one["mark"], one["id"]) for one in conflict["elsewhere"]] == [
            ("renamed", "gate → arch"),
            ("changed", "lane"),
        ]
        assert [one["path"] for one in conflict["clashes"]] == ["states.lane.base"]
        assert ["ins", "Rain on"] in conflict["clashes"][0]["ours"][0]["words"] or conflict["clashes"][0]["ours"]
        assert in_conflict.binding["waiting"] == ["Rain"] and in_conflict.conflict is not None
        assert 'reconcile("rebase")' in repr(in_conflict.conflict)

    def test_what_is_edited_meanwhile_is_kept_and_counts(self, in_conflict: StoreEditor, store: wk.Store) -> None:
        in_conflict.apply([prose("room", "A hall hung with nets.")])
        assert in_conflict.binding["count"] == 2 and store.get(in_conflict.stored.id).rev == "1"
        in_conflict.reconcile("rebase")
        assert in_conflict.world.states["room"].base == "A hall hung with nets."

    def test_rebase_keeps_both_and_decides_clashes_as_picked(self, in_conflict: StoreEditor, store: wk.Store) -> None:
        reply = ask(in_conflict, "reconcile", choice="rebase", picks={"states.lane.base": "theirs"})
        assert reply["type"] == "accepted"
        assert list(in_conflict.world.states) == ["lane", "arch", "room"]
        assert in_conflict.world.states["lane"].base == "Grass between the stones."
        assert store.get(in_conflict.stored.id).world == in_conflict.world and in_conflict.conflict is None

    @pytest.mark.parametrize("choice", ["rebase", "mine"])
    def test_a_decision_that_the_store_refuses_decides_nothing_and_loses_nothing(
        self, in_conflict: StoreEditor, store: wk.Store, choice: str
    ) -> None:
        faulty = Faulty(store)
        use_store(in_conflict._sync, faulty)
        faulty.before = wk.OpError(0, "put_state", "this server does not know it")
        conflict = in_conflict.conflict
        reply = ask(in_conflict, "reconcile", choice=choice)
        assert (reply["type"], reply["code"]) == ("rejected", "op")
        assert in_conflict.conflict is conflict and in_conflict.binding["status"] == "conflict"
        in_conflict.apply([prose("room", "A hall hung with nets.")])
        faulty.before = None
        in_conflict.reconcile("rebase")
        saved_world = store.get(in_conflict.stored.id).world
        assert saved_world == in_conflict.world and list(saved_world.states) == ["lane", "arch", "room"]

    def test_rebase_takes_what_a_person_wrote_instead_of_a_side(
        self, in_conflict: StoreEditor, store: wk.Store
    ) -> None:
        results = in_conflict.binding["conflict"]["clashes"][0]["results"]
        assert {side: one["text"] for side, one in results.items()} == {
            "ours": "Rain on the stones.",
            "theirs": "Grass between the stones.",
            "base": wk.load(small()).states["lane"].base,
        }
        texts = {"states.lane.base": {"side": "ours", "text": "Rain and grass."}}
        reply = ask(in_conflict, "reconcile", choice="rebase", written=texts)
        assert reply["type"] == "accepted" and in_conflict.world.states["lane"].base == "Rain and grass."
        assert store.get(in_conflict.stored.id).world == in_conflict.world

    @pytest.mark.parametrize(
        ("values", "error"),
        [({"states.lane.base": 7}, wk.InvalidWorld), ({"states.gone.base": "x"}, wk.WorldError)],
    )
    def test_a_value_that_cannot_stand_there_decides_nothing(
        self, in_conflict: StoreEditor, store: wk.Store, values: Json, error: type[Exception]
    ) -> None:
        before = in_conflict.world
        with pytest.raises(error):
            in_conflict.reconcile("rebase", values=values)
        assert (
            in_conflict.conflict is not None
            and in_conflict.world == before
            and store.get(in_conflict.stored.id).rev == "1"
        )
        texts = {"states.gone.base": {"side": "ours", "text": "x"}}
        assert ask(in_conflict, "reconcile", choice="rebase", written=texts)["type"] == "rejected"

    def test_what_is_not_picked_is_decided_for_the_edits_made_here(self, in_conflict: StoreEditor) -> None:
        assert in_conflict.reconcile("rebase").world.states["lane"].base == "Rain on the stones."

    def test_undo_after_a_rebase_leaves_what_was_done_elsewhere(
        self, in_conflict: StoreEditor, store: wk.Store
    ) -> None:
        theirs = store.get(in_conflict.stored.id).world
        in_conflict.reconcile("rebase").undo()
        assert in_conflict.world == theirs == store.get(in_conflict.stored.id).world
        with pytest.raises(wk.WorldError, match="elsewhere"):
            in_conflict.undo()

    def test_theirs_drops_mine_and_redo_puts_them_on_top(self, in_conflict: StoreEditor, store: wk.Store) -> None:
        theirs = store.get(in_conflict.stored.id).world
        in_conflict.reconcile("theirs")
        assert in_conflict.world == theirs and store.get(in_conflict.stored.id).rev == "1", "nothing is written"
        in_conflict.redo()
        assert list(in_conflict.world.states) == ["lane", "arch", "room"]
        assert store.get(in_conflict.stored.id).world == in_conflict.world

    def test_mine_drops_theirs_and_undo_brings_them_back(self, in_conflict: StoreEditor, store: wk.Store) -> None:
        mine, theirs = in_conflict.world, store.get(in_conflict.stored.id).world
        in_conflict.reconcile("mine")
        assert in_conflict.world == mine == store.get(in_conflict.stored.id).world
        assert in_conflict.undo().world == theirs == store.get(in_conflict.stored.id).world

    @pytest.mark.parametrize("choice", ["rebase", "theirs", "mine"])
    def test_the_code_of_it_all_makes_the_world_of_the_one_that_was_opened(
        self, in_conflict: StoreEditor, choice: Any
    ) -> None:
        in_conflict.reconcile(choice)
        original = wk.load(small()).apply([])
        space: Json = {"world": wk.load({**small(), "name": "Lane"})}
        exec(in_conflict.code(), space)
        assert space["world"] == in_conflict.world
        assert original.apply(in_conflict.ops) == in_conflict.world

    def test_changed_again_meanwhile_is_a_new_conflict(self, in_conflict: StoreEditor, store: wk.Store) -> None:
        store.apply(in_conflict.stored.id, [prose("arch", "An arch of whale bone.")])
        reply = ask(in_conflict, "reconcile", choice="rebase")
        assert reply["code"] == "unsaved" and in_conflict.binding["conflict"]["rev"] == "2"
        assert in_conflict.reconcile("rebase").world.states["arch"].base == "An arch of whale bone."

    def test_what_was_saved_without_an_answer_is_no_conflict(
        self, editor: StoreEditor, faulty: Faulty, store: wk.Store
    ) -> None:
        class Forgetful(Faulty):
            """A place that takes no idempotency keys."""

            def apply(self, *args: Any, idempotency_key: str | None = None, **options: Any) -> wk.StoredWorld:
                return super().apply(*args, **options)

        place = Forgetful(store)
        use_store(editor._sync, place)
        place.after = wk.StoreError("the connection was reset")
        with pytest.raises(wk.StoreError):
            editor.apply([prose("lane", "Rain.")])
        place.after = None
        editor.save()
        assert editor.conflict is None and store.get(editor.stored.id).rev == "1"

    def test_reload_takes_over_what_was_done_elsewhere(self, editor: StoreEditor, store: wk.Store) -> None:
        store.apply(editor.stored.id, [{"op": "add_state", "id": "loft", "base": "A loft."}])
        store.place(editor.stored.id, {"loft": (900, 40)})
        worlds: list[wk.World] = []
        editor.on_change(worlds.append)
        assert ask(editor, "reload")["type"] == "accepted"
        assert "loft" in editor.world.states and editor.layout["loft"] == (900, 40) and worlds == [editor.world]
        assert editor.binding["rev"] == "1" and editor._state.undo_label is None

    def test_a_name_given_elsewhere_comes_with_the_next_edit(self, editor: StoreEditor, store: wk.Store) -> None:
        store.rename(editor.stored.id, "The long lane")
        editor.apply([prose("lane", "Rain.")])
        assert editor.world.name == "The long lane" and editor.world == store.get(editor.stored.id).world

    def test_meaning_is_checked_too(self, store: wk.Store, comms: list[RecordingComm]) -> None:
        """Here the key goes, there the door that needs it moves to the only way home: each alone can be played."""
        editor = wk.edit(store.create(wk.load(small())))
        open_door = {"op": "update_event", "name": "enter", "patch": {"requires": None}}
        editor.apply([open_door])
        store.apply(editor.stored.id, [{"op": "update_event", "name": "enter", "patch": {"requires": ["key"]}}])
        with pytest.raises(wk.Conflict):
            editor.apply([{"op": "delete_event", "name": "take_key"}])
        assert any("HOME" in warning for warning in editor.binding["conflict"]["warnings"])

    def test_read_only_views_decide_nothing(self, in_conflict: StoreEditor) -> None:
        in_conflict.read_only = True
        assert ask(in_conflict, "reconcile", choice="mine")["code"] == "read_only"
        assert in_conflict.conflict is not None

    @pytest.mark.parametrize(
        "body",
        [{"choice": "both"}, {"choice": "rebase", "picks": ["ours"]}, {"choice": "rebase", "picks": {"a": "me"}}],
    )
    def test_what_is_no_choice_is_refused(self, in_conflict: StoreEditor, body: Json) -> None:
        assert ask(in_conflict, "reconcile", **body)["code"] == "invalid"

    def test_a_pick_of_what_is_no_conflict_is_refused(self, in_conflict: StoreEditor) -> None:
        assert ask(in_conflict, "reconcile", choice="rebase", picks={"states.gate.base": "ours"})["code"] == "op"
        assert in_conflict.conflict is not None


# ---- laws --------------------------------------------------------------------------------------

ids = st.sampled_from(["lane", "gate", "hall"])
edits = st.one_of(
    st.builds(prose, ids, st.sampled_from(["Rain.", "Snow.", "Fog over slate."])),
    st.builds(rename, ids, st.sampled_from(["road", "arch", "room"])),
    st.builds(lambda id: {"op": "delete_state", "id": id}, ids),
    st.just({"op": "add_state", "base": "A loft of bare boards."}),
    st.builds(lambda on: {"op": "set_narrate", "narrate": on}, st.booleans()),
)
steps = st.lists(
    st.tuples(
        st.sampled_from([0, 1]),
        edits | st.sampled_from(["undo", "redo", "reload", "save", "fail", "lose"]),
        st.sampled_from(["rebase", "theirs", "mine", "later"]),
    ),
    max_size=10,
)


def settle(editor: SavingEditor, choice: Any) -> None:
    """Come to terms with the store, however often it moved on meanwhile."""
    try:
        editor.reload()
    except wk.Conflict:
        editor.reconcile(choice)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps)
def test_however_two_editors_take_turns_the_store_and_both_agree_in_the_end(
    comms: list[RecordingComm], steps: list[tuple[int, Any, Any]]
) -> None:
    """Each says exactly what is not saved; once all is, their worlds are the store's, and their code repeats them."""
    with tempfile.TemporaryDirectory() as folder, wk.Store(Path(folder) / "worlds.db") as store:
        stored_lane = store.create(wk.load(small()))
        editors = [wk.edit(stored_lane), wk.edit(stored_lane)]
        places = [Faulty(store), Faulty(store)]
        for editor, place in zip(editors, places, strict=True):
            use_store(editor._sync, place)
        for who, what, then in steps:
            editor, place = editors[who], places[who]
            place.before = wk.StoreError("down") if what == "fail" else None
            place.after = wk.StoreError("lost") if what == "lose" else None
            try:
                if what in ("fail", "lose"):
                    editor.apply([prose(next(iter(editor.world.states)), f"Kept {what}.")])
                elif isinstance(what, str):
                    getattr(editor, what)()
                else:
                    editor.apply([what])
            except wk.WorldError:
                pass
            place.before = place.after = None
            assert (editor.unsaved == []) == (editor.binding["status"] == "saved")
            if editor.conflict is not None and then != "later":
                settle(editor, then)
            if not editor.unsaved:
                assert editor.stored.world == editor.world
        for editor in (*editors, editors[0]):
            settle(editor, "rebase")
        now = store.get(stored_lane.id).world
        assert all(editor.unsaved == [] for editor in editors) and editors[0].world == editors[1].world == now
        for editor in editors:
            assert wk.load(small()).apply(editor.ops) == editor.world
