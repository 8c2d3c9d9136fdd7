"""``merge``: three worlds to one, and ``Merge``, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from worldkit.comparison.merging.alignment import Document, read_base, read_side
from worldkit.comparison.merging.conflict import Choice, MergeConflict
from worldkit.comparison.merging.core import Merged, merged
from worldkit.comparison.merging.semantic_check import Branch, MergeWarning, check
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.document import from_json, from_valid_json, json_of, revised
from worldkit.core.errors import WorldError, WrongArgument
from worldkit.core.fast_validation import events_are_valid, states_are_valid
from worldkit.core.json_values import Json, shown
from worldkit.editing import refs
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget

_SIDES = ("ours", "theirs", "base")
_ONE_SIDE = '"ours", "theirs" or "base"'


@checked_methods
class Merge:
    """Two worlds that were made of one, merged; it never changes, ``resolve`` returns another.

    Until a conflict is resolved the merged world holds what ``MergeConflict.held`` says, so it can be looked at and
    played at any time.

    Attributes:
        base: What both sides began with.
        ours: One side.
        theirs: The other.

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge
        1 conflict; .warnings says what it does to play
        ! states.lane.base: both changed it, and not alike
            base   "A farm lane climbs between dry-stone walls furred with frost. At the top of...
            ours   "A wet lane."
            theirs "A dry lane."
        >>> merge.resolve_all("theirs").world == theirs
        True
    """

    def __init__(
        self,
        base: World,
        ours: World,
        theirs: World,
        choices: Mapping[str, Choice] | None = None,
        read: tuple[Document, Document, Document] | None = None,
    ) -> None:
        self.base: World = base
        self.ours: World = ours
        self.theirs: World = theirs
        self._choices = dict(choices or {})
        self._read = read
        self._made = self._merged()
        self._world = self._whole()

    def _merged(self) -> Merged:
        quick = None
        if not self._choices:
            if json_of(self.theirs) is json_of(self.base) or self.theirs is self.ours:
                quick = self.ours
            elif json_of(self.ours) is json_of(self.base):
                quick = self.theirs
        if quick is None:
            start = read_base(json_of(self.base)) if self._read is None else self._read[0]
            if self._read is None:
                sides = [read_side(json_of(world), start, json_of(self.base)) for world in (self.ours, self.theirs)]
                self._read = (start, sides[0], sides[1])
            if self._read[2].is_as(start):
                quick = self.ours
            elif self._read[1].is_as(start):
                quick = self.theirs
            elif self.ours == self.theirs:
                quick = self.ours
        if quick is not None:
            return Merged(json_of(quick))
        assert self._read is not None
        return merged(*self._read, self._choices)

    def _whole(self) -> World:
        for world in (self.ours, self.theirs):
            if self._made.raw is json_of(world):
                return world
        return revised(_valid(self._made.raw, (self.ours, self.theirs)), rev=int(self.ours.rev) + 1)

    @property
    def world(self) -> World:
        """The merged world: always valid, and never with a reference dangling that did not dangle on a side."""
        return self._world

    @property
    def conflicts(self) -> tuple[MergeConflict, ...]:
        """What both sides changed and nobody has decided yet."""
        return self._made.conflicts

    @property
    def clean(self) -> bool:
        """Whether no conflict is left."""
        return not self._made.conflicts

    @property
    def resolved(self) -> Mapping[str, Any]:
        """What was decided, by path: ``"ours"``, ``"theirs"``, ``"base"``, or ``{"value": ...}``."""
        return {path: choice.side or {"value": choice.value} for path, choice in self._choices.items()}

    @cached_property
    def warnings(self) -> tuple[MergeWarning, ...]:
        """What is wrong with the merged world and was wrong with neither side, most harmful first.

        The three worlds are linted and played through exhaustively when this is first read.
        """
        return self.check()

    def check(self, budget: Budget | None = None) -> tuple[MergeWarning, ...]:
        """Return ``warnings``, within a budget of one's own.

        Args:
            budget: What each exploration may cost; see ``worldkit.explore``.

        Example:
            >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
            >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
            >>> merge = wk.merge(world, ours, theirs)
            >>> merge.check(wk.Budget(nodes=10_000))
            ()
        """
        if self.world is self.ours or self.world is self.theirs or self._read is None:
            return ()
        ours = Branch("ours", self.ours, self._made.names(self._read[1]))
        theirs = Branch("theirs", self.theirs, self._made.names(self._read[2]))
        return check(self.base, ours, theirs, self.world, budget)

    def resolve(
        self,
        path: str | MergeConflict,
        side: Literal["ours", "theirs", "base"] | None = None,
        *,
        value: Any = ...,
    ) -> Merge:
        """Return the merge with one conflict decided: for a side, or by a value of one's own.

        Args:
            path: The conflict, or its path.
            side: ``"ours"``, ``"theirs"`` or ``"base"``.
            value: What is to stand there instead of what a side has.

        Raises:
            WrongArgument: The side is none of the three, or a side and a value are given, or neither.
            WorldError: There is no such conflict, or the value leaves a reference naming nothing.
            InvalidWorld: The value cannot stand there.

        Example:
            >>> base = wk.World.new("Lane")
            >>> def reword(text):
            ...     return base.apply([{"op": "set_field", "state": "start", "field": "base", "value": text}])
            >>> merge = wk.merge(base, reword("A wet lane."), reword("A dry lane."))
            >>> merge.resolve("states.start.base", "theirs").world.states["start"].base
            'A dry lane.'
            >>> merge.resolve("states.start.base", value="A lane.").world.states["start"].base
            'A lane.'
        """
        wanted = path.path if isinstance(path, MergeConflict) else path
        if side is not None and side not in _SIDES:
            raise WrongArgument("side", _ONE_SIDE, f"{shown(side)}; to write a text of your own, give value=...")
        if (side is None) == (value is ...):
            found = "neither" if side is None else "both"
            raise WrongArgument("side", f"{_ONE_SIDE}, or a value=...", f"{found}; give one of them")
        known = [conflict.path for conflict in self.conflicts]
        if wanted not in known and wanted not in self._choices:
            listed = ", ".join(map(shown, known[:5])) + (f" and {len(known) - 5} more" if len(known) > 5 else "")
            said = f"the conflicts are at {listed}" if known else "there is no conflict left"
            raise WorldError(f"{shown(wanted)} is no conflict of this merge; {said}")
        return self._with({wanted: Choice(None, value) if side is None else Choice(side)})

    def resolve_all(self, choice: Literal["ours", "theirs", "base"]) -> Merge:
        """Return the merge with every conflict decided for one side, those that appear on the way too.

        Args:
            choice: The side.

        Raises:
            WrongArgument: It is none of the three.

        Example:
            >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
            >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
            >>> merge = wk.merge(world, ours, theirs)
            >>> merge.resolve_all("ours").world == ours
            True
        """
        if choice not in _SIDES:
            raise WrongArgument("choice", _ONE_SIDE, shown(choice))
        made = self
        while made.conflicts:
            made = made._with({conflict.path: Choice(choice) for conflict in made.conflicts})
        return made

    def _with(self, choices: Mapping[str, Choice]) -> Merge:
        made = Merge(self.base, self.ours, self.theirs, {**self._choices, **choices}, self._read)
        _refuse_dangling(self, made)
        return made

    def to_dict(self) -> Json:
        """Return the conflicts and what was decided as JSON values; the world and the warnings are left out.

        Example:
            >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
            >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
            >>> merge = wk.merge(world, ours, theirs)
            >>> merge.resolve_all("ours").to_dict()
            {'conflicts': [], 'resolved': {'states.lane.base': 'ours'}}
        """
        return {
            "conflicts": [conflict.to_dict() for conflict in self.conflicts],
            "resolved": dict(self.resolved),
        }

    def __repr__(self) -> str:
        from worldkit.comparison.merging.show import text

        return text(self)

    def _repr_html_(self) -> str:
        from worldkit.comparison.merging.show import html

        return html(self)


def _valid(raw: Json, sides: tuple[World, World]) -> World:
    """Return a document as a world; the states and events it took over as they are need no second look."""
    known: set[int] = set()
    for side in sides:
        known.update(map(id, json_of(side)["scene"]["states"].values()))
        known.update(map(id, json_of(side)["scene"]["events"]))
    scene = raw["scene"]
    states = [body for body in scene["states"].values() if id(body) not in known]
    events = [body for body in scene["events"] if id(body) not in known]
    if states_are_valid(dict(enumerate(states))) and events_are_valid(events):
        return from_valid_json(World, raw)
    return from_json(World, raw, "the merged world")


def _refuse_dangling(before: Merge, after: Merge) -> None:
    def loose(world: World) -> set[tuple[str, str, str]]:
        return set(refs.dangling(json_of(world), json_of(world)["scene"]["states"], json_of(world)["scene"]["events"]))

    now = loose(after.world)
    if now:
        new = now - loose(before.world) - loose(before.ours) - loose(before.theirs)
        if new:
            kind, field, id = min(new)
            place = "the entrance" if kind == "world" else f"a {field!r} of the {kind}s"
            raise WorldError(f"that would leave {place} naming {shown(id)}, which does not exist in the merged world")


@checked
def merge(base: World, ours: World, theirs: World) -> Merge:
    """Return the merge of two worlds that were made of one.

    Items are matched by id and name, renamed ones by what they hold; the fields of an item merge one by one, lists
    of flags and states as sets, prose by sentence, orders by what was moved. Where a side renamed a state or a
    flag, what the other side says of it follows.

    Args:
        base: What both sides began with.
        ours: One side.
        theirs: The other.

    Returns:
        The merged world, its conflicts, and what it does to play (see ``Merge.warnings``).

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "A bench."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge.clean, merge.world.states["lane"].base, merge.world.states["bench"].base
        (True, 'A wet lane.', 'A bench.')
    """
    return Merge(base, ours, theirs)
