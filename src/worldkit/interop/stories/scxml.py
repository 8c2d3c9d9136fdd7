"""SCXML: the statecharts of the W3C, as XML. Document types and entities are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from worldkit.core.characters import shorten
from worldkit.core.quoting import quote
from worldkit.editing.naming import UnusedNames
from worldkit.interop.stories.chart_machine import STATE_TEST_PREFIX, ChartReader
from worldkit.interop.stories.conditions import ExpressionDialect, NotReadable, parse_expression
from worldkit.interop.stories.event_matching import PrefixMatching
from worldkit.interop.stories.expressions import (
    FALSE,
    TRUE,
    Constant,
    Expression,
    Variable,
    conjunction,
    disjunction,
    negation,
)
from worldkit.interop.stories.machine import Loss, Machine, VariableEffect, missing_state
from worldkit.interop.stories.pieces import Answers, Piece
from worldkit.interop.stories.statechart import ChartState, ChartTransition, Statechart
from worldkit.interop.stories.story_record import StoryRecord

_RESERVED_WORDS = r"null|undefined|typeof|new|this|in|instanceof|_event|_sessionid|_name|_ioprocessors|_x"
_NAME = rf"(?P<name>(?!(?:{_RESERVED_WORDS})\b)(?:[^\W\d]|\$)\w*)"
_DIALECT = ExpressionDialect(_NAME, {}, {"In": lambda id: Variable(STATE_TEST_PREFIX + id) if id else FALSE})
_KIND_OF_STATE_TAG = {"state": "atomic", "parallel": "parallel", "final": "final", "history": "history"}
_OTHER_KNOWN_TAGS = frozenset(
    {"onentry", "onexit", "transition", "initial", "datamodel", "data", "if", "elseif", "else", "assign"}
)
_CODE_NAME = r"(?<![\w.$])((?:[^\W\d]|\$)[\w$]*)"
_CODE_ASSIGNMENT = re.compile(
    rf"(?:\+\+|--)\s*{_CODE_NAME}(?!\s*[.\[\w$])"
    rf"|{_CODE_NAME}\s*(?:(?:[-+*/%|&^]|\*\*|<<|>>>?|\|\||&&|\?\?)?=(?![=>])|\+\+|--)"
)
"""The variables that code changes. A name that it declares itself is no variable of the chart, and does no harm."""
_CHANGING_ATTRIBUTES = ("location", "idlocation", "item", "index")
_MAX_DEPTH = 60


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: dict[str, str]
    line: int
    children: list[_Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def where(self) -> str:
        return f"line {self.line}"

    @property
    def text(self) -> str:
        """The text directly inside."""
        return "".join(self.parts).strip()

    @property
    def source(self) -> str:
        """The value that it gives, as an expression or as text inside."""
        return self.attributes.get("expr") or self.text


def scxml_machine(text: str) -> tuple[Machine, list[Loss]]:
    """Return the machine of an SCXML document, and what it does not have.

    Raises:
        ValueError: It is not XML, has a document type, or is no SCXML.
    """
    return _ScxmlReader(_parse(text)).machine()


def _parse(text: str) -> _Element:
    parser = expat.ParserCreate(namespace_separator=" ")
    is_open: list[_Element] = []
    roots: list[_Element] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        element = _Element(name.rpartition(" ")[2], attributes, parser.CurrentLineNumber)
        if len(is_open) > _MAX_DEPTH:
            raise ValueError(f"it is nested more than {_MAX_DEPTH} levels deep")
        (is_open[-1].children if is_open else roots).append(element)
        is_open.append(element)

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type (<!DOCTYPE>), which SCXML does not need; remove it")

    def add_text(text: str) -> None:
        if is_open:
            is_open[-1].parts.append(text)

    parser.StartElementHandler = start
    parser.CharacterDataHandler = add_text
    parser.EndElementHandler = lambda _: is_open.pop() and None
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(
            re.sub(r"^(\s*<\?xml[^>]*?)\sencoding=[\"'][^\"']*[\"']", r"\1", text).encode("utf-8", "replace"), True
        )
    except expat.ExpatError as error:
        raise ValueError(f"line {error.lineno}: not XML: {expat.ErrorString(error.code)}") from None
    if roots[0].tag != "scxml":
        raise ValueError(f"its root is <{roots[0].tag[:40]}>, and <scxml> is expected")
    return roots[0]


class _ScxmlReader:
    """Reads a document."""

    def __init__(self, root: _Element) -> None:
        self._root = root
        self._states: dict[str, ChartState] = {}
        self._elements: list[tuple[ChartState, _Element]] = []
        self._ids = UnusedNames()
        self._record = StoryRecord()
        self._is_late = root.attributes.get("binding") == "late"
        self._declared_names: set[str] = set()

    def machine(self) -> tuple[Machine, list[Loss]]:
        """Return the machine."""
        name = self._root.attributes.get("name", "")
        self._add(self._root, None)
        if len(self._states) == 1:
            raise ValueError("it has no <state>")
        for state, element in self._elements:
            for data_model in _inside(element, "datamodel"):
                for data in data_model.children:
                    self._data(data, state)
        for state, element in self._elements:
            self._read(state, element)
        chart = Statechart(list(self._states.values()), self._record.losses)
        return ChartReader(chart, self._record, PrefixMatching()).machine(name), self._record.losses

    def _add(self, element: _Element, parent: ChartState | None) -> ChartState:
        inner = [child for child in element.children if child.tag in _KIND_OF_STATE_TAG]
        kind = _KIND_OF_STATE_TAG.get(element.tag, "compound")
        if kind == "atomic" and any(child.tag != "history" for child in inner):
            kind = "compound"
        own_id = element.attributes.get("id")
        id = self._ids.take("scxml" if parent is None else own_id or f"{element.tag}, line {element.line}")
        if own_id and parent is not None and id != own_id:
            why = f"it is the id of a state before it; the state is called {quote(id)}"
            self._record.losses.append(Loss(element.where, f"the id {quote(own_id)}", why))
        where = f"state {quote(id)}, line {element.line}" if parent else "the machine"
        state = ChartState(id, kind, parent.id if parent else None, place=where)  # type: ignore[arg-type]
        self._states[id] = state
        self._elements.append((state, element))
        for child in inner:
            state.children.append(self._add(child, state).id)
        return state

    def _data(self, data: _Element, state: ChartState) -> None:
        """Read the first value of a variable."""
        name = data.attributes.get("id", "")
        if state.parent is not None and self._is_late:
            self._record.make_unknown(name, "its first value when its state is entered", data.where)
        elif name in self._declared_names:
            self._record.make_unknown(name, "more than one first value", data.where)
        elif "src" in data.attributes:
            self._record.make_unknown(
                name, f"a value from {quote(data.attributes['src'])}, which is not read", data.where
            )
        elif data.children:
            self._record.make_unknown(name, "a value in XML, which is not read", data.where)
        else:
            try:
                value = _value_of(data) if data.source else Constant(None)
            except NotReadable:
                value = Variable("")
            if isinstance(value, Constant):
                self._record.variables[name] = value.value
            else:
                self._record.make_unknown(name, f"{shorten(data.source, 60)!r}, which is not understood", data.where)
        self._declared_names.add(name)

    def _read(self, state: ChartState, element: _Element) -> None:
        if state.kind in ("compound", "history"):
            state.initial = self._initial(state, element)
        for child in element.children:
            if child.tag == "transition" and state.kind != "history":
                self._transition(state, child)
            elif child.tag in ("onentry", "onexit"):
                effects = self._block(child, state)
                if child.tag == "onentry":
                    state.entry += effects
                else:
                    state.exit += effects
            elif child.tag not in _OTHER_KNOWN_TAGS and child.tag not in _KIND_OF_STATE_TAG:
                self._record.losses.append(Loss(child.where, f"<{child.tag}>", "a world has nothing that does this"))
                self._note_changes(child)

    def _initial(self, state: ChartState, element: _Element) -> tuple[str, ...]:
        targets = element.attributes.get("initial", "").split()
        where = state.place
        for child in [*_inside(element, "initial"), *([element] if state.kind == "history" else [])]:
            for transition in _inside(child, "transition"):
                targets = targets or transition.attributes.get("target", "").split()
                where = transition.where
                if self._block(transition, state):
                    self._record.losses.append(
                        Loss(where, "what is done on the way in", "only what states do is taken")
                    )
        return self._existing(targets, where)

    def _existing(self, ids: Sequence[str], where: str) -> tuple[str, ...]:
        self._record.losses += [missing_state(where, id) for id in ids if id not in self._states]
        return tuple(id for id in ids if id in self._states)

    def _transition(self, state: ChartState, element: _Element) -> None:
        attributes = element.attributes
        ids = attributes.get("target", "").split()
        targets = self._existing(ids, element.where)
        if len(targets) < len(ids):
            return
        self._note_code(element, "transition")
        guard = self._record.condition(attributes["cond"], _DIALECT) if "cond" in attributes else TRUE
        effects = self._block(element, state)
        is_internal = attributes.get("type") == "internal" and state.kind == "compound"
        for event in attributes.get("event", "").split() or [""]:
            event = event.removesuffix(".*").removesuffix(".")
            state.transitions.append(
                ChartTransition(state.id, event, targets, guard, effects, is_internal, None, event, element.where)
            )

    def _block(self, element: _Element, state: ChartState) -> tuple[VariableEffect, ...]:
        """Return what the content of an element does."""
        effects: list[Piece] = []
        answers = Answers(f"{state.id}, line {element.line}")
        self._read_effects(element.children, TRUE, effects, answers)
        return tuple(piece for piece in answers.resolved(effects, self._record) if isinstance(piece, VariableEffect))

    def _read_effects(
        self, elements: Iterable[_Element], guard: Expression, effects: list[Piece], answers: Answers
    ) -> None:
        for element in elements:
            if element.tag == "assign":
                name = element.attributes.get("location", "")
                self._note_code(element, "assign")
                try:
                    value = _value_of(element)
                except NotReadable:
                    self._record.make_unknown(
                        name, f"{shorten(element.source, 60)!r}, which is not understood", element.where
                    )
                    continue
                self._record.declare(name)
                effects.append(VariableEffect(name, value, guard, element.where))
                answers.forget()
            elif element.tag == "if":
                self._read_branches(element, guard, effects, answers)
            elif element.tag not in ("elseif", "else"):
                self._record.losses.append(
                    Loss(element.where, f"<{element.tag}>", "a world has nothing that does this")
                )
                self._note_changes(element)

    def _note_changes(self, element: _Element) -> None:
        """Note the variables that an element changes which is not understood."""
        stack = [element]
        while stack:
            part = stack.pop()
            stack += part.children
            for name in [part.attributes[key] for key in _CHANGING_ATTRIBUTES if key in part.attributes]:
                self._record.make_unknown(name, f"a value in <{element.tag}>, which is not understood", part.where)
            self._note_code(part, element.tag)

    def _note_code(self, part: _Element, tag: str) -> None:
        """Note the variables that the code of an element changes: a script, or an expression that is not only read."""
        codes = [value for key, value in part.attributes.items() if key.endswith("expr") or key in ("cond", "array")]
        for code in [*codes, part.text if part.tag == "script" else ""]:
            for name in (name for change in _CODE_ASSIGNMENT.findall(code) for name in change if name):
                self._record.make_unknown(name, f"a value in <{tag}>, which is not understood", part.where)

    def _read_branches(self, element: _Element, guard: Expression, effects: list[Piece], answers: Answers) -> None:
        def condition(branch: _Element) -> Expression:
            self._note_code(branch, branch.tag)
            condition = self._record.condition(branch.attributes.get("cond", ""), _DIALECT)
            return answers.answer(condition, effects, branch.where)

        own = condition(element)
        before: Expression = FALSE
        part: list[_Element] = []
        for child in [*element.children, None]:
            if child is not None and child.tag not in ("elseif", "else"):
                part.append(child)
                continue
            self._read_effects(part, conjunction(guard, negation(before), own), effects, answers)
            part, before = [], self._record.bounded(disjunction(before, own))
            if child is not None:
                own = condition(child) if child.tag == "elseif" else TRUE


def _value_of(element: _Element) -> Expression:
    """Return the value that an element gives.

    Raises:
        NotReadable: It has none that can be read. Text inside is a value of JSON.
    """
    value = parse_expression(element.source, _DIALECT, is_value=True)
    if not element.attributes.get("expr") and (not isinstance(value, Constant) or element.text.startswith("'")):
        raise NotReadable("it is no value of JSON")
    return value


def _inside(element: _Element, tag: str) -> Iterator[_Element]:
    return (child for child in element.children if child.tag == tag)
