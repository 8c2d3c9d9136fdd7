"""The editor of a world that lives at a server, over real HTTP: saving, conflicts, a server that comes and goes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.notebook.conftest import RecordingComm, comms, small  # noqa: F401 - a fixture
from tests.server.running import quick, running
from worldkit import ApiError, StoreEditor


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[wk.Client, wk.Client, str]]:
    """Two clients of one app, and its secret key."""
    with running(quick(tmp_path / "worlds.db")) as server:
        key = server.app().secret
        with wk.Client(key, server.url) as mine, wk.Client(key, server.url) as theirs:
            yield mine, theirs, key


def prose(text: str) -> list[dict[str, Any]]:
    return [{"op": "set_field", "state": "lane", "field": "base", "value": text}]


@pytest.mark.usefixtures("comms")
class TestAtAServer:
    def test_edits_undo_and_redo_are_saved_and_others_edits_are_reconciled(
        self, place: tuple[wk.Client, wk.Client, str]
    ) -> None:
        mine, theirs, _ = place
        stored = mine.create(wk.load(small()), name="Lane")
        editor = wk.edit(mine["Lane"])
        assert isinstance(editor, StoreEditor) and editor.binding["place"] == mine.label
        editor.apply([{"op": "rename_state", "from": "gate", "to": "arch"}]).undo().redo()
        assert theirs.get(stored.id).world == editor.world and editor.unsaved == []
        theirs.apply(stored.id, prose("Grass."))
        with pytest.raises(wk.Conflict):
            editor.apply(prose("Rain."))
        assert [one["path"] for one in editor.binding["conflict"]["clashes"]] == ["states.lane.base"]
        editor.reconcile("rebase", {"states.lane.base": "theirs"})
        assert theirs.get(stored.id).world == editor.world and editor.world.states["lane"].base == "Grass."
        theirs.apply(stored.id, prose("Snow."))
        assert editor.reload().world.states["lane"].base == "Snow."

    def test_regions_and_positions_are_kept_on_this_computer(
        self, place: tuple[wk.Client, wk.Client, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WORLDKIT_DATA", str(tmp_path / "data"))
        mine, theirs, key = place
        stored = mine.create(wk.load(small()), name="Lane")
        editor = wk.edit(stored)
        assert editor.binding["map_is_here"] and not (tmp_path / "data").exists()
        region = editor.regions.add("Act one", ["lane"])
        editor.move({"lane": (7, 11)})
        again = wk.edit(theirs.get(stored.id))
        assert again.regions[region].states == ("lane",) and again.layout["lane"] == (7, 11)
        assert theirs.get(stored.id).rev == "0" and editor.binding["note"] == ""
        [file] = (tmp_path / "data" / "maps").iterdir()
        text = file.read_text()
        assert stored.id in text and mine.base_url in text and key not in text
        file.write_text("{}")
        editor.notes.add("Who lit this?")
        assert "is no file of positions" in editor.binding["note"] and file.read_text() == "{}"
        file.unlink()
        editor.move({"gate": (1, 2)})
        assert len(wk.edit(stored).notes) == 1, "what could not be kept is kept with the next change"

    def test_no_widget_state_holds_the_key(self, place: tuple[wk.Client, wk.Client, str]) -> None:
        mine, _, key = place
        mine.create(wk.load(small()), name="Lane")
        editor = wk.edit(mine["Lane"])
        editor.apply(prose("Rain."))
        state_text = json.dumps(editor.comm.published)
        bundle, _ = editor._repr_mimebundle_()
        for text in (state_text, json.dumps(bundle), repr(editor), repr(editor.stored), editor.code()):
            assert key not in text and key.removeprefix("sk_test_") not in text

    def test_while_the_server_is_away_edits_are_kept_and_saved_when_it_is_back(self, tmp_path: Path) -> None:
        place = tmp_path / "worlds.db"
        with running(quick(place)) as server:
            key, port = server.app().secret, int(server.url.rpartition(":")[2])
            client = wk.Client(key, server.url, sleep=lambda _: None)
            client.create(wk.load(small()), name="Lane")
            editor = wk.edit(client["Lane"])
        with pytest.raises(ApiError):
            editor.apply(prose("Rain."))
        editor.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
        assert editor.binding["status"] == "unsaved" and editor.binding["count"] == 2
        assert "127.0.0.1" in editor.binding["trouble"]
        with running(quick(place), port=port):
            editor.save()
            assert client["Lane"].world == editor.world and editor.binding["status"] == "saved"
            client.close()
