"""``Comparison``: two worlds in a cell, on one map, with what differs to step through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import traitlets

from worldkit.comparison import Diff, PlayChanges, diff
from worldkit.comparison.deep import play_changes
from worldkit.core.argument_checks import checked_methods
from worldkit.core.document import json_of
from worldkit.core.errors import WorldError
from worldkit.core.html_page import html_page
from worldkit.core.json_values import Json, dumps, quote
from worldkit.core.unsent_prose import own_prose
from worldkit.exploration import Budget
from worldkit.layout.place_arguments import read_places
from worldkit.simulation.story_pacing import pacing
from worldkit.widgets import parsing, protocol, static_html
from worldkit.widgets.bundle import bundle
from worldkit.widgets.changes import MapChange, changes, field_change_json, heading, pictures_of_change, world_title
from worldkit.widgets.display import MAX_PICTURE_CHARACTERS, mimebundle
from worldkit.widgets.kernel_widget import KernelWidget
from worldkit.widgets.message_receiver import ReplySender
from worldkit.widgets.overlay_graph import OverlayGraph, Piece, build_overlay_graph
from worldkit.widgets.state_pictures import picture_json
from worldkit.world import World

MAX_EAGER_TEXT = 400_000
"""So many characters of field differences go out with the map; the rest is sent when it is looked at."""

MAX_PROSE = 400
"""So many characters of a state's prose go out for its card."""

PLAY_BUDGET = Budget(seconds=15.0)
"""What each world may cost to be played through when a view asks what the edit did to play."""
PACING_BUDGET = Budget(seconds=1.0)
"""What the pacing of each world may cost."""


@checked_methods
class Comparison(ReplySender, KernelWidget):
    """Two worlds on one map in a notebook cell; show it by naming it on a cell's last line.

    Attributes:
        a: The world before.
        b: The world after.
        diff: What differs between them.

    Args:
        a: The world before.
        b: The world after.
        layout: Where cards stand, by state id in either world; those not named are laid out.
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> changed = world.apply([{"op": "rename_state", "from": "lane", "to": "road"}])
        >>> wk.compare(world, changed).diff
        1 difference, 1 operation
        → state lane → road
    """

    _esm = bundle("compare.js")
    _css = bundle("compare.css")

    comparison: Any = traitlets.Dict().tag(sync=True)
    height: Any = traitlets.Int(560, min=1).tag(sync=True)
    theme: Any = traitlets.Enum(["auto", "light", "dark"], "auto").tag(sync=True)

    @traitlets.default("comparison")
    def _seed(self) -> Json:
        return self._make_seed()

    def __init__(
        self,
        a: World,
        b: World,
        *,
        layout: Mapping[str, Sequence[float]] | None = None,
        height: int = 560,
        theme: str = "auto",
    ) -> None:
        places = read_places("layout", layout)
        self.a: World = a
        self.b: World = b
        self.diff: Diff = self._difference()
        self._graph: OverlayGraph = build_overlay_graph(a, b, self.diff, places)
        self._changes: list[MapChange] = changes(a, b, self.diff, self._graph)
        self._init_receiver()
        super().__init__(height=height, theme=theme)
        self.on_msg(self._receive)

    @cached_property
    def play(self) -> PlayChanges:
        """The effects of the edit on play; both worlds are played through when this is first asked for."""
        return play_changes(self.a, self.b, self.diff, PLAY_BUDGET)

    @cached_property
    def _pacing(self) -> tuple[str, ...]:
        if not self.a.states or not self.b.states:
            return ()
        return pacing(self.a, budget=PACING_BUDGET).changes(pacing(self.b, budget=PACING_BUDGET))

    def to_html(self, path: str | Path | None = None) -> str:
        """Return the comparison as a page of HTML that stands alone: no script, nothing fetched.

        Args:
            path: Write it there as well.

        Raises:
            OSError: It cannot be written.

        Example:
            >>> after = world.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
            >>> page = wk.compare(world, after).to_html("changes.html")
            >>> "listen_to_the_leaves" in page
            True
        """
        page = static_html.page(self.a, self.b, self.diff, self._graph, self._changes, self._html_in_front())
        return html_page(page, path)

    def answer(self, content: Any, to: protocol.Address) -> Json:
        """Return the reply to a message of a view; the notebook calls it.

        Args:
            content: The message, whatever it is.
            to: Whom to answer.
        """
        return self._result(content, to)

    # ---- inside --------------------------------------------------------------------------------

    def _difference(self) -> Diff:
        return diff(self.a, self.b)

    def _html_in_front(self) -> str:
        """Return what stands before the comparison where nothing runs, as HTML."""
        return ""

    def _make_seed(self) -> Json:
        return seed(self.a, self.b, self._graph, self._changes)

    def _carry_out(self, content: Any, to: protocol.Address) -> Json:
        return self._answer(parsing.read_compare(content), to)

    def _answer(self, request: protocol.CompareRequest, to: protocol.Address) -> Json:
        match request:
            case protocol.FieldsOf(change=number):
                fields = [field_change_json(field) for field in self._change_at(number).fields]
                return protocol.reply("fields", to, fields=fields)
            case protocol.ChangePicturesOf(change=number):
                before, after = (
                    None if picture is None else picture_json(picture, "thumbnail")
                    for picture in pictures_of_change(self.a, self.b, self._change_at(number))
                )
                return protocol.reply("change_pictures", to, before=before, after=after)
            case protocol.Resolve() | protocol.WriteResult():
                raise WorldError("two worlds have no conflicts; compare a base and two")
            case protocol.Accept():
                raise WorldError("two worlds propose nothing; show a revision, as wk.revise() returns it")
            case protocol.PlayOf():
                return protocol.reply("play", to, sentences=[*self.play.sentences, *self._pacing])
        return protocol.reply("accepted", to)

    def _change_at(self, number: int) -> MapChange:
        if number >= len(self._changes):
            raise WorldError(f"there is no change {quote(number)}; there are {len(self._changes):,}")
        return self._changes[number]

    def __repr__(self) -> str:
        return f"Comparison of {self.a!r} and {self.b!r}: {heading(self.diff)}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        page = static_html.fragment(self.a, self.b, self.diff, self._graph, self._changes)
        html = self._html_in_front() + (page if len(page) <= MAX_PICTURE_CHARACTERS else "")
        return mimebundle(self.model_id, repr(self), html=html), {}


def seed(a: World, b: World, graph: OverlayGraph, change_list: Sequence[MapChange]) -> Json:
    """Return everything a view of a comparison needs to begin."""
    raw = json_of(graph.world)
    states: Json = raw["scene"]["states"]
    index_of = {id: index for index, id in enumerate(states)}
    node_of = {change.id: index for index, change in enumerate(change_list) if change.kind == "state"}
    piece_of = {piece: index for index, change in enumerate(change_list) for piece in change.pieces}
    return {
        "protocol": protocol.PROTOCOL,
        "names": [world_title(a, "Before"), world_title(b, "After")],
        "world": {
            **raw,
            "scene": {"states": {id: _card(raw, body) for id, body in states.items()}, "events": _events(graph)},
        },
        "order": list(states),
        "layout": {id: list(place) for id, place in graph.positions.items()},
        "nodes": [[index_of[id], mark, node_of.get(id, -1)] for id, mark in graph.marks.items() if id in index_of],
        "pieces": [_piece_row(piece, piece_of.get(index, -1)) for index, piece in enumerate(graph.pieces)],
        "changes": list(_change_lines(change_list, index_of)),
    }


def _card(raw: Json, body: Json) -> Json:
    card: Json = {"base": own_prose(raw, body["base"])[:MAX_PROSE]} if isinstance(body.get("base"), str) else {}
    return card | {key: body[key] for key in ("ending", "ambient") if key in body}


def _events(graph: OverlayGraph) -> list[Json]:
    return [piece.body for piece in graph.pieces]


def _piece_row(edge: Piece, change: int) -> list[Any]:
    return [edge.mark, edge.side, change]


def _change_lines(change_list: Sequence[MapChange], index_of: Mapping[str, int]) -> Any:
    remaining = MAX_EAGER_TEXT
    for change in change_list:
        line: Json = {"kind": change.kind, "id": change.id, "marks": list(change.marks)}
        if change.old_name is not None:
            line["was"] = change.old_name
        line["nodes"] = [index_of[id] for id in change.nodes if id in index_of]
        line["pieces"] = list(change.pieces)
        if remaining > 0:
            line["fields"] = [field_change_json(field) for field in change.fields]
            remaining -= len(dumps(line["fields"], None))
        else:
            line["fields"] = None
        yield line
