"""``Exploration``: what exhaustive play found out about a world, and the questions it answers with witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worldkit.core.argument_checks import checked_methods
from worldkit.core.argument_ranges import expect_amount
from worldkit.core.brief import shown_briefly
from worldkit.core.display import render
from worldkit.core.errors import NoSuchKey, WorldError
from worldkit.core.json_values import Json, quote
from worldkit.exploration import findings, summary
from worldkit.exploration.analysis import Analysis
from worldkit.exploration.answer_data import AnswerData
from worldkit.exploration.budget import Budget, BudgetSpent
from worldkit.exploration.cover import Cover, cover_events
from worldkit.exploration.dead_events import DeadEvent, explain_dead_event
from worldkit.exploration.finding import Finding
from worldkit.exploration.mask_sets import EngineAnswer
from worldkit.exploration.regression import Goal
from worldkit.exploration.routes import Pathfinder
from worldkit.exploration.serialization import exploration_to_dict
from worldkit.exploration.softlocks import DeadEnd, SoftLock
from worldkit.exploration.transition_system import TransitionSystem
from worldkit.playing.position import Position
from worldkit.playing.trace import Trace

if TYPE_CHECKING:
    from worldkit.world import World

Detached = tuple[Position | None, Budget, AnswerData]


@checked_methods
class Exploration:
    """Everything that can happen in a world, counted and explained; ``worldkit.explore`` makes it.

    Claims that something cannot happen are made only when every position was taken into account; what was
    not decided is said in ``undecided``. Routes are searched when they are asked for, and each is played in a
    real ``Session`` before it is shown, so ``worldkit.replay(world, route)`` plays it again.

    Attributes:
        world: The world.
        at: Where play began; None is the entrance.

    Example:
        >>> found = wk.explore(world)
        >>> found.positions, found.complete, sorted(found.endings)
        (5, True, ['two_mittens'])
        >>> found.soft_locks
        []
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
        self._analysis = Analysis(world, at, budget, data, answer, system)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.world, *self.detached())

    def detached(self) -> Detached:
        """Return all that makes it again beside its world: small, picklable, and without the engine's positions."""
        data = self._analysis.data.without_answer()
        if self._analysis.is_counted:
            data = replace(data, count=self._analysis.count, is_counted=True)
        return self.at, self._analysis.budget, data

    # ---- what was found ----------------------------------------------------------------------

    @property
    def engine(self) -> str:
        """The engine that found the answer."""
        return self._analysis.data.engine

    @property
    def seconds(self) -> float:
        """The time that the exploration took, in seconds."""
        return self._analysis.data.seconds

    @property
    def complete(self) -> bool:
        """Whether everything was decided, exactly."""
        return not self._analysis.data.undecided_reasons

    @property
    def exact(self) -> bool:
        """Whether what can be reached and fired is known exactly, whatever else was not decided."""
        return self._analysis.data.is_exact

    @property
    def undecided(self) -> tuple[str, ...]:
        """The questions that were not decided and why, one sentence each."""
        return self._analysis.data.undecided_reasons

    @property
    def positions(self) -> int:
        """The number of positions that can be reached: states with flags held and one-shots used.

        Counted when it is first asked for, within the budget and 5 seconds. Exact when ``positions_complete``,
        else there are at least so many.

        Example:
            >>> wk.explore(world).positions
            5
        """
        return self.classes if self._analysis.count is None else self._analysis.count.positions

    @property
    def positions_complete(self) -> bool:
        """Whether ``positions`` is exact. It may be False where all else is decided: counting can be the hardest."""
        return self._analysis.count is not None

    @property
    def classes(self) -> int:
        """The number of classes of positions explored: exact when ``complete``, else at least so many.

        Positions of one class differ only in uses of one-shots that can change nothing any more: what can be
        reached and fired from them is the same. A look that happens once belongs to them, a door that closes does not.
        """
        return self._analysis.data.classes_seen if self._analysis.data.classes is None else self._analysis.data.classes

    @cached_property
    def states(self) -> frozenset[str]:
        """The ids of the states reached, those a sequence only passes through among them."""
        return self._analysis.ids_of(self._analysis.data.reached_states)

    @cached_property
    def events(self) -> frozenset[str]:
        """The names of the events that can be fired; of several with one name, at least one can."""
        return frozenset(self._analysis.system.name(label) for label in self._analysis.data.fireable_events)

    @cached_property
    def endings(self) -> frozenset[str]:
        """The ids of the states with an ending that can be reached.

        Example:
            >>> sorted(wk.explore(world).endings)
            ['two_mittens']
        """
        return self._analysis.ids_of(self._analysis.data.reached_states & self._analysis.system.endings)

    @cached_property
    def unreachable_states(self) -> frozenset[str]:
        """The ids of the states that no run reaches; empty unless ``exact``.

        Example:
            >>> locked = world.apply([{"op": "delete_event", "name": "pick_up_the_red_mitten"}])
            >>> wk.explore(locked).unreachable_states
            frozenset({'two_mittens'})
        """
        return frozenset(self.world.states) - self.states if self.exact else frozenset()

    @cached_property
    def dead_events(self) -> frozenset[str]:
        """The names of the events that can never be fired; empty unless ``exact``.

        Example:
            >>> locked = world.apply([{"op": "delete_event", "name": "pick_up_the_red_mitten"}])
            >>> wk.explore(locked).dead_events
            frozenset({'hold_out_the_mitten'})
        """
        if not self.exact:
            return frozenset()
        return frozenset(event.name for event in self.world.events) - self.events

    @cached_property
    def unreachable_endings(self) -> frozenset[str]:
        """The ids of the states with an ending that no run reaches; empty unless ``exact``."""
        return frozenset(self._analysis.system.table.endings) - self.endings if self.exact else frozenset()

    # ---- soft-locks and dead ends ------------------------------------------------------------

    @property
    def stuck_positions(self) -> int | None:
        """From how many of ``positions`` no ending can be reached; None when that was not decided or not counted."""
        if not self.stuck_classes:
            return self.stuck_classes
        return None if self._analysis.count is None else self._analysis.count.stuck

    @property
    def stuck_classes(self) -> int | None:
        """From how many of ``classes`` no ending can be reached; None when that was not decided."""
        return self._analysis.data.stuck_classes

    @cached_property
    def soft_lock_states(self) -> frozenset[str]:
        """The ids of the states in which a run can be stuck for good."""
        return self._analysis.ids_of(self._analysis.data.stuck)

    @cached_property
    def soft_locks(self) -> list[SoftLock]:
        """One soft-lock for every state that has one, in world order, with the fewest flags; routes are lazy.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [lock] = wk.explore(trap).soft_locks
            >>> lock.state, lock.cause, lock.missing
            ('bench', 'walk_up_the_lane', [frozenset({'mitten'})])
        """
        names, flags = self._analysis.system.states, self._analysis.system.flags_of
        stuck_positions = self._analysis.data.stuck
        return [SoftLock(names[state], flags(mask), self._analysis, mask) for state, mask in stuck_positions.items()]

    @cached_property
    def dead_ends(self) -> list[DeadEnd]:
        """One dead end for every state that has one, in world order, with the fewest flags; routes are lazy.

        Example:
            >>> trap = world.apply([
            ...     {"op": "delete_event", "name": "walk_back_down_the_lane"},
            ...     {"op": "delete_event", "name": "listen_to_the_leaves"},
            ... ])
            >>> [end.state for end in wk.explore(trap).dead_ends]
            ['bench']
        """
        names, flags = self._analysis.system.states, self._analysis.system.flags_of
        idle = self._analysis.data.idle_masks
        return [DeadEnd(names[state], flags(mask), self._analysis, mask) for state, mask in idle.items()]

    # ---- routes ------------------------------------------------------------------------------

    def route_to(self, state: str) -> Trace | None:
        """Return a shortest run to a state, counted in things fired.

        Args:
            state: Its id. For a state that is only passed through it is the run that ends with that sequence.

        Returns:
            The run, or None: it cannot be reached, or none was found in time (then ``remarks`` says so).

        Raises:
            WorldError: The world has no such state.

        Example:
            >>> [step.event for step in wk.explore(world).route_to("two_mittens").steps]
            ['pick_up_the_red_mitten', 'walk_up_the_lane', 'hold_out_the_mitten']
        """
        index = self._analysis.index_of(state)
        goals = [Goal(index)]
        for start, moves in enumerate(self._analysis.system.moves):
            for move in moves:
                if move.label < 0 and index in self._analysis.system.sequences[-1 - move.label][:-1]:
                    goals.append(Goal(start, move.requires, move.label, move.forbids))
        return self._analysis.trace_of(goals, f"state {quote(state)}", index in self._analysis.data.reached_states)

    def route_to_event(self, name: str) -> Trace | None:
        """Return a shortest run that ends by firing an event.

        Args:
            name: Its name; of several with one name, the one that is fired first.

        Raises:
            WorldError: The world has no such event.

        Example:
            >>> len(wk.explore(world).route_to_event("hold_out_the_mitten"))
            3
        """
        actions = self._analysis.actions_named(name)
        goals = [goal for index in actions for goal in self._analysis.finder.firing(index)]
        is_fireable = any(index in self._analysis.data.fireable_events for index in actions)
        return self._analysis.trace_of(goals, f"event {quote(name)}", is_fireable)

    @property
    def routes(self) -> Mapping[str, Trace]:
        """A shortest run to every ending that can be reached, searched when it is looked up.

        Example:
            >>> wk.explore(world).routes["two_mittens"].events
            ('pick_up_the_red_mitten', 'walk_up_the_lane', 'hold_out_the_mitten')
        """
        return _Routes(self)

    @property
    def remarks(self) -> Mapping[str, str]:
        """Remarks on the routes asked for so far, by where they lead: not proven shortest, or not found."""
        return self._analysis.remarks

    def cover(self, seconds: float = 10.0) -> Cover:
        """Return a small set of runs that together fire every event that can be fired.

        Args:
            seconds: Stop looking for more runs after so long; the result then says what is missing.

        Raises:
            WrongArgument: ``seconds`` is negative.

        Example:
            >>> len(wk.explore(world).cover())
            1
        """
        expect_amount(seconds, "seconds")
        return cover_events(self._analysis.finder, self._analysis.data.fireable_events, self._analysis.witness, seconds)

    # ---- questions ---------------------------------------------------------------------------

    def why(self, event: str) -> DeadEvent:
        """Return why an event can never be fired.

        Args:
            event: Its name.

        Raises:
            WorldError: The world has no such event, or it can be fired, or that was not decided.

        Example:
            >>> wk.explore(wk.samples.load("broken")).why("unreachable-require")
            DeadEvent(event='unreachable-require', reason='key missing', missing=frozenset({'the one...
        """
        self._analysis.actions_named(event)
        if event in self.events:
            raise WorldError(f"{quote(event)} can be fired; route_to_event says how")
        if not self.exact:
            raise WorldError(f"whether {quote(event)} can be fired was not decided; explore with a larger budget")
        return explain_dead_event(self, self._analysis, event)

    @cached_property
    def never_granted(self) -> frozenset[str]:
        """Flags that events require and that no run ever holds.

        Those that only events that cannot be fired would grant are among them when ``exact``.

        Example:
            >>> locked = world.apply([{"op": "delete_event", "name": "pick_up_the_red_mitten"}])
            >>> wk.explore(locked).never_granted
            frozenset({'mitten'})
        """
        obtainable = self._analysis.holdable_flags if self.exact else frozenset(self._analysis.system.flags)
        return (
            frozenset(flag for action in self._analysis.system.table.actions for flag in action.requires) - obtainable
        )

    @cached_property
    def never_required(self) -> frozenset[str]:
        """Flags that are granted and that nothing asks for: no event, clip, console, mission or outro."""
        return frozenset(self._analysis.events_granting.keys() - self._analysis.required_flags())

    def needs(self, state: str) -> list[frozenset[str]]:
        """Return the smallest sets of flags with which an ending can still be reached from a state.

        Holding any one of them is enough as long as no one-shot on the way is used up; without all of any of
        them no ending can be reached. ``[frozenset()]`` means that nothing is needed, ``[]`` that nothing helps.

        Args:
            state: Its id.

        Returns:
            The sets, fewest flags first.

        Raises:
            WorldError: The world has no such state, or there are too many such sets to list, or they cannot be known,
                since events of one state that share a name cannot be told apart.

        Example:
            >>> wk.explore(world).needs("bench")
            [frozenset()]
        """
        index = self._analysis.index_of(state)
        try:
            return [self._analysis.system.flags_of(mask) for mask in self._analysis.must_may.flags(index)]
        except BudgetSpent as error:
            raise WorldError(f"what {quote(state)} needs cannot be listed: {error}") from None

    # ---- what to say -------------------------------------------------------------------------

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The faults of the world, most harmful first.

        Example:
            >>> trap = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [finding] = wk.explore(trap).findings
            >>> print(finding.message)
            After "walk_up_the_lane" without "mitten" no ending can be reached: the run is stuck in "bench".
        """
        return tuple(findings.find_problems(self, self._analysis))

    @cached_property
    def verdict(self) -> str:
        """The most important result, in one sentence.

        Example:
            >>> wk.explore(world).verdict
            'The ending can be reached; no run can get stuck.'
        """
        return summary.summarize(self, len(self._analysis.system.table.endings))

    def to_dict(self) -> Json:
        """Return everything but the world as JSON values (format ``smworld-exploration``), routes as names to fire.

        Routes are searched up to a common limit, of some ten seconds. ``routesLeftOut`` lists the endings that can be
        reached and whose route is not there, and ``leftOut`` says so of a finding; ``route_to`` searches each of them.

        Example:
            >>> wk.explore(world).to_dict()["format"]
            'smworld-exploration'
        """
        return exploration_to_dict(self, self._analysis.finder)

    def __repr__(self) -> str:
        return summary.summary_text(self)

    def text(self, **options: Any) -> str:
        """Return the whole report as plain text.

        Example:
            >>> wk.explore(world).text().splitlines()[0]
            'OK The ending can be reached; no run can get stuck.'
        """
        text: str = render(self, "text", **options)
        return text

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the report as a page of HTML that stands alone: no script, nothing fetched.

        Args:
            path: Write it there as well.

        Example:
            >>> page = wk.explore(world).to_html("report.html")
        """
        page: str = render(self, "html", path)
        return page

    def to_junit(self, **options: Any) -> str:
        """Return the findings as JUnit XML, for continuous integration.

        Example:
            >>> wk.explore(world).to_junit()[:5]
            '<?xml'
        """
        xml: str = render(self, "junit", **options)
        return xml

    def to_sarif(self, uri: str | None = None) -> Json:
        """Return the findings as SARIF 2.1.0.

        Args:
            uri: Where the world's document is, for those who show findings in place.

        Example:
            >>> wk.explore(world).to_sarif()["version"]
            '2.1.0'
        """
        log: Json = render(self, "sarif", uri=uri)
        return log

    def to_frame(self) -> Any:
        """Return the findings as a table, a ``pandas.DataFrame``.

        Raises:
            MissingExtra: pandas is not installed.

        Example:
            >>> list(wk.explore(wk.samples.load("broken")).to_frame()["kind"])[:2]
            ['dead-end', 'dead-end']
        """
        return render(self, "dataframe")

    def _repr_html_(self) -> str:
        page: str = render(self, "html fragment")
        return page

    def _repr_mimebundle_(self, **_: object) -> Any:
        return render(self, "mimebundle")


@shown_briefly
class _Routes(Mapping[str, Trace]):
    """Endings to routes; an ending whose route was not found in time is not there."""

    def __init__(self, exploration: Exploration) -> None:
        self._exploration = exploration

    def __getitem__(self, ending: str) -> Trace:
        route = self._exploration.route_to(ending) if ending in self._exploration.endings else None
        if route is None:
            raise NoSuchKey(ending, self)
        return route

    def __iter__(self) -> Iterator[str]:
        reached_ids = (id for id in self._exploration.world.states if id in self._exploration.endings)
        return (id for id in reached_ids if self._exploration.route_to(id) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr({ending: route.events for ending, route in self.items()})


def finder_of(exploration: Exploration) -> Pathfinder:
    """Return what searches the routes of an exploration."""
    return exploration._analysis.finder  # noqa: SLF001  # a class of this module
