"""Playing a campaign: one run through its acts, handed over from world to world (docs/spec/runtime.md)."""

from __future__ import annotations

from worldkit.campaigns.act_graph import CampaignExploration, explore_campaign
from worldkit.campaigns.act_runs import ActEvent
from worldkit.campaigns.act_transition import ActTransition, CampaignPosition, CampaignRules
from worldkit.campaigns.session import CampaignSession
from worldkit.campaigns.trace import CampaignTrace, Segment
from worldkit.campaigns.trace_replay import replay_campaign

__all__ = [
    "ActEvent",
    "ActTransition",
    "CampaignExploration",
    "CampaignPosition",
    "CampaignRules",
    "CampaignSession",
    "CampaignTrace",
    "Segment",
    "explore_campaign",
    "replay_campaign",
]
