"""What the browser may ask of a player, and of a report, which holds one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WrapValidator
from typing_extensions import TypeAliasType

from worldkit.widgets.protocol.player_now import Sample
from worldkit.widgets.protocol.player_view import Mode, ScriptKind, StartingPoint
from worldkit.widgets.protocol.request_parts import (
    Expected,
    Hello,
    Index,
    PicturesOf,
    Request,
    as_object,
    as_short_text,
)

MAX_QUESTION_LENGTH = 2_000
MAX_ACTION_LENGTH = 200
MAX_WAIT_MS = 86_400_000


class Act(Request):
    """One thing a player does, or the tester beside them."""

    type: Literal["act"]
    action: str


class Fire(Act):
    """Fire an event."""

    action: Literal["fire"]
    event: str


class PassTime(Act):
    """Let time pass, at once or as the clock runs; while ``forward`` is held, waypoints come nearer."""

    action: Literal["wait", "tick"]
    ms: Annotated[
        Annotated[int, Field(ge=0, le=MAX_WAIT_MS)] | Annotated[float, Field(ge=0, le=MAX_WAIT_MS)],
        Expected(f"a number of milliseconds from 0 to {MAX_WAIT_MS:,}"),
    ]
    forward: bool = False


class Press(Act):
    """Something that needs no more words."""

    action: Literal["run", "pause", "finish", "cancel", "undo", "restart", "retry", "close_terminal", "play_anyway"]


class DecideAction(Act):
    """Take what was written for an action that was typed, or leave it."""

    action: Literal["take_action", "leave_action"]


class SwitchMode(Act):
    """Play on in another mode. The session refuses one that is none."""

    action: Literal["mode"]
    mode: Annotated[Mode, WrapValidator(as_short_text)]


class BeginAt(Act):
    """Begin in a position. The session refuses what is none."""

    action: Literal["begin"]
    position: Annotated[StartingPoint, WrapValidator(as_object)]


class Open(Act):
    """Go on from a saved run or position."""

    action: Literal["open"]
    text: str


class SetFlag(Act):
    """Set or clear a flag by hand."""

    action: Literal["grant", "revoke"]
    flag: str


class ChooseVariant(Act):
    """Choose a variant of the state's prompt, or its own."""

    action: Literal["variant"]
    label: str | None = None


class Observe(Act):
    """Say what is seen in the picture. The session refuses what is no sample."""

    action: Literal["observe"]
    sample: Annotated[Sample, WrapValidator(as_object)]


class Jump(Act):
    """Go back to a point of the trail."""

    action: Literal["jump"]
    to: Annotated[int, Field(ge=0), Expected("an index of the trail")]


class Ask(Act):
    """Ask an open console."""

    action: Literal["ask"]
    text: Annotated[str, Field(max_length=MAX_QUESTION_LENGTH)]


class TypeAction(Act):
    """Have a language model write what comes of an action."""

    action: Literal["type"]
    text: Annotated[str, Field(max_length=MAX_ACTION_LENGTH)]


class About(Request):
    """Ask a player what there is to know of the whole world: flags, states, labels."""

    type: Literal["about"]


class ScriptOf(Request):
    """Ask a player for its run as text that repeats it."""

    type: Literal["script"]
    kind: Annotated[ScriptKind, WrapValidator(as_short_text)]


class Hold(Request):
    """Hold these controls in the picture, and release all others."""

    type: Literal["hold"]
    controls: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=8)]


class Shown(Request):
    """A frame of the picture was shown, or will not be; the next may come. 0: a view has opened, and waits for none."""

    type: Literal["shown"]
    frame: Index


PlayerAct = Annotated[
    Fire
    | PassTime
    | Press
    | SwitchMode
    | BeginAt
    | Open
    | SetFlag
    | ChooseVariant
    | Observe
    | Jump
    | Ask
    | TypeAction
    | DecideAction,
    Field(discriminator="action"),
]
PlayerRequest = PlayerAct | Hello | About | ScriptOf | PicturesOf | Hold | Shown

# ---- report ------------------------------------------------------------------------------------


class FindingTarget(Request):
    """The run to a finding of a report, by its place."""

    kind: Literal["finding"]
    index: Index


class RunTarget(Request):
    """One of the runs of a report that cover everything, by its place."""

    kind: Literal["run"]
    index: Index


class EndingTarget(Request):
    """The run to an ending of a report, by its state."""

    kind: Literal["ending"]
    id: str


Target = TypeAliasType(
    "Target",
    Annotated[
        FindingTarget | EndingTarget | RunTarget,
        Field(discriminator="kind"),
        Expected("a finding or a run with its index, or an ending with its id"),
    ],
)


class PlayRun(Request):
    """Open the player at a run of a report."""

    type: Literal["play"]
    target: Target


class RouteOf(Request):
    """Ask for a run of a report."""

    type: Literal["route"]
    target: Target


class CoverOf(Request):
    """Ask a report for the runs that cover everything."""

    type: Literal["cover"]


class ShowInEditor(Request):
    """Lead from a report into the editor of its world: to the thing, or to what can be done about it (``fix``)."""

    type: Literal["show"]
    target: Target
    fix: bool = False


ReportRequest = PlayerRequest | PlayRun | RouteOf | CoverOf | ShowInEditor
