"""Export and import: whole stores in one file, all or nothing, and what happens on a clash."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

import worldkit as wk
from tests.growing import MAX_GROWTH, growth
from tests.store.worlds import lane, rooms
from worldkit.stores.local.column_values import time_text
from worldkit.stores.local.incoming_worlds import first_in_a_circle


def contents(store: wk.Store) -> list[Any]:
    """Return everything a store says of its worlds."""
    return [
        (
            [*store.versions(ref.id)],
            [store.version(ref.id, one.id).to_json() for one in store.versions(ref.id)],
            store.versions(ref.id).head,
            store.get(ref.id),
            store.get(ref.id).world.to_json(),
            store.layout(ref.id),
            store.annotations(ref.id),
            store.base(ref.id),
            (ref.id, ref.name, ref.visibility),
        )
        for ref in store
    ]


def test_a_store_moves_to_another_as_it_is(full: wk.Store, other: wk.Store, tmp_path: Path) -> None:
    result = other.import_(full.export(tmp_path / "all.json"))
    assert contents(other) == contents(full)
    assert set(result.ids) == set(result.created) == {ref.id for ref in full}


def test_an_export_is_one_that_load_all_reads(full: wk.Store, tmp_path: Path) -> None:
    path = full.export(tmp_path / "all.json")
    assert [world.name for world in wk.load_all(path)] == ["bench", "darker"]
    assert wk.load(full.export(tmp_path / "one.json", full["darker"].id)) == full["darker"].world
    with pytest.raises(wk.NotFound):
        full.export(tmp_path / "none.json", "nowhere")
    assert not (tmp_path / "none.json").exists()


@pytest.mark.parametrize("on_clash", ["copy", "replace"])
@pytest.mark.parametrize(
    "stated", ["2019-05-01T10:00:00+02:00", "2019-05-01T10:00:00", "9999-12-31T23:59:59.999999Z", "2019-05-01"]
)
def test_an_imported_world_keeps_the_list_in_the_order_of_its_times(
    stated: str, on_clash: Any, full: wk.Store, tmp_path: Path
) -> None:
    export = json.loads(full.export(tmp_path / "all.json").read_text())
    export["worlds"].append({**export["worlds"][0], "id": "new"})
    for entry in export["worlds"]:
        entry["createdAt"] = stated
    full.import_(export, on_clash=on_clash)
    last = full.create(rooms(1))
    refs = list(full)
    creation_times = [ref.created_at for ref in refs]
    assert refs[0].id == last.id and creation_times == sorted(creation_times, reverse=True)
    rest = full.list(cursor=full.cursor_before(time_text(creation_times[1])))
    assert [ref.id for ref in rest] == [ref.id for ref in refs[2:]]


def test_a_fork_that_was_replaced_has_no_base(full: wk.Store) -> None:
    fork = full.fork(full["bench"].id, name="mine")
    assert full.base(fork.id) is not None
    assert full.import_(wk.World.from_dict({**rooms(1).to_dict(), "name": "mine"}), on_clash="replace").replaced
    assert full["mine"].id == fork.id and full["mine"].parent is None and full.base(fork.id) is None


def test_an_imported_world_keeps_its_time_where_it_is_the_last(other: wk.Store) -> None:
    entry = {"id": "old", "world": rooms(1).to_dict(), "createdAt": "2019-05-01T10:00:00+02:00"}
    other.import_({"format": "alakazam-studio/worlds", "version": 1, "worlds": [entry]})
    assert other.ref("old").created_at == datetime(2019, 5, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("named_by", ["id", "name"])
def test_what_an_export_does_not_say_of_a_map_stays_when_a_world_is_replaced(named_by: str, store: wk.Store) -> None:
    bench = store.create(rooms(2), name="bench")
    store.place(bench.id, {"lane": (1, 2)})
    store.annotate(bench.id, {"notes": {"n1": {"text": "Who?", "state": "lane"}}})
    store.describe(bench.id, visibility="public")
    world = {**rooms(3).to_dict(), "name": "bench"}
    entry = {"world": world, "name": "bench", **({"id": bench.id} if named_by == "id" else {})}
    export = {"format": "alakazam-studio/worlds", "version": 1, "worlds": [entry]}
    assert store.import_(export, on_clash="replace").replaced == (bench.id,)
    assert store.layout(bench.id) == {"lane": (1, 2)} and "n1" in store.annotations(bench.id).notes
    assert store.ref(bench.id).visibility == "public" and store.get(bench.id).world.to_dict() == world
    entry.update(layout={}, annotations={}, visibility="private")
    store.import_(export, on_clash="replace")
    assert store.layout(bench.id) == {} and not store.annotations(bench.id).notes
    assert store.ref(bench.id).visibility == "private"


def test_on_a_clash_it_is_skipped_copied_or_replaced(full: wk.Store, tmp_path: Path) -> None:
    path = full.export(tmp_path / "all.json", full["bench"].id)
    id = full["bench"].id
    full.apply(id, lane("Fog."))
    before = full.get(id)
    assert full.import_(path).skipped == (id,) and full.get(id) == before
    (copy,) = full.import_(path, on_clash="copy").copied
    assert copy != id and len(full.versions(copy)) == 3 and full.get(copy).world.states["lane"].base == "Snow."
    assert full.get(id) == before
    assert full.import_(path, on_clash="replace").replaced == (id,)
    after = full.get(id)
    assert after.world.states["lane"].base == "Snow." and int(after.rev) > int(before.rev)
    assert len(full.versions(id)) == 3
    with pytest.raises(ValueError, match="on_clash"):
        full.import_(path, on_clash="merge")  # type: ignore[arg-type]


def test_a_bare_world_clashes_by_name(store: wk.Store, bench: wk.StoredWorld) -> None:
    other = bench.world.apply(lane("Rain."))
    assert store.import_(other).skipped == (bench.id,)
    assert store.import_(other.to_json(), on_clash="replace").replaced == (bench.id,)
    assert store["bench"].world == other
    assert len(store.import_({"world": rooms(1).to_dict()}).created) == 1
    with pytest.raises(wk.InvalidWorld, match="expected an object"):
        store.import_("[1]")


def test_an_id_of_another_space_is_no_clash_and_is_not_taken(full: wk.Store, tmp_path: Path) -> None:
    path = full.export(tmp_path / "all.json")
    app = full.space("app")
    result = app.import_(path)
    assert len(result.created) == 2 and not set(result.created) & {ref.id for ref in full}


def test_an_export_of_more_bytes_than_are_read_is_taken_with_a_higher_limit(
    full: wk.Store, other: wk.Store, tmp_path: Path
) -> None:
    path = full.export(tmp_path / "all.json")
    size = path.stat().st_size
    with pytest.raises(wk.InvalidWorld, match="reads more"):
        other.import_(path, max_bytes=size - 1)
    assert len(other.import_(path, max_bytes=size).created) == 2


def test_a_bare_world_whose_name_is_the_id_of_another_clashes_with_none(store: wk.Store) -> None:
    store.import_(export_of({"id": "old", "world": rooms(1).to_dict()}))
    named = wk.World.from_dict({**rooms(2).to_dict(), "name": "old"})
    assert len(store.import_(named).created) == 1


def export_of(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"format": "alakazam-studio/worlds", "version": 1, "worlds": list(entries)}


def damage(entry: dict[str, Any], what: str) -> None:
    first, second, third = entry["versions"]
    match what:
        case "snapshot":
            second["snapshot"] = {"scene": {"states": {"a": {}}, "events": []}}
        case "no snapshot":
            del second["snapshot"]
        case "parent":
            third["parentVersionId"] = "nowhere"
        case "circle":
            first["parentVersionId"] = second["id"]
        case "twice":
            second["id"] = first["id"]
        case "rev":
            entry["rev"] = "-1"
        case "layout":
            entry["layout"] = {"lane": [1]}
        case "position":
            entry["layout"] = {"lane": [1, 10**400]}
        case "annotations":
            entry["annotations"] = {"regions": []}
        case "time":
            first["created_at"] = "yesterday"
        case "id":
            entry["id"] = 7
        case "versions":
            entry["versions"] = {"a": 1}


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("snapshot", r"worlds\[1\].versions\[1\].snapshot.scene.states.a.base"),
        ("no snapshot", r"worlds\[1\].versions\[1\].snapshot: expected a world, got null"),
        ("parent", 'no version "nowhere"'),
        ("circle", "go round in a circle"),
        ("twice", "two versions have the same id"),
        ("rev", r"worlds\[1\].rev: expected a revision"),
        ("layout", r"worlds\[1\].layout: expected \[x, y\]"),
        ("position", r"worlds\[1\].layout: expected \[x, y\]"),
        ("annotations", r"worlds\[1\].annotations: expected an object by id for each section"),
        ("time", r"versions\[0\].created_at: expected a time"),
        ("id", r"worlds\[1\].id: expected a text"),
        ("versions", r"worlds\[1\].versions: expected a list"),
    ],
)
def test_of_an_export_with_anything_wrong_nothing_comes_in(
    full: wk.Store, other: wk.Store, tmp_path: Path, what: str, says: str
) -> None:
    value = json.loads(full.export(tmp_path / "all.json").read_text())
    value["worlds"].reverse()
    damage(value["worlds"][1], what)
    with pytest.raises(wk.InvalidWorld, match=says):
        other.import_(value)
    assert other.usage() == {"worlds": 0, "versions": 0, "objects": 0, "bytes": 0}


def test_a_fork_takes_along_what_it_started_from(store: wk.Store, other: wk.Store, tmp_path: Path) -> None:
    original = store.create(rooms(3), name="original")
    fork = original.fork()
    original.apply([{"op": "delete_state", "id": "room_2"}])
    result = other.import_(store.export(tmp_path / "fork.json", fork.id))
    assert result.created == (fork.id,) and other.base(fork.id) == store.base(fork.id) == original.world
    assert other.get(fork.id).parent is None and other.get(fork.id).parent_version is None
    other.import_(store.export(tmp_path / "both.json"), on_clash="replace")
    assert other.get(fork.id).parent == original.id and other.base(fork.id) == original.world
    merged = wk.merge(other.base(fork.id), other["original"].world, other.get(fork.id).world)
    assert merged.clean and "room_2" not in merged.world.states
    other.compact()
    assert other.base(fork.id) == original.world


def test_a_copied_fork_is_a_fork_of_the_copied_world(store: wk.Store, tmp_path: Path) -> None:
    original = store.create(rooms(2), name="original")
    version = original.snapshot("first")
    fork = original.reload().fork()
    path = store.export(tmp_path / "both.json", fork.id, original.id)
    for target in (store, store.space("app")):
        result = target.import_(path, on_clash="copy")
        fork_id, original_id = result.ids
        assert {fork_id, original_id}.isdisjoint({fork.id, original.id})
        copied = target.get(fork_id)
        assert copied.parent == original_id and copied.parent_version == version.id
        assert target.base(fork_id) == original.world
    alone = store.import_(store.export(tmp_path / "fork.json", fork.id), on_clash="copy").copied[0]
    assert store.get(alone).parent == original.id
    elsewhere = store.space("other").import_(tmp_path / "fork.json").created[0]
    assert store.space("other").get(elsewhere).parent is None


@pytest.mark.parametrize("on_clash", ["skip", "copy", "replace"])
def test_worlds_of_one_file_do_not_clash_with_each_other(store: wk.Store, on_clash: Any) -> None:
    def imported(*worlds: wk.World) -> wk.StoreImport:
        return store.import_(export_of(*({"world": world.to_dict()} for world in worlds)), on_clash=on_clash)

    nameless = [wk.World.from_dict({"scene": rooms(count).to_dict()["scene"]}) for count in (1, 2)]
    assert len(imported(*nameless).created) == 2
    assert len(imported(*nameless).created) == 2
    named = [wk.World.from_dict({**world.to_dict(), "name": "Rooms"}) for world in nameless]
    assert len(imported(*named).created) == 2
    third = wk.World.from_dict({**rooms(3).to_dict(), "name": "Rooms"})
    result = imported(*named, third)
    counts = {"skip": (0, 0, 0, 3), "copy": (0, 0, 3, 0), "replace": (1, 2, 0, 0)}[on_clash]
    assert (len(result.created), len(result.replaced), len(result.copied), len(result.skipped)) == counts
    rooms_now = sorted(len(store.get(ref.id).world.states) for ref in store if ref.name == "Rooms")
    assert rooms_now == {"skip": [1, 2], "copy": [1, 1, 2, 2, 3], "replace": [1, 2, 3]}[on_clash]


def test_a_world_that_is_named_twice_is_exported_once(full: wk.Store, other: wk.Store, tmp_path: Path) -> None:
    id = full["bench"].id
    assert other.import_(full.export(tmp_path / "twice.json", id, id)).created == (id,)


def test_a_base_that_is_no_world_is_refused(full: wk.Store, other: wk.Store, tmp_path: Path) -> None:
    value = json.loads(full.export(tmp_path / "all.json").read_text())
    value["worlds"][1]["base"] = {"scene": {"states": {"a": {}}, "events": []}}
    with pytest.raises(wk.InvalidWorld, match=r"worlds\[1\].base.scene.states.a.base"):
        other.import_(value)


# ---- cost ---------------------------------------------------------------------------------------


def steps_of_import(path: Path, size: int, entries: Callable[[int], list[dict[str, Any]]]) -> int:
    """Return how many hundreds of steps SQLite takes to replace worlds of a store by themselves."""
    ticks: list[None] = []
    with wk.Store(path) as store:
        export = export_of(*entries(size))
        store.import_(export)
        engine = store.database.engine

        def watch(connection: Any, *_: object) -> None:
            connection.set_progress_handler(lambda: ticks.append(None), 100)

        sqlalchemy.event.listen(engine, "checkout", watch)
        assert len(store.import_(export, on_clash="replace").replaced) == len(export["worlds"])
    return len(ticks)


def worlds_by_id(size: int) -> list[dict[str, Any]]:
    return [{"id": f"w{at}", "world": rooms(1).to_dict()} for at in range(size)]


def worlds_by_name(size: int) -> list[dict[str, Any]]:
    return [{"world": {**rooms(1).to_dict(), "name": f"Rooms {at}"}} for at in range(size)]


def one_world_of_many_versions(size: int) -> list[dict[str, Any]]:
    parents = [None, *(f"v{at}" for at in range(size - 1))]
    snapshot = rooms(1).to_dict()
    versions = [{"id": f"v{at}", "parentVersionId": parents[at], "snapshot": snapshot} for at in range(size)]
    return [{"id": "w", "world": snapshot, "versions": versions}]


@pytest.mark.parametrize("entries", [worlds_by_id, worlds_by_name, one_world_of_many_versions])
def test_an_import_costs_what_its_length_says(entries: Callable[[int], list[dict[str, Any]]], tmp_path: Path) -> None:
    few, many = (steps_of_import(tmp_path / f"{size}.db", size, entries) for size in (100, 200))
    assert many < 2.5 * few


def test_a_long_line_of_versions_is_checked_in_proportional_time() -> None:
    def newest_first(size: int) -> Callable[[], object]:
        parents = {f"v{at}": f"v{at - 1}" if at else None for at in reversed(range(size))}
        return lambda: first_in_a_circle(parents)

    assert growth(newest_first, 2_000) <= MAX_GROWTH
