"""``wk.play(world, painter="hosted")`` in a real JupyterLab, against a server of our own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.conftest import Lab, wait_for
from tests.browser.test_journey import cells_of, open_notebook, run_all
from tests.browser.test_overlay import axe
from tests.server.running import Running, bench, quick, running

pytestmark = pytest.mark.browser


def cells(server: Running, lab: Lab, key: str) -> list[str]:
    world = server.client(key).post("/v1/worlds", json={"world": bench()}).json()["worldId"]
    (lab.folder / "key.txt").write_text(key)
    return [
        "import pathlib, worldkit as wk\nevents = []\n"
        f"api = wk.Client(pathlib.Path('key.txt').read_text(), base_url={server.url!r})\n"
        f"player = wk.play(api.get({world!r}), painter='hosted')\n"
        "player.on('*', lambda event: events.append(event['type']))",
        "player.status, events",
    ]


LONG_TIMERS = """if (window !== top) {
    const [setPlainTimeout, clearPlainTimeout] = [window.setTimeout, window.clearTimeout];
    const timers = window.longTimers = new Map();
    let now = 0;
    let count = 1e9;
    window.setTimeout = (run, ms, ...values) => {
        if (!(ms >= 60_000)) return setPlainTimeout(run, ms, ...values);
        count += 1;
        timers.set(count, {run: () => run(...values), at: now + ms});
        return count;
    };
    window.clearTimeout = (id) => timers.delete(id) || clearPlainTimeout(id);
    window.passTime = (seconds) => {
        now += 1000 * seconds;
        for (const [id, {run, at}] of timers) if (at <= now && timers.delete(id)) run();
    };
}"""
"""Lets timers of a minute and more run out in frames only by ``passTime``, so that no busy machine is too slow."""


def output_of(page: Any, text: str) -> str:
    """Run the second cell until its output holds a text, and return the output."""
    cell = page.locator(".jp-CodeCell").nth(1)

    def look() -> str | None:
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        text_shown = str(cell.locator(".jp-OutputArea-output").last.inner_text())
        return text_shown if text in text_shown else None

    return wait_for(text, look)


def test_a_player_waits_in_line_plays_and_its_token_is_renewed_before_it_expires(
    browser: Any, lab: Lab, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(quick(tmp_path / "w.db", sessions=1)) as server:
        server_time = time.time()
        for part in (server.services.tokens, server.services.connected_sessions):
            monkeypatch.setattr(part, "_clock", lambda: server_time)
        key = server.app().secret
        notebook = cells(server, lab, key)
        world = next(iter(server.client(key).get("/v1/worlds").json()["worlds"]))["id"]
        first = (
            server.client(key).post("/v1/sessions/token", json={"worldId": world, "ttlSeconds": 600}).json()["token"]
        )
        assert httpx.post(f"{server.url}/v1/sessions/connect", json={"token": first}).status_code == 200
        page = open_notebook(browser, lab, "hosted.ipynb", notebook)
        page.add_init_script(LONG_TIMERS)
        run_all(page)
        iframe = page.locator(".jp-CodeCell").first.locator("iframe")
        iframe.wait_for()
        assert iframe.get_attribute("sandbox") == "allow-scripts allow-same-origin"
        frame = page.locator(".jp-CodeCell").first.frame_locator("iframe")
        frame.get_by_text("You are number 1 of 1 in line;").wait_for()
        page.screenshot(path=pictures / "hosted-line.png")
        assert "waiting in line: place 1 of 1" in output_of(page, "waiting in line")
        httpx.post(f"{server.url}/v1/sessions/end", json={"token": first})
        frame.get_by_role("button", name="Walk up the lane").click()
        frame.get_by_role("heading", name="Bench").wait_for()
        page.screenshot(path=pictures / "hosted-play.png")
        assert "'choice', 'state'" in output_of(page, "in bench")
        [player_frame] = [each for each in page.frames if each.url.startswith(server.url)]
        player_frame.wait_for_function("longTimers.size > 0")  # it knows when to renew the token
        server_time += 271  # of 300 seconds
        with page.expect_response("**/v1/sessions/refresh") as renewal:
            player_frame.evaluate("passTime(271)")
        assert renewal.value.status == 200
        # it has read the answer
        player_frame.wait_for_function("[...longTimers.values()].every(({at}) => at > 300_000)")
        server_time += 60
        with page.expect_response("**/embed/messages"):
            player_frame.evaluate("passTime(60)")
            frame.get_by_role("button", name="Walk back down the lane").click()
        frame.get_by_role("heading", name="Lane").wait_for()
        assert "ey" + "J" not in str(cells_of(page))  # no token is kept in the notebook
        page.context.close()  # its frames keep their timers


def test_a_refusal_is_told_in_place_of_the_player_which_can_be_tried_again(
    browser: Any, lab: Lab, pictures: Path, tmp_path: Path
) -> None:
    with running(quick(tmp_path / "w.db")) as server:
        keys = server.app(caps={"session": 1})
        notebook = cells(server, lab, keys.secret)
        client = server.client(keys.secret)
        world = next(iter(client.get("/v1/worlds").json()["worlds"]))["id"]
        assert client.post("/v1/sessions/token", json={"worldId": world}).status_code == 200
        page = open_notebook(browser, lab, "hosted-refused.ipynb", notebook)
        run_all(page)
        cell = page.locator(".jp-CodeCell").first
        alert = cell.get_by_role("alert")
        alert.get_by_text("used up for today (1 of 1 are used)").wait_for()
        assert cell.locator("iframe").count() == 0
        assert axe(page, ".jp-CodeCell .jp-OutputArea-output") == []
        page.screenshot(path=pictures / "hosted-refused.png")
        server.services.apps.limit(keys.app, {"session": 100})
        server.services.app_admin.update(keys.app, {"embedding_origins": ["https://game.example"]})
        alert.get_by_role("button", name="Try again").click()
        alert.get_by_text("does not let this page").wait_for()
        page.screenshot(path=pictures / "hosted-forbidden.png")
        server.services.app_admin.update(keys.app, {"embedding_origins": []})
        alert.get_by_role("button", name="Try again").click()
        frame = cell.frame_locator("iframe")
        frame.get_by_role("button", name="Walk up the lane").wait_for()
        assert alert.count() == 0
        page.close()
