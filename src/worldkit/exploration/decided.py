"""Which checks of a world an exploration decided: what it did not find may be there all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worldkit.exploration.result import Exploration

_TRAPS = ("soft-lock", "dead-end")


def is_decided(exploration: Exploration, kind: str) -> bool:
    """Return whether a world has no fault of a kind when an exploration has no finding of it.

    A soft-lock or a dead end that no run was found for is no finding, and is there.

    Args:
        exploration: The exploration.
        kind: The kind of findings.
    """
    if kind in ("undecided", "flag-never-required"):
        return True
    if kind not in _TRAPS:
        return exploration.exact
    if kind == "dead-end":
        trap_states = {end.state for end in exploration.dead_ends}
    else:  # without an ending every state is a soft-lock, and the finding is that
        trap_states = {lock.state for lock in exploration.soft_locks} if exploration.endings else set()
    shown_states = {state for finding in exploration.findings if finding.kind in _TRAPS for state in finding.states}
    return exploration.stuck_classes is not None and trap_states <= shown_states


def undecided_sentences(exploration: Exploration) -> list[str]:
    """Return what an exploration did not decide, a sentence each."""
    return [finding.message for finding in exploration.findings if finding.kind == "undecided"]
