"""Passages of Harlowe: macros ``(set: $key to true)``, hooks ``(if: $key)[...]`` and links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worldkit.interop.stories.conditions import ExpressionDialect
from worldkit.interop.stories.expressions import (
    TRUE,
    Constant,
    Expression,
    Operation,
    conjunction,
    disjunction,
    negation,
)
from worldkit.interop.stories.harlowe_arguments import call_ends, plain_texts, split_arguments
from worldkit.interop.stories.html_elements import CODE_ELEMENT_PATTERN, skip_code_element
from worldkit.interop.stories.links import LINK_PATTERN, parse_link
from worldkit.interop.stories.machine import brief
from worldkit.interop.stories.passage_reader import PassageReader
from worldkit.interop.stories.visits import has_visited, visit_count

_STYLES = frozenset(
    {"align", "background", "bg", "color", "colour", "css", "font", "hoverstyle", "textcolor", "textcolour"}
    | {"textstyle", "textrotate", "transition", "t8n", "transitiontime", "t8ntime", "box", "border", "borderstyle"}
    | {"bordercolour", "bordercolor", "borderradius", "corners", "opacity", "textsize", "size", "collapse"}
    | {"linkstyle", "charstyle", "linestyle", "textindent", "hook", "nobr", "button"}
)
_LINKS = frozenset({"link", "linkreveal", "linkrepeat", "linkreplace", "linkrerun"})
_COMMANDS = frozenset({"set", "put", "goto", "linkgoto", "print", "display", "move", "unpack"})
"""Macros that are carried out where they stand; a hook behind them is not theirs."""
_HOOK = re.compile(r"\[(?!\[[^\[])")
_SET_ARGUMENTS = re.compile(r"\s*\$(?P<name>\w+)\s+to\s+(?P<value>.+)", re.DOTALL)
_PUT_ARGUMENTS = re.compile(r"(?P<value>.+)\sinto\s+\$(?P<name>\w+)\s*", re.DOTALL)
_BOUND_VARIABLE = re.compile(r"\b2?bind\s+\$(\w+)", re.IGNORECASE)
_NAME = re.compile(r"\$(\w+)")
_CHANGING_MACROS = frozenset({"move", "unpack"})
"""Macros that change every variable that they name."""
_IT = re.compile(r"""("[^"]*"|'[^']*')|\bit\b""")
_HISTORY = re.compile(r"""\(\s*history\s*:\s*\)\s*contains\s+(?:"([^"]*)"|'([^']*)')""")
_TOKEN = re.compile(
    rf"(?P<link>{LINK_PATTERN})|(?P<macro>\(\s*(?P<name>[A-Za-z][\w-]*)\s*:)|(?P<open>\[)|(?P<close>\])"
    r"|(?P<comment><!--)|(?P<verbatim>`+)|(?P<variable>\$[^\W\d]\w*|(?<![\w$])_[^\W\d_]\w*(?=\s*[+\[|]))"
    r"|(?P<tag>\|[\w-]+[>)](?=\[)|(?<=\])[<(][\w-]+\|)"
    rf"|{CODE_ELEMENT_PATTERN}"
)
_ATTACHMENT = re.compile(
    r"\s*(?:(?P<joined>\+\s*(?=\(\s*[A-Za-z][\w-]*\s*:|[$_][^\W\d_]))"
    r"|(?:\|(?P<name>[\w-]+)(?P<kind>[>)]))?\[(?!\[[^\[]))"
)
"""What attaches a macro or a variable to another one, or to a hook."""
_JOINED_VARIABLES = re.compile(r"[$_][^\W\d_]\w*(?:\s*\+\s*[$_][^\W\d_]\w*){0,8}")
_HIDDEN_HOOK_END = re.compile(r"\]\((?P<name>[\w-]+)\|")
"""The end of a hook that is hidden."""
_WHITESPACE_MARKUP = re.compile(r"\\\n\\?|\n\\|\{=?|\}")
"""What only says where blanks are shown: a backslash that makes two lines one, and braces around collapsed lines."""
_CODE_ASSIGNMENT = re.compile(r"\$(\w+)\s*(?:(?:[-+*/%&|^]|\*\*|&&|\|\||\?\?)?=(?![=>])|\+\+|--)")


def dialect_of(passage: str) -> ExpressionDialect:
    """Return how Harlowe writes expressions in a passage."""
    count = visit_count(passage)
    return ExpressionDialect(
        r"\$(?P<name>\w+)",
        {word: word for word in ("and", "or", "not", "is")},
        {"visits": lambda _: count, "visit": lambda _: count, "__visited": lambda name: _before(passage, name or "")},
        only_booleans=True,
    )


def _before(passage: str, name: str) -> Expression:
    """Return the condition that a passage was visited before this time."""
    return Operation(">", (visit_count(name), Constant(1))) if name == passage else has_visited(name)


@dataclass(slots=True)
class _Hook:
    """A hook that is open: what it depends on, and what becomes of it."""

    leaves_condition: bool = False
    link: tuple[str, str, int, int] | None = None  # the label, the target, the offset, and how many pieces there were
    deferred_macro: tuple[str, int, int] | None = None  # what says when, the offset, and how many pieces there were
    start_piece: int = 0  # how many pieces there were
    is_plain: bool = False


class HarloweReader:
    """Reads one passage.

    Args:
        reader: Collects what the passage says.
    """

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._text = reader.passage.text
        self._ends = call_ends(self._text)
        self._hooks: list[_Hook] = []
        self._last_condition: list[Expression | None] = [None]  # by depth: what an (else:) denies
        self._attached_macros: list[tuple[str, str, int]] = []  # macros and variables that wait for their hook
        self._has_hidden_ends = _HIDDEN_HOOK_END.search(self._text) is not None

    def read(self) -> None:
        """Read the passage."""
        text, at, text_start = self._text, 0, 0
        while (token := _TOKEN.search(text, at)) is not None:
            self._reader.prose(self._plain(text[text_start : token.start()]), text_start)
            at = text_start = self._token(token)
        self._reader.prose(self._plain(text[text_start:]), text_start)
        while self._hooks:
            self._close()

    def _plain(self, text: str) -> str:
        return _WHITESPACE_MARKUP.sub("", text)

    def _token(self, token: re.Match[str]) -> int:
        """Carry out one token, and return where the text goes on."""
        start, reader = token.start(), self._reader
        if token["link"] is not None:
            link = parse_link(token["link"])
            reader.link(link.label, link.target, start)
        elif token["macro"] is not None:
            return self._macro(token)
        elif token["comment"] is not None:
            end = self._text.find("-->", start)
            return len(self._text) if end < 0 else end + 3
        elif token["verbatim"] is not None:
            return self._verbatim(token["verbatim"], start)
        elif token["open"] is not None:
            reader.text("[", start)
            self._open(_Hook(is_plain=True))
        elif token["close"] is not None:
            if self._hooks:
                self._close(_HIDDEN_HOOK_END.match(self._text, start))
            else:
                reader.text("]", start)
        elif token["variable"] is not None:
            return self._variable_token(token)
        elif token["code_element"] is not None:
            content, end = skip_code_element(reader, token)
            for name in _CODE_ASSIGNMENT.findall(content):
                reader.make_unknown(name, "a value by code, which is not read", start)
            return end
        else:
            name = token["tag"].strip("|<>()")
            reader.lose(f"the name {name} of a hook", "a text of a world does not change", start)
            if token["tag"][0] == "|" and _HOOK.match(self._text, token.end()):
                is_hidden = token["tag"].endswith(")")
                what = (f"the hidden hook {name}", start, reader.open_deferred()) if is_hidden else None
                self._open(_Hook(deferred_macro=what))
                return token.end() + 1
        return token.end()

    def _verbatim(self, opening: str, start: int) -> int:
        """Show a text in which nothing counts as code, and return where the passage goes on."""
        begin = start + len(opening)
        end = self._text.find(opening, begin)
        if end < 0:
            self._reader.text(opening, start)
            return begin
        self._reader.text(self._text[begin:end], begin)
        return end + len(opening)

    def _variable_token(self, token: re.Match[str]) -> int:
        """Show the name of a variable, or attach what it holds to a hook; return where the text goes on."""
        name, start = token["variable"], token.start()
        hook = self._attachment(token.end(), of_variable=True)
        if hook is not None:
            return self._attach(name, "", start, hook)
        self._show_variable(name, start)
        return token.end()

    def _show_variable(self, name: str, start: int) -> None:
        """Show the name of a variable in the place of its value."""
        if name[0] == "$":
            self._reader.value(name, start)
        else:  # it is often a word
            self._reader.text(name, start)

    # ---- macros ----------------------------------------------------------------------------

    def _macro(self, token: re.Match[str]) -> int:
        end = self._ends.get(token.start())
        if end is None:
            self._reader.text(token["macro"], token.start())
            return token.end()
        name = token["name"].lower().replace("-", "").replace("_", "")
        arguments = self._text[token.end() : end - 1]
        hook = None if name in _COMMANDS else self._attachment(end)
        if hook is not None:
            return self._attach(name, arguments, token.start(), hook)
        attached_macros, self._attached_macros = self._attached_macros, []
        for other_name, _, offset in attached_macros:
            self._reader.lose(_macro_text(other_name, ""), "it is attached to no hook", offset)
        self._command(name, arguments, token.start())
        return end

    def _attachment(self, at: int, *, of_variable: bool = False) -> re.Match[str] | None:
        """Return what attaches the macro or the variable that ends at a place to what stands behind it.

        A variable is attached only where a hook follows: ``$gold + $silver`` is also a text.
        """
        text = self._text
        attachment = _ATTACHMENT.match(text, at)
        if attachment is None or not attachment["joined"]:
            return attachment
        at = attachment.end()
        variables = _JOINED_VARIABLES.match(text, at)
        if variables is None and not of_variable:
            return attachment
        if variables is not None:
            next_attachment = _ATTACHMENT.match(text, variables.end())
            if next_attachment is None or not next_attachment["joined"]:
                return next_attachment and attachment
            at = next_attachment.end()
        end = self._ends.get(at)
        return attachment if end is not None and _ATTACHMENT.match(text, end) else None

    def _attach(self, name: str, arguments: str, start: int, hook: re.Match[str]) -> int:
        """Attach a macro or a variable to what stands behind it, and return where the text goes on."""
        self._attached_macros.append((name, arguments, start))
        if not hook["joined"]:
            if hook[0][0].isspace():
                self._show_attached_variables()
            if hook["name"]:
                self._reader.lose(f"the name {hook['name']} of a hook", "a text of a world does not change", start)
            self._open_attached(f"the hidden hook {hook['name']}" if hook["kind"] == ")" else "")
        return hook.end()

    def _show_attached_variables(self) -> None:
        """Show the variables in front of a hook that stands apart: what they hold may be a text as well as a style."""
        if any(name[0] not in "$_" for name, _, _ in self._attached_macros):
            return
        for number, (name, _, start) in enumerate(self._attached_macros):
            self._reader.text(" + " if number else "", start)
            self._show_variable(name, start)
        self._reader.text(" ", self._attached_macros[-1][2])

    def _command(self, name: str, arguments: str, start: int) -> None:
        reader = self._reader
        if name in ("set", "put"):
            self._assign(arguments, _SET_ARGUMENTS if name == "set" else _PUT_ARGUMENTS, start)
        elif name in ("goto", "linkgoto"):
            texts = plain_texts(arguments)
            if name == "goto" and len(texts) == 1:
                reader.forward(texts[0], start)
            elif name == "linkgoto" and 1 <= len(texts) <= 2:
                reader.link(texts[0], texts[-1], start)
            else:
                reader.lose(
                    f"({name}:{brief(arguments)})",
                    "it does not name its passage as plain text",
                    start,
                    may_lead_on=True,
                )
        elif name == "display" and len(texts := plain_texts(arguments)) == 1 and self._show_passage(texts[0]):
            pass
        elif name == "print" and re.fullmatch(r"\s*\$[^\W\d_]\w*\s*", arguments):
            self._show_variable(arguments.strip(), start)
        elif name in _STYLES or name in ("if", "unless", "elseif", "else"):
            reader.lose(f"({name}:{brief(arguments)})", "it has no hook right behind it", start)
        else:
            reader.lose(f"({name}:{brief(arguments)})", "a world has nothing that does this", start, may_lead_on=True)
            self._note_changes(name, arguments, start)

    def _show_passage(self, name: str) -> bool:
        return self._reader.read_inside(name, read_harlowe)

    def _note_changes(self, name: str, arguments: str, start: int) -> None:
        """Note the variables that a macro changes which is not understood."""
        if name == "display" and len(texts := plain_texts(arguments)) == 1:
            self._reader.include(texts[0], start)
        pattern = _NAME if name in _CHANGING_MACROS else _BOUND_VARIABLE
        for variable in pattern.findall(arguments):
            self._reader.make_unknown(variable, f"a value by ({name}:), which is not understood", start)

    def _assign(self, arguments: str, pattern: re.Pattern[str], start: int) -> None:
        for part in split_arguments(arguments):
            match = pattern.fullmatch(part)
            if match is None:
                for name in _NAME.findall(part)[:1]:
                    self._reader.make_unknown(
                        name, f"a value by {brief(part.strip())!r}, which is not understood", start
                    )
                if "$" not in part:
                    self._reader.lose(f"the assignment {brief(part.strip())!r}", "a world has no such variable", start)
                continue
            own = f"${match['name']}"
            value = _IT.sub(lambda word, own=own: word[1] or own, match["value"])
            self._reader.assign(self._reader.effect(match["name"], value, start))

    # ---- hooks -----------------------------------------------------------------------------

    def _open_attached(self, hidden_text: str) -> None:
        """Open the hook of the macros that wait for it.

        Args:
            hidden_text: What says when it is shown; empty when it is shown at once.
        """
        attached_macros, self._attached_macros = self._attached_macros, []
        guard: Expression = TRUE
        is_conditional = False
        link: tuple[str, str, int, int] | None = None
        deferred_part: tuple[str, int, int] | None = None
        before = self._last_condition[-1]
        for name, arguments, start in attached_macros:
            if name in ("if", "unless", "elseif", "else"):
                is_conditional = True
                guard = conjunction(guard, self._branch(name, arguments, before, start))
            elif name in _LINKS and len(plain_texts(arguments)) == 1:
                link = (plain_texts(arguments)[0], "", start, 0)
            elif name == "linkrevealgoto" and len(texts := plain_texts(arguments)) in (1, 2):
                link = (texts[0], texts[-1], start, 0)
            elif name in _STYLES:
                self._reader.lose(f"the style ({name}:{brief(arguments)})", "a world has no styles", start)
            else:
                what = _macro_text(name, arguments)
                self._reader.lose(what, "it is not understood; its text is kept", start, may_lead_on=True)
                self._note_changes(name, arguments, start)
                deferred_part = (what, start, 0)
        if all(name[0] in "$_" for name, _, _ in attached_macros):
            # what a variable holds may be true or false, which an else behind the hook denies
            variables = " + ".join(name for name, _, _ in attached_macros)
            self._last_condition[-1] = self._reader.story.unknown_condition(variables)
        if hidden_text and link is None:
            deferred_part = deferred_part or (hidden_text, attached_macros[0][2], 0)
        if is_conditional:
            self._reader.enter(guard)
        if link is not None:
            link = (*link[:3], self._reader.open_link())
        if deferred_part is not None:
            deferred_part = (*deferred_part[:2], self._reader.open_deferred())
        self._open(_Hook(is_conditional, link, deferred_part))

    def _branch(self, name: str, arguments: str, before: Expression | None, start: int) -> Expression:
        """Return the condition of a branch, and remember what an else behind it denies."""
        if name in ("elseif", "else") and before is None:
            self._reader.lose(f"({name}:)", "there is no (if:) before it; its text is kept", start)
            return TRUE
        own = TRUE if name == "else" else self._condition(arguments, start)
        if name == "unless":
            own = negation(own)
        guard = conjunction(negation(before), own) if name in ("elseif", "else") and before is not None else own
        is_first = name in ("if", "unless") or before is None
        any_before = own if is_first or before is None else self._reader.story.bounded(disjunction(before, own))
        self._last_condition[-1] = None if name == "else" else any_before
        return guard

    def _condition(self, source: str, start: int) -> Expression:
        words = _HISTORY.sub(lambda match: f'__visited("{match[1] or match[2]}")', source)
        return self._reader.condition(words, start)

    def _open(self, hook: _Hook) -> None:
        if self._has_hidden_ends:
            hook.start_piece = self._reader.open_deferred()
        self._hooks.append(hook)
        self._last_condition.append(None)

    def _close(self, hidden_match: re.Match[str] | None = None) -> None:
        """Close the innermost hook; it is done later when its end says that it is hidden."""
        hook = self._hooks.pop()
        self._last_condition.pop()
        reader = self._reader
        if hook.is_plain:
            reader.text("]", len(self._text))
        if hidden_match is not None and hook.link is None and hook.deferred_macro is None:
            hook.deferred_macro = (f"the hidden hook {hidden_match['name']}", hidden_match.start(), hook.start_piece)
        if hook.deferred_macro is not None:
            what, start, begin = hook.deferred_macro
            reader.close_deferred(what, begin, start)
        if hook.link is not None:
            label, target, start, begin = hook.link
            reader.close_link(label, target, begin, start, may_stay=False)
        if hook.leaves_condition:
            reader.leave()


def _macro_text(name: str, arguments: str) -> str:
    """Return a macro, or a variable that holds one, as it is written."""
    return name if name[0] in "$_" else f"({name}:{brief(arguments)})"


def read_harlowe(reader: PassageReader) -> None:
    """Read a passage of Harlowe."""
    HarloweReader(reader).read()
