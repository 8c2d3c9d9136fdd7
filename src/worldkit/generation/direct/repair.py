"""Repairs a text that a model could not put right: the sentence at fault is changed, the others stay."""

from __future__ import annotations

import re
from collections.abc import Container, Hashable
from functools import lru_cache

from worldkit.generation.direct.forbidden import repeats_question, without_idle_negations
from worldkit.generation.direct.judge import TextJudge
from worldkit.generation.direct.passages import LENGTHS, VISIBLE_FORMS, Passage
from worldkit.generation.direct.person import player_word
from worldkit.generation.direct.plan import WorldPlan
from worldkit.generation.direct.wording import normal_text, sentence, shorten, the, with_names_of_ids
from worldkit.generation.planning.chunking import sentences
from worldkit.generation.text.english import capital
from worldkit.ruleset.vocabulary import NEGATION

_LABEL = re.compile(
    r"\A(?:subtitle|narration|base|hint|camera|how it ends)"
    r"(?: (?:text|line|still|pan|\d+|\([^)]{0,30}\)|(?:of|for|at|in) [^:.]{1,30}))?: *",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\A[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3}: (?=[A-Z])")
"""The title again before a subtitle."""
_CLAUSE_BREAK = re.compile(r"(?:,|;|:| but| and| while| though| although| as if| yet)\s+")
_WITHOUT_PHRASE = re.compile(r",?\s+(?:without|with no|with nothing)\s+[^,.;!?]*", re.IGNORECASE)
_NO_LONGER = re.compile(r"\bno longer\s+", re.IGNORECASE)
_DOUBTS = re.compile(
    r"\b(?:can ?not|can't|could not|couldn't|does not|doesn't|do not|don't|is not|isn't)\b", re.IGNORECASE
)


def tidy_text(passage: Passage, text: str, plan: WorldPlan) -> str:
    """Return a text with the names of what it names by id; that of a picture says what is there without "no"."""
    names = {place.id: the(place.name) for place in plan.places} | {key: the(name) for key, name in plan.keys.items()}
    text = with_names_of_ids(_LABEL.sub("", text), names)
    if plan.is_weak and passage.form == "subtitle":
        text = _TITLE.sub("", text)
    return without_idle_negations(text) if passage.form in VISIBLE_FORMS else text


def repair_text(passage: Passage, text: str, plan: WorldPlan, judge: TextJudge) -> str:
    """Return a text that can stand, made of one that cannot; empty when nothing of it can be used."""
    if (
        not text
        or (plan.is_weak and repeats_question(text))
        or any("worked example" in fault for fault in judge.faults(passage, text))
    ):
        return ""
    new_text = tidy_text(passage, text, plan)
    if passage.form in VISIBLE_FORMS:
        new_text = _NO_LONGER.sub("", _WITHOUT_PHRASE.sub("", new_text))
    parts: list[str] = []
    for part in sentences(new_text):
        speaks_to_player = passage.form in VISIBLE_FORMS and player_word(part)
        if part in parts or speaks_to_player or part in judge.said:
            continue
        if _is_faulty(passage, part, plan.is_weak):
            part = _clean_clauses(passage, part, plan.is_weak)
        if part:
            parts.append(part)
    new_text = " ".join(parts)
    if missing_sentences := [passage.names[name] for name in passage.unnamed(new_text)]:
        if not new_text:
            return ""
        # the sentences that name it come first: one sees where one is before one sees more
        rest = [] if passage.form == "hint" else [new_text]
        new_text = " ".join(dict.fromkeys([*missing_sentences, *rest]))
    new_text = sentence(shorten(new_text.strip(), LENGTHS[passage.form][1]))
    return new_text if not judge.faults(passage, new_text) else ""


def without_cut_end(passage: Passage, text: str) -> str:
    """Return a text that was cut at the greatest length without what was cut; one that was not, as it is."""
    most = LENGTHS[passage.form][1]
    is_cut = most - 2 <= len(text) <= most + 1  # a full stop was put behind it; a longer one was not held to it
    return sentence(shorten(text, most - 3)) if is_cut else text


def without_repeats(text: str, said: Container[Hashable]) -> str:
    """Return a text without the sentences that another text of the place says already, as long as one is left."""
    new_parts = [part for part in sentences(text) if part not in said]
    return " ".join(new_parts) if new_parts else text


def without_example_clauses(text: str, examples: tuple[str, ...]) -> str:
    """Return a text without the short clauses behind a comma that it has from the worked example: coat dripping."""
    example_clauses = _short_clauses(examples)
    parts = []
    for part in sentences(text):
        first, *clauses = part.split(", ")
        own_clauses = [clause for clause in clauses if normal_text(clause) not in example_clauses]
        parts.append(part if own_clauses == clauses else sentence(", ".join([first, *own_clauses])))
    return " ".join(parts)


@lru_cache(maxsize=256)
def _short_clauses(texts: tuple[str, ...]) -> frozenset[str]:
    clauses = (normal_text(clause) for text in texts for part in sentences(text) for clause in part.split(", ")[1:])
    return frozenset(clause for clause in clauses if 2 <= len(clause.split()) <= 4)


def _is_faulty(passage: Passage, part: str, is_weak: bool) -> bool:
    """Say whether a part of a text tells what is absent, or what is at another place."""
    is_elsewhere = is_weak and bool(passage.other_place(part))
    return is_elsewhere or (passage.form in VISIBLE_FORMS and bool(NEGATION.words(part) or _DOUBTS.search(part)))


def _clean_clauses(passage: Passage, part: str, is_weak: bool) -> str:
    """Return the clauses of a sentence that say what is there, as a sentence; empty when too little is left."""
    clauses = [clause.strip() for clause in _CLAUSE_BREAK.split(part.rstrip(".!?"))]
    positive_clauses = [clause for clause in clauses if clause and not _is_faulty(passage, clause, is_weak)]
    if not positive_clauses or len(positive_clauses[0].split()) < 4:
        return ""
    return f"{capital(', '.join(positive_clauses))}."
