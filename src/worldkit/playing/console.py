"""A console in the world: who it is, what it may say, and its answer (docs/spec/runtime.md#firing-in-this-order)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from worldkit.core.json_values import Json
from worldkit.core.model import Terminal
from worldkit.playing.moment import OpenConsole

NO_RECORD = "No record."


@dataclass(frozen=True, slots=True)
class Console:
    """A console that is open, as the player sees it.

    Attributes:
        name: The event that opened it.
        persona: Who it is.
        greeting: What it says first; empty when it says nothing.
        facts: What it may say now: the facts whose flags are all held. Others do not leave the world.
        log: What was said: who (``"you"`` or ``"console"``), and the text.

    Example:
        >>> lighthouse = wk.samples.load("lighthouse")
        >>> session = wk.Session(lighthouse).begin({"state": "kitchen"})
        >>> step = session.fire("crank_the_telephone")
        >>> session.terminal.greeting[:30]
        'Harbour exchange, Maud speakin'
    """

    name: str
    persona: str
    greeting: str
    facts: tuple[str, ...]
    log: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> Json:
        """Return the console as JSON values; of the facts only how many there are."""
        log = [{"who": who, "text": text} for who, text in self.log]
        return {
            "name": self.name,
            "persona": self.persona,
            "greeting": self.greeting,
            "log": log,
            "facts": len(self.facts),
        }


def console_view(open_console: OpenConsole, flags: Collection[str]) -> Console:
    """Return an open console as the player sees it while holding some flags."""
    terminal = open_console.action.console
    assert terminal is not None
    return Console(
        open_console.action.name,
        terminal.persona,
        terminal.greeting or "",
        allowed_facts(terminal, flags),
        open_console.log,
    )


def allowed_facts(terminal: Terminal, flags: Collection[str]) -> tuple[str, ...]:
    """Return the facts a console may say: those whose flags are all held."""
    return tuple(fact.text for fact in terminal.facts or () if all(flag in flags for flag in fact.requires or ()))


Voice = Callable[[Console, str], str]
"""Who speaks for a console: called with the console and the question, returns the answer."""


def plain_voice(open_console: Console, question: str) -> str:
    """Say everything the console may say, a fact a line, whatever the question; "No record." when there is nothing."""
    return "\n".join(open_console.facts) or NO_RECORD
