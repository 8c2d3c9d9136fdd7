"""``propose_action``: what a player types becomes one event into a new state with two ways on, to be taken or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from worldkit.comparison import Diff, diff
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, escape_unprintable
from worldkit.core.progress import Progress, default_progress
from worldkit.editing.batch import Applied, apply
from worldkit.generation.action.capable_model import capable_chat
from worldkit.generation.action.scene import (
    MAX_TOKENS,
    SYSTEM,
    NewScene,
    addition_ops,
    answer_schema,
    play_problems,
    read_scene,
)
from worldkit.generation.action.situation import Situation, situation_of
from worldkit.generation.engines.base import Chat
from worldkit.generation.engines.feedback_loop import AnswerRejected, RejectedAnswer, converse
from worldkit.playing.position import Position
from worldkit.playing.session import Session
from worldkit.playing.trace import Step
from worldkit.ruleset import refuse_new_errors_strictly
from worldkit.world import World


@checked_methods
@dataclass(frozen=True, eq=False, repr=False)
class ActionProposal:
    """The state and the events that a typed action would add to a world. Take it with ``proposal.take(session)``.

    Attributes:
        action: What was typed.
        before: The world it was typed in.
        world: The world with what it adds.
        ops: The operations between them: one ``add_state``, and ``add_transition`` for the event and its ways on.
        position: Where the player stood.
        event: The name of the new event.
        place: The id of the new state.
        scene: What the model wrote.
        refusals: What the model answered first and had to mend, with the reason and the round.
        tokens: How many tokens the model wrote.

    Example:
        >>> session = wk.Session(world)
        >>> proposal = wk.propose_action(session, "climb the tree", model="chat:http://127.0.0.1:8080/v1#qwen3")
        >>> print(proposal.lines[0])
        New in lane: “Climb the lime tree”. The walker's boots find the low fork, and yellow leaves shake loose.
        >>> proposal.take(session).state
        'lane_lime_tree'
    """

    action: str
    before: World
    world: World
    ops: Sequence[Json]
    position: Position
    event: str
    place: str
    scene: NewScene
    refusals: tuple[RejectedAnswer, ...]
    tokens: int

    @property
    def lines(self) -> tuple[str, ...]:
        """The additions, in sentences."""
        scene = self.scene
        return (
            f"New in {self.position.state}: “{scene.choice}”. {scene.view}",
            f"It leads to a new place, {self.place}: {scene.base}",
            *(f"From there, “{way.do}” leads to {way.to}." for way in scene.ways),
        )

    @cached_property
    def diff(self) -> Diff:
        """The difference between the two worlds, by state, event and field, and in play."""
        return diff(self.before, self.world, deep=True)

    def fits(self, session: Session) -> bool:
        """Return whether a session stands where the action was typed, so that it can be taken there.

        Args:
            session: The session.

        Example:
            >>> session = wk.Session(world)
            >>> proposal = wk.propose_action(session, "climb the tree", model="chat:http://127.0.0.1:8080/v1#qwen3")
            >>> step = session.fire("walk_up_the_lane")
            >>> proposal.fits(session), proposal.fits(session.undo())
            (False, True)
        """
        return session.world == self.before and session.position == self.position

    def take(self, session: Session) -> Step:
        """Add what is proposed to the world of a session, and fire its event.

        Both are steps of the trace, and ``session.undo()`` takes them back one by one.

        Args:
            session: The session; it stands where the action was typed.

        Returns:
            The step of the event.

        Raises:
            WorldError: The session has gone on since, or its world was changed.
            NotAvailable: Something plays.

        Example:
            >>> session = wk.Session(world)
            >>> proposal = wk.propose_action(session, "climb the tree", model="chat:http://127.0.0.1:8080/v1#qwen3")
            >>> step = proposal.take(session)
            >>> session.state, [offer.label for offer in session.offers]
            ('lane_lime_tree', ['Climb down', 'Drop beside the bench'])
        """
        if not self.fits(session):
            raise WorldError(
                f"the run has gone on since {self.action!r} was typed in {self.position.state}; type it again"
            )
        session.apply(self.ops, strict=True)
        try:
            return session.fire(self.event)
        except Exception:
            session.undo()
            raise

    def __repr__(self) -> str:
        return "\n".join(map(escape_unprintable, self.lines))

    def _repr_html_(self) -> str:
        title, *lines = (escape(escape_unprintable(line)) for line in self.lines)
        return f"<div><p><b>{title}</b></p><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul></div>"


@checked
def propose_action(
    session: Session,
    action: str,
    model: str = "local",
    seed: int = 1,
    *,
    key: str | None = None,
    progress: Progress | None = None,
) -> ActionProposal:
    """Let a language model write the result of an action that a player types; nothing is changed until it is taken.

    The model writes one event that leads from where the player stands into a new state, and two ways on. It writes
    words only: the operations are made here, and checked by the rules and by playing every run. What exists is never
    changed, whatever is typed.

    Args:
        session: The session; it stays as it is.
        action: What the player does, such as ``"climb the drainpipe"``.
        model: ``"chat:<base url>#<model>"`` for an endpoint, ``"local:"`` and a folder or an id for a model that runs
            here, of at least 0.9 billion parameters. ``"local"`` is such a one only where there is room for it.
        seed: Goes with the question.
        key: The key of a chat endpoint; by default that of the environment, ``WORLDKIT_CHAT_KEY``.
        progress: Called with how much is done, of how much, and what is being done. What it raises ends the call.

    Returns:
        The proposal. It breaks no rule, loses no ending, leads round no lock and lets no run get stuck.

    Raises:
        WorldError: Nothing was typed, the run is over, or the model gave no answer that can be taken; says why.
            ``NoCapableModel`` when the model is too small; says how to set one up.
        MissingExtra: The model needs packages that are not installed.

    Example:
        >>> wk.propose_action(wk.Session(world), "climb the oak", model="templates")
        Traceback (most recent call last):
        ...
        worldkit.generation.action.capable_model.NoCapableModel: Typing an action needs a language model ...
    """
    situation = situation_of(session, action)
    reporter = progress or default_progress("act")
    return by_chat(situation, capable_chat(model, key, reporter), seed, reporter)


def by_chat(situation: Situation, chat: Chat, seed: int, progress: Progress) -> ActionProposal:
    """Ask a capable model for a scene until one can be taken; see ``propose_action``."""

    def read_answer(answer: Any) -> tuple[NewScene, list[Json], Applied[World]]:
        scene = read_scene(answer, situation)
        ops = addition_ops(situation, scene)
        return scene, ops, accepted(situation, ops)

    answer = converse(
        chat,
        SYSTEM,
        situation.question(),
        answer_schema(situation),
        read_answer,
        what="a new scene",
        seed=seed,
        progress=progress,
        label="the model writes",
        max_tokens=MAX_TOKENS,
    )
    progress(1, 1, "done")
    scene, ops, result = answer.value
    return ActionProposal(
        situation.action,
        situation.world,
        result.world,
        ops,
        situation.position,
        ops[1]["event"]["name"],
        ops[0]["id"],
        scene,
        answer.refusals,
        answer.tokens,
    )


def accepted(situation: Situation, ops: Sequence[Json]) -> Applied[World]:
    """Apply operations that add a scene, by all that is demanded of them.

    Raises:
        AnswerRejected: They break a rule, or do harm to play.
    """
    place = ops[0]["id"]
    try:
        result = apply(situation.world, ops, accept=refuse_new_errors_strictly)
    except WorldError as error:
        raise AnswerRejected(str(error)) from None
    if problems := play_problems(situation.world, result.world, situation.position, place):
        raise AnswerRejected("\n".join(problems))
    return result
