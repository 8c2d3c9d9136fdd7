"""Problems in play that a merged world has and neither side has, each with the changes that cause it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from worldkit.comparison.merging import blame
from worldkit.comparison.merging.merge_warning import Branch, MergeWarning
from worldkit.core.diagnostics import Item
from worldkit.core.json_values import quote
from worldkit.core.profile import Severity
from worldkit.exploration import explore
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget, Exploration, Finding

MAX_WARNINGS = 8
"""How many warnings of a kind are reported at most."""

_MAX_ENDINGS = 5  # endings to which a route is searched


def play_warnings(
    ours: Branch, theirs: Branch, merged_world: World, budget: Budget | None = None
) -> list[MergeWarning]:
    """Return the problems in play of a merged world that neither side has.

    Args:
        budget: What each exploration may cost; see ``worldkit.explore``.
    """
    if not (merged_world.states and ours.world.states and theirs.world.states):
        return []
    sides = [_ExploredSide(side, explore(side.world, budget=budget)) for side in (ours, theirs)]
    return list(_PlayCheck(merged_world, explore(merged_world, budget=budget), sides, budget).warnings())


class _ExploredSide:
    """The exploration of a side, with its findings in the names of the merged world."""

    def __init__(self, side: Branch, exploration: Exploration) -> None:
        self.side_name, self.world, self.names = side
        self.exploration = exploration
        self.from_merged = blame.invert_names(side.names)
        self.endings = {id for id, state in self.world.states.items() if state.ending is not None}
        self.stuck = self.to_merged(exploration.soft_lock_states)
        self.dead_end_states = self.to_merged(end.state for end in exploration.dead_ends)

    def to_merged(self, ids: Iterable[str]) -> set[str]:
        """Translate state ids of this side to those of the merged world."""
        return {self.names.states.get(id, id) for id in ids}

    def reaches(self, kind: str, id: str) -> bool | None:
        """Return whether this side reaches a state or an event of the merged world; None when it does not have it."""
        if kind == "event":
            name = self.from_merged.events.get(id, id)
            return name in self.exploration.events if name in self.world.events_by_name else None
        state = self.from_merged.states.get(id, id)
        if kind == "ending" and state not in self.endings:
            return None
        return state in self.exploration.states if state in self.world.states else None


class _PlayCheck:
    """The problems in play of a merged world that neither side has."""

    def __init__(
        self, merged_world: World, exploration: Exploration, sides: list[_ExploredSide], budget: Budget | None
    ) -> None:
        self._merged_world, self._exploration, self._sides, self._budget = merged_world, exploration, sides, budget

    def warnings(self) -> Iterator[MergeWarning]:
        """Yield the new problems, without their consequences."""
        describers: dict[str, Callable[[Finding, set[str]], MergeWarning | None]] = {
            "unreachable-ending": self._ending,
            "no-ending-reachable": self._no_ending,
            "soft-lock": self._trap_warning,
            "dead-end": self._trap_warning,
            "unreachable-state": self._state,
            "dead-event": self._event,
        }
        causes: set[tuple[str, str]] = set()
        lost_ids: set[str] = set()
        for kind, describe in describers.items():
            count = 0
            for finding in self._exploration.findings:
                if finding.kind != kind:
                    continue
                if count >= MAX_WARNINGS:
                    break
                warning = describe(finding, lost_ids)
                if warning is None:
                    continue
                cause = (warning.ours, warning.theirs)
                if kind in ("dead-event", "unreachable-state") and cause in causes and any(cause):
                    continue
                causes.add(cause)
                lost_ids.add(warning.item.id)
                count += 1
                yield warning
        explorations = (self._exploration, *(side.exploration for side in self._sides))
        undecided_texts = (text for exploration in explorations for text in exploration.undecided)
        yield from (MergeWarning("undecided", "info", text, Item("world")) for text in islice(undecided_texts, 1))

    def _follows(self, name: str, lost_ids: set[str]) -> bool:
        """Return whether the loss of an event follows from a loss that is already reported."""
        event = self._merged_world.events_by_name[name]
        return not lost_ids.isdisjoint(event.from_) or self._merged_world.landing(event.to) in lost_ids

    def _new(self, kind: str, id: str) -> bool:
        """Return whether every side that has an item reaches it, which the merged world does not."""
        reached_by_side = [side.reaches(kind, id) for side in self._sides]
        return (
            True in reached_by_side
            and False not in reached_by_side
            and all(side.exploration.exact for side in self._sides)
        )

    def _ending(self, finding: Finding, lost_ids: set[str]) -> MergeWarning | None:
        id = finding.item.id
        ending = self._merged_world.states[id].ending
        if ending is None or not self._new("ending", id):
            return None
        text = f"the ending {quote(ending.title)} can no longer be reached"
        return self._explain(finding, text, lambda side: self._describe_break(side, "state", id))

    def _no_ending(self, finding: Finding, lost_ids: set[str]) -> MergeWarning | None:
        if lost_ids or not all(side.exploration.endings for side in self._sides):
            return None
        return self._explain(finding, "no ending can be reached any more", self._describe_lost_ending)

    def _event(self, finding: Finding, lost_ids: set[str]) -> MergeWarning | None:
        id = finding.item.id
        if not self._new("event", id) or self._follows(id, lost_ids):
            return None
        return self._explain(
            finding, f"{quote(id)} can never happen", lambda side: self._describe_break(side, "event", id)
        )

    def _state(self, finding: Finding, lost_ids: set[str]) -> MergeWarning | None:
        id = finding.item.id
        if not self._new("state", id):
            return None
        return self._explain(
            finding, f"{quote(id)} cannot be reached", lambda side: self._describe_break(side, "state", id)
        )

    def _trap_warning(self, finding: Finding, lost_ids: set[str]) -> MergeWarning | None:
        old_traps = [side.dead_end_states if finding.kind == "dead-end" else side.stuck for side in self._sides]
        if any(not states.isdisjoint(finding.states) for states in old_traps):
            return None
        if any(side.exploration.stuck_classes is None for side in self._sides):
            return None
        text = finding.message[:1].lower() + finding.message[1:].rstrip(".")
        route = finding.route
        return self._explain(
            finding, text, lambda side: "" if route is None else self._describe_trap(side, route.events)
        )

    def _explain(self, finding: Finding, text: str, cause: Callable[[_ExploredSide], str]) -> MergeWarning:
        # what breaks a run of ours is a change of theirs, and the reverse
        by_theirs, by_ours = (cause(side) for side in self._sides)
        return _warning(finding.kind, finding.severity, text, finding.item, by_ours, by_theirs)

    # ---- causes ------------------------------------------------------------------------------

    def _other_side(self, side: _ExploredSide) -> str:
        return "theirs" if side.side_name == "ours" else "ours"

    def _describe_break(self, side: _ExploredSide, kind: str, id: str) -> str:
        """Describe the change of the other side that breaks this side's shortest run to an item."""
        if side.reaches(kind, id) is None:
            return f"{self._other_side(side)} added {quote(id)}"
        if kind == "event":
            route = side.exploration.route_to_event(side.from_merged.events.get(id, id))
        else:
            route = side.exploration.route_to(side.from_merged.states.get(id, id))
        return "" if route is None else self._describe_divergence(side, route.events)

    def _describe_divergence(self, side: _ExploredSide, run: tuple[str, ...]) -> str:
        divergence, _, _ = blame.find_divergence(run, side.world, self._merged_world, side.names)
        return "" if divergence is None else blame.describe_break(self._other_side(side), divergence)

    def _describe_lost_ending(self, side: _ExploredSide) -> str:
        for id in list(side.exploration.endings)[:_MAX_ENDINGS]:
            route = side.exploration.route_to(id)
            if route is not None and (explanation := self._describe_divergence(side, route.events)):
                return explanation
        return ""

    def _describe_trap(self, side: _ExploredSide, run: tuple[str, ...]) -> str:
        """Describe the change of the other side by which a run gets stuck in the merged world only."""
        divergence, merged_position, side_position = blame.find_divergence(
            run, self._merged_world, side.world, side.from_merged
        )
        if divergence is not None:
            return blame.describe_permission(self._other_side(side), divergence)
        onward = explore(side.world, at=side_position, budget=self._budget)
        routes = [route for id in list(onward.endings)[:_MAX_ENDINGS] if (route := onward.route_to(id)) is not None]
        if not routes:
            return ""
        route = min(routes, key=len)
        onward_divergence, _, _ = blame.find_divergence(
            route.events, side.world, self._merged_world, side.names, (side_position, merged_position)
        )
        return "" if onward_divergence is None else blame.describe_break(self._other_side(side), onward_divergence)


def _warning(kind: str, severity: Severity, text: str, item: Item, ours: str, theirs: str) -> MergeWarning:
    causes = "; ".join(cause for cause in (ours, theirs) if cause)
    message = f"{text[:1].upper()}{text[1:]}{': ' if causes else ''}{causes}."
    return MergeWarning(kind, severity, message, item, ours, theirs)
