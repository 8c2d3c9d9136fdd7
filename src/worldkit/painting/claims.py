"""What is checked of a world model, claim by claim, whatever dialect it speaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from worldkit.core.errors import MissingExtra
from worldkit.core.quoting import on_one_line
from worldkit.painting.eye import PATIENCE_SECONDS, Eye
from worldkit.painting.painter import Capabilities, Painter

Outcome = Literal["pass", "fail", "skip"]

LOOK_SECONDS = 1.0
MAX_EXTRA_LOOKS = 3
FIRST_PICTURE_SECONDS = 10.0
MIN_COLOUR_CHANGE = 4.0
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
    """The result of checking a world model.

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
        lines = [f"{marks[claim.outcome]}  {claim.name}: {on_one_line(claim.detail)}" for claim in self.claims]
        return "\n".join([self.url, *lines])


def require_pillow() -> None:
    """Refuse to check without the package that decodes pictures.

    Raises:
        MissingExtra: Pillow is missing.
    """
    try:
        import PIL  # noqa: F401
    except ImportError:
        raise MissingExtra("checking a painter", "live", "pillow") from None


async def check_pictures(painter: Painter, eye: Eye, capabilities: Capabilities, result: CheckedPainter) -> None:
    """Check that pictures come, and that they follow prompts and controls where that was announced.

    Args:
        painter: An open painter that was begun with the first of ``PROMPTS``.
        eye: Looks at its pictures.
        capabilities: What it announced.
        result: Takes the claims.
    """
    claims = result.claims
    if not await eye.until(lambda: eye.count >= 1, FIRST_PICTURE_SECONDS):
        claims.append(Claim("sends pictures", "fail", f"none in {FIRST_PICTURE_SECONDS:g} s{_problems(painter)}"))
        return
    before, noise = await eye.look(LOOK_SECONDS)
    for _ in range(MAX_EXTRA_LOOKS):  # pictures from before the first prompt may still be under way
        if noise <= MIN_COLOUR_CHANGE:
            break
        before, noise = min((before, noise), await eye.look(LOOK_SECONDS), key=lambda look: look[1])
    result.fps = eye.fps
    if not before:
        claims.append(Claim("sends pictures", "fail", f"none that can be read{_problems(painter)}{eye.problem}"))
        return
    claims.append(Claim("sends pictures", "pass", f"{eye.kind}, {eye.size}, {result.fps:.1f} a second"))
    claims.append(await _follows_prompts(painter, eye, capabilities, result, before, max(MIN_COLOUR_CHANGE, 2 * noise)))
    claims.append(await _follows_controls(painter, eye, capabilities))


async def check_goes_on(name: str, eye: Eye, status: Callable[[], str], act: Callable[[], Awaitable[None]]) -> Claim:
    """Check that pictures go on whatever is sent.

    Args:
        name: What is claimed.
        eye: Looks at the pictures.
        status: Tells how the connection fares.
        act: Sends what is to be ignored.
    """
    before = eye.count
    await act()
    if not before:
        return Claim(name, "skip", "there are no pictures to tell by")
    goes_on = await eye.until(lambda: eye.count > before + 2, PATIENCE_SECONDS) and status() == "open"
    detail = "pictures go on" if goes_on else f"pictures stopped, the connection is {status()}"
    return Claim(name, "pass" if goes_on else "fail", detail)


async def _follows_prompts(
    painter: Painter, eye: Eye, capabilities: Capabilities, result: CheckedPainter, before: list[float], calm: float
) -> Claim:
    name = "the picture follows prompts"
    if not capabilities.prompt:
        return Claim(name, "skip", "not announced: the graph plays, and the picture ignores it")
    seconds = await eye.change_after(lambda: painter.say(PROMPTS[1], "state", "cave"), before, calm)
    if seconds is None:
        detail = f"announced, but the picture stayed the same for {PATIENCE_SECONDS:g} s after a prompt"
        return Claim(name, "fail", detail)
    result.latency_ms = 1000 * seconds
    return Claim(name, "pass", f"another picture after {result.latency_ms:.0f} ms")


async def _follows_controls(painter: Painter, eye: Eye, capabilities: Capabilities) -> Claim:
    name = "the picture follows held controls"
    if not capabilities.hold:
        return Claim(name, "skip", "not announced")
    rest_motion = await eye.motion(LOOK_SECONDS)
    await painter.hold({"left"})
    turn_motion = await eye.motion(LOOK_SECONDS)
    await painter.hold(())
    detail = f"motion {rest_motion:.2f} at rest, {turn_motion:.2f} while turning"
    return Claim(name, "pass" if turn_motion > 1.5 * rest_motion + 0.05 else "fail", detail)


def _problems(painter: Painter) -> str:
    problems = getattr(painter, "problems", None)
    return f"; {problems[-1]}" if problems else ""
