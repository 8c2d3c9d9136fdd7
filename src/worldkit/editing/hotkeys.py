"""Which keys an event may be given (docs/spec/smworld.md): one character that neither moves the player nor chooses."""

from __future__ import annotations

from worldkit.core.json_values import quote

_ARROWS = {f"{head}{way}" for way in ("up", "down", "left", "right") for head in ("arrow", "")}
RESERVED = frozenset({"w", "a", "s", "d", "space", "spacebar", *_ARROWS, *"↑↓←→", *"0123456789"})


def key_of(hotkey: str) -> str:
    """Return the canonical spelling of a key: ``K`` and ``k`` are the same, and so are ``Arrow Up`` and ``ArrowUp``."""
    if hotkey.isspace():
        return "space"
    if len(hotkey) == 1:
        return hotkey.casefold()
    return "".join(char for char in hotkey.casefold() if not char.isspace() and char not in "-_") or hotkey.strip()


def hotkey_problem(hotkey: str) -> str:
    """Return why a key cannot be an event's hotkey; empty when it can."""
    if len(hotkey) != 1:
        return f"expected one character, got {quote(hotkey)}"
    if key_of(hotkey) in RESERVED or hotkey.isdigit():
        reason = "w a s d, the arrow keys and space move the player, and digits choose among what is offered"
        return f"{quote(hotkey)} is taken: {reason}; choose another"
    return ""
