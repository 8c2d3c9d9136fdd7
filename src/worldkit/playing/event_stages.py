"""The stages an event or a sequence goes through from press to landing, in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from worldkit.core.model import Cutscene, Phase
from worldkit.playing.clock import phase_ms, whole_ms
from worldkit.playing.evidence_gates import SETTLED_GATE, EvidenceGate, arrival_gate, evidence_gate
from worldkit.playing.transition_table import Action, SequenceStop, TransitionTable

StageKind = Literal["phase", "cutscene", "least", "evidence", "dwell", "settle"]


@dataclass(frozen=True, slots=True)
class EventStage:
    """One stage: it lasts so long, or until its gate has its evidence or gives up.

    Attributes:
        kind: ``phase``, ``cutscene`` (its clip; how long a clip is, is not known), ``least`` (``minPlayMs``) and
            ``evidence`` of an event; ``dwell`` and ``settle`` of a sequence's beat.
        ms: How long it lasts; a gate's stage ends when the gate does.
        gate: What it waits for.
        phase: The phase told.
        cutscene: The cutscene whose clip is shown.
        enters_state: The state it begins by entering.
    """

    kind: StageKind
    ms: int = 0
    gate: EvidenceGate | None = None
    phase: Phase | None = None
    cutscene: Cutscene | None = None
    enters_state: str | None = None


def stages_of_event(table: TransitionTable, action: Action, cutscene: Cutscene | None) -> tuple[EventStage, ...]:
    """Return the stages of an event: phases, cutscene, ``minPlayMs``, evidence of arrival.

    Args:
        table: The compiled world.
        action: The event.
        cutscene: The cutscene whose clip is shown on the way, if any.
    """
    event = action.event
    stages = [EventStage("phase", phase_ms(phase), phase=phase) for phase in event.phases or ()]
    if cutscene is not None:
        stages.append(EventStage("cutscene", cutscene=cutscene))
    if event.min_play_ms:
        stages.append(EventStage("least", whole_ms(event.min_play_ms)))
    if action.awaits_evidence:
        stages.append(EventStage("evidence", gate=_gate_of_event(table, action)))
    return tuple(stages)


def stages_of_sequence(beats: Iterable[SequenceStop]) -> tuple[EventStage, ...]:
    """Return the stages of a sequence: one for each beat; the first beat is where the player already is."""
    return tuple(
        EventStage(
            "settle" if beat.settles else "dwell",
            beat.ms,
            gate=SETTLED_GATE if beat.settles else None,
            enters_state=beat.state if number else None,
        )
        for number, beat in enumerate(beats)
    )


def _gate_of_event(table: TransitionTable, action: Action) -> EvidenceGate:
    if action.event.land_when is not None:
        return evidence_gate(action.event.land_when)
    assert action.target is not None
    return arrival_gate(table.states[action.target].arrive_label or "")
