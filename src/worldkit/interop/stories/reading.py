"""Reads a file of any program that can be imported into a machine; what it is, its content tells."""

from __future__ import annotations

from collections.abc import Callable

from worldkit.core import json_values
from worldkit.core.errors import InvalidStory, InvalidWorld
from worldkit.core.quoting import quote
from worldkit.core.story_formats import story_format
from worldkit.interop.stories.ink import ink_machine
from worldkit.interop.stories.machine import Loss, Machine
from worldkit.interop.stories.scxml import scxml_machine
from worldkit.interop.stories.twee import parse_twee
from worldkit.interop.stories.twine import twine_machine
from worldkit.interop.stories.twine_html import parse_twine_html
from worldkit.interop.stories.xstate import xstate_machine

EXPECTED_FORMATS = "Twee, a Twine 2 page, ink as compiled JSON, an XState machine as JSON, or SCXML"


def decode(data: bytes, name: str) -> str:
    """Return the text of a file.

    Raises:
        InvalidStory: It is not UTF-8, nor UTF-16 with its mark.
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidStory(
            f"{name} cannot be imported: it is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from None


def read_machine(text: str, name: str, path: str | None = None) -> tuple[Machine, list[Loss]]:
    """Return the machine that a text holds, and what of the text it does not have.

    Args:
        text: The content of a file.
        name: What to call it in an error.
        path: The file, if it is one: the source of a compiled story may be beside it.

    Raises:
        InvalidStory: It is nothing that can be imported; the message says what it looks like.
    """
    try:
        form = story_format(text)
        if form == "ink":
            return ink_machine(json_values.parse(text), path)
        reader = _READERS.get(form or "")
        if reader is not None:
            return reader(text)
    except InvalidWorld as error:  # JSON that cannot be parsed
        raise InvalidStory(f"{name} cannot be imported: {error.problems[0]}") from None
    except ValueError as error:
        raise InvalidStory(f"{name} cannot be imported: {error}") from None
    raise InvalidStory(f"{name} cannot be imported: {_looks_like(text)}")


def _read_twee(text: str) -> tuple[Machine, list[Loss]]:
    return twine_machine(parse_twee(text))


def _read_twine_page(text: str) -> tuple[Machine, list[Loss]]:
    return twine_machine(parse_twine_html(text))


def _read_xstate(text: str) -> tuple[Machine, list[Loss]]:
    return xstate_machine(json_values.parse(text))


_READERS: dict[str, Callable[[str], tuple[Machine, list[Loss]]]] = {
    "Twee": _read_twee,
    "Twine page": _read_twine_page,
    "XState": _read_xstate,
    "SCXML": scxml_machine,
}


def _looks_like(text: str) -> str:
    """Return what a text that is none of these looks like, and what was expected."""
    head = text[:1_000].lstrip("\ufeff \t\r\n")
    if story_format(text) == "ink source":
        return "it looks like the source of ink; compile it with inklecate or Inky, and import the JSON"
    if story_format(text) == "Yarn source":
        return f"it looks like a script of Yarn Spinner, which is not read; expected {EXPECTED_FORMATS}"
    if head[:1] in ("{", "["):
        try:
            value = json_values.parse(text)
        except InvalidWorld as error:
            return str(error.problems[0])
        if isinstance(value, dict) and {"scene", "world", "worlds", "snapshot", "acts"} & set(value):
            return "it is a world already; read it with worldkit.load()"
        if not isinstance(value, dict):
            return f"it is JSON and no object; expected {EXPECTED_FORMATS}"
        keys = ", ".join(map(quote, list(value)[:6]))
        return f"it is {f'JSON with the keys {keys}' if keys else 'an empty JSON object'}; expected {EXPECTED_FORMATS}"
    if not head:
        return f"it is empty; expected {EXPECTED_FORMATS}"
    if head[:1] == "<":
        return f"it is a page or XML without a story, beginning with {quote(head[:40])}; expected {EXPECTED_FORMATS}"
    return f"it is text beginning with {quote(head[:40])}; expected {EXPECTED_FORMATS}"
