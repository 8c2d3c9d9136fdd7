"""The screens of the guide about handlers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.play.test_react_guide import game_master
from worldkit import NotAvailable


def player_with_hint() -> Any:
    """Show the game master of the guide, after three tries at a locked door."""
    # in a thread without an event loop a handler runs to its end at once, and the picture is always the same
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_player_with_handlers).result()


def _player_with_handlers() -> Any:
    names = game_master()
    player = names["player"]
    player.height = 680
    player.session.fire("climb_the_kelp_steps")
    for _ in range(3):
        try:
            player.session.fire("enter_the_tower")
        except NotAvailable:
            continue
    return player


def failing_handler() -> Any:
    """Show a handler that fails."""
    session = wk.Session(wk.samples.load("lighthouse"))

    @session.on("enter")
    def open_the_hatch(_: object) -> None:
        raise KeyError("hatch")

    player = wk.play(session)
    session.fire("climb_the_kelp_steps")
    return player


def stopped_player() -> Any:
    """Show a run that a handler stopped."""
    session = wk.Session(wk.samples.load("lighthouse"))
    session.on("yard", lambda _: session.stop("The tide has closed the path. Come back in six hours."))
    player = wk.play(session)
    session.fire("climb_the_kelp_steps")
    return player


HINT = "You have missed something. Look around once more."
SCREENS = [
    Screen("react", "hint", player_with_hint, says=(HINT, "Look around once more", f"Said: {HINT}"), height=680),
    Screen(
        "react",
        "error",
        failing_handler,
        says=("The handler open_the_hatch failed on enter (yard): KeyError: 'hatch'",),
    ),
    Screen("react", "stop", stopped_player, says=("Stopped", "The tide has closed the path. Come back in six hours.")),
]
