"""Elements of HTML in passages: code and styles, and attributes that lead on or hold code."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from worldkit.interop.stories.machine import brief
from worldkit.interop.stories.passage_reader import PassageReader

CODE_ELEMENT_PATTERN = r"<(?P<code_element>(?i:script|style))(?=[\s>/])[^<>]*>"
"""The beginning of an element that holds code or styles."""

_ATTRIBUTE_PARTS = r""""[^"]*"|'[^']*'"""
_PASSAGE_NAME = r"(?<=[\s@:])(?i:data-passage)(?=[\s=])"
LEADING_ELEMENT_PATTERN = (
    r"<(?P<leading_element>(?!(?i:img|audio|video|source|track)\b)[A-Za-z][\w-]*)(?P<attributes>"
    rf"(?:{_ATTRIBUTE_PARTS}|(?!{_PASSAGE_NAME})[^\"'<>])*+{_PASSAGE_NAME}"
    rf"(?:{_ATTRIBUTE_PARTS}|[^\"'<>])*+)>"
)
"""The beginning of an element with the attribute ``data-passage``. That of a picture or a sound names its source."""

_ATTRIBUTE = re.compile(r"""([^\s"'=<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_ELEMENT_PATTERN = rf"(?<!<)<[A-Za-z][\w-]*(?P<attributes>(?:{_ATTRIBUTE_PARTS}|[^\"'<>])*+)>"
COMMENT_PATTERN = r"<!--(?s:.*?)(?:-->|\Z)"
"""A comment of HTML; what is in it is not there for the reader of a story."""
_CODE_ATTRIBUTE = re.compile(r"(?:@|sc-eval:)?on[a-z]+", re.IGNORECASE)
_CODE_ADDRESS = re.compile(r"\s*javascript:(?!\s*(?:void\b|;|$))", re.IGNORECASE)
_CODE_IN_LABEL = re.compile(r"\[\[|\[[<>]?img\[|<[<%]|\$")
_MAX_LABEL_LENGTH = 500


class LeadingElement(NamedTuple):
    """An element that leads on.

    Attributes:
        label: What it says.
        target: The passage that it leads to; None when code computes it.
        setter: What it assigns on the way.
        end: Where the text goes on behind it.
    """

    label: str
    target: str | None
    setter: str
    end: int


def attribute_value(source: str) -> str:
    """Return the value of an attribute that is written with or without quotation marks."""
    return html.unescape(source[1:-1] if source[:1] in ("'", '"') else source)


def leading_element(token: re.Match[str]) -> LeadingElement:
    """Return the element whose beginning matches ``LEADING_ELEMENT_PATTERN``."""
    values = {name.lower(): attribute_value(value) for name, value in _ATTRIBUTE.findall(token["attributes"])}
    target, setter = values.get("data-passage"), values.get("data-setter", "")
    for prefix in ("@", "sc-eval:"):
        if f"{prefix}data-passage" in values or f"{prefix}data-setter" in values:
            target, setter = None, values.get(f"{prefix}data-setter", setter)
    text, begin = token.string, token.end()
    end = text.find(f"</{token['leading_element']}>", begin, begin + _MAX_LABEL_LENGTH)
    content = text[begin:end] if end >= 0 else ""
    if end < 0 or _CODE_IN_LABEL.search(content):
        return LeadingElement("", target, setter, begin)
    label = html.unescape(re.sub(r"<[^<>]*>", "", content))
    return LeadingElement(" ".join(label.split()), target, setter, end + len(token["leading_element"]) + 3)


def note_code_attributes(
    reader: PassageReader, changed_in_code: Callable[[str], Iterable[str]], comment_pattern: str = COMMENT_PATTERN
) -> None:
    """Note the code in attributes of elements, such as ``onclick="..."``, which may change variables and lead on.

    Args:
        reader: Collects what the passage says.
        changed_in_code: Returns the variables of the story that code changes.
        comment_pattern: The comments of the story format, in which nothing counts.
    """
    for element in re.finditer(f"{comment_pattern}|{_ELEMENT_PATTERN}", reader.passage.text):
        for name, source in _ATTRIBUTE.findall(element["attributes"] or ""):
            code = attribute_value(source)
            is_address = name.lower() == "href" and _CODE_ADDRESS.match(code) is not None
            if not code or not (is_address or _CODE_ATTRIBUTE.fullmatch(name)):
                continue
            what, start = f"the code {brief(f'{name}={source}')!r} of an element", element.start()
            reader.lose(what, "it is not read", start, may_lead_on=True)
            for variable in changed_in_code(code):
                reader.make_unknown(variable, f"a value in {name}=..., and code is not read", start)


def skip_code_element(reader: PassageReader, token: re.Match[str]) -> tuple[str, int]:
    """Pass over an element that holds code or styles; return what it holds, and where the text goes on.

    Args:
        reader: Collects what the passage says.
        token: What matched ``CODE_ELEMENT_PATTERN``.
    """
    name = token["code_element"].lower()
    end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(token.string, token.end())
    what = f"<{name}> and all that is in it"
    reader.lose(what, "a world has no code and no styles", token.start(), may_lead_on=name == "script")
    if end is None:
        return token.string[token.end() :], len(token.string)
    return token.string[token.end() : end.start()], end.end()
