"""Every law of the store in PostgreSQL, for real: what differs there is locking, types and what a transaction sees."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import worldkit as wk
from tests.store import postgres, test_bulk, test_exchange, test_keys, test_store, test_versions, test_writers
from tests.store.worlds import lane, rooms
from worldkit.stores.local.transaction import Transaction

pytestmark = pytest.mark.database
EXCLUDED_LAWS = {
    "test_a_place_that_can_hold_no_store_is_refused",
    "test_without_sqlalchemy_the_message_says_what_to_install",
    "test_a_thousand_snapshots_that_differ_in_one_state_take_less_than_ten_times_one",
    "test_no_version_ever_changes_whatever_is_done_around_it",
    "test_a_transaction_that_an_error_has_ended_takes_no_more",
    "test_a_store_is_called_by_the_name_of_its_file_or_its_database",
    "test_compacting_waits_for_those_who_read_once_however_many_pages_it_gives_back",
    "test_processes_that_open_a_new_store_together_make_one",
    "test_a_writer_killed_at_any_moment_loses_nothing",
    "test_a_writer_killed_again_and_again_loses_nothing",
    "test_an_import_costs_what_its_length_says",
    "test_a_long_line_of_versions_is_checked_in_proportional_time",
}
"""Laws that speak of files, and those that would take minutes."""

LAWS = (test_store, test_bulk, test_versions, test_keys, test_exchange, test_writers)
globals().update(
    {
        name: law
        for module in LAWS
        for name, law in vars(module).items()
        if name[:5] == "test_" and name not in EXCLUDED_LAWS
    }
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.cluster() as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """The database, emptied."""
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return server


@pytest.fixture
def store(url: str) -> Iterator[wk.Store]:
    with wk.Store(url) as opened_store:
        yield opened_store


def text_of(turn: int) -> str:
    return f"The same words in every world, turn {turn}."


def together(works: list[object]) -> list[BaseException]:
    """Run functions in threads that begin at the same time; returns what they raised."""
    gate, errors = threading.Barrier(len(works)), []

    def run(work: object) -> None:
        gate.wait()
        try:
            work()  # type: ignore[operator]
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_stores_that_open_an_empty_database_together_make_one(url: str) -> None:
    assert together([lambda: wk.Store(url).create(rooms(1))] * 4) == []
    assert wk.Store(url).usage()["worlds"] == 4


def test_fifty_equal_creates_at_once_make_one_world(store: wk.Store) -> None:
    assert together([lambda: store.create(rooms(3), idempotency_key="k")] * 50) == []
    assert store.usage()["worlds"] == 1


def test_nothing_is_lost_while_the_store_is_compacted(store: wk.Store) -> None:
    ids = [store.create(rooms(30), name=str(n)).id for n in range(4)]

    def edit(id: str) -> None:
        for turn in range(8):
            store.apply(id, [{"op": "set_field", "state": "room_1", "field": "base", "value": text_of(turn)}])

    def compact() -> None:
        for _ in range(8):
            store.compact()

    assert together([*(lambda id=id: edit(id) for id in ids), compact, compact]) == []
    with wk.Store(store.database.place) as fresh:
        assert {fresh.get(id).world.states["room_1"].base for id in ids} == {text_of(7)}


def test_a_password_in_the_query_of_an_address_is_nowhere_in_an_open_store(url: str) -> None:
    with wk.Store(f"{url}{'&' if '?' in url else '?'}password=hunter2") as store:
        stored = store.create(wk.samples.load("bench"))
        with pytest.raises(wk.StoreError) as error, store.database.reading():
            raise sa.exc.OperationalError("SELECT 1", None, Exception("the server is away"))
        texts = [str(error.value), repr(store), store.label, store.database.place, repr(pickle.dumps(stored))]
    assert not [text for text in texts if "hunter2" in text]


def test_a_store_is_called_by_the_name_of_its_database(store: wk.Store) -> None:
    assert store.label == "postgres"


def test_a_user_who_may_make_no_tables_is_told(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS guest")
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
        connection.exec_driver_sql("GRANT USAGE ON SCHEMA public TO guest")
    engine.dispose()
    with pytest.raises(wk.StoreError, match="cannot be used: permission denied for schema public"):
        wk.Store(url.replace("worldkit@", "guest@"))


def test_two_stores_see_each_others_writes(store: wk.Store, bench: wk.StoredWorld) -> None:
    with wk.Store(store.database.place) as other:
        other["bench"].apply(lane("Rain."))
        with pytest.raises(wk.Conflict):
            bench.apply(lane("Snow."))


def test_a_pickled_store_reads_and_writes_the_same_database(store: wk.Store, bench: wk.StoredWorld) -> None:
    copied = pickle.loads(pickle.dumps(bench))
    assert copied == bench and copied.apply(lane("Rain.")).rev == "1"
    with pytest.raises(wk.Conflict):
        copied.world.apply(lane("Snow."), rev=bench.rev)
    copied.store.close()


@pytest.mark.parametrize("way", ["create", "create_many", "fork", "import_"])
def test_worlds_that_are_made_at_the_same_time_stand_in_the_order_of_their_times(
    way: str, store: wk.Store, bench: wk.StoredWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {
        "create": lambda: store.create(rooms(2)),
        "create_many": lambda: store.create_many([rooms(2), rooms(3)]),
        "fork": lambda: store.fork(bench.id),
        "import_": lambda: store.import_(rooms(2), on_clash="copy"),
    }
    times_after_the_last, rivals = Transaction.times_after_the_last, []

    def with_a_rival(transaction: Transaction, count: int) -> list[str]:
        times = times_after_the_last(transaction, count)
        if not rivals:
            rivals.append(threading.Thread(target=lambda: store.create(rooms(1))))
            rivals[0].start()
            rivals[0].join(1.0)  # it has to wait, or is done by then
        return times

    monkeypatch.setattr(Transaction, "times_after_the_last", with_a_rival)
    ways[way]()
    rivals[0].join()
    creation_times = [ref.created_at for ref in store]
    assert len(creation_times) >= 3 and creation_times == sorted(creation_times, reverse=True)


def test_what_adds_worlds_in_any_way_never_waits_in_a_circle(
    store: wk.Store, bench: wk.StoredWorld, tmp_path: Path
) -> None:
    path = store.export(tmp_path / "all.json")

    def add(turn: int) -> None:
        store.create(rooms(2), idempotency_key=str(turn % 3))
        store.fork(bench.id)
        store.import_(path, on_clash="replace" if turn % 2 else "copy")
        store.apply(bench.id, [{"op": "put_world", "set": {"x": turn}}])

    assert together([lambda turn=turn: [add(turn) for _ in range(4)] for turn in range(8)]) == []
    creation_times = [ref.created_at for ref in store.list(limit=500)]
    assert creation_times == sorted(creation_times, reverse=True)
