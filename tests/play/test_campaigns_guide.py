"""The campaign of docs/campaigns.md, checked, explored and played as the guide says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import worldkit as wk

GUIDE = Path(__file__).parents[2] / "docs" / "campaigns.md"


def the_guide() -> dict[str, Any]:
    """Run every program of the guide, in order, and return its names."""
    names: dict[str, Any] = {}
    for program in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        exec(program, names)
    return names


def test_the_campaign_of_the_guide_is_sound_and_can_be_completed() -> None:
    names = the_guide()
    assert list(names["campaign"].lint(names["worlds"])) == []
    result: wk.CampaignExploration = names["found"]
    assert (result.complete, result.ends, result.dead_ends) == (True, {("three", "lamp")}, {("two", "wreck")})
    assert (result.soft_locks, result.unreachable_acts, result.dead_edges) == (frozenset(), frozenset(), frozenset())
    route = result.route_to_end()
    assert route is not None and route.acts == ("one", "two", "two", "three")


def test_the_session_of_the_guide_stands_where_the_guide_says() -> None:
    session: wk.CampaignSession = the_guide()["session"]
    assert (session.act, session.state, session.flags) == ("two", "water", {"lantern"})
    session.fire("steer_by_the_stars")
    assert (session.act, session.state, session.dead_ends) == ("two", "water", 1)
    for name in ("steer_by_the_bell", "steer_by_the_bell", "light_the_lamp"):
        session.fire(name)
    assert session.complete
