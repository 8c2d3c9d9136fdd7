"""An action is typed in a player: by keyboard alone, watched, taken, undone, refused in words; in both themes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import worldkit as wk
from tests.browser.conftest import wait_for
from tests.browser.stand import stand
from tests.generate import server
from tests.generate.test_action import ANSWER
from tests.notebook.test_typed_action import Writer
from worldkit.generation.engines import openai_client

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_action_is_typed_proposed_taken_and_undone(
    browser: Any, pictures: Path, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_client, "PAUSES_S", (0.0, 0.0, 0.0))  # between the questions to an endpoint that fails
    writer = Writer()
    writer.answer = json.dumps({**ANSWER, "told": "<img src=x onerror=alert(1)> You hold your breath."})
    with server.serving(writer.script) as endpoint:

        def play() -> wk.Player:
            return wk.play(wk.samples.load("lighthouse"), model=endpoint.model, height=720)

        with stand(browser, play, height=740) as view:
            view.theme(theme)
            page, player = view.page, view.widget

            def wait_for_text(text: str) -> Any:
                def look() -> Any:
                    view.tell()
                    place = page.get_by_text(text).first
                    return place if place.is_visible() else None

                return wait_for(text, look)

            def is_shown(place: Any) -> bool | None:
                view.tell()
                return place.is_visible() or None

            line = page.get_by_label("Do something else")
            line.scroll_into_view_if_needed()
            page.screenshot(path=pictures / f"typed-line-{theme}.png")
            line.focus()
            page.keyboard.type("climb the drainpipe")
            page.keyboard.press("Enter")
            wait_for_text("the model writes")
            page.screenshot(path=pictures / f"typed-working-{theme}.png")
            page.get_by_role("button", name="Cancel").click()
            wait_for("the line", lambda: is_shown(line))

            line.fill("climb the drainpipe")
            page.keyboard.press("Enter")
            writer.open.set()
            wait_for_text("leads to a new place, Landing gutter ledge")
            assert view.axe() == [] and view.faults() == []
            page.get_by_role("button", name="Discard").scroll_into_view_if_needed()
            page.screenshot(path=pictures / f"typed-proposal-{theme}.png")
            page.get_by_role("button", name="Accept").click()
            page.get_by_role("heading", name="Landing gutter ledge").wait_for()
            page.get_by_role("button", name="Slide back down").wait_for()
            page.screenshot(path=pictures / f"typed-taken-{theme}.png")
            assert player.session.state == "landing_gutter_ledge"

            page.keyboard.press("u")
            page.get_by_role("heading", name="Landing", exact=True).wait_for()
            page.keyboard.press("u")
            lighthouse = wk.samples.load("lighthouse")
            wait_for("both undone", lambda: player.session.world == lighthouse or page.wait_for_timeout(10))

            writer.answer = (500, "out of memory")
            line.fill("whistle at the gulls")
            page.keyboard.press("Enter")
            wait_for_text("out of memory")
            page.screenshot(path=pictures / f"typed-error-{theme}.png")
        assert view.wrong == []


def test_a_player_without_a_model_offers_no_line_to_type_in(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"), height=720), height=740) as view:
        view.page.get_by_role("button", name="Climb the kelp steps").wait_for()
        assert view.page.get_by_label("Do something else").count() == 0
        assert view.wrong == []
