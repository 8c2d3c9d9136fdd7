"""A painter that means harm or breaks, in the player: its words are text, bad frames are left out, play goes on."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
from PIL import Image

import worldkit as wk
from tests.browser.stand import Stand, stand
from tests.painting.test_feed import wait_until
from worldkit.painting.painter import Capabilities, Frame

pytestmark = pytest.mark.browser

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
PIXEL = """() => {
    const root = document.querySelector(".worldkit").shadowRoot;
    const canvas = root.querySelector(".wk-live canvas");
    const [red, green, blue] = canvas.getContext("2d").getImageData(1, 1, 1, 1).data;
    return [canvas.width, canvas.height, red, green, blue];
}"""


def picture(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


HOSTILE = [
    Frame(b"\xff\xd8\xff no picture", "image/jpeg"),
    Frame(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(3)'/>", "image/svg+xml"),
    Frame(b"<script>alert(4)</script>", "text/html"),
    Frame(picture(9000, 2, (250, 0, 0)), "image/png"),
    Frame(bytes(16), "image/x-rgba", 9, 9),
    Frame(bytes(16), "image/x-rgba", 1 << 30, 1 << 30),
    Frame(url="https://host.example/a.png", media_type="image"),
]


class HostilePainter:
    """A test double for a world model that means harm: bad frames, then good ones."""

    async def open(self, prompt: str, image: str = "", *, world: str = "") -> Capabilities:
        return Capabilities(prompt=False, note=SCRIPT)

    async def say(self, prompt: str, kind: str = "prompt", state: str = "") -> None:
        pass

    async def hold(self, controls: Collection[str]) -> None:
        pass

    async def frames(self) -> AsyncIterator[Frame]:
        for frame in HOSTILE:
            yield frame
        while True:
            yield Frame(picture(64, 36, (10, 200, 30)), "image/png")
            await asyncio.sleep(0)

    async def close(self) -> None:
        pass


class FailingPainter(HostilePainter):
    """A test double for a world model that draws one picture and breaks when it is told of the next state."""

    def __init__(self) -> None:
        self.is_broken = asyncio.Event()

    async def say(self, prompt: str, kind: str = "prompt", state: str = "") -> None:
        self.is_broken.set()

    async def frames(self) -> AsyncIterator[Frame]:
        yield Frame(picture(64, 36, (10, 200, 30)), "image/png")
        await self.is_broken.wait()
        raise RuntimeError("out of memory on the GPU")


def until(player: Stand, code: str, expected: Any) -> None:
    """Wait until an expression in the page comes to what is expected, while the kernel's messages reach it."""

    def holds() -> bool:
        player.tell()
        return bool(player.page.evaluate(code) == expected)

    wait_until(holds)


def test_a_painter_that_means_harm_harms_nothing_and_its_good_frames_are_drawn(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"), painter=HostilePainter())) as player:
        player.widget._repr_mimebundle_()
        until(player, PIXEL, [64, 36, 10, 200, 30])
        assert player.page.get_by_text(SCRIPT, exact=True).is_visible()
        assert player.page.get_by_text("takes no prompts").is_visible(), "the warning stays"
        player.page.get_by_role("button", name="Climb the kelp steps").click()
        player.page.get_by_role("heading", name="Yard").wait_for()
        assert player.wrong == []
        player.widget.close()


def test_the_drawing_takes_the_place_of_a_model_that_broke_and_play_goes_on(browser: Any) -> None:
    with stand(browser, lambda: wk.play(wk.samples.load("lighthouse"), painter=FailingPainter())) as player:
        player.widget._repr_mimebundle_()
        until(player, PIXEL, [64, 36, 10, 200, 30])
        assert player.page.locator(".wk-state-picture").count() == 0, "what the painter shows comes first"
        player.page.get_by_role("button", name="Climb the kelp steps").click()
        player.page.get_by_role("heading", name="Yard").wait_for()
        failed = (
            "() => !!document.querySelector('.worldkit').shadowRoot.querySelector('.wk-state-picture[data-state=yard]')"
        )
        until(player, failed, True)
        assert player.page.locator(".wk-live canvas").is_hidden()
        assert "Play continues" in player.page.locator(".wk-live-bar").inner_text()
        assert player.wrong == []
        player.widget.close()
