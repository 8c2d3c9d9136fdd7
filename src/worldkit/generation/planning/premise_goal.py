"""What is to be done in a premise: what must be, what calls for it by itself, what somebody does, what can be found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from worldkit.assessment.names import Premise
from worldkit.generation.planning.deeds import goal_of_deeds
from worldkit.generation.planning.goal import find_orders, goal_of_narration, goal_of_orders
from worldkit.generation.planning.goal_phrases import GoalContext, verb_phrase
from worldkit.generation.planning.senses import is_visible
from worldkit.generation.planning.situation import goal_of_situation
from worldkit.generation.planning.unexplained import goal_of_discovery, goal_of_strange_fact, goal_of_unknown_person
from worldkit.generation.text import word_sets

_PARTICLES = word_sets.word_set("premise", "particles")
FORBIDDEN = re.compile(
    r"\b(?:(?:must|may|shall|should) (?:not|never)|mustn't|(?:nobody|no one) (?:may|must|can|is to)"
    r"|(?:\A|(?<=[.!?] ))(?:don't|never)) [^.!?;,]*"
)
"""What is not to be done, which is nobody's task."""
_TOGETHER = re.compile(r" and (?:an?|the|his|her|their|its|my|our|your) (?:[a-z-]+ )?\Z")
"""What stands before somebody who is there from the start: a pirate and a parrot."""
_PREDICATE = re.compile(
    r"(?<!you )\b(?:is|are|was|were|becomes?|became|as)(?: (?:once|now|still|also))?"
    r" (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
    r"|\b(?:home|back|away) from (?:an?|the|his|her|their|its) (?:[a-z-]+ )?\Z"
)
"""What stands before a noun that says what somebody is (a mime is called as a witness), or where they come from."""


def goal_of_premise(text: str, premise_names: Premise, context: GoalContext, *, has_chief: bool) -> str:
    """Return what is to be done: what must be, before what somebody does, but after what calls for it by itself."""
    if find_orders(text):
        goal = goal_of_orders(text, context) or goal_of_deeds(context.others_deeds)
    else:
        goal = goal_of_situation(text, context) or goal_of_discovery(text, context)
        goal = goal or ("" if has_chief else goal_of_strange_fact(text, context))
    goal = goal or goal_of_narration(text, context) or _task(premise_names, context)
    return goal or goal_of_unknown_person(text, context)


def _task(premise_names: Premise, context: GoalContext) -> str:
    """Return the first task that has an object, as a verb phrase that stands by itself; empty for none."""
    others_verbs = [deed.at for deed in context.others_deeds]
    for task in premise_names.task:
        if task.start in others_verbs:
            continue
        words = task.phrase.split()[1:]
        particle = words[:1] if words and words[0] in _PARTICLES | {"for", "back"} else []
        is_name = bool(words) and words[len(particle) :] == task.object.split() and task.end <= len(premise_names.text)
        is_name = is_name and premise_names.text[task.end - len(task.object) :][:1].isupper()
        article = [] if is_name else ["the"]
        if task.object and (goal := verb_phrase(" ".join([task.lemma, *particle, *article, task.object]), context)):
            return goal
    return ""


def search_of(text: str, things: Iterable[str], companions: Sequence[str]) -> str:
    """Return the goal to find the first thing, else the first of the others, that a text names; empty for none.

    What somebody is or comes from is not to be found, nor who is there from the start.
    """
    for name in filter(is_visible, (*things, *companions)):
        mention = re.search(rf"\b{re.escape(name)}\b", text)
        if mention is None:
            continue
        text_before = text[: mention.start()]
        is_together = name in companions and _TOGETHER.search(text_before)
        if not (is_together or _PREDICATE.search(text_before)):
            return f"find the {name}"
    return ""
