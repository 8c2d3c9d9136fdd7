"""``MergeView``: a merge in a cell, on the same map as a comparison, its conflicts to be decided one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.comparison import Diff, Merge, MergeConflict, diff, merge
from worldkit.comparison.merging.conflict import Side
from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.widgets import protocol
from worldkit.widgets.changes import Change, changes, sided
from worldkit.widgets.comparison import HTML, PLAYED, Comparison, seed
from worldkit.widgets.overlay_graph import Union, union
from worldkit.world import World


@checked_methods
class MergeView(Comparison):
    """A merge in a notebook cell: what it made of the base, and a side to pick for each conflict.

    Views and Python share it: what is picked in one shows in all.

    Attributes:
        a: The base.
        b: The merged world as it is now.
        diff: What differs between them.
        merge: The merge as it is now.

    Args:
        base: What both sides began with.
        ours: One side.
        theirs: The other.
        layout: Where cards stand, by state id; those not named are laid out.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> ours = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A wet lane."}])
        >>> theirs = world.apply([{"op": "set_field", "state": "lane", "field": "base", "value": "A dry lane."}])
        >>> view = wk.compare(world, ours, theirs).resolve("states.lane.base", "theirs")
        >>> view.merged == theirs
        True
    """

    def __init__(
        self,
        base: World,
        ours: World,
        theirs: World,
        *,
        layout: Mapping[str, Sequence[float]] | None = None,
        height: int = 560,
        theme: str = "auto",
    ) -> None:
        self.merge: Merge = merge(base, ours, theirs)
        self._known: dict[str, MergeConflict] = {one.path: one for one in self.merge.conflicts}
        super().__init__(base, self.merge.world, layout=layout, height=height, theme=theme)

    @property
    def merged(self) -> World:
        """The merged world as it is now; until a conflict is decided it holds what ``MergeConflict.held`` says."""
        return self.merge.world

    def resolve(self, path: str, side: Side | None = None, *, value: Any = ...) -> MergeView:
        """Decide a conflict; every view follows. One that is decided can be decided again.

        Args:
            path: The conflict's path.
            side: ``"ours"``, ``"theirs"`` or ``"base"``.
            value: What is to stand there instead of what a side has.

        Raises:
            WrongArgument: The side is none of the three, or a side and a value are given, or neither.
            WorldError: There is no such conflict, or the value leaves a reference naming nothing.
            InvalidWorld: The value cannot stand there.
        """
        with self._lock:
            made = self.merge.resolve(path, side, value=value)
            found = diff(self.a, made.world)
            drawn = union(self.a, made.world, found, self._drawn.places)
            self._take(made, found, drawn, changes(self.a, made.world, found, drawn))
        return self

    # ---- inside --------------------------------------------------------------------------------

    def _take(self, made: Merge, found: Diff, drawn: Union, listed: list[Change]) -> None:
        self.merge, self.b, self.diff = made, made.world, found
        self._drawn, self._changes = drawn, listed
        self._known |= {one.path: one for one in made.conflicts}
        self.comparison = self._seeded()

    def _seeded(self) -> Json:
        made = seed(self.a, self.b, self._drawn, self._changes)
        number = {id: at for at, id in enumerate(self._drawn.world.states)}
        conflicts = [self._conflict(one, number) for one in self._known.values()]
        return {**made, "names": [made["names"][0], "Merged"], "conflicts": conflicts}

    def _conflict(self, one: MergeConflict, number: Mapping[str, int]) -> Json:
        drawn, at, pieces = self._drawn.pieces, [one.item.id] if one.item.kind == "state" else [], []
        if one.item.kind == "event":
            pieces = [n for n, piece in enumerate(drawn) if piece.body["name"] == one.item.id]
            at = [id for n in pieces for id in (*drawn[n].body["from"], *drawn[n].to)]
        picked = self.merge.resolved.get(one.path, "")
        return {
            "path": one.path,
            "why": one.why,
            "ours": sided(one.base, one.ours),
            "theirs": sided(one.base, one.theirs),
            "picked": picked if isinstance(picked, str) else "value",
            "nodes": [number[id] for id in dict.fromkeys(at) if id in number],
            "pieces": pieces,
        }

    def _answer(self, request: protocol.CompareRequest, to: protocol.Address) -> Json:
        match request:
            case protocol.Resolve(conflict=number, side=side):
                paths = list(self._known)
                if number >= len(paths):
                    raise WorldError(f"there is no conflict {quote(number)}; there are {len(paths):,}")
                self.resolve(paths[number], side)
                return protocol.reply("accepted", to)
            case protocol.PlayOf():
                said = [one.message for one in self.merge.check(PLAYED)]
                return protocol.reply(
                    "play", to, sentences=said or ["Nothing is wrong that was wrong with neither side."]
                )
        return super()._answer(request, to)

    def __repr__(self) -> str:
        left, decided = len(self.merge.conflicts), len(self.merge.resolved)
        said = f"{left} conflict{'s' * (left != 1)}" + (f", {decided} decided" if decided else "")
        return f"Merge of {self.merge.ours!r} and {self.merge.theirs!r}: {said}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        made, about = super()._repr_mimebundle_()
        if HTML in made:
            made[HTML] = self.merge._repr_html_() + made[HTML]
        return made, about
