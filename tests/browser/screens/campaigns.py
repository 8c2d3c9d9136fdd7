"""The screens of the guide to campaigns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.screens import Screen
from tests.play.test_campaigns_guide import the_guide


def coast(*events: str) -> Callable[[], Any]:
    """Return a maker of the guide's campaign after some events."""

    def make() -> Any:
        player = the_guide()["player"]
        player.height = 620
        for event in events:
            player.campaign_session.fire(event)
        return player

    return make


SCREENS = [
    Screen(
        "campaigns",
        "hand-over",
        coast("take_the_lantern", "cast_off"),
        shows=(".wk-act-map", ".wk-hand-over"),
        says=("The next act", "The reef", "You have: lantern", "you are here"),
        height=620,
    ),
    Screen(
        "campaigns",
        "dead-end",
        coast("cast_off", "steer_by_the_stars"),
        shows=(".wk-act-map", ".wk-hand-over"),
        says=("A dead end", "The boat founders", "The reef starts again."),
        height=620,
    ),
    Screen(
        "campaigns",
        "end",
        coast("cast_off", "steer_by_the_bell", "steer_by_the_bell", "light_the_lamp"),
        shows=(".wk-ending", ".wk-act-map"),
        says=("The light burns", "3 of 3 acts reached"),
        height=620,
    ),
]
