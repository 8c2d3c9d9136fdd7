"""Text and names of a world as SugarCube takes them literally: no word of an author becomes a macro, markup or HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories.sugarcube import SPECIAL_PASSAGES

_RESERVED = frozenset(
    {*SPECIAL_PASSAGES, "StoryData", "StoryInit", "StoryLoadingScreen", "StoryTitle", "init", "script", "stylesheet"}
)
"""Passages that SugarCube does not show as places."""
VALUES_OF_ANY_OBJECT = (
    *("constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString"),
    "valueOf",
)
"""Variables that JavaScript gives a value, which counts as true, before the story does."""
_MARKUP_SIGN = re.compile(
    r"""[<>&$_\[\]{}\\`|]"""
    r"""|(?<=')'|'(?=')|(?<=")"|"(?=")"""
    r"""|(?<=/)[/*%]|/(?=[/*%])|(?<=%)/"""
    r"""|(?<=@)@|@(?=@)|(?<==)=|=(?==)|(?<=~)~|~(?=~)|(?<=\^)\^|\^(?=\^)|(?<=-)-|-(?=-)"""
    r"""|(?<=file):|(?<=https):|(?<=http):|(?<=mailto):|(?<=ftp):|(?<=javascript):|(?<=irc):|(?<=news):|(?<=data):"""
    r"""|^[!*#:]""",
    re.IGNORECASE | re.MULTILINE,
)
"""What SugarCube or Twee may take for something else than text."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def prose(text: str) -> str:
    """Return a text with its lines, each character as SugarCube shows it."""
    lines = [line.strip() for line in _CONTROL.sub(" ", re.sub(r"\r\n?", "\n", text)).split("\n")]
    return _MARKUP_SIGN.sub(lambda sign: f"&#{ord(sign[0])};", "\n".join(lines)).strip("\n")


def label(text: str) -> str:
    """Return the text of a link between quotes: on one line, and without quotes of its own."""
    return prose(" ".join(text.split())).replace('"', "&quot;") or "…"


def unused_passages() -> UnusedNames:
    """Return what makes names of passages, none of which SugarCube takes for one of its own."""
    return UnusedNames(_RESERVED)


def passage_name(id: str) -> str:
    """Return what the passage of a state is called: its id, without signs that Twee or a link would take apart."""
    return " ".join(re.sub(r"[^\w ,.'’()…-]", "_", id).split()) or "state"


def variables(names: Iterable[str], unused_names: UnusedNames, prefix: str) -> dict[str, str]:
    """Return a variable, with its ``$``, for each of some names."""
    variables_by_name: dict[str, str] = {}
    for name in names:
        word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
        is_plain = prefix == "flag" and word[:1].isalpha()
        variables_by_name[name] = "$" + unused_names.take(word if is_plain else f"{prefix}_{word}".rstrip("_"))
    return variables_by_name
