"""The calls of a store: create, get, list, apply, fork, rename, delete, positions."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.forks import fork
from tests.store.worlds import lane, rooms
from tests.strategies import Json, documents
from worldkit.comparison import renames
from worldkit.editing import batch
from worldkit.stores import WorldStore
from worldkit.stores.local import objects, store_worlds
from worldkit.stores.local.database_address import address_without_password, postgres_url
from worldkit.stores.local.tables import keys

slow_disk = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow_disk
@given(document=documents())
def test_a_world_comes_back_as_it_was_created(store: wk.Store, document: Json) -> None:
    world = wk.World.from_dict(document)
    stored = store.create(world)
    with wk.Store(store.database.place) as other:
        back = other.get(stored.id)
    assert back.world.to_json() == stored.world.to_json() == world.to_json()
    assert back.rev == "0" and back.name == (world.name or "untitled")


def test_a_store_is_one_of_the_places_where_worlds_live(store: wk.Store) -> None:
    assert isinstance(store, WorldStore)


def test_worlds_are_found_by_id_and_by_name(store: wk.Store, bench: wk.StoredWorld) -> None:
    assert store["bench"] == store[bench.id] == store.get(bench.id) == bench
    assert "bench" in store and bench.id in store and "attic" not in store and 3 not in store
    with pytest.raises(wk.NotFound, match=r'no world called "attic"'):
        store["attic"]
    with pytest.raises(wk.NotFound, match="no world of id"):
        store.get("bench")


def test_of_two_worlds_of_one_name_the_ids_are_named(store: wk.Store, bench: wk.StoredWorld) -> None:
    other = store.create(bench.world)
    with pytest.raises(wk.NotFound, match=f"2 worlds are called .*{bench.id}, {other.id}"):
        store["bench"]


def test_pages_go_on_where_the_one_before_ended_whatever_is_added_meanwhile(store: wk.Store) -> None:
    ids = [store.create(rooms(1), name=str(n)).id for n in range(7)]
    page = store.list(limit=3)
    assert [ref.id for ref in page.items] == ids[:3:-1]
    store.create(rooms(1), name="late")
    assert [ref.id for ref in page] == ids[::-1]
    assert [ref.id for ref in store.list(limit=3, cursor=page.next_cursor).items] == ids[3:0:-1]
    assert len(list(store.list(limit=8).items)) == 8 and store.list(limit=8).next_cursor is None
    assert len(list(store)) == 8


def test_a_page_shows_its_worlds_by_id_and_name_and_how_many_more_there_are(store: wk.Store) -> None:
    made = store.create_many(wk.samples.load("bench").fork(f"Lane {number}") for number in range(23))
    first, second = store.list(limit=22), store.list(limit=22).next()
    assert second is not None
    header, *lines = repr(first).split("\n")
    assert header == "Page of 22, more follow" and lines[-1] == "    and 2 more"
    assert lines[0] == f'    {made[-1].id}  "Lane 22"'
    assert repr(second) == f'Page of 1, the last\n    {made[0].id}  "Lane 0"'


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"cursor": "-1"}, {"cursor": "9" * 30}]
)
def test_a_page_that_cannot_be_is_refused(store: wk.Store, wrong: Json) -> None:
    with pytest.raises(ValueError, match=r"limit: expected a whole number from 1 to 500|expected a cursor"):
        store.list(**wrong)


def test_of_two_edits_of_one_revision_the_second_conflicts(store: wk.Store, bench: wk.StoredWorld) -> None:
    first = bench.apply(lane("Rain."))
    assert first.rev == "1" and first.world.states["lane"].base == "Rain."
    with pytest.raises(wk.Conflict, match="at revision 1, the edit was made against 0"):
        bench.apply(lane("Snow."))
    assert store["bench"] == first
    assert store.apply(bench.id, lane("Snow.")).rev == "2"


def test_a_refused_batch_changes_nothing(store: wk.Store, bench: wk.StoredWorld) -> None:
    with pytest.raises(wk.OpError, match="operation 1"):
        bench.apply([*lane("Rain."), {"op": "delete_state", "id": "nowhere"}])
    with pytest.raises(wk.RuleViolation):
        bench.apply([{"op": "delete_state", "id": "lane"}], strict=True)
    assert store["bench"] == bench


def test_an_empty_batch_is_no_new_revision(bench: wk.StoredWorld) -> None:
    assert bench.apply([]).rev == "0"


def test_an_edit_says_what_it_took_along(bench: wk.StoredWorld) -> None:
    after = bench.apply([{"op": "delete_state", "id": "lane"}])
    assert after.diagnostics and after.diagnostics == after.world.diagnostics
    assert after.reload().diagnostics == wk.Diagnostics()


def test_a_world_value_from_a_store_refuses_a_stale_revision_and_writes_nothing(bench: wk.StoredWorld) -> None:
    world = bench.world
    assert world.apply(lane("Rain."), rev=bench.rev).rev == "1"
    assert bench.reload() == bench
    bench.apply(lane("Snow."))
    with pytest.raises(wk.Conflict, match="at revision 1"):
        world.apply(lane("Rain."), rev=bench.rev)
    assert world.apply(lane("Rain.")).states["lane"].base == "Rain."


def test_a_fork_records_where_it_came_from(store: wk.Store, bench: wk.StoredWorld) -> None:
    version = bench.snapshot("first")
    here = bench.apply(lane("Rain."))
    forks = store.fork(bench.id, name="darker"), store.fork(bench.id, version=version.id)
    assert [fork.parent for fork in forks] == [bench.id, bench.id]
    assert [fork.parent_version for fork in forks] == [version.id, version.id]
    assert [fork.name for fork in forks] == ["darker", "bench (fork)"]
    assert [fork.world.states["lane"].base for fork in forks] == ["Rain.", bench.world.states["lane"].base]
    assert store.base(forks[0].id) == here.world and store.base(bench.id) is None
    forks[0].apply(lane("Night."))
    assert bench.reload().world == here.world
    bench.delete()
    assert store["darker"].parent == bench.id and store.base(forks[0].id) == here.world


def test_a_fork_of_a_value_remembers_its_parent_and_so_does_the_store(store: wk.Store, bench: wk.StoredWorld) -> None:
    fork = bench.world.fork(name="darker").apply(lane("Night."))
    assert fork.parent == bench.world and fork.name == "darker"
    stored = store.create(fork)
    assert stored.parent == bench.id and store.base(stored.id) == bench.world
    assert store.create(wk.samples.load("bench").fork()).parent is None


def test_a_fork_keeps_everything_but_id_and_name() -> None:
    world = wk.World.from_dict({**wk.samples.load("bench").to_dict(), "id": "w1"})
    fork = world.fork()
    assert "id" not in fork.raw and fork.name == f"{world.name} (fork)"
    assert fork.raw["scene"] == world.raw["scene"] and world.parent is None


def test_renaming_is_no_new_revision(store: wk.Store, bench: wk.StoredWorld) -> None:
    renamed_world = bench.rename("The <b>Bench</b>\n")
    assert renamed_world.rev == bench.rev and renamed_world.world.name == renamed_world.name == "The <b>Bench</b>\n"
    assert next(iter(store.list())).name == renamed_world.name
    assert bench.apply(lane("Rain.")).name == renamed_world.name


def test_a_description_can_be_set_and_removed(store: wk.Store, bench: wk.StoredWorld) -> None:
    store.describe(bench.id, description="Wet.", cover="c.png", visibility="public")
    ref = next(iter(store.list()))
    assert (ref.description, ref.cover, ref.visibility) == ("Wet.", "c.png", "public")
    store.describe(bench.id, cover=None, description=None)
    assert not store["bench"].world.raw.keys() & {"cover", "description"}
    with pytest.raises(TypeError, match="colour"):
        store.describe(bench.id, colour="red")
    with pytest.raises(ValueError, match="visibility"):
        store.describe(bench.id, visibility=None)


def test_a_deleted_world_is_gone_with_its_versions(store: wk.Store, bench: wk.StoredWorld) -> None:
    bench.snapshot()
    bench.delete()
    with pytest.raises(wk.NotFound):
        store.get(bench.id)
    with pytest.raises(wk.NotFound):
        bench.delete()
    assert store.usage() == {**store.usage(), "worlds": 0, "versions": 0}
    store.compact()
    assert store.usage()["objects"] == 0


def test_positions_are_kept_beside_the_world(store: wk.Store, bench: wk.StoredWorld) -> None:
    store.place(bench.id, {"lane": (10, 20.5), "__proto__": (1, 2)})
    store.place(bench.id, {"__proto__": None, "bench": [3, 4]})
    assert store.layout(bench.id) == {"lane": (10, 20.5), "bench": (3, 4)}
    assert bench.reload().rev == "0" and bench.reload().world == bench.world
    bench.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    assert store.layout(bench.id) == {"road": (10, 20.5), "bench": (3, 4)}
    assert store.layout(store.fork(bench.id).id) == store.layout(bench.id)
    with pytest.raises(ValueError, match="3 parts"):
        store.place(bench.id, {"lane": (1, 2, 3)})
    with pytest.raises(wk.WorldError, match=r"NaN|not a JSON number"):
        store.place(bench.id, {"lane": (1, float("nan"))})
    for text in ("12", b"12", ("1", "2")):
        with pytest.raises(TypeError, match=r"\[x, y\]"):
            store.place(bench.id, {"lane": text})  # type: ignore[dict-item]


def test_what_is_on_a_map_follows_a_state_that_a_rewrite_renames(store: wk.Store, bench: wk.StoredWorld) -> None:
    store.place(bench.id, {"lane": (10, 20.5), "bench": (3, 4)})
    store.annotate(bench.id, {"notes": {"n1": {"text": "Who?", "state": "lane"}}})
    store.rewrite(bench.id, lambda world: world.apply([{"op": "rename_state", "from": "lane", "to": "road"}]))
    assert store.layout(bench.id) == {"bench": (3, 4), "road": (10, 20.5)}
    assert store.annotations(bench.id).notes["n1"].state == "road"


@pytest.mark.parametrize("call", ["apply", "strict", "rewrite", "renames"])
def test_others_write_while_an_edit_is_worked_out(
    store: wk.Store, bench: wk.StoredWorld, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is done once before the lock is taken, and again only because the world itself has changed."""
    rename = [{"op": "rename_state", "from": "lane", "to": "road"}]
    with wk.Store(store.database.place) as other:
        elsewhere = other.create(bench.world)
        edits = iter([lambda: other.apply(elsewhere.id, lane("Rain.")), lambda: other.apply(bench.id, lane("Snow."))])

        def interleaved(function: Callable[..., Any]) -> Callable[..., Any]:
            def call_after_another_edit(*args: Any, **kwargs: Any) -> Any:
                for edit in edits:
                    edit()
                return function(*args, **kwargs)

            return call_after_another_edit

        store.place(bench.id, {"lane": (10, 20)})
        if call == "rewrite":
            change = interleaved(lambda world: world.apply(rename))
            store.rewrite(bench.id, change)
        elif call == "renames":
            monkeypatch.setattr(renames, "renamed_states", interleaved(renames.renamed_states))
            store.rewrite(bench.id, lambda world: world.apply(rename))
        else:
            module, name = (store_worlds, "refuse_new_errors") if call == "strict" else (batch, "apply")
            monkeypatch.setattr(module, name, interleaved(getattr(module, name)))
            store.apply(bench.id, rename, strict=call == "strict")
        assert other.get(elsewhere.id).world.states["lane"].base == "Rain."
    after = store.get(bench.id)
    assert after.world.states["road"].base == "Snow." and after.rev == "2", "no edit is lost"
    assert store.layout(bench.id) == {"road": (10, 20)}


def test_others_write_while_a_new_world_is_encoded(store: wk.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world, encode = wk.samples.load("bench"), objects.encode_world
    with wk.Store(store.database.place) as other:
        encodings = iter([lambda: other.create(world, name="Elsewhere")])

        def encode_after_another_call(*args: Any) -> Any:
            for call in encodings:
                call()
            return encode(*args)

        monkeypatch.setattr(objects, "encode_world", encode_after_another_call)
        assert store.create(world).rev == "0"
    assert [ref.name for ref in store.list()] == [world.name, "Elsewhere"]


def test_an_edit_that_is_refused_is_refused_for_the_world_as_it_stands(store: wk.Store, bench: wk.StoredWorld) -> None:
    rename = [{"op": "rename_state", "from": "lane", "to": "road"}]
    stored = store.apply(bench.id, rename, idempotency_key="once")
    assert store.apply(bench.id, rename, idempotency_key="once").rev == stored.rev, "though there is no lane any more"
    with pytest.raises(wk.OpError):
        store.apply(bench.id, rename)
    with pytest.raises(wk.Conflict):
        store.apply(bench.id, rename, rev="0")


def test_regions_and_notes_are_kept_beside_the_world(store: wk.Store, bench: wk.StoredWorld) -> None:
    region = {"name": "Act one", "states": ["lane"], "later": 1}
    store.annotate(bench.id, {"regions": {"a": region, "__proto__": {"name": "B"}}, "tagged": {"lane": ["wet"]}})
    store.annotate(bench.id, {"regions": {"__proto__": None}, "tags": {"wet": {"color": "blue"}}})
    assert bench.reload().rev == "0" and bench.reload().world == bench.world
    bench.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    on_map = store.annotations(bench.id)
    assert [*on_map.regions] == ["a"] and on_map.regions["a"].to_json(brief=True) == {**region, "states": ["road"]}
    assert on_map.tagged == {"road": ("wet",)}
    assert store.annotations(store.fork(bench.id).id) == on_map
    with pytest.raises(wk.WorldError, match="color"):
        store.annotate(bench.id, {"regions": {"a": {"name": "A", "color": "pink"}}})
    assert store.annotations(bench.id) == on_map


def test_names_may_hold_anything(store: wk.Store) -> None:
    for name in ("__proto__", "'; DROP TABLE worlds; --", "a\0b", "\u202e", "x" * 5000, "%"):
        stored = store.create(rooms(1), name=name)
        assert store[stored.id].world.name == name
        assert store[name].id == stored.id
    with pytest.raises(wk.WorldError, match="surrogate"):
        store.create(rooms(1), name="\ud800")


def test_spaces_do_not_see_each_other(store: wk.Store, bench: wk.StoredWorld) -> None:
    app = store.space("app:test")
    mine = app.create(bench.world, idempotency_key="k")
    assert store.create(bench.world, idempotency_key="k").id != mine.id
    assert [ref.id for ref in app] == [mine.id] and mine.id not in store
    for call in (app.get, app.versions, app.delete, app.fork, app.layout, app.annotations):
        with pytest.raises(wk.NotFound):
            call(bench.id)
    store.compact()
    assert app.get(mine.id).world == mine.world


def test_calls_in_a_transaction_are_kept_together_or_not_at_all(store: wk.Store, bench: wk.StoredWorld) -> None:
    def half_done() -> None:
        with store.transaction():
            bench.apply(lane("Rain."))
            assert store["bench"].rev == store.get(bench.id).rev == "1"
            store.create(rooms(1), name="second")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert store["bench"] == bench and "second" not in store
    with store.transaction():
        bench.apply(lane("Rain."))
        with pytest.raises(wk.StoreError, match="inside a transaction"):
            store.compact()
    assert store["bench"].rev == "1"


def test_a_task_that_was_begun_in_a_transaction_uses_the_store_after_its_end(
    store: wk.Store, bench: wk.StoredWorld
) -> None:
    async def use_later(has_ended: asyncio.Event) -> int:
        await has_ended.wait()
        store.create(rooms(1), name="later")
        with store.transaction():
            bench.apply(lane("Rain."))
        store.compact()
        return len(list(store)) + int(store.get(bench.id).rev)

    async def main() -> int:
        has_ended = asyncio.Event()
        with store.transaction():
            task = asyncio.create_task(use_later(has_ended))
            await asyncio.sleep(0)
        has_ended.set()
        return await task

    assert asyncio.run(main()) == 3


def test_an_error_takes_back_what_a_transaction_inside_another_wrote(store: wk.Store, bench: wk.StoredWorld) -> None:
    def fails() -> None:
        with store.transaction():
            store.create(rooms(1), name="inner", idempotency_key="k")
            with store.transaction():
                store.create(rooms(1), name="innermost")
            bench.apply(lane("Rain."))
            raise ValueError

    with store.transaction():
        store.create(rooms(1), name="before")
        with pytest.raises(ValueError):  # noqa: PT011
            fails()
        with store.transaction():
            store.create(rooms(1), name="after")
        assert store["bench"] == bench
        again = store.create(rooms(2), name="again", idempotency_key="k")
    assert {ref.name for ref in store} == {"bench", "before", "after", "again"}
    assert store["bench"] == bench and store["again"].id == again.id
    with store.transaction(), store.transaction():
        bench.apply(lane("Rain."))
    assert store["bench"].rev == "1"


def test_a_call_that_fails_inside_a_transaction_leaves_nothing_half_done(
    store: wk.Store, bench: wk.StoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.transaction():
        errors = (sqlite3.IntegrityError, sqlalchemy.exc.IntegrityError)
        with monkeypatch.context() as patch:
            patch.setattr("worldkit.stores.local.transaction.new_id", lambda: bench.id)
            with pytest.raises(errors):
                store.create(rooms(3))
        store.create(rooms(1), name="after")
    assert {ref.name for ref in store} == {"bench", "after"}


def test_a_transaction_that_an_error_has_ended_takes_no_more(store: wk.Store) -> None:
    def catches() -> None:
        with store.transaction():
            store.create(rooms(1))
            with pytest.raises(OSError), store.database.writing() as connection:  # noqa: PT011, PT012
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.rollback()  # as SQLite does when the disk is full
                raise OSError
            with pytest.raises(wk.StoreError, match="has ended this transaction"):
                store.create(rooms(1))

    with pytest.raises(wk.StoreError, match="has ended this transaction"):
        catches()
    assert list(store) == [] and store.create(rooms(1)).id in store


def test_threads_share_a_store(store: wk.Store, bench: wk.StoredWorld) -> None:
    def work(n: int) -> None:
        for turn in range(5):
            store.apply(bench.id, [{"op": "add_state", "id": f"s{n}_{turn}", "base": "A room."}])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store["bench"].rev == "20" and len(store["bench"].world.states) == len(bench.world.states) + 20


def test_a_forked_process_opens_connections_of_its_own(store: wk.Store, bench: wk.StoredWorld) -> None:
    child = fork()
    if child == 0:
        store.apply(bench.id, lane("From the child."))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert store["bench"].world.states["lane"].base == "From the child."


def test_without_sqlalchemy_the_message_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "import worldkit as wk\n"
        "try: wk.Store(sys.argv[1])\n"
        "except wk.MissingExtra as missing: print(missing)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "w.db")]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "pip install 'smworldkit[store]'" in output


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (":memory:", "a store is a file"),
        ("nowhere/w.db", "no folder"),
        (".", "is a folder"),
        ("mysql://u:secret@h/d", "not behind mysql://"),
        ("postgresql://me:secret@host:54x2/w", '"postgresql://..." is no address of a database'),
        ("postgresql://me:p@ss:secret@h:5432/d", "is no address of a database"),
        ("postgresql://me:p@secret@h/d", "is no address of a database"),
        ("postgresql://me:p@secret/word@h/d", "is no address of a database"),
        ("my-db://secret", '"my-db://..." is no address of a database'),
        ("sqlite://", "names no file"),
        ("sqlite://secret.db", "names no file"),
        ("sqlite:///", "a store is a file"),
        (" ", "a store is a file"),
        ("sqlite:///w.db?key=secret", "takes no parameters"),
    ],
)
def test_a_place_that_can_hold_no_store_is_refused(
    place: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(wk.StoreError, match=says) as error:
        wk.Store(place)
    assert "secret" not in f"{error.value} {error.value.__context__!r}"
    assert not list(tmp_path.iterdir())


def test_forks_that_were_read_again_merge_without_a_conflict_about_their_names(
    store: wk.Store, bench: wk.StoredWorld
) -> None:
    ids = [store.fork(bench.id, name=name).id for name in ("darker", "lighter")]
    darker, lighter = (world.world for world in store.get_many(ids))
    base = store.base(ids[0])
    assert base is not None
    both = wk.merge(base, darker, lighter)
    assert both.clean and both.world.name == "darker"
    edited = store.apply(ids[1], [{"op": "set_narrate", "narrate": True}])
    assert wk.merge(base, bench.world, edited.world).world.name == "bench"


def test_worlds_of_one_name_are_listed_page_by_page(store: wk.Store, bench: wk.StoredWorld) -> None:
    others = [store.create(bench.world, name="other").id for _ in range(3)]
    page = store.list(limit=2, name="other")
    assert [ref.id for ref in page] == others[::-1] and len(page.items) == 2
    assert [ref.id for ref in store.list(name="bench")] == [bench.id]
    assert store.list(name="be%").items == () and store.ref(bench.id).name == "bench"


def test_a_store_is_called_by_the_name_of_its_file_or_its_database(tmp_path: Path) -> None:
    for name in ("worlds.db", "what?.db", "a\\b.db"):
        with wk.Store(tmp_path / name) as opened_store:
            assert opened_store.label == name


def test_compacting_waits_for_those_who_read_once_however_many_pages_it_gives_back(store: wk.Store) -> None:
    text = random.Random(5).randbytes(600_000).hex()
    store.create(rooms(1).apply([{"op": "add_state", "id": "long", "base": text}])).delete()
    statements: list[str] = []
    sqlalchemy.event.listen(
        store.database.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    store.compact()
    counts = {mode: sum(mode in statement for statement in statements) for mode in ("TRUNCATE", "PASSIVE")}
    assert counts["TRUNCATE"] == 1 and counts["PASSIVE"] >= 2


def test_the_address_that_is_pickled_holds_no_password() -> None:
    url = postgres_url("postgresql://me:hunter2@host:5433/worlds?sslmode=require&password=hunter3&sslpassword=hunter4")
    assert address_without_password(url) == "postgresql+psycopg://me@host:5433/worlds?sslmode=require"


def test_an_at_in_a_user_or_in_the_query_is_no_end_of_a_password() -> None:
    url = postgres_url("postgresql://me@corp:p%40ss@host/d?host=@socket")
    assert (url.username, url.password, url.host, url.database) == ("me@corp", "p@ss", "host", "d")
    assert postgres_url("postgresql://me@corp@host/d").username == "me@corp"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:hunter2@127.0.0.1:1/none",
        "postgresql://me@127.0.0.1:1/none?password=hunter2&sslpassword=hunter2",
        "postgresql://me:hunter2@127.0.0.1:1/none?charset=utf8",
    ],
)
def test_no_error_shows_a_password_wherever_the_address_holds_it(address: str) -> None:
    with pytest.raises(wk.StoreError) as error:
        wk.Store(address)
    assert "127.0.0.1:1/none" in str(error.value)
    assert "hunter2" not in str(error.value) + repr(error.value.__cause__)


def test_an_error_of_the_database_holds_nothing_of_what_was_to_be_stored(store: wk.Store) -> None:
    row = {"space": "", "call": "c", "key": "k", "world": "no such world", "root": b"", "answer": "my text"}
    with pytest.raises(sqlalchemy.exc.IntegrityError) as error, store.database.writing() as connection:
        connection.execute(sqlalchemy.insert(keys).values(**row, created_at="now"))
    assert "my text" not in str(error.value)


@pytest.mark.parametrize("text", ["\0", "a\0b", "lane\0"])
def test_a_nul_in_a_name_is_a_name_that_nobody_has(store: wk.Store, bench: wk.StoredWorld, text: str) -> None:
    absent: list[Callable[[], object]] = [
        lambda: store.get(text),
        lambda: store[text],
        lambda: store.apply(text, lane("Rain.")),
        lambda: store.fork(text),
        lambda: store.delete(text),
        lambda: store.describe(text, name="x"),
        lambda: store.snapshot(text),
        lambda: store.layout(text),
        lambda: list(store.get_many([bench.id, text])),
        lambda: store.version(bench.id, text),
        lambda: store.checkout(bench.id, text),
        lambda: store.prune(bench.id, text),
        lambda: store.retitle(bench.id, text, "x"),
        lambda: store.fork(bench.id, version=text),
        lambda: store.snapshot(bench.id, parent=text),
    ]
    for call in absent:
        with pytest.raises(wk.NotFound):
            call()
    assert text not in store and list(store.list(name=text)) == []
    assert store.cursor_before(text) in (None, "1")
    for call in (lambda: store.space(text), lambda: store.describe(bench.id, visibility=text)):
        with pytest.raises(wk.WrongArgument):
            call()
    first = store.create(bench.world, name=text, idempotency_key=text)
    assert store.create(bench.world, name=text, idempotency_key=text) == first
    assert store.apply(first.id, lane("Rain."), idempotency_key=text).rev == "1"
    assert store.snapshot(first.id, text, idempotency_key=text) == store.snapshot(first.id, text, idempotency_key=text)


def test_a_name_that_no_database_takes_is_refused(store: wk.Store, bench: wk.StoredWorld) -> None:
    for visibility in ("x" * 33, "\ud800", "a\nb"):
        with pytest.raises(wk.WrongArgument, match="visibility"):
            store.describe(bench.id, visibility=visibility)
    with pytest.raises(wk.WrongArgument, match="at most 128 characters"):
        store.space("x" * 129)
