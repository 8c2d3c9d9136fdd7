"""Playing a campaign: one run through its acts, handed over from world to world (docs/spec/runtime.md)."""

from __future__ import annotations

from worldkit.campaigns.act_graph import CampaignExploration, explore_campaign
from worldkit.campaigns.act_runs import ActHappening
from worldkit.campaigns.act_transition import CampaignPosition, HandOver, Stage
from worldkit.campaigns.session import CampaignSession
from worldkit.campaigns.trace import CampaignTrace, Segment
from worldkit.campaigns.trace_replay import replay_campaign

__all__ = [
    "ActHappening",
    "CampaignExploration",
    "CampaignPosition",
    "CampaignSession",
    "CampaignTrace",
    "HandOver",
    "Segment",
    "Stage",
    "explore_campaign",
    "replay_campaign",
]
