"""What a player reads at a point of a play, and the choices there: text for agents that read, without Gymnasium."""

from __future__ import annotations

from typing import Any, NamedTuple

from worldkit.core.document import derived, json_of
from worldkit.core.spoken_names import readable_name
from worldkit.core.unsent_prose import own_prose
from worldkit.envs.game import ActionMove, Game
from worldkit.playing.narration import scene_line
from worldkit.playing.session import Session
from worldkit.simulation.chain import Point
from worldkit.world import World

WAIT_LABEL, FORWARD_LABEL = "wait for what happens next", "go on forward"


class LegalAction(NamedTuple):
    """A legal action.

    Attributes:
        action: Its number in the action space.
        name: Its name, which ``Session.fire`` takes if it is pressed.
        label: What its button says.
    """

    action: int
    name: str
    label: str


def choices_at(game: Game, point: Point) -> list[LegalAction]:
    """Return what can be done at a point, in the order in which it is offered."""
    return [LegalAction(action, game.actions[action], _label(game, move)) for action, move in game.moves(point).items()]


def _label(game: Game, move: ActionMove) -> str:
    edge = game.graph.edges[move.edge]
    if edge.by == "player":
        return edge.label
    return FORWARD_LABEL if move.is_forward else WAIT_LABEL


def text_of(session: Session, choices: list[LegalAction]) -> str:
    """Return what a player reads: where they are, what was told, what they hold, and what can be done, numbered.

    Args:
        session: A session that stands at the point.
        choices: What can be done there.
    """
    world, state = session.world, session.here
    prose = own_prose({"subject": world.subject, "styleTail": world.style_tail}, state.base)
    lines = [prose or readable_name(session.state)]
    if session.line and session.line != prose:
        lines.append(session.line)
    if line := scene_line(session):
        lines.append(line)
    if session.terminal:
        lines += [text for text in (session.terminal.greeting, *session.terminal.facts) if text]
    for mission in session.missions:
        active = next((objective.text for objective in mission.objectives if objective.status == "active"), None)
        lines.append(f"{mission.title}: {'done' if mission.complete else active or 'not done'}")
    if session.flags:
        lines.append("You have: " + ", ".join(readable_name(flag) for flag in sorted(session.flags)) + ".")
    if session.ended:
        lines.append(" ".join(["The end:", session.ended.title, session.ended.subtitle or ""]).strip())
    lines += [f"{number}. {choice.label}" for number, choice in enumerate(choices, 1)]
    lines += [f"- {offer.label} (locked: {offer.hint})" for offer in session.offers if not offer.available]
    return "\n".join(lines)


def longest_text(game: Game) -> int:
    """Return a length that no text of ``text_of`` exceeds."""
    return derived(game.world, "_longest_text", lambda _: _longest_text(game))


def _longest_text(game: Game) -> int:
    # everything in a text stands in the document once, save the numbers and words around it and what names repeat
    graph = game.graph
    frame = sum(len(edge.label) + 24 for edge in graph.edges) + sum(len(flag) + 2 for flag in graph.flags)
    return 2 * len(game.world.to_json()) + frame + 200


def characters(game: Game) -> frozenset[str]:
    """Return every character that a text of ``text_of`` can have."""
    return derived(game.world, "_characters", _characters)


def _characters(world: World) -> frozenset[str]:
    alphabet = set(map(chr, range(32, 127))) | {"\n"}
    stack: list[Any] = [json_of(world)]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            alphabet.update(value, value.upper(), value.lower())
        elif isinstance(value, dict):
            stack += [*value, *value.values()]
        elif isinstance(value, list):
            stack += value
    return frozenset(alphabet)
