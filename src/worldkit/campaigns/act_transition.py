"""Transitions between acts, as pure functions: where a campaign begins, and which act follows a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from worldkit.campaigns.document import Campaign, Edge, Scope, carried, next_edge
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.playing.position import Position
from worldkit.playing.transition_table import TransitionTable, table_of
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class CampaignPosition:
    """A position in a campaign: hashable, comparable, and all that decides how the story goes on.

    Attributes:
        act: The id of the act being played.
        position: The position in its world.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> wk.CampaignSession(campaign, {"w": world}).position
        CampaignPosition(act='a', position=Position('lane'))
    """

    act: str
    position: Position

    def to_dict(self) -> Json:
        """Return the position as JSON values: ``{"act", "state", "flags", "used"}``."""
        return {"act": self.act, **self.position.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CampaignPosition:
        """Read a position from JSON values.

        Args:
            data: ``{"act": id, "state": id, "flags"?: [...], "used"?: [...]}``.

        Raises:
            WorldError: It is not of that form.
        """
        act = data.get("act") if isinstance(data, Mapping) else None
        if not isinstance(act, str):
            raise WorldError(
                f'not a position in a campaign: expected an object with "act", a string, got {quote(data)}'
            )
        return cls(act, Position.from_dict(data))


@dataclass(frozen=True, slots=True)
class ActTransition:
    """One edge taken.

    Attributes:
        number: Its place among the campaign's edges, from 0.
        edge: The edge.
        to: Where the next act begins, with the flags carried; None when the edge leads out of the story.
    """

    number: int
    edge: Edge
    to: CampaignPosition | None


class CampaignRules:
    """A campaign with its worlds, ready to be played.

    Args:
        campaign: The campaign. Rule errors do not keep it from being played, as long as every act that
            edges lead to is there and has a world.
        worlds: The worlds by the ids its acts name.

    Raises:
        WorldError: The start or an edge names no act, or an act has no world to play in; says each.
    """

    def __init__(self, campaign: Campaign, worlds: Mapping[str, World]) -> None:
        self.campaign = campaign
        scope = Scope(campaign, worlds)
        acts = list(scope.reached())
        reasons = list(_unplayable_reasons(scope, acts))
        if reasons:
            raise WorldError("this campaign cannot be played:\n" + "\n".join(f"  {reason}" for reason in reasons))
        self.worlds = {id: worlds[campaign.acts_by_id[id].world_id] for id in acts}

    def table(self, act: str) -> TransitionTable:
        """Return an act's world, compiled for play."""
        return table_of(self.worlds[act])

    def start(self) -> CampaignPosition:
        """Return where the story begins: the first act, with nothing held."""
        return self.entry(self.campaign.start, None, frozenset())

    def entry(self, act: str, entrance: str | None, flags: frozenset[str]) -> CampaignPosition:
        """Return where an act begins: at the entrance given if it is a state, else where its world begins."""
        compiled = self.table(act)
        assert compiled.start is not None
        state = entrance if entrance is not None and entrance in compiled.states else compiled.start
        return CampaignPosition(act, Position(state, flags))

    def checked_position(self, at: CampaignPosition | Mapping[str, Any]) -> CampaignPosition:
        """Return a position to begin in, read and checked.

        Raises:
            WorldError: It is none, or names an act or a state that cannot be played.
        """
        where = at if isinstance(at, CampaignPosition) else CampaignPosition.from_dict(at)
        if where.act not in self.worlds:
            names = ", ".join(map(repr, list(self.worlds)[:8]))
            raise WorldError(f"{where.act!r} is no act of this campaign to begin in; one can begin in {names}")
        if where.position.state not in self.table(where.act).states:
            raise WorldError(f"the world of act {where.act!r} has no state {where.position.state!r} to begin in")
        return where

    def next_transition(self, where: CampaignPosition) -> ActTransition | None:
        """Return the one hand-over that follows from entering a state, or None."""
        campaign, flags = self.campaign, where.position.flags
        edge = next_edge(campaign, where.act, where.position.state, flags)
        if edge is None:
            return None
        number = next(n for n, candidate in enumerate(campaign.edges) if candidate is edge)
        to = None if edge.to is None else self.entry(edge.to.act_id, edge.to.entrance, carried(edge, flags))
        return ActTransition(number, edge, to)

    def chain_from(self, where: CampaignPosition) -> tuple[ActTransition, ...]:
        """Return the hand-overs that follow at once from entering a state; none when play goes on there.

        An act may itself begin in a state with an eligible edge, and so on. Flags are only ever lost on
        the way, so such a chain ends, or comes back to a position it has been in and would go on for ever.

        Args:
            where: The state entered, and what is held there.

        Raises:
            WorldError: The edges lead round without anything to do between them.
        """
        transitions: list[ActTransition] = []
        visited = {where}
        while (transition := self.next_transition(where)) is not None:
            transitions.append(transition)
            if transition.to is None:
                break
            where = transition.to
            if where in visited:
                numbers = " -> ".join(str(transition.number) for transition in transitions)
                raise WorldError(
                    f"the edges lead round for ever: taking edges {numbers} comes back to act {where.act!r} in "
                    f"{where.position.state!r} with nothing to do in between; lead one of them to another entrance, "
                    "or let it require a flag"
                )
            visited.add(where)
        return tuple(transitions)


def _unplayable_reasons(scope: Scope, acts: list[str]) -> list[str]:
    campaign = scope.campaign
    if campaign.start not in scope.acts:
        return [f"it starts in {quote(campaign.start)}, which is no act; name one that exists"]
    reasons = []
    for number, edge in enumerate(campaign.edges):
        if edge.from_.act_id in acts and edge.to is not None and edge.to.act_id not in scope.acts:
            reasons.append(f"edge {number} leads to {quote(edge.to.act_id)}, which is no act; name one that exists")
    for id in acts:
        world, world_name = scope.world(id), quote(scope.acts[id].world_id)
        if world is None:
            reasons.append(
                f"act {quote(id)} plays in the world {world_name}, which was not given; add it to the worlds"
            )
        elif not world.states:
            reasons.append(f"act {quote(id)} plays in the world {world_name}, which has no states; add one")
    return reasons
