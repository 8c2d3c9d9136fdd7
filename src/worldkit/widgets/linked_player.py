"""A player beside an editor: the map shows where the player is, and play goes on while the world is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worldkit.core.errors import InvalidWorld
from worldkit.core.json_values import Json, quote
from worldkit.core.profile import ProfileName
from worldkit.playing import Session, Trace
from worldkit.playing.moment import Moment
from worldkit.playing.rebase import Rebased, RebaseOutcome, adopt, rebase, replay_instead, snapshot
from worldkit.playing.renames import Renames
from worldkit.playing.session_view import run_of
from worldkit.ruleset.play_gate import play_blockers
from worldkit.widgets.edit_effects import renames
from worldkit.widgets.interruption import finish, raise_first
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.widgets.editor import Editor
    from worldkit.widgets.player import Player


START_NOTE = "There is no scene yet. Add one in the editor: play begins in it."


def before_the_first_scene(world: World) -> World:
    """Return what is played of a world without scenes: one scene, which says so."""
    new = World.new(world.name or "untitled")
    return new.apply([{"op": "set_field", "state": "start", "field": "base", "value": START_NOTE}])


class LinkedPlayer:
    """Ties a player to an editor of the same world, until the player is closed.

    Every edit carries the player's session over to the edited world. As long as the player has done nothing since,
    the next edit starts from the run as it was before the first, so that taking an edit back gives the run back.

    Args:
        player: The player; its session plays the editor's world, or what there is before its first scene.
        gate: What blocks play; see ``worldkit.play``.
    """

    def __init__(self, editor: Editor, player: Player, gate: ProfileName = "hosted") -> None:
        self._editor = editor
        self._gate = gate
        self.player: Player = player
        self._world = editor.world
        self._has_begun = bool(editor.world.states)
        self._origin: Session | None = None
        self._names = Renames()
        self._moment_after_edit: Moment | None = None
        self._last_outcome: RebaseOutcome = "run"
        self._is_following_edit = False
        self._position: Json | None = None
        self._unsubscribe = editor.on_change(self._on_edit)
        self._remove_run_player = editor.add_run_player(self.open_run)
        editor._linked_players.append(self)
        player.observe(self._show_position, "view")
        player.observe(self._on_close, "comm")
        self._show_position()

    def open_run(self, run: Trace) -> None:
        """Show the end of a run in the player; undo leads back to what was played before.

        Args:
            run: The run; it holds in the editor's world.

        Raises:
            TraceError: It does not.
        """
        player = self.player
        with player._lock:
            session = replay_instead(player.session, self._editor.world, run)
            player.go_on_in(session, f"The run is in {run.states[-1]}.")

    def _on_edit(self, world: World) -> None:
        with self.player._lock:
            self._is_following_edit = True
            try:
                # again when it is interrupted: else the player would stay in the world before
                raise_first(finish(lambda: self._follow(world)))
            finally:
                self._is_following_edit = False

    def _follow(self, world: World) -> None:
        player = self.player
        session = player.session
        if not self._has_begun:
            if world.states:
                self._begin(world)
            return
        if self._origin is None or run_of(session).now is not self._moment_after_edit:
            self._origin, self._names, self._last_outcome = snapshot(session), Renames(), "run"
        names = self._names.then(renames(self._world, world))
        if player.blocked:
            player._blockers = play_blockers(world, self._gate)
        try:
            result = rebase(self._origin, world, names)
        except InvalidWorld:
            self._world, self._names = world, names
            text = "The world has no states left to play in. You are still in the one before; undo in the editor."
            self._moment_after_edit = run_of(session).now
            player._show([{"kind": "info", "text": text}])
            return
        adopt(session, result.session)
        self._world, self._names = world, names
        self._moment_after_edit = run_of(session).now
        notice = self._notice(result)
        self._last_outcome = result.outcome
        player._show([{"kind": "info", "text": notice}] if notice else [])

    def _begin(self, world: World) -> None:
        """Begin in a world that had no scenes."""
        player = self.player
        session = player.session
        past_endings = session.trace.past_endings
        adopt(session, Session(world, seed=session.seed, past_endings=past_endings, mode=session.mode))
        self._world, self._has_begun = world, True
        player._blockers = play_blockers(world, self._gate)
        player._show([{"kind": "info", "text": f"Play begins in {quote(session.state)}."}])

    def _notice(self, result: Rebased) -> str:
        if result.outcome == "run" and self._last_outcome != "run":
            return f"The whole run holds again: you are back in {quote(result.session.state)}."
        return result.message

    def _show_position(self, _: object = None) -> None:
        """Show on the map where the player is, if it was the last to move; following an edit is no move."""
        position = position_json(self.player.session) if self._has_begun else None
        players = self._editor._linked_players
        if self in players and not self._is_following_edit and position != self._position:
            players.remove(self)
            players.append(self)
        self._position = position
        if players[-1:] == [self]:
            self._editor.playing = position

    def _on_close(self, change: Any) -> None:
        if change["new"] is None:
            self._unsubscribe()
            self._remove_run_player()
            self.player.unobserve(self._show_position, "view")
            linked_players = self._editor._linked_players
            if self in linked_players:
                linked_players.remove(self)
            if linked_players:
                linked_players[-1]._show_position()
            else:
                self._editor.playing = None


def position_json(session: Session) -> Json:
    """Return what a map shows of a run: where the player is, where they have been and by which events."""
    trace = session.trace
    edges = [(step.event, step.origin) for step in trace if step.by != "author"]
    return {
        "state": session.state,
        "over": session.ended is not None,
        "steps": len(trace),
        "states": list(dict.fromkeys(trace.states)),
        "edges": [list(edge) for edge in dict.fromkeys(edges)],
        "last": list(edges[-1]) if edges else None,
    }
