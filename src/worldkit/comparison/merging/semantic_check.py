"""What a merge does to the world's meaning: linted and played through, against both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from worldkit.comparison.fields import changes
from worldkit.comparison.merging import blame
from worldkit.comparison.merging.core import Names
from worldkit.comparison.merging.values import named
from worldkit.core.diagnostics import Diagnostic, Item, Severity
from worldkit.core.document import json_of
from worldkit.core.json_values import Json, shown
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget, Exploration, Finding
    from worldkit.ruleset import Found

MOST = 8
"""So many warnings of a kind are explained; more of it are counted."""

_ENDS = 5  # endings a way out is looked for


@dataclass(frozen=True, slots=True)
class MergeWarning:
    """Something that is wrong with a merged world and with neither side.

    Attributes:
        kind: A kind of finding of exhaustive play, such as ``"unreachable-ending"`` or ``"soft-lock"``; or a rule.
        severity: ``"error"``, ``"warning"`` or ``"info"``.
        message: What is wrong and what each side did to it, in a sentence.
        item: What it is about, in the names of the merged world.
        ours: What our side did to it, in words; empty when it is not known.
        theirs: What theirs did.

    Example:
        >>> base = world.apply([{"op": "set_event_grants", "event": "listen_to_the_leaves", "value": ["heard"]}])
        >>> ours = base.apply([{"op": "set_event_requires", "event": "hold_out_the_mitten", "value": ["heard"]}])
        >>> theirs = base.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
        >>> wk.merge(base, ours, theirs).warnings[0].message
        'The ending "TWO MITTENS" can no longer be reached: ours made "hold_out_the_mitten" need...
    """

    kind: str
    severity: Severity
    message: str
    item: Item
    ours: str = ""
    theirs: str = ""

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message,
            "item": {"kind": self.item.kind, "id": self.item.id, "field": self.item.field},
            "ours": self.ours,
            "theirs": self.theirs,
        }

    def __str__(self) -> str:
        return self.message


class Branch(NamedTuple):
    """One side of a merge.

    Attributes:
        who: ``"ours"`` or ``"theirs"``.
        world: Its world.
        names: What its things are called in the merged world.
    """

    who: str
    world: World
    names: Names


def check(
    base: World, ours: Branch, theirs: Branch, made: World, budget: Budget | None = None
) -> tuple[MergeWarning, ...]:
    """Return what is wrong with a merged world and with neither side, most harmful first.

    Args:
        base: What both sides began with.
        ours: One side.
        theirs: The other.
        made: The merged world.
        budget: What each exploration may cost; see ``worldkit.explore``.
    """
    played: list[MergeWarning] = []
    if made.states and ours.world.states and theirs.world.states:
        from worldkit.exploration import explore

        sides = [_Played(side, explore(side.world, budget=budget)) for side in (ours, theirs)]
        played = list(_Check(made, explore(made, budget=budget), sides, budget).warnings())
    # what play tells of is not told again by the rule that sees the half of it
    told = " ".join(warning.message for warning in played)
    items = {(warning.item.kind, warning.item.id) for warning in played}
    linted = [
        found
        for found in _linted(base, ours, theirs, made)
        if (found.item.kind, found.item.id) not in items and (not found.item.id or shown(found.item.id) not in told)
    ]
    rank = {"error": 0, "warning": 1, "info": 2}
    return tuple(sorted([*played, *linted], key=lambda found: rank[found.severity]))


# ---- played through ----------------------------------------------------------------------------


class _Played:
    """A side played through, its findings in the names of the merged world."""

    def __init__(self, side: Branch, found: Exploration) -> None:
        self.who, self.world, self.names = side
        self.found = found
        self.back = blame.back(side.names)
        self.endings = {id for id, state in self.world.states.items() if state.ending is not None}
        self.stuck = self.now(found.soft_lock_states)
        self.idle = self.now(end.state for end in found.dead_ends)

    def now(self, ids: object) -> set[str]:
        """Return what states of this side are called in the merged world."""
        return {self.names.states.get(id, id) for id in ids}  # type: ignore[attr-defined]

    def has(self, kind: str, id: str) -> bool | None:
        """Say whether this side gets to a state or an event of the merged world; None when it has none such."""
        if kind == "event":
            name = self.back.events.get(id, id)
            return name in self.found.events if name in self.world.events_by_name else None
        state = self.back.states.get(id, id)
        if kind == "ending" and state not in self.endings:
            return None
        return state in self.found.states if state in self.world.states else None


class _Check:
    def __init__(self, made: World, found: Exploration, sides: list[_Played], budget: Budget | None) -> None:
        self._made, self._reached, self._sides, self._budget = made, found, sides, budget

    def warnings(self) -> Iterator[MergeWarning]:
        """Yield what is new, its consequences left out."""
        say: dict[str, Callable[[Finding, set[str]], MergeWarning | None]] = {
            "unreachable-ending": self._ending,
            "no-ending-reachable": self._no_ending,
            "soft-lock": self._stuck,
            "dead-end": self._stuck,
            "unreachable-state": self._state,
            "dead-event": self._event,
        }
        seen: set[tuple[str, str]] = set()
        lost: set[str] = set()
        for kind, tell in say.items():
            told = 0
            for finding in [one for one in self._reached.findings if one.kind == kind]:
                if told >= MOST:
                    break
                warning = tell(finding, lost)
                if warning is None:
                    continue
                cause = (warning.ours, warning.theirs)
                if kind in ("dead-event", "unreachable-state") and cause in seen and any(cause):
                    continue
                seen.add(cause)
                lost.add(warning.item.id)
                told += 1
                yield warning
        for text in [text for one in (self._reached, *(side.found for side in self._sides)) for text in one.undecided]:
            yield MergeWarning("undecided", "info", text, Item("world"))
            return

    def _follows(self, name: str, lost: set[str]) -> bool:
        """Say whether an event can only be missed where something told already is missed."""
        event = self._made.events_by_name[name]
        return not lost.isdisjoint(event.from_) or self._made.landing(event.to) in lost

    def _new(self, kind: str, id: str) -> bool:
        """Say whether what no run of the merged world gets to is got to on every side that has it."""
        has = [side.has(kind, id) for side in self._sides]
        return True in has and False not in has and all(side.found.exact for side in self._sides)

    def _ending(self, finding: Finding, lost: set[str]) -> MergeWarning | None:
        id = finding.item.id
        ending = self._made.states[id].ending
        if ending is None or not self._new("ending", id):
            return None
        text = f"the ending {shown(ending.title)} can no longer be reached"
        return self._warned(finding, text, lambda side: self._broken(side, "state", id))

    def _no_ending(self, finding: Finding, lost: set[str]) -> MergeWarning | None:
        if lost or not all(side.found.endings for side in self._sides):
            return None
        return self._warned(finding, "no ending can be reached any more", self._way_out)

    def _event(self, finding: Finding, lost: set[str]) -> MergeWarning | None:
        id = finding.item.id
        if not self._new("event", id) or self._follows(id, lost):
            return None
        return self._warned(finding, f"{shown(id)} can never happen", lambda side: self._broken(side, "event", id))

    def _state(self, finding: Finding, lost: set[str]) -> MergeWarning | None:
        id = finding.item.id
        if not self._new("state", id):
            return None
        return self._warned(finding, f"{shown(id)} cannot be reached", lambda side: self._broken(side, "state", id))

    def _stuck(self, finding: Finding, lost: set[str]) -> MergeWarning | None:
        known = [side.idle if finding.kind == "dead-end" else side.stuck for side in self._sides]
        if any(not known_ones.isdisjoint(finding.states) for known_ones in known):
            return None
        if any(side.found.stuck_classes is None for side in self._sides):
            return None
        text = finding.message[:1].lower() + finding.message[1:].rstrip(".")
        route = finding.route
        return self._warned(finding, text, lambda side: "" if route is None else self._trapped(side, route.events))

    def _warned(self, finding: Finding, text: str, cause: Callable[[_Played], str]) -> MergeWarning:
        # what the other did shows in what no longer works here
        by_theirs, by_ours = (cause(side) for side in self._sides)
        return _warning(finding.kind, finding.severity, text, finding.item, by_ours, by_theirs)

    # ---- why ---------------------------------------------------------------------------------

    def _other(self, side: _Played) -> str:
        return "theirs" if side.who == "ours" else "ours"

    def _broken(self, side: _Played, kind: str, id: str) -> str:
        """Return what the other side did that breaks this side's shortest run to something."""
        if side.has(kind, id) is None:
            return f"{self._other(side)} added {shown(id)}"
        if kind == "event":
            route = side.found.route_to_event(side.back.events.get(id, id))
        else:
            route = side.found.route_to(side.back.states.get(id, id))
        return "" if route is None else self._parted(side, route.events)

    def _parted(self, side: _Played, run: tuple[str, ...]) -> str:
        parted, _, _ = blame.parting(run, side.world, self._made, side.names)
        return "" if parted is None else blame.did(self._other(side), parted)

    def _way_out(self, side: _Played) -> str:
        for id in list(side.found.endings)[:_ENDS]:
            route = side.found.route_to(id)
            if route is not None and (said := self._parted(side, route.events)):
                return said
        return ""

    def _trapped(self, side: _Played, run: tuple[str, ...]) -> str:
        """Return what the other side did so that a run of the merged world is stuck and this side's is not."""
        parted, there, here = blame.parting(run, self._made, side.world, side.back)
        if parted is not None:
            return blame.allowed(self._other(side), parted)
        from worldkit.exploration import explore

        onward = explore(side.world, at=here, budget=self._budget)
        routes = [route for id in list(onward.endings)[:_ENDS] if (route := onward.route_to(id)) is not None]
        if not routes:
            return ""
        route = min(routes, key=len)
        broken, _, _ = blame.parting(route.events, side.world, self._made, side.names, (here, there))
        return "" if broken is None else blame.did(self._other(side), broken)


def _warning(kind: str, severity: Severity, text: str, item: Item, ours: str, theirs: str) -> MergeWarning:
    causes = "; ".join(said for said in (ours, theirs) if said)
    message = f"{text[:1].upper()}{text[1:]}{': ' if causes else ''}{causes}."
    return MergeWarning(kind, severity, message, item, ours, theirs)


# ---- linted ------------------------------------------------------------------------------------


def _linted(base: World, ours: Branch, theirs: Branch, made: World) -> Iterator[MergeWarning]:
    from worldkit.ruleset import all_found

    known = set()
    for side in (ours, theirs):
        for rule, (_, kind, id, field) in all_found(side.world):
            names = {"state": side.names.states, "event": side.names.events}.get(kind, {})
            known.add((rule.id, kind, names.get(id, id), field))
    new = (
        (rule, found)
        for rule, found in all_found(made)
        if rule.severity != "info" and (rule.id, *found[1:]) not in known
    )
    causes = _Causes(base, ours, theirs)
    for rule, group in groupby(new, key=lambda one: one[0]):
        first: dict[tuple[str, str], Found] = {}
        for _, found in group:
            first.setdefault((found.kind, found.id), found)
        for diagnostic in rule.listed(first.values()):
            yield causes.warning(diagnostic)


class _Causes:
    """Says of what lint finds in a merged world which side did it."""

    def __init__(self, base: World, ours: Branch, theirs: Branch) -> None:
        self._base = _Bodies(base)
        self._sides = [(side, blame.back(side.names), _Bodies(side.world)) for side in (ours, theirs)]

    def warning(self, found: Diagnostic) -> MergeWarning:
        text = f"{found.path}: {found.message}".rstrip(".")
        by_ours, by_theirs = (self._touched(*side, found.item) for side in self._sides)
        causes = "; ".join(said for said in (by_ours, by_theirs) if said)
        message = f"{text}{' (' if causes else ''}{causes}{')' if causes else ''}"
        return MergeWarning(found.lint, found.severity, message, found.item, by_ours, by_theirs)

    def _touched(self, side: Branch, back: Names, bodies: _Bodies, item: Item) -> str:
        """Return what a side did to an item of the merged world, in words; empty for nothing."""
        if item.kind not in ("state", "event"):
            return ""
        id = (back.states if item.kind == "state" else back.events).get(item.id, item.id)
        before, after = (held.get(item.kind, id) for held in (self._base, bodies))
        if after is None:
            return ""
        if before is None:
            return f"{side.who} added {shown(item.id)}" if id == item.id else f"{side.who} renamed or added {shown(id)}"
        fields = list(dict.fromkeys(change.path for change in changes(before, after)))
        return f"{side.who} changed its {named(fields)}" if fields else ""


class _Bodies:
    """The states and events of a world as JSON, by kind and by id; of two events with one name, the first."""

    def __init__(self, world: World) -> None:
        scene = json_of(world)["scene"]
        events = {event["name"]: event for event in reversed(scene["events"])}
        self._held: dict[str, Json] = {"state": scene["states"], "event": events}

    def get(self, kind: str, id: str) -> Json | None:
        return self._held[kind].get(id)
