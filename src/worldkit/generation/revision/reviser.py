"""``revise``: an instruction in words becomes a batch of operations, by a grammar or by a capable model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from worldkit.core.argument_checks import checked
from worldkit.core.progress import Progress, default_progress
from worldkit.generation.engines.base import Chat, TaskRefused
from worldkit.generation.pipeline import backend
from worldkit.generation.pipeline.generate_one import Opener, StringWriter, chat_report
from worldkit.generation.revision.apply_intents import carry_out
from worldkit.generation.revision.applying import applied
from worldkit.generation.revision.instruction import BeyondGrammar, Unclear, antecedent_of, read
from worldkit.generation.revision.intents import Intent, SetMood
from worldkit.generation.revision.model_operations import names_in_ops, propose
from worldkit.generation.revision.revision import Revision, RevisionTurn, shortest_ops
from worldkit.world import World


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
    """Change a world as an instruction says; nothing changes until you take the result.

    Args:
        world: The world; it stays as it is.
        instruction: Such as ``"make the ending colder"``. With a chat model anything; else what is listed in
            docs/revising.md, several separated by semicolons.
        model: ``"tiny"`` for the small model, which is asked for sentences only; ``"local"`` for the one that suits
            this machine, or ``"local:"`` and a folder or an id, which is asked for the operations where the grammar
            does not understand, if it is large enough; ``"chat:<base url>#<model>"`` for an endpoint, always asked for
            them; ``"templates"`` for none.
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
        >>> revision = wk.revise(world, "rename two_mittens to pair", model="templates")
        >>> revision
        Renamed the state two_mittens to pair.
        1 difference, 1 operation
        play:
          Nothing that can happen changed; there are 5 positions.
        → state two_mittens → pair
        >>> "pair" in revision.world.states
        True
    """
    return Reviser(model, seed, key, progress).revise(world, instruction, ())


@dataclass(frozen=True, eq=False)
class Reviser:
    """What ``revise`` was called with, for the instructions that follow.

    Attributes:
        model: The name of the model.
        seed: The seed.
        key: The key of a chat endpoint, and
        progress: what is called: both belong to the process, and a pickle holds neither.
    """

    model: str
    seed: int
    key: str | None = field(default=None, repr=False)
    progress: Progress | None = field(default=None, repr=False)

    def __reduce__(self) -> tuple[type[Reviser], tuple[str, int]]:
        return Reviser, (self.model, self.seed)

    def revise(self, world: World, instruction: str, earlier_turns: tuple[RevisionTurn, ...]) -> Revision:
        progress = self.progress or default_progress("revise")
        model = backend.named_for_text(self.model, self.key)
        chat = backend.chat_of(model, progress) if model.endpoint else None
        if chat is None:
            open_ = partial(backend.opened, model, progress)
            try:
                revision = by_grammar(world, instruction, open_, self.seed, progress, earlier_turns, self.model)
                return replace(revision, _reviser=self)
            except BeyondGrammar:
                chat = backend.chat_of(model, progress)
                if chat is None:
                    raise
        return replace(by_chat(world, instruction, chat, self.seed, progress, earlier_turns), _reviser=self)


def by_grammar(
    world: World,
    instruction: str,
    open_: Opener,
    seed: int,
    progress: Progress,
    earlier_turns: tuple[RevisionTurn, ...] = (),
    model: str = "templates",
) -> Revision:
    """Revise a world by reading the instruction with a grammar; what ``open_`` opens writes sentences."""
    prose = StringWriter(open_, seed, progress)
    intents = _intents(world, instruction, earlier_turns, model)
    ops, sentences = carry_out(world, intents, prose)
    reply = " ".join(sentences)
    result, problems = applied(world, ops)
    if result is None or result.world == world:
        why = f"It would do harm: {' '.join(problems)}" if problems else "The world is so already."
        raise TaskRefused(f"nothing was changed. This was tried: {reply} {why}")
    progress(1, 1, "done")
    deleted_names = {op["name"] for op in ops if op["op"] == "delete_event"}
    places_of_deleted = [id for event in world.events if event.name in deleted_names for id in event.from_]
    changed_names = tuple(dict.fromkeys([*names_in_ops(ops), *places_of_deleted]))
    last_things = tuple(filter(None, [antecedent_of(intents[-1])]))
    turn = RevisionTurn(instruction, reply, changed_names, new=last_things)
    shortest = shortest_ops(world, result.world, result.ops)
    return Revision(world, result.world, shortest, reply, (), prose.report(result.world), (*earlier_turns, turn))


def _intents(world: World, instruction: str, earlier_turns: Sequence[RevisionTurn], model: str) -> list[Intent]:
    try:
        return read(instruction, world, model, "; ".join(earlier_turns[-1].new) if earlier_turns else "")
    except Unclear as unclear:
        # "warmer", said of a change, is said of the places that it changed
        try:
            first, *rest = read(f"make it {instruction.strip().removeprefix('and ').strip(' .')}")
        except TaskRefused:
            raise unclear from None  # in the words of the instruction
        places = _changed_places(world, earlier_turns)
        if not places or not isinstance(first, SetMood):
            raise
        places_to_change = ["everything"] if len(places) == len(world.states) else places
        return [*(SetMood(place, first.moods) for place in places_to_change), *rest]


def _changed_places(world: World, turns: Sequence[RevisionTurn]) -> list[str]:
    """Return the places that the last instruction changed: its states, else where the events of it start."""
    changed_names = turns[-1].changed if turns else ()
    if places := [name for name in changed_names if name in world.states]:
        return places
    events = [world.events_by_name[name] for name in changed_names if name in world.events_by_name]
    return list(dict.fromkeys(id for event in events for id in event.from_))


def by_chat(
    world: World,
    instruction: str,
    chat: Chat,
    seed: int,
    progress: Progress,
    earlier_turns: tuple[RevisionTurn, ...] = (),
) -> Revision:
    """Revise a world by asking a capable model for the operations; see ``revise``."""
    began = time.monotonic()
    answer = propose(world, instruction, chat, progress, seed, earlier_turns)
    result, turn = answer.value
    progress(1, 1, "done")
    report = chat_report(chat, seed, began, answer, result.world, len(turn.texts))
    ops = shortest_ops(world, result.world, result.ops)
    return Revision(world, result.world, ops, turn.reply, answer.refusals, report, (*earlier_turns, turn))
