"""Snapshots as a tree: going back, pruning, comparing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.store.worlds import lane, rooms


def texts(store: wk.Store, id: str) -> dict[str, str]:
    """Return the lane's text by version."""
    return {one.title: store.version(id, one.id).states["lane"].base for one in store.versions(id)}


def test_a_snapshot_keeps_the_world_as_it_stood(store: wk.Store, bench: wk.StoredWorld) -> None:
    first = bench.snapshot()
    rainy = bench.apply(lane("Rain."))
    second = rainy.snapshot("Rain")
    rainy.apply(lane("Snow."))
    assert store.version(bench.id, first.id) == bench.world
    assert store.version(bench.id, second.id) == rainy.world
    assert (first.title, first.parent, first.rev, first.source) == ("Revision 0", None, "0", "save")
    assert (second.title, second.parent, second.rev) == ("Rain", first.id, "1")
    assert bench.reload().rev == "2" and bench.reload().version == second.id


def test_checking_out_goes_back_as_a_new_revision_and_branches(store: wk.Store, bench: wk.StoredWorld) -> None:
    first = bench.snapshot("first")
    bench.apply(lane("Rain.")).snapshot("rain")
    back = bench.checkout(first.id)
    assert (back.rev, back.version, back.world) == ("2", first.id, bench.world)
    branch = back.apply(lane("Snow.")).snapshot("snow")
    tree = bench.versions()
    assert [one.title for one in tree.children(first.id)] == ["rain", "snow"]
    assert tree.roots == (first,) and tree.head == branch.id
    assert [line.split()[1] for line in repr(tree).splitlines()] == ["first", "rain", "snow"]
    assert repr(tree).splitlines()[2].startswith("  ") and repr(tree).endswith("<- head")


def test_a_checkout_keeps_the_worlds_own_name_and_description(store: wk.Store, bench: wk.StoredWorld) -> None:
    first = bench.snapshot()
    store.describe(bench.id, name="New", description=None)
    store.describe(bench.id, cover="c.png")
    raw = bench.checkout(first.id).world.raw
    assert (raw["name"], raw["cover"], "description" in raw) == ("New", "c.png", False)
    assert raw["scene"] == bench.world.raw["scene"]


def test_differences_are_said_between_versions_and_to_what_stands_now(store: wk.Store, bench: wk.StoredWorld) -> None:
    first = bench.snapshot()
    second = bench.apply(lane("Rain.")).snapshot()
    assert list(bench.diff(first.id, second.id).states.changed) == ["lane"]
    assert not store.diff(bench.id, second.id)
    store.apply(bench.id, lane("Snow."))
    assert list(store.diff(bench.id, second.id).states.changed) == ["lane"]


def test_the_version_a_world_stands_on_cannot_be_pruned(bench: wk.StoredWorld) -> None:
    only = bench.snapshot()
    with pytest.raises(wk.HeadVersion, match=only.id):
        bench.prune(only.id)
    assert [one.id for one in bench.versions()] == [only.id]


def test_children_of_a_pruned_version_go_to_its_parent(store: wk.Store, bench: wk.StoredWorld) -> None:
    first, middle = bench.snapshot("first"), bench.snapshot("middle")
    left_version = bench.snapshot("left")
    right = store.snapshot(bench.id, "right", parent=middle.id, source="import")
    bench.prune(middle.id)
    tree = bench.versions()
    assert [one.id for one in tree.children(first.id)] == [left_version.id, right.id] and tree[-1].source == "import"
    bench.prune(first.id)
    assert [one.title for one in bench.versions().roots] == ["left", "right"]


def test_a_version_after_an_older_one_is_a_branch_and_the_world_stays_where_it_stands(
    store: wk.Store, bench: wk.StoredWorld
) -> None:
    first, second = bench.snapshot("first"), bench.snapshot("second")
    branch = store.snapshot(bench.id, "aside", parent=first.id, source="branch")
    tree = bench.versions()
    assert tree.head == second.id and [one.id for one in tree.children(first.id)] == [second.id, branch.id]
    assert store.snapshot(bench.id, "third", parent=second.id).id == bench.versions().head
    bench.prune(branch.id)


def test_only_the_listed_sources_make_a_version(store: wk.Store, bench: wk.StoredWorld) -> None:
    with pytest.raises(ValueError, match="one of save, branch, manual, ai, import"):
        store.snapshot(bench.id, source="backup")
    assert not bench.versions()


def test_a_list_is_in_the_order_of_making_though_the_clock_goes_back(
    store: wk.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(["2026-03-01T00:00:00.000000+00:00", "2026-02-01T00:00:00.000000+00:00"])
    monkeypatch.setattr(
        "worldkit.stores.local.transaction.now", lambda: next(times, "2026-01-01T00:00:00.000000+00:00")
    )
    with store.transaction():
        ids = [store.create(wk.samples.load("bench")).id for _ in range(3)]
    refs = list(store.list())
    creation_times = [ref.created_at for ref in refs]
    assert [ref.id for ref in refs] == ids[::-1] and creation_times == sorted(set(creation_times), reverse=True)


def test_what_is_not_there_is_named(store: wk.Store, bench: wk.StoredWorld) -> None:
    elsewhere = store.create(bench.world).snapshot()
    for call in (bench.checkout, bench.prune, lambda v: bench.diff(v, v), lambda v: store.version(bench.id, v)):
        with pytest.raises(wk.NotFound, match=f"no version .*{elsewhere.id}"):
            call(elsewhere.id)
    with pytest.raises(wk.NotFound):
        store.snapshot(bench.id, parent="nowhere")
    assert not bench.versions() and repr(bench.versions()) == "no versions"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["edit", "snap", "back", "prune", "compact", "fork"]), st.integers(0, 99)),
        max_size=15,
    )
)
def test_no_version_ever_changes_whatever_is_done_around_it(store: wk.Store, deeds: list[tuple[str, int]]) -> None:
    id = store.create(wk.samples.load("bench")).id
    base_by_title: dict[str, str] = {}
    for turn, (deed, pick) in enumerate(deeds):
        versions = store.versions(id)
        if deed == "edit":
            store.apply(id, lane(f"Text {turn}."))
        elif deed == "snap":
            base_by_title[f"{turn}"] = store.get(id).world.raw["scene"]["states"]["lane"]["base"]
            store.snapshot(id, f"{turn}")
        elif deed == "back" and versions:
            store.checkout(id, versions[pick % len(versions)].id)
        elif deed == "prune" and versions and (one := versions[pick % len(versions)]).id != versions.head:
            store.prune(id, one.id)
            del base_by_title[one.title]
        elif deed == "compact":
            store.compact()
        elif deed == "fork":
            store.fork(id)
        with wk.Store(store.database.place) as fresh:
            assert texts(fresh, id) == base_by_title
            assert {one.parent for one in fresh.versions(id)} - {None} <= {one.id for one in fresh.versions(id)}


@pytest.mark.database
def test_a_thousand_snapshots_that_differ_in_one_state_take_less_than_ten_times_one(tmp_path: Path) -> None:
    def size(path: Path) -> int:
        store.compact()
        return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))

    path = tmp_path / "worlds.db"
    with wk.Store(path) as store:
        id = store.create(rooms(1000)).id
        store.snapshot(id)
        one = size(path)
        with store.transaction():
            for n in range(1000):
                text = f"Room {n} as it was found on the morning after the flood, silt on every board."
                store.apply(id, [{"op": "set_field", "state": f"room_{n}", "field": "base", "value": text}])
                store.snapshot(id, f"{n}")
        thousand = size(path)
        assert len(store.versions(id)) == 1001
        assert store.version(id, store.versions(id)[500].id).states["room_499"].base.startswith("Room 499 as")
    assert thousand < 10 * one, f"{thousand / one:.1f} times {one:,} bytes"


def test_a_version_is_called_something_else_and_holds_the_same(store: wk.Store, bench: wk.StoredWorld) -> None:
    version = bench.snapshot("first")
    assert store.retitle(bench.id, version.id, "the \0 first").title == "the \ufffd first"
    assert store.versions(bench.id)[0].title == "the \ufffd first"
    assert store.version(bench.id, version.id) == bench.world and store.get(bench.id).rev == bench.rev
    with pytest.raises(wk.NotFound):
        store.retitle(bench.id, "none", "x")


def test_a_checkout_made_against_a_stale_revision_writes_nothing(store: wk.Store, bench: wk.StoredWorld) -> None:
    version = bench.snapshot("first")
    bench.apply(lane("Rain."))
    with pytest.raises(wk.Conflict):
        store.checkout(bench.id, version.id, rev="0")
    assert store.get(bench.id).rev == "1"
    assert store.checkout(bench.id, version.id, rev="1").rev == "2"


def test_a_long_line_of_versions_is_listed_without_indentation_and_branches_with_little() -> None:
    line = [wk.Version(f"v{at}", f"v{at - 1}" if at else None, "t") for at in range(100)]
    assert str(wk.Versions(line)).splitlines() == [f"v{at}  t" for at in range(100)]
    sides = [wk.Version(f"side{at}", f"v{at - 1}", "t") for at in range(1, 100)]
    lines = str(wk.Versions([*line, *sides])).splitlines()
    assert len(lines) == 199 and max(map(len, lines)) < 60


def test_a_listing_leaves_no_version_out_whatever_a_server_says_of_parents() -> None:
    parents = {"a": "absent", "b": "a", "c": "c", "d": "e", "e": "d"}
    versions = [wk.Version(id, parent, "t") for id, parent in parents.items()]
    doubled = [version for version in versions for _ in range(2)]
    assert repr(wk.Versions(versions)).splitlines() == [f"{id}  t" for id in ("a", "b", "c", "d", "e")]
    assert len(repr(wk.Versions(doubled)).splitlines()) == len(doubled)
