"""The client against our own server, over real HTTP: every call of the table, and the same as with a store."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.api.call_table import CALLS
from tests.api.scripted import Answer, ReceivedRequest, Slept, serving
from tests.edit.ops_strategy import messy_documents, operations, rich_documents
from tests.server.running import Running, Scripted, Seer, quick, running, together
from worldkit.server.apps import NewKeys

BENCH = wk.samples.load("bench")
Json = dict[str, Any]
HYPOTHESIS_SETTINGS = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def lane(text: str) -> list[Json]:
    return [{"op": "set_field", "state": "lane", "field": "base", "value": text}]


@pytest.fixture(scope="module")
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, scripted: Scripted) -> Iterator[Running]:
    place = tmp_path_factory.mktemp("server") / "worlds.db"
    with running(quick(place, generator=scripted, vision=Seer(), workers=2)) as here:
        yield here


@pytest.fixture(scope="module")
def app(server: Running) -> NewKeys:
    return server.app()


@pytest.fixture(scope="module")
def api(server: Running, app: NewKeys) -> Iterator[wk.Client]:
    with wk.Client(app.secret, server.url, mode="test") as client:
        yield client


def test_the_table_has_every_call_that_the_server_is_held_to() -> None:
    pages = (Path(__file__).parents[2] / "schema" / "conformance").glob("*.json")
    sets = (json.loads(page.read_text(encoding="utf-8")) for page in pages)
    cases = [case for one in sets if isinstance(one, dict) for case in one.get("cases", ()) if "steps" in case]
    requests = {(step["request"]["method"], step["request"]["path"]) for case in cases for step in case["steps"]}
    app_calls = [path for _, path, _ in CALLS if path.startswith("/v1/apps")]  # tests/server holds it to these
    calls = [(method, path) for method, path, _ in CALLS if path not in app_calls]
    patterns = [(method, re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))) for method, path in calls]
    for method, path in patterns:
        assert any(one == method and re.fullmatch(path, at.partition("?")[0]) for one, at in requests), (method, path)


def test_a_world_comes_back_as_it_was_created_and_is_listed(api: wk.Client) -> None:
    stored = api.create(BENCH, name="bench")
    assert stored.world.to_json() == wk.World.from_dict({**BENCH.raw, "name": "bench"}).to_json()
    assert stored.rev == "0" and api["bench"] == stored == api[stored.id] == stored.reload()
    assert stored.id in [ref.id for ref in api.list(limit=3)]
    reference = api.describe(stored.id, description="A lane.", visibility="public")
    assert (reference.description, reference.visibility) == ("A lane.", "public")
    assert stored.rename("lane").name == "lane" and api[stored.id].rev == "0"
    stored.delete()
    with pytest.raises(wk.NotFound):
        api.get(stored.id)


@HYPOTHESIS_SETTINGS
@given(document=st.one_of(rich_documents(), messy_documents()))
def test_any_world_comes_back_byte_for_byte(api: wk.Client, document: Json) -> None:
    world = wk.World.from_dict(document)
    assert api.create(world).world.to_json() == world.to_json()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wk.Store]:
    with wk.Store(tmp_path_factory.mktemp("twin") / "worlds.db") as opened_store:
        yield opened_store


def attempt(places: Any, id: str, ops: list[Json], rev: str, strict: bool) -> tuple[Any, ...]:
    """Return what came of a batch, in a form that is the same for every place."""
    try:
        outcome = places.apply(id, ops, rev=rev, strict=strict)
    except wk.OpError as error:
        return "refused", error.index, error.op
    except wk.RuleViolation as error:
        return "rules", error.diagnostics
    except wk.Conflict as error:
        return "stale", error.expected, error.current
    return outcome.rev, outcome.world.to_json(), outcome.diagnostics


@HYPOTHESIS_SETTINGS
@given(data=st.data())
def test_whatever_is_done_a_client_and_a_store_make_the_same_of_it(
    api: wk.Client, store: wk.Store, data: st.DataObject
) -> None:
    world = wk.World.from_dict(data.draw(rich_documents()))
    near, far = store.create(world), api.create(world)
    for _ in range(data.draw(st.integers(1, 3))):
        batch = data.draw(st.lists(operations(near.world.raw), min_size=1, max_size=3))
        strict, rev = data.draw(st.booleans()), data.draw(st.sampled_from([near.rev, near.rev, "9"]))
        assert attempt(store, near.id, batch, rev, strict) == attempt(api, far.id, batch, rev, strict)
        near, far = near.reload(), far.reload()
        assert near.world.to_json() == far.world.to_json() and near.rev == far.rev


def test_exact_operations_are_sent_as_they_are(api: wk.Client) -> None:
    stored = api.create(BENCH)
    after = stored.apply([{"op": "put_state", "id": "attic", "state": {"base": "Dust.", "x": None}, "at": 0}])
    assert next(iter(after.world.states)) == "attic" and after.world.raw["scene"]["states"]["attic"]["x"] is None
    assert after.apply(wk.diff(after.world, BENCH).ops).world == BENCH


def test_of_two_edits_of_one_revision_one_wins_and_whoever_takes_what_is_current_always_does(api: wk.Client) -> None:
    stored = api.create(BENCH)
    stored.apply(lane("Rain."))
    with pytest.raises(wk.Conflict, match="at revision 1, the edit was made against 0") as stale:
        stored.apply(lane("Snow."))
    assert (stale.value.current, stale.value.rev, stale.value.status) == ("1", "1", 409) and stale.value.request_id
    together([lambda n=n: api.apply(stored.id, lane(f"{n}")) for n in range(3)])  # type: ignore[misc]
    assert int(stored.reload().rev) >= 2


def test_each_write_of_the_table_moves_the_revision_by_one(api: wk.Client, scripted: Scripted) -> None:
    id = api.create(BENCH).id
    scripted.ops = [{"op": "set_subject", "subject": "A tired courier."}]
    event = {"name": "climb/up", "kind": "transition", "from": ["lane"], "to": "attic", "base": "The ladder creaks."}
    writes = [
        api.add_state(id, {"base": "A bare attic."}, state="attic"),
        api.update_state(id, "attic", {"narration": "Dust."}),
        api.add_event(id, event),
        api.update_event(id, "climb/up", {"base": None}),
        api.delete_event(id, "climb/up"),
        api.set_entrance(id, "attic", image={"src": "a.png"}),
        api.delete_state(id, "attic"),
        api.edit(id, "name the courier").stored,
    ]
    assert [stored.rev for stored in writes] == [str(n) for n in range(1, 9)]
    assert (
        writes[0].world.states["attic"].base == "A bare attic."
        and "base" not in writes[3].world.raw["scene"]["events"][-1]
    )
    assert (
        writes[5].world.entrance is not None and writes[6].diagnostics and writes[7].world.subject == "A tired courier."
    )
    with pytest.raises(wk.NotFound):
        api.update_state(id, "nowhere", {"base": "x"})
    with pytest.raises(wk.OpError, match="cannot be removed"):
        api.update_state(id, "lane", {"base": None})
    with pytest.raises(wk.OpError) as error:
        api.apply(id, [*lane("Rain."), {"op": "delete_state", "id": "nowhere"}])
    assert (error.value.index, error.value.op) == (1, "delete_state") and api.get(id).rev == "8"


def test_versions_are_a_tree_as_in_a_store(api: wk.Client, store: wk.Store) -> None:
    histories = []
    for places in (api, store):
        stored = places.create(BENCH, name="tree")
        first = stored.snapshot("first")
        second = stored.apply(lane("Rain.")).snapshot(
            "rain",
        )
        back = stored.checkout(first.id)
        third = back.apply(lane("Snow.")).snapshot()
        names = {one.id: one.title for one in stored.versions()}
        tree = [(one.title, names.get(one.parent or ""), one.source, one.rev) for one in stored.versions()]
        assert stored.versions().head == third.id and stored.reload().version == third.id
        with pytest.raises(wk.HeadVersion):
            stored.prune(third.id)
        histories.append((tree, stored.diff(second.id, third.id).to_dict(), back.rev, back.world.to_json()))
        stored.prune(second.id)
        fork = places.fork(stored.id, name="dark", version=first.id)
        assert (fork.name, fork.parent, fork.parent_version) == ("dark", stored.id, first.id)
        assert fork.world.states == BENCH.states and len(stored.versions()) == 2
        if places is api:
            difference = api.version_diff(stored.id, first.id, third.id)
            assert difference.states["changed"] == ("lane",) and difference.events["added"] == ()
            api.retitle(stored.id, first.id, "one")
            assert stored.versions()[0].title == "one"
    assert histories[0] == histories[1]


def test_the_same_key_does_a_thing_once(api: wk.Client) -> None:
    worlds = [api.create(BENCH, idempotency_key="create-1") for _ in range(2)]
    assert worlds[0].id == worlds[1].id
    for _ in range(2):
        assert api.apply(worlds[0].id, lane("Rain."), rev="0", idempotency_key="edit-1").rev == "1"
        assert (
            api.fork(worlds[0].id, idempotency_key="fork-1").id == api.fork(worlds[0].id, idempotency_key="fork-1").id
        )
    assert api.snapshot(worlds[0].id, idempotency_key="s").id == api.snapshot(worlds[0].id, idempotency_key="s").id
    assert api.create(BENCH, idempotency_key="create-1").rev == "1"


def test_a_premise_becomes_a_world_and_is_charged_once(api: wk.Client, scripted: Scripted) -> None:
    before = api.usage().used["generation"]
    updates: list[tuple[int, int, str]] = []
    stored = api.generate("a lighthouse", name="Light", progress=lambda *s: updates.append(s), idempotency_key="g1")
    assert stored.name == "Light" and stored.world.states == BENCH.states and updates[-1] == (100, 100, "done")
    assert api.generate("a lighthouse", name="Light", idempotency_key="g1").id == stored.id
    with pytest.raises(wk.WorldError, match="another body"):
        api.generate("a lighthouse", name="Dark", idempotency_key="g1")
    assert api.usage().used["generation"] == before + 1
    scripted.error = wk.TaskRefused("out of ink")
    try:
        with pytest.raises(wk.JobFailed, match="out of ink"):
            api.generate("a lighthouse")
    finally:
        scripted.error = None
    assert api.usage().used["generation"] == before + 1


def test_a_quota_a_scope_a_key_and_the_rules_are_refused_in_words(server: Running, api: wk.Client) -> None:
    poor = wk.Client(server.app(caps={"generation": 0}).secret, server.url)
    with pytest.raises(wk.QuotaExceeded, match=r"generation is used up: 0 of 0.*Nothing was charged") as over:
        poor.generate("a lighthouse")
    assert (over.value.kind, over.value.cap) == ("generation", 0)
    reader = wk.Client(server.app(scopes=("worlds:read",)).secret, server.url)
    with pytest.raises(wk.ScopeError, match="lacks the scope worlds:write") as error:
        reader.create(BENCH)
    assert error.value.scope == "worlds:write" and list(reader.list().items) == []
    with pytest.raises(wk.AuthError, match="does not know this key"):
        wk.Client("sk_test_0123456789", server.url).usage()
    stored = api.create(BENCH)
    with pytest.raises(wk.NotFound):
        reader.get(stored.id)
    with pytest.raises(wk.RuleViolation) as rules:
        stored.apply([{"op": "delete_state", "id": "lane"}], strict=True)
    assert rules.value.diagnostics.errors and stored.reload() == stored


def test_judging_playing_and_seeing(api: wk.Client) -> None:
    id = api.create(BENCH).id
    assert api.validate(id) and not api.validate(id, wk.samples.load("broken"))
    assert [str(d).partition(" Fixable")[0] for d in api.lint(id, wk.samples.load("broken")).diagnostics] == [
        str(d).partition(" Fixable")[0] for d in wk.samples.load("broken").lint()
    ]
    assert api.lint(id).ok and api.lint(id).prompt_budget
    token = api.session_token(id, player="me", origin="https://example.org", seconds=60)
    assert token.world_id == id and token.expires_in == 60 and token.token not in repr(token)
    assert api.perceive(b"GIF89a", room_name="a lane").summary == "a lane"
    assert [spot.label for spot in api.ground(b"GIF89a", ["door", "gate"])] == ["door", "gate"]
    assert api.seed_frame("a lane").image == b"\x00" and api.dialect == "worldkit"
    assert [*api.scene(id).states] == [*BENCH.states]


def test_a_publishable_key_reads_what_the_secret_one_wrote(server: Running, app: NewKeys, api: wk.Client) -> None:
    stored = api.create(BENCH)
    with wk.Client(app.publishable_key, server.url) as reader:
        assert reader.get(stored.id).world == BENCH
        with pytest.raises(wk.ScopeError, match="nothing was sent"):
            reader.apply(stored.id, lane("Rain."), rev="0")


def test_awaited_calls_run_beside_each_other(server: Running, app: NewKeys) -> None:
    async def main() -> None:
        async with wk.AsyncClient(app.secret, server.url) as api:
            stored_worlds = await asyncio.gather(*(api.create(BENCH, name=f"beside {n}") for n in range(6)))
            ids = [stored.id for stored in stored_worlds]
            assert len(set(ids)) == 6
            edited_worlds = await asyncio.gather(
                *(api.apply(one.id, lane("Rain."), rev=one.rev) for one in stored_worlds)
            )
            assert {one.rev for one in edited_worlds} == {"1"} and (await api.find("beside 3")).id == ids[3]
            stored = await api.generate("a lighthouse", progress=lambda *_: None)
            edits = await api.edit(stored.id, "rain")
            assert edits.reply == "Done: rain"

    asyncio.run(main())


def test_an_editor_over_a_client_undoes_by_exact_operations(api: wk.Client) -> None:
    from worldkit.editing.batch import apply

    stored = api.create(BENCH)
    result = apply(stored.world, [{"op": "delete_state", "id": "lane"}])
    after = stored.apply(result.ops)
    assert after.world == result.world and after.apply(result.inverse).world.to_json() == BENCH.to_json()


def losing(url: str) -> Callable[[ReceivedRequest], Answer]:
    """Return a way to the server on which the first answer to everything is lost, after it was done."""
    lost_calls: set[tuple[str, str, str | None]] = set()

    def handle(request: ReceivedRequest) -> Answer:
        keep = ("authorization", "content-type", "if-match", "idempotency-key", "x-worldkit-dialect")
        headers = {name: request.headers[name] for name in keep if name in request.headers}
        answer = httpx.request(request.method, url + request.target, headers=headers, content=request.raw, timeout=30)
        call = (request.method, request.target, headers.get("idempotency-key"))
        if call not in lost_calls:
            lost_calls.add(call)
            return Answer(fault="hang up")
        passed_on = {name: answer.headers[name] for name in ("etag", "x-worldkit-dialect") if name in answer.headers}
        return Answer(answer.content, answer.status_code, passed_on, answer.headers["content-type"])

    return handle


def test_what_is_done_and_its_answer_lost_is_done_once(server: Running) -> None:
    secret = server.app().secret
    with serving(losing(server.url)) as lossy, wk.Client(secret, lossy.url, sleep=Slept()) as api:
        stored = api.create(BENCH, name="once")
        rain = stored.apply(lane("Rain."))
        made_of_words = api.generate("a lighthouse", progress=lambda *_: None)
        version, fork = rain.snapshot("first"), rain.fork(name="twin")
        assert rain.rev == "1" and api.add_state(stored.id, {"base": "Dust."}, rev="1").rev == "2"
        assert [one.id for one in stored.versions()] == [version.id]
        assert {ref.id for ref in api} == {stored.id, made_of_words.id, fork.id}
        assert api.usage().used["generation"] == 1
        with pytest.raises(wk.Unreachable, match="may have happened"):
            api.rename(stored.id, "renamed")
        assert api.get(stored.id).name == "renamed"
        assert api.update_state(stored.id, "lane", {"narration": "It rains."}, rev="2").rev == "3"
        assert api.get(stored.id).rev == "3"
