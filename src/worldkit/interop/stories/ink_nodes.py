"""Reads a node of ink's program: what it does between one choice and the next branch that leads elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from worldkit.core.json_values import Json
from worldkit.core.quoting import quote
from worldkit.interop.stories.expressions import (
    FALSE,
    TRUE,
    Constant,
    Expression,
    Operation,
    Variable,
    conjunction,
    disjunction,
    negation,
    with_facts,
)
from worldkit.interop.stories.ink_counts import IS_DEFAULT, IS_ONCE
from worldkit.interop.stories.ink_flow import (
    MAX_DEPTH,
    inside,
    is_inner,
    is_named,
    knot_of,
    meeting_of,
)
from worldkit.interop.stories.ink_program import START_ONLY, Container, Pointer, resolve
from worldkit.interop.stories.ink_story import InkPosition, InkStory, InkTarget, Returned, Stop, UnclearInk
from worldkit.interop.stories.ink_values import ValueReader
from worldkit.interop.stories.machine import (
    CHOICE_PREFIX,
    Forward,
    MachineNode,
    MachineTransition,
    VariableEffect,
    ending_of,
    unsaid_ending,
)
from worldkit.interop.stories.pieces import Answers

_MAX_TUNNELS = 10
_MAX_STACK_VALUES = 10
_HAS_CONDITION, _HAS_START, _HAS_CHOICE_ONLY = 1, 2, 4


class NodeReader(ValueReader):
    """Reads one node: from a place on, to where the story stops, goes elsewhere, or branches for good.

    Args:
        story: What is collected over the whole story.
        place: Where the node begins.
        id: The id of the node.
    """

    def __init__(self, story: InkStory, place: InkPosition, id: str) -> None:
        super().__init__(story, place)
        self._place = place
        self._id = id
        self._choices: list[tuple[Expression, Expression]] = []  # of each choice: its guard, and that it was used up
        self._has_choices = place.has_choices
        self._defaults: list[tuple[InkPosition, Expression, tuple[VariableEffect, ...]]] = []
        self._ending = False
        self._answers = Answers(id)

    def read(self) -> None:
        """Read the node, and add it to the machine."""
        try:
            self._run(self._place.pointer, None, 0)
            self._finish()
        except Stop:
            pass
        except UnclearInk as reason:
            self._lose(str(reason), "a world has nothing that does this; the story stops there")
        self._add_defaults()
        tags = tuple(tag.strip() for tag in self._tags)
        ending = ending_of(tags) if self._ending else None
        if self._ending and ending is None:
            ending = "win"
            self._story.record.losses.append(unsaid_ending(self._where))
        empty_node = MachineNode(self._id, ending=ending, tags=tags, where=self._where)
        node, transitions = self._answers.node(empty_node, self._pieces, self._story.record)
        self._story.nodes.append(node)
        self._story.transitions += transitions

    # ---- walking ---------------------------------------------------------------------------

    def _run(self, pointer: Pointer | None, until: Pointer | None, depth: int) -> Pointer | None:
        """Walk from a place to another one, or to where the content ends; return where that is."""
        if depth > MAX_DEPTH:
            raise UnclearInk("conditions that are nested too deeply")
        while pointer is not None and pointer != until:
            self._story.spend()
            item = pointer.container if pointer.index < 0 else pointer.item
            if isinstance(item, Container):
                if item.path in self._story.counted_paths and pointer.index >= 0:
                    self._pieces.append(self._counted(item.path, self._guard))
                pointer = inside(item)
                continue
            if isinstance(item, dict) and "->" in item:
                pointer = self._divert(item, pointer, until, depth)
            elif isinstance(item, dict) and "f()" in item:
                self._call(item, pointer, depth)
                pointer = pointer.next()
            elif isinstance(item, dict) and "->t->" in item:
                self._tunnel(item, pointer)
            else:
                self._do(item, pointer)
                pointer = pointer.next()
        return pointer

    def _divert(self, item: Json, pointer: Pointer, until: Pointer | None, depth: int) -> Pointer | None:
        if item.get("var"):
            if item["->"] != "$r" or self._return is None:
                raise UnclearInk(f"a way to where the variable {quote(item['->'])} says")
            back, self._return = self._return, None
            return inside(back.container)
        target = resolve(item["->"], pointer.container, self._story.root)
        if target is None:
            raise UnclearInk(f"the way to {quote(item['->'])}, which is not there")
        if item.get("c"):
            return self._branch(target, pointer, until, depth)
        is_back = target.index > 0 and until is not None
        if self._strings or self._return is not None or is_back or target == until or is_inner(target, pointer):
            return self._enter(target, pointer)
        self._forward(target, pointer, TRUE)
        raise Stop

    def _call(self, item: Json, pointer: Pointer, depth: int) -> None:
        """Carry out a function, which leaves its value on the stack."""
        target = resolve(item["f()"], pointer.container, self._story.root)
        if target is None or item.get("var"):
            raise UnclearInk(f"the function {quote(item['f()'])}")
        outer = (self._aliases, self._call_guard)
        self._aliases, self._call_guard, self._depth = {}, self._guard, self._depth + 1
        try:
            self._run(self._enter(target, pointer), None, depth + 1)
            self._stack.append(Constant(None))
        except Returned:
            pass
        (self._aliases, self._call_guard), self._depth = outer, self._depth - 1

    def _tunnel(self, item: Json, pointer: Pointer) -> None:
        """Go into a tunnel, which leads back."""
        target = resolve(item["->t->"], pointer.container, self._story.root)
        if target is None or item.get("var") or len(self._tunnels) >= _MAX_TUNNELS:
            raise UnclearInk(f"the tunnel {quote(item['->t->'])}")
        self._tunnels.append(pointer.next())
        self._forward(target, pointer, TRUE)
        raise Stop

    def _leave_tunnel(self) -> None:
        if isinstance(self._pop(), InkTarget) or not self._tunnels:
            raise UnclearInk("a tunnel that leads elsewhere")
        back = self._tunnels.pop()
        if back is None:
            self._finish()
        else:
            self._forward(back, None, TRUE)
        raise Stop

    def _branch(self, target: Pointer, pointer: Pointer, until: Pointer | None, depth: int) -> Pointer | None:
        """Walk both ways of a condition when they meet again; else the node ends, and each way is a node."""
        condition = self._pop()
        if not isinstance(condition, (Constant, Variable, Operation)):
            raise UnclearInk("a condition that is no value")
        after = pointer.next()
        if self._strings:
            self._lose("the part of a choice's text that changes", "a text of a world does not change; it is left out")
            return after
        meeting_point = meeting_of(target, after, self._story.root, self._story.spend)
        if meeting_point is not None:
            self._answers.forget()
            condition = self._answers.answer(condition, self._pieces, self._where)
            outer, stack = self._guard, list(self._stack)
            self._guard = conjunction(outer, condition)
            self._run(self._enter(target, pointer), meeting_point, depth + 1)
            self._stack, self._guard = stack, conjunction(outer, negation(condition))
            self._run(after, meeting_point, depth + 1)
            self._guard = outer
            return meeting_point
        if until is not None:
            raise UnclearInk("conditions inside one another of which some lead elsewhere")
        self._forward(target, pointer, condition)
        if after is None:
            self._finish()
        else:
            self._forward(after, None, TRUE)
        raise Stop

    def _forward(self, target: Pointer, source: Pointer | None, guard: Expression) -> None:
        """Go on to a place, which is a node of its own, if a condition holds."""
        if self._depth:
            raise UnclearInk("a function that leads elsewhere, or returns inside a condition")
        if len(self._stack) > _MAX_STACK_VALUES:
            raise UnclearInk("a way on with too many values")
        place = InkPosition(target, self._has_choices, tuple(self._stack), tuple(self._tunnels))
        is_arrival = target.index < 0 and not self._has_choices and is_named(target.container)
        text: Literal["kept", "told"] = "told" if is_arrival else "kept"
        guard = conjunction(self._guard, guard)
        self._pieces.append(Forward(self._story.node(place), guard, text, self._where))
        if source is not None:
            self._pieces += [self._counted(container.path, guard) for container in self._entered(target, source)]

    def _enter(self, target: Pointer, source: Pointer) -> Pointer | None:
        """Go on to a place in this node."""
        for container in self._entered(target, source):
            self._pieces.append(self._counted(container.path, self._guard))
        return inside(target.container) if target.index < 0 else target

    def _stop(self, command: str) -> None:
        if self._depth or self._guard != TRUE:
            raise UnclearInk("a story that stops inside a condition or a function")
        if command == "->->":
            self._leave_tunnel()
        if command == "end":
            self._ending = True
        else:
            self._finish()
        raise Stop

    def _finish(self) -> None:
        """End the node where the story stops: it waits for a choice, or is over when there is none."""
        if not self._has_choices and not self._defaults:
            self._ending = True

    def _entered(self, target: Pointer, source: Pointer) -> Iterator[Container]:
        """Yield the counted containers that a way to a place enters; those in which it already is are not."""
        before = set(map(id, source.container.ancestors()))
        at_start = target.index <= 0
        for container in target.container.ancestors():
            starts_only = bool(container.flags & START_ONLY)
            if id(container) in before and not starts_only:
                return
            if container.path in self._story.counted_paths and (at_start or not starts_only):
                yield container
            at_start = at_start and container.number == 0

    # ---- choices ---------------------------------------------------------------------------

    def _choice(self, item: Json, pointer: Pointer) -> None:
        value = item.get("flg")
        flags = value if isinstance(value, int) else 0
        target = resolve(item["*"], pointer.container, self._story.root)
        if target is None:
            raise UnclearInk(f"a choice that leads to {quote(item['*'])}, which is not there")
        guard = conjunction(self._guard, self._value()) if flags & _HAS_CONDITION else self._guard
        end = self._value() if flags & _HAS_CHOICE_ONLY else Constant("")
        begin = self._value() if flags & _HAS_START else Constant("")
        path = target.container.path
        is_once = bool(flags & IS_ONCE)
        if is_once and path in self._story.counted_paths:
            guard = conjunction(guard, Operation("==", (self._story.visits(path), Constant(0))))
            is_once = False
        place = InkPosition(target, tunnels=tuple(self._tunnels))
        counts = tuple(self._counted(container.path, TRUE) for container in self._entered(target, pointer))
        if flags & IS_DEFAULT:
            self._defaults.append((place, guard, counts))
            return
        label = "".join(str(part.value) for part in (begin, end) if isinstance(part, Constant)).strip() or "..."
        used_up = self._story.choice_variable(path, label) if is_once else ""
        knot = knot_of(pointer)
        where = f"{self._place_in(knot, self._story.source.place(knot, label))}, choice {quote(label)}"
        effects = (*counts, VariableEffect(used_up, TRUE, where=where)) if is_once else counts
        self._choices.append((guard, Variable(used_up) if is_once else FALSE))
        self._has_choices = True
        node = self._story.node(place, f"{knot_of(target)}: {label}")
        self._pieces.append(MachineTransition(self._id, node, label, guard, effects, is_once, where=where))

    def _add_defaults(self) -> None:
        """Follow a choice that is not shown: at once when there are no others, by itself when none is left."""
        for place, guard, counts in self._defaults[:1]:
            node = self._story.node(place)
            if not self._has_choices:
                self._pieces.append(Forward(node, guard, "kept", self._where))
                self._pieces += [effect._replace(guard=guard) for effect in counts]
                continue
            if self._place.has_choices:
                self._lose("the way on when no choice is left", "only the choices right above it are looked at")
            none_is_left = [disjunction(negation(is_offered), used_up) for is_offered, used_up in self._choices]
            guard = with_facts(conjunction(guard, *none_is_left), lambda name: name.startswith(CHOICE_PREFIX))
            self._pieces.append(
                MachineTransition(self._id, node, "go on", guard, counts, after_ms=0, where=self._where)
            )
