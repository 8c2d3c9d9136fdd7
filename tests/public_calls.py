"""The public calls of worldkit, found by looking, with arguments that are right."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import worldkit as wk
from worldkit import WorldError
from worldkit.comparison import json_patch, merge_patch

SOURCE = str(Path(wk.__file__).parent)


def world() -> wk.World:
    return wk.samples.load("bench")


def campaign() -> wk.Campaign:
    acts = [{"actId": "a", "worldId": "w", "title": "A", "canonical": True}]
    return wk.Campaign.from_dict({"start": "a", "acts": acts, "edges": []})


def good(tmp: Path) -> dict[str, Any]:
    """Return an argument of each name, of the right type."""
    sample = world()
    return {
        "world": sample,
        "a": sample,
        "b": sample,
        "base": sample,
        "ours": sample,
        "theirs": sample,
        "worlds": [sample],
        "campaign": campaign(),
        "trace": wk.Session(sample).trace,
        "run": wk.Session(sample).trace,
        "path": tmp / "made.run.json",
        "folder": tmp,
        "source": sample,
        "ops": [],
        "model": "templates",
        "premise": "A lamp.",
        "premises": ["A lamp."],
        "data": {},
        "before": {},
        "after": {},
        "document": {},
        "patch": [],
        "state": "yard",
        "n": 1,
        "runs": 5,
        "states": 3,
    }


# ---- what is public ------------------------------------------------------------------------------


def _public() -> Iterator[tuple[str, Any]]:
    """Yield every public name and what it stands for; those of public modules begin with the module's."""
    members: dict[str, Any] = {name: getattr(wk, name) for name in wk.__all__}
    members |= {"json_patch": json_patch, "merge_patch": merge_patch}
    for name, member in members.items():
        if isinstance(member, ModuleType):
            yield from ((f"{name}.{inner}", getattr(member, inner)) for inner in member.__all__)
        else:
            yield name, member


FUNCTIONS: dict[str, Callable[..., Any]] = {name: member for name, member in _public() if inspect.isfunction(member)}
CLASSES: dict[str, type] = {
    name: member
    for name, member in _public()
    if inspect.isclass(member)
    and not issubclass(member, BaseException)
    and not getattr(member, "_is_protocol", False)
    and not name.startswith("ops.")
}
SKIPPED_METHODS = {"close", "compact", "transaction"}
"""Not called: they take nothing, or end what is tried."""


def methods(thing: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public methods of an object; of a class those that are called on the class."""
    kind = thing if inspect.isclass(thing) else type(thing)
    for name, member in inspect.getmembers_static(kind):
        if name.startswith(("_", "model_")) or name in SKIPPED_METHODS:
            continue
        function = getattr(member, "__func__", member)
        is_wanted = isinstance(member, classmethod) if inspect.isclass(thing) else inspect.isfunction(member)
        if is_wanted and function.__module__.startswith("worldkit"):
            yield name, getattr(thing, name)


def arguments_of(tmp: Path, name: str) -> dict[str, Any]:
    """Return right arguments for a public function."""
    arguments = good(tmp)
    if name in ("explore_campaign", "replay_campaign"):
        arguments["worlds"] = {"w": world()}
    return arguments


# ---- what public calls return --------------------------------------------------------------------


def _returned_objects(tmp: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield what public calls return, and arguments of the right type for its methods."""
    sample, lighthouse = world(), wk.samples.load("lighthouse")
    event = sample.events[0].name
    state = next(iter(sample.states))
    more = {"event": event, "state": state, "id": "bench", "at": state, "label": "x", "to": 0, "topic": "land"}
    yield sample, more
    session = wk.Session(sample)
    yield session, {**more, "listener": print, "at": session.position, "path": tmp / "s.json"}
    for thing in (wk.Session(lighthouse), wk.samples.load("broken").lint(), wk.odds(sample), wk.pacing(sample)):
        yield thing, more
    yield wk.explore(wk.samples.load("broken")), {**more, "path": tmp / "report.html"}
    yield wk.playtest(sample, 20), {**more, "path": tmp / "play.png"}
    edits = [
        sample.apply([{"op": "set_field", "state": state, "field": "base", "value": value}]) for value in ("A.", "B.")
    ]
    yield wk.diff(*edits, deep=True), {}
    merge = wk.merge(sample, *edits)
    yield merge, {"path": merge.conflicts[0].path, "choice": "ours", "side": "ours"}
    yield wk.compare(*edits), {}
    yield wk.compare(sample, *edits), more
    yield wk.build("A"), {}
    yield wk.generate_with_report("A lamp.", "templates"), {}
    yield wk.revise(sample, "Rename bench to court.", model="templates"), {"instruction": "Rename lane to alley."}
    yield wk.rewrite(sample, "bench", model="templates"), {}
    yield wk.from_text("Mara went to the harbour at dusk. " * 20, model="templates"), {}
    suggested = wk.suggest_properties(sample)
    for thing in (suggested, wk.check(sample, suggested), wk.condition(state), wk.Budget()):
        yield thing, {"path": tmp / "p.toml"}
    yield wk.CampaignSession(campaign(), {"w": sample}), more
    yield wk.explore_campaign(campaign(), {"w": sample}), {"act": "a"}
    yield wk.play(wk.CampaignSession(campaign(), {"w": sample})), more
    yield wk.lower(sample, [{"op": "set_narrate", "narrate": True}], partial=True), {}
    yield wk.save_run(session.trace, tmp / "runs" / "one.run.json"), {}
    runs = tmp / "runs"
    for thing in (wk.load_runs(runs), wk.check_runs(sample, runs), wk.update_runs(sample, runs)):
        yield thing, {}
    yield wk.fit_policy([session.trace]), more
    yield wk.scan(Path(SOURCE) / "data" / "samples"), {}
    for widget in (wk.edit(sample), wk.edit(tmp / "w.world.json"), wk.play(sample), wk.workbench(sample)):
        yield widget, {**more, "path": tmp / "e.json"}
    for notes in (wk.edit(sample).notes, wk.edit(sample).regions, wk.edit(sample).tags, wk.edit(sample).views):
        yield notes, {"states": [state], "name": "x"}
    yield wk.embed(sample), {"event": "choice"}
    yield wk.quality(sample), {"path": tmp / "q.html"}
    yield sample.picture(state), {"path": tmp / "p.svg"}
    yield sample.storyboard(), {"path": tmp / "b.html"}
    yield wk.painters.WebSocketPainter("ws://127.0.0.1:9"), {}
    yield wk.painters.MiraPainter("mira:ws://127.0.0.1:9"), {}
    environment = wk.envs.WorldEnv(sample)
    yield environment, {"action": 0, "name": event, "reply": "1", "num_envs": 2}
    several = environment.vector(2)
    yield several, {"actions": [0, 0], "action_mask": several.reset()[1]["action_mask"]}
    yield wk.envs.suite(1), {}
    yield wk.painters.Command("set_prompt", "prompt"), {}
    with wk.painters.Recorder(tmp / "recording", session) as recorder:
        yield recorder, {"frame": wk.painters.Frame(b"")}
    recording = wk.painters.Recording.load(tmp / "recording")
    yield recording, {}
    yield wk.painters.RecordedPainter(recording), {}
    store = wk.Store(tmp / "worlds.db")
    stored_world = store.create(sample)
    stored_world.snapshot("first")
    yield stored_world.versions(), {}
    yield store.list(), {}
    yield store, {**more, "world": sample, "ref": stored_world, "id": stored_world.id, "path": tmp / "out.json"}
    yield stored_world, more
    yield wk.edit(stored_world), more
    # nobody answers there, and there is nothing to wait for
    yield wk.Client("sk_test_x", base_url="http://127.0.0.1:9", sleep=lambda _: None), {**more, "world": sample}
    yield wk.AsyncClient("sk_test_x", base_url="http://127.0.0.1:9", sleep=_no_pause), {**more, "world": sample}


async def _no_pause(_: float) -> None:
    pass


def instances(tmp: Path) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Return one object of every public class that public calls return, here or within what they return."""
    names = {kind: name for name, kind in CLASSES.items()}
    samples: dict[str, tuple[Any, dict[str, Any]]] = {}
    visits: Counter[str | None] = Counter()

    def look_at(thing: Any, arguments: dict[str, Any], depth: int) -> None:
        # a widget has a class of its own, made for its traits, below the public one
        name = next((names[kind] for kind in type(thing).__mro__ if kind in names), None)
        if name is not None:
            samples.setdefault(name, (thing, arguments))
            visits[name] += 1
        if depth > 4 or (name is not None and visits[name] > 3):
            return
        if isinstance(thing, dict):
            parts: Iterable[Any] = list(thing.values())[:5]
        elif isinstance(thing, (list, tuple)):
            parts = thing[:5]
        elif name is not None:
            parts = _parts(thing)
        else:
            return
        for part in parts:
            look_at(part, arguments, depth + 1)

    for thing, arguments in _returned_objects(tmp):
        look_at(thing, arguments, 0)
    return samples


def _parts(thing: Any) -> Iterator[Any]:
    fields = {**getattr(thing, "__dataclass_fields__", {}), **getattr(type(thing), "model_fields", {})}
    properties = [name for name, _ in inspect.getmembers_static(type(thing), inspect.isdatadescriptor)]
    for name in [*fields, *properties, *getattr(type(thing), "__slots__", ())]:
        if not name.startswith("_"):
            try:
                yield getattr(thing, name)
            except (WorldError, AttributeError, TypeError):
                continue
    if hasattr(thing, "__getitem__") and hasattr(thing, "__len__") and not hasattr(thing, "keys"):
        yield from (thing[index] for index in range(min(2, len(thing))))
