"""From a plan to the strings it wants written, each with what a model is asked and what is said without one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from worldkit.core.progress import Address
from worldkit.generation.engines.base import seed_of
from worldkit.generation.planning.plan import Plan, PlanStep
from worldkit.generation.planning.roofs import is_roofed
from worldkit.generation.planning.sorts import is_alive
from worldkit.generation.planning.stock import Thing
from worldkit.generation.prose.place_fields import PlaceTexts
from worldkit.generation.prose.requests import Field, Question, Sight, Texts, Turns, said, stems
from worldkit.generation.prose.sights import hidden
from worldkit.generation.text import phrases
from worldkit.generation.text.english import capital, third, within
from worldkit.generation.text.word_sets import word_set
from worldkit.generation.tiny.finite_grammar import PACES

_VERBS_LEAVING_IN_PLACE = word_set("step_fields", "leaving_in_place")
"""Verbs after which their object is where it was: what is stolen or burned is not."""
_VERBS_DONE_TO_PLACES = word_set("step_fields", "done_to_places")


def wanted(plan: Plan, seed: int) -> list[Field]:
    """Return every string a plan wants, in world order; the seed decides which templates and verbs each gets."""
    dice = random.Random(seed_of("fields", plan.premise, seed, len(plan.places)))
    fields: list[Field] = []
    offered, turns = Counter[str](), Turns(plan)
    for number, place in enumerate(plan.places):
        fields += PlaceTexts(plan, place, dice, number, turns).fields()
    for step in plan.steps:
        fields += StepTexts(plan, step, dice, offered, turns).fields()
    return fields


class StepTexts(Texts):
    """The fields of a step; ``offered`` counts the manners that the world has had."""

    def __init__(self, plan: Plan, step: PlanStep, dice: random.Random, offered: Counter[str], turns: Turns) -> None:
        self.offered = offered
        super().__init__(plan, plan.place(step.to or step.at), dice, turns)
        self.step = step
        self.previous_things = plan.place(step.at).props
        self.words |= {"do": step.do, "does": third(step.do), "why": step.use}
        self.words["it"] = "them" if step.thing.many else "it"
        if step.kind in ("act", "ask", "deny") and self.things["a"].bare == step.thing.bare:
            # what is done is done to this: what is seen beside it is something else
            self.things |= {"a": self.things["b"], "b": self.things["a"]}
        if step.kind == "take":
            self.words["spot"] = hidden(plan, step.at, step.thing)
        if step.about:
            self.things |= {"p": step.thing, "t": step.about}
            told_place = plan.place(
                next(other.at for other in plan.steps if other.kind == "take" and other.thing == step.about)
            )
            self.words |= {"where": within(told_place.name), "Where": capital(within(told_place.name))}

    def fields(self) -> Iterator[Field]:
        """Yield every field of the step."""
        step = self.step
        thing = self._thing_in_view()
        # a garden that is restarted is the place itself, and nothing that stands there
        is_place = step.do.split()[0] in _VERBS_DONE_TO_PLACES and bool(said(step.do) & said(self.place.name))
        has_sight = step.kind not in ("take", "fall") and not (is_place and step.kind == "goal")
        sight = Sight(("state", self.place.id, "base"), thing) if has_sight else None
        stock = self.stock(phrases.table("shown").get(step.kind, "step"))
        yield Field(self._at("base"), stock, self._base(thing), sight)
        needs = frozenset(step.requires)
        tool = next((s.thing for s in self.plan.steps if not needs.isdisjoint(s.grants)), None) if needs else None
        if step.kind == "lock" and tool:
            self.things["b"] = tool
        if step.kind == "drop" and tool:
            self.words["do"] += f" with {tool.the}"
        family = phrases.table("told").get(step.kind)
        if step.kind == "act":
            family = "played_alive" if is_alive(step.thing) else phrases.played_family(step.do.split()[0])
        if family:
            question = self._aside() if step.kind == "way" else None
            yield Field(self._at("narration"), self.stock(family), question)

    def _at(self, name: str) -> Address:
        return ("event", self.step.name, name)

    def _fit(self, texts: Iterable[str]) -> list[str]:
        """Leave out also what names a place that the step names: "You go to the yard, and there is the yard"."""
        is_named = said(self.place.name) <= said(self.step.do)
        return [text for text in super()._fit(texts) if not (is_named and "{place}" in text)]

    def _base(self, thing: Thing) -> Question:
        """Return the question for what is seen to happen; what comes into view is not asked for."""
        step = self.step
        prefix = f"The {self.plan.who} {third(step.do)}"
        if step.kind == "take":
            text = f"The {self.plan.who} finds {step.thing.text} {within(self.place.name)}."
            frame = f" from {self.words['spot']}{{how}}."
            return self.question("take", text, prefix, frame, {"how": self._how(phrases.family("taking"))}, step.do)
        if step.kind == "fall":
            text = f"{prefix}. What is seen then?"
            choices = {"how": self._unsaid("falling"), "then": self._unsaid("dimming")}
            return self.question("step", text, prefix, "{how}. {then}.", choices, step.do)
        text = f"{prefix} and sees {thing.text}."
        if step.kind == "goal":  # what is done may be told in a whole clause: a model goes on behind it
            return self.question("step", text, prefix, ". {then}.", {"then": self._unsaid("winning")}, step.do)
        if step.kind in ("act", "ask", "deny"):
            manners = self._how(phrases.manners(step.do.split()[0]))
            return self.question("act", f"{prefix}.", prefix, "{how}.", {"how": manners}, step.do)
        tail = self._going() if step.kind in ("way", "drop") else "pace"
        return self.question("step", text, prefix, "{tail}.", {"pace": self._how(PACES)}, step.do, tail=tail)

    def _going(self) -> str:
        """Return how a sentence about the way goes on: nobody squeezes past the pipes past the lamp."""
        return "pace" if "past" in self.step.do.split() else "going"

    def _thing_in_view(self) -> Thing:
        """Return what is seen as it is done: what a goal is about if that is still there, else nothing it names."""
        if self.step.about:
            return self.step.thing
        words = said(self.step.do)
        things = [self.things[letter] for letter in "abc"]
        named_things = [thing for thing in things if not said(thing.bare).isdisjoint(words)]
        other_things = [thing for thing in things if thing not in named_things]
        if self.step.kind == "goal" and self.step.do.split()[0] in _VERBS_LEAVING_IN_PLACE:
            return [*named_things, *things][0]
        fit = other_things or things[:1]
        return self.question_dice.choice(fit[:2]) if self.step.kind in ("back", "act") else fit[0]

    def _unsaid(self, family: str) -> list[str]:
        """Draw three texts of a family that say no word of what is done again."""
        words = set(stems(self.step.do))
        fit = [text for text in self._fit(phrases.family(family)) if words.isdisjoint(stems(text))]
        return self.question_dice.sample(fit, 3)

    def _how(self, manners: Sequence[str]) -> list[str]:
        """Draw two ways to do it, offered seldom so far; shown more, a small model would always take the same."""
        fit = self._fit(manners)
        seldom_offered = sorted(self.question_dice.sample(fit, len(fit)), key=self.offered.__getitem__)[:2]
        self.offered.update(seldom_offered)
        return [f" {how.format(it=self.words['it'])}" for how in seldom_offered]

    def _aside(self) -> Question:
        """Return the question for what the player is told on the way."""
        do = self.step.do
        # from outside one does not see what stands inside
        has_view = is_roofed(self.plan.place(self.step.at), self.genre) is self.has_roof
        tail = "aside" if has_view and self._going() == "going" else self._going()
        text, prefix = f"You {do} to {self.place.the}.", f"You {do}"
        return self.question("aside", text, prefix, "{tail}.", {"pace": self._how(PACES)}, do, tail=tail)
