"""Three-way merge: what merges, what conflicts, and how conflicts are resolved."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

import worldkit as wk
from tests.compare.worlds import GATE, LANE, Json, go, world
from tests.growing import MAX_GROWTH, Work, growth
from worldkit.comparison import ABSENT

SHED = {"base": "A tin shed smells of rope and paraffin. A coil hangs on a nail. The door sticks."}
STATES = {"lane": LANE, "gate": GATE, "shed": SHED}
EVENTS = [
    go("walk", "lane", "gate", requires=["key"]),
    go("enter", "gate", "shed"),
    go("leave", "shed", "lane"),
    {"name": "take", "kind": "override", "from": ["shed"], "grants": ["key"], "oneShot": True},
]


def variant(change: Any = None, **fields: Any) -> wk.World:
    """Return the base world with something done to its document."""
    states, events = copy.deepcopy(STATES), copy.deepcopy(EVENTS)
    top = {"entrance": {"state": "lane"}, **fields}
    document = {"states": states, "events": events, "top": top}
    if change is not None:
        change(document)
    return world(document["states"], document["events"], **document["top"])


def edit(**paths: Any) -> Any:
    """Return a change that sets fields: ``shed__narration="x"`` of a state or an event; ``None`` removes the item."""

    def change(document: Json) -> None:
        for name, value in paths.items():
            item, _, field = name.partition("__")
            state = item in document["states"]
            items = document["states"] if state else {event["name"]: event for event in document["events"]}
            if field and value is ABSENT:
                del items[item][field]
            elif field:
                items[item][field] = value
            elif state:
                del document["states"][item]
            else:
                document["events"] = [event for event in document["events"] if event["name"] != item]

    return change


def with_renamed_state(old: str, new: str, **paths: Any) -> wk.World:
    base = variant(edit(**paths)) if paths else variant()
    return base.apply([{"op": "rename_state", "from": old, "to": new}])


def event(m: wk.Merge, name: str) -> Json:
    return next(event for event in m.world.raw["scene"]["events"] if event["name"] == name)


BASE = variant()


# ---- what merges -------------------------------------------------------------------------------


def test_a_fork_merged_into_its_world_leaves_the_world_its_name_and_id() -> None:
    base = variant(id="quay", name="Quay")
    dark, light = base.fork("Dark"), base.fork("Light").apply([{"op": "set_narrate", "narrate": True}])
    back = wk.merge(base, base.apply([{"op": "set_narrate", "narrate": False}]), dark)
    assert back.clean and back.world.name == "Quay" and back.world.to_dict()["id"] == "quay"
    both = wk.merge(base, dark, light)
    assert both.clean and both.world == dark.apply([{"op": "set_narrate", "narrate": True}])


def test_a_fork_from_a_file_has_no_parent_and_is_told_by_its_id() -> None:
    base = variant(id="quay", name="Quay")
    renamed = wk.load({**base.to_dict(), "name": "Harbour"})
    dark = wk.load(base.fork("Dark").apply([{"op": "set_narrate", "narrate": True}]).to_dict())
    light = wk.load({**base.fork("Light").to_dict(), "id": "light"})
    for fork in (dark, light):
        back = wk.merge(base, renamed, fork)
        assert fork.parent is None and back.clean
        assert (back.world.name, back.world.id) == ("Harbour", "quay")
    assert wk.merge(base, light, dark).world == light.apply([{"op": "set_narrate", "narrate": True}])
    assert wk.merge(base, base, renamed).world == renamed


def test_fields_of_one_item_merge() -> None:
    m = wk.merge(BASE, variant(edit(walk__hotkey="k", shed__narration="Dry.")), variant(edit(walk__detail="Slowly.")))
    assert m.clean and event(m, "walk")["hotkey"] == "k" and event(m, "walk")["detail"] == "Slowly."
    assert m.world.states["shed"].narration == "Dry."


def test_prose_of_one_field_merges_by_sentence() -> None:
    ours = SHED["base"].replace("tin", "brick")
    theirs = SHED["base"].replace("The door sticks.", "The door is gone.")
    m = wk.merge(BASE, variant(edit(shed__base=ours)), variant(edit(shed__base=theirs)))
    assert m.clean
    assert (
        m.world.states["shed"].base
        == "A brick shed smells of rope and paraffin. A coil hangs on a nail. The door is gone."
    )


def test_flags_merge_as_sets() -> None:
    m = wk.merge(BASE, variant(edit(walk__requires=["key", "lamp"])), variant(edit(walk__requires=["coin"])))
    assert m.clean and event(m, "walk")["requires"] == ["lamp", "coin"]
    m = wk.merge(BASE, variant(edit(walk__requires=ABSENT)), variant(edit(walk__requires=["key", "coin"])))
    assert m.clean and event(m, "walk")["requires"] == ["coin"]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged_items"),
    [
        ([], ["a"], ["a", "b"], ["a", "b"]),
        (["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c"]),
        (["a", "b"], ["b"], ["a", "c", "b"], ["b", "c"]),
    ],
)
def test_what_both_sides_allow_stands_once(
    base: list[str], ours: list[str], theirs: list[str], merged_items: list[str]
) -> None:
    def allowing(rules: list[str]) -> wk.World:
        return variant(kernel={"allow": {"state[lane].base": rules} if rules else {}})

    m = wk.merge(allowing(base), allowing(ours), allowing(theirs))
    assert m.conflicts == ()
    assert m.world == allowing(merged_items)


def test_what_both_sides_added_to_a_list_nobody_knows_stands_once() -> None:
    m = wk.merge(variant(mood=["calm"]), variant(mood=["calm", "dark"]), variant(mood=["calm", "dark", "wet"]))
    assert m.world.raw["mood"] == ["calm", "dark", "wet"]
    twice = variant(mood=["calm", "calm"])
    m = wk.merge(twice, variant(mood=["calm", "calm", "dark"]), variant(mood=["wet", "calm", "calm"]))
    assert m.world.raw["mood"] == ["wet", "calm", "calm", "dark"]


def test_a_state_renamed_here_and_edited_and_named_there_is_one_state() -> None:
    theirs = variant(edit(shed__narration="Dry."))
    theirs = theirs.apply([{"op": "add_event", "event": go("peer", "lane", "shed")}])
    for pair in ((with_renamed_state("shed", "boathouse"), theirs), (theirs, with_renamed_state("shed", "boathouse"))):
        m = wk.merge(BASE, *pair)
        assert m.clean and list(m.world.states) == ["lane", "gate", "boathouse"]
        assert m.world.states["boathouse"].narration == "Dry." and event(m, "peer")["to"] == "boathouse"
        assert event(m, "enter")["to"] == "boathouse" and event(m, "take")["from"] == ["boathouse"]


def test_an_event_renamed_here_and_edited_there_is_one_event() -> None:
    ours = BASE.apply([{"op": "update_event", "name": "enter", "patch": {"name": "step in"}}])
    m = wk.merge(BASE, ours, variant(edit(enter__detail="Slowly.")))
    assert m.clean and event(m, "step in")["detail"] == "Slowly." and "enter" not in m.world.events_by_name


def test_what_one_side_renamed_and_the_other_rewrote_is_one_change() -> None:
    words = "Entirely other words, of which not one stood here before."
    ours = with_renamed_state("shed", "boathouse").apply([{"op": "rename_event", "from": "enter", "to": "step in"}])
    theirs = variant(edit(shed__base=words, enter__detail=words))
    for m in (wk.merge(BASE, ours, theirs), wk.merge(BASE, theirs, ours)):
        assert m.clean
        assert m.diff.states.renamed == {"shed": "boathouse"} and m.diff.events.renamed == {"enter": "step in"}
        assert [change.after for change in m.diff.states.changed["boathouse"]] == [words]
        assert not (m.diff.states.added or m.diff.states.removed or m.diff.events.added or m.diff.events.removed)
        assert len(m.diff) == 2 and BASE.apply(m.diff.ops) == m.world


def test_a_flag_renamed_here_is_followed_in_what_is_new_there() -> None:
    ours = wk.load(json.dumps(BASE.to_dict()).replace('"key"', '"brass key"'))
    theirs = BASE.apply(
        [
            {"op": "add_event", "event": go("unlock", "lane", "shed", requires=["key"])},
            {"op": "set_outro", "video": "o.mp4", "flag": "key", "state": "shed"},
        ]
    )
    m = wk.merge(BASE, ours, theirs)
    assert m.clean and event(m, "unlock")["requires"] == ["brass key"] and m.world.raw["outro"]["flag"] == "brass key"
    assert not m.warnings


def test_two_additions_keep_their_places() -> None:
    ours = BASE.apply([{"op": "put_event", "event": go("a", "lane", "gate"), "at": 1}])
    theirs = BASE.apply(
        [
            {"op": "put_event", "event": go("b", "lane", "gate"), "at": 1},
            {"op": "put_event", "event": go("c", "lane", "gate"), "at": 5},
        ]
    )
    m = wk.merge(BASE, ours, theirs)
    assert m.clean and [e.name for e in m.world.events] == ["walk", "a", "b", "enter", "leave", "take", "c"]


def test_what_one_side_moved_is_moved_and_what_the_other_edits_stays_edited() -> None:
    ours = BASE.apply([{"op": "put_event", "name": "walk", "event": EVENTS[0], "at": 3}])
    m = wk.merge(BASE, ours, variant(edit(walk__detail="Slowly.")))
    assert m.clean and [e.name for e in m.world.events] == ["enter", "leave", "take", "walk"]
    assert event(m, "walk")["detail"] == "Slowly."


def test_both_adding_the_same_item_merge_where_they_do_not_contradict() -> None:
    ours = BASE.apply([{"op": "add_state", "id": "attic", "state": {"base": "An attic.", "narration": "Dust."}}])
    theirs = BASE.apply([{"op": "add_state", "id": "attic", "state": {"base": "An attic.", "ambient": ["drip"]}}])
    m = wk.merge(BASE, ours, theirs)
    assert m.clean and m.world.raw["scene"]["states"]["attic"] == {
        "base": "An attic.",
        "narration": "Dust.",
        "ambient": ["drip"],
    }


def test_lists_with_ids_merge_by_id_and_others_by_item() -> None:
    walk = {"id": "tour", "title": "Tour", "beats": [{"state": "lane"}, {"state": "gate"}]}
    story = {"logline": "A key.", "beats": [{"summary": "She came."}]}
    base = variant(sequences=[walk], story=story)
    ours = variant(
        sequences=[{**walk, "title": "The tour"}],
        story={**story, "beats": [*story["beats"], {"summary": "She saw."}]},
    )
    theirs = variant(
        sequences=[{**walk, "beats": [*walk["beats"], {"state": "shed"}]}, {**walk, "id": "back"}],
        story={**story, "beats": [*story["beats"], {"summary": "She left."}]},
    )
    m = wk.merge(base, ours, theirs)
    assert m.clean and [walk["id"] for walk in m.world.raw["sequences"]] == ["tour", "back"]
    assert m.world.raw["sequences"][0]["title"] == "The tour" and len(m.world.raw["sequences"][0]["beats"]) == 3
    assert [beat["summary"] for beat in m.world.raw["story"]["beats"]] == ["She came.", "She saw.", "She left."]


VAULT, LUNCH, COOK = {"text": "The code is 1234."}, {"text": "Lunch is at noon."}, {"text": "The cook is Ann."}
LATCH, SWING = {"base": "She lifts the latch."}, {"base": "The gate swings."}
AT_LANE, AT_GATE = {"state": "lane"}, {"state": "gate"}
LEAVING, ARRIVING = {"summary": "She leaves home."}, {"summary": "She finds the gate."}


def with_items(place: str, items: list[Json]) -> wk.World:
    """Return a world with items without ids in one of the places that can hold some."""
    if place == "facts":
        ask = {"name": "ask", "kind": "terminal", "from": ["gate"], "terminal": {"persona": "p", "facts": items}}
        return world(STATES, [*EVENTS, ask])
    if place == "phases":
        return variant(edit(walk__phases=items))
    if place == "sequences":
        return variant(sequences=[{"id": "tour", "title": "Tour", "beats": items}])
    return variant(story={"logline": "A key.", "beats": items})


def items_of(world: wk.World, place: str) -> list[Json]:
    document = world.raw
    events = {event["name"]: event for event in document["scene"]["events"]}
    if place == "facts":
        return list(events["ask"]["terminal"]["facts"])
    if place == "phases":
        return list(events["walk"]["phases"])
    return list(document["sequences"][0]["beats"] if place == "sequences" else document["story"]["beats"])


@pytest.mark.parametrize(
    ("place", "one", "other", "field", "value"),
    [
        ("facts", VAULT, LUNCH, "requires", ["badge"]),
        ("phases", LATCH, SWING, "minMs", 3000),
        ("sequences", AT_LANE, AT_GATE, "dwell", {"ms": 900}),
        ("story", LEAVING, ARRIVING, "states", ["lane"]),
    ],
)
def test_fields_of_items_without_ids_stay_with_their_items(
    place: str, one: Json, other: Json, field: str, value: object
) -> None:
    new_field = {field: value}
    base, theirs = with_items(place, [one, other]), with_items(place, [{**one, **new_field}, other])
    for ours in (with_items(place, [other, one]), with_items(place, [other, COOK if place == "facts" else other])):
        for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
            assert {**other, **new_field} not in items_of(m.world, place)
            assert not m.clean or {**one, **new_field} in items_of(m.world, place)
    apart = with_items(place, [one, {**other, **new_field}])
    m = wk.merge(base, theirs, apart)
    assert m.clean and items_of(m.world, place) == [{**one, **new_field}, {**other, **new_field}]


def test_a_source_that_is_one_text_merges_as_a_list_of_one() -> None:
    base = variant(edit(walk__from="lane"))
    for ours, theirs, sources in (
        (["lane", "gate"], ["lane", "shed"], ["gate", "lane", "shed"]),
        ("lane", ["lane", "shed"], ["lane", "shed"]),
        (["lane", "gate"], "shed", ["gate", "shed"]),
    ):
        sides = variant(edit(walk__from=ours)), variant(edit(walk__from=theirs))
        for m in (wk.merge(base, *sides), wk.merge(base, *reversed(sides))):
            assert m.clean and sorted(event(m, "walk")["from"]) == sources


def test_a_destination_that_went_with_its_state_gives_way_to_a_new_one() -> None:
    ours = BASE.apply([{"op": "delete_state", "id": "gate"}])
    theirs = variant(edit(walk__to="shed"))
    m = wk.merge(BASE, ours, theirs)
    assert m.clean and event(m, "walk")["to"] == "shed" and "gate" not in m.world.states


# ---- what conflicts ----------------------------------------------------------------------------


def test_one_field_changed_two_ways_is_a_conflict_that_holds_ours() -> None:
    m = wk.merge(BASE, variant(edit(walk__to="shed")), variant(edit(walk__to=ABSENT)))
    (conflict,) = m.conflicts
    assert (conflict.path, conflict.base, conflict.ours, conflict.theirs) == ("events.walk.to", "gate", "shed", ABSENT)
    assert conflict.why == "ours changed it, theirs removed it" and event(m, "walk")["to"] == "shed"
    assert (conflict.item.kind, conflict.item.id, conflict.item.field) == ("event", "walk", "to")
    assert "theirs" not in conflict.to_dict() and str(conflict).startswith("events.walk.to: ours changed it")


def test_a_conflict_is_resolved_for_a_side_or_by_a_value() -> None:
    ours, theirs = (
        variant(edit(walk__to="shed", lane__base="A.")),
        variant(edit(walk__to="lane", lane__base="B.")),
    )
    m = wk.merge(BASE, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["states.lane.base", "events.walk.to"]
    one = m.resolve("events.walk.to", "theirs")
    assert event(one, "walk")["to"] == "lane" and len(one.conflicts) == 1 and len(m.conflicts) == 2
    assert event(one.resolve("events.walk.to", "base"), "walk")["to"] == "gate"
    result = one.resolve(one.conflicts[0], value="C.")
    assert result.clean and result.world.states["lane"].base == "C."
    assert result.resolved == {"events.walk.to": "theirs", "states.lane.base": {"value": "C."}}
    assert m.resolve("states.lane.base", value="ours").world.states["lane"].base == "ours"
    assert m.resolve_all("theirs").world == theirs and m.resolve_all("ours").world == ours


def test_what_cannot_stand_is_refused_and_says_why() -> None:
    m = wk.merge(BASE, variant(edit(walk__to="shed")), variant(edit(walk__to="lane")))
    with pytest.raises(wk.WorldError, match="'to' of the events naming \"nowhere\", which does not exist"):
        m.resolve("events.walk.to", value="nowhere")
    with pytest.raises(wk.InvalidWorld, match="expected a string"):
        m.resolve("events.walk.to", value=3)
    with pytest.raises(wk.WorldError, match=r'no conflict of this merge; the conflicts are at "events\.walk\.to"'):
        m.resolve("events.walk", "ours")
    with pytest.raises(wk.WorldError, match="give one of them"):
        m.resolve("events.walk.to")
    with pytest.raises(wk.WorldError, match='expected "ours", "theirs" or "base"'):
        m.resolve_all("mine")  # type: ignore[arg-type]
    assert m.clean is False and m.resolve_all("ours").clean


def test_a_side_is_one_of_three_and_never_a_value() -> None:
    m = wk.merge(BASE, variant(edit(lane__base="A.")), variant(edit(lane__base="B.")))
    with pytest.raises(wk.WrongArgument, match=r'expected "ours", "theirs" or "base"; got "mine"; .* give value='):
        m.resolve("states.lane.base", "mine")  # type: ignore[arg-type]
    with pytest.raises(wk.WrongArgument, match="got both; give one of them"):
        m.resolve("states.lane.base", "ours", value="mine")
    with pytest.raises(wk.WrongArgument, match="side: expected a string"):
        m.resolve("states.lane.base", {"take": "walk"})  # type: ignore[arg-type]
    assert m.resolve("states.lane.base", value="mine").world.states["lane"].base == "mine"
    assert m.resolve("states.lane.base", side="base").world.states["lane"].base == BASE.states["lane"].base


def test_deleted_here_and_changed_there_stays_until_it_is_decided() -> None:
    ours = BASE.apply([{"op": "delete_event", "name": "leave"}])
    m = wk.merge(BASE, ours, variant(edit(leave__detail="Slowly.")))
    (conflict,) = m.conflicts
    assert conflict.path == "events.leave" and conflict.ours is ABSENT and event(m, "leave")["detail"] == "Slowly."
    assert "leave" not in m.resolve(conflict, "ours").world.events_by_name
    assert event(m.resolve(conflict, "theirs"), "leave")["detail"] == "Slowly."


def test_what_was_deleted_here_and_is_named_there_stays_until_it_is_decided() -> None:
    ours = BASE.apply([{"op": "delete_state", "id": "shed"}])
    theirs = BASE.apply([{"op": "add_event", "event": go("jump", "lane", "shed")}])
    m = wk.merge(BASE, ours, theirs)
    (conflict,) = m.conflicts
    assert conflict.path == "states.shed" and conflict.why == 'ours deleted it, and "jump" of theirs still names it'
    assert list(m.world.states) == ["lane", "gate", "shed"] and event(m, "jump")["to"] == "shed"
    resolution = m.resolve(conflict, "ours")
    assert resolution.clean and "shed" not in resolution.world.states and "to" not in event(resolution, "jump")
    assert not [diagnostic for diagnostic in resolution.world.lint() if diagnostic.lint == "dangling-ref"]


def test_deciding_for_a_deletion_frees_what_only_the_removed_event_still_named() -> None:
    rooms = {id: {"base": f"A room called {id}."} for id in ("lane", "attic", "cellar")}
    base, ours = world(rooms, []), world({"lane": rooms["lane"]}, [])
    m = wk.merge(base, ours, world(rooms, [go("fall", "attic", "cellar")]))
    assert [conflict.path for conflict in m.conflicts] == ["states.attic", "states.cellar"]
    resolution = m.resolve("states.attic", "ours")
    assert resolution.clean and list(resolution.world.states) == ["lane"] and not resolution.world.events


def test_keeping_many_deleted_rooms_costs_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        rooms = {f"room_{number}": {"base": f"Room {number} is empty."} for number in range(count)}
        base, ours = world({"lane": LANE, **rooms}, []), world({"lane": LANE}, [])
        theirs = world({"lane": LANE, **rooms}, [go(f"to {id}", "lane", id) for id in rooms])

        def work() -> None:
            m = wk.merge(base, ours, theirs)
            assert len(m.conflicts) == count and list(m.world.states) == ["lane", *rooms]

        return work

    assert growth(prepare, 100) <= MAX_GROWTH


def test_merging_long_lists_of_flags_costs_as_many_times_more_as_they_are_longer() -> None:
    def prepare(count: int) -> Work:
        flags = [f"flag {number}" for number in range(count)]
        base, ours, theirs = (
            variant(edit(take__grants=names)) for names in (flags, [*flags[::-1], "ours"], [*flags, "theirs"])
        )

        def work() -> None:
            assert event(wk.merge(base, ours, theirs), "take")["grants"] == [*flags[::-1], "ours", "theirs"]

        return work

    assert growth(prepare, 500) <= MAX_GROWTH


def test_a_cutscene_deleted_here_and_led_to_there_stays() -> None:
    cutscene = {"id": "crash", "video": "c.mp4", "from": "lane", "to": "gate"}
    base, theirs = variant(cutscenes=[cutscene]), variant(edit(enter__to="crash"), cutscenes=[cutscene])
    m = wk.merge(base, BASE, theirs)
    (conflict,) = m.conflicts
    assert conflict.path == "cutscenes.crash" and (conflict.item.kind, conflict.item.id) == ("cutscene", "crash")
    assert m.world.raw["cutscenes"] == [cutscene]
    document = m.resolve(conflict, "ours").world.raw
    assert not document.get("cutscenes") and "to" not in document["scene"]["events"][1]


def test_a_decision_for_base_has_what_it_names_and_nothing_that_names_what_it_removed() -> None:
    # both deleted the shed, and base led there
    ours = variant(edit(shed=None, leave=None, take=None, enter__to="lane"))
    theirs = variant(edit(shed=None, leave=None, take=None, enter__to="gate"))
    m = wk.merge(BASE, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["events.enter.to"]
    final = m.resolve_all("base")
    assert (
        final.clean and event(final, "enter")["to"] == "shed" and list(final.world.states) == ["lane", "gate", "shed"]
    )
    assert m.resolve("events.enter.to", "base").world == final.world
    with pytest.raises(wk.WorldError, match="naming"):
        m.resolve("events.enter.to", value="attic")
    # both added an attic, and each led there
    ours = BASE.apply([{"op": "add_state", "id": "attic", "state": {"base": "Cedar and dust."}}])
    theirs = BASE.apply([{"op": "add_state", "id": "attic", "state": {"base": "A bare bulb."}}])
    m = wk.merge(
        BASE,
        ours.apply([{"op": "add_event", "event": go("climb", "lane", "attic")}]),
        theirs.apply([{"op": "add_event", "event": go("descend", "attic", "lane")}]),
    )
    assert [conflict.path for conflict in m.conflicts] == ["states.attic"]
    final = m.resolve_all("base")
    assert final.clean and "attic" not in final.world.states
    assert "to" not in event(final, "climb") and "descend" not in final.world.events_by_name


def test_one_state_with_two_new_names_is_a_conflict_of_its_id() -> None:
    m = wk.merge(BASE, with_renamed_state("shed", "boathouse"), with_renamed_state("shed", "store"))
    (conflict,) = m.conflicts
    assert (conflict.path, conflict.base, conflict.ours, conflict.theirs) == (
        "states.shed#id",
        "shed",
        "boathouse",
        "store",
    )
    assert "boathouse" in m.world.states and event(m, "enter")["to"] == "boathouse"
    resolutions = {"store": m.resolve(conflict, "theirs"), "shed": m.resolve(conflict, "base")}
    resolutions["tool house"] = m.resolve(conflict, value="tool house")
    for name, final in resolutions.items():
        assert final.clean and name in final.world.states and event(final, "enter")["to"] == name
    with pytest.raises(wk.WorldError, match="expected a name"):
        m.resolve(conflict, value=" ")


def test_two_states_with_one_name_part_again() -> None:
    ours = with_renamed_state("shed", "attic")
    attic = {"base": "Cedar and dust under a bare bulb."}
    theirs = BASE.apply([{"op": "add_state", "id": "attic", "state": attic}])
    theirs = theirs.apply([{"op": "add_event", "event": go("climb", "lane", "attic")}])
    m = wk.merge(BASE, ours, theirs)
    (conflict,) = m.conflicts
    assert conflict.path == "states.shed#id" and "another state of that name" in conflict.why
    assert m.world.raw["scene"]["states"]["attic"] == SHED and m.world.raw["scene"]["states"]["attic_2"] == attic
    assert event(m, "climb")["to"] == "attic_2" and event(m, "enter")["to"] == "attic"
    other = m.resolve(conflict, "theirs")
    assert other.clean and event(other, "climb")["to"] == "attic" and event(other, "enter")["to"] == "shed"


def test_an_item_whose_name_is_disputed_twice_is_one_conflict() -> None:
    theirs = with_renamed_state("shed", "store")
    theirs = theirs.apply([{"op": "add_state", "id": "boathouse", "state": {"base": "Wet planks and a green boat."}}])
    m = wk.merge(BASE, with_renamed_state("shed", "boathouse"), theirs)
    assert [conflict.path for conflict in m.conflicts] == ["states.shed#id"]
    assert event(m, "enter")["to"] == "boathouse" and len(m.world.states) == 4
    result = m.resolve("states.shed#id", "theirs")
    assert result.clean and event(result, "enter")["to"] == "store" and set(result.world.states) == set(theirs.states)


def test_events_are_never_two_of_one_name() -> None:
    ours = BASE.apply([{"op": "update_event", "name": "enter", "patch": {"name": "go"}}])
    theirs = BASE.apply([{"op": "add_event", "event": go("go", "shed", "gate")}])
    m = wk.merge(BASE, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["events.enter#id"]
    assert sorted(event.name for event in m.world.events) == ["go", "go_2", "leave", "take", "walk"]


FLAG_EVENTS = [
    go("enter", "lane", "gate", grants=["lamp"]),
    go("look", "gate", "shed", requires=["lamp"]),
    go("steal", "shed", "gate", grants=["badge"]),
    go("leave", "gate", "lane", requires=["badge"]),
]
FLAGS = world(STATES, FLAG_EVENTS, entrance={"state": "lane"})


CLIP: Json = {"op": "add_cutscene", "id": "storm", "video": "s.mp4", "from": "lane", "to": "gate"}


def test_a_new_state_and_a_new_cutscene_of_one_id_stay_two() -> None:
    storm = {"base": "Hail drums on a slate roof. A gutter runs over."}
    ours = BASE.apply([{"op": "add_state", "id": "storm", **storm}, {"op": "add_event", **go("out", "shed", "storm")}])
    theirs = BASE.apply([CLIP, {"op": "update_event", "name": "walk", "patch": {"to": "storm"}}])
    for m in (wk.merge(BASE, ours, theirs), wk.merge(BASE, theirs, ours)):
        assert m.clean and m.world.states["storm_2"].base == storm["base"] and "storm" not in m.world.states
        assert event(m, "out")["to"] == "storm_2" and event(m, "walk")["to"] == "storm"
        assert m.world.cutscenes_by_id["storm"].to == "gate" and not m.warnings


def test_a_state_renamed_to_the_id_of_a_new_cutscene_keeps_its_id_until_that_is_decided() -> None:
    ours = with_renamed_state("gate", "storm")
    theirs = BASE.apply([CLIP, {"op": "add_event", **go("watch", "lane", "storm")}])
    for m, side in ((wk.merge(BASE, ours, theirs), "ours"), (wk.merge(BASE, theirs, ours), "theirs")):
        other = "theirs" if side == "ours" else "ours"
        assert [(conflict.path, conflict.held) for conflict in m.conflicts] == [("states.gate#id", "gate")]
        assert m.conflicts[0].why == f'{side} calls "gate" now "storm", and {other} has a cutscene of that name'
        for chosen, id in ((m, "gate"), (m.resolve_all(other), "gate"), (m.resolve_all(side), "storm_2")):
            assert event(chosen, "walk")["to"] == id and event(chosen, "watch")["to"] == "storm"
            assert chosen.world.raw["cutscenes"] == [{**theirs.raw["cutscenes"][0], "to": id}]
            assert id in chosen.world.states and "storm" not in chosen.world.states


def with_renamed_flag(base: wk.World, old: str, new: str) -> wk.World:
    return base.apply([{"op": "rename_flag", "from": old, "to": new}])


def flags_of(world: wk.World) -> list[str]:
    """Return the flag of each event."""
    return [flag for event in world.events for flag in (*(event.grants or ()), *(event.requires or ()))]


def test_two_flags_renamed_to_one_name_stay_two() -> None:
    ours, theirs = with_renamed_flag(FLAGS, "lamp", "ready"), with_renamed_flag(FLAGS, "badge", "ready")
    m = wk.merge(FLAGS, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["flags.badge#id"]
    assert m.conflicts[0].why == 'theirs calls "badge" now "ready", and ours has another flag of that name'
    assert flags_of(m.world) == ["ready", "ready", "badge", "badge"]
    assert flags_of(m.resolve_all("ours").world) == flags_of(m.world)
    assert len(set(flags_of(m.resolve_all("theirs").world))) == 2
    assert [conflict.path for conflict in wk.merge(FLAGS, theirs, ours).conflicts] == ["flags.lamp#id"]


def test_a_renamed_flag_and_a_new_one_of_its_new_name_stay_two() -> None:
    ours = with_renamed_flag(FLAGS, "badge", "ready")
    theirs = FLAGS.apply([{"op": "add_event", "event": go("rest", "lane", "lane", grants=["ready"])}])
    for m, side in ((wk.merge(FLAGS, ours, theirs), "ours"), (wk.merge(FLAGS, theirs, ours), "theirs")):
        assert [conflict.path for conflict in m.conflicts] == ["flags.badge#id"]
        assert len(set(flags_of(m.world))) == 3
        flags = flags_of(m.resolve_all(side).world)  # type: ignore[arg-type]
        assert flags == ["lamp", "lamp", "ready", "ready", "ready_2"]
        assert not wk.merge(FLAGS, ours, theirs).warnings


@pytest.mark.parametrize("explicit", [False, True])
def test_an_objective_that_is_renamed_with_its_flag_names_it_only_where_a_side_did(explicit: bool) -> None:
    def finding(flag: str, is_wet: bool = False) -> wk.World:
        objective = {"id": flag, "text": "Find it.", "location": "gate", **({"grants": flag} if explicit else {})}
        return world(
            {"lane": {"base": "Rain."} if is_wet else LANE, "gate": GATE},
            [go("walk", "lane", "gate", requires=[flag]), go("back", "gate", "lane", requires=[flag])],
            missions=[{"id": "m", "title": "M", "complete": "all", "objectives": [objective]}],
        )

    base, ours, theirs = finding("lamp"), finding("ready"), finding("lamp", is_wet=True)
    for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
        assert m.clean and m.world == finding("ready", is_wet=True)


def test_a_renamed_flag_that_an_objective_gives_by_its_id_is_followed() -> None:
    def mission(*ids: str) -> Json:
        objectives = [{"id": id, "text": "Find it.", "location": "gate"} for id in ids]
        return {"id": "m", "title": "M", "complete": "all", "objectives": objectives}

    base = world(STATES, [go("enter", "gate", "shed", requires=["lamp"])], missions=[mission("lamp")])
    ours = with_renamed_flag(base, "lamp", "ready")
    theirs = base.apply([{"op": "add_event", "event": go("rest", "gate", "lane", requires=["lamp"])}])
    theirs = wk.load({**theirs.to_dict(), "missions": [mission("lamp"), {**mission("lamp"), "id": "n"}]})
    for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
        assert m.clean and flags_of(m.world) == ["ready", "ready"]
        objectives = [objective for mission in m.world.raw["missions"] for objective in mission["objectives"]]
        assert [(objective["id"], objective["grants"]) for objective in objectives] == [("lamp", "ready")] * 2


def test_what_an_own_value_names_follows_later_decisions_about_names() -> None:
    ours = with_renamed_state("shed", "boathouse").apply(
        [{"op": "update_event", "name": "walk", "patch": {"to": "boathouse"}}]
    )
    theirs = with_renamed_state("shed", "store").apply(
        [{"op": "update_event", "name": "walk", "patch": {"to": "lane"}}]
    )
    m = wk.merge(BASE, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["states.shed#id", "events.walk.to"]
    decided = m.resolve("events.walk.to", value="boathouse")
    assert decided.resolved == {"events.walk.to": {"value": "boathouse"}}
    for final in (decided.resolve("states.shed#id", "theirs"), decided.resolve_all("theirs")):
        assert final.clean and event(final, "walk")["to"] == event(final, "enter")["to"] == "store"
        assert final.resolved["events.walk.to"] == {"value": "store"}
    assert event(final.resolve("events.walk.to", value="gate"), "walk")["to"] == "gate"
    assert pickle.loads(pickle.dumps(decided)).resolve_all("theirs").world == final.world

    def outro(base: wk.World, flag: str) -> wk.World:
        return base.apply([{"op": "set_outro", "video": "o.mp4", "flag": flag, "state": "shed"}])

    base = outro(FLAGS, "done")
    m = wk.merge(
        base,
        outro(with_renamed_flag(FLAGS, "lamp", "ready"), "over"),
        outro(with_renamed_flag(FLAGS, "lamp", "lit"), "end"),
    )
    assert [conflict.path for conflict in m.conflicts] == ["flags.lamp#id", "outro.flag"]
    final = m.resolve("outro.flag", value="ready").resolve("flags.lamp#id", "theirs")
    assert final.world.raw["outro"]["flag"] == "lit" and flags_of(final.world)[:2] == ["lit", "lit"]


def test_an_own_order_follows_later_decisions_about_names() -> None:
    def order(entry: str, *names: str) -> wk.World:
        by_name = {
            "enter": {**EVENTS[1], "name": entry},
            **{event["name"]: event for event in EVENTS if event["name"] != "enter"},
        }
        return world(STATES, [by_name[name] for name in names], entrance={"state": "lane"})

    ours = order("step in", "take", "walk", "enter", "leave")
    theirs = order("go in", "walk", "enter", "take", "leave")
    m = wk.merge(BASE, ours, theirs)
    assert {conflict.path for conflict in m.conflicts} == {"events.enter#id", "events#order"}
    decided = m.resolve("events#order", value={"take": "step in"})
    final = decided.resolve("events.enter#id", "theirs")
    assert [event.name for event in final.world.events] == ["walk", "go in", "take", "leave"]
    assert final.resolved["events#order"] == {"value": {"take": "go in"}}


def test_the_order_of_renamed_states_is_told_in_their_new_names() -> None:
    def order(hut: str, *ids: str) -> wk.World:
        bodies = {**STATES, "hut": {"base": "A hut of turf."}}
        return world({(hut if id == "hut" else id): bodies[id] for id in ids}, [], entrance={"state": "lane"})

    base = order("hut", "lane", "gate", "hut", "shed")
    m = wk.merge(base, order("barn", "shed", "lane", "gate", "hut"), order("hut", "lane", "gate", "shed", "hut"))
    (conflict,) = m.conflicts
    assert (conflict.path, conflict.base) == ("states#order", {"shed": "barn"})
    for predecessor in ("barn", None):
        final = m.resolve(conflict, value={"shed": predecessor})
        assert list(final.world.states).index("shed") == (3 if predecessor else 0)
    with pytest.raises(wk.WorldError, match=r"what each of.*shed"):
        m.resolve(conflict, value={"barn": "lane"})


def test_a_place_that_a_restored_cutscene_leads_to_can_be_deleted_for_the_side_that_did() -> None:
    cutscene = {"id": "cut", "from": "lane", "to": "gate", "video": "a.mp4"}
    events = [go("enter", "lane", "cut"), go("walk", "lane", "shed")]
    base = world(STATES, events, entrance={"state": "lane"}, cutscenes=[cutscene])
    ours = base.apply(
        [
            {"op": "update_event", "name": "walk", "patch": {"to": "cut"}},
            {"op": "add_event", "event": go("go", "gate", "lane")},
        ]
    )
    theirs = base.apply([{"op": "delete_state", "id": "gate"}])
    for merge, deleter, keeper in (
        (wk.merge(base, ours, theirs), "theirs", "ours"),
        (wk.merge(base, theirs, ours), "ours", "theirs"),
    ):
        assert [conflict.path for conflict in merge.conflicts] == ["states.gate", "cutscenes.cut"]
        for conflict in merge.conflicts:
            for side in ("ours", "theirs", "base"):
                merge.resolve(conflict, side)
        for decision in (deleter, keeper):
            final = merge.resolve("states.gate", deleter).resolve("cutscenes.cut", decision)
            assert final.clean and "gate" not in final.world.states and not final.world.raw.get("cutscenes")
            assert [(event.name, event.to) for event in final.world.events] == [("enter", None), ("walk", None)]
        assert merge.resolve_all(deleter).clean and merge.resolve_all(keeper).world.raw["cutscenes"] == [cutscene]


def allowing(base: wk.World, **places: list[str]) -> wk.World:
    return base.apply([{"op": "put_world", "set": {"kernel": {"allow": places}}}])


def test_findings_that_a_world_allows_follow_what_is_renamed() -> None:
    shed, enter, walk = "state[shed].base", "event[enter].detail", "event[walk].base"
    ours = with_renamed_state("shed", "boathouse").apply([{"op": "rename_event", "from": "enter", "to": "step in"}])
    theirs = allowing(BASE, **{shed: ["negation"], enter: ["negation"], walk: ["negation"]})
    expected = {"state[boathouse].base", "event[step in].detail", walk}
    for m in (wk.merge(BASE, ours, theirs), wk.merge(BASE, theirs, ours)):
        assert m.clean and m.world.raw["kernel"]["allow"].keys() == expected
    base = theirs
    ours = base.apply([{"op": "rename_state", "from": "shed", "to": "boathouse"}])
    theirs = allowing(base, **{shed: ["negation", "count"], enter: ["negation"], walk: ["negation"]})
    m = wk.merge(base, ours, theirs)
    assert m.clean and m.world.raw["kernel"]["allow"] == {
        "state[boathouse].base": ["negation", "count"],
        enter: ["negation"],
        walk: ["negation"],
    }
    m = wk.merge(base, ours.apply([{"op": "put_world", "remove": ["kernel"]}]), theirs)
    (conflict,) = m.conflicts
    assert conflict.path == "kernel" and "state[boathouse].base" in conflict.theirs["allow"]
    assert m.resolve_all("theirs").world.raw["kernel"] == conflict.theirs
    assert m.resolve(conflict, value=conflict.theirs).world.raw["kernel"] == conflict.theirs


def test_findings_that_a_world_allows_stay_with_events_that_get_another_name() -> None:
    base = allowing(BASE)
    ours = base.apply([{"op": "rename_event", "from": "enter", "to": "go"}])
    ours = allowing(ours, **{"event[go].detail": ["negation"]})
    theirs = base.apply([{"op": "add_event", "event": go("go", "shed", "gate")}])
    theirs = allowing(theirs, **{"event[go].base": ["count"]})
    m = wk.merge(base, ours, theirs)
    assert m.world.raw["kernel"]["allow"] == {"event[go].detail": ["negation"], "event[go_2].base": ["count"]}


@pytest.mark.parametrize("rename", ["fix", "first", "both", "swap"])
def test_findings_that_a_world_allows_stay_when_one_of_two_events_of_a_name_gets_another(rename: str) -> None:
    names = ("go", "walk") if rename == "swap" else ("go", "go")
    ways = [go(names[0], "lane", "gate"), go(names[1], "gate", "lane", requires=["key"])]
    base = world({"lane": LANE, "gate": GATE}, ways, kernel={"allow": {"event[go].label": ["negation"]}})
    to_walk = {"op": "rename_event", "from": "go", "to": "walk"}
    ours = {
        "fix": lambda: base.lint().fixed(),
        "first": lambda: base.apply([to_walk]),
        "both": lambda: base.apply([to_walk, {"op": "rename_event", "from": "go", "to": "run"}]),
        "swap": lambda: base.apply(
            [
                {"op": "rename_event", "from": "go", "to": "run"},
                {"op": "rename_event", "from": "walk", "to": "go"},
                {"op": "rename_event", "from": "run", "to": "walk"},
            ]
        ),
    }[rename]()
    theirs = base.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Rain."}])
    for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
        assert m.clean and m.world.raw["kernel"] == ours.raw["kernel"]
    other_rules = {"event[go].label": ["negation"], "event[walk].label": ["count"]}
    assert wk.merge(base, allowing(ours, **other_rules), theirs).world.raw["kernel"]["allow"] == other_rules


def test_a_new_event_may_take_the_name_of_one_that_got_another() -> None:
    base = allowing(BASE, **{"event[enter].detail": ["negation"]})
    ours = base.apply(
        [
            {"op": "rename_event", "from": "enter", "to": "step in"},
            {"op": "rename_event", "from": "leave", "to": "enter"},
            {"op": "add_event", "event": go("leave", "gate", "lane")},
        ]
    )
    allow = {"event[step in].detail": ["negation"], "event[enter].base": ["count"], "event[leave].base": ["negation"]}
    ours, theirs = allowing(ours, **allow), base.apply([{"op": "put_world", "set": {"note": 1}}])
    for m in (wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)):
        assert m.clean and m.world.raw["kernel"]["allow"] == allow


def test_both_moving_one_item_to_different_places_is_a_conflict_of_order() -> None:
    def order(*names: str) -> wk.World:
        by_name = {event["name"]: event for event in EVENTS}
        return world(STATES, [by_name[name] for name in names], entrance={"state": "lane"})

    ours, theirs = order("take", "walk", "enter", "leave"), order("walk", "enter", "take", "leave")
    m = wk.merge(BASE, ours, theirs)
    (conflict,) = m.conflicts
    assert (conflict.path, conflict.item.field) == ("events#order", "order")
    assert (conflict.base, conflict.ours, conflict.theirs) == ({"take": "leave"}, {"take": None}, {"take": "enter"})
    assert m.resolve_all("ours").world == ours and m.resolve_all("theirs").world == theirs
    assert m.resolve_all("base").world == BASE
    assert m.resolve(conflict, value={"take": "walk"}).world == order("walk", "take", "enter", "leave")
    for value in (["take"], {"take": 3}, {"take": "nobody"}, {"take": "take"}, {}):
        with pytest.raises(wk.WorldError, match="after"):
            m.resolve(conflict, value=value)


def test_an_own_order_is_the_same_however_it_is_spelled_and_a_circle_is_refused() -> None:
    def order(ids: str) -> wk.World:
        return world({id: {"base": f"A room called {id}."} for id in ids}, [])

    m = wk.merge(order("abcd"), order("bdca"), order("dbca"))
    (conflict,) = m.conflicts
    assert (conflict.path, conflict.base) == ("states#order", {"a": None, "d": "c"})
    for value in ({"a": "d", "d": None}, {"d": None, "a": "d"}):
        assert "".join(m.resolve(conflict, value=value).world.states) == "dabc"
    assert "".join(m.resolve(conflict, value={"d": "b", "a": "d"}).world.states) == "bdac"
    assert "".join(m.resolve(conflict, value={"d": "c", "a": "c"}).world.states) == "bcad"
    for value in ({"a": "d", "d": "a"}, {"d": "a", "a": "d"}):
        with pytest.raises(wk.WorldError, match=r'"[ad]" cannot come after "[ad]", which comes after it'):
            m.resolve(conflict, value=value)


def test_clauses_that_both_sides_took_half_of_are_never_empty() -> None:
    base = variant(edit(walk__landWhen={"label": "gate", "hits": 2}))
    ours, theirs = variant(edit(walk__landWhen={"label": "gate"})), variant(edit(walk__landWhen={"hits": 2}))
    m = wk.merge(base, ours, theirs)
    assert [conflict.path for conflict in m.conflicts] == ["events.walk.landWhen"]
    assert event(m, "walk")["landWhen"] == {"label": "gate"}


def test_names_that_look_like_paths_are_told_apart() -> None:
    def odd(base: str) -> wk.World:
        states = {"a": {"base": "x", "b": base}, "a.b": {"base": base}, "__proto__": {"base": base}}
        return world(states, [])

    m = wk.merge(odd("1"), odd("2"), odd("3"))
    assert [conflict.path for conflict in m.conflicts] == ["states.a.b", 'states["a.b"].base', "states.__proto__.base"]
    assert m.resolve('states["a.b"].base', "theirs").world.states["a.b"].base == "3"


def test_a_merge_is_shown_in_words_and_as_escaped_html() -> None:
    ours, theirs = variant(edit(lane__base="<b>A\x1b</b>")), variant(edit(lane__base="B"))
    m = wk.merge(BASE, ours, theirs)
    assert repr(m).startswith(
        "1 conflict; .world is the merged world, .warnings says what the merge does to play\n"
        "! states.lane.base: both changed it"
    )
    assert 'decide: .resolve("states.lane.base", "ours")' in repr(m)
    assert "decide:" not in repr(m.resolve_all("ours")) and "decide:" in m._repr_html_()
    assert "\x1b" not in repr(m) and "<b>" not in m._repr_html_() and "&lt;b&gt;" in m._repr_html_()


def test_a_conflict_about_a_whole_item_shows_the_fields_that_a_side_changed() -> None:
    ours, theirs = variant(edit(take=None)), variant(edit(take__camera="Low."))
    m = wk.merge(variant(), ours, theirs)
    assert '    theirs camera: absent → "Low."' in repr(m).splitlines()
    assert "anywhere'>camera: absent → &quot;Low.&quot;</td>" in m._repr_html_()


def test_a_conflict_shows_long_texts_to_their_ends() -> None:
    beginning = "A tin shed smells of rope and paraffin. " * 20
    ours, theirs = (variant(edit(shed__base=beginning + end)) for end in ("It is dry.", "It is wet."))
    text = repr(wk.merge(variant(), ours, theirs))
    assert 'It is dry."' in text and 'It is wet."' in text
    assert wk.merge(BASE, BASE, theirs).world is theirs


def test_a_flag_that_one_side_renamed_and_the_other_removed_is_asked_for() -> None:
    ours = with_renamed_flag(FLAGS, "lamp", "ready")
    theirs = wk.load(json.dumps(FLAGS.to_dict()).replace('["lamp"]', "[]"))
    assert "lamp" not in flags_of(theirs)
    for m, side, other in (
        (wk.merge(FLAGS, ours, theirs), "ours", "theirs"),
        (wk.merge(FLAGS, theirs, ours), "theirs", "ours"),
    ):
        [conflict] = m.conflicts
        assert conflict.path == "flags.lamp#id" and conflict.base == "lamp" and conflict.held == "ready"
        assert conflict.why == f'{side} calls "lamp" now "ready", {other} removed it'
        assert getattr(conflict, side) == "ready" and getattr(conflict, other) is ABSENT
        assert sorted(flags_of(m.world)) == ["badge", "badge", "ready", "ready"]
        assert m.resolve_all(side).world == ours and m.resolve_all("base").world == FLAGS  # type: ignore[arg-type]
        assert m.resolve_all(other).world == theirs  # type: ignore[arg-type]
        assert sorted(flags_of(m.resolve(conflict.path, value="lit").world)) == ["badge", "badge", "lit", "lit"]


@pytest.mark.parametrize("side", ["ours", "theirs", "base"])
def test_a_flag_that_stays_has_its_name_in_every_place_however_the_conflicts_are_resolved(side: Any) -> None:
    objectives = [
        {"id": "o", "text": "Find it.", "location": "gate", "grants": "lamp"},
        {"id": "p", "text": "Use it.", "location": "gate", "requires": ["lamp"]},
    ]
    base = world(
        STATES,
        FLAG_EVENTS,
        entrance={"state": "lane"},
        outro={"video": "o.mp4", "flag": "lamp", "state": "shed"},
        missions=[{"id": "m", "title": "M", "complete": "lamp", "objectives": objectives}],
    )
    ours = with_renamed_flag(base, "lamp", "ready")
    theirs = wk.load(json.dumps({**FLAGS.to_dict()}).replace('["lamp"]', "[]"))
    merge = wk.merge(base, ours, theirs)
    assert len(merge.conflicts) == 3
    names = {"ours": {"ready"}, "theirs": set(), "base": {"lamp"}}[side]
    merge = merge.resolve("flags.lamp#id", side)
    assert [conflict.base for conflict in merge.conflicts if "lamp_2" in json.dumps(conflict.base)] == []
    for rest in ("ours", "theirs", "base"):
        text = json.dumps(merge.resolve_all(rest).world.to_dict())  # type: ignore[arg-type]
        assert {name for name in ("lamp", "lamp_2", "ready") if f'"{name}"' in text} == names


def test_a_renamed_flag_that_went_with_the_events_that_named_it_is_not_asked_for() -> None:
    ours = with_renamed_flag(FLAGS, "lamp", "ready")
    named = [event.name for event in FLAGS.events if "lamp" in (*(event.grants or ()), *(event.requires or ()))]
    theirs = FLAGS.apply([{"op": "delete_event", "name": name} for name in named])
    assert wk.merge(FLAGS, ours, theirs).world == theirs
