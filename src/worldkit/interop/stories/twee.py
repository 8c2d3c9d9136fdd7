"""Twee 3: Twine stories as text, a header line ``:: Name [tags] {"position":"1,2"}`` before each passage."""

from __future__ import annotations

import json
import re
from typing import Any

from worldkit.core.quoting import quote
from worldkit.interop.stories.machine import Loss
from worldkit.interop.stories.twine_story import TwinePassage, TwineStory, parse_position

_NAME = re.compile(r"(?:[^\\\[\]{}]|\\.)*")
_TAGS = re.compile(r"\[((?:[^\\\[\]{}]|\\.)*)\]\s*")


def parse_twee(text: str) -> TwineStory:
    """Return the story that Twee source holds."""
    losses: list[Loss] = []
    passages: list[TwinePassage] = []
    starts: list[tuple[int, str]] = []
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    for number, line in enumerate(lines):
        if line.startswith("::"):
            starts.append((number, line[2:]))
    if starts and any(line.strip() for line in lines[: starts[0][0]]):
        losses.append(Loss("line 1", "the text before the first passage", "it belongs to no passage"))
    settings: dict[str, Any] = {}
    title = ""
    names: set[str] = set()
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    for (number, header), end in zip(starts, ends, strict=True):
        body = "\n".join(lines[number + 1 : end]).rstrip()
        name, tags, position = _header(header, number + 1, losses)
        where = f"line {number + 1}"
        if not name:
            losses.append(Loss(where, "a passage without a name", "nothing can lead to it"))
        elif name == "StoryTitle":
            title = " ".join(body.split())
        elif name == "StoryData":
            settings = _settings(body, where, losses)
        elif name in names:
            losses.append(Loss(where, f"the passage {quote(name)}", "there is one of that name before it"))
        else:
            names.add(name)
            passages.append(TwinePassage(name, body, tags, number + 2, position))
    start, story_format = settings.get("start"), settings.get("format")
    return TwineStory(
        title,
        story_format.lower() if isinstance(story_format, str) else "",
        start if isinstance(start, str) and start else None,
        tuple(passages),
        losses,
    )


def _header(header: str, line: int, losses: list[Loss]) -> tuple[str, tuple[str, ...], tuple[float, float] | None]:
    """Return the name, the tags and the position that a header names."""
    match = _NAME.match(header)
    end = match.end() if match else 0
    name, rest = _unescaped(header[:end]).strip(), header[end:]
    tags: tuple[str, ...] = ()
    block = _TAGS.match(rest)
    if block is not None:
        tags = tuple(_unescaped(tag) for tag in block[1].split())
        rest = rest[block.end() :]
    position = None
    if rest.lstrip().startswith("{"):
        metadata = _json_object(rest)
        position = None if metadata is None else parse_position(metadata.get("position"))
    elif rest.strip():
        losses.append(Loss(f"line {line}", f"the end of the header, {quote(rest.strip())}", "Twee has no such part"))
    return name, tags, position


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _settings(body: str, where: str, losses: list[Loss]) -> dict[str, Any]:
    settings = _json_object(body)
    if settings is None:
        losses.append(
            Loss(where, "the passage StoryData", "it is no JSON object; the start and the format are not known")
        )
        return {}
    return settings


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
