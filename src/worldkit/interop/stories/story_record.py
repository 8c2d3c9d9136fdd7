"""What a reader notes while it reads a file: variables, what is not known of them, and what is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from worldkit.core.quoting import quote
from worldkit.interop.stories.conditions import ExpressionDialect, NotReadable, parse_expression
from worldkit.interop.stories.expressions import Expression, Variable, is_longer
from worldkit.interop.stories.machine import Loss, Machine, MachineNode, MachineTransition
from worldkit.interop.stories.operations import Value


@dataclass
class StoryRecord:
    """What is noted over all parts of a file.

    Attributes:
        unset: What a variable holds before anything is assigned to it.
        variables: The value of each variable at the start.
        unknown: Variables whose values cannot be followed.
        losses: What could not be expressed.
    """

    unset: Value = None
    variables: dict[str, Value] = field(default_factory=dict)
    unknown: dict[str, Loss | None] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)

    def condition(self, source: str, dialect: ExpressionDialect) -> Expression:
        """Return a condition that was read; one that cannot be read is a variable that is not known."""
        try:
            return parse_expression(source, dialect)
        except NotReadable:
            return self.unknown_condition(source)

    def unknown_condition(self, source: str) -> Expression:
        """Return what stands for a condition that cannot be read."""
        name = f"({' '.join(source.split())[:80]})"
        self.unknown.setdefault(name, None)
        return Variable(name)

    def bounded(self, condition: Expression) -> Expression:
        """Return a condition, or in the place of one that is too long a variable that is not known."""
        return self.long_condition() if is_longer(condition) else condition

    def long_condition(self) -> Expression:
        """Return what stands for a condition that is too long."""
        return self.unknown_condition("a long condition")

    def declare(self, name: str) -> None:
        """Note a variable to which something is assigned."""
        self.variables.setdefault(name, self.unset)

    def make_unknown(self, name: str, reason: str, where: str) -> None:
        """Note that the values of a variable cannot be followed."""
        self.declare(name)
        if self.unknown.get(name) is None:
            what = f"what the variable {quote(name)} decides"
            self.unknown[name] = Loss(where, what, f"it gets {reason}")

    def machine(
        self, name: str, start: str, nodes: Iterable[MachineNode], transitions: Iterable[MachineTransition]
    ) -> Machine:
        """Return the machine of what was read.

        Args:
            name: The title of the story.
            start: The node in which play begins.
        """
        return Machine(name, start, tuple(nodes), tuple(transitions), self.variables, self.unknown)
