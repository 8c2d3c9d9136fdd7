"""What is to be done in a premise: verbs behind "must" or "wants to", else what its main clause does and what for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from worldkit.assessment.names import Name
from worldkit.language.lexicon import lexicon
from worldkit.language.phrases import NounPhrase
from worldkit.language.tagging import Token
from worldkit.language.word_sets import word_set

MOST = 3
"""Tasks of a premise that are taken."""


class Task(NamedTuple):
    """Something to be done: its verb in plain form, the particle behind it, its object, and where the verb stands."""

    verb: str
    particle: str
    object: NounPhrase | None
    at: int


def tasks_of(tokens: Sequence[Token], phrases: Sequence[NounPhrase]) -> Iterator[Task]:
    """Yield what is to be done: verb, particle, object; the goals first, else what the main clause does."""
    by_first = {phrase.first: phrase for phrase in phrases}
    goals: list[int] = []
    for at in range(len(tokens)):
        if _is_goal(tokens, at, goals):
            goals.append(at)
    if not goals:
        main_verbs = [at for at, token in enumerate(tokens) if token.tag in "VI" and _is_main(tokens, at)][:2]
        goals = sorted({*main_verbs, *(at for at in range(len(tokens)) if _is_purpose(tokens, at))})
    count = 0
    for at in goals:
        verb = next(iter(lexicon().lemmas(tokens[at].word, "v")), tokens[at].word)
        particle, next_position = "", at + 1
        if (
            next_position < len(tokens)
            and tokens[next_position].tag in "PR"
            and tokens[next_position].word in word_set("particles")
        ):
            particle, next_position = tokens[next_position].word, next_position + 1
        target = by_first.get(next_position)
        if verb in word_set("empty_verbs") or (verb in word_set("light") and target is None):
            continue
        yield Task(verb, particle, target, at)
        count += 1
        if count == MOST:
            return


def _is_goal(tokens: Sequence[Token], at: int, goals: Sequence[int]) -> bool:
    """Say whether a verb stands behind "must", "has to" or "wants to", or goes on from an earlier one that does."""
    if tokens[at].tag != "I":
        return False
    if at == 0 or tokens[at - 1].word in (".", "!", "?"):
        return True  # an order
    earlier_position = at - 1
    while earlier_position > 0 and tokens[earlier_position].tag == "R":
        earlier_position -= 1
    word = tokens[earlier_position].word
    is_behind_goal = word == "to" and tokens[earlier_position - 1].word in word_set("goals")
    if is_behind_goal or word in ("must", "should", "needs", "help", "helps"):
        return not (
            earlier_position > 0
            and (tokens[earlier_position - 1].tag == "W" or tokens[earlier_position - 1].word == "that")
        )
    if word in ("and", "or", ",", "then"):
        return bool(goals) and goals[-1] >= at - 9
    return False


def _is_purpose(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb says what something is done for: breaks in to return."""
    return at > 1 and tokens[at].tag == "I" and tokens[at - 1].word == "to" and tokens[at - 2].tag not in "XA"


def _is_main(tokens: Sequence[Token], at: int) -> bool:
    """Say whether a verb is that of the main clause: no relative or background clause opened before it."""
    for token in reversed(tokens[:at]):
        if token.tag == "S" and token.word != ",":
            return True
        if token.tag in "WT" or token.word in word_set("background") or token.word == "that":
            return False
    return True


def task_name(task: Task, tokens: Sequence[Token]) -> Name:
    """Return a task as a name."""
    verb, particle, target, at = task
    senses = lexicon().senses(verb, "v")
    highest_frequency = max((sense.frequency for sense in senses), default=0)
    words = [verb, particle, *([target.article, target.text] if target else [])]
    return Name(
        role="task",
        phrase=" ".join(word for word in words if word),
        lemma=verb,
        senses=frozenset(sense.id for sense in senses[:4] if sense.frequency * 5 >= highest_frequency),
        start=tokens[at].start,
        end=tokens[target.last].end if target else tokens[at].end,
        object=target.text if target else "",
        is_chief=True,
    )
