"""``Revision``: a change that is proposed, shown as a diff before it is taken, and the instructions that led to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from worldkit.comparison import Diff
from worldkit.comparison.world_diff import diff_following
from worldkit.core.argument_checks import checked_methods
from worldkit.core.brief import shown_briefly
from worldkit.core.display import render
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.generation.engines.feedback_loop import RejectedAnswer
from worldkit.generation.pipeline.report import Report
from worldkit.generation.revision.applying import diff_in_play, old_ids
from worldkit.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from worldkit.generation.revision.reviser import Reviser
    from worldkit.playing.trace import Trace

MAX_NEW_PARTS = 8
"""New states and events that get a sentence each."""


@dataclass(frozen=True, slots=True)
class RevisionTurn:
    """An instruction that was carried out before.

    Attributes:
        instruction: What was asked for.
        reply: What was done.
        changed: Ids and names of what it changed, and ``subject`` and ``styleTail`` where it changed those.
        texts: The texts that it brought in.
        new: What "it" means now: what the new places are called, and what the player's character wears, carries or is
            followed by; without a model what the instruction spoke of last.
    """

    instruction: str
    reply: str
    changed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@shown_briefly
@checked_methods
@dataclass(frozen=True, eq=False, repr=False)
class Revision:
    """A change that is proposed: take it with ``.world``, or with ``ed.apply(revision.ops)``.

    Attributes:
        before: The world it was asked for.
        world: The world it leads to.
        ops: The operations between them, as ``wk.diff`` gives them; each value is set once.
        reply: What was done, in a sentence for a person.
        refusals: What a model answered first and had to mend, with the reason and the round.
        report: What it took.
        turns: The instructions so far, with what was done for each.

    Example:
        >>> revision = wk.revise(world, "rename two_mittens to pair", model="templates")
        >>> revision.ops
        [{'op': 'rename_state', 'from': 'two_mittens', 'to': 'pair'}]
        >>> revision.before == world
        True
    """

    before: World
    world: World
    ops: Sequence[Json]
    reply: str
    refusals: tuple[RejectedAnswer, ...]
    report: Report
    turns: tuple[RevisionTurn, ...] = ()
    _reviser: Reviser | None = field(default=None, compare=False)

    @cached_property
    def diff(self) -> Diff:
        """The differences, by state, event and field, and in play."""
        return diff_in_play(self.before, self.world)

    @cached_property
    def reach(self) -> tuple[str, ...]:
        """The ways to every new state and event, in sentences."""
        return reach(self.diff)

    @cached_property
    def comparison(self) -> Any:
        """The two worlds on one map, as ``wk.compare`` shows them."""
        return render(self, "comparison")

    def again(self, instruction: str) -> Revision:
        """Refine this proposal: apply another instruction, with the same model, to its world.

        Args:
            instruction: Such as ``"warmer"`` or ``"and let it sing"``; it may speak of what was changed last.

        Returns:
            The revision from the world before the first instruction to the one after this.

        Raises:
            WorldError: As for ``revise``; this revision stays as it is.

        Example:
            >>> revision = wk.revise(world, "make the lane colder", model="templates")
            >>> revision.again("and eerie").turns[-1].instruction
            'and eerie'
        """
        if self._reviser is None:
            raise WorldError("this revision cannot go on; expected one that wk.revise() returned")
        next_revision = self._reviser.revise(self.world, instruction, self.turns)
        ops = shortest_ops(self.before, next_revision.world, [*self.ops, *next_revision.ops])
        return replace(next_revision, before=self.before, ops=ops)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is computed when it is asked for: a picture belongs to the kernel that shows it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def __repr__(self) -> str:
        return "\n".join([self.reply, *self.reach, str(self.diff)])

    def _repr_mimebundle_(self, **options: object) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = self.comparison._repr_mimebundle_(**options)
        return {**data, "text/plain": repr(self)}, metadata


def reach(changes: Diff) -> tuple[str, ...]:
    """Return a sentence for every new state and event: how a run gets there; none without ``changes.play``."""
    world_after = changes.play.after if changes.play is not None else None
    if world_after is None:
        return ()
    names = [name for name in changes.events.added if name in world_after.world.events_by_name]
    new_parts: list[tuple[str, Callable[[str], Trace | None], int]] = [
        *((id, world_after.route_to, 0) for id in changes.states.added),
        *((name, world_after.route_to_event, 1) for name in names),
    ]
    sentences = [_sentence(name, find(name), own_steps) for name, find, own_steps in new_parts[:MAX_NEW_PARTS]]
    if len(new_parts) > MAX_NEW_PARTS:
        sentences.append(f"{len(new_parts) - MAX_NEW_PARTS} more are new.")
    return tuple(sentences)


def _sentence(name: str, route: Trace | None, own_steps: int) -> str:
    if route is None:
        return f"{quote(name)} is new; no run to it was found in time."
    steps = [str(step.event) for step in route.steps][: len(route.steps) - own_steps]
    if not steps:
        return f"{quote(name)} is new, and possible at once."
    return f"{quote(name)} is new, and reached by {', '.join(steps)}."


def shortest_ops(before: World, after: World, ops: Sequence[Json]) -> Sequence[Json]:
    """Return the differences between two worlds as operations: each value once, as a reader wants to see it.

    What the operations renamed that led from the one to the other is renamed, however much it changed.
    """
    states = {old: new for new, old in old_ids(after, ops).items() if old not in ("", new)}
    return diff_following(before, after, states, {}).ops
