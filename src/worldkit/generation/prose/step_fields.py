"""The strings that a step wants."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from worldkit.core.progress import Address
from worldkit.generation.planning.nouns import is_roofed
from worldkit.generation.planning.plan import Plan, PlanStep
from worldkit.generation.planning.sorts import is_alive, sort_of
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose import phrases
from worldkit.generation.prose.requests import Field, Question, Texts, fronted, hidden, said, stems
from worldkit.generation.text.english import capital, third, within

FRONTED = 0.5
"""Which share of what comes into view is named behind where it is."""

SHOWN: Mapping[str, str] = {"take": "taken", "act": "done", "back": "return", "goal": "climax", "fall": "fallen"}
"""The family of what is said of a step without a model, by its kind; ``"step"`` of others."""
ON_ARRIVAL: Mapping[str, str] = {
    "way": "went",
    "drop": "left",
    "take": "gained",
    "goal": "won",
    "fall": "lost",
    "lock": "opened",
}
"""The family of what the player is told of a step, by its kind; of a small thing that is done, it hangs on the verb."""


class StepTexts(Texts):
    """The fields of a step.

    Args:
        plan: The plan.
        step: The step.
        dice: Decides which templates, things and verbs each field gets.
    """

    def __init__(self, plan: Plan, step: PlanStep, dice: random.Random, turn: int = 0) -> None:
        super().__init__(plan, plan.place(step.to or step.at), dice, turn)
        self.step = step
        self.previous_things = plan.place(step.at).props
        self.words |= {"do": step.do, "does": third(step.do), "why": step.hint}
        self.words["it"] = "them" if step.thing.many else "it"
        if step.kind == "act" and self.things["a"].bare == step.thing.bare:
            # what is done is done to this: what is seen beside it is something else
            self.things |= {"a": self.things["b"], "b": self.things["a"]}
        if step.kind == "take":
            self.words["spot"] = hidden(plan, step.at, step.thing)

    def fields(self) -> Iterator[Field]:
        """Yield every field of the step."""
        step = self.step
        yield Field(self.at("base"), self.stock(SHOWN.get(step.kind, "step")), self.base())
        tool = next((s.thing for s in self.plan.steps if set(s.grants) & set(step.requires)), None)
        if step.kind == "lock" and tool:
            self.things["b"] = tool
        if step.kind == "drop" and tool:
            self.words["do"] += f" with {tool.the}"
        if step.kind == "act" or step.kind in ON_ARRIVAL:
            request = self.aside() if step.kind == "way" else None
            family = self._played_family() if step.kind == "act" else ON_ARRIVAL[step.kind]
            yield Field(self.at("narration"), self.stock(family), request)

    def at(self, name: str) -> Address:
        """Return the address of one of the step's fields."""
        return ("event", self.step.name, name)

    def base(self) -> Question:
        """Return the question for what is seen to happen."""
        step, thing = self.step, self._thing_in_view()
        prefix = f"The {self.plan.who} {third(step.do)}"
        avoid = said(step.do, self.place.name)
        if step.kind == "take":
            text = f"The {self.plan.who} finds {step.thing.text} {within(self.place.name)}."
            frame = f" from {self.words['spot']}{{how}}."
            choices = {"how": self._how(phrases.family("taking"))}
            return Question("take", text, prefix, frame, choices, avoid, spot=self.spot())
        if step.kind == "fall":
            text = f"{prefix}. What is seen then?"
            choices = {"how": self._unsaid("falling"), "then": self._unsaid("dimming")}
            return Question("step", text, prefix, "{how}. {then}.", choices, avoid, spot=self.spot())
        # the rest of a long or composed phrase is left alone: what a model adds to it makes no sense of it
        first = "{how}" if step.kind == "act" else "{tail}" if step.kind in ("way", "drop", "lock") else ""
        before = bool(fronted(sort_of(thing).rests)) and self.dice.random() < FRONTED
        rest = f".{{front}} {{one}} {thing.text}." if before else f". {capital(thing.text)} {{one}}{{tail}}."
        sees = "" if step.kind == "act" else f" and sees {thing.text}"
        text = f"{prefix}{sees}."
        kind = "act" if step.kind == "act" else "step"
        manners = self._how(phrases.manners(step.do.split()[0]))
        return Question(
            kind,
            text,
            prefix,
            first + rest,
            {"one": self.verbs(thing, before=before), "how": manners},
            avoid | said(thing.text),
            tail="pace" if step.kind == "lock" else "going",
            spot=self.spot(),
        )

    def _thing_in_view(self) -> Thing:
        """Return what is seen as it is done: not what it is done with."""
        things = [self.things[letter] for letter in ("bca" if self.step.kind == "act" else "abc")]
        words = said(self.step.do)
        fit = [thing for thing in things if said(thing.bare).isdisjoint(words)] or things
        return self.dice.choice(fit[:2]) if self.step.kind == "back" else fit[0]

    def _played_family(self) -> str:
        return "played_alive" if is_alive(self.step.thing) else phrases.played_family(self.step.do.split()[0])

    def _unsaid(self, family: str) -> list[str]:
        """Draw three texts of a family that say no word of what is done again."""
        words = set(stems(self.step.do))
        fit = [text for text in phrases.family(family) if words.isdisjoint(stems(text)) and not self._is_unfit(text)]
        return self.dice.sample(fit, 3)

    def _how(self, manners: Sequence[str]) -> list[str]:
        """Draw ways to do it; shown more, a small model would always take the same."""
        fit = [how for how in manners if not self._is_unfit(how)]
        return [f" {how.format(it=self.words['it'])}" for how in self.dice.sample(fit, min(len(fit), 2))]

    def aside(self) -> Question:
        """Return the question for what the player is told on the way."""
        step = self.step
        avoid = said(step.do, self.place.name)
        text = f"You {step.do} to {self.place.the}."
        prefix = f"You {step.do}"
        # from outside one does not see what stands inside
        has_view = is_roofed(self.plan.place(step.at), self.genre) is self.has_roof
        tail = "aside" if has_view else "going"
        return Question("aside", text, prefix, "{tail}.", {}, avoid, tail=tail, spot=self.spot())
