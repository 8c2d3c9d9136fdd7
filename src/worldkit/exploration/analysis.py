"""The data that answers questions about an exploration: the compiled world, the engine's answer, searches, routes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from worldkit.core.errors import WorldError
from worldkit.core.json_values import quote
from worldkit.core.quoting import did_you_mean
from worldkit.exploration.answer_data import AnswerData
from worldkit.exploration.budget import Budget, BudgetSpent
from worldkit.exploration.counting import Count, count_positions, untracked_one_shots
from worldkit.exploration.engine import solve
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.must_may import MustMayBounds
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import NO_RUN, Pathfinder
from worldkit.exploration.transition_system import TransitionSystem, build_system
from worldkit.exploration.witness import Unwitnessed, witness_trace
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.trace import Trace
from worldkit.playing.transition_table import Action

if TYPE_CHECKING:
    from worldkit.exploration.dead_events import DeadEvent
    from worldkit.world import World


class Analysis:
    """What lies behind an ``Exploration``. Each part is made when it is first asked for.

    Attributes:
        world: The world.
        at: Where play began; None is the entrance.
        budget: What answers may cost.
        data: The engine's answer as far as it is kept and pickled.
        traces: The routes searched so far.
        remarks: What is to be known about those routes, by where they lead.
        reasons: Why events are dead, by index, as far as it was asked.
    """

    def __init__(
        self,
        world: World,
        at: Position | None,
        budget: Budget,
        data: AnswerData,
        answer: EngineAnswer | None = None,
        system: TransitionSystem | None = None,
    ) -> None:
        self.world = world
        self.at = at
        self.budget = budget
        self.data = data
        if answer is not None:
            self.answer = answer
        if system is not None:
            self.system = system
        self.traces: dict[tuple[tuple[Goal, ...], int | None], Trace | None] = {}
        self.remarks: dict[str, str] = {}
        self.reasons: dict[int, DeadEvent] = {}

    @property
    def is_counted(self) -> bool:
        """Whether the positions were counted already."""
        return "count" in self.__dict__

    @cached_property
    def system(self) -> TransitionSystem:
        return build_system(self.world, self.at)

    @cached_property
    def count(self) -> Count | None:
        facts = self.data
        if facts.is_counted or facts.classes is None:
            return facts.count
        if not untracked_one_shots(self.system):
            return Count(facts.classes, facts.stuck_classes)
        return count_positions(self.system, self.budget)

    @cached_property
    def answer(self) -> EngineAnswer:
        # an exploration that came from another process has left its answer there
        return solve(self.system, self.budget)

    @cached_property
    def finder(self) -> Pathfinder:
        return Pathfinder(self.system)

    @cached_property
    def must_may(self) -> MustMayBounds:
        return MustMayBounds(self.system)

    @cached_property
    def holdable_flags(self) -> frozenset[str]:
        """The flags that some run holds."""
        actions = self.system.table.actions
        granted_flags = (
            flag for i in self.data.fireable_events if not actions[i].opens_console for flag in actions[i].grants
        )
        return frozenset(granted_flags) | self.system.flags_of(self.system.mask)

    @cached_property
    def events_into(self) -> dict[str, list[Action]]:
        """The events that lead to every state."""
        events_into: dict[str, list[Action]] = {}
        for action in self.system.table.actions:
            if action.target is not None:
                events_into.setdefault(action.target, []).append(action)
        return events_into

    @cached_property
    def events_granting(self) -> dict[str, list[Action]]:
        """The events that grant every flag; opening a console grants nothing, whatever it lists."""
        events_by_flag: dict[str, list[Action]] = {}
        for action in self.system.table.actions:
            for flag in action.grants if not action.opens_console else ():
                events_by_flag.setdefault(flag, []).append(action)
        return events_by_flag

    def required_flags(self) -> set[str]:
        """Return the flags that an event, a clip, a console, a mission or the outro asks for."""
        world, actions = self.world, self.system.table.actions
        flags = {flag for action in actions for flag in action.requires}
        flags.update(flag for cutscene in world.cutscenes or () for flag in cutscene.requires or ())
        for action in actions:
            for fact in action.console.facts or () if action.opens_console and action.console else ():
                flags.update(fact.requires or ())
        for mission in world.missions or ():
            flags.update(goal.id if goal.grants is None else goal.grants for goal in mission.objectives)
            if mission.complete is not None:
                flags.add(mission.complete)
        if world.outro is not None:
            flags.add(world.outro.flag)
        return flags

    @cached_property
    def standable_states(self) -> frozenset[str]:
        """The states in which a run can stand, and be offered something: not those that are only passed through."""
        system = self.system
        standable = {system.start}
        targets = (self.system.table.actions[label].target for label in self.data.fireable_events)
        standable.update(system.index[target] for target in targets if target is not None)
        todo = list(standable)
        while todo:
            for move in system.moves[todo.pop()]:
                if move.label < 0 and move.target not in standable:
                    standable.add(move.target)
                    todo.append(move.target)
        return self.ids_of(standable)

    def index_of(self, state: str) -> int:
        index = self.system.index.get(state)
        if index is None:
            raise WorldError(f"this world has no state {quote(state)}{did_you_mean(state, self.system.states)}")
        return index

    def ids_of(self, indices: Iterable[int]) -> frozenset[str]:
        """Return the ids of states by their indices."""
        return frozenset(map(self.system.states.__getitem__, indices))

    def actions_named(self, name: str) -> list[int]:
        actions = self.system.table.by_name.get(name)
        if not actions:
            raise WorldError(f"this world has no event {quote(name)}{did_you_mean(name, self.system.table.by_name)}")
        return [action.index for action in actions]

    def trace_of(self, goals: Sequence[Goal], what: str, is_claimed: bool) -> Trace | None:
        return self.trace(goals, what, is_claimed) if is_claimed or not self.data.is_exact else None

    def trace(self, goals: Sequence[Goal], what: str, is_claimed: bool, within: int | None = None) -> Trace | None:
        """Return a shortest run to one of some goals; None when none was found.

        Args:
            what: What they are, in words.
            is_claimed: The answer says that there is such a run.
            within: Never hold a bit of the system's that is not among these.

        Raises:
            Unwitnessed: The answer says that there is such a run, and there is none.
        """
        key = tuple(goals), within
        if key not in self.traces:
            route = self.finder.route(goals, within)
            if is_claimed and route == NO_RUN:
                raise Unwitnessed(f"the {self.data.engine} engine says that a run leads to {what}, and none does")
            if route.remark:
                self.remarks[what] = route.remark
            self.traces[key] = None if route.labels is None else self.witness(route.labels)
        return self.traces[key]

    def trace_into(self, state: str, mask: int) -> Trace | None:
        return self.trace([Goal(self.index_of(state), mask)], f"a position of {quote(state)}", True, mask)

    def witness(self, labels: Sequence[int]) -> Trace:
        return witness_trace(self.world, self.at, self.system, labels)

    def session_after(self, events: Sequence[str]) -> Session:
        session = Session(self.world, at=self.at)
        for event in events:
            session.fire(event)
        return session

    def is_stuck(self, position: Position) -> bool:
        """Say whether no ending can be reached from a real position."""
        mask = self.system.mask_of(position.flags)
        assert mask is not None
        shift = len(self.system.flags)
        for j, name in enumerate(self.system.one_shots):
            if name in position.used:
                mask |= 1 << (shift + j)
        state = self.system.index[position.state]
        try:
            return self.must_may.stuck(state, mask)
        except BudgetSpent:
            return self.answer.is_stuck(state, mask)
