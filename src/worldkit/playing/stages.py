"""The stages of what plays, in the specification's order: how an event or a sequence gets from press to landing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from worldkit.core.model import Cutscene, Phase
from worldkit.playing.clock import phase_ms, whole_ms
from worldkit.playing.compile import Action, Beat, Table
from worldkit.playing.gates import SETTLED, Gate, arrival, gate

What = Literal["phase", "cutscene", "least", "evidence", "dwell", "settle"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: it lasts so long, or until its gate has its evidence or gives up.

    Attributes:
        what: ``phase``, ``cutscene`` (its clip; how long a clip is, is not known), ``least`` (``minPlayMs``) and
            ``evidence`` of an event; ``dwell`` and ``settle`` of a sequence's beat.
        ms: How long it lasts; a gate's stage ends when the gate does.
        gate: What it waits for.
        phase: The phase told.
        cut: The cutscene whose clip is shown.
        enters: The state it begins by entering.
    """

    what: What
    ms: int = 0
    gate: Gate | None = None
    phase: Phase | None = None
    cut: Cutscene | None = None
    enters: str | None = None


def stages(table: Table, action: Action, cut: Cutscene | None) -> tuple[Stage, ...]:
    """Return the stages of an event: phases, cutscene, ``minPlayMs``, evidence of arrival.

    Args:
        table: The compiled world.
        action: The event.
        cut: The cutscene whose clip is shown on the way, if any.
    """
    event = action.event
    made = [Stage("phase", phase_ms(phase), phase=phase) for phase in event.phases or ()]
    if cut is not None:
        made.append(Stage("cutscene", cut=cut))
    if event.min_play_ms:
        made.append(Stage("least", whole_ms(event.min_play_ms)))
    if action.gated:
        made.append(Stage("evidence", gate=_gate(table, action)))
    return tuple(made)


def beats(reached: Iterable[Beat]) -> tuple[Stage, ...]:
    """Return the stages of a walk: one a beat, the first one where the player already is."""
    return tuple(
        Stage(
            "settle" if beat.settles else "dwell",
            beat.ms,
            gate=SETTLED if beat.settles else None,
            enters=beat.state if number else None,
        )
        for number, beat in enumerate(reached)
    )


def _gate(table: Table, action: Action) -> Gate:
    if action.event.land_when is not None:
        return gate(action.event.land_when)
    assert action.target is not None
    return arrival(table.states[action.target].arrive_label or "")
