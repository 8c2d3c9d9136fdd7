"""A campaign together with the worlds of its acts: what its rules and its play look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from worldkit.world import World

if TYPE_CHECKING:
    from worldkit.campaigns.document import Campaign


class EdgeEnd(NamedTuple):
    """One end of an edge.

    Attributes:
        number: The index of the edge.
        name: ``"from"`` or ``"to"``.
        act_id: The act it names.
        field: The field that names a state of that act.
        state: The state; None for the beginning of the act.
    """

    number: int
    name: str
    act_id: str
    field: str
    state: str | None


class CampaignScope:
    """A campaign with the worlds it is judged with.

    Args:
        campaign: The campaign.
        worlds: The worlds by id.
    """

    def __init__(self, campaign: Campaign, worlds: Mapping[str, World]) -> None:
        self.campaign = campaign
        self.acts = campaign.acts_by_id
        self.edges = campaign.edges
        self.worlds = worlds

    def world(self, act_id: str) -> World | None:
        """Return the world of an act, if both are known: the campaign's own, else the one of its ``worldId``."""
        act = self.acts.get(act_id)
        if act is not None and act_id in self.campaign.worlds:
            return self.campaign.worlds[act_id]
        return self.worlds.get(act.world_id) if act is not None else None

    def edge_ends(self) -> Iterator[EdgeEnd]:
        """Yield both ends of every edge; an edge out of the story has one."""
        for number, edge in enumerate(self.edges):
            yield EdgeEnd(number, "from", edge.from_.act_id, "state", edge.from_.state)
            if edge.to is not None:
                yield EdgeEnd(number, "to", edge.to.act_id, "entrance", edge.to.entrance)

    def targets(self, golden: bool = False) -> dict[str, list[str]]:
        """Return the acts that edges (golden ones only) lead to, by the act they leave."""
        targets: dict[str, list[str]] = {}
        for edge in self.edges:
            if edge.to is not None and edge.to.act_id in self.acts and (edge.kind == "golden" or not golden):
                targets.setdefault(edge.from_.act_id, []).append(edge.to.act_id)
        return targets

    def reached(self, golden: bool = False) -> dict[str, None]:
        """Return the acts that edges (golden ones only) lead to from the start, the start included."""
        if self.campaign.start not in self.acts:
            return {}
        targets = self.targets(golden)
        acts_in_reach, stack = {self.campaign.start: None}, [self.campaign.start]
        while stack:
            for target in targets.get(stack.pop(), ()):
                if target not in acts_in_reach:
                    acts_in_reach[target] = None
                    stack.append(target)
        return acts_in_reach
