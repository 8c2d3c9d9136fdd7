"""worldkit's exact operations, written with those of docs/spec/ops.md for servers that do not know them.

``put_state``, ``put_event`` and ``put_world`` say what is to be; those of the specification say what to change.
So the result of a run of exact operations is worked out here, and operations of the specification with the same result
are planned: patches with nulls for what goes, and, where the order of events matters, events taken out and added again.
The plan is carried out on a copy before anything is sent: a batch is either written exactly or refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from worldkit.comparison import diff
from worldkit.core.document import json_of
from worldkit.core.errors import OpError, WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal
from worldkit.editing.batch import apply
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.editing.vocabulary import OWN_OPS
from worldkit.world import World


def is_exact(op: Json) -> bool:
    """Say whether an operation is one of worldkit's own."""
    return op["op"] in OWN_OPS


def as_contract_ops(world: World, batch: Sequence[Json]) -> list[Json]:
    """Return a batch without exact operations that comes to the same.

    Args:
        world: The world it is to be applied to.
        batch: Operations in canonical spelling.

    Raises:
        OpError: An operation is refused, or what it says cannot be said in the specification's words.
    """
    if not any(map(is_exact, batch)):
        return list(batch)
    target = apply(world, batch).world
    # run by run keeps the operations of the specification; all at once repairs what only the whole batch makes valid
    for plan in (_plan_run_by_run, _plan_whole_batch):
        try:
            ops = plan(world, batch)
            result = apply(world, ops).world if ops else world
        except WorldError:
            continue
        if result == _with_source_lists(world, target):
            return ops
    raise _not_expressible(world, batch)


def _plan_run_by_run(world: World, batch: Sequence[Json]) -> list[Json]:
    ops: list[Json] = []
    current = world
    for exact, run in groupby(batch, is_exact):
        steps = list(run)
        if not exact:
            current, ops = apply(current, steps).world, [*ops, *steps]
            continue
        target = apply(current, [{**step, "force": True} if step["op"] in RAW_OPS else step for step in steps]).world
        run_ops = planned_ops(current, _with_source_lists(current, target))
        current, ops = target, [*ops, *run_ops]
    return ops


def _plan_whole_batch(world: World, batch: Sequence[Json]) -> list[Json]:
    return planned_ops(world, _with_source_lists(world, apply(world, batch).world))


def _with_source_lists(before: World, after: World) -> World:
    """Return a world in which a ``from`` that is new and a single string is a list, as the specification writes it."""
    events = json_of(after)["scene"]["events"]
    single_sources = [event for event in json_of(before)["scene"]["events"] if isinstance(event["from"], str)]
    rewritten = {
        index: {**event, "from": [event["from"]]}
        for index, event in enumerate(events)
        if isinstance(event["from"], str) and not any(json_equal(event, other) for other in single_sources)
    }
    if not rewritten:
        return after
    scene = {**json_of(after)["scene"], "events": [rewritten.get(index, event) for index, event in enumerate(events)]}
    return World.from_dict({**json_of(after), "scene": scene})


# ---- the plan ----------------------------------------------------------------------------------


def planned_ops(before: World, after: World) -> list[Json]:
    """Return operations of the specification towards a world: exactly, wherever these operations can express it.

    Args:
        before: The world they begin with.
        after: The world they should end with.
    """
    plan = _OpPlan(before)
    new_ids = diff(before, after).states.renamed
    plan.do(*({"op": "rename_state", "from": old, "to": new} for old, new in new_ids.items()))
    raw = json_of(after)
    plan.do(*_removed_pieces(plan.raw, raw))
    plan.do(*_states(plan.raw, raw))
    plan.do(*_story(plan.raw, raw), *_list_changes(plan.raw, raw), *_fields(plan.raw, raw))
    plan.do(*_events(plan.raw, raw))
    # a state that is removed takes events along, so it goes when they lead elsewhere
    plan.do(*({"op": "delete_state", "id": id} for id in _removed_states(plan.raw, raw)))
    plan.do(*_events(plan.raw, raw), *_fields(plan.raw, raw))
    return plan.ops


@dataclass
class _OpPlan:
    """Operations, and the world they come to."""

    world: World
    ops: list[Json] = field(default_factory=list)

    @property
    def raw(self) -> Json:
        return json_of(self.world)

    def do(self, *ops: Json) -> None:
        if ops:
            self.world = apply(self.world, ops).world
            self.ops += deep_copy(list(ops))


def _patch(before: Json, after: Json) -> Json:
    patch: Json = {key: None for key in before if key not in after}
    patch |= {key: value for key, value in after.items() if key not in before or not json_equal(before[key], value)}
    return patch


def _removed_states(before: Json, after: Json) -> list[str]:
    return [id for id in before["scene"]["states"] if id not in after["scene"]["states"]]


_LISTS = (("cutscenes", "cutscene"), ("sequences", "sequence"))


def _removed_pieces(before: Json, after: Json) -> Iterator[Json]:
    """Yield what takes away the pieces from the first on that is not as it should be; they are added again in order."""
    for key, name in _LISTS:
        items = before.get(key, ())
        for item in items[_common_prefix(items, after.get(key, ())) :]:
            yield {"op": f"remove_{name}", "id": item["id"]}


def _list_changes(before: Json, after: Json) -> Iterator[Json]:
    for key, name in _LISTS:
        items, targets = before.get(key, ()), after.get(key, ())
        for item in targets[_common_prefix(items, targets) :]:
            yield {"op": f"add_{name}", name: item}


def _common_prefix(before: Sequence[Json], after: Sequence[Json]) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((index for index, (old, new) in pairs if not json_equal(old, new)), min(len(before), len(after)))


def _states(old_world: Json, after: Json) -> Iterator[Json]:
    for id, body in after["scene"]["states"].items():
        old_state = old_world["scene"]["states"].get(id)
        if old_state is None:
            yield {"op": "add_state", "id": id, "state": body}
        elif patch := _patch(old_state, body):
            yield {"op": "update_state", "id": id, "patch": patch}


_SETTERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("set_subject", {"subject": "subject", "styleTail": "styleTail"}),
    ("set_intro", {"introVideo": "video", "introStatic": "static"}),
    ("set_narrate", {"narrate": "narrate"}),
)


def _fields(before: Json, after: Json) -> Iterator[Json]:
    for name, arguments in _SETTERS:
        new_values = {key: after.get(key) for key in arguments if not _is_equal(before, after, key)}
        if new_values:
            yield {"op": name, **{arguments[key]: value for key, value in new_values.items()}}
    if not _is_equal(before, after, "entrance"):
        if "entrance" in after:
            patch = _patch(before.get("entrance", {}), after["entrance"])
            yield {"op": "set_entrance", **patch, "state": after["entrance"]["state"]}
        else:
            yield {"op": "set_entrance", "state": None}
    if not _is_equal(before, after, "outro"):
        patch = _patch(before.get("outro", {}), after["outro"]) if "outro" in after else {"video": None}
        yield {"op": "set_outro", **patch}


def _story(before_world: Json, after_world: Json) -> Iterator[Json]:
    if _is_equal(before_world, after_world, "story") or "story" not in after_world:
        return
    before, after = (dict(raw.get("story", {})) for raw in (before_world, after_world))
    old_beats, new_beats = before.pop("beats", []), after.pop("beats", [])
    if patch := _patch(before, after):
        yield {"op": "set_story", **patch}
    if json_equal(old_beats, new_beats[: len(old_beats)]):
        for beat in new_beats[len(old_beats) :]:
            yield {"op": "add_story_beat", **beat}


def _events(before: Json, after: Json) -> Iterator[Json]:
    """Yield what makes the events: those that stay in front are patched, the rest are taken out and added again."""
    old_events = {event["name"]: event for event in before["scene"]["events"]}
    new_events = {event["name"]: event for event in after["scene"]["events"]}
    new_names = _event_renames(before["scene"]["events"], after["scene"]["events"])
    order = [new_names.get(name, name) for name in old_events]
    remaining = [name for name in order if name in new_events]
    front = 0
    for name, target in zip(remaining, new_events, strict=False):
        if name != target:
            break
        front += 1
    unmoved = set(remaining[:front])
    for old, new in zip(old_events, order, strict=True):
        if new not in unmoved:
            yield {"op": "delete_event", "name": old}
    for old, new in zip(old_events, order, strict=True):
        if new in unmoved and (patch := _patch(old_events[old], new_events[new])):
            yield {"op": "update_event", "name": old, "patch": patch}
    for name, event in new_events.items():
        if name not in unmoved:
            yield {"op": "add_event", "event": event}


def _event_renames(old_events: Sequence[Json], new_events: Sequence[Json]) -> dict[str, str]:
    """Return new names by old: events that stand where another one stood and differ in nothing else."""
    old_names, new_names = ({event["name"] for event in events} for events in (old_events, new_events))
    pairs = [
        (old, new)
        for old, new in zip(old_events, new_events, strict=False)
        if old["name"] not in new_names and new["name"] not in old_names
    ]
    return {old["name"]: new["name"] for old, new in pairs if _patch(old, new).keys() == {"name"}}


def _is_equal(before: Json, after: Json, key: str) -> bool:
    return (key in before) == (key in after) and json_equal(before.get(key), after.get(key))


# ---- what cannot be said -----------------------------------------------------------------------


def _not_expressible(world: World, batch: Sequence[Json]) -> OpError:
    """Return the refusal: the first exact operation that cannot be said, and why."""
    current = world
    for index, step in enumerate(batch):
        target = apply(current, [{**step, "force": True} if is_exact(step) else step]).world
        if is_exact(step) and (reason := _why_not_expressible(current, target)):
            return OpError(index, step["op"], f"{reason}; this server takes the specification's operations only")
        current = target
    index = max(position for position, step in enumerate(batch) if is_exact(step))
    explanation = (
        "the result of the batch cannot be expressed in the specification's operations, which this server takes only"
    )
    return OpError(index, batch[index]["op"], f"{explanation}; make the edit with them")


def _why_not_expressible(current: World, target: World) -> str:
    goal = _with_source_lists(current, target)
    try:
        plan = _OpPlan(current)
        plan.do(*planned_ops(current, goal))
    except WorldError as error:
        return f"the specification's operations come near, but: {getattr(error, 'reason', error)}"
    if plan.world == goal:
        return ""
    _, *differences = str(diff(plan.world, goal)).splitlines()
    return f"no operation of the specification makes this: {' '.join(map(str.strip, differences[:3]))}"
