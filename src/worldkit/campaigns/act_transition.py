"""Transitions between acts, as pure functions: where a campaign begins, and which act follows a state."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from worldkit.campaigns.campaign_scope import CampaignScope
from worldkit.campaigns.document import Campaign, Edge
from worldkit.core.argument_checks import checked_methods
from worldkit.core.errors import WorldError
from worldkit.core.json_values import Json, quote
from worldkit.core.quoting import first_names, quote_name
from worldkit.playing.play_rules import PlayRules
from worldkit.playing.position import Position, position_data, read_position
from worldkit.playing.renames import FirstNames
from worldkit.playing.transition_table import TransitionTable, table_of
from worldkit.world import World


@checked_methods
@dataclass(frozen=True, slots=True)
class CampaignPosition:
    """A position in a campaign: hashable, comparable, and all that decides how the story goes on.

    Attributes:
        act: The id of the act being played.
        position: The position in its world.
        start: Where the act began, and with which flags; a dead end leads back there. By default the position itself.

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
    start: Position = field(default=None, repr=False)  # type: ignore[assignment]  # filled in below

    def __post_init__(self) -> None:
        if self.start is None:
            object.__setattr__(self, "start", self.position)

    def to_dict(self) -> Json:
        """Return the position as JSON: ``{"act", "state", "flags", "used"}``, and ``"start"`` if that differs."""
        data: Json = {"act": self.act, **self.position.to_dict()}
        return data if self.start == self.position else data | {"start": self.start.to_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CampaignPosition:
        """Read a position from JSON values.

        Args:
            data: ``{"act": id, "state": id, "flags"?: [...], "used"?: [...], "start"?: {"state": id, ...}}``.

        Raises:
            WorldError: It is not of that form.

        Example:
            >>> position = wk.CampaignPosition.from_dict({"act": "second", "state": "bench", "flags": ["mitten"]})
            >>> session = wk.CampaignSession(campaign, worlds, at=position)
            >>> session.act, session.state
            ('second', 'bench')
        """
        act = data.get("act") if isinstance(data, Mapping) else None
        if not isinstance(act, str):
            raise WorldError(
                f'not a position in a campaign: expected an object with "act", a string, got {quote(data)}'
            )
        start = data.get("start")
        position = Position.from_dict(data)
        return cls(act, position, position if start is None else Position.from_dict(start))


@dataclass(frozen=True, slots=True)
class ActTransition:
    """What follows from entering a state: an edge is taken, the story is complete, or a dead end leads back.

    Attributes:
        kind: ``"hop"``: the next act begins. ``"complete"``: the story ends here, in a win. ``"rewind"``: this is a
            dead end, and the act begins again.
        to: Where play goes on; None where the story is complete.
        number: The place of the edge taken among the campaign's edges, from 0; None where none is.
        edge: That edge.
        reason: Why the act begins again, in words for the player.
    """

    kind: Literal["hop", "complete", "rewind"]
    to: CampaignPosition | None = None
    number: int | None = None
    edge: Edge | None = None
    reason: str = ""


_MAX_REASONS = 20
"""How many reasons are listed for which a campaign cannot be played."""


class CampaignRules:
    """A campaign with its worlds, ready to be played.

    Args:
        campaign: The campaign. Rule errors do not keep it from being played, as long as every act that
            edges lead to is there and has a world.
        worlds: The worlds by the ids its acts name; those that the campaign holds itself go before them.

    Raises:
        WorldError: The start or an edge names no act, or an act has no world to play in; says each.
    """

    def __init__(self, campaign: Campaign, worlds: Mapping[str, World] | None = None) -> None:
        self.campaign = campaign
        scope = self.scope = CampaignScope(campaign, worlds or {})
        acts = scope.reached()
        reasons = list(_unplayable_reasons(scope, acts))
        if reasons:
            lines = ["this campaign cannot be played:", *(f"  {reason}" for reason in reasons[:_MAX_REASONS])]
            if len(reasons) > _MAX_REASONS:
                lines.append(f"  and {len(reasons) - _MAX_REASONS:,} more; campaign.lint() lists them")
            raise WorldError("\n".join(lines))
        self.worlds = {id: world for id in acts if (world := scope.world(id)) is not None}

    @cached_property
    def _exits(self) -> Mapping[tuple[str, str], Sequence[tuple[int, Edge]]]:
        return edges_by_exit(self.campaign)

    def table(self, act: str) -> TransitionTable:
        """Return an act's world, compiled for play."""
        return table_of(self.worlds[act])

    def start(self) -> CampaignPosition:
        """Return where the story begins: the first act, with nothing held."""
        return self.entry(self.campaign.start, None, frozenset())

    def entry(self, act: str, entrance: str | None, flags: frozenset[str]) -> CampaignPosition:
        """Return where an act begins: at the entrance given if it is a state, else where its world begins."""
        table = self.table(act)
        assert table.start is not None
        state = entrance if entrance is not None and entrance in table.states else table.start
        return CampaignPosition(act, Position(state, flags))

    def checked_position(self, at: CampaignPosition | Mapping[str, Any] | str) -> CampaignPosition:
        """Return a position to begin in, read and checked.

        Raises:
            WorldError: It is none, or names an act or a state that cannot be played.
        """
        if isinstance(at, str):
            at = CampaignPosition.from_dict(position_data(at))
        place = at if isinstance(at, CampaignPosition) else CampaignPosition.from_dict(at)
        place = CampaignPosition(place.act, read_position(place.position), read_position(place.start))
        if place.act not in self.worlds:
            act, names = quote_name(place.act), first_names(list(self.worlds))
            raise WorldError(f"{act} is no act of this campaign to begin in; one can begin in {names}")
        for state in (place.position.state, place.start.state):
            if state not in self.table(place.act).states:
                act = quote_name(place.act)
                raise WorldError(f"the world of act {act} has no state {quote_name(state)} to begin in")
        return place

    def transition(
        self, where: CampaignPosition, past_endings: bool = False, present_rules: PlayRules | None = None
    ) -> ActTransition | None:
        """Return what follows from entering a state (docs/spec/rules.md#campaigns); None when play goes on there.

        Edges are not checked in the entrance of the act's world, nor in the state where the act began. An edge leaves
        from the same state, and requires the same flag, whatever those are called now.

        Args:
            where: The state entered, and what is held there, in present names; the act's start in first names.
            past_endings: Endings neither complete the story nor are dead ends.
            present_rules: The act's world as it is now in the run; None when it is as the campaign has it.
        """
        table = self.table(where.act) if present_rules is None else present_rules.table
        names = FirstNames() if present_rules is None else present_rules.first_names
        state, first_state = where.position.state, names.state(where.position.state)
        exit_edge = None
        if state != table.start and first_state != where.start.state:
            exit_edge = next_edge(self._exits.get((where.act, first_state), ()), names.held(where.position.flags))
        number, edge = exit_edge or (None, None)
        if edge is not None and edge.to is not None:
            to = self.entry(edge.to.act_id, edge.to.entrance, frozenset(edge.carry_flags or ()))
            return ActTransition("hop", to, number, edge)
        ending = table.endings.get(state)
        if ending is not None and past_endings:
            return None
        if ending is not None and ending.kind == "win":
            return ActTransition("complete")
        if first_state == where.start.state or (ending is None and leads_on(table, state)):
            return None
        reason = (edge and edge.label) or (ending and ending.title) or "No way leads on from here"
        return ActTransition("rewind", CampaignPosition(where.act, where.start), reason=reason)


def edges_by_exit(campaign: Campaign) -> dict[tuple[str, str], list[tuple[int, Edge]]]:
    """Return the edges of a campaign, with their numbers, by the act and the state that they leave."""
    exits: dict[tuple[str, str], list[tuple[int, Edge]]] = {}
    for number, edge in enumerate(campaign.edges):
        exits.setdefault((edge.from_.act_id, edge.from_.state), []).append((number, edge))
    return exits


def next_edge(exits: Iterable[tuple[int, Edge]], flags: Collection[str]) -> tuple[int, Edge] | None:
    """Return the edge taken on entering a state, with its number; None when none is eligible.

    Of the edges whose flag is held, or that need none, the first golden one goes first, then the first that needed
    a flag, then the first (docs/spec/rules.md#campaigns).

    Args:
        exits: The edges that leave the state, with their numbers, in order.
        flags: The flags held.
    """
    eligible = [one for one in exits if one[1].requires_flag is None or one[1].requires_flag in flags]
    return min(eligible, key=_rank, default=None)


def _rank(numbered_edge: tuple[int, Edge]) -> int:
    _, edge = numbered_edge
    if edge.kind == "golden":
        return 0
    return 2 if edge.requires_flag is None else 1


def leads_on(table: TransitionTable, state: str) -> bool:
    """Say whether a transition or a sequence leads out of a state."""
    return state in table.sequences or any(action.target is not None for action in table.by_state[state])


def _unplayable_reasons(scope: CampaignScope, acts: Collection[str]) -> list[str]:
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
