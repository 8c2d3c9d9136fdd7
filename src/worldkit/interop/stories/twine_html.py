"""Published Twine 2 pages and archives: ``<tw-storydata>`` with its ``<tw-passagedata>``."""

from __future__ import annotations

import html
import re

from worldkit.core.quoting import quote
from worldkit.interop.stories.html_elements import attribute_value
from worldkit.interop.stories.machine import Loss
from worldkit.interop.stories.twine_story import TwinePassage, TwineStory, parse_position

_TAG = re.compile(r"<(/?)(tw-storydata|tw-passagedata|style|script)(?=[\s>/])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_MAX_ATTRIBUTES = 40
_PARTS = {"style": ("Story Stylesheet", "stylesheet"), "script": ("Story JavaScript", "script")}
"""The passages that Twee has in the place of the styles and the code of a page: the name and the tag."""


def parse_twine_html(text: str) -> TwineStory:
    """Return the story of a published page; the first one when the file is an archive of several.

    Nothing of the page is run or fetched, and everything around the story is passed over.
    """
    losses: list[Loss] = []
    passages: list[TwinePassage] = []
    names: set[str] = set()
    title, story_format, start_number, start = "", "", "", None
    is_inside = False
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        attributes, at = _attributes(text, tag.end())
        name, is_end = tag[2].lower(), bool(tag[1])
        if name == "tw-storydata":
            if is_end and is_inside:
                break
            if not is_end:
                is_inside = True
                title, story_format = attributes.get("name", ""), attributes.get("format", "").lower()
                start_number = attributes.get("startnode", "")
        elif is_inside and not is_end:
            end = text.find(f"</{tag[2]}", at)
            end = len(text) if end < 0 else end
            content, at = text[at:end], end
            if name != "tw-passagedata":
                if content.strip():
                    part, part_tag = _PARTS[name]
                    passages.append(TwinePassage(part, content, (part_tag,)))
                continue
            passage = attributes.get("name", "")
            if not passage or passage in names:
                reason = "there is one of that name before it" if passage else "nothing can lead to it"
                losses.append(Loss("the story", f"the passage {quote(passage)}", reason))
                continue
            names.add(passage)
            source = html.unescape(content).replace("\r\n", "\n").replace("\r", "\n")
            tags, position = tuple(attributes.get("tags", "").split()), parse_position(attributes.get("position"))
            passages.append(TwinePassage(passage, source, tags, position=position))
            if attributes.get("pid") == start_number:
                start = passage
    if is_inside and len(re.findall(r"<tw-storydata(?=[\s>])", text[at:], re.IGNORECASE)) > 0:
        losses.append(
            Loss("the file", "the other stories of the archive", "one story becomes one world; export it alone")
        )
    return TwineStory(title, story_format, start, tuple(passages), losses)


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """Return the attributes of a tag, and where the tag ends."""
    attributes: dict[str, str] = {}
    for _ in range(_MAX_ATTRIBUTES):
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            break
        at = match.end()
        attributes.setdefault(match[1].lower(), attribute_value(match[2] or ""))
    end = re.compile(r"[\s/]*>?").match(text, at)
    return attributes, end.end() if end else at
