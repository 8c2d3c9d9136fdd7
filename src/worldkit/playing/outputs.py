"""What a renderer is told as a run goes on: the prompt, the controls held, the line, the ambient lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worldkit.core.model import Drive, State
from worldkit.core.prompt_parts import MAX_PROMPT_LENGTH
from worldkit.playing import prompts
from worldkit.playing.clock import AMBIENT_MS
from worldkit.playing.subscriptions import SessionEvent
from worldkit.playing.transition_table import Action

if TYPE_CHECKING:
    from worldkit.playing.moment import Moment
    from worldkit.playing.play_rules import PlayRules


def prompt_at(rules: PlayRules, now: Moment, limit: int = MAX_PROMPT_LENGTH) -> str:
    """Return what a world model is sent at a moment.

    While an event plays: its phases one after the other, then its own prompt. Else the prompt of the state,
    in the variant chosen for it, its travelling half while forward is held.
    """
    playing = now.playing
    if playing is not None and isinstance(playing.action, Action):
        phase = playing.phase
        if phase is not None:
            return prompts.phase_prompt(phase, limit)
        event = playing.action.event
        return prompts.event_prompt(rules.world, event, limit, moving=now.moving, variants=now.variants)
    return prompts.prompt(rules.world, state_in_variant(rules, now), now.moving, limit)


def state_in_variant(rules: PlayRules, now: Moment) -> State:
    """Return the state the player is in, as the variant chosen for it tells it."""
    state = now.position.state
    return prompts.in_variant(rules.table.states[state], now.variants.get(state))


def controls_at(rules: PlayRules, now: Moment) -> tuple[str, ...]:
    """Return the controls held for the player: by the drive of what plays, else by the state's autopilot."""
    return _drive_at(now) or drive_controls(rules.table.states[now.position.state].autopilot)


def _drive_at(now: Moment) -> tuple[str, ...]:
    """Return the controls that what plays holds; none when nothing plays."""
    return now.playing.drive if now.playing is not None else ()


def drive_controls(drive: Drive | None) -> tuple[str, ...]:
    """Return the controls of a drive: movement, then looking across, then up or down."""
    if drive is None:
        return ()
    return tuple(part for part in (drive.movement, drive.look_horizontal, drive.look_vertical) if part is not None)


def centered_label(rules: PlayRules, now: Moment) -> str:
    """Return the label that the state's autopilot keeps in the middle of the picture; empty without one."""
    pilot = rules.table.states[now.position.state].autopilot
    if pilot is None or pilot.keep_centered is None or _drive_at(now):
        return ""
    return pilot.keep_centered.label


def ambient_line(rules: PlayRules, now: Moment) -> str:
    """Return the ambient line streamed at a moment; empty when there is none."""
    lines = state_in_variant(rules, now).ambient
    if not lines or now.playing is not None or rules.is_over(now):
        return ""
    number = (now.clock - now.idle_since) // AMBIENT_MS
    return lines[(number - 1) % len(lines)] if number else ""


def next_ambient_clock(rules: PlayRules, now: Moment) -> int | None:
    """Return the clock when the next ambient line is streamed, if nothing else happens."""
    if not state_in_variant(rules, now).ambient or now.playing is not None or rules.is_over(now):
        return None
    return now.idle_since + ((now.clock - now.idle_since) // AMBIENT_MS + 1) * AMBIENT_MS


def display_changes(before: Moment, after: Moment) -> list[SessionEvent]:
    """Return what is different between two moments in the line shown and the controls held."""
    at, state, event = after.clock, after.position.state, _playing_name(after)
    events: list[SessionEvent] = []
    if after.line != before.line:
        events.append(SessionEvent("line", at, state, event, text=after.line))
    controls, label = controls_at(after.rules, after), centered_label(after.rules, after)
    if controls != controls_at(before.rules, before) or label != centered_label(before.rules, before):
        events.append(SessionEvent("drive", at, state, event, controls=controls, text=label))
    return events


def prompt_change(before: Moment, after: Moment) -> list[SessionEvent]:
    """Return the prompt sent at a moment, unless it is the one sent before."""
    text = prompt_at(after.rules, after)
    if text == prompt_at(before.rules, before):
        return []
    return [SessionEvent("prompt", after.clock, after.position.state, _playing_name(after), text=text)]


def _playing_name(now: Moment) -> str | None:
    return now.playing.action.name if now.playing is not None else None
