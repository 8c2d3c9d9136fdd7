"""The JSON form of a trace, checked: pydantic models of what ``Trace.to_dict`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from worldkit.core.model import Number, OptionalNotNull, Part, Switch, Text, Texts

Ms = Annotated[int, Strict(), Field(ge=0)]
Count = Annotated[int, Strict(), Field(ge=0)]


class PositionRow(Part):
    """A position in a trace."""

    state: Text
    flags: Texts = ()
    used: Texts = ()


class StepRow(Part):
    """A step in a trace."""

    event: Text
    by: Literal["player", "timer", "waypoint", "zone", "author"] = "player"
    at: Ms = 0
    until: OptionalNotNull[Ms] = None
    from_: Annotated[Text, Field(alias="from")]
    state: Text
    moved: Switch = False
    granted: Texts = ()
    used: Switch = False
    evidence: OptionalNotNull[Literal["observed", "timed out", "not observed"]] = None
    cutscene: OptionalNotNull[Text] = None
    skipped: Switch = False
    through: Texts = ()
    console: Switch = False
    held: Ms = 0
    line: Text = ""
    revoked: Texts = ()
    variant: OptionalNotNull[Text] = None
    outro: Switch = False
    ops: tuple[Mapping[str, Any], ...] = ()


class ObservationRow(Part):
    """What was seen in the picture, in a trace."""

    at: Ms
    after: Count
    during: Switch = False
    asked: Switch = False
    luminance: OptionalNotNull[Number] = None
    motion: OptionalNotNull[Number] = None
    labels: Mapping[Text, Number] = Field(default_factory=dict)


class PlayingRow(Part):
    """What was playing at the end of a trace."""

    event: Text
    by: Literal["player", "timer", "waypoint", "zone"] = "player"
    at: Ms
    held: Ms = 0


class TraceRow(Part):
    """A whole trace."""

    format: Literal["smworld-trace"]
    version: Literal[1]
    seed: Annotated[int, Strict()] = 0
    start: PositionRow
    past_endings: Switch = False
    mode: Literal["instant", "real-time"] = "instant"
    seen: tuple[ObservationRow, ...] = ()
    steps: tuple[StepRow, ...]
    clock: OptionalNotNull[Ms] = None
    held: Ms = 0
    playing: OptionalNotNull[PlayingRow] = None
