"""Laws of the three-way merge, whatever the three worlds are."""

from __future__ import annotations

import copy
import json

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.compare.documents import Json, mutations
from tests.compare.worlds import GATE, LANE, go, world
from tests.strategies import documents, flags, prose
from worldkit.comparison.merging.alignment import read_base
from worldkit.comparison.merging.item_mentions import mentions
from worldkit.editing import refs

MANY_EXAMPLES = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large],
)
FEW_EXAMPLES = settings(MANY_EXAMPLES, max_examples=50)


@st.composite
def branches(draw: st.DrawFn) -> tuple[Json, Json, Json]:
    """Return a document, and two that were made of it without regard for each other."""
    base = draw(mutations(draw(documents())))
    return base, draw(mutations(base)), draw(mutations(base))


def three(documents: tuple[Json, Json, Json]) -> tuple[wk.World, wk.World, wk.World]:
    base, ours, theirs = (wk.load(json.dumps(document)) for document in documents)
    return base, ours, theirs


def dangling(world: wk.World) -> set[tuple[str, str]]:
    """Return what a world names and has not, with its kind."""
    document = read_base(world.raw)
    there = {
        "state": set(world.states),
        "cutscene": {cutscene["id"] for cutscene in world.raw.get("cutscenes", ())} | set(world.states),
        "sequence": {walk["id"] for walk in world.raw.get("sequences", ())},
    }
    return {(kind, id) for kind, id, _ in mentions(document) if id not in there[kind]}


@MANY_EXAMPLES
@given(branches())
def test_what_one_side_left_alone_is_as_the_other_has_it(three_documents: tuple[Json, Json, Json]) -> None:
    base, x, _ = three(three_documents)
    for again in (base, wk.load(base.to_json())):
        assert wk.merge(base, again, x).world == x and wk.merge(base, x, again).world == x
        assert wk.merge(base, again, x).clean and wk.merge(base, x, again).clean


@FEW_EXAMPLES
@given(branches())
def test_what_both_sides_did_alike_is_done_once(three_documents: tuple[Json, Json, Json]) -> None:
    base, x, _ = three(three_documents)
    for again in (x, wk.load(x.to_json())):
        merge = wk.merge(base, x, again)
        assert merge.world == x and merge.clean


@MANY_EXAMPLES
@given(branches())
def test_a_merged_world_is_valid_and_names_nothing_that_neither_side_lacked(
    three_documents: tuple[Json, Json, Json],
) -> None:
    base, ours, theirs = three(three_documents)
    before = [world.to_json() for world in (base, ours, theirs)]
    merge = wk.merge(base, ours, theirs)
    assert wk.load(merge.world.to_json()) == merge.world
    assert not dangling(merge.world) - dangling(ours) - dangling(theirs)
    assert [world.to_json() for world in (base, ours, theirs)] == before
    paths = [conflict.path for conflict in merge.conflicts]
    assert len(set(paths)) == len(paths)


@MANY_EXAMPLES
@given(branches())
def test_what_a_merge_made_of_the_base_is_told_as_operations(three_documents: tuple[Json, Json, Json]) -> None:
    base, ours, theirs = three(three_documents)
    merge = wk.merge(base, ours, theirs)
    assert base.apply(merge.diff.ops) == merge.world


@FEW_EXAMPLES
@given(branches())
def test_a_merge_is_the_same_every_time(three_documents: tuple[Json, Json, Json]) -> None:
    one, other = (wk.merge(*three(three_documents)) for _ in range(2))
    assert one.world.to_json() == other.world.to_json() and one.to_dict() == other.to_dict()


@MANY_EXAMPLES
@given(branches())
def test_sides_changed_over_merge_to_the_same_but_for_order(three_documents: tuple[Json, Json, Json]) -> None:
    base, ours, theirs = three(three_documents)
    one, other = wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)
    assert len(one.conflicts) == len(other.conflicts) and conflicts(one) == conflicts(other)
    if one.clean:
        assert without_order(one.world.to_dict()) == without_order(other.world.to_dict())


PLACES = ["lane", "gate", "shed", "yard"]
places = st.sampled_from(PLACES)
videos = st.sampled_from(["a.mp4", "b.mp4"])
WAYS = world({id: {"base": f"The {id} is quiet."} for id in PLACES}, [go("walk", "lane", "gate")])
NAMING_FIELDS = {
    "entrance": st.fixed_dictionaries({"state": places}),
    "outro": st.fixed_dictionaries({"video": videos, "flag": st.just("key"), "state": places}),
    "cutscenes": st.tuples(
        st.fixed_dictionaries({"id": st.just("cut"), "video": videos, "from": places, "to": places})
    ).map(list),
    "sequences": st.lists(st.fixed_dictionaries({"state": places}), min_size=1, max_size=2).map(
        lambda beats: [{"id": "tour", "title": "Tour", "beats": beats}]
    ),
}


@st.composite
def naming_branches(draw: st.DrawFn) -> wk.World:
    """Return a world made of one by deleting states, and by naming some that the other side may delete."""
    document = WAYS.to_dict()
    scene = document["scene"]
    if draw(st.booleans()):
        scene["events"].append({"name": "run", "kind": "transition", "base": "Steps."})
    for event in scene["events"]:
        event["from"] = draw(st.lists(places, min_size=1, max_size=2, unique=True))
        event["to"] = draw(st.one_of(places, st.just("cut")))
    for field, values in NAMING_FIELDS.items():
        if draw(st.booleans()):
            document[field] = draw(values)
    for id in draw(st.lists(places, max_size=2, unique=True)):
        del scene["states"][id]
    return wk.load(document)


@MANY_EXAMPLES
@given(naming_branches(), naming_branches())
def test_what_one_side_names_and_the_other_deleted_is_disputed_alike_from_both_sides(
    ours: wk.World, theirs: wk.World
) -> None:
    one, other = wk.merge(WAYS, ours, theirs), wk.merge(WAYS, theirs, ours)
    assert len(one.conflicts) == len(other.conflicts) and conflicts(one) == conflicts(other)
    if one.clean:
        assert without_order(one.world.to_dict()) == without_order(other.world.to_dict())
    for side in ("ours", "theirs"):
        result = one
        while not result.clean:
            result = result.resolve(result.conflicts[0].path, side)
        assert not dangling(result.world) - dangling(ours) - dangling(theirs)


OLD_FLAGS, NEW_FLAGS = ["key", "lamp", "oil"], ["ready", "badge"]
LOCKS = world(
    {"lane": LANE, "gate": GATE},
    [
        event
        for flag in OLD_FLAGS
        for event in (
            go(f"take {flag}", "lane", "gate", grants=[flag]),
            go(f"use {flag}", "gate", "lane", requires=[flag]),
        )
    ],
)


@st.composite
def lock_branches(draw: st.DrawFn) -> wk.World:
    """Return a world made of one with flags, with some of them renamed and new events that need others."""
    side = LOCKS
    for old, new in draw(st.dictionaries(st.sampled_from(OLD_FLAGS), st.sampled_from(NEW_FLAGS), max_size=2)).items():
        if new not in side.flags:
            side = side.apply([{"op": "rename_flag", "from": old, "to": new}])
    for flag in draw(st.lists(st.sampled_from(OLD_FLAGS + NEW_FLAGS), max_size=2, unique=True)):
        if flag in OLD_FLAGS and flag not in side.flags:
            continue  # a flag that is still needed was not renamed
        side = side.apply([{"op": "add_event", "event": go(f"try {flag}", "lane", "gate", requires=[flag])}])
    return side


@MANY_EXAMPLES
@given(lock_branches(), lock_branches())
def test_renamed_flags_merge_alike_from_both_sides_and_no_two_become_one(ours: wk.World, theirs: wk.World) -> None:
    one, other = wk.merge(LOCKS, ours, theirs), wk.merge(LOCKS, theirs, ours)
    assert len(one.conflicts) == len(other.conflicts)
    if one.clean:
        assert without_order(one.world.to_dict()) == without_order(other.world.to_dict())
    for merge in (one, other, *(one.resolve_all(side) for side in ("ours", "theirs", "base"))):
        events = merge.world.events_by_name
        flags = [events[f"take {flag}"].grants for flag in OLD_FLAGS]
        assert [events[f"use {flag}"].requires for flag in OLD_FLAGS] == flags
        assert len({tuple(names) for names in flags}) == len(OLD_FLAGS)


SCENES = ["lane", "gate", "shed"]
NAMED_WAYS = [("walk", "lane", "gate"), ("walk", "gate", "shed"), ("look", "shed", "lane"), ("rest", "lane", "lane")]
SHARED_NAME_WORLD = world(
    {id: {"base": f"The {id} is quiet, and dust lies on every step of it."} for id in SCENES},
    [go(name, start, end, label=f"way {number}") for number, (name, start, end) in enumerate(NAMED_WAYS)],
)


@st.composite
def named_branches(draw: st.DrawFn) -> wk.World:
    """Return a world made of one in which two events share a name, with new names, and new items of such names."""
    names = ["attic", "cellar", "walk"]
    document = SHARED_NAME_WORLD.to_dict()
    states, events = document["scene"]["states"], document["scene"]["events"]
    for event in events:
        event["name"] = draw(st.sampled_from([event["name"], *names]))
    events += [go(name, "lane", "shed", label="new") for name in draw(st.lists(st.sampled_from(names), max_size=1))]
    for new in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
        old = draw(st.sampled_from([*SCENES, None]))
        if old is None:
            states[new] = {"base": f"Rain has come into the {new}."}
        elif old in states:
            document = wk.load(document).apply([{"op": "rename_state", "from": old, "to": new}]).to_dict()
            states = document["scene"]["states"]
    return wk.load(document)


@MANY_EXAMPLES
@given(named_branches(), named_branches())
def test_names_are_disputed_alike_from_both_sides_and_decided_for_good(ours: wk.World, theirs: wk.World) -> None:
    one, other = wk.merge(SHARED_NAME_WORLD, ours, theirs), wk.merge(SHARED_NAME_WORLD, theirs, ours)
    assert len(one.conflicts) == len(other.conflicts)
    assert conflicts(one) == conflicts(other)
    decided = [one.resolve_all(side) for side in ("ours", "theirs", "base")]
    assert all(merge.clean for merge in decided)
    for merge in (one, *decided):
        texts = {body.base for side in (ours, theirs) for body in side.states.values()}
        assert {body.base for body in merge.world.states.values()} == texts, "no two states became one"


EVENT_NAMES = ["enter", "walk", "go"]


@st.composite
def allowing_branch(draw: st.DrawFn) -> tuple[wk.World, wk.World]:
    """Return a world that allows findings in events, some of one name, and one made of it by renaming events."""
    names = draw(st.lists(st.sampled_from(EVENT_NAMES), min_size=1, max_size=3))
    ways = [go(name, "lane", "gate", label=f"{name} {number}", requires=[]) for number, name in enumerate(names)]
    allow = {f"event[{name}].label": ["count"] for name in draw(st.sets(st.sampled_from(names), min_size=1))}
    base = side = world({"lane": LANE, "gate": GATE}, ways, kernel={"allow": allow})
    for op in draw(st.lists(st.sampled_from(["rename", "rename", "add", "delete"]), min_size=1, max_size=4)):
        unused_names = [name for name in EVENT_NAMES if name not in side.events_by_name]
        if not (unused_names if op == "add" else side.events):
            continue
        old = draw(st.sampled_from(sorted(side.events_by_name))) if op != "add" else ""
        new = draw(st.sampled_from(unused_names or [old]))
        operations = {
            "rename": {"op": "rename_event", "from": old, "to": new},
            "add": {"op": "add_event", "event": go(new, "gate", "lane", label="back")},
            "delete": {"op": "delete_event", "name": old},
        }
        side = side.apply([operations[op]])
    if side.events:
        rules = st.sampled_from([["count"], ["negation"]])
        new_rules = draw(st.dictionaries(st.sampled_from(sorted(side.events_by_name)), rules, max_size=2))
        places = {f"event[{name}].label": rule for name, rule in new_rules.items()}
        kernel = {"allow": {**side.raw["kernel"]["allow"], **places}}
        side = side.apply([{"op": "put_world", "set": {"kernel": kernel}}])
    return base, side


@MANY_EXAMPLES
@given(allowing_branch())
def test_a_change_of_something_else_leaves_what_a_side_allows_as_it_is(worlds: tuple[wk.World, wk.World]) -> None:
    base, side = worlds
    note = [{"op": "put_world", "set": {"note": 1}}]
    other, expected = base.apply(note), side.apply(note)
    for merge in (wk.merge(base, side, other), wk.merge(base, other, side)):
        assert merge.clean
        assert merge.world.raw["kernel"] == expected.raw["kernel"]
        assert without_order(merge.world.to_dict()) == without_order(expected.to_dict())


def conflicts(merge: wk.Merge) -> set[str]:
    """Return the paths of conflicts; of two items that were given one name, it is theirs that is disputed."""
    return {conflict.path for conflict in merge.conflicts if not conflict.path.endswith("#id")}


ITEMS = {
    "cutscenes": lambda id, text: {"id": id, "video": text, "from": "lane", "to": "gate"},
    "sequences": lambda id, text: {"id": id, "title": text, "beats": [{"state": "lane"}]},
    "variants": lambda id, text: {"label": id, "base": text},
}
item_texts = st.dictionaries(st.sampled_from(["c1", "c2", "c3"]), st.sampled_from(["a.mp4", "b.mp4"]))


@FEW_EXAMPLES
@given(st.sampled_from(sorted(ITEMS)), item_texts, item_texts, item_texts)
def test_items_of_a_list_merge_each_by_itself_also_where_a_side_has_none(
    field: str, base_texts: dict[str, str], our_texts: dict[str, str], their_texts: dict[str, str]
) -> None:
    def branch(texts: dict[str, str]) -> wk.World:
        items = [ITEMS[field](id, text) for id, text in texts.items()]
        fields = {field: items} if items else {}
        states = {"lane": {**LANE, **(fields if field == "variants" else {})}, "gate": GATE}
        return world(states, [go("walk", "lane", "gate")], **({} if field == "variants" else fields))

    def texts_of(merged_world: wk.World) -> dict[str, str]:
        document = merged_world.raw
        items = (document["scene"]["states"]["lane"] if field == "variants" else document).get(field, ())
        return {item["label" if field == "variants" else "id"]: tuple(item.values())[1] for item in items}

    base, ours, theirs = map(branch, (base_texts, our_texts, their_texts))
    one, other = wk.merge(base, ours, theirs), wk.merge(base, theirs, ours)
    assert conflicts(one) == conflicts(other)
    expected, disputed = {}, set()
    for id in {*base_texts, *our_texts, *their_texts}:
        was, mine, yours = (texts.get(id) for texts in (base_texts, our_texts, their_texts))
        if mine == yours or yours == was:
            expected[id] = mine
        elif mine == was:
            expected[id] = yours
        else:
            disputed.add(id)
    if not disputed:
        assert one.clean and texts_of(one.world) == texts_of(other.world)
        assert texts_of(one.world) == {id: text for id, text in expected.items() if text is not None}
    for merge in (one, other):
        held_texts = texts_of(merge.world)
        assert disputed <= held_texts.keys()


def without_order(value: object) -> object:
    """Return a JSON value without the order of its lists; types told apart."""
    if isinstance(value, dict):
        return tuple(sorted((key, without_order(item)) for key, item in value.items())).__repr__()
    if isinstance(value, list):
        return tuple(sorted(str(without_order(item)) for item in value)).__repr__()
    return json.dumps(value)


@MANY_EXAMPLES
@given(branches(), st.sampled_from(["ours", "theirs", "base"]))
def test_every_conflict_can_be_resolved_for_a_side(three_documents: tuple[Json, Json, Json], side: str) -> None:
    base, ours, theirs = three(three_documents)
    merge = wk.merge(base, ours, theirs)
    result = merge
    for _ in range(60):
        if result.clean:
            break
        result = result.resolve(result.conflicts[0], side)
    assert result.clean and merge.resolve_all(side).clean
    assert wk.load(result.world.to_json()) == result.world
    assert not dangling(result.world) - dangling(ours) - dangling(theirs) - dangling(base)


@st.composite
def apart(draw: st.DrawFn) -> tuple[Json, Json, Json]:
    """Return a sound document and two made of it whose changes touch different items."""
    base = draw(documents(max_states=8, max_events=10))
    ours, theirs = copy.deepcopy(base), copy.deepcopy(base)
    for kind, field in (("states", "base"), ("events", "narration")):
        items = base["scene"][kind]
        keys = list(items) if kind == "states" else list(range(len(items)))
        for key in keys:
            side = draw(st.sampled_from([None, ours, theirs]))
            if side is not None:
                body = side["scene"][kind][key]
                body[field] = draw(prose)
                if kind == "events":
                    body["requires"] = draw(st.lists(flags, max_size=2, unique=True))
    for side, name in ((ours, "attic room"), (theirs, "cellar room")):
        if draw(st.booleans()):
            side["scene"]["states"][name] = {"base": f"The {name} is quiet, and dust lies on every step."}
            ways = [{"name": f"to the {name}", "kind": "transition", "from": [name], "to": name}]
            side["scene"]["events"] += ways
    return base, ours, theirs


@MANY_EXAMPLES
@given(apart())
def test_changes_to_different_items_are_no_conflict_and_all_there(three_documents: tuple[Json, Json, Json]) -> None:
    base, ours, theirs = three(three_documents)
    assume(not any(id in base.states for id in ("attic room", "cellar room")))
    merge = wk.merge(base, ours, theirs)
    assert merge.clean
    for kind in ("states", "events"):
        old, mine, other, now = (items(world, kind) for world in (base, ours, theirs, merge.world))
        assert now.keys() == mine.keys() | other.keys()
        for key, body in now.items():
            assert body == (other[key] if key not in mine or mine[key] == old.get(key) else mine[key])


def items(world: wk.World, kind: str) -> Json:
    """Return the states by id, or the events by name."""
    items = world.raw["scene"][kind]
    return dict(items) if kind == "states" else {event["name"]: event for event in items}


@FEW_EXAMPLES
@given(branches())
def test_shown_forms_hold_no_markup_and_steer_no_terminal(three_documents: tuple[Json, Json, Json]) -> None:
    merge = wk.merge(*three(three_documents))
    assert all(char.isprintable() or char in "\n\u200d" for char in repr(merge))
    assert "<script" not in merge._repr_html_()
    assert json.loads(json.dumps(merge.to_dict())) == merge.to_dict()


@FEW_EXAMPLES
@given(branches())
def test_nothing_new_dangles_by_kind_and_field_either(three_documents: tuple[Json, Json, Json]) -> None:
    base, ours, theirs = three(three_documents)
    merged_world = wk.merge(base, ours, theirs).world

    def loose(world: wk.World) -> set[tuple[str, str, str]]:
        return set(refs.count_dangling(world.raw, world.raw["scene"]["states"], world.raw["scene"]["events"]))

    items = {id for _, _, id in loose(ours) | loose(theirs)}
    assert {id for _, _, id in loose(merged_world)} <= items
