"""A server over a damaged store: it does not begin, and while it runs it says so; it never serves an empty one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import worldkit as wk
from tests.server.running import bench, quick, running
from tests.store.damaging import break_world, elsewhere
from tests.store.test_recovery import rooms_of
from worldkit.cli import main
from worldkit.server import create_app


def test_a_store_damaged_under_a_server_answers_503_for_writes_and_goes_on_being_read(tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    with running(quick(path, workers=0)) as server:
        client = server.client(server.app().secret)
        ids = [
            client.post("/v1/worlds", json={"world": rooms_of(f"w{at}").to_dict()}).json()["worldId"] for at in range(6)
        ]
        server.services.deliverer.stop()
        server.services.commits.close()
        server.services.store.close()  # with the last connection, what is in the log goes into the file
        elsewhere(lambda: break_world(path, ids[0]))
        elsewhere(lambda: wk.Store(path).close())  # somebody notices
        for answer in (
            client.post("/v1/worlds", json={"world": bench()}),
            client.get("/v1/worlds/w_of_old"),
            client.get("/healthz"),
            client.delete(f"/v1/worlds/{ids[1]}"),
        ):
            assert answer.status_code == 503, answer.text
            assert answer.headers["content-type"] == "application/problem+json"
            assert "damaged" in answer.json()["detail"] and str(path) not in answer.text
        assert len(client.get("/v1/worlds").json()["worlds"]) == 6
        assert client.get(f"/v1/worlds/{ids[3]}").status_code == 200


def test_a_damaged_store_is_not_served_until_it_is_recovered_and_its_losses_are_accepted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "worlds.db"
    with running(quick(path, workers=0)) as server:
        secret = server.app().secret
        client = server.client(secret)
        ids = [
            client.post("/v1/worlds", json={"world": rooms_of(f"w{at}").to_dict()}).json()["worldId"] for at in range(6)
        ]
    break_world(path, ids[0])
    before = path.read_bytes()
    serve = ["serve", "--db", str(path), "--port", "0"]
    for _ in range(2):
        assert main(serve) == 2
        assert "worldkit store recover" in capsys.readouterr().err
        with pytest.raises(wk.CorruptStore):
            create_app(quick(path))
        assert path.read_bytes() == before
    assert main(["store", "check", str(path)]) == 1
    assert "cannot be read: world w0" in capsys.readouterr().out
    assert main(["store", "recover", str(path), "--json"]) == 1
    output = json.loads(capsys.readouterr().out)
    assert [world["name"] for world in output["recovery"]["worlds"]] == [f"w{at}" for at in range(1, 6)]
    assert output["recovery"]["lost"][0].startswith(f"world w0 ({ids[0]})") and len(output["open"]) == 1
    assert main(serve) == 2 and "--accept" in capsys.readouterr().err
    assert main(["store", "check", str(path)]) == 1
    assert main(["store", "recover", "--accept", str(path)]) == 0
    assert main(["store", "check", str(path)]) == 0
    with running(quick(path, workers=0)) as server:
        assert len(server.client(secret).get("/v1/worlds").json()["worlds"]) == 5


def test_a_recovery_that_was_killed_between_its_renames_is_finished_in_the_home_folder_and_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "worlds.db"
    with wk.Store(path) as store:
        id = store.create(rooms_of("w")).id
    monkeypatch.setenv("HOME", str(tmp_path))
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(path)
    for place in ("~/worlds.db", str(link)):
        path.rename(tmp_path / "worlds.db.recovered")
        assert main(["store", "recover", place]) == 0
        with wk.Store(path) as store:
            assert store.get(id).name == "w"


def test_a_store_whose_catalogue_is_lost_is_damage_found_and_a_missing_one_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "worlds.db"
    with wk.Store(path) as store:
        id = store.create(rooms_of("w")).id
    assert main(["store", "check", str(tmp_path / "none.db")]) == 2 and not (tmp_path / "none.db").exists()
    with path.open("r+b") as file:
        file.write(bytes(4096))
    assert main(["store", "check", str(path)]) == 1
    assert main(["store", "recover", str(path)]) == 0
    with wk.Store(path) as store:
        assert store.get(id).name == "w"
