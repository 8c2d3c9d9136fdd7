"""What the browser may ask of the kernel: one model for each request, a union of them for each widget.

Messages hold ``id`` and ``view`` too (see ``Address``), and fields that no request has are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    Strict,
    ValidationError,
    WithJsonSchema,
    WrapValidator,
)
from typing_extensions import TypeAliasType

from worldkit.core.json_values import shown
from worldkit.stores.file_layout import FARTHEST
from worldkit.widgets.protocol.expected import Expected, as_object, as_short_text, first_refused, refusal
from worldkit.widgets.protocol.player_view import Mode, Sample, ScriptKind, StartingPoint

LONGEST_LABEL = 120
LONGEST_PATH = 4_096
LONGEST_QUESTION = 2_000
LONGEST_WAIT = 86_400_000

Choice = Literal["rebase", "theirs", "mine"]
"""What can become of edits made here when others were made elsewhere."""
Side = Literal["ours", "theirs", "base"]
"""What a conflict can be decided for."""


def one_line(text: str) -> str:
    """Return a label as one short line of printable characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * LONGEST_LABEL]).split())
    return flat if len(flat) <= LONGEST_LABEL else flat[: LONGEST_LABEL - 1] + "…"


# ---- parts -------------------------------------------------------------------------------------

_Whole = Annotated[int, Field(ge=-int(FARTHEST), le=int(FARTHEST))]
_Broken = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST)]
Position = TypeAliasType("Position", Annotated[tuple[_Whole | _Broken, _Whole | _Broken], Strict(False)])
"""Of a list too, as JSON has no tuples. Whole numbers stay whole, so that a world is saved as it was."""


def _by_state(value: Any, read: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """Read places, and name the first that is wrong: there may be many thousands."""
    try:
        return read(value)
    except ValidationError:
        wrong = first_refused(Position, value.items()) if isinstance(value, dict) else None
    if wrong is None:
        raise refusal("an object of [x, y] by state id", value)
    id, place = wrong
    raise refusal(f"[x, y], numbers up to {FARTHEST:g}, for {shown(id)}", place)


Positions = TypeAliasType("Positions", Annotated[dict[str, Position], WrapValidator(_by_state)])
Label = Annotated[str | None, AfterValidator(lambda label: one_line(label or "") or None)]
_OP = {"type": "object", "properties": {"op": {"type": "string"}}, "required": ["op"], "additionalProperties": True}
Op = TypeAliasType("Op", Annotated[dict[str, Any], WithJsonSchema(_OP)])
"""An operation. What is wrong in one is said by what carries it out."""
Index = Annotated[int, Field(ge=0), Expected("an index")]
Path = Annotated[str, Field(max_length=LONGEST_PATH)]


class Request(BaseModel):
    """A request, read from a message."""

    model_config = ConfigDict(frozen=True, strict=True)


class ItemOf(Request):
    """What a finding is about."""

    kind: str = ""
    id: str = ""
    field: str = ""


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

# ---- any widget --------------------------------------------------------------------------------


class Hello(Request):
    """A view asks for everything."""

    type: Literal["hello"]


# ---- editor ------------------------------------------------------------------------------------


class Edit(Request):
    """Operations made against a revision; ``positions`` places cards in the same gesture."""

    type: Literal["edit"]
    base: Annotated[
        str,
        BeforeValidator(lambda rev: str(rev) if type(rev) is int else rev),
        Expected("the revision the edit was made against"),
    ]
    ops: Annotated[list[Op], FailFast(), Expected("a list of operations")]
    label: Label = None
    positions: Annotated[Positions, BeforeValidator(lambda places: {} if places is None else places)] = {}


class Undo(Request):
    """Take the last gesture back."""

    type: Literal["undo"]


class Redo(Request):
    """Do the last gesture that was taken back again."""

    type: Literal["redo"]


class Move(Request):
    """Cards were put somewhere, by hand or in a line."""

    type: Literal["move"]
    positions: Annotated[Positions, Field(min_length=1)]
    label: Label = None


class Tidy(Request):
    """Lay cards out anew: those that nobody placed, or ``everything``."""

    type: Literal["tidy"]
    everything: bool = False


class Fix(Request):
    """Apply a rule's safe fix to one finding."""

    type: Literal["fix"]
    lint: Annotated[str, Field(max_length=200)]
    item: Annotated[ItemOf, Expected("an object with kind, id and field")]


class CodeOf(Request):
    """Ask for the edits as Python."""

    type: Literal["code"]


class Explore(Request):
    """Play the world through, and show what was found over the map."""

    type: Literal["explore"]


class Save(Request):
    """Try again to save what is not saved, where the world lives."""

    type: Literal["save"]


class Reload(Request):
    """Look where the world lives for what was changed elsewhere."""

    type: Literal["reload"]


class Reconcile(Request):
    """Decide what becomes of edits made here and edits made elsewhere.

    For a rebase, ``picks`` holds a side by the path of a thing that both changed.
    """

    type: Literal["reconcile"]
    choice: Choice
    picks: Annotated[dict[str, Side], Expected("an object of ours, theirs, base by path")] = {}


class SaveAs(Request):
    """Give the world a file, in which every edit is saved from then on; ``overwrite`` replaces what is there."""

    type: Literal["save_as"]
    path: Path
    overwrite: bool = False


class Begin(Request):
    """Begin a world, in an editor that has none yet.

    ``name`` is the new world's name, the sample's, or the file's path.
    """

    type: Literal["begin"]
    source: Literal["new", "sample", "file"]
    name: Path


class DecideLastRun(Request):
    """Decide what becomes of the edits that were made when the cell was last run.

    ``restore`` has the offer back that was discarded last.
    """

    type: Literal["last_run"]
    choice: Literal["take", "discard", "restore"]


PlaceRequest = Save | Reload | Reconcile | SaveAs | Begin | DecideLastRun
"""About where the world lives: whether it is saved there, and what it begins with."""
EditorRequest = Hello | Edit | Undo | Redo | Move | Tidy | Fix | CodeOf | Explore | PlaceRequest

# ---- player ------------------------------------------------------------------------------------


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
        Annotated[int, Field(ge=0, le=LONGEST_WAIT)] | Annotated[float, Field(ge=0, le=LONGEST_WAIT)],
        Expected(f"a number of milliseconds from 0 to {LONGEST_WAIT:,}"),
    ]
    forward: bool = False


class Press(Act):
    """Something that needs no more words."""

    action: Literal["run", "pause", "finish", "cancel", "undo", "restart", "retry", "close_terminal", "play_anyway"]


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
    text: Annotated[str, Field(max_length=LONGEST_QUESTION)]


class About(Request):
    """Ask a player what there is to know of the whole world: flags, states, labels."""

    type: Literal["about"]


class ScriptOf(Request):
    """Ask a player for its run as text that repeats it."""

    type: Literal["script"]
    kind: Annotated[ScriptKind, WrapValidator(as_short_text)]


PlayerAct = Annotated[
    Fire | PassTime | Press | SwitchMode | BeginAt | Open | SetFlag | ChooseVariant | Observe | Jump | Ask,
    Field(discriminator="action"),
]
PlayerRequest = PlayerAct | Hello | About | ScriptOf

# ---- report ------------------------------------------------------------------------------------


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


ReportRequest = PlayerRequest | PlayRun | RouteOf | CoverOf

# ---- comparison --------------------------------------------------------------------------------


class FieldsOf(Request):
    """Ask a comparison what differs in one of its changes."""

    type: Literal["fields"]
    change: Index


class PlayOf(Request):
    """Ask a comparison what the edit did to play."""

    type: Literal["play"]


class Resolve(Request):
    """Decide a conflict of a merge for a side."""

    type: Literal["resolve"]
    conflict: Index
    side: Side


CompareRequest = Hello | FieldsOf | PlayOf | Resolve
