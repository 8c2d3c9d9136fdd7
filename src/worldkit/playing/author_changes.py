"""What an author or a handler changes in a run: a step that is told, recorded and replayed like any other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from worldkit.core.json_values import Json
from worldkit.editing.batch import Applied
from worldkit.editing.batch import apply as apply_ops
from worldkit.editing.labels import label
from worldkit.editing.naming import UnusedNames
from worldkit.playing.handlers import by_handler, count_action
from worldkit.playing.payloads import close_payload, end_payload
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position
from worldkit.playing.renames import renames_of
from worldkit.playing.subscriptions import SessionEvent, Topic
from worldkit.playing.trace import Step
from worldkit.playing.world_change import carried_fields, exact_ops
from worldkit.ruleset import refuse_new_errors

if TYPE_CHECKING:
    from worldkit.playing.run import Run
    from worldkit.world import World

GRANT, REVOKE, VARIANT = "author:grant", "author:revoke", "author:variant"
SAY, STOP, APPLY, REBASE = "author:say", "author:stop", "author:apply", "author:rebase"
AUTHOR_STEPS = (GRANT, REVOKE, VARIANT, SAY, STOP, APPLY, REBASE)
"""What is changed by hand, as steps of a trace name it."""
_REFUSAL = "nothing can be changed"


def grant(run: Run, flags: Iterable[str]) -> Step:
    """Add flags; see ``Session.grant``."""
    now = run.now.position
    new = tuple(flag for flag in dict.fromkeys(flags) if flag not in now.flags)
    after = Position(now.state, [*now.flags, *new], now.used)  # type: ignore[arg-type]
    return _change(run, GRANT, {"position": after}, granted=new)


def revoke(run: Run, flags: Iterable[str]) -> Step:
    """Take flags away; see ``Session.revoke``."""
    now = run.now.position
    revoked_flags = tuple(flag for flag in dict.fromkeys(flags) if flag in now.flags)
    after = Position(now.state, now.flags.difference(revoked_flags), now.used)
    return _change(run, REVOKE, {"position": after}, revoked=revoked_flags)


def choose_variant(run: Run, name: str | None) -> Step:
    """Choose the variant of the state's prompt; see ``Session.variant``."""
    variants = {id: other for id, other in run.now.variants.items() if id != run.now.position.state}
    if name is not None:
        variants[run.now.position.state] = name
    return _change(run, VARIANT, {"variants": variants}, variant=name)


def say(run: Run, text: str) -> Step:
    """Show a line; see ``Session.say``."""
    return _change(run, SAY, {"line": text}, line=text)


def stop(run: Run, text: str) -> Step:
    """End the run; see ``Session.stop``."""
    return _change(run, STOP, {"stopped": text}, line=text)


def apply(run: Run, ops: Iterable[Mapping[str, Any]], strict: bool) -> Step:
    """Change the world of this run; see ``Session.apply``."""
    run.require_idle(APPLY, _REFUSAL)
    result = apply_ops(run.rules.world, ops, accept=refuse_new_errors if strict else None)
    return _change_world(run, APPLY, result)


def rebase(run: Run, world: World, states: Mapping[str, str], events: Mapping[str, str]) -> Step:
    """Go on in another version of the world; see ``Session.rebase``."""
    run.require_idle(REBASE, _REFUSAL)
    return _change_world(run, REBASE, _rebased(run.rules.world, world, states, events))


def replay_rebase(run: Run, ops: Iterable[Mapping[str, Any]]) -> Step:
    """Go on in another version of the world, as a step of a trace recorded it."""
    run.require_idle(REBASE, _REFUSAL)
    return _change_world(run, REBASE, apply_ops(run.rules.world, ops))


def describe_change(ops: Iterable[Json]) -> str:
    """Return what operations change in the world, in a few words."""
    return label(list(ops))


def _rebased(before: World, world: World, states: Mapping[str, str], events: Mapping[str, str]) -> Applied[World]:
    cutscene_ids = (cutscene.id for cutscene in before.cutscenes or ())
    renames = _renames_at_once("rename_state", states, [*before.states, *cutscene_ids])
    renames += _renames_at_once("rename_event", events, [event.name for event in before.events])
    rename_result = apply_ops(before, renames)
    exact = apply_ops(rename_result.world, exact_ops(rename_result.world, world))
    return replace(exact, world=world, ops=[*rename_result.ops, *exact.ops])


def _renames_at_once(op: str, new_names: Mapping[str, str], taken_names: Iterable[str]) -> list[Json]:
    """Return operations that rename several things at once, so that one may get the name that another one gives up.

    Args:
        op: The operation that renames one.
        new_names: New names by old ones.
        taken_names: The names that there are.
    """
    unused_names = UnusedNames([*taken_names, *new_names.values()])
    ops: list[Json] = []
    delayed_ops: list[Json] = []
    later_names = set(new_names)
    for old, new in new_names.items():
        later_names.discard(old)
        name = new
        if new in later_names:
            name = unused_names.take(new)
            delayed_ops.append({"op": op, "from": name, "to": new})
        ops.append({"op": op, "from": old, "to": name})
    return ops + delayed_ops


def _change_world(run: Run, name: str, result: Applied[World]) -> Step:
    renames = renames_of(result.ops)
    rules = run.rules.changed(result.world, renames)
    fields = carried_fields(run.now, rules, renames)
    if name == REBASE:
        fields["home"] = rules
    return _change(run, name, fields, ops=tuple(result.ops))


def _change(run: Run, name: str, fields: dict[str, Any], **of_step: Any) -> Step:
    """Make a change, record it as a step and tell it.

    Args:
        run: The run.
        name: The step's name.
        fields: The fields of the moment that are different after it.
        of_step: The fields of the step that say what was done.

    Raises:
        NotAvailable: Something plays.
        EndlessReactions: Handlers did too much in answer to one thing.
    """
    run.require_idle(name, _REFUSAL)
    count_action()
    now, clock = run.now, run.now.clock
    rules: PlayRules = fields.get("rules", now.rules)
    position: Position = fields.get("position", now.position)
    plays_outro = not now.outro_played and rules.plays_outro(position)
    origin, state = now.position.state, position.state
    step = Step(name, "author", clock, clock, origin, state, held=now.forward_ms, outro=plays_outro, **of_step)
    after = now.successor(
        **fields,
        outro_played=now.outro_played or plays_outro,
        forward_ms=0,
        step_count=now.step_count + 1,
        step=step,
        by_handler=by_handler(),
    )
    recorder = run.new_recorder()
    topic, text = _ANNOUNCEMENTS[name]
    recorder.record(
        SessionEvent(topic, clock, state, name, step.granted or step.revoked, text=text(step) if text else "")
    )
    recorder.record_changes(now, after)
    if plays_outro:
        recorder.record_outro(after, name)
    if after.stopped is None and rules.is_over(after) and not now.rules.is_over(now):
        recorder.record(SessionEvent("end", clock, state, name, payload=end_payload(rules.table, state)))
    if after.stopped is not None and now.stopped is None:
        payload = close_payload(after.stopped or "stopped", clock)
        recorder.record(SessionEvent("close", clock, state, name, text=after.stopped, payload=payload))
    run.push(after)
    run.publish(recorder.events)
    return step


_ANNOUNCEMENTS: dict[str, tuple[Topic, Any]] = {
    GRANT: ("grant", None),
    REVOKE: ("revoke", None),
    VARIANT: ("variant", lambda step: step.variant or ""),
    SAY: ("say", lambda step: step.line),
    STOP: ("stop", lambda step: step.line),
    APPLY: ("change", lambda step: describe_change(step.ops)),
    REBASE: ("change", lambda step: describe_change(step.ops)),
}
"""The topic by which each is told, and the words that go with it."""
