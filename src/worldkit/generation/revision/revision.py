"""``revise``: an instruction in words becomes a batch of operations, shown as a diff before it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from worldkit.comparison import diff
from worldkit.core.argument_checks import checked
from worldkit.core.display import render
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json
from worldkit.core.progress import Progress, default_progress
from worldkit.generation.engines.feedback_loop import Chat, Refusal
from worldkit.generation.pipeline.report import Report
from worldkit.generation.pipeline.string_writer import Opener, Prose, opener, talker, thinker
from worldkit.generation.revision import model_operations
from worldkit.generation.revision.acceptance import applied
from worldkit.generation.revision.apply_intents import Reviser
from worldkit.generation.revision.instruction import Unclear, read
from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.comparison import Diff


@dataclass(frozen=True, eq=False, repr=False)
class Revision:
    """A change that is proposed: take it with ``.world``, or with ``ed.apply(revision.ops)``.

    Attributes:
        before: The world it was asked for.
        world: The world it leads to.
        ops: The operations between them.
        reply: What was done, in a sentence for a person.
        refusals: What a model answered first and had to mend, with the reason and the round.
        report: What it took.

    Example:
        >>> revision = wk.revise(world, "rename lane to road", model="templates")
        >>> revision.ops
        [{'op': 'rename_state', 'from': 'lane', 'to': 'road'}]
        >>> revision.before == world
        True
    """

    before: World
    world: World
    ops: Sequence[Json]
    reply: str
    refusals: tuple[Refusal, ...]
    report: Report

    @cached_property
    def diff(self) -> Diff:
        """What differs, by state, event and field."""
        return diff(self.before, self.world)

    @cached_property
    def comparison(self) -> Any:
        """The two worlds on one map, as ``wk.compare`` shows them."""
        return render(self, "comparison")

    def __repr__(self) -> str:
        return f"{self.reply}\n{self.diff!r}"

    def _repr_mimebundle_(self, **options: object) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = self.comparison._repr_mimebundle_(**options)
        return {**data, "text/plain": repr(self)}, metadata


@checked
def revise(
    world: World,
    instruction: str,
    model: str = "local",
    seed: int = 1,
    *,
    key: str | None = None,
    progress: Progress | None = None,
) -> Revision:
    """Change a world as an instruction says; nothing is taken until you take it.

    Args:
        world: The world; it stays as it is.
        instruction: Such as ``"make the ending colder"``. With a chat model anything; else what is listed in
            docs/revising.md, several parted by semicolons.
        model: ``"local"`` for the small model, which is asked for sentences only; ``"local:"`` and a folder or an id
            for another, which is asked for the operations where the grammar does not understand, if it is large
            enough; ``"chat:<base url>#<model>"`` for an endpoint, always asked for them; ``"templates"`` for none.
        seed: Same world, instruction, model and seed, same revision, unless the model is a chat.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done.

    Returns:
        The revision. It breaks no rule that was kept before, loses no ending and lets no run get stuck.

    Raises:
        WorldError: It cannot be done; says why, and what was refused. ``Unclear`` when the instruction is of no kind
            that can be followed without a capable model.
        MissingExtra: The model needs packages that are not installed.

    Example:
        >>> revision = wk.revise(world, "rename lane to road", model="templates")
        >>> revision
        Renamed the state lane to road.
        1 difference, 1 operation
        → state lane → road
        >>> revision.world.start
        'road'
    """
    if not isinstance(instruction, str):
        raise TypeError(f"instruction: expected a string, got {type(instruction).__name__}")
    told = progress or default_progress("revise")
    if (chat := talker(model, key)) is not None:
        return by_chat(world, instruction, chat, seed, told)
    open_ = opener(model, told)
    try:
        return by_grammar(world, instruction, open_, seed, told)
    except Unclear:
        thinking = thinker(model, told)
        if thinking is None:
            raise
    return by_chat(world, instruction, thinking, seed, told)


def by_grammar(world: World, instruction: str, open_: Opener, seed: int, progress: Progress) -> Revision:
    """Revise a world by reading the instruction with a grammar; see ``revise``.

    Args:
        world, instruction, seed, progress: As for ``revise``.
        open_: Opens what writes sentences, if any are wanted.
    """
    reviser = Reviser(world, Prose(open_, seed, progress))
    reviser.carry_out(read(instruction))
    made, wrong = applied(world, reviser.ops)
    if made is None:
        raise WorldError(f"nothing was changed, because this would do harm: {' '.join([*reviser.said, *wrong])}")
    progress(1, 1, "done")
    return Revision(world, made.world, made.ops, " ".join(reviser.said), (), reviser.prose.report(made.world))


def by_chat(world: World, instruction: str, chat: Chat, seed: int, progress: Progress) -> Revision:
    """Revise a world by asking a capable model for the operations; see ``revise``.

    Args:
        world, instruction, seed, progress: As for ``revise``.
        chat: The model.
    """
    prose = Prose(opener("templates", progress), seed, progress)
    made, refusals = model_operations.proposed(world, instruction, chat, progress)
    progress(1, 1, "done")
    report = prose.report(made.applied.world, chat.name)
    return Revision(world, made.applied.world, made.applied.ops, made.reply, refusals, report)
