"""What a player asks for, done to a session; and what to tell the player of it."""

from __future__ import annotations

from typing import cast

from worldkit.core.errors import NotAvailable
from worldkit.playing import Session
from worldkit.playing.trace import Mode
from worldkit.playing.view import notices_of
from worldkit.widgets.protocol import Act

Notice = dict[str, str]


def perform(session: Session, act: Act) -> list[Notice]:
    """Do one thing to a session.

    Args:
        session: The run.
        act: What the player does; ``play_anyway``, ``open`` and what drives the clock are not for a session.

    Returns:
        What to tell the player.

    Raises:
        NotAvailable: The event cannot be fired here and now.
        WorldError: There is nothing to undo, no console to ask, no such state, or no such sample.
        ValueError: The trail has no such point, there is no such mode or variant.
    """
    match act.action:
        case "fire":
            return notices_of([session.fire(act.event)])
        case "wait":
            return notices_of(session.travel(act.ms) if act.forward else session.wait(act.ms))
        case "finish":
            made = session.finish()
            return notices_of([] if made is None else [made])
        case "cancel":
            session.cancel()
            return [info(f"Given up. You are in {session.state}, as before it was pressed.")]
        case "mode":
            session.switch(cast(Mode, act.mode))
            return []
        case "grant":
            return notices_of([session.grant(act.flag)])
        case "revoke":
            return notices_of([session.revoke(act.flag)])
        case "variant":
            session.variant(act.label)
            return [info(f"The prompt is {'the own one' if act.label is None else f'variant {act.label}'} now.")]
        case "observe":
            session.observe(act.sample)
            return []
        case "undo":
            session.undo()
            # a step is taken back whole: its press with it, however often time was let pass in between
            while session.playing is not None and session.can_undo:
                session.undo()
            return [info(f"Undone. You are in {session.state}.")]
        case "restart":
            session.begin(session.trace.start)
            return [info(f"Started again in {session.state}.")]
        case "retry":
            session.retry()
            return [info(f"Started from the entrance, {session.state}.")]
        case "begin":
            session.begin(act.position)
            return [info(f"Began in {session.state}.")]
        case "jump":
            session.jump(act.to)
            return [info(f"Back in {session.state}.")]
        case "ask":
            session.ask(act.text)
            return []
        case "close_terminal":
            session.close_terminal()
            return []
    raise ValueError(f"no action of a player: {act.action!r}")


def refusal(refused: NotAvailable) -> Notice:
    """Return what to tell the player of an event that could not be fired."""
    return {"kind": "locked" if refused.reason == "missing flags" else "error", "text": refused.detail}


def info(text: str) -> Notice:
    """Return something to tell the player that is neither good nor bad."""
    return {"kind": "info", "text": text}
