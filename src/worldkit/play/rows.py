"""The JSON form of a trace, checked: pydantic models of what ``Trace.to_dict`` writes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict

from worldkit.model import Maybe, Part, Switch, Text, Texts

Ms = Annotated[int, Strict(), Field(ge=0)]


class PositionRow(Part):
    """A position in a trace."""

    state: Text
    flags: Texts = ()
    used: Texts = ()


class StepRow(Part):
    """A step in a trace."""

    event: Text
    by: Literal["player", "timer", "waypoint"] = "player"
    at: Ms = 0
    until: Maybe[Ms] = None
    from_: Annotated[Text, Field(alias="from")]
    state: Text
    moved: Switch = False
    granted: Texts = ()
    used: Switch = False
    evidence: Maybe[Literal["not observed"]] = None
    cutscene: Maybe[Text] = None
    skipped: Switch = False
    through: Texts = ()
    console: Switch = False
    held: Ms = 0
    line: Text = ""


class TraceRow(Part):
    """A whole trace."""

    format: Literal["smworld-trace"]
    version: Literal[1]
    seed: Annotated[int, Strict()] = 0
    start: PositionRow
    past_endings: Switch = False
    steps: tuple[StepRow, ...]
    clock: Maybe[Ms] = None
    held: Ms = 0
