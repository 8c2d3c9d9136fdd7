"""What a renderer is told as a run goes on: the prompt, the controls held, the line, the ambient lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.model import Drive, State
from worldkit.playing import prompts
from worldkit.playing.clock import AMBIENT_MS
from worldkit.playing.compile import Action
from worldkit.playing.subscriptions import Happening

if TYPE_CHECKING:
    from worldkit.playing.game import Game
    from worldkit.playing.record import Moment


def prompt(game: Game, now: Moment, limit: int = prompts.LIMIT) -> str:
    """Return what a world model is sent at a moment.

    While an event plays: its phases one after the other, then its own prompt. Else the prompt of the state,
    in the variant chosen for it, its travelling half while forward is held.
    """
    playing = now.playing
    if playing is not None and isinstance(playing.found, Action):
        phase = playing.phase
        if phase is not None:
            return prompts.phase_prompt(phase, limit)
        return prompts.event_prompt(game.world, playing.found.event, limit)
    return prompts.prompt(game.world, body(game, now), now.moving, limit)


def body(game: Game, now: Moment) -> State:
    """Return the state the player is in, as the variant chosen for it tells it."""
    here = now.position.state
    return prompts.varied(game.table.states[here], now.variants.get(here))


def controls(game: Game, now: Moment) -> tuple[str, ...]:
    """Return the controls held for the player: by the drive of what plays, else by the state's autopilot."""
    if now.playing is not None and isinstance(now.playing.found, Action):
        return now.playing.drive
    return held(game.table.states[now.position.state].autopilot)


def held(drive: Drive | None) -> tuple[str, ...]:
    """Return the controls of a drive: movement, then looking across, then up or down."""
    if drive is None:
        return ()
    return tuple(part for part in (drive.movement, drive.look_horizontal, drive.look_vertical) if part is not None)


def centered(game: Game, now: Moment) -> str:
    """Return the label that the state's autopilot keeps in the middle of the picture; empty without one."""
    pilot = game.table.states[now.position.state].autopilot
    free = now.playing is None or not isinstance(now.playing.found, Action)
    return pilot.keep_centered.label if free and pilot is not None and pilot.keep_centered is not None else ""


def ambient(game: Game, now: Moment) -> str:
    """Return the ambient line streamed at a moment; empty when there is none."""
    lines = body(game, now).ambient
    if not lines or now.playing is not None or game.over(now):
        return ""
    number = (now.clock - now.idle) // AMBIENT_MS
    return lines[(number - 1) % len(lines)] if number else ""


def next_ambient(game: Game, now: Moment) -> int | None:
    """Return the clock when the next ambient line is streamed, if nothing else happens."""
    if not body(game, now).ambient or now.playing is not None or game.over(now):
        return None
    return now.idle + ((now.clock - now.idle) // AMBIENT_MS + 1) * AMBIENT_MS


def shown(game: Game, before: Moment, after: Moment) -> list[Happening]:
    """Return what is different between two moments in the line shown and the controls held."""
    at, here, event = after.clock, after.position.state, _playing(after)
    told: list[Happening] = []
    if after.line != before.line:
        told.append(Happening("line", at, here, event, text=after.line))
    pressed, kept = controls(game, after), centered(game, after)
    if pressed != controls(game, before) or kept != centered(game, before):
        told.append(Happening("drive", at, here, event, controls=pressed, text=kept))
    return told


def sent(game: Game, before: Moment, after: Moment) -> list[Happening]:
    """Return the prompt sent at a moment, unless it is the one sent before."""
    text = prompt(game, after)
    if text == prompt(game, before):
        return []
    return [Happening("prompt", after.clock, after.position.state, _playing(after), text=text)]


def _playing(now: Moment) -> str | None:
    return now.playing.found.name if now.playing is not None else None
