"""The index of a world's events that an edit carries on is the one that would be built anew."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.edit.ops_strategy import operations, rich_documents
from tests.export.worlds import tangle
from worldkit import World, WorldError
from worldkit.core.document import event_index, known_event_index
from worldkit.core.event_index import EventIndex

Json = dict[str, Any]
NAMES = ("by_name", "by_id", "by_flag")


def groups(index: EventIndex) -> dict[str, dict[str, list[int]]]:
    """Return the groups of an index, with the identities of their events in any order."""
    return {
        attribute: {key: sorted(map(id, events)) for key, events in getattr(index, attribute).items()}
        for attribute in NAMES
    }


@settings(max_examples=60, deadline=None)
@given(rich_documents(), st.data())
def test_an_edit_carries_the_index_on_and_is_the_same_edit_without_one(document: Json, data: st.DataObject) -> None:
    world = World.from_dict(document)
    for _ in range(4):
        op = data.draw(operations(world.to_dict()))
        event_index(world)
        try:
            plain = World.from_dict(world.to_dict()).apply([op])
        except WorldError:
            continue
        world = world.apply([op])
        assert world == plain
        known_index = known_event_index(world)
        assert known_index is not None
        fresh = EventIndex(world.events)
        assert groups(known_index) == groups(fresh)
        assert known_index.has_unique_names == fresh.has_unique_names


def test_a_batch_of_many_changes_drops_the_index_instead_of_following_it() -> None:
    world = tangle(50, 200)
    event_index(world)
    world_after = world.apply(
        [{"op": "update_event", "name": event.name, "patch": {"to": "s1"}} for event in world.events]
    )
    assert known_event_index(world_after) is None
    assert groups(event_index(world_after)) == groups(EventIndex(world_after.events))
