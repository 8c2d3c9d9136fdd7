"""What is to be done in a premise: what must be, what calls for it by itself, what somebody does, what can be found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from worldkit.assessment.names import Clause, Premise
from worldkit.assessment.premise import PREDICATE_OPENING
from worldkit.generation.planning.deeds import goal_of_deeds
from worldkit.generation.planning.goal_phrases import GoalContext, verb_phrase
from worldkit.generation.planning.goal_words import ABSENCE_WORD, RELATIVE_PRONOUNS, SEARCH_VERBS
from worldkit.generation.planning.senses import is_visible
from worldkit.generation.planning.stock import stock
from worldkit.generation.planning.unexplained import (
    goal_of_discovery,
    goal_of_situation,
    goal_of_strange_fact,
    goal_of_unknown,
)
from worldkit.generation.text.word_sets import word_map, word_set
from worldkit.language.tagging import tag

_COUNTERPART = word_map("goal", "counterpart")
"""What is to be done where a premise tells that somebody does something: what is forgotten is to be remembered."""
_STATE_ADJECTIVES = word_set("goal", "states")
_HABIT_VERBS = word_set("goal", "habits")
"""Verbs of what somebody does all the time, and never has done: to run a lighthouse."""
_WANTING_VERBS = ("want", "need")
_COMPANION_OPENING = re.compile(r" and (?:an?|the|his|her|their|its|my|our|your) (?:[a-z-]+ )?\Z")
"""What stands before somebody who is there from the start: a pirate and a parrot."""


def goal_of_premise(premise_names: Premise, context: GoalContext, *, has_chief: bool) -> str:
    """Return what is to be done: what must be, before what somebody does, but after what calls for it by itself."""
    text = premise_names.plain_story
    if orders := premise_names.orders:
        goal = _first_goal(orders, premise_names, context) or goal_of_deeds(context.others_deeds)
    else:
        goal = goal_of_situation(text, context) or goal_of_unknown(text, context) or goal_of_discovery(text, context)
    if not (goal or orders or has_chief):
        goal = goal_of_strange_fact(text, context)
    others_verbs = {deed.verb_start for deed in context.others_deeds}
    goal_verbs, task_starts = stock().goal_verbs | SEARCH_VERBS, {task.start for task in premise_names.task}
    others = [
        clause
        for clause in premise_names.clauses
        if clause.verb_start not in others_verbs
        and (clause.kind == "purpose" or (clause.kind == "told" and clause.verb not in _HABIT_VERBS))
        and (clause.verb in goal_verbs | _COUNTERPART.keys() or clause.verb_start in task_starts)
    ]
    # what somebody wants says most, what somebody goes somewhere for more than the going, a verb of goals than another
    others.sort(
        key=lambda clause: (clause.verb not in _WANTING_VERBS, clause.verb not in goal_verbs, clause.kind != "purpose")
    )
    return goal or _first_goal(others, premise_names, context)


def _first_goal(clauses: Iterable[Clause], premise_names: Premise, context: GoalContext) -> str:
    return next(filter(None, (verb_phrase(_task_text(clause, premise_names), context) for clause in clauses)), "")


def _task_text(clause: Clause, premise_names: Premise) -> str:
    """Return a text that begins with what a clause says is to be done, its verb in plain form."""
    text = premise_names.plain_story
    rest = text[clause.verb_end :]
    if not RELATIVE_PRONOUNS.isdisjoint(text[: clause.start].split()[-1:]):
        # a knight who must save the princess waits
        ends = [each.start for each in premise_names.clauses if each.start > clause.verb_end]
        verbs = (token.start for token in tag(text) if clause.object and token.start >= clause.object.end)
        rest = text[clause.verb_end : min([*ends, next(verbs, len(text))])]
    if clause.object and clause.is_passive:
        return f"{clause.verb} the {clause.object.text}{rest}"
    is_state_next = clause.object is not None or not _STATE_ADJECTIVES.isdisjoint(re.findall(r"[a-z-]+", rest)[:1])
    verb = "become" if clause.verb == "be" and clause.kind == "order" and is_state_next else clause.verb
    if clause.kind == "told" and verb in _COUNTERPART:
        verb = _COUNTERPART[verb]
        # the plan to kill the king is a plan
        rest = rest if " how to " in rest else rest.partition(" to ")[0]
        rest = rest if verb == "find" else re.sub(r"^ an? ", " the ", rest)
    return verb + rest


def search_of(premise_names: Premise, names: Iterable[str]) -> str:
    """Return the goal to find the first of these that a premise names; empty for none.

    What is stolen or lost comes first; what somebody is or comes from is not to be found, nor anything where a premise
    forbids something.
    """
    text = premise_names.plain_story
    if any(clause.kind == "forbidden" for clause in premise_names.clauses):
        return ""
    for name in sorted(filter(is_visible, names), key=lambda name: not ABSENCE_WORD.search(name)):
        mention = re.search(rf"\b{re.escape(name)}\b", text)
        text_before = text[: mention.start()] if mention else ""
        if mention and not (PREDICATE_OPENING.search(text_before) or _COMPANION_OPENING.search(text_before)):
            return f"find the {name}"
    return ""
