"""What a player asks for, done to a session; and what to tell the player of it."""

from __future__ import annotations

from worldkit.core.errors import NotAvailable
from worldkit.playing import Session
from worldkit.playing.session_view import run_of
from worldkit.widgets import protocol
from worldkit.widgets.console import record_voice

Notice = dict[str, str]


def apply_action(session: Session, act: protocol.Act) -> list[Notice]:
    """Do one thing to a session.

    Args:
        act: What the player does; ``play_anyway``, ``open`` and what drives the clock are not for a session.

    Returns:
        What to tell the player besides what happened in the run.

    Raises:
        NotAvailable: The event cannot be fired here and now.
        WorldError: There is nothing to undo, no console to ask, no such state, or no such sample.
        ValueError: The trail has no such point, there is no such mode or variant.
    """
    match act:
        case protocol.Fire(event=event):
            session.fire(event)
            return []
        case protocol.PassTime(ms=ms, forward=forward):
            session.travel(ms) if forward else session.wait(ms)
            return []
        case protocol.SwitchMode(mode=mode):
            session.switch(mode)
            return []
        case protocol.SetFlag(action="grant", flag=flag):
            session.grant(flag)
            return []
        case protocol.SetFlag(flag=flag):
            session.revoke(flag)
            return []
        case protocol.ChooseVariant(label=label):
            session.variant(label)
            return [info_notice(f"The prompt is {'the own one' if label is None else f'variant {label}'} now.")]
        case protocol.Observe(sample=sample):
            session.observe(sample)
            return []
        case protocol.BeginAt(position=position):
            session.begin(position)
            return [info_notice(f"Started in {session.state}.")]
        case protocol.Jump(to=to):
            session.jump(to)
            return [info_notice(f"Back in {session.state}.")]
        case protocol.Ask(text=text):
            session.ask(text, record_voice)
            return []
    return _pressed(session, act.action)


def _pressed(session: Session, action: str) -> list[Notice]:
    match action:
        case "finish":
            session.finish()
            return []
        case "cancel":
            session.cancel()
            return [info_notice(f"Cancelled. You are in {session.state} again.")]
        case "undo":
            # a step is taken back whole: its press with it, however often time was let pass in between, and all
            # that handlers did in answer to it
            is_part = True
            while is_part:
                is_part = run_of(session).last_was_reaction
                session.undo()
                is_part = session.can_undo and (is_part or session.playing is not None)
            return [info_notice(f"Undone. You are in {session.state}.")]
        case "restart":
            now = run_of(session).now
            first = now.checkpoints()[0]
            session.begin(now.home.position_of(first.position, first.rules.first_names))
            return [info_notice(f"Restarted in {session.state}.")]
        case "retry":
            session.retry()
            return [info_notice(f"Started from the entrance, {session.state}.")]
        case "close_terminal":
            session.close_terminal()
            return []
    raise ValueError(f"no action of a player: {action!r}")


def refusal_notices(session: Session, error: NotAvailable) -> list[Notice]:
    """Return what to tell the player of an event that could not be fired; nothing where its button says why."""
    event = session.world.events_by_name.get(error.event)
    if error.reason == "missing flags" and event is not None and event.locked_hint is not None:
        return []
    return [{"kind": "locked" if error.reason == "missing flags" else "error", "text": error.detail}]


def info_notice(text: str) -> Notice:
    """Return something to tell the player that is neither good nor bad."""
    return {"kind": "info", "text": text}
