"""What worldkit returns can be sent to another process, and copied: it comes back the same."""

from __future__ import annotations

import ast
import copy
import errno
import importlib
import inspect
import itertools
import json
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import worldkit as wk
from tests.generate.server import serving
from tests.play.campaigns import MOVES, PLAIN, begin, play_on, sagas, there_and_back
from tests.play.campaigns import WORLDS as LANES
from tests.test_names import SOURCE
from worldkit.core.document import at_revision, store_of
from worldkit.core.progress import ignore
from worldkit.stores.stored_world import StoreBinding

SECRET = "sk-of-this-process"
LIGHTHOUSE = wk.samples.load("lighthouse")
RENAMED = LIGHTHOUSE.apply([{"op": "rename_state", "from": LIGHTHOUSE.start, "to": "quay"}])

RECORD = wk.Campaign.from_dict(
    {
        "id": "of a record",
        "title": "Two lanes",
        "graph": PLAIN.to_dict(),
        "acts": {act.act_id: LANES[act.world_id].to_dict() for act in PLAIN.acts},
    }
)

RESULTS: dict[str, Callable[[], Any]] = {
    "campaign of a record": lambda: RECORD,
    "campaign session": lambda: wk.CampaignSession(PLAIN, LANES),
    "campaign session of a record": lambda: wk.CampaignSession(RECORD),
    "check": lambda: wk.check(LIGHTHOUSE, ["always possible: win"]),
    "diff": lambda: wk.diff(LIGHTHOUSE, RENAMED),
    "exploration": lambda: wk.explore(LIGHTHOUSE),
    "generation": lambda: wk.generate_with_report("A fox hides", model="templates", progress=ignore),
    "lint": lambda: LIGHTHOUSE.lint(),
    "merge": lambda: wk.merge(LIGHTHOUSE, RENAMED, LIGHTHOUSE),
    "odds": lambda: wk.odds(LIGHTHOUSE),
    "pacing": lambda: wk.pacing(LIGHTHOUSE),
    "playtest": lambda: wk.playtest(LIGHTHOUSE, runs=50),
    "quality": lambda: wk.quality(LIGHTHOUSE),
    "session": lambda: wk.Session(LIGHTHOUSE),
    "trace": lambda: wk.Session(LIGHTHOUSE).trace,
    "verification": lambda: LIGHTHOUSE.verify(),
}


def through_pickle(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))


COPIES = [through_pickle, copy.copy, copy.deepcopy]


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("name", RESULTS)
def test_what_a_public_function_returns_is_pickled_and_copied(name: str, copied: Callable[[Any], Any]) -> None:
    result = RESULTS[name]()
    repr(result)  # what is computed when it is shown comes along or is computed again
    assert repr(copied(result)) == repr(result)


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 8), max_size=12),
    st.lists(st.integers(0, 8), max_size=6),
    st.sampled_from(wk.samples.names()),
)
def test_a_session_that_was_pickled_goes_on_as_it_would_have(steps: list[int], later: list[int], name: str) -> None:
    session = wk.Session(wk.samples.load(name), mode="real-time")
    play(session, steps)
    copied = through_pickle(session)
    play(session, later)
    play(copied, later)
    assert copied.trace == session.trace
    assert copied.position == session.position
    if copied.can_undo:
        assert copied.undo().position == session.undo().position


@pytest.mark.parametrize("copied", COPIES)
def test_a_long_run_is_pickled_and_copied(copied: Callable[[Any], Any]) -> None:
    session = wk.Session(LIGHTHOUSE, mode="real-time")
    session.fire(next(offer for offer in session.offers if offer.available))
    for _ in range(3_000):
        session.tick(10)
    duplicate = copied(session)
    assert (duplicate.trace, duplicate.clock) == (session.trace, session.clock)
    while session.can_undo:
        assert duplicate.undo().trace == session.undo().trace
    assert not duplicate.can_undo


@settings(max_examples=30, deadline=None)
@given(sagas(), MOVES, MOVES, st.sampled_from(COPIES))
def test_a_copy_of_a_run_through_a_campaign_goes_on_by_itself(
    saga: tuple[wk.Campaign, dict[str, wk.World]],
    moves: list[tuple[str, int]],
    later: list[tuple[str, int]],
    copied: Callable[[Any], Any],
) -> None:
    session, twin = play_on(begin(saga), moves), play_on(begin(saga), moves)
    duplicate = copied(session)
    before = stands(session)
    assert stands(duplicate) == before
    play_on(duplicate, later)
    assert stands(session) == before
    play_on(session, later)
    play_on(twin, later)
    assert stands(session) == stands(duplicate) == stands(twin)
    while session.can_undo:
        session.undo(), duplicate.undo()
        assert stands(duplicate) == stands(session)


def stands(session: wk.CampaignSession) -> tuple[Any, ...]:
    return session.position, session.trace, session.trail, session.offers, session.undo_depth


@pytest.mark.parametrize("copied", COPIES)
def test_what_a_copy_does_is_told_to_its_own_handlers(copied: Callable[[Any], Any]) -> None:
    for session in (there_and_back(), wk.Session(LIGHTHOUSE)):
        heard: list[str] = []
        session.on("land", lambda event, heard=heard: heard.append("the session's"))
        duplicate = copied(session)
        duplicate.on("land", lambda event, heard=heard: heard.append("the copy's"))
        play_any(duplicate)
        assert heard == ["the copy's"]
        play_any(session)
        assert heard == ["the copy's", "the session's"]


def play_any(session: wk.Session | wk.CampaignSession) -> None:
    session.fire(next(offer for offer in session.offers if offer.available))


def play(session: wk.Session, steps: list[int]) -> None:
    for step in steps:
        if not session.offers or step == 8:
            session.wait(700)
        elif session.offers[step % len(session.offers)].available:
            session.fire(session.offers[step % len(session.offers)])


def test_no_frozen_class_with_slots_has_a_state_of_its_own() -> None:
    """Python 3.11.0 to 3.11.3 put theirs in its place (https://github.com/python/cpython/issues/104035)."""
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    own_states = [
        f"{path}: {node.name}"
        for path, text in texts.items()
        if "__getstate__" in text or "__setstate__" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        and any("slots=True" in ast.unparse(decorator) for decorator in node.decorator_list)
        and {"__getstate__", "__setstate__"} & {getattr(member, "name", "") for member in node.body}
    ]
    assert own_states == []


def test_a_revision_that_was_shown_is_pickled_and_goes_on() -> None:
    revision = wk.revise(wk.samples.load("bench"), "make the lane colder", model="templates", progress=ignore)
    assert revision.diff and revision.comparison is not None
    copied = through_pickle(revision)
    assert repr(copied) == repr(revision)
    assert copied.again("eerie").world == revision.again("eerie").world


def test_a_pickled_revision_holds_no_key_and_takes_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = iter(["A lane under hard frost, and a gate of iron.", "A lane under blue ice, and a gate of iron."])

    def answer(body: Any, number: int) -> str:
        op = {"op": "set_field", "state": "lane", "field": "base", "value": next(texts)}
        return json.dumps({"reply": "Froze the lane.", "ops": [op]})

    with serving(answer) as server:
        revision = wk.revise(
            wk.samples.load("bench"), "freeze the lane", f"chat:{server.url}#m", key=SECRET, progress=ignore
        )
        data = pickle.dumps(revision)
        assert SECRET.encode() not in data
        monkeypatch.setenv("WORLDKIT_CHAT_KEY", "sk-of-the-other-process")
        pickle.loads(data).again("freeze it more")
        assert server.keys == [f"Bearer {SECRET}", "Bearer sk-of-the-other-process"]


def test_a_pickled_world_keeps_its_file_its_notes_and_its_parent() -> None:
    start = LIGHTHOUSE.start
    edited = LIGHTHOUSE.fork().apply([{"op": "delete_state", "id": start}])
    copied = through_pickle(edited)
    assert copied == edited and copied.rev == edited.rev and copied.parent == LIGHTHOUSE
    assert list(copied.diagnostics) == list(edited.diagnostics) and edited.diagnostics
    assert list(copied.properties) == list(edited.properties) and edited.properties
    assert copied.parent.properties and len(wk.check(through_pickle(LIGHTHOUSE))) == len(LIGHTHOUSE.properties)
    assert list(through_pickle(wk.odds(LIGHTHOUSE)).world.properties) == list(LIGHTHOUSE.properties)


def test_a_pickled_world_keeps_its_notes_with_the_world_that_they_are_about() -> None:
    broken = wk.samples.load("broken")
    world = at_revision(broken, rev=1, notes=broken.lint())
    copied = through_pickle(world)
    assert list(copied.diagnostics) == list(world.diagnostics)
    assert copied.diagnostics.fixed() == world.diagnostics.fixed()


def test_a_world_finds_its_properties_from_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rel").mkdir()
    LIGHTHOUSE.save("rel/b.world.json")
    LIGHTHOUSE.properties.save("rel/b.properties.toml")
    world = wk.load("rel/b.world.json")
    Path("elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert list(world.properties) == list(LIGHTHOUSE.properties)
    assert through_pickle(world).properties.path == tmp_path / "rel" / "b.properties.toml"


def test_a_pickled_world_still_asks_its_store(tmp_path: Path) -> None:
    with wk.Store(tmp_path / "worlds.db") as store:
        stored = store.space("app").create(LIGHTHOUSE)
        copied = through_pickle(stored)
        assert copied == stored and copied.world == stored.world and copied.reload() == stored
        stored.apply([{"op": "rename_state", "from": LIGHTHOUSE.start, "to": "quay"}])
        with pytest.raises(wk.Conflict):
            copied.world.apply([{"op": "delete_state", "id": LIGHTHOUSE.start}], rev=stored.rev)
        assert store.space("app").create(through_pickle(stored.world.fork())).parent == stored.id


def test_a_pickled_store_opens_its_file_when_it_is_used_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "worlds.db"
    store = wk.Store("worlds.db")
    stored = store.create(LIGHTHOUSE)
    copied, unused = through_pickle(store), through_pickle(store)
    monkeypatch.chdir("/")
    assert repr(copied) == repr(store) and copied.label == store.label
    assert [ref.id for ref in copied] == [stored.id] and copied.create(LIGHTHOUSE).id in store
    assert copy.copy(store) is store and copy.deepcopy(store) is store
    store.close()
    copied.close()
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(wk.StoreError, match=r"there is no store at .*worlds\.db"):
        unused.get(stored.id)
    assert not path.exists()
    unused.close()


def test_a_world_of_a_client_is_pickled_without_the_key() -> None:
    with wk.Client(key="sk_test_of_this_process") as client:
        binding = StoreBinding(client, "w1", None)
        world = at_revision(LIGHTHOUSE, rev="a1", store=binding)
        data = pickle.dumps(world)
    assert b"of_this_process" not in data and store_of(pickle.loads(data)) is not None


# ---- exceptions ----------------------------------------------------------------------------------------

ARGUMENTS: dict[str, Any] = {
    "str": "harbor",
    "int": 400,
    "int | None": 7,
    "float": 1.5,
    "object": "harbor",
    "Diagnostics": LIGHTHOUSE.lint(),
    "Mapping[int, Reply]": {},
    "MachineNode": SimpleNamespace(id="harbor"),
    "Stills": SimpleNamespace(new_states=("harbor",)),
}
"""What an exception is made with, by the type that its class names; any other argument is an empty row."""


def exception_classes() -> Iterator[type[BaseException]]:
    """Yield all classes of exceptions in worldkit, from the modules that have a class with such a name or base."""
    for path in sorted(SOURCE.rglob("*.py")):
        names = re.findall(r"^class (\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        if names and "data" not in path.relative_to(SOURCE).parts:
            module = importlib.import_module(".".join(["worldkit", *path.relative_to(SOURCE).with_suffix("").parts]))
            for kind in (getattr(module, name) for name in names):
                if isinstance(kind, type) and issubclass(kind, BaseException):
                    yield kind


def arguments_of(kind: type[BaseException]) -> list[Any]:
    if not inspect.isfunction(kind.__init__):
        return ["harbor"]
    _, *parameters = inspect.signature(kind.__init__).parameters.values()
    return [
        ARGUMENTS.get(each.annotation, ())
        for each in parameters
        if each.kind is each.POSITIONAL_OR_KEYWORD and each.default is each.empty
    ]


def test_every_exception_is_pickled_and_copied_whatever_its_class_takes() -> None:
    kinds = list(exception_classes())
    assert len(kinds) > 100
    for kind, copied in itertools.product(kinds, COPIES):
        error = kind(*arguments_of(kind))
        again = copied(error)
        assert type(again) is kind and str(again) == str(error) and repr(again) == repr(error)
        assert {name: repr(value) for name, value in vars(again).items()} == {
            name: repr(value) for name, value in vars(error).items()
        }


def test_an_error_of_the_system_comes_back_with_its_number_and_its_file() -> None:
    with pytest.raises(wk.MissingFile) as missing:
        wk.load("nowhere.world.json")
    error = through_pickle(missing.value)
    assert (str(error), error.errno, error.filename) == (str(missing.value), errno.ENOENT, "nowhere.world.json")
    full = through_pickle(wk.DiskFull("worlds.db", 10, 3))
    assert full.errno == errno.ENOSPC and full.needed == 10
    assert through_pickle(wk.MissingExtra("painting", "paint", "torch")).msg.startswith("painting needs torch")
