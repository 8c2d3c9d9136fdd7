"""Links of Twine: ``[[Hall]]``, ``[[Go in->Hall]]``, ``[[Hall<-Go in]]`` and ``[[Go in|Hall]]``."""

from __future__ import annotations

import re
from typing import NamedTuple

LINK_PATTERN = r"\[\[[^\[\]\n]*\](?:\[[^\[\]\n]*\])?\]"
"""A link, with a setter of SugarCube behind it or without one."""

IMAGE_PATTERN = r"\[[<>]?img\[[^\[\]\n]*\](?:\[[^\[\]\n]*\]){0,2}\]"
"""A picture of SugarCube, which leads on when a passage stands behind it, and a setter behind that."""

_LINK = re.compile(r"\[\[(?P<link>[^\[\]\n]*)\](?:\[(?P<setter>[^\[\]\n]*)\])?\]")


class Link(NamedTuple):
    """A link: what it says, the passage it leads to, and what it assigns on the way."""

    label: str
    target: str
    setter: str


def parse_image(source: str) -> Link:
    """Return a picture that matches ``IMAGE_PATTERN``; one that does not lead on has no target."""
    image, target, setter, *_ = [*(part.strip() for part in re.findall(r"\[([^\[\]]*)\]", source)), "", ""]
    return Link(image.rpartition("|")[0].strip(), target, setter)


def parse_link(source: str) -> Link:
    """Return a link that matches ``LINK_PATTERN``, read as Twine reads it."""
    match = _LINK.fullmatch(source)
    link, setter = (match["link"], match["setter"] or "") if match else (source, "")
    if "->" in link:
        label, _, target = link.rpartition("->")
    elif "<-" in link:
        target, _, label = link.partition("<-")
    else:
        label, _, target = link.rpartition("|")
    return Link(label.strip(), target.strip(), setter)
