"""Which keys an event may be given (docs/spec/smworld.md): one character that neither moves the player nor chooses."""

from __future__ import annotations

from worldkit.core.json_values import quote

_DRIVE_KEYS = frozenset("wasd↑↓←→")


def hotkey_problem(hotkey: str) -> str:
    """Return why a key cannot be an event's hotkey; empty when it can."""
    if len(hotkey) != 1:
        return f"expected one character, got {quote(hotkey)}"
    if hotkey.isspace() or hotkey.casefold() in _DRIVE_KEYS:
        return f"{quote(hotkey)} moves the player, as w a s d, the arrow keys and space do; choose another"
    if hotkey.isdigit():
        return f"{quote(hotkey)} is a digit, and digits choose among what is offered; choose another"
    return ""
