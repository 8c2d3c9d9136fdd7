"""``merge``, the three-way merge of worlds, and ``Merge``, its result."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from worldkit.comparison.merging.alignment import AlignedDocument, read_base, read_sides
from worldkit.comparison.merging.conflict import ConflictChoice, MergeConflict
from worldkit.comparison.merging.core import MergeOutcome, merge_documents
from worldkit.comparison.merging.merge_warning import Branch, MergeWarning
from worldkit.comparison.merging.semantic_check import find_warnings
from worldkit.comparison.merging.show import html, text
from worldkit.comparison.world_diff import Diff, diff_following
from worldkit.core import json_values
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.document import at_revision, from_json, json_of, revision_after, store_of
from worldkit.core.errors import InvalidWorld, WorldError, WrongArgument
from worldkit.core.json_values import Json, quote
from worldkit.core.versions import is_later_minor, parse_version
from worldkit.editing import refs
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Budget

_SIDES = ("ours", "theirs", "base")
_EXPECTED_SIDE = '"ours", "theirs" or "base"'


@shown_briefly
@checked_methods
class Merge:
    """A three-way merge of worlds; immutable, ``resolve`` returns a new one.

    Until a conflict is resolved the merged world has the provisional value ``MergeConflict.held``, so it can be viewed
    and played at any time.

    Attributes:
        base: The common ancestor.
        ours: One side.
        theirs: The other.

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge
        1 conflict; .world is the merged world, .warnings says what the merge does to play
        ! states.lane.base: both changed it, differently
            base   "A farm lane climbs between dry-stone walls furred with frost. At the top of...
            ours   "A wet lane."
            theirs "A dry lane."
        decide: .resolve("states.lane.base", "ours"), "theirs", "base" (as it was) or value=your own
        >>> merge.resolve_all("theirs").world == theirs
        True
    """

    def __init__(
        self,
        base: World,
        ours: World,
        theirs: World,
        choices: Mapping[str, ConflictChoice] | None = None,
        aligned: tuple[AlignedDocument, AlignedDocument, AlignedDocument] | None = None,
    ) -> None:
        self.base: World = base
        self.ours: World = ours
        self.theirs: World = theirs
        self._choices = dict(choices or {})
        self._aligned_documents = aligned
        self._outcome = self._merge()
        self._world = self._merged_world()

    def _merge(self) -> MergeOutcome:
        unchanged_side = None
        if not self._choices:
            if json_of(self.theirs) is json_of(self.base) or self.theirs is self.ours:
                unchanged_side = self.ours
            elif json_of(self.ours) is json_of(self.base):
                unchanged_side = self.theirs
        if unchanged_side is None:
            base = read_base(json_of(self.base)) if self._aligned_documents is None else self._aligned_documents[0]
            if self._aligned_documents is None:
                sides = read_sides(base, json_of(self.base), json_of(self.ours), json_of(self.theirs))
                self._aligned_documents = (base, *sides)
            if self._aligned_documents[2].equals(base):
                unchanged_side = self.ours
            elif self._aligned_documents[1].equals(base):
                unchanged_side = self.theirs
            elif self.ours == self.theirs:
                unchanged_side = self.ours
        if unchanged_side is not None:
            return MergeOutcome(json_of(unchanged_side))
        assert self._aligned_documents is not None
        return merge_documents(*self._aligned_documents, self._choices)

    def _merged_world(self) -> World:
        for world in (self.ours, self.theirs):
            if self._outcome.raw is json_of(world):
                return world
        return at_revision(self._readable_world(), rev=revision_after(self.ours.rev))

    def _readable_world(self) -> World:
        """Return the world of the outcome; in a later version where one side left that and words of the other need it.

        Raises:
            InvalidWorld: A value that was chosen is not valid.
        """
        raw = self._outcome.raw
        try:
            return from_json(World, raw, "the merged world")
        except InvalidWorld as error:
            tags = [json_of(world).get("schemaVersion") for world in (self.base, self.ours, self.theirs)]
            later_tags = [tag for tag in tags if is_later_minor(tag)]
            if not later_tags or is_later_minor(raw.get("schemaVersion")):
                raise
            try:
                latest = max(later_tags, key=lambda tag: parse_version(tag) or (0, 0))
                return from_json(World, {**raw, "schemaVersion": latest}, "the merged world")
            except InvalidWorld:
                raise error from None

    @property
    def world(self) -> World:
        """The merged world: always valid, without dangling references that neither side has."""
        return self._world

    @cached_property
    def diff(self) -> Diff:
        """The changes of the merge to the base; what a side renamed is one change, even if the other side rewrote it.

        Example:
            >>> ours = world.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
            >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "Snow."}])
            >>> wk.merge(world, ours, theirs).diff.states.renamed
            {'lane': 'road'}
        """
        events = {key: name for key, name in self._outcome.events.items() if isinstance(key, int)}
        return diff_following(self.base, self.world, self._outcome.states, events)

    @property
    def conflicts(self) -> tuple[MergeConflict, ...]:
        """The conflicts that are not resolved yet.

        Example:
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> ours, theirs = world.apply([{**text, "value": "Rain."}]), world.apply([{**text, "value": "Snow."}])
            >>> [conflict.path for conflict in wk.merge(world, ours, theirs).conflicts]
            ['states.lane.base']
        """
        return self._outcome.conflicts

    @property
    def clean(self) -> bool:
        """Whether no conflict is left.

        Example:
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> ours, theirs = world.apply([{**text, "value": "Rain."}]), world.apply([{**text, "value": "Snow."}])
            >>> merge = wk.merge(world, ours, theirs)
            >>> merge.clean, merge.resolve_all("ours").clean
            (False, True)
        """
        return not self._outcome.conflicts

    @property
    def resolved(self) -> Mapping[str, Any]:
        """The decisions, by path: ``"ours"``, ``"theirs"``, ``"base"``, or ``{"value": ...}``.

        A value is in the names of the merged world, as it is now.

        Example:
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> ours, theirs = world.apply([{**text, "value": "Rain."}]), world.apply([{**text, "value": "Snow."}])
            >>> wk.merge(world, ours, theirs).resolve("states.lane.base", "theirs").resolved
            {'states.lane.base': 'theirs'}
        """
        return {path: choice.side or {"value": self._in_merged_names(choice)} for path, choice in self._choices.items()}

    def _in_merged_names(self, choice: ConflictChoice) -> Any:
        if self._outcome.decisions is None or choice.place is None:
            return choice.value
        return self._outcome.decisions.to_merged(choice.place, choice.value)

    @cached_property
    def warnings(self) -> tuple[MergeWarning, ...]:
        """Problems of the merged world that neither side has, most harmful first.

        On first access the three worlds are linted and explored exhaustively.

        Example:
            >>> ours = world.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> theirs = world.apply([{"op": "delete_event", "name": "walk_back_down_the_lane"}])
            >>> [warning] = wk.merge(world, ours, theirs).warnings
            >>> print(warning)
            In "bench" nothing may be left to do, and the run is not over: ...
        """
        return self.check()

    def check(self, budget: Budget | None = None) -> tuple[MergeWarning, ...]:
        """Return ``warnings``, computed within a given budget.

        Args:
            budget: What each exploration may cost; see ``worldkit.explore``.

        Example:
            >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
            >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
            >>> merge = wk.merge(world, ours, theirs)
            >>> merge.check(wk.Budget(nodes=10_000))
            ()
        """
        if self.world is self.ours or self.world is self.theirs or self._aligned_documents is None:
            return ()
        ours = Branch("ours", self.ours, self._outcome.names(self._aligned_documents[1]))
        theirs = Branch("theirs", self.theirs, self._outcome.names(self._aligned_documents[2]))
        return find_warnings(self.base, ours, theirs, self.world, budget)

    def resolve(
        self,
        path: str | MergeConflict,
        side: Literal["ours", "theirs", "base"] | None = None,
        *,
        value: Any = ...,
    ) -> Merge:
        """Return the merge with one conflict resolved: for a side, or by another value.

        Args:
            path: The conflict, or its path.
            side: ``"ours"``, ``"theirs"`` or ``"base"``.
            value: The value to use instead of that of a side, in the names of the merged world. What it names
                follows later decisions about names.

        Raises:
            WrongArgument: The side is none of the three, or a side and a value are given, or neither.
            WorldError: There is no such conflict, or the value leaves a dangling reference.
            InvalidWorld: The value is not valid there.

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
        wanted_path = path.path if isinstance(path, MergeConflict) else path
        if side is not None and side not in _SIDES:
            raise WrongArgument("side", _EXPECTED_SIDE, f"{quote(side)}; to write a text of your own, give value=...")
        if (side is None) == (value is ...):
            problem = "neither" if side is None else "both"
            raise WrongArgument("side", f"{_EXPECTED_SIDE}, or a value=...", f"{problem}; give one of them")
        open_paths = [conflict.path for conflict in self.conflicts]
        if wanted_path not in open_paths and wanted_path not in self._choices:
            rest_text = f" and {len(open_paths) - 5} more" if len(open_paths) > 5 else ""
            examples = ", ".join(map(quote, open_paths[:5]))
            hint = f"the conflicts are at {examples}{rest_text}" if open_paths else "there is no conflict left"
            raise WorldError(f"{quote(wanted_path)} is no conflict of this merge; {hint}")
        if side is not None:
            return self._with_choices({wanted_path: ConflictChoice(side)})
        json_values.check_json(value, "the value")
        return self._with_choices({wanted_path: self._own_choice(wanted_path, json_values.deep_copy(value))})

    def _own_choice(self, path: str, value: Any) -> ConflictChoice:
        decisions = self._outcome.decisions
        assert decisions is not None  # there is a conflict
        place = decisions.places[path] if path in decisions.places else self._choices[path].place
        return ConflictChoice(None, value if place is None else decisions.from_merged(place, value), place)

    def resolve_all(self, choice: Literal["ours", "theirs", "base"]) -> Merge:
        """Return the merge with every conflict resolved for one side, including those that appear on the way.

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
            raise WrongArgument("choice", _EXPECTED_SIDE, quote(choice))
        result = self
        while result.conflicts:
            result = result._with_choices({conflict.path: ConflictChoice(choice) for conflict in result.conflicts})
        return result

    def _with_choices(self, choices: Mapping[str, ConflictChoice]) -> Merge:
        result = Merge(self.base, self.ours, self.theirs, {**self._choices, **choices}, self._aligned_documents)
        _refuse_dangling(self, result)
        return result

    def to_dict(self) -> Json:
        """Return the conflicts and the decisions as JSON values, without the world and the warnings.

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
        return text(self)

    def _repr_html_(self) -> str:
        return html(self)


def _refuse_dangling(before: Merge, after: Merge) -> None:
    def dangling(world: World) -> set[tuple[str, str, str]]:
        return set(
            refs.count_dangling(json_of(world), json_of(world)["scene"]["states"], json_of(world)["scene"]["events"])
        )

    dangling_after = dangling(after.world)
    if dangling_after:
        new_dangling = dangling_after - dangling(before.world) - dangling(before.ours) - dangling(before.theirs)
        if new_dangling:
            kind, field, id = min(new_dangling)
            place = "the entrance" if kind == "world" else f"a {field!r} of the {kind}s"
            raise WorldError(f"that would leave {place} naming {quote(id)}, which does not exist in the merged world")


@checked
def merge(base: World, ours: World, theirs: World) -> Merge:
    """Merge two worlds that were made from the same one.

    Items are matched by id and name, renamed ones by content; the fields of an item are merged one by one, lists
    of flags and states as sets, prose by sentence, orders by what was moved. Where a side renamed a state or a
    flag, the references of the other side follow. The name and the id of a fork are not merged into its world.

    Args:
        base: The common ancestor.
        ours: One side.
        theirs: The other.

    Returns:
        The merged world, its conflicts, and its effect on play (see ``Merge.warnings``).

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "bench", "field": "base", "value": "A bench."}])
        >>> merge = wk.merge(world, ours, theirs)
        >>> merge.clean, merge.world.states["lane"].base, merge.world.states["bench"].base
        (True, 'A wet lane.', 'A bench.')
    """
    return Merge(base, ours, _named_as(base, theirs) if _is_fork(theirs, ours, base) else theirs)


def _is_fork(theirs: World, ours: World, base: World) -> bool:
    stored_ids = [store.id for side in (ours, theirs) if (store := store_of(side)) is not None]
    return theirs.parent == base or theirs.id != base.id or len(set(stored_ids)) == 2


def _named_as(base: World, fork: World) -> World:
    own_fields = ("id", "name")
    fields = {key: value for key, value in json_of(base).items() if key in own_fields}
    fields |= {key: value for key, value in json_of(fork).items() if key not in own_fields}
    return at_revision(from_json(World, fields), rev=fork.rev)
