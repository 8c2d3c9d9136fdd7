"""Passages of SugarCube: macros ``<<set $key to true>>``, ``<<if $key>>...<</if>>`` and links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worldkit.interop.stories.conditions import ExpressionDialect
from worldkit.interop.stories.expressions import FALSE, TRUE, Expression, conjunction, disjunction, negation
from worldkit.interop.stories.html_elements import (
    CODE_ELEMENT_PATTERN,
    LEADING_ELEMENT_PATTERN,
    leading_element,
    skip_code_element,
)
from worldkit.interop.stories.links import IMAGE_PATTERN, LINK_PATTERN, parse_image, parse_link
from worldkit.interop.stories.machine import VariableEffect, brief
from worldkit.interop.stories.passage_reader import PassageReader
from worldkit.interop.stories.visits import has_visited, visit_count

_WORDS = {
    "and": "and", "or": "or", "not": "not", "is": "is", "isnot": "is not",
    "eq": "==", "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=",
}  # fmt: skip
_TOKEN = re.compile(
    rf"(?P<link>{LINK_PATTERN})"
    r"""|<<(?P<end>/?)(?P<name>[A-Za-z][\w-]*|[-=])(?P<arguments>(?:"[^"\n]*"|'[^'\n]*'|[^"'<>]|<(?!<)|>(?!>)|['"])*?)>>"""
    r"|(?P<verbatim>\{{3}|\"{3}|<(?i:nowiki)>)"
    rf"|(?P<comment>/\*|/%|<!--)|(?P<variable>(?:\$|(?<!_)_)[A-Za-z]\w*)|(?P<image>{IMAGE_PATTERN})"
    rf"|{CODE_ELEMENT_PATTERN}|{LEADING_ELEMENT_PATTERN}"
)
_COMMENT_ENDS = {"/*": "*/", "/%": "%/", "<!--": "-->"}
_VERBATIM_ENDS = {
    "{{{": re.compile(r"\}{3}"),
    '"""': re.compile('"{3}'),
    "<nowiki>": re.compile("</nowiki>", re.IGNORECASE),
}
"""What ends a text in which nothing counts as code, by what begins it."""
_CONTINUED_LINE = re.compile(r"\\[^\S\n]*\n|\n[^\S\n]*\\")
"""A backslash at the end of a line, or at the beginning of the next one: the two are one line."""
_ASSIGNMENT = re.compile(r"\s*\$(?P<name>\w+)\s*(?P<operator>to\b|[-+*/%]?=(?!=)|\+\+|--)\s*(?P<value>.*)", re.DOTALL)
SPECIAL_PASSAGES = (
    *("PassageDone", "PassageFooter", "PassageHeader", "PassageReady", "StoryAuthor", "StoryBanner", "StoryCaption"),
    *("StoryDisplayTitle", "StoryInterface", "StoryMenu", "StoryShare", "StorySubtitle", "StorySettings"),
    *("widget", "Twine.private", "Twine.audio", "Twine.image", "Twine.video", "Twine.vtt"),
)
"""Passages that SugarCube shows around others, or not at all."""
_SIGN = r"(?:[-+/%&|^]|\*\*?|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--"
_OPERATOR = rf"\s*(?:to\b|{_SIGN})"
_CHANGED_VARIABLE = re.compile(rf"\$(\w+){_OPERATOR}|(?:\+\+|--)\s*\$(\w+)")
_MEMBER = r"""\s*(?:\.\s*(?P<name>\w+)|\[\s*["'`](?P<text>\w+)["'`]\s*\])"""
_VARIABLES = r"\bvariables(?:\s*\(\s*\))?"
_OWNER = r"(?<![\w$.])(?P<owner>[A-Za-z_$][\w$]*)"
_VARIABLES_ALIAS = re.compile(rf"{_OWNER}\s*=\s*(?:\w+\s*\.\s*)*{_VARIABLES}(?![\w$])(?!\s*[.\[(])")
"""Another name that code gives to what holds all variables."""
_PREFIX_OPERATOR = r"(?:\+\+|--|\bdelete\s)\s*"
_CODE_ASSIGNMENTS = [
    re.compile(rf"{_PREFIX_OPERATOR}(?:\w+\s*\.\s*)*?{_VARIABLES}{_MEMBER}"),
    re.compile(rf"{_VARIABLES}{_MEMBER}{_OPERATOR}"),
]
_ALIAS_ASSIGNMENTS = [
    re.compile(rf"{_PREFIX_OPERATOR}{_OWNER}{_MEMBER}"),
    re.compile(rf"{_OWNER}{_MEMBER}{_OPERATOR}"),
]
_SET_VAR_CALL = re.compile(r"""\bsetVar\s*\(\s*["'`]\$(\w+)""")
_OBJECT_ASSIGN_CALL = re.compile(
    rf"\bObject\s*\.\s*assign\s*\(\s*(?:\w+\s*\.\s*)*?{_VARIABLES}\s*,\s*\{{(?P<members>[^{{}}]*)\}}"
)
_ASSIGNED_MEMBER = re.compile(r"""(?:^|,)\s*["'`]?(\w+)["'`]?\s*(?=[:,]|$)""")
_WIKI = re.compile(r"\b(?:wiki|Wikifier)\s*\(")
"""A call in code that carries out macros."""
_SEPARATOR = re.compile(rf"""("[^"]*"|'[^']*')|[,;](?=\s*(?:\$\w+{_OPERATOR}|(?:\+\+|--)\s*\$\w)|\s*$)""")
_LINK_ARGUMENTS = re.compile(
    r"""\s*(?:"(?P<label>[^"]*)"|'(?P<label2>[^']*)')\s*(?:"(?P<target>[^"]*)"|'(?P<target2>[^']*)')?\s*"""
)
_LINKS = {"link": True, "button": True, "click": True, "linkreplace": False, "linkappend": False, "linkprepend": False}
"""Macros that do what they contain when they are pressed, each with whether it can stay when it only assigns."""
_RAW_MACROS = frozenset({"script", "style", "widget", "capture", "append", "prepend", "replace", "remove", "for"})
"""Macros whose content is code, or is shown elsewhere or at another time."""
_CASE = re.compile(r"""\"[^\"]*\"|'[^']*'|[^\s"']+""")
"""A value of a case."""
_INCLUDE_MACROS = frozenset({"include", "display"})
_CHANGING_MACROS = frozenset({"unset", "for"})
"""Macros that change every variable that they name."""


def changed_names(source: str) -> list[str]:
    """Return the variables that the arguments of a macro, or assignments, change."""
    return list(dict.fromkeys([*_names_assigned(source), *names_changed_in_code(source)]))


def names_changed_in_code(source: str) -> list[str]:
    """Return the variables of the story that code in JavaScript changes."""
    changes = [change for pattern in _CODE_ASSIGNMENTS for change in pattern.finditer(source)]
    other_names = set(_VARIABLES_ALIAS.findall(source))
    for pattern in _ALIAS_ASSIGNMENTS if other_names else ():
        changes += [change for change in pattern.finditer(source) if change["owner"] in other_names]
    names = [*_SET_VAR_CALL.findall(source), *(change["name"] or change["text"] for change in changes)]
    for members in _OBJECT_ASSIGN_CALL.findall(source):
        names += _ASSIGNED_MEMBER.findall(members)
    if _WIKI.search(source):
        names += _names_assigned(source)
    return list(dict.fromkeys(names))


def _names_assigned(source: str) -> list[str]:
    """Return the variables that are assigned under their own names."""
    return [name for match in _CHANGED_VARIABLE.findall(source) for name in match if name]


def dialect_of(passage: str) -> ExpressionDialect:
    """Return how SugarCube writes expressions in a passage."""
    return ExpressionDialect(
        r"\$(?P<name>\w+)",
        _WORDS,
        {
            "visited": lambda name: visit_count(name or passage),
            "hasVisited": lambda name: has_visited(name) if name else FALSE,
        },
    )


@dataclass(slots=True)
class _OpenMacro:
    """A macro that is open: its name, where it began, and what its end has to do."""

    name: str
    start: int
    earlier_conditions: Expression | None = None  # what an else denies
    label: str = ""
    target: str = ""
    start_piece: int = 0  # of a link, or of what is done at another time: where it begins
    deferring_macro: str = ""  # of what is done at another time: the macro


class SugarCubeReader:
    """Reads one passage.

    Args:
        reader: Collects what the passage says.
    """

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._text = reader.passage.text
        self._blocks: list[_OpenMacro] = []
        self._silent_blocks = 0
        self._unclosed_kinds: set[str] = set()  # what begins a text without code that does not end
        self._last_ends = {end[1]: end.start() for end in re.finditer(r"<</([A-Za-z][\w-]*)>>", self._text)}

    def read(self) -> None:
        """Read the passage."""
        at, text_start = 0, 0
        while (token := _TOKEN.search(self._text, at)) is not None:
            self._show_lines(self._text[text_start : token.start()], text_start)
            at = text_start = self._token(token)
        self._show_lines(self._text[text_start:], text_start)
        while self._blocks:
            self._close(self._blocks[-1].name)

    def _show_lines(self, text: str, offset: int) -> None:
        if not self._silent_blocks:
            self._reader.prose(_CONTINUED_LINE.sub("", text), offset)

    def _show(self, text: str, offset: int) -> None:
        if not self._silent_blocks:
            self._reader.text(text, offset)

    def _token(self, token: re.Match[str]) -> int:
        """Carry out one token, and return where the text goes on."""
        reader, start = self._reader, token.start()
        if token["link"] is not None:
            link = parse_link(token["link"])
            reader.link(link.label, link.target, start, self._setter(link.setter, start))
        elif token["name"] is not None:
            if token["end"]:
                self._close(token["name"])
            elif token["name"] in _RAW_MACROS:
                return self._skip(token)
            else:
                self._macro(token["name"], token["arguments"].strip(), start)
        elif token["verbatim"] is not None:
            return self._verbatim(token["verbatim"], token.end())
        elif token["comment"] is not None:
            end = self._text.find(_COMMENT_ENDS[token["comment"]], token.end())
            return len(self._text) if end < 0 else end + len(_COMMENT_ENDS[token["comment"]])
        elif token["image"] is not None:
            reader.lose("a picture", "pictures of a world are described in its text", start)
            if (link := parse_image(token["image"])).target:
                reader.link(link.label, link.target, start, self._setter(link.setter, start))
        elif token["code_element"] is not None:
            content, end = skip_code_element(reader, token)
            self._make_unknown(names_changed_in_code(content), f"<{token['code_element']}>", start)
            return end
        elif token["leading_element"] is not None:
            return self._element(token)
        else:
            self._variable(token["variable"], start)
        return token.end()

    def _verbatim(self, opening: str, begin: int) -> int:
        """Show a text in which nothing counts as code, and return where the passage goes on."""
        kind = opening.lower()
        end = None if kind in self._unclosed_kinds else _VERBATIM_ENDS[kind].search(self._text, begin)
        if end is None:
            self._unclosed_kinds.add(kind)
            self._show(opening, begin - len(opening))
            return begin
        self._show(self._text[begin : end.start()], begin)
        return end.end()

    def _element(self, token: re.Match[str]) -> int:
        """Offer the link that an element of HTML is, and return where the text goes on."""
        element, start = leading_element(token), token.start()
        if element.target is not None:
            self._reader.link(element.label, element.target, start, self._setter(element.setter, start))
        else:
            what = f"the link {brief(token[0])!r}"
            self._reader.lose(what, "it does not name its passage as plain text", start, may_lead_on=True)
            self._make_unknown(changed_names(element.setter), what, start)
        return element.end

    def _variable(self, name: str, start: int) -> None:
        """Show the name of a variable in the place of its value."""
        if name[0] == "$" and not self._silent_blocks:
            self._reader.value(name, start)
        else:
            self._show(name, start)

    def _skip(self, token: re.Match[str]) -> int:
        """Pass over a macro whose content cannot be expressed."""
        name = token["name"]
        is_closed = self._last_ends.get(name, -1) >= token.end()
        end = self._text.find(f"<</{name}>>", token.end()) if is_closed else -1
        what = f"<<{name}>> and all that is in it"
        self._reader.lose(what, "a world has nothing that does this", token.start(), may_lead_on=True)
        self._note_changes(name, token["arguments"], token.start())
        content = self._text[token.end() : end] if is_closed else ""  # what is not closed is read as it stands
        # code may be anywhere in it
        uses_twinescript = "twinescript" in (token["arguments"] + content).lower()
        names = changed_names(content) if uses_twinescript else names_changed_in_code(content)
        self._make_unknown(names, f"<<{name}>>", token.start())
        for inner in _TOKEN.finditer(content):
            if inner["link"] is not None:
                self._make_unknown(changed_names(parse_link(inner["link"]).setter), f"<<{name}>>", token.start())
            elif inner["image"] is not None or inner["leading_element"] is not None:
                self._make_unknown(changed_names(inner[0]), f"<<{name}>>", token.start())
            elif inner["name"] is not None and not inner["end"]:
                self._note_changes(inner["name"], inner["arguments"], token.start())
        return token.end() if end < 0 else end + len(name) + 5

    def _show_passage(self, arguments: str) -> bool:
        is_shown = not self._silent_blocks
        return is_shown and self._reader.read_inside(_included_passage(arguments), read_sugarcube)

    def _note_changes(self, name: str, arguments: str, start: int) -> None:
        """Note the variables that a macro changes which is not understood."""
        if name in _INCLUDE_MACROS:
            if passage := _included_passage(arguments):
                self._reader.include(passage, start)
            return
        names = re.findall(r"\$(\w+)", arguments) if name in _CHANGING_MACROS else changed_names(arguments)
        self._make_unknown(names or re.findall(r"^\s*[\"']\$(\w+)", arguments), f"<<{name}>>", start)

    def _make_unknown(self, variables: list[str], code: str, start: int) -> None:
        for variable in variables:
            self._reader.make_unknown(variable, f"a value in {code}, which is not understood", start)

    def _condition(self, name: str, arguments: str, start: int) -> Expression:
        """Return the condition of a macro; one that changes something cannot be read."""
        self._note_changed(name, arguments, start)
        return self._reader.condition(arguments, start)

    def _note_changed(self, name: str, arguments: str, start: int) -> None:
        self._make_unknown(changed_names(arguments), f"<<{name}>>", start)

    def _case(self, name: str, arguments: str, start: int) -> None:
        """Begin a part of a switch, which is shown if its value is one of the case's and no case before had it."""
        block = self._blocks[-1]
        self._reader.leave()
        own: Expression = FALSE if name == "case" else TRUE
        for value in _CASE.findall(arguments) if name == "case" else ():
            own = disjunction(own, self._condition("case", f"({block.label}) is {value}", start))
        own = self._reader.story.bounded(own)
        self._reader.enter(conjunction(negation(block.earlier_conditions or FALSE), own))
        block.earlier_conditions = self._reader.story.bounded(disjunction(block.earlier_conditions or FALSE, own))

    def _macro(self, name: str, arguments: str, start: int) -> None:
        reader = self._reader
        if name == "if":
            condition = self._condition(name, arguments, start)
            self._blocks.append(_OpenMacro("if", start, condition))
            reader.enter(condition)
        elif name in ("elseif", "else"):
            self._else(name, arguments, start)
        elif name == "switch" and self._last_ends.get(name, -1) > start:
            self._note_changed(name, arguments, start)
            self._blocks.append(_OpenMacro("switch", start, FALSE, label=arguments))
            reader.enter(FALSE)  # what stands before the first case is not shown
        elif name in ("case", "default") and self._blocks and self._blocks[-1].name == "switch":
            self._case(name, arguments, start)
        elif name == "set":
            for effect in self._setter(arguments, start):
                reader.assign(effect)
        elif name in _LINKS:
            self._open_link(name, arguments, start)
        elif name == "goto" and (match := _LINK_ARGUMENTS.fullmatch(arguments)) and not match["target"]:
            reader.forward(match["label"] or match["label2"] or "", start)
        elif name in ("print", "=", "-") and (match := re.fullmatch(r"\$[A-Za-z]\w*", arguments)):
            self._variable(match[0], start)
        elif name in _INCLUDE_MACROS and self._show_passage(arguments):
            pass
        elif name in ("nobr", "silently", "silent"):
            self._blocks.append(_OpenMacro(name, start))
            self._silent_blocks += name != "nobr"
        else:
            what = f"<<{name} {brief(arguments)}>>" if arguments else f"<<{name}>>"
            self._note_changes(name, arguments, start)
            if self._last_ends.get(name, -1) > start:
                reader.lose(what, "it is not understood; its text is kept", start, may_lead_on=True)
                self._blocks.append(_OpenMacro(name, start, start_piece=reader.open_deferred(), deferring_macro=what))
            else:
                reader.lose(what, "a world has nothing that does this", start, may_lead_on=True)

    def _else(self, name: str, arguments: str, start: int) -> None:
        block = self._blocks[-1] if self._blocks else None
        if block is None or block.name != "if" or block.earlier_conditions is None:
            self._reader.lose(f"<<{name}>>", "there is no <<if>> before it; its text is kept", start)
            return
        self._reader.leave()
        own = self._condition(name, arguments, start) if name == "elseif" else TRUE
        self._reader.enter(conjunction(negation(block.earlier_conditions), own))
        block.earlier_conditions = self._reader.story.bounded(disjunction(block.earlier_conditions, own))

    def _setter(self, source: str, start: int) -> list[VariableEffect]:
        """Return the effects of assignments that stand behind one another."""
        effects: list[VariableEffect] = []
        for part in _assignments(source):
            if not part.strip():
                continue
            match = _ASSIGNMENT.fullmatch(part)
            if match is None:
                for name in changed_names(part) or re.findall(r"\$(\w+)", part)[:1]:
                    self._reader.make_unknown(
                        name, f"a value by {brief(part.strip())!r}, which is not understood", start
                    )
                if "$" not in part:
                    self._reader.lose(f"the assignment {brief(part.strip())!r}", "it is not understood", start)
                continue
            name, operator, value = match["name"], match["operator"], match["value"]
            for other in changed_names(value):  # as in $a = $b++
                self._reader.make_unknown(other, f"a value by {brief(part.strip())!r}, which is not understood", start)
            if operator in ("++", "--"):
                value = f"${name} {operator[0]} 1 {value}"  # more than the operator cannot be read
            elif len(operator) == 2 and operator != "to":
                value = f"${name} {operator[0]} ({value})"
            effect = self._reader.effect(name, value, start)
            effects += [] if effect is None else [effect]
        return effects

    # ---- links that do something -----------------------------------------------------------

    def _open_link(self, name: str, arguments: str, start: int) -> None:
        label, target = "", ""
        if not _LINKS[name]:
            arguments = re.sub(r"\s+(?:t8n|transition)$", "", arguments)
        match = _LINK_ARGUMENTS.fullmatch(arguments)
        if match is not None:
            label, target = match["label"] or match["label2"] or "", match["target"] or match["target2"] or ""
        elif re.fullmatch(rf"{LINK_PATTERN}|{IMAGE_PATTERN}", arguments):
            label, target, _ = (parse_link if arguments.startswith("[[") else parse_image)(arguments)
            label = label or target
        self._blocks.append(_OpenMacro(name, start, None, label, target, self._reader.open_link()))

    def _close(self, name: str) -> None:
        if not self._blocks or self._blocks[-1].name != name:
            return
        block = self._blocks.pop()
        if block.name in ("if", "switch"):
            self._reader.leave()
        elif block.name in ("silently", "silent"):
            self._silent_blocks -= 1
        elif block.name in _LINKS:
            may_stay = _LINKS[block.name]
            self._reader.close_link(block.label, block.target, block.start_piece, block.start, may_stay=may_stay)
        elif block.deferring_macro:
            self._reader.close_deferred(block.deferring_macro, block.start_piece, block.start)


def _included_passage(arguments: str) -> str:
    """Return the passage that a macro shows inside of another; empty when it is not named as plain text."""
    if (link := re.match(LINK_PATTERN, arguments.strip())) is not None:
        return parse_link(link[0]).target
    match = _LINK_ARGUMENTS.match(arguments)
    return (match["label"] or match["label2"] or "") if match is not None else ""


def _assignments(source: str) -> list[str]:
    """Return the parts of a text between the separators that are in no text and before another assignment."""
    parts, begin = [], 0
    for separator in _SEPARATOR.finditer(source):
        if separator[1] is None:
            parts.append(source[begin : separator.start()])
            begin = separator.end()
    return [*parts, source[begin:]]


def read_sugarcube(reader: PassageReader) -> None:
    """Read a passage of SugarCube."""
    SugarCubeReader(reader).read()
