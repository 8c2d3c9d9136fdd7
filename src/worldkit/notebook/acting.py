"""What a player asks for, done to a session; and what to tell the player of it."""

from __future__ import annotations

from worldkit.errors import NotAvailable
from worldkit.notebook.protocol import Act
from worldkit.play import Session
from worldkit.play.view import notices_of

Notice = dict[str, str]


def perform(session: Session, act: Act) -> list[Notice]:
    """Do one thing to a session.

    Args:
        session: The run.
        act: What the player does; ``play_anyway`` is not for a session.

    Returns:
        What to tell the player.

    Raises:
        NotAvailable: The event cannot be fired here and now.
        WorldError: There is nothing to undo, or no console to ask.
        ValueError: The trail has no such point.
    """
    match act.action:
        case "fire":
            return notices_of([session.fire(act.event)])
        case "wait":
            return notices_of(session.travel(act.ms) if act.forward else session.wait(act.ms))
        case "undo":
            session.undo()
            return [_info(f"Undone. You are in {session.state}.")]
        case "restart":
            session.restart()
            return [_info(f"Started again in {session.state}.")]
        case "jump":
            session.jump(act.to)
            return [_info(f"Back in {session.state}.")]
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


def _info(text: str) -> Notice:
    return {"kind": "info", "text": text}
