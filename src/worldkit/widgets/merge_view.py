"""``MergeView``: a merge in a cell, on the same map as a comparison, its conflicts to be decided one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from worldkit.comparison import Diff, Merge, MergeConflict, merge
from worldkit.comparison.merging.conflict import Side
from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import format_count
from worldkit.widgets import protocol
from worldkit.widgets.changes import MapChange, changes, side_json
from worldkit.widgets.comparison import PLAY_BUDGET, Comparison, seed
from worldkit.widgets.conflict_result import read_result, result_json
from worldkit.widgets.overlay_graph import OverlayGraph, build_overlay_graph
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
        self._conflicts_by_path: dict[str, MergeConflict] = {
            conflict.path: conflict for conflict in self.merge.conflicts
        }
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

        Example:
            >>> text = {"op": "set_field", "state": "lane", "field": "base"}
            >>> ours, theirs = world.apply([{**text, "value": "Rain."}]), world.apply([{**text, "value": "Snow."}])
            >>> view = wk.compare(world, ours, theirs).resolve("states.lane.base", "theirs")
            >>> view.merged.states["lane"].base
            'Snow.'
            >>> view.resolve("states.lane.base", value="Sleet.").merged.states["lane"].base
            'Sleet.'
        """
        with self._lock:
            merge = self.merge.resolve(path, side, value=value)
            graph = build_overlay_graph(self.a, merge.world, merge.diff, self._graph.positions)
            self._update(merge, graph, changes(self.a, merge.world, merge.diff, graph))
        return self

    # ---- inside --------------------------------------------------------------------------------

    def _difference(self) -> Diff:
        return self.merge.diff

    def _update(self, merge: Merge, graph: OverlayGraph, change_list: list[MapChange]) -> None:
        self.merge, self.b, self.diff = merge, merge.world, merge.diff
        self._graph, self._changes = graph, change_list
        for cached_name in ("play", "_pacing"):  # they are of the merge before
            self.__dict__.pop(cached_name, None)
        self._conflicts_by_path |= {conflict.path: conflict for conflict in merge.conflicts}
        self.comparison = self._make_seed()

    def _html_in_front(self) -> str:
        return self.merge._repr_html_()

    def _make_seed(self) -> Json:
        seed_json = seed(self.a, self.b, self._graph, self._changes)
        index_of = {id: index for index, id in enumerate(self._graph.world.states)}
        piece_numbers: dict[str, list[int]] = {}
        for number, piece in enumerate(self._graph.pieces):
            piece_numbers.setdefault(piece.body["name"], []).append(number)
        choices_by_path = self.merge.resolved
        conflicts = [
            self._conflict(conflict, choices_by_path.get(path), index_of, piece_numbers)
            for path, conflict in self._conflicts_by_path.items()
        ]
        return {**seed_json, "names": [seed_json["names"][0], "Merged"], "conflicts": conflicts}

    def _conflict(
        self,
        conflict: MergeConflict,
        choice: Side | Json | None,
        index_of: Mapping[str, int],
        numbers_by_name: Mapping[str, list[int]],
    ) -> Json:
        item = conflict.item
        piece_numbers = numbers_by_name.get(item.id, []) if item.kind == "event" else []
        pieces = [self._graph.pieces[number] for number in piece_numbers]
        state_ids = [item.id] if item.kind == "state" else []
        state_ids += [id for piece in pieces for id in (*piece.body["from"], *piece.to)]
        return {
            "path": conflict.path,
            "item": {"kind": item.kind, "id": item.id, "field": item.field},
            "why": conflict.why,
            "ours": side_json(conflict.base, conflict.ours),
            "theirs": side_json(conflict.base, conflict.theirs),
            "picked": "value" if isinstance(choice, dict) else choice or "",
            "result": result_json(conflict, choice),
            "nodes": [index_of[id] for id in dict.fromkeys(state_ids) if id in index_of],
            "pieces": piece_numbers,
        }

    def _answer(self, request: protocol.CompareRequest, to: protocol.Address) -> Json:
        match request:
            case protocol.Resolve(conflict=number, side=side):
                self.resolve(self._conflict_at(number).path, side)
                return protocol.reply("accepted", to)
            case protocol.WriteResult(conflict=number, text=text):
                conflict = self._conflict_at(number)
                form = result_json(conflict, self.merge.resolved.get(conflict.path))["form"]
                self.resolve(conflict.path, value=read_result(form, text))
                return protocol.reply("accepted", to)
            case protocol.PlayOf():
                sentences = [warning.message for warning in self.merge.check(PLAY_BUDGET)]
                return protocol.reply("play", to, sentences=sentences or ["No problems that neither side had."])
        return super()._answer(request, to)

    def _conflict_at(self, number: int) -> MergeConflict:
        conflicts = list(self._conflicts_by_path.values())
        if number >= len(conflicts):
            raise WorldError(f"there is no conflict {quote(number)}; there are {len(conflicts):,}")
        return conflicts[number]

    def __repr__(self) -> str:
        remaining_count, decided_count = len(self.merge.conflicts), len(self.merge.resolved)
        status = format_count(remaining_count, "conflict") + (f", {decided_count} decided" if decided_count else "")
        return f"Merge of {self.merge.ours!r} and {self.merge.theirs!r}: {status}"
