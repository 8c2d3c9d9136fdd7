"""Both clients against a server of the specification and of nothing more, over real HTTP."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tests.api.plain as module
import worldkit as wk
from tests.api import hosted_double
from tests.api.call_table import CALLS
from tests.api.plain import Plain
from tests.api.scripted import KEY, Json, Scripted, Slept, serving
from tests.edit.ops_strategy import messy_documents, operations, rich_documents
from worldkit.editing.batch import apply
from worldkit.editing.lowering import is_same_world
from worldkit.stores import WorldStore
from worldkit.stores.api import wire
from worldkit.stores.api.dialect import STUDIO
from worldkit.stores.api.hosted_writing import batch_plan, is_public

BENCH = wk.samples.load("bench")
RAIN = [{"op": "set_field", "state": "lane", "field": "base", "value": "Rain on the lane."}]


@pytest.fixture
def plain() -> Plain:
    return Plain()


@pytest.fixture
def server(plain: Plain) -> Iterator[Scripted]:
    with serving(plain.handle) as server:
        yield server


@pytest.fixture
def api(server: Scripted) -> Iterator[wk.Client]:
    sleep = Slept()
    with wk.Client(KEY, server.url, dialect="studio", sleep=sleep, clock=sleep.clock) as client:
        yield client


def test_a_client_is_one_of_the_places_where_worlds_live(api: wk.Client) -> None:
    assert isinstance(api, WorldStore)


def test_every_call_of_the_table_has_a_method_on_both_clients_and_both_say_the_same() -> None:
    public = {name for name, _ in inspect.getmembers(wk.Client, inspect.isfunction) if not name.startswith("_")}
    for _, _, method in CALLS:
        assert method in public
    for name in public:
        ours, theirs = (inspect.signature(getattr(kind, name)) for kind in (wk.Client, wk.AsyncClient))
        assert ours.parameters == theirs.parameters, name
        return_type = str(theirs.return_annotation).replace("AsyncPage", "Page")
        assert return_type == str(ours.return_annotation) and return_type != str(inspect.Parameter.empty), name
        assert inspect.iscoroutinefunction(getattr(wk.AsyncClient, name)), name
        assert inspect.getdoc(getattr(wk.Client, name)) and inspect.getdoc(getattr(wk.AsyncClient, name)), name


def test_the_contract_has_no_call_that_the_client_lacks(plain: Plain) -> None:
    contract_calls = {(method, re.sub(r"\{\w+\}", "x", path)) for method, path, _ in CALLS}
    asked_calls = {(method, pattern.replace("([^/]+)", "x")) for method, pattern, _ in module.ROUTES}
    hosted_calls = {(method, pattern.replace("([^/]+)", "x")) for method, pattern, _, _ in hosted_double.ROUTES}
    ours = {("DELETE", "/v1/jobs/x")}  # no documented call cancels a job
    assert contract_calls - ours == hosted_calls and asked_calls <= hosted_calls


# ---- worlds ------------------------------------------------------------------------------------


def test_a_document_is_created_on_a_server_that_only_knows_premises(api: wk.Client, plain: Plain) -> None:
    stored = api.create(BENCH, name="bench")
    theirs = ("id", "schemaVersion")
    assert stored.world.to_dict() == {k: v for k, v in {**BENCH.raw, "name": "bench"}.items() if k not in theirs}
    assert stored.name == "bench" and api.get(stored.id) == stored


def test_what_cannot_be_created_there_is_refused_and_leaves_nothing_behind(api: wk.Client, plain: Plain) -> None:
    world = wk.World.from_dict({**BENCH.to_dict(), "weather": {"rain": None}})
    with pytest.raises(wk.OpError, match='no operation for the world\'s "weather"'):
        api.create(world)
    assert plain.worlds == {}


def test_a_story_and_its_unknown_fields_are_changed_and_changed_back(api: wk.Client, plain: Plain) -> None:
    world = BENCH.apply([{"op": "set_story", "logline": "A girl waits.", "mood": "grey"}])
    id = plain.add(world)
    edit = apply(world, [{"op": "set_story", "logline": "A girl runs.", "mood": None}])
    api.apply(id, edit.ops)
    assert api.apply(id, edit.inverse).world.raw["story"] == {"logline": "A girl waits.", "mood": "grey"}
    batch = [
        {"op": "add_story_beat", "summary": "She has left."},
        {"op": "rename_event", "from": "walk_up_the_lane", "to": "walk"},
    ]
    assert api.apply(id, batch).world.raw["story"]["beats"] == [{"summary": "She has left."}]


def test_events_of_equal_names_are_refused_with_what_to_do_and_the_rest_can_be_sent(
    api: wk.Client, plain: Plain
) -> None:
    raw = BENCH.to_dict()
    raw["scene"]["events"].append(raw["scene"]["events"][0])
    id = plain.add(wk.World.from_dict(raw))
    batch = [
        {"op": "put_event", "index": 0, "event": None},
        {"op": "put_state", "id": "lane", "state": {"base": "Fog."}},
    ]
    with pytest.raises(wk.NotExpressible, match=r"delete_event\(\) them.*partial=True sends the rest"):
        api.apply(id, batch)
    assert api.apply(id, batch, partial=True).world.states["lane"].base == "Fog."


@given(st.data())
@settings(max_examples=60)
def test_any_edit_and_its_undo_make_at_a_studio_what_they_make_locally_or_cannot_be_expressed(
    data: st.DataObject,
) -> None:
    world = wk.World.from_dict(data.draw(rich_documents() | messy_documents()))
    try:
        edit = apply(world, [data.draw(operations(world.to_dict()))])
    except wk.OpError:
        return
    for before, batch, wanted in ((world, edit.ops, edit.world), (edit.world, edit.inverse, world)):
        try:
            plan = batch_plan("w1", before, batch, STUDIO, strict=False, partial=False)
            made = apply(before, plan.ops).world
        except wk.OpError:
            continue
        assert is_public(plan.ops)
        assert is_same_world(wanted, made)


def test_worlds_are_found_by_id_by_name_and_page_by_page(api: wk.Client, plain: Plain) -> None:
    ids = [plain.add(wk.World.from_dict({**BENCH.raw, "name": name})) for name in ("a", "b", "c", "b", "w1x")]
    assert [ref.id for ref in api.list(limit=2)] == ids[::-1] == [ref.id for ref in api]
    page = api.list(limit=2)
    assert [ref.name for ref in page.items] == ["w1x", "b"] and page.next_cursor == "2"
    assert api["a"].id == api[ids[0]].id == ids[0]
    assert "a" in api and "b" in api and ids[0] in api and "nowhere" not in api and 3 not in api
    with pytest.raises(wk.NotFound, match=r'2 worlds are called "b".*w4, w2'):
        api["b"]
    with pytest.raises(wk.NotFound, match='no world called "a/b"'):
        api["a/b"]


def test_reading_a_world_that_is_being_written_gives_world_and_revision_of_one_moment(
    api: wk.Client, plain: Plain
) -> None:
    id = plain.add(BENCH)
    writes = iter(range(4))
    read = Plain.read

    def read_late(self: Plain, requests: object, at: str) -> Json:
        for n in itertools.islice(writes, 1):
            self.worlds[at] = self.worlds[at].apply([{"op": "set_subject", "subject": f"s{n}"}])
            self.revs[at] += 1
        return read(self, requests, at)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROUTES", [(m, p, read_late if c is read else c) for m, p, c in module.ROUTES])
        with pytest.raises(wk.ApiError, match="changes faster than it can be read"):
            api.get(id)
        stored = api.get(id)
    assert (stored.world.subject, stored.rev) == ("s3", "4")


def test_forks_take_names_and_versions_where_the_server_does_not(api: wk.Client, plain: Plain) -> None:
    stored = api.create(BENCH, name="bench")
    first = api.snapshot(stored.id, "first")
    stored = stored.apply(RAIN)
    assert api.fork(stored.id).world.states["lane"].base == "Rain on the lane."
    old = api.fork(stored.id, name="old", version=first.id)
    assert (old.name, old.parent, old.parent_version) == ("old", stored.id, first.id)
    assert old.world.states["lane"] == BENCH.states["lane"] and stored.fork(name="x").name == "x"


def test_a_server_that_refuses_what_it_does_not_know_is_asked_for_no_more_than_the_contract(
    api: wk.Client, plain: Plain
) -> None:
    plain.knows = {"premise", "name", "pov", "async", "ops", "expectedRev", "title", "versionId"}
    stored = api.generate("a lighthouse", seed=7, progress=lambda *_: None)
    first = api.snapshot(stored.id, "first")
    assert api.fork(stored.id, name="dark", version=first.id).name == "dark"
    bench = {key: value for key, value in BENCH.raw.items() if key not in wire.SERVER_FIELDS}
    expected = wk.World.from_dict({**bench, "name": stored.name})
    assert stored.apply(wk.diff(stored.world, expected).ops).world == expected


# ---- the graph ---------------------------------------------------------------------------------


def test_every_graph_write_names_the_revision_and_has_a_key(api: wk.Client, plain: Plain, server: Scripted) -> None:
    id = plain.add(BENCH)
    state = {"base": "A bare attic, dust turning in one bar of light."}
    event = {"name": "climb", "kind": "transition", "from": ["lane"], "to": "attic", "base": "The ladder creaks."}
    writes = [
        lambda rev: api.add_state(id, state, state="attic", rev=rev),
        lambda rev: api.update_state(id, "attic", {"narration": "Dust."}, rev=rev),
        lambda rev: api.add_event(id, event, rev=rev),
        lambda rev: api.update_event(id, "climb", {"base": None, "name": "climb up"}, rev=rev),
        lambda rev: api.delete_event(id, "climb up", rev=rev),
        lambda rev: api.set_entrance(id, "attic", rev=rev),
        lambda rev: api.delete_state(id, "attic", rev=rev),
        lambda rev: api.apply(id, RAIN, rev=rev),
        lambda rev: api.edit(id, "a tired courier", rev=rev).stored,
    ]
    for n, write in enumerate(writes):
        stored = write(str(n) if n % 2 else None)
        assert stored.rev == str(n + 1) and stored.world == plain.worlds[id]
        with pytest.raises(wk.Conflict):
            write(str(n))
    writes_received = [requests for requests in server.seen if requests.method != "GET"]
    assert all(
        requests.headers["if-match"].isdigit() and requests.headers["idempotency-key"] for requests in writes_received
    )
    assert len(writes_received) == 2 * len(writes) and stored.world.subject == "a tired courier"
    assert {note.lint for note in api.delete_state(id, "lane").diagnostics} == {"cascade"}


def test_a_write_that_takes_whatever_is_current_outlives_a_rival(api: wk.Client, plain: Plain) -> None:
    id = plain.add(BENCH)
    write, rivals = Plain.ops, iter([None, None])

    def lose_race(self: Plain, requests: object, at: str) -> Json:
        for _ in itertools.islice(rivals, 1):
            self.revs[at] += 1
        return write(self, requests, at)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROUTES", [(m, p, lose_race if c is write else c) for m, p, c in module.ROUTES])
        assert api.apply(id, RAIN).rev == "3"


def test_a_strict_batch_is_judged_here_where_the_server_does_not(api: wk.Client, plain: Plain) -> None:
    stored = api.get(plain.add(BENCH))
    with pytest.raises(wk.RuleViolation):
        stored.apply([{"op": "delete_state", "id": "lane"}], strict=True)
    assert plain.revs[stored.id] == 0
    assert stored.apply(RAIN, strict=True).rev == "1"


def test_worldkits_own_operations_are_said_in_those_of_the_specification(api: wk.Client, plain: Plain) -> None:
    stored = api.get(plain.add(BENCH))
    for op in (
        {"op": "put_world", "set": {"narrate": True}},
        {"op": "put_event", "name": BENCH.events[0].name, "event": None},
    ):
        after = stored.apply([op])
        assert after.world == plain.worlds[stored.id] == stored.world.apply([op])
        undone = after.apply(wk.diff(after.world, stored.world).ops)
        assert undone.world == plain.worlds[stored.id] == stored.world
        stored = undone
    with pytest.raises(wk.NotExpressible, match="music"):
        stored.apply([{"op": "put_world", "set": {"music": "m.mp3"}}])
    assert stored.rev == str(plain.revs[stored.id]) == "4"


def test_an_event_goes_back_to_its_place_beside_a_change_that_only_the_specification_knows(
    api: wk.Client, plain: Plain
) -> None:
    stored = api.get(plain.add(BENCH))
    edited = stored.apply([{"op": "delete_event", "name": BENCH.events[0].name}, {"op": "set_subject", "subject": "A"}])
    undone = edited.apply(wk.diff(edited.world, stored.world).ops)
    assert [event.name for event in undone.world.events] == [event.name for event in BENCH.events]
    assert undone.world.subject == BENCH.subject and plain.worlds[stored.id] == undone.world


def test_a_rule_error_that_was_there_before_hinders_no_edit(api: wk.Client, plain: Plain) -> None:
    world = BENCH.apply([{"op": "put_event", "name": BENCH.events[0].name, "event": None, "force": True}])
    broken = wk.World.from_dict({**world.to_dict(), "entrance": {"state": "nowhere"}})
    stored = api.get(plain.add(broken))
    first = BENCH.to_dict()["scene"]["events"][0]
    after = stored.apply([{"op": "put_event", "event": first, "at": 0, "force": True}])
    assert [event.name for event in after.world.events] == [event.name for event in BENCH.events]


def test_an_empty_batch_is_no_new_revision_and_a_stale_one_is_refused(api: wk.Client, plain: Plain) -> None:
    id = plain.add(BENCH)
    assert api.apply(id, []).rev == "0"
    with pytest.raises(wk.Conflict):
        api.apply(id, [], rev="7")


def test_what_is_no_operation_is_refused_before_anything_is_sent(api: wk.Client, plain: Plain) -> None:
    id = plain.add(BENCH)
    with pytest.raises(wk.OpError, match="did you mean"):
        api.apply(id, [{"op": "add_stat", "base": "x"}])
    assert plain.log == []


def test_a_world_of_a_client_asks_it_for_the_revision(api: wk.Client, plain: Plain) -> None:
    stored = api.get(plain.add(BENCH))
    assert stored.world.apply(RAIN, rev="0").rev == "1" and plain.revs[stored.id] == 0
    stored.apply(RAIN)
    with pytest.raises(wk.Conflict, match="at revision 1"):
        stored.world.apply(RAIN, rev="0")


# ---- versions ----------------------------------------------------------------------------------


def test_versions_are_kept_listed_compared_gone_back_to_and_forgotten(api: wk.Client, plain: Plain) -> None:
    stored = api.get(plain.add(BENCH))
    first = stored.snapshot("first")
    second = stored.apply(RAIN).snapshot("rain")
    assert [(one.id, one.parent, one.title) for one in stored.versions()] == [
        ("v1", None, "first"),
        ("v2", "v1", "rain"),
    ]
    assert api.version(stored.id, first.id).to_dict() == BENCH.to_dict()
    assert stored.diff(first.id, second.id).states.changed.keys() == {"lane"}
    assert api.diff(stored.id, second.id).ops == []
    assert api.version_diff(stored.id, "v1", "v2").states["changed"] == ("lane",)
    api.retitle(stored.id, "v1", "the first")
    assert stored.versions()[0].title == "the first"
    with pytest.raises(wk.HeadVersion, match='"v2" is the one'):
        stored.prune("v2")
    back = stored.checkout("v1")
    assert (back.rev, back.version, back.world.states["lane"]) == ("2", "v1", BENCH.states["lane"])
    stored.prune("v1")
    assert [one.id for one in stored.versions()] == ["v2"]


# ---- jobs --------------------------------------------------------------------------------------


def test_a_premise_becomes_a_world_by_a_job_with_progress(api: wk.Client, plain: Plain) -> None:
    plain.steps = [
        {"status": "running"},
        {"status": "running", "phase": "writing", "progress": 0.5},
        {"status": "running", "phase": "judging", "progress": 80},
    ]
    steps: list[tuple[int, int, str]] = []
    stored = api.generate("a lighthouse keeper", name="Light", progress=lambda *step: steps.append(step))
    assert stored.name == "Light"
    assert steps == [
        (0, 100, "queued"),
        (0, 100, "running"),
        (50, 100, "writing"),
        (80, 100, "judging"),
        (100, 100, "done"),
    ]


def test_a_job_can_be_left_alone_and_waited_for_later(api: wk.Client, plain: Plain) -> None:
    job = api.generate("a lighthouse keeper", wait=False)
    assert not job.done and api.job(job.id).done and api.wait(job.id).id == "w1"


def test_an_interrupt_leaves_the_job_in_the_error(api: wk.Client, plain: Plain, server: Scripted) -> None:
    plain.steps = [{"status": "running"}] * 3

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    client = wk.Client(KEY, server.url, dialect="studio", sleep=interrupt)
    with pytest.raises(KeyboardInterrupt) as error:
        client.generate("a lighthouse keeper", progress=lambda *_: None)
    job: str = error.value.job_id  # type: ignore[attr-defined]
    assert job in error.value.__notes__[0] and api.wait(job).id == "w1"


def test_a_job_that_fails_or_takes_too_long_says_so(api: wk.Client, plain: Plain) -> None:
    plain.steps = [{"status": "failed", "error": {"detail": "the model ran out of ink"}}]
    with pytest.raises(wk.JobFailed, match="job j1 failed: the model ran out of ink") as error:
        api.generate("a lighthouse keeper")
    assert error.value.job_id == "j1"
    plain.steps = [{"status": "running"}] * 999
    with pytest.raises(wk.ApiError, match="job j2 is not done after 60 s") as late:
        api.generate("a lighthouse keeper", seconds=60)
    assert "j2" in late.value.__notes__[0]


def test_a_cancelled_task_leaves_the_job_in_the_error_too(plain: Plain, server: Scripted) -> None:
    plain.steps = [{"status": "running"}] * 999

    async def main() -> BaseException:
        waiting = asyncio.Event()

        async def sleep(seconds: float) -> None:
            waiting.set()
            await asyncio.Event().wait()

        async with wk.AsyncClient(KEY, server.url, dialect="studio", sleep=sleep) as api:
            task = asyncio.create_task(api.generate("a lighthouse keeper", progress=lambda *_: None))
            await waiting.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as error:
                await task
            return error.value

    assert "j1" in asyncio.run(main()).__notes__[0]


# ---- the rest, and all of it awaited -------------------------------------------------------------


def test_judging_playing_and_seeing(api: wk.Client, plain: Plain) -> None:
    id = plain.add(BENCH)
    assert api.validate(id) and api.validate(id, BENCH).world == BENCH
    assert not api.lint(id, wk.samples.load("broken")) and api.lint(id).prompt_budget == {"used": 1}
    edit_result = api.edit(id, "a tired courier")
    assert (
        edit_result
        and edit_result.reply == "Done.\nAnything else?"
        and edit_result.stored.world.subject == "a tired courier"
    )
    token = api.session_token(id, player="p", origin="https://example.org", seconds=60)
    assert (token.token, token.expires_in, token.world_id) == ("t.o.k", 60, id) and "t.o.k" not in repr(token)
    assert api.perceive(b"GIF89a").summary == api.perceive("data:image/gif;base64,R0lGODlh").summary == "R0lGODlh"
    assert [spot.bbox for spot in api.ground(b"GIF89a", ["gate"])] == [(0.0, 0.0, 1.0, 0.5)]
    assert api.seed_frame("a lane").image == b"hi"
    assert api.usage().left == {"generations": 4}


def test_the_awaited_client_does_the_same(plain: Plain, server: Scripted) -> None:
    async def main() -> None:
        async with wk.AsyncClient(KEY, server.url, dialect="studio", sleep=Slept().later) as api:
            bench = await api.create(BENCH, name="bench")
            assert (await api.find("bench")).world == bench.world and "AsyncClient" in repr(api)
            for n in range(3):
                await api.create(BENCH, name=f"{n}")
            assert len([ref async for ref in api]) == 4 == len([ref async for ref in await api.list(limit=3)])
            first = await api.snapshot(bench.id, "first")
            after = await api.apply(bench.id, RAIN, rev=bench.rev)
            assert (await api.diff(bench.id, first.id)).states.changed.keys() == {"lane"}
            with pytest.raises(wk.Conflict):
                await api.apply(bench.id, RAIN, rev=bench.rev)
            assert int(after.rev) == int(bench.rev) + 1 and (await api.scene(bench.id)).rev == after.rev
            stored = await api.generate("a lighthouse", progress=lambda *_: None)
            await asyncio.gather(*(api.get(stored.id) for _ in range(5)))
            with pytest.raises(wk.StoreError, match="AsyncClient"):
                bench.reload()

    asyncio.run(main())


def test_one_awaited_client_serves_several_loops(plain: Plain, server: Scripted) -> None:
    api = wk.AsyncClient(KEY, server.url)
    assert asyncio.run(api.usage()) == asyncio.run(api.usage())


def test_a_client_serves_many_threads(plain: Plain, server: Scripted, api: wk.Client) -> None:
    from concurrent.futures import ThreadPoolExecutor

    id = plain.add(BENCH)
    with ThreadPoolExecutor(8) as pool:
        assert {stored.world.name for stored in pool.map(lambda _: api.get(id), range(24))} == {BENCH.name}


def test_the_log_holds_what_was_asked_and_nothing_of_what_was_said(api: wk.Client, plain: Plain) -> None:
    id = plain.add(BENCH)
    api.list(cursor="0")
    api.rename(id, "nobody's business")
    log = "\n".join(map(str, api.requests))
    assert re.match(r"GET /v1/worlds -> 200 in \d+ ms\nPATCH /v1/worlds/w1 -> 200", log)
    assert "cursor" not in log and "business" not in log and len(api.requests) == 6
