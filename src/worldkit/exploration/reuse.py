"""Reuses answers after an edit that leaves the reached positions as they were.

An answer consists of indices and bits. It therefore holds for every world with the same moves between them, whatever
the names and texts of its states, flags and events. Where the moves differ only in some that can be made in no reached
position, or that do what another move does, the same positions are reached; only the events that can be fired are
looked up again.

The last two answers are cached, and others as long as other code holds them. So are, apart from these, the last two
answers within a number of steps: what a machine explored before must not decide what those say.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from weakref import WeakValueDictionary, ref

from worldkit.core.process_lock import ProcessLock
from worldkit.exploration.budget import BudgetSpent, Meter
from worldkit.exploration.mask_sets import EngineAnswer, PositionSets, complete_answer
from worldkit.exploration.quotient import QuotientGuard, QuotientSystem
from worldkit.exploration.symbolic_search import DiagramSets
from worldkit.exploration.transition_system import TransitionSystem

MAX_KEPT_BYTES = 64 << 20
"""An answer of more bytes is not kept for its own sake."""

_answers: WeakValueDictionary[Hashable, EngineAnswer] = WeakValueDictionary()
_latest_answers: deque[Callable[[], EngineAnswer | None]] = deque(maxlen=2)
"""Each returns an answer; a large one only while other code holds it."""
_latest_counted: deque[tuple[Hashable, Callable[[], EngineAnswer | None]]] = deque(maxlen=2)
"""The same for answers within a number of steps, with what each depends on."""
_lock = ProcessLock()


def forget() -> None:
    """Forget all answers: for measurements."""
    with _lock:
        _answers.clear()
        _latest_answers.clear()
        _latest_counted.clear()


def keep(answer: EngineAnswer) -> None:
    """Keep an answer if it is complete; a large one only while other code holds it."""
    if not answer.undecided_reasons:
        with _lock:
            _answers[content(answer.world.system)] = answer
            _latest_answers.append(_holder(answer))


def keep_counted(answer: EngineAnswer) -> None:
    """Keep an answer within a number of steps, complete or not."""
    with _lock:
        _latest_counted.append((content(answer.world.system), _holder(answer)))


def recall_counted(system: TransitionSystem) -> EngineAnswer | None:
    """Return the answer within a number of steps about a system with the same content, or None when none is known."""
    key = content(system)
    with _lock:
        answers = (get_answer() for kept_key, get_answer in _latest_counted if kept_key == key)
        return next((answer for answer in answers if answer is not None), None)


def recall(system: TransitionSystem, engine: str | None) -> EngineAnswer | None:
    """Return the answer about a system with the same content, or None when none is known.

    Args:
        engine: The engine it has to come from; None for any.
    """
    with _lock:
        same_system = (answer for answer in _held_answers() if answer.world.system is system)
        answer = next(same_system, None) or _answers.get(content(system))
    is_usable = answer is not None and engine in (None, answer.engine) and not _was_interrupted(answer)
    return answer if is_usable else None


def adapt(world: QuotientSystem, engine: str | None, meter: Meter) -> EngineAnswer | None:
    """Return an answer made from an earlier one; None where too little is as it was then.

    Args:
        engine: The engine it has to come from; None for any.
    """
    with _lock:
        answers = [
            answer
            for answer in reversed(_held_answers())
            if engine in (None, answer.engine) and not _was_interrupted(answer)
        ]
    try:
        for earlier in answers:
            if _reaches_the_same(world, earlier):
                return complete_answer(world, earlier.mask_sets, earlier.engine, meter)
    except BudgetSpent:
        pass
    return None


def _was_interrupted(answer: EngineAnswer) -> bool:
    """Say whether this process was forked while another thread worked on the diagrams of an answer."""
    return isinstance(answer.mask_sets, DiagramSets) and answer.mask_sets.diagrams.lock.was_interrupted


def _held_answers() -> list[EngineAnswer]:
    return [answer for get_answer in _latest_answers if (answer := get_answer()) is not None]


def _holder(answer: EngineAnswer) -> Callable[[], EngineAnswer | None]:
    return ref(answer) if answer.mask_sets.size > MAX_KEPT_BYTES else lambda: answer


def content(system: TransitionSystem) -> Hashable:
    """Return what an answer about a system depends on."""
    actions = bytes([2 * action.one_shot + action.opens_console for action in system.table.actions])
    sizes = len(system.states), len(system.flags), len(system.one_shots)
    return (
        sizes,
        system.moves,
        system.sequences,
        system.endings,
        system.start,
        system.mask,
        system.omitted_events,
        actions,
    )


def _reaches_the_same(world: QuotientSystem, earlier: EngineAnswer) -> bool:
    """Say whether two worlds differ only in what can be done in no position that was reached in the earlier one."""
    earlier_world = earlier.world
    if (world.group, world.endings, world.start, world.system.mask) != (
        earlier_world.group,
        earlier_world.endings,
        earlier_world.start,
        earlier_world.system.mask,
    ) or (world.system.width, world.quiet_groups.keys()) != (
        earlier_world.system.width,
        earlier_world.quiet_groups.keys(),
    ):
        return False
    sets = earlier.mask_sets
    return all(
        _are_idle(sets, group, {(requires, forbids) for _, requires, _, forbids in set(edges) ^ set(edges_before)})
        for group, (edges, edges_before) in enumerate(zip(world.edges, earlier_world.edges, strict=True))
        if edges != edges_before
    ) and all(
        _are_idle(sets, group, _conditions(set(guards) ^ set(earlier_world.quiet_groups[group])))
        for group, guards in world.quiet_groups.items()
        if guards != earlier_world.quiet_groups[group]
    )


def _conditions(guards: Iterable[QuotientGuard]) -> set[tuple[int, int]]:
    return {(guard.requires, guard.forbids) for guard in guards}


def _are_idle(sets: PositionSets, group: int, conditions: set[tuple[int, int]]) -> bool:
    return not any(sets.fires(group, requires, forbids) for requires, forbids in conditions)
