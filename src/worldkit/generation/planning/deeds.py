"""Who does what to what in a premise, read once: a storm cuts the power, a thief has taken the crown.

What somebody else does is not what the player has to do. It is what has happened, and often to be undone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worldkit.assessment.names import Clause, Premise
from worldkit.generation.planning.goal_words import MAX_GOAL_CHARACTERS, SUBJECT_PRONOUNS
from worldkit.generation.planning.people import is_animal
from worldkit.generation.planning.senses import means_somebody
from worldkit.generation.text.constraints import clean
from worldkit.generation.text.english import is_plural, the
from worldkit.generation.text.word_sets import word_map, word_set

REMEDY_OF_VERB = word_map("goal", "undoing")
"""What is to be done where somebody else has done something: what was taken is recovered."""
_CASUAL_VERBS = word_set("goal", "casual")
"""Verbs that do harm only to what is somebody's, or what everybody knows."""
DAMAGE_FORMS, HARM_FORMS, KILLING_FORMS = (word_set("goal", name) for name in ("damaged", "harmed", "killed"))
"""Words for what may be done: to a thing that can be mended, to one that cannot, to a person."""
_HARMFUL_FORMS = DAMAGE_FORMS | HARM_FORMS | KILLING_FORMS | word_set("goal", "stolen")
_ARTICLE = re.compile(r"\A(?:an?|the) ")
_UNKNOWN_DOERS = word_set("goal", "unknown_doers")


def deeds_of(premise_names: Premise) -> list[Clause]:
    """Return what is done to something, or has been."""
    clauses = premise_names.clauses
    return [clause for clause in clauses if clause.object and clause.kind in ("told", "background")]


def is_harmful(deed: Clause) -> bool:
    """Say whether others would undo a deed, or face whoever does it."""
    if deed.object is None or deed.is_unintended:
        return deed.object is not None
    # to break an egg is no harm, and who is locked in a shop is no door
    is_casual = deed.verb in _CASUAL_VERBS and deed.form not in _HARMFUL_FORMS
    if is_casual and (deed.is_passive or deed.object.article in ("", "a", "an")):
        return False
    return deed.verb in REMEDY_OF_VERB or deed.form in _HARMFUL_FORMS


def goal_of_deeds(deeds: Sequence[Clause]) -> str:
    """Return what is to be done about the first of these deeds that others would undo; empty where there is none.

    What was stolen is got back, what was broken is mended; of what was poisoned or burned by somebody unknown one finds
    out who did it, and of a murder what happened.
    """
    goals = map(_answer_to, deeds)
    return next((goal for goal in goals if goal and len(goal) <= MAX_GOAL_CHARACTERS and clean(goal)), "")


def _answer_to(deed: Clause) -> str:
    # they took the train: nobody says who
    actor = deed.subject.text if deed.subject and not deed.is_unintended else ""
    if deed.object is None or actor in SUBJECT_PRONOUNS | {"it", "you"} or not (deed.subject or deed.is_passive):
        return ""
    article = deed.object.article
    actor = "" if actor in _UNKNOWN_DOERS else actor
    # whose it is stays: the judge's tea
    noun = f"{_ARTICLE.sub('', article)} {deed.object.text}" if "'" in article else deed.object.text
    # who is named has no article: by accident one boards Apollo
    is_named = deed.is_unintended and not article and not is_plural(noun)
    it = noun if is_named else the(noun)
    if deed.is_unintended:
        return f"{REMEDY_OF_VERB.get(deed.verb, 'undo what happened to')} {it}"
    if deed.form in KILLING_FORMS:
        return f"face {the(actor)}" if actor else f"find out what happened to {it}"
    if not actor and deed.form in HARM_FORMS:
        return f"find out who {deed.form} {it}"
    if not is_harmful(deed):
        return ""
    remedy, noun = REMEDY_OF_VERB.get(deed.verb, "recover"), deed.object.text.split()[-1]
    is_person = means_somebody(noun) and not is_animal(noun)
    return f"{'rescue' if remedy == 'recover' and is_person else remedy} {it}"
