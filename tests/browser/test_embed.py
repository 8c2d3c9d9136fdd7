"""The player page of a server, in a page of another origin: it plays, keeps to its origin, renews its token."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

import worldkit as wk
from tests.server.running import Running, bench, quick, running, wait_for
from tests.server.test_tokens import mint

MITTEN = "Pick up the red mitten"

pytestmark = pytest.mark.browser

SCRIPT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A game</title>
<style>body {{ margin: 0 }} #game {{ height: 700px }}</style>
<main id="game"></main>
<script src="{server}/embed.global.js"></script>
<script>
  window.told = [];
  const tell = (name) => (payload) => told.push([name, payload]);
  window.embed = AlakazamEmbed.createEmbed({{
    container: "#game", slug: "the-red-mitten", token: {token!r}, ...({options}),
    onReady: tell("ready"), onChoice: tell("choice"), onStateEntered: tell("state"), onEnding: tell("ending"),
    onSessionEnded: tell("ended"), onQueue: tell("queue"), onError: tell("error"),
  }});
</script></html>"""

MODULE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A game</title>
<style>body {{ margin: 0 }} #game {{ height: 700px }}</style>
<main id="game"></main>
<script type="module">
  import {{ createEmbed }} from "{server}/embed.js";
  window.told = [];
  window.asked = 0;
  window.embed = createEmbed({{
    container: document.getElementById("game"),
    token: {token!r},
    getToken: async () => {{ window.asked += 1; return window.fresh; }},
    onSessionEnded: (ended) => told.push(ended),
    onError: (error) => told.push(error),
  }});
</script></html>"""

FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A game</title>
<iframe title="player" src="{src}" style="width: 100%; height: 700px"></iframe>
<script>
  window.heard = [];
  addEventListener("message", (event) => heard.push(event.data));
</script></html>"""

ELEMENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A game</title>
<div data-{prefix}-slug="the-red-mitten" data-{prefix}-token="{token}" style="height: 700px"></div>
<script>
  window.told = [];
  for (const name of ["ready", "choice", "state", "ending", "ended"])
    addEventListener("{prefix}:" + name, (event) => told.push([name, event.detail, event.target.tagName]));
</script>
<script src="{server}/embed.global.js"></script></html>"""


class Page(BaseHTTPRequestHandler):
    """Answers with one text."""

    def __init__(self, text: list[str], *args: Any) -> None:
        self._text = text
        super().__init__(*args)

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
def game_page() -> Iterator[tuple[str, list[str]]]:
    """Serve a page of another origin; yields the origin, and the list that holds the page's text."""
    text = [""]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Page, text))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
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


def script(server: Running, token: str, options: str = "{}") -> str:
    return SCRIPT.format(server=server.url, token=token, options=options)


def page_with_frame(server: Running, **query: str) -> str:
    return FRAME.format(src=f"{server.url}/embed.html?{urlencode(query)}".replace("&", "&amp;"))


def test_a_world_is_played_to_its_end_and_the_page_around_it_hears_everything_in_order(
    server: Running,
    client: httpx.Client,
    world: str,
    browser: Any,
    pictures: Path,
) -> None:
    with game_page() as (origin, text):
        text[0] = script(server, mint(client, world, origin=origin, playerIdentity="ann")["token"])
        for theme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1000, "height": 700}, color_scheme=theme, reduced_motion="reduce"
            )
            messages: list[str] = []
            page.on("console", lambda message, messages=messages: messages.append(message.text))
            page.on("pageerror", lambda error, messages=messages: messages.append(str(error)))
            page.goto(origin)
            frame = page.frame_locator("iframe")
            frame.get_by_role("button", name="Walk up the lane").wait_for()
            page.screenshot(path=pictures / f"embed-{theme}.png")
            inner = page.frames[1]
            assert "token" not in inner.url
            play_to_the_end(frame)
            page.screenshot(path=pictures / f"embed-end-{theme}.png")
            page.wait_for_function("told.some(([name]) => name === 'ending')")
            page_events = page.evaluate("told")
            assert messages == []
            page.close()
            assert page_events == [
                ["ready", {"worldId": world, "state": "lane"}],
                ["choice", choice("pick_up_the_red_mitten", "override", "lane", None, ["mitten"])],
                ["choice", choice("walk_up_the_lane", "transition", "lane", "bench")],
                ["state", {"state": "bench", "from": "lane", "event": "walk_up_the_lane"}],
                ["choice", choice("hold_out_the_mitten", "transition", "bench", "two_mittens", requires=["mitten"])],
                ["state", {"state": "two_mittens", "from": "bench", "event": "hold_out_the_mitten"}],
                ["ending", {"state": "two_mittens", "kind": "win", **TWO_MITTENS}],
            ]


TWO_MITTENS = {
    name: getattr(wk.samples.load("bench").states["two_mittens"].ending, name) for name in ("title", "subtitle")
}


def choice(
    event: str, kind: str, state: str, to: str | None, grants: Sequence[str] = (), requires: Sequence[str] = ()
) -> dict[str, object]:
    chosen_event = next(one for one in wk.samples.load("bench").events if one.name == event)
    label = chosen_event.detail or event.replace("_", " ")
    names = {"event": event, "kind": kind, "label": label, "state": state, "to": to}
    return {**names, "grants": list(grants), "requires": list(requires)}


PIXEL = "data:image/png;base64," + (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_the_entrance_picture_is_shown_until_the_player_moves_on(
    server: Running, client: httpx.Client, browser: Any
) -> None:
    document = bench()
    document["entrance"]["image"] = {"src": PIXEL, "label": "A lane in frost"}
    world = str(client.post("/v1/worlds", json={"world": document}).json()["worldId"])
    with game_page() as (origin, text):
        text[0] = script(server, mint(client, world, origin=origin)["token"])
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        picture = frame.get_by_role("img", name="A lane in frost")
        picture.wait_for()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
        frame.get_by_role("button", name="Walk up the lane").click()
        picture.wait_for(state="detached")
        page.close()


def test_going_back_is_told_as_a_state_without_an_event(
    server: Running, client: httpx.Client, world: str, browser: Any
) -> None:
    with game_page() as (origin, text):
        text[0] = script(server, mint(client, world, origin=origin)["token"])
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Walk up the lane").click()
        page.wait_for_function("told.at(-1)?.[0] === 'state'")
        frame.get_by_role("button", name="Undo", exact=False).first.click()
        page.wait_for_function("told.at(-1)?.[1].state === 'lane'")
        assert page.evaluate("told.at(-1)") == ["state", {"state": "lane", "from": "bench", "event": None}]
        page.close()


def test_a_live_player_is_shown_the_journal_and_no_tools(
    server: Running,
    browser: Any,
    pictures: Path,
) -> None:
    live = server.client(server.services.apps.rotate(server.app().app, "live").secret)
    id = str(live.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
    with game_page() as (origin, text):
        text[0] = script(server, mint(live, id, origin=origin)["token"], '{theme: {colorPrimary: "#b5179e"}}')
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("region", name="Journal").wait_for()
        assert frame.get_by_role("tab").count() == 0
        accent = "el => getComputedStyle(el.querySelector('#player').firstElementChild).getPropertyValue('--wk-accent')"
        assert frame.locator("body").evaluate(accent) == "#b5179e"
        for theme, width in product(("light", "dark"), (1000, 600, 380)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size({"width": width, "height": 700})
            page.screenshot(path=pictures / f"embed-live-{theme}-{width}.png")
        # in a narrow page the journal stands below, and a button leads to it
        frame.get_by_role("button", name="Go to the journal").click()
        frame.locator(".wk-trail button:focus").wait_for()
        play_to_the_end(frame)
        page.close()


@dataclass
class Clocks:
    """The times by which a page and a server act. That of the server stands still unless a test moves it on."""

    page: Any
    server_time: float

    def move_on(self, seconds: float) -> None:
        """Let time pass, on the server first."""
        self.server_time += seconds
        self.page.clock.fast_forward(round(1000 * seconds))


def movable_clocks(page: Any, server: Running, patch: pytest.MonkeyPatch) -> Clocks:
    """Return the clocks of a page that was not opened yet, and of a server's tokens and sessions."""
    clocks = Clocks(page, time.time())
    for part in (server.services.tokens, server.services.connected_sessions):
        patch.setattr(part, "_clock", lambda: clocks.server_time)
    page.clock.install()
    return clocks


def test_the_token_is_renewed_before_it_expires_and_play_goes_on(
    server: Running, client: httpx.Client, world: str, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = server.services.tokens
    with game_page() as (origin, text):
        claims = tokens.read(mint(client, world, origin=origin)["token"])
        first = replace(claims, expires=claims.issued_at + 240)
        text[0] = MODULE.format(server=server.url, token=tokens.sign(first))
        page = browser.new_page(reduced_motion="reduce")
        fresh = mint(client, world, origin=origin, ttlSeconds=3600)["token"]
        page.add_init_script(f"window.fresh = {fresh!r}")
        # the page has a later end only once it has read the answer, which comes after its head
        page.add_init_script("""
            const { json } = Response.prototype;
            Response.prototype.json = function () {
                const content = json.call(this);
                if (this.url.endsWith("/refresh")) content.then(() => { window.hasRenewed = true; });
                return content;
            };
        """)
        refresh_statuses: list[int] = []
        page.on("response", lambda r: refresh_statuses.append(r.status) if r.url.endswith("/refresh") else None)
        clocks = movable_clocks(page, server, monkeypatch)
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name=MITTEN).wait_for()
        with page.expect_response("**/refresh"):
            clocks.move_on(211)
        page.frames[1].wait_for_function("window.hasRenewed")
        assert page.evaluate("asked") == 1
        clocks.move_on(60)
        play_to_the_end(frame)
        assert refresh_statuses == [200]  # a session whose token has expired is not refreshed
        assert page.evaluate("told") == []
        page.close()


def test_without_a_new_token_the_session_ends_when_its_time_is_up(
    server: Running,
    client: httpx.Client,
    world: str,
    browser: Any,
    pictures: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with game_page() as (origin, text):
        text[0] = script(server, mint(client, world, origin=origin, ttlSeconds=600)["token"])
        page = browser.new_page(reduced_motion="reduce")
        clocks = movable_clocks(page, server, monkeypatch)
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name=MITTEN).wait_for()
        clocks.move_on(601)
        frame.get_by_text("The session has ended: its time is up.").wait_for()
        page.screenshot(path=pictures / "embed-expired.png")
        page.wait_for_function("told.some(([name]) => name === 'ended')")
        endings = [payload for name, payload in page.evaluate("told") if name == "ended"]
        assert [one["reason"] for one in endings] == ["expired"] and 600 <= endings[0]["seconds"] <= 900
        page.close()


def test_destroy_ends_the_session_once_and_removes_the_frame(
    server: Running, client: httpx.Client, world: str, browser: Any
) -> None:
    with game_page() as (origin, text):
        token = mint(client, world, origin=origin, ttlSeconds=3600)["token"]
        text[0] = script(server, token)
        page = browser.new_page(reduced_motion="reduce")
        ends: list[str] = []
        page.on("request", lambda request: ends.append(request.url) if request.url.endswith("/end") else None)
        page.goto(origin)
        page.frame_locator("iframe").get_by_role("button", name=MITTEN).wait_for()
        page.wait_for_function("told.some(([name]) => name === 'ready')")
        page.evaluate("embed.destroy(); embed.destroy()")
        page.wait_for_function("told.some(([name]) => name === 'ended')")
        assert page.locator("iframe").count() == 0
        page.goto("about:blank")
        assert len(ends) == 1
        seconds_used = client.get("/v1/usage").json()["usage"]["session_seconds"]
        assert 0 < seconds_used < 60
        page.close()


def test_leaving_the_page_ends_the_session(server: Running, client: httpx.Client, world: str, browser: Any) -> None:
    def seconds_used() -> int:
        return int(client.get("/v1/usage").json()["usage"]["session_seconds"])

    with game_page() as (origin, text):
        text[0] = script(server, mint(client, world, origin=origin, ttlSeconds=3600)["token"])
        page = browser.new_page()
        page.goto(origin)
        page.frame_locator("iframe").get_by_role("button", name=MITTEN).wait_for()
        assert seconds_used() > 3500
        page.goto("about:blank")
        wait_for("the session to end", lambda: seconds_used() < 60 or None)
        page.close()


def test_a_parent_of_another_origin_hears_nothing(
    server: Running, client: httpx.Client, world: str, browser: Any
) -> None:
    free = mint(client, world)["token"]
    with game_page() as (origin, text):
        page = browser.new_page(reduced_motion="reduce")
        for query, hears in (
            ({"token": free, "parentOrigin": "https://game.example"}, False),  # it is told where the parent is not
            ({"token": free, "parentOrigin": origin.replace("127.0.0.1", "localhost")}, False),
            ({"token": free}, False),  # without an origin it is silent
            ({"token": free, "parentOrigin": origin}, True),
            ({"token": mint(client, world, origin=origin)["token"]}, True),  # the token's origin stands in
        ):
            text[0] = page_with_frame(server, **query)
            page.goto(origin)
            frame = page.frame_locator("iframe")
            frame.get_by_role("button", name="Walk up the lane").click()
            frame.locator(".wk-offer", has_text="Walk up the lane").wait_for(state="detached")
            if hears:
                page.wait_for_function("heard.some(({type}) => type === 'state')")
            types = [message["type"] for message in page.evaluate("heard")]
            assert types == (["ready", "choice", "state"] if hears else []), query
        page.close()


def test_the_page_listens_to_its_parent_only(server: Running, client: httpx.Client, world: str, browser: Any) -> None:
    with game_page() as (origin, text):
        text[0] = page_with_frame(server, token=mint(client, world)["token"], parentOrigin="https://game.example")
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name=MITTEN).wait_for()
        page.evaluate("frames[0].postMessage({source: 'alakazam-host', type: 'destroy'}, '*')")
        page.evaluate("frames[0].postMessage({source: 'alakazam-host', type: 'token', token: 'x'}, '*')")
        play_to_the_end(frame)  # who is not the parent it names ends nothing
        page.close()


@pytest.mark.parametrize("prefix", ["alakazam", "worldkit"])
def test_an_element_with_a_slug_is_mounted_and_tells_of_events(
    server: Running, client: httpx.Client, world: str, browser: Any, prefix: str
) -> None:
    with game_page() as (origin, text):
        token = mint(client, world, origin=origin)["token"]
        text[0] = ELEMENT.format(server=server.url, token=token, prefix=prefix)
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        play_to_the_end(page.frame_locator("iframe"))
        page.wait_for_function("told.some(([name]) => name === 'ending')")
        names = [name for name, _, tag in page.evaluate("told") if tag == "DIV"]
        assert names == ["ready", "choice", "choice", "state", "choice", "state", "ending"]
        page.close()


def test_who_finds_no_place_waits_in_line_and_plays_when_one_is_free(
    tmp_path: Path, browser: Any, pictures: Path
) -> None:
    with running(quick(tmp_path / "w.db", sessions=1)) as server, game_page() as (origin, text):
        client = server.client(server.app().secret)
        world = str(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
        first = mint(client, world)["token"]
        assert httpx.post(f"{server.url}/v1/sessions/connect", json={"token": first}, timeout=60).status_code == 200
        text[0] = script(server, mint(client, world, origin=origin)["token"])
        page = browser.new_page(reduced_motion="reduce")
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_text("You are number 1 of 1 in line;").wait_for()
        page.screenshot(path=pictures / "embed-line.png")
        assert page.evaluate("told") == [["queue", {"position": 1, "queueDepth": 1}]]
        httpx.post(f"{server.url}/v1/sessions/end", json={"token": first}, timeout=60)
        frame.get_by_role("button", name=MITTEN).wait_for()
        page.close()


def test_who_waits_longer_than_a_token_lives_keeps_the_place_with_the_next_one(
    tmp_path: Path, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(quick(tmp_path / "w.db", sessions=1)) as server, game_page() as (origin, text):
        client, tokens = server.client(server.app().secret), server.services.tokens

        def connect(token: str) -> httpx.Response:
            return httpx.post(f"{server.url}/v1/sessions/connect", json={"token": token}, timeout=60)

        world = str(client.post("/v1/worlds", json={"world": bench()}).json()["worldId"])
        playing, next_in_line = (mint(client, world)["token"] for _ in range(2))
        assert connect(playing).status_code == 200
        player = {"origin": origin, "playerIdentity": "ann"}
        claims = tokens.read(mint(client, world, **player)["token"])
        text[0] = MODULE.format(server=server.url, token=tokens.sign(replace(claims, expires=claims.issued_at + 120)))
        page = browser.new_page(reduced_motion="reduce")
        page.add_init_script(f"window.fresh = {mint(client, world, **player, ttlSeconds=3600)['token']!r}")
        clocks = movable_clocks(page, server, monkeypatch)
        page.goto(origin)
        frame = page.frame_locator("iframe")
        frame.get_by_text("You are number 1 of 1 in line;").wait_for()
        for _ in range(26):  # who does not ask within 10 s loses the place
            assert connect(next_in_line).json()["position"] == 2
            clocks.server_time += 5
            with page.expect_request("**/sessions/connect") as request:  # one that begins after the server's time moved
                page.clock.fast_forward(5000)
            request.value.response()
        assert page.evaluate("asked") == 1
        frame.get_by_text("You are number 1 of 2 in line;").wait_for()
        httpx.post(f"{server.url}/v1/sessions/end", json={"token": playing}, timeout=60)
        frame.get_by_role("button", name=MITTEN).wait_for()
        assert page.evaluate("told") == []  # neither an error nor an end
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
    with game_page() as (origin, text):
        text[0] = page_with_frame(server, token=token)
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.goto(origin)
        page.wait_for_load_state("networkidle")
        assert page.frame_locator("iframe").get_by_role("button").count() == 0
        text[0] = page_with_frame(server, token=free)
        page.goto(origin)
        page.frame_locator("iframe").get_by_role("button", name=MITTEN).wait_for()
    page.close()


def test_a_token_that_opens_nothing_is_told_to_the_page_that_was_named_as_the_parent_alone(
    server: Running, browser: Any
) -> None:
    with game_page() as (origin, text):
        page = browser.new_page()
        text[0] = script(server, "no-token")
        page.goto(origin)
        page.wait_for_function("told.some(([name]) => name === 'ended')")
        (first, error), (second, ended) = page.evaluate("told")
        assert (first, second) == ("error", "ended") and ended["reason"] == "refused"
        assert error["message"] == page.frame_locator("iframe").get_by_role("alert").inner_text()
        for parent in (origin.replace("127.0.0.1", "localhost"), '"><script>alert(1)</script>'):
            text[0] = page_with_frame(server, token="no-token", parentOrigin=parent)
            page.goto(origin)
            page.frame_locator("iframe").get_by_role("alert").wait_for()
            assert page.evaluate("heard") == [] and page.frame_locator("iframe").locator("p").count() == 1
        page.close()


def play_to_the_end(frame: Any) -> None:
    for name in (MITTEN, "Walk up the lane", "Hold out the mitten"):
        # what is pressed while something plays is not heard
        frame.locator(".wk-player[aria-busy='false']").wait_for()
        frame.get_by_role("button", name=name).first.click()
    frame.get_by_text("TWO MITTENS").first.wait_for()
