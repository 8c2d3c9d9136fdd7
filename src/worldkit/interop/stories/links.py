"""Links of Twine: ``[[Hall]]``, ``[[Go in->Hall]]``, ``[[Hall<-Go in]]`` and ``[[Go in|Hall]]``."""

from __future__ import annotations

import re
from typing import NamedTuple

LINK_PATTERN = r"\[\[[^\[\]\n]*\](?:\[[^\[\]\n]*\])?\]"
"""A link, with a setter of SugarCube behind it or without one."""

_LINK = re.compile(r"\[\[(?P<link>[^\[\]\n]*)\](?:\[(?P<setter>[^\[\]\n]*)\])?\]")


class Link(NamedTuple):
    """A link: what it says, the passage it leads to, and what it assigns on the way."""

    label: str
    target: str
    setter: str


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
