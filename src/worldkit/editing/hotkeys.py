"""Which keys an event may be given (docs/spec/smworld.md): one character that neither moves the player nor chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from worldkit.core.json_values import quote

_ARROWS = {f"{head}{way}" for way in ("up", "down", "left", "right") for head in ("arrow", "")}
RESERVED_KEYS = frozenset({"w", "a", "s", "d", "space", "spacebar", *_ARROWS, *"↑↓←→", *"0123456789"})
_KEYS = "efrtgvbyhnjuikolpmqzxc"
"""Keys for events, none of them reserved, those that lie close to the moving hand first."""


def key_of(hotkey: str) -> str:
    """Return the canonical spelling of a key: ``K`` and ``k`` are the same, and so are ``Arrow Up`` and ``ArrowUp``."""
    if hotkey.isspace():
        return "space"
    if len(hotkey) == 1:
        return hotkey.casefold()
    return "".join(char for char in hotkey.casefold() if not char.isspace() and char not in "-_") or hotkey.strip()


def is_reserved(hotkey: str) -> bool:
    """Say whether a key moves the player or chooses among what is offered; so do digits of every script."""
    return key_of(hotkey) in RESERVED_KEYS or (len(hotkey) == 1 and hotkey.isdigit())


def hotkey_problem(hotkey: str) -> str:
    """Return why a key cannot be an event's hotkey; empty when it can."""
    if len(hotkey) != 1:
        return f"expected one character, got {quote(hotkey)}"
    if is_reserved(hotkey):
        reason = "w a s d, the arrow keys and space move the player, and digits choose among what is offered"
        return f"{quote(hotkey)} is taken: {reason}; choose another"
    return ""


def free_hotkey(label: str, used_keys: Collection[str]) -> str | None:
    """Return a key that is not used, a letter of what is done where one is free; None when all are used."""
    keys = (*(letter for letter in label.lower() if letter in _KEYS), *_KEYS)
    return next((key for key in keys if key not in used_keys), None)


def assign_hotkeys(events: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return a key for every event that no other event of its state has.

    Args:
        events: The name of each event, the state in which it is offered, and what is done.
    """
    keys: dict[str, str] = {}
    keys_by_state: dict[str, set[str]] = {}
    for name, state, label in events:
        used_keys = keys_by_state.setdefault(state, set())
        if key := free_hotkey(label, used_keys):
            used_keys.add(key)
            keys[name] = key
    return keys
