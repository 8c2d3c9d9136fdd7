"""The player page of a server, in a page of another origin: it plays, keeps to its origin, renews its token."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.running import Running, bench, quick, running
from tests.server.test_tokens import mint

MITTEN = "Pick up the red mitten"

pytestmark = pytest.mark.browser

HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A game</title>
<style>body {{ margin: 0 }} iframe {{ border: 0; width: 100%; height: 700px }}</style>
<iframe title="player" src="{src}"></iframe>
<script>
  addEventListener("message", (event) => {{
    if (event.origin !== "{server}" || event.data.type !== "worldkit:token-expiring") return;
    window.asked = (window.asked || 0) + 1;
    event.source.postMessage({{ type: "worldkit:token", token: window.fresh }}, event.origin);
  }});
</script></html>"""


class Page(BaseHTTPRequestHandler):
    """Answers with one text."""

    def __init__(self, text: list[str], *given: Any) -> None:
        self._text = text
        super().__init__(*given)

    def do_GET(self) -> None:
        """Answer."""
        data = self._text[0].encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def hosted() -> Iterator[tuple[str, list[str]]]:
    """Serve a page of another origin; yields the origin, and the list that holds the page's text."""
    text = [""]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Page, text))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", text
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(quick(tmp_path_factory.mktemp("server") / "w.db")) as here:
        yield here


@pytest.fixture
def client(server: Running) -> httpx.Client:
    return server.client(server.app().secret)


@pytest.fixture
def world(client: httpx.Client) -> str:
    return str(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])


def shown(server: Running, token: str) -> str:
    return HOST.format(src=f"{server.url}/embed.html?token={token}", server=server.url)


def test_a_world_is_played_to_its_end_in_a_page_of_the_tokens_origin(
    server: Running,
    client: httpx.Client,
    world: str,
    browser: Any,
    pictures: Path,
) -> None:
    with hosted() as (origin, text):
        text[0] = shown(server, mint(client, world, origin=origin, playerIdentity="ann")["token"])
        for theme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1000, "height": 700}, color_scheme=theme, reduced_motion="reduce"
            )
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.goto(origin)
            frame = page.frame_locator("iframe")
            frame.get_by_role("button", name="Walk up the lane").wait_for()
            page.screenshot(path=pictures / f"embed-{theme}.png")
            inner = page.frames[1]
            assert "token" not in inner.url
            play_to_the_end(frame)
            page.screenshot(path=pictures / f"embed-end-{theme}.png")
            assert said == []
            page.close()


def test_a_live_player_is_shown_the_journal_and_no_tools(
    server: Running,
    browser: Any,
    pictures: Path,
) -> None:
    live = server.client(server.services.apps.rotate(server.app().app, "live").secret)
    id = str(live.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
    with hosted() as (origin, text):
        text[0] = shown(server, mint(live, id, origin=origin)["token"])
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("region", name="Journal").wait_for()
        assert frame.get_by_role("tab").count() == 0
        for theme, width in product(("light", "dark"), (1000, 600, 380)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 700})
            page.screenshot(path=pictures / f"embed-live-{theme}-{width}.png")
        # in a narrow page the journal stands below, and a button leads to it
        frame.get_by_role("button", name="Go to the journal").click()
        frame.locator(".wk-trail button:focus").wait_for()
        play_to_the_end(frame)
        page.close()


def test_the_page_renews_its_token_through_its_parent_and_plays_on(
    server: Running,
    client: httpx.Client,
    world: str,
    browser: Any,
) -> None:
    with hosted() as (origin, text):
        first = mint(client, world, origin=origin, ttlSeconds=2)
        text[0] = shown(server, first["token"])
        page = browser.new_page()
        page.add_init_script(f"window.fresh = {mint(client, world, origin=origin)['token']!r}")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name=MITTEN).wait_for()
        page.wait_for_function("window.asked === 1")
        client.post("/v1/sessions/revoke", json={"jti": first["jti"]})
        play_to_the_end(frame)
        page.close()


def test_a_page_without_its_token_or_of_another_origin_shows_nothing_of_the_world(
    server: Running,
    client: httpx.Client,
    world: str,
    browser: Any,
) -> None:
    token = mint(client, world, origin="https://game.example")["token"]
    free = mint(client, world)["token"]
    page = browser.new_page()
    page.goto(f"{server.url}/embed.html")
    page.get_by_text("The player needs a session token").wait_for()
    page.goto(f"{server.url}/embed.html?token={token}")
    page.get_by_text("This token is for pages of another origin").wait_for()
    with hosted() as (origin, text):
        text[0] = shown(server, token)
        blocked: list[str] = []
        page.on("console", lambda message: blocked.append(message.text))
        page.goto(origin)
        page.wait_for_load_state("networkidle")
        assert page.frame_locator("iframe").get_by_role("button").count() == 0
        text[0] = shown(server, free)
        page.goto(origin)
        page.frame_locator("iframe").get_by_role("button", name=MITTEN).wait_for()
    page.close()


def play_to_the_end(frame: Any) -> None:
    for name in (MITTEN, "Walk up the lane", "Hold out the mitten"):
        # what is pressed while something plays is not heard
        frame.locator(".wk-player[aria-busy='false']").wait_for()
        frame.get_by_role("button", name=name).first.click()
    frame.get_by_text("TWO MITTENS").first.wait_for()
