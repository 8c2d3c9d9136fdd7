"""``ExplorationReport``: an exploration in a cell, with a player in it that opens where a finding happens."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import traitlets

from worldkit.core.diagnostics import Item
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.drawing.chart import Chart, make_chart
from worldkit.drawing.coverage import CoverageMarks, web_paths
from worldkit.playing import Session
from worldkit.reporting.exploration_digest import cover_digest, digest, finding_run, run_of
from worldkit.reporting.exploration_page import fragment
from worldkit.reporting.exploration_parts import Digest, RunSummary, to_json
from worldkit.widgets import parsing, protocol
from worldkit.widgets.display import MAX_PICTURE_CHARACTERS, mimebundle
from worldkit.widgets.open_editors import editor_of, lead_to
from worldkit.widgets.player import Player
from worldkit.widgets.protocol import Address, Target
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.exploration import Cover, Exploration

T = TypeVar("T")


class ExplorationReport(Player):
    """The report of an exploration in a notebook cell; naming the exploration on a cell's last line shows it.

    Attributes:
        session: The run played in it; each finding that is played begins a new one.

    Args:
        height: Height in pixels.
        theme: ``"auto"`` follows the notebook.
    """

    _user_name = "Report"

    _types_actions = False
    report = traitlets.Dict().tag(sync=True)

    @traitlets.default("report")
    def _seed(self) -> Json:
        return seed(self.exploration)

    def __init__(self, exploration: Exploration, *, height: int = 640, theme: str = "auto") -> None:
        self.exploration = exploration
        super().__init__(Session(exploration.world, at=exploration.at), height=height, theme=theme)

    # ---- inside --------------------------------------------------------------------------------

    @cached_property
    def _cover(self) -> Cover:
        return self.exploration.cover()

    def _read(self, content: Any) -> protocol.ReportRequest:
        return parsing.read_report(content)

    def _answer(self, request: protocol.ReportRequest, to: Address) -> Json:
        match request:
            case protocol.PlayRun(target=target):
                self._play(target)
            case protocol.RouteOf(target=target):
                run = self._run(target)
                return protocol.reply("route", to, run=None if run is None else to_json(run))
            case protocol.CoverOf():
                return protocol.reply("cover", to, cover=to_json(cover_digest(self.exploration, self._cover)))
            case protocol.ShowInEditor(target=target, fix=fix):
                self._lead_into_editor(target, fix)
            case _:
                return super()._answer(request, to)
        return protocol.reply("accepted", to)

    def _play(self, target: Target) -> None:
        run = self._run(target)
        if run is None:
            raise WorldError("there is no run to it, or none was found in time; explore with a larger budget")
        session = Session(self.exploration.world, at=self.exploration.at)
        for event in self._events(target)[: run.moment]:
            session.fire(event)
        self._use_session(session)
        notices = []
        if run.crossing is not None:
            crossing = run.hops[run.crossing].label if run.crossing < len(run.hops) else "the next step"
            text = f"This is the point of no return: after \u201c{crossing}\u201d no ending can be reached."
            notices.append({"kind": "info", "text": text})
        self._show(notices)

    def _lead_into_editor(self, target: Target, fix: bool) -> None:
        editor = editor_of(self.exploration.world)
        if editor is None:
            raise WorldError(
                "this world is not open in an editor; run wk.edit(world) in another cell, then press again"
            )
        match target:
            case protocol.FindingTarget(index=index):
                item = _item_at(self.exploration.findings, "finding", index).item
            case protocol.EndingTarget(id=id):
                item = Item("state", id)
            case protocol.RunTarget(index=index):
                item = Item("state", _item_at(self._cover, "run", index).states[-1])
        if not _is_there(editor.world, item):
            raise WorldError(f"the {item.kind} {quote(item.id)} is no longer in the edited world")
        if fix:
            editor.overlay(self.exploration)
        lead_to(editor, item, "problems" if fix else "details")

    def _run(self, target: Target) -> RunSummary | None:
        match target:
            case protocol.FindingTarget(index=index):
                return finding_run(self.exploration, _item_at(self.exploration.findings, "finding", index))
            case protocol.RunTarget(index=index):
                return run_of(self.exploration.world, _item_at(self._cover, "run", index))
            case protocol.EndingTarget(id=id):
                trace = self.exploration.route_to(id)
                return None if trace is None else run_of(self.exploration.world, trace)

    def _events(self, target: Target) -> tuple[str, ...]:
        match target:
            case protocol.FindingTarget(index=index):
                trace = _item_at(self.exploration.findings, "finding", index).route
            case protocol.RunTarget(index=index):
                trace = _item_at(self._cover, "run", index)
            case protocol.EndingTarget(id=id):
                trace = self.exploration.route_to(id)
        return () if trace is None else trace.events

    def __repr__(self) -> str:
        return f"Report of {self.exploration.world!r}: {self.exploration.verdict}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        page = fragment(self.exploration)
        html = page if len(page) <= MAX_PICTURE_CHARACTERS else ""
        return mimebundle(self.model_id, repr(self.exploration), html=html), {}


def seed(exploration: Exploration) -> Json:
    """Return everything a view of a report needs to begin."""
    summary, plain_chart = digest(exploration), make_chart(exploration.world)
    body = to_json(summary)
    marks = body.pop("states")
    ends = [
        [id, state.ending.kind, state.ending.title]
        for id, state in exploration.world.states.items()
        if state.ending is not None
    ]
    return {
        "protocol": protocol.PROTOCOL,
        **body,
        "start": exploration.world.start if exploration.at is None else exploration.at.state,
        "marks": [marks[card.id] for card in plain_chart.cards],
        "ends": ends,
        "exact": exploration.exact,
        "chart": {**plain_chart.to_dict(), "web": _web(plain_chart, summary)},
    }


def _web(plain_chart: Chart, summary: Digest) -> Json:
    return web_paths(plain_chart, CoverageMarks(summary.states, summary.stuck, summary.idle, summary.dead))


def _is_there(world: World, item: Item) -> bool:
    if item.kind == "state":
        return item.id in world.states
    return item.kind != "event" or item.id in world.events_by_name


def _item_at(items: Sequence[T], kind: str, index: int) -> T:
    if index >= len(items):
        raise WorldError(f"there is no {kind} {quote(index)}; there are {len(items):,}")
    return items[index]
