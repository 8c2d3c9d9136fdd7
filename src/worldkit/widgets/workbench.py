"""``Workbench``: one world in one cell, with tabs to edit it, play it, check it, compare it and have it written."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import ipywidgets

from worldkit.core.argument_checks import checked_methods, refusal
from worldkit.core.profile import ProfileName, profile_named
from worldkit.exploration import Exploration, explore
from worldkit.exploration.budget import Budget
from worldkit.playing import Session, Trace
from worldkit.properties import Properties, PropertyError, check
from worldkit.ruleset.play_gate import play_blockers
from worldkit.simulation.story_pacing import pacing
from worldkit.widgets import display, overlay
from worldkit.widgets.comparison import Comparison
from worldkit.widgets.generator import Generator
from worldkit.widgets.linked_player import LinkedPlayer
from worldkit.widgets.player import Player
from worldkit.widgets.report import ExplorationReport
from worldkit.widgets.saving_editor import SavingEditor
from worldkit.world import World

TABS = ("Map", "Play", "Report", "Compare", "Generate")
MAP, PLAY, REPORT, COMPARE, GENERATE = range(len(TABS))

PLACE_LABEL = "Put the generated world in place"


@checked_methods
class Workbench(ipywidgets.Tab):  # type: ignore[misc]  # ipywidgets has no types
    """One world in one cell, in tabs; show it by naming it on a cell's last line.

    It is a container of ipywidgets: it can stand in a ``VBox``, and ``selected_index`` is the tab that is shown. What a
    tab shows is made when it is first opened, and made anew when the world has changed since.

    Attributes:
        editor: The editor, in the first tab.
        base: The world that *Compare* compares with: as it was when the workbench was opened, until it is set.

    Args:
        editor: The editor.
        gate: What blocks play; see ``worldkit.play``.
        height: Height of each tab's content in pixels.
        theme: ``"auto"`` follows the notebook.

    Example:
        >>> bench = wk.workbench(world)
        >>> bench.editor.apply([{"op": "rename_state", "from": "lane", "to": "road"}]).world == bench.world
        True
        >>> bench.show("compare").comparison.diff
        1 difference, 1 operation
        → state lane → road
    """

    _unsubscribe: Callable[[], None] | None = None

    def __init__(
        self, editor: SavingEditor, *, gate: ProfileName = "hosted", height: int = 560, theme: str = "auto"
    ) -> None:
        self.editor = editor
        self.base: World = editor.world
        profile_named(gate)  # refuses a name that is none
        self._gate = gate
        self._options: dict[str, Any] = {"height": height, "theme": theme}
        self._player: Player | None = None
        self._linked_player: LinkedPlayer | None = None
        self._report: ExplorationReport | None = None
        self._below_report: list[Any] = []
        self._reported_properties: Properties | None = None
        self._comparison: Comparison | None = None
        self._rebase_button = self._make_rebase_button()
        self._generator = Generator(self._take, theme=theme)
        self._panels = [ipywidgets.VBox() for _ in TABS]
        self._panels[MAP].children = [editor]
        self._panels[GENERATE].children = [self._generator]
        super().__init__(children=self._panels, titles=TABS, selected_index=MAP)
        self._unsubscribe = editor.on_change(self._on_edit)
        self._remove_run_player = editor.add_run_player(self._play_run)
        self.observe(self._on_select, "selected_index")

    # ---- reading -------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world as it is now."""
        return self.editor.world

    @property
    def player(self) -> Player | None:
        """The player, once its tab was opened and there was a scene to play."""
        return self._player

    @property
    def exploration(self) -> Exploration | None:
        """The exploration that the report shows; None until its tab was opened and there was something to report."""
        return self._report.exploration if self._report is not None else None

    @property
    def comparison(self) -> Comparison | None:
        """The comparison, once its tab was opened and there was a difference."""
        return self._comparison

    # ---- changing ------------------------------------------------------------------------------

    def show(self, tab: str) -> Workbench:
        """Show a tab.

        Args:
            tab: ``"map"``, ``"play"``, ``"report"``, ``"compare"`` or ``"generate"``.

        Raises:
            WrongArgument: There is no such tab.

        Example:
            >>> wk.workbench(world).show("play").player.state
            'lane'
        """
        names = [title.lower() for title in TABS]
        if tab not in names:
            raise refusal("tab", f"one of {', '.join(map(repr, names))}", tab)
        self.selected_index = names.index(tab)
        return self

    def close(self) -> None:
        """Close the workbench and all that is in it."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._remove_run_player()
            for widget in (*self._parts(), *self._below_report, self._rebase_button, *self._panels):
                widget.close()
        super().close()

    # ---- inside --------------------------------------------------------------------------------

    def _parts(self) -> Iterator[Any]:
        yield from (self.editor, self._generator)
        yield from (part for part in (self._player, self._report, self._comparison) if part is not None)

    def _take(self, world: World) -> None:
        previous = self.editor.world
        try:
            self.editor.replace(world, label=PLACE_LABEL)
        except BaseException:
            if self.editor.world is not previous:  # it is in place, even if it could not be saved
                self.selected_index = MAP
            raise
        self.selected_index = MAP

    def _on_select(self, _: object) -> None:
        self._refresh(self.selected_index)

    def _on_edit(self, _: World) -> None:
        if self.selected_index in (PLAY, REPORT, COMPARE):  # edited from Python, or by another view of the editor
            self._refresh(self.selected_index)

    def _refresh(self, tab: int | None) -> None:
        if tab == PLAY:
            self._refresh_player()
        elif tab == REPORT:
            self._refresh_report()
        elif tab == COMPARE:
            self._refresh_comparison()

    def _refresh_player(self) -> None:
        if self._player is not None:
            return  # it follows the editor by itself
        if not self.world.states:
            self._say(PLAY, "There is nothing to play yet: the world has no scenes.")
            return
        blockers = play_blockers(self.world, self._gate)
        self._player = Player(Session(self.world), blocked=blockers, **self._options)
        self._linked_player = LinkedPlayer(self.editor, self._player, self._gate)
        # a run is opened by what was added last: the tab has to be shown, too
        self._remove_run_player()
        self._remove_run_player = self.editor.add_run_player(self._play_run)
        self._panels[PLAY].children = [self._player]

    def _play_run(self, run: Trace) -> None:
        """Show the tab of the player at the end of a run, such as one that breaks a property."""
        self._refresh_player()
        if self._linked_player is not None:
            self._linked_player.open_run(run)
        self.selected_index = PLAY

    def _refresh_report(self) -> None:
        if not self.world.states:
            self._say(REPORT, "There is nothing to report yet: the world has no scenes.")
            return
        report, properties = self._report, self.editor.properties
        if report is None or report.exploration.world != self.world:
            self._say(REPORT, "The world is being played through…")
            report = ExplorationReport(explore(self.world, seconds=overlay.VIEW_SECONDS), **self._options)
        if report is not self._report or properties != self._reported_properties:
            previous_parts = [*self._below_report, *([] if report is self._report else [self._report])]
            self._below_report, self._reported_properties = self._more_of_report(), properties
            self._report = report
        else:
            previous_parts = []
        self._panels[REPORT].children = [report, *self._below_report]
        for part in previous_parts:
            _close(part)

    def _more_of_report(self) -> list[Any]:
        """Return what is shown below the report: the pacing, and what became of the properties."""
        story = pacing(self.world, budget=Budget(seconds=overlay.VIEW_SECONDS / 2))
        parts = [story._repr_html_()]
        if self.editor.properties:
            with suppress(PropertyError):  # the panel of the editor says which one, and why
                results = check(self.world, self.editor.properties, budget=Budget(seconds=overlay.VIEW_SECONDS))
                parts.append(results._repr_html_())
        return [ipywidgets.HTML(f"<div style='padding:12px 16px'>{part}</div>") for part in parts]

    def _refresh_comparison(self) -> None:
        if self.world == self.base:
            self._say(COMPARE, "Nothing has changed yet. What you edit is compared with the world as it was opened.")
            return
        previous = self._comparison
        if previous is None or (previous.a, previous.b) != (self.base, self.world):
            self._comparison = Comparison(self.base, self.world, layout=self.editor.layout, **self._options)
        self._panels[COMPARE].children = [self._comparison, self._rebase_button]
        if previous is not self._comparison:
            _close(previous)

    def _make_rebase_button(self) -> Any:
        button = ipywidgets.Button(
            description="Compare with this version from now on", layout=ipywidgets.Layout(width="max-content")
        )
        button.on_click(self._rebase)
        return button

    def _rebase(self, _: object) -> None:
        self.base = self.world
        _close(self._comparison)
        self._comparison = None
        self._refresh_comparison()

    def _say(self, tab: int, text: str) -> None:
        self._panels[tab].children = [ipywidgets.HTML(f"<p>{html.escape(text)}</p>")]

    def __repr__(self) -> str:
        return f"Workbench of {self.world!r}, tab {TABS[self.selected_index or 0].lower()!r}"

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        picture = display.picture(self.world, self.editor.layout, self.editor.diagnostics)
        return display.mimebundle(self.model_id, repr(self), picture), {}

    def _display_(self) -> Any:
        """Return what marimo shows, which knows no containers of ipywidgets: its own tabs, with our widgets in them."""
        marimo: Any = import_module("marimo")
        show = marimo.ui.anywidget
        for tab in (PLAY, REPORT, COMPARE):
            self._refresh(tab)
        report = self._report if self.world.states else None
        comparison = self._comparison if self.world != self.base else None
        contents: Sequence[Any] = (self.editor, self._player, report, comparison, self._generator)
        empty = "There is nothing here yet. Run the cell again after you have edited the world."
        return marimo.ui.tabs(
            {
                title: marimo.md(empty) if part is None else show(part)
                for title, part in zip(TABS, contents, strict=True)
            }
        )


def _close(widget: Any) -> None:
    if widget is not None:
        widget.close()
