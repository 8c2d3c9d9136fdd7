"""What a premise names, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from worldkit.core.json_values import Json

Role = Literal["who", "where", "what", "task"]
ClauseKind = Literal["order", "forbidden", "purpose", "told"]
ROLES: tuple[Role, ...] = ("who", "where", "what", "task")


@dataclass(frozen=True, slots=True)
class Name:
    """Something that a premise names.

    Attributes:
        role: ``"who"`` for people and animals, ``"where"`` for places, ``"what"`` for things, ``"task"`` for what is to
            be done.
        phrase: As the premise has it, in small letters, without article: ``"department store"``. Of a task, the verb
            with its object: ``"find the queen"``.
        lemma: What it turns on: ``"department store"``, ``"chef"``; of a task, the verb.
        modifiers: The words before that: ``("rival",)``.
        senses: The numbers of the senses of the lexicon that fit the role, or, of somebody who is none otherwise, such
            as a memory, all; none when the word is unknown.
        count: How many there are: a number, 0 for a plural without one.
        start, end: Where it stands in the premise.
        object: Of a task, the phrase that names its object; else empty.
        is_chief: The protagonists, the chief place, the object of the task, the first task.
        is_told: Of a task, that the premise only tells that somebody does it, and not that somebody must or wants to.
        is_player: The premise calls its reader or its teller so: ``"ghost"``, of "You are a ghost".
    """

    role: Role
    phrase: str
    lemma: str
    modifiers: tuple[str, ...] = ()
    senses: frozenset[int] = frozenset()
    count: int = 1
    start: int = 0
    end: int = 0
    object: str = ""
    is_chief: bool = False
    is_told: bool = False
    is_player: bool = False

    def __repr__(self) -> str:
        return f"Name({self.phrase!r}, {self.role!r})"

    def to_dict(self) -> Json:
        """Return it as JSON values."""
        return {"role": self.role, "phrase": self.phrase, "start": self.start, "end": self.end, "chief": self.is_chief}


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb of what a premise wants done, or tells.

    Attributes:
        kind: ``"order"`` for what must or is wanted to be done, ``"forbidden"`` for what must not, ``"purpose"`` for
            what something is done for, and ``"told"`` for what a main clause says that somebody does.
        start: Where it begins in the premise: at "must", or at the verb itself.
        verb_start, verb_end: Where the verb stands.
        verb: The verb in plain form.
        object: What it is to be done to, where that stands before the verb: a letter must be delivered; else empty.
    """

    kind: ClauseKind
    start: int
    verb_start: int
    verb_end: int
    verb: str
    object: str = ""


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise and what it names, in its order.

    Attributes:
        text: The premise.
        names: What it names.
        story: What is read of it: the text with blanks for what only asks for a story and for what people are called.
            Every word keeps its place. Empty for another language than English.
        clauses: What it wants done, and what it tells.
    """

    text: str
    names: tuple[Name, ...]
    story: str = ""
    clauses: tuple[Clause, ...] = ()

    @property
    def plain_story(self) -> str:
        """The story in small letters and with straight apostrophes."""
        return self.story.lower().replace("’", "'")

    @property
    def orders(self) -> list[Clause]:
        """Where it says that something must be done."""
        return [clause for clause in self.clauses if clause.kind == "order"]

    def of(self, role: Role) -> tuple[Name, ...]:
        """Return what it names of one role, the chief ones first."""
        names = [name for name in self.names if name.role == role]
        return tuple(sorted(names, key=lambda name: not name.is_chief))

    @property
    def who(self) -> tuple[Name, ...]:
        """The people and animals, protagonists first."""
        return self.of("who")

    @property
    def where(self) -> tuple[Name, ...]:
        """The places, the chief one first."""
        return self.of("where")

    @property
    def what(self) -> tuple[Name, ...]:
        """The things, the object of the task first."""
        return self.of("what")

    @property
    def task(self) -> tuple[Name, ...]:
        """What is to be done."""
        return self.of("task")
