"""The line the player reads: a state's narration, or one derived from its prose when the world asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worldkit.core.document import json_of
from worldkit.core.model import State
from worldkit.core.unsent_prose import own_prose

if TYPE_CHECKING:
    from worldkit.playing.session_view import SessionView
    from worldkit.world import World

MIN_LENGTH = 3

_OPENER = re.compile(r"(?:this\s+is\s+)?an?\s+(?:[\w-]+\s+)*?(?:shot|video|view)\s+of\b", re.IGNORECASE)
_SEEN_FROM_BEHIND = re.compile(r"^.*?\bseen\s+from\s+behind\b\s*,?", re.IGNORECASE | re.DOTALL)
_EDGE_PUNCTUATION = ".,;: "


def entry_line(world: World, state: State) -> str:
    """Return the line shown on entering a state; empty when there is none.

    The state's own narration always wins. Without one, and with ``narrate`` on, the line is derived from its base
    (docs/spec/runtime.md#narration), without the subject, which stands in every base.

    Args:
        world: The world, for ``narrate``, ``subject`` and ``styleTail``.
        state: The state entered.
    """
    if state.narration is not None:
        return state.narration
    if not world.narrate:
        return ""
    return derive_line(own_prose(json_of(world), state.base), world.style_tail or "")


def derive_line(base: str, style_tail: str = "") -> str:
    """Return the line derived from a base: without camera talk and the style tail, as a sentence.

    Args:
        base: The prose.
        style_tail: The world's ``styleTail``.

    Returns:
        The line; empty when too little is left.
    """
    text, tail = _squeeze(base), _squeeze(style_tail)
    if opener := _OPENER.match(text):
        text = text[opener.end() :]
    text = _SEEN_FROM_BEHIND.sub("", text, count=1)
    if tail:
        text = text.replace(tail, " ")
    text = _squeeze(text).lstrip(_EDGE_PUNCTUATION).rstrip(_EDGE_PUNCTUATION)
    if len(text) < MIN_LENGTH:
        return ""
    line = text[0].upper() + text[1:]
    return line if line[-1] in "!?…" else f"{line}."


def scene_line(session: SessionView) -> str:
    """Return the line of the state where ``session.line`` is another one, to be read below it; else an empty text.

    The narration of an event stands alone while it plays. After that, the state's own is read too
    (docs/spec/runtime.md#narration): else it would never be, where each event that leads there has its own.
    """
    own_line = entry_line(session.world, session.here)
    is_shown = session.playing is not None or repeats(own_line, session.line)
    prose = own_prose(json_of(session.world), session.here.base)
    return "" if is_shown or repeats(own_line, prose) else own_line


def repeats(line: str, prose: str) -> bool:
    """Return whether a line says what stands beside it, so that it is shown once."""
    return _squeeze(line).strip(_EDGE_PUNCTUATION).casefold() == _squeeze(prose).strip(_EDGE_PUNCTUATION).casefold()


def _squeeze(text: str) -> str:
    return " ".join(text.split())
