"""The screens of the player's guide."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.screens.worlds import quay, storm
from tests.browser.stand import Stand
from tests.generate import server
from tests.painting.test_feed import ScriptedPainter, wait_until
from worldkit.core.progress import ignore
from worldkit.painters import Capabilities, Detection, Frame
from worldkit.painting.moving_picture import MovingPicture

WAY = ("climb_the_kelp_steps", "step_into_the_kitchen", "take_down_a_hand_lamp", "step_out_to_the_yard")


def lighthouse(*events: str, height: int = 560) -> Callable[[], Any]:
    def make() -> Any:
        player = wk.play(wk.samples.load("lighthouse"), height=height)
        for event in events:
            player.session.fire(event)
        return player

    return make


def live(*events: str, ms: int = 0) -> Callable[[], Any]:
    def make() -> Any:
        player = wk.play(storm(), mode="real-time", height=560)
        for event in events:
            player.session.fire(event)
        player.session.wait(ms)
        return player

    return make


def stormy_player() -> Any:
    """A run in which something came by itself, and a flag was set by hand."""
    player = wk.play(storm(), mode="real-time", height=560)
    player.session.fire("take_the_rope")
    player.session.wait(13_000)
    player.session.grant("iron")
    player.session.fire("bar_the_door")
    player.session.wait(1_000)
    return player.refresh()


def console() -> Any:
    world = wk.samples.load("archive")
    opener = next(event for event in world.events if event.kind == "terminal")
    at = {"state": opener.from_[0], "flags": sorted(opener.requires or ())}
    player = wk.play(wk.Session(world, at=at), height=560)
    player.session.fire(opener.name)
    return player.refresh()


def proposal() -> Any:
    """An action that was typed, with what came of it."""
    answer = {
        "choice": "Climb the drainpipe",
        "seen": "The keeper goes up the drainpipe hand over hand, boots scraping on whitewash.",
        "place": "the kitchen roof",
        "base": "Wet slates slope down to a lead gutter. The lantern stands black against the last light.",
        "told": "You lie flat until the slates stop creaking.",
        "ways": [
            {"do": "Slide back down", "to": "yard", "seen": "Rust streaks the oilskin on the way down."},
            {"do": "Drop in by the skylight", "to": "kitchen", "seen": "Boots land between the stove and the table."},
        ],
    }
    player = lighthouse(*WAY, height=740)()
    with server.serving(lambda body, number: json.dumps(answer)) as endpoint:
        player.act("climb the drainpipe", model=endpoint.model, progress=ignore)
    return player


def waiting() -> Any:
    """An event that waits until the picture is dark, which it is not yet."""
    player = lighthouse(*WAY, height=740)()
    player.session.switch("real-time")
    player.session.observe(luminance=140, motion=3.5)
    player.session.fire("enter_the_tower")
    player.session.wait(4_000)
    return player.refresh()


class Still(ScriptedPainter):
    """A painter whose picture stands still: a test double for a world model."""

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        self.picture = MovingPicture(prompt)
        return Capabilities(prompt=True, hold=True, note="a computed picture; no model paints")

    async def frames(self) -> AsyncIterator[Frame]:
        yield Frame(self.picture.encoded(), "image/jpeg")
        await asyncio.Event().wait()


def anchored_player() -> Any:
    """A detector finds two of the things that events of the yard are anchored to, one of them at the side."""
    events = [
        {"name": "ring_the_bell", "kind": "override", "from": ["yard"], "anchor": {"label": "bell"}},
        {"name": "open_the_gate", "kind": "override", "from": ["yard"], "anchor": {"label": "iron gate"}},
        {"name": "sit_down", "kind": "override", "from": ["yard"], "anchor": {"label": "bench"}},
    ]
    states = {"yard": {"base": "A walled yard under a green sky, hills beyond it."}}
    world = wk.World.from_dict(
        {"name": "Yard", "entrance": {"state": "yard"}, "scene": {"states": states, "events": events}}
    )
    boxes = [Detection("bell", 0.41, 0.3, 0.6, 0.62), Detection("iron gate", 0.02, 0.5, 0.2, 0.9)]
    return wk.play(world, painter=Still(), detector=lambda *_: boxes, height=760)


def draw(stand: Stand) -> None:
    """Begin to draw, and come to what the detector finds in the picture."""
    stand.widget._repr_mimebundle_()
    words = "[...document.querySelector('.worldkit').shadowRoot.querySelectorAll('.wk-anchor')].map(e => e.innerText)"

    def is_found() -> bool:
        stand.tell()
        return any("here" in text for text in stand.page.evaluate(words))

    wait_until(is_found)


def finished_game() -> Any:
    player = wk.play(wk.samples.load("bench"), height=560)
    for event in ("pick_up_the_red_mitten", "walk_up_the_lane", "hold_out_the_mitten"):
        player.session.fire(event)
    return player


def report() -> Any:
    from worldkit.widgets.report import ExplorationReport

    return ExplorationReport(wk.explore(quay()), height=560)


def tab(name: str) -> Callable[[Stand], None]:
    return lambda stand: stand.page.get_by_role("tab", name=name).click()


def ask(stand: Stand) -> None:
    line = stand.page.locator(".wk-player form input").first
    for words in ("help", "who keeps the drawers"):
        line.fill(words)
        line.press("Enter")
        stand.page.wait_for_function(
            "() => document.querySelector('.worldkit').shadowRoot.querySelector('.wk-player form input').value === ''"
        )


def prompt(stand: Stand) -> None:
    tab("Tester")(stand)
    fold = stand.page.locator("details.wk-fold", has_text="Prompt")
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()


def picture(stand: Stand) -> None:
    """Open what is seen, and bring what waits for it into sight."""
    prompt(stand)
    stand.page.locator("details.wk-fold", has_text="Prompt").locator("summary").click()
    stand.page.locator("details.wk-fold", has_text="Picture").locator("summary").click()
    stand.page.locator(".wk-page").evaluate("page => page.scrollTo({ top: page.scrollHeight })")


def keep(stand: Stand) -> None:
    tab("Run")(stand)
    stand.page.get_by_role("button", name="Copy as pytest").click()
    stand.page.locator(".wk-script").wait_for()


def find(stand: Stand) -> None:
    stand.page.locator(".wr-report h2").first.wait_for()


SCREENS = (
    Screen("player", "scene", lighthouse(*WAY), shows=(".wk-offers", ".wk-prose"), says=("Yard",)),
    Screen("acting", "proposal", proposal, shows=(".wk-proposal",), says=("Accept",), height=760),
    Screen("evidence", "waits", waiting, picture, (".wk-now",), ("seen 0 of 2",), height=760),
    Screen("evidence", "anchors", anchored_player, draw, (".wk-anchor-usable",), ("not in sight", "left"), height=760),
    Screen("player", "real-time", live("climb_to_the_lamp", ms=4400), shows=(".wk-now", ".wk-transport")),
    Screen("player", "coming", live("take_the_rope", ms=5400), shows=(".wk-coming, .wk-waits",)),
    Screen("player", "flags", lighthouse(*WAY), tab("Flags"), (".wk-flags",), ("hand_lamp",)),
    Screen("player", "trail", stormy_player, tab("Journal"), (".wk-trail", ".wk-trail-by")),
    Screen("player", "hidden", live("take_the_rope", ms=2000), tab("Tester")),
    Screen("player", "prompt", lighthouse(*WAY), prompt),
    Screen("player", "console", console, ask, (".wk-said-console, .wk-terminal",)),
    Screen("player", "ending", finished_game, shows=(".wk-ending", ".wk-ending-title")),
    Screen("player", "run", lighthouse(*WAY), keep, (".wk-script",), ("Save this run",)),
    Screen("player", "keys", lighthouse(*WAY), lambda stand: stand.press("?", on=".wk-place"), (".wk-help kbd",)),
    Screen("exploring", "report", report, find, (".wr-map", ".wr-lists")),
)
