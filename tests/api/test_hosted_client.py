"""Both clients against the double of the hosted API, over real HTTP: every call, every fault, every lost answer."""

from __future__ import annotations

import asyncio
import copy
import pickle
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.hosted_double import ACCOUNT, GENERATED, HOSTED_OPS, PUBLISHABLE, SECRET, Faults, HostedDouble
from tests.api.scripted import Answer, Json, Scripted, Slept, serving
from tests.edit.ops_strategy import operations
from worldkit.editing.likeness import unlike_items
from worldkit.stores.api.retry import MAX_CACHED_WRITES

PAIR = {"static": "Eye level.", "dynamic": "Follows."}


def state(base: str, **fields: Any) -> Json:
    return {"base": base, "camera": PAIR, "movement": PAIR, **fields}


def way(name: str, source: str, to: str, **fields: Any) -> Json:
    return {"name": name, "kind": "transition", "from": [source], "to": to, **fields}


LANE: Json = {
    "name": "Lane",
    "entrance": {"state": "lane"},
    "scene": {
        "states": {id: state(f"A {id}.") for id in ("lane", "gate", "home", "shed")},
        "events": [
            way("walk", "lane", "gate"),
            way("knock", "gate", "home"),
            way("back", "gate", "lane"),
            way("leave", "shed", "lane"),
        ],
    },
}


def prose(text: str, id: str = "lane") -> Json:
    return {"op": "set_field", "state": id, "field": "base", "value": text}


@pytest.fixture
def double() -> HostedDouble:
    return HostedDouble()


@pytest.fixture
def server(double: HostedDouble) -> Iterator[Scripted]:
    with serving(double.handle) as server:
        yield server


@pytest.fixture
def sleep() -> Slept:
    return Slept()


@pytest.fixture
def api(server: Scripted, sleep: Slept) -> Iterator[wk.Client]:
    with wk.Client(SECRET, server.url, sleep=sleep, clock=sleep.clock) as client:
        yield client


@pytest.fixture
def lane(api: wk.Client, double: HostedDouble) -> wk.StoredWorld:
    return api.get(double.add(LANE))


def is_mirror(stored: wk.StoredWorld, double: HostedDouble) -> bool:
    """Say whether a stored world is what the server holds, at its revision."""
    return stored.world.to_dict() == double.worlds[stored.id] and stored.rev == double.revs[stored.id]


# ---- the server is found out -------------------------------------------------------------------


def test_a_server_that_announces_nothing_takes_the_nine_operations(api: wk.Client, lane: wk.StoredWorld) -> None:
    assert api.dialect == "hosted"


def test_before_the_first_write_a_server_is_asked_what_it_is(double: HostedDouble, server: Scripted) -> None:
    id = double.add(LANE)
    with wk.Client(SECRET, server.url) as api:
        assert api.dialect is None
        api.apply(id, [prose("Rain.")])
        assert api.dialect == "hosted"
    assert [request.method for request in server.seen] == ["GET", "GET", "POST"]


@pytest.mark.parametrize("name", ["hosted", "worldkit", "studio"])
def test_a_dialect_can_be_given_and_survives_a_pickle(server: Scripted, name: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("ALAKAZAM_API_KEY", SECRET)
    client = wk.Client(SECRET, server.url, dialect=name)
    client.usage()
    assert client.dialect == pickle.loads(pickle.dumps(client)).dialect == name


def test_an_unknown_dialect_is_refused_and_the_hosted_address_is_known() -> None:
    with pytest.raises(wk.WrongArgument, match='"hosted", "worldkit" or "studio"'):
        wk.Client(SECRET, dialect="klingon")
    assert wk.Client(SECRET).dialect == "hosted"


@pytest.mark.parametrize(("dialect", "header"), [(None, "worldkit"), ("worldkit", "worldkit"), ("hosted", None)])
def test_a_server_is_asked_for_worldkits_dialect_unless_another_one_is_given(
    dialect: str | None, header: str | None, server: Scripted
) -> None:
    wk.Client(SECRET, server.url, dialect=dialect).usage()
    assert server.seen[0].headers.get("x-worldkit-dialect") == header


# ---- reading -----------------------------------------------------------------------------------


def test_a_flat_world_is_read_with_the_revision_of_its_etag(lane: wk.StoredWorld, double: HostedDouble) -> None:
    assert is_mirror(lane, double) and not lane.rev.isdecimal() and lane.world.rev == lane.rev
    assert lane.world.id == lane.id


def test_local_edits_of_a_world_with_an_opaque_revision_count_on(lane: wk.StoredWorld) -> None:
    once = lane.world.apply([prose("Rain.")], rev=lane.rev)
    assert once.rev == f"{lane.rev}+1" and once.apply([prose("Snow.")]).rev == f"{lane.rev}+2"
    with pytest.raises(wk.Conflict):
        lane.world.apply([prose("Rain.")], rev="another")


def test_an_enveloped_world_is_read_too(lane: wk.StoredWorld) -> None:
    answer = Answer({"world": lane.world.to_dict()}, headers={"ETag": '"x9"'})
    with serving(answer) as server:
        stored = wk.Client(SECRET, server.url).get(lane.id)
    assert (stored.world, stored.rev) == (lane.world, "x9")


# ---- writing: lowered before -------------------------------------------------------------------


def test_a_local_operation_reaches_the_server_in_one_request(
    lane: wk.StoredWorld, double: HostedDouble, server: Scripted
) -> None:
    before = len(server.seen)
    after = lane.apply([{"op": "rename_state", "from": "gate", "to": "arch"}])
    (request,) = server.seen[before:]
    assert {op["op"] for op in request.body["ops"]} <= set(HOSTED_OPS)
    assert request.headers["if-match"] == request.body["expectedRev"] == lane.rev
    assert is_mirror(after, double) and set(after.world.states) == {"lane", "arch", "home", "shed"}
    again = after.apply([prose("Rain.")])  # the next write needs no reading either
    assert len(server.seen) == before + 2 and is_mirror(again, double)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_batch_makes_the_world_it_makes_locally_or_is_refused_before_anything_is_sent(data: st.DataObject) -> None:
    double = HostedDouble()
    with serving(double.handle) as server, wk.Client(SECRET, server.url, dialect="hosted") as api:
        stored = api.get(double.add(LANE))
        batch = data.draw(st.lists(operations(stored.world.raw), min_size=1, max_size=3))
        rev = double.revs[stored.id]
        try:
            after = stored.apply(batch)
        except (wk.OpError, wk.RuleViolation):
            assert double.revs[stored.id] == rev and all(request.method == "GET" for request in server.seen)
            return
        assert is_mirror(after, double)
        local = stored.world.apply(batch)
        unlike = list(unlike_items(local.to_dict(), after.world.to_dict()))
        assert all(item.field in ("camera", "movement", "to") for item in unlike)


def test_what_cannot_be_expressed_is_refused_by_name_before_anything_is_sent(
    lane: wk.StoredWorld, server: Scripted
) -> None:
    before = len(server.seen)
    with pytest.raises(wk.NotExpressible, match=r'operation 1 .set_subject. .*"subject"') as error:
        lane.apply([prose("Rain."), {"op": "set_subject", "subject": "A courier."}])
    assert (error.value.index, error.value.op, error.value.fields) == (1, "set_subject", ("subject",))
    assert len(server.seen) == before


def test_with_partial_the_rest_is_sent_and_what_stayed_local_is_said(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    ops = [prose("Rain."), {"op": "set_subject", "subject": "A courier."}]
    after = api.apply(lane.id, ops, rev=lane.rev, partial=True)
    assert after.world.states["lane"].base == "Rain." and after.world.subject is None and is_mirror(after, double)
    (note,) = [one for one in after.diagnostics if one.lint == "not-sent"]
    assert note.item == wk.Item("world", field="subject") and "stays local" in note.message


def test_a_structural_error_is_refused_before_anything_is_sent(lane: wk.StoredWorld, server: Scripted) -> None:
    before = len(server.seen)
    with pytest.raises(wk.RuleViolation) as error:
        lane.apply([{"op": "put_event", "name": "walk", "event": way("walk", "lane", "moon"), "force": True}])
    assert [one.lint for one in error.value.diagnostics] == ["dangling-ref"] and len(server.seen) == before


def test_a_batch_that_changes_nothing_writes_nothing(lane: wk.StoredWorld, server: Scripted) -> None:
    before = len(server.seen)
    assert lane.apply([prose("A lane.")]).rev == lane.rev
    assert [request.method for request in server.seen[before:]] == ["GET"]


def test_a_cascade_is_reported_though_the_server_knows_none(lane: wk.StoredWorld) -> None:
    after = lane.apply([{"op": "delete_state", "id": "shed"}])
    assert {note.lint for note in after.diagnostics} == {"cascade"} and "leave" not in after.world.events_by_name
    with pytest.raises(wk.RuleViolation, match="no destination"):
        after.apply([{"op": "delete_state", "id": "home"}])  # an event would lead nowhere, which the server refuses


# ---- writing: compared after -------------------------------------------------------------------


def test_an_edit_that_was_dropped_is_told_and_the_mirror_takes_the_answer(
    lane: wk.StoredWorld, double: HostedDouble
) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises(wk.PartlyApplied, match=r"1 of 2 operations was not applied; the rest is stored") as partly:
        lane.apply([prose("Rain."), prose("Rust.", "gate")])
    error = partly.value
    assert error.errors == ("update_state: 'gate' was not applied",)
    assert [one.item for one in error.diagnostics] == [wk.Item("state", "gate", "base")]
    assert is_mirror(error.stored, double) and (error.world, error.rev) == (error.stored.world, error.stored.rev)
    assert (error.world.states["lane"].base, error.world.states["gate"].base) == ("Rain.", "A gate.")
    assert error.expected.states["gate"].base == "Rust." and [op["id"] for op in error.ops] == ["lane", "gate"]
    assert pickle.loads(pickle.dumps(error)).errors == error.errors
    # what is tried again goes on from the mirror
    assert error.stored.apply([prose("Rust.", "gate")]).world.states["gate"].base == "Rust."


def test_a_single_call_that_was_not_applied_names_what_it_would_have_added(double: HostedDouble) -> None:
    id = double.add(LANE)

    def handle(request: Any) -> Answer:
        if request.method == "POST":
            return double.answer(id, applyErrors=["the climb was not applied"])
        return double.handle(request)

    with serving(handle) as server, wk.Client(SECRET, server.url, sleep=Slept()) as api:
        api.get(id)
        for call, item in (
            (lambda: api.add_event(id, way("climb", "lane", "home")), wk.Item("event", "climb")),
            (lambda: api.add_event(id, {"kind": "transition", "from": ["lane"], "to": "home"}), wk.Item("world")),
            (lambda: api.add_state(id, {"base": "Dust."}, state="attic"), wk.Item("state", "attic")),
            (lambda: api.add_state(id, {"base": "Dust."}), wk.Item("world")),
        ):
            with pytest.raises(wk.PartlyApplied) as partly:
                call()
            assert [note.item for note in partly.value.diagnostics] == [item]
            assert is_mirror(partly.value.stored, double)


def test_an_edit_that_was_ignored_in_silence_is_found_by_comparing(lane: wk.StoredWorld, double: HostedDouble) -> None:
    double.faults = Faults(ignore={"gate", "walk"})
    with pytest.raises(
        wk.NotAsApplied, match="reported success, but its world is not what was asked for"
    ) as error_info:
        lane.apply(
            [prose("Rain."), prose("Rust.", "gate"), {"op": "update_event", "name": "walk", "patch": {"base": "Go."}}]
        )
    error = error_info.value
    assert [one.item for one in error.diagnostics] == [
        wk.Item("state", "gate", "base"),
        wk.Item("event", "walk", "base"),
    ]
    assert '"A gate." where "Rust." was sent' in error.diagnostics[0].message
    assert is_mirror(error.stored, double) and error.diff.states.changed.keys() == {"gate"}


@pytest.mark.parametrize(
    "ops",
    [
        [{"op": "add_state", "id": "attic", "base": "Dust."}],
        [{"op": "delete_state", "id": "shed"}],
        [{"op": "add_event", **way("climb", "lane", "home")}],
        [{"op": "delete_event", "name": "walk"}],
    ],
)
def test_an_item_that_was_not_added_or_not_deleted_is_named(
    ops: list[Json], lane: wk.StoredWorld, double: HostedDouble
) -> None:
    name = ops[0].get("id") or ops[0]["name"]
    double.faults = Faults(ignore={name})
    with pytest.raises(wk.NotAsApplied) as error:
        lane.apply(ops)
    assert name in {one.item.id for one in error.value.diagnostics}
    assert "the server still has it" in str(error.value) or "the server does not have it" in str(error.value)


def test_a_single_call_is_compared_too(api: wk.Client, lane: wk.StoredWorld, double: HostedDouble) -> None:
    double.faults = Faults(ignore={"gate"})
    with pytest.raises(wk.NotAsApplied) as error:
        api.update_state(lane.id, "gate", {"narration": "Rust."}, rev=lane.rev)
    assert [one.item.field for one in error.value.diagnostics] == ["narration"]


def test_another_order_of_keys_nulls_and_states_is_no_difference(lane: wk.StoredWorld, double: HostedDouble) -> None:
    write = double.answer

    def rewritten(id: str, **more: Any) -> Answer:
        answer = write(id, **more)
        world = answer.body["world"]
        scene = world["scene"]
        states = dict(reversed([(id, {**one, "ambient": None}) for id, one in scene["states"].items()]))
        events = [dict(reversed({**event, "hotkey": None}.items())) for event in scene["events"]]
        answer.body["world"] = {"updated_at": "now", **world, "scene": {"events": events, "states": states}}
        return answer

    double.answer = rewritten  # type: ignore[method-assign]
    assert lane.apply([prose("Rain.")]).world.states["lane"].base == "Rain."


# ---- refusals ----------------------------------------------------------------------------------


def test_a_batch_that_changes_nothing_of_a_stale_revision_is_a_conflict(
    lane: wk.StoredWorld, server: Scripted, double: HostedDouble
) -> None:
    wk.Client(SECRET, server.url).apply(lane.id, [prose("Rain.")])
    with pytest.raises(wk.Conflict) as conflict:
        lane.apply([prose("A lane.")])  # as it was, and no longer is
    assert (conflict.value.expected, conflict.value.current) == (lane.rev, double.revs[lane.id])


def test_409_names_the_current_revision_and_stores_nothing(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    api.apply(lane.id, [prose("Snow.")])
    with pytest.raises(wk.Conflict) as conflict:
        lane.apply([prose("Rain.")])
    assert conflict.value.current == double.revs[lane.id] and conflict.value.expected == lane.rev
    assert double.worlds[lane.id]["scene"]["states"]["lane"]["base"] == "Snow."


def test_409_of_a_rival_at_the_last_moment(lane: wk.StoredWorld, double: HostedDouble) -> None:
    double.faults = Faults(rival=[{"op": "update_state", "id": "gate", "patch": {"base": "Theirs."}}])
    with pytest.raises(wk.ApiConflict) as conflict:
        lane.apply([prose("Rain.")])
    assert conflict.value.status == 409 and conflict.value.current == double.revs[lane.id]


def test_a_write_without_a_revision_is_planned_anew_when_a_rival_was_first(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    double.faults = Faults(rival=[{"op": "update_state", "id": "gate", "patch": {"base": "Theirs."}}])
    after = api.apply(lane.id, [prose("Rain.")])
    assert {after.world.states[id].base for id in ("lane", "gate")} == {"Rain.", "Theirs."}


def test_422_is_a_rule_violation_with_the_servers_findings(lane: wk.StoredWorld, double: HostedDouble) -> None:
    diagnostic = {
        "lint": "kernel-cycle",
        "severity": "error",
        "path": "state[gate].base",
        "message": "it turns in a circle",
    }
    double.faults = Faults(refuse=[Answer({"detail": "broken", "diagnostics": [diagnostic]}, 422)])
    with pytest.raises(wk.RuleViolation, match="nothing was changed") as error:
        lane.apply([prose("Rain.")])
    (finding,) = error.value.diagnostics
    assert (finding.lint, finding.item) == ("kernel-cycle", wk.Item("state", "gate", "base"))
    assert isinstance(error.value, wk.ApiRuleViolation) and error.value.status == 422


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("state[pier].base", wk.Item("state", "pier", "base")),
        ("state[a.b c].camera.static", wk.Item("state", "a.b c", "camera.static")),
        ("event[go].phases[1].base", wk.Item("event", "go", "phases[1].base")),
        ("state[pier] (static)", wk.Item("state", "pier")),
        ("state[pier]", wk.Item("state", "pier")),
        ("entrance.state", wk.Item("world", field="entrance.state")),
        ("world", wk.Item("world")),
    ],
)
def test_a_hosted_path_is_read_as_a_place(path: str, item: wk.Item) -> None:
    from worldkit.stores.api.server_words import diagnostics

    (finding,) = diagnostics([{"lint": "budget", "severity": "warning", "path": path, "message": "long"}])
    assert finding.item == item


def test_deleting_a_state_in_use_is_an_op_error_of_the_single_call(api: wk.Client, lane: wk.StoredWorld) -> None:
    with pytest.raises(wk.OpError, match="is in use") as error:
        api.delete_state(lane.id, "gate", rev=lane.rev)
    assert (error.value.op, error.value.status) == ("delete_state", 400)  # type: ignore[attr-defined]
    with pytest.raises(wk.NotFound):
        api.delete_state(lane.id, "moon", rev=lane.rev)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured_on_429_and_503(
    status: int, lane: wk.StoredWorld, double: HostedDouble, sleep: Slept, server: Scripted
) -> None:
    before = len(server.seen)
    double.faults = Faults(refuse=[Answer({"detail": "wait"}, status, {"Retry-After": "7"})])
    assert lane.apply([prose("Rain.")]).world.states["lane"].base == "Rain."
    assert sleep.seconds == [7.0] and len(server.seen) == before + 2


def test_503_for_good_stores_nothing_and_says_when_to_come_back(
    lane: wk.StoredWorld, double: HostedDouble, sleep: Slept
) -> None:
    double.faults = Faults(refuse=[Answer({"error": "the model is away"}, 503, {"Retry-After": "3"})] * 3)
    with pytest.raises(wk.ServiceUnavailable, match=r"the model is away.*ask again in 3 s") as away:
        lane.apply([prose("Rain.")])
    assert away.value.retry_after == 3 and sleep.seconds == [3.0, 3.0]
    assert double.revs[lane.id] == lane.rev


def test_503_without_a_time_to_come_back_promises_nothing_that_the_server_did_not_say(
    lane: wk.StoredWorld, double: HostedDouble, sleep: Slept
) -> None:
    double.faults = Faults(refuse=[Answer({"error": "there are no eyes here"}, 503)] * 3)
    with pytest.raises(wk.ServiceUnavailable, match=r"not available: there are no eyes here; nothing was done$"):
        lane.apply([prose("Rain.")])


def test_503_that_asks_for_too_long_is_not_waited_for(lane: wk.StoredWorld, double: HostedDouble, sleep: Slept) -> None:
    double.faults = Faults(refuse=[Answer({}, 503, {"Retry-After": "3600"})])
    with pytest.raises(wk.ServiceUnavailable):
        lane.apply([prose("Rain.")])
    assert sleep.seconds == []


# ---- lost answers ------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_write_whose_answer_was_lost_is_found_by_reading_and_happens_once(
    times: int, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    double.faults = Faults(lose=times)
    after = lane.apply([{"op": "add_state", "id": "attic", "base": "Dust."}])
    assert is_mirror(after, double) and list(after.world.states).count("attic") == 1
    assert int(double.revs[lane.id][4:], 16) == int(lane.rev[4:], 16) + 1


@pytest.mark.parametrize("call", ["add_state", "update_state", "add_event", "delete_event", "set_entrance"])
def test_a_single_call_whose_answer_was_lost_is_found_by_reading(
    call: str, api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    arguments: dict[str, tuple[Any, ...]] = {
        "add_state": ({"base": "Dust."},),
        "update_state": ("gate", {"base": "Rust."}),
        "add_event": (way("climb", "lane", "home"),),
        "delete_event": ("walk",),
        "set_entrance": ("gate",),
    }
    double.faults = Faults(lose=1)
    kwargs = {"state": "attic"} if call == "add_state" else {}
    assert is_mirror(getattr(api, call)(lane.id, *arguments[call], rev=lane.rev, **kwargs), double)


def test_a_lost_answer_and_a_rival_is_a_conflict_that_says_so(lane: wk.StoredWorld, double: HostedDouble) -> None:
    def lost_then_rival(request: Any) -> Answer:
        double.rewrite(lane.id, {**double.worlds[lane.id], "name": "Theirs"})
        return Answer(fault="hang up")

    answers: list[Callable[[Any], Answer]] = [lost_then_rival, double.handle]
    with serving(*answers) as server:
        api = wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept())
        api._calls._mirrors.put(lane.id, lane)
        with pytest.raises(wk.ApiConflict, match="may be what moved the revision"):
            api.apply(lane.id, [prose("Rain.")], rev=lane.rev)


def test_a_write_that_never_arrived_says_that_nothing_was_stored(lane: wk.StoredWorld, double: HostedDouble) -> None:
    answers: list[Any] = [Answer(fault="hang up")] * 3 + [double.handle]
    with serving(*answers) as server:
        api = wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept())
        api._calls._mirrors.put(lane.id, lane)
        with pytest.raises(wk.Unreachable, match="nothing was stored: the world is still at revision") as error:
            api.apply(lane.id, [prose("Rain.")], rev=lane.rev)
    assert not error.value.sent and double.revs[lane.id] == lane.rev


def test_a_write_of_which_nothing_can_be_found_out_says_that_it_may_have_happened(lane: wk.StoredWorld) -> None:
    with serving(Answer(fault="hang up")) as server:
        api = wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept())
        api._calls._mirrors.put(lane.id, lane)
        with pytest.raises(wk.Unreachable, match="may have happened all the same") as error:
            api.apply(lane.id, [prose("Rain.")], rev=lane.rev)
    assert error.value.sent


# ---- worlds and jobs ---------------------------------------------------------------------------


def test_a_document_is_written_over_a_world_made_from_a_premise(api: wk.Client, double: HostedDouble) -> None:
    stored = api.create(wk.World.from_dict(LANE))
    assert list(unlike_items(LANE, stored.world.to_dict())) == [] and stored.name == "Lane"
    assert double.usage["generation"] == 1 and is_mirror(stored, double)


def test_a_document_that_cannot_be_written_is_refused_before_it_costs_anything(
    api: wk.Client, double: HostedDouble
) -> None:
    with pytest.raises(wk.NotExpressible, match='"subject"'):
        api.create(wk.World.from_dict({**LANE, "subject": "A courier."}))
    assert double.usage["generation"] == 0 and double.worlds == {}


def test_a_document_that_the_server_does_not_take_whole_is_deleted_again(api: wk.Client, double: HostedDouble) -> None:
    double.faults = Faults(drop={"gate"})
    with pytest.raises((wk.PartlyApplied, wk.RuleViolation)):
        api.create(wk.World.from_dict(LANE))
    assert double.worlds == {}


@pytest.mark.parametrize("remembers", [True, False])
def test_the_same_key_creates_once_and_a_later_edit_stays(
    remembers: bool, api: wk.Client, double: HostedDouble
) -> None:
    double.remembers_writes = remembers
    stored = api.create(wk.World.from_dict(LANE), idempotency_key="mine")
    stored.apply([prose("Rain.")])
    again = api.create(wk.World.from_dict(LANE), idempotency_key="mine")
    assert again.id == stored.id and again.world.states["lane"].base == "Rain." and double.usage["generation"] == 1


def test_a_world_that_did_not_land_clean_is_returned_said_and_linted(double: HostedDouble, server: Scripted) -> None:
    double.clean = False

    def at_once(request: Any) -> Answer:
        request.raw = (
            request.raw.replace(b'"async": true', b'"async": false') if request.method == "POST" else request.raw
        )
        return double.handle(request)

    with (
        serving(at_once) as sync,
        wk.Client(SECRET, sync.url) as api,
        pytest.warns(UserWarning, match="did not land clean"),
    ):
        stored = api.generate("a lighthouse", progress=lambda *_: None)
    assert stored.diagnostics[0].lint == "not-clean" and {"no-ending"} <= {one.lint for one in stored.diagnostics}
    assert stored.world.states.keys() == GENERATED["scene"]["states"].keys()


def test_a_job_that_is_cancelled_is_not_waited_for(api: wk.Client, double: HostedDouble) -> None:
    double.steps = [{"status": "running", "phase": "writing", "progress": 0.5}, {"status": "cancelled"}]
    with pytest.raises(wk.JobFailed, match="was cancelled") as error:
        api.generate("a lighthouse", progress=lambda *_: None)
    assert error.value.job_status == "cancelled" and api.job(error.value.job_id).done


def test_a_job_that_fails_says_why(api: wk.Client, double: HostedDouble) -> None:
    double.steps = [{"status": "failed", "error": "no ink"}]
    with pytest.raises(wk.JobFailed, match="failed: no ink") as error:
        api.generate("a lighthouse", progress=lambda *_: None)
    assert error.value.job_status == "failed"


def test_a_quota_that_is_used_up_is_named_by_its_unit(api: wk.Client, double: HostedDouble) -> None:
    double.usage["generation"] = double.caps["generation"]
    with pytest.raises(wk.QuotaExceeded, match="20 of 20 generation"):
        api.generate("a lighthouse")
    usage = api.usage()
    assert usage.left["generation"] == 0 and usage.left["session_seconds"] == 3600 and usage.resets_at is not None


def test_worlds_are_listed_described_forked_and_deleted(api: wk.Client, lane: wk.StoredWorld) -> None:
    fork = lane.fork()
    assert [ref.id for ref in api] == [fork.id, lane.id] and api.list(limit=1).items[0].created_at is not None
    assert (
        api.rename(lane.id, "Road").name == "Road" and api.describe(lane.id, description="Wet.").description == "Wet."
    )
    fork.delete()
    assert [ref.id for ref in api] == [lane.id] and api["Road"].id == lane.id


# ---- single calls, checks, edits in words, versions ----------------------------------------------


def test_every_single_call_writes_at_its_revision(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble, server: Scripted
) -> None:
    id, at = lane.id, lane.rev
    calls: list[Callable[[str], wk.StoredWorld]] = [
        lambda rev: api.add_state(id, {"base": "Dust."}, state="attic", rev=rev),
        lambda rev: api.update_state(id, "attic", {"narration": "Dust."}, rev=rev),
        lambda rev: api.add_event(id, way("climb", "lane", "attic"), rev=rev),
        lambda rev: api.update_event(id, "climb", {"name": "climb up"}, rev=rev),
        lambda rev: api.delete_event(id, "climb up", rev=rev),
        lambda rev: api.set_entrance(id, "gate", rev=rev),
        lambda rev: api.delete_state(id, "attic", rev=rev),
    ]
    for call in calls:
        stored = call(at)
        assert is_mirror(stored, double) and stored.rev != at
        with pytest.raises(wk.Conflict):
            call(at)
        at = stored.rev
    writes = [request for request in server.seen if request.method != "GET"]
    assert all(request.headers["if-match"] and request.headers["idempotency-key"] for request in writes)


def test_a_state_without_id_gets_the_servers_and_both_pairs(api: wk.Client, lane: wk.StoredWorld) -> None:
    stored = api.add_state(lane.id, {"base": "Dust."})
    assert stored.world.states["state_5"].camera.static == "Eye level."  # type: ignore[union-attr]
    after_event = api.add_event(lane.id, {"kind": "transition", "from": ["lane"], "to": "state_5"})
    assert after_event.world.events[-1].name == "go_to_state_5"


@pytest.mark.parametrize("value", ["attic", "other"])
def test_a_field_of_a_state_that_is_called_id_reaches_the_server(
    value: str, api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    fields = {"base": "Dust.", "id": value}
    assert is_mirror(lane.apply([{"op": "add_state", "id": "attic", "state": fields}]), double)
    assert is_mirror(api.add_state(lane.id, fields, state="loft"), double)
    assert is_mirror(api.add_state(lane.id, {**fields, "id": "barn"}), double)
    states = double.worlds[lane.id]["scene"]["states"]
    assert states["attic"]["id"] == states["loft"]["id"] == value and "id" not in states["barn"]


def test_validate_reads_a_422_as_its_verdict(api: wk.Client, lane: wk.StoredWorld) -> None:
    assert api.validate(lane.id) and api.validate(lane.id).world == lane.world
    document = {**LANE, "scene": {**LANE["scene"], "events": [way("walk", "lane", "moon")]}}
    verdict = api.validate(lane.id, wk.World.from_dict(document))
    assert not verdict and verdict.diagnostics[0].item == wk.Item("event", "walk", "to")
    assert not api.lint(lane.id, wk.World.from_dict(document)) and api.lint(lane.id).prompt_budget == 1900


def test_an_edit_in_words_takes_its_revision_from_the_etag(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    edit_result = api.edit(lane.id, "Rain on the lane.", rev=lane.rev, verified=["gate"])
    assert edit_result and edit_result.reply == "Done." and is_mirror(edit_result.stored, double)
    double.reply = "Which lane?"
    edit = api.edit(lane.id, "Make it wet?", rev=edit_result.stored.rev)
    assert not edit and edit.reply == "Which lane?" and edit.stored.rev == edit_result.stored.rev
    with pytest.raises(wk.Conflict):
        api.edit(lane.id, "Snow.", rev=lane.rev)


def test_versions_have_their_time_and_can_be_gone_back_to(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    first = lane.snapshot("first")
    assert first.created_at is not None and first.title == "first" and first.source == "save"
    rain = lane.apply([prose("Rain.")])
    second = rain.snapshot("rain")
    assert [(one.id, one.parent) for one in lane.versions()] == [(first.id, None), (second.id, first.id)]
    assert api.version_diff(lane.id, first.id, second.id).states["changed"] == ("lane",)
    with pytest.raises(wk.Conflict):
        api.checkout(lane.id, first.id, rev=lane.rev)
    back = api.checkout(lane.id, first.id, rev=rain.rev)
    assert is_mirror(back, double) and back.world.states["lane"].base == "A lane."
    api.retitle(lane.id, first.id, "the first")
    with pytest.raises(wk.HeadVersion):
        lane.prune(second.id)
    lane.prune(first.id)


# ---- credentials -------------------------------------------------------------------------------


def test_a_publishable_key_reads_and_is_refused_alike_by_401_and_403(double: HostedDouble, server: Scripted) -> None:
    id = double.add(LANE)
    with wk.Client(PUBLISHABLE, server.url) as api:
        assert api.get(id).name == "Lane"
        before = len(server.seen)
        with pytest.raises(wk.ScopeError, match="secret key"):
            api.apply(id, [prose("Rain.")])
        assert len(server.seen) == before  # nothing is sent
        with pytest.raises(wk.ScopeError, match="publishable") as error:
            api.perceive(b"GIF89a")
    assert error.value.status == 401
    with serving(Answer({"detail": "no"}, 403)) as forbidding, pytest.raises(wk.ScopeError, match="publishable"):
        wk.Client(PUBLISHABLE, forbidding.url).usage()


def test_apps_keys_and_webhooks_are_managed_with_the_token_of_an_account(
    double: HostedDouble, server: Scripted
) -> None:
    with wk.Client(account=ACCOUNT, base_url=server.url) as account:
        assert "account token" in repr(account) and ACCOUNT not in repr(account)
        app = account.create_app("Museum")
        assert account.apps() == [app] and app.created_at is not None
        changed = account.update_app(app.id, embedding_origins=["https://example.org"], name="Gallery")
        assert (changed.name, changed.embedding_origins) == ("Gallery", ("https://example.org",))
        key = account.create_key(app.id, kind="secret", name="build")
        assert key.key is not None and key.key.startswith("sk_test_") and key.key not in repr(key)
        (key_record,) = account.keys(app.id)
        assert key_record.key is None and key_record.id == key.id and key_record.revoked_at is None
        account.revoke_key(app.id, key.id)
        assert account.keys(app.id)[0].revoked_at is not None
        hook = account.create_webhook(app.id, "https://example.org/hook", events=["world.generation.failed"])
        assert hook.secret is not None and hook.secret not in repr(hook)
        assert [one.secret for one in account.webhooks(app.id)] == [None]
        account.delete_webhook(app.id, hook.id)
        assert account.webhooks(app.id) == []
        with pytest.raises(wk.Unprocessable, match="must be https"):
            account.create_webhook(app.id, "http://example.org")
        with pytest.raises(wk.WrongArgument, match="embedding_origins"):
            account.update_app(app.id, colour="red")
        with pytest.raises(wk.AuthError, match="there is no API key"):
            account.usage()
    assert {request.headers["authorization"] for request in server.seen} == {f"Bearer {ACCOUNT}"}


def test_the_two_credentials_are_never_confused(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLDKIT_ADMIN_TOKEN", ACCOUNT)
    with wk.Client(SECRET, server.url) as api:
        api.apps()
        api.usage()
    assert [request.headers["authorization"] for request in server.seen] == [f"Bearer {ACCOUNT}", f"Bearer {SECRET}"]
    monkeypatch.setattr("worldkit.stores.api.address.HOSTED_URL", server.url)
    with wk.Client(SECRET, server.url) as api, pytest.raises(wk.AuthError, match="ALAKAZAM_ACCOUNT_TOKEN"):
        api.apps()  # the token of one's own server is not sent to the hosted service


def test_a_play_session_is_opened_renewed_tracked_and_ended_with_its_token_alone(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble, server: Scripted, sleep: Slept
) -> None:
    token = api.session_token(lane.id, player="p", seconds=120)
    double.line_before = 2
    places: list[tuple[int, int]] = []
    before = len(server.seen)
    session = api.connect(token.token, waiting=lambda place, depth: places.append((place, depth)))
    assert places == [(2, 3), (1, 2)] and sleep.seconds == [0.5, 0.5]
    assert session.world == lane.world and session.world_id == lane.id and "run.token" not in repr(session)
    assert api.refresh(token.token).reactor_jwt == "run.token.2"
    api.track(token.token, "stream-7")
    assert double.tracked == ["stream-7"] and api.end(token.token) == 42
    assert {request.headers["authorization"] for request in server.seen[before:]} == {"Bearer t.o.k"}
    double.line_before = 99
    with pytest.raises(wk.ApiError, match=r"no slot became free within 5 s; place \d+ in the waiting line"):
        api.connect(token.token, seconds=5)
    with pytest.raises(wk.AuthError):
        api.refresh("another")


def test_pictures_are_looked_at_and_drawn(api: wk.Client) -> None:
    assert api.perceive(b"GIF89a").summary == "A gate." and api.ground(b"GIF89a", ["gate"])[0].label == "gate"
    assert api.seed_frame("a lane").image == b"hi"


# ---- the same key again --------------------------------------------------------------------------

POND: list[Json] = [{"op": "add_state", "id": "pond", "base": "Ice."}, {"op": "add_event", **way("go", "lane", "pond")}]
KEYED_CALLS: dict[str, Callable[[wk.Client, str], wk.StoredWorld]] = {
    "apply": lambda api, id: api.apply(id, POND, idempotency_key="k"),
    "apply at a revision": lambda api, id: api.apply(id, POND, rev="rev-0001", idempotency_key="k"),
    "add_state": lambda api, id: api.add_state(id, {"base": "Dust."}, state="attic", idempotency_key="k"),
    "update_state": lambda api, id: api.update_state(id, "gate", {"base": "Rust."}, idempotency_key="k"),
    "delete_event": lambda api, id: api.delete_event(id, "walk", idempotency_key="k"),
    "update_event": lambda api, id: api.update_event(id, "walk", {"name": "run"}, idempotency_key="k"),
}


@pytest.mark.parametrize("call", KEYED_CALLS)
def test_the_same_key_again_returns_the_first_result_and_changes_nothing(
    call: str, api: wk.Client, lane: wk.StoredWorld, double: HostedDouble, server: Scripted
) -> None:
    first = KEYED_CALLS[call](api, lane.id)
    later = api.apply(lane.id, [prose("Rain.")])
    requests = len(server.seen)
    again = KEYED_CALLS[call](api, lane.id)
    assert (again.world, again.rev) == (first.world, first.rev) and len(server.seen) == requests
    assert is_mirror(later, double)


@pytest.mark.parametrize("remembers", [True, False])
def test_the_same_key_forks_once_and_a_later_edit_stays(
    remembers: bool, api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    double.remembers_writes = remembers
    version = api.snapshot(lane.id)
    lane.apply([prose("Rain.")])
    fork = api.fork(lane.id, name="Mine", version=version.id, idempotency_key="k")
    fork.apply([prose("Snow.")])
    api.rename(fork.id, "Yours")
    again = api.fork(lane.id, name="Mine", version=version.id, idempotency_key="k")
    assert (again.id, again.name, again.parent) == (fork.id, "Yours", lane.id)
    assert again.world.states["lane"].base == "Snow."


@pytest.fixture
def restarted(server: Scripted) -> Iterator[Callable[[], wk.Client]]:
    """Return a maker of clients that know nothing of what others did."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept()))


def base(stored: wk.StoredWorld) -> str:
    return stored.world.states["lane"].base


@pytest.mark.parametrize("edits", [True, False])
@pytest.mark.parametrize("renames", [True, False])
@pytest.mark.parametrize("source", ["a version", "the world as it stands"])
def test_a_fork_that_is_made_again_by_another_client_stays_as_it_was_edited(
    source: str, renames: bool, edits: bool, lane: wk.StoredWorld, restarted: Callable[[], wk.Client]
) -> None:
    api = restarted()
    version = api.snapshot(lane.id).id if source == "a version" else None
    api.apply(lane.id, [prose("Rain.")])

    def fork(api: wk.Client) -> wk.StoredWorld:
        return api.fork(lane.id, version=version, name="My fork", idempotency_key="k")

    first = fork(api)
    assert (first.name, base(first)) == ("My fork", "A lane." if version else "Rain.")
    if edits:
        api.apply(first.id, [prose("A day of work."), {"op": "delete_event", "name": "walk"}])
    if renames:
        api.rename(first.id, "Renamed since")
    before = api.get(first.id)
    for client in (api, restarted()):
        again = fork(client)
        assert (again.world, again.rev, again.name) == (before.world, before.rev, before.name)
        assert (again.id, again.parent, again.parent_version) == (first.id, lane.id, version)
        assert client.apply(again.id, [prose(base(before))], rev=again.rev).world == before.world


def test_a_fork_that_no_operation_can_make_any_more_is_returned_to_another_client(
    lane: wk.StoredWorld, double: HostedDouble, restarted: Callable[[], wk.Client]
) -> None:
    api = restarted()
    version = api.snapshot(lane.id).id
    api.apply(lane.id, [prose("Rain.")])
    first = api.fork(lane.id, version=version, name="Mine", idempotency_key="k")
    double.rewrite(first.id, {**double.worlds[first.id], "story": {"logline": "A day of work in the Studio."}})
    again = restarted().fork(lane.id, version=version, name="Mine", idempotency_key="k")
    assert (again.id, again.name) == (first.id, "Mine")
    assert again.world.to_dict()["story"] == {"logline": "A day of work in the Studio."}


@pytest.mark.parametrize("key", [None, "k"])
def test_a_fork_of_a_world_with_an_error_is_made_and_named(
    key: str | None, double: HostedDouble, restarted: Callable[[], wk.Client]
) -> None:
    broken = copy.deepcopy(LANE)
    broken["scene"]["events"].append(way("fall", "lane", "nowhere"))
    id = double.add(broken)
    fork = restarted().fork(id, name="Mine", idempotency_key=key)
    assert (fork.name, fork.parent) == ("Mine", id) and fork.id in double.worlds


@pytest.mark.parametrize("is_new_client", [True, False])
def test_a_world_that_is_put_right_is_created_with_the_key_of_the_refusal(
    is_new_client: bool, restarted: Callable[[], wk.Client]
) -> None:
    api = restarted()
    broken = copy.deepcopy(LANE)
    broken["scene"]["events"].append(way("fall", "lane", "nowhere"))
    with pytest.raises(wk.RuleViolation):
        api.create(wk.World.from_dict(broken), idempotency_key="k")
    stored = (restarted() if is_new_client else api).create(wk.World.from_dict(LANE), idempotency_key="k")
    assert set(stored.world.states) == set(LANE["scene"]["states"])
    assert len(stored.world.events) == len(LANE["scene"]["events"])


@pytest.mark.parametrize("edits", [True, False])
def test_a_world_that_is_created_again_by_another_client_stays_as_it_was_edited(
    edits: bool, restarted: Callable[[], wk.Client]
) -> None:
    world = wk.World.from_dict({**LANE, "description": "Mine."})
    api = restarted()
    first = api.create(world, idempotency_key="k")
    api.describe(first.id, description="Theirs.", name="Renamed since")
    if edits:
        api.apply(first.id, [prose("A day of work.")])
    before = api.get(first.id)
    again = restarted().create(world, idempotency_key="k")
    assert (again.id, again.world, again.rev) == (first.id, before.world, before.rev)


@pytest.mark.parametrize("is_restarted", [True, False])
def test_a_world_that_could_not_be_described_is_described_when_it_is_created_again(
    is_restarted: bool, double: HostedDouble, restarted: Callable[[], wk.Client]
) -> None:
    world = wk.World.from_dict({**LANE, "description": "Mine."})
    api = restarted()
    double.description_failures = 1
    with pytest.raises(wk.ApiError):
        api.create(world, idempotency_key="k")
    again = (restarted() if is_restarted else api).create(world, idempotency_key="k")
    assert again.world.description == "Mine." and list(unlike_items(world.to_dict(), again.world.to_dict())) == []
    assert double.usage["generation"] == len(double.worlds) == 1


def test_a_key_makes_a_fork_of_each_world_and_another_world_after_a_delete(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    other = double.add({**LANE, "name": "Other"})
    versions = [api.snapshot(id).id for id in (lane.id, other)]
    for id in (lane.id, other):
        api.apply(id, [prose("Rain.")])
    forks = [
        api.fork(id, name="Mine", version=version, idempotency_key="k")
        for id, version in zip((lane.id, other), versions, strict=True)
    ]
    assert len({fork.id for fork in forks}) == 2
    assert [(fork.name, base(fork), fork.parent_version) for fork in forks] == [
        ("Mine", "A lane.", version) for version in versions
    ]
    first = api.create(wk.World.from_dict(LANE), idempotency_key="k")
    first.delete()
    second = api.create(wk.World.from_dict(LANE), idempotency_key="k")
    assert second.id != first.id and list(unlike_items(LANE, second.world.to_dict())) == []


@pytest.mark.parametrize("ops", [[prose("A lane.")], [{"op": "set_entrance", "state": "lane"}]])
def test_a_write_that_changed_nothing_is_not_made_when_its_key_comes_again(
    ops: list[Json], api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    first = api.apply(lane.id, ops, idempotency_key="k")
    later = api.apply(lane.id, [prose("Rain."), {"op": "set_entrance", "state": "gate"}])
    again = api.apply(lane.id, ops, idempotency_key="k")
    assert (again.rev, again.world) == (first.rev, first.world) and is_mirror(later, double)


def test_a_description_and_cover_that_a_document_lacks_are_removed(
    api: wk.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GENERATED, "description", "The server's.")
    monkeypatch.setitem(GENERATED, "cover", "https://example.org/cover.png")
    stored = api.create(wk.World.from_dict(LANE))
    assert stored.world.description is None and stored.world.cover is None and stored.name == "Lane"


@pytest.mark.parametrize("key", ["k", None])
def test_what_a_server_made_and_no_operation_removes_stays_and_is_said(
    key: str | None, api: wk.Client, double: HostedDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GENERATED, "outro", {"video": "end.mp4", "flag": "done", "state": "opening"})
    monkeypatch.setitem(GENERATED, "cutscenes", [{"id": "shed", "from": "opening", "to": "opening", "video": "v.mp4"}])
    document = {**LANE, "scene": {**LANE["scene"], "states": {"lane": state("A lane.")}, "events": []}}
    stored = api.create(wk.World.from_dict(document), idempotency_key=key)
    assert {note.item.id or note.item.field for note in stored.diagnostics} == {"outro", "cutscenes", "opening"}
    assert {note.lint for note in stored.diagnostics} == {"not-sent"} and is_mirror(stored, double)
    with pytest.raises(wk.NotExpressible, match='"shed"'):  # a state of the document
        api.create(wk.World.from_dict(LANE))
    assert list(double.worlds) == [stored.id]


def test_a_key_as_long_as_may_be_has_one_for_the_content(api: wk.Client, server: Scripted) -> None:
    stored = api.create(wk.World.from_dict(LANE), idempotency_key="k" * 200)
    keys = [request.headers.get("idempotency-key", "") for request in server.seen]
    assert base(stored) == "A lane." and len(set(keys) - {""}) == 2 and max(map(len, keys)) == 200


def test_a_key_is_of_one_world_and_one_batch(api: wk.Client, lane: wk.StoredWorld, double: HostedDouble) -> None:
    double.remembers_writes = False
    api.apply(lane.id, [prose("Rain.")], idempotency_key="k")
    other = double.add(LANE)
    assert api.apply(other, [prose("Rain.")], idempotency_key="k").id == other
    assert api.apply(lane.id, [prose("Snow.")], idempotency_key="k").world.states["lane"].base == "Snow."
    api.delete(other)
    with pytest.raises(wk.NotFound):
        api.apply(other, [prose("Rain.")], idempotency_key="k")


@pytest.mark.parametrize("given", ["mine", None])
def test_after_a_lost_answer_the_key_of_the_error_finds_the_result(
    given: str | None, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    def lost(request: Any) -> Answer:
        double.handle(request)
        return Answer(fault="hang up")

    silent = Answer(fault="hang up")
    with serving(lost, *[silent] * 5, double.handle) as server:
        api = wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept())
        api._calls._mirrors.put(lane.id, lane)
        with pytest.raises(wk.Unreachable, match="ask again with idempotency_key=") as error:
            api.apply(lane.id, POND, rev=lane.rev, idempotency_key=given)
        key = str(error.value).rpartition("idempotency_key='")[2].rstrip("'")
        again = api.apply(lane.id, POND, idempotency_key=key)
        assert is_mirror(again, double) and "pond" in again.world.states
        assert int(again.rev[4:], 16) == int(lane.rev[4:], 16) + 1
        assert api.apply(lane.id, POND, idempotency_key=key) == again


@pytest.mark.parametrize("status", [401, 402, 403, 404, 413, 422])
def test_a_write_of_unknown_outcome_is_kept_when_the_same_request_is_refused_later(
    status: int, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    def lost(request: Any) -> Answer:
        double.handle(request)
        return Answer(fault="hang up")

    silent, refusal = Answer(fault="hang up"), Answer({"detail": "not now"}, status)
    with serving(lost, *[silent] * 5, refusal, double.handle) as server:
        api = wk.Client(SECRET, server.url, dialect="hosted", sleep=Slept())
        api._calls._mirrors.put(lane.id, lane)
        with pytest.raises(wk.Unreachable):
            api.apply(lane.id, POND, rev=lane.rev, idempotency_key="k")
        with pytest.raises(wk.ApiError):
            api.apply(lane.id, POND, idempotency_key="k")
        again = api.apply(lane.id, POND, idempotency_key="k")
        assert is_mirror(again, double) and "pond" in again.world.states
        assert int(again.rev[4:], 16) == int(lane.rev[4:], 16) + 1


def test_a_key_whose_write_was_refused_is_free_again(
    api: wk.Client, lane: wk.StoredWorld, double: HostedDouble
) -> None:
    double.faults = Faults(refuse=[Answer({"detail": "used up"}, 402)])
    with pytest.raises(wk.QuotaExceeded):
        api.apply(lane.id, [prose("Rain.")], idempotency_key="k")
    double.rewrite(lane.id, {**double.worlds[lane.id], "narrate": True})
    assert is_mirror(api.apply(lane.id, [prose("Rain.")], idempotency_key="k"), double)


def test_a_client_remembers_a_bounded_number_of_keys(api: wk.Client, lane: wk.StoredWorld) -> None:
    for number in range(MAX_CACHED_WRITES + 3):
        api.apply(lane.id, [prose(f"Day {number}.")], idempotency_key=f"day {number}")
    assert len(api._calls._keyed_writes._values) == MAX_CACHED_WRITES


# ---- what a world is called is the server's -------------------------------------------------------


@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("who", ["the same client", "somebody else"])
def test_a_world_that_was_described_is_edited_at_the_revision_it_keeps(
    who: str, lost: int, api: wk.Client, lane: wk.StoredWorld, double: HostedDouble, server: Scripted
) -> None:
    fields = {"name": "Renamed", "description": "A walk in November.", "cover": "data:image/png;base64,AAAA"}
    if who == "the same client":
        api.describe(lane.id, **fields)
    else:
        with wk.Client(SECRET, server.url) as theirs:
            theirs.describe(lane.id, **fields)
    double.faults = Faults(lose=lost)
    after = lane.apply([prose("Rain.")])
    assert is_mirror(after, double) and after.name == after.world.name == "Renamed"


def test_what_is_not_taken_after_a_new_name_is_told_without_it(lane: wk.StoredWorld, double: HostedDouble) -> None:
    double.worlds[lane.id]["name"] = "Renamed"
    double.faults = Faults(ignore={"lane"})
    with pytest.raises(wk.NotAsApplied) as error:
        lane.apply([prose("Rain."), prose("Rust.", "gate")])
    assert [item.item for item in error.value.diagnostics] == [wk.Item("state", "lane", "base")]
    assert error.value.expected is not None and error.value.expected.name == "Renamed"
    assert [op["op"] for op in error.value.diff.ops] == ["update_state"]


def test_a_batch_that_changes_nothing_returns_the_new_name(api: wk.Client, lane: wk.StoredWorld) -> None:
    api.describe(lane.id, name="Renamed")
    assert lane.apply([prose(lane.world.states["lane"].base)]).name == "Renamed"


# ---- the awaited client does the same ------------------------------------------------------------


def test_the_awaited_client_lowers_compares_and_finds_lost_answers(double: HostedDouble, server: Scripted) -> None:
    id = double.add(LANE)

    async def main() -> None:
        async with wk.AsyncClient(SECRET, server.url, account=ACCOUNT, sleep=Slept().later) as api:
            stored = await api.get(id)
            double.faults = Faults(lose=1)
            edited_world = await api.apply(id, [{"op": "rename_state", "from": "gate", "to": "arch"}], rev=stored.rev)
            assert is_mirror(edited_world, double) and api.dialect == "hosted"
            double.faults = Faults(drop={"arch"})
            with pytest.raises(wk.PartlyApplied) as partly:
                await api.apply(id, [prose("Rain."), prose("Rust.", "arch")], rev=edited_world.rev)
            assert is_mirror(partly.value.stored, double)
            double.faults = Faults(ignore={"arch"})
            with pytest.raises(wk.NotAsApplied):
                await api.apply(id, [prose("Rust.", "arch")], rev=partly.value.rev)
            with pytest.raises(wk.NotExpressible):
                await api.apply(id, [{"op": "set_narrate", "narrate": True}])
            app = await api.create_app("Museum")
            assert (await api.apps()) == [app]
            token = await api.session_token(id)
            assert (await api.connect(token.token)).world_id == id and await api.end(token.token) == 42

    asyncio.run(main())
