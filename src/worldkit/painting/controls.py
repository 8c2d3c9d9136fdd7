"""The controls a player holds, and the words that world models of protocol 1 know them by."""

from __future__ import annotations

from collections.abc import Collection

AXES = {
    "move_longitudinal": {"forward": "Front", "back": "Back"},
    "move_lateral": {"strafe_left": "Left", "strafe_right": "Right"},
    "look_horizontal": {"left": "look_left", "right": "look_right"},
    "look_vertical": {"up": "look_up", "down": "look_down"},
}
"""For each axis the controls along it, as a world's document spells them, and as the Studio's protocol does."""

RELEASE_ALL = "idle"


def commands_between(before: Collection[str], after: Collection[str]) -> list[str]:
    """Return the commands that lead from some held controls to others.

    Of two controls along one axis the first in ``AXES`` counts. A word that is no control is left out.

    Args:
        before: What is held now.
        after: What shall be held.
    """
    words_before, words_after = _by_axis(before), _by_axis(after)
    if words_before and not words_after:
        return [RELEASE_ALL]
    releases = [f"stop_{axis}" for axis in words_before if axis not in words_after]
    return [*releases, *(word for axis, word in words_after.items() if words_before.get(axis) != word)]


def controls_after(controls: Collection[str], command: str) -> frozenset[str]:
    """Return what is held after a command, as a server keeps count of it; an unknown command changes nothing."""
    if command == RELEASE_ALL:
        return frozenset()
    for axis, words in AXES.items():
        for control, word in words.items():
            if command == word:
                return (frozenset(controls) - words.keys()) | {control}
        if command == f"stop_{axis}":
            return frozenset(controls) - words.keys()
    return frozenset(controls)


def _by_axis(controls: Collection[str]) -> dict[str, str]:
    word_of_axis: dict[str, str] = {}
    for axis, words in AXES.items():
        for control, word in words.items():
            if control in controls:
                word_of_axis.setdefault(axis, word)
    return word_of_axis
