"""Which acts of a campaign can be entered, by which edges and holding which flags: every run at once, not samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from worldkit.campaigns.act_transition import ActTransition, CampaignPosition, CampaignRules
from worldkit.campaigns.document import Campaign
from worldkit.campaigns.session import CampaignSession
from worldkit.campaigns.trace import CampaignTrace
from worldkit.core.argument_checks import checked
from worldkit.core.errors import NotAvailable, WorldError
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, reached_beats, step
from worldkit.playing.position import Position
from worldkit.playing.transition_table import SequenceAction, TransitionTable
from worldkit.world import World

MOST = 500_000

Came = tuple[CampaignPosition, str] | None
"""How a position was first reached: from where, by firing what; None for the beginning."""


@dataclass(frozen=True, eq=False, repr=False)
class CampaignExploration:
    """What can happen in a campaign.

    Attributes:
        campaign: The campaign.
        complete: Every position was seen; else what is listed here can happen, and more may. It is False, too, where
            events that share a name fire by themselves: what comes of those is not followed.
        positions: How many positions were seen. Positions that differ only in what can never matter count as one.
        acts: The acts that can be entered.
        edges: The edges that can be taken, by their place among the campaign's edges.
        entries: Where and with which flags every act can begin; flags that can never matter are left out.
        ends: Where the story can end: an act, and a state with an ending or with an edge out of the story.
        rounds: What is wrong where edges lead round for ever; what leads there cannot be done.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> found = wk.explore_campaign(campaign, {"w": world})
        >>> found.complete
        True
    """

    campaign: Campaign
    complete: bool
    positions: int
    acts: frozenset[str]
    edges: frozenset[int]
    entries: Mapping[str, frozenset[Position]]
    ends: frozenset[tuple[str, str]]
    rounds: frozenset[str]
    _worlds: Mapping[str, World] = field(repr=False)
    _ways: Mapping[str, tuple[str, ...]] = field(repr=False)

    @property
    def unreachable_acts(self) -> frozenset[str]:
        """The acts that no run enters; nothing is claimed unless the search was complete."""
        every = frozenset(self.campaign.acts_by_id)
        return every - self.acts if self.complete else frozenset()

    @property
    def dead_edges(self) -> frozenset[int]:
        """The edges that no run takes; nothing is claimed unless the search was complete."""
        return frozenset(range(len(self.campaign.edges))) - self.edges if self.complete else frozenset()

    def route_to(self, act: str) -> CampaignTrace | None:
        """Return a shortest run into an act, played through a session.

        Returns:
            The run; None when the act was not entered, or only by a timer of an event whose name another one,
            fired by that name, shares.
        """
        names = self._ways.get(act)
        if names is None:
            return None
        session = CampaignSession(self.campaign, self._worlds)
        try:
            for name in names:
                session.fire(name)
        except NotAvailable:
            return None
        return session.trace if act in session.acts else None

    def __repr__(self) -> str:
        claim = "every position was seen" if self.complete else "the search was cut short"
        lines = [f"CampaignExploration: {len(self.acts)} of {len(self.campaign.acts_by_id)} acts entered; {claim}"]
        for title, items in (
            ("unreachable acts", sorted(self.unreachable_acts)),
            ("dead edges", sorted(self.dead_edges)),
            ("edges lead round", sorted(self.rounds)),
        ):
            lines += [f"  {title}: {', '.join(map(repr, items))}"] if items else []
        return "\n".join(lines)


@checked
def explore_campaign(campaign: Campaign, worlds: Mapping[str, World], *, nodes: int = MOST) -> CampaignExploration:
    """Search every run of a campaign, breadth first, with the stepper itself.

    Args:
        campaign: The campaign.
        worlds: Its worlds by id.
        nodes: No more positions than this are seen.

    Raises:
        WorldError: The campaign cannot be played with these worlds, or leads round for ever as it begins.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> wk.explore_campaign(campaign, {"w": world}).complete
        True
    """
    stage = CampaignRules(campaign, worlds)
    mattering = {act: _mattering(campaign, act, stage.table(act)) for act in stage.worlds}
    edges: set[int] = set()
    ends: set[tuple[str, str]] = set()
    rounds: set[str] = set()
    entries: dict[str, set[Position]] = {}
    entered_by: dict[str, Came] = {}
    came: dict[CampaignPosition, Came] = {}
    waiting: deque[CampaignPosition] = deque()

    def reduced(where: CampaignPosition) -> CampaignPosition:
        flags, ones = mattering[where.act]
        position = where.position
        return CampaignPosition(where.act, Position(position.state, position.flags & flags, position.used & ones))

    def enter(where: CampaignPosition, overs: tuple[ActTransition, ...], by: Came) -> None:
        begun: list[CampaignPosition] = [] if by else [where]
        for transition in overs:
            edges.add(transition.number)
            if transition.to is None:
                ends.add((where.act, where.position.state))
            else:
                where = transition.to
                begun.append(where)
        for entry in begun:
            entries.setdefault(entry.act, set()).add(reduced(entry).position)
            entered_by.setdefault(entry.act, by)
        # one may also stand where another landing leaves the story: a flag came while standing there
        entry_position = reduced(where)
        if entry_position not in came and not (overs and overs[-1].to is None):
            came[entry_position] = by
            waiting.append(entry_position)

    start = stage.start()
    enter(start, stage.chain_from(start), None)
    while waiting and len(came) < nodes:
        where = waiting.popleft()
        compiled = stage.table(where.act)
        if is_over(compiled, where.position):
            ends.add((where.act, where.position.state))
        for name, position, moved in _next(compiled, where.position):
            landed = CampaignPosition(where.act, position)
            try:
                overs = stage.chain_from(landed) if moved else ()
            except WorldError as wrong:
                rounds.add(str(wrong))
                continue
            enter(landed, overs, (where, name))

    return CampaignExploration(
        campaign=campaign,
        complete=not waiting and not any(stage.table(act).self_firing_namesakes for act in entries),
        positions=len(came),
        acts=frozenset(entries),
        edges=frozenset(edges),
        entries={act: frozenset(positions) for act, positions in entries.items()},
        ends=frozenset(ends),
        rounds=frozenset(rounds),
        _worlds=worlds,
        _ways={act: _way(came, by) for act, by in entered_by.items()},
    )


def _next(compiled: TransitionTable, position: Position) -> Iterator[tuple[str, Position, bool]]:
    for what in fireable_by_name(compiled, position):
        if isinstance(what, SequenceAction):
            yield what.name, end_of_sequence(compiled, position, what), len(reached_beats(compiled, what)) > 1
        else:
            after, effects = step(position, what)
            yield what.name, after, effects.moved


def _mattering(campaign: Campaign, act: str, compiled: TransitionTable) -> tuple[frozenset[str], frozenset[str]]:
    """Return the flags and the one-shots that can change what comes after in an act.

    A flag matters when an event of the act or an edge out of it requires it, or an edge carries it. The use
    of a one-shot matters when it moves, or shares its name: firing one that stays a second time adds nothing.
    """
    flags = {flag for action in compiled.actions for flag in action.requires}
    for edge in campaign.edges:
        if edge.from_.act_id == act:
            flags.update(edge.carry_flags or ())
            flags.update(() if edge.requires_flag is None else (edge.requires_flag,))
    shared = frozenset[str]().union(*compiled.shared_names.values())
    ones = (
        name
        for name, actions in compiled.by_name.items()
        if len(actions) > 1 or actions[0].target is not None or name in shared
    )
    return frozenset(flags), frozenset(ones)


def _way(came: Mapping[CampaignPosition, Came], by: Came) -> tuple[str, ...]:
    names: list[str] = []
    while by is not None:
        where, name = by
        names.append(name)
        by = came[where]
    return tuple(reversed(names))
