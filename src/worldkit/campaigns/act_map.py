"""The acts of a campaign as a map: where each stands, and the lines that lead from act to act."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from worldkit.campaigns.document import Campaign, Edge
from worldkit.core.json_values import Json
from worldkit.drawing.chart import Card, Line, make_chart
from worldkit.editing.naming import UnusedNames
from worldkit.layout.measures import CARD_H, CARD_W
from worldkit.world import World


@dataclass(frozen=True, slots=True)
class ActMap:
    """A map of acts; its measures are those of a world's map.

    Attributes:
        cards: The acts by id: where each stands, and its title as lines of text.
        lines: The edges by their place among the campaign's edges; those that lead nowhere have none.
        box: Its left, top, right and bottom.
        card: The width and the height of a card.
    """

    cards: dict[str, Card]
    lines: dict[int, Line]
    box: tuple[int, int, int, int]
    card: tuple[int, int] = (CARD_W, CARD_H)


def act_map(campaign: Campaign) -> ActMap:
    """Lay out the acts of a campaign as the states of a world are laid out, so that both look alike.

    Args:
        campaign: The campaign.
    """
    world = act_world(campaign)
    chart = make_chart(world)
    acts = list(campaign.acts_by_id)
    numbers = [number for number, edge in enumerate(campaign.edges) if _is_drawn(campaign, edge)]
    cards = dict(zip(acts, chart.cards, strict=True))
    return ActMap(cards, dict(zip(numbers, chart.lines, strict=False)), chart.box)


def act_world(campaign: Campaign) -> World:
    """Return a world whose states are the acts of a campaign, and whose transitions are its edges.

    Args:
        campaign: The campaign.
    """
    ids = list(campaign.acts_by_id)
    titles = {id: campaign.acts_by_id[id].title or id for id in ids}
    counts = Counter(titles.values())
    names = UnusedNames((title for title in titles.values() if counts[title] == 1), form="{} {}")
    unique = {id: title if counts[title] == 1 else names.take(f"{title} ({id})") for id, title in titles.items()}
    events = [
        {
            "name": edge.label or f"edge {number}",
            "kind": "transition",
            "from": [unique[edge.from_.act_id]],
            "to": unique[edge.to.act_id],
        }
        for number, edge in enumerate(campaign.edges)
        if edge.to is not None and _is_drawn(campaign, edge)
    ]
    states = {unique[id]: {"base": ""} for id in ids}
    document: Json = {"schemaVersion": "1.0", "name": campaign.title or campaign.id or "Campaign"}
    if campaign.start in unique:
        document["entrance"] = {"state": unique[campaign.start]}
    return World.from_dict({**document, "scene": {"states": states, "events": events}})


def _is_drawn(campaign: Campaign, edge: Edge) -> bool:
    acts = campaign.acts_by_id
    return edge.to is not None and edge.from_.act_id in acts and edge.to.act_id in acts
