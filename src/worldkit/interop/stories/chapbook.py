"""Passages of Chapbook: variables above a line ``--``, modifiers ``[if key]``, inserts ``{...}`` and links."""

from __future__ import annotations

import re

from worldkit.interop.stories.conditions import ExpressionDialect
from worldkit.interop.stories.expressions import FALSE, Expression, negation
from worldkit.interop.stories.links import LINK_PATTERN, parse_link
from worldkit.interop.stories.passage_reader import PassageReader
from worldkit.interop.stories.visits import visit_count

_VARIABLES = re.compile(r"(?P<variables>(?:.*\n)*?)--[ \t]*(?:\n|\Z)")
_ASSIGNMENT = re.compile(r"\s*(?P<name>[A-Za-z_]\w*)\s*(?:\((?P<guard>.*)\)\s*)?:(?P<value>.*)")
_TOKEN = re.compile(
    rf"(?P<link>{LINK_PATTERN})|^\[(?P<modifier>[^\[\]\n]+)\][ \t]*(?:\n|\Z)|\{{(?P<insert>[^{{}}\n]*)\}}", re.MULTILINE
)
_EMBEDDED_LINK = re.compile(r"""link to:\s*['"]([^'"]+)['"](?:,\s*label:\s*['"]([^'"]+)['"])?\s*""")


def dialect_of(passage: str) -> ExpressionDialect:
    """Return how Chapbook writes expressions in a passage."""
    visits = visit_count(passage)
    variable = r"(?P<name>(?!(?:null|undefined|typeof|new|this|in|instanceof)\b)[A-Za-z_]\w*)"
    return ExpressionDialect(variable, {}, {"passage.visits": lambda _: visits})


def read_chapbook(reader: PassageReader) -> None:
    """Read a passage of Chapbook."""
    text, at = reader.passage.text, 0
    section = _VARIABLES.match(text)
    if section is not None and all(
        _ASSIGNMENT.fullmatch(line) for line in section["variables"].splitlines() if line.strip()
    ):
        _assign(section["variables"], reader)
        at = section.end()
    text_start, last, is_open = at, None, False
    while (token := _TOKEN.search(text, at)) is not None:
        reader.text(text[text_start : token.start()], text_start)
        at = text_start = token.end()
        if token["link"] is not None:
            link = parse_link(token["link"])
            reader.link(link.label, link.target, token.start())
        elif token["insert"] is not None:
            _insert(token, reader)
        else:
            condition, last = _modifier(token, last, reader)
            if is_open:
                reader.leave()
            is_open = condition is not None
            if condition is not None:
                reader.enter(condition)
    reader.text(text[text_start:], text_start)
    if is_open:
        reader.leave()


def _assign(section: str, reader: PassageReader) -> None:
    offset = 0
    for line in section.splitlines(keepends=True):
        match = _ASSIGNMENT.fullmatch(line.rstrip("\n"))
        if match is not None:
            if match["guard"]:
                reader.enter(reader.condition(match["guard"], offset))
            reader.assign(reader.effect(match["name"], match["value"], offset))
            if match["guard"]:
                reader.leave()
        offset += len(line)


def _modifier(
    token: re.Match[str], last: Expression | None, reader: PassageReader
) -> tuple[Expression | None, Expression | None]:
    """Return the condition of the text behind a modifier, and what an else behind it denies."""
    name, _, rest = token["modifier"].strip().partition(" ")
    if name in ("if", "unless"):
        condition = reader.condition(rest, token.start())
        condition = negation(condition) if name == "unless" else condition
        return condition, condition
    if name == "else" and last is not None:
        return negation(last), None
    if name not in ("continue", "cont", "cont'd", "note", "note to myself", "n.b.", "todo", "fixme"):
        reader.lose(
            f"[{token['modifier'][:60]}]", "a world has nothing that does this; its text is kept", token.start()
        )
    return (FALSE, None) if name in ("note", "n.b.", "todo", "fixme") else (None, None)


def _insert(token: re.Match[str], reader: PassageReader) -> None:
    match = _EMBEDDED_LINK.fullmatch(token["insert"].strip())
    if match is not None:
        reader.link(match[2] or "", match[1], token.start())
        return
    reader.text(token[0], token.start())
    reader.lose(
        f"the insert {token[0][:60]}", "a text of a world does not change; it stands there as it is", token.start()
    )
