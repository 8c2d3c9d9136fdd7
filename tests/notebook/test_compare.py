"""The visual difference: two worlds on one map, a list of what differs, and the shell that answers about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import worldkit as wk
from tests.compare.documents import edits
from tests.compare.test_show import read
from tests.compare.worlds import BASE, GATE, LANE, go, world
from tests.growing import MAX_GROWTH, Work, growth
from tests.notebook import declared
from tests.notebook.conftest import RecordingComm
from worldkit import Comparison, FieldChange, MergeView, diff
from worldkit.comparison import ABSENT
from worldkit.widgets import changes as listing
from worldkit.widgets import protocol
from worldkit.widgets.changes import field_change_json
from worldkit.widgets.comparison import seed
from worldkit.widgets.overlay_graph import OverlayGraph, build_overlay_graph

EVIL = '<img src=x onerror="alert(1)">"\'</script>\u202e'


def overlay_of(a: wk.World, b: wk.World) -> OverlayGraph:
    return build_overlay_graph(a, b, diff(a, b))


def ways(overlay: OverlayGraph) -> list[tuple[str, str, str, str, str]]:
    """Return every way on the map: its event, mark, side, source and target."""
    return [
        (piece.label, piece.mark, piece.side, source, piece.to[0] if piece.to else "")
        for piece in overlay.pieces
        for source in piece.body["from"]
    ]


def ask(kind: str, **body: Any) -> dict[str, Any]:
    return {"type": kind, "id": "1", "view": "a", **body}


# ---- the map -------------------------------------------------------------------------------------


def test_what_both_worlds_have_stands_where_it_stood_and_a_rename_moves_nothing() -> None:
    a = wk.samples.load("lighthouse")
    b = a.apply(
        [
            {"op": "rename_state", "from": "kitchen", "to": "scullery"},
            {"op": "add_state", "id": "cellar", "state": {"base": "A cellar."}},
            {"op": "add_transition", "name": "down", "event": {"from": ["scullery"], "to": "cellar"}},
        ]
    )
    before = wk.edit(a).layout
    overlay = overlay_of(a, b)
    assert overlay.positions["scullery"] == before["kitchen"]
    assert all(overlay.positions[id] == place for id, place in before.items() if id != "kitchen")
    assert (
        overlay.positions["cellar"] not in before.values()
        and overlay.positions["cellar"][0] > overlay.positions["scullery"][0]
    )
    assert (overlay.marks, overlay.old_ids) == ({"scullery": "renamed", "cellar": "added"}, {"scullery": "kitchen"})


def test_places_can_be_given_by_ids_of_either_world() -> None:
    a = BASE
    b = a.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    delta = diff(a, b)
    assert build_overlay_graph(a, b, delta, {"lane": (900, 40)}).positions["road"] == (900, 40)
    assert build_overlay_graph(a, b, delta, {"road": (900, 40)}).positions["road"] == (900, 40)


def test_an_event_led_elsewhere_has_its_old_way_and_its_new_one() -> None:
    states = {"lane": LANE, "gate": GATE, "pond": {"base": "Ice."}}
    a, b = world(states, [go("walk", "lane", "gate")]), world(states, [go("walk", "lane", "pond")])
    assert ways(overlay_of(a, b)) == [
        ("walk", "changed", "after", "lane", "pond"),
        ("walk", "was", "before", "lane", "gate"),
    ]


def test_an_event_that_gains_a_source_keeps_the_way_it_had() -> None:
    states = {"lane": LANE, "gate": GATE, "pond": {"base": "Ice."}}
    a = world(states, [go("walk", "lane", "gate")])
    b = world(states, [{**go("walk", "lane", "gate"), "from": ["lane", "pond"]}])
    assert ways(overlay_of(a, b)) == [
        ("walk", "changed", "both", "lane", "gate"),
        ("walk", "changed", "after", "pond", "gate"),
    ]


def test_a_cutscene_that_leads_elsewhere_moves_the_ways_through_it() -> None:
    states = {"lane": LANE, "gate": GATE, "pond": {"base": "Ice."}}
    cutscene = {"id": "fall", "video": "fall.mp4", "from": "lane", "to": "gate"}
    a = world(states, [go("leap", "lane", "fall")], cutscenes=[cutscene])
    b = world(states, [go("leap", "lane", "fall")], cutscenes=[{**cutscene, "to": "pond"}])
    assert ways(overlay_of(a, b)) == [
        ("leap", "changed", "after", "lane", "pond"),
        ("leap", "was", "before", "lane", "gate"),
    ]


def test_a_way_to_a_removed_state_leads_there_before_and_nowhere_after() -> None:
    a = BASE
    raw = a.to_dict()
    del raw["scene"]["states"]["gate"]
    overlay = overlay_of(a, wk.load(raw))
    assert ways(overlay) == [("walk", "changed", "after", "lane", ""), ("walk", "was", "before", "lane", "gate")]
    assert overlay.marks == {"gate": "removed"}


def test_of_several_events_with_one_name_each_has_its_own_mark() -> None:
    states = {"lane": LANE, "gate": GATE}
    a = world(states, [go("walk", "lane", "gate"), go("walk", "gate", "lane")])
    b = world(states, [go("walk", "gate", "lane")])
    assert ways(overlay_of(a, b)) == [
        ("walk", "same", "both", "gate", "lane"),
        ("walk", "removed", "before", "lane", "gate"),
    ]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits())
def test_any_two_worlds_make_a_map_and_every_change_is_told(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    a, b = map(wk.load, pair)
    delta = diff(a, b)
    overlay = build_overlay_graph(a, b, delta)
    assert set(overlay.positions) == set(overlay.world.states) == set(b.states) | set(delta.states.removed)
    changes = listing.changes(a, b, delta, overlay)
    assert len([change for change in changes if change.kind != "world"]) == len(delta.states) + len(delta.events)
    assert all(number < len(overlay.pieces) for change in changes for number in change.pieces)
    message = seed(a, b, overlay, changes)
    assert json.loads(json.dumps(message, allow_nan=False)) == message


# ---- what is said --------------------------------------------------------------------------------


def test_a_text_is_told_by_words_a_list_by_items_and_all_else_whole() -> None:
    assert field_change_json(FieldChange("base", "An iron gate.", "An iron door.")) == {
        "path": "base",
        "words": [["same", "An iron "], ["del", "gate"], ["ins", "door"], ["same", "."]],
    }
    assert field_change_json(FieldChange("grants", ["key", "oil"], ["oil", "lamp"]))["items"] == [
        ["del", "key"], ["same", "oil"], ["ins", "lamp"],
    ]  # fmt: skip
    assert field_change_json(FieldChange("hidden", ABSENT, True)) == {"path": "hidden", "after": "true"}
    assert field_change_json(FieldChange("camera", {"fov": 1}, ABSENT)) == {"path": "camera", "before": '{"fov": 1}'}
    assert field_change_json(FieldChange("base", ABSENT, "New."))["words"] == [["ins", "New."]]


def test_what_is_the_same_is_left_out_far_from_a_change() -> None:
    long = "word " * 400
    pieces = field_change_json(FieldChange("base", f"{long}gate", f"{long}door"))["words"]
    assert pieces[0] == ["gap", "1,840"] and len(pieces[1][1]) == listing.CONTEXT_CHARACTERS
    assert [tag for tag, _ in pieces] == ["gap", "same", "del", "ins"]


def test_sentences_that_stayed_are_left_out_and_those_that_changed_are_whole() -> None:
    stayed = "An old bench stands under four lime trees. " * 6
    before, after = f"{stayed}The rain falls on it.", f"{stayed}The snow falls on it. A cat sleeps."
    pieces = field_change_json(FieldChange("base", before, after))["words"]
    assert pieces == [
        ["gap", str(len(stayed))],
        ["same", "The "],
        ["del", "rain"],
        ["ins", "snow"],
        ["same", " falls on it."],
        ["ins", " A cat sleeps."],
    ]


def test_the_subject_and_the_style_tail_in_a_base_are_left_out() -> None:
    layers = {"subject": "A guard in a grey coat.", "styleTail": "Even light lies over all."}
    a = world({"hall": {"base": "A guard in a grey coat. A hall. Even light lies over all."}}, [], **layers)
    tail = "Long shadows lie over all."
    b = a.apply(
        [
            {"op": "set_subject", "styleTail": tail},
            {"op": "set_field", "state": "hall", "field": "base", "value": f"{layers['subject']} A yard. {tail}"},
            {"op": "add_state", "id": "room", "state": {"base": f"{layers['subject']} A room. {tail}"}},
        ]
    )
    delta = diff(a, b)
    changes = {change.id: change for change in listing.changes(a, b, delta, build_overlay_graph(a, b, delta))}
    assert changes["hall"].fields == (FieldChange("base", "A hall.", "A yard."),)
    assert changes["room"].fields == (FieldChange("base", ABSENT, "A room."),)
    only_tail = a.apply([{"op": "set_subject", "styleTail": tail}, {
        "op": "set_field", "state": "hall", "field": "base", "value": f"{layers['subject']} A hall. {tail}"
    }])  # fmt: skip
    delta = diff(a, only_tail)
    [_, hall] = listing.changes(a, only_tail, delta, build_overlay_graph(a, only_tail, delta))
    assert hall.fields[0].after.endswith(tail)


def test_changes_are_listed_by_kind_in_the_order_of_the_world() -> None:
    a = wk.samples.load("bench")
    prose = a.states["lane"].base or ""
    b = a.apply(
        [
            {"op": "put_world", "set": {"subject": "A dog."}},
            {"op": "rename_state", "from": "lane", "to": "road"},
            {"op": "set_field", "state": "road", "field": "base", "value": prose + " A road."},
            {"op": "add_state", "id": "pond", "state": {"base": "Ice."}},
        ]
    )
    delta = diff(a, b)
    changes = listing.changes(a, b, delta, build_overlay_graph(a, b, delta))
    assert [(one.kind, one.id, one.marks, one.old_name) for one in changes] == [
        ("world", "subject", ("changed",), None),
        ("state", "road", ("renamed", "changed"), "lane"),
        ("state", "pond", ("added",), None),
    ]
    assert [field.path for field in changes[2].fields] == ["base"]


# ---- the shell -----------------------------------------------------------------------------------


@pytest.fixture
def comparison(comms: list[RecordingComm]) -> Comparison:
    a = wk.samples.load("bench")
    comparison = wk.compare(a, a.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A lane."}]))
    comparison.comm.take()
    return comparison


def exchange(comparison: Comparison, content: Any) -> dict[str, Any]:
    comparison.comm.receive(content)
    [reply] = comparison.comm.take()
    return dict(reply)


def test_opening_sends_both_worlds_and_what_differs(comms: list[RecordingComm]) -> None:
    a = BASE
    comparison = wk.compare(a, a.apply([{"op": "delete_event", "name": "walk"}]), height=400, theme="dark")
    [opening] = comparison.comm.published
    state = opening["state"]
    assert (state["height"], state["theme"], state["comparison"]["protocol"]) == (400, "dark", 1)
    assert state["comparison"]["pieces"] == [["removed", "before", 0]]
    assert state["comparison"]["changes"][0]["id"] == "walk"
    assert repr(comparison).endswith(": 1 difference")


def test_fields_and_play_are_told_when_asked_for(comparison: Comparison) -> None:
    reply = exchange(comparison, ask("fields", change=0))
    assert (reply["type"], reply["fields"][0]["path"]) == ("fields", "base")
    reply = exchange(comparison, ask("play"))
    assert reply["sentences"] == list(comparison.play.sentences)
    assert exchange(comparison, ask("hello"))["type"] == "accepted"


def test_fields_beyond_what_is_sent_at_once_are_sent_later() -> None:
    text = "word " * 200
    many = {f"s{n}": {"base": f"{n} {text}"} for n in range(900)}
    a, b = world({}, []), world(many, [])
    delta = diff(a, b)
    overlay = build_overlay_graph(a, b, delta)
    sent_changes = seed(a, b, overlay, listing.changes(a, b, delta, overlay))["changes"]
    assert sent_changes[0]["fields"] and sent_changes[-1]["fields"] is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ask("fields"), "invalid"),
        (ask("fields", change=True), "invalid"),
        (ask("fields", change=-1), "invalid"),
        (ask("edit"), "invalid"),
        (None, "invalid"),
        (ask("fields", change=99), "op"),
        (ask("hello", more="x" * protocol.MAX_BYTES), "oversize"),
    ],
)
def test_what_cannot_be_answered_is_refused_once(comparison: Comparison, content: Any, code: str) -> None:
    reply = exchange(comparison, content)
    assert (reply["type"], reply["code"]) == ("rejected", code) and reply["message"]


def test_only_worlds_are_compared() -> None:
    with pytest.raises(TypeError, match="expected a World"):
        wk.compare(BASE, BASE.to_dict())  # type: ignore[arg-type]


# ---- merging -------------------------------------------------------------------------------------


@pytest.fixture
def merging(comms: list[RecordingComm]) -> MergeView:
    lane = LANE["base"]
    ours = BASE.apply([{"op": "set_field", "state": "lane", "field": "base", "value": f"{lane} Ours."}])
    theirs = BASE.apply(
        [
            {"op": "set_field", "state": "lane", "field": "base", "value": f"{lane} Theirs."},
            {"op": "add_state", "id": "pond", "state": {"base": "Ice."}},
        ]
    )
    comparison = wk.compare(BASE, ours, theirs)
    comparison.comm.take()
    return comparison


def test_a_merge_shows_its_conflicts_and_what_it_makes_of_the_base(merging: MergeView) -> None:
    [conflict] = merging.comparison["conflicts"]
    assert (conflict["path"], conflict["picked"], conflict["nodes"]) == ("states.lane.base", "", [0])
    assert conflict["ours"][0]["words"][-1][0] == "ins" and conflict["theirs"] != conflict["ours"]
    assert "pond" in {change["id"] for change in merging.comparison["changes"]}
    assert merging.merged == merging.merge.world == merging.b
    assert repr(merging).endswith(": 1 conflict")


def test_what_a_view_is_told_of_many_decided_conflicts_costs_as_many_times_more_as_there_are_more_of_them() -> None:
    def prepare(count: int) -> Work:
        def variant(detail: str) -> wk.World:
            return world({"lane": LANE}, [go(f"turn {n}", "lane", "lane", detail=detail) for n in range(count)])

        merging = wk.compare(variant("Slowly."), variant("Quickly."), variant("At once."))
        merging.merge = merging.merge.resolve_all("ours")
        return merging._make_seed

    assert growth(prepare, 400) <= MAX_GROWTH


def test_a_side_picked_in_a_view_is_the_merged_world_and_nothing_moves(merging: MergeView) -> None:
    places = merging.comparison["layout"]
    merging.comm.receive(ask("resolve", conflict=0, side="theirs"))
    update, reply = merging.comm.take()
    assert reply["type"] == "accepted"
    assert update["state"]["comparison"]["conflicts"][0]["picked"] == "theirs"
    assert merging.merged.states["lane"].base == f"{LANE['base']} Theirs." and merging.merge.clean
    assert merging.comparison["layout"] == places
    merging.resolve("states.lane.base", "ours")
    assert merging.merged.states["lane"].base == f"{LANE['base']} Ours."
    with pytest.raises(wk.WrongArgument, match="give value="):
        merging.resolve("states.lane.base", "mine")  # type: ignore[arg-type]
    merging.resolve("states.lane.base", value="A word of my own.")
    assert merging.comparison["conflicts"][0]["picked"] == "value"
    assert repr(merging).endswith(": 0 conflicts, 1 decided")


def test_a_result_can_be_written_by_hand_in_a_view(merging: MergeView) -> None:
    [conflict] = merging.comparison["conflicts"]
    assert conflict["item"] == {"kind": "state", "id": "lane", "field": "base"}
    assert conflict["result"] == {"form": "text", "text": f"{LANE['base']} Ours."}
    merging.comm.receive(ask("write", conflict=0, text="A word of my own."))
    assert merging.comm.take()[-1]["type"] == "accepted"
    assert merging.merged.states["lane"].base == "A word of my own." and merging.merge.clean
    [decided] = merging.comparison["conflicts"]
    assert (decided["picked"], decided["result"]["text"]) == ("value", "A word of my own.")
    merging.comm.receive(ask("resolve", conflict=0, side="base"))
    assert merging.comm.take()[-1]["type"] == "accepted"
    [decided] = merging.comparison["conflicts"]
    assert (decided["picked"], decided["result"]["text"]) == ("base", LANE["base"])


def test_a_result_that_leads_nowhere_is_refused_and_nothing_is_decided(comms: list[RecordingComm]) -> None:
    states = {"lane": LANE, "gate": GATE, "pond": {"base": "Ice."}, "hill": {"base": "A hill."}}
    base, ours, theirs = (world(states, [go("walk", "lane", to)]) for to in ("gate", "pond", "hill"))
    view = wk.compare(base, ours, theirs)
    assert view.comparison["conflicts"][0]["result"] == {"form": "line", "text": "pond"}
    view.comm.take()
    refusal = exchange(view, ask("write", conflict=0, text="nowhere"))
    assert refusal["code"] == "op" and "nowhere" in refusal["message"] and not view.merge.resolved


def test_a_rename_that_the_other_side_rewrote_is_one_change_on_the_map_and_in_the_list(
    comms: list[RecordingComm],
) -> None:
    ours = BASE.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
    theirs = BASE.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Snow, and nothing else."}])
    view = wk.compare(BASE, ours, theirs)
    [change] = view.comparison["changes"]
    assert (change["id"], change["was"], change["marks"]) == ("road", "lane", ["renamed", "changed"])
    assert [field["path"] for field in change["fields"]] == ["base"]
    assert {mark for _, mark, _ in view.comparison["nodes"]} == {"renamed"}


def test_a_deleted_side_has_nothing_and_an_item_is_told_by_field(comms: list[RecordingComm]) -> None:
    ours = BASE.apply([{"op": "delete_state", "id": "gate"}])
    theirs = BASE.apply([{"op": "set_field", "state": "gate", "field": "base", "value": "A gate."}])
    conflicts = {one["path"]: one for one in wk.compare(BASE, ours, theirs).comparison["conflicts"]}
    assert conflicts["states.gate"]["ours"] == []
    assert [field["path"] for field in conflicts["states.gate"]["theirs"]] == ["base"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ask("resolve", conflict=9, side="ours"), "op"),
        (ask("resolve", conflict=0, side="mine"), "invalid"),
        (ask("resolve", conflict="0", side="ours"), "invalid"),
        (ask("write", conflict=9, text="x"), "op"),
        (ask("write", conflict=0, text=3), "invalid"),
        (ask("write", conflict=0, text="x" * 100_001), "invalid"),
    ],
)
def test_what_cannot_be_picked_is_refused(merging: MergeView, content: Any, code: str) -> None:
    assert exchange(merging, content)["code"] == code
    assert not merging.merge.resolved


def test_two_worlds_have_no_conflicts_to_decide(comparison: Comparison) -> None:
    assert exchange(comparison, ask("resolve", conflict=0, side="ours"))["code"] == "op"
    assert exchange(comparison, ask("write", conflict=0, text="x"))["code"] == "op"


def test_a_merge_says_what_neither_side_had_wrong_and_reads_without_a_kernel(merging: MergeView) -> None:
    assert exchange(merging, ask("play"))["sentences"]
    data, _ = merging._repr_mimebundle_()
    assert "states.lane.base" in read(data["text/html"]).text


def test_the_effects_on_play_are_those_of_the_merge_as_it_is_now(comms: list[RecordingComm]) -> None:
    base = world(
        {"a": {"base": "A."}, "b": {"base": "B.", "ending": {"kind": "win", "title": "T"}}}, [go("on", "a", "b")]
    )
    ours = base.apply([{"op": "delete_event", "name": "on"}])
    theirs = base.apply([{"op": "update_event", "name": "on", "set": {"label": "On we go"}}])
    view = wk.compare(base, ours, theirs)
    [conflict] = view.merge.conflicts
    sentences = {}
    for side in ("ours", "theirs"):
        view.resolve(conflict.path, side)
        sentences[side] = (view.play.sentences, view._pacing)
        now = wk.compare(base, view.merged)
        assert sentences[side] == (now.play.sentences, now._pacing)
    assert sentences["ours"] != sentences["theirs"]


def test_the_page_of_a_merge_tells_of_open_conflicts(merging: MergeView) -> None:
    page = read(merging.to_html())
    assert "1 conflict" in page.text and "states.lane.base" in page.text
    merging.resolve("states.lane.base", "ours")
    assert "1 decided" in read(merging.to_html()).text


# ---- where nothing runs --------------------------------------------------------------------------


def hostile() -> tuple[wk.World, wk.World]:
    a = world({EVIL: {"base": EVIL}, "b": {"base": "x"}}, [go(EVIL, EVIL, "b")], name=EVIL)
    b = world({f"{EVIL}2": {"base": EVIL}, "b": {"base": EVIL}}, [go("on", f"{EVIL}2", "b")], name=EVIL, **{EVIL: EVIL})
    return a, b


def test_the_output_of_a_cell_reads_without_a_kernel(comparison: Comparison) -> None:
    data, _ = comparison._repr_mimebundle_(include=None, exclude=None)
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
    page = read(data["text/html"])
    assert {"svg", "ins", "del"} <= page.tags and "1 difference" in page.text and "Changed" in page.text


def test_a_page_stands_alone_and_text_in_it_is_only_text(comms: list[RecordingComm], tmp_path: Any) -> None:
    comparison = wk.compare(*hostile())
    path = tmp_path / "page.html"
    text = comparison.to_html(path)
    assert path.read_text(encoding="utf-8") == text and text.startswith("<!doctype html>")
    page = read(text)
    assert not page.tags & {"script", "iframe", "link"}
    assert not {name for name in page.attributes if name.startswith("on")}
    assert text.count("<img ") == text.count('<img src="data:image/svg+xml;base64,')
    assert "\u202e" not in text


def test_a_line_break_that_came_is_seen_on_the_page(comms: list[RecordingComm]) -> None:
    texts = ("A stone lane.\nA lamp burns.", "A stone lane.\n\nA lamp burns.")
    before, after = (world({"lane": {"base": text}}, []) for text in texts)
    page = wk.compare(before, after).to_html()
    assert "<ins>⏎" in page and page.count("⏎") == wk.compare(after, before).to_html().count("⏎")


def test_two_versions_of_one_name_are_named_once_on_the_page(comms: list[RecordingComm]) -> None:
    lane, road = (wk.World.from_dict(BASE.to_dict() | {"name": name}) for name in ("Lane", "Road"))
    assert '<p class="soft">Lane</p>' in wk.compare(lane, lane).to_html()
    assert '<p class="soft">Lane → Road</p>' in wk.compare(lane, road).to_html()


def test_equal_worlds_and_empty_ones_have_a_page(comms: list[RecordingComm]) -> None:
    assert "No difference" in wk.compare(BASE, BASE).to_html()
    assert "<svg" not in wk.compare(world({}, []), world({}, [])).to_html()


def test_a_state_whose_prose_changed_is_shown_as_it_looked_and_looks() -> None:
    a = wk.samples.load("lighthouse")
    b = a.apply(
        [
            {"op": "set_field", "state": "kitchen", "field": "base", "value": "A wide desert under a low sun."},
            {"op": "update_state", "id": "yard", "patch": {"arriveLabel": "a gate"}},
            {"op": "add_state", "id": "cellar", "state": {"base": "A brick cellar."}},
            {"op": "rename_state", "from": "gallery", "to": "balcony"},
        ]
    )
    view = Comparison(a, b)
    numbers = {change.id: number for number, change in enumerate(view._changes)}
    here = protocol.Address("1", "a")
    looks = {id: view.answer(ask("change_pictures", change=number), here) for id, number in numbers.items()}
    for reply in looks.values():
        declared.check({"content": reply})
    assert {id: [reply[side] is not None for side in ("before", "after")] for id, reply in looks.items()} == {
        "kitchen": [True, True],
        "yard": [True, True],
        "cellar": [False, True],
        "balcony": [True, True],
    }
    assert looks["kitchen"]["before"]["layers"] != looks["kitchen"]["after"]["layers"]
    assert looks["yard"]["before"]["layers"] == looks["yard"]["after"]["layers"]
    assert view.answer(ask("change_pictures", change=99), here)["type"] == "rejected"
    page = view.to_html()
    assert page.count('<img src="data:image/svg+xml;base64,') == 5 and "<script" not in page


def test_a_revision_shows_its_instruction_and_is_accepted_in_the_open_editor_of_its_world(
    comms: list[RecordingComm],
) -> None:
    before = wk.World.from_dict(wk.samples.load("bench").to_dict() | {"name": "A world of its own"})
    revision = wk.revise(before, "make the lane colder", model="templates")
    shown = revision.comparison
    words = {"instruction": "make the lane colder", "reply": revision.reply}
    assert shown.proposal == {**words, "isAccepted": False}
    to = protocol.address(ask("accept"))
    assert "no editor of this world is open" in shown.answer(ask("accept"), to)["message"]
    editor = wk.edit(before)
    assert shown.answer(ask("accept"), to)["type"] == "accepted"
    assert editor.world == revision.world and shown.proposal["isAccepted"]
    assert "accepted already" in shown.answer(ask("accept"), to)["message"]
    assert wk.compare(before, revision.world).answer(ask("accept"), to)["type"] == "rejected"


def test_that_a_fork_has_no_id_of_its_own_yet_is_no_difference() -> None:
    base = wk.samples.load("lighthouse")
    fork = base.fork(name=base.name).apply(
        [{"op": "set_field", "state": "yard", "field": "base", "value": "A yard of snow."}]
    )
    assert [(change["kind"], change["id"]) for change in wk.compare(base, fork).comparison["changes"]] == [
        ("state", "yard")
    ]
    renamed = wk.load({**base.to_dict(), "id": "another"})
    assert [change["id"] for change in wk.compare(base, renamed).comparison["changes"]] == ["id"]
