"""The guards and the actions of an XState config: what they ask of its context, and what they assign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from worldkit.core.quoting import quote
from worldkit.interop.stories.chart_machine import STATE_TEST_PREFIX
from worldkit.interop.stories.conditions import ExpressionDialect, NotReadable, parse_expression
from worldkit.interop.stories.expressions import (
    TRUE,
    Constant,
    Expression,
    Variable,
    conjunction,
    disjunction,
    negation,
)
from worldkit.interop.stories.machine import Loss, VariableEffect
from worldkit.interop.stories.story_record import StoryRecord

_DIALECT = ExpressionDialect(r"context\.(?P<name>\w+)", {})
_ARROW = re.compile(r"\s*\(?\s*\{?\s*context\s*\}?\s*\)?\s*=>\s*")


class ActionReader:
    """Reads guards and actions.

    Args:
        context: The context of the config; its values are noted.
        record: What is noted of the config; more is added.
        state_id: Returns the id of the state that a guard names; None when there is none.
    """

    def __init__(self, context: Any, record: StoryRecord, state_id: Callable[[str], str | None]) -> None:
        self._record = record
        self._state_id = state_id
        self._assigned_names: set[str] = set()
        for name, value in context.items() if isinstance(context, dict) else ():
            if value is None or isinstance(value, (bool, int, float, str)):
                record.variables[name] = value
            else:
                record.losses.append(Loss("context", f"the variable {quote(name)}", "it holds more than one value"))
        self._context = dict(record.variables)

    def note_unassigned(self) -> None:
        """Note that what nothing in the file assigns is assigned by code that the file does not hold."""
        for name in self._context:
            if name not in self._assigned_names:
                self._record.unknown.setdefault(name, None)

    def guard(self, guard: Any) -> Expression:
        """Return the condition that a guard says; one that is not understood is not known."""
        if guard is None:
            return TRUE
        if isinstance(guard, str):
            return self._named_guard(guard)
        if isinstance(guard, dict):
            kind = str(guard.get("type", "")).removeprefix("xstate.")
            params = guard.get("params")
            inner = guard.get("guards", params.get("guards") if isinstance(params, dict) else None)
            if kind in ("and", "or") and isinstance(inner, list):
                parts = [self.guard(part) for part in inner]
                return conjunction(*parts) if kind == "and" else disjunction(*parts)
            if kind == "not" and ((isinstance(inner, list) and len(inner) == 1) or "guard" in guard):
                return negation(self.guard(inner[0] if isinstance(inner, list) else guard["guard"]))
            if kind == "stateIn":
                target = guard.get("stateValue") or (params.get("stateValue") if isinstance(params, dict) else params)
                id = self._state_id(target) if isinstance(target, str) else None
                if id is not None:
                    return Variable(STATE_TEST_PREFIX + id)
            if kind and not params and not inner:
                return self._named_guard(kind)
        return self._record.unknown_condition(quote(guard))

    def _named_guard(self, guard: str) -> Expression:
        """Return a guard by its name, if that is the name of a variable that is true or false, or by its code."""
        if isinstance(self._context.get(guard), bool):
            return Variable(guard)
        return self._record.condition(_ARROW.sub("", guard, count=1).rstrip("; "), _DIALECT)

    def effects(self, actions: Any, where: str) -> Iterable[VariableEffect]:
        """Yield what actions do to variables; others are listed."""
        for action in as_list(actions):
            kind = action.get("type") if isinstance(action, dict) else action
            assignment = None
            if isinstance(action, dict) and kind in ("assign", "xstate.assign"):
                assignment = action.get("assignment", action.get("params"))
            if not isinstance(assignment, dict):
                why = "the file does not hold its code; it is taken to change no variable"
                self._record.losses.append(Loss(where, f"the action {quote(kind)}", why))
                continue
            for name, value in assignment.items():
                self._assigned_names.add(name)
                expression = self._value(value)
                if expression is None:
                    self._record.make_unknown(name, f"the value {quote(value)}, which is not understood", where)
                else:
                    self._record.declare(name)
                    yield VariableEffect(name, expression, where=where)

    def _value(self, value: Any) -> Expression | None:
        if isinstance(value, str):
            try:
                return (
                    parse_expression(_ARROW.sub("", value, count=1), _DIALECT, is_value=True)
                    if "context" in value
                    else Constant(value)
                )
            except NotReadable:
                return None
        return Constant(value) if value is None or isinstance(value, (bool, int, float)) else None


def as_list(value: Any) -> list[Any]:
    """Return a list of values; one that stands alone is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
