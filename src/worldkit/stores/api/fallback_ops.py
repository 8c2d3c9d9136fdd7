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
from typing import Any

from worldkit.core.document import json_of
from worldkit.core.errors import OpError, WorldError
from worldkit.core.json_values import Json, deep_copy, json_equal, quote
from worldkit.editing import apply
from worldkit.editing.raw_ops import RAW_OPS
from worldkit.world import World


def is_exact(op: Json) -> bool:
    """Say whether an operation is one of worldkit's own."""
    return op["op"] in RAW_OPS


def spoken(world: World, batch: Sequence[Json]) -> list[Json]:
    """Return a batch without exact operations that comes to the same.

    Args:
        world: The world it is to be applied to.
        batch: Operations in canonical spelling.

    Raises:
        OpError: An operation is refused, or what it says cannot be said in the specification's words.
    """
    if not any(map(is_exact, batch)):
        return list(batch)
    wanted = apply(world, batch).world
    # run by run keeps the operations of the specification; all at once repairs what only the whole batch makes valid
    for plan in (_run_by_run, _at_once):
        try:
            ops = plan(world, batch)
            got = apply(world, ops).world if ops else world
        except WorldError:
            continue
        if got == _listed(world, wanted):
            return ops
    raise _unspeakable(world, batch)


def _run_by_run(world: World, batch: Sequence[Json]) -> list[Json]:
    ops: list[Json] = []
    here = world
    for exact, run in groupby(batch, is_exact):
        steps = list(run)
        if not exact:
            here, ops = apply(here, steps).world, [*ops, *steps]
            continue
        there = apply(here, [{**step, "force": True} for step in steps]).world
        planned = planned_ops(here, _listed(here, there))
        here, ops = there, [*ops, *planned]
    return ops


def _at_once(world: World, batch: Sequence[Json]) -> list[Json]:
    return planned_ops(world, _listed(world, apply(world, batch).world))


def _listed(before: World, after: World) -> World:
    """Return a world in which a ``from`` that is new and a single string is a list, as the specification writes it."""
    events = json_of(after)["scene"]["events"]
    known = [event for event in json_of(before)["scene"]["events"] if isinstance(event["from"], str)]
    new = {
        at: {**event, "from": [event["from"]]}
        for at, event in enumerate(events)
        if isinstance(event["from"], str) and not any(json_equal(event, other) for other in known)
    }
    if not new:
        return after
    scene = {**json_of(after)["scene"], "events": [new.get(at, event) for at, event in enumerate(events)]}
    return World.from_dict({**json_of(after), "scene": scene})


# ---- the plan ----------------------------------------------------------------------------------


def planned_ops(have: World, want: World) -> list[Json]:
    """Return operations of the specification towards a world: exactly, wherever these operations can express it.

    Args:
        have: The world they begin with.
        want: The world they should end with.
    """
    from worldkit.comparison import diff

    plan = _Plan(have)
    names = diff(have, want).states.renamed
    plan.do(*({"op": "rename_state", "from": old, "to": new} for old, new in names.items()))
    raw = json_of(want)
    plan.do(*_leaving(plan.raw, raw))
    plan.do(*_states(plan.raw, raw))
    plan.do(*_story(plan.raw, raw), *_pieces(plan.raw, raw), *_fields(plan.raw, raw))
    plan.do(*_events(plan.raw, raw))
    # a state that is removed takes events along, so it goes when they lead elsewhere
    plan.do(*({"op": "delete_state", "id": id} for id in _gone(plan.raw, raw)))
    plan.do(*_events(plan.raw, raw), *_fields(plan.raw, raw))
    return plan.ops


@dataclass
class _Plan:
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


def _gone(have: Json, want: Json) -> list[str]:
    return [id for id in have["scene"]["states"] if id not in want["scene"]["states"]]


_PIECES = (("cutscenes", "cutscene"), ("sequences", "sequence"))


def _leaving(have: Json, want: Json) -> Iterator[Json]:
    """Yield what takes away the pieces from the first on that is not as it should be; they are added again in order."""
    for key, name in _PIECES:
        held = have.get(key, ())
        for one in held[_alike_in_front(held, want.get(key, ())) :]:
            yield {"op": f"remove_{name}", "id": one["id"]}


def _pieces(have: Json, want: Json) -> Iterator[Json]:
    for key, name in _PIECES:
        held, wanted = have.get(key, ()), want.get(key, ())
        for one in wanted[_alike_in_front(held, wanted) :]:
            yield {"op": f"add_{name}", name: one}


def _alike_in_front(olds: Sequence[Json], news: Sequence[Json]) -> int:
    pairs = enumerate(zip(olds, news, strict=False))
    return next((at for at, (old, new) in pairs if not json_equal(old, new)), min(len(olds), len(news)))


def _states(have: Json, want: Json) -> Iterator[Json]:
    for id, body in want["scene"]["states"].items():
        before = have["scene"]["states"].get(id)
        if before is None:
            yield {"op": "add_state", "id": id, "state": body}
        elif patch := _patch(before, body):
            yield {"op": "update_state", "id": id, "patch": patch}


_SET: tuple[tuple[str, dict[str, str]], ...] = (
    ("set_subject", {"subject": "subject", "styleTail": "styleTail"}),
    ("set_intro", {"introVideo": "video", "introStatic": "static"}),
    ("set_narrate", {"narrate": "narrate"}),
)


def _fields(have: Json, want: Json) -> Iterator[Json]:
    for name, arguments in _SET:
        changed = {key: want.get(key) for key in arguments if not _alike(have, want, key)}
        if changed:
            yield {"op": name, **{arguments[key]: value for key, value in changed.items()}}
    if not _alike(have, want, "entrance"):
        if "entrance" in want:
            patch = _patch(have.get("entrance", {}), want["entrance"])
            yield {"op": "set_entrance", **patch, "state": want["entrance"]["state"]}
        else:
            yield {"op": "set_entrance", "state": None}
    if not _alike(have, want, "outro"):
        patch = _patch(have.get("outro", {}), want["outro"]) if "outro" in want else {"video": None}
        yield {"op": "set_outro", **patch}


def _story(have: Json, want: Json) -> Iterator[Json]:
    if _alike(have, want, "story") or "story" not in want:
        return
    before, after = (dict(raw.get("story", {})) for raw in (have, want))
    told, tell = before.pop("beats", []), after.pop("beats", [])
    if patch := _patch(before, after):
        yield {"op": "set_story", **patch}
    if json_equal(told, tell[: len(told)]):
        for beat in tell[len(told) :]:
            yield {"op": "add_story_beat", **beat}


def _events(have: Json, want: Json) -> Iterator[Json]:
    """Yield what makes the events: those that stay in front are patched, the rest are taken out and added again."""
    olds = {event["name"]: event for event in have["scene"]["events"]}
    news = {event["name"]: event for event in want["scene"]["events"]}
    renamed = _renamed(have["scene"]["events"], want["scene"]["events"])
    order = [renamed.get(name, name) for name in olds]
    kept = [name for name in order if name in news]
    front = 0
    for name, wanted in zip(kept, news, strict=False):
        if name != wanted:
            break
        front += 1
    stay = set(kept[:front])
    for old, new in zip(olds, order, strict=True):
        if new not in stay:
            yield {"op": "delete_event", "name": old}
    for old, new in zip(olds, order, strict=True):
        if new in stay and (patch := _patch(olds[old], news[new])):
            yield {"op": "update_event", "name": old, "patch": patch}
    for name, event in news.items():
        if name not in stay:
            yield {"op": "add_event", "event": event}


def _renamed(olds: Sequence[Json], news: Sequence[Json]) -> dict[str, str]:
    """Return new names by old: events that stand where another one stood and differ in nothing else."""
    had, has = ({event["name"] for event in events} for events in (olds, news))
    pairs = [
        (old, new) for old, new in zip(olds, news, strict=False) if old["name"] not in has and new["name"] not in had
    ]
    return {old["name"]: new["name"] for old, new in pairs if _patch(old, new).keys() == {"name"}}


def _alike(have: Json, want: Json, key: str) -> bool:
    return (key in have) == (key in want) and json_equal(have.get(key), want.get(key))


# ---- what cannot be said -----------------------------------------------------------------------


def _unspeakable(world: World, batch: Sequence[Json]) -> OpError:
    """Return the refusal: the first exact operation that cannot be said, and why."""
    here = world
    for index, step in enumerate(batch):
        there = apply(here, [{**step, "force": True} if is_exact(step) else step]).world
        if is_exact(step) and (reason := _reason(here, there)):
            return OpError(index, step["op"], f"{reason}; this server takes the specification's operations only")
        here = there
    index = max(at for at, step in enumerate(batch) if is_exact(step))
    said = "the result of the batch cannot be expressed in the specification's operations, which this server takes only"
    return OpError(index, batch[index]["op"], f"{said}; make the edit with them")


def _reason(here: World, there: World) -> str:
    want = _listed(here, there)
    try:
        got = _Plan(here)
        got.do(*planned_ops(here, want))
    except WorldError as error:
        return f"the specification's operations come near, but: {getattr(error, 'reason', error)}"
    return "" if got.world == want else _difference(got.raw, json_of(want))


def _difference(got: Json, want: Json) -> str:
    states, wanted = got["scene"]["states"], want["scene"]["states"]
    if states.keys() == wanted.keys() and list(states) != list(wanted):
        return 'the specification has no operation for the order of states: add_state puts them last (leave out "at")'
    for what, before, after in (
        *((f"state {quote(id)}", states.get(id), body) for id, body in wanted.items()),
        *zip(
            (f"event {quote(event['name'])}" for event in want["scene"]["events"]),
            got["scene"]["events"],
            want["scene"]["events"],
            strict=False,
        ),
    ):
        if before is not None and not json_equal(before, after):
            return f"the specification has no operation that makes {what} so ({_fields_of(before, after)})"
    tops: list[tuple[Any, Any]] = [(got, want), (got["scene"], want["scene"])]
    for before, after in tops:
        for key in {**before, **after}:
            if key not in ("scene", "states", "events") and not _alike(before, after, key):
                hint = "; use describe()" if key in ("name", "description", "cover") else ""
                return f"the specification has no operation that sets the world's {quote(key)} so{hint}"
    return "the specification's operations come to another world"


def _fields_of(before: Json, after: Json) -> str:
    return ", ".join(quote(key) for key in _patch(before, after)) or "an order"
