"""The screens of the comparison's guide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import worldkit as wk
from tests.browser.screens import Screen
from tests.browser.stand import Stand

STAGE = ".wc-stage"


def comparison_of_edits() -> Any:
    """A comparison with one of every mark."""
    a = wk.samples.load("lighthouse")
    prose = a.states["yard"].base or ""
    cellar = {"base": "A low cellar under the kitchen, casks on trestles."}
    rain = prose.replace(".", ", and it rains.", 1).replace("white tower", "grey tower")
    b = a.apply(
        [
            {"op": "rename_state", "from": "kitchen", "to": "scullery"},
            {"op": "set_field", "state": "yard", "field": "base", "value": rain},
            {"op": "add_state", "id": "cellar", "state": cellar},
            {"op": "add_transition", "name": "down_the_ladder", "event": {"from": ["scullery"], "to": "cellar"}},
            {"op": "delete_state", "id": "oil_store"},
            {"op": "update_event", "name": "step_out_to_the_yard", "patch": {"to": "cellar"}},
        ]
    )
    raw = b.to_dict()
    states = raw["scene"]["states"]
    raw["scene"]["states"] = {id: states[id] for id in sorted(states, key=lambda id: id != "watch_room")}
    return wk.compare(a, wk.load(raw), height=560)


def merging() -> Any:
    """A merge with a conflict in prose, one in where an event leads, and one of a state that went."""
    base = wk.samples.load("lighthouse")
    prose = base.states["yard"].base or ""

    def side(words: str, to: str, *more: dict[str, Any]) -> wk.World:
        changed = {"op": "set_field", "state": "yard", "field": "base", "value": prose.replace(".", words, 1)}
        return base.apply(
            [changed, {"op": "update_event", "name": "step_into_the_kitchen", "patch": {"to": to}}, *more]
        )

    iron = {"op": "set_field", "state": "gallery", "field": "base", "value": "A gallery of iron, slick with rain."}
    ours = side(", wet and black.", "oil_store", {"op": "delete_state", "id": "gallery"})
    theirs = side(
        ", white with salt.", "tower_foot", iron, {"op": "add_state", "id": "cellar", "base": "A low cellar."}
    )
    return wk.compare(base, ours, theirs, height=560)


def keys(*keys_to_press: str) -> Callable[[Stand], None]:
    return lambda stand: stand.press(*keys_to_press, on=STAGE)


def words(stand: Stand) -> None:
    row = stand.page.locator(".wc-row-head", has_text="yard").first
    row.click()
    stand.page.locator(".wc-field ins").first.wait_for()
    stand.page.locator(".wc-looks img").first.wait_for()
    stand.rest()


def show_effect_on_play(stand: Stand) -> None:
    stand.page.get_by_role("button", name="Effect on play").click()
    sentences = stand.page.locator(".wc-sentences > li").first
    sentences.wait_for()
    sentences.scroll_into_view_if_needed()


def pick(stand: Stand) -> None:
    stand.press("n", "2", on=STAGE)
    stand.page.locator('[data-conflict="0"]', has_text="Decided").wait_for()


SCREENS = (
    Screen(
        "compare", "map", comparison_of_edits, shows=(".wc-row-head", ".wc-stage"), says=("10 differences", "Moved")
    ),
    Screen("compare", "words", comparison_of_edits, words, (".wc-field ins", ".wc-card ins")),
    Screen("compare", "before", comparison_of_edits, keys("b"), (".wc-sides",)),
    Screen("compare", "play", comparison_of_edits, show_effect_on_play, (".wc-sentences > li",)),
    Screen("compare", "conflicts", merging, keys("n"), ("[data-conflict]",), ("Pick ours",)),
    Screen("compare", "picked", merging, pick, ("[data-conflict]",), ("Decided",)),
    Screen("compare", "keys", comparison_of_edits, keys("?"), (".wc-help kbd",), ("Keys and marks",)),
)
