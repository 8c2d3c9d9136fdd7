"""A thousandth of ``make fuzz`` through the same code, and every input that once failed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.fuzz import corpus
from tests.fuzz.mutate import mutate
from tests.fuzz.run import run, shares
from tests.fuzz.targets import TARGETS, Server, Target
from tests.server.running import Scripted, Seer, quick, running
from worldkit import Sample, WorldError, edit, play

HYPOTHESIS_SETTINGS = settings(max_examples=60, deadline=None)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 2**63])
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["lane", "gate", "key", "walk", "\ud800", "labels", "luminance"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(), max_size=4) | st.sampled_from(["labels", "state", "op"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("kind", TARGETS, ids=[kind.name for kind in TARGETS])
def test_a_thousandth_of_the_fuzzing_finds_nothing(kind: type[Target]) -> None:
    target = kind()
    try:
        tally = run(target, 7, range(shares(1_000)[kind]), limit_s=30)
    finally:
        target.close()
    assert tally.failures == {}
    assert tally.outcomes["taken"] > 0 and tally.outcomes["refused"] > 0, "both sides of the door were tried"


# ---- any value at every door ---------------------------------------------------------------------


def refuses_or_takes(call: Any) -> None:
    """Call, and let through only what worldkit refuses with."""
    try:
        call()
    except WorldError as error:
        str(error).encode()


@HYPOTHESIS_SETTINGS
@given(values)
def test_any_value_is_taken_or_refused_at_every_door(value: Any) -> None:
    world = corpus.worlds()[0]
    session = wk.Session(world)
    trace = corpus.traces()[0]
    for call in (
        lambda: wk.load({"scene": value}),
        lambda: wk.load({**corpus.HOUSE, "x": value}),
        lambda: wk.load({**corpus.HOUSE, "scene": {"states": value, "events": []}}),
        lambda: wk.World.from_dict(value),
        lambda: world.apply(value),
        lambda: world.apply([value]),
        lambda: world.apply([{"op": "set_outro", "video": "v", "flag": "f", "state": value}]),
        lambda: world.apply([{"op": "put_world", "set": value}]),
        lambda: wk.merge(world, world, value),
        lambda: wk.replay(world, value),
        lambda: wk.replay(world, {**trace, "steps": value}),
        lambda: wk.replay(world, {**trace, "start": value}),
        lambda: session.observe(value),
        lambda: session.observe({"labels": value}),
        lambda: session.observe({"luminance": value}),
        lambda: session.fire(value),
        lambda: session.begin(value),
        lambda: session.begin({"state": "gate", "flags": value}),
        lambda: wk.Session(world, at={"state": "gate", "used": value}),
        lambda: Sample.of(value),
        lambda: wk.Campaign.from_dict(value),
        lambda: wk.CampaignTrace.from_dict(value),
        lambda: wk.Trace.from_dict(value),
        lambda: wk.Position.from_dict(value),
    ):
        refuses_or_takes(call)


@HYPOTHESIS_SETTINGS
@given(st.data())
def test_any_message_gets_one_reply_and_a_refusal_changes_nothing(data: st.DataObject) -> None:
    world = corpus.worlds()[0]
    messages: list[Any] = []
    for widget, kinds in ((edit(world), ("edit", "move", "fix", "reconcile")), (play(world), ("act", "script"))):
        widget.send = lambda content, buffers=None: messages.append(content)
        fields = st.fixed_dictionaries(
            {"type": st.sampled_from(kinds)},
            optional=dict.fromkeys(("base", "ops", "positions", "label", "item", "lint", "picks", "choice"), values)
            | dict.fromkeys(("ms", "event", "text", "sample", "position", "to", "flag", "kind", "id", "view"), values)
            | {"action": st.sampled_from(["fire", "wait", "observe", "begin", "jump", "open", "grant"])},
        )
        message = data.draw(fields | values)
        before = widget.session.trace if hasattr(widget, "session") else (widget.world.raw, dict(widget.layout))
        messages.clear()
        widget._receive(widget, message)
        [reply] = [one for one in messages if one["type"] not in ("changed", "now")]
        json.dumps(reply, allow_nan=False, ensure_ascii=False).encode()
        if reply["type"] == "rejected":
            assert reply["code"] != "internal"
            after = widget.session.trace if hasattr(widget, "session") else (widget.world.raw, dict(widget.layout))
            assert after == before


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    from random import Random

    server.begin(Random(0))
    yield server
    server.close()


@HYPOTHESIS_SETTINGS
@given(data=st.data())
def test_any_body_is_answered_with_success_or_a_4xx_by_every_route(server: Server, data: st.DataObject) -> None:
    rng = data.draw(st.randoms(use_true_random=False))
    method, path, good = corpus.request(rng, server._id, server._version)  # type: ignore[arg-type]
    body = data.draw(
        values | st.just({**good, **data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(good, values)))})
    )
    status, _ = server.ask(method, path, json.dumps(body).encode())
    assert 200 <= status < 500


def test_any_body_is_answered_so_over_real_http_too(tmp_path_factory: pytest.TempPathFactory) -> None:
    from random import Random

    rng = Random(3)
    folder = tmp_path_factory.mktemp("fuzz")
    with running(quick(folder / "worlds.db", generator=Scripted(), vision=Seer())) as here:
        client = here.client(here.app().secret)
        id = client.post("/v1/worlds", json={"world": corpus.HOUSE}).json()["worldId"]
        version = client.post(f"/v1/worlds/{id}/versions", json={}).json()["versionId"]
        for _ in range(150):
            method, path, body = corpus.request(rng, id, version)
            text = json.dumps(mutate(rng, body, corpus.documents()))
            answer = client.request(method, path, content=text, headers={"Content-Type": "application/json"})
            assert 200 <= answer.status_code < 500, (method, path, text)


# ---- inputs that once failed ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ['{"x": "\ud800"}', '{"\ud800": 1}', '["\udc00"', '{"x": "\\ud800"}'])
def test_a_text_with_half_a_surrogate_pair_is_refused(text: str) -> None:
    with pytest.raises(wk.InvalidWorld, match="surrogate"):
        wk.load(text)


@pytest.mark.parametrize("state", [{}, [], 1, {"lane": 1}, [["lane"]]])
def test_an_outro_in_something_that_is_no_id_is_refused(state: Any) -> None:
    with pytest.raises(wk.OpError):
        corpus.worlds()[0].apply([{"op": "set_outro", "video": "v", "flag": "f", "state": state}])


def test_the_name_of_an_unknown_operation_can_be_written_anywhere() -> None:
    with pytest.raises(wk.OpError) as error:
        corpus.worlds()[0].apply([{"op": "\ud800update_state"}])
    str(error.value).encode()


INVALID_SAMPLES: list[Any] = [
    *({"labels": labels} for labels in (True, 3, b"ab", [[1]], [[]], [{}], ["a", 1], [["a", 1, 2]], {"a": 10**400})),
    *({"luminance": 10**400}, {"motion": float("nan")}, {1: 2}),
]


@pytest.mark.parametrize("depth", [150, 190, 193, 194, 195, 196, 197, 198])
def test_an_edit_never_makes_a_world_too_deep_to_be_read_again(depth: int) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    world = corpus.worlds()[0]
    for op in (
        {"op": "add_story_beat", "summary": "S.", "x": value},
        {"op": "set_variant_field", "state": "lane", "label": "B", "field": "x", "value": value},
        {"op": "add_event", "name": "new", "kind": "override", "from": ["lane"], "x": value},
        {
            "op": "add_mission",
            "mission": {"id": "n", "title": "N", "objectives": [{"id": "o", "text": "T", "x": value}]},
        },
    ):
        try:
            result = world.apply([op])
        except wk.OpError as error:
            assert depth > 190 or "levels" not in error.reason, error  # noqa: PT017
        else:
            assert wk.load(result.to_json()) == result


@pytest.mark.parametrize("sample", INVALID_SAMPLES)
def test_a_sample_that_is_none_is_refused(sample: Any) -> None:
    session = wk.Session(corpus.worlds()[0])
    with pytest.raises(WorldError, match="not a sample"):
        session.observe(sample)
    assert session.seen is None


@pytest.mark.parametrize(
    "place", [[10**400, 0], [0, -(10**400)], [float("nan"), 0], [1e8, 0], [True, 0], ["1", 0], [0]]
)
def test_a_card_that_is_put_nowhere_is_refused(place: Any) -> None:
    editor = edit(corpus.worlds()[0])
    messages: list[Any] = []
    editor.send = lambda content, buffers=None: messages.append(content)
    editor._receive(editor, {"type": "move", "id": "1", "positions": {"lane": place}})
    [reply] = messages
    assert (reply["type"], reply["code"]) == ("rejected", "invalid")


@pytest.mark.parametrize("flags", [[{}], [[]], [1], "key", {"key": 1}, 3, None, [None]])
def test_a_position_with_something_else_among_its_flags_is_refused(flags: Any) -> None:
    with pytest.raises(WorldError, match=r"not a position"):
        wk.Session(corpus.worlds()[0], at={"state": "gate", "flags": flags})


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "an empty text names no file"),
        ("\0", "can be no file's name"),
        ("a\0b.json", "can be no file's name"),
        ("x" * 5_000, "cannot be read"),
        (".", "is a folder"),
        ("https://example.org/w.json", "fetch it, and load what came"),
        ("s3://bucket/w.json", "is an address"),
        ("nowhere.json", "there is no such file"),
        ("null", "JSON text begins with { or ["),
        (b"\xff", "not UTF-8 text: byte 0"),
        (b"{}", "expected"),
        (None, "expected a path, JSON text or a dict"),
        (open, "expected a path, JSON text or a dict"),
    ],
)
def test_a_source_that_holds_no_world_is_refused_in_words(source: Any, message: str) -> None:
    with pytest.raises(WorldError) as error:
        wk.load(source)
    assert message in str(error.value) and len(str(error.value)) < 1_000


def test_a_file_that_cannot_be_read_is_an_error_of_the_system_and_of_worldkit() -> None:
    with pytest.raises(FileNotFoundError) as missing:
        wk.load("nowhere.json")
    assert isinstance(missing.value, WorldError) and missing.value.filename == "nowhere.json"
    with pytest.raises(OSError, match="is a folder") as folder:
        wk.load(".")
    assert isinstance(folder.value, WorldError) and folder.value.errno


def test_the_bytes_of_a_document_are_read_as_its_text_is() -> None:
    text = json.dumps(corpus.HOUSE)
    assert wk.load(text.encode()) == wk.load(b"\xef\xbb\xbf" + text.encode()) == wk.load(text)
