"""The two profiles as data (docs/spec/index.md, "Two profiles")."""

from __future__ import annotations

import pytest

from worldkit import WrongArgument
from worldkit.core.profile import HOSTED, STUDIO, profile_named


def test_hosted_takes_nine_operations_and_the_studio_any() -> None:
    assert HOSTED.operations is not None and len(HOSTED.operations) == 9
    assert HOSTED.takes("update_state") and not HOSTED.takes("rename_state")
    assert STUDIO.takes("rename_state")


def test_a_profile_is_found_by_its_name() -> None:
    assert profile_named("hosted") is HOSTED
    assert profile_named("studio") is STUDIO
    with pytest.raises(WrongArgument, match='"hosted" or "studio"'):
        profile_named("offline")


def test_each_profile_spells_the_path_of_a_place_in_its_own_way() -> None:
    assert HOSTED.path("state", "a.b", "base") == "state[a.b].base"
    assert STUDIO.path("state", "a.b", "base") == "states.a.b.base"
    assert HOSTED.path("state", "lane", " (static)") == "state[lane] (static)"
    assert HOSTED.path("event", "x {y}", "") == "event[x {y}]"
    assert HOSTED.path("world", "", "entrance.state") == STUDIO.path("world", "", "entrance.state") == "entrance.state"
