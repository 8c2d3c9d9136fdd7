"""Passages of Chapbook: variables above a line ``--``, modifiers ``[if key]``, inserts ``{...}`` and links."""

from __future__ import annotations

import re

from worldkit.interop.stories.conditions import ExpressionDialect
from worldkit.interop.stories.expressions import FALSE, Expression, conjunction, negation
from worldkit.interop.stories.html_elements import CODE_ELEMENT_PATTERN, skip_code_element
from worldkit.interop.stories.links import LINK_PATTERN, parse_link
from worldkit.interop.stories.machine import brief
from worldkit.interop.stories.passage_reader import PassageReader
from worldkit.interop.stories.visits import visit_count

_VARIABLES = re.compile(r"(?P<variables>(?:.*\n)*?)--[ \t]*(?:\n|\Z)")
_ASSIGNMENT = re.compile(r"\s*(?P<name>[^\W\d][\w.]*)\s*(?:\((?P<guard>.*)\)\s*)?:(?P<value>.*)")
_TOKEN = re.compile(
    rf"(?P<link>{LINK_PATTERN})|^\[(?P<modifier>[^\[\]\n]+)\][ \t]*(?:\n|\Z)|\{{(?P<insert>[^{{}}\n]*)\}}"
    rf"|{CODE_ELEMENT_PATTERN}",
    re.MULTILINE,
)
_EMBEDDED_LINK = re.compile(r"""link to:\s*['"]([^'"]+)['"](?:,\s*label:\s*['"]([^'"]+)['"])?\s*""")
_REDIRECT = re.compile(r"""redirect to:\s*(?:"([^"]+)"|'([^']+)')\s*""")
_NAVIGATION_INSERT = re.compile(r"(?:back|embed|link|redirect|reveal|undo)\b")
_SHOWN_PASSAGE = re.compile(r"""(?:embed|reveal)\b.*?\bpassage(?: named)?:\s*(?:"([^"]+)"|'([^']+)')""")
_NAME = re.compile(r"[^\W\d]\w*")
_INPUT = re.compile(r"""(?:cycling link|dropdown menu|text input)\b.*?\bfor:\s*["'](\w+)""")
_CODE_ASSIGNMENT = re.compile(r"""\bstate\s*\.\s*set\s*\(\s*["'`](\w+)""")
_MODIFIER_SEPARATOR = re.compile(r"""("[^"]*"|(?<!\w)'[^']*')|;""")
_STYLE_MODIFIERS = frozenset({"align", "append", "css"})
_CONTINUE_MODIFIERS = frozenset({"continue", "cont", "cont'd"})
_NOTES = frozenset({"note", "n.b.", "todo", "fixme"})


def dialect_of(passage: str) -> ExpressionDialect:
    """Return how Chapbook writes expressions in a passage."""
    visits = visit_count(passage)
    variable = r"(?P<name>(?!(?:null|undefined|typeof|new|this|in|instanceof)\b)[^\W\d]\w*)"
    return ExpressionDialect(variable, {}, {"passage.visits": lambda _: visits})


def names_changed_in_code(source: str) -> list[str]:
    """Return the variables of the story that code in JavaScript changes."""
    return list(dict.fromkeys(_CODE_ASSIGNMENT.findall(source)))


def read_chapbook(reader: PassageReader) -> None:
    """Read a passage of Chapbook."""
    text, at = reader.passage.text, 0
    section = _VARIABLES.match(text)
    if section is not None:
        _assign(section["variables"], reader)
        at = section.end()
    text_start, last, is_open = at, None, False
    deferred_part: tuple[str, int, int] | None = (
        None  # what says when it is done, where its part begins, and its offset
    )
    while (token := _TOKEN.search(text, at)) is not None:
        reader.prose(text[text_start : token.start()], text_start)
        at = text_start = token.end()
        if token["link"] is not None:
            link = parse_link(token["link"])
            reader.link(link.label, link.target, token.start())
        elif token["insert"] is not None:
            _insert(token, reader)
        elif token["code_element"] is not None:
            _, at = skip_code_element(reader, token)
            text_start = at
        else:
            if deferred_part is not None:
                reader.close_deferred(*deferred_part)
            condition, last, is_deferred = _modifiers(token, last, reader)
            if is_open:
                reader.leave()
            is_open = condition is not None
            if condition is not None:
                reader.enter(condition)
            deferred_part = (
                (f"[{brief(token['modifier'])}]", reader.open_deferred(), token.start()) if is_deferred else None
            )
    reader.prose(text[text_start:], text_start)
    for change in _CODE_ASSIGNMENT.finditer(text):
        reader.make_unknown(change[1], "a value by code, which is not read", change.start())
    if deferred_part is not None:
        reader.close_deferred(*deferred_part)
    if is_open:
        reader.leave()


def _assign(section: str, reader: PassageReader) -> None:
    offset = 0
    for line in section.splitlines(keepends=True):
        match = _ASSIGNMENT.fullmatch(line.rstrip("\n"))
        if match is not None and "." in match["name"]:
            what, why = f"the variable {brief(match['name'])}", "a world has no settings and no parts of variables"
            reader.lose(what, why, offset)
        elif match is not None:
            if match["guard"]:
                reader.enter(reader.condition(match["guard"], offset))
            reader.assign(reader.effect(match["name"], match["value"], offset))
            if match["guard"]:
                reader.leave()
        elif line.strip():
            reader.lose(f"the line {brief(line.strip())!r}", "it stands above the line -- and assigns nothing", offset)
        offset += len(line)


def _modifiers(
    token: re.Match[str], last: Expression | None, reader: PassageReader
) -> tuple[Expression | None, Expression | None, bool]:
    """Return the condition of the text behind modifiers, what an else denies, and whether it is done later."""
    conditions: list[Expression] = []
    opposites: list[Expression] = []
    is_deferred = False
    for modifier in _split_modifiers(token["modifier"]):
        name, _, rest = modifier.partition(" ")
        name = name.lower()
        if name in ("if", "unless"):
            condition = reader.condition(rest, token.start())
            opposites.append(negation(condition) if name == "unless" else condition)
            conditions.append(opposites[-1])
        elif name == "else" and last is not None:
            conditions.append(negation(last))
        elif name in _NOTES:
            conditions.append(FALSE)
        elif name not in _CONTINUE_MODIFIERS:
            what, may_lead_on = f"[{brief(modifier)}]", name == "javascript"
            why = "a world has nothing that does this; its text is kept"
            reader.lose(what, why, token.start(), may_lead_on=may_lead_on)
            is_deferred = is_deferred or name not in _STYLE_MODIFIERS
    all_conditions = reader.story.bounded(conjunction(*conditions)) if conditions else None
    return all_conditions, reader.story.bounded(conjunction(*opposites)) if opposites else None, is_deferred


def _split_modifiers(source: str) -> list[str]:
    """Return the modifiers between the semicolons that are in no text."""
    parts, begin = [], 0
    for separator in _MODIFIER_SEPARATOR.finditer(source):
        if separator[1] is None:
            parts.append(source[begin : separator.start()])
            begin = separator.end()
    return [part.strip() for part in [*parts, source[begin:]] if part.strip()]


def _insert(token: re.Match[str], reader: PassageReader) -> None:
    insert, start = token["insert"].strip(), token.start()
    if (match := _EMBEDDED_LINK.fullmatch(insert)) is not None:
        reader.link(match[2] or "", match[1], start)
        return
    if (match := _REDIRECT.fullmatch(insert)) is not None:
        reader.forward(match[1] or match[2], start)
        return
    if _NAME.fullmatch(insert):
        reader.value(f"{{{insert}}}", start)
        return
    inner = _SHOWN_PASSAGE.match(insert)
    passage = (inner[1] or inner[2]) if inner is not None else ""
    if passage and insert.startswith("embed") and reader.read_inside(passage, read_chapbook):
        return
    reader.text(token[0], start)
    why = "a text of a world does not change; it stands there as it is"
    reader.lose(f"the insert {brief(token[0])}", why, start, may_lead_on=_NAVIGATION_INSERT.match(insert) is not None)
    if passage:
        reader.include(passage, start)
    if (match := _INPUT.match(insert)) is not None:
        reader.make_unknown(match[1], f"a value by {brief(token[0])}", start)
