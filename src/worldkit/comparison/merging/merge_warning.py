"""``MergeWarning``: a problem of a merged world that neither side has, and the sides it is told of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from worldkit.comparison.merging.core import SideNames
from worldkit.core.diagnostics import Item
from worldkit.core.json_values import Json
from worldkit.core.profile import Severity
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class MergeWarning:
    """A problem of a merged world that neither side has.

    Attributes:
        kind: A kind of finding of an exploration, such as ``"soft-lock"``, or the id of a rule.
        severity: ``"error"``, ``"warning"`` or ``"info"``.
        message: The problem and what each side changed, in a sentence.
        item: The item concerned, in the names of the merged world.
        ours: Our change that causes it, in words; empty when it is not known.
        theirs: Their change that causes it.

    Example:
        >>> base = world.apply([{"op": "set_event_grants", "event": "listen_to_the_leaves", "value": ["heard"]}])
        >>> ours = base.apply([{"op": "set_event_requires", "event": "hold_out_the_mitten", "value": ["heard"]}])
        >>> theirs = base.apply([{"op": "delete_event", "name": "listen_to_the_leaves"}])
        >>> wk.merge(base, ours, theirs).warnings[0].message
        'The ending "TWO MITTENS" can no longer be reached: ours made "hold_out_the_mitten" need...
    """

    kind: str
    severity: Severity
    message: str
    item: Item
    ours: str = ""
    theirs: str = ""

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "message": self.message,
            "item": {"kind": self.item.kind, "id": self.item.id, "field": self.item.field},
            "ours": self.ours,
            "theirs": self.theirs,
        }

    def __str__(self) -> str:
        return self.message


class Branch(NamedTuple):
    """One side of a merge.

    Attributes:
        who: ``"ours"`` or ``"theirs"``.
        names: The names in the merged world, by its own.
    """

    who: str
    world: World
    names: SideNames
