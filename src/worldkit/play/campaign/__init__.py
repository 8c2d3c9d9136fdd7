"""Playing a campaign: one run through its acts, handed over from world to world (contract/runtime.md)."""

from __future__ import annotations

from worldkit.play.campaign.explore import CampaignExploration, explore_campaign
from worldkit.play.campaign.handover import CampaignPosition, HandOver, Stage
from worldkit.play.campaign.legs import ActHappening
from worldkit.play.campaign.replay import replay_campaign
from worldkit.play.campaign.session import CampaignSession
from worldkit.play.campaign.trace import CampaignTrace, Segment

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
