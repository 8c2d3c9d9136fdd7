"""The gate of play: what must be corrected before a world can be played (docs/spec/rules.md#severities)."""

from __future__ import annotations

from worldkit.core.diagnostics import Diagnostics
from worldkit.core.document import Document
from worldkit.core.profile import ProfileName, profile_named
from worldkit.ruleset import errors_of


def play_blockers(world: Document, gate: ProfileName = "hosted") -> Diagnostics:
    """Return the errors because of which a world is not played until the player insists.

    Args:
        gate: ``"hosted"``: only what is structurally wrong, and a missing entrance. ``"studio"``: every error by the
            Studio's rules, which are about prose as well.

    Returns:
        The errors; none when the world can be played.
    """
    return errors_of(world, profile_named(gate).for_play())
