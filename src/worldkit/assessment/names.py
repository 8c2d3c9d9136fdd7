"""What a premise names, and who does what in it, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from worldkit.core.json_values import Json

Role = Literal["who", "where", "what", "task"]
ClauseKind = Literal["order", "forbidden", "purpose", "told", "background"]
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
class ClausePart:
    """A noun phrase of a clause.

    Attributes:
        text: Its words in small letters, without article, and
        article: what it begins with: an article, a possessor or a number.
        start, end: Where its words stand in the premise.
    """

    text: str
    article: str
    start: int
    end: int

    def is_part_of(self, name: Name) -> bool:
        """Say whether it is what a premise names."""
        return self.start < name.end and name.start < self.end


@dataclass(frozen=True, slots=True)
class Clause:
    """A verb of a premise: who does what, or has to do it.

    Attributes:
        kind: ``"order"`` for what must or is wanted to be done, ``"forbidden"`` for what must not, ``"purpose"`` for
            what something is done for, ``"told"`` for what a main clause tells, and ``"background"`` for what has been
            done or is told beside it.
        start: Where it begins in the premise: at "must", or at the verb itself.
        verb_start, verb_end: Where the verb stands.
        verb: The verb in plain form, and
        form: as it stands there.
        subject: Who or what does it; None where nobody is named.
        object: What is done to what; None for nothing.
        is_passive: The object does not stand behind the verb: a letter must be delivered, the king wants it back.
        is_over: It has been done, and is not only being done.
        is_unintended: Whoever does it does not mean to.
    """

    kind: ClauseKind
    start: int
    verb_start: int
    verb_end: int
    verb: str
    form: str
    subject: ClausePart | None
    object: ClausePart | None
    is_passive: bool
    is_over: bool
    is_unintended: bool = False

    def is_by(self, name: Name | None) -> bool:
        """Say whether somebody whom the premise names does it."""
        return name is not None and self.subject is not None and self.subject.is_part_of(name)

    def is_done_to(self, name: Name) -> bool:
        """Say whether it is done to somebody whom the premise names."""
        return self.object is not None and self.object.is_part_of(name)


@dataclass(frozen=True, slots=True)
class Premise:
    """A premise and what it names, in its order.

    Attributes:
        text: The premise, as far as it is read: its plain text, with capitals as in a sentence.
        story: What is read of it: the text with blanks for what only asks for a story and for what people are called.
            Every word keeps its place. Empty for another language than English.
        clauses: Who does what in it, and what is to be done.
        corrections: Its misspelled words, each with what it is read as.
    """

    text: str
    names: tuple[Name, ...]
    story: str = ""
    clauses: tuple[Clause, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()

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
