"""Check a world model claim by claim: does it speak protocol 1, and does its picture do what it says?"""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from worldkit.core.errors import MissingExtra, PainterRefused, WorldError
from worldkit.painting.looks import decoded
from worldkit.painting.painter import Capabilities, Frame
from worldkit.painting.websocket.client import WebSocketPainter
from worldkit.painting.websocket.probe import probe

Outcome = Literal["pass", "fail", "skip"]

GRID = (32, 18)
"""A picture is compared as so many averaged cells across and down."""
LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 6.0
"""How long a picture may take to show a new prompt."""
LEAST_CHANGE = 4.0
"""Mean difference of the cells' colours, 0 to 255, that counts as another picture."""

PROMPTS = (
    "A wide white beach at noon under a bright blue sky, shot on 35mm film.",
    "The inside of a dark cave at night, one red lantern on the wet black rock, shot on 35mm film.",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was checked.

    Attributes:
        name: What is claimed.
        outcome: Whether it holds; ``skip`` when there was nothing to check.
        detail: What was seen, or why it was not checked.
    """

    name: str
    outcome: Outcome
    detail: str = ""


@dataclass
class CheckedPainter:
    """What came of checking a world model.

    Attributes:
        url: Its address, without a query.
        claims: What was checked, in order.
        fps: Pictures a second.
        latency_ms: From a prompt to a picture that shows it; None when none did.
    """

    url: str
    claims: list[Claim] = field(default_factory=list)
    fps: float = 0.0
    latency_ms: float | None = None

    @property
    def passed(self) -> bool:
        """Whether no claim failed."""
        return all(claim.outcome != "fail" for claim in self.claims)

    def __str__(self) -> str:
        marks = {"pass": "ok  ", "fail": "FAIL", "skip": "-   "}
        lines = [f"{marks[claim.outcome]}  {claim.name}: {claim.detail}" for claim in self.claims]
        return "\n".join([self.url, *lines])


async def check(url: str, key: str | None = None) -> CheckedPainter:
    """Check a world model, and return claim by claim what holds.

    Args:
        url: Its address.
        key: Its key.

    Raises:
        MissingExtra: ``websockets`` or Pillow is missing.
        WorldError: The address cannot be used.

    Source:
        docs/spec/frames.md#world-models-over-websocket-protocol-1
    """
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise MissingExtra("checking a painter", "live", "pillow") from None
    painter = WebSocketPainter(url, key)
    result = CheckedPainter(repr(painter).split("'")[1])
    claims = result.claims
    try:
        answer = await probe(url, key)
    except PainterRefused as refused:
        claims.append(Claim("answers a probe", "fail", str(refused)))
        return result
    claims.append(Claim("answers a probe", "pass", f"after {1000 * answer.seconds:.0f} ms, without a start"))
    claims.append(_announcement(answer.capabilities))
    try:
        capabilities = await painter.open(PROMPTS[0], world="worldkit check")
    except PainterRefused as refused:
        claims.append(Claim("starts", "fail", str(refused)))
        return result
    eye = _Eye(painter)
    try:
        async with eye.looking():
            await _check_pictures(painter, eye, capabilities, result)
            await _check_robustness(painter, eye, result)
    finally:
        await painter.close()
    return result


def _announcement(capabilities: Capabilities) -> Claim:
    name = "says what it can do"
    if capabilities.inferred:
        return Claim(name, "fail", "no capabilities within 2.5 s, so none are assumed")
    words = ", ".join(
        f"{word} {'yes' if value else 'no'}"
        for word, value in (
            ("streaming", capabilities.streaming),
            ("promptableEvents", capabilities.prompt),
            ("heldCommands", capabilities.hold),
            ("persistentWorlds", capabilities.persistent),
        )
    )
    return Claim(name, "pass", words)


async def _check_pictures(
    painter: WebSocketPainter, eye: _Eye, capabilities: Capabilities, result: CheckedPainter
) -> None:
    claims = result.claims
    if not await eye.until(lambda: eye.count >= 1, 10):
        claims.append(Claim("sends pictures", "fail", f"none in 10 s{_problems(painter)}"))
        return
    before, spread = await eye.look(LOOK_SECONDS)
    result.fps = eye.fps
    if not before:
        claims.append(Claim("sends pictures", "fail", f"none that can be read{_problems(painter)}{eye.problem}"))
        return
    claims.append(Claim("sends pictures", "pass", f"{eye.kind}, {eye.size}, {result.fps:.1f} a second"))
    calm = max(LEAST_CHANGE, 2 * spread)

    name = "the picture follows prompts"
    if not capabilities.prompt:
        claims.append(Claim(name, "skip", "not announced: the graph plays, and the picture ignores it"))
    else:
        seconds = await eye.change_after(lambda: painter.say(PROMPTS[1], "state", "cave"), before, calm)
        if seconds is None:
            detail = f"announced, but the picture stayed the same for {PATIENCE_SECONDS:g} s after a prompt"
            claims.append(Claim(name, "fail", detail))
        else:
            result.latency_ms = 1000 * seconds
            claims.append(Claim(name, "pass", f"another picture after {result.latency_ms:.0f} ms"))

    name = "the picture follows held controls"
    if not capabilities.hold:
        claims.append(Claim(name, "skip", "not announced"))
        return
    at_rest = await eye.motion(LOOK_SECONDS)
    await painter.hold({"left"})
    turning = await eye.motion(LOOK_SECONDS)
    await painter.hold(())
    detail = f"motion {at_rest:.2f} at rest, {turning:.2f} while turning"
    claims.append(Claim(name, "pass" if turning > 1.5 * at_rest + 0.05 else "fail", detail))


async def _check_robustness(painter: WebSocketPainter, eye: _Eye, result: CheckedPainter) -> None:
    name = "ignores what it does not know"
    before = eye.count
    for text in ("not json", json.dumps({"type": "worldkit-unknown", "value": [1]}), "[]"):
        await painter.send_raw(text)
    if not before:
        result.claims.append(Claim(name, "skip", "there are no pictures to tell by"))
        return
    goes_on = await eye.until(lambda: eye.count > before + 2, PATIENCE_SECONDS) and painter.status == "open"
    detail = "pictures go on" if goes_on else f"pictures stopped, the connection is {painter.status}"
    result.claims.append(Claim(name, "pass" if goes_on else "fail", detail))


def _problems(painter: WebSocketPainter) -> str:
    return f"; {painter.problems[-1]}" if painter.problems else ""


class _Eye:
    """Looks at the pictures of a painter."""

    def __init__(self, painter: WebSocketPainter) -> None:
        self.painter = painter
        self.count = 0
        self.kind = self.size = self.problem = ""
        self.cells: list[tuple[float, list[int]]] = []
        self._news = asyncio.Event()

    @property
    def fps(self) -> float:
        if len(self.cells) < 2:
            return 0.0
        return (len(self.cells) - 1) / max(1e-6, self.cells[-1][0] - self.cells[0][0])

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _look_on(self) -> None:
        loop = asyncio.get_running_loop()
        async for frame in self.painter.frames():
            self.count += 1
            try:
                self.kind, self.size, cells = await asyncio.to_thread(_averages, frame)
                self.cells.append((loop.time(), cells))
                del self.cells[:-600]
            except (OSError, ValueError, SyntaxError, WorldError) as error:
                self.problem = f"; {error}"
            self._news.set()

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        return condition()

    async def look(self, seconds: float) -> tuple[list[float], float]:
        """Return the mean picture of some time, and how far single pictures were from it."""
        self.cells.clear()
        await asyncio.sleep(seconds)
        pictures = [cells for _, cells in self.cells]
        if not pictures:
            return [], 0.0
        mean = [statistics.fmean(values) for values in zip(*pictures, strict=True)]
        return mean, max(_difference(mean, picture) for picture in pictures)

    async def change_after(self, act: Callable[[], Awaitable[None]], before: list[float], calm: float) -> float | None:
        """Return the seconds after which three pictures in a row differ from those before; None when they never do."""
        loop = asyncio.get_running_loop()
        self.cells.clear()
        began = loop.time()
        await act()

        def first_change() -> float | None:
            for one, two, three in zip(self.cells, self.cells[1:], self.cells[2:], strict=False):
                if all(_difference(before, cells) > calm for _, cells in (one, two, three)):
                    return one[0] - began
            return None

        await self.until(lambda: first_change() is not None, PATIENCE_SECONDS)
        return first_change()

    async def motion(self, seconds: float) -> float:
        """Return the mean difference between pictures that follow each other."""
        self.cells.clear()
        await asyncio.sleep(seconds)
        pairs = zip(self.cells, self.cells[1:], strict=False)
        return statistics.fmean([_difference(a[1], b[1]) for a, b in pairs] or [0.0])


def _difference(a: list[float] | list[int], b: list[float] | list[int]) -> float:
    return statistics.fmean(abs(x - y) for x, y in zip(a, b, strict=True))


def _averages(frame: Frame) -> tuple[str, str, list[int]]:
    """Return a picture's kind, its size, and the mean colours of its cells.

    Raises:
        ValueError: It is not a picture that can be looked at.
    """
    from PIL import Image

    picture = decoded(frame)
    small: Any = picture.convert("RGB").resize(GRID, Image.Resampling.BOX)
    kind = frame.media_type.removeprefix("image/").removeprefix("x-").upper()
    return kind, f"{picture.width} x {picture.height}", list(small.tobytes())
