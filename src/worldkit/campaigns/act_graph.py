"""Which acts of a campaign can be entered, by which edges and holding which flags: every run at once, not samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from worldkit.campaigns.act_transition import ActTransition, CampaignPosition, CampaignRules
from worldkit.campaigns.document import Campaign
from worldkit.campaigns.session import CampaignSession
from worldkit.campaigns.trace import CampaignTrace
from worldkit.core.argument_checks import checked, checked_methods
from worldkit.core.argument_ranges import expect_count
from worldkit.core.brief import shown_briefly
from worldkit.core.errors import NotAvailable
from worldkit.playing.machine import end_of_sequence, fireable_by_name, is_over, reached_beats, step
from worldkit.playing.position import Position
from worldkit.playing.transition_table import SequenceAction, TransitionTable
from worldkit.world import World

MAX_NODES = 500_000

Came = tuple[CampaignPosition, str] | None
"""How a position was first reached: from where, by firing what; None for the beginning."""


@shown_briefly
@checked_methods
@dataclass(frozen=True, eq=False, repr=False)
class CampaignExploration:
    """The acts, endings and dead ends that can be reached in a campaign.

    Attributes:
        campaign: The campaign.
        complete: Every position was seen; else what is listed here can happen, and more may. It is False, too, where
            events that share a name fire by themselves: the exploration does not follow those.
        positions: How many positions were seen. Positions that differ only in what can never matter count as one.
        acts: The acts that can be entered.
        edges: The edges that can be taken, by their place among the campaign's edges.
        entries: Where and with which flags every act can begin; flags that can never matter are left out.
        ends: Where the story can be completed: an act, and a state with a win without an edge to another act.
        dead_ends: Where a dead end leads back to the beginning of its act: the act, and the state.

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
    dead_ends: frozenset[tuple[str, str]]
    _worlds: Mapping[str, World] | None = field(repr=False)
    _incoming_moves: Mapping[CampaignPosition, Came] = field(repr=False)
    _entered_by: Mapping[str, Came] = field(repr=False)
    _stuck: frozenset[CampaignPosition] = field(repr=False)
    _way_to_end: tuple[str, ...] | None = field(repr=False)

    @property
    def unreachable_acts(self) -> frozenset[str]:
        """The acts that no run enters; nothing is claimed unless the search was complete.

        Example:
            >>> data = campaign.to_dict()
            >>> data["edges"] = []
            >>> wk.explore_campaign(wk.Campaign.from_dict(data), worlds).unreachable_acts
            frozenset({'second'})
        """
        every = frozenset(self.campaign.acts_by_id)
        return every - self.acts if self.complete else frozenset()

    @property
    def dead_edges(self) -> frozenset[int]:
        """The edges that no run takes; nothing is claimed unless the search was complete."""
        return frozenset(range(len(self.campaign.edges))) - self.edges if self.complete else frozenset()

    @property
    def soft_locks(self) -> frozenset[tuple[str, str]]:
        """Acts and states in which a run can be that can never be completed; nothing unless the search was complete."""
        return frozenset((place.act, place.position.state) for place in self._stuck) if self.complete else frozenset()

    def route_to_end(self) -> CampaignTrace | None:
        """Return a shortest run that completes the story, played through a session; None when none was found.

        Example:
            >>> wk.explore_campaign(campaign, worlds).route_to_end().acts
            ('first', 'second')
        """
        return None if self._way_to_end is None else self._replay(self._way_to_end, lambda session: session.complete)

    def route_to(self, act: str) -> CampaignTrace | None:
        """Return a shortest run into an act, played through a session.

        Returns:
            The run; None when the act was not entered, or only by a timer of an event whose name another one,
            fired by that name, shares.

        Example:
            >>> wk.explore_campaign(campaign, worlds).route_to("second").events
            ('pick_up_the_red_mitten', 'walk_up_the_lane', 'hold_out_the_mitten')
        """
        if act not in self._entered_by:
            return None
        names = _way(self._incoming_moves, self._entered_by[act])
        return self._replay(names, lambda session: act in session.acts)

    def _replay(self, names: tuple[str, ...], is_there: Callable[[CampaignSession], bool]) -> CampaignTrace | None:
        session = CampaignSession(self.campaign, self._worlds)
        try:
            for name in names:
                session.fire(name)
        except NotAvailable:
            return None
        return session.trace if is_there(session) else None

    def __repr__(self) -> str:
        claim = "every position was seen" if self.complete else "the search was cut short"
        lines = [f"CampaignExploration: {len(self.acts)} of {len(self.campaign.acts_by_id)} acts entered; {claim}"]
        for title, items in (
            ("unreachable acts", sorted(self.unreachable_acts)),
            ("dead edges", sorted(self.dead_edges)),
            ("the story can be completed in", sorted(f"{act}: {state}" for act, state in self.ends)),
            ("no end can be reached from", sorted(f"{act}: {state}" for act, state in self.soft_locks)),
        ):
            lines += [f"  {title}: {', '.join(map(repr, items))}"] if items else []
        return "\n".join(lines)


@checked
def explore_campaign(
    campaign: Campaign, worlds: Mapping[str, World] | None = None, *, nodes: int = MAX_NODES
) -> CampaignExploration:
    """Search every run of a campaign, breadth first, with the stepper itself.

    Args:
        campaign: The campaign.
        worlds: Its worlds by id; left out when the campaign holds them itself.
        nodes: No more positions than this are seen.

    Raises:
        WorldError: The campaign cannot be played with these worlds.
        WrongArgument: ``nodes`` is less than 1.

    Example:
        >>> campaign = wk.Campaign.from_dict({
        ...     "start": "a",
        ...     "acts": [{"actId": "a", "worldId": "w", "title": "Act one", "canonical": True}],
        ...     "edges": [],
        ... })
        >>> wk.explore_campaign(campaign, {"w": world}).complete
        True
    """
    expect_count(nodes, "nodes")
    rules = CampaignRules(campaign, worlds)
    search = _Search(rules, _relevant_names(rules))
    search.run(nodes)
    complete = not search.queue and not any(rules.table(act).self_firing_namesakes for act in search.entries)
    return CampaignExploration(
        campaign=campaign,
        complete=complete,
        positions=len(search.incoming_moves),
        acts=frozenset(search.entries),
        edges=frozenset(search.edges),
        entries={act: frozenset(positions) for act, positions in search.entries.items()},
        ends=frozenset((place.act, place.position.state) for place in search.end_positions),
        dead_ends=frozenset(search.dead_ends),
        _worlds=worlds,
        _incoming_moves=search.incoming_moves,
        _entered_by=search.entered_by,
        _stuck=search.stuck(),
        _way_to_end=_way(search.incoming_moves, search.incoming_moves[search.end_positions[0]])
        if search.end_positions
        else None,
    )


class _Search:
    """A search of every run, breadth first.

    Attributes:
        incoming_moves: How each position was first reached.
        predecessors: The positions from which each was reached.
        end_positions: The positions in which the story is complete, nearest first.
    """

    def __init__(
        self, rules: CampaignRules, relevant_names: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    ) -> None:
        self.rules = rules
        self.relevant_names = relevant_names
        self.incoming_moves: dict[CampaignPosition, Came] = {}
        self.predecessors: dict[CampaignPosition, set[CampaignPosition]] = {}
        self.queue: deque[CampaignPosition] = deque()
        self.edges: set[int] = set()
        self.entries: dict[str, set[Position]] = {}
        self.entered_by: dict[str, Came] = {}
        self.end_positions: list[CampaignPosition] = []
        self.dead_ends: set[tuple[str, str]] = set()

    def run(self, nodes: int) -> None:
        """Search until every position is seen, or so many are."""
        self._enter_act(self.rules.start(), None)
        while self.queue and len(self.incoming_moves) < nodes:
            place = self.queue.popleft()
            table = self.rules.table(place.act)
            if is_over(table, place.position):
                self._take_end(place, table)
            for name, position, has_step in _next(table, place.position):
                target = CampaignPosition(place.act, position, place.start)
                self._land(target, self.rules.transition(target) if has_step else None, (place, name))

    def stuck(self) -> frozenset[CampaignPosition]:
        """Return the positions from which the story cannot be completed."""
        can_end, stack = set(self.end_positions), list(self.end_positions)
        while stack:
            for earlier in self.predecessors.get(stack.pop(), ()):
                if earlier not in can_end:
                    can_end.add(earlier)
                    stack.append(earlier)
        return frozenset(place for place in self.incoming_moves if place not in can_end)

    def _land(
        self, target: CampaignPosition, transition: ActTransition | None, by: tuple[CampaignPosition, str]
    ) -> None:
        if transition is None or transition.to is None:
            self._stand(target, by)
        elif transition.kind == "hop":
            assert transition.number is not None
            self.edges.add(transition.number)
            self._enter_act(transition.to, by)
        else:
            self.dead_ends.add((target.act, target.position.state))
            self._stand(transition.to, by)

    def _enter_act(self, where: CampaignPosition, by: Came) -> None:
        self.entries.setdefault(where.act, set()).add(self._reduced(where).position)
        self.entered_by.setdefault(where.act, by)
        self._stand(where, by)

    def _stand(self, where: CampaignPosition, by: Came) -> None:
        position = self._reduced(where)
        if by is not None:
            self.predecessors.setdefault(position, set()).add(by[0])
        if position not in self.incoming_moves:
            self.incoming_moves[position] = by
            self.queue.append(position)

    def _take_end(self, where: CampaignPosition, table: TransitionTable) -> None:
        if table.endings[where.position.state].kind == "win":
            self.end_positions.append(where)
        else:
            self.dead_ends.add((where.act, where.position.state))

    def _reduced(self, where: CampaignPosition) -> CampaignPosition:
        flags, one_shots = self.relevant_names[where.act]
        position, start = (
            Position(one.state, one.flags & flags, one.used & one_shots) for one in (where.position, where.start)
        )
        return CampaignPosition(where.act, position, start)


def _next(table: TransitionTable, position: Position) -> Iterator[tuple[str, Position, bool]]:
    for what in fireable_by_name(table, position):
        if isinstance(what, SequenceAction):
            yield what.name, end_of_sequence(table, position, what), len(reached_beats(table, what)) > 1
        else:
            after, effects = step(position, what)
            yield what.name, after, effects.moved


def _relevant_names(rules: CampaignRules) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return the flags and the one-shots that can change what comes after in each act.

    A flag matters when an event of the act or an edge out of it requires it: what an edge carries, it grants. The use
    of a one-shot matters when it moves, or shares its name: firing one that stays a second time adds nothing.
    """
    edge_flags: dict[str, set[str]] = {}
    for edge in rules.campaign.edges:
        if edge.requires_flag is not None:
            edge_flags.setdefault(edge.from_.act_id, set()).add(edge.requires_flag)
    return {act: _relevant_names_in(rules.table(act), edge_flags.get(act, set())) for act in rules.worlds}


def _relevant_names_in(table: TransitionTable, edge_flags: Collection[str]) -> tuple[frozenset[str], frozenset[str]]:
    flags = frozenset(flag for action in table.actions for flag in action.requires).union(edge_flags)
    shared_names = frozenset[str]().union(*table.shared_names.values())
    one_shots = frozenset(
        name
        for name, actions in table.by_name.items()
        if len(actions) > 1 or actions[0].target is not None or name in shared_names
    )
    return flags, one_shots


def _way(predecessors: Mapping[CampaignPosition, Came], by: Came) -> tuple[str, ...]:
    names: list[str] = []
    while by is not None:
        place, name = by
        names.append(name)
        by = predecessors[place]
    return tuple(reversed(names))
