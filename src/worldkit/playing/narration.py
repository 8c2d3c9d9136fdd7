"""The line the player reads: a state's narration, or one derived from its prose when the world asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worldkit.core.model import State

if TYPE_CHECKING:
    from worldkit.world import World

MAX_LENGTH = 200
MIN_WORDS = 3

_OPENER = re.compile(
    r"""(?:an?\s+|the\s+)?(?:cinematic\s+)?
    (?:(?:third|first|second)[-\s]person\b|over[-\s]the[-\s]shoulder\b|point[-\s]of[-\s]view\b|pov\b|close[-\s]?up\b
      |(?:(?:extreme|wide|medium|close|long|full|low|high|tracking|establishing|aerial|drone|overhead|static|handheld|dolly
          |crane|eye[-\s]level|rear|side|front|back|top[-\s]down|bird's[-\s]eye|isometric|panoramic|slow|steady|moving|following)
          [-\s]+)+(?:shot|view|angle|framing|camera)\b
      |camera\s*(?::|,|(?:is|sits|stays|hangs|holds|rests|stands|keeps|follows|tracks|trails|glides|looks|faces|moves|pans
          |tilts|drifts|floats|watches)\b))
    [^.:;]*[.:;]\s+""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def entry_line(world: World, state: State) -> str:
    """Return the line shown on entering a state; empty when there is none.

    The state's own narration always wins. Without one, and with ``narrate`` on, the line is derived
    from its base: camera talk at the start and the style tail are left out, whole sentences are kept
    up to 200 characters, it begins with a capital and ends with a full stop. When little is left,
    there is no line.

    Args:
        world: The world, for ``narrate``, ``subject`` and ``styleTail``.
        state: The state entered.
    """
    if state.narration is not None:
        return state.narration
    return derive_line(world, state) if world.narrate else ""


def derive_line(world: World, state: State) -> str:
    """Return the line derived from a state's base, or an empty string when too little is left."""
    text = " ".join(state.base.split())
    cameras = (state.camera.static, state.camera.dynamic) if state.camera else ()
    for part in (world.style_tail, *cameras):
        if part and (words := " ".join(part.split())):
            text = " ".join(text.replace(words, " ").split())
    text = _OPENER.sub("", text, count=1) if _OPENER.match(text) else text
    text = text.lstrip(" .,:;").strip()
    if len(re.findall(r"\w+", text)) < MIN_WORDS:
        return ""
    line = _leading_sentences(text)
    line = line[0].upper() + line[1:]
    return line if line[-1] in ".!?…" else line.rstrip(" ,;:") + "."


def _leading_sentences(text: str) -> str:
    excerpt = ""
    for sentence in _SENTENCE.split(text):
        longer = f"{excerpt} {sentence}" if excerpt else sentence
        if len(longer) > MAX_LENGTH:
            break
        excerpt = longer
    if excerpt:
        return excerpt
    head = text[:MAX_LENGTH]
    return head.rpartition(" ")[0].rstrip(" ,;:") + "…" if " " in head else head + "…"
